//! What providers keep for applications: batches of requests, each screened as it would be by itself.

mod conversations;
mod fault;
mod fields;
mod files;
mod items;
mod jobs;
mod labels;
mod messages;
mod own;
mod page;
mod responses;
mod results;
mod said;
mod sending;

use std::future::Future;
use std::panic::AssertUnwindSafe;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::FutureExt as _;
use http::{HeaderMap, Uri};
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;
use waarborg_usecase::Desk;
use waarborg_usecase::batches::{self, Found, Total};
use waarborg_usecase::gateway::Wishes;
use waarborg_usecase::ports::{Errand, GatewayKey, KeptKind, ProviderError, Reply};

pub(super) use fault::{Fault, problem};
pub(super) use files::JSON;
use page::Page;

use super::error::Problem;
use super::headers::{self, Told, Voice};
use super::{GatewayState, other_method, who};
use crate::surfaces::Shape;

/// The routes that take data in.
pub(super) const TAKING_IN: [&str; 6] = [
    messages::PATH,
    files::PATH,
    jobs::PATH,
    conversations::PATH,
    conversations::ONE,
    items::PATH,
];

pub(super) fn routes() -> Router<GatewayState> {
    Router::new()
        .route(
            messages::PATH,
            post(messages::open)
                .get(messages::list)
                .fallback(other_method),
        )
        .route(
            "/v1/messages/batches/{id}",
            get(messages::look)
                .delete(messages::delete)
                .fallback(other_method),
        )
        .route(
            "/v1/messages/batches/{id}/results",
            get(messages::results).fallback(other_method),
        )
        .route(
            "/v1/messages/batches/{id}/cancel",
            post(messages::cancel).fallback(other_method),
        )
        .route(
            files::PATH,
            post(files::open).get(files::list).fallback(other_method),
        )
        .route(
            "/v1/files/{id}",
            get(files::look)
                .delete(files::delete)
                .fallback(other_method),
        )
        .route(
            "/v1/files/{id}/content",
            get(files::content).fallback(other_method),
        )
        .route(
            jobs::PATH,
            post(jobs::open).get(jobs::list).fallback(other_method),
        )
        .route(
            "/v1/responses/{id}",
            get(responses::look)
                .delete(responses::delete)
                .fallback(other_method),
        )
        .route(
            "/v1/responses/{id}/cancel",
            post(responses::cancel).fallback(other_method),
        )
        .route(
            conversations::PATH,
            post(conversations::open).fallback(other_method),
        )
        .route(
            conversations::ONE,
            get(conversations::look)
                .post(conversations::label)
                .delete(conversations::delete)
                .fallback(other_method),
        )
        .route(
            items::PATH,
            get(items::list).post(items::add).fallback(other_method),
        )
        .route(
            "/v1/conversations/{id}/items/{item}",
            get(items::look)
                .delete(items::delete)
                .fallback(other_method),
        )
        .route("/v1/batches/{id}", get(jobs::look).fallback(other_method))
        .route(
            "/v1/batches/{id}/cancel",
            post(jobs::cancel).fallback(other_method),
        )
}

/// A request about what has this name.
type ByName = (State<GatewayState>, Path<String>, HeaderMap);

/// A request for a page of a list.
type ForPage = (State<GatewayState>, Uri, HeaderMap);

/// Who asks, with a place among the requests that are worked on.
struct Caller {
    desk: Desk,
    key: GatewayKey,
    who: who::Caller,
    place: OwnedSemaphorePermit,
    voice: Voice,
}

impl Caller {
    async fn enter(
        state: &GatewayState,
        headers: &HeaderMap,
        shape: Shape,
    ) -> Result<Self, Problem> {
        let caller = Self::come_in(state, headers, shape).await?;
        // What lies with a provider is fetched later, by whoever has the key.
        caller.who.may_look_back()?;
        Ok(caller)
    }

    /// The same where what is asked for is known to be of one person.
    async fn come_in(
        state: &GatewayState,
        headers: &HeaderMap,
        shape: Shape,
    ) -> Result<Self, Problem> {
        let desk = state.house.desk();
        let who = who::caller(state, &desk, headers).await?;
        let key = who.key.clone();
        let place = super::place(state)?;
        state.spending.admit(&desk, &key).await?;
        Ok(Self {
            desk,
            key,
            who,
            place,
            voice: headers::voice(headers).in_shape(shape),
        })
    }

    /// The register and the key as they are once a batch has come in, which may take minutes.
    async fn of_now(mut self, state: &GatewayState, headers: &HeaderMap) -> Result<Self, Problem> {
        self.desk = state.house.desk();
        self.who = who::caller(state, &self.desk, headers).await?;
        self.who.may_look_back()?;
        self.key = self.who.key.clone();
        Ok(self)
    }

