//! `OpenDocument`: texts, sheets and presentations, with comments, tracked changes and properties.

use std::sync::Arc;

use crate::dispatch;
use crate::gap::Reason;
use crate::kind;
use crate::limits::{EMPTY_COLUMNS, Full};
use crate::office;
use crate::picture;
use crate::place::Spot;
use crate::text::{Collector, Join};
use crate::xml::{self, Attributes, Step};
use crate::zip::Archive;

/// Reads every part of a document.
pub(crate) fn read(archive: &Archive<'_>, collector: &mut Collector) -> Result<(), Full> {
    for entry in &archive.entries {
        let name = entry.name.as_str();
        if name.ends_with('/') || name == "mimetype" {
            continue;
        }
        collector.part()?;
        let bytes = office::unpack(archive, entry, collector)?;
        let is_xml = office::has_extension(name, "xml") || office::has_extension(name, "rdf");
        match name {
            "META-INF/manifest.xml" => {
                let is_locked = bytes.windows(15).any(|window| window == b"encryption-data");
                if is_locked {
                    collector.gap(Spot::Whole, Reason::Encrypted);
                    return Ok(());
                }
            }
            "meta.xml" => office::properties(name, &bytes, collector)?,
            _ if name.ends_with("content.xml") || name.ends_with("styles.xml") => {
                body(name, &bytes, collector)?;
            }
            _ if is_xml => settings(name, &bytes, collector)?,
            _ if kind::is_picture(&bytes) => {
                if !name.starts_with("Thumbnails/") || !is_preview(&bytes) {
                    picture::read(&bytes, Spot::Part(name.into()), collector)?;
                }
            }
            _ if bytes.is_empty() => {}
            _ => dispatch::inside(name, &bytes, collector)?,
        }
    }
    Ok(())
}

/// The preview of the first page is too small to read.
fn is_preview(bytes: &[u8]) -> bool {
    picture::sides(bytes).is_some_and(|(width, height)| width <= 256 && height <= 256)
}

/// Settings of the program: only their text, which is mostly numbers.
fn settings(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    xml::walk_part(
        bytes,
        &Spot::Part(name.into()),
        collector,
        |collector, step| match step {
            Step::Text(text) | Step::Aside(text)
                if text.chars().filter(|letter| letter.is_alphabetic()).count() > 2
                    && !matches!(text, "true" | "false") =>
            {
                collector.put(Spot::Part(name.into()), Join::Line, text.trim())
            }
            _ => Ok(()),
        },
    )
}

/// Attributes that somebody wrote or that only stand there.
const TELLING: &[&str] = &[
    "href",
    "title",
    "author",
    "string-value",
    "description",
    "help-message",
    "label",
    "formula",
];

/// Where in the document we are.
#[derive(Default)]
struct Body {
    /// Text of a comment, a change or a margin goes apart.
    aside: Vec<Spot>,
    line: String,
    n_paragraphs: u32,
    sheet: Option<Arc<str>>,
    is_sheet_hidden: bool,
    is_row_hidden: bool,
    row: u32,
    column: u32,
    n_repeats: u32,
    n_row_repeats: u32,
    last_column: u32,
    is_in_cell: bool,
    /// Styles whose tables are not shown.
    hidden_styles: Vec<String>,
    style: String,
    page: u32,
}

fn body(name: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    let mut body = Body::default();
    let is_styles = name.ends_with("styles.xml");
    if is_styles {
        body.aside.push(Spot::Margin);
    }
    xml::walk_part(
        bytes,
        &Spot::Part(name.into()),
        collector,
        |collector, step| body.step(&step, collector),
    )?;
    body.end_line(collector)
}

impl Body {
    fn step(&mut self, step: &Step<'_>, collector: &mut Collector) -> Result<(), Full> {
        match step {
            Step::Open(name, attributes) => self.open(name, attributes, collector),
            Step::Close(name) => self.close(name, collector),
            Step::Text(text) => {
                // Line ends in the markup are spaces.
                self.line.push_str(&text.replace(['\n', '\r', '\t'], " "));
                Ok(())
            }
            Step::Aside(text) => collector.put(Spot::Hidden, Join::Apart, text),
        }
    }

