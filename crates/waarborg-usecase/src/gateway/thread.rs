//! Responses that follow one another at a provider that keeps them. What was replaced in one is kept here, sealed, as long as
//! the provider may be asked for it; the next one takes it up.

use serde_json::{Map as Members, Value, json};
use uuid::Uuid;
use waarborg_detect::surrogate::{Language, Surrogates};
use waarborg_domain::prompt::{Known, Prompt, Raw, Report, Screened};

use super::GatewayError;
use crate::batches::{self, BatchError, Contradiction, Found, Map, MapLine, TERM};
use crate::desk::Desk;
use crate::ports::{GatewayKey, KeptKind, KeptMap, MapContent, StoreError};

/// What a request has to do with what its provider keeps.
#[derive(Default)]
pub struct Thread {
    /// The response from which it goes on.
    pub previous: Option<Previous>,
    /// Whether the provider keeps the answer.
    pub keeping: Keeping,
    /// By which word the gateway knows what the answer looks like.
    pub form: String,
}

/// Whether a provider keeps an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// Not: the request says so, or its format knows no keeping.
    #[default]
    Nothing,
    /// It does so unless it is told this in front of the document.
    Unless(&'static str),
    /// The request asks for it.
    Asked,
}

/// A response that a provider keeps, and what was replaced up to it.
pub struct Previous {
    kept: KeptMap,
    provider_name: String,
    line: MapLine,
    n_bytes: usize,
}

impl Previous {
    /// Which recipient keeps it.
    #[must_use]
    pub fn recipient(&self) -> &str {
        &self.kept.recipient
    }

    /// By which id its client knows it.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.kept.id
    }

    /// What was personal up to it.
    #[must_use]
    pub fn known(&self) -> Vec<Known> {
        self.line.known()
    }
}

/// The response of this key and this person from which a request goes on; `None` if there is none, or it is another's.
///
/// # Errors
///
/// [`BatchError`]; [`BatchError::MapGone`] if what was replaced in it was erased.
pub async fn previous(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    id: Uuid,
) -> Result<Option<Previous>, BatchError> {
    let Some((found, mut map)) = found(desk, key, person, id).await? else {
        return Ok(None);
    };
    Ok(map.lines.pop().map(|line| Previous {
        n_bytes: found.n_bytes(),
        kept: found.kept,
        provider_name: found.provider_name,
        line,
    }))
}

/// A response of this key and this person that a provider keeps, and its map; `None` if there is none, or it is another's.
///
/// # Errors
///
/// As [`previous`].
pub async fn found(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    id: Uuid,
) -> Result<Option<(Found, Map)>, BatchError> {
    let Some(found) = of_key(desk, key, id).await? else {
        return Ok(None);
    };
    // Whose it is comes first, and what may be deleted may be so whatever the register says of its purpose by now.
    let map = found.read()?;
    let writer = map.beside.get(WRITER).and_then(Value::as_str);
    let is_theirs = writer == mark(desk, key, person).as_deref();
    Ok(is_theirs.then_some((found, map)))
}

