//! Writes a form of parts for a provider: the screened fields, and the files under names that say nothing.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};

use bytes::Bytes;
use serde_json::{Map, Value};
use waarborg_domain::prompt::Recording;

use super::pictures::{self, FIELDS};

/// A form on its way to a provider.
pub(crate) struct Written {
    /// What its header says.
    pub(crate) content_type: String,
    /// Its bytes, in their order. The files are not copied.
    pub(crate) pieces: Vec<Bytes>,
}

/// A file of a form.
struct File<'a> {
    field: &'a str,
    name: &'a str,
    media_type: &'a str,
    content: Bytes,
}

/// The form of these fields and this sound; `None` if the fields are no document of a form.
pub(crate) fn with_sound(fields: &[u8], recording: &Recording) -> Option<Written> {
    let fields: Map<String, Value> = serde_json::from_slice(fields).ok()?;
    let mut pairs = Vec::new();
    for (name, value) in &fields {
        add(&mut pairs, name, value)?;
    }
    let sound = File {
        field: "file",
        name: recording.kind().file_name(),
        media_type: recording.kind().media_type(),
        content: Bytes::from_owner(recording.clone()),
    };
    Some(written(&pairs, vec![sound]))
}

/// The form of a document in which pictures lie as a form has them; `None` if it is none.
pub(crate) fn with_pictures(document: &[u8]) -> Option<Written> {
    let members: Map<String, Value> = serde_json::from_slice(document).ok()?;
    let mut pairs = Vec::new();
    let mut pictures = Vec::new();
    for (name, value) in &members {
        if FIELDS.contains(&name.as_str()) {
            pictures.extend(pictures::of_member(name, value)?);
        } else {
            add(&mut pairs, name, value)?;
        }
    }
    let mut files = Vec::with_capacity(pictures.len());
    for picture in &mut pictures {
        files.push(File {
            content: std::mem::take(&mut picture.content).into(),
            field: &picture.field,
            name: &picture.file_name,
            media_type: picture.media_type,
        });
    }
    Some(written(&pairs, files))
}

/// The form of these fields and a file of JSON lines.
pub(crate) fn with_lines(fields: &[(&str, &str)], lines: Vec<u8>) -> Written {
    let pairs: Vec<Pair<'_>> = fields
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let file = File {
        field: "file",
        name: "batch.jsonl",
        media_type: "application/jsonl",
        content: lines.into(),
    };
    written(&pairs, vec![file])
}

/// A field and its text.
type Pair<'a> = (&'a str, String);

/// Adds a member as a field, or each of a list as one.
fn add<'a>(pairs: &mut Vec<Pair<'a>>, name: &'a str, value: &Value) -> Option<()> {
    match value {
        Value::Array(values) => {
            for value in values {
                pairs.push((name, plain(value)?));
            }
        }
        value => pairs.push((name, plain(value)?)),
    }
    Some(())
}

