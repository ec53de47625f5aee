//! Pages to read: the full notice, the cookies, accessibility.

use axum::response::{IntoResponse, Response};
use waarborg_domain::register::CookieClass;

use crate::cookie;
use crate::page::accessibility as statement;
use crate::page::cookies::{self, CookieRow};
use crate::show;
use crate::visit::{Visit, html};

/// Every cookie, as the register declares it and the program sets it.
pub(super) async fn cookies(visit: Visit) -> Response {
    let words = visit.words();
    let rows: Vec<CookieRow> = visit
        .desk
        .register
        .cookies()
        .iter()
        .map(|declared| CookieRow {
            name: cookie::name(&declared.name, visit.app.settings()),
            aim: declared
                .label
                .in_language(words.tongue().code())
                .unwrap_or_default()
                .to_owned(),
            provider: visit.desk.register.head().name.clone(),
            lifetime: (!declared.max_age.is_none()).then(|| show::period(&words, declared.max_age)),
            category: words.say(match declared.class {
                CookieClass::Necessary => "cookie-necessary",
                CookieClass::Functional => "cookie-functional",
                CookieClass::Performance => "cookie-performance",
                CookieClass::Advertising => "cookie-advertising",
            }),
        })
        .collect();
    html(cookies::page(&visit.frame(), &rows)).into_response()
}

/// The statement on accessibility.
pub(super) async fn accessibility(visit: Visit) -> Response {
    html(statement::page(&visit.frame())).into_response()
}
