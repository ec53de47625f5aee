//! Finds the pictures and files that lie in a request. Only a part of which every member is known counts as one: of any
//! other nothing is known, and it stays for who refuses it.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use waarborg_domain::json::{Leaf, LeafKind, Limits, Segment, scan};
use waarborg_domain::prompt::EnclosureKind;

use super::containers;
use crate::weights::Shown;

type Members = serde_json::Map<String, Value>;

/// A way in which a format lets pictures or files lie in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encloses {
    /// `image_url` of chat completions.
    ChatPicture,
    /// `file` of chat completions.
    ChatFile,
    /// `input_image` of responses.
    ResponsesPicture,
    /// `input_file` of responses.
    ResponsesFile,
    /// `image` of Anthropic's messages.
    MessagesPicture,
    /// `document` of Anthropic's messages.
    MessagesFile,
    /// `images` of Ollama's formats.
    OllamaPictures,
    /// `image_url` beside a description of what is to be changed.
    EditedPicture,
}

/// A part of a request in which one or more files lie.
pub(super) struct Found {
    pub(super) encloses: Encloses,
    /// Bytes of the body that the text takes the place of.
    pub(super) range: Range<usize>,
    /// The same for people, without content.
    pub(super) place: String,
    /// Everything that lies in it, in order.
    pub(super) files: Vec<File>,
}

/// A file as it lies in a request.
pub(super) struct File {
    /// Bytes of the body, between quotes.
    pub(super) range: Range<usize>,
    /// What stands before the base64 in them.
    pub(super) head: String,
    /// The base64.
    pub(super) data: String,
    /// What kind the client says it is.
    pub(super) media_type: Option<String>,
    /// Its name.
    pub(super) name: Option<String>,
}

impl Encloses {
    /// A word without which nothing of this lies in a body.
    const fn needle(self) -> &'static str {
        match self {
            Self::ChatPicture | Self::ResponsesPicture | Self::EditedPicture => "\"image_url\"",
            Self::ChatFile | Self::ResponsesFile => "\"file_data\"",
            Self::MessagesPicture | Self::MessagesFile => "\"base64\"",
            Self::OllamaPictures => "\"images\"",
        }
    }

    /// Where the data stands.
    const fn places(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::ChatPicture => &[&["messages", "[]", "content", "[]", "image_url", "url"]],
            Self::ChatFile => &[&["messages", "[]", "content", "[]", "file", "file_data"]],
            Self::ResponsesPicture => &[
                &["input", "[]", "content", "[]", "image_url"],
                &["input", "[]", "output", "[]", "image_url"],
            ],
            Self::ResponsesFile => &[
                &["input", "[]", "content", "[]", "file_data"],
                &["input", "[]", "output", "[]", "file_data"],
            ],
            Self::MessagesPicture | Self::MessagesFile => &[
                &["messages", "[]", "content", "[]", "source", "data"],
                &[
                    "messages", "[]", "content", "[]", "content", "[]", "source", "data",
                ],
            ],
            Self::OllamaPictures => &[&["messages", "[]", "images", "[]"], &["images", "[]"]],
            Self::EditedPicture => &[
                &["images", "[]", "image_url"],
                &["mask", "image_url"],
                &["markup", "image_url"],
                // As a form names them.
                &["image", "image_url"],
                &["image", "[]", "image_url"],
                &["image[]", "[]", "image_url"],
            ],
        }
    }

    /// How many objects and lists outside the one that the data stands in the part begins.
    const fn level(self) -> usize {
        match self {
            Self::ChatPicture | Self::ChatFile | Self::MessagesPicture | Self::MessagesFile => 1,
            Self::ResponsesPicture
            | Self::ResponsesFile
            | Self::OllamaPictures
            | Self::EditedPicture => 0,
        }
    }

    /// What the files in it are, unless their content says that they are pictures.
    pub(super) const fn kind(self) -> EnclosureKind {
        match self {
            Self::ChatPicture
            | Self::ResponsesPicture
            | Self::MessagesPicture
            | Self::OllamaPictures
            | Self::EditedPicture => EnclosureKind::Picture,
            Self::ChatFile | Self::ResponsesFile | Self::MessagesFile => EnclosureKind::File,
        }
    }
}

