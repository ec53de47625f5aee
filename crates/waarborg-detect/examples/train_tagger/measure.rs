//! Scores findings against annotations, as the scorer of the corpus does, and writes down every error.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use waarborg_detect::Finding;

use crate::prompts::{Prompt, Span};

#[derive(Default, Clone)]
pub(crate) struct Measure {
    /// Per group of labels: found, false, missed; overlap is enough.
    pub(crate) relaxed: BTreeMap<String, [u32; 3]>,
    /// Found with the same ends.
    pub(crate) strict: BTreeMap<String, [u32; 3]>,
    pub(crate) leaks_by_label: BTreeMap<String, u32>,
    pub(crate) n_direct: u32,
    pub(crate) n_leaking: u32,
    pub(crate) n_clean: u32,
    pub(crate) n_marked: u32,
    pub(crate) characters: [u32; 2],
    /// Every error with its context, for a person to read.
    pub(crate) errors: String,
}

const SPECIAL: &[&str] = &[
    "HEALTH",
    "RELIGION",
    "ETHNICITY",
    "POLITICAL",
    "UNION",
    "SEXUAL_ORIENTATION",
    "CRIMINAL",
    "BIOMETRIC_GENETIC",
];

fn group(label: &str) -> &str {
    match label {
        "ADDRESS" | "POSTCODE" | "CITY" => "LOC",
        "CUSTOMER_NUMBER" | "EMPLOYEE_NUMBER" | "PATIENT_NUMBER" | "ID_NUMBER" | "DEVICE_ID" => {
            "NUM"
        }
        other => other,
    }
}

fn is_direct(label: &str) -> bool {
    !SPECIAL.contains(&label) && label != "QUASI"
}

impl Measure {
    /// Adds one prompt.
    pub(crate) fn add(&mut self, prompt: &Prompt, found: &[Finding]) {
        let touches = |finding: &Finding, span: &Span| {
            finding.span.start < span.end && span.start < finding.span.end
        };
        let (optional, wanted): (Vec<&Span>, Vec<&Span>) =
            prompt.spans.iter().partition(|span| span.is_optional);
        let in_optional = |finding: &Finding| optional.iter().any(|span| touches(finding, span));
        let mut hit = vec![false; wanted.len()];
        let mut exact = vec![false; wanted.len()];
        let mut n_false = 0;
        let mut notes = String::new();
        for finding in found {
            let label = finding.kind.label();
            let same = |span: &Span| group(&span.label) == group(label);
            let mut is_any = false;
            let mut is_exact = false;
            for ((span, hit), exact) in wanted.iter().zip(&mut hit).zip(&mut exact) {
                if same(span) && touches(finding, span) {
                    *hit = true;
                    is_any = true;
                }
                if finding.span == (span.start..span.end) && span.label == label {
                    *exact = true;
                    is_exact = true;
                }
            }
            if !is_any && !in_optional(finding) {
                self.relaxed.entry(group(label).to_string()).or_default()[1] += 1;
                n_false += 1;
                let _ = writeln!(
                    notes,
                    "  FALSE {label} {:.2} {:?} {}",
                    finding.score,
                    finding.why,
                    context(&prompt.text, finding.span.start, finding.span.end)
                );
            }
            if !is_exact && !in_optional(finding) {
                self.strict.entry(label.to_string()).or_default()[1] += 1;
            }
        }
        let mut is_leaking = false;
        for ((span, hit), exact) in wanted.iter().zip(&hit).zip(&exact) {
            let counts = self
                .relaxed
                .entry(group(&span.label).to_string())
                .or_default();
            counts[if *hit { 0 } else { 2 }] += 1;
            let counts = self.strict.entry(span.label.clone()).or_default();
            counts[if *exact { 0 } else { 2 }] += 1;
            let covered = |at: usize| found.iter().any(|finding| finding.span.contains(&at));
            let letters = prompt.text[span.start..span.end].char_indices();
            let n_covered = letters
                .clone()
                .filter(|(at, _)| covered(span.start + at))
                .count() as u32;
            let n_letters = letters.count() as u32;
            let leaks = is_direct(&span.label) && n_covered < n_letters;
            if is_direct(&span.label) {
                self.characters[0] += n_covered;
                self.characters[1] += n_letters;
            }
            if leaks {
                is_leaking = true;
                *self.leaks_by_label.entry(span.label.clone()).or_default() += 1;
            }
            if leaks || !hit {
                let _ = writeln!(
                    notes,
                    "  {} {} {}/{n_letters} {}",
                    if leaks { "LEAK" } else { "MISS" },
                    span.label,
                    n_covered,
                    context(&prompt.text, span.start, span.end)
                );
            }
        }
        if wanted.iter().any(|span| is_direct(&span.label)) {
            self.n_direct += 1;
            self.n_leaking += u32::from(is_leaking);
        }
        if prompt.is_clean {
            self.n_clean += 1;
            self.n_marked += u32::from(n_false > 0);
        }
        if !notes.is_empty() {
            let clean = if prompt.is_clean { " CLEAN" } else { "" };
            let _ = write!(self.errors, "{}{clean}\n{notes}", prompt.id);
        }
    }

