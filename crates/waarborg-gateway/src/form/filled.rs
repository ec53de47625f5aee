//! A form with sound or pictures in it as the door takes it in: its fields as one document, which is inspected like any
//! other request; sound lies beside it, and pictures lie in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::HeaderMap;
use waarborg_domain::json::escape_into;
use waarborg_domain::prompt::Recording;

use super::pictures;
use super::read::{FormBodyFault, Part, boundary, parts};

/// The field in which the sound stands.
const FILE: &str = "file";

/// What the files of a form are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One, of sound.
    Sound,
    /// Pictures.
    Pictures,
}

/// A form as a document, and its sound.
pub(crate) struct Filled {
    /// The fields, each a member, and the pictures.
    pub(crate) body: Vec<u8>,
    /// The sound.
    pub(crate) recording: Option<Recording>,
}

/// Why a form is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FilledFault {
    /// It cannot be read.
    Form(FormBodyFault),
    /// A field is missing, or has another type than it must.
    Field(&'static str),
    /// There is no file in the field for it.
    NoFile(Holds, &'static str),
    /// The file is no sound that we know.
    NotSound,
    /// It holds another file.
    OtherFile(Holds),
}

impl From<FormBodyFault> for FilledFault {
    fn from(fault: FormBodyFault) -> Self {
        Self::Form(fault)
    }
}

/// Reads a form that holds such files.
///
/// # Errors
///
/// [`FilledFault`].
pub(crate) fn filled(
    headers: &HeaderMap,
    form: Vec<u8>,
    holds: Holds,
) -> Result<Filled, FilledFault> {
    let parts = parts(&form, boundary(headers)?)?;
    let (files, fields): (Vec<Part>, Vec<Part>) = parts.into_iter().partition(|part| part.is_file);
    let places: &[&str] = match holds {
        Holds::Sound => &[FILE],
        Holds::Pictures => &pictures::FIELDS,
    };
    // Brackets lead to what is in a field, and in these is nothing but a file.
    let place_of = |field: &Part| {
        let whole = field.name.split('[').next()?;
        places.iter().find(|place| **place == whole)
    };
    if let Some(place) = fields.iter().find_map(place_of) {
        return Err(FilledFault::NoFile(holds, place));
    }
    let is_in_place = |file: &Part| match holds {
        Holds::Sound => file.name == FILE,
        Holds::Pictures => pictures::is_field(&file.name),
    };
    let other_file = !files.iter().all(is_in_place);
    let mut members = members(&fields, &form)?;

    match holds {
        Holds::Sound => {
            let mut files = files.into_iter();
            let file = match (files.next(), files.next()) {
                (None, _) => return Err(FilledFault::NoFile(holds, FILE)),
                (Some(_), _) if other_file => return Err(FilledFault::OtherFile(holds)),
                (Some(_), Some(_)) => return Err(FormBodyFault::Twice.into()),
                (Some(one), None) => one,
            };
            let recording = Recording::in_form(Arc::new(form), file.range);
            Ok(Filled {
                body: document(&members),
                recording: Some(recording.ok_or(FilledFault::NotSound)?),
            })
        }
        Holds::Pictures => {
            if other_file {
                return Err(FilledFault::OtherFile(holds));
            }
            members.extend(pictures::members(&files, &form)?);
            Ok(Filled {
                body: document(&members),
                recording: None,
            })
        }
    }
}

/// A member of a document: its name, and its value as it is written.
pub(super) type Member = (String, String);

/// The fields as the members of a document. A name that ends in brackets may stand there more than once.
fn members(fields: &[Part], form: &[u8]) -> Result<Vec<Member>, FilledFault> {
    let mut texts_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for field in fields {
        let content = form.get(field.range.clone()).unwrap_or_default();
        let text = std::str::from_utf8(content).map_err(|_| FormBodyFault::NotUtf8)?;
        let texts = texts_of.entry(&field.name).or_default();
        if !texts.is_empty() && !is_list(&field.name) {
            return Err(FormBodyFault::Twice.into());
        }
        texts.push(text);
    }

    let mut members = Vec::new();
    for (name, texts) in texts_of {
        let value = match *texts {
            // The fields on which the program acts itself, and which are no texts.
            [text] if name == "stream" => yes_or_no(text)
                .ok_or(FilledFault::Field("stream"))?
                .to_owned(),
            [text] if name == "n" && is_count(text) => text.to_owned(),
            [text] if !is_list(name) => quoted(text),
            _ => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                list(&texts)
            }
        };
        members.push((name.to_owned(), value));
    }
    Ok(members)
}

