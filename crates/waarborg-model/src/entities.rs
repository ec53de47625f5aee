//! From what a model says about each word to spans: the tags of BIO, BIOES and of models without such marks.

use std::collections::{BTreeMap, BTreeSet};

use waarborg_detect::{Kind, Said};

use crate::fault::ModelFault;
use crate::pieces::Word;

/// What each number that a model gives stands for.
#[derive(Debug)]
pub(crate) struct Entities {
    /// By the number of the class.
    classes: Vec<Class>,
    /// The kinds that occur, without doubles.
    kinds: Vec<Kind>,
}

#[derive(Debug, Clone, Copy)]
struct Class {
    /// The place in `kinds`; nothing for what is no personal data.
    kind: Option<usize>,
    is_begin: bool,
}

/// What is said of one word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tag {
    kind: Kind,
    is_begin: bool,
    score: f32,
}

impl Entities {
    /// The classes of a model, with what the operator takes each entity for; `None` for what is none of ours.
    pub(crate) fn new(
        classes: &[String],
        takes: &BTreeMap<String, Option<Kind>>,
    ) -> Result<Self, ModelFault> {
        let names: BTreeSet<&str> = classes.iter().filter_map(|class| entity(class)).collect();
        let missing: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| !takes.contains_key(*name))
            .collect();
        if !missing.is_empty() {
            return Err(ModelFault::Labels(format!(
                "the model also says {}, and nothing says what that is here",
                missing.join(", ")
            )));
        }
        if let Some(strange) = takes.keys().find(|name| !names.contains(name.as_str())) {
            return Err(ModelFault::Labels(format!(
                "the model never says {strange}; it says {}",
                names.into_iter().collect::<Vec<_>>().join(", ")
            )));
        }

        let mut kinds: Vec<Kind> = takes.values().copied().flatten().collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            return Err(ModelFault::Labels(
                "no entity of the model has a kind, so it would find nothing".to_owned(),
            ));
        }
        let classes = classes
            .iter()
            .map(|class| Class {
                kind: entity(class)
                    .and_then(|name| takes.get(name).copied().flatten())
                    .and_then(|kind| kinds.iter().position(|known| *known == kind)),
                is_begin: class.starts_with(['B', 'S', 'U']) && mark(class).is_some(),
            })
            .collect();
        Ok(Self { classes, kinds })
    }

    /// How many numbers the model gives per piece.
    pub(crate) fn len(&self) -> usize {
        self.classes.len()
    }

    /// What one row of numbers says: the kind whose classes together are likeliest, where that is at least `from`.
    pub(crate) fn tag(&self, row: &[f32], from: f32) -> Option<Tag> {
        let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let all: f32 = row.iter().map(|number| (number - highest).exp()).sum();
        let likely = |number: f32| (number - highest).exp() / all;
        let of = |kind: usize, begins: &[bool]| -> f32 {
            let classes = self.classes.iter().zip(row);
            classes
                .filter(|(class, _)| class.kind == Some(kind) && begins.contains(&class.is_begin))
                .map(|(_, number)| likely(*number))
                .sum()
        };
        (0..)
            .zip(&self.kinds)
            .map(|(place, kind)| Tag {
                kind: *kind,
                is_begin: of(place, &[true]) > of(place, &[false]),
                score: of(place, &[true, false]),
            })
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .filter(|best| best.score >= from)
    }
}

/// Words that follow each other and are the same kind are one, until one begins anew.
pub(crate) fn spans(words: &[Word], tags: &[Option<Tag>]) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut open: Option<Kind> = None;
    for (word, tag) in words.iter().zip(tags) {
        let Some(tag) = tag else {
            open = None;
            continue;
        };
        match found.last_mut() {
            Some(last) if open == Some(tag.kind) && !tag.is_begin => {
                last.span.end = word.span.end;
                last.score = last.score.max(tag.score);
            }
            _ => found.push(Said {
                span: word.span.clone(),
                kind: tag.kind,
                score: tag.score,
            }),
        }
        open = Some(tag.kind);
    }
    found
}

/// The mark of a place in front of an entity: `B-PER` has one, `PER` has none.
fn mark(class: &str) -> Option<&str> {
    let (mark, entity) = class.split_once(['-', '_'])?;
    (matches!(mark, "B" | "I" | "E" | "S" | "L" | "U") && !entity.is_empty()).then_some(entity)
}

/// The entity of a class; none for `O`.
fn entity(class: &str) -> Option<&str> {
    (class != "O").then(|| mark(class).unwrap_or(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn takes(pairs: &[(&str, Option<Kind>)]) -> BTreeMap<String, Option<Kind>> {
        pairs
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), *kind))
            .collect()
    }

    fn people() -> Entities {
        Entities::new(
            &classes(&["O", "B-PER", "I-PER", "B-MISC"]),
            &takes(&[("PER", Some(Kind::Person)), ("MISC", None)]),
        )
        .unwrap()
    }

    fn words(count: usize) -> Vec<Word> {
        (0..count)
            .map(|place| Word {
                span: place * 4..place * 4 + 3,
                pieces: vec![1],
            })
            .collect()
    }

    #[test]
    fn words_of_one_name_are_one_span_until_a_name_begins_anew() {
        let entities = people();
        let rows: [&[f32]; 5] = [
            &[0.0, 9.0, 0.0, 0.0],
            &[0.0, 0.0, 9.0, 0.0],
            &[0.0, 9.0, 0.0, 0.0],
            &[9.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 9.0, 0.0],
        ];
        let tags: Vec<Option<Tag>> = rows.iter().map(|row| entities.tag(row, 0.5)).collect();
        let found: Vec<_> = spans(&words(5), &tags)
            .into_iter()
            .map(|said| said.span)
            .collect();
        assert_eq!(found, [0..7, 8..11, 16..19]);
    }

    #[test]
    fn the_classes_of_one_kind_count_together_and_what_is_none_of_ours_is_silent() {
        let entities = people();
        let torn = entities.tag(&[1.0, 0.9, 0.9, 0.0], 0.5).unwrap();
        assert!(torn.score > 0.5, "{}", torn.score);
        assert_eq!(entities.tag(&[0.0, 0.0, 0.0, 9.0], 0.5), None);
        assert_eq!(entities.tag(&[2.0, 1.0, 0.0, 0.0], 0.5), None);
        assert!(entities.tag(&[2.0, 1.0, 0.0, 0.0], 0.2).is_some());
    }

    #[test]
    fn a_model_without_marks_of_places_is_understood() {
        let entities = Entities::new(
            &classes(&["O", "PER"]),
            &takes(&[("PER", Some(Kind::Person))]),
        )
        .unwrap();
        let tag = entities.tag(&[0.0, 5.0], 0.5);
        assert_eq!(spans(&words(2), &[tag, tag]).len(), 1);
    }

    #[test]
    fn every_entity_must_be_named_and_no_other() {
        let fault = |takes| Entities::new(&classes(&["O", "B-PER"]), &takes).unwrap_err();
        assert!(fault(takes(&[])).to_string().contains("PER"));
        let strange = takes(&[("PER", Some(Kind::Person)), ("LOC", None)]);
        assert!(fault(strange).to_string().contains("LOC"));
        let silent = takes(&[("PER", None)]);
        assert!(fault(silent).to_string().contains("nothing"));
    }
}
