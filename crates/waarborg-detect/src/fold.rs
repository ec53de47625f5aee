//! Folds a text to its plain form, with an exact map back to the original offsets.
//!
//! Zero-width and other invisible characters, soft hyphens and combining marks disappear;
//! full-width, mathematical and foreign digits and letters that look Latin become plain.

use unicode_normalization::UnicodeNormalization as _;

use crate::mapped::{Maker, Mapped};

/// Folds a text. Plain ASCII and ordinary letters cost one look.
pub(crate) fn fold(text: &str) -> Mapped<'_> {
    if !beyond_ascii(text).any(|(_, character)| needs_folding(character)) {
        return Mapped::whole(text);
    }
    let mut maker = Maker::new(text, text.len());
    let mut latin_until = 0;
    let mut foreign_until = 0;
    // From here to the character at hand nothing changes.
    let mut same_from = 0;
    for (at, character) in beyond_ascii(text) {
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
        let range = at..at + character.len_utf8();
        match folded {
            Fold::Same => continue,
            Fold::Plain(plain) => {
                maker.same(same_from..at);
                maker.character(plain, &range);
            }
            Fold::Letters(letters) => {
                maker.same(same_from..at);
                maker.other(letters, &range);
            }
            Fold::Gone => {
                maker.same(same_from..at);
                maker.other("", &range);
            }
            Fold::Mark => {
                maker.same(same_from..at);
                maker.mark(&range);
            }
        }
        same_from = range.end;
    }
    maker.same(same_from..text.len());
    maker.finish()
}

#[derive(Clone, Copy)]
enum Fold {
    Same,
    Plain(char),
    Letters(&'static str),
    Gone,
    Mark,
}

/// The characters that are not in ASCII, with where they stand.
fn beyond_ascii(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    core::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..)?;
        at += ascii_len(rest);
        let found = (at, text.get(at..)?.chars().next()?);
        at += found.1.len_utf8();
        Some(found)
    })
}

/// Bytes before the first that is not in ASCII.
fn ascii_len(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let n_whole = blocks.iter().take_while(|block| block.is_ascii()).count() * BLOCK;
    let rest = bytes.get(n_whole..).unwrap_or_default();
    n_whole + rest.iter().take_while(|byte| byte.is_ascii()).count()
}

/// Bytes that are looked at together.
const BLOCK: usize = 16;

fn needs_folding(character: char) -> bool {
    is_lookalike(character) || !matches!(fold_character(character), Fold::Same)
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
        | 0x180B..=0x180F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0
        | 0xE0000..=0xE0FFF => Fold::Gone,
        0x300..=0x36F => Fold::Mark,
        0x2010..=0x2015 | 0x2043 | 0x2212 | 0xFE58 | 0xFE63 => Fold::Plain('-'),
        0x2018 | 0x2019 | 0x201B | 0x2BC | 0x2032 | 0xB4 => Fold::Plain('\''),
        0x201C | 0x201D | 0x201E | 0xAB | 0xBB => Fold::Plain('"'),
        0x2028 | 0x2029 => Fold::Plain('\n'),
        0xB2 | 0xB3 | 0xB9 => digit_of(character).map_or(Fold::Same, Fold::Plain),
        0x660..=0x1049 | 0x17E0..=0x1819 | 0xFF10..=0xFF19 | 0x1D7CE..=0x1D7FF => {
            digit_of(character).map_or(Fold::Same, Fold::Plain)
        }
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).map_or(Fold::Same, Fold::Plain),
        0xFB00 => Fold::Letters("ff"),
        0xFB01 => Fold::Letters("fi"),
        0xFB02 => Fold::Letters("fl"),
        0xFB03 => Fold::Letters("ffi"),
        0xFB04 => Fold::Letters("ffl"),
        0xFB05 | 0xFB06 => Fold::Letters("st"),
        // Small forms, and the signs that stand in addresses.
        0xFE6B => Fold::Plain('@'),
        0xFE52 | 0x2024 => Fold::Plain('.'),
        0x2044 | 0x2215 => Fold::Plain('/'),
        0x1F130..=0x1F149 => letter(code - 0x1F130),
        0x1F150..=0x1F169 => letter(code - 0x1F150),
        0x1F170..=0x1F189 => letter(code - 0x1F170),
        0x2070..=0x209C
        | 0x2100..=0x214F
        | 0x2160..=0x217F
        | 0x2460..=0x24FF
        | 0x2776..=0x2793
        | 0x1D400..=0x1D7CD => compatible(character),
        _ => Fold::Same,
    }
}

/// The capital letter with this number.
fn letter(number: u32) -> Fold {
    u8::try_from(number)
        .ok()
        .filter(|number| *number < 26)
        .map_or(Fold::Same, |number| Fold::Plain(char::from(b'A' + number)))
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
    matches!(u32::from(character), 0x251 | 0x261 | 0x370..=0x58F | 0x13A0..=0x13FF)
        && lookalike(character).is_some()
}

/// The Latin letter that a Cyrillic, Greek, Armenian or Cherokee letter looks like.
fn lookalike(character: char) -> Option<char> {
    Some(match character {
        'а' | 'α' | 'ɑ' => 'a',
        'е' => 'e',
        'о' | 'ο' | 'օ' | 'σ' => 'o',
        'ɡ' | 'ց' => 'g',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'т' | 'τ' => 't',
        'ս' | 'υ' => 'u',
        'ո' => 'n',
        'ԍ' | 'Ꮐ' => 'G',
        'Ꭰ' => 'D',
        'Ꭱ' => 'R',
        'Ꮃ' => 'W',
        'Ꮮ' => 'L',
        'Ꮩ' => 'V',
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
        'һ' | 'հ' => 'h',
        'ν' => 'v',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'Е' | 'Ε' => 'E',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Н' | 'Η' => 'H',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' | 'Ꮲ' => 'P',
        'С' | 'Ꮯ' => 'C',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'У' | 'Υ' => 'Y',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'Ѕ' | 'Ꮪ' => 'S',
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
    use alloc::vec::Vec;
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
    fn what_is_hidden_before_a_value_is_no_part_of_it() {
        check("8\u{200d} \u{336}\u{feff}Jan", "8 Jan", "Jan", "Jan");
        check("\u{336}\u{200b}Jan en", "Jan en", "Jan", "Jan");
        for n in 0..8 {
            let before = "x\u{200b}".repeat(n);
            let plain = format!("{} Jan", "x".repeat(n));
            check(
                &format!("{before} \u{200b}\u{301}Jan"),
                &plain,
                "Jan",
                "Jan",
            );
        }
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
