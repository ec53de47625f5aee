//! What opens a request for a while: a code that was mailed, the link in a mail.

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::RequestId;
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::Request;

use super::{Answer, Mark, NewRecord};

/// What sort of thing opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningKind {
    /// A code that was mailed, to show that the address is theirs.
    Code,
    /// The same, of somebody who wants to be answered by mail.
    CodeForMail,
    /// The link in a mail, before somebody used it.
    Link,
    /// What such a link became when it was used: it reads, and changes nothing.
    Reading,
    /// A link for another controller, which needs the code that the person hands over.
    Transfer,
}

impl OpeningKind {
    /// Every sort.
    pub const ALL: [Self; 5] = [
        Self::Code,
        Self::CodeForMail,
        Self::Link,
        Self::Reading,
        Self::Transfer,
    ];

    /// Its word in the store.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::CodeForMail => "code_for_mail",
            Self::Link => "link",
            Self::Reading => "reading",
            Self::Transfer => "transfer",
        }
    }

    /// Reads a word of the store.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Something that opens a request for a while. Only a keyed fingerprint of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: Uuid,
    /// The request.
    pub request: RequestId,
    /// What sort of thing it is.
    pub kind: OpeningKind,
    /// Its keyed fingerprint.
    pub fingerprint: Mark,
    /// The keyed fingerprint of what must come with it, if something must.
    pub second: Option<Mark>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// How often somebody may be wrong.
    pub n_left: u32,
    /// The keyed fingerprint of the address to which it was mailed, if it was.
    pub mailed_to: Option<Mark>,
}

/// Openings. They are in no backup: what was used stays used.
pub trait Openings: Send + Sync {
    /// Adds a code in the place of an earlier one of the same request. Says whether it did: of one request, and to one
    /// address, there are so many at most until the last of them ended.
    fn add_code(&self, code: Opening, most: u32, at: Timestamp, entry: Entry) -> Answer<'_, bool>;
    /// Tries a code; what was right is used up, what was wrong counts. Says what sort of code it was, if it was right.
    fn try_code(
        &self,
        request: RequestId,
        fingerprint: Mark,
        now: Timestamp,
    ) -> Answer<'_, Option<OpeningKind>>;
    /// Uses a link up; `reading` opens its request from then on, whatever request it names itself.
    fn use_link(
        &self,
        link: Mark,
        reading: Opening,
        now: Timestamp,
        entry: Entry,
    ) -> Answer<'_, Option<Request>>;
    /// Adds a link for another controller to a request, open or closed, with what its file keeps of it.
    fn add_transfer<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        transfer: Opening,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()>;
    /// Tries a link for another controller with its code. What is wrong counts; what is right opens nothing yet.
    fn try_transfer(&self, link: Mark, code: Mark, now: Timestamp) -> Answer<'_, Option<Request>>;
    /// Uses up a link for another controller that was tried, and keeps what is noted of it, in one step. Says whether
    /// nobody else did.
    fn use_transfer<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        link: Mark,
        noted: Vec<NewRecord>,
        entries: Vec<Entry>,
    ) -> Answer<'a, bool>;
    /// The request with this public reference, if this reads it now.
    fn opened<'a>(
        &'a self,
        reference: &'a str,
        reading: Mark,
        now: Timestamp,
    ) -> Answer<'a, Option<Request>>;
}
