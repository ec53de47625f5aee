//! Numbers of cases as courts and authorities write them in English: "application (no. 25929/05)", "case nos. 12/3".

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validation::holds;

/// Finds them behind a word for a case and a word for a number, with a bracket between them or not.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    for number in &reading.numbers {
        let n_back = 1 + usize::from(*number > 0 && reading.is_mark(number - 1, '.'));
        let place = number.checked_sub(n_back).filter(|place| *place > 0);
        hits.extend(place.and_then(|place| behind(reading, place)));
    }
}

/// The number behind "no." at this place.
fn behind(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let is_number_word = matches!(reading.word(place), "no" | "No" | "nos" | "Nos" | "nr");
    if !is_number_word {
        return None;
    }
    let before = place - 1 - usize::from(reading.is_mark(place - 1, '(')).min(place - 1);
    let is_case = matches!(
        reading.word(before).to_lowercase().as_str(),
        "application"
            | "applications"
            | "case"
            | "cases"
            | "petition"
            | "complaint"
            | "file"
            | "claim"
    );
    if !is_case {
        return None;
    }
    let first = place + 1 + usize::from(reading.is_mark(place + 1, '.'));
    let start = reading.token(first).filter(|token| token.is_number())?;
    let mut last = first;
    while ['/', '-']
        .iter()
        .any(|mark| reading.is_mark(last + 1, *mark))
        && reading.is_glued(last + 1)
        && reading.is_glued(last + 2)
        && reading.is_number(last + 2)
    {
        last += 2;
    }
    let span = start.start..reading.token(last)?.end;
    let is_long = holds("case-length", span.len() >= 4) && !reading.continues(last);
    // "25929/05": a case by its form too, so it counts in a text about the law as well.
    let why = if last > first {
        Why::Format
    } else {
        Why::AfterLabel
    };
    is_long.then(|| Hit::new(span, Kind::CustomerNumber, 0.9, why))
}

#[cfg(test)]
mod tests {
    use crate::{Detector, Kind};

    fn found(text: &str) -> Option<&str> {
        Detector::new()
            .find(text)
            .into_iter()
            .find(|finding| finding.kind == Kind::CustomerNumber)
            .and_then(|finding| text.get(finding.span))
    }

    #[test]
    fn the_number_of_a_case_points_at_its_people() {
        assert_eq!(
            found("It originated in an application (no. 25929/05) against the State."),
            Some("25929/05")
        );
        assert_eq!(
            found("See case no. 4471-2019 for details."),
            Some("4471-2019")
        );
        assert_eq!(found("In any case no 12 people came."), None);
        assert_eq!(found("Applications close on 1 May."), None);
    }
}
