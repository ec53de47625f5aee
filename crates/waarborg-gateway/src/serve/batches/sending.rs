//! Many requests on their way to a provider that keeps them: read, counted, screened and sent as one.

use std::future::Future;
use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use tokio::sync::OwnedSemaphorePermit;
use waarborg_detect::surrogate::Language;
use waarborg_domain::prompt::{Prompt, Raw};
use waarborg_usecase::batches::{self, Asked, End, Outcome, Total};
use waarborg_usecase::gateway::Departures;
use waarborg_usecase::ports::KeptMap;

use super::super::GatewayState;
use super::super::answer;
use super::super::aside::{Aside, LONG_BODY};
use super::super::error::Problem;
use super::super::headers;
use super::super::spending::{AtMost, Booking, Claim};
use super::super::thread;
use super::fault::{self, Fault};
use super::{Caller, Screened, answered, told};
use crate::surfaces::{Form, FormFault, Shape, Surface};

/// What counts a batch.
pub(super) struct Counted {
    claim: Arc<Claim>,
    at_most: AtMost,
    booking: Arc<Booking>,
    /// The room that its body takes.
    _room: Option<OwnedSemaphorePermit>,
}

impl Counted {
    /// Lets a batch of these documents begin.
    pub(super) async fn begin(
        state: &GatewayState,
        caller: &Caller,
        documents: (&dyn Surface, impl Iterator<Item = &[u8]> + Send),
        room: Option<OwnedSemaphorePermit>,
    ) -> Result<Self, Problem> {
        let spending = Arc::clone(&state.spending);
        let (desk, key) = (caller.desk.clone(), caller.key.clone());
        let (claim, at_most) = Claim::begin_batch(spending, desk, key, documents).await?;
        Ok(Self {
            booking: Arc::new(Booking::new(Arc::clone(&claim))),
            claim,
            at_most,
            _room: room,
        })
    }

    pub(super) fn departures(&self) -> Arc<dyn Departures> {
        Arc::clone(&self.booking) as Arc<dyn Departures>
    }
}

/// Reads one of many requests as it would be read by itself.
pub(super) async fn line(
    surface: &'static dyn Surface,
    state: &GatewayState,
    caller: &Caller,
    document: Vec<u8>,
) -> Result<(Form, Prompt<Raw>), Problem> {
    let is_long = document.len() >= LONG_BODY;
    let reading = async {
        let opened = answer::opened(surface, (state, &caller.desk), document, || None).await?;
        let (form, prompt) = answer::read(surface, state, &caller.desk, opened)?;
        if prompt.streams() {
            return Err(Problem::Form(FormFault::NotDone("stream")));
        }
        thread::by_itself(form, prompt)
    };
    if is_long {
        Aside::new(reading).await
    } else {
        reading.await
    }
}

/// A batch that was taken in.
pub(super) struct Taken {
    pub(super) caller: Caller,
    pub(super) asked: Asked,
    pub(super) counted: Counted,
}

/// How the client of a batch is told of it.
pub(super) struct Telling {
    pub(super) shape: Shape,
    /// Where the requests stand.
    pub(super) within: &'static str,
    /// What is shown of the provider's document.
    pub(super) shown: fn(&[u8], &KeptMap) -> Result<Vec<u8>, Problem>,
}

/// Answers who sends a batch.
pub(super) async fn answered_with(
    (state, headers): (&GatewayState, &HeaderMap),
    taking_in: impl Future<Output = Result<Taken, Problem>>,
    telling: Telling,
) -> Response {
    let told = told(state);
    let request = (told.request_id.clone(), headers::language(headers));
    let shape = telling.shape;
    let work = Box::pin(async {
        match taking_in.await {
            Ok(taken) => send(state, taken, telling, (request.0.as_str(), request.1)).await,
            Err(problem) => (None, Err(problem)),
        }
    });
    answered((headers, shape, told), work).await
}

/// Screens a batch and sends it.
async fn send(
    state: &GatewayState,
    taken: Taken,
    telling: Telling,
    request: (&str, Language),
) -> (Option<Screened>, Result<Response, Problem>) {
    let Taken {
        caller,
        asked,
        counted,
    } = taken;
    let within = telling.within;
    let Caller { desk, key, .. } = &caller;
    // What has begun is brought to its end, also when the client goes away: else the provider would keep what nobody knows of.
    let (house, key) = (Arc::clone(&state.house), key.clone());
    let opening = async move { Aside::new(batches::open(&house, &key, asked)).await };
    let outcome = match tokio::spawn(opening).await {
        Ok(outcome) => outcome.map_err(|error| fault::problem(error, within)),
        Err(_) => Err(Problem::House),
    };
    let Outcome {
        recipient,
        policy,
        end,
    } = match outcome {
        Ok(outcome) => outcome,
        Err(problem) => return (None, Err(problem)),
    };
    match end {
        End::Refused {
            number,
            report,
            open,
        } => {
            let places = (recipient.as_str(), open);
            let problem = answer::refused(desk, &report, (None, None), places, request);
            let screened = Screened {
                total: Total {
                    verdict: report.verdict,
                    findings: report.counts(),
                },
                recipient,
                policy,
            };
            let fault = Fault::Line {
                number,
                within,
                problem: Box::new(problem),
            };
            (Some(screened), Err(fault.into()))
        }
        End::Sent {
            total,
            kept,
            answer,
        } => {
            counted.booking.settle();
            counted.claim.used_at_most(&recipient, counted.at_most);
            let screened = Screened {
                total,
                recipient,
                policy,
            };
            let shown = (telling.shown)(&answer, &kept);
            (Some(screened), shown.map(document))
        }
    }
}

pub(super) fn document(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/json")], bytes).into_response()
}