/// Everything that lies in a body in one of these ways, in the order of the body.
pub(super) fn all(body: &[u8], encloses: &[Encloses]) -> Vec<Found> {
    let may_hold =
        |encloses: &Encloses| memchr::memmem::find(body, encloses.needle().as_bytes()).is_some();
    let encloses: Vec<Encloses> = encloses.iter().copied().filter(may_hold).collect();
    if encloses.is_empty() {
        return Vec::new();
    }
    let limits = Limits {
        bytes: body.len(),
        ..Limits::default()
    };
    // What is no JSON is refused by who reads it as a request.
    let leaves = scan(body, &limits).unwrap_or_default();

    let mut candidates: Vec<(usize, &Leaf, Encloses)> = Vec::new();
    for (position, leaf) in leaves.iter().enumerate() {
        for encloses in &encloses {
            if leaf.kind == LeafKind::Text && stands(leaf, *encloses) {
                candidates.push((position, leaf, *encloses));
            }
        }
    }
    let positions: Vec<usize> = candidates
        .iter()
        .map(|(_, leaf, _)| leaf.range.start)
        .collect();
    let around = containers::around(body, &positions);
    candidates
        .into_iter()
        .zip(around)
        .filter_map(|((position, leaf, encloses), around)| {
            let at = around.len().checked_sub(1 + encloses.level())?;
            let inside = around.last()?.clone();
            let part = around.get(at)?.clone();
            read(body, &leaves, (position, leaf), encloses, (part, inside))
        })
        .collect()
}

/// The pictures that lie in a body in one of these ways, before anybody looks into them.
pub(crate) fn pictures_in(body: &[u8], encloses: &[Encloses]) -> Vec<Shown> {
    let found = all(body, encloses);
    let pictures = found.iter().flat_map(|part| {
        let is_picture = part.encloses.kind() == EnclosureKind::Picture;
        part.files.iter().filter_map(move |file| {
            let sides = STANDARD.decode(&file.data).ok();
            let sides = sides.and_then(|bytes| waarborg_files::sides(&bytes));
            (is_picture || sides.is_some()).then_some(Shown {
                n_bytes: file.data.len(),
                sides,
            })
        })
    });
    pictures.collect()
}

/// Whether the data of such a part stands here; of a list the first counts for all.
fn stands(leaf: &Leaf, encloses: Encloses) -> bool {
    let is_first = encloses != Encloses::OllamaPictures
        || leaf.path.segments().last() == Some(&Segment::Index(0));
    is_first && encloses.places().iter().any(|place| leaf.path.is(place))
}

/// The files of a part, if it is one of its kind and nothing else.
fn read(
    body: &[u8],
    leaves: &[Leaf],
    (position, leaf): (usize, &Leaf),
    encloses: Encloses,
    (part, inside): (Range<usize>, Range<usize>),
) -> Option<Found> {
    let value: Value = serde_json::from_slice(body.get(part.clone())?).ok()?;
    let found = |range: Range<usize>, n_left_out: usize, files: Vec<File>| {
        let segments = leaf.path.segments();
        let kept = segments.len().saturating_sub(n_left_out);
        Some(Found {
            encloses,
            range,
            place: place(segments.get(..kept).unwrap_or_default()),
            files,
        })
    };
    match encloses {
        Encloses::ChatPicture => {
            let picture = members(&value, "image_url", &["image_url"])?.get("image_url")?;
            is_picture_of_openai(picture.as_object()?, &["url"])?;
            found(part, 2, vec![in_address(leaf, None)?])
        }
        Encloses::ChatFile => {
            let file = members(&value, "file", &["file"])?
                .get("file")?
                .as_object()?;
            let Name(name) = name_of(file, &["file_data", "filename"])?;
            found(part, 2, vec![in_either(leaf, name)?])
        }
        Encloses::ResponsesPicture => {
            let members = members(&value, "input_image", &["image_url", "detail"])?;
            is_picture_of_openai(members, &["type", "image_url"])?;
            found(part, 1, vec![in_address(leaf, None)?])
        }
        Encloses::EditedPicture => {
            let is_known = |(key, value): (&String, &Value)| match key.as_str() {
                "image_url" => true,
                "file_id" => value.is_null(),
                _ => false,
            };
            let is_picture = value.as_object()?.iter().all(is_known);
            found(part, 1, vec![in_address(leaf, None)?]).filter(|_| is_picture)
        }
        Encloses::ResponsesFile => {
            let members = members(&value, "input_file", &["file_data", "filename"])?;
            let Name(name) = name_of(members, &["type", "file_data", "filename"])?;
            found(part, 1, vec![in_either(leaf, name)?])
        }
        Encloses::MessagesPicture => {
            let members = members(&value, "image", &["source", "cache_control"])?;
            is_cached_or_not(members)?;
            let media_type = media_type_of(members)?;
            found(part, 2, vec![plain(leaf, Some(media_type), None)])
        }
        Encloses::MessagesFile => {
            // Its title and what is said about it stay where they are, and are inspected there.
            let block = value.as_object()?;
            let is_document = block.get("type")?.as_str()? == "document";
            let media_type = media_type_of(block).filter(|_| is_document)?;
            found(inside, 2, vec![plain(leaf, Some(media_type), None)])
        }
        Encloses::OllamaPictures => {
            let pictures = value.as_array()?;
            let list = leaves.get(position..position + pictures.len())?;
            let key = leaves.get(..position)?.last()?;
            let is_list = key.kind == LeafKind::Key
                && key.text == "images"
                && pictures.iter().all(Value::is_string);
            let files = list.iter().map(|leaf| plain(leaf, None, None)).collect();
            let range = key.range.start.checked_sub(1)?..part.end;
            found(range, 1, files).filter(|_| is_list)
        }
    }
}

