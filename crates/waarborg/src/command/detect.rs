//! `waarborg detect`: which personal data stands in a text or a file, where, and why we think so.

mod about;
mod considered;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use waarborg_detect::Finding;
use waarborg_domain::finder::FinderFailed;
use waarborg_files::{FileKind, Gaps, PlacedText, kind_of};

use crate::{
    configuration,
    documents::{self, Tesseract},
    finding::OwnDetector,
    printer::{Output, Printer, counted, tell},
    reading::{self, Source},
    stop::{Outcome, Stop},
};
use considered::Explained;

/// Finds personal data in a text or a file.
///
/// A file may be PDF, DOCX, XLSX, PPTX, ODT, RTF, e-mail, a web page, an archive or a picture: its content says which. What of it cannot be read is listed on standard error. Exit codes: 0 nothing found and everything read, 1 something found or
/// something not read, 2 nothing could be read.
#[derive(Debug, Args)]
pub(crate) struct Detect {
    /// The file to read, or - for standard input.
    #[arg(value_name = "FILE|-", default_value = "-", value_parser = Source::parse)]
    source: Source,
    /// `auto` reads the kind of file that the content says; `text` takes it as plain text whatever it is; `jsonl` is one JSON object
    /// `{"id","text"}` on each line, answered line by line.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    format: Format,
    /// Read the letters in pictures with Tesseract, if it is installed.
    #[arg(long)]
    ocr: bool,
    /// Show the stages: everything that was considered, and why it was kept or dropped.
    #[arg(long)]
    explain: bool,
    /// The language of the text.
    #[arg(long, value_enum, default_value_t = Lang::Auto)]
    lang: Lang,
    /// Also find what this `recognisers.toml` adds, and leave what it excepts.
    #[arg(long, value_name = "FILE")]
    recognisers: Option<PathBuf>,
}

/// The form of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A file of any kind.
    Auto,
    /// One text.
    Text,
    /// One JSON object on each line.
    Jsonl,
}

/// The language of a text. Every recogniser runs on every text; the choice is accepted for callers that know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// Found out from the text.
    Auto,
    /// Dutch.
    Nl,
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Swedish.
    Sv,
}

/// Runs the command.
///
/// # Errors
///
/// [`Stop`] when the input cannot be used.
pub(crate) fn run(ask: &Detect, printer: &mut Printer) -> Result<Outcome, Stop> {
    let detector = match &ask.recognisers {
        None => OwnDetector::default(),
        Some(file) => with_own(file)?,
    };
    match ask.format {
        Format::Auto => any_file(ask, &detector, printer),
        Format::Text => one_text(ask, &ask.source.text()?, &detector, printer),
        Format::Jsonl => each_text(ask, &detector, printer),
    }
}

/// The detector with what a file adds; every fault of the file on standard error.
fn with_own(file: &Path) -> Result<OwnDetector, Stop> {
    // A file that was asked for must be there.
    reading::file(file)?;
    let own = configuration::own(file)?;
    own.and_then(|own| own.detector().map_err(|fault| vec![fault]))
        .map_err(|faults| {
            for fault in &faults {
                tell(fault);
            }
            Stop::unusable(
                format!(
                    "{} has {}",
                    file.display(),
                    counted(faults.len() as u64, "fault", "faults")
                ),
                "mend them first",
            )
        })
}

/// How many of the parts that were not read a person gets to see.
const SHOWN_GAPS: usize = 40;

