//! Pages to read: the full notice, the cookies, accessibility.

use axum::Json;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use serde::Deserialize;
use waarborg_domain::register::CookieClass;
use waarborg_usecase::versions;

use crate::cookie;
use crate::error::WebError;
use crate::page::accessibility as statement;
use crate::page::cookies::{self, CookieRow};
use crate::page::privacy as statement_of_privacy;
use crate::show;
use crate::visit::{Visit, html};

/// Which notice is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    at: String,
    #[serde(default)]
    residence: String,
    #[serde(default)]
    format: String,
}

/// The whole notice, for a day and a residence; to read, or for a machine.
pub(super) async fn privacy(
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let at = match asked.at.as_str() {
        "" => visit.desk.today(),
        at => at.parse().map_err(|_| WebError::Malformed)?,
    };
    let residence = Some(asked.residence.as_str()).filter(|residence| residence.len() == 2);
    let versions = versions::all(&visit.desk).await?;
    let register = show::notice::register_on(&visit, &versions, at);
    let notice = show::notice::whole(&visit, &register, at, residence);
    let mut response = match asked.format.as_str() {
        "json" => Json(notice.to_json()).into_response(),
        "md" => (
            [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
            notice.to_markdown(),
        )
            .into_response(),
        _ => html(statement_of_privacy::page(
            &visit.frame(),
            &show::notice::view(&visit, &register, &versions, &notice, residence),
        ))
        .into_response(),
    };
    let language = HeaderValue::from_static(notice.language);
    response
        .headers_mut()
        .insert(header::CONTENT_LANGUAGE, language);
    Ok(response)
}

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
