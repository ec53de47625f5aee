//! What screening found, in the person's words: marks while typing, and why a text stays.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use waarborg_detect::{About, Kind, Whose};
use waarborg_domain::policy::{DataClass, Verdict};
use waarborg_domain::prompt::{Mark, Report, Waived};
use waarborg_domain::register::Destination;
use waarborg_usecase::agreements::REASONS;
use waarborg_usecase::chat::Place;

use crate::page::chat::Refusal;
use crate::words::Words;

const CLASSES: [DataClass; 7] = [
    DataClass::DirectIdentifier,
    DataClass::IndirectIdentifier,
    DataClass::BulkList,
    DataClass::NationalNumber,
    DataClass::SpecialCategory,
    DataClass::Credential,
    DataClass::NotPersonal,
];

/// What the person says of findings, as our script sends it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Struck {
    /// The kind, by its label.
    kind: String,
    /// The words.
    value: String,
}

/// What the person waived: findings that are no personal data, and warnings that they accept.
pub(crate) fn waived<'a>(struck: &[Struck], accepted: impl Iterator<Item = &'a str>) -> Waived {
    let accepted: BTreeSet<&str> = accepted.collect();
    Waived {
        values: struck
            .iter()
            .filter_map(|one| Some((Kind::parse(&one.kind)?, one.value.clone())))
            .collect(),
        warnings: CLASSES
            .into_iter()
            .filter(|class| accepted.contains(class.name()))
            .collect(),
        is_agreed: false,
    }
}

/// Why a second person should agree, if it is one of the words for that.
pub(crate) fn reason(given: &str) -> Option<String> {
    REASONS.contains(&given).then(|| given.to_owned())
}

/// A finding as our script draws it; places count UTF-16 units, as scripts do.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    start: usize,
    end: usize,
    kind: &'static str,
    label: String,
    verdict: &'static str,
    may_strike: bool,
}

/// What would happen to a text.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    findings: Vec<Shown>,
    summary: String,
    blocked: bool,
}

/// The preview of a text.
pub(crate) fn preview(words: &Words, text: &str, report: &Report) -> Preview {
    let mut units = Units {
        text,
        byte: 0,
        unit: 0,
    };
    let mut findings = Vec::with_capacity(report.marks.len());
    for mark in &report.marks {
        let start = units.at(mark.span.start);
        let end = units.at(mark.span.end);
        if start < end {
            findings.push(shown(words, mark, start, end));
        }
    }
    let n_replaced = findings
        .iter()
        .filter(|one| matches!(one.verdict, "replace" | "remove" | "widen"))
        .count();
    let blocked = !report.stopped_by.is_empty();
    let summary = if blocked {
        words.say("found-blocked")
    } else if n_replaced == 0 {
        String::new()
    } else {
        words.count("found-replaced", n_replaced)
    };
    Preview {
        findings,
        summary,
        blocked,
    }
}

fn shown(words: &Words, mark: &Mark, start: usize, end: usize) -> Shown {
    Shown {
        start,
        end,
        kind: mark.kind.label(),
        label: kind(words, mark.kind),
        verdict: verdict(mark.verdict),
        may_strike: mark.waivable,
    }
}

/// A kind of data in words.
pub(crate) fn kind(words: &Words, kind: Kind) -> String {
    words.say(&format!(
        "kind-{}",
        kind.label().to_ascii_lowercase().replace('_', "-")
    ))
}

/// What more is known of a finding, in words.
pub(crate) fn about(words: &Words, about: &About) -> Vec<String> {
    let mut said = Vec::new();
    if about.whose != Whose::Unknown {
        said.push(words.say(&format!("whose-{}", about.whose.code())));
    }
    if let Some(age) = about.age {
        said.push(words.say(&format!("age-{}", age.code())));
    }
    if let Some(group) = &about.group {
        said.push(words.count("group-people", group.people as usize));
        if let Some(instead) = &group.instead {
            said.push(format!("{} “{instead}”", words.say("group-instead")));
        }
    }
    said
}

/// Why something was found, in words.
pub(crate) fn why(words: &Words, mark: &Mark) -> String {
    words
        .find(&format!("why-{}", mark.why.code()))
        .unwrap_or_else(|| mark.why.to_string())
}