    fn open(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        match name {
            "annotation" => self.enter(Spot::Comment, collector)?,
            "tracked-changes" => self.enter(Spot::Deleted, collector)?,
            "note-body" => self.enter(Spot::Note, collector)?,
            "tab" => self.line.push(if self.is_in_cell { ' ' } else { '\t' }),
            "s" => {
                let n_spaces = attributes.number("c").unwrap_or(1).min(200);
                self.line
                    .push_str(&" ".repeat(usize::try_from(n_spaces).unwrap_or(1)));
            }
            "line-break" => self.line.push(if self.is_in_cell { ' ' } else { '\n' }),
            "style" => self.style = attributes.find("name").unwrap_or_default(),
            "table-properties"
                if attributes.find("display").as_deref() == Some("false")
                    && self.hidden_styles.len() < 1_000 =>
            {
                self.hidden_styles.push(self.style.clone());
            }
            "table" if self.aside.is_empty() => {
                let sheet = attributes.find("name").unwrap_or_default();
                let style = attributes.find("style-name").unwrap_or_default();
                self.is_sheet_hidden = self.hidden_styles.contains(&style);
                collector.put(Spot::Sheet(sheet.as_str().into()), Join::Apart, &sheet)?;
                self.sheet = Some(sheet.into());
                self.row = 0;
                self.n_row_repeats = 1;
            }
            "table-row" => {
                self.row = self.row.saturating_add(self.n_row_repeats.max(1));
                self.n_row_repeats = attributes.number("number-rows-repeated").unwrap_or(1);
                self.is_row_hidden = attributes
                    .find("visibility")
                    .is_some_and(|visible| visible != "visible");
                self.column = 0;
                self.n_repeats = 1;
                self.last_column = 0;
            }
            "table-cell" | "covered-table-cell" => {
                self.end_line(collector)?;
                self.column = self.column.saturating_add(self.n_repeats.max(1));
                self.n_repeats = attributes.number("number-columns-repeated").unwrap_or(1);
                self.is_in_cell = true;
            }
            "page" => self.page = self.page.saturating_add(1),
            _ => {}
        }
        for (attribute, value) in attributes.all() {
            if TELLING.contains(&attribute.as_str())
                && value.chars().count() > 2
                && !value.starts_with("Pictures/")
            {
                collector.put(
                    Spot::Attribute(attribute.as_str().into()),
                    Join::Apart,
                    &value,
                )?;
                self.last_column = 0;
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str, collector: &mut Collector) -> Result<(), Full> {
        match name {
            "p" | "h" if self.is_in_cell && self.aside.is_empty() => self.line.push(' '),
            "p" | "h" | "creator" | "date" | "title" | "desc" | "script" => {
                self.end_line(collector)?;
            }
            "table-cell" | "covered-table-cell" => {
                self.end_line(collector)?;
                self.is_in_cell = false;
            }
            "table" => self.sheet = None,
            "annotation" | "tracked-changes" | "note-body" => {
                self.end_line(collector)?;
                self.aside.pop();
            }
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, spot: Spot, collector: &mut Collector) -> Result<(), Full> {
        self.end_line(collector)?;
        if self.aside.len() < 100 {
            self.aside.push(spot);
        }
        Ok(())
    }

    fn end_line(&mut self, collector: &mut Collector) -> Result<(), Full> {
        let line = std::mem::take(&mut self.line);
        let line = line.trim();
        if line.is_empty() {
            return Ok(());
        }
        if let Some(spot) = self.aside.last() {
            self.last_column = 0;
            return collector.put(spot.clone(), Join::Apart, line);
        }
        if let (Some(sheet), true) = (&self.sheet, self.is_in_cell) {
            let (join, n_missing) = if self.last_column == 0 {
                (Join::Line, self.column.saturating_sub(1))
            } else {
                (
                    Join::Tab,
                    self.column
                        .saturating_sub(self.last_column)
                        .saturating_sub(1),
                )
            };
            let spot = Spot::Cell {
                sheet: Arc::clone(sheet),
                hidden: self.is_sheet_hidden || self.is_row_hidden,
                column: self.column,
                row: self.row,
            };
            self.last_column = self.column;
            let n_missing = usize::try_from(n_missing.min(EMPTY_COLUMNS)).unwrap_or(0);
            return collector.put(spot, join, &format!("{}{line}", "\t".repeat(n_missing)));
        }
        let spot = if self.page > 0 {
            Spot::Slide(self.page)
        } else {
            self.n_paragraphs = self.n_paragraphs.saturating_add(1);
            Spot::Paragraph(self.n_paragraphs)
        };
        collector.put(spot, Join::Line, line)
    }
}
