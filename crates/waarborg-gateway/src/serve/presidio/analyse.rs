//! `POST /compat/presidio/analyze`: what is found in a text, or in each of several.

use serde_json::{Map, Value, json};
use waarborg_detect::{Finding, Why};
use waarborg_usecase::Desk;

use super::super::compat::{Fault, member};
use super::super::error::Problem;
use super::{entities, words, yes};

const TEXT: Fault = Fault::new("text", "error-presidio-texts");
const LANGUAGE: Fault = Fault::new("language", "error-presidio-language");
const ENTITIES: Fault = Fault::new("entities", "error-presidio-entities");
const THRESHOLD: Fault = Fault::new("score_threshold", "error-presidio-threshold");
const DECISION: Fault = Fault::new("return_decision_process", "error-presidio-yes");
const ALLOWED: Fault = Fault::new("allow_list", "error-presidio-allowed");
const PATTERNS_ALLOWED: Fault = Fault::not_done("allow_list_match", "error-presidio-allowed-match");
const RECOGNISERS: Fault = Fault::not_done("ad_hoc_recognizers", "error-presidio-recognisers");

/// What is asked of every text.
struct Wanted<'a> {
    entities: Option<Vec<&'a str>>,
    threshold: f64,
    is_explained: bool,
    allowed: Vec<&'a str>,
}

/// The findings of a text, or a list of them for a list of texts.
pub(super) fn analyse(desk: &Desk, document: &Map<String, Value>) -> Result<Value, Problem> {
    let wanted = wanted(document)?;
    match member(document, "text") {
        Some(Value::String(text)) if !text.is_empty() => found(desk, text, &wanted),
        Some(Value::Array(texts)) if !texts.is_empty() => {
            let each = texts.iter().map(|text| {
                let text = text.as_str().ok_or(TEXT)?;
                found(desk, text, &wanted)
            });
            each.collect::<Result<Vec<Value>, Problem>>()
                .map(Value::Array)
        }
        _ => Err(TEXT.into()),
    }
}

fn wanted(document: &Map<String, Value>) -> Result<Wanted<'_>, Fault> {
    let language = member(document, "language").and_then(Value::as_str);
    let is_code =
        |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !language.is_some_and(is_code) {
        return Err(LANGUAGE);
    }
    let has_recognisers = match member(document, "ad_hoc_recognizers") {
        None => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    };
    if has_recognisers {
        return Err(RECOGNISERS);
    }
    // An empty list is all of them, as with Presidio.
    let entities = words(document, "entities", ENTITIES)?.filter(|names| !names.is_empty());
    let supported = entities::supported();
    // Where nothing of what is asked exists here, "nothing found" would be a lie.
    if let Some(names) = &entities
        && !names.iter().any(|name| supported.contains(name))
    {
        return Err(ENTITIES);
    }
    let threshold = match member(document, "score_threshold") {
        None => 0.0,
        Some(value) => value
            .as_f64()
            .filter(|score| (0.0..=1.0).contains(score))
            .ok_or(THRESHOLD)?,
    };
    let allowed = words(document, "allow_list", ALLOWED)?.unwrap_or_default();
    let is_exact = member(document, "allow_list_match").is_none_or(|value| value == "exact");
    if !allowed.is_empty() && !is_exact {
        return Err(PATTERNS_ALLOWED);
    }
    Ok(Wanted {
        entities,
        threshold,
        is_explained: yes(document, "return_decision_process", DECISION)?,
        allowed,
    })
}

fn found(desk: &Desk, text: &str, wanted: &Wanted<'_>) -> Result<Value, Problem> {
    let findings = desk.finder.find(text).map_err(|_| Problem::House)?;
    let (mut byte, mut place) = (0, 0);
    let mut list = Vec::new();
    for finding in &findings {
        let before = text.get(byte..finding.span.start).ok_or(Problem::House)?;
        let value = text.get(finding.span.clone()).ok_or(Problem::House)?;
        let start = place + before.chars().count();
        let end = start + value.chars().count();
        (byte, place) = (finding.span.end, end);
        let entity = entities::name(finding);
        let score = rounded(finding.score);
        let names = wanted.entities.as_ref();
        if names.is_some_and(|names| !names.contains(&entity))
            || score < wanted.threshold
            || wanted.allowed.contains(&value)
        {
            continue;
        }
        let explanation = wanted.is_explained.then(|| explanation(finding, score));
        list.push(json!({"entity_type": entity, "start": start, "end": end, "score": score, "analysis_explanation": explanation}));
    }
    Ok(Value::Array(list))
}

fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

/// Our reason, where Presidio has its own.
fn explanation(finding: &Finding, score: f64) -> Value {
    let is_checked = matches!(
        finding.why,
        Why::ElevenTest | Why::Mod97 | Why::Luhn | Why::CheckDigit
    );
    json!({"recognizer": "Waarborg", "pattern_name": finding.why.code(), "pattern": null, "original_score": score, "score": score,
        "textual_explanation": finding.why.to_string(), "score_context_improvement": 0, "supportive_context_word": "",
        "validation_result": is_checked.then_some(true)})
}
