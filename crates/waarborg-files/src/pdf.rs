//! PDF: the text of every page, and everything else in the file: notes, fields, links, attachments, properties,
//! text that no page shows, and earlier versions.

mod content;
mod font;
mod lexer;
mod pictures;
mod rest;

use std::collections::BTreeSet;

use lopdf::{DecompressError, Dictionary, Document, Error, LoadOptions, Object, ObjectId};

use crate::gap::Reason;
use crate::limits::Full;
use crate::place::Spot;
use crate::plain;
use crate::text::{Collector, Join};
use content::{Drawing, Page};

/// What streams of objects may unpack to, all together: an object takes many times its size in memory.
const OBJECT_BYTES: usize = 24 * 1024 * 1024;
/// How many earlier versions of a document are read.
const EARLIER_VERSIONS: usize = 4;
/// How far up a page looks for what it inherits.
const PARENTS: usize = 64;

/// Adds everything in a document.
pub(crate) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    read_version(bytes, collector)?;
    earlier_versions(bytes, collector)
}

fn read_version(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let document = match load(bytes, collector)? {
        Ok(document) => document,
        Err(reason) => {
            collector.gap(Spot::Whole, reason);
            return Ok(());
        }
    };
    let mut seen = BTreeSet::new();
    let mut drawing = Drawing::new(&document);
    let mut n_pages = 0;
    for id in document.page_iter() {
        n_pages += 1;
        collector.part()?;
        page(&document, id, n_pages, &mut drawing, &mut seen, collector)?;
    }
    if n_pages == 0 {
        collector.gap(Spot::Whole, Reason::Damaged);
    }
    rest::read(&document, &mut drawing, &mut seen, collector)
}

/// Opens a document, with the empty password that most locked ones have for reading.
fn load(bytes: &[u8], collector: &mut Collector) -> Result<Result<Document, Reason>, Full> {
    let n_packed = bytes
        .windows(7)
        .filter(|window| *window == b"/ObjStm")
        .count();
    for _ in 0..n_packed {
        collector.part()?;
    }
    let options = LoadOptions {
        max_decompressed_size: Some(OBJECT_BYTES.min(collector.room()) / (n_packed + 1)),
        ..LoadOptions::default()
    };
    let loaded = Document::load_mem_with_options(bytes, options);
    collector.unpacked(bytes.len())?;
    Ok(match loaded {
        // The trailer loses its note of the lock when the lock was opened.
        Ok(document) if document.is_encrypted() => Err(Reason::Encrypted),
        Ok(document) => Ok(document),
        Err(
            Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_),
        ) => Err(Reason::Encrypted),
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => Err(Reason::TooMuch),
        Err(_) => Err(Reason::Damaged),
    })
}

fn page<'d>(
    document: &'d Document,
    id: ObjectId,
    number: u32,
    drawing: &mut Drawing<'d>,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    let spot = Spot::Page(number);
    let Ok(dictionary) = document.get_dictionary(id) else {
        collector.gap(spot, Reason::Damaged);
        return Ok(());
    };
    seen.insert(id);
    let resources = resources(document, dictionary);
    let mut whole = Vec::new();
    let mut is_cut = false;
    for id in document.get_page_contents(id) {
        seen.insert(id);
        let stream = document.get_object(id).and_then(Object::as_stream);
        match stream {
            Ok(stream) => match content::content(stream, collector)? {
                Some(bytes) => {
                    whole.extend(bytes);
                    whole.push(b'\n');
                }
                None => is_cut = true,
            },
            Err(_) => is_cut = true,
        }
    }
    drawing.draw(&whole, &resources, 0, collector)?;
    let drawn = drawing.take();
    if is_cut {
        collector.gap(spot.clone(), Reason::Damaged);
    }
    put_page(document, &drawn, &spot, seen, collector)?;
    rest::attached(document, dictionary, number, seen, collector)
}

/// Adds what was drawn, and says what of it has no letters.
fn put_page(
    document: &Document,
    drawn: &Page,
    spot: &Spot,
    seen: &mut BTreeSet<ObjectId>,
    collector: &mut Collector,
) -> Result<(), Full> {
    collector.put(spot.clone(), Join::Apart, drawn.text.trim())?;
    if drawn.n_undecodable > 0 {
        collector.gap(spot.clone(), Reason::Undecodable);
    }
    if drawn.is_cut {
        collector.gap(spot.clone(), Reason::TooMuch);
    }
    if drawn.n_inline_pictures > 0 || drawn.may_be_drawn() {
        collector.gap(spot.clone(), Reason::Picture);
    }
    for picture in &drawn.pictures {
        if seen.insert(*picture) {
            pictures::read(document, *picture, spot, collector)?;
        }
    }
    Ok(())
}

/// The resources of a page, its own first and then those it inherits.
fn resources<'d>(document: &'d Document, page: &'d Dictionary) -> Vec<&'d Dictionary> {
    let mut found = Vec::new();
    let mut at = Some(page);
    for _ in 0..PARENTS {
        let Some(node) = at else { break };
        let own = node
            .get_deref(b"Resources", document)
            .ok()
            .and_then(|object| object.as_dict().ok());
        found.extend(own);
        at = node
            .get_deref(b"Parent", document)
            .ok()
            .and_then(|object| object.as_dict().ok());
    }
    found
}

/// A document that was saved by adding to it still holds what it was: everything up to an earlier end.
fn earlier_versions(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let ends: Vec<usize> = bytes
        .windows(5)
        .enumerate()
        .filter(|(_, window)| *window == b"%%EOF")
        .map(|(at, _)| at + 5)
        .collect();
    let Some((_, earlier)) = ends.split_last() else {
        return Ok(());
    };
    let is_linearized = bytes
        .get(..bytes.len().min(1024))
        .is_some_and(|head| head.windows(11).any(|window| window == b"/Linearized"));
    let earlier: Vec<usize> = earlier
        .iter()
        .skip(usize::from(is_linearized))
        .rev()
        .copied()
        .collect();
    if earlier.len() > EARLIER_VERSIONS {
        collector.gap(Spot::EarlierVersion(0), Reason::TooMuch);
    }
    for (number, end) in (1_u32..).zip(earlier.into_iter().take(EARLIER_VERSIONS)) {
        let version = bytes.get(..end).unwrap_or_default();
        let known: BTreeSet<String> = collector.lines().map(ToOwned::to_owned).collect();
        let before = collector.so_far();
        let read = read_version(version, collector);
        let gone: Vec<String> = collector
            .take_since(before)
            .lines()
            .filter(|line| !known.contains(*line))
            .map(ToOwned::to_owned)
            .collect();
        read?;
        collector.put(Spot::EarlierVersion(number), Join::Apart, &gone.join("\n"))?;
    }
    Ok(())
}

/// A text in the file outside a page: in two-byte letters with a mark, or in one-byte ones.
fn words(bytes: &[u8]) -> String {
    if bytes.starts_with(&[0xfe, 0xff])
        || bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xef, 0xbb, 0xbf])
    {
        return plain::decode(bytes).unwrap_or_default();
    }
    let object = Object::String(bytes.to_vec(), lopdf::StringFormat::Literal);
    lopdf::decode_text_string(&object).unwrap_or_default()
}
