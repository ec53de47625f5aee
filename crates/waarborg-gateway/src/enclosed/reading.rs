//! Reads the files that lie in a request, and puts their texts in their place. All of it is computing: it runs on a
//! thread of its own.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use waarborg_domain::json;
use waarborg_domain::prompt::{Enclosure, EnclosureKind};
use waarborg_files::{FileKind, Limits, PictureReader, Reason, kind_of, strip_metadata};
use waarborg_usecase::file_texts::{Place, Recall};

use super::find::{Encloses, File, Found};
use super::{Fault, Opened, Pictures, Why, media};
use crate::weights::Shown;

/// More files in one request are not read.
const MOST_FILES: usize = 64;

/// How much text all files of one request may have together.
const TEXT_BYTES: usize = 4 * 1024 * 1024;

/// The bounds on one file.
const LIMITS: Limits = Limits {
    text_bytes: TEXT_BYTES,
    unpacked_bytes: 64 * 1024 * 1024,
    parts: 1_000,
    places: 200_000,
    depth: 4,
    pixels: 40_000_000,
};

/// By this name the texts of pictures stand in a request, where a format has a list of pictures and nothing else.
const PICTURES: &str = "waarborg_pictures";

/// A body in which the text of everything that lies in it stands in its place.
pub(super) fn opened(
    body: &[u8],
    found: Vec<Found>,
    pictures: &Pictures,
    (recall, given_up): (Option<Recall>, &AtomicBool),
) -> Result<Opened, Fault> {
    let mut beginning = Beginning::of(body);
    let mut reader = Reader {
        pictures,
        letters: pictures.reader(),
        given_up,
        n_files: 0,
        room: TEXT_BYTES,
    };
    let mut opened = Opened {
        body: Vec::with_capacity(body.len()),
        enclosures: Vec::with_capacity(found.len()),
        pictures: Vec::new(),
    };
    let mut copied = 0;
    for part in found {
        let unread = |why| Fault::Unread {
            place: part.place.clone(),
            why,
        };
        let mut texts = Vec::with_capacity(part.files.len());
        let mut kind = part.encloses.kind();
        let mut original = Vec::new();
        let mut original_from = part.range.start;
        let up_to = recall.as_ref().map(|_| beginning.up_to(part.range.end));
        for (nth, file) in part.files.iter().enumerate() {
            let known = recall.as_ref().zip(up_to.as_ref());
            let known = known.map(|(recall, up_to)| Known {
                recall,
                place: recall.place(*up_to, nth),
            });
            let read = reader.read(file, kind, known).map_err(unread)?;
            kind = read.kind;
            texts.push(read.text);
            original.extend_from_slice(piece(body, original_from, file.range.start));
            original.extend_from_slice(file.head.as_bytes());
            let data = STANDARD.encode(&read.bytes);
            original.extend_from_slice(data.as_bytes());
            if kind == EnclosureKind::Picture {
                opened.pictures.push(Shown {
                    n_bytes: data.len(),
                    sides: waarborg_files::sides(&read.bytes),
                });
            }
            original_from = file.range.end;
        }
        original.extend_from_slice(piece(body, original_from, part.range.end));

        opened
            .body
            .extend_from_slice(piece(body, copied, part.range.start));
        let start = opened.body.len();
        opened
            .body
            .extend_from_slice(in_place_of(part.encloses, &texts).as_bytes());
        opened.enclosures.push(Enclosure {
            range: start..opened.body.len(),
            original: String::from_utf8(original).map_err(|_| unread(Why::NotBase64))?,
            kind,
        });
        copied = part.range.end;
    }
    opened
        .body
        .extend_from_slice(body.get(copied..).unwrap_or_default());
    Ok(opened)
}

fn piece(body: &[u8], from: usize, to: usize) -> &[u8] {
    body.get(from..to).unwrap_or_default()
}

