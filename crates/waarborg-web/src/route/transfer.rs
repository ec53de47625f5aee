//! Direct transfer to another controller (article 20(2)): the person makes a link, the other opens it.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use waarborg_domain::ids::Token;
use waarborg_domain::rights::{Channel, Reference};
use waarborg_usecase::requests;
use waarborg_usecase::transfers::{self, Given, Prepared};

use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::rights;
use crate::page::transfer::{self as page, PreparedView};
use crate::show;
use crate::visit::{Visit, html};

/// The longest name that is taken, in characters.
const LONGEST_NAME: usize = 200;

/// The person names who shall have what they provided.
pub(super) async fn prepare(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let to = named(fields.get("to"))?;
    let person = visit.known()?;
    let (_, prepared) = transfers::prepare(&visit.desk, person, to, Channel::Form).await?;
    Ok(shown(&visit, to, &prepared))
}

/// The same for what was granted on a request, for who has its code.
pub(super) async fn prepare_granted(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let to = named(fields.get("to"))?;
    let reference = Reference::parse(&reference)
        .map(|known| known.as_str().to_owned())
        .unwrap_or_default();
    let secret = Token::parse(fields.get("code").trim()).unwrap_or_else(|| Token::new([0; 32]));
    let Some(request) = requests::status(&visit.desk, &reference, &secret).await? else {
        let door = rights::status_door(&visit.frame(), &reference, true);
        return Ok(said(StatusCode::NOT_FOUND, door));
    };
    let prepared = transfers::prepare_granted(&visit.desk, &request, to).await?;
    let prepared = prepared.ok_or(WebError::Missing)?;
    Ok(shown(&visit, to, &prepared))
}

/// The page for the other controller. Programs that open links to look at them use nothing up.
pub(super) async fn door(visit: Visit, Path(link): Path<String>) -> Response {
    html(page::door(&visit.frame(), &link, false)).into_response()
}

/// The file, for who has the link and the code, once.
pub(super) async fn open(Path(link): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let token = Token::parse(&link).unwrap_or_else(|| Token::new([0; 32]));
    let opened = transfers::open(&visit.desk, &token, fields.get("code")).await?;
    let Some((request, given)) = opened else {
        let door = page::door(&visit.frame(), &link, true);
        return Ok(said(StatusCode::UNPROCESSABLE_ENTITY, door));
    };
    let document = match &given {
        Given::Provided(provided) => show::take::portable(&visit, provided),
        Given::Copy(copy) => show::take::copied(&visit, &request, copy),
    };
    let mut response = Json(document).into_response();
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"meegenomen.json\""),
    );
    Ok(response)
}

fn named(to: &str) -> Result<&str, WebError> {
    let to = to.trim();
    let is_name = !to.is_empty() && to.chars().count() <= LONGEST_NAME;
    is_name.then_some(to).ok_or(WebError::Malformed)
}

fn shown(visit: &Visit, to: &str, prepared: &Prepared) -> Response {
    let (first, last) = prepared.code.split_at_checked(4).unwrap_or_default();
    let view = PreparedView {
        to: to.to_owned(),
        link: format!("{}/transfer/{}", visit.base(), prepared.link.text()),
        code: format!("{first} {last}"),
        until: show::moment(&visit.desk, &visit.words(), prepared.until),
    };
    html(page::prepared(&visit.frame(), &view)).into_response()
}

fn said(status: StatusCode, page: maud::Markup) -> Response {
    let mut response = (status, html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}
