//! One step of a request: when it began and ended, and words of our own about it.

use std::borrow::Cow;

/// The id of a span.
pub(super) type SpanId = [u8; 8];

/// The id that the spans of one request share.
pub(super) type TraceId = [u8; 16];

/// What a span is to the two ends of a connection. The numbers are those of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanKind {
    /// Work inside this program.
    Internal = 1,
    /// Somebody asked us.
    Server = 2,
    /// We ask somebody.
    Client = 3,
}

/// A value of an attribute. There is no way to put in what came from a request, other than by writing it down as a
/// [`Attribute::Name`], which are names of the register and of `waarborg.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attribute {
    /// A word of the program.
    Word(&'static str),
    /// A name that the operator chose, or an id that the program made.
    Name(String),
    /// A number.
    Count(u64),
}

/// One step of a request.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) trace: TraceId,
    pub(super) id: SpanId,
    pub(super) parent: Option<SpanId>,
    pub(super) name: Cow<'static, str>,
    pub(super) kind: SpanKind,
    /// Nanoseconds since 1970.
    pub(super) began_at_ns: u64,
    /// Nanoseconds since 1970.
    pub(super) ended_at_ns: u64,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    pub(super) has_failed: bool,
}

impl Span {
    pub(super) fn word(&mut self, name: &'static str, word: &'static str) {
        self.attributes.push((name, Attribute::Word(word)));
    }

    pub(super) fn name(&mut self, name: &'static str, value: &str) {
        self.attributes
            .push((name, Attribute::Name(value.to_owned())));
    }

    pub(super) fn count(&mut self, name: &'static str, number: u64) {
        self.attributes.push((name, Attribute::Count(number)));
    }

    /// The step failed, for this reason; the first one counts.
    pub(super) fn failed(&mut self, why: Cow<'static, str>) {
        if !self.has_failed {
            self.has_failed = true;
            let why = match why {
                Cow::Borrowed(word) => Attribute::Word(word),
                Cow::Owned(word) => Attribute::Name(word),
            };
            self.attributes.push(("error.type", why));
        }
    }
}
