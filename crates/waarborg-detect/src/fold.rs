//! Folds a text to its plain form, with an exact map back to the original offsets.
//!
//! Zero-width and other invisible characters, soft hyphens and combining marks disappear; what compatibility (NFKC) makes
//! characters of ASCII of becomes those, digits of every script become ours, and letters that look Latin (UTS #39) become Latin
//! in words that are Latin otherwise.

mod table;

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
        let mut folded = fold_character(character);
        if let Fold::LooksLike(plain) = folded {
            if at >= latin_until && at >= foreign_until {
                let (end, is_latin) = word_around(text, at);
                if is_latin {
                    latin_until = end;
                } else {
                    foreign_until = end;
                }
            }
            folded = if at < latin_until {
                Fold::Plain(plain)
            } else {
                Fold::Same
            };
        }
        let range = at..at + character.len_utf8();
        match folded {
            Fold::Same | Fold::LooksLike(_) => continue,
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
    /// It stands for this letter in a word that is Latin otherwise.
    LooksLike(char),
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
    !matches!(fold_character(character), Fold::Same)
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
        0x300..=0x36F | 0x20D0..=0x20F0 => Fold::Mark,
        0x2010..=0x2015 | 0x2043 | 0x2212 | 0xFE58 | 0xFE63 => Fold::Plain('-'),
        0x2018 | 0x2019 | 0x201B | 0x2BC | 0x2032 | 0xB4 => Fold::Plain('\''),
        0x201C | 0x201D | 0x201E | 0xAB | 0xBB => Fold::Plain('"'),
        0x2028 | 0x2029 => Fold::Plain('\n'),
        0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).map_or(Fold::Same, Fold::Plain),
        0xB2 => Fold::Plain('2'),
        0xB3 => Fold::Plain('3'),
        0xB9 => Fold::Plain('1'),
        // Letters of Western languages are in no table.
        0..0x132 => Fold::Same,
        _ => match table::look_up(code) {
            Some(table::Entry::Always(plain)) => Fold::Plain(plain),
            Some(table::Entry::LooksLike(plain)) => Fold::LooksLike(plain),
            Some(table::Entry::Letters(letters)) => Fold::Letters(letters),
            None => Fold::Same,
        },
    }
}

/// Whether a character alone shows nothing: white space, and what disappears.
pub(crate) fn is_unseen(character: char) -> bool {
    match fold_character(character) {
        Fold::Gone | Fold::Mark => true,
        Fold::Plain(plain) => plain.is_whitespace(),
        Fold::Same | Fold::LooksLike(_) | Fold::Letters(_) => character.is_whitespace(),
    }
}

/// The end of the part of a word that `at` lies in, and whether it is a Latin one with letters of others in it: somewhere in the
/// word are Latin letters or digits, and in this part is no letter that looks like none of ours.
/// A word longer than 64 characters is judged on the 64 around it, so that the time stays linear.
fn word_around(text: &str, at: usize) -> (usize, bool) {
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    let with_part = |character: char| (character, part(character));
    let is_inside = |(_, part): &(char, Part)| *part != Part::Outside;
    let is_joined = |(_, part): &(char, Part)| *part != Part::Joint;
    let before = before
        .chars()
        .rev()
        .take(64)
        .map(with_part)
        .take_while(is_inside);
    let after = after.chars().take(64).map(with_part).take_while(is_inside);

    let behind = after.clone().take_while(is_joined);
    let len: usize = behind.clone().map(|(letter, _)| letter.len_utf8()).sum();
    let mut around = before.clone().take_while(is_joined).chain(behind);
    let has_plain = before.chain(after).any(|(_, part)| part == Part::Plain);
    let is_latin = has_plain && around.all(|(letter, _)| may_be_latin(letter));
    (at + len, is_latin)
}

/// What a character is in a word once it is folded.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// A Latin letter or a digit.
    Plain,
    /// A letter of another alphabet, or nothing that can be seen.
    Inside,
    /// What joins the parts of a word, an address or a number.
    Joint,
    /// It ends the word.
    Outside,
}

