//! Reads a form of parts (`multipart/form-data`) in the one way in which there is only one reading; anything else is
//! refused. Nothing of the form itself goes on: the provider gets one that is written anew.

use std::ops::Range;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// The name of its field.
    pub(crate) name: String,
    /// Whether it is a file. What that is called nobody needs to know.
    pub(crate) is_file: bool,
    /// Where its content stands in the body.
    pub(crate) range: Range<usize>,
}

/// Why a form cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormBodyFault {
    /// The header names no boundary that can be one.
    Boundary,
    /// It does not begin with its boundary.
    Beginning,
    /// It ends before its last boundary, or something stands behind that.
    End,
    /// What stands above a part cannot be read, or in more than one way.
    Header,
    /// There are more parts than any client sends.
    TooMany,
    /// A field stands in it twice.
    Twice,
    /// A field that is no file is not UTF-8.
    NotUtf8,
}

impl FormBodyFault {
    /// What programs know it by, and the end of the name of its sentence.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Boundary => "boundary",
            Self::Beginning => "beginning",
            Self::End => "end",
            Self::Header => "header",
            Self::TooMany => "too-many",
            Self::Twice => "twice",
            Self::NotUtf8 => "not-utf8",
        }
    }

    /// The name of its sentence.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Self::Boundary => "form-boundary",
            Self::Beginning => "form-beginning",
            Self::End => "form-end",
            Self::Header => "form-header",
            Self::TooMany => "form-too-many",
            Self::Twice => "form-twice",
            Self::NotUtf8 => "form-not-utf8",
        }
    }
}

/// More parts than this are no request.
const MOST_PARTS: usize = 64;

/// What stands above a part is never longer than this, in bytes.
const LONGEST_HEAD: usize = 4096;

/// A boundary is never longer than this (RFC 2046).
const LONGEST_BOUNDARY: usize = 70;

/// Whether a request says that its body is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let media_type = content_type(headers).split(';').next().unwrap_or_default();
    media_type
        .trim()
        .eq_ignore_ascii_case("multipart/form-data")
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE);
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// The boundary that the header names.
///
/// # Errors
///
/// [`FormBodyFault::Boundary`] if there is none, more than one, or none that a form can have.
pub(crate) fn boundary(headers: &HeaderMap) -> Result<&str, FormBodyFault> {
    let (_, mut parameters) = content_type(headers)
        .split_once(';')
        .ok_or(FormBodyFault::Boundary)?;
    let mut boundary = None;
    while !parameters.trim().is_empty() {
        let (name, value, rest) = parameter(parameters).ok_or(FormBodyFault::Boundary)?;
        if name.eq_ignore_ascii_case("boundary") && boundary.replace(value).is_some() {
            return Err(FormBodyFault::Boundary);
        }
        parameters = rest;
    }
    let may_be_one = |boundary: &&str| {
        (1..=LONGEST_BOUNDARY).contains(&boundary.len())
            && !boundary.ends_with(' ')
            && boundary
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte))
    };
    boundary.filter(may_be_one).ok_or(FormBodyFault::Boundary)
}

/// The parts of a form, in their order.
///
/// # Errors
///
/// [`FormBodyFault`].
pub(crate) fn parts(body: &[u8], boundary: &str) -> Result<Vec<Part>, FormBodyFault> {
    let first = format!("--{boundary}\r\n");
    let between = format!("\r\n--{boundary}");
    if !body.starts_with(first.as_bytes()) {
        return Err(FormBodyFault::Beginning);
    }
    let mut parts = Vec::new();
    let mut at = first.len();
    loop {
        if parts.len() == MOST_PARTS {
            return Err(FormBodyFault::TooMany);
        }
        let rest = body.get(at..).unwrap_or_default();
        let head = rest.get(..rest.len().min(LONGEST_HEAD)).unwrap_or_default();
        let end_of_head = memchr::memmem::find(head, b"\r\n\r\n").ok_or(FormBodyFault::Header)?;
        let (name, is_file) = head
            .get(..end_of_head)
            .and_then(read_head)
            .ok_or(FormBodyFault::Header)?;
        let start = at + end_of_head + 4;
        let content = body.get(start..).unwrap_or_default();
        let length = memchr::memmem::find(content, between.as_bytes()).ok_or(FormBodyFault::End)?;
        let end = start + length;
        parts.push(Part {
            name,
            is_file,
            range: start..end,
        });
        at = end + between.len();
        match body.get(at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => at += 2,
            b"--" | b"--\r\n" => return Ok(parts),
            _ => return Err(FormBodyFault::End),
        }
    }
}

