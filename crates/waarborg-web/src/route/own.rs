//! A person's own data: to see, to take along, to erase. Only those of their own session.

use axum::Json;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, header};
use waarborg_domain::cookies::{CHOICES_COOKIE, LANGUAGE_COOKIE};
use waarborg_domain::entry::Actor;
use waarborg_domain::rights::{Channel, Right, Stage};
use waarborg_usecase::door::VISIT_COOKIE;
use waarborg_usecase::requests::{self, Receive};
use waarborg_usecase::{chat, rights};

use super::notice::{self, WasSent};
use crate::cookie;
use crate::error::WebError;
use crate::form::Filled;
use crate::page::own;
use crate::show;
use crate::visit::{Visit, html};

/// All that is held of the person.
pub(super) async fn page(visit: Visit) -> Result<Response, WebError> {
    if visit.known().is_err() {
        return Ok(notice::first(&visit, WasSent::Nothing));
    }
    let access = rights::access(&visit.desk, visit.known()?).await?;
    Ok(html(own::page(
        &visit.frame(),
        &show::access::view(&visit, &access, None),
    ))
    .into_response())
}

/// The same as a file.
pub(super) async fn download(visit: Visit) -> Result<Response, WebError> {
    let access = rights::access(&visit.desk, visit.known()?).await?;
    let mut response = Json(show::access::json(&visit, &access)).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"mijn-gegevens.json\"");
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// The person says that what is kept of them is right.
pub(super) async fn is_right(filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    rights::confirm(&visit.desk, visit.known()?).await?;
    let page = visit.frame().link("/my-data");
    Ok(Redirect::to(&format!("{page}#right")).into_response())
}

/// Asks whether everything must really go.
pub(super) async fn confirm(visit: Visit) -> Result<Response, WebError> {
    if visit.known().is_err() {
        return Ok(notice::first(&visit, WasSent::Nothing));
    }
    let n_listed = chat::list(&visit.desk, visit.known()?).await?.len();
    Ok(html(own::erase(&visit.frame(), n_listed, &[])).into_response())
}

/// Erases all that is held of the person.
pub(super) async fn erase(filled: Filled) -> Result<Response, WebError> {
    if filled.fields.get("sure") != "yes" {
        return Err(WebError::Malformed);
    }
    erase_by_request(&filled.visit, Channel::Form).await
}

/// Receives a request for access and answers it at once.
pub(super) async fn access_by_request(
    visit: &Visit,
    channel: Channel,
) -> Result<Response, WebError> {
    let person = visit.known()?;
    let receipt =
        requests::receive_at_once(&visit.desk, person, asked(Right::Access, channel)).await?;
    let mut access = rights::access(&visit.desk, person).await?;
    requests::move_to(&visit.desk, Actor::House, &receipt.request, Stage::Answered).await?;
    // The page that the person reads now is the answer.
    for request in access
        .requests
        .iter_mut()
        .filter(|request| request.id == receipt.request.id)
    {
        request.stage = Stage::Answered;
    }
    let reference = Some(receipt.request.reference.as_str().to_owned());
    Ok(html(own::page(
        &visit.frame(),
        &show::access::view(visit, &access, reference),
    ))
    .into_response())
}

/// Receives a request for erasure and carries it out at once. The session ends with it.
pub(super) async fn erase_by_request(
    visit: &Visit,
    channel: Channel,
) -> Result<Response, WebError> {
    let person = visit.known()?;
    let receipt =
        requests::receive_at_once(&visit.desk, person, asked(Right::Erasure, channel)).await?;
    let erasure = rights::erase(&visit.desk, person, &receipt.request).await?;
    let n_records = usize::try_from(erasure.n_records).unwrap_or(usize::MAX);
    let stays = show::access::stays(visit, &erasure);
    let page = own::erased(
        &visit.frame(),
        n_records,
        &stays,
        Some((receipt.request.reference.as_str(), &receipt.secret.text())),
    );
    let mut response = html(page).into_response();
    if let Some(line) = cookie::clear(VISIT_COOKIE, visit.app.settings()) {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
    if visit.chosen.once.is_some() {
        // The proof of the choice is erased with the rest: it is asked again.
        for name in [CHOICES_COOKIE, LANGUAGE_COOKIE] {
            if let Some(line) = cookie::clear(name, visit.app.settings()) {
                response.headers_mut().append(header::SET_COOKIE, line);
            }
        }
    }
    Ok(response)
}

fn asked(right: Right, channel: Channel) -> Receive {
    Receive {
        right,
        channel,
        words: String::new(),
        reply_to: String::new(),
    }
}
