//! `POST /compat/presidio/anonymize`: a text with what a client found in it replaced, as it says how.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use waarborg_usecase::Desk;

use super::super::error::Problem;
use super::overlap::{Place, settled};
use super::{Fault, item, member, yes};

const TEXT: Fault = Fault::new("text", "error-presidio-text");
const RESULTS: Fault = Fault::new("analyzer_results", "error-presidio-results");
const OPERATORS: Fault = Fault::new("anonymizers", "error-presidio-operators");
const REPLACE: Fault = Fault::new("anonymizers.new_value", "error-presidio-replace");
const COVER: Fault = Fault::new("anonymizers.masking_char", "error-presidio-mask");
const N_COVERED: Fault = Fault::new("anonymizers.chars_to_mask", "error-presidio-mask");
const FROM_END: Fault = Fault::new("anonymizers.from_end", "error-presidio-yes");
const HASH: Fault = Fault::not_done("anonymizers.hash_type", "error-presidio-hash");
const SALT: Fault = Fault::new("anonymizers.salt", "error-presidio-salt");
const ENCRYPT: Fault = Fault::not_done("anonymizers.encrypt", "error-presidio-encrypt");
const CUSTOM: Fault = Fault::not_done("anonymizers.custom", "error-presidio-custom");

/// A salt shorter than this can be tried out.
const SHORTEST_SALT: usize = 16;

/// So many bytes the changed text and its parts have at most: one short request could ask for any number of long words.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What one more part takes beside its words.
const FIXED_BYTES: usize = 128;

/// What becomes of a value.
enum Operator {
    Replace(Option<String>),
    Redact,
    Mask {
        with: char,
        n_characters: usize,
        is_from_end: bool,
    },
    Hash {
        is_long: bool,
        salt: Option<Vec<u8>>,
    },
}

/// The text with its values replaced, and where the replacements stand, the last one first.
pub(super) fn anonymise(desk: &Desk, document: &Map<String, Value>) -> Result<Value, Problem> {
    let text = member(document, "text")
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
        .ok_or(TEXT)?;
    let operators = operators(document)?;
    let places = places(document)?;
    let bytes = bytes_of(text, &places)?;
    let part = |start: usize, end: usize| -> Option<&str> {
        text.get(*bytes.get(&start)?..*bytes.get(&end)?)
    };
    let is_blank = |start: usize, end: usize| {
        part(start, end).is_some_and(|gap| !gap.is_empty() && gap.bytes().all(|byte| byte == b' '))
    };
    let places = settled(places, is_blank);

    let fresh_salt = desk.ids.token();
    let (mut changed, mut n_changed) = (String::with_capacity(text.len()), 0);
    let mut n_bytes = text.len();
    let (mut end_before, mut items) = (0, Vec::with_capacity(places.len()));
    for place in &places {
        // Of two that overlap in part, the second one begins where it begins.
        if end_before < place.start {
            let between = part(end_before, place.start).ok_or(RESULTS)?;
            changed.push_str(between);
            n_changed += place.start - end_before;
        }
        let value = part(place.start, place.end).ok_or(RESULTS)?;
        let operator = operators.get(place.entity).or(operators.get(DEFAULT));
        let operator = operator.unwrap_or(&Operator::Replace(None));
        let instead = operator.apply(value, place.entity, fresh_salt.bytes());
        n_bytes += 2 * instead.len() + FIXED_BYTES;
        if n_bytes > MOST_BYTES {
            return Err(Problem::TooLarge { limit: MOST_BYTES });
        }
        let end = n_changed + instead.chars().count();
        items.push(item(
            n_changed,
            end,
            place.entity,
            &instead,
            operator.name(),
        ));
        changed.push_str(&instead);
        n_changed = end;
        end_before = end_before.max(place.end);
    }
    let rest = bytes.get(&end_before).and_then(|at| text.get(*at..));
    changed.push_str(rest.ok_or(RESULTS)?);
    items.reverse();
    Ok(json!({"text": changed, "items": items}))
}

/// The operator for every name that has none of its own.
const DEFAULT: &str = "DEFAULT";

fn operators(document: &Map<String, Value>) -> Result<BTreeMap<&str, Operator>, Fault> {
    let Some(value) = member(document, "anonymizers") else {
        return Ok(BTreeMap::new());
    };
    let mut operators = BTreeMap::new();
    for (entity, operator) in value.as_object().ok_or(OPERATORS)? {
        let operator = operator.as_object().ok_or(OPERATORS)?;
        operators.insert(entity.as_str(), Operator::read(operator)?);
    }
    Ok(operators)
}

