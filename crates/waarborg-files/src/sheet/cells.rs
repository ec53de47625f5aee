//! One sheet: its cells as lines of text with tabs, and what else is written on it.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Shared;
use crate::limits::{EMPTY_COLUMNS, Full};
use crate::place::Spot;
use crate::text::{Collector, Join};
use crate::xml::{self, Attributes, Step};

/// The cell that is being read.
#[derive(Default)]
struct Cell {
    column: u32,
    row: u32,
    kind: String,
    style: usize,
    value: String,
    inline: String,
    formula: String,
}

struct Sheet<'s> {
    name: &'s Arc<str>,
    is_hidden: bool,
    shared: &'s Shared,
    hidden_columns: Vec<RangeInclusive<u32>>,
    row: u32,
    is_row_hidden: bool,
    /// The last column of this row that has a text; zero at its beginning.
    last_column: u32,
    cell: Option<Cell>,
    element: String,
    has_cells: bool,
    /// Text outside the cells, until its element ends.
    outside: String,
}

/// Attributes that somebody wrote.
const TELLING: &[&str] = &[
    "display",
    "tooltip",
    "location",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "name",
    "userName",
    "title",
    "codeName",
];

pub(super) fn read(
    bytes: &[u8],
    name: &Arc<str>,
    is_hidden: bool,
    shared: &Shared,
    collector: &mut Collector,
) -> Result<(), Full> {
    let mut sheet = Sheet {
        name,
        is_hidden,
        shared,
        hidden_columns: Vec::new(),
        row: 0,
        is_row_hidden: false,
        last_column: 0,
        cell: None,
        element: String::new(),
        has_cells: false,
        outside: String::new(),
    };
    xml::walk_part(
        bytes,
        &Spot::Sheet(Arc::clone(name)),
        collector,
        |collector, step| sheet.step(&step, collector),
    )
}

