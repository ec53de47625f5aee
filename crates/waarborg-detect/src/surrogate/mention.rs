//! Recognises a surrogate in a text, also after a model has changed its case, brackets, marks, digits or escapes, has
//! translated its word, or has written several in one.

use core::ops::Range;

use super::sign::{LONGEST, OTHER_LETTER, Reader, Sign, Stop, UNSEEN, digit};
use super::words::UNDERSTOOD;
use crate::kind::Kind;

/// Digits in every surrogate's number. The first is never zero.
const N_DIGITS: usize = 5;

/// What stands at the beginning of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No surrogate, whatever follows.
    Nothing,
    /// Perhaps a surrogate; what follows decides.
    Undecided,
    /// A surrogate.
    Mention(Mention),
}

/// A surrogate as written in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// What its word stands for; of several the number says which.
    pub(super) kinds: &'static [Kind],
    pub(super) number: u32,
    /// What stays before the value: a bracket that nobody closed, or what ties it to one before.
    pub(super) before: Range<usize>,
    /// What stays behind the value: an ending that stood within the brackets, or the end of emphasis.
    pub(super) after: Range<usize>,
    /// Of two `[` and two `]` the outer ones: the model's own, or of the text in which the surrogate was sent.
    pub(super) outer: Option<[Range<usize>; 2]>,
    /// Bytes from the beginning of the text to the end of the surrogate.
    pub(super) len: usize,
}

/// Whether a text can hold a surrogate at all: so many digits close together as every surrogate has.
pub(super) fn has_number(text: &str) -> bool {
    let mut last = [0_usize; N_DIGITS];
    let mut n_seen = 0_usize;
    let mut is_near = |at: usize| {
        let slot = n_seen % N_DIGITS;
        n_seen += 1;
        // The next slot holds the oldest of the last five.
        let oldest = last.get(n_seen % N_DIGITS).copied().unwrap_or_default();
        if let Some(place) = last.get_mut(slot) {
            *place = at;
        }
        n_seen >= N_DIGITS && at - oldest < LONGEST
    };
    if text.is_ascii() {
        let digits = text.bytes().enumerate();
        return digits
            .filter(|(_, byte)| byte.is_ascii_digit())
            .any(|(at, _)| is_near(at));
    }
    text.char_indices()
        .filter(|(_, letter)| letter.is_ascii_digit() || digit(*letter).is_some())
        .any(|(at, _)| is_near(at))
}

/// Where a surrogate may begin in a text: no further before so many digits as every surrogate has than one is long.
pub(super) struct Numbers<'t> {
    text: &'t str,
    /// How far the text was searched for digits.
    searched: usize,
    /// The next digits, in order.
    next: [usize; N_DIGITS],
    n_next: usize,
}