/// What stands in the place of a part while it is inspected, and afterwards where a text may.
fn in_place_of(encloses: Encloses, texts: &[String]) -> String {
    let text = json::escaped(&texts.concat());
    match encloses {
        Encloses::ChatPicture | Encloses::ChatFile | Encloses::MessagesPicture => {
            format!(r#"{{"type":"text","text":"{text}"}}"#)
        }
        Encloses::ResponsesPicture | Encloses::ResponsesFile => {
            format!(r#"{{"type":"input_text","text":"{text}"}}"#)
        }
        Encloses::EditedPicture => format!(r#"{{"text":"{text}"}}"#),
        Encloses::MessagesFile => {
            format!(r#"{{"type":"text","media_type":"text/plain","data":"{text}"}}"#)
        }
        Encloses::OllamaPictures => {
            let quoted = |text: &String| format!("\"{}\"", json::escaped(text));
            let texts: Vec<String> = texts.iter().map(quoted).collect();
            format!("\"{PICTURES}\":[{}]", texts.join(","))
        }
    }
}

/// A digest of a body that grows with the place up to which it is asked for, so that every byte is digested once.
///
/// What a conversation holds up to a file is sent again with each turn, byte for byte.
struct Beginning<'b> {
    body: &'b [u8],
    digested: usize,
    digest: Sha256,
}

impl<'b> Beginning<'b> {
    fn of(body: &'b [u8]) -> Self {
        Self {
            body,
            digested: 0,
            digest: Sha256::new(),
        }
    }

    fn up_to(&mut self, end: usize) -> [u8; 32] {
        self.digest.update(piece(self.body, self.digested, end));
        self.digested = end;
        self.digest.clone().finalize().into()
    }
}

/// Where the text of a file lies, if it was read before.
struct Known<'r> {
    recall: &'r Recall,
    place: Place,
}

/// What was read of one file.
struct Read {
    text: String,
    /// What goes along if nothing of the text is replaced.
    bytes: Vec<u8>,
    kind: EnclosureKind,
}

/// Reads the files of one request, within what all of them together may cost.
struct Reader<'a> {
    pictures: &'a Pictures,
    letters: Option<Box<dyn PictureReader>>,
    given_up: &'a AtomicBool,
    n_files: usize,
    room: usize,
}

impl Reader<'_> {
    fn read(
        &mut self,
        file: &File,
        kind: EnclosureKind,
        known: Option<Known<'_>>,
    ) -> Result<Read, Why> {
        self.n_files += 1;
        if self.n_files > MOST_FILES {
            return Err(Why::TooMany);
        }
        if self.given_up.load(Ordering::Relaxed) {
            return Err(Why::TooSlow);
        }
        let bytes = STANDARD.decode(&file.data).map_err(|_| Why::NotBase64)?;
        let is_picture = kind_of(&bytes) == FileKind::Picture;
        if kind == EnclosureKind::Picture && !is_picture {
            return Err(Why::OtherKind);
        }
        if let (true, Pictures::Refused) = (is_picture, self.pictures) {
            return Err(Why::PictureRefused);
        }
        // What is written about a picture stays here, so it is the bare picture that is read.
        let bytes = if is_picture { bare(&bytes)? } else { bytes };
        let kind = if is_picture {
            EnclosureKind::Picture
        } else {
            EnclosureKind::File
        };
        let text = known.as_ref().and_then(|it| it.recall.find(&it.place));
        if let Some(text) = text.filter(|text| text.len() <= self.room) {
            self.room -= text.len();
            return Ok(Read { text, bytes, kind });
        }

        let limits = Limits {
            text_bytes: self.room,
            ..LIMITS
        };
        let mut text = waarborg_files::read(file.name.as_deref(), &bytes, &limits);
        let found_kind = text.kind();
        let is_what_it_says = file
            .media_type
            .as_deref()
            .is_none_or(|said| media::is_called(found_kind, said))
            && file
                .name
                .as_deref()
                .is_none_or(|name| media::is_named(found_kind, name));
        if let Some(letters) = &mut self.letters {
            text.read_pictures(&mut Hurried {
                letters: &mut **letters,
                given_up: self.given_up,
            });
        }
        let (text, gaps) = text.with_gaps();
        if let Some(gap) = gaps.iter().next() {
            return Err(match (gap.reason, self.pictures) {
                (Reason::Picture, Pictures::Refused) => Why::PictureRefused,
                (reason, _) => Why::Gap(reason),
            });
        }
        if !is_what_it_says {
            return Err(Why::OtherKind);
        }

        self.room = self.room.saturating_sub(text.as_str().len());
        if let Some(Known { recall, place }) = known {
            recall.keep(&place, text.as_str());
        }
        Ok(Read {
            text: text.as_str().to_owned(),
            bytes,
            kind,
        })
    }
}

/// A picture without what is written about it.
fn bare(bytes: &[u8]) -> Result<Vec<u8>, Why> {
    let is_known = bytes.starts_with(&[0xff, 0xd8])
        || bytes.starts_with(b"\x89PNG")
        || bytes.starts_with(b"GIF8")
        || bytes.get(8..12) == Some(b"WEBP");
    if !is_known {
        return Err(Why::NotStripped);
    }
    strip_metadata(bytes).ok_or(Why::Gap(Reason::Damaged))
}

/// Reads no more pictures when nobody waits any more.
struct Hurried<'a> {
    letters: &'a mut dyn PictureReader,
    given_up: &'a AtomicBool,
}

impl PictureReader for Hurried<'_> {
    fn letters(&mut self, picture: &[u8]) -> Option<String> {
        if self.given_up.load(Ordering::Relaxed) {
            return None;
        }
        self.letters.letters(picture)
    }
}