impl Sheet<'_> {
    fn step(&mut self, step: &Step<'_>, collector: &mut Collector) -> Result<(), Full> {
        match step {
            Step::Open(name, attributes) => {
                self.open(name, attributes);
                self.attributes(name, attributes, collector)?;
                self.element.clear();
                self.element.push_str(name);
            }
            Step::Close("c") => {
                if let Some(cell) = self.cell.take() {
                    self.put(&cell, collector)?;
                }
                self.element.clear();
            }
            Step::Close(name) => {
                self.element.clear();
                self.end_outside(name, collector)?;
            }
            Step::Text(text) => self.text(text),
            Step::Aside(text) => collector.put(self.around(), Join::Apart, text)?,
        }
        Ok(())
    }

    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "col" if attributes.is_set("hidden") && self.hidden_columns.len() < 200 => {
                let range =
                    attributes.number("min").unwrap_or(0)..=attributes.number("max").unwrap_or(0);
                self.hidden_columns.push(range);
            }
            "row" => {
                self.row = attributes.number("r").unwrap_or(self.row.saturating_add(1));
                self.is_row_hidden = attributes.is_set("hidden");
                self.last_column = 0;
            }
            "c" => {
                let place = attributes.find("r").and_then(|name| cell_name(&name));
                let (column, row) = place.unwrap_or((self.last_column.saturating_add(1), self.row));
                self.cell = Some(Cell {
                    column,
                    row,
                    kind: attributes.find("t").unwrap_or_default(),
                    style: attributes
                        .number("s")
                        .and_then(|style| usize::try_from(style).ok())
                        .unwrap_or(0),
                    ..Cell::default()
                });
            }
            _ => {}
        }
    }

    fn attributes(
        &self,
        name: &str,
        attributes: &Attributes<'_>,
        collector: &mut Collector,
    ) -> Result<(), Full> {
        if matches!(name, "c" | "row" | "col" | "v" | "f") {
            return Ok(());
        }
        for (attribute, value) in attributes.all() {
            if TELLING.contains(&attribute.as_str()) {
                collector.put(self.around(), Join::Apart, &value)?;
            }
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        let Some(cell) = &mut self.cell else {
            self.outside.push_str(text);
            return;
        };
        match self.element.as_str() {
            "v" => cell.value.push_str(text),
            "f" => cell.formula.push_str(text),
            _ => cell.inline.push_str(text),
        }
    }

    /// Headers, checks on input, conditions.
    fn end_outside(&mut self, element: &str, collector: &mut Collector) -> Result<(), Full> {
        let text = std::mem::take(&mut self.outside);
        let text = if element.ends_with("Header") || element.ends_with("Footer") {
            without_codes(&text)
        } else {
            text
        };
        let has_letters = text.chars().any(char::is_alphabetic)
            || text.bytes().filter(u8::is_ascii_digit).count() > 5;
        if has_letters {
            collector.put(self.around(), Join::Apart, text.trim())?;
        }
        Ok(())
    }

    fn put(&mut self, cell: &Cell, collector: &mut Collector) -> Result<(), Full> {
        let shown = self.shown(cell);
        let spot = self.spot(cell);
        // A formula is only read for what somebody wrote in it.
        if cell.formula.contains('"') {
            collector.put(spot.clone(), Join::Apart, &cell.formula)?;
            self.last_column = 0;
        }
        let text: String = shown
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let (join, n_missing) = if self.last_column == 0 {
            (
                if self.has_cells {
                    Join::Line
                } else {
                    Join::Apart
                },
                cell.column.saturating_sub(1),
            )
        } else {
            (
                Join::Tab,
                cell.column
                    .saturating_sub(self.last_column)
                    .saturating_sub(1),
            )
        };
        let n_missing = usize::try_from(n_missing.min(EMPTY_COLUMNS)).unwrap_or(0);
        let padded = format!("{}{text}", "\t".repeat(n_missing));
        self.last_column = cell.column;
        self.has_cells = true;
        collector.put(spot, join, &padded)
    }

    /// What a person sees in the cell.
    fn shown(&self, cell: &Cell) -> String {
        match cell.kind.as_str() {
            "s" => cell
                .value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|index| self.shared.strings.get(index))
                .cloned()
                .unwrap_or_default(),
            "inlineStr" => cell.inline.clone(),
            "b" | "e" => String::new(),
            "str" | "d" => format!("{}{}", cell.value, cell.inline),
            _ => {
                let number = self.shared.formats.shown(
                    cell.style,
                    cell.value.trim(),
                    self.shared.is_from_1904,
                );
                format!("{number}{}", cell.inline)
            }
        }
    }

    fn spot(&self, cell: &Cell) -> Spot {
        let is_column_hidden = self
            .hidden_columns
            .iter()
            .any(|range| range.contains(&cell.column));
        Spot::Cell {
            sheet: Arc::clone(self.name),
            hidden: self.is_hidden || self.is_row_hidden || is_column_hidden,
            column: cell.column,
            row: cell.row,
        }
    }

    fn around(&self) -> Spot {
        Spot::Sheet(Arc::clone(self.name))
    }
}

/// `C4` is the third column of the fourth row.
fn cell_name(name: &str) -> Option<(u32, u32)> {
    let name = name.replace('$', "");
    let n_letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = name.split_at_checked(n_letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0_u32, |column, letter| {
        column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some((column, digits.parse().ok()?))
}

/// A page header without its codes: `&L` left, `&"Arial"` font, `&12` size, `&P` page.
fn without_codes(text: &str) -> String {
    let mut bare = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '&' {
            bare.push(letter);
            continue;
        }
        match letters.next() {
            Some('&') => bare.push('&'),
            Some('"') => while letters.next().is_some_and(|letter| letter != '"') {},
            Some(digit) if digit.is_ascii_digit() => {
                while letters.next_if(char::is_ascii_digit).is_some() {}
            }
            _ => bare.push(' '),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_header_is_read_without_its_codes() {
        assert_eq!(
            without_codes("&L&\"Arial,Bold\"&12Jan &&& Co&RPagina &P"),
            " Jan & Co Pagina  "
        );
    }

    #[test]
    fn a_cell_has_a_column_and_a_row() {
        assert_eq!(cell_name("C4"), Some((3, 4)));
        assert_eq!(cell_name("AB12"), Some((28, 12)));
        assert_eq!(cell_name("4"), None);
        assert_eq!(cell_name("ABCD4"), None);
    }
}
