//! The head of a message or a part: its fields, and the parameters in them.

use crate::html::{base64_decoded, percent_decoded};
use crate::plain;

/// The fields in their order.
pub(super) struct Head(Vec<(String, String)>);

/// A value with its parameters: `text/plain; charset=utf-8`.
#[derive(Default)]
pub(super) struct Parameters {
    /// In lower case.
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

/// The most fields of one head; more is an attack on whoever keeps a list of them.
const MAX_FIELDS: usize = 5_000;

/// The longest encoded word; the standard allows seventy-five.
const WORD_BYTES: usize = 2_000;

impl Head {
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, String)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), words(value)))
    }

    /// The first field with this name, with its parameters.
    pub(super) fn parameters(&self, name: &str) -> Parameters {
        self.0
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| parameters(value))
            .unwrap_or_default()
    }
}

impl Parameters {
    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Cuts a message into its head and its body. What is no field belongs to the body.
pub(super) fn split(bytes: &[u8]) -> (Head, &[u8]) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let content = line.trim_ascii_end();
        if content.is_empty() {
            at += line.len();
            break;
        }
        let text =
            plain::decode(content).unwrap_or_else(|| String::from_utf8_lossy(content).into_owned());
        if text.starts_with([' ', '\t'])
            && let Some((_, value)) = fields.last_mut()
        {
            value.push(' ');
            value.push_str(text.trim());
            at += line.len();
            continue;
        }
        let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_name(name)) else {
            break;
        };
        if fields.len() == MAX_FIELDS {
            break;
        }
        fields.push((name.trim_end().to_owned(), value.trim().to_owned()));
        at += line.len();
    }
    (Head(fields), bytes.get(at..).unwrap_or_default())
}

fn is_name(name: &str) -> bool {
    let name = name.trim_end();
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A value with its encoded words made readable: `=?utf-8?q?Ren=C3=A9?=`.
fn words(value: &str) -> String {
    let mut readable = String::new();
    let mut rest = value;
    let mut was_encoded = false;
    while let Some((before, after)) = rest.split_once("=?") {
        let mut fields = after.splitn(3, '?');
        let decoded = match (fields.next(), fields.next(), fields.next()) {
            (Some(charset), Some(how), Some(tail)) => split_word(tail)
                .and_then(|(word, tail)| Some((encoded_word(charset, how, word)?, tail))),
            _ => None,
        };
        let Some((word, tail)) = decoded else {
            readable.push_str(before);
            readable.push_str("=?");
            rest = after;
            was_encoded = false;
            continue;
        };
        // White space between two encoded words is no space.
        if !(was_encoded && before.trim().is_empty()) {
            readable.push_str(before);
        }
        readable.push_str(&word);
        rest = tail;
        was_encoded = true;
    }
    readable.push_str(rest);
    readable
}

/// An encoded word and what stands behind it. Looking no further than a long word keeps the time in
/// proportion to the header.
fn split_word(tail: &str) -> Option<(&str, &str)> {
    let mut n_bytes = tail.len().min(WORD_BYTES);
    while !tail.is_char_boundary(n_bytes) {
        n_bytes -= 1;
    }
    let end = tail.get(..n_bytes)?.find("?=")?;
    Some((tail.get(..end)?, tail.get(end + 2..)?))
}

fn encoded_word(charset: &str, how: &str, word: &str) -> Option<String> {
    let bytes = match how {
        "b" | "B" => base64_decoded(word.as_bytes()),
        "q" | "Q" => {
            let spaced: Vec<u8> = word
                .bytes()
                .map(|byte| match byte {
                    b'_' => b' ',
                    b'=' => b'%',
                    // A percent sign is itself here.
                    other => other,
                })
                .collect();
            if word.contains('%') {
                super::encoded::quoted_printable(word.replace('_', " ").as_bytes())
            } else {
                percent_decoded(&spaced)
            }
        }
        _ => return None,
    };
    let charset = charset.split('*').next().unwrap_or(charset);
    plain::decode_as(&bytes, Some(charset))
}

/// Cuts a value at its semicolons, outside quotes; joins and decodes what RFC 2231 splits.
fn parameters(value: &str) -> Parameters {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    let mut is_quoted = false;
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if is_quoted => piece.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ';' if !is_quoted => pieces.push(std::mem::take(&mut piece)),
            _ => piece.push(letter),
        }
    }
    pieces.push(piece);
    let mut pieces = pieces.into_iter();
    let mut found = Parameters {
        value: pieces
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
        parameters: Vec::new(),
    };
    for piece in pieces.take(100) {
        let Some((name, value)) = piece.split_once('=') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim_start();
        let base = name.split('*').next().unwrap_or_default().to_owned();
        let value = if name.ends_with('*') {
            extended(value.trim_end())
        } else {
            words(value)
        };
        let is_more = name.contains('*')
            && !name.ends_with("*0")
            && !name.ends_with("*0*")
            && name.len() > base.len() + 1;
        match found
            .parameters
            .iter_mut()
            .find(|(other, _)| *other == base)
        {
            Some((_, first)) if is_more => first.push_str(&value),
            Some(_) => {}
            None => found.parameters.push((base, value)),
        }
    }
    found
}

/// `utf-8'nl'Ren%C3%A9`.
fn extended(value: &str) -> String {
    let mut fields = value.splitn(3, '\'');
    match (fields.next(), fields.next(), fields.next()) {
        (Some(charset), Some(_), Some(rest)) => {
            plain::decode_as(&percent_decoded(rest.as_bytes()), Some(charset)).unwrap_or_default()
        }
        _ => plain::decode(&percent_decoded(value.as_bytes())).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read() {
        assert_eq!(
            words("=?utf-8?q?Ren=C3=A9_de?= =?UTF-8?B?IFZyaWVz?= <r@example.org>"),
            "René de Vries <r@example.org>"
        );
        assert_eq!(words("=?iso-8859-1?Q?Ren=E9_100%?="), "René 100%");
        assert_eq!(words("2 =? 3"), "2 =? 3");
    }

    #[test]
    fn parameters_are_read_in_all_their_spellings() {
        let check = |value: &str, name: &str, expected: &str| {
            assert_eq!(parameters(value).find(name), Some(expected), "{value}");
        };
        check("text/plain; charset=\"utf-8\"", "charset", "utf-8");
        check("a/b; filename=\"x;y.pdf\"", "filename", "x;y.pdf");
        check(
            "a/b; filename*=utf-8''Ren%C3%A9.pdf",
            "filename",
            "René.pdf",
        );
        check(
            "a/b; filename*0=\"lange \"; filename*1=\"naam.pdf\"",
            "filename",
            "lange naam.pdf",
        );
        check("a/b; name=\"=?utf-8?q?Ren=C3=A9?=\"", "name", "René");
    }

    #[test]
    fn a_line_that_is_no_field_belongs_to_the_body() {
        let (head, body) = split(b"Subject: a\n b\nJan zegt hoi\n\nx");
        let fields: Vec<_> = head.fields().collect();
        assert_eq!(fields, [("Subject", "a b".to_owned())]);
        assert_eq!(body, b"Jan zegt hoi\n\nx");
    }
}
