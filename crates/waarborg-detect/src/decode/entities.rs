//! HTML entities: `&#64;`, `&#x40;`, `&commat;`.

use alloc::string::String;

use super::{Read, is_readable, number};

/// Named entities that matter in values; the letters of Latin-1 are made from their parts.
const NAMED: &[(&str, &str)] = &[
    ("nbsp", "\u{a0}"),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("Tab", "\t"),
    ("NewLine", "\n"),
    ("shy", ""),
    ("zwj", ""),
    ("zwnj", ""),
    ("lrm", ""),
    ("rlm", ""),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("lsquo", "'"),
    ("rsquo", "'"),
    ("ldquo", "\""),
    ("rdquo", "\""),
    ("commat", "@"),
    ("period", "."),
    ("comma", ","),
    ("colon", ":"),
    ("semi", ";"),
    ("sol", "/"),
    ("bsol", "\\"),
    ("lowbar", "_"),
    ("hyphen", "-"),
    ("dash", "-"),
    ("ndash", "-"),
    ("mdash", "-"),
    ("minus", "-"),
    ("plus", "+"),
    ("num", "#"),
    ("percnt", "%"),
    ("equals", "="),
    ("lpar", "("),
    ("rpar", ")"),
    ("szlig", "ß"),
    ("aelig", "æ"),
    ("AElig", "Æ"),
    ("oslash", "ø"),
    ("Oslash", "Ø"),
    ("aring", "å"),
    ("Aring", "Å"),
    ("ccedil", "ç"),
    ("Ccedil", "Ç"),
    ("ntilde", "ñ"),
    ("Ntilde", "Ñ"),
    ("inodot", "ı"),
    ("Idot", "İ"),
    ("scedil", "ş"),
    ("Scedil", "Ş"),
    ("gbreve", "ğ"),
    ("lstrok", "ł"),
    ("Lstrok", "Ł"),
];
/// Ends of entities that are a letter with an accent: `&eacute;`.
const ACCENTS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("circ", '\u{302}'),
    ("uml", '\u{308}'),
    ("tilde", '\u{303}'),
    ("caron", '\u{30c}'),
];

/// The entity that begins here.
pub(super) fn read(rest: &str) -> Option<Read> {
    let inside = rest.get(1..)?;
    let (text, len) = match inside.strip_prefix('#') {
        Some(numeric) => in_numbers(numeric).map(|(text, len)| (text, len + 1))?,
        None => named(inside)?,
    };
    let closes = inside.get(len..).is_some_and(|rest| rest.starts_with(';'));
    // Browsers read a number without its semicolon too.
    (closes || inside.starts_with('#')).then_some((text, 1 + len + usize::from(closes)))
}

fn in_numbers(numeric: &str) -> Option<Read> {
    let (digits, radix, skip) = match numeric.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (numeric, 10, 0),
    };
    let len = digits
        .chars()
        .take(10)
        .take_while(|digit| digit.is_digit(radix))
        .count();
    let character = char::from_u32(number(digits.get(..len)?, radix)?)?;
    is_readable(character).then(|| (String::from(character), skip + len))
}

fn named(inside: &str) -> Option<Read> {
    let len = inside
        .bytes()
        .take(10)
        .take_while(u8::is_ascii_alphabetic)
        .count();
    let name = inside.get(..len)?;
    if let Some((_, text)) = NAMED.iter().find(|(known, _)| *known == name) {
        return Some((String::from(*text), len));
    }
    let letter = name.chars().next()?;
    let accent = name.get(1..)?;
    let (_, mark) = ACCENTS.iter().find(|(known, _)| *known == accent)?;
    let composed = unicode_normalization::char::compose(letter, *mark)?;
    Some((String::from(composed), len))
}
