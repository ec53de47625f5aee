//! Consents: given and withdrawn in one place.

use axum::response::{IntoResponse, Redirect, Response};
use waarborg_domain::consent::ConsentAnswer;
use waarborg_usecase::consent::{self, Asked};

use crate::error::WebError;
use crate::form::Filled;
use crate::page::consent::{self as shown, ConsentState, Standing};
use crate::show;
use crate::visit::{Visit, html};

/// Every consent of the chat, and where this person stands.
pub(super) async fn page(visit: Visit) -> Response {
    let states = states(&visit);
    let is_changed = false;
    html(shown::page(&visit.frame(), &states, is_changed)).into_response()
}

/// Gives or withdraws one consent, from now on.
pub(super) async fn answer(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let visitor = visit.visitor.as_ref().ok_or(WebError::NoticeFirst)?;
    let answer = match fields.get("choice") {
        "give" => ConsentAnswer::Given,
        "withdraw" => ConsentAnswer::Withdrawn,
        _ => return Err(WebError::Malformed),
    };
    let service = visit.desk.surfaces.chat.service.clone();
    consent::answer(
        &visit.desk,
        visitor,
        &service,
        fields.get("consent"),
        answer,
    )
    .await?;
    Ok(Redirect::to(&visit.frame().link("/consent")).into_response())
}

fn states(visit: &Visit) -> Vec<ConsentState> {
    let Some(visitor) = &visit.visitor else {
        return Vec::new();
    };
    consent::asked(
        &visit.desk,
        &visit.desk.surfaces.chat.service,
        Some(visitor),
    )
    .iter()
    .map(|asked| ConsentState {
        ask: show::notice::ask(visit, &asked.ask),
        standing: standing(visit, asked),
    })
    .collect()
}

fn standing(visit: &Visit, asked: &Asked) -> Standing {
    let (Some(answer), Some(at)) = (asked.answer, asked.answered_at) else {
        return Standing::Unanswered;
    };
    let day = show::day(&visit.desk, at);
    match answer {
        ConsentAnswer::Given => Standing::Given(day),
        ConsentAnswer::Refused => Standing::Refused(day),
        ConsentAnswer::Withdrawn => Standing::Withdrawn(day),
    }
}