fn part(character: char) -> Part {
    let of = |plain: char| match plain {
        '-' | '.' | '@' | '\'' | '_' => Part::Joint,
        _ if plain.is_ascii_alphanumeric() => Part::Plain,
        _ if plain.is_alphanumeric() => Part::Inside,
        _ => Part::Outside,
    };
    if character.is_ascii() {
        return of(character);
    }
    match fold_character(character) {
        Fold::Same | Fold::LooksLike(_) => of(character),
        Fold::Plain(plain) => of(plain),
        Fold::Letters(_) => Part::Plain,
        Fold::Gone | Fold::Mark => Part::Inside,
    }
}

fn may_be_latin(character: char) -> bool {
    // Latin letters with marks stand up to here, and in a block of their own.
    matches!(u32::from(character), 0..0x250 | 0x1E00..0x1F00)
        || !character.is_alphabetic()
        || !matches!(fold_character(character), Fold::Same)
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
    fn other_alphabets_stay_what_they_are() {
        for text in [
            "Привет, сосед",
            "SMS-сообщение от 21.11.2026, кабинет 5б, улица Сосновая, дом 12ж",
            "Το WhatsApp-μήνυμα της Ελένης, 12 Μαΐου",
            "Հայերեն, 5-րդ հարկ",
            "ה-iPhone של יוסי",
            "رسالة الـWhatsApp من سارة، مساءً۔",
            "Yıldız, Łukasz, Đorđe, Šimić, Þór, ½, 1½ …",
        ] {
            assert_eq!(fold(text).text, text);
        }
    }

    #[test]
    fn letters_that_look_latin_are_latin_in_latin_words() {
        check("Jаn", "Jan", "Jan", "Jаn");
        check(
            "mail jаn@vооrbееld.nl",
            "mail jan@voorbeeld.nl",
            "voorbeeld",
            "vооrbееld",
        );
        check("NL91ꓮBNA", "NL91ABNA", "ABNA", "ꓮBNA");
        check("ꓮ①", "A1", "A1", "ꓮ①");
        check("℡ 06", "TEL 06", "TEL", "℡");
        check(
            "jan＠voorbeeld。nl",
            "jan@voorbeeld.nl",
            "voorbeeld",
            "voorbeeld",
        );
        check("१२३", "123", "23", "२३");
    }

    #[test]
    fn every_character_that_is_folded_leads_back_to_itself() {
        for code in 0x80..0x20000 {
            let Some(character) = char::from_u32(code) else {
                continue;
            };
            let original = format!("x1{character}2");
            let folded = fold(&original);
            if !folded.is_changed() {
                continue;
            }
            let inside = 2..folded.text.len() - 1;
            let shown = original.get(folded.original(&inside)).unwrap_or_default();
            let is_mark = inside.is_empty();
            assert!(
                is_mark || shown == format!("{character}"),
                "{code:x}: {shown}"
            );
            assert_eq!(
                folded.original(&(0..folded.text.len())),
                0..original.len(),
                "{code:x}"
            );
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

        #[test]
        fn what_is_folded_stays_so_and_leads_back(pieces in proptest::collection::vec(piece(), 0..10)) {
            let text = pieces.concat();
            let folded = fold(&text);
            let twice = fold(&folded.text);
            proptest::prop_assert_eq!(&twice.text, &folded.text);
            let cuts: Vec<usize> = (0..=folded.text.len()).filter(|cut| folded.text.is_char_boundary(*cut)).collect();
            let mut end = 0;
            for pair in cuts.windows(2) {
                let range = folded.original(&(pair[0]..pair[1]));
                proptest::prop_assert!(text.get(range.clone()).is_some(), "{:?}", range);
                proptest::prop_assert!(range.end >= end && range.start < range.end, "{:?} before {}", range, end);
                end = range.end;
            }
        }
    }

    /// Letters of several alphabets, signs that hide and digits.
    fn piece() -> impl proptest::strategy::Strategy<Value = std::string::String> {
        use proptest::strategy::Strategy as _;
        const KNOWN: &[&str] = &[
            "а", "б", "ꓮ", "Ꭰ", "ο", "℡", "①", "⑩", "㎏", "𝟏", "१", "ĳ", "-", ".", "@", " ", "a",
            "1", "é", "\u{301}", "\u{200b}", "。",
        ];
        proptest::prop_oneof![
            3 => proptest::sample::select(KNOWN).prop_map(std::string::ToString::to_string),
            1 => "\\PC{0,4}",
        ]
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
