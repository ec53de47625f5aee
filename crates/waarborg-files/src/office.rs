//! Documents of today's Office: DOCX, XLSX and PPTX, every part of them.

mod flow;

use crate::dispatch;
use crate::kind::{self, FileKind};
use crate::limits::Full;
use crate::picture;
use crate::place::Spot;
use crate::sheet;
use crate::text::{Collector, Join};
use crate::xml::{self, Step};
use crate::zip::{Archive, Entry};
use flow::Base;

/// Parts that hold settings of the program. Only text between their elements is read; there should be none.
const SETTINGS: &[&str] = &[
    "[Content_Types].xml",
    "word/styles.xml",
    "word/stylesWithEffects.xml",
    "word/fontTable.xml",
    "word/numbering.xml",
    "word/webSettings.xml",
    "word/settings.xml",
    "xl/styles.xml",
    "xl/calcChain.xml",
    "ppt/presProps.xml",
    "ppt/viewProps.xml",
    "ppt/tableStyles.xml",
];

/// The previews of a first page that programs add are too small to read; a larger one is a picture like any.
const PREVIEW_SIDE: u64 = 256;

/// Reads every part of a document.
pub(crate) fn read(
    archive: &Archive<'_>,
    kind: FileKind,
    collector: &mut Collector,
) -> Result<(), Full> {
    let mut is_read = vec![false; archive.entries.len()];
    if kind == FileKind::Workbook {
        sheet::read(archive, &mut is_read, collector)?;
    }
    for (entry, _) in archive
        .entries
        .iter()
        .zip(is_read)
        .filter(|(entry, done)| !done && !entry.name.ends_with('/'))
    {
        collector.part()?;
        read_part(archive, entry, collector)?;
    }
    Ok(())
}

fn read_part(archive: &Archive<'_>, entry: &Entry, collector: &mut Collector) -> Result<(), Full> {
    let name = entry.name.as_str();
    let bytes = unpack(archive, entry, collector)?;
    let is_xml = has_extension(name, "xml") || has_extension(name, "vml");
    if has_extension(name, "rels") {
        return links(name, &bytes, collector);
    }
    if name.starts_with("docProps/") && is_xml {
        return properties(name, &bytes, collector);
    }
    if SETTINGS.contains(&name) || (name.contains("/theme/") && is_xml) {
        return flow::stray_text(name, &bytes, collector);
    }
    if let Some(base) = base_of(name).filter(|_| is_xml) {
        return flow::read(name, &bytes, &base, collector);
    }
    if is_xml {
        return xml::read(&bytes, &Spot::Part(name.into()), collector);
    }
    other_part(name, &bytes, collector)
}

