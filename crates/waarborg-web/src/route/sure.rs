//! A code by mail, and the link in a mail that says that an answer is there.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use waarborg_domain::ids::Token;
use waarborg_domain::rights::Reference;
use waarborg_usecase::{answers, requests, sureness};

use super::rights as own;
use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::rights;
use crate::page::sure::{self as page, Confirming, Opening};
use crate::visit::{Visit, html};

/// Has a code mailed to the address of a request, for who has the request's code.
pub(super) async fn ask(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let reference = readable(&reference);
    let secret = Token::parse(fields.get("code").trim()).unwrap_or_else(|| Token::new([0; 32]));
    let Some(request) = requests::status(&visit.desk, &reference, &secret).await? else {
        let door = rights::status_door(&visit.frame(), &reference, true);
        return Ok(said(StatusCode::NOT_FOUND, door));
    };
    sureness::answer_by_mail(&visit.desk, &request, visit.language()).await?;
    let page = page::confirm(&visit.frame(), &reference, Confirming::Sent);
    Ok(html(page).into_response())
}

/// Asks for the code that was mailed; the same page for every number.
pub(super) async fn door(
    visit: Visit,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    if !sureness::is_offered(&visit.desk) {
        return Err(WebError::Missing);
    }
    let page = page::confirm(&visit.frame(), &readable(&reference), Confirming::Asked);
    Ok(html(page).into_response())
}

/// Takes the code that was mailed.
pub(super) async fn confirm(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    if !sureness::is_offered(&visit.desk) {
        return Err(WebError::Missing);
    }
    let reference = readable(&reference);
    let typed = fields.get("mailed");
    let by = (None, visit.language());
    let is_right = sureness::confirm(&visit.desk, &reference, typed, by).await?;
    if is_right {
        let page = page::confirm(&visit.frame(), &reference, Confirming::Right);
        return Ok(html(page).into_response());
    }
    let page = page::confirm(&visit.frame(), &reference, Confirming::Wrong);
    Ok(said(StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// The page with the button. Programs that open links to look at them use nothing up.
pub(super) async fn link(visit: Visit, Path(link): Path<String>) -> Response {
    html(page::answer(&visit.frame(), Opening::Asked(&link))).into_response()
}

/// Opens the answer, once.
pub(super) async fn open(Path(link): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    let link = Token::parse(&link).unwrap_or_else(|| Token::new([0; 32]));
    if let Some((request, reading)) = answers::open(&visit.desk, &link).await? {
        return own::shown(&visit, request, &reading).await;
    }
    let page = page::answer(&visit.frame(), Opening::Used);
    Ok(said(StatusCode::NOT_FOUND, page))
}

fn readable(reference: &str) -> String {
    Reference::parse(reference)
        .map(|known| known.as_str().to_owned())
        .unwrap_or_default()
}

fn said(status: StatusCode, page: maud::Markup) -> Response {
    let mut response = (status, html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}
