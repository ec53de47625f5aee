//! Signing off by the link in a mail: no login, no script, and never by opening a link alone.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use waarborg_usecase::mail::{self, StopCode};

use crate::error::{Said, WebError};
use crate::page::mail::{Stopping, stop};
use crate::visit::{Visit, html};

/// The page with the button. Programs that open links to look at them change nothing by it.
pub(super) async fn page(visit: Visit, Path(code): Path<String>) -> Response {
    match StopCode::read(&visit.desk, &code) {
        Some(_) => html(stop(&visit.frame(), Stopping::Asked(&code))).into_response(),
        None => unknown(&visit),
    }
}

/// Signs off: the button of the page, or of a program for mail that sends what RFC 8058 says. Who has the code may; what
/// else is sent with it, and from where, does not matter.
pub(super) async fn sign_off(visit: Visit, Path(code): Path<String>) -> Result<Response, WebError> {
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
