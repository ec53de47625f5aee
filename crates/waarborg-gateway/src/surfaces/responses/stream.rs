//! A response that comes as a stream of events: one restorer per text that comes in pieces.
//!
//! Each piece comes in an event `response.X.delta`, and the whole of it again in `response.X.done`, in the part, in
//! the item and in the response; all of them say the same after restoring.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, scan};

use super::restore::treat;
use crate::restore::{
    AnswerFault, AnswerText, Called, Handed, LIMITS, Splices, Treatment, restore_leaf,
    without_probabilities,
};
use crate::surfaces::EventRestorer;

/// More texts side by side than this are no answer but an attack on memory.
const MAX_LANES: usize = 1024;

/// Restores one response's stream.
pub(super) struct ResponseRestorer {
    surrogates: Arc<Surrogates>,
    text: AnswerText,
    lanes: BTreeMap<Place, Lane>,
    /// The tools that the items of the output call, where what comes back depends on it.
    names: BTreeMap<u64, String>,
    /// How many events of ours went out between the provider's, which count theirs.
    n_added: u64,
    /// Nothing was replaced on the way out, so there is nothing to put back.
    is_idle: bool,
    /// The number behind that of the provider's last event.
    next_number: u64,
}

/// Where a text that comes in pieces stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The type of its events, without `.delta`.
    kind: String,
    output: u64,
    part: u64,
}

struct Lane {
    restorer: Restorer<'static>,
    /// Its first event, whose `item_id` and so on an event of our own repeats.
    envelope: String,
}

/// What we must know of every event.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
    #[serde(default)]
    sequence_number: Option<u64>,
    #[serde(default)]
    output_index: u64,
    #[serde(default)]
    content_index: Option<u64>,
    #[serde(default)]
    summary_index: Option<u64>,
    #[serde(default)]
    command_index: Option<u64>,
}

impl Head<'_> {
    fn place(&self, ending: &str) -> Option<Place> {
        let kind = self.kind.strip_suffix(ending)?;
        let part = self.content_index.or(self.summary_index);
        Some(Place {
            kind: kind.to_owned(),
            output: self.output_index,
            part: part.or(self.command_index).unwrap_or_default(),
        })
    }

    /// The whole response follows, so that nothing can be held back any longer.
    fn is_last(&self) -> bool {
        matches!(
            &*self.kind,
            "response.completed" | "response.incomplete" | "response.failed"
        )
    }
}

impl ResponseRestorer {
    pub(super) fn new(surrogates: Arc<Surrogates>, text: AnswerText) -> Self {
        let is_idle = surrogates.is_idle();
        Self {
            surrogates,
            text,
            lanes: BTreeMap::new(),
            names: BTreeMap::new(),
            n_added: 0,
            is_idle,
            next_number: 0,
        }
    }

    fn event(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        let data = without_probabilities(data, &self.surrogates)?;
        let leaves = scan(data.as_bytes(), &LIMITS)?;
        let head: Head<'_> = serde_json::from_str(&data).map_err(|_| AnswerFault::Shape)?;
        let number = head.sequence_number.unwrap_or_default();
        self.next_number = number + 1;
        // What is read as a document ends where the summary of a thought begins.
        let text = if head.kind.contains("summary") {
            AnswerText::Plain
        } else {
            self.text
        };
        let mut out: Vec<String> = Vec::new();
        if head.is_last() {
            out.extend(self.flush_all(number));
        } else if let Some(place) = head.place(".done") {
            out.extend(self.flush(&place, number));
        }

        let output = head.output_index;
        let called = Called::by(&leaves, &self.surrogates);
        if let Some(name) = item_called(&leaves, &called) {
            if !self.names.contains_key(&output) && self.names.len() >= MAX_LANES {
                return Err(AnswerFault::Shape);
            }
            self.names.insert(output, name.to_owned());
        }
        let name = self.names.get(&output).cloned();
        let called = called.otherwise(name.as_deref());
        let place = head.place(".delta");
        let mut splices = Splices::default();
        for leaf in &leaves {
            let is_number = leaf.kind == LeafKind::Key && leaf.path.is(&["sequence_number"]);
            if is_number && self.n_added > 0 {
                renumber(leaf, &data, number + self.n_added, &mut splices);
            }
            match &place {
                Some(place) if leaf.kind == LeafKind::Text && leaf.path.is(&["delta"]) => {
                    let piece = self.push(place, &leaf.text, &data)?;
                    if piece != leaf.text {
                        splices.replace(leaf.range.clone(), &piece);
                    }
                }
                _ => {
                    let treatment = match treat(&leaf.path, text) {
                        // The text of a call, once more and whole.
                        Treatment::Restore(_) if head.kind.contains("_call") => Treatment::Hand {
                            handed: Handed::Text,
                            object: 0,
                        },
                        treatment => treatment,
                    };
                    let with = (&*self.surrogates, &called);
                    restore_leaf((leaf, treatment), &data, with, &mut splices);
                }
            }
        }
        drop(head);
        out.push(splices.apply_to(data));
        Ok(out)
    }

