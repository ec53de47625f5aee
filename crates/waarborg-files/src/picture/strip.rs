//! Takes out of a picture file everything that is not the picture.

use super::segments;

/// The same picture without camera data, place, names, captions, comments, previews and whatever stands behind it.
///
/// Kept are what draws it: transparency, and which side is up. A colour profile has texts of its own and goes; colours
/// may look a little different without. `None` for a
/// kind or a file that cannot be taken apart (JPEG, PNG, GIF and WebP can).
#[must_use]
pub fn strip_metadata(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG") {
        png(bytes)
    } else if bytes.starts_with(b"GIF8") {
        gif(bytes)
    } else if bytes.get(8..12) == Some(b"WEBP") {
        webp(bytes)
    } else {
        None
    }
}

fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bare = vec![0xff, 0xd8];
    let turned = orientation(bytes).filter(|turned| (2..=8).contains(turned));
    bare.extend(turned.map(orientation_segment).unwrap_or_default());
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, marker, after @ ..] = rest else {
            return None;
        };
        match marker {
            0xff => rest = rest.get(1..)?,
            0xd9 => {
                bare.extend([0xff, 0xd9]);
                return Some(bare);
            }
            0x01 | 0xd0..=0xd7 => rest = after,
            _ => {
                let n_bytes = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
                let body = after.get(2..n_bytes)?;
                if draws(*marker, body) {
                    bare.extend(rest.get(..2 + n_bytes)?);
                }
                rest = after.get(n_bytes..)?;
                if *marker == 0xda {
                    let n_drawn = drawn(rest)?;
                    bare.extend(rest.get(..n_drawn)?);
                    rest = rest.get(n_drawn..)?;
                }
            }
        }
    }
}

/// Whether a segment is needed to draw the picture.
fn draws(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => body.starts_with(b"JFIF\0") && body.len() == 14,
        0xee => body.starts_with(b"Adobe") && body.len() == 12,
        0xe1..=0xfe => false,
        _ => true,
    }
}

/// How many bytes of picture data follow, up to the next marker.
fn drawn(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(
        |pair| matches!(pair, [0xff, second] if !matches!(second, 0x00 | 0xd0..=0xd7 | 0xff)),
    )
}

fn orientation(bytes: &[u8]) -> Option<u8> {
    let found = exif::Reader::new()
        .read_from_container(&mut std::io::Cursor::new(bytes))
        .ok()?;
    let field = found.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?;
    u8::try_from(field.value.get_uint(0)?).ok()
}

/// Camera data that says nothing but which side is up.
fn orientation_segment(turned: u8) -> Vec<u8> {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    segment.push(turned);
    segment.extend([0; 6]);
    segment
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: &[&[u8]] = &[
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD",
        b"pHYs", b"acTL", b"fcTL", b"fdAT",
    ];
    let mut bare = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut at = 8;
    for (name, body) in segments::png(bytes) {
        let n_bytes = body.len() + 12;
        if KEPT.contains(&name) {
            bare.extend(bytes.get(at..at + n_bytes)?);
        }
        at += n_bytes;
        if name == b"IEND" {
            return Some(bare);
        }
    }
    None
}

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: &[&[u8]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"];
    let mut body = b"WEBP".to_vec();
    let mut has_picture = false;
    for (name, chunk) in segments::webp(bytes) {
        if !KEPT.contains(&name) {
            continue;
        }
        has_picture |= matches!(name, b"VP8 " | b"VP8L" | b"ANMF");
        body.extend(name);
        body.extend(u32::try_from(chunk.len()).ok()?.to_le_bytes());
        let start = body.len();
        body.extend(chunk);
        if name == b"VP8X" {
            // The flags that announce a colour profile, camera data and properties.
            let flags = body.get_mut(start)?;
            *flags &= !0x2c;
        }
        if chunk.len() % 2 == 1 {
            body.push(0);
        }
    }
    let mut bare = b"RIFF".to_vec();
    bare.extend(u32::try_from(body.len()).ok()?.to_le_bytes());
    bare.extend(body);
    has_picture.then_some(bare)
}

fn gif(bytes: &[u8]) -> Option<Vec<u8>> {
    let blocks = gif_blocks(bytes)?;
    let mut bare = Vec::new();
    for block in blocks {
        let is_words = block.starts_with(&[0x21, 0xfe]) || block.starts_with(&[0x21, 0x01]);
        let is_foreign =
            block.starts_with(&[0x21, 0xff]) && !block.starts_with(b"\x21\xff\x0bNETSCAPE2.0");
        if !is_words && !is_foreign {
            bare.extend(block);
        }
    }
    Some(bare)
}

/// A GIF file in blocks: the head with its colours, every extension, every image, the end.
pub(super) fn gif_blocks(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    if !bytes.starts_with(b"GIF8") {
        return None;
    }
    let colours = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut blocks = vec![bytes.get(..at)?];
    loop {
        let start = at;
        match *bytes.get(at)? {
            0x3b => {
                blocks.push(bytes.get(at..=at)?);
                return Some(blocks);
            }
            0x21 => at = sub_blocks(bytes, at + 2)?,
            0x2c => at = sub_blocks(bytes, at + 11 + colours(*bytes.get(at + 9)?))?,
            _ => return None,
        }
        blocks.push(bytes.get(start..at)?);
    }
}

fn sub_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let n_bytes = usize::from(*bytes.get(at)?);
        at += 1 + n_bytes;
        if n_bytes == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG with every segment that could tell something; the picture data is not a real one.
    fn jpeg_with_secrets() -> Vec<u8> {
        let mut file = vec![0xff, 0xd8];
        let mut segment = |marker: u8, body: &[u8]| {
            file.extend([0xff, marker]);
            file.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
            file.extend(body);
        };
        segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        segment(
            0xe1,
            b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
        );
        segment(0xed, b"Photoshop Jan");
        segment(0xfe, b"foto van Jan");
        segment(0xc0, &[8, 0, 9, 0, 9, 1, 1, 0x11, 0]);
        segment(0xda, &[1, 1, 0, 0, 63, 0]);
        file.extend([1, 2, 0xff, 0x00, 3, 0xff, 0xd9]);
        file.extend(b"trailing Jan");
        file
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_which_side_is_up_and_nothing_else() {
        let file = jpeg_with_secrets();
        let bare = strip_metadata(&file).unwrap();
        assert!(!bare.windows(3).any(|window| window == b"Jan"));
        assert_eq!(orientation(&bare), Some(6));
        assert!(bare.ends_with(&[1, 2, 0xff, 0x00, 3, 0xff, 0xd9]));
        assert_eq!(strip_metadata(&bare), Some(bare.clone()));
    }

    #[test]
    fn a_gif_loses_its_comment() {
        let mut file = b"GIF89a\x09\0\x09\0\0\0\0".to_vec();
        file.extend(b"\x21\xfe\x03Jan\0");
        file.extend(b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
        file.push(0x3b);
        let bare = strip_metadata(&file).unwrap();
        assert!(!bare.windows(3).any(|window| window == b"Jan"));
        assert_eq!(bare.len(), file.len() - 7);
    }

    #[test]
    fn a_broken_picture_is_not_half_stripped() {
        let file = jpeg_with_secrets();
        assert_eq!(strip_metadata(&file[..file.len() - 20]), None);
        assert_eq!(strip_metadata(b"BM"), None);
    }
}
