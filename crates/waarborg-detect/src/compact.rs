//! Numbers whose digits are kept apart by anything, spelled out, or misread as letters: what is
//! left when the noise is gone must pass its check, or have a label.

use alloc::vec::Vec;
use core::ops::Range;

use crate::bsn;
use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::validate;
use crate::validation::holds;
use crate::vocabulary::role;

/// Longer runs are no number that we know.
const MAX_DIGITS: usize = 24;
/// Most tokens of noise between two groups.
const MAX_NOISE: usize = 10;

/// Finds them all.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut place = 0;
    while let Some(token) = reading.token(place) {
        let next = if token.is_word() {
            at_word(reading, place, token, hits)
        } else if token.is_number() || (token.is('(') && reading.is_number(place + 1)) {
            at_digits(reading, place, hits)
        } else {
            place + 1
        };
        place = next.max(place + 1);
    }
}

fn at_word(reading: &Reading<'_>, place: usize, token: &Token, hits: &mut Vec<Hit>) -> usize {
    if reading.cue(place).is(role::DIGIT) {
        return at_digits(reading, place, hits);
    }
    if token.n_chars <= 5
        && may_begin_account(reading.bytes(token))
        && let Some(hit) = account(reading, place, token)
    {
        let end = hit.span.end;
        hits.push(hit);
        return place_at(reading, place, end);
    }
    if token.n_chars <= 6 && reading.continues(place) && reading.is_number(place + 1) {
        return at_digits(reading, place, hits);
    }
    place + 1
}

fn place_at(reading: &Reading<'_>, from: usize, end: usize) -> usize {
    let rest = reading.tokens.get(from..).unwrap_or_default();
    from + rest.partition_point(|token| token.start < end)
}

/// Digits with where they stand, and what stood between them.
struct Run {
    digits: [u8; MAX_DIGITS],
    /// Per digit: the end of its group in bytes, when it is the last of the group.
    ends: [Option<usize>; MAX_DIGITS],
    n: usize,
    start: usize,
    /// The place behind the last group.
    next: usize,
    n_groups: usize,
    n_words: usize,
    n_letters: usize,
    gaps: Gaps,
    /// More digits came than fit.
    is_cut: bool,
}

/// What stood between the groups.
struct Gaps {
    /// The same between all of them.
    is_even: bool,
    /// A line end between two of them.
    has_line_end: bool,
    /// Tags or emphasis between two of them.
    has_markup: bool,
}

impl Run {
    fn push(&mut self, digit: u8) {
        if let Some(slot) = self.digits.get_mut(self.n) {
            *slot = digit;
            self.n += 1;
        } else {
            self.is_cut = true;
        }
    }

    /// The first `n` digits, where a group ends, and the byte behind them.
    fn first(&self, n: usize) -> Option<(&[u8], usize)> {
        let end = (*self.ends.get(n.checked_sub(1)?)?)?;
        Some((self.digits.get(..n).filter(|_| n <= self.n)?, end))
    }
}

fn read_run(reading: &Reading<'_>, first: usize) -> Option<Run> {
    let mut run = Run {
        digits: [0; MAX_DIGITS],
        ends: [None; MAX_DIGITS],
        n: 0,
        start: reading.token(first)?.start,
        next: first,
        n_groups: 0,
        n_words: 0,
        n_letters: 0,
        gaps: Gaps {
            is_even: true,
            has_line_end: false,
            has_markup: false,
        },
        is_cut: false,
    };
    let mut at = first + usize::from(reading.is_mark(first, '('));
    let mut gap: Option<&str> = None;
    while let Some(next) = read_group(reading, at, &mut run) {
        let end = reading.token(next - 1)?.end;
        if let Some(slot) = run.n.checked_sub(1).and_then(|last| run.ends.get_mut(last)) {
            *slot = Some(end);
        }
        run.n_groups += 1;
        run.next = next;
        if run.is_cut {
            break;
        }
        let Some(noise) = skip_noise(reading, next) else {
            break;
        };
        if !is_group(reading, noise.next) {
            break;
        }
        let between = reading.slice(end..reading.token(noise.next)?.start);
        run.gaps.is_even &= gap.is_none_or(|gap| gap == between);
        gap = Some(between);
        run.gaps.has_line_end |= noise.has_line_end;
        run.gaps.has_markup |= noise.has_markup;
        at = noise.next;
    }
    Some(run)
}