/// What happens to a finding, as the pages call it.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allow => "allow",
        Verdict::Warn => "warn",
        Verdict::Generalise => "widen",
        Verdict::Pseudonymise => "replace",
        Verdict::Redact => "remove",
        // Block, a second person, and whatever comes later: nothing goes.
        _ => "block",
    }
}

/// Why a text stays in the box, and what the person can do.
pub(crate) fn refusal(words: &Words, report: &Report, places: &[Place], present: &str) -> Refusal {
    let class_key = |class: &DataClass| format!("refused-{}", class.name());
    let classes = report.stopped_by.iter();
    let reasons = classes.map(|class| words.say(&class_key(class)));
    let chosen = report.stopping_changes().map(|change| {
        let why = change.why.in_language(words.tongue().code());
        words.fill("refused-by-choice", &[("why", why.unwrap_or_default())])
    });
    let reasons = reasons.chain(chosen).collect();

    let only_warned = report.verdict == Verdict::Warn;
    let mut ways_out = Vec::new();
    let stops = |mark: &Mark| report.is_stopped_by(mark);
    if report.stopped_by.contains(&DataClass::BulkList) {
        ways_out.push(words.say("way-fewer"));
    } else if !report.marks.iter().any(stops) {
        // What stops it stands in an earlier turn, where the person cannot take it out.
        ways_out.push(words.say("way-new"));
    } else {
        ways_out.push(words.say("way-without"));
    }
    ways_out.push(words.say("way-template"));
    let own = places.iter().find(|place| {
        place.is_allowed() && place.destination == Destination::Own && place.model != present
    });
    if let Some(own) = own {
        ways_out.push(words.fill("way-own-model", &[("model", &own.model)]));
    }
    if report
        .marks
        .iter()
        .any(|mark| mark.waivable && mark.verdict.stops())
    {
        ways_out.push(words.say("way-strike"));
    }
    ways_out.push(words.say("way-human"));
    let warnings = if only_warned {
        report.stopped_by.iter().map(|class| class.name()).collect()
    } else {
        Vec::new()
    };
    Refusal {
        reasons,
        ways_out,
        warnings,
        to_give: Vec::new(),
    }
}

/// Counts UTF-16 units along a text, forwards only.
struct Units<'t> {
    text: &'t str,
    byte: usize,
    unit: usize,
}

impl Units<'_> {
    fn at(&mut self, byte: usize) -> usize {
        if let Some(between) = self.text.get(self.byte..byte) {
            self.unit += between.encode_utf16().count();
            self.byte = byte;
        }
        self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Manner, Tongue};
    use waarborg_detect::Why;

    fn mark(span: std::ops::Range<usize>, verdict: Verdict) -> Mark {
        Mark {
            text: 0,
            span,
            kind: Kind::Person,
            score: 0.9,
            why: Why::NameList,
            about: About::default(),
            class: DataClass::DirectIdentifier,
            verdict,
            changed_by: None,
            waivable: true,
            fixed: None,
            replacement: None,
        }
    }

    #[test]
    fn places_count_as_scripts_count() {
        let text = "é😀 Jan";
        let start = text.find("Jan").unwrap();
        let report = Report {
            verdict: Verdict::Pseudonymise,
            marks: vec![mark(start..text.len(), Verdict::Pseudonymise)],
            stopped_by: Vec::new(),
            changes: Vec::new(),
            fixed: None,
            sent: waarborg_domain::prompt::Sent::default(),
            measured: Vec::new(),
            any_waived: false,
            is_confirmed: false,
        };
        let shown = preview(&Words::new(Tongue::Dutch, Manner::Formal), text, &report);
        assert_eq!((shown.findings[0].start, shown.findings[0].end), (4, 7));
        assert_eq!(
            (shown.summary.as_str(), shown.blocked),
            ("1 gegeven wordt vervangen", false)
        );
    }

    #[test]
    fn every_kind_class_and_reason_has_its_words() {
        for tongue in Tongue::ALL {
            let words = Words::new(tongue, Manner::Formal);
            for kind_ in Kind::ALL {
                assert!(!kind(&words, *kind_).starts_with("kind-"), "{kind_:?}");
            }
            for class in CLASSES {
                assert!(
                    words.find(&format!("refused-{}", class.name())).is_some(),
                    "{class:?}"
                );
            }
        }
    }
}
