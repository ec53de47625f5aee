//! Workbooks (XLSX): every cell of every sheet, hidden or not, with dates as dates and columns kept in order.

mod cells;
mod format;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::limits::Full;
use crate::office;
use crate::place::Spot;
use crate::text::{Collector, Join};
use crate::xml::{self, Step};
use crate::zip::Archive;
use format::Formats;

/// What a workbook says about one of its sheets.
struct Listed {
    name: Arc<str>,
    relation: String,
    is_hidden: bool,
}

/// What cells refer to.
struct Shared {
    strings: Vec<String>,
    formats: Formats,
    /// Days are counted from 1904, as old Macintoshes do.
    is_from_1904: bool,
}

/// Reads the sheets of a workbook and marks the parts that are done.
pub(crate) fn read(
    archive: &Archive<'_>,
    is_read: &mut [bool],
    collector: &mut Collector,
) -> Result<(), Full> {
    let (sheets, is_from_1904) = workbook(archive, is_read, collector)?;
    let targets = relations(archive, collector)?;
    let shared = Shared {
        strings: shared_strings(archive, is_read, collector)?,
        formats: match part(archive, "xl/styles.xml", None, collector)? {
            Some(bytes) => Formats::read(&bytes),
            None => Formats::default(),
        },
        is_from_1904,
    };
    for sheet in &sheets {
        let Some(target) = targets.get(&sheet.relation) else {
            continue;
        };
        if let Some(bytes) = part(archive, target, Some(is_read), collector)? {
            cells::read(&bytes, &sheet.name, sheet.is_hidden, &shared, collector)?;
        }
    }
    // A sheet that the workbook does not list is still in the file.
    for (entry, done) in archive.entries.iter().zip(is_read) {
        if !*done
            && entry.name.starts_with("xl/worksheets/")
            && office::has_extension(&entry.name, "xml")
        {
            *done = true;
            collector.part()?;
            let bytes = office::unpack(archive, entry, collector)?;
            cells::read(
                &bytes,
                &entry.name.as_str().into(),
                true,
                &shared,
                collector,
            )?;
        }
    }
    Ok(())
}

/// The bytes of the last entry with this name; programs disagree about doubles, so the others are read as parts too.
fn part(
    archive: &Archive<'_>,
    name: &str,
    is_read: Option<&mut [bool]>,
    collector: &mut Collector,
) -> Result<Option<Vec<u8>>, Full> {
    collector.part()?;
    let Some(at) = archive.entries.iter().rposition(|entry| entry.name == name) else {
        return Ok(None);
    };
    if let Some(done) = is_read.and_then(|is_read| is_read.get_mut(at)) {
        *done = true;
    }
    match archive.entries.get(at) {
        Some(entry) => office::unpack(archive, entry, collector).map(Some),
        None => Ok(None),
    }
}

/// The list of sheets; names of cells and ranges are read on the way.
fn workbook(
    archive: &Archive<'_>,
    is_read: &mut [bool],
    collector: &mut Collector,
) -> Result<(Vec<Listed>, bool), Full> {
    let mut sheets = Vec::new();
    let mut is_from_1904 = false;
    let name = "xl/workbook.xml";
    let Some(bytes) = part(archive, name, Some(is_read), collector)? else {
        return Ok((sheets, is_from_1904));
    };
    let spot = Spot::Part(name.into());
    xml::walk_part(&bytes, &spot.clone(), collector, |collector, step| {
        match step {
            Step::Open("sheet", attributes) => {
                let name: Arc<str> = attributes.find("name").unwrap_or_default().into();
                collector.put(Spot::Sheet(Arc::clone(&name)), Join::Line, &name)?;
                sheets.push(Listed {
                    name,
                    relation: relation_of(attributes),
                    is_hidden: attributes
                        .find("state")
                        .is_some_and(|state| state != "visible"),
                });
            }
            Step::Open(element, attributes) => {
                is_from_1904 |= element == "workbookPr" && attributes.is_set("date1904");
                for (attribute, value) in attributes.all() {
                    let tells = matches!(
                        attribute.as_str(),
                        "name" | "comment" | "description" | "userName" | "url"
                    );
                    if tells {
                        collector.put(spot.clone(), Join::Line, &value)?;
                    }
                }
            }
            Step::Text(text) | Step::Aside(text) => {
                collector.put(spot.clone(), Join::Line, text)?;
            }
            Step::Close(_) => {}
        }
        Ok(())
    })?;
    Ok((sheets, is_from_1904))
}

/// The attribute `r:id`, that shares its name with others when the prefix is left off.
fn relation_of(attributes: &xml::Attributes<'_>) -> String {
    attributes.find("id").unwrap_or_default()
}

fn relations(
    archive: &Archive<'_>,
    collector: &mut Collector,
) -> Result<BTreeMap<String, String>, Full> {
    let mut targets = BTreeMap::new();
    let name = "xl/_rels/workbook.xml.rels";
    let Some(bytes) = part(archive, name, None, collector)? else {
        return Ok(targets);
    };
    xml::walk_part(&bytes, &Spot::Part(name.into()), collector, |_, step| {
        if let Step::Open("Relationship", attributes) = step {
            let target = attributes.find("Target").unwrap_or_default();
            let target = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => format!("xl/{target}"),
            };
            targets.insert(attributes.find("Id").unwrap_or_default(), target);
        }
        Ok(())
    })?;
    Ok(targets)
}

fn shared_strings(
    archive: &Archive<'_>,
    is_read: &mut [bool],
    collector: &mut Collector,
) -> Result<Vec<String>, Full> {
    let mut strings = Vec::new();
    let name = "xl/sharedStrings.xml";
    let Some(bytes) = part(archive, name, Some(is_read), collector)? else {
        return Ok(strings);
    };
    let mut is_text = false;
    let mut current = String::new();
    xml::walk_part(
        &bytes,
        &Spot::Part(name.into()),
        collector,
        |collector, step| {
            match step {
                Step::Open(element, _) => is_text = element == "t",
                Step::Close("si") => strings.push(std::mem::take(&mut current)),
                Step::Close(_) => is_text = false,
                Step::Text(text) if is_text => current.push_str(text),
                Step::Text(text) | Step::Aside(text) => {
                    collector.put(Spot::Part(name.into()), Join::Line, text)?;
                }
            }
            Ok(())
        },
    )?;
    Ok(strings)
}
