//! An answer of Ollama that comes line by line: a restorer for what is said, and one for what is thought.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::json::{LeafKind, Path, scan};

use crate::restore::{
    AnswerFault, AnswerText, Called, LIMITS, Splices, Whole, restore_leaf, without_probabilities,
};
use crate::surfaces::EventRestorer;

/// Restores one answer's stream.
pub(super) struct LineRestorer {
    surrogates: Arc<Surrogates>,
    text: AnswerText,
    whole: &'static Whole,
    said: Restorer<'static>,
    thought: Restorer<'static>,
    /// A recent line, whose `model` and so on a line of our own repeats.
    envelope: String,
    /// Nothing was replaced on the way out, so there is nothing to put back.
    is_idle: bool,
}

/// A text that comes in pieces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Said,
    Thought,
}

/// What we must know of every line.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    done: bool,
    #[serde(default)]
    error: Option<IgnoredAny>,
}

impl LineRestorer {
    pub(super) fn new(
        surrogates: Arc<Surrogates>,
        text: AnswerText,
        whole: &'static Whole,
    ) -> Self {
        let is_idle = surrogates.is_idle();
        Self {
            said: Restorer::shared(Arc::clone(&surrogates), text.scope()),
            thought: Restorer::shared(Arc::clone(&surrogates), Scope::Text),
            surrogates,
            text,
            whole,
            envelope: String::new(),
            is_idle,
        }
    }

    fn line(&mut self, data: String, is_last: bool) -> Result<Vec<String>, AnswerFault> {
        let data = without_probabilities(data, &self.surrogates)?;
        let leaves = scan(data.as_bytes(), &LIMITS)?;
        let says = leaves.iter().any(|leaf| {
            leaf.kind == LeafKind::Text
                && lane_of(&leaf.path) == Some(Lane::Said)
                && !leaf.text.is_empty()
        });
        let mut out = Vec::new();
        if says || is_last {
            // Who speaks has done thinking.
            out.extend(self.flush(Lane::Thought, &data));
        }
        let has_said = |path: &Path| lane_of(path) == Some(Lane::Said);
        if is_last
            && !leaves
                .iter()
                .any(|leaf| leaf.kind == LeafKind::Text && has_said(&leaf.path))
        {
            out.extend(self.flush(Lane::Said, &data));
        }

        let mut splices = Splices::default();
        let called = Called::by(&leaves, &self.surrogates);
        for leaf in &leaves {
            let lane = lane_of(&leaf.path).filter(|_| leaf.kind == LeafKind::Text);
            let Some(lane) = lane else {
                let treatment = (self.whole.treat)(&leaf.path, self.text);
                let with = (&*self.surrogates, &called);
                restore_leaf((leaf, treatment), &data, with, &mut splices);
                continue;
            };
            let restorer = self.restorer(lane);
            let mut piece = restorer.push(&leaf.text);
            if is_last {
                piece.push_str(&restorer.finish());
            }
            if piece != leaf.text {
                splices.replace(leaf.range.clone(), &piece);
            }
        }
        out.push(splices.apply_to(data.clone()));
        self.envelope = data;
        Ok(out)
    }

    fn restorer(&mut self, lane: Lane) -> &mut Restorer<'static> {
        match lane {
            Lane::Said => &mut self.said,
            Lane::Thought => &mut self.thought,
        }
    }

    /// A line with what a lane held back, or nothing if it held nothing.
    fn flush(&mut self, lane: Lane, envelope: &str) -> Option<String> {
        let held = self.restorer(lane).finish();
        // What comes later in the same lane begins anew.
        let scope = match lane {
            Lane::Said => self.text.scope(),
            Lane::Thought => Scope::Text,
        };
        *self.restorer(lane) = Restorer::shared(Arc::clone(&self.surrogates), scope);
        if held.is_empty() {
            return None;
        }

        let mut ours: Value = serde_json::from_str(envelope).unwrap_or_default();
        if !ours.is_object() {
            ours = json!({});
        }
        let members = ours.as_object_mut()?;
        members.retain(|key, _| matches!(key.as_str(), "model" | "created_at"));
        match (self.whole.has, lane) {
            ("message", Lane::Said) => {
                members.insert(
                    "message".to_owned(),
                    json!({"role": "assistant", "content": held}),
                );
            }
            ("message", Lane::Thought) => {
                let message = json!({"role": "assistant", "content": "", "thinking": held});
                members.insert("message".to_owned(), message);
            }
            (_, Lane::Said) => {
                members.insert("response".to_owned(), held.into());
            }
            (_, Lane::Thought) => {
                members.insert("response".to_owned(), "".into());
                members.insert("thinking".to_owned(), held.into());
            }
        }
        members.insert("done".to_owned(), false.into());
        Some(ours.to_string())
    }
}