/// A response of this key that a provider keeps, whoever wrote it.
///
/// # Errors
///
/// As [`previous`].
pub async fn of_key(desk: &Desk, key: &GatewayKey, id: Uuid) -> Result<Option<Found>, BatchError> {
    match batches::find(desk, key, (KeptKind::Response, id)).await {
        Ok(found) => Ok(Some(found)),
        Err(BatchError::NoSuch) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The provider said by which name it knows a response.
///
/// # Errors
///
/// [`StoreError`] if nothing was written; then nobody can go on from it.
pub async fn named(desk: &Desk, kept: &KeptMap, provider_name: &str) -> Result<(), StoreError> {
    desk.store.name_map(kept.id, provider_name).await
}

/// In a map: whose response it is, where somebody said who writes.
const WRITER: &str = "writer";

/// In a map: from which response this one went on.
const PREVIOUS: &str = "previous";

/// The response before the one of this map, as its client knows it.
#[must_use]
pub fn previous_of(map: &Map) -> Option<Uuid> {
    let id = map.beside.get(PREVIOUS).and_then(Value::as_str)?;
    Uuid::try_parse(id).ok()
}

/// Who writes, as a number that only this house can make.
fn mark(desk: &Desk, key: &GatewayKey, person: Option<&str>) -> Option<String> {
    let person = person?;
    let scope: [&[u8]; 3] = [
        b"writer of a response",
        key.id.0.as_bytes(),
        person.as_bytes(),
    ];
    let digest = desk.secrets.conversation_key(&scope);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The map of a response has at most so many bytes, which is some tens of thousands of values. Each turn writes the whole of it again
/// and the next one takes the whole of it up: without a bound a conversation would keep as much as the square of what it says.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A map that is to be kept, as it is sealed, and what finds it.
pub(super) struct ToKeep {
    pub(super) kept: KeptMap,
    pub(super) map: Map,
    pub(super) content: MapContent,
}

impl Thread {
    /// How many bytes are taken up with the response before.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.previous
            .as_ref()
            .map_or(0, |previous| previous.n_bytes)
    }

    /// The same as long as it is no more than is kept; else nothing, and what the recipient must be told so that it keeps nothing
    /// either.
    ///
    /// # Errors
    ///
    /// [`GatewayError::TooMuchToKeep`] if the request asks for it.
    pub(super) fn bounded(
        &self,
        to_keep: Option<ToKeep>,
    ) -> Result<(Option<ToKeep>, Option<&'static str>), GatewayError> {
        let is_too_much = |to_keep: &ToKeep| to_keep.content.len() > MOST_BYTES;
        match self.keeping {
            _ if !to_keep.as_ref().is_some_and(is_too_much) => Ok((to_keep, None)),
            Keeping::Unless(member) => Ok((None, Some(member))),
            Keeping::Asked | Keeping::Nothing => Err(GatewayError::TooMuchToKeep),
        }
    }

    /// Whether a provider keeps something of the conversation, before this request or after it.
    pub(super) fn is_kept(&self) -> bool {
        self.previous.is_some() || self.keeping != Keeping::Nothing
    }

    /// Whether this recipient cannot be asked: another one keeps what it goes on from.
    pub(super) fn excludes(&self, recipient: &str) -> bool {
        let previous = self.previous.as_ref();
        previous.is_some_and(|previous| previous.recipient() != recipient)
    }

    /// What was replaced before is replaced by the same, and comes back.
    ///
    /// # Errors
    ///
    /// [`Contradiction`] if nobody can say any more what stands for what.
    pub(super) fn take_up(&self, surrogates: &mut Surrogates) -> Result<(), Contradiction> {
        let previous = self.previous.iter();
        let mut lines = previous.map(|previous| &previous.line);
        lines.try_for_each(|line| line.take_up(surrogates))
    }

    /// By which words people that were withheld were known in the responses before, they are known now.
    pub(super) fn withhold_also(&self, surrogates: &mut Surrogates) {
        if let Some(previous) = &self.previous {
            surrogates.withhold_also(previous.line.words());
        }
    }

    /// The values of the responses before.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        let previous = self.previous.iter();
        previous.flat_map(|previous| previous.line.values())
    }

    /// What leaves, with the recipient's own name of the response from which it goes on, and what it must be told.
    pub(super) fn addressed(
        &self,
        prompt: Prompt<Screened>,
        to_tell: Option<&'static str>,
    ) -> Prompt<Screened> {
        let prompt = match &self.previous {
            Some(previous) => prompt.with_previous(&previous.provider_name),
            None => prompt,
        };
        match to_tell {
            Some(member) => prompt.told_first(member),
            None => prompt,
        }
    }

    /// What this recipient must be told so that it keeps nothing that the register does not let it keep.
    ///
    /// # Errors
    ///
    /// [`GatewayError::NotKept`] if the request asks for what it may not keep.
    pub(super) fn to_tell(
        &self,
        desk: &Desk,
        recipient: &str,
    ) -> Result<Option<&'static str>, GatewayError> {
        match self.keeping {
            Keeping::Nothing => Ok(None),
            _ if may_keep(desk, recipient) => Ok(None),
            Keeping::Unless(member) => Ok(Some(member)),
            Keeping::Asked => Err(GatewayError::NotKept),
        }
    }

    /// What is to be kept here of an answer that this recipient keeps.
    pub(super) fn to_keep(
        &self,
        desk: &Desk,
        key: &GatewayKey,
        recipient: &str,
        (person, policy, language): (Option<&str>, Option<&str>, Language),
        (prompt, report, surrogates): (&Prompt<Raw>, &Report, &Surrogates),
    ) -> Option<ToKeep> {
        if self.keeping == Keeping::Nothing || !may_keep(desk, recipient) {
            return None;
        }
        let now = desk.now();
        let kept = KeptMap {
            id: desk.ids.id(now),
            key: key.id,
            kind: KeptKind::Response,
            recipient: recipient.to_owned(),
            provider_name: None,
            created_at: now,
            ends_at: desk.term_ends_at(TERM, now),
        };
        let mut beside = Members::new();
        if let Some(writer) = mark(desk, key, person) {
            beside.insert(WRITER.to_owned(), json!(writer));
        }
        if let Some(previous) = &self.previous {
            beside.insert(
                PREVIOUS.to_owned(),
                json!(previous.id().simple().to_string()),
            );
        }
        let tools = prompt.tools().map(str::to_owned).collect();
        let line = MapLine::new(String::new(), self.form.clone(), tools, surrogates);
        let line = line.knowing(prompt, report);
        let line = match &self.previous {
            Some(previous) => line.after(&previous.line),
            None => line,
        };
        let map = Map {
            language,
            policy: policy.map(str::to_owned),
            beside,
            lines: vec![line],
        };
        let content = map.written();
        Some(ToKeep { kept, map, content })
    }
}

/// Whether a recipient can be asked for an answer again, and the register says that it keeps what it gets, and how long what was
/// replaced is kept here.
fn may_keep(desk: &Desk, recipient: &str) -> bool {
    let declared = desk.register.recipient(recipient);
    let provider = desk.providers.provider(recipient);
    declared.is_some_and(|declared| declared.stores_input)
        && desk.register.term(TERM).is_some()
        && provider.is_some_and(|provider| provider.keeps(KeptKind::Response))
}
