//! The pieces that a picture file is made of: its size, and the texts in it.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// How a text in a picture is written.
pub(super) enum Written {
    /// XML with properties.
    Xmp,
    /// Press captions.
    Iptc,
    /// Plain words.
    Words,
}

/// Width and height by the picture's own account.
pub(super) fn sides(bytes: &[u8]) -> Option<(u64, u64)> {
    let side = |at: usize| {
        Some(u64::from(u32::from_be_bytes(
            bytes.get(at..at + 4)?.try_into().ok()?,
        )))
    };
    let short = |at: usize| {
        Some(u64::from(u16::from_le_bytes(
            bytes.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    if bytes.starts_with(b"\x89PNG") {
        return Some((side(16)?, side(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((short(6)?, short(8)?));
    }
    if bytes.starts_with(b"BM") {
        let side = |at: usize| {
            let value = i32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
            Some(u64::from(value.unsigned_abs()))
        };
        return Some((side(18)?, side(22)?));
    }
    if bytes.starts_with(b"P5") || bytes.starts_with(b"P6") || bytes.starts_with(b"P4") {
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(40))?).into_owned();
        let mut numbers = head.split_ascii_whitespace().skip(1);
        return Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?));
    }
    if bytes.get(8..12) == Some(b"WEBP") {
        return webp_sides(bytes);
    }
    jpeg(bytes).find_map(|(marker, body)| {
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        let number = |at: usize| {
            Some(u64::from(u16::from_be_bytes(
                body.get(at..at + 2)?.try_into().ok()?,
            )))
        };
        is_frame.then(|| Some((number(3)?, number(1)?))).flatten()
    })
}

/// Whether a picture is several that take turns.
pub(super) fn moves(bytes: &[u8]) -> bool {
    let n_gif_pictures = || {
        let blocks = super::strip::gif_blocks(bytes).unwrap_or_default();
        blocks
            .into_iter()
            .filter(|block| block.first() == Some(&0x2c))
            .count()
    };
    png(bytes).any(|(name, _)| matches!(name, b"acTL" | b"fcTL" | b"fdAT"))
        || webp(bytes).any(|(name, _)| matches!(name, b"ANIM" | b"ANMF"))
        || n_gif_pictures() > 1
}

fn webp_sides(bytes: &[u8]) -> Option<(u64, u64)> {
    let byte = |at: usize| bytes.get(at).copied().map(u64::from);
    match bytes.get(12..16)? {
        b"VP8X" => {
            let three =
                |at: usize| Some(1 + byte(at)? + (byte(at + 1)? << 8) + (byte(at + 2)? << 16));
            Some((three(24)?, three(27)?))
        }
        b"VP8L" => {
            let bits = byte(21)? | byte(22)? << 8 | byte(23)? << 16 | byte(24)? << 24;
            Some((1 + (bits & 0x3fff), 1 + (bits >> 14 & 0x3fff)))
        }
        b"VP8 " => {
            let two = |at: usize| Some((byte(at)? | byte(at + 1)? << 8) & 0x3fff);
            Some((two(26)?, two(28)?))
        }
        _ => None,
    }
}

/// Whether a broken head of this kind may hide camera data.
pub(super) fn may_have_exif(bytes: &[u8]) -> bool {
    bytes
        .windows(6)
        .take(1 << 16)
        .any(|window| window == b"Exif\0\0")
        || bytes.starts_with(b"II*\0")
        || bytes.starts_with(b"MM\0*")
}

/// Every text in a picture, unpacked to at most `room` bytes each.
pub(super) fn texts(bytes: &[u8], room: usize) -> Vec<(Written, Vec<u8>)> {
    let mut found = Vec::new();
    for (marker, body) in jpeg(bytes) {
        match marker {
            0xe1 => {
                let packet = [
                    &b"http://ns.adobe.com/xap/1.0/\0"[..],
                    b"http://ns.adobe.com/xmp/extension/\0",
                ]
                .iter()
                .find_map(|head| body.strip_prefix(*head));
                found.extend(packet.map(|packet| (Written::Xmp, from_angle(packet))));
            }
            0xed => found.extend(captions(body).map(|records| (Written::Iptc, records.to_vec()))),
            0xfe => found.push((Written::Words, body.to_vec())),
            _ => {}
        }
    }
    for (name, body) in png(bytes) {
        let text = match name {
            b"tEXt" => Some(
                body.iter()
                    .map(|byte| if *byte == 0 { b' ' } else { *byte })
                    .collect(),
            ),
            b"zTXt" => zipped_text(body, room),
            b"iTXt" => international_text(body, room),
            _ => None,
        };
        if let Some(text) = text {
            let is_xmp = body.starts_with(b"XML:com.adobe.xmp");
            found.push(if is_xmp {
                (Written::Xmp, from_angle(&text))
            } else {
                (Written::Words, text)
            });
        }
    }
    for (name, body) in webp(bytes) {
        if name == b"XMP " {
            found.push((Written::Xmp, body.to_vec()));
        }
    }
    found.extend(
        gif_comments(bytes)
            .into_iter()
            .map(|text| (Written::Words, text)),
    );
    found
}

/// Markup begins at the first angle bracket.
fn from_angle(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte == b'<').unwrap_or(0);
    bytes.get(start..).unwrap_or_default().to_vec()
}

fn inflated(bytes: &[u8], room: usize) -> Vec<u8> {
    let mut text = Vec::new();
    // What could be unpacked before a fault counts.
    let _ = ZlibDecoder::new(bytes)
        .take(room as u64)
        .read_to_end(&mut text);
    text
}

fn zipped_text(body: &[u8], room: usize) -> Option<Vec<u8>> {
    let end = body.iter().position(|byte| *byte == 0)?;
    let mut text = body.get(..end)?.to_vec();
    text.push(b' ');
    text.extend(inflated(body.get(end + 2..)?, room));
    Some(text)
}

fn international_text(body: &[u8], room: usize) -> Option<Vec<u8>> {
    let end = body.iter().position(|byte| *byte == 0)?;
    let is_packed = *body.get(end + 1)? == 1;
    let rest = body.get(end + 3..)?;
    let mut fields = rest.splitn(3, |byte| *byte == 0);
    let (_, title, text) = (fields.next()?, fields.next()?, fields.next()?);
    let mut whole = body.get(..end)?.to_vec();
    whole.push(b' ');
    whole.extend(title);
    whole.push(b' ');
    if is_packed {
        whole.extend(inflated(text, room));
    } else {
        whole.extend(text);
    }
    Some(whole)
}

/// The press captions inside a Photoshop block.
fn captions(body: &[u8]) -> Option<&[u8]> {
    let start = body
        .windows(6)
        .position(|window| window == b"8BIM\x04\x04")?;
    let rest = body.get(start + 6..)?;
    let n_name = usize::from(*rest.first()?);
    let at = (n_name + 2) & !1;
    let n_bytes = u32::from_be_bytes(rest.get(at..at + 4)?.try_into().ok()?);
    rest.get(at + 4..at + 4 + usize::try_from(n_bytes).ok()?)
}

fn gif_comments(bytes: &[u8]) -> Vec<Vec<u8>> {
    super::strip::gif_blocks(bytes)
        .unwrap_or_default()
        .into_iter()
        .filter(|block| {
            block.starts_with(&[0x21, 0xfe])
                || block.starts_with(&[0x21, 0x01])
                || block.starts_with(b"\x21\xff\x0bXMP")
        })
        .map(|block| block.get(3..).unwrap_or_default().to_vec())
        .collect()
}

/// The marked segments of a JPEG file up to its picture data: marker and body.
pub(super) fn jpeg(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8]).unwrap_or_default();
    std::iter::from_fn(move || {
        loop {
            let [0xff, marker, after @ ..] = rest else {
                return None;
            };
            match marker {
                0xff => rest = rest.get(1..)?,
                0x01 | 0xd0..=0xd7 => rest = after,
                0xd9 | 0xda => return None,
                _ => {
                    let n_bytes = usize::from(u16::from_be_bytes(after.get(..2)?.try_into().ok()?));
                    let body = after.get(2..n_bytes)?;
                    rest = after.get(n_bytes..)?;
                    return Some((*marker, body));
                }
            }
        }
    })
}

/// The chunks of a PNG file: name and body.
pub(super) fn png(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n").unwrap_or_default();
    std::iter::from_fn(move || {
        let n_bytes = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?);
        let n_bytes = usize::try_from(n_bytes).ok()?;
        let name = rest.get(4..8)?;
        let body = rest.get(8..)?.get(..n_bytes)?;
        rest = rest.get(8..)?.get(n_bytes..)?.get(4..).unwrap_or_default();
        Some((name, body))
    })
}

/// The chunks of a WebP file: name and body.
pub(super) fn webp(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    let mut rest = if is_webp {
        bytes.get(12..).unwrap_or_default()
    } else {
        &[]
    };
    std::iter::from_fn(move || {
        let name = rest.get(..4)?;
        let n_bytes = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?);
        let n_bytes = usize::try_from(n_bytes).ok()?;
        let body = rest.get(8..)?.get(..n_bytes)?;
        rest = rest.get(8 + n_bytes + n_bytes % 2..).unwrap_or_default();
        Some((name, body))
    })
}