/// The lane of a string, if its text comes in pieces.
fn lane_of(path: &Path) -> Option<Lane> {
    if path.is(&["message", "content"]) || path.is(&["response"]) {
        Some(Lane::Said)
    } else if path.is(&["message", "thinking"]) || path.is(&["thinking"]) {
        Some(Lane::Thought)
    } else {
        None
    }
}

impl EventRestorer for LineRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        let head: Head = serde_json::from_str(&data).map_err(|_| AnswerFault::Shape)?;
        if head.error.is_some() {
            return Err(AnswerFault::ProviderError);
        }
        if self.is_idle {
            return Ok(vec![data]);
        }
        self.line(data, head.done)
    }

    fn finish(&mut self) -> Vec<String> {
        let envelope = std::mem::take(&mut self.envelope);
        [Lane::Thought, Lane::Said]
            .into_iter()
            .filter_map(|lane| self.flush(lane, &envelope))
            .collect()
    }

    fn event_name(&self, _: &str) -> Option<String> {
        None
    }

    fn end(&self) -> Option<&'static str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use waarborg_detect::surrogate::{ConversationKey, Language};
    use waarborg_detect::withheld::{Entry, Instead, ListKey, Withheld};

    use super::super::CHAT;
    use super::*;

    #[test]
    fn a_last_thought_goes_out_where_answers_are_screened() {
        let key = ListKey::new([1; 32]);
        let jan = Entry::new(&key, &["Jan de Vries"], &["huisarts"], Instead::Nothing).unwrap();
        let list = Arc::new(Withheld::new(key, vec![jan]));
        let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
        surrogates.withhold(&list, std::iter::empty(), "[…]");
        let surrogates = Arc::new(surrogates);

        let line = |field: &str, text: &str, done: bool| {
            json!({"model": "m", "message": {"role": "assistant", field: text}, "done": done,
                "logprobs": [{"token": text, "logprob": -0.1}]})
            .to_string()
        };
        let heard = |lines: &[String], last: Option<String>| {
            let mut restorer = LineRestorer::new(Arc::clone(&surrogates), AnswerText::Plain, &CHAT);
            let mut out = Vec::new();
            for data in lines.iter().cloned().chain(last) {
                out.extend(restorer.restore(data).unwrap());
            }
            out.extend(restorer.finish());
            let field = |name: &str| -> String {
                out.iter()
                    .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                    .filter_map(|line| Some(line["message"][name].as_str()?.to_owned()))
                    .collect()
            };
            (field("thinking"), field("content"), out.concat())
        };
        let lines = [
            line("thinking", "Ik weet het", false),
            line("thinking", " niet", false),
            line("content", "Jan de Vries, huis", false),
            line("content", "arts, stal.", false),
        ];
        for last in [Some(line("content", "", true)), None] {
            let (thought, said, all) = heard(&lines, last);
            assert_eq!(thought, "Ik weet het niet");
            assert_eq!(said, "[…]");
            assert!(
                !all.contains("stal") && all.contains("\"logprobs\":[]"),
                "{all}"
            );
        }
        assert_eq!(heard(&lines[..2], None).0, "Ik weet het niet");
    }
}