/// Whether a number or a number word is all there is: that is for the other recognisers, and most are.
fn is_alone(reading: &Reading<'_>, place: usize) -> bool {
    let is_whole = reading.is_number(place) || reading.cue(place).is(role::DIGIT);
    let goes_on =
        || skip_noise(reading, place + 1).is_some_and(|noise| is_group(reading, noise.next));
    is_whole && !reading.continues(place) && !goes_on()
}

fn is_group(reading: &Reading<'_>, place: usize) -> bool {
    reading.is_number(place)
        || reading.cue(place).is(role::DIGIT)
        || is_doubling(reading, place)
        || (reading.is_word(place)
            && reading.continues(place)
            && reading
                .word(place)
                .bytes()
                .all(|byte| misread(byte).is_some()))
}

/// "dubbel een": the digit behind it is said once and meant twice.
fn is_doubling(reading: &Reading<'_>, place: usize) -> bool {
    let next = reading.cue(place + 1);
    next.is(role::DIGIT)
        && next.value < 10
        && !reading.continues(place + 1)
        && reading.is_one_of(place, &["dubbel", "dubbele", "double"])
}

/// Digits, a number word, or digits with letters that look like them: the place behind the group.
fn read_group(reading: &Reading<'_>, place: usize, run: &mut Run) -> Option<usize> {
    let token = reading.token(place)?;
    if reading.is_continued(place) {
        return None;
    }
    if is_doubling(reading, place) {
        let value = reading.cue(place + 1).value;
        run.push(value);
        run.push(value);
        run.n_words += 2;
        return Some(place + 2);
    }
    if reading.cue(place).is(role::DIGIT) && !reading.continues(place) {
        let value = reading.cue(place).value;
        if value > 9 {
            run.push(value / 10);
        }
        run.push(value % 10);
        run.n_words += 1;
        return Some(place + 1);
    }
    if token.is_number() && !reading.continues(place) {
        for byte in reading.slice(token.span()).bytes().take(MAX_DIGITS + 1) {
            run.push(byte - b'0');
        }
        return Some(place + 1);
    }
    let mut last = place;
    while reading.continues(last) && last < place + MAX_DIGITS {
        last += 1;
    }
    let text = reading.slice(token.start..reading.token(last)?.end);
    let n_digits = text.bytes().filter(u8::is_ascii_digit).count();
    let fits = (2..=MAX_DIGITS).contains(&text.len())
        && n_digits * 4 >= text.len()
        && text.bytes().all(|byte| misread(byte).is_some());
    if !fits {
        return None;
    }
    for byte in text.bytes() {
        run.push(misread(byte)?);
    }
    run.n_letters += text.len() - n_digits;
    Some(last + 1)
}

/// The digit that is meant by a digit, or by a letter that looks like one.
fn misread(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'O' | b'o' | b'D' | b'Q' => Some(0),
        b'l' | b'I' | b'i' => Some(1),
        b'Z' | b'z' => Some(2),
        b'S' | b's' => Some(5),
        b'B' => Some(8),
        _ => None,
    }
}

struct Noise {
    next: usize,
    has_line_end: bool,
    has_markup: bool,
}

/// Marks, tags and at most one line end; nothing that says something.
fn skip_noise(reading: &Reading<'_>, place: usize) -> Option<Noise> {
    let mut noise = Noise {
        next: place,
        has_line_end: false,
        has_markup: false,
    };
    while noise.next < place + MAX_NOISE {
        let token = reading.token(noise.next)?;
        match token.shape {
            // "71287 * 3521" is a sum.
            Shape::Mark('*') if token.spaced && !reading.is_glued(noise.next + 1) => {
                return Some(noise);
            }
            Shape::Mark('*' | '~' | '`' | '_') => {
                noise.has_markup = true;
                noise.next += 1;
            }
            Shape::Mark(
                '-' | '.' | '/' | '(' | ')' | '[' | ']' | ',' | ':' | '|' | '\\' | '"' | '\'' | '+'
                | '=' | '#',
            ) => {
                noise.next += 1;
            }
            Shape::LineEnd if !noise.has_line_end => {
                noise.has_line_end = true;
                noise.next += 1;
            }
            Shape::Mark('<') => {
                let close =
                    (noise.next + 1..noise.next + 9).find(|at| reading.is_mark(*at, '>'))?;
                noise.has_markup = true;
                noise.next = close + 1;
            }
            _ => return Some(noise),
        }
    }
    None
}

