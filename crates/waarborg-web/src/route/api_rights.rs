//! Requests about rights by a program, for anybody: with a session about that session, without one about whoever writes.

use axum::Json;
use axum::extract::{FromRequest as _, FromRequestParts as _, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use waarborg_domain::mail::MailAddress;
use waarborg_domain::rights::{Channel, Right};
use waarborg_usecase::requests::{self, Receive};
use waarborg_usecase::sureness;

use crate::app::App;
use crate::error::{WebError, problem_json};
use crate::header;
use crate::show;
use crate::visit::Visit;

/// The longest text and address that are taken, in characters, as on the page.
const LONGEST_WORDS: usize = 4_000;
const LONGEST_ADDRESS: usize = 200;

/// A request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RightAsked {
    right: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    reply_to: String,
    #[serde(default)]
    by_mail: bool,
    #[serde(default)]
    countries: Vec<String>,
}

/// Its fields, for a program that sent something else.
const FIELDS: [&str; 5] = ["right", "words", "reply_to", "by_mail", "countries"];

/// What a program reads whose document is no request: which fields one has, and where they are described.
fn unreadable(visit: &Visit) -> Response {
    let (words, status) = (visit.words(), StatusCode::BAD_REQUEST);
    let body = json!({
        "type": "urn:waarborg:unreadable-request", "title": words.say("form-faults"), "status": status.as_u16(),
        "detail": words.say("request-unreadable"), "fields": FIELDS, "described": "/openapi.json",
    });
    problem_json(status, &body)
}

/// Receives a request. It needs no account; whoever carries the token of their session asks about that session.
pub(super) async fn receive(
    State(app): State<App>,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &app).await?;
    let token = parts
        .headers
        .get("x-form-token")
        .and_then(|value| value.to_str().ok());
    let is_own = token.is_some() && header::same_origin(&parts.headers) && visit.is_own_form(token);
    let asked = Json::<RightAsked>::from_request(Request::from_parts(parts, body), &app).await;
    let asked = match asked {
        Ok(Json(asked)) => asked,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return Err(WebError::TooLarge);
        }
        Err(_) => return Ok(unreadable(&visit)),
    };
    let is_short = asked.words.chars().count() <= LONGEST_WORDS
        && asked.reply_to.chars().count() <= LONGEST_ADDRESS;
    let is_readable = !asked.by_mail || MailAddress::parse(asked.reply_to.trim()).is_some();
    let Some(right) = Right::parse(&asked.right).filter(|_| is_short && is_readable) else {
        let rights: Vec<&str> = Right::ALL.iter().map(|right| right.name()).collect();
        return Ok(problem_json(
            StatusCode::UNPROCESSABLE_ENTITY,
            &json!({
                "type": "urn:waarborg:unreadable-request", "title": visit.words().say("form-faults"), "status": 422,
                "rights": rights, "longest_words": LONGEST_WORDS, "longest_reply_to": LONGEST_ADDRESS,
            }),
        ));
    };
    let visitor = visit.visitor.as_ref().filter(|_| is_own);
    let incoming = Receive {
        right,
        channel: Channel::Api,
        words: asked.words,
        reply_to: asked.reply_to.trim().to_owned(),
    };
    let receipt = requests::receive(&visit.desk, visitor, incoming).await?;
    let countries: Vec<&str> = asked.countries.iter().map(String::as_str).collect();
    requests::note_countries(&visit.desk, &receipt.request, &countries).await?;
    if asked.by_mail {
        sureness::answer_by_mail(&visit.desk, &receipt.request, visit.language()).await?;
    }
    let request = &receipt.request;
    let document = json!({
        "reference": request.reference.as_str(),
        "code": receipt.secret.text(),
        "right": request.right.name(),
        "received": show::day(&visit.desk, request.received_at).to_string(),
        "aim": request.due.aim.to_string(),
        "latest": request.due.latest.to_string(),
        "status": format!("/rights/{}", request.reference),
        "asked_before": receipt.is_second,
    });
    Ok((StatusCode::CREATED, Json(document)).into_response())
}