/// What a part that flows is to a person.
fn base_of(name: &str) -> Option<Base> {
    let (folder, file) = name.rsplit_once('/')?;
    let number = || {
        let digits: String = file.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    let has = |start: &str| file.starts_with(start);
    let base = match folder {
        "word" if has("document") => Base::Paragraphs,
        "word" if has("header") || has("footer") => Base::Fixed(Spot::Margin),
        "word" if has("footnotes") || has("endnotes") => Base::Fixed(Spot::Note),
        "ppt/slides" => Base::Fixed(Spot::Slide(number())),
        "ppt/notesSlides" => Base::Fixed(Spot::SlideNotes(number())),
        "ppt/comments" | "xl/comments" | "xl/threadedComments" | "xl/persons" => {
            Base::Fixed(Spot::Comment)
        }
        "word" | "xl" if has("comments") => Base::Fixed(Spot::Comment),
        _ if name.starts_with("word/") || name.starts_with("ppt/") || name.starts_with("xl/") => {
            Base::Fixed(Spot::Part(name.into()))
        }
        _ => return None,
    };
    Some(base)
}

/// Pictures, embedded files, and what programs add.
fn other_part(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let spot = Spot::Part(name.into());
    let is_font = ["odttf", "fntdata", "ttf", "otf"]
        .iter()
        .any(|extension| has_extension(name, extension));
    if bytes.is_empty() || is_font {
        return Ok(());
    }
    if name.contains("printerSettings") {
        return collector.put(spot, Join::Apart, &two_byte_words(bytes));
    }
    if kind::is_picture(bytes) {
        let is_preview = name.to_ascii_lowercase().contains("thumbnail")
            && picture::sides(bytes)
                .is_some_and(|(width, height)| width <= PREVIEW_SIDE && height <= PREVIEW_SIDE);
        return if is_preview {
            Ok(())
        } else {
            picture::read(bytes, spot, collector)
        };
    }
    dispatch::inside(name, bytes, collector)
}

/// Unpacks a part; what is missing from it is said.
pub(crate) fn unpack(
    archive: &Archive<'_>,
    entry: &Entry,
    collector: &mut Collector,
) -> Result<Vec<u8>, Full> {
    let (bytes, missing) = archive.unpack(entry, collector)?;
    if let Some(reason) = missing {
        collector.gap(Spot::Part(entry.name.as_str().into()), reason);
    }
    Ok(bytes)
}

/// Title, author, company and whatever else somebody filled in.
pub(crate) fn properties(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let mut property = String::new();
    let mut own_name = None;
    let mut value = String::new();
    xml::walk_part(
        bytes,
        &Spot::Part(name.into()),
        collector,
        |collector, step| {
            match step {
                Step::Open(element, attributes) => {
                    // Properties that somebody made have their name in an attribute.
                    if element == "property" || element == "user-defined" {
                        own_name = attributes.find("name");
                    }
                    element.clone_into(&mut property);
                    value.clear();
                }
                Step::Text(text) => value.push_str(text),
                Step::Aside(text) => collector.put(Spot::Comment, Join::Line, text)?,
                Step::Close(element) => {
                    let shown = own_name.as_deref().unwrap_or(&property);
                    if !value.trim().is_empty() && !is_a_program(&value) {
                        let line = format!("{shown}: {}", value.trim());
                        collector.put(Spot::Property(shown.into()), Join::Line, &line)?;
                    }
                    value.clear();
                    if element == "property" || element == "user-defined" {
                        own_name = None;
                    }
                }
            }
            Ok(())
        },
    )
}

/// What the programs themselves fill in, in every document.
fn is_a_program(value: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "Microsoft Office",
        "Microsoft Word",
        "Microsoft Excel",
        "Microsoft PowerPoint",
        "Microsoft Macintosh",
        "LibreOffice",
        "Normal.dot",
    ];
    let value = value.trim();
    value.len() < 60 && PROGRAMS.iter().any(|program| value.starts_with(program))
}

/// Where a part points to outside the document.
fn links(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    xml::walk_part(
        bytes,
        &Spot::Part(name.into()),
        collector,
        |collector, step| match step {
            Step::Open(_, attributes)
                if attributes.find("TargetMode").as_deref() == Some("External") =>
            {
                let target = attributes.find("Target").unwrap_or_default();
                collector.put(Spot::Link, Join::Line, &target)
            }
            Step::Text(text) | Step::Aside(text) => collector.put(Spot::Hidden, Join::Line, text),
            Step::Open(..) | Step::Close(_) => Ok(()),
        },
    )
}

pub(crate) fn has_extension(name: &str, extension: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, other)| other.eq_ignore_ascii_case(extension))
}

/// The words of two-byte letters in a block of a program's own.
fn two_byte_words(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| {
        u16::from_le_bytes([
            pair.first().copied().unwrap_or(0),
            pair.get(1).copied().unwrap_or(0),
        ])
    });
    let letters: String = char::decode_utf16(units)
        .map(|letter| {
            letter
                .ok()
                .filter(|letter| !letter.is_control())
                .unwrap_or('\n')
        })
        .collect();
    letters
        .split('\n')
        .filter(|word| {
            word.chars().count() >= 4 && word.chars().all(|letter| (letter as u32) < 0x250)
        })
        .collect::<Vec<_>>()
        .join("\n")
}
