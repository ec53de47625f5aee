//! What our own script asks: previews, streamed answers, the list. Errors are RFC 9457.

use axum::Json;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use waarborg_domain::conversation::Conversation;
use waarborg_usecase::chat::{self, Asked, Sent};
use waarborg_usecase::guard;

use super::{chat as pages, stream};
use crate::app::App;
use crate::error::{WebError, problem_json};
use crate::form::Posted;
use crate::header;
use crate::show;
use crate::show::report::Struck;
use crate::visit::Visit;

/// A text to preview.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewAsked {
    text: String,
    #[serde(default)]
    exempt: Vec<Struck>,
    #[serde(default)]
    conversation: Option<String>,
    #[serde(default)]
    model: Option<String>,
}

/// What would happen to a text. Stores nothing, sends nothing.
pub(super) async fn preview(posted: Posted<PreviewAsked>) -> Result<Response, WebError> {
    let Posted {
        visit,
        document: asked,
    } = posted;
    pages::fits(&asked.text)?;
    let desk = &visit.desk;
    let conversation = match &asked.conversation {
        Some(id) => Some(pages::find(&visit, id).await?),
        None => None,
    };
    chat::may(desk, visit.person()?)?;
    let places = chat::places(desk, visit.visitor.as_ref());
    let first = places
        .iter()
        .find(|place| place.is_allowed())
        .map(|place| place.model.clone());
    let chosen = conversation
        .as_ref()
        .map(|conversation| conversation.model.clone())
        .or(asked.model);
    let model = chosen.or(first).ok_or(WebError::Away)?;
    let scope = conversation.map_or_else(
        || desk.ids.token().bytes().to_vec(),
        |conversation| conversation.id.0.as_bytes().to_vec(),
    );

    let report = guard::preview(
        desk,
        &guard::Asked {
            text: asked.text.clone(),
            model,
            surface: desk.surfaces.chat.clone(),
            waived: show::report::waived(&asked.exempt, std::iter::empty()),
            scope,
            language: visit.language(),
        },
    )?;
    Ok(Json(show::report::preview(&visit.words(), &asked.text, &report)).into_response())
}

/// A message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageAsked {
    text: String,
    #[serde(default)]
    exempt: Vec<Struck>,
    #[serde(default)]
    accept: Vec<String>,
    #[serde(default)]
    history: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    to_model: bool,
    /// Why a second person should agree, in one of the words that the refusal names.
    #[serde(default)]
    reason: String,
}

/// The first message of a conversation.
pub(super) async fn begin(posted: Posted<MessageAsked>) -> Result<Response, WebError> {
    let Posted { visit, document } = posted;
    let conversation = pages::open(&visit, &document.model, &document.history).await?;
    say(&visit, document, &conversation).await
}

/// A further message.
pub(super) async fn send(
    Path(id): Path<String>,
    posted: Posted<MessageAsked>,
) -> Result<Response, WebError> {
    let Posted { visit, document } = posted;
    let conversation = pages::find(&visit, &id).await?;
    say(&visit, document, &conversation).await
}

async fn say(
    visit: &Visit,
    message: MessageAsked,
    conversation: &Conversation,
) -> Result<Response, WebError> {
    if message.text.trim().is_empty() {
        return Err(WebError::Malformed);
    }
    pages::fits(&message.text)?;
    let asked = Asked {
        conversation: conversation.id,
        waived: show::report::waived(&message.exempt, message.accept.iter().map(String::as_str)),
        language: visit.language(),
        is_for_the_model: message.to_model,
        reason: show::report::reason(&message.reason),
        text: message.text.clone(),
    };
    let words = visit.words();
    let here = visit.frame().link(&format!("/chat/{}", conversation.id));
    let labels = show::chat::labels(visit, conversation);
    let place = json!({"conversation": conversation.id.to_string(), "url": here, "labels": labels});
    Ok(
        match chat::send(&visit.desk, visit.person()?, asked).await? {
            Sent::Answering { as_sent, turn, .. } => {
                let mut first = vec![("open", place)];
                if let Some(seen) = show::sides::both(&message.text, &as_sent) {
                    first.push(("seen", stream::sides(&seen)));
                }
                stream::answer(turn, words, &first)
            }
            Sent::Right(right) => {
                let card = show::chat::card(visit, right, &message.text);
                let choices = card.choices.iter().map(|choice| {
                    let weight = match choice.weight {
                        crate::page::message::Weight::Primary => "primary",
                        crate::page::message::Weight::Secondary => "secondary",
                        crate::page::message::Weight::Danger => "danger",
                    };
                    json!({"value": choice.value, "label": choice.label, "weight": weight})
                });
                let card = json!({
                    "title": card.title,
                    "paragraphs": card.paragraphs,
                    "links": card.links.iter().map(|(address, text)| json!({"href": visit.frame().link(address), "text": text})).collect::<Vec<_>>(),
                    "choices": choices.collect::<Vec<_>>(),
                });
                Json(json!({"open": place, "card": card})).into_response()
            }
            Sent::Refused { report, second } => {
                let places = chat::places_that_take(&visit.desk, visit.person()?, &report);
                let mut refusal =
                    show::report::refusal(&words, &report, &places, &conversation.model);
                if report.waits_for_second_person() {
                    show::second::add(visit, &mut refusal, second.as_ref());
                }
                let to_give = refusal.to_give.iter();
                let to_give = to_give.map(|(value, label)| json!({"value": value, "label": label}));
                problem_json(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    &json!({
                        "type": "urn:waarborg:refused",
                        "title": words.say("refused-title"),
                        "status": 422,
                        "reasons": refusal.reasons,
                        "ways_out": refusal.ways_out,
                        "warnings": refusal.warnings,
                        "to_give": to_give.collect::<Vec<_>>(),
                        "conversation": conversation.id.to_string(),
                    }),
                )
            }
            Sent::Unanswered(_) => problem_json(
                StatusCode::BAD_GATEWAY,
                &json!({
                    "type": "urn:waarborg:unanswered",
                    "title": words.say("refused-title"),
                    "status": 502,
                    "reasons": [words.say("stream-unanswered")],
                    "conversation": conversation.id.to_string(),
                }),
            ),
        },
    )
}

/// The person's conversations that are kept.
pub(super) async fn list(visit: Visit) -> Result<Response, WebError> {
    let listed = chat::list(&visit.desk, visit.person()?).await?;
    let lines = listed
        .iter()
        .map(|listed| show::chat::line(&visit, listed))
        .map(|line| json!({"id": line.id, "title": line.title, "day": line.day.to_string(), "day_words": visit.words().day(line.day)}));
    Ok(Json(Value::Array(lines.collect())).into_response())
}

/// Erases a conversation.
pub(super) async fn delete(
    State(app): State<App>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let (mut parts, _) = request.into_parts();
    let visit = Visit::from_request_parts(&mut parts, &app).await?;
    let token = parts
        .headers
        .get("x-form-token")
        .and_then(|value| value.to_str().ok());
    if !header::same_origin(&parts.headers) || !visit.is_own_form(token) {
        return Err(WebError::Forbidden);
    }
    let conversation = pages::find(&visit, &id).await?;
    chat::delete(&visit.desk, visit.person()?, conversation.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
