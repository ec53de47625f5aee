//! What is said in a conversation that stands at the provider, without a model that answers it: taken in, screened and sent.

use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::prompt::{Prompt, Raw};
use waarborg_usecase::batches::Total;
use waarborg_usecase::gateway::thread::Thread;
use waarborg_usecase::gateway::{self, Asked, Departures, Guarded, Outcome, Wishes};
use waarborg_usecase::ports::{ProviderError, Reply};

use super::super::aside::{Aside, LONG_BODY};
use super::super::error::Problem;
use super::super::spending::{Booking, Claim, Weighed};
use super::super::thread::{Before, Naming};
use super::super::{GatewayState, Whole, answer, headers, names, preview};
use super::own::SHAPE;
use super::{Caller, Screened, answered, sending, told};
use crate::enclosed::Opened;
use crate::protocol::CONVERSATION;
use crate::surfaces::{FormFault, ResponsesSurface, Surface as _, conversation_name};

/// What is to be said.
pub(super) struct Said {
    /// The model whose recipient has the conversation.
    pub(super) model: String,
    /// Its items, written as the input of a response.
    pub(super) body: Vec<u8>,
    /// What it has to do with what is kept.
    pub(super) thread: Thread,
}

/// A request that says something, taken in.
pub(super) struct Begun {
    pub(super) caller: Caller,
    pub(super) said: Said,
    /// The room that its body takes.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// Answers a request that says something, with what is shown of what the provider made of it: its document, the surrogates in that, and
/// the labels that stayed here.
pub(super) async fn answered_with(
    (state, headers): (&GatewayState, &HeaderMap),
    begun: impl Future<Output = Result<Begun, Problem>>,
    show: impl FnOnce(Vec<u8>, Option<&Surrogates>, Map<String, Value>) -> Result<Vec<u8>, Problem>,
) -> Response {
    let told = told(state);
    let request_id = told.request_id.clone();
    // A conversation may have much in it.
    let work = Aside::new(async {
        let (caller, said, _room) = match begun.await {
            Ok(Begun { caller, said, room }) => (caller, said, room),
            Err(problem) => return (None, Err(problem)),
        };
        let labels = said.thread.labels.clone();
        let (screened, answer) = sent(state, headers, &request_id, &caller, said).await;
        let shown = answer.and_then(|answer| match answer {
            Answer::Given(document, surrogates) => {
                show(document, surrogates.as_deref(), labels).map(sending::document)
            }
            Answer::Previewed(response) => Ok(response),
        });
        (screened, shown)
    });
    answered((headers, SHAPE, told), work).await
}

/// What came of it.
enum Answer {
    /// What the provider answered, under our names, and the surrogates in it.
    Given(Vec<u8>, Option<Arc<Surrogates>>),
    /// It was only asked what would happen.
    Previewed(Response),
}

/// Who says something, and their document.
pub(super) async fn taken_in(
    state: &GatewayState,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Caller, Whole), Problem> {
    let mut caller = Caller::come_in(state, headers, SHAPE).await?;
    let began = caller.desk.now();
    let whole = super::super::body(state, headers, body).await?;
    let before = (caller.desk, caller.key);
    (caller.desk, caller.key) = answer::of_now(state, headers, before, began).await?;
    Ok((caller, whole))
}

/// What the headers ask for. What stands in a conversation is kept, so nobody can ask that nothing be.
pub(super) fn wishes(caller: &Caller, headers: &HeaderMap) -> Result<Wishes, Problem> {
    let wishes = caller.who.wishes(headers)?;
    if wishes.no_store {
        return Err(Problem::Header("x-waarborg-no-store"));
    }
    Ok(wishes)
}

/// Screens it, and sends it where it may leave.
async fn sent(
    state: &GatewayState,
    headers: &HeaderMap,
    request_id: &str,
    caller: &Caller,
    said: Said,
) -> (Option<Screened>, Result<Answer, Problem>) {
    let (desk, key) = (&caller.desk, &caller.key);
    let screening = async {
        let mut wishes = wishes(caller, headers)?;
        if let Some(conversation) = &said.thread.previous {
            // Which conversation it belongs to is no guess by its first words.
            let named = || conversation_name(conversation.id());
            wishes.conversation.get_or_insert_with(named);
        }
        let spending = Arc::clone(&state.spending);
        let weighed = Weighed::of(&ResponsesSurface, &said.body);
        let claim = Claim::begin(spending, desk.clone(), key.clone(), weighed).await?;
        // No model works on it: what leaves is counted only as long as it is on its way.
        let booking = Arc::new(Booking::new(claim));
        let opened = answer::opened(&ResponsesSurface, (state, desk), said.body, || None).await?;
        let is_long = opened.body.len() >= LONG_BODY || said.thread.n_bytes() >= LONG_BODY;
        let thread = said.thread;
        let screening = async {
            let prompt = read(state, caller, opened, &said.model)?;
            let prompt = prompt.with_known(thread.known());
            let asked = Asked {
                prompt,
                wishes,
                departures: Some(Arc::clone(&booking) as Arc<dyn Departures>),
                course: None,
                thread,
            };
            Ok::<_, Problem>(gateway::complete(&state.house, key, asked).await?)
        };
        let guarded = if is_long {
            Aside::new(screening).await?
        } else {
            screening.await?
        };
        Ok((guarded, booking))
    };
    let (guarded, booking) = match screening.await {
        Ok(guarded) => guarded,
        Err(problem) => return (None, Err(in_items(problem))),
    };
    let Guarded {
        report,
        recipient,
        policy,
        routed,
        outcome,
        ..
    } = guarded;
    let screened = Screened {
        total: Total {
            verdict: report.verdict,
            findings: report.counts(),
        },
        recipient: recipient.clone(),
        policy: policy.clone(),
    };
    let answer = match outcome {
        Outcome::Refused {
            open,
            second,
            confirm,
        } => {
            let request = (request_id, headers::language(headers));
            let places = (recipient.as_str(), open);
            let why = (second, confirm);
            Err(answer::refused(desk, &report, why, places, request))
        }
        Outcome::Previewed => Ok(Answer::Previewed(preview::shown(&preview::Shown {
            report: &report,
            recipient: &recipient,
            policy: &policy,
            routed: routed.as_deref(),
        }))),
        Outcome::Known { answer } => Ok(Answer::Given(answer, None)),
        Outcome::Answering {
            reply,
            kept,
            surrogates,
            ..
        } => {
            booking.settle();
            let naming = Naming::new((desk, key), kept, Before::default());
            match naming.over(reply).await {
                Ok(Reply::Whole(document)) => Ok(Answer::Given(document, Some(surrogates))),
                Ok(Reply::Stream(_) | Reply::Plain(_) | Reply::Sound { .. }) => {
                    Err(Problem::Provider(ProviderError::Unreadable))
                }
                Err(problem) => Err(problem),
            }
        }
    };
    (Some(screened), answer)
}

/// The same problem, with its place as the client wrote it.
fn in_items(problem: Problem) -> Problem {
    match problem {
        Problem::Prompt(_) | Problem::Unread { .. } | Problem::Form(FormFault::Refers(_)) => {
            Problem::InItems(Box::new(problem))
        }
        problem => problem,
    }
}

/// Reads items as the input of a response is read where its provider keeps it.
fn read(
    state: &GatewayState,
    caller: &Caller,
    opened: Opened,
    model: &str,
) -> Result<Prompt<Raw>, Problem> {
    let form = ResponsesSurface.read(&opened.body);
    let protocol = names(&caller.desk).reading(&CONVERSATION);
    let prompt = answer::parsed(&ResponsesSurface, state, opened, &*protocol)?;
    if let Some(reference) = form?.refers {
        return Err(Problem::Form(FormFault::Refers(reference)));
    }
    Ok(prompt.of_model(model))
}
