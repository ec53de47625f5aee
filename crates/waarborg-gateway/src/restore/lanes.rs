//! The texts of an answer that come in pieces, and where in a chunk a piece of each stands.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use waarborg_domain::json::{Path, Segment};

use crate::completion::Mark;

/// Fields of a delta whose text comes in pieces.
const FIELDS_IN_PIECES: [&str; 5] = [
    "content",
    "refusal",
    "reasoning_content",
    "reasoning",
    "thinking",
];

const THOUGHT_PART: [&str; 8] = [
    "choices", "[]", "delta", "content", "[]", "thinking", "[]", "text",
];

/// A text that comes in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lane {
    pub(super) choice: u64,
    pub(super) field: Field,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Text(&'static str),
    /// The text of a message that comes as a list of parts.
    Part,
    /// What the model thought, in such a list.
    ThoughtPart,
    /// A detail of what the model thought, by its index.
    Detail(u64),
    /// What such a detail sums up.
    Summary(u64),
    FunctionArguments,
    /// By the number of the call.
    ToolArguments(u64),
    /// What a tool gets as it stands.
    ToolText(u64),
    /// The text of a completion, which has no message around it.
    Completion,
}

impl Field {
    /// What is said one after the other: each of these ends where another one goes on.
    pub(super) const CONTENT: [Self; 3] = [Self::Text("content"), Self::Part, Self::ThoughtPart];
}

/// The places of a chunk, which are numbers and so no leaves.
#[derive(Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    pub(super) choices: Option<Vec<ChoicePlace>>,
    #[serde(default)]
    pub(super) error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
pub(super) struct ChoicePlace {
    pub(super) index: Option<u64>,
    #[serde(default)]
    pub(super) delta: Option<DeltaPlace>,
    #[serde(default)]
    pub(super) finish_reason: Value,
}

#[derive(Deserialize)]
pub(super) struct DeltaPlace {
    #[serde(default)]
    pub(super) tool_calls: Option<Vec<ToolPlace>>,
    /// Of any shape: where it is another one, its texts are no pieces.
    #[serde(default)]
    reasoning_details: Value,
}

impl DeltaPlace {
    /// The index of the detail that stands in this place.
    fn detail(&self, place: usize) -> Option<u64> {
        let index = self.reasoning_details.get(place)?.get("index");
        let index = index.and_then(Value::as_u64);
        index.or_else(|| u64::try_from(place).ok())
    }
}

#[derive(Deserialize)]
pub(super) struct ToolPlace {
    index: Option<u64>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<Named>,
    #[serde(default)]
    custom: Option<Named>,
    /// Its place among the calls of its choice.
    #[serde(skip)]
    pub(super) number: Option<u64>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Option<String>,
}

impl ToolPlace {
    pub(super) fn mark(&self) -> Mark<'_> {
        let mut named = [&self.function, &self.custom].into_iter().flatten();
        let has_name = |named: &Named| named.name.as_ref().is_some_and(|name| !name.is_empty());
        Mark {
            index: self.index,
            id: self.id.as_deref().unwrap_or_default(),
            is_named: named.any(has_name),
        }
    }
}

impl Chunk {
    pub(super) fn choices(&self) -> &[ChoicePlace] {
        self.choices.as_deref().unwrap_or_default()
    }
}

/// What a string that comes in pieces is to its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Text,
    /// The name of the tool that gets the text.
    Name,
}

/// The lane of a string, if its text comes in pieces.
pub(super) fn lane_of(path: &Path, chunk: &Chunk) -> Option<(Lane, Piece)> {
    let is_completion = path.is(&["choices", "[]", "text"]);
    if !is_completion && !path.starts(&["choices", "[]", "delta"]) {
        return None;
    }
    let (place, choice) = match path.segments().get(1)? {
        Segment::Index(place) => (u64::try_from(*place).ok()?, chunk.choices().get(*place)?),
        Segment::Key(_) => return None,
    };
    let (field, piece) = match path.segments().get(3..) {
        None | Some([]) if is_completion => (Field::Completion, Piece::Text),
        Some([Segment::Key(key)]) => {
            let field = FIELDS_IN_PIECES
                .into_iter()
                .find(|field| **field == **key)?;
            (Field::Text(field), Piece::Text)
        }
        _ if path.is(&["choices", "[]", "delta", "content", "[]", "text"]) => {
            (Field::Part, Piece::Text)
        }
        _ if path.is(&THOUGHT_PART) => (Field::ThoughtPart, Piece::Text),
        Some(
            [
                Segment::Key(details),
                Segment::Index(detail),
                Segment::Key(key),
            ],
        ) if &**details == "reasoning_details" => {
            let index = choice.delta.as_ref()?.detail(*detail)?;
            match &**key {
                "text" => (Field::Detail(index), Piece::Text),
                "summary" => (Field::Summary(index), Piece::Text),
                _ => return None,
            }
        }
        _ if path.is(&["choices", "[]", "delta", "function_call", "arguments"]) => {
            (Field::FunctionArguments, Piece::Text)
        }
        _ if path.is(&["choices", "[]", "delta", "function_call", "name"]) => {
            (Field::FunctionArguments, Piece::Name)
        }
        Some(
            [
                Segment::Key(calls),
                Segment::Index(tool),
                Segment::Key(kind),
                Segment::Key(piece),
            ],
        ) if &**calls == "tool_calls" => {
            let calls = choice.delta.as_ref()?.tool_calls.as_ref()?;
            let number = calls.get(*tool)?.number?;
            match (&**kind, &**piece) {
                ("function", "arguments") => (Field::ToolArguments(number), Piece::Text),
                ("function", "name") => (Field::ToolArguments(number), Piece::Name),
                ("custom", "input") => (Field::ToolText(number), Piece::Text),
                ("custom", "name") => (Field::ToolText(number), Piece::Name),
                _ => return None,
            }
        }
        _ => return None,
    };
    let lane = Lane {
        choice: choice.index.unwrap_or(place),
        field,
    };
    Some((lane, piece))
}
