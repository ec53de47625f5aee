//! Where a text stands in a file, as a person would look it up.

use std::fmt;
use std::sync::Arc;

/// The way to a text: through the files that contain it, to a spot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The names of the files within files, outermost first; empty for the file itself.
    pub path: Arc<[Arc<str>]>,
    /// The spot in the innermost file.
    pub spot: Spot,
}

/// A spot in one file. Numbers count from one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spot {
    /// The file as a whole.
    Whole,
    /// The name of the file.
    FileName,
    /// A line of plain text.
    Line(u32),
    /// A paragraph of the body.
    Paragraph(u32),
    /// A page.
    Page(u32),
    /// Something attached to a page: a note, a form field, a link.
    OnPage(u32),
    /// A slide.
    Slide(u32),
    /// The notes to a slide.
    SlideNotes(u32),
    /// A cell of a sheet.
    Cell {
        /// The name of the sheet.
        sheet: Arc<str>,
        /// Whether the sheet, the row or the column is hidden.
        hidden: bool,
        /// 1 is A.
        column: u32,
        /// As the program shows it.
        row: u32,
    },
    /// Something on a sheet outside the cells: its name, a header, a check on input.
    Sheet(Arc<str>),
    /// The text above or below every page.
    Margin,
    /// A footnote or endnote.
    Note,
    /// A comment, with whoever made it.
    Comment,
    /// Text that a tracked change removed.
    Deleted,
    /// Text that is there but not shown.
    Hidden,
    /// A property of the document, or of a picture.
    Property(Arc<str>),
    /// A field in the head of a message.
    Field(Arc<str>),
    /// An attribute of an element, such as a description or an address behind a link.
    Attribute(Arc<str>),
    /// An address that the document refers to.
    Link,
    /// Another part, by its name in the file.
    Part(Arc<str>),
    /// An earlier version that the file still carries, the newest first.
    EarlierVersion(u32),
}

/// The letters of a spreadsheet column: 1 is A, 27 is AA.
pub(crate) fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or(0)));
        column /= 26;
    }
    letters.iter().rev().collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in self.path.iter() {
            write!(f, "{name} › ")?;
        }
        self.spot.fmt(f)
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spot::Whole => f.write_str("the file"),
            Spot::FileName => f.write_str("the name of the file"),
            Spot::Line(number) => write!(f, "line {number}"),
            Spot::Paragraph(number) => write!(f, "paragraph {number}"),
            Spot::Page(number) => write!(f, "page {number}"),
            Spot::OnPage(number) => write!(f, "page {number}, note, field or link"),
            Spot::Slide(number) => write!(f, "slide {number}"),
            Spot::SlideNotes(number) => write!(f, "slide {number}, notes"),
            Spot::Cell {
                sheet,
                hidden,
                column,
                row,
            } => {
                let hidden = if *hidden { " (hidden)" } else { "" };
                write!(
                    f,
                    "sheet {sheet}{hidden}, cell {}{row}",
                    column_letters(*column)
                )
            }
            Spot::Sheet(name) => write!(f, "sheet {name}"),
            Spot::Margin => f.write_str("page header or footer"),
            Spot::Note => f.write_str("footnote"),
            Spot::Comment => f.write_str("comment"),
            Spot::Deleted => f.write_str("deleted text"),
            Spot::Hidden => f.write_str("hidden text"),
            Spot::Property(name) => write!(f, "property {name}"),
            Spot::Field(name) => write!(f, "header {name}"),
            Spot::Attribute(name) => write!(f, "attribute {name}"),
            Spot::Link => f.write_str("link"),
            Spot::Part(name) => write!(f, "part {name}"),
            Spot::EarlierVersion(number) => write!(f, "earlier version {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_a_person_would_look_it_up() {
        let place = Place {
            path: vec![Arc::from("mail.eml"), Arc::from("lijst.xlsx")].into(),
            spot: Spot::Cell {
                sheet: Arc::from("Personeel"),
                hidden: true,
                column: 28,
                row: 3,
            },
        };
        assert_eq!(
            place.to_string(),
            "mail.eml › lijst.xlsx › sheet Personeel (hidden), cell AB3"
        );
    }
}