/// The name of a part's field, and whether it is a file.
fn read_head(head: &[u8]) -> Option<(String, bool)> {
    let head = std::str::from_utf8(head).ok()?;
    let mut named = None;
    let mut n_types = 0;
    for line in head.split("\r\n") {
        let (header, value) = line.split_once(':')?;
        match header.to_ascii_lowercase().as_str() {
            "content-disposition" if named.is_none() => named = Some(read_disposition(value)?),
            "content-type" if n_types == 0 => n_types += 1,
            "content-length" => {}
            "content-transfer-encoding" => {
                let plain = ["7bit", "8bit", "binary"];
                let value = value.trim();
                plain
                    .iter()
                    .find(|known| value.eq_ignore_ascii_case(known))?;
            }
            _ => return None,
        }
    }
    named
}

fn read_disposition(value: &str) -> Option<(String, bool)> {
    let (kind, mut parameters) = value.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut named, mut is_file) = (None, false);
    while !parameters.trim().is_empty() {
        let (name, value, rest) = parameter(parameters)?;
        match name.to_ascii_lowercase().as_str() {
            "name" if named.is_none() => named = Some(value.to_owned()),
            "filename" | "filename*" => is_file = true,
            _ => return None,
        }
        parameters = rest;
    }
    let named = named.filter(|name: &String| !name.is_empty() && !name.contains('\\'))?;
    Some((named, is_file))
}

/// The first parameter of a header's value, and the rest behind it. What stands in quotes is given as it is written.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, behind) = text.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-*".contains(&byte));
    let (value, rest) = if let Some(quoted) = behind.strip_prefix('"') {
        let end = end_of_quoted(quoted)?;
        (quoted.get(..end)?, quoted.get(end + 1..)?)
    } else {
        let end = behind.find(';').unwrap_or(behind.len());
        (behind.get(..end)?.trim(), behind.get(end..)?)
    };
    let rest = rest.trim_start();
    let rest = if rest.is_empty() {
        rest
    } else {
        rest.strip_prefix(';')?
    };
    is_name.then_some((name, value, rest))
}

fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Result<Vec<(String, bool, &str)>, FormBodyFault> {
        let parts = parts(body.as_bytes(), "x")?;
        let read = parts
            .into_iter()
            .map(|part| (part.name, part.is_file, body.get(part.range).unwrap()));
        Ok(read.collect())
    }

    fn form(parts: &[(&str, &str)]) -> String {
        let part = |(head, content): &(&str, &str)| format!("--x\r\n{head}\r\n\r\n{content}\r\n");
        let parts: Vec<String> = parts.iter().map(part).collect();
        format!("{}--x--\r\n", parts.concat())
    }

    #[test]
    fn fields_and_files_are_read_as_clients_write_them() {
        let text = r#"Content-Disposition: form-data; name="model""#;
        let file = "Content-Disposition: form-data; name=\"file\"; filename=\"a;\\\"b.mp3\"; filename*=UTF-8''a.mp3\r\nContent-Type: audio/mpeg";
        let form = form(&[(text, "klein"), (file, "ID3\r\n--y\r\n"), (text, "")]);
        assert_eq!(
            read(&form).unwrap(),
            [
                ("model".to_owned(), false, "klein"),
                ("file".to_owned(), true, "ID3\r\n--y\r\n"),
                ("model".to_owned(), false, ""),
            ]
        );
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let field = r#"Content-Disposition: form-data; name="a""#;
        let whole = form(&[(field, "b")]);
        for (body, fault) in [
            (String::new(), FormBodyFault::Beginning),
            (format!("voor\r\n{whole}"), FormBodyFault::Beginning),
            (whole.replace("--x--\r\n", ""), FormBodyFault::End),
            (whole.replace("--x--\r\n", "--x"), FormBodyFault::End),
            (format!("{whole}na"), FormBodyFault::End),
            (whole.replace("--x--", "--xy--"), FormBodyFault::End),
            (form(&[("", "b")]), FormBodyFault::Header),
            (form(&[("Content-Type: a/b", "b")]), FormBodyFault::Header),
            (
                form(&[(&format!("{field}\r\n{field}"), "b")]),
                FormBodyFault::Header,
            ),
            (
                form(&[(&format!("{field}; name=\"c\""), "b")]),
                FormBodyFault::Header,
            ),
            (
                form(&[(
                    &format!("{field}\r\nContent-Transfer-Encoding: base64"),
                    "b",
                )]),
                FormBodyFault::Header,
            ),
            (
                form(&[(&format!("{field}\r\nX-Other: 1"), "b")]),
                FormBodyFault::Header,
            ),
            (
                form(&[(&format!("{field}\r\n folded"), "b")]),
                FormBodyFault::Header,
            ),
            (
                form(&[("Content-Disposition: form-data", "b")]),
                FormBodyFault::Header,
            ),
            (
                form(&[(&format!("Content-Type: {}", "a".repeat(5000)), "b")]),
                FormBodyFault::Header,
            ),
            (form(&vec![(field, "b"); 65]), FormBodyFault::TooMany),
        ] {
            assert_eq!(read(&body), Err(fault), "{body:.200}");
        }
    }

    #[test]
    fn only_one_boundary_that_can_be_one_is_taken() {
        let named = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
            (
                is_form(&headers),
                boundary(&headers).ok().map(str::to_owned),
            )
        };
        let taken = |boundary: &str| (true, Some(boundary.to_owned()));
        assert_eq!(named("multipart/form-data; boundary=abc"), taken("abc"));
        assert_eq!(
            named("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""),
            taken("a b")
        );
        assert_eq!(named("multipart/form-data"), (true, None));
        assert_eq!(
            named("multipart/form-data; boundary=a; boundary=b"),
            (true, None)
        );
        assert_eq!(
            named("multipart/form-data; boundary=\"a\\\"b\""),
            (true, None)
        );
        assert_eq!(
            named(&format!("multipart/form-data; boundary={}", "a".repeat(71))),
            (true, None)
        );
        assert_eq!(named("application/json"), (false, None));
    }

    proptest! {
        #[test]
        fn what_a_client_writes_is_what_is_read(contents in prop::collection::vec("[a-z\r\n-]{0,40}", 1..5)) {
            prop_assume!(contents.iter().all(|content| !format!("\r\n{content}").contains("\r\n--x")));
            let heads: Vec<String> = (0..contents.len())
                .map(|number| format!("Content-Disposition: form-data; name=\"veld{number}\""))
                .collect();
            let written: Vec<(&str, &str)> = heads
                .iter()
                .zip(&contents)
                .map(|(head, content)| (head.as_str(), content.as_str()))
                .collect();
            let form = form(&written);
            let read = read(&form).unwrap();
            let read: Vec<&str> = read.iter().map(|(_, _, content)| *content).collect();
            prop_assert_eq!(read, contents);
        }

        #[test]
        fn nothing_makes_the_reader_fall(body in "(--x\r\n|\r\n--x|--|a|name=\"|;|:|\r\n){0,30}") {
            let _ = read(&body);
        }
    }
}
