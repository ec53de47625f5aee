//! Tables as a workbook (Office Open XML): sheets of plain texts, nothing packed, nothing that computes.

use std::fmt::Write as _;

use super::{RECIPIENT_HEAD, ROPA_HEAD, RopaRow, recipient_rows, record_of_processing};
use crate::register::Register;

/// The record of processing and the list of recipients as a workbook.
#[must_use]
pub fn ropa_xlsx(register: &Register) -> Vec<u8> {
    let record = record_of_processing(register)
        .into_iter()
        .map(|row| RopaRow::cells(row).to_vec());
    let recipients = recipient_rows(register)
        .into_iter()
        .map(|row| row.cells.to_vec());
    let record = Sheet::of("record", &ROPA_HEAD, record);
    let recipients = Sheet::of("recipients", &RECIPIENT_HEAD, recipients);
    workbook(&[record, recipients])
}

/// One sheet: its name, and its rows with the headings first.
struct Sheet {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn of(name: &'static str, head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Self {
        let head = head.iter().map(|title| (*title).to_owned()).collect();
        Self {
            name,
            rows: std::iter::once(head).chain(rows).collect(),
        }
    }

    fn xml(&self) -> String {
        let mut xml = format!(
            "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\">\
             <pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>\
             </sheetView></sheetViews><sheetData>"
        );
        for row in &self.rows {
            xml.push_str("<row>");
            for cell in row {
                // An inline text is a text, whatever it begins with: nothing in it computes.
                let _ = write!(
                    xml,
                    "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                    escaped(cell)
                );
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData></worksheet>");
        xml
    }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    let mut types = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPE}.sheet.main+xml\"/>"
    );
    let mut book = format!("{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>");
    let mut links = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    let mut parts = Vec::new();
    for (number, sheet) in (1..).zip(sheets) {
        let path = format!("worksheets/sheet{number}.xml");
        let _ = write!(
            types,
            "<Override PartName=\"/xl/{path}\" ContentType=\"{TYPE}.worksheet+xml\"/>"
        );
        let _ = write!(
            book,
            "<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"r{number}\"/>",
            escaped(sheet.name)
        );
        let _ = write!(
            links,
            "<Relationship Id=\"r{number}\" Type=\"{OFFICE}/worksheet\" Target=\"{path}\"/>"
        );
        parts.push((format!("xl/{path}"), sheet.xml()));
    }
    types.push_str("</Types>");
    book.push_str("</sheets></workbook>");
    links.push_str("</Relationships>");
    let root = format!(
        "{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" \
         Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );

    let mut files = vec![
        ("[Content_Types].xml".to_owned(), types),
        ("_rels/.rels".to_owned(), root),
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), links),
    ];
    files.append(&mut parts);
    archive(&files)
}

/// A text inside XML; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            '\t' | '\n' | ' '.. => out.push(letter),
            _ => {}
        }
    }
    out
}

/// A ZIP archive of files that are stored as they are, with a fixed date: the same register gives the same bytes.
fn archive(files: &[(String, String)]) -> Vec<u8> {
    /// 1 January 1980, where ZIP begins to count.
    const DATE: u16 = 0x21;
    let mut out: Vec<u8> = Vec::new();
    let mut index: Vec<u8> = Vec::new();
    for (name, content) in files {
        let offset = length(out.len());
        let mut about: Vec<u8> = Vec::new();
        // Version 2.0, names in UTF-8, stored, midnight.
        for number in [20_u16, 0x0800, 0, 0, DATE] {
            about.extend(number.to_le_bytes());
        }
        let size = length(content.len());
        for number in [crc32(content.as_bytes()), size, size] {
            about.extend(number.to_le_bytes());
        }
        about.extend(short(name.len()).to_le_bytes());
        about.extend(0_u16.to_le_bytes());

        out.extend(0x0403_4B50_u32.to_le_bytes());
        out.extend(&about);
        out.extend(name.bytes());
        out.extend(content.bytes());

        index.extend(0x0201_4B50_u32.to_le_bytes());
        index.extend(20_u16.to_le_bytes());
        index.extend(&about);
        for number in [0_u16; 3] {
            index.extend(number.to_le_bytes());
        }
        index.extend(0_u32.to_le_bytes());
        index.extend(offset.to_le_bytes());
        index.extend(name.bytes());
    }
    let (offset, size, count) = (length(out.len()), length(index.len()), short(files.len()));
    out.append(&mut index);
    out.extend(0x0605_4B50_u32.to_le_bytes());
    for number in [0, 0, count, count] {
        out.extend(number.to_le_bytes());
    }
    out.extend(size.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend(0_u16.to_le_bytes());
    out
}

/// A register is far smaller than what ZIP can count.
fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn what_a_cell_says_stays_a_text() {
        assert_eq!(
            escaped("=HYPERLINK(\"x\") & <b>\u{1}\u{1F600}"),
            "=HYPERLINK(&quot;x&quot;) &amp; &lt;b&gt;\u{1F600}"
        );
    }
}