    fn push(&mut self, place: &Place, piece: &str, data: &str) -> Result<String, AnswerFault> {
        if let Some(lane) = self.lanes.get_mut(place) {
            return Ok(lane.restorer.push(piece));
        }
        if self.lanes.len() >= MAX_LANES {
            return Err(AnswerFault::Shape);
        }
        let handed = |handed: Handed| {
            let name = self.names.get(&place.output).map(String::as_str);
            handed.scope(self.surrogates.gets(name))
        };
        let scope = match &*place.kind {
            "response.output_text" => self.text.scope(),
            kind if kind.ends_with("arguments") => handed(Handed::Arguments),
            kind if kind.contains("_call") || kind.ends_with("input") => handed(Handed::Text),
            _ => Scope::Text,
        };
        let mut lane = Lane {
            restorer: Restorer::shared(Arc::clone(&self.surrogates), scope),
            envelope: data.to_owned(),
        };
        let text = lane.restorer.push(piece);
        self.lanes.insert(place.clone(), lane);
        Ok(text)
    }

    /// An event with what a lane held back, or nothing if it held nothing. It takes the number of the event that
    /// comes next, and all others move up.
    fn flush(&mut self, place: &Place, number: u64) -> Option<String> {
        let mut lane = self.lanes.remove(place)?;
        let held = lane.restorer.finish();
        if held.is_empty() {
            return None;
        }
        let mut event: Value = serde_json::from_str(&lane.envelope).ok()?;
        let members = event.as_object_mut()?;
        members.insert("delta".to_owned(), held.into());
        if members.contains_key("logprobs") {
            members.insert("logprobs".to_owned(), Value::Array(Vec::new()));
        }
        members.remove("obfuscation");
        let number = number + self.n_added;
        members.insert("sequence_number".to_owned(), number.into());
        self.n_added += 1;
        Some(event.to_string())
    }

    fn flush_all(&mut self, number: u64) -> Vec<String> {
        let open: Vec<Place> = self.lanes.keys().cloned().collect();
        open.iter()
            .filter_map(|place| self.flush(place, number))
            .collect()
    }
}

/// The tool that the item of an event calls.
fn item_called<'l>(leaves: &'l [Leaf], called: &Called<'l>) -> Option<&'l str> {
    let item = leaves
        .iter()
        .find(|leaf| leaf.path.starts(&["item", "*"]))?;
    called.name(item.path.segments(), 1)
}

/// The number of an event.
fn number_of(data: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        sequence_number: u64,
    }
    serde_json::from_str(data)
        .map(|event: Numbered| event.sequence_number)
        .ok()
}

/// Replaces the digits behind a key.
fn renumber(key: &Leaf, data: &str, number: u64, splices: &mut Splices) {
    let behind = data.get(key.range.end..).unwrap_or_default();
    let Some(start) = behind.find(|next: char| next.is_ascii_digit()) else {
        return;
    };
    let digits = behind.get(start..).unwrap_or_default();
    let length = digits
        .find(|next: char| !next.is_ascii_digit())
        .unwrap_or(digits.len());
    let start = key.range.end + start;
    splices.replace_written(start..start + length, number.to_string());
}

impl EventRestorer for ResponseRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        if self.is_idle {
            self.next_number = number_of(&data).map_or(self.next_number, |number| number + 1);
            Ok(vec![data])
        } else {
            self.event(data)
        }
    }

    fn finish(&mut self) -> Vec<String> {
        self.flush_all(self.next_number)
    }

    fn event_name(&self, data: &str) -> Option<String> {
        let head: Head<'_> = serde_json::from_str(data).ok()?;
        Some(head.kind.into_owned())
    }

    fn end(&self) -> Option<&'static str> {
        None
    }

    fn ending(&self, error: String) -> String {
        let Ok(Value::Object(mut members)) = serde_json::from_str(&error) else {
            return error;
        };
        let number = self.next_number + self.n_added;
        members.insert("sequence_number".to_owned(), number.into());
        Value::Object(members).to_string()
    }
}
