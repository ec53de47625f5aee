//! Pictures in a form. Each becomes a member of the document, as a picture lies in a request of JSON: so it goes by the
//! same reader, and comes out of the document again when the form is written anew.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::filled::{FilledFault, Holds, Member, list};
use super::read::{FormBodyFault, Part};

/// The fields in which pictures may stand: those that are to be changed, and what says where.
pub(super) const FIELDS: [&str; 4] = [IMAGE, IMAGES, "mask", "markup"];

const IMAGE: &str = "image";
const IMAGES: &str = "image[]";

/// Whether a file may stand in this field.
pub(super) fn is_field(name: &str) -> bool {
    FIELDS.contains(&name) || number(name).is_some()
}

/// The number of a picture in a list whose places are numbered, as some clients write it (`image[0]`).
fn number(field: &str) -> Option<u16> {
    let written = field.strip_prefix("image[")?.strip_suffix(']')?;
    let number: u16 = written.parse().ok()?;
    (number.to_string() == written).then_some(number)
}

/// What a picture begins with, its media type, and the ending of its name.
const KINDS: [(&[u8], &str, &str); 4] = [
    (b"\x89PNG", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"RIFF", "image/webp", "webp"),
    (b"GIF8", "image/gif", "gif"),
];

/// A picture that goes into a form.
pub(super) struct Picture {
    /// Its field.
    pub(super) field: String,
    /// A name of ours.
    pub(super) file_name: String,
    pub(super) media_type: &'static str,
    pub(super) content: Vec<u8>,
}

/// The files of a form as members of its document, in the order of [`FIELDS`]. A list whose places are numbered becomes one without.
pub(super) fn members(files: &[Part], form: &[u8]) -> Result<Vec<Member>, FilledFault> {
    let mut numbered: BTreeMap<u16, &Part> = BTreeMap::new();
    for file in files {
        if let Some(number) = number(&file.name)
            && numbered.insert(number, file).is_some()
        {
            return Err(FormBodyFault::Twice.into());
        }
    }
    let mut members = Vec::new();
    for field in FIELDS {
        let of_field = files.iter().filter(|file| file.name == field);
        let mut pictures: Vec<String> = of_field.map(|file| in_document(file, form)).collect();
        if field == IMAGES && !numbered.is_empty() {
            if !pictures.is_empty() {
                return Err(FormBodyFault::Twice.into());
            }
            pictures = numbered
                .values()
                .map(|file| in_document(file, form))
                .collect();
        }
        let is_to_be_changed = matches!(field, IMAGE | IMAGES);
        let value = match pictures.as_slice() {
            [] => continue,
            [one] if field != IMAGES => one.clone(),
            several if is_to_be_changed => list(several),
            _ => return Err(FormBodyFault::Twice.into()),
        };
        members.push((field.to_owned(), value));
    }
    let has = |name: &str| members.iter().any(|(member, _)| member == name);
    match (has(IMAGE), has(IMAGES)) {
        (false, false) => Err(FilledFault::NoFile(Holds::Pictures, IMAGE)),
        // Which of them would be the first, nobody knows.
        (true, true) => Err(FormBodyFault::Twice.into()),
        _ => Ok(members),
    }
}

/// A picture as it lies in a document. What its content is, its reader judges.
fn in_document(file: &Part, form: &[u8]) -> String {
    let content = form.get(file.range.clone()).unwrap_or_default();
    let kind = KINDS.iter().find(|(head, ..)| content.starts_with(head));
    let media_type = kind.map_or("application/octet-stream", |(_, media_type, _)| media_type);
    let mut picture = format!("{{\"image_url\":\"data:{media_type};base64,");
    STANDARD.encode_string(content, &mut picture);
    picture.push_str("\"}");
    picture
}

/// The pictures in a member of such a document; `None` if it holds anything else.
pub(super) fn of_member(field: &str, value: &Value) -> Option<Vec<Picture>> {
    match value {
        Value::Array(list) => list.iter().map(|picture| read(field, picture)).collect(),
        picture => Some(vec![read(field, picture)?]),
    }
}

fn read(field: &str, picture: &Value) -> Option<Picture> {
    let members = picture.as_object()?;
    let address = members.get("image_url").filter(|_| members.len() == 1)?;
    let (media_type, data) = address
        .as_str()?
        .strip_prefix("data:")?
        .split_once(";base64,")?;
    let (_, media_type, ending) = KINDS.iter().find(|(_, known, _)| *known == media_type)?;
    Some(Picture {
        field: field.to_owned(),
        file_name: format!("{}.{ending}", field.trim_end_matches("[]")),
        media_type,
        content: STANDARD.decode(data).ok()?,
    })
}