fn document(members: &[Member]) -> Vec<u8> {
    let room = members.iter().map(|(name, value)| name.len() + value.len());
    let mut body = String::with_capacity(room.sum::<usize>() + 16 * members.len());
    for (name, value) in members {
        body.push(if body.is_empty() { '{' } else { ',' });
        body.push_str(&quoted(name));
        body.push(':');
        body.push_str(value);
    }
    if body.is_empty() {
        body.push('{');
    }
    body.push('}');
    body.into_bytes()
}

/// A list of these values.
pub(super) fn list(values: &[String]) -> String {
    format!("[{}]", values.join(","))
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

/// A number that is written in one way only.
fn is_count(text: &str) -> bool {
    text.parse::<u32>()
        .is_ok_and(|count| count.to_string() == text)
}

fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    escape_into(text, &mut quoted);
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use http::header::CONTENT_TYPE;

    use super::*;

    const SOUND: (&str, &str) = ("file\"; filename=\"jan.mp3", "ID3 geluid");

    fn read_as(holds: Holds, parts: &[(&str, &str)]) -> Result<Filled, FilledFault> {
        let mut headers = HeaderMap::new();
        let media_type = "multipart/form-data; boundary=x";
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        let part = |(name, content): &(&str, &str)| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n")
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        let form = format!("{}--x--\r\n", parts.concat()).into_bytes();
        filled(&headers, form, holds)
    }

    fn read(parts: &[(&str, &str)]) -> Result<(String, Vec<u8>), FilledFault> {
        let filled = read_as(Holds::Sound, parts)?;
        let body = String::from_utf8(filled.body).unwrap();
        Ok((body, filled.recording.unwrap().as_ref().to_vec()))
    }

    #[test]
    fn the_fields_are_a_document_and_the_sound_lies_beside_it() {
        let (body, sound) = read(&[
            ("model", "klein"),
            SOUND,
            ("prompt", "Zij zei \"hoi\"\n"),
            ("stream", "True"),
            ("include[]", "logprobs"),
            ("l[]", "a"),
            ("l[]", "b"),
        ])
        .unwrap();
        assert_eq!(
            body,
            r#"{"include[]":["logprobs"],"l[]":["a","b"],"model":"klein","prompt":"Zij zei \"hoi\"\n","stream":true}"#
        );
        assert_eq!(sound, b"ID3 geluid");
    }

    #[test]
    fn what_is_missing_twice_or_something_else_is_refused() {
        let twice = FilledFault::Form(FormBodyFault::Twice);
        let no_file = FilledFault::NoFile(Holds::Sound, "file");
        let other_file = FilledFault::OtherFile(Holds::Sound);
        for (parts, fault) in [
            (vec![("model", "klein")], no_file),
            (vec![("file", "ID3")], no_file),
            (vec![SOUND, ("file", "ID3")], no_file),
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
            (vec![SOUND, ("image\"; filename=\"a.png", "x")], other_file),
            (vec![("image\"; filename=\"a.mp3", "ID3")], other_file),
            (vec![SOUND, ("stream", "ja")], FilledFault::Field("stream")),
        ] {
            assert_eq!(read(&parts).err(), Some(fault), "{parts:?}");
        }
    }

    const PICTURE: (&str, &str) = ("image\"; filename=\"jan.gif", "GIF89a");
    const OTHER: (&str, &str) = ("image[]\"; filename=\"jan.gif", "GIF89a");
    const PLACE: (&str, &str) = ("mask\"; filename=\"jan.png", "RIFF");

    const NUMBERED: [(&str, &str); 2] = [
        ("image[0]\"; filename=\"jan.gif", "GIF89a"),
        ("image[10]\"; filename=\"b", "kat"),
    ];

    fn shown(parts: &[(&str, &str)]) -> Result<String, FilledFault> {
        let filled = read_as(Holds::Pictures, parts)?;
        assert!(filled.recording.is_none());
        Ok(String::from_utf8(filled.body).unwrap())
    }

    #[test]
    fn pictures_lie_in_the_document_in_their_order_and_without_their_names() {
        let gif = r#"{"image_url":"data:image/gif;base64,R0lGODlh"}"#;
        let other = ("image[]\"; filename=\"b", "kat");
        let unknown = r#"{"image_url":"data:application/octet-stream;base64,a2F0"}"#;
        for (parts, expected) in [
            (vec![PICTURE], format!(r#"{{"image":{gif}}}"#)),
            (
                vec![PICTURE, ("n", "2"), PICTURE],
                format!(r#"{{"n":2,"image":[{gif},{gif}]}}"#),
            ),
            (
                vec![PLACE, OTHER, ("n", "02"), other],
                format!(
                    r#"{{"n":"02","image[]":[{gif},{unknown}],"mask":{{"image_url":"data:image/webp;base64,UklGRg=="}}}}"#
                ),
            ),
            (vec![OTHER], format!(r#"{{"image[]":[{gif}]}}"#)),
            // A list whose places are numbered stands in the order of its numbers.
            (
                vec![NUMBERED[1], PLACE, NUMBERED[0]],
                format!(
                    r#"{{"image[]":[{gif},{unknown}],"mask":{{"image_url":"data:image/webp;base64,UklGRg=="}}}}"#
                ),
            ),
            (vec![NUMBERED[1]], format!(r#"{{"image[]":[{unknown}]}}"#)),
        ] {
            assert_eq!(shown(&parts).unwrap(), expected);
        }
    }

    #[test]
    fn a_form_without_a_picture_or_with_two_readings_is_refused() {
        let twice = FilledFault::Form(FormBodyFault::Twice);
        let no_file = |field| FilledFault::NoFile(Holds::Pictures, field);
        let other_file = FilledFault::OtherFile(Holds::Pictures);
        for (parts, fault) in [
            (vec![("prompt", "een huis")], no_file("image")),
            (vec![PLACE], no_file("image")),
            (vec![("image", "GIF89a")], no_file("image")),
            (vec![PICTURE, ("image[]", "GIF89a")], no_file("image")),
            (vec![PICTURE, ("mask", "RIFF")], no_file("mask")),
            (vec![PICTURE, ("mask[image_url]", "x")], no_file("mask")),
            (vec![PICTURE, ("prompt", "a"), ("prompt", "b")], twice),
            (vec![PICTURE, PLACE, PLACE], twice),
            (vec![PICTURE, OTHER], twice),
            (vec![NUMBERED[0], NUMBERED[0]], twice),
            (vec![NUMBERED[0], OTHER], twice),
            (vec![NUMBERED[0], PICTURE], twice),
            (vec![PICTURE, ("image[0]", "GIF89a")], no_file("image")),
            (
                vec![PICTURE, ("image[01]\"; filename=\"a", "x")],
                other_file,
            ),
            (
                vec![PICTURE, ("image[-1]\"; filename=\"a", "x")],
                other_file,
            ),
            (
                vec![PICTURE, ("image[0][0]\"; filename=\"a", "x")],
                other_file,
            ),
            (
                vec![PICTURE, ("image[99999]\"; filename=\"a", "x")],
                other_file,
            ),
            (vec![PICTURE, ("mask[0]\"; filename=\"a", "x")], other_file),
            (vec![PICTURE, SOUND], other_file),
            (
                vec![PICTURE, ("Image\"; filename=\"a", "GIF89a")],
                other_file,
            ),
        ] {
            assert_eq!(shown(&parts).err(), Some(fault), "{parts:?}");
        }
    }
}
