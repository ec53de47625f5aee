//! A message that comes as a stream of events: one restorer per block.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::json::{Leaf, LeafKind, scan};

use crate::restore::{AnswerFault, AnswerText, Handed, LIMITS, Splices};
use crate::surfaces::EventRestorer;

/// More blocks side by side than this are no answer but an attack on memory.
const MAX_BLOCKS: usize = 1024;

/// Restores one message's stream.
pub(super) struct MessageRestorer {
    surrogates: Arc<Surrogates>,
    text: AnswerText,
    /// The blocks that are open, by their index.
    blocks: BTreeMap<u64, Block>,
    /// The tools that the blocks call, where what comes back depends on it.
    names: BTreeMap<u64, String>,
    /// Nothing was replaced on the way out, so there is nothing to put back.
    is_idle: bool,
}

struct Block {
    restorer: Restorer<'static>,
    kind: Piece,
}

/// What a block's text comes in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Text,
    Input,
}

/// What we must know of every event.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'d, str>,
    #[serde(default)]
    index: Option<u64>,
}

impl MessageRestorer {
    pub(super) fn new(surrogates: Arc<Surrogates>, text: AnswerText) -> Self {
        let is_idle = surrogates.is_idle();
        Self {
            surrogates,
            text,
            blocks: BTreeMap::new(),
            names: BTreeMap::new(),
            is_idle,
        }
    }

    fn spliced(&mut self, data: String, index: Option<u64>) -> Result<Vec<String>, AnswerFault> {
        let mut splices = Splices::default();
        let leaves = scan(data.as_bytes(), &LIMITS)?;
        if self.surrogates.asks_for_tools() {
            self.hear_name(&leaves, index)?;
        }
        for leaf in leaves {
            if leaf.path.starts(&["content_block", "input", "*"]) {
                // It may hold all of it already.
                self.input(&leaf, &data, index, &mut splices);
                continue;
            }
            if leaf.kind != LeafKind::Text {
                continue;
            }
            let piece = if leaf.path.is(&["delta", "partial_json"]) {
                Some(Piece::Input)
            } else if leaf.path.is(&["delta", "text"]) || leaf.path.is(&["content_block", "text"]) {
                Some(Piece::Text)
            } else {
                None
            };
            let restored = match (piece, index) {
                (Some(piece), Some(index)) => self.push(index, piece, &leaf.text)?,
                (Some(_), None) => return Err(AnswerFault::Shape),
                (None, _) if is_signed(leaf.path.last_key()) => continue,
                (None, _) => self.surrogates.restore_all(&leaf.text, Scope::Text),
            };
            if restored != leaf.text {
                splices.replace(leaf.range, &restored);
            }
        }
        Ok(vec![splices.apply_to(data)])
    }

    /// Which tool a block calls.
    fn hear_name(&mut self, leaves: &[Leaf], index: Option<u64>) -> Result<(), AnswerFault> {
        let name = leaves
            .iter()
            .find(|leaf| leaf.kind == LeafKind::Text && leaf.path.is(&["content_block", "name"]));
        let (Some(name), Some(index)) = (name, index) else {
            return Ok(());
        };
        let is_known = self.names.contains_key(&index);
        if !is_known && self.names.len() >= MAX_BLOCKS {
            return Err(AnswerFault::Shape);
        }
        self.names.insert(index, name.text.clone());
        Ok(())
    }

    fn scope_of_input(&self, index: Option<u64>) -> Scope {
        let name = index.and_then(|index| self.names.get(&index));
        let gets = self.surrogates.gets(name.map(String::as_str));
        Handed::Input.scope(gets)
    }

    /// A string of an input that comes whole.
    fn input(&self, leaf: &Leaf, data: &str, index: Option<u64>, splices: &mut Splices) {
        if leaf.kind == LeafKind::Number {
            return;
        }
        let written = data.get(leaf.range.clone()).unwrap_or_default();
        let restored = self
            .surrogates
            .restore_all(written, self.scope_of_input(index));
        if restored != written {
            splices.replace_written(leaf.range.clone(), restored);
        }
    }

    fn push(&mut self, index: u64, kind: Piece, text: &str) -> Result<String, AnswerFault> {
        if !self.blocks.contains_key(&index) && self.blocks.len() >= MAX_BLOCKS {
            return Err(AnswerFault::Shape);
        }
        let scope = match kind {
            Piece::Text => self.text.scope(),
            Piece::Input => self.scope_of_input(Some(index)),
        };
        let block = self.blocks.entry(index).or_insert_with(|| Block {
            restorer: Restorer::shared(Arc::clone(&self.surrogates), scope),
            kind,
        });
        if block.kind != kind {
            return Err(AnswerFault::Shape);
        }
        Ok(block.restorer.push(text))
    }

    /// An event with what a block held back, or nothing if it held nothing.
    fn flush(&mut self, index: u64) -> Option<String> {
        let mut block = self.blocks.remove(&index)?;
        let held = block.restorer.finish();
        if held.is_empty() {
            return None;
        }
        let delta = match block.kind {
            Piece::Text => json!({"type": "text_delta", "text": held}),
            Piece::Input => json!({"type": "input_json_delta", "partial_json": held}),
        };
        Some(json!({"type": "content_block_delta", "index": index, "delta": delta}).to_string())
    }
}

/// What the model thought is signed by its provider.
fn is_signed(key: Option<&str>) -> bool {
    matches!(key, Some("thinking" | "signature" | "data"))
}

impl EventRestorer for MessageRestorer {
    fn restore(&mut self, data: String) -> Result<Vec<String>, AnswerFault> {
        let head: Head<'_> = serde_json::from_str(&data).map_err(|_| AnswerFault::Shape)?;
        let index = head.index;
        match &*head.kind {
            "error" => Err(AnswerFault::ProviderError),
            _ if self.is_idle => Ok(vec![data]),
            "content_block_stop" => {
                let rest = index.and_then(|index| self.flush(index));
                Ok(rest.into_iter().chain([data]).collect())
            }
            "message_stop" => {
                let mut out = self.finish();
                out.push(data);
                Ok(out)
            }
            _ => self.spliced(data, index),
        }
    }

    fn finish(&mut self) -> Vec<String> {
        let open: Vec<u64> = self.blocks.keys().copied().collect();
        open.into_iter()
            .filter_map(|index| self.flush(index))
            .collect()
    }

    fn event_name(&self, data: &str) -> Option<String> {
        let head: Head<'_> = serde_json::from_str(data).ok()?;
        Some(head.kind.into_owned())
    }

    fn end(&self) -> Option<&'static str> {
        None
    }
}
