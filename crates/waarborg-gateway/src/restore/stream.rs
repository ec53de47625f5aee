//! An answer that comes as a stream of chunks: one restorer per choice and field, and per tool call.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, scan};

use super::lanes::{Chunk, Field, Lane, Piece, ToolPlace, lane_of};
use super::{
    AnswerFault, AnswerText, Handed, LIMITS, Name, Splices, Treatment, treatment_of,
    without_probabilities,
};
use crate::completion::{Calls, Mark, has_ended};

/// More texts side by side than this are no answer but an attack on memory.
const MAX_LANES: usize = 1024;

/// Restores one answer's stream.
pub struct StreamRestorer {
    surrogates: Arc<Surrogates>,
    text: AnswerText,
    lanes: BTreeMap<Lane, Restorer<'static>>,
    /// The tools that get these texts, where what comes back depends on it.
    names: BTreeMap<Lane, Name>,
    calls: Calls,
    /// A recent chunk, whose `id`, `model` and so on a chunk of our own repeats.
    envelope: Option<String>,
    /// Whether each choice that began is still open.
    choices: BTreeMap<u64, bool>,
    /// Nothing was replaced on the way out, so there is nothing to put back.
    is_idle: bool,
}

impl StreamRestorer {
    /// A restorer for one answer.
    #[must_use]
    pub fn new(surrogates: Arc<Surrogates>, text: AnswerText) -> Self {
        let is_idle = surrogates.is_idle();
        Self {
            surrogates,
            text,
            lanes: BTreeMap::new(),
            names: BTreeMap::new(),
            calls: Calls::default(),
            envelope: None,
            choices: BTreeMap::new(),
            is_idle,
        }
    }