impl<'t> Numbers<'t> {
    pub(super) const fn of(text: &'t str) -> Numbers<'t> {
        Numbers {
            text,
            searched: 0,
            next: [0; N_DIGITS],
            n_next: 0,
        }
    }

    /// The first such place from `at` on, which never lies before an earlier one; nothing where there is none any more.
    pub(super) fn near(&mut self, mut at: usize) -> Option<usize> {
        loop {
            while let (Some(first), 1..) = (self.next.first(), self.n_next)
                && *first < at
            {
                self.next.rotate_left(1);
                self.n_next -= 1;
            }
            while self.n_next < N_DIGITS {
                let digit = self.digit()?;
                if digit >= at
                    && let Some(place) = self.next.get_mut(self.n_next)
                {
                    *place = digit;
                    self.n_next += 1;
                }
            }
            let [first, .., last] = self.next;
            let near = (last + 1).saturating_sub(LONGEST);
            at = self.text.ceil_char_boundary(at.max(near));
            // Where they stand too far apart, the first of them is none of a surrogate.
            if at <= first {
                return Some(at);
            }
        }
    }

    fn digit(&mut self) -> Option<usize> {
        loop {
            let at = self.searched;
            let byte = *self.text.as_bytes().get(at)?;
            if byte.is_ascii() {
                self.searched += 1;
                if byte.is_ascii_digit() {
                    return Some(at);
                }
                continue;
            }
            let letter = self.text.get(at..)?.chars().next()?;
            self.searched += letter.len_utf8();
            if digit(letter).is_some() {
                return Some(at);
            }
        }
    }
}

/// Reads the surrogate at the beginning of `text`, which may still grow when `complete` is false.
///
/// The answer depends on no more than the first bytes, so that a stream gives the same result however it is cut.
pub(super) fn read(text: &str, complete: bool) -> Outcome {
    // Almost every word of a text ends here.
    if let [first, second, rest @ ..] = text.as_bytes()
        && first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
        && !begins_a_word(*first, *second, rest.first().copied())
    {
        return Outcome::Nothing;
    }
    Outcome::of(mention(&mut Reader::new(text, complete)))
}

/// The same without looking first whether a word can begin so.
#[cfg(test)]
pub(super) fn read_whole(text: &str) -> Outcome {
    Outcome::of(mention(&mut Reader::new(text, true)))
}

/// Reads what ties another number of the same kind to a surrogate: ` en 12346`.
pub(super) fn read_next(text: &str, complete: bool, kinds: &'static [Kind]) -> Outcome {
    Outcome::of(next_of_list(&mut Reader::new(text, complete), kinds))
}

impl Outcome {
    fn of(read: Result<Mention, Stop>) -> Outcome {
        match read {
            Ok(mention) => Outcome::Mention(mention),
            Err(Stop::Undecided) => Outcome::Undecided,
            Err(Stop::Nothing) => Outcome::Nothing,
        }
    }
}

/// What may stand between a bracket and the word, or between the number and a bracket.
const PADDING: &[char] = &['*', '`', '~', '_', ' ', UNSEEN];
const MOST_PADDING: usize = 4;

fn mention(reader: &mut Reader<'_>) -> Result<Mention, Stop> {
    let opening = Opening::read(reader)?;
    if opening.n > 0 {
        reader.take_all(PADDING, MOST_PADDING)?;
    }
    let begin = reader.at;
    let kinds = word(reader)?;
    let mark = Mark::read(reader, opening.n)?;
    let number = number(reader)?;
    let end = reader.at;
    ending(&mut reader.clone())?;

    let mut mention = Mention {
        kinds,
        number,
        before: 0..begin,
        after: end..end,
        outer: None,
        len: end,
    };
    let depth = opening.n + mark.opened - mark.closed;
    if depth > 0 {
        // An ending may stand within the brackets.
        reader.take(&['\''])?;
        ending(reader)?;
        let ends_at = reader.at;
        reader.take_all(PADDING, MOST_PADDING)?;
        let closing = Closing::read(reader, depth, opening.n - mark.closed.min(opening.n))?;
        if closing.n > 0 {
            // Backslashes that nothing answers are none of the surrogate: they end a path, or begin an escape.
            if closing.n_slashes < opening.n_slashes {
                return Err(Stop::Nothing);
            }
            mention.before = 0..opening.end_of(depth - closing.n);
            mention.after = end..ends_at;
            mention.len = reader.at;
            let is_pair = opening.n_square == 2 && mark.closed == 0 && closing.n == depth;
            mention.outer = closing
                .last
                .filter(|last| is_pair && last.written == ']')
                .map(|last| [0..opening.end_of(1), reader.at - last.len..reader.at]);
            return Ok(mention);
        }
        if opening.is_tag {
            return Err(Stop::Nothing);
        }
        reader.at = end;
    }
    // What began between word and number goes out with the number, or ends behind the value.
    let mut is_repeated = !mark.emphasis.is_empty();
    for _ in 0..mark.n_emphasis {
        is_repeated = is_repeated && reader.take(&[mark.sign])?.is_some();
    }
    if is_repeated {
        mention.len = reader.at;
        mention.after = reader.at..reader.at;
    } else {
        mention.after = mark.emphasis;
    }
    Ok(mention)
}

/// Brackets before the word: one, or twice the same.
#[derive(Default)]
struct Opening {
    n: usize,
    ends: [usize; 2],
    /// Of which so many are `[`, escaped or not.
    n_square: usize,
    /// Backslashes that escape each of them.
    n_slashes: usize,
    /// A plain `<`: without its end it begins a tag.
    is_tag: bool,
}

impl Opening {
    fn read(reader: &mut Reader<'_>) -> Result<Opening, Stop> {
        let mut opening = Opening::default();
        let Some(first) = reader.take(&['['])? else {
            return Ok(opening);
        };
        opening.n = 1;
        opening.ends = [reader.at; 2];
        opening.n_slashes = first.n_slashes;
        opening.is_tag = first.written == '<' && first.len == 1;
        if reader.peek()?.is_some_and(|next| next == first) {
            reader.at += first.len;
            opening.n = 2;
            opening.ends = [first.len, reader.at];
        }
        if first.written == '[' {
            opening.n_square = opening.n;
        }
        Ok(opening)
    }