fn at_digits(reading: &Reading<'_>, place: usize, hits: &mut Vec<Hit>) -> usize {
    if is_alone(reading, place) {
        return place + 1;
    }
    let Some(run) = read_run(reading, place) else {
        return place + 1;
    };
    // One plain number is for the other recognisers.
    let is_odd = run.n_groups > 1 || run.n_letters > 0;
    if is_odd && run.n >= 8 {
        let hit = number(reading, place, &run)
            .or_else(|| phone(reading, place, &run))
            .or_else(|| birth(reading, place, &run));
        if let Some(hit) = hit {
            let end = hit.span.end;
            hits.push(hit);
            return place_at(reading, place, end);
        }
    }
    // A label further on may stand before the rest of a long run.
    if run.n_groups > 4 && run.n_words == 0 {
        return run.next;
    }
    place + 1
}

/// Whether the run is a number of its own: nobody writes a list or a sum like this.
fn stands_alone(reading: &Reading<'_>, place: usize, run: &Run) -> bool {
    let is_tidy = run.gaps.is_even || run.gaps.has_markup || reading.is_mark(place, '(');
    let said = run.n_words == 0 || run.n_words * 2 >= run.n_groups || run.n_words >= 3;
    let impersonal = reading.cue_before(place, 3, |cue| cue.is(role::IMPERSONAL));
    is_tidy && said && !impersonal && !run.gaps.has_line_end && !run.is_cut
}

/// Whether letters or digits go on before it or behind it with a mark between: "HAP-26-5058934", "2718.44.310.T.24".
fn is_in_reference(reading: &Reading<'_>, place: usize, run: &Run) -> bool {
    let is_part = |at: usize| reading.is_word(at) || reading.is_number(at);
    let is_joint = |at: usize| {
        ['-', '.', '/', '_', '#']
            .iter()
            .any(|mark| reading.is_mark(at, *mark))
            && reading.is_glued(at)
            && reading.is_glued(at + 1)
    };
    let before = place >= 2 && is_joint(place - 1) && is_part(place - 2);
    // "2 048 117 730".
    let is_rest = run.n_groups > 1
        && (reading.token(place).zip(reading.previous(place)))
            .is_some_and(|(token, before)| before.is_number() && before.end + 1 == token.start);
    before || is_rest || (is_joint(run.next) && is_part(run.next + 1))
}

/// A citizen service number or a payment card.
fn number(reading: &Reading<'_>, place: usize, run: &Run) -> Option<Hit> {
    let labelled = |kind: Kind| {
        reading.cue_before(place, 8, |cue| {
            cue.label == Some(kind) || cue.stem == Some(kind)
        })
    };
    let alone = stands_alone(reading, place, run) && !is_in_reference(reading, place, run);
    let is_bsn = labelled(Kind::Bsn) || bsn::is_called_in_english(reading, place);
    if let Some((digits, end)) = run.first(9)
        && validate::eleven_test(digits)
        && (is_bsn || (alone && run.n == 9 && (run.n_letters == 0 || run.n_letters <= 5)))
    {
        let score = if is_bsn { 0.97 } else { 0.7 };
        return Some(Hit::new(run.start..end, Kind::Bsn, score, Why::ElevenTest));
    }
    let is_card = labelled(Kind::CreditCard);
    [16, 15, 14, 19, 13].into_iter().find_map(|n| {
        let (digits, end) = run.first(n)?;
        let proven = validate::luhn(digits) && validate::is_card_range(digits);
        let fits = proven && (is_card || (n > 13 && alone && run.n == n));
        fits.then(|| {
            let score = if is_card { 0.97 } else { 0.8 };
            Hit::new(run.start..end, Kind::CreditCard, score, Why::Luhn)
        })
    })
}

