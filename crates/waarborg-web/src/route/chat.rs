//! The chat page by page: every form works without a script.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use uuid::Uuid;
use waarborg_domain::conversation::{Conversation, History};
use waarborg_domain::ids::ObjectId;
use waarborg_domain::rights::{Channel, Right};
use waarborg_usecase::chat::{self, Asked, ChatError, Sent};
use waarborg_usecase::requests::{self, Receive};

use super::notice::{self, WasSent};
use super::{own, stream, take};
use crate::error::{Said, WebError};
use crate::form::{Fields, Filled};
use crate::page::chat as page;
use crate::page::chat::Refusal;
use crate::page::rights;
use crate::show;
use crate::show::chat::Extra;
use crate::visit::{Visit, html};

/// A new conversation, or the notice first.
pub(super) async fn start(visit: Visit) -> Result<Response, WebError> {
    if visit.person().is_err() {
        return Ok(notice::first(&visit, WasSent::Nothing));
    }
    if let Some(stopped) = stopped(&visit) {
        return Ok(stopped);
    }
    let view = show::chat::view(&visit, None, Extra::default()).await?;
    Ok(html(page::page(&visit.frame(), &view)).into_response())
}

/// The page that stands in the place of the chat for who stopped the use of their data.
fn stopped(visit: &Visit) -> Option<Response> {
    let person = &visit.visitor.as_ref()?.person;
    let chat = &visit.desk.surfaces.chat.purpose;
    let is_objected = person.objections.contains(chat);
    let lead = if person.is_restricted {
        "stopped-lead"
    } else {
        "objected-stopped"
    };
    (person.is_restricted || is_objected).then(|| {
        let page = crate::page::take::is_stopped(&visit.frame(), lead, person.is_restricted);
        html(page).into_response()
    })
}

/// A conversation.
pub(super) async fn read(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    if visit.person().is_err() {
        return Ok(notice::first(&visit, WasSent::Nothing));
    }
    if let Some(stopped) = stopped(&visit) {
        return Ok(stopped);
    }
    let conversation = find(&visit, &id).await?;
    let view = show::chat::view(&visit, Some(&conversation), Extra::default()).await?;
    Ok(html(page::page(&visit.frame(), &view)).into_response())
}

/// The first message of a conversation.
pub(super) async fn begin(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    if visit.person().is_err() {
        return Ok(notice::first(&visit, WasSent::Something));
    }
    let conversation = open(&visit, fields.get("model"), fields.get("history")).await?;
    say(visit, fields, conversation).await
}

/// A further message.
pub(super) async fn send(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    if visit.person().is_err() {
        return Ok(notice::first(&visit, WasSent::Something));
    }
    let conversation = find(&visit, &id).await?;
    say(visit, fields, conversation).await
}

/// A button of the card about rights.
pub(super) async fn step(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let conversation = find(&visit, &id).await?;
    match fields.get("choice") {
        "to-model" => say(visit, fields, conversation).await,
        "access" => own::access_by_request(&visit, Channel::Conversation).await,
        "erase" => own::erase_by_request(&visit, Channel::Conversation).await,
        "restriction" => take::restrict_by_request(&visit, Channel::Conversation).await,
        "objection" => {
            let purpose = visit.desk.surfaces.chat.purpose.clone();
            take::object_by_request(&visit, &[&purpose], Channel::Conversation).await
        }
        other => {
            let right = Right::parse(other).ok_or(WebError::Malformed)?;
            let asked = Receive {
                right,
                channel: Channel::Conversation,
                words: String::new(),
                reply_to: String::new(),
            };
            let receipt = requests::receive(&visit.desk, Some(visit.person()?), asked).await?;
            let view = super::rights::receipt_view(&visit, &receipt);
            Ok(html(rights::receipt(&visit.frame(), &view)).into_response())
        }
    }
}

/// Erases a conversation.
pub(super) async fn delete(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    let conversation = find(&visit, &id).await?;
    chat::delete(&visit.desk, visit.person()?, conversation.id).await?;
    Ok(Redirect::to(&visit.frame().link("/")).into_response())
}

