//! `--explain`: what each stage of detection brought up, and why it was kept or dropped.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waarborg_detect::{About, Considered, Fate, Finding};

use super::{CodePoints, about, no_answer};
use crate::{finding::OwnDetector, printer::Printer, stop::Stop};

/// Everything that was considered in a text, with offsets in code points.
pub(super) struct Explained {
    considered: Vec<Considered>,
    findings: Vec<Finding>,
    points: BTreeMap<usize, usize>,
}

impl Explained {
    pub(super) fn new(text: &str, detector: &OwnDetector) -> Result<Self, Stop> {
        let considered = detector.explain(text).map_err(no_answer)?;
        let mut points: BTreeMap<usize, usize> = considered
            .iter()
            .flat_map(|one| [one.span.start, one.span.end])
            .map(|offset| (offset, 0))
            .collect();
        let mut counted = CodePoints::new(text);
        for (offset, point) in &mut points {
            *point = counted.at(*offset);
        }
        Ok(Self {
            considered,
            findings: detector.find(text).map_err(no_answer)?,
            points,
        })
    }

    /// For a program; `place` says where in a file something stands.
    pub(super) fn values(&self, place: impl Fn(usize) -> Option<String>) -> Vec<Value> {
        self.considered
            .iter()
            .map(|one| {
                let mut value = json!({
                    "start": self.point(one.span.start),
                    "end": self.point(one.span.end),
                    "label": one.kind.label(),
                    "score": (f64::from(one.score) * 1000.0).round() / 1000.0,
                    "stage": one.stage.code(),
                    "why": one.why.to_string(),
                    "fate": one.fate.code(),
                    "because": one.fate.to_string(),
                });
                if let Value::Object(value) = &mut value {
                    if let Some(place) = place(one.span.start) {
                        value.insert("place".to_owned(), Value::String(place));
                    }
                    if let Some(more) = self.about(one) {
                        about::insert(value, more);
                    }
                }
                value
            })
            .collect()
    }

    /// For a person: one line for each, with its stage, its reason and what became of it.
    ///
    /// # Errors
    ///
    /// [`Stop::Closed`] when the reader went away.
    pub(super) fn print(
        &self,
        printer: &mut Printer,
        place: impl Fn(usize) -> Option<String>,
    ) -> Result<(), Stop> {
        for one in &self.considered {
            let (start, end) = (self.point(one.span.start), self.point(one.span.end));
            let place =
                place(one.span.start).map_or_else(String::new, |place| format!("\t{place}"));
            let more = self.about(one).map(about::words).unwrap_or_default();
            printer.line(format_args!(
                "{start}\t{end}\t{}\t{:.2}\t{}\t{}\t{}{place}{more}",
                one.kind.label(),
                one.score,
                one.stage,
                one.why,
                one.fate,
            ))?;
        }
        Ok(())
    }

    /// What more is known of the finding that something became.
    fn about(&self, one: &Considered) -> Option<&About> {
        if one.fate != Fate::Kept {
            return None;
        }
        let next = self
            .findings
            .partition_point(|finding| finding.span.end <= one.span.start);
        let finding = self.findings.get(next)?;
        let is_same = finding.kind == one.kind && finding.span.start < one.span.end;
        is_same.then_some(&finding.about)
    }

    fn point(&self, offset: usize) -> usize {
        self.points.get(&offset).copied().unwrap_or_default()
    }
}