fn phone(reading: &Reading<'_>, place: usize, run: &Run) -> Option<Hit> {
    let labelled = reading.cue_before(place, 6, |cue| {
        cue.label == Some(Kind::Phone) || cue.stem == Some(Kind::Phone)
    }) || reading.cue_before(place, 4, |cue| cue.is(role::CALLING));
    let digits = run.digits.get(..run.n)?;
    let has_plus = reading.previous(place).is_some_and(|mark| mark.is('+'));
    let n = match digits {
        [0, 8, 0, 0, ..] | [0, 9, 0, _, ..] if !holds("phone-of-someone", false) => return None,
        [0, 0, 3, 1, 1..=9, ..] => 13,
        [0, 1..=9, ..] => 10,
        [3, 1, 0, ..] if has_plus => 12,
        [3, 1, 1..=9, ..] if has_plus => 11,
        _ => return None,
    };
    let (_, end) = run.first(n)?;
    let alone = stands_alone(reading, place, run)
        && run.n == n
        && run.n_letters == 0
        && (run.n_words >= 3 || matches!(digits, [0, 6, ..] | [_, _, _, 6, ..]));
    let fits = labelled || alone;
    let start = if has_plus { run.start - 1 } else { run.start };
    fits.then(|| {
        let why = if labelled {
            Why::AfterLabel
        } else {
            Why::Format
        };
        Hit::new(
            start..end,
            Kind::Phone,
            if labelled { 0.93 } else { 0.75 },
            why,
        )
    })
}

/// Eight digits behind a word of birth that are a day.
fn birth(reading: &Reading<'_>, place: usize, run: &Run) -> Option<Hit> {
    let (digits, end) = run.first(8)?;
    let announced = reading.cue_before(place, 6, |cue| cue.is(role::BIRTH));
    let value = |range: Range<usize>| {
        digits
            .get(range)
            .unwrap_or_default()
            .iter()
            .fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit))
    };
    let is_year = |year: u32| holds("birth-year", (1890..2030).contains(&year));
    let is_date = (validate::is_day(value(0..2), value(2..4)) && is_year(value(4..8)))
        || (validate::is_day(value(6..8), value(4..6)) && is_year(value(0..4)));
    (announced && run.n == 8 && is_date)
        .then(|| Hit::new(run.start..end, Kind::DateOfBirth, 0.9, Why::AfterLabel))
}

/// Whether a word is, or may go on to be, a country that has account numbers and what can be two digits.
fn may_begin_account(word: &[u8]) -> bool {
    let [first, second, rest @ ..] = word else {
        return true;
    };
    let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    rest.iter().take(2).all(|byte| misread(*byte).is_some())
        && validate::iban_length(country).is_some()
}

/// An account number between whose letters and digits anything may stand.
fn account(reading: &Reading<'_>, place: usize, token: &Token) -> Option<Hit> {
    if reading.is_continued(place) {
        return None;
    }
    let mut compact = [0_u8; 34];
    let mut n = 0;
    let mut length = None;
    let mut at = place;
    let mut end = token.end;
    while length.is_none_or(|length| n < length) {
        let token = reading.token(at)?;
        if token.is_word() || token.is_number() {
            let text = reading.slice(token.span()).as_bytes();
            compact.get_mut(n..n + text.len())?.copy_from_slice(text);
            n += text.len();
            end = token.end;
            at += 1;
        } else {
            at = skip_noise(reading, at)
                .filter(|noise| noise.next > at)?
                .next;
        }
        if length.is_none() && n >= 2 {
            let [first, second, ..] = &mut compact;
            first.make_ascii_uppercase();
            second.make_ascii_uppercase();
            length = Some(validate::iban_length([*first, *second])?);
        }
        // Check digits, or letters that look like digits.
        if n >= 4
            && !compact
                .get(2..4)?
                .iter()
                .all(|byte| misread(*byte).is_some())
        {
            return None;
        }
    }
    let compact = compact
        .get_mut(..n)
        .filter(|_| holds("iban-length", Some(n) == length))?;
    // Words may fit a check too; a scan leaves more digits than that.
    let n_digits = compact.iter().filter(|byte| byte.is_ascii_digit()).count();
    if n_digits * 4 < n {
        return None;
    }
    if reading.continues(at - 1) {
        return None;
    }
    let mut mended = [0_u8; 34];
    let mended = mended.get_mut(..n)?;
    mended.copy_from_slice(compact);
    mend(mended);
    compact.make_ascii_uppercase();
    mended.make_ascii_uppercase();
    (validate::iban(compact) || validate::iban(mended))
        .then(|| Hit::new(token.start..end, Kind::Iban, 0.98, Why::Mod97))
}