/// Sends the text of a form, and shows the whole answer when it is there.
async fn say(
    visit: Visit,
    fields: Fields,
    conversation: Conversation,
) -> Result<Response, WebError> {
    let text = fields.get("text").to_owned();
    fits(&text)?;
    let accepted = fields
        .all("accept")
        .flat_map(|accepted| accepted.split(','));
    let asked = Asked {
        conversation: conversation.id,
        waived: show::report::waived(&[], accepted),
        language: visit.language(),
        is_for_the_model: fields.get("choice") == "to-model",
        reason: show::report::reason(fields.get("reason")),
        text: text.clone(),
    };
    let here = visit.frame().link(&format!("/chat/{}", conversation.id));
    let (status, extra) = match chat::send(&visit.desk, visit.person()?, asked).await? {
        Sent::Answering { turn, .. } => {
            stream::to_the_end(turn).await;
            return Ok(Redirect::to(&here).into_response());
        }
        Sent::Right(right) => {
            let card = show::chat::card(&visit, right, &text);
            (
                StatusCode::OK,
                Extra {
                    card: Some(card),
                    ..Extra::default()
                },
            )
        }
        Sent::Refused { report, second } => {
            let places = chat::places_that_take(&visit.desk, visit.person()?, &report);
            let mut refusal =
                show::report::refusal(&visit.words(), &report, &places, &conversation.model);
            if report.waits_for_second_person() {
                show::second::add(&visit, &mut refusal, second.as_ref());
            }
            (
                StatusCode::UNPROCESSABLE_ENTITY,
                Extra {
                    draft: text,
                    refusal: Some(refusal),
                    ..Extra::default()
                },
            )
        }
        Sent::Unanswered(_) => {
            let words = visit.words();
            let refusal = Refusal {
                reasons: vec![words.say("stream-unanswered")],
                ways_out: Vec::new(),
                warnings: Vec::new(),
                to_give: Vec::new(),
            };
            (
                StatusCode::BAD_GATEWAY,
                Extra {
                    refusal: Some(refusal),
                    ..Extra::default()
                },
            )
        }
    };
    let view = show::chat::view(&visit, Some(&conversation), extra).await?;
    let mut response = (status, html(page::page(&visit.frame(), &view))).into_response();
    response.extensions_mut().insert(Said);
    Ok(response)
}

/// Is a text short enough to be looked at while others wait?
///
/// # Errors
///
/// [`WebError::TooLarge`] if it is longer than the page lets a person type.
pub(super) fn fits(text: &str) -> Result<(), WebError> {
    if text.chars().nth(show::chat::LONGEST).is_some() {
        return Err(WebError::TooLarge);
    }
    Ok(())
}

/// The conversation that an address names, if it is this person's.
pub(super) async fn find(visit: &Visit, id: &str) -> Result<Conversation, WebError> {
    let person = visit.person()?;
    let id = Uuid::parse_str(id).map_err(|_| WebError::Missing)?;
    Ok(chat::find(&visit.desk, person, ObjectId(id)).await?)
}

/// Opens a conversation with what the person chose, or with the first model and the kept kind.
pub(super) async fn open(
    visit: &Visit,
    model: &str,
    history: &str,
) -> Result<Conversation, WebError> {
    use waarborg_domain::register::History as Offered;

    let person = visit.person()?;
    chat::may(&visit.desk, person)?;
    let places = chat::places(&visit.desk, Some(person));
    // Who chose a model is never sent to another one.
    let place = places
        .iter()
        .find(|place| place.is_allowed() && (model.is_empty() || place.model == model))
        .ok_or(ChatError::NoModel)?;
    let service = visit
        .desk
        .register
        .service(&visit.desk.surfaces.chat.service);
    let history = match service.map(|service| service.history) {
        Some(Offered::On) => History::On,
        // Who chooses nothing keeps nothing (article 25(2)).
        Some(Offered::Choice) if history.is_empty() => History::Off,
        Some(Offered::Choice) => History::parse(history).ok_or(WebError::Malformed)?,
        Some(Offered::Off | Offered::None) | None => History::Off,
    };
    Ok(chat::open(&visit.desk, person, &place.model, history).await?)
}
