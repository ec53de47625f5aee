//! From the codes in a page to letters: what a font says its codes mean, and how wide they are.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::lexer::{Lexer, Operand};

/// The largest table of letters that is read.
const TABLE_BYTES: usize = 4 * 1024 * 1024;
/// The most letters and ranges of one table.
const TABLE_ROWS: usize = 200_000;

/// A font as far as its letters go.
pub(super) struct Font {
    /// How many bytes one code has.
    n_code_bytes: usize,
    table: Table,
    /// For fonts of single bytes.
    letters: Vec<Option<String>>,
    /// Codes are letters in two bytes themselves.
    is_unicode: bool,
    widths: BTreeMap<u32, f64>,
    default_width: Option<f64>,
    /// Signs and ornaments: a code without a letter says nothing.
    is_ornaments: bool,
    /// How large the table of letters is.
    pub(super) n_table_bytes: usize,
}

/// The letters of a code, from the table that a font carries for copying.
#[derive(Default)]
struct Table {
    single: BTreeMap<u32, String>,
    /// By their first code: the last code, and the letters of the first.
    ranges: BTreeMap<u32, (u32, String)>,
}

/// One code of a text.
pub(super) struct Shown {
    /// `None` when the font gives it no meaning.
    pub(super) letters: Option<String>,
    /// In thousandths of the size of the font.
    pub(super) width: f64,
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn read(font: &Dictionary, document: &Document) -> Font {
        let is_composite = name_of(font, b"Subtype", document).as_deref() == Some(b"Type0");
        let table = font
            .get_deref(b"ToUnicode", document)
            .ok()
            .and_then(|object| object.as_stream().ok())
            .and_then(|stream| stream.get_plain_content_with_limit(TABLE_BYTES).ok())
            .unwrap_or_default();
        let n_table_bytes = table.len();
        let table = Table::read(&table);
        let base = name_of(font, b"BaseFont", document).unwrap_or_default();
        let base = String::from_utf8_lossy(&base).to_ascii_lowercase();
        let is_ornaments = ["dingbat", "wingding", "webding", "symbol"]
            .iter()
            .any(|name| base.contains(name));
        let mut read = Font {
            n_code_bytes: 1,
            table,
            letters: Vec::new(),
            is_unicode: false,
            widths: BTreeMap::new(),
            default_width: None,
            is_ornaments,
            n_table_bytes,
        };
        if is_composite {
            read.composite(font, document);
        } else {
            read.simple(font, document);
        }
        read
    }

    fn composite(&mut self, font: &Dictionary, document: &Document) {
        self.n_code_bytes = 2;
        let encoding = name_of(font, b"Encoding", document).unwrap_or_default();
        self.is_unicode = [&b"UCS2"[..], b"UTF16"]
            .iter()
            .any(|part| encoding.windows(part.len()).any(|window| window == *part));
        self.default_width = Some(1000.0);
        let below = font
            .get_deref(b"DescendantFonts", document)
            .ok()
            .and_then(|object| object.as_array().ok())
            .and_then(|fonts| fonts.first())
            .and_then(|object| document.dereference(object).ok())
            .and_then(|(_, object)| object.as_dict().ok());
        let Some(below) = below else { return };
        if let Some(width) = number_of(below, b"DW", document) {
            self.default_width = Some(width);
        }
        if let Ok(widths) = below.get_deref(b"W", document).and_then(Object::as_array) {
            self.composite_widths(widths, document);
        }
    }

    /// `first [w w w]` or `first last w`.
    fn composite_widths(&mut self, widths: &[Object], document: &Document) {
        let mut pending: Vec<f64> = Vec::new();
        for object in widths {
            let object = document
                .dereference(object)
                .map_or(object, |(_, object)| object);
            if let Ok(list) = object.as_array() {
                let first = pending.pop().unwrap_or(0.0);
                for (offset, width) in list.iter().take(65_536).enumerate() {
                    if let (Some(code), Ok(width)) = (code_of(first), width.as_float())
                        && let Ok(offset) = u32::try_from(offset)
                    {
                        self.widths
                            .insert(code.saturating_add(offset), f64::from(width));
                    }
                }
                pending.clear();
                continue;
            }
            pending.push(f64::from(object.as_float().unwrap_or(0.0)));
            if let [first, last, width] = pending.as_slice() {
                if let (Some(first), Some(last)) = (code_of(*first), code_of(*last)) {
                    for code in first..=last.min(65_535) {
                        self.widths.insert(code, *width);
                    }
                }
                pending.clear();
            }
            if self.widths.len() > 65_536 {
                return;
            }
        }
    }

