//! What came in the place of what in something that a provider keeps for an application, until that is over: a batch of
//! requests, a file with them, a response from which others go on.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::GatewayKeyId;
use zeroize::Zeroizing;

use super::{Answer, Mark};

/// What the provider keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeptKind {
    /// A batch of Anthropic's.
    MessageBatch,
    /// A file with the requests of a batch of OpenAI's.
    File,
    /// A batch of OpenAI's.
    Batch,
    /// An answer in OpenAI's `responses`.
    Response,
    /// A conversation of OpenAI's, to which responses and items are added.
    Conversation,
}

impl KeptKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::MessageBatch,
        Self::File,
        Self::Batch,
        Self::Response,
        Self::Conversation,
    ];

    /// Its word in the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessageBatch => "message_batch",
            Self::File => "file",
            Self::Batch => "batch",
            Self::Response => "response",
            Self::Conversation => "conversation",
        }
    }

    /// Reads a word of the store.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// Something that a provider keeps, as it is known here; what stands in its map is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptMap {
    /// Its id, of which the name that the client knows is made.
    pub id: Uuid,
    /// The key that made it; no other sees it.
    pub key: GatewayKeyId,
    /// What the provider keeps.
    pub kind: KeptKind,
    /// Which recipient keeps it.
    pub recipient: String,
    /// By which name the recipient knows it; `None` until it said so.
    pub provider_name: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when the map is kept.
    pub ends_at: Timestamp,
    /// How often its map was written: more than once where it grows.
    pub version: u32,
}

/// What a map says; it is wiped from memory.
pub type MapContent = Zeroizing<String>;

/// A map, opened. `None` where its key was destroyed: then nothing can be put back any more.
pub type Opened = Option<MapContent>;

/// A map that is to be kept.
pub struct NewMap {
    /// What is known of it.
    pub kept: KeptMap,
    /// What it says.
    pub content: MapContent,
    /// By which marks an erasure finds it.
    pub marks: Vec<Mark>,
}

/// What a map that is there says from now on.
pub struct Growth {
    /// Which one.
    pub id: Uuid,
    /// The version that was read.
    pub version: u32,
    /// What it says.
    pub content: MapContent,
    /// By which marks an erasure finds it, beside those of before.
    pub marks: Vec<Mark>,
    /// Until when it is kept.
    pub ends_at: Timestamp,
}

/// What must hold so that a map is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provided {
    /// Its key has fewer than so many already of those that have a bound.
    Fewer(u32),
    /// The map that it takes up is still there, and nothing of it was erased.
    After(Uuid),
    /// Nothing.
    Anyhow,
}

/// Which of the things that a key made are asked for, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// From the newest on.
    #[default]
    First,
    /// Those that are older than this one.
    After(Uuid),
    /// Those that are newer than this one, the nearest of them.
    Before(Uuid),
}

/// The maps of what providers keep. Each is sealed under a key of its own, which dies with it.
pub trait KeptMaps: Send + Sync {
    /// Keeps a map, provided that; says whether it did. By the marks an erasure finds it.
    fn keep_map(
        &self,
        map: KeptMap,
        content: MapContent,
        marks: Vec<Mark>,
        provided: Provided,
        entry: Entry,
    ) -> Answer<'_, bool>;
    /// Writes a map anew, and keeps another one with the same stroke, if it is still the version that was read and nothing of it was
    /// erased; says whether it did.
    fn grow_map(&self, growth: Growth, with: Option<NewMap>, entry: Entry) -> Answer<'_, bool>;
    /// Notes by which name the recipient knows it.
    fn name_map<'a>(&'a self, id: Uuid, provider_name: &'a str) -> Answer<'a, ()>;
    /// One of a key, with its map opened, unless it ended.
    fn kept_map(
        &self,
        key: GatewayKeyId,
        id: Uuid,
        now: Timestamp,
    ) -> Answer<'_, Option<(KeptMap, Opened)>>;
    /// Those of a key that have a name at their recipient and did not end, newest first, at most `n`.
    fn kept_maps(
        &self,
        key: GatewayKeyId,
        kind: KeptKind,
        part: Part,
        now: Timestamp,
        n: u32,
    ) -> Answer<'_, Vec<KeptMap>>;
    /// Destroys a map, and what is known of it. Says whether it was there.
    fn end_map(&self, id: Uuid, entry: Entry) -> Answer<'_, bool>;
}
