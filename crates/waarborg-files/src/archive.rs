//! Everything in a ZIP archive: a document made of parts, or a folder of files.

use crate::dispatch;
use crate::gap::Reason;
use crate::kind::FileKind;
use crate::limits::Full;
use crate::place::Spot;
use crate::text::Collector;
use crate::zip::Archive;
use crate::{office, opendocument};

/// Reads every entry of an archive.
pub(crate) fn read(archive: &Archive<'_>, collector: &mut Collector) -> Result<(), Full> {
    if archive.is_odd {
        // Entries that only some programs see.
        collector.gap(Spot::Whole, Reason::Damaged);
    }
    let kind = kind_of(archive);
    collector.is_a(kind);
    match kind {
        FileKind::Word | FileKind::Workbook | FileKind::Presentation => {
            office::read(archive, kind, collector)?;
        }
        FileKind::OpenDocument => opendocument::read(archive, collector)?,
        _ => {
            for entry in &archive.entries {
                if entry.name.ends_with('/') {
                    collector.part()?;
                    continue;
                }
                let (bytes, missing) = archive.unpack(entry, collector)?;
                collector.inside(&entry.name, |collector| {
                    if let Some(reason) = missing {
                        collector.gap(Spot::Whole, reason);
                    }
                    dispatch::any(&bytes, collector)
                })?;
            }
        }
    }
    Ok(())
}

/// A document of parts says what it is by which parts it has.
fn kind_of(archive: &Archive<'_>) -> FileKind {
    let has_folder = |folder: &str| {
        archive
            .entries
            .iter()
            .any(|entry| entry.name.starts_with(folder))
    };
    if archive.has("content.xml") || (archive.has("mimetype") && archive.has("meta.xml")) {
        FileKind::OpenDocument
    } else if has_folder("word/") {
        FileKind::Word
    } else if has_folder("xl/") {
        FileKind::Workbook
    } else if has_folder("ppt/") {
        FileKind::Presentation
    } else {
        FileKind::Zip
    }
}
