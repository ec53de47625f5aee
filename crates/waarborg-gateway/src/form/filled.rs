//! A form with sound in it as the door takes it in: its fields as one document, which is inspected like any other
//! request, and the sound beside it.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::HeaderMap;
use waarborg_domain::json::escape_into;
use waarborg_domain::prompt::Recording;

use super::read::{FormBodyFault, Part, boundary, parts};

/// The field in which the sound stands.
const FILE: &str = "file";

/// A form as a document and its sound.
pub(crate) struct Filled {
    /// The fields, each a member.
    pub(crate) body: Vec<u8>,
    /// The sound.
    pub(crate) recording: Recording,
}

/// Why a form is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilledFault {
    /// It cannot be read.
    Form(FormBodyFault),
    /// A field is missing, or has another type than it must.
    Field(&'static str),
    /// There is no file in the field for it.
    NoFile,
    /// The file is no sound that we know.
    NotSound,
    /// It holds another file.
    OtherFile,
}

impl From<FormBodyFault> for FilledFault {
    fn from(fault: FormBodyFault) -> Self {
        Self::Form(fault)
    }
}

/// Reads a form.
///
/// # Errors
///
/// [`FilledFault`].
pub(crate) fn filled(headers: &HeaderMap, form: Vec<u8>) -> Result<Filled, FilledFault> {
    let parts = parts(&form, boundary(headers)?)?;
    let (files, fields): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.is_file);
    let body = document(&fields, &form)?;
    let mut files = files.into_iter();
    let file = match (files.next(), files.next()) {
        (None, _) => return Err(FilledFault::NoFile),
        (Some(one), Some(other)) if one.name == other.name => {
            return Err(FormBodyFault::Twice.into());
        }
        (Some(one), None) if one.name == FILE => one,
        (Some(_), _) => return Err(FilledFault::OtherFile),
    };
    let recording = Recording::in_form(Arc::new(form), file.range);
    Ok(Filled {
        body,
        recording: recording.ok_or(FilledFault::NotSound)?,
    })
}

/// The fields as the members of one document. A name that ends in brackets may stand there more than once.
fn document(fields: &[Part], form: &[u8]) -> Result<Vec<u8>, FilledFault> {
    let mut members: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for field in fields {
        if field.name == FILE {
            return Err(FilledFault::NoFile);
        }
        let content = form.get(field.range.clone()).unwrap_or_default();
        let text = std::str::from_utf8(content).map_err(|_| FormBodyFault::NotUtf8)?;
        let texts = members.entry(&field.name).or_default();
        if !texts.is_empty() && !is_list(&field.name) {
            return Err(FormBodyFault::Twice.into());
        }
        texts.push(text);
    }

    let mut body = String::from("{");
    for (name, texts) in members {
        if body.len() > 1 {
            body.push(',');
        }
        quoted(name, &mut body);
        body.push(':');
        match *texts {
            // The one field on which the program acts itself, and which is no text.
            [text] if name == "stream" => {
                body.push_str(yes_or_no(text).ok_or(FilledFault::Field("stream"))?);
            }
            [text] if !is_list(name) => quoted(text, &mut body),
            _ => {
                body.push('[');
                for (place, text) in texts.iter().enumerate() {
                    if place > 0 {
                        body.push(',');
                    }
                    quoted(text, &mut body);
                }
                body.push(']');
            }
        }
    }
    body.push('}');
    Ok(body.into_bytes())
}

fn is_list(name: &str) -> bool {
    name.ends_with("[]")
}

fn yes_or_no(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some("true"),
        "false" => Some("false"),
        _ => None,
    }
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    escape_into(text, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;

    use super::*;

    const SOUND: (&str, &str) = ("file\"; filename=\"jan.mp3", "ID3 geluid");

    fn read(parts: &[(&str, &str)]) -> Result<(String, Vec<u8>), FilledFault> {
        let mut headers = HeaderMap::new();
        let media_type = "multipart/form-data; boundary=x";
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        let part = |(name, content): &(&str, &str)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let form = format!("{}--x--\r\n", parts.concat()).into_bytes();
        let filled = filled(&headers, form)?;
        let body = String::from_utf8(filled.body).unwrap();
        Ok((body, filled.recording.as_ref().to_vec()))
    }

    #[test]
    fn the_fields_are_a_document_and_the_sound_lies_beside_it() {
        let (body, sound) = read(&[
            ("model", "klein"),
            SOUND,
            ("prompt", "Zij zei \"hoi\"\n"),
            ("stream", "True"),
            ("include[]", "logprobs"),
            ("timestamp_granularities[]", "word"),
            ("timestamp_granularities[]", "segment"),
        ])
        .unwrap();
        assert_eq!(
            body,
            r#"{"include[]":["logprobs"],"model":"klein","prompt":"Zij zei \"hoi\"\n","stream":true,"timestamp_granularities[]":["word","segment"]}"#
        );
        assert_eq!(sound, b"ID3 geluid");
    }

    #[test]
    fn what_is_missing_twice_or_something_else_is_refused() {
        let twice = FilledFault::Form(FormBodyFault::Twice);
        for (parts, fault) in [
            (vec![("model", "klein")], FilledFault::NoFile),
            (vec![("file", "ID3")], FilledFault::NoFile),
            (vec![SOUND, ("file", "ID3")], FilledFault::NoFile),
            (vec![SOUND, SOUND], twice),
            (vec![SOUND, ("model", "a"), ("model", "b")], twice),
            (
                vec![("file\"; filename=\"a.pdf", "%PDF-1.7")],
                FilledFault::NotSound,
            ),
            (
                vec![("file\"; filename=\"a.mp3", "")],
                FilledFault::NotSound,
            ),
            (
                vec![SOUND, ("image\"; filename=\"a.png", "x")],
                FilledFault::OtherFile,
            ),
            (
                vec![("image\"; filename=\"a.mp3", "ID3")],
                FilledFault::OtherFile,
            ),
            (vec![SOUND, ("stream", "ja")], FilledFault::Field("stream")),
        ] {
            assert_eq!(read(&parts).err(), Some(fault), "{parts:?}");
        }
    }
}
