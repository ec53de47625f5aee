//! Postcodes of other countries, behind a word for postcode: the United Kingdom, Ireland, and those of four or five digits.
//!
//! Sources: Royal Mail, Programmers' Guide to the Postcode Address File (letters per place); Eircode, product guide;
//! Universal Postal Union, addressing systems (digits).

use core::ops::Range;

use crate::reading::Reading;
use crate::validation::holds;

/// The postcode that begins at this token.
pub(crate) fn find(reading: &Reading<'_>, place: usize) -> Option<Range<usize>> {
    let start = reading.token(place)?.start;
    if reading.is_continued(place) {
        return None;
    }
    let rest = reading.text.get(start..)?;
    let first = run(rest);
    let behind = rest.get(first..)?;
    let space = usize::from(behind.starts_with(' '));
    let second = run(behind.get(space..)?);
    let one = rest.get(..first)?;
    let two = behind.get(space..space + second)?;
    let both = first + space + second;
    let fits_both = |head: &str, tail: &str| is_british(head, tail) || is_irish(head, tail);
    if fits_both(one, two) {
        return Some(start..start + both);
    }
    // In one piece the second part is three letters and digits, of Ireland four.
    let is_glued = [3, 4]
        .into_iter()
        .filter_map(|tail| one.split_at_checked(first.checked_sub(tail)?))
        .any(|(head, tail)| fits_both(head, tail));
    let letters = two.len() == 2 && two.bytes().all(|byte| byte.is_ascii_alphabetic());
    let fits = is_glued || (is_of_digits(one) && !letters);
    holds("postcode-abroad", fits).then_some(start..start + first)
}

/// Bytes of letters and digits at the beginning.
fn run(text: &str) -> usize {
    text.bytes()
        .take(9)
        .take_while(u8::is_ascii_alphanumeric)
        .count()
}

/// Five digits, or four that are no year.
fn is_of_digits(code: &str) -> bool {
    let is_year = code.starts_with("19") || code.starts_with("20");
    code.bytes().all(|byte| byte.is_ascii_digit())
        && (code.len() == 5 || (code.len() == 4 && !is_year && !code.starts_with('0')))
}

/// `SW1A 1AA`, `M1 1AE`, `B33 8TH`: an area of one or two letters, a district, a digit and two letters.
fn is_british(head: &str, tail: &str) -> bool {
    let upper = |byte: &u8| byte.to_ascii_uppercase();
    let n_letters = head.bytes().take_while(u8::is_ascii_alphabetic).count();
    let letters_fit = match head.as_bytes().get(..n_letters) {
        Some([first]) => !b"QVX".contains(&upper(first)),
        Some([first, second]) => {
            !b"QVX".contains(&upper(first)) && !b"IJZ".contains(&upper(second))
        }
        _ => false,
    };
    let district_fits = match head.as_bytes().get(n_letters..) {
        Some([digit]) => digit.is_ascii_digit(),
        Some([digit, last]) => digit.is_ascii_digit() && last.is_ascii_alphanumeric(),
        _ => false,
    };
    let tail_fits = matches!(tail.as_bytes(), [digit, first, second]
    if digit.is_ascii_digit() && [first, second].iter().all(|letter| {
        letter.is_ascii_alphabetic() && !b"CIKMOV".contains(&upper(letter))
    }));
    letters_fit && district_fits && tail_fits
}

/// `D02 AF30`, `D6W XY00`: a letter and two digits, and four letters and digits.
fn is_irish(head: &str, tail: &str) -> bool {
    let head_fits = matches!(head.as_bytes(), [letter, first, second]
        if letter.is_ascii_alphabetic() && first.is_ascii_digit()
            && (second.is_ascii_digit() || second.eq_ignore_ascii_case(&b'W')));
    let n_digits = tail.bytes().filter(u8::is_ascii_digit).count();
    head_fits
        && tail.len() == 4
        && (1..4).contains(&n_digits)
        && tail.starts_with(|first: char| first.is_ascii_alphabetic())
}
