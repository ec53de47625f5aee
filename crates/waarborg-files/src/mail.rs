//! E-mail: every header, every part, every attachment, and what stands between the parts.

mod encoded;
mod header;

use crate::dispatch;
use crate::gap::Reason;
use crate::html;
use crate::limits::Full;
use crate::place::Spot;
use crate::plain;
use crate::text::{Collector, Join};
use header::{Head, Parameters};

/// How many levels of parts within parts one message may have.
const NESTED_PARTS: usize = 16;

/// Adds a message, or a mailbox of them.
pub(crate) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    if !bytes.starts_with(b"From ") {
        return message(bytes, collector);
    }
    for (number, one) in mailbox(bytes).into_iter().enumerate() {
        collector.inside(&format!("message {}", number + 1), |collector| {
            message(one, collector)
        })?;
    }
    Ok(())
}

/// The messages of a mailbox file, without the lines that separate them.
fn mailbox(bytes: &[u8]) -> Vec<&[u8]> {
    let mut starts = vec![0];
    for (at, window) in bytes.windows(7).enumerate() {
        if window == b"\n\nFrom " {
            starts.push(at + 2);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| {
            let one = bytes.get(*start..end)?;
            let first_line = one.iter().position(|byte| *byte == b'\n')?;
            one.get(first_line + 1..)
        })
        .collect()
}

fn message(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let (head, body) = header::split(bytes);
    for (name, value) in head.fields() {
        collector.put(
            Spot::Field(name.into()),
            Join::Line,
            &format!("{name}: {value}"),
        )?;
    }
    part(&head, body, 0, collector)
}

/// One part: a container of parts, a text, or a file.
fn part(head: &Head, body: &[u8], depth: usize, collector: &mut Collector) -> Result<(), Full> {
    collector.part()?;
    let content = head.parameters("content-type");
    let kind = content.value.as_str();
    if depth > NESTED_PARTS {
        collector.gap(Spot::Whole, Reason::TooDeep);
        return Ok(());
    }
    if kind.starts_with("multipart/") {
        return container(&content, body, depth, collector);
    }
    let (bytes, is_known) =
        encoded::decode(&head.parameters("content-transfer-encoding").value, body);
    collector.unpacked(bytes.len())?;
    if !is_known {
        collector.gap(Spot::Whole, Reason::Unsupported);
    }
    let disposition = head.parameters("content-disposition");
    let name = disposition
        .find("filename")
        .or_else(|| content.find("name"));
    if kind.starts_with("message/rfc822") || kind.starts_with("message/global") {
        return collector.inside(name.unwrap_or("message"), |collector| {
            message(&bytes, collector)
        });
    }
    if matches!(kind, "application/pkcs7-mime" | "application/x-pkcs7-mime")
        || kind == "application/pgp-encrypted"
    {
        collector.gap(Spot::Part(kind.into()), Reason::Encrypted);
        return Ok(());
    }
    if matches!(
        kind,
        "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-signature"
    ) {
        // A signature holds the name of who signed; nothing of the message.
        return Ok(());
    }
    if let Some(name) = name {
        return dispatch::inside(name, &bytes, collector);
    }
    match kind {
        "text/html" => html::read(&bytes, content.find("charset"), collector),
        "" | "text/plain" | "text/enriched" => {
            let Some(text) = plain::decode_as(&bytes, content.find("charset")) else {
                collector.gap(Spot::Whole, Reason::Damaged);
                return Ok(());
            };
            collector.put(Spot::Line(1), Join::Apart, &text)
        }
        other => dispatch::inside(other, &bytes, collector),
    }
}

/// The parts between the boundaries, and what stands before and after them.
fn container(
    content: &Parameters,
    body: &[u8],
    depth: usize,
    collector: &mut Collector,
) -> Result<(), Full> {
    let cut = content
        .find("boundary")
        .map(|boundary| pieces(body, boundary.as_bytes()));
    let Some(pieces) = cut.filter(|pieces| !pieces.parts.is_empty()) else {
        // Without boundaries there is only text.
        collector.gap(Spot::Whole, Reason::Damaged);
        return plain::read(body, collector);
    };
    if !pieces.is_closed {
        collector.gap(Spot::Whole, Reason::Damaged);
    }
    for outside in [pieces.before, pieces.after] {
        let text = plain::decode(outside).unwrap_or_default();
        collector.put(Spot::Hidden, Join::Apart, &text)?;
    }
    for piece in pieces.parts {
        let (head, body) = header::split(piece);
        for (name, value) in head.fields() {
            if !is_ordinary(name) {
                collector.put(
                    Spot::Field(name.into()),
                    Join::Line,
                    &format!("{name}: {value}"),
                )?;
            }
        }
        part(&head, body, depth + 1, collector)?;
    }
    Ok(())
}

/// Fields of a part that say only how it is written.
fn is_ordinary(name: &str) -> bool {
    let ordinary = [
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "mime-version",
    ];
    ordinary
        .iter()
        .any(|other| name.eq_ignore_ascii_case(other))
}

struct Pieces<'b> {
    before: &'b [u8],
    parts: Vec<&'b [u8]>,
    after: &'b [u8],
    is_closed: bool,
}

/// Cuts a body at the lines that are boundaries.
fn pieces<'b>(body: &'b [u8], boundary: &[u8]) -> Pieces<'b> {
    let mut pieces = Pieces {
        before: &[],
        parts: Vec::new(),
        after: &[],
        is_closed: false,
    };
    let mut piece_start = None;
    let mut at = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line_start = at;
        at += line.len();
        let Some(rest) = line
            .strip_prefix(b"--")
            .and_then(|rest| rest.strip_prefix(boundary))
        else {
            continue;
        };
        let rest = rest.trim_ascii();
        let closes = rest == b"--";
        if !(closes || rest.is_empty()) {
            continue;
        }
        match piece_start {
            None => pieces.before = body.get(..line_start).unwrap_or_default(),
            Some(start) => pieces
                .parts
                .push(body.get(start..line_start).unwrap_or_default()),
        }
        piece_start = Some(at);
        if closes {
            pieces.after = body.get(at..).unwrap_or_default();
            pieces.is_closed = true;
            return pieces;
        }
    }
    if let Some(start) = piece_start {
        pieces.parts.push(body.get(start..).unwrap_or_default());
    }
    pieces
}