/// Puts digits where the country has digits only.
fn mend(compact: &mut [u8]) {
    let letters = match compact.first_chunk::<2>() {
        Some(b"NL" | b"GB" | b"IE") => 4..8,
        Some(b"BE" | b"DE" | b"AT" | b"ES" | b"PL" | b"PT" | b"DK" | b"SE" | b"NO" | b"FI") => 0..0,
        _ => return,
    };
    for (place, byte) in compact.iter_mut().enumerate().skip(2) {
        if letters.contains(&place) {
            *byte = match *byte {
                b'0' => b'O',
                b'1' => b'I',
                b'5' => b'S',
                b'8' => b'B',
                other => other,
            };
        } else if let Some(digit) = misread(*byte) {
            *byte = b'0' + digit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;
    use alloc::string::{String, ToString as _};

    fn check(text: &str, expected: &[(Kind, &str)]) {
        let vocabulary = Vocabulary::new();
        let reading = Reading::new(text, &vocabulary);
        let mut hits = Vec::new();
        find(&reading, &mut hits);
        let found: Vec<(Kind, String)> = hits
            .into_iter()
            .map(|hit| (hit.kind, text.get(hit.span).unwrap().to_string()))
            .collect();
        let expected: Vec<(Kind, String)> = expected
            .iter()
            .map(|(kind, value)| (*kind, value.to_string()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn noise_does_not_hide_a_number() {
        check(
            "BSN 1**1**1**2**2**2**3**3**3",
            &[(Kind::Bsn, "1**1**1**2**2**2**3**3**3")],
        );
        check(
            "bsn: 111<b></b>222<!-- x -->333",
            &[(Kind::Bsn, "111<b></b>222<!-- x -->333")],
        );
        check("bsn 1112\n22333", &[(Kind::Bsn, "1112\n22333")]);
        check("bsn 1112\n22334", &[]);
        check(
            "NL9**1A**BNA04\n17 1_643/00",
            &[(Kind::Iban, "NL9**1A**BNA04\n17 1_643/00")],
        );
    }

    #[test]
    fn spelled_digits_are_digits() {
        check(
            "een een een twee twee twee drie drie drie",
            &[(Kind::Bsn, "een een een twee twee twee drie drie drie")],
        );
        check(
            "bel nul zes 1 twee drie 4 vijf zes 7 8",
            &[(Kind::Phone, "nul zes 1 twee drie 4 vijf zes 7 8")],
        );
        check("een twee drie vier hoedje van papier", &[]);
        check(
            "bel nul zes dubbel een twee drie dubbel vier zes zeven",
            &[(
                Kind::Phone,
                "nul zes dubbel een twee drie dubbel vier zes zeven",
            )],
        );
        check("een dubbel bed en twee kamers, dubbel zo duur", &[]);
    }

    #[test]
    fn misread_letters_need_the_check() {
        check("bsn ll1222333", &[(Kind::Bsn, "ll1222333")]);
        check("bsn ll1222334", &[]);
        check("NL9lABNAO4l7l643OO", &[(Kind::Iban, "NL9lABNAO4l7l643OO")]);
    }

    #[test]
    fn lists_and_sums_are_nobodys_number() {
        check("1, 2 en 3 van de 4; 12-03-2024 14:30, 5/6", &[]);
        check("omzet 111 222-333", &[]);
        check(
            "together with its Schedules.\n1.2 \"Controller\" and \"Processor\"",
            &[],
        );
        check("if the child is disabled and was dependent", &[]);
    }
}
