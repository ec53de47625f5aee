//! Finds personal data in all texts of a prompt: in each by itself, over their seams, and wherever a value returns.

use std::ops::Range;
use std::sync::LazyLock;

use waarborg_detect::{Finding, Kind, People, Why, tell_groups};

use super::Known;
use super::elsewhere::find_elsewhere;
use super::nested::Text;
use super::seams;
use crate::finder::{Finder, FinderFailed};
use crate::json::LeafKind;

/// How many people live where, are of which age, have which role.
static PEOPLE: LazyLock<People> = LazyLock::new(People::new);

/// The findings of each text, sorted and disjoint. What is `known` of the conversation already is found wherever it stands.
pub(super) fn all(
    texts: &[Text],
    known: &[Known],
    finder: &dyn Finder,
) -> Result<Vec<Vec<Finding>>, FinderFailed> {
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
    find_elsewhere(texts, known, &mut found);
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
    if let Some(whole) = (text.kind == LeafKind::Number)
        .then(|| whole_number(&text.text))
        .flatten()
    {
        let all = 0..text.text.len();
        let found = finder.find(&format!("{label}{whole}"))?.into_iter();
        let gravest = found
            .filter(|finding| finding.span.end > label.len())
            .max_by_key(|finding| (is_grave(finding.kind), finding.kind.is_personal()));
        let covering = gravest.map(|finding| Finding {
            span: all,
            ..finding
        });
        return Ok(covering.into_iter().collect());
    }
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

/// A number that was written with an exponent or a fraction of zeros, as the whole number that it is: programs write
/// `1.23456782e+08` and `123456782.0` for 123456782.
fn whole_number(text: &str) -> Option<String> {
    /// Longer numbers are no identifiers of anybody.
    const MOST_DIGITS: usize = 40;
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if exponent == "0" && fraction.is_empty() {
        return None;
    }
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) => ("-", whole),
        None => ("", whole),
    };
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let point = usize::try_from(point)
        .ok()
        .filter(|point| *point <= MOST_DIGITS)?;
    let mut digits = format!("{whole}{fraction}");
    let behind = digits.get(point..).unwrap_or_default();
    if behind.bytes().any(|digit| digit != b'0') {
        return None;
    }
    digits.truncate(point);
    let missing = point - digits.len();
    digits.extend(std::iter::repeat_n('0', missing));
    let digits = digits.trim_start_matches('0');
    (!digits.is_empty()).then(|| format!("{sign}{digits}"))
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

/// Whether policies are strict with it.
fn is_grave(kind: Kind) -> bool {
    kind.is_special() || kind.is_national_number() || kind.is_secret()
}

/// The policy is asked about the other as well: a name in a word that says something of somebody's health stays with it.
fn speak_for(finding: &mut Finding, other: &Finding) {
    let also = finding.about.also.or(other.about.also).with(other.kind);
    finding.about.also = also.without(finding.kind);
}

/// Adds a finding; what it overlaps becomes one with it, and is asked about with it. A grave kind is never hidden by another.
pub(super) fn add(findings: &mut Vec<Finding>, mut finding: Finding) {
    let covers = |known: &Finding| {
        let is_as_grave = is_grave(known.kind) || !is_grave(finding.kind);
        let is_around =
            known.span.start <= finding.span.start && finding.span.end <= known.span.end;
        known.kind.is_personal() && is_as_grave && is_around
    };
    if let Some(known) = findings.iter_mut().find(|known| covers(known)) {
        speak_for(known, &finding);
        return;
    }
    findings.retain(|known| {
        let overlaps = known.span.start < finding.span.end && finding.span.start < known.span.end;
        if overlaps && known.kind.is_personal() {
            speak_for(&mut finding, known);
            finding.span.start = finding.span.start.min(known.span.start);
            finding.span.end = finding.span.end.max(known.span.end);
        }
        !overlaps
    });
    findings.push(finding);
    findings.sort_by_key(|known| known.span.start);
}

#[cfg(test)]
mod tests {
    use super::whole_number;

    #[test]
    fn a_number_is_read_whatever_way_a_program_writes_it() {
        for (written, whole) in [
            ("1.23456782e+08", Some("123456782")),
            ("1.23456782E8", Some("123456782")),
            ("123456782.0", Some("123456782")),
            ("123456782.00e0", Some("123456782")),
            ("1234567820e-1", Some("123456782")),
            ("1.234e8", Some("123400000")),
            ("-1.5e1", Some("-15")),
            ("123456782", None),
            ("123456782.5", None),
            ("1.5e-3", None),
            ("1e400", None),
            ("1e99999999999", None),
            ("0.0", None),
        ] {
            assert_eq!(whole_number(written).as_deref(), whole, "{written}");
        }
    }
}