    /// Bytes of so many of its brackets.
    fn end_of(&self, n: usize) -> usize {
        match n.min(self.n) {
            0 => 0,
            n => self.ends.get(n - 1).copied().unwrap_or_default(),
        }
    }
}

/// Brackets behind the number.
struct Closing {
    n: usize,
    /// The fewest backslashes that escape one of them.
    n_slashes: usize,
    last: Option<Sign>,
}

impl Closing {
    /// Takes as many as are open. Where the outer `n_outer` are two, they were the same when they opened, and two that are
    /// not the same do not close both.
    fn read(reader: &mut Reader<'_>, depth: usize, n_outer: usize) -> Result<Closing, Stop> {
        let mut closing = Closing {
            n: 0,
            n_slashes: usize::MAX,
            last: None,
        };
        while closing.n < depth {
            let is_second = n_outer == 2 && closing.n + 1 == depth;
            let next = reader.peek()?.filter(|sign| sign.is == ']');
            let Some(next) = next.filter(|next| !is_second || closing.last == Some(*next)) else {
                break;
            };
            reader.at += next.len;
            closing.n += 1;
            closing.n_slashes = closing.n_slashes.min(next.n_slashes);
            closing.last = Some(next);
        }
        Ok(closing)
    }
}

/// What may come between the letters of a word: a model may break, hyphenate or space it out.
const WITHIN_WORD: &[char] = &[' ', '\n', UNSEEN, '-', '_', '.', '\'', '*', '`', '~'];
const MOST_WITHIN_WORD: usize = 3;

/// For every letter, where the words that begin with it begin in the list, and after the last the end.
const BY_FIRST_LETTER: [usize; 27] = by_first_letter();

#[expect(
    clippy::indexing_slicing,
    reason = "worked out by the compiler, for which a wrong place is an error"
)]
const fn by_first_letter() -> [usize; 27] {
    let mut begins = [0; 27];
    let mut letter = 0;
    let mut place = 0;
    while letter < 27 {
        while place < UNDERSTOOD.len()
            && ((UNDERSTOOD[place].0.as_bytes()[0] - b'A') as usize) < letter
        {
            place += 1;
        }
        begins[letter] = place;
        letter += 1;
    }
    begins
}

/// For every two letters, which letters come third in the words that begin with them, as bits; and [`SOME`] if any does.
const THIRD_LETTERS: [u32; 26 * 26] = third_letters();

/// Some word begins with these two letters, perhaps one that has no more.
const SOME: u32 = 1 << 31;

