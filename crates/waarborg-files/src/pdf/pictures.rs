//! Pictures in a PDF, handed on as files that other programs know.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::font::{code_of, name_of, number_of};
use crate::gap::Reason;
use crate::limits::Full;
use crate::picture;
use crate::place::Spot;
use crate::text::Collector;

/// The smallest side of a picture that can hold a letter.
const SMALLEST_SIDE: u32 = 8;

/// Keeps a picture of a page for whoever can read it, or says that nobody can.
pub(super) fn read(
    document: &Document,
    id: ObjectId,
    spot: &Spot,
    collector: &mut Collector,
) -> Result<(), Full> {
    let Ok(stream) = document.get_object(id).and_then(Object::as_stream) else {
        return Ok(());
    };
    let side = |key: &[u8]| {
        number_of(&stream.dict, key, document)
            .and_then(code_of)
            .unwrap_or(0)
    };
    let (width, height) = (side(b"Width"), side(b"Height"));
    if (1..SMALLEST_SIDE).contains(&width) || (1..SMALLEST_SIDE).contains(&height) {
        return Ok(());
    }
    let filters = stream.filters().unwrap_or_default();
    let is_file = matches!(filters.as_slice(), [b"DCTDecode" | b"JPXDecode"]);
    if is_file {
        return picture::read(&stream.content, spot.clone(), collector);
    }
    match drawn(document, &stream.dict, width, height) {
        Some((head, n_bytes)) => {
            let limit = n_bytes.saturating_add(64).min(collector.room());
            let pixels = stream.get_plain_content_with_limit(limit).ok();
            collector.unpacked(n_bytes.min(stream.content.len().saturating_mul(1_000)))?;
            match pixels.as_ref().and_then(|pixels| pixels.get(..n_bytes)) {
                Some(pixels) => {
                    let mut file = head;
                    file.extend(pixels);
                    collector.picture(spot.clone(), file);
                }
                None => collector.gap(spot.clone(), Reason::Picture),
            }
        }
        None => collector.gap(spot.clone(), Reason::Picture),
    }
    Ok(())
}

/// The head of a plain picture file for these pixels, and how many bytes they take.
fn drawn(
    document: &Document,
    dictionary: &Dictionary,
    width: u32,
    height: u32,
) -> Option<(Vec<u8>, usize)> {
    let bits = number_of(dictionary, b"BitsPerComponent", document).and_then(code_of)?;
    let colours = name_of(dictionary, b"ColorSpace", document)?;
    let (magic, n_colours) = match colours.as_slice() {
        b"DeviceGray" | b"CalGray" => ("P5", 1_usize),
        b"DeviceRGB" | b"CalRGB" => ("P6", 3),
        _ => return None,
    };
    if bits != 8 {
        return None;
    }
    let n_pixels = usize::try_from(width)
        .ok()?
        .checked_mul(usize::try_from(height).ok()?)?;
    let n_bytes = n_pixels.checked_mul(n_colours)?;
    Some((
        format!("{magic}\n{width} {height}\n255\n").into_bytes(),
        n_bytes,
    ))
}