fn written(pairs: &[Pair<'_>], files: Vec<File<'_>>) -> Written {
    let boundary = boundary(pairs, &files);
    let mut pieces = Vec::with_capacity(2 * files.len() + 1);
    let mut head = String::new();
    for (name, value) in pairs {
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
    for file in files {
        head.extend([
            "--",
            &boundary,
            "\r\ncontent-disposition: form-data; name=\"",
            file.field,
            "\"; filename=\"",
            file.name,
            "\"\r\ncontent-type: ",
            file.media_type,
            "\r\n\r\n",
        ]);
        pieces.push(Bytes::from(std::mem::take(&mut head)));
        pieces.push(file.content);
        head.push_str("\r\n");
    }
    head.extend(["--", &boundary, "--\r\n"]);
    pieces.push(Bytes::from(head));
    Written {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        pieces,
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
fn boundary(pairs: &[Pair<'_>], files: &[File<'_>]) -> String {
    loop {
        let chance = || RandomState::new().build_hasher().finish();
        let boundary = format!("waarborg-{:016x}{:016x}", chance(), chance());
        let stands_in =
            |content: &[u8]| memchr::memmem::find(content, boundary.as_bytes()).is_some();
        let is_taken = files.iter().any(|file| stands_in(&file.content))
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

    use super::super::read::{Part, parts};
    use super::*;

    /// The fields and files of a form, in their order: field, name of the file, content.
    fn read(written: &Written) -> Vec<(String, bool, Vec<u8>)> {
        let form = written.pieces.concat();
        let (_, boundary) = written.content_type.split_once("boundary=").unwrap();
        let parts = parts(&form, boundary).unwrap();
        let content = |part: &Part| form[part.range.clone()].to_vec();
        parts
            .iter()
            .map(|part| (part.name.clone(), part.is_file, content(part)))
            .collect()
    }

    fn part(name: &str, is_file: bool, content: &[u8]) -> (String, bool, Vec<u8>) {
        (name.to_owned(), is_file, content.to_vec())
    }

    #[test]
    fn fields_and_sound_stand_apart_whatever_they_hold() {
        let sound = b"ID3 \r\n--waarborg-1\r\n";
        let recording = Recording::in_form(Arc::new(sound.to_vec()), 0..sound.len()).unwrap();
        let fields =
            r#"{"model":"klein","stream":true,"l[]":["a","b"],"x\"\r\ny":"1\r\n--waarborg-0--"}"#;
        let written = with_sound(fields.as_bytes(), &recording).unwrap();
        assert_eq!(
            read(&written),
            [
                part("model", false, b"klein"),
                part("stream", false, b"true"),
                part("l[]", false, b"a"),
                part("l[]", false, b"b"),
                part("x%22%0D%0Ay", false, b"1\r\n--waarborg-0--"),
                part("file", true, sound),
            ]
        );
    }

    #[test]
    fn a_document_that_is_no_form_is_not_written() {
        let recording = Recording::in_form(Arc::new(b"OggS".to_vec()), 0..4).unwrap();
        for fields in ["[]", r#"{"a":{"b":1}}"#, r#"{"a":null}"#, "x"] {
            assert!(
                with_sound(fields.as_bytes(), &recording).is_none(),
                "{fields}"
            );
            assert!(with_pictures(fields.as_bytes()).is_none(), "{fields}");
        }
    }

    #[test]
    fn pictures_come_out_of_a_document_as_the_files_that_they_are() {
        let png = "data:image/png;base64,iVBORw0KGgo=";
        let document = format!(
            r#"{{"n":2,"prompt":"Een huis","image[]":[{{"image_url":"{png}"}},{{"image_url":"data:image/jpeg;base64,/9j/4A=="}}],"mask":{{"image_url":"{png}"}}}}"#
        );
        let written = with_pictures(document.as_bytes()).unwrap();
        let png = b"\x89PNG\r\n\x1a\n";
        assert_eq!(
            read(&written),
            [
                part("n", false, b"2"),
                part("prompt", false, b"Een huis"),
                part("image[]", true, png),
                part("image[]", true, b"\xff\xd8\xff\xe0"),
                part("mask", true, png),
            ]
        );
        let form = written.pieces.concat();
        for head in [
            "name=\"image[]\"; filename=\"image.png\"\r\ncontent-type: image/png\r\n",
            "name=\"image[]\"; filename=\"image.jpg\"\r\ncontent-type: image/jpeg\r\n",
            "name=\"mask\"; filename=\"mask.png\"\r\ncontent-type: image/png\r\n",
        ] {
            assert!(
                memchr::memmem::find(&form, head.as_bytes()).is_some(),
                "{head}"
            );
        }
    }

    #[test]
    fn what_is_no_picture_where_one_lies_is_not_written() {
        for picture in [
            r#""https://x.nl/a.png""#,
            r#"{"image_url":"https://x.nl/a.png"}"#,
            r#"{"image_url":"data:application/pdf;base64,AAAA"}"#,
            r#"{"image_url":"data:image/png;base64,AAA*"}"#,
            r#"{"image_url":"data:image/png;base64,AAAA","x":"y"}"#,
            r#"{"text":"wat erin stond"}"#,
            r#"{"file_id":"file-1"}"#,
        ] {
            let document = format!(r#"{{"image":{picture}}}"#);
            assert!(with_pictures(document.as_bytes()).is_none(), "{picture}");
        }
    }
}
