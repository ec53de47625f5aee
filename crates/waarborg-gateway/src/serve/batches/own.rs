//! Responses and conversations that a provider keeps: found for one key and one person, asked about, and deleted.

use std::sync::Arc;

use http::HeaderMap;
use uuid::Uuid;
use waarborg_domain::policy::Policy;
use waarborg_usecase::batches::{BatchError, Found, Map};
use waarborg_usecase::gateway::thread;
use waarborg_usecase::ports::{Errand, ErrandAct, KeptKind};

use super::super::GatewayState;
use super::super::error::Problem;
use super::super::thread::fault;
use super::fault::Fault;
use super::{Caller, is_gone};
use crate::surfaces::{Shape, conversation_id, response_id};

/// Of all that is kept so.
pub(super) const SHAPE: Shape = Shape::OpenAi;

/// What has this name, if it is a name of ours.
pub(super) fn named(kind: KeptKind, written: &str) -> Result<(KeptKind, Uuid), Fault> {
    let id = match kind {
        KeptKind::Conversation => conversation_id(written),
        _ => response_id(written),
    };
    Ok((kind, id.ok_or(none(kind))?))
}

/// That there is none by the name that was asked for.
pub(super) const fn none(kind: KeptKind) -> Fault {
    match kind {
        KeptKind::Conversation => Fault::NoConversation,
        _ => Fault::NoResponse,
    }
}

/// Where something stands that goes wrong.
const fn within(kind: KeptKind) -> &'static str {
    match kind {
        KeptKind::Conversation => "conversation",
        _ => "response",
    }
}

/// Who asks, and for whom.
pub(super) struct Visit {
    pub(super) caller: Caller,
    person: Option<String>,
}

impl Visit {
    pub(super) async fn begin(state: &GatewayState, headers: &HeaderMap) -> Result<Self, Problem> {
        let caller = Caller::come_in(state, headers, SHAPE).await?;
        let person = caller.who.wishes(headers)?.person;
        Ok(Self { caller, person })
    }

    /// What is theirs by this name, and its map.
    pub(super) async fn find(
        &self,
        (kind, written): (KeptKind, &str),
    ) -> Result<(Found, Map), Problem> {
        let what = named(kind, written)?;
        let Caller { desk, key, .. } = &self.caller;
        let found = thread::found(desk, key, self.person.as_deref(), what).await;
        let found = found.map_err(|error| fault(kind, error))?;
        Ok(found.ok_or(none(kind))?)
    }

    /// The same where the register allows its purpose by now, and the policy that counts for what is put back.
    pub(super) async fn find_to_show(
        &self,
        what: (KeptKind, &str),
    ) -> Result<(Found, Map, Arc<Policy>), Problem> {
        let (found, map) = self.find(what).await?;
        let Caller { desk, key, .. } = &self.caller;
        let allowed = found.map(desk, key);
        let (_, policy) = allowed.map_err(|error| fault(what.0, error))?;
        Ok((found, map, policy))
    }

    /// Asks its provider about it, or about a part of it by the way to that from there.
    pub(super) async fn ask(
        &self,
        (found, part): (&Found, &str),
        act: ErrandAct,
    ) -> Result<Vec<u8>, Problem> {
        ask(&self.caller, (found, part), act).await
    }

    /// Deletes it at its provider, and what was replaced in it here; also where that was erased.
    pub(super) async fn delete(
        &self,
        (kind, written): (KeptKind, &str),
    ) -> Result<(Found, Vec<u8>), Problem> {
        let what = named(kind, written)?;
        let Caller { desk, key, .. } = &self.caller;
        let found = match thread::found(desk, key, self.person.as_deref(), what).await {
            Ok(found) => Ok(found.map(|(found, _)| found)),
            // Of what was erased nobody knows whose it was; that it goes at the provider too is what they wanted.
            Err(BatchError::MapGone) => thread::of_key(desk, key, what).await,
            Err(error) => Err(error),
        };
        let found = found.map_err(|error| fault(kind, error))?;
        let found = found.ok_or(none(kind))?;
        let answer = self.ask((&found, ""), ErrandAct::Delete).await;
        if is_gone(&answer) {
            self.caller.end(&found, within(kind)).await?;
        }
        Ok((found, answer?))
    }
}

/// As [`Visit::ask`], for who came in another way.
pub(super) async fn ask(
    caller: &Caller,
    (found, part): (&Found, &str),
    act: ErrandAct,
) -> Result<Vec<u8>, Problem> {
    let kind = found.kept.kind;
    let errand = Errand {
        kind,
        name: &format!("{}{part}", found.provider_name),
        act,
    };
    caller
        .ask(&found.kept.recipient, errand, within(kind))
        .await
}