fn any_file(ask: &Detect, detector: &OwnDetector, printer: &mut Printer) -> Result<Outcome, Stop> {
    let bytes = ask.source.bytes()?;
    let bytes = if kind_of(&bytes) == FileKind::Text {
        match String::from_utf8(bytes) {
            Ok(text) => return one_text(ask, &text, detector, printer),
            Err(error) => error.into_bytes(),
        }
    } else {
        bytes
    };

    let reader = if ask.ocr {
        Tesseract::installed()
    } else {
        None
    };
    if ask.ocr && reader.is_none() {
        tell("Tesseract is not installed: the letters in pictures are not read.");
    }
    let (kind, text, gaps) = documents::read(bytes, reader)?;
    tell_gaps(&gaps);
    if text.as_str().is_empty() && !gaps.is_empty() {
        return Err(Stop::unusable(
            format!("nothing of {} could be read", ask.source.name()),
            "open it and save it as PDF or plain text, without a password",
        ));
    }

    let findings = detector.find(text.as_str()).map_err(no_answer)?;
    if printer.output() == Output::Json {
        let mut answer = json!({
            "kind": kind.code(),
            "spans": placed_spans(&text, &findings),
            "unread": unread(&gaps),
        });
        explain_into(&mut answer, ask, text.as_str(), detector, |at| {
            place_at(&text, at)
        })?;
        printer.json(&answer)?;
    } else if ask.explain {
        Explained::new(text.as_str(), detector)?.print(printer, |at| place_at(&text, at))?;
    } else {
        let mut points = CodePoints::new(text.as_str());
        for finding in &findings {
            let (start, end) = (points.at(finding.span.start), points.at(finding.span.end));
            let Finding { score, why, .. } = finding;
            let label = finding.exact_label();
            let place = place(&text, finding);
            let about = about::words(&finding.about);
            printer.line(format_args!(
                "{start}\t{end}\t{label}\t{score:.2}\t{why}\t{place}{about}"
            ))?;
        }
    }

    Ok(outcome(findings.is_empty() && gaps.is_empty()))
}

/// What was not read, for a person; a program reads it in the answer.
fn tell_gaps(gaps: &Gaps) {
    for gap in gaps.iter().take(SHOWN_GAPS) {
        tell(format_args!("not read: {gap}"));
    }
    let n_more = gaps.iter().count().saturating_sub(SHOWN_GAPS);
    if n_more > 0 {
        tell(format_args!("not read: {n_more} more parts"));
    }
}

fn unread(gaps: &Gaps) -> Vec<Value> {
    gaps.iter()
        .map(|gap| {
            json!({
                "place": gap.place.to_string(),
                "reason": gap.reason.code(),
                "why": gap.reason.to_string(),
            })
        })
        .collect()
}

/// The findings in the text of a file, each with its place there.
fn placed_spans(text: &PlacedText, findings: &[Finding]) -> Vec<Value> {
    let mut spans = spans(text.as_str(), findings);
    for (span, finding) in spans.iter_mut().zip(findings) {
        if let Value::Object(span) = span {
            span.insert("place".to_owned(), Value::String(place(text, finding)));
        }
    }
    spans
}

fn place(text: &PlacedText, finding: &Finding) -> String {
    place_at(text, finding.span.start).unwrap_or_default()
}

fn place_at(text: &PlacedText, offset: usize) -> Option<String> {
    text.place_at(offset).map(|place| place.to_string())
}

/// Adds what was considered to an answer, where that was asked.
fn explain_into(
    answer: &mut Value,
    ask: &Detect,
    text: &str,
    detector: &OwnDetector,
    place: impl Fn(usize) -> Option<String>,
) -> Result<(), Stop> {
    if let (true, Value::Object(answer)) = (ask.explain, answer) {
        let considered = Explained::new(text, detector)?.values(place);
        answer.insert("considered".to_owned(), Value::Array(considered));
    }
    Ok(())
}

/// Nothing is said of a text that the model could not read: half an answer would pass for a whole one.
fn no_answer(_: FinderFailed) -> Stop {
    Stop::unusable(
        "the model gave no answer for this text",
        "take [model] out of recognisers.toml, or use another model",
    )
}

fn one_text(
    ask: &Detect,
    text: &str,
    detector: &OwnDetector,
    printer: &mut Printer,
) -> Result<Outcome, Stop> {
    let findings = detector.find(text).map_err(no_answer)?;

    if printer.output() == Output::Json {
        let mut answer = json!({ "spans": spans(text, &findings) });
        explain_into(&mut answer, ask, text, detector, |_| None)?;
        printer.json(&answer)?;
    } else if ask.explain {
        Explained::new(text, detector)?.print(printer, |_| None)?;
    } else {
        let mut points = CodePoints::new(text);
        for finding in &findings {
            let (start, end) = (points.at(finding.span.start), points.at(finding.span.end));
            let Finding { score, why, .. } = finding;
            let label = finding.exact_label();
            let about = about::words(&finding.about);
            printer.line(format_args!(
                "{start}\t{end}\t{label}\t{score:.2}\t{why}{about}"
            ))?;
        }
    }

    Ok(outcome(findings.is_empty()))
}