    /// What a provider keeps for this key; its requests stand `within`.
    async fn found(&self, what: (KeptKind, Uuid), within: &'static str) -> Result<Found, Problem> {
        let found = batches::find(&self.desk, &self.key, what).await;
        found.map_err(|error| fault::problem(error, within))
    }

    /// What a recipient says, in one document, of what it keeps.
    async fn ask(
        &self,
        recipient: &str,
        errand: Errand<'_>,
        within: &'static str,
    ) -> Result<Vec<u8>, Problem> {
        let reply = batches::ask(&self.desk, recipient, errand).await;
        match reply.map_err(|error| fault::problem(error, within))? {
            Reply::Whole(document) => Ok(document),
            Reply::Stream(_) | Reply::Plain(_) | Reply::Sound { .. } => {
                Err(Problem::Provider(ProviderError::Unreadable))
            }
        }
    }

    /// Destroys the map of what is over.
    async fn end(&self, found: &Found, within: &'static str) -> Result<(), Problem> {
        let ended = batches::end(&self.desk, &self.key, &found.kept).await;
        ended.map_err(|error| fault::problem(error, within))
    }
}

/// Answers, with what is told of the request. A panic on the way is answered like any other failure of the house.
async fn answered(
    (headers, shape, mut told): (&HeaderMap, Shape, Told),
    work: impl Future<Output = (Option<Screened>, Result<Response, Problem>)>,
) -> Response {
    let voice = headers::voice(headers).in_shape(shape);
    let worked = AssertUnwindSafe(work).catch_unwind().await;
    let (screened, answer) = worked.unwrap_or((None, Err(Problem::House)));
    if let Some(screened) = screened {
        told.verdict = Some(screened.total.verdict);
        told.findings = screened.total.findings;
        told.recipient = screened.recipient;
        told.policy = screened.policy;
    }
    let mut response = answer.unwrap_or_else(|problem| {
        if matches!(problem, Problem::House) {
            tracing::error!(
                request.id = told.request_id,
                "a request was refused because the house could not work"
            );
        }
        problem.answer(voice)
    });
    told.add_to(response.headers_mut());
    response
}

/// The same where nothing is screened.
async fn plainly(
    (state, headers, shape): (&GatewayState, &HeaderMap, Shape),
    work: impl Future<Output = Result<Response, Problem>>,
) -> Response {
    let work = Box::pin(async { (None, work.await) });
    answered((headers, shape, told(state)), work).await
}

/// Whether a provider has something no more: it deleted it, or does not know it.
const fn is_gone(answer: &Result<Vec<u8>, Problem>) -> bool {
    answer.is_ok() || is_missing(answer)
}

/// Whether a provider does not know what it was asked about.
const fn is_missing(answer: &Result<Vec<u8>, Problem>) -> bool {
    matches!(
        answer,
        Err(Problem::Provider(ProviderError::Refused {
            status: 404,
            ..
        }))
    )
}

/// What is told of a batch that was screened.
struct Screened {
    total: Total,
    recipient: String,
    policy: String,
}

fn told(state: &GatewayState) -> Told {
    Told {
        request_id: state.house.desk().ids.token().text(),
        ..Told::default()
    }
}

/// What the headers of a batch ask for. What cannot be followed for many requests at once is refused: nobody says yes to a
/// batch, and without keeping what was replaced there is none.
fn wishes(who: &who::Caller, headers: &HeaderMap) -> Result<Wishes, Problem> {
    let wishes = who.wishes(headers)?;
    let refused = [
        ("x-waarborg-dry-run", wishes.dry_run),
        ("x-waarborg-no-store", wishes.no_store),
        ("x-waarborg-reason", wishes.reason.is_some()),
        ("x-waarborg-confirm", wishes.confirm.is_some()),
    ];
    match refused.into_iter().find(|(_, is_asked)| *is_asked) {
        Some((header, _)) => Err(Problem::Header(header)),
        None => Ok(wishes),
    }
}

/// By which name a client knows what has this id.
fn name(prefix: &str, id: Uuid) -> String {
    format!("{prefix}{}", id.simple())
}

/// What such a name stands for. It is written in one way only.
fn id(prefix: &str, written: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(written.strip_prefix(prefix)?).ok()?;
    (name(prefix, id) == written).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_for_one_id_and_is_written_in_one_way() {
        let one = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ab);
        let written = name("msgbatch_", one);
        assert_eq!(written, "msgbatch_019000000000700080000000000000ab");
        assert_eq!(id("msgbatch_", &written), Some(one));
        for wrong in [
            "msgbatch_019000000000700080000000000000AB",
            "msgbatch_01900000-0000-7000-8000-0000000000ab",
            "msgbatch_",
            "file-019000000000700080000000000000ab",
            "019000000000700080000000000000ab",
        ] {
            assert_eq!(id("msgbatch_", wrong), None, "{wrong}");
        }
    }
}
