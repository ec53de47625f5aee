//! What waits for a second person's yes, in the console.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use waarborg_usecase::agreements::{self, AgreementError};
use waarborg_usecase::keys;
use waarborg_usecase::ports::{Agreement, Answered, Asker, GatewayKey};

use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::agreements as page;
use crate::page::agreements::AgreementView;
use crate::show::{self, moment};
use crate::visit::{Visit, html};

/// What waits, and what was answered and has not ended.
pub(super) async fn list(visit: Visit) -> Result<Response, WebError> {
    waarborg_usecase::console::viewed(&visit.desk, visit.staff()?, "agreements").await?;
    shown(&visit, None).await
}

/// The second person agrees.
pub(super) async fn yes(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    answer(filled.visit, &id, Answered::Yes).await
}

/// The second person does not agree.
pub(super) async fn no(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    answer(filled.visit, &id, Answered::No).await
}

async fn answer(visit: Visit, id: &str, answered: Answered) -> Result<Response, WebError> {
    let id = id.parse().map_err(|_| WebError::Missing)?;
    let own = visit
        .visitor
        .as_ref()
        .map(waarborg_usecase::door::Visitor::id);
    let fault = match agreements::answer(&visit.desk, visit.staff()?, own, id, answered).await {
        Ok(()) => {
            let back = visit.frame().link("/console/agreements");
            return Ok(Redirect::to(&back).into_response());
        }
        Err(AgreementError::Nobody) => "agreement-fault-gone",
        Err(AgreementError::NotTheirs) => "case-fault-same",
        Err(AgreementError::NotOfficer) => return Err(WebError::Forbidden),
        Err(AgreementError::Store(store)) => return Err(store.into()),
    };
    let page = shown(&visit, Some(fault)).await?;
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    response.extensions_mut().insert(Said);
    Ok(response)
}

async fn shown(visit: &Visit, fault: Option<&'static str>) -> Result<Response, WebError> {
    let found = match agreements::list(&visit.desk, visit.staff()?).await {
        Ok(found) => found,
        Err(AgreementError::Store(store)) => return Err(store.into()),
        Err(_) => return Err(WebError::Forbidden),
    };
    let known = keys::list(&visit.desk).await?;
    let views: Vec<AgreementView> = found
        .into_iter()
        .map(|one| view(visit, &known, one))
        .collect();
    Ok(html(page::page(&visit.frame(), &views, fault)).into_response())
}

fn view(visit: &Visit, keys: &[GatewayKey], one: Agreement) -> AgreementView {
    let words = visit.words();
    let (desk, reference) = (&visit.desk, agreements::reference(&one));
    let asker = match one.asker {
        Asker::Person(person) => words.fill("agreement-person", &[("number", &person.to_string())]),
        Asker::Application(id) => {
            let key = keys.iter().find(|key| key.id == id);
            let label = key.map_or_else(|| id.0.to_string(), |key| key.label.clone());
            words.fill("agreement-application", &[("label", &label)])
        }
    };
    let findings = agreements::findings(&one);
    let kinds = findings.iter();
    AgreementView {
        id: one.id.to_string(),
        reference,
        asker,
        kinds: kinds
            .map(|(kind, n)| (show::report::kind(&words, *kind), *n))
            .collect(),
        recipient: show::recipient(desk, &words, &one.recipient),
        reason: one
            .reason
            .map(|reason| words.say(&format!("second-reason-{reason}"))),
        asked_at: moment(desk, &words, one.asked_at),
        ends_at: moment(desk, &words, one.ends_at),
        answered: one.answered,
    }
}
