//! Responses that follow one another at a provider that keeps them, and conversations that stand there by themselves. What was
//! replaced is kept here, sealed, as long as the provider may be asked for it; the next request takes it up.
//!
//! A response has a map of its own that never changes. A conversation has one that grows: what is said in it next is said of all that
//! was said before, by whomever of its requests, so it is written only as long as it is still the one that was read.

use serde_json::{Map as Members, Value, json};
use uuid::Uuid;
use waarborg_detect::surrogate::{Language, Surrogates};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::policy::Policy;
use waarborg_domain::prompt::{Known, Prompt, Raw, Report, Screened};

use super::{Asked, GatewayError};
use crate::batches::{self, BatchError, Contradiction, Found, Map, MapLine, TERM};
use crate::desk::Desk;
use crate::ports::{
    GatewayKey, Growth, KeptKind, KeptMap, MapContent, NewMap, Provided, StoreError,
};

/// What a request has to do with what its provider keeps.
pub struct Thread {
    /// The response from which it goes on, or the conversation in which it is said.
    pub previous: Option<Previous>,
    /// Whether the provider keeps what it makes of the request.
    pub keeping: Keeping,
    /// What it makes of it.
    pub kind: KeptKind,
    /// The client's own labels of that. They stay here.
    pub labels: Members<String, Value>,
    /// By which word the gateway knows what the answer looks like.
    pub form: String,
}

impl Default for Thread {
    fn default() -> Self {
        Self {
            previous: None,
            keeping: Keeping::default(),
            kind: KeptKind::Response,
            labels: Members::new(),
            form: String::new(),
        }
    }
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

/// A response that a provider keeps and what was replaced up to it, or a conversation and what was replaced in it.
pub struct Previous {
    kept: KeptMap,
    provider_name: String,
    /// Its map, without the line.
    map: Map,
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

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> KeptKind {
        self.kept.kind
    }

    fn is_conversation(&self) -> bool {
        self.kept.kind == KeptKind::Conversation
    }