#[expect(
    clippy::indexing_slicing,
    reason = "worked out by the compiler, for which a wrong place is an error"
)]
const fn third_letters() -> [u32; 26 * 26] {
    let mut letters = [0; 26 * 26];
    let mut place = 0;
    while place < UNDERSTOOD.len() {
        let word = UNDERSTOOD[place].0.as_bytes();
        let begin = (word[0] - b'A') as usize * 26 + (word[1] - b'A') as usize;
        letters[begin] |= SOME;
        if word.len() > 2 {
            letters[begin] |= 1 << (word[2] - b'A');
        }
        place += 1;
    }
    letters
}

/// Whether a word begins with these two letters of ASCII, and with the third sign if that is one too: a word that ends before
/// another letter is none.
fn begins_a_word(first: u8, second: u8, third: Option<u8>) -> bool {
    let place = |letter: u8| usize::from(letter.to_ascii_uppercase().wrapping_sub(b'A'));
    let letters = THIRD_LETTERS.get(place(first) * 26 + place(second));
    let letters = letters.copied().unwrap_or_default();
    match third {
        Some(third) if third.is_ascii_alphabetic() => (letters >> place(third)) & 1 == 1,
        _ => letters & SOME != 0,
    }
}

/// The words that begin with the letters read so far.
struct Candidates {
    words: &'static [(&'static str, &'static [Kind])],
    n_letters: usize,
}

impl Candidates {
    fn of(first: char) -> Option<Candidates> {
        let letter = usize::try_from(u32::from(first).checked_sub(u32::from('A'))?).ok()?;
        let (begin, end) = (
            BY_FIRST_LETTER.get(letter)?,
            BY_FIRST_LETTER.get(letter + 1)?,
        );
        let words = UNDERSTOOD.get(*begin..*end)?;
        (!words.is_empty()).then_some(Candidates {
            words,
            n_letters: 1,
        })
    }

    /// Takes another letter; false when no word goes on with it.
    fn take(&mut self, letter: char) -> bool {
        let place = self.n_letters;
        let next = |word: &str| word.as_bytes().get(place).map(|byte| char::from(*byte));
        let begin = self
            .words
            .partition_point(|(word, _)| next(word) < Some(letter));
        let end = self
            .words
            .partition_point(|(word, _)| next(word) <= Some(letter));
        let words = self.words.get(begin..end).unwrap_or_default();
        if words.is_empty() {
            return false;
        }
        self.words = words;
        self.n_letters += 1;
        true
    }

    /// What the letters stand for, if they are a whole word: the shortest of the list is its first.
    fn whole(&self) -> Option<&'static [Kind]> {
        let (word, kinds) = self.words.first()?;
        (word.len() == self.n_letters).then_some(*kinds)
    }
}