fn places(document: &Map<String, Value>) -> Result<Vec<Place<'_>>, Fault> {
    let list = member(document, "analyzer_results").and_then(Value::as_array);
    let places = list.ok_or(RESULTS)?.iter().map(|value| {
        place(value)
            .filter(|place| place.start < place.end)
            .ok_or(RESULTS)
    });
    places.collect()
}

fn place(value: &Value) -> Option<Place<'_>> {
    let number = |name: &str| usize::try_from(value.get(name)?.as_u64()?).ok();
    let entity = value.get("entity_type")?.as_str();
    Some(Place {
        start: number("start")?,
        end: number("end")?,
        score: value.get("score")?.as_f64()?,
        entity: entity.filter(|entity| !entity.is_empty())?,
    })
}

/// Where the code points that are spoken of begin, in bytes.
fn bytes_of(text: &str, places: &[Place<'_>]) -> Result<BTreeMap<usize, usize>, Fault> {
    let mut wanted: BTreeSet<usize> = BTreeSet::from([0]);
    wanted.extend(places.iter().flat_map(|place| [place.start, place.end]));
    let starts = text.char_indices().map(|(byte, _)| byte);
    let bytes: BTreeMap<usize, usize> = starts
        .chain([text.len()])
        .enumerate()
        .filter(|(place, _)| wanted.contains(place))
        .collect();
    if bytes.len() == wanted.len() {
        Ok(bytes)
    } else {
        Err(RESULTS)
    }
}

impl Operator {
    fn read(operator: &Map<String, Value>) -> Result<Self, Fault> {
        let kind = member(operator, "type").and_then(Value::as_str);
        match kind.ok_or(OPERATORS)? {
            "replace" => match member(operator, "new_value") {
                None => Ok(Self::Replace(None)),
                Some(Value::String(value)) => Ok(Self::Replace(Some(value.clone()))),
                Some(_) => Err(REPLACE),
            },
            "redact" => Ok(Self::Redact),
            "mask" => {
                let with = member(operator, "masking_char").and_then(Value::as_str);
                let mut characters = with.ok_or(COVER)?.chars();
                let (Some(with), None) = (characters.next(), characters.next()) else {
                    return Err(COVER);
                };
                let n_characters = member(operator, "chars_to_mask").and_then(Value::as_u64);
                let n_characters = n_characters.ok_or(N_COVERED)?;
                Ok(Self::Mask {
                    with,
                    n_characters: usize::try_from(n_characters).unwrap_or(usize::MAX),
                    is_from_end: yes(operator, "from_end", FROM_END)?,
                })
            }
            "hash" => {
                let salt = member(operator, "salt").map(|salt| {
                    let salt = salt.as_str().ok_or(SALT)?.as_bytes();
                    (salt.len() >= SHORTEST_SALT)
                        .then(|| salt.to_vec())
                        .ok_or(SALT)
                });
                let is_long = match member(operator, "hash_type").map(Value::as_str) {
                    None | Some(Some("sha256")) => false,
                    Some(Some("sha512")) => true,
                    Some(_) => return Err(HASH),
                };
                Ok(Self::Hash {
                    is_long,
                    salt: salt.transpose()?,
                })
            }
            "encrypt" => Err(ENCRYPT),
            "custom" => Err(CUSTOM),
            _ => Err(OPERATORS),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Replace(_) => "replace",
            Self::Redact => "redact",
            Self::Mask { .. } => "mask",
            Self::Hash { .. } => "hash",
        }
    }

    fn apply(&self, value: &str, entity: &str, fresh_salt: &[u8]) -> String {
        match self {
            Self::Replace(None) => format!("<{entity}>"),
            Self::Replace(Some(instead)) => instead.clone(),
            Self::Redact => String::new(),
            Self::Mask {
                with,
                n_characters,
                is_from_end,
            } => {
                let length = value.chars().count();
                let n_masked = length.min(*n_characters);
                let masked = if *is_from_end {
                    length - n_masked..length
                } else {
                    0..n_masked
                };
                let characters = value.chars().enumerate();
                characters
                    .map(|(at, character)| {
                        if masked.contains(&at) {
                            *with
                        } else {
                            character
                        }
                    })
                    .collect()
            }
            Self::Hash { is_long, salt } => {
                let salt = salt.as_deref().unwrap_or(fresh_salt);
                if *is_long {
                    hexadecimal(
                        &Sha512::new()
                            .chain_update(salt)
                            .chain_update(value)
                            .finalize(),
                    )
                } else {
                    hexadecimal(
                        &Sha256::new()
                            .chain_update(salt)
                            .chain_update(value)
                            .finalize(),
                    )
                }
            }
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16);
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    halves.filter_map(digit).collect()
}
