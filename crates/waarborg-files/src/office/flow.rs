//! Text that flows through a part of a document: paragraphs, tables, tracked changes, descriptions.

use std::collections::BTreeSet;

use crate::limits::Full;
use crate::place::Spot;
use crate::text::{Collector, Join};
use crate::xml::{self, Attributes, Step};

/// What the text of a part is.
pub(super) enum Base {
    /// The body, counted in paragraphs.
    Paragraphs,
    /// All of it the same.
    Fixed(Spot),
}

/// Attributes that somebody wrote or chose.
const TELLING: &[&str] = &[
    "author",
    "initials",
    "descr",
    "title",
    "alt",
    "displayName",
    "userId",
    "tooltip",
    "displayText",
    "instr",
    "v",
    "caption",
    "name",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "providerId",
    "lastUser",
    "href",
    "string",
];

/// Elements whose value somebody wrote, in the attribute `val`.
const WRITTEN: &[&str] = &[
    "alias",
    "tag",
    "default",
    "helpText",
    "statusText",
    "result",
    "docPartCategory",
];

struct Flow<'p> {
    base: &'p Base,
    part: &'p str,
    line: String,
    deleted: String,
    instruction: String,
    n_paragraphs: u32,
    /// How many cells of tables lie around this place.
    n_cells: usize,
    n_deletions: usize,
    element: String,
    /// Attributes that were said before: the same author stands at every change.
    said: BTreeSet<String>,
}

/// Reads a part.
pub(super) fn read(
    part: &str,
    bytes: &[u8],
    base: &Base,
    collector: &mut Collector,
) -> Result<(), Full> {
    let mut flow = Flow {
        base,
        part,
        line: String::new(),
        deleted: String::new(),
        instruction: String::new(),
        n_paragraphs: 0,
        n_cells: 0,
        n_deletions: 0,
        element: String::new(),
        said: BTreeSet::new(),
    };
    xml::walk_part(
        bytes,
        &Spot::Part(part.into()),
        collector,
        |collector, step| flow.step(&step, collector),
    )?;
    flow.end_line(collector)
}

/// Reads only text that should not be there: between the elements of a part with settings.
pub(super) fn stray_text(part: &str, bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    xml::walk_part(
        bytes,
        &Spot::Part(part.into()),
        collector,
        |collector, step| match step {
            Step::Text(text) | Step::Aside(text) => collector.put(Spot::Hidden, Join::Line, text),
            Step::Open(..) | Step::Close(_) => Ok(()),
        },
    )
}

impl Flow<'_> {
    fn step(&mut self, step: &Step<'_>, collector: &mut Collector) -> Result<(), Full> {
        match step {
            Step::Open(name, attributes) => self.open(name, attributes, collector),
            Step::Close(name) => self.close(name, collector),
            Step::Text(text) => self.text(text, collector),
            Step::Aside(text) => collector.put(Spot::Hidden, Join::Line, text),
        }
    }

    fn open(
        &mut self,
        name: &str,
        attributes: &Attributes<'_>,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        match name {
            "tc" => self.n_cells += 1,
            "del" | "moveFrom" => self.n_deletions += 1,
            "tab" | "ptab" => self.running().push('\t'),
            "br" | "cr" if self.n_cells == 0 => self.running().push('\n'),
            "br" | "cr" => self.running().push(' '),
            "noBreakHyphen" => self.running().push('-'),
            _ => {}
        }
        name.clone_into(&mut self.element);
        let is_written = WRITTEN.contains(&name);
        for (attribute, value) in attributes.all() {
            let tells = TELLING.contains(&attribute.as_str()) || (is_written && attribute == "val");
            // Programs number the shapes that nobody named.
            let is_automatic =
                attribute == "name" && value.ends_with(|letter: char| letter.is_ascii_digit());
            if tells
                && !is_automatic
                && value.chars().count() >= 2
                && !value.starts_with("urn:schemas-")
                && self.is_new(&value)
            {
                let spot = if matches!(attribute.as_str(), "author" | "initials" | "displayName") {
                    Spot::Comment
                } else {
                    Spot::Attribute(attribute.as_str().into())
                };
                collector.put(spot, Join::Line, &value)?;
            }
        }
        Ok(())
    }

    /// Whether a value was not said before; a part with very many of them is not remembered without end.
    fn is_new(&mut self, value: &str) -> bool {
        if self.said.len() > 10_000 {
            self.said.clear();
        }
        self.said.insert(value.to_owned())
    }

    fn close(&mut self, name: &str, collector: &mut Collector) -> Result<(), Full> {
        match name {
            "p" if self.n_cells > 0 => self.line.push(' '),
            "p" | "tr" | "comment" | "author" | "si" | "text" => self.end_line(collector)?,
            "tc" => {
                self.n_cells = self.n_cells.saturating_sub(1);
                self.line.truncate(self.line.trim_end_matches(' ').len());
                self.line.push('\t');
            }
            "del" | "moveFrom" => self.n_deletions = self.n_deletions.saturating_sub(1),
            _ => {}
        }
        self.element.clear();
        Ok(())
    }

    fn text(&mut self, text: &str, collector: &mut Collector) -> Result<(), Full> {
        match self.element.as_str() {
            "t" | "delText" | "author" | "text" => {
                self.running().push_str(text);
                Ok(())
            }
            "instrText" | "delInstrText" => {
                self.instruction.push_str(text);
                Ok(())
            }
            // Measures and positions of drawings.
            "posOffset" | "align" | "pctWidth" | "pctHeight" | "pctPosHOffset"
            | "pctPosVOffset" => Ok(()),
            _ => collector.put(Spot::Part(self.part.into()), Join::Line, text.trim()),
        }
    }

    /// The line that text goes to now.
    fn running(&mut self) -> &mut String {
        if self.n_deletions > 0 {
            &mut self.deleted
        } else {
            &mut self.line
        }
    }

    fn end_line(&mut self, collector: &mut Collector) -> Result<(), Full> {
        let line = std::mem::take(&mut self.line);
        let spot = match self.base {
            Base::Fixed(spot) => spot.clone(),
            Base::Paragraphs => {
                self.n_paragraphs = self.n_paragraphs.saturating_add(1);
                Spot::Paragraph(self.n_paragraphs)
            }
        };
        collector.put(spot, Join::Line, line.trim_end())?;
        let deleted = std::mem::take(&mut self.deleted);
        collector.put(Spot::Deleted, Join::Apart, deleted.trim())?;
        let instruction = std::mem::take(&mut self.instruction);
        collector.put(Spot::Link, Join::Apart, instruction.trim())
    }
}
