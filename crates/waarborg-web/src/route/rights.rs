//! The rights desk for everybody, without a script and without an account.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use waarborg_domain::ids::Token;
use waarborg_domain::mail::MailAddress;
use waarborg_domain::rights::{Channel, Reference, Right};
use waarborg_usecase::requests::{self, Receipt, Receive};
use waarborg_usecase::{casework, disputes, sureness};

use super::{own, paper, take};
use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::rights::{self, Fault, FormState, ReceiptView, StatusView};
use crate::show;
use crate::visit::{Visit, html};

/// The longest text and address that the form takes, in characters.
const LONGEST_WORDS: usize = 4_000;
const LONGEST_ADDRESS: usize = 200;

/// A right that a link chose already.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    right: String,
}

/// The form.
pub(super) async fn form(visit: Visit, Query(chosen): Query<Chosen>) -> Response {
    let state = FormState {
        right: Right::parse(&chosen.right),
        elsewhere: show::notice::elsewhere(&visit),
        mails: sureness::is_offered(&visit.desk),
        countries: show::countries(&visit),
        ..FormState::default()
    };
    html(rights::form(&visit.frame(), &state, visit.known().is_ok())).into_response()
}

/// Receives a request.
pub(super) async fn receive(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let mut state = FormState {
        right: Right::parse(fields.get("right")),
        question: fields.get("question").to_owned(),
        reply_to: fields.get("reply_to").trim().to_owned(),
        by_mail: fields.get("by_mail") == "yes",
        mails: sureness::is_offered(&visit.desk),
        countries: show::countries(&visit),
        faults: Vec::new(),
        elsewhere: show::notice::elsewhere(&visit),
    };
    if state.right.is_none() {
        state.faults.push(Fault::Right);
    }
    if state.question.chars().count() > LONGEST_WORDS {
        state.faults.push(Fault::Question);
    }
    let is_no_mail = state.by_mail && MailAddress::parse(&state.reply_to).is_none();
    if state.reply_to.chars().count() > LONGEST_ADDRESS || is_no_mail {
        state.faults.push(Fault::ReplyTo);
    }
    let Some(right) = state.right.filter(|_| state.faults.is_empty()) else {
        let form = rights::form(&visit.frame(), &state, visit.person().is_ok());
        return Ok(said(StatusCode::UNPROCESSABLE_ENTITY, form));
    };

    let says_nothing_else = state.question.is_empty() && state.reply_to.is_empty();
    if visit.known().is_ok() && says_nothing_else {
        match right {
            Right::Access => return own::access_by_request(&visit, Channel::Form).await,
            Right::Erasure => {
                return Ok(Redirect::to(&visit.frame().link("/my-data/erase")).into_response());
            }
            Right::Withdrawal => {
                return Ok(Redirect::to(&visit.frame().link("/consent")).into_response());
            }
            Right::Objection => {
                return Ok(Redirect::to(&visit.frame().link("/my-data/object")).into_response());
            }
            Right::Restriction => {
                return take::restrict_by_request(&visit, Channel::Form).await;
            }
            Right::Portability => {
                return Ok(Redirect::to(&visit.frame().link("/my-data#take")).into_response());
            }
            _ => {}
        }
    }

    let asked = Receive {
        right,
        channel: Channel::Form,
        words: state.question,
        reply_to: state.reply_to,
    };
    let receipt = requests::receive(&visit.desk, visit.visitor.as_ref(), asked).await?;
    let countries: Vec<&str> = fields.all("country").collect();
    requests::note_countries(&visit.desk, &receipt.request, &countries).await?;
    if let (Right::Rectification, Some(visitor)) = (right, &visit.visitor) {
        let wrong = fields.get("wrong");
        disputes::dispute_value(&visit.desk, visitor, &receipt.request, wrong).await?;
    }
    if state.by_mail {
        sureness::answer_by_mail(&visit.desk, &receipt.request, visit.language()).await?;
    }
    let said: Vec<String> = countries.into_iter().map(str::to_owned).collect();
    let view = ReceiptView {
        is_code_mailed: state.by_mail && state.mails,
        complaint: show::complaint::ways(&visit.desk, &visit.words(), &said),
        ..receipt_view(&visit, &receipt)
    };
    Ok(html(rights::receipt(&visit.frame(), &view)).into_response())
}

/// Asks for the code; the same page for every number, whether or not it exists.
pub(super) async fn door(visit: Visit, Path(reference): Path<String>) -> Response {
    let shown = Reference::parse(&reference)
        .map(|known| known.as_str().to_owned())
        .unwrap_or_default();
    let is_refused = false;
    html(rights::status_door(&visit.frame(), &shown, is_refused)).into_response()
}

/// Shows how far a request is, to who has its code.
pub(super) async fn status(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let reference = Reference::parse(&reference)
        .map(|known| known.as_str().to_owned())
        .unwrap_or_default();
    // A code that cannot be one is looked for all the same: the answer takes as long either way.
    let secret = Token::parse(fields.get("code").trim()).unwrap_or_else(|| Token::new([0; 32]));
    let found = requests::status(&visit.desk, &reference, &secret).await?;
    let Some(request) = found else {
        let is_refused = true;
        return Ok(said(
            StatusCode::NOT_FOUND,
            rights::status_door(&visit.frame(), &reference, is_refused),
        ));
    };
    if fields.get("form") == "pdf" {
        let told = casework::told(&visit.desk, &request).await?;
        return paper::letters(&visit, &reference, &told.letters);
    }
    shown(&visit, request, &secret).await
}

/// How far a request is, for who holds what opens it.
pub(super) async fn shown(
    visit: &Visit,
    request: waarborg_domain::rights::Request,
    secret: &Token,
) -> Result<Response, WebError> {
    let is_open = !request.stage.is_closed();
    let told = casework::told(&visit.desk, &request).await?;
    let view = StatusView {
        reference: request.reference.as_str().to_owned(),
        right: request.right,
        received: show::day(&visit.desk, request.received_at),
        aim: request.due.aim,
        latest: request.due.latest,
        stage: request.stage,
        code_to_certificate: casework::has_certificate(&request).then(|| secret.text()),
        code_to_copy: casework::has_copy(&request).then(|| secret.text()),
        code_to_mail: (is_open && sureness::is_offered(&visit.desk)).then(|| secret.text()),
        complaint: show::complaint::ways(&visit.desk, &visit.words(), &told.countries),
        code_to_letters: (!told.letters.is_empty()).then(|| secret.text()),
        letters: told.letters,
    };
    Ok(html(rights::status(&visit.frame(), &view)).into_response())
}

/// What a person gets in hand.
pub(super) fn receipt_view(visit: &Visit, receipt: &Receipt) -> ReceiptView {
    let request = &receipt.request;
    ReceiptView {
        reference: request.reference.as_str().to_owned(),
        secret: receipt.secret.text(),
        right: request.right,
        received: show::day(&visit.desk, request.received_at),
        aim: request.due.aim,
        latest: request.due.latest,
        elsewhere: show::notice::elsewhere(visit),
        complaint: show::complaint::ways(&visit.desk, &visit.words(), &[]),
        is_code_mailed: false,
        is_second: receipt.is_second,
    }
}

fn said(status: StatusCode, page: maud::Markup) -> Response {
    let mut response = (status, html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}
