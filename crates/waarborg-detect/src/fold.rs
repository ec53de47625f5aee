//! Folds a text to its plain form, with an exact map back to the original offsets.
//!
//! Zero-width and other invisible characters, soft hyphens and combining marks disappear;
//! full-width, mathematical and foreign digits and letters that look Latin become plain.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

/// A folded text and the way back.
pub(crate) struct Folded<'t> {
    pub(crate) text: Cow<'t, str>,
    /// In the order of the text, without gaps; empty when nothing was folded.
    pieces: Vec<Piece>,
}

/// A piece of the folded text and the piece of the original that it comes from.
#[derive(Clone, Copy)]
struct Piece {
    plain: usize,
    plain_len: usize,
    original: usize,
    original_len: usize,
    /// The bytes are the same ones.
    is_same: bool,
    /// An invisible mark that belongs to the character before it.
    is_mark: bool,
}

impl Folded<'_> {
    /// The range of the original text behind a range of the folded one, on character boundaries.
    pub(crate) fn original(&self, plain: &Range<usize>) -> Range<usize> {
        if self.pieces.is_empty() {
            return plain.clone();
        }
        self.original_start(plain.start)..self.original_end(plain.end)
    }

    fn original_start(&self, plain: usize) -> usize {
        let after = self.pieces.partition_point(|piece| {
            piece.plain <= plain && !(piece.plain_len == 0 && piece.plain == plain)
        });
        let Some(piece) = after
            .checked_sub(1)
            .and_then(|place| self.pieces.get(place))
        else {
            return 0;
        };
        if piece.is_same {
            piece.original + (plain - piece.plain).min(piece.original_len)
        } else {
            piece.original
        }
    }

    fn original_end(&self, plain: usize) -> usize {
        let after = self.pieces.partition_point(|piece| piece.plain < plain);
        let Some(piece) = after
            .checked_sub(1)
            .and_then(|place| self.pieces.get(place))
        else {
            return 0;
        };
        let mut end = if piece.is_same {
            piece.original + (plain - piece.plain).min(piece.original_len)
        } else {
            piece.original + piece.original_len
        };
        if plain >= piece.plain + piece.plain_len {
            let marks = self
                .pieces
                .iter()
                .skip(after)
                .take_while(|piece| piece.is_mark);
            end = marks
                .last()
                .map_or(end, |mark| mark.original + mark.original_len);
        }
        end
    }
}

/// Folds a text.
pub(crate) fn fold(text: &str) -> Folded<'_> {
    if !text.chars().any(needs_folding) {
        return Folded {
            text: Cow::Borrowed(text),
            pieces: Vec::new(),
        };
    }
    let mut work = Folder {
        plain: String::with_capacity(text.len()),
        pieces: Vec::new(),
    };
    let mut latin_until = 0;
    let mut foreign_until = 0;
    for (at, character) in text.char_indices() {
        let folded = if is_lookalike(character) {
            if at >= latin_until && at >= foreign_until {
                let (end, has_latin) = word_around(text, at);
                if has_latin {
                    latin_until = end;
                } else {
                    foreign_until = end;
                }
            }
            if at < latin_until {
                lookalike(character).map_or(Fold::Same, Fold::Plain)
            } else {
                Fold::Same
            }
        } else {
            fold_character(character)
        };
        work.push(at, character, folded);
    }
    Folded {
        text: Cow::Owned(work.plain),
        pieces: work.pieces,
    }
}

#[derive(Clone, Copy)]
enum Fold {
    Same,
    Plain(char),
    Gone,
    Mark,
}

struct Folder {
    plain: String,
    pieces: Vec<Piece>,
}

impl Folder {
    fn push(&mut self, original: usize, character: char, folded: Fold) {
        let original_len = character.len_utf8();
        let plain = self.plain.len();
        match folded {
            Fold::Same => {
                self.plain.push(character);
                if let Some(last) = self.pieces.last_mut().filter(|last| last.is_same) {
                    last.plain_len += original_len;
                    last.original_len += original_len;
                    return;
                }
            }
            Fold::Plain(other) => self.plain.push(other),
            Fold::Gone | Fold::Mark => {}
        }
        self.pieces.push(Piece {
            plain,
            plain_len: self.plain.len() - plain,
            original,
            original_len,
            is_same: matches!(folded, Fold::Same),
            is_mark: matches!(folded, Fold::Mark),
        });
    }
}

fn needs_folding(character: char) -> bool {
    !character.is_ascii()
        && (is_lookalike(character) || !matches!(fold_character(character), Fold::Same))
}

fn fold_character(character: char) -> Fold {
    let code = u32::from(character);
    match code {
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000 => Fold::Plain(' '),
        0xAD
        | 0x34F
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0
        | 0xE0000..=0xE0FFF => Fold::Gone,
        0x300..=0x36F => Fold::Mark,
        0x2010..=0x2015 | 0x2212 | 0xFE63 => Fold::Plain('-'),
        0x2018 | 0x2019 | 0x201B | 0x2BC | 0x2032 | 0xB4 => Fold::Plain('\''),
        0x201C | 0x201D | 0x201E | 0xAB | 0xBB => Fold::Plain('"'),
        0x2028 | 0x2029 => Fold::Plain('\n'),
        0xB2 | 0xB3 | 0xB9 => digit_of(character).map_or(Fold::Same, Fold::Plain),
        0x660..=0x1049 | 0x17E0..=0x1819 | 0xFF10..=0xFF19 | 0x1D7CE..=0x1D7FF => {
            digit_of(character).map_or(Fold::Same, Fold::Plain)
        }
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).map_or(Fold::Same, Fold::Plain),
        0x2070..=0x209C
        | 0x2100..=0x214F
        | 0x2460..=0x24FF
        | 0x2776..=0x2793
        | 0x1D400..=0x1D7CD => compatible(character),
        _ => Fold::Same,
    }
}

