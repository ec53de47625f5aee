//! What a person takes along, and what they stop: each at once, by themselves.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use waarborg_domain::ids::{RecordId, Token};
use waarborg_domain::rights::{Channel, Reference, Request};
use waarborg_usecase::messages::{self, MessageError};
use waarborg_usecase::{casework, disputes, exports, requests, stops};

use super::notice::{self, WasSent};
use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::{rights, take as page};
use crate::show;
use crate::visit::{Visit, html};

/// The longest address that is taken, in characters.
const LONGEST_ADDRESS: usize = 200;

/// The conversations that were kept, to read.
pub(super) async fn conversations(visit: Visit) -> Result<Response, WebError> {
    let conversed = exports::conversations(&visit.desk, visit.known()?).await?;
    let text = show::take::conversations(&visit, &conversed);
    Ok(file(
        text.into_response(),
        "text/markdown; charset=utf-8",
        "attachment; filename=\"gesprekken.md\"",
    ))
}

/// What the person provided, for a program (article 20).
pub(super) async fn portable_json(visit: Visit) -> Result<Response, WebError> {
    let provided = exports::portable(&visit.desk, visit.known()?).await?;
    let document = Json(show::take::portable(&visit, &provided)).into_response();
    Ok(file(
        document,
        "application/json",
        "attachment; filename=\"meenemen.json\"",
    ))
}

/// The same as a table.
pub(super) async fn portable_csv(visit: Visit) -> Result<Response, WebError> {
    let provided = exports::portable(&visit.desk, visit.known()?).await?;
    let table = show::take::portable_table(&provided).into_response();
    Ok(file(
        table,
        "text/csv; charset=utf-8",
        "attachment; filename=\"meenemen.csv\"",
    ))
}

/// The person stops the use of their data.
pub(super) async fn restrict(filled: Filled) -> Result<Response, WebError> {
    restrict_by_request(&filled.visit, Channel::Form).await
}

/// The same from the conversation.
pub(super) async fn restrict_by_request(
    visit: &Visit,
    channel: Channel,
) -> Result<Response, WebError> {
    let receipt = stops::restrict(&visit.desk, visit.known()?, channel).await?;
    let view = super::rights::receipt_view(visit, &receipt);
    Ok(html(page::stopped(&visit.frame(), &view)).into_response())
}

/// The person says that something is not right: it is not used until somebody has looked.
pub(super) async fn dispute(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let record = fields
        .get("record")
        .parse()
        .map_err(|_| WebError::Malformed)?;
    let words = fields.get("words").trim().to_owned();
    let person = visit.known()?;
    let receipt =
        disputes::dispute(&visit.desk, person, RecordId(record), words, Channel::Form).await?;
    let view = super::rights::receipt_view(&visit, &receipt);
    Ok(html(page::disputed(&visit.frame(), &view)).into_response())
}

/// The person lets their data be used again.
pub(super) async fn resume(filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    stops::resume(&visit.desk, visit.known()?).await?;
    Ok(Redirect::to(&visit.frame().link("/")).into_response())
}

/// What can be objected to.
pub(super) async fn objections(visit: Visit) -> Result<Response, WebError> {
    if visit.known().is_err() {
        return Ok(notice::first(&visit, WasSent::Nothing));
    }
    let lines = show::take::objections(&visit, visit.known()?);
    Ok(html(page::objections(&visit.frame(), &lines)).into_response())
}

/// The person objects; it stops before they read so.
pub(super) async fn object(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let chosen: Vec<&str> = fields.all("purpose").collect();
    if chosen.is_empty() {
        return Err(WebError::Malformed);
    }
    object_by_request(&visit, &chosen, Channel::Form).await
}

/// The same from the conversation: to what the conversation is for.
pub(super) async fn object_by_request(
    visit: &Visit,
    purposes: &[&str],
    channel: Channel,
) -> Result<Response, WebError> {
    let receipt = stops::object(&visit.desk, visit.known()?, purposes, channel).await?;
    let view = super::rights::receipt_view(visit, &receipt);
    Ok(html(page::objected(&visit.frame(), &view)).into_response())
}

/// The form to stop advertising to an address. Who asks is not asked.
pub(super) async fn no_mail(visit: Visit) -> Response {
    html(page::no_mail(&visit.frame(), None)).into_response()
}

/// Stops advertising to an address; the answer does not say whether we knew it.
pub(super) async fn stop_mail(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let address = fields.get("address");
    let is_short = address.chars().count() <= LONGEST_ADDRESS;
    let stopped = if is_short {
        messages::stop(&visit.desk, address).await
    } else {
        Err(MessageError::NoAddress)
    };
    match stopped {
        Ok(()) => Ok(html(page::no_mail(&visit.frame(), Some(true))).into_response()),
        Err(MessageError::Store(store)) => Err(store.into()),
        Err(MessageError::NoAddress | MessageError::NoMarketing) => {
            let form = html(page::no_mail(&visit.frame(), Some(false)));
            let mut response = (StatusCode::UNPROCESSABLE_ENTITY, form).into_response();
            response.extensions_mut().insert(Said);
            Ok(response)
        }
    }
}

/// The copy that was granted on a request, for who has its code.
pub(super) async fn copy(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let request = match opened(&visit, &reference, fields.get("code")).await? {
        Ok(request) => request,
        Err(door) => return Ok(door),
    };
    let copy = casework::copy(&visit.desk, &request).await?;
    let copy = copy.ok_or(WebError::Missing)?;
    if fields.get("form") == "csv" {
        let table = show::take::copied_table(&copy).into_response();
        let name = "attachment; filename=\"kopie.csv\"";
        return Ok(file(table, "text/csv; charset=utf-8", name));
    }
    let document = Json(show::take::copied(&visit, &request, &copy)).into_response();
    let name = "attachment; filename=\"kopie.json\"";
    Ok(file(document, "application/json", name))
}

/// The signed certificate of an erasure, for who has the code of its request.
pub(super) async fn certificate(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let request = match opened(&visit, &reference, fields.get("code")).await? {
        Ok(request) => request,
        Err(door) => return Ok(door),
    };
    let notes = casework::certificates(&visit.desk, &request).await?;
    let note = notes.into_iter().next_back().ok_or(WebError::Missing)?;
    let name = "attachment; filename=\"bewijs-van-wissen.txt\"";
    Ok(file(
        note.into_response(),
        "text/plain; charset=utf-8",
        name,
    ))
}

/// The request that a reference and a code open together; else the door, the same for every number.
async fn opened(
    visit: &Visit,
    reference: &str,
    code: &str,
) -> Result<Result<Request, Response>, WebError> {
    let reference = Reference::parse(reference)
        .map(|known| known.as_str().to_owned())
        .unwrap_or_default();
    let secret = Token::parse(code.trim()).unwrap_or_else(|| Token::new([0; 32]));
    let found = requests::status(&visit.desk, &reference, &secret).await?;
    Ok(found.ok_or_else(|| {
        let door = html(rights::status_door(&visit.frame(), &reference, true));
        let mut response = (StatusCode::NOT_FOUND, door).into_response();
        response.extensions_mut().insert(Said);
        response
    }))
}

fn file(mut response: Response, kind: &'static str, name: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    response
}