    /// What was personal up to it.
    #[must_use]
    pub fn known(&self) -> Vec<Known> {
        self.line.known()
    }
}

/// The response of this key and this person from which a request goes on, or the conversation in which it is said; `None` if there
/// is none, or it is another's.
///
/// # Errors
///
/// [`BatchError`]; [`BatchError::MapGone`] if what was replaced in it was erased.
pub async fn previous(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    what: (KeptKind, Uuid),
) -> Result<Option<Previous>, BatchError> {
    let Some((found, mut map)) = found(desk, key, person, what).await? else {
        return Ok(None);
    };
    Ok(map.lines.pop().map(|line| Previous {
        n_bytes: found.n_bytes(),
        kept: found.kept,
        provider_name: found.provider_name,
        map,
        line,
    }))
}

/// A response or a conversation of this key and this person that a provider keeps, and its map; `None` if there is none, or it is
/// another's.
///
/// # Errors
///
/// As [`previous`].
pub async fn found(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    what: (KeptKind, Uuid),
) -> Result<Option<(Found, Map)>, BatchError> {
    let Some(found) = of_key(desk, key, what).await? else {
        return Ok(None);
    };
    // Whose it is comes first, and what may be deleted may be so whatever the register says of its purpose by now.
    let map = found.read()?;
    let writer = map.beside.get(WRITER).and_then(Value::as_str);
    let is_theirs = writer == mark(desk, key, person).as_deref();
    Ok(is_theirs.then_some((found, map)))
}

/// A response or a conversation of this key that a provider keeps, whoever wrote it.
///
/// # Errors
///
/// As [`previous`].
pub async fn of_key(
    desk: &Desk,
    key: &GatewayKey,
    what: (KeptKind, Uuid),
) -> Result<Option<Found>, BatchError> {
    match batches::find(desk, key, what).await {
        Ok(found) => Ok(Some(found)),
        Err(BatchError::NoSuch) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The client gives a conversation of this key and this person other labels. Nothing of it leaves. Says what is kept of it now; `None` if
/// there is none, or it is another's.
///
/// # Errors
///
/// As [`previous`]; [`GatewayError::Outrun`] if the conversation went on all the time.
pub async fn labelled(
    desk: &Desk,
    key: &GatewayKey,
    person: Option<&str>,
    (what, labels): ((KeptKind, Uuid), &Members<String, Value>),
) -> Result<Option<Found>, BatchError> {
    for _ in 0..super::MOST_TRIES {
        let Some((found, mut map)) = self::found(desk, key, person, what).await? else {
            return Ok(None);
        };
        map.beside
            .insert(LABELS.to_owned(), Value::Object(labels.clone()));
        let marks = map.marks_and_beside(desk);
        let growth = Growth {
            id: found.kept.id,
            version: found.kept.version,
            content: map.written(),
            marks: marks.map_err(|_| GatewayError::Finder)?,
            ends_at: found.kept.ends_at,
        };
        let facts = Facts {
            recipient: Some(found.kept.recipient.clone()),
            register: Some(desk.register.version().to_owned()),
            ..Facts::default()
        };
        let entry = Entry::new(desk.now(), Actor::Application(key.id), Act::KeptMapLabelled)
            .for_purpose(&key.purpose)
            .on(found.kept.id)
            .with(facts);
        if desk.store.grow_map(growth, None, entry).await? {
            return Ok(Some(found));
        }
    }
    Err(GatewayError::Outrun.into())
}

/// The provider said by which name it knows what it keeps.
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

/// In a map: in which conversation the response was given.
const CONVERSATION: &str = "conversation";

/// Whether the house wrote this member of a map itself, so that nobody's data can stand in it.
pub(crate) fn is_ours(member: &str) -> bool {
    [WRITER, PREVIOUS, CONVERSATION].contains(&member)
}

/// In a map: the client's own labels.
const LABELS: &str = "metadata";

/// The response before the one of this map, as its client knows it.
#[must_use]
pub fn previous_of(map: &Map) -> Option<Uuid> {
    id_in(map, PREVIOUS)
}

/// The conversation in which the response of this map was given, as its client knows it.
#[must_use]
pub fn conversation_of(map: &Map) -> Option<Uuid> {
    id_in(map, CONVERSATION)
}

fn id_in(map: &Map, member: &str) -> Option<Uuid> {
    let id = map.beside.get(member).and_then(Value::as_str)?;
    Uuid::try_parse(id).ok()
}

/// The client's own labels of what this map belongs to.
#[must_use]
pub fn labels_of(map: &Map) -> Value {
    map.beside.get(LABELS).cloned().unwrap_or_else(|| json!({}))
}

impl Asked {
    /// The same, after the conversation in which it is said went on by another request.
    ///
    /// # Errors
    ///
    /// [`GatewayError::PreviousGone`] if it was deleted or erased meanwhile.
    pub(super) async fn caught_up(
        mut self,
        desk: &Desk,
        key: &GatewayKey,
    ) -> Result<Self, GatewayError> {
        let Some(before) = &self.thread.previous else {
            return Ok(self);
        };
        let what = (before.kind(), before.id());
        let gone = GatewayError::PreviousGone(before.kind());
        let found = previous(desk, key, self.wishes.person.as_deref(), what).await;
        let found = found.map_err(|error| match error {
            BatchError::Gateway(error) => error,
            _ => gone.clone(),
        })?;
        let found = found.ok_or(gone)?;
        self.prompt = self.prompt.with_known(found.known());
        self.thread.previous = Some(found);
        Ok(self)
    }
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
    kept: KeptMap,
    map: Map,
    content: MapContent,
}

impl ToKeep {
    fn of(kept: KeptMap, map: Map) -> Self {
        let content = map.written();
        Self { kept, map, content }
    }

    fn is_too_much(&self) -> bool {
        self.content.len() > MOST_BYTES
    }

    fn finished(self, desk: &Desk) -> Result<NewMap, GatewayError> {
        let marks = self.map.marks_and_beside(desk);
        Ok(NewMap {
            marks: marks.map_err(|_| GatewayError::Finder)?,
            kept: self.kept,
            content: self.content,
        })
    }
}

/// What is written here before anything leaves.
#[derive(Default)]
pub(super) struct ToWrite {
    /// A map that is to be kept.
    new: Option<ToKeep>,
    /// What the map of the conversation says from now on.
    grown: Option<ToKeep>,
}

impl ToWrite {
    /// Writes it, and the line in the log with the same stroke. Says what is kept of the answer.
    ///
    /// # Errors
    ///
    /// [`GatewayError::Outrun`] if the conversation went on meanwhile, [`GatewayError::PreviousGone`] if what is taken up is gone.
    pub(super) async fn write(
        self,
        desk: &Desk,
        previous: Option<&Previous>,
        entry: Entry,
    ) -> Result<Option<KeptMap>, GatewayError> {
        let new = self.new.map(|new| new.finished(desk)).transpose()?;
        let kept = new.as_ref().map(|new| new.kept.clone());
        if let Some(grown) = self.grown {
            let NewMap {
                kept: before,
                content,
                marks,
            } = grown.finished(desk)?;
            let growth = Growth {
                id: before.id,
                version: before.version,
                content,
                marks,
                ends_at: desk.term_ends_at(TERM, desk.now()),
            };
            let has_grown = desk.store.grow_map(growth, new, entry).await?;
            return has_grown.then_some(kept).ok_or(GatewayError::Outrun);
        }
        let Some(NewMap {
            kept: map,
            content,
            marks,
        }) = new
        else {
            desk.store.note(entry).await?;
            return Ok(None);
        };
        // What was erased meanwhile does not come again.
        let provided = previous.map_or(Provided::Anyhow, |previous| Provided::After(previous.id()));
        let keeping = desk.store.keep_map(map, content, marks, provided, entry);
        let gone = GatewayError::PreviousGone(KeptKind::Response);
        keeping.await?.then_some(kept).ok_or(gone)
    }
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
        to_write: ToWrite,
    ) -> Result<(ToWrite, Option<&'static str>), GatewayError> {
        let ToWrite { new, grown } = to_write;
        if grown.as_ref().is_some_and(ToKeep::is_too_much) {
            return Err(GatewayError::TooMuchToKeep);
        }
        match self.keeping {
            _ if !new.as_ref().is_some_and(ToKeep::is_too_much) => {
                Ok((ToWrite { new, grown }, None))
            }
            Keeping::Unless(member) => Ok((ToWrite { new: None, grown }, Some(member))),
            Keeping::Asked | Keeping::Nothing => Err(GatewayError::TooMuchToKeep),
        }
    }

    /// What was personal before.
    #[must_use]
    pub fn known(&self) -> Vec<Known> {
        let previous = self.previous.as_ref();
        previous.map(Previous::known).unwrap_or_default()
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

    /// What leaves, with the recipient's own name of what it goes on from, and what it must be told.
    pub(super) fn addressed(
        &self,
        prompt: Prompt<Screened>,
        to_tell: Option<&'static str>,
    ) -> Prompt<Screened> {
        let prompt = match &self.previous {
            Some(previous) if previous.is_conversation() => {
                prompt.with_conversation(&previous.provider_name)
            }
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
    /// [`GatewayError::NotKept`] if the request asks for what it may not keep, [`GatewayError::KeepsNone`] if its provider keeps none of it.
    pub(super) fn to_tell(
        &self,
        desk: &Desk,
        recipient: &str,
    ) -> Result<Option<&'static str>, GatewayError> {
        match self.keeping {
            Keeping::Nothing => Ok(None),
            _ if may_keep(desk, recipient, self.kind) => Ok(None),
            Keeping::Unless(member) => Ok(Some(member)),
            Keeping::Asked if !keeps(desk, recipient, self.kind) => {
                Err(GatewayError::KeepsNone(self.kind))
            }
            Keeping::Asked => Err(GatewayError::NotKept),
        }
    }

    /// What is to be kept here of what this recipient keeps.
    pub(super) fn to_write(
        &self,
        desk: &Desk,
        key: &GatewayKey,
        recipient: &str,
        (person, policy, language): (Option<&str>, Option<&str>, Language),
        (prompt, report, surrogates): (&Prompt<Raw>, &Report, &Surrogates),
    ) -> ToWrite {
        let previous = self.previous.as_ref();
        let conversation = previous.filter(|previous| previous.is_conversation());
        let keeps = self.keeping != Keeping::Nothing && may_keep(desk, recipient, self.kind);
        if !keeps && conversation.is_none() {
            return ToWrite::default();
        }
        let tools = prompt.tools().map(str::to_owned).collect();
        let line = MapLine::new(String::new(), self.form.clone(), tools, surrogates);
        let line = line.knowing(prompt, report);
        let line = match previous {
            Some(previous) => line.after(&previous.line),
            None => line,
        };
        let grown = conversation.map(|before| {
            let map = Map {
                language,
                policy: stricter(policy, before.map.policy.as_deref()),
                beside: before.map.beside.clone(),
                lines: vec![line.clone().grown_from(&before.line)],
            };
            ToKeep::of(before.kept.clone(), map)
        });
        let new = keeps.then(|| {
            let map = Map {
                language,
                policy: policy.map(str::to_owned),
                beside: self.beside(mark(desk, key, person)),
                lines: vec![line],
            };
            ToKeep::of(self.new_map(desk, key, recipient), map)
        });
        ToWrite { new, grown }
    }

    /// What is kept beside what was replaced.
    fn beside(&self, writer: Option<String>) -> Members<String, Value> {
        let mut beside = Members::new();
        if let Some(writer) = writer {
            beside.insert(WRITER.to_owned(), json!(writer));
        }
        if let Some(previous) = &self.previous {
            let member = if previous.is_conversation() {
                CONVERSATION
            } else {
                PREVIOUS
            };
            let id = previous.id().simple().to_string();
            beside.insert(member.to_owned(), json!(id));
        }
        if !self.labels.is_empty() {
            beside.insert(LABELS.to_owned(), Value::Object(self.labels.clone()));
        }
        beside
    }

    fn new_map(&self, desk: &Desk, key: &GatewayKey, recipient: &str) -> KeptMap {
        let now = desk.now();
        KeptMap {
            id: desk.ids.id(now),
            key: key.id,
            kind: self.kind,
            recipient: recipient.to_owned(),
            provider_name: None,
            created_at: now,
            ends_at: desk.term_ends_at(TERM, now),
            version: 1,
        }
    }
}

/// The policy that counts for what tools get of a conversation, of the two that were asked for in it: the one of before, unless the
/// later one is stricter.
fn stricter(later: Option<&str>, before: Option<&str>) -> Option<String> {
    let policy = |name: &str| Policy::shipped(name).ok();
    let named = match (later, before) {
        (Some(later), Some(before)) => match (policy(later), policy(before)) {
            (Some(new), Some(old)) if new.is_stricter_than(&old) => Some(later),
            _ => Some(before),
        },
        (later, before) => before.or(later),
    };
    named.map(str::to_owned)
}

/// Whether a recipient can be asked for what it keeps of this kind again, and the register says that it keeps what it gets, and how
/// long what was replaced is kept here.
pub(super) fn may_keep(desk: &Desk, recipient: &str, kind: KeptKind) -> bool {
    let declared = desk.register.recipient(recipient);
    declared.is_some_and(|declared| declared.stores_input)
        && desk.register.term(TERM).is_some()
        && keeps(desk, recipient, kind)
}

/// Whether a recipient can be asked for what it keeps of this kind again.
#[must_use]
pub fn keeps(desk: &Desk, recipient: &str, kind: KeptKind) -> bool {
    let provider = desk.providers.provider(recipient);
    provider.is_some_and(|provider| provider.keeps(kind))
}
