//! Pictures: what is written about them in the file, and the letters in them through whoever can read those.

mod segments;
mod strip;

use std::io::Cursor;

use crate::gap::Reason;
use crate::limits::Full;
use crate::place::{Place, Spot};
use crate::plain;
use crate::text::{Collector, Join};
use crate::xml;

pub use strip::strip_metadata;

/// Reads the letters in a picture. Implemented by whoever may start a program.
pub trait PictureReader {
    /// The letters, or `None` when this picture could not be read. No letters is `Some` of nothing.
    fn letters(&mut self, picture: &[u8]) -> Option<String>;
}

/// A picture that waits for a reader.
pub(crate) struct Picture {
    pub(crate) place: Place,
    pub(crate) bytes: Vec<u8>,
}

/// A picture with fewer pixels than this across or down cannot hold a letter.
const SMALLEST_SIDE: u64 = 8;

/// Width and height of a picture in pixels, by its own account; `None` if it is none, or does not say.
#[must_use]
pub fn sides(bytes: &[u8]) -> Option<(u64, u64)> {
    segments::sides(bytes)
}

/// How many pixels a picture has, by its own account.
pub(crate) fn n_pixels(bytes: &[u8]) -> Option<u64> {
    segments::sides(bytes).map(|(width, height)| width.saturating_mul(height))
}

/// Adds what is written about a picture, and keeps the picture itself.
pub(crate) fn read(bytes: &[u8], spot: Spot, collector: &mut Collector) -> Result<(), Full> {
    read_exif(bytes, collector)?;
    for (name, text) in segments::texts(bytes, collector.room()) {
        collector.unpacked(text.len())?;
        match name {
            segments::Written::Xmp => xml::read(&text, &Spot::Property("XMP".into()), collector)?,
            segments::Written::Iptc => read_iptc(&text, collector)?,
            segments::Written::Words => {
                let words = plain::decode(&text).unwrap_or_default();
                collector.put(Spot::Property("comment".into()), Join::Apart, words.trim())?;
            }
        }
    }
    let cannot_hold_letters = segments::sides(bytes)
        .is_some_and(|(width, height)| width < SMALLEST_SIDE || height < SMALLEST_SIDE);
    if segments::moves(bytes) {
        // Whoever reads its letters sees the first of its pictures.
        collector.gap(spot.clone(), Reason::Unsupported);
    }
    if !cannot_hold_letters {
        collector.unpacked(bytes.len())?;
        collector.picture(spot, bytes.to_vec());
    }
    Ok(())
}

fn read_exif(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let found = match reader.read_from_container(&mut Cursor::new(bytes)) {
        Ok(found) => found,
        Err(exif::Error::PartialResult(partial)) => {
            collector.gap(Spot::Property("Exif".into()), Reason::Damaged);
            partial.into_inner().0
        }
        Err(exif::Error::NotFound(_)) => return Ok(()),
        Err(_) => {
            // No container that it knows has nothing to say; a known one that is broken does.
            if segments::may_have_exif(bytes) {
                collector.gap(Spot::Property("Exif".into()), Reason::Damaged);
            }
            return Ok(());
        }
    };
    for field in found.fields() {
        let name = field.tag.to_string();
        let Some(value) = exif_words(field, &found) else {
            continue;
        };
        collector.put(
            Spot::Property(name.as_str().into()),
            Join::Line,
            &format!("{name}: {value}"),
        )?;
    }
    Ok(())
}

/// The words in a field: texts, comments and where the picture was taken, but no camera settings.
fn exif_words(field: &exif::Field, found: &exif::Exif) -> Option<String> {
    let is_place = field.tag.context() == exif::Context::Gps;
    match &field.value {
        exif::Value::Ascii(texts) => Some(
            texts
                .iter()
                .filter_map(|text| plain::decode(text))
                .collect::<Vec<_>>()
                .join(" "),
        ),
        // The five fields that Windows writes, in two-byte letters.
        exif::Value::Byte(bytes) if (0x9c9b..=0x9c9f).contains(&field.tag.number()) => {
            plain::decode_as(bytes, Some("utf-16le"))
                .map(|text| text.trim_end_matches('\0').to_owned())
        }
        exif::Value::Undefined(bytes, _) if field.tag == exif::Tag::UserComment => {
            let words = bytes.get(8..)?;
            let label = bytes.starts_with(b"UNICODE").then_some("utf-16be");
            plain::decode_as(words, label)
        }
        _ if is_place => Some(field.display_value().with_unit(found).to_string()),
        _ => None,
    }
}

/// Press captions: records of a mark, two numbers and a length.
fn read_iptc(mut records: &[u8], collector: &mut Collector) -> Result<(), Full> {
    while let [0x1c, record, dataset, high, low, rest @ ..] = records {
        let n_bytes = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(value) = rest.get(..n_bytes) else {
            collector.gap(Spot::Property("IPTC".into()), Reason::Damaged);
            return Ok(());
        };
        if *record == 2
            && let Some(text) = plain::decode(value)
        {
            let name = format!("IPTC {dataset}");
            collector.put(Spot::Property(name.as_str().into()), Join::Line, &text)?;
        }
        records = rest.get(n_bytes..).unwrap_or_default();
    }
    Ok(())
}