    /// Adds another measure.
    pub(crate) fn join(&mut self, other: &Measure) {
        let pairs = [
            (&mut self.relaxed, &other.relaxed),
            (&mut self.strict, &other.strict),
        ];
        for (own, other) in pairs {
            for (label, counts) in other {
                let own = own.entry(label.clone()).or_default();
                own.iter_mut().zip(counts).for_each(|(own, n)| *own += n);
            }
        }
        for (label, n) in &other.leaks_by_label {
            *self.leaks_by_label.entry(label.clone()).or_default() += n;
        }
        self.n_direct += other.n_direct;
        self.n_leaking += other.n_leaking;
        self.n_clean += other.n_clean;
        self.n_marked += other.n_marked;
        self.characters[0] += other.characters[0];
        self.characters[1] += other.characters[1];
    }

    pub(crate) fn leak_rate(&self) -> f64 {
        share(self.n_leaking, self.n_direct)
    }

    pub(crate) fn marked_rate(&self) -> f64 {
        share(self.n_marked, self.n_clean)
    }

    pub(crate) fn character_rate(&self) -> f64 {
        share(self.characters[0], self.characters[1])
    }

    /// Precision, recall and F1 of the labels that fit, together.
    pub(crate) fn f1(&self, fits: impl Fn(&str) -> bool) -> (f64, f64, f64) {
        let mut sum = [0; 3];
        for (_, counts) in self.relaxed.iter().filter(|(label, _)| fits(label)) {
            sum.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
        }
        rates(sum)
    }

    pub(crate) fn is_special(label: &str) -> bool {
        SPECIAL.contains(&label)
    }

    /// One line.
    pub(crate) fn line(&self, name: &str) -> String {
        let (.., all) = self.f1(|_| true);
        let (.., person) = self.f1(|label| label == "PERSON");
        let (.., special) = self.f1(Measure::is_special);
        let (.., quasi) = self.f1(|label| label == "QUASI");
        format!(
            "{name:<10} leaks {:5.1} %  characters {:5.1} %  clean marked {:5.1} %  all {all:.3}  PERSON {person:.3}  special {special:.3}  QUASI {quasi:.3}",
            100.0 * self.leak_rate(),
            100.0 * self.character_rate(),
            100.0 * self.marked_rate(),
        )
    }

    /// A table with a line per label.
    pub(crate) fn table(&self) -> String {
        let mut out =
            String::from("label                  P    R    F1   found false missed  strict F1\n");
        for (label, counts) in &self.relaxed {
            let (precision, recall, f1) = rates(*counts);
            let [found, wrong, missed] = counts;
            let strict = self
                .strict
                .get(label)
                .map_or(0.0, |counts| rates(*counts).2);
            let _ = writeln!(
                out,
                "{label:<20} {precision:.2} {recall:.2} {f1:.2} {found:6} {wrong:5} {missed:5}    {strict:.2}"
            );
        }
        let _ = writeln!(out, "leaks by label: {:?}", self.leaks_by_label);
        out
    }
}

fn share(part: u32, whole: u32) -> f64 {
    f64::from(part) / f64::from(whole.max(1))
}

fn rates([found, wrong, missed]: [u32; 3]) -> (f64, f64, f64) {
    let precision = share(found, found + wrong);
    let recall = share(found, found + missed);
    let f1 = share(2 * found, 2 * found + wrong + missed);
    (precision, recall, f1)
}

/// The text around a span, which stands in «».
fn context(text: &str, start: usize, end: usize) -> String {
    let from = text[..start]
        .char_indices()
        .rev()
        .nth(45)
        .map_or(0, |(at, _)| at);
    let to = text[end..]
        .char_indices()
        .nth(30)
        .map_or(text.len(), |(at, _)| end + at);
    format!(
        "{}«{}»{}",
        &text[from..start],
        &text[start..end],
        &text[end..to]
    )
    .replace('\n', "⏎")
}