    /// Whether every choice that began also ended, so that a stream may stop here.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.choices.is_empty() && self.choices.values().all(|is_open| !is_open)
    }

    /// Restores the data of one event other than `[DONE]`. Most give one; where held-back text
    /// must go out first, it comes before in a chunk of its own.
    ///
    /// # Errors
    ///
    /// [`AnswerFault`] if this is no chunk of the protocol; the stream cannot go on.
    pub fn chunk(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        let data = without_probabilities(data, &self.surrogates)?;
        let leaves = if self.is_idle {
            Vec::new()
        } else {
            scan(data.as_bytes(), &LIMITS)?
        };
        let mut chunk: Chunk = serde_json::from_str(&data).map_err(|_| AnswerFault::Shape)?;
        if chunk.error.is_some() {
            return Err(AnswerFault::ProviderError);
        }
        for (choice, place) in chunk.choices().iter().zip(0..) {
            let is_open = !has_ended(&choice.finish_reason);
            self.choices.insert(choice.index.unwrap_or(place), is_open);
        }

        if self.choices.len() > MAX_LANES {
            return Err(AnswerFault::Shape);
        }
        if self.is_idle {
            return Ok(vec![data]);
        }
        let over = self.number(&mut chunk)?;
        if self.surrogates.asks_for_tools() {
            self.hear_names(&leaves, &chunk)?;
        }
        let mut ending = self.lanes_ending_in(&chunk);
        ending.extend(over);
        ending.extend(content_before_the_last(&leaves, &chunk));
        let last = last_pieces(&leaves, &chunk, &ending);
        let mut splices = Splices::default();
        for (place, leaf) in leaves.into_iter().enumerate() {
            if leaf.kind != LeafKind::Text {
                continue;
            }
            let text = match lane_of(&leaf.path, &chunk) {
                Some((lane, Piece::Text)) => {
                    let is_over = last.get(&lane) == Some(&place);
                    if is_over {
                        ending.retain(|other| *other != lane);
                    }
                    self.piece(lane, &leaf, is_over)?
                }
                Some((_, Piece::Name)) | None => self.whole(&leaf),
            };
            if text != leaf.text {
                splices.replace(leaf.range, &text);
            }
        }

        let mut out: Vec<String> = ending
            .into_iter()
            .filter_map(|lane| self.flush(lane, &data))
            .collect();
        let restored = splices.apply_to(data.clone());
        if !chunk.choices().is_empty() {
            self.envelope = Some(data);
        }
        out.push(restored);
        Ok(out)
    }

    /// What is still held back when the stream ends.
    pub fn finish(&mut self) -> Vec<String> {
        let envelope = self.envelope.take().unwrap_or_default();
        let lanes: Vec<Lane> = self.lanes.keys().copied().collect();
        lanes
            .into_iter()
            .filter_map(|lane| self.flush(lane, &envelope))
            .collect()
    }

    fn lanes_ending_in(&self, chunk: &Chunk) -> Vec<Lane> {
        let is_ending = |lane: &&Lane| ends(chunk, lane.choice);
        self.lanes.keys().filter(is_ending).copied().collect()
    }

    /// Numbers the calls, and says what came to its end because another call began under its index.
    fn number(&mut self, chunk: &mut Chunk) -> Result<Vec<Lane>, AnswerFault> {
        let mut over = Vec::new();
        for (choice, place) in chunk.choices.iter_mut().flatten().zip(0..) {
            let of = choice.index.unwrap_or(place);
            let delta = choice.delta.as_mut();
            let calls = delta.and_then(|delta| delta.tool_calls.as_mut());
            let Some(calls) = calls else { continue };
            let marks: Vec<Mark<'_>> = calls.iter().map(ToolPlace::mark).collect();
            let numbered = self.calls.number(of, &marks).ok_or(AnswerFault::Shape)?;
            for (call, numbered) in calls.iter_mut().zip(numbered) {
                call.number = Some(numbered.number);
                let before = numbered.follows.into_iter();
                let fields = before
                    .flat_map(|before| [Field::ToolArguments(before), Field::ToolText(before)]);
                over.extend(fields.map(|field| Lane { choice: of, field }));
            }
        }
        Ok(over)
    }

    /// Which tools the chunk calls, wherever in it their names stand. A name that goes on once its arguments began would
    /// come too late.
    fn hear_names(&mut self, leaves: &[Leaf], chunk: &Chunk) -> Result<(), AnswerFault> {
        for leaf in leaves.iter().filter(|leaf| leaf.kind == LeafKind::Text) {
            let Some((lane, Piece::Name)) = lane_of(&leaf.path, chunk) else {
                continue;
            };
            if !self.names.contains_key(&lane) && self.names.len() >= MAX_LANES {
                return Err(AnswerFault::Shape);
            }
            let name = self.names.entry(lane).or_default();
            let has_changed = name.push(&leaf.text).ok_or(AnswerFault::Shape)?;
            if has_changed && self.lanes.contains_key(&lane) {
                return Err(AnswerFault::Shape);
            }
        }
        Ok(())
    }

    /// What comes back in a text that goes to a tool.
    fn handed(&self, lane: Lane, handed: Handed) -> Scope {
        let name = self.names.get(&lane).map(Name::as_str);
        handed.scope(self.surrogates.gets(name))
    }

    /// Restores a piece; if its text is over with it, what was held back comes along.
    fn piece(&mut self, lane: Lane, leaf: &Leaf, is_over: bool) -> Result<String, AnswerFault> {
        if !self.lanes.contains_key(&lane) && self.lanes.len() >= MAX_LANES {
            return Err(AnswerFault::Shape);
        }
        if !self.lanes.contains_key(&lane) {
            let scope = match lane.field {
                Field::Text("content") | Field::Part => self.text.scope(),
                Field::Text(_)
                | Field::ThoughtPart
                | Field::Detail(_)
                | Field::Summary(_)
                | Field::Completion => Scope::Text,
                Field::FunctionArguments | Field::ToolArguments(_) => {
                    self.handed(lane, Handed::Arguments)
                }
                Field::ToolText(_) => self.handed(lane, Handed::Text),
            };
            let restorer = Restorer::shared(Arc::clone(&self.surrogates), scope);
            self.lanes.insert(lane, restorer);
        }
        let Some(restorer) = self.lanes.get_mut(&lane) else {
            return Err(AnswerFault::Shape);
        };
        let mut text = restorer.push(&leaf.text);
        if is_over {
            text.push_str(&restorer.finish());
            self.lanes.remove(&lane);
        }
        Ok(text)
    }

    fn whole(&self, leaf: &Leaf) -> String {
        match treatment_of(&leaf.path, self.text) {
            Treatment::Leave => leaf.text.clone(),
            Treatment::Restore(scope) => self.surrogates.restore_all(&leaf.text, scope),
            // Arguments that stand in no call of which pieces are known: nobody says for whom they are.
            Treatment::Hand { handed, .. } => {
                let scope = handed.scope(self.surrogates.gets(None));
                self.surrogates.restore_all(&leaf.text, scope)
            }
        }
    }

    /// A chunk with what a lane held back, or nothing if it held nothing.
    fn flush(&mut self, lane: Lane, envelope: &str) -> Option<String> {
        let held = self.lanes.remove(&lane)?.finish();
        if held.is_empty() {
            return None;
        }
        let choice =
            |delta: Value| json!({"index": lane.choice, "delta": delta, "finish_reason": null});
        let choice = match lane.field {
            Field::Text(field) => choice(json!({ field: held })),
            Field::Part => choice(json!({"content": [{"type": "text", "text": held}]})),
            Field::ThoughtPart => {
                let thought = json!([{"type": "text", "text": held}]);
                choice(json!({"content": [{"type": "thinking", "thinking": thought}]}))
            }
            Field::Detail(index) => {
                let detail = json!({"type": "reasoning.text", "text": held, "index": index});
                choice(json!({"reasoning_details": [detail]}))
            }
            Field::Summary(index) => {
                let detail = json!({"type": "reasoning.summary", "summary": held, "index": index});
                choice(json!({"reasoning_details": [detail]}))
            }
            Field::FunctionArguments => choice(json!({"function_call": {"arguments": held}})),
            Field::ToolArguments(number) => {
                let index = self.calls.index(lane.choice, number);
                choice(json!({"tool_calls": [{"index": index, "function": {"arguments": held}}]}))
            }
            Field::ToolText(number) => {
                let index = self.calls.index(lane.choice, number);
                choice(json!({"tool_calls": [{"index": index, "custom": {"input": held}}]}))
            }
            Field::Completion => {
                json!({"index": lane.choice, "text": held, "logprobs": null, "finish_reason": null})
            }
        };
        let mut chunk: Value = serde_json::from_str(envelope).unwrap_or_default();
        if !chunk.is_object() {
            chunk = json!({"object": "chat.completion.chunk"});
        }
        let members = chunk.as_object_mut()?;
        members.remove("usage");
        members.insert("choices".to_owned(), json!([choice]));
        Some(chunk.to_string())
    }
}

