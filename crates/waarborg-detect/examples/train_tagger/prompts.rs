//! Prompts with their annotations, and the lessons that are made of them.

use std::fs;

use serde_json::Value;
use waarborg_detect::training::{self, KINDS};
use waarborg_detect::{Detector, Kind};

use crate::features::Features;

/// A prompt with its annotations, in bytes.
#[derive(Clone)]
pub(crate) struct Prompt {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) is_clean: bool,
}

impl Prompt {
    /// Who wrote it: the first part of its number, as in `g-001`.
    pub(crate) fn author(&self) -> &str {
        self.id.split('-').next().unwrap_or_default()
    }
}

#[derive(Clone)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) label: String,
    pub(crate) is_optional: bool,
}

/// A prompt ready for training: the features of its tokens, and their states (`None` where any is fine).
pub(crate) struct Lesson {
    pub(crate) rows: Vec<Vec<u32>>,
    pub(crate) ends_line: Vec<bool>,
    pub(crate) gold: Vec<Option<u8>>,
}

/// The prompts of a file in the form of `nl-chat`.
pub(crate) fn read(path: &str) -> Vec<Prompt> {
    let file = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    file.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let spans = line["spans"].as_array().unwrap().iter().map(|span| Span {
                start: span["bstart"].as_u64().unwrap() as usize,
                end: span["bend"].as_u64().unwrap() as usize,
                label: span["label"].as_str().unwrap().to_string(),
                is_optional: span["optional"].as_bool().unwrap_or(false),
            });
            let tags = line["tags"].as_array();
            Prompt {
                id: line["id"].as_str().unwrap_or_default().to_string(),
                text: line["text"].as_str().unwrap().to_string(),
                spans: spans.collect(),
                is_clean: tags.is_some_and(|tags| tags.iter().any(|tag| tag == "clean")),
            }
        })
        .collect()
}

/// What the tagger sees of a prompt, and what it should say.
pub(crate) fn lesson(detector: &Detector, features: &Features, prompt: &Prompt) -> Lesson {
    let seen = detector.see(&prompt.text);
    let mut gold = vec![Some(0_u8); seen.len()];
    for span in &prompt.spans {
        let kind =
            Kind::parse(&span.label).and_then(|kind| KINDS.iter().position(|other| *other == kind));
        let mut is_first = true;
        for (token, slot) in seen.iter().zip(&mut gold) {
            if token.span.start < span.end && span.start < token.span.end {
                *slot = match kind {
                    _ if span.is_optional => None,
                    Some(kind) => {
                        let (first, others) = training::states_of(kind);
                        Some(if is_first { first } else { others } as u8)
                    }
                    // Kinds of other recognisers: the tagger leaves them alone.
                    None => Some(0),
                };
                // A span goes on behind a line end as a new one.
                is_first = token.ends_line;
                if is_first {
                    *slot = Some(0);
                }
            }
        }
    }
    Lesson {
        rows: seen
            .iter()
            .map(|token| features.rows(&token.slots))
            .collect(),
        ends_line: seen.iter().map(|token| token.ends_line).collect(),
        gold,
    }
}