    fn simple(&mut self, font: &Dictionary, document: &Document) {
        let mut letters = base_letters(font, document);
        let encoding = font.get_deref(b"Encoding", document).ok();
        let differences = encoding
            .and_then(|object| object.as_dict().ok())
            .and_then(|encoding| encoding.get_deref(b"Differences", document).ok())
            .and_then(|object| object.as_array().ok());
        let mut code = 0_usize;
        for object in differences.into_iter().flatten() {
            if let Ok(number) = object.as_i64() {
                code = usize::try_from(number).unwrap_or(usize::MAX);
            } else if let Ok(name) = object.as_name() {
                if let Some(slot) = letters.get_mut(code) {
                    *slot = glyph_letters(name);
                }
                code = code.saturating_add(1);
            }
        }
        self.letters = letters;
        let first = number_of(font, b"FirstChar", document)
            .and_then(code_of)
            .unwrap_or(0);
        let widths = font
            .get_deref(b"Widths", document)
            .ok()
            .and_then(|object| object.as_array().ok());
        for (offset, width) in widths.into_iter().flatten().take(256).enumerate() {
            let width = document
                .dereference(width)
                .ok()
                .and_then(|(_, width)| width.as_float().ok());
            if let (Some(width), Ok(offset)) = (width, u32::try_from(offset)) {
                self.widths
                    .insert(first.saturating_add(offset), f64::from(width));
            }
        }
        if name_of(font, b"Subtype", document).as_deref() == Some(b"Type3") {
            // Its widths are in a measure of its own.
            self.widths.clear();
        }
    }

    /// The letters of a text, code by code.
    pub(super) fn show<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Shown> + 't {
        text.chunks(self.n_code_bytes).map(|bytes| {
            let code = bytes
                .iter()
                .fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
            let letters = self
                .table
                .find(code)
                .or_else(|| self.own_letters(code))
                .filter(|letters| !letters.contains('\u{fffd}'));
            let width = self
                .widths
                .get(&code)
                .copied()
                .filter(|width| *width > 0.0)
                .or(self.default_width)
                .unwrap_or_else(|| usual_width(letters.as_deref()));
            let is_space = letters
                .as_deref()
                .is_some_and(|letters| letters.trim().is_empty());
            Shown {
                letters: letters.or_else(|| self.is_ornaments.then(String::new)),
                width,
                is_space,
            }
        })
    }

    fn own_letters(&self, code: u32) -> Option<String> {
        if self.is_unicode {
            return char::from_u32(code).map(String::from);
        }
        if self.n_code_bytes == 2 {
            return None;
        }
        self.letters.get(usize::try_from(code).ok()?)?.clone()
    }
}

/// Which letters the codes have before a font changes some.
fn base_letters(font: &Dictionary, document: &Document) -> Vec<Option<String>> {
    let encoding = font.get_deref(b"Encoding", document).ok();
    let named = encoding
        .and_then(|object| match object {
            Object::Name(name) => Some(name.clone()),
            Object::Dictionary(dictionary) => name_of(dictionary, b"BaseEncoding", document),
            _ => None,
        })
        .filter(|name| name.ends_with(b"Encoding"));
    let is_type_3 = name_of(font, b"Subtype", document).as_deref() == Some(b"Type3");
    let is_symbolic = font
        .get_deref(b"FontDescriptor", document)
        .ok()
        .and_then(|object| object.as_dict().ok())
        .and_then(|descriptor| number_of(descriptor, b"Flags", document))
        .and_then(code_of)
        .is_some_and(|flags| flags & 4 != 0);
    if is_type_3 || (named.is_none() && is_symbolic) {
        // Only the font itself knows, in the shapes of its letters.
        return vec![None; 256];
    }
    let is_truetype = name_of(font, b"Subtype", document).as_deref() == Some(b"TrueType");
    let usual = if is_truetype {
        b"WinAnsiEncoding".to_vec()
    } else {
        b"StandardEncoding".to_vec()
    };
    known_letters(named.unwrap_or(usual))
}

/// The letters of an encoding that every reader knows.
fn known_letters(name: Vec<u8>) -> Vec<Option<String>> {
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Name(name));
    let document = Document::new();
    let encoding = font.get_font_encoding(&document);
    (0..=255_u8)
        .map(|code| {
            let letters = encoding.as_ref().ok()?.bytes_to_string(&[code]).ok()?;
            if letters.is_empty() {
                // Control codes are drawn as nothing or as a space.
                return (code <= 32).then(|| " ".to_owned());
            }
            Some(letters)
        })
        .collect()
}

/// `eacute` is é, `uni00E9` too.
fn glyph_letters(name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    let base = text.split('.').next().unwrap_or(text);
    if matches!(base, "" | "notdef") {
        return Some(" ".to_owned());
    }
    let digits = base
        .strip_prefix("uni")
        .and_then(|rest| rest.get(..4))
        .or_else(|| {
            base.strip_prefix('u')
                .filter(|rest| (4..=6).contains(&rest.len()))
        });
    if let Some(letter) = digits
        .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        .and_then(char::from_u32)
    {
        return Some(letter.to_string());
    }
    let mut encoding = Dictionary::new();
    encoding.set(
        "Differences",
        Object::Array(vec![
            Object::Integer(0),
            Object::Name(base.as_bytes().to_vec()),
        ]),
    );
    let mut font = Dictionary::new();
    font.set("Type", Object::Name(b"Font".to_vec()));
    font.set("Encoding", Object::Dictionary(encoding));
    let document = Document::new();
    match font.get_font_encoding(&document) {
        Ok(Encoding::Differences(differences)) => {
            let unit = differences.map.get(&0)?.utf16_code_unit();
            char::from_u32(u32::from(unit)).map(String::from)
        }
        _ => None,
    }
}