/// Whether a choice ends in this chunk.
fn ends(chunk: &Chunk, of: u64) -> bool {
    let mut choices = chunk.choices().iter().zip(0..);
    choices.any(|(choice, place)| {
        choice.index.unwrap_or(place) == of && has_ended(&choice.finish_reason)
    })
}

/// The place of the last piece of each text that is over in this chunk, also of one that begins in it.
fn last_pieces(leaves: &[Leaf], chunk: &Chunk, ending: &[Lane]) -> BTreeMap<Lane, usize> {
    let mut choices = chunk.choices().iter();
    if ending.is_empty() && !choices.any(|choice| has_ended(&choice.finish_reason)) {
        return BTreeMap::new();
    }
    let texts = leaves.iter().enumerate();
    let texts = texts.filter(|(_, leaf)| leaf.kind == LeafKind::Text);
    let pieces = texts.filter_map(|(place, leaf)| match lane_of(&leaf.path, chunk)? {
        (lane, Piece::Text) => Some((lane, place)),
        (_, Piece::Name) => None,
    });
    let over = pieces.filter(|(lane, _)| ending.contains(lane) || ends(chunk, lane.choice));
    over.collect()
}

/// What else was said of the content of each choice before what is said last in this chunk: clients put it together in the
/// order in which it comes.
fn content_before_the_last(leaves: &[Leaf], chunk: &Chunk) -> Vec<Lane> {
    let mut last = BTreeMap::new();
    for leaf in leaves.iter().filter(|leaf| !leaf.text.is_empty()) {
        if let Some((Lane { choice, field }, Piece::Text)) = lane_of(&leaf.path, chunk)
            && leaf.kind == LeafKind::Text
            && Field::CONTENT.contains(&field)
        {
            last.insert(choice, field);
        }
    }
    let before = |(choice, last): (u64, Field)| {
        let others = Field::CONTENT
            .into_iter()
            .filter(move |field| *field != last);
        others.map(move |field| Lane { choice, field })
    };
    last.into_iter().flat_map(before).collect()
}
