//! Writes a form of parts for a provider: the screened fields, and the sound under a name that says nothing.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use bytes::Bytes;
use serde_json::{Map, Value};
use waarborg_domain::prompt::Recording;

/// A form on its way to a provider.
pub(crate) struct Written {
    /// What its header says.
    pub(crate) content_type: String,
    /// Its bytes, in their order. The sound is not copied.
    pub(crate) pieces: Vec<Bytes>,
}

/// The form of these fields and this sound; `None` if the fields are no document of a form.
pub(crate) fn written(fields: &[u8], recording: &Recording) -> Option<Written> {
    let fields: Map<String, Value> = serde_json::from_slice(fields).ok()?;
    let mut pairs: Vec<(&str, String)> = Vec::new();
    for (name, value) in &fields {
        match value {
            Value::Array(values) => {
                for value in values {
                    pairs.push((name, plain(value)?));
                }
            }
            value => pairs.push((name, plain(value)?)),
        }
    }
    let boundary = boundary(&pairs, recording.as_ref());
    let mut head = String::new();
    for (name, value) in &pairs {
        let name = in_quotes(name);
        head.extend([
            "--",
            &boundary,
            "\r\ncontent-disposition: form-data; name=\"",
            &name,
            "\"\r\n\r\n",
            value,
            "\r\n",
        ]);
    }
    head.extend([
        "--",
        &boundary,
        "\r\ncontent-disposition: form-data; name=\"file\"; filename=\"",
        recording.kind().file_name(),
        "\"\r\ncontent-type: ",
        recording.kind().media_type(),
        "\r\n\r\n",
    ]);
    let tail = format!("\r\n--{boundary}--\r\n");
    Some(Written {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        pieces: vec![
            Bytes::from(head),
            Bytes::from_owner(recording.clone()),
            Bytes::from(tail),
        ],
    })
}

/// The form of these fields and a file of JSON lines, under a name that says nothing.
pub(crate) fn with_file(fields: &[(&str, &str)], file: Vec<u8>) -> Written {
    let pairs: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let boundary = boundary(&pairs, &file);
    let mut head = String::new();
    for (name, value) in fields {
        head.extend([
            "--",
            &boundary,
            "\r\ncontent-disposition: form-data; name=\"",
            name,
            "\"\r\n\r\n",
            value,
            "\r\n",
        ]);
    }
    head.extend([
        "--",
        &boundary,
        "\r\ncontent-disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\ncontent-type: application/jsonl\r\n\r\n",
    ]);
    let tail = format!("\r\n--{boundary}--\r\n");
    Written {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        pieces: vec![Bytes::from(head), Bytes::from(file), Bytes::from(tail)],
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A line that stands nowhere in what it is to keep apart. Nobody can guess it, so that nobody can make us seek for long.
fn boundary(pairs: &[(&str, String)], sound: &[u8]) -> String {
    loop {
        let chance = || RandomState::new().build_hasher().finish();
        let boundary = format!("waarborg-{:016x}{:016x}", chance(), chance());
        let stands_in =
            |content: &[u8]| memchr::memmem::find(content, boundary.as_bytes()).is_some();
        let is_taken = stands_in(sound)
            || pairs
                .iter()
                .any(|(name, value)| stands_in(name.as_bytes()) || stands_in(value.as_bytes()));
        if !is_taken {
            return boundary;
        }
    }
}

/// A name as it stands between quotes (HTML, multipart/form-data).
fn in_quotes(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::read::parts;
    use super::*;

    fn check(fields: &str, sound: &[u8], expected: &[(&str, &[u8])]) {
        let recording = Recording::in_form(Arc::new(sound.to_vec()), 0..sound.len()).unwrap();
        let written = written(fields.as_bytes(), &recording).unwrap();
        let form = written.pieces.concat();
        let (_, boundary) = written.content_type.split_once("boundary=").unwrap();
        let parts = parts(&form, boundary).unwrap();
        let read: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|part| (part.name.as_str(), &form[part.range.clone()]))
            .collect();
        assert_eq!(read, expected);
        assert!(parts.last().unwrap().is_file);
    }

    #[test]
    fn fields_and_sound_stand_apart_whatever_they_hold() {
        check(
            r#"{"model":"klein","stream":true,"l[]":["a","b"],"x\"\r\ny":"1\r\n--waarborg-0--"}"#,
            b"ID3 \r\n--waarborg-1\r\n",
            &[
                ("model", b"klein"),
                ("stream", b"true"),
                ("l[]", b"a"),
                ("l[]", b"b"),
                ("x%22%0D%0Ay", b"1\r\n--waarborg-0--"),
                ("file", b"ID3 \r\n--waarborg-1\r\n"),
            ],
        );
    }

    #[test]
    fn a_document_that_is_no_form_is_not_written() {
        let recording = Recording::in_form(Arc::new(b"OggS".to_vec()), 0..4).unwrap();
        for fields in ["[]", r#"{"a":{"b":1}}"#, r#"{"a":null}"#, "x"] {
            assert!(written(fields.as_bytes(), &recording).is_none(), "{fields}");
        }
    }
}
