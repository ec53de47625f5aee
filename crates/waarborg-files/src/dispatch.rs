//! Hands bytes to the reader of their kind, behind a wall that a breakdown does not pass.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::read::MultiGzDecoder;

use crate::archive;
use crate::gap::Reason;
use crate::kind::{self, FileKind};
use crate::limits::Full;
use crate::place::Spot;
use crate::text::Collector;
use crate::zip::Archive;
use crate::{html, mail, pdf, picture, plain, rtf, xml};

/// Reads the bytes of a file within a file.
pub(crate) fn inside(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    collector.inside(name, |collector| any(bytes, collector))
}

/// Reads bytes of any kind. A breakdown of a reader becomes a gap.
pub(crate) fn any(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let depth = collector.depth();
    let read = catch_unwind(AssertUnwindSafe(|| by_kind(bytes, collector)));
    read.unwrap_or_else(|_| {
        collector.back_to(depth);
        collector.gap(Spot::Whole, Reason::Failed);
        Ok(())
    })
}

fn by_kind(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let kind = kind::of(bytes);
    collector.is_a(kind);
    match kind {
        FileKind::Zip => return zipped(bytes, collector),
        FileKind::Pdf => pdf::read(bytes, collector)?,
        FileKind::Picture => picture::read(bytes, Spot::Whole, collector)?,
        FileKind::Html => html::read(bytes, None, collector)?,
        FileKind::Xml => xml::read(bytes, &Spot::Whole, collector)?,
        FileKind::Mail => mail::read(bytes, collector)?,
        FileKind::RichText => rtf::read(bytes, collector)?,
        FileKind::Gzip => gzip(bytes, collector)?,
        FileKind::Text => plain::read(bytes, collector)?,
        // Locked documents of today are wrapped in the container of the old ones.
        FileKind::OldOffice if is_locked(bytes) => collector.gap(Spot::Whole, Reason::Encrypted),
        _ => collector.gap(Spot::Whole, Reason::Unsupported),
    }
    if matches!(kind, FileKind::Pdf | FileKind::Picture | FileKind::RichText)
        && Archive::open(bytes).is_some_and(|archive| !archive.entries.is_empty())
    {
        // One file that is two: what opens it decides which one a person sees.
        collector.inside("appended archive", |collector| zipped(bytes, collector))?;
    }
    Ok(())
}

fn zipped(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let Some(archive) = Archive::open(bytes) else {
        collector.gap(Spot::Whole, Reason::Damaged);
        return Ok(());
    };
    archive::read(&archive, collector)
}

fn gzip(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let mut unpacked = Vec::new();
    let room = collector.room();
    let done = MultiGzDecoder::new(bytes)
        .take(room as u64 + 1)
        .read_to_end(&mut unpacked);
    if done.is_err() {
        collector.gap(Spot::Whole, Reason::Damaged);
    }
    collector.unpacked(unpacked.len())?;
    inside("unpacked", &unpacked, collector)
}

/// Whether an old container holds a locked document: its folder names the packed one, in two-byte letters.
fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage"
        .bytes()
        .flat_map(|byte| [byte, 0])
        .collect();
    bytes
        .windows(name.len())
        .step_by(2)
        .any(|window| window == name)
}
