//! Dutch citizen service numbers: nine digits that pass the eleven-test, in one piece or in the usual groups.
//!
//! One number in eleven passes by chance, so without a label the number must stand by itself, in at most four groups,
//! and no word for orders, invoices or organisations may stand before it.

use crate::digits::Digits;
use crate::finding::Why;
use crate::kind::Kind;
use crate::numbers::ends_in_word;
use crate::reading::{Hit, Reading};
use crate::tokens::Token;
use crate::validate;
use crate::vocabulary::role;

/// "citizen service number": three words that each say nothing.
pub(crate) fn is_called_in_english(reading: &Reading<'_>, place: usize) -> bool {
    (3..=6)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| {
            reading.word(at).eq_ignore_ascii_case("citizen")
                && reading.word(at + 1).eq_ignore_ascii_case("service")
                && reading.word(at + 2).eq_ignore_ascii_case("number")
        })
}

/// The number that begins at this token.
pub(crate) fn find(
    reading: &Reading<'_>,
    place: usize,
    token: &Token,
    digits: &Digits,
) -> Option<Hit> {
    let labelled = reading.cue_before(place, 8, |cue| {
        cue.label == Some(Kind::Bsn) || cue.stem == Some(Kind::Bsn)
    }) || is_called_in_english(reading, place);
    let (nine, end) = digits.exactly(9)?;
    if !validate::eleven_test(nine) || ends_in_word(reading, end) {
        return None;
    }
    let whole = digits.ends_at(9) || token.n_chars == 9;
    let regular = digits.n_groups() <= 4;
    // The number of an organisation passes the same test.
    let of_organisation = (1..=3)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| reading.word(at).eq_ignore_ascii_case("rsin"));
    let impersonal =
        of_organisation || reading.cue_before(place, 3, |cue| cue.is(role::IMPERSONAL));
    // "ordernummer is 111222333": the label of another number decides.
    let is_other = reading.cue_before(place, 3, |cue| {
        cue.label
            .is_some_and(|kind| kind != Kind::Bsn && is_number_kind(kind))
    });
    // Other countries have passports of nine digits.
    let is_other = is_other
        || (1..=2)
            .filter_map(|back| place.checked_sub(back))
            .any(|at| reading.is_one_of(at, &["passport", "paspoort", "paspoortnummer"]));
    // "2 048 117 730": the groups behind the first of a longer number.
    let is_rest = digits.n_groups() > 1
        && token.n_chars < 9
        && (reading.previous(place))
            .is_some_and(|before| before.is_number() && before.end + 1 == token.start);
    // "02/356 71 44" is a telephone number of Belgium.
    let goes_on = is_in_chain(reading, end) || reading.slice(token.start..end).contains('/');
    if !labelled && (!whole || !regular || impersonal || is_other || is_rest || goes_on) {
        return None;
    }
    let score = if labelled { 1.0 } else { 0.91 };
    Some(Hit::new(
        token.start..end,
        Kind::Bsn,
        score,
        Why::ElevenTest,
    ))
}

/// "2718.44.310.T.24": whether a mark follows with a digit or a single letter against it. The ending of a file is longer.
fn is_in_chain(reading: &Reading<'_>, end: usize) -> bool {
    let mut rest = reading.text.get(end..).unwrap_or_default().chars();
    let is_joint = rest
        .next()
        .is_some_and(|mark| matches!(mark, '.' | '-' | '/' | '_'));
    let next = rest.next();
    let is_single = !rest.next().is_some_and(char::is_alphanumeric);
    is_joint && next.is_some_and(|next| next.is_numeric() || (next.is_alphabetic() && is_single))
}

/// Kinds that are numbers which a label announces.
fn is_number_kind(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::DeviceId
            | Kind::Phone
    )
}