impl Table {
    fn read(bytes: &[u8]) -> Table {
        let mut table = Table::default();
        let mut lexer = Lexer::new(bytes);
        let mut n_rows = 0;
        while let Some((word, operands)) = lexer.next() {
            n_rows += operands.len();
            if n_rows > TABLE_ROWS {
                break;
            }
            match word {
                b"endbfchar" => {
                    for pair in operands.chunks_exact(2) {
                        if let [Operand::Text(code), Operand::Text(letters)] = pair {
                            table.single.insert(code_in(code), two_byte(letters));
                        }
                    }
                }
                b"endbfrange" => table.ranges(&operands),
                _ => {}
            }
        }
        table
    }

    fn ranges(&mut self, operands: &[Operand]) {
        let mut rest = operands;
        while let [Operand::Text(first), Operand::Text(last), after @ ..] = rest {
            let (first, last) = (code_in(first), code_in(last));
            match after {
                [Operand::Text(letters), after @ ..] => {
                    self.ranges.insert(first, (last, two_byte(letters)));
                    rest = after;
                }
                [Operand::Open, after @ ..] => {
                    let n_letters = after
                        .iter()
                        .position(|operand| *operand == Operand::Close)
                        .unwrap_or(after.len());
                    for (offset, operand) in after.iter().take(n_letters).enumerate() {
                        if let (Operand::Text(letters), Ok(offset)) =
                            (operand, u32::try_from(offset))
                        {
                            self.single
                                .insert(first.saturating_add(offset), two_byte(letters));
                        }
                    }
                    rest = after.get(n_letters + 1..).unwrap_or_default();
                }
                _ => return,
            }
        }
    }

    fn find(&self, code: u32) -> Option<String> {
        if let Some(letters) = self.single.get(&code) {
            return Some(letters.clone());
        }
        let (first, (last, letters)) = self.ranges.range(..=code).next_back()?;
        if code > *last {
            return None;
        }
        let mut letters = letters.clone();
        let end = letters.pop()?;
        letters.push(char::from_u32(u32::from(end) + (code - first))?);
        Some(letters)
    }
}

fn code_in(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .take(4)
        .fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn two_byte(bytes: &[u8]) -> String {
    encoding_rs::UTF_16BE
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

/// About how wide a letter is in the fonts that a file need not carry.
fn usual_width(letters: Option<&str>) -> f64 {
    let Some(letter) = letters.and_then(|letters| letters.chars().next()) else {
        return 500.0;
    };
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 222.0,
        'f' | 't' | 'I' | '.' | ',' | ':' | ';' | '!' | '/' | '\\' | ' ' | '[' | ']' => 278.0,
        'r' | '(' | ')' | '-' => 333.0,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500.0,
        'm' | 'M' => 833.0,
        'w' | 'C' | 'D' | 'H' | 'N' | 'R' | 'U' => 722.0,
        'W' => 944.0,
        '@' => 1015.0,
        'G' | 'O' | 'Q' => 778.0,
        'A' | 'B' | 'E' | 'K' | 'P' | 'S' | 'V' | 'X' | 'Y' | '&' => 667.0,
        'F' | 'T' | 'Z' => 611.0,
        _ => 556.0,
    }
}

pub(super) fn name_of(dictionary: &Dictionary, key: &[u8], document: &Document) -> Option<Vec<u8>> {
    let object = dictionary.get_deref(key, document).ok()?;
    Some(object.as_name().ok()?.to_vec())
}

pub(super) fn number_of(dictionary: &Dictionary, key: &[u8], document: &Document) -> Option<f64> {
    let object = dictionary.get_deref(key, document).ok()?;
    Some(f64::from(object.as_float().ok()?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded on both sides before"
)]
pub(super) fn code_of(number: f64) -> Option<u32> {
    (0.0..4_294_967_295.0)
        .contains(&number)
        .then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_letters_has_single_codes_and_ranges() {
        let table = Table::read(
            b"2 beginbfchar <01> <0041> <02> <00660069> endbfchar \
              2 beginbfrange <10> <12> <0061> <20> <21> [<0058> <0059>] endbfrange",
        );
        let check =
            |code: u32, letters: Option<&str>| assert_eq!(table.find(code).as_deref(), letters);
        check(1, Some("A"));
        check(2, Some("fi"));
        check(0x12, Some("c"));
        check(0x13, None);
        check(0x21, Some("Y"));
    }

    #[test]
    fn a_glyph_has_letters_by_its_name() {
        assert_eq!(glyph_letters(b"eacute").as_deref(), Some("é"));
        assert_eq!(glyph_letters(b"uni00E9").as_deref(), Some("é"));
        assert_eq!(glyph_letters(b"a.swash").as_deref(), Some("a"));
        assert_eq!(glyph_letters(b"g17"), None);
    }
}