fn each_text(ask: &Detect, detector: &OwnDetector, printer: &mut Printer) -> Result<Outcome, Stop> {
    let mut clean = true;

    ask.source.each_line(|number, line| {
        let mut given = object(number, line)?;
        let Some(Value::String(text)) = given.remove("text") else {
            return Err(Stop::unusable(
                format!("line {number} has no \"text\" that is a string"),
                "give one object per line: {\"id\": \"1\", \"text\": \"…\"}",
            ));
        };
        let findings = detector.find(&text).map_err(no_answer)?;
        clean &= findings.is_empty();

        let mut answer = Map::new();
        answer.insert("id".to_owned(), given.remove("id").unwrap_or(Value::Null));
        answer.insert("spans".to_owned(), Value::Array(spans(&text, &findings)));
        let mut answer = Value::Object(answer);
        explain_into(&mut answer, ask, &text, detector, |_| None)?;
        printer.json(&answer)?;
        printer.flush()
    })?;

    Ok(outcome(clean))
}

fn outcome(clean: bool) -> Outcome {
    if clean {
        Outcome::Good
    } else {
        Outcome::Findings
    }
}

/// One line of JSONL as an object.
///
/// # Errors
///
/// [`Stop::Unusable`] that names the line.
pub(crate) fn object(number: usize, line: &str) -> Result<Map<String, Value>, Stop> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Stop::unusable(
            format!("line {number} is not a JSON object"),
            "give one object per line",
        )),
        // The error names a column and a kind of fault, never the text itself.
        Err(error) => Err(Stop::unusable(
            format!(
                "line {number} is not valid JSON (column {})",
                error.column()
            ),
            "give one JSON object per line",
        )),
    }
}

/// The findings as outsiders read them: offsets in Unicode code points, half-open.
fn spans(text: &str, findings: &[Finding]) -> Vec<Value> {
    let mut points = CodePoints::new(text);
    findings
        .iter()
        .map(|finding| {
            let mut span = json!({
                "start": points.at(finding.span.start),
                "end": points.at(finding.span.end),
                "label": finding.kind.label(),
                "score": (f64::from(finding.score) * 1000.0).round() / 1000.0,
                "why": finding.why.to_string(),
            });
            if let Value::Object(span) = &mut span {
                about::insert(span, &finding.about);
            }
            span
        })
        .collect()
}

/// Turns rising byte offsets into code points in one pass over the text.
struct CodePoints<'t> {
    offsets: std::str::CharIndices<'t>,
    next: Option<usize>,
    counted: usize,
}

impl<'t> CodePoints<'t> {
    fn new(text: &'t str) -> Self {
        let mut offsets = text.char_indices();
        let next = offsets.next().map(|(offset, _)| offset);
        Self {
            offsets,
            next,
            counted: 0,
        }
    }

    /// How many code points begin before this byte; offsets must not go down from call to call.
    fn at(&mut self, byte: usize) -> usize {
        while self.next.is_some_and(|offset| offset < byte) {
            self.counted += 1;
            self.next = self.offsets.next().map(|(offset, _)| offset);
        }
        self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points_and_not_bytes() {
        let text = "é😀 BSN";
        let mut points = CodePoints::new(text);
        assert_eq!(points.at(0), 0);
        assert_eq!(points.at("é".len()), 1);
        assert_eq!(points.at("é😀 ".len()), 3);
        assert_eq!(points.at(text.len()), 6);
    }

    #[test]
    fn a_line_that_is_no_object_is_refused_by_its_number() {
        let stop = object(7, "[1]").unwrap_err();
        assert!(stop.to_string().contains("line 7"));
        assert!(
            object(8, "{\"id\":")
                .unwrap_err()
                .to_string()
                .contains("line 8")
        );
    }
}