/// The single ASCII character that compatibility normalisation gives, if it gives one.
fn compatible(character: char) -> Fold {
    if let Some(digit) = digit_of(character) {
        return Fold::Plain(digit);
    }
    let mut normal = core::iter::once(character).nfkc();
    match (normal.next(), normal.next()) {
        (Some(plain), None) if plain.is_ascii_alphanumeric() => Fold::Plain(plain),
        _ => Fold::Same,
    }
}

/// First digits of the decimal systems that we know.
const ZEROS: &[u32] = &[
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
    0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
];
/// First of the circled and other ones to nine.
const ONES: &[u32] = &[0x2460, 0x2474, 0x2488, 0x24F5, 0x2776, 0x2780, 0x278A];

fn digit_of(character: char) -> Option<char> {
    let code = u32::from(character);
    let from = |first: u32, add: u32, n: u32| {
        let value = code.checked_sub(first).filter(|value| *value < n)?;
        char::from_digit(value + add, 10)
    };
    match code {
        0xB2 => Some('2'),
        0xB3 => Some('3'),
        0xB9 => Some('1'),
        0x2070 | 0x24EA | 0x24FF => Some('0'),
        0x2074..=0x2079 => from(0x2074, 4, 6),
        0x2080..=0x2089 => from(0x2080, 0, 10),
        _ => ZEROS
            .iter()
            .find_map(|zero| from(*zero, 0, 10))
            .or_else(|| ONES.iter().find_map(|one| from(*one, 1, 9))),
    }
}

fn is_lookalike(character: char) -> bool {
    matches!(u32::from(character), 0x370..=0x52F) && lookalike(character).is_some()
}

/// The Latin letter that a Cyrillic or Greek letter looks like.
fn lookalike(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' => 'a',
        'е' => 'e',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'с' => 'c',
        'х' | 'χ' => 'x',
        'у' => 'y',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'ѕ' => 's',
        'ԁ' => 'd',
        'ԛ' => 'q',
        'ԝ' => 'w',
        'һ' => 'h',
        'ν' => 'v',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'Е' | 'Ε' => 'E',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Н' | 'Η' => 'H',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'С' => 'C',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'Ѕ' => 'S',
        'Ν' => 'N',
        'Ζ' => 'Z',
        _ => return None,
    })
}

/// The end of the word that `at` lies in, and whether the word also has Latin letters or digits.
/// A word longer than 64 characters is judged on the 64 around it, so that the time stays linear.
fn word_around(text: &str, at: usize) -> (usize, bool) {
    let in_word = |character: &char| {
        character.is_alphanumeric() || matches!(character, '-' | '.' | '@' | '\'' | '_')
    };
    let is_plain = |character: char| character.is_ascii_alphanumeric();
    let before = text
        .get(..at)
        .unwrap_or_default()
        .chars()
        .rev()
        .take(64)
        .take_while(in_word)
        .any(is_plain);
    let after = text.get(at..).unwrap_or_default();
    let len: usize = after
        .chars()
        .take(64)
        .take_while(in_word)
        .map(char::len_utf8)
        .sum();
    let has_latin = before || after.get(..len).unwrap_or_default().chars().any(is_plain);
    (at + len, has_latin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;

    fn check(original: &str, plain: &str, value: &str, shown: &str) {
        let folded = fold(original);
        assert_eq!(folded.text, plain);
        let start = plain.find(value).unwrap();
        assert_eq!(
            original.get(folded.original(&(start..start + value.len()))),
            Some(shown),
            "{original}"
        );
    }

    #[test]
    fn folded_offsets_lead_back_to_the_original() {
        check(
            "BSN 1\u{200b}1\u{200b}1.",
            "BSN 111.",
            "111",
            "1\u{200b}1\u{200b}1",
        );
        check("x１２３y", "x123y", "123", "１２３");
        check("José heet José.", "José heet José.", "José", "José");
        check("Jose\u{301} en", "Jose en", "Jose", "Jose\u{301}");
        check("٠٦\u{a0}𝟏𝟐", "06 12", "06 12", "٠٦\u{a0}𝟏𝟐");
        check("Jаn komt", "Jan komt", "Jan", "Jаn");
        check("\u{200b}Jan\u{200b}", "Jan", "Jan", "Jan");
    }

    #[test]
    fn russian_stays_russian() {
        assert_eq!(fold("Привет, сосед").text, "Привет, сосед");
    }

    #[test]
    fn every_boundary_leads_to_a_boundary() {
        let original = format!("a\u{301}b{}１\u{200b}é|𝟏х9х", '\u{e0041}');
        let folded = fold(&original);
        let cuts: Vec<usize> = (0..=folded.text.len())
            .filter(|cut| folded.text.is_char_boundary(*cut))
            .collect();
        for (n, start) in cuts.iter().enumerate() {
            for end in &cuts[n..] {
                let range = folded.original(&(*start..*end));
                assert!(
                    start == end || original.get(range.clone()).is_some(),
                    "{range:?}"
                );
            }
        }
    }
}