/// The longest word that the text begins with.
fn word(reader: &mut Reader<'_>) -> Result<&'static [Kind], Stop> {
    let first = reader.peek()?.ok_or(Stop::Nothing)?;
    let mut candidates = Candidates::of(first.is).ok_or(Stop::Nothing)?;
    reader.at += first.len;
    let mut whole = None;
    loop {
        if let Some(kinds) = candidates.whole() {
            whole = Some((kinds, reader.at));
        }
        let mut n_between = 0;
        let next = loop {
            match reader.peek()? {
                Some(sign) if n_between < MOST_WITHIN_WORD && WITHIN_WORD.contains(&sign.is) => {
                    reader.at += sign.len;
                    n_between += 1;
                }
                other => break other,
            }
        };
        match next {
            Some(letter) if letter.is.is_ascii_uppercase() && candidates.take(letter.is) => {
                reader.at += letter.len;
            }
            _ => break,
        }
    }
    let (kinds, end) = whole.ok_or(Stop::Nothing)?;
    reader.at = end;
    Ok(kinds)
}

/// What stands between the word and the number.
struct Mark {
    opened: usize,
    closed: usize,
    /// The first emphasis in it.
    emphasis: Range<usize>,
    n_emphasis: usize,
    sign: char,
}

/// What people write before a number.
const NUMERO: &[&str] = &["NR", "NO", "N", "NUM", "NUMMER", "NUMBER", "NUMERO"];
const LONGEST_WORD: usize = 6;

impl Mark {
    const MOST_SIGNS: usize = 12;

    fn read(reader: &mut Reader<'_>, n_openings: usize) -> Result<Mark, Stop> {
        let mut mark = Mark {
            opened: 0,
            closed: 0,
            emphasis: 0..0,
            n_emphasis: 0,
            sign: '*',
        };
        let mut is_new_line = false;
        let mut has_numero = false;
        for n_signs in 0..Mark::MOST_SIGNS {
            let next = reader.peek()?.ok_or(Stop::Nothing)?;
            match next.is {
                '0'..='9' => return Ok(mark),
                // What stands before each line of a quotation.
                ']' if is_new_line && next.written == '>' => {}
                ']' if mark.closed < n_openings + mark.opened => mark.closed += 1,
                '[' if mark.opened == 0 => mark.opened += 1,
                '*' | '`' | '~' => mark.emphasise(next.is, reader.at, next.len),
                '\n' => is_new_line = true,
                ' ' | UNSEEN | '_' | '-' | '.' | ':' | '#' | '/' | '=' => {}
                'N' if n_signs > 0 && !has_numero => {
                    has_numero = true;
                    let written = letters(reader)?;
                    if !NUMERO.contains(&written.as_str()) {
                        return Err(Stop::Nothing);
                    }
                    continue;
                }
                _ => return Err(Stop::Nothing),
            }
            reader.at += next.len;
        }
        Err(Stop::Nothing)
    }

    fn emphasise(&mut self, sign: char, at: usize, len: usize) {
        if self.emphasis.is_empty() {
            self.sign = sign;
            self.emphasis = at..at;
        }
        if self.emphasis.end == at && self.sign == sign {
            self.emphasis.end = at + len;
            self.n_emphasis += 1;
        }
    }
}

/// The letters that follow, as far as they can matter.
struct Letters([u8; LONGEST_WORD], usize);

impl Letters {
    fn as_str(&self) -> &str {
        let letters = self.0.get(..self.1).unwrap_or_default();
        core::str::from_utf8(letters).unwrap_or_default()
    }
}

/// Takes a run of letters; one that is longer, or of another alphabet, or ends in a digit is none that is known.
fn letters(reader: &mut Reader<'_>) -> Result<Letters, Stop> {
    let mut read = Letters([0; LONGEST_WORD], 0);
    while let Some(next) = reader.peek()? {
        match (next.is, read.0.get_mut(read.1)) {
            (letter @ 'A'..='Z', Some(place)) => {
                *place = u8::try_from(letter).unwrap_or_default();
                read.1 += 1;
            }
            ('A'..='Z' | OTHER_LETTER, _) => return Err(Stop::Nothing),
            _ => break,
        }
        reader.at += next.len;
    }
    Ok(read)
}

/// Exactly five digits, perhaps behind zeros, in thousands or broken off by a line.
fn number(reader: &mut Reader<'_>) -> Result<u32, Stop> {
    const MOST_ZEROS: usize = 4;
    const BEFORE_THOUSANDS: usize = 2;
    const THOUSANDS: &[char] = &['.', ',', '\'', ' '];
    let (mut value, mut n_digits, mut n_zeros) = (0, 0, 0);
    let mut has_thousands = false;
    while let Some(next) = reader.peek()? {
        match next.is {
            '0' if n_digits == 0 && n_zeros < MOST_ZEROS => n_zeros += 1,
            '0' if n_digits == 0 => return Err(Stop::Nothing),
            '0'..='9' if n_digits == N_DIGITS => return Err(Stop::Nothing),
            '0'..='9' => {
                value = value * 10 + next.is.to_digit(10).unwrap_or_default();
                n_digits += 1;
            }
            UNSEEN | '\n' if n_digits > 0 && n_digits < N_DIGITS => {}
            sign if THOUSANDS.contains(&sign)
                && n_digits == BEFORE_THOUSANDS
                && !has_thousands
                && is_digit_behind(*reader, next.len)? =>
            {
                has_thousands = true;
            }
            sign if THOUSANDS.contains(&sign)
                && n_digits == N_DIGITS
                && has_thousands
                && is_digit_behind(*reader, next.len)? =>
            {
                return Err(Stop::Nothing);
            }
            _ => break,
        }
        reader.at += next.len;
    }
    if n_digits < N_DIGITS {
        return Err(Stop::Nothing);
    }
    Ok(value)
}

fn is_digit_behind(mut reader: Reader<'_>, len: usize) -> Result<bool, Stop> {
    reader.at += len;
    let next = reader.peek()?;
    Ok(next.is_some_and(|sign| sign.is.is_ascii_digit()))
}

/// What a language may tie to a name: a genitive or a plural.
const ENDINGS: &[&str] = &["", "S", "N", "EN", "E", "ES", "ENS", "ER"];

/// Takes the ending behind a number; any other letters make it something else than a surrogate.
fn ending(reader: &mut Reader<'_>) -> Result<(), Stop> {
    let written = letters(reader)?;
    let is_digit = reader.peek()?.is_some_and(|sign| sign.is.is_ascii_digit());
    if ENDINGS.contains(&written.as_str()) && (written.as_str().is_empty() || !is_digit) {
        Ok(())
    } else {
        Err(Stop::Nothing)
    }
}

/// Words that tie another number to a surrogate.
const TIES: &[&str] = &[
    "EN", "AND", "UND", "ET", "OCH", "OF", "OR", "ODER", "OU", "ELLER",
];

fn next_of_list(reader: &mut Reader<'_>, kinds: &'static [Kind]) -> Result<Mention, Stop> {
    const BLANKS: &[char] = &[' ', UNSEEN, '\n'];
    const MOST_BLANKS: usize = 4;
    let n_blanks = reader.take_all(BLANKS, MOST_BLANKS)?;
    let has_sign = reader.take(&[',', ';', '/', '&', '+'])?.is_some();
    let n_blanks = n_blanks + reader.take_all(BLANKS, MOST_BLANKS)?;
    let next = reader.peek()?.ok_or(Stop::Nothing)?;
    if next.is.is_ascii_uppercase() && n_blanks > 0 {
        let written = letters(reader)?;
        if !TIES.contains(&written.as_str()) || reader.take_all(BLANKS, MOST_BLANKS)? == 0 {
            return Err(Stop::Nothing);
        }
    } else if !has_sign {
        return Err(Stop::Nothing);
    }

    let begin = reader.at;
    let is_opened = reader.take(&['['])?.is_some();
    reader.take(&['_', '#', '-'])?;
    let number = number(reader)?;
    let end = reader.at;
    ending(&mut reader.clone())?;
    if is_opened && reader.take(&[']'])?.is_none() {
        return Err(Stop::Nothing);
    }
    Ok(Mention {
        kinds,
        number,
        before: 0..begin,
        after: end..end,
        outer: None,
        len: reader.at,
    })
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    #[test]
    fn digits_that_stand_together_are_noticed_wherever_they_are() {
        for text in [
            "12345",
            "a12345",
            "PERSOON_12345 b",
            "PERSOON%2012345",
            "é12345é",
            "12.345",
            "1234\n5",
            "\u{661}\u{662}\u{663}\u{664}\u{665}",
            "PERSOON_１２３４５",
        ] {
            assert!(has_number(text), "{text}");
        }
        let far = alloc::format!("1234{}5", "é".repeat(LONGEST));
        for text in ["", "1234", "PERSOON_1234", "1a2b3c4", far.as_str()] {
            assert!(!has_number(text), "{text}");
        }
    }

    /// What is read: the kind, and the text before, in place of which the value comes, and behind.
    fn check(text: &str, expected: Option<(Kind, &str, &str, &str)>) {
        let got = match read(text, true) {
            Outcome::Mention(mention) => {
                assert_eq!(mention.number, 12345, "{text}");
                let [kind] = mention.kinds else {
                    panic!("{text}: {:?}", mention.kinds)
                };
                let before = text.get(mention.before).unwrap();
                let after = text.get(mention.after).unwrap();
                Some((*kind, before, after, text.get(mention.len..).unwrap()))
            }
            _ => None,
        };
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn a_surrogate_is_read_however_a_model_writes_it() {
        let person = |before, after, rest| Some((Kind::Person, before, after, rest));
        check("[PERSOON_12345] komt", person("", "", " komt"));
        check("[persoon_12345]", person("", "", ""));
        check("PERSON 12345's", person("", "", "'s"));
        check("PERSOON_12345s auto", person("", "", "s auto"));
        check("[PERSOON\\_12345]", person("", "", ""));
        check("[**PERSOON_12345**]", person("", "", ""));
        check("[**PERSOON**_12345]", person("", "", ""));
        check("PERSOON** 12345 is", person("", "**", " is"));
        check("PERSOON_**12345** is", person("", "", " is"));
        check("[PERSOON_12345, en", person("[", "", ", en"));
        check("[[PERSOON_12345]] en", person("", "", " en"));
        check("[[PERSOON_12345] en", person("[", "", " en"));
        check("([PERSOON_12345])", None);
        check("[PERSOON_12345's]", person("", "'s", ""));
        check("[PERSOON](12345)", person("", "", ""));
        check("PERSOON (12345)", person("", "", ""));
        check("[PERSONNE_12345]", person("", "", ""));
        check("[PERSOON nr. 12345]", person("", "", ""));
        check("[PERSOON_\n> 12345]", person("", "", ""));
        check("[PERSOON_0012.345]", person("", "", ""));
        check("\\[BSN-12345\\]", Some((Kind::Bsn, "", "", "")));
        check("&#91;BSN&#95;12345&#93;", Some((Kind::Bsn, "", "", "")));
        check("[TÉLÉPHONE_12345]", Some((Kind::Phone, "", "", "")));
    }

    #[test]
    fn every_word_is_read_in_either_case_also_when_it_is_cut() {
        for kind in Kind::ALL {
            let (dutch, english) = words(*kind);
            for word in [dutch, english] {
                for written in [word.into(), word.to_ascii_lowercase()] {
                    let text = alloc::format!("{written}_12345");
                    check(&text, Some((*kind, "", "", "")));
                    for cut in 0..written.len() {
                        let begin = written.get(..cut).unwrap();
                        assert_eq!(read(begin, false), Outcome::Undecided, "{begin}");
                        assert_eq!(read(begin, true), Outcome::Nothing, "{begin}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left() {
        for text in [
            "[PERSOON_1234]",
            "[PERSOON_123456]",
            "[PERSOON_12.345.678]",
            "[PERSOON_12.345,678]",
            "PERSOON_12345abc",
            "PERSOON_12345я",
            "[PERSOONN_12345]",
            "[PERSOON_0000012345]",
            "<PERSOON_12345 src",
            "PERSOON\": 12345",
            "PERSOON] 12345",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_list_goes_on_with_numbers_that_are_tied_to_it() {
        let next = |text| read_next(text, true, &[Kind::Person]);
        for (text, before) in [
            (" en 12346]", " en "),
            (", 12346 en", ", "),
            (", en 12346.", ", en "),
            ("/12346", "/"),
            (" & [12346]", " & "),
            (", _12346]", ", "),
        ] {
            let Outcome::Mention(mention) = next(text) else {
                panic!("{text}")
            };
            assert_eq!(
                (mention.number, text.get(mention.before)),
                (12346, Some(before))
            );
        }
        for text in [
            " 12346",
            "12346",
            " met 12346",
            " en 123467",
            ", 1234",
            " en PERSOON_12346",
        ] {
            assert_eq!(next(text), Outcome::Nothing, "{text}");
        }
        assert_eq!(read_next(" e", false, &[Kind::Person]), Outcome::Undecided);
    }
}
