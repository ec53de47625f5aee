//! Finds personal data in all texts of a prompt: in each by itself, over their seams, and wherever a value returns.

use std::ops::Range;
use std::sync::LazyLock;

use waarborg_detect::{Finding, Kind, People, Why, tell_groups};

use super::elsewhere::find_elsewhere;
use super::nested::Text;
use super::seams;
use crate::finder::{Finder, FinderFailed};
use crate::json::LeafKind;

/// How many people live where, are of which age, have which role.
static PEOPLE: LazyLock<People> = LazyLock::new(People::new);

/// The findings of each text, sorted and disjoint.
pub(super) fn all(texts: &[Text], finder: &dyn Finder) -> Result<Vec<Vec<Finding>>, FinderFailed> {
    let mut found = Vec::with_capacity(texts.len());
    for text in texts {
        let mut findings = find_in(text, finder)?;
        if text.is_name || (text.kind == LeafKind::Key && is_identifier(&text.text)) {
            // The tagger knows sentences. What a program calls something is none; its names are looked up below.
            findings.retain(|finding| finding.why != Why::Model);
        }
        add_from_identifier(text, finder, &mut findings)?;
        found.push(findings);
    }
    find_elsewhere(texts, &mut found);
    // Half of a value need not be one elsewhere, so the seams come last.
    seams::find_over(texts, &mut found, finder)?;
    // What was said of somebody in several messages points at them together.
    let mut together: Vec<(&str, &mut [Finding])> = texts
        .iter()
        .zip(&mut found)
        .map(|(text, findings)| (text.text.as_str(), findings.as_mut_slice()))
        .collect();
    tell_groups(&PEOPLE, &mut together);
    Ok(found)
}

/// The findings in one text. A key says what its value is, so the two are read together.
fn find_in(text: &Text, finder: &dyn Finder) -> Result<Vec<Finding>, FinderFailed> {
    const PLAIN: [&str; 9] = [
        "instructions",
        "output",
        "suffix",
        "content",
        "text",
        "arguments",
        "input",
        "prompt",
        "description",
    ];
    let key = match text.kind {
        LeafKind::Key => None,
        LeafKind::Text | LeafKind::Number => {
            text.path.last_key().filter(|key| !PLAIN.contains(key))
        }
    };
    let Some(key) = key else {
        return finder.find(&text.text);
    };

    let label = format!("{key}: ");
    let findings = finder.find(&format!("{label}{}", text.text))?;
    let in_value = |finding: Finding| {
        let start = finding.span.start.max(label.len()) - label.len();
        let end = finding
            .span
            .end
            .checked_sub(label.len())
            .filter(|end| *end > start)?;
        Some(Finding {
            span: start..end,
            ..finding
        })
    };
    Ok(findings.into_iter().filter_map(in_value).collect())
}

/// Longer than this a text is no identifier.
const LONGEST_IDENTIFIER: usize = 256;

/// Adds who is named inside an identifier, such as `piet_jansen_heeft_diabetes`.
fn add_from_identifier(
    text: &Text,
    finder: &dyn Finder,
    findings: &mut Vec<Finding>,
) -> Result<(), FinderFailed> {
    let read = if is_identifier(&text.text) {
        finder.find_in_identifier(&text.text)?
    } else if text.is_name && text.text.len() <= LONGEST_IDENTIFIER {
        // The title of an identifier has blanks between the same words.
        finder.find_in_identifier(&text.text.replace(' ', "_"))?
    } else {
        return Ok(());
    };
    for finding in read
        .into_iter()
        .filter(|finding| finding.kind.is_personal())
    {
        let span = whole_words(&text.text, &finding.span);
        add(findings, Finding { span, ..finding });
    }
    Ok(())
}

/// One word for a program, of several words for a reader.
fn is_identifier(text: &str) -> bool {
    let mut previous_is_small = false;
    let mut has_joint = false;
    text.len() <= LONGEST_IDENTIFIER
        && text.chars().all(|letter| {
            let is_mark = matches!(letter, '_' | '-' | '.');
            has_joint |= is_mark || (previous_is_small && letter.is_uppercase());
            previous_is_small = letter.is_lowercase();
            is_mark || letter.is_alphanumeric()
        })
        && has_joint
}

/// The span with all letters and digits that touch it: a surrogate in the middle of a word cannot be restored.
fn whole_words(text: &str, span: &Range<usize>) -> Range<usize> {
    let reaches = |part: &str| part.len() - part.trim_end_matches(char::is_alphanumeric).len();
    let before = text.get(..span.start).map_or(0, reaches);
    let after = text.get(span.end..).map_or(0, |rest| {
        rest.len() - rest.trim_start_matches(char::is_alphanumeric).len()
    });
    span.start - before..span.end + after
}

/// Adds a finding; what it overlaps becomes one with it. A kind that policies treat more strictly is never hidden by another.
pub(super) fn add(findings: &mut Vec<Finding>, mut finding: Finding) {
    let is_grave = |kind: Kind| kind.is_special() || kind.is_national_number() || kind.is_secret();
    let covers = |known: &Finding| {
        let is_as_grave = is_grave(known.kind) || !is_grave(finding.kind);
        let is_around =
            known.span.start <= finding.span.start && finding.span.end <= known.span.end;
        known.kind.is_personal() && is_as_grave && is_around
    };
    if findings.iter().any(covers) {
        return;
    }
    findings.retain(|known| {
        let overlaps = known.span.start < finding.span.end && finding.span.start < known.span.end;
        if overlaps && known.kind.is_personal() {
            finding.span.start = finding.span.start.min(known.span.start);
            finding.span.end = finding.span.end.max(known.span.end);
        }
        !overlaps
    });
    findings.push(finding);
    findings.sort_by_key(|known| known.span.start);
}