/// The members of a part of this type, if it has no others than these.
fn members<'v>(value: &'v Value, kind: &str, known: &[&str]) -> Option<&'v Members> {
    let members = value.as_object()?;
    let is_known = |key: &String| key == "type" || known.contains(&key.as_str());
    let is_of_kind = members.get("type")?.as_str()? == kind;
    (is_of_kind && members.keys().all(is_known)).then_some(members)
}

/// Whether beside these members nothing stands but how closely a picture is to be looked at.
fn is_picture_of_openai(members: &Members, known: &[&str]) -> Option<()> {
    const DETAILS: [&str; 4] = ["auto", "low", "high", "original"];
    let is_known = |(key, value): (&String, &Value)| match key.as_str() {
        "detail" => value.is_null() || value.as_str().is_some_and(|word| DETAILS.contains(&word)),
        key => known.contains(&key),
    };
    members.iter().all(is_known).then_some(())
}

/// The name of a file of which nothing stands there but these members.
fn name_of(members: &Members, known: &[&str]) -> Option<Name> {
    let is_known = members.keys().all(|key| known.contains(&key.as_str()));
    let name = match members.get("filename") {
        None | Some(Value::Null) => Name(None),
        Some(Value::String(name)) => Name(Some(name.clone())),
        Some(_) => return None,
    };
    is_known.then_some(name)
}

/// The name of a file, if it has one.
struct Name(Option<String>);

/// The media type of a source of Anthropic's formats that is base64 and nothing else.
fn media_type_of(block: &Members) -> Option<String> {
    let source = members(block.get("source")?, "base64", &["media_type", "data"])?;
    Some(source.get("media_type")?.as_str()?.to_owned())
}

fn is_cached_or_not(members: &Members) -> Option<()> {
    let Some(cached) = members
        .get("cache_control")
        .filter(|cached| !cached.is_null())
    else {
        return Some(());
    };
    let known = self::members(cached, "ephemeral", &["ttl"])?;
    let is_time = |ttl: &Value| matches!(ttl.as_str(), Some("5m" | "1h"));
    known.get("ttl").is_none_or(is_time).then_some(())
}

fn plain(leaf: &Leaf, media_type: Option<String>, name: Option<String>) -> File {
    File {
        range: leaf.range.clone(),
        head: String::new(),
        data: leaf.text.clone(),
        media_type,
        name,
    }
}

fn in_address(leaf: &Leaf, name: Option<String>) -> Option<File> {
    let (head, media_type, data) = data_url(&leaf.text)?;
    Some(File {
        range: leaf.range.clone(),
        head,
        data,
        media_type: Some(media_type),
        name,
    })
}

/// OpenAI takes a file as base64, and as an address with it in it.
fn in_either(leaf: &Leaf, name: Option<String>) -> Option<File> {
    if leaf.text.starts_with("data:") {
        in_address(leaf, name)
    } else {
        Some(plain(leaf, None, name))
    }
}

/// A `data:` address of base64: what stands before the base64, the media type, and the base64.
fn data_url(text: &str) -> Option<(String, String, String)> {
    const LONGEST: usize = 100;
    let (media_type, data) = text.strip_prefix("data:")?.split_once(";base64,")?;
    let is_plain = media_type.len() <= LONGEST
        && media_type.contains('/')
        && media_type
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/.+-".contains(&byte));
    let head = format!("data:{media_type};base64,");
    is_plain.then(|| (head, media_type.to_owned(), data.to_owned()))
}

/// A place by the names of the format and by numbers.
fn place(segments: &[Segment]) -> String {
    let words: Vec<String> = segments
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => key.to_string(),
            Segment::Index(index) => index.to_string(),
        })
        .collect();
    words.join(".")
}
