//! Signing off by the link in a mail: no login, no script, and never by opening a link alone.

use axum::Form;
use axum::extract::Path;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use waarborg_usecase::mail;

use crate::error::{Said, WebError};
use crate::page::mail::{Stopping, WaysView, stop};
use crate::show::{self, capital};
use crate::visit::{Visit, html};

/// The page with the buttons. Programs that open links to look at them change nothing by it.
pub(super) async fn page(visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
    asked(&visit, &code, false).await
}

async fn asked(visit: &Visit, code: &str, is_withdrawn: bool) -> Result<Response, WebError> {
    let Some(ways) = mail::ways_out(&visit.desk, code).await? else {
        return Ok(unknown(visit));
    };
    let words = visit.words();
    let consents: Vec<(String, String)> = ways
        .consents
        .into_iter()
        .map(|name| {
            let said = capital(&show::purpose(&visit.desk, &words, &name));
            (name, said)
        })
        .collect();
    let view = WaysView {
        code,
        may_stop: ways.may_stop,
        consents: &consents,
        is_withdrawn,
    };
    Ok(html(stop(&visit.frame(), Stopping::Asked(&view))).into_response())
}

/// Signs off, or takes one consent back: a button of the page, or of a program for mail that sends what RFC 8058 says.
/// Who has the code may; what else is sent with it, and from where, does not matter.
pub(super) async fn sign_off(
    visit: Visit,
    Path(code): Path<String>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, WebError> {
    let fields = fields.map(|Form(fields)| fields).unwrap_or_default();
    if let Some((_, purpose)) = fields.iter().find(|(name, _)| name == "consent") {
        let is_ours = mail::withdraw(&visit.desk, &code, purpose).await?;
        return asked(&visit, &code, is_ours).await;
    }
    if mail::stop(&visit.desk, &code).await? {
        return Ok(html(stop(&visit.frame(), Stopping::Done)).into_response());
    }
    Ok(unknown(&visit))
}

fn unknown(visit: &Visit) -> Response {
    let page = html(stop(&visit.frame(), Stopping::Unknown));
    let mut response = (StatusCode::NOT_FOUND, page).into_response();
    response.extensions_mut().insert(Said);
    response
}
