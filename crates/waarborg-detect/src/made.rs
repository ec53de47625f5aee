//! Values that programs make and that say nothing of anybody: UUIDs, digests, base64.

use core::ops::Range;

/// Longer than this nobody writes a name or a number without white space.
const LONGEST: usize = 4096;

/// What stands around a span without white space or a quotation mark in between.
pub(crate) fn run_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let ends = |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`');
    let from = text.floor_char_boundary(span.start.saturating_sub(LONGEST));
    let to = text.floor_char_boundary(span.end.saturating_add(LONGEST).min(text.len()));
    let before = text.get(from..span.start).unwrap_or_default();
    let behind = text.get(span.end..to).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .find(|(_, letter)| ends(*letter));
    let start = start.map_or(from, |(at, letter)| from + at + letter.len_utf8());
    let end = behind.find(ends).map_or(to, |at| span.end + at);
    start..end
}

/// Whether a program may have made what stands around a span; where this says no, [`is_made`] says no of all of it.
///
/// Most values have a sign or a blank close to them that no program's value has, so this looks at few letters.
pub(crate) fn may_be_made(text: &str, span: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let inside = bytes.get(span.clone()).unwrap_or_default();
    let before = bytes.get(..span.start).unwrap_or_default().iter().rev();
    let behind = bytes.get(span.end..).unwrap_or_default().iter();
    let fits = |byte: &u8| matches!(part(*byte), Part::Value | Part::Edge);
    inside.iter().all(fits) && may_go_on(before) && may_go_on(behind)
}

/// Whether these bytes, from a value outwards, are more of it, then signs around it, then an end.
fn may_go_on<'b>(bytes: impl Iterator<Item = &'b u8>) -> bool {
    let mut is_edge = false;
    for byte in bytes.take(LONGEST) {
        match part(*byte) {
            Part::Value if !is_edge => {}
            Part::Edge => is_edge = true,
            Part::Value | Part::Other => return false,
            Part::End => return true,
        }
    }
    true
}

/// What a byte is to a program's value.
enum Part {
    Value,
    /// It may stand around one.
    Edge,
    /// Behind it is something else, or may be: beyond ASCII there are blanks too.
    End,
    /// No program's value has it.
    Other,
}

fn part(byte: u8) -> Part {
    match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'+' | b'/' | b'=' | b'-' => Part::Value,
        b'(' | b')' | b',' | b'.' | b';' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' => Part::Edge,
        b'\t'..=b'\r' | b' ' | b'"' | b'\'' | b'`' | 0x80.. => Part::End,
        _ => Part::Other,
    }
}

/// Whether a program made this.
pub(crate) fn is_made(run: &str) -> bool {
    let run = run.trim_matches(|sign: char| {
        matches!(
            sign,
            '(' | ')' | ',' | '.' | ';' | '{' | '}' | '[' | ']' | '<' | '>'
        )
    });
    is_uuid(run) || is_digest(run) || is_base64(run)
}

fn is_uuid(run: &str) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut groups = run.split('-');
    GROUPS.iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| group.len() == *length && is_hexadecimal(group))
    }) && groups.next().is_none()
}

/// MD5, SHA-1, SHA-256 and their like.
fn is_digest(run: &str) -> bool {
    matches!(run.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && is_hexadecimal(run)
        && run.bytes().any(|byte| byte.is_ascii_alphabetic())
}

fn is_hexadecimal(run: &str) -> bool {
    run.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_base64(run: &str) -> bool {
    const SHORTEST: usize = 40;
    let has = |fits: fn(&u8) -> bool| run.bytes().any(|byte| fits(&byte));
    run.len() >= SHORTEST
        && run
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_make_is_told_from_what_people_have() {
        for made in [
            "414c343c-1e2f-47ed-ac2c-78e57311d8a3",
            "f23b2cc4b4174a672b5ebaa061076dc3ba6ace6c",
            "(f23b2cc4b4174a672b5ebaa061076dc3ba6ace6c),",
            "jiIstmxVHXoBb4BQXBCiGUU7JjUfw+ymhjJCUf+MJAqxrfoG+IewAlinb8mimYr7",
        ] {
            assert!(is_made(made), "{made}");
        }
        for had in [
            "KD-2241",
            "j.de_wit",
            "12345678901234567890123456789012",
            "414c343c-1e2f-47ed-ac2c",
            "jan.jansen@example.org",
            "",
        ] {
            assert!(!is_made(had), "{had}");
        }
    }

    #[test]
    fn a_quick_look_never_says_no_where_a_long_one_says_yes() {
        let made = "f23b2cc4b4174a672b5ebaa061076dc3ba6ace6c";
        for (before, behind) in [
            ("", ""),
            ("(", "),"),
            ("\u{a0}", "\u{a0}"),
            ("é ", "\n"),
            ("\"[", "]\""),
        ] {
            let text = std::format!("{before}{made}{behind}");
            let span = before.len() + 4..before.len() + 8;
            assert!(may_be_made(&text, &span), "{text}");
        }
        for (text, span) in [("Jan de", 0..6), ("x@x@x", 0..1), ("f23b.2cc4", 0..3)] {
            assert!(!may_be_made(text, &span), "{text}");
        }
    }

    #[test]
    fn a_run_ends_at_white_space_and_quotation_marks() {
        let text = "id \"ab-é1\" é";
        assert_eq!(run_around(text, &(6..7)), 4..10);
        assert_eq!(run_around("éé", &(2..2)), 0..4);
    }
}
