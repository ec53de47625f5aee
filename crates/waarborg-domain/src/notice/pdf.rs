//! A document of headings and lines as PDF: letters that every reader has, and tags by which it can be read aloud.

use std::fmt::Write as _;

/// The width and height of a page (A4), in points.
const PAGE: (u32, u32) = (595, 842);
/// Where text begins and where the page ends, in points.
const MARGIN: u32 = 56;
/// Where the second column begins.
const SECOND: u32 = 168;

/// How a piece of the document looks, and what it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Title,
    Heading,
    Text,
}

impl Look {
    const fn tag(self) -> &'static str {
        match self {
            Self::Title => "H1",
            Self::Heading => "H2",
            Self::Text => "P",
        }
    }

    /// The size of its letters, in points.
    const fn size(self) -> u32 {
        match self {
            Self::Title => 17,
            Self::Heading => 12,
            Self::Text => 9,
        }
    }

    /// The space above it, in points.
    const fn above(self) -> u32 {
        match self {
            Self::Title => 0,
            Self::Heading => 14,
            Self::Text => 3,
        }
    }
}

/// A run of letters on one line.
struct Run {
    x: u32,
    is_bold: bool,
    text: String,
}

/// One page while it is written.
#[derive(Default)]
struct Page {
    content: String,
    /// The pieces of which it holds a part, in order.
    marks: Vec<usize>,
}

/// A document while it is written.
pub(super) struct Document {
    title: String,
    language: String,
    pages: Vec<Page>,
    /// What each piece is.
    pieces: Vec<Look>,
    /// How far down the page the next line comes, in points.
    y: u32,
}

impl Document {
    /// A document that begins with its title.
    pub(super) fn new(title: &str, language: &str) -> Self {
        let mut document = Self {
            title: title.to_owned(),
            language: language.to_owned(),
            pages: Vec::new(),
            pieces: Vec::new(),
            y: PAGE.1,
        };
        document.piece(Look::Title, &[(MARGIN, true, title)]);
        document
    }

    /// A heading.
    pub(super) fn heading(&mut self, text: &str) {
        // A heading without a line below it on the same page is none.
        if self.y + 3 * Look::Heading.size() + 20 > PAGE.1 - MARGIN {
            self.y = PAGE.1;
        }
        self.piece(Look::Heading, &[(MARGIN, true, text)]);
    }

    /// A line of text over the whole width.
    pub(super) fn line(&mut self, text: &str) {
        self.piece(Look::Text, &[(MARGIN, false, text)]);
    }

    /// What something is called, and what it says.
    pub(super) fn pair(&mut self, name: &str, says: &str) {
        self.piece(Look::Text, &[(MARGIN, true, name), (SECOND, false, says)]);
    }

    fn piece(&mut self, look: Look, columns: &[(u32, bool, &str)]) {
        let size = look.size();
        let mut rows: Vec<Vec<Run>> = Vec::new();
        for (at, (x, is_bold, text)) in columns.iter().enumerate() {
            let until = columns
                .get(at + 1)
                .map_or(PAGE.0 - MARGIN, |(next, ..)| next - 8);
            let wide = (until - x) * 1000 / size;
            for (nth, text) in wrapped(text, wide, *is_bold).into_iter().enumerate() {
                let run = Run {
                    x: *x,
                    is_bold: *is_bold,
                    text,
                };
                match rows.get_mut(nth) {
                    Some(row) => row.push(run),
                    None => rows.push(vec![run]),
                }
            }
        }
        let number = self.pieces.len();
        self.pieces.push(look);
        self.y += look.above();
        let mut is_open = false;
        for row in rows {
            let high = size + 3;
            if self.y + high > PAGE.1 - MARGIN {
                if is_open {
                    self.close();
                }
                is_open = false;
                self.pages.push(Page::default());
                self.y = MARGIN;
            }
            self.y += high;
            if !is_open {
                self.open(number, look);
                is_open = true;
            }
            self.write(&row, size);
        }
        if is_open {
            self.close();
        }
    }

    fn open(&mut self, number: usize, look: Look) {
        let Some(page) = self.pages.last_mut() else {
            return;
        };
        let _ = writeln!(
            page.content,
            "/{} <</MCID {}>> BDC",
            look.tag(),
            page.marks.len()
        );
        page.marks.push(number);
    }

    fn close(&mut self) {
        if let Some(page) = self.pages.last_mut() {
            page.content.push_str("EMC\n");
        }
    }

    fn write(&mut self, row: &[Run], size: u32) {
        let y = PAGE.1.saturating_sub(self.y);
        let Some(page) = self.pages.last_mut() else {
            return;
        };
        for run in row {
            let _ = writeln!(
                page.content,
                "BT /{} {size} Tf {} {y} Td ({}) Tj ET",
                if run.is_bold { "B" } else { "R" },
                run.x,
                shown(&run.text)
            );
        }
    }

    /// The file.
    pub(super) fn finish(self) -> Vec<u8> {
        // 1 catalogue, 2 pages, 3 and 4 letters, 5 tags, 6 the document among them, 7 what it is called; then two for each
        // page, and one for each piece.
        let first_page = 8;
        let first_piece = first_page + 2 * self.pages.len();
        let page = |at: usize| first_page + 2 * at;
        let mut file = File::default();
        file.object(&format!(
            "<</Type /Catalog /Pages 2 0 R /Lang ({}) /MarkInfo <</Marked true>> /StructTreeRoot 5 0 R \
             /ViewerPreferences <</DisplayDocTitle true>>>>",
            self.language
        ));
        let kids: Vec<String> = (0..self.pages.len())
            .map(|at| format!("{} 0 R", page(at)))
            .collect();
        file.object(&format!(
            "<</Type /Pages /Count {} /Kids [{}]>>",
            self.pages.len(),
            kids.join(" ")
        ));
        for name in ["Helvetica", "Helvetica-Bold"] {
            file.object(&format!(
                "<</Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding>>"
            ));
        }
        let mut parents = String::new();
        for (at, one) in self.pages.iter().enumerate() {
            let pieces: Vec<String> = one
                .marks
                .iter()
                .map(|number| format!("{} 0 R", first_piece + number))
                .collect();
            let _ = write!(parents, "{at} [{}] ", pieces.join(" "));
        }
        file.object(&format!(
            "<</Type /StructTreeRoot /K 6 0 R /ParentTree <</Nums [{}]>> /ParentTreeNextKey {}>>",
            parents.trim_end(),
            self.pages.len()
        ));
        let pieces: Vec<String> = (0..self.pieces.len())
            .map(|number| format!("{} 0 R", first_piece + number))
            .collect();
        file.object(&format!(
            "<</Type /StructElem /S /Document /P 5 0 R /K [{}]>>",
            pieces.join(" ")
        ));
        file.object(&format!("<</Title {}>>", as_utf_16(&self.title)));
        for (at, one) in self.pages.iter().enumerate() {
            file.object(&format!(
                "<</Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Resources <</Font <</R 3 0 R /B 4 0 R>>>> \
                 /Contents {} 0 R /StructParents {at} /Tabs /S>>",
                PAGE.0,
                PAGE.1,
                page(at) + 1
            ));
            file.object(&format!(
                "<</Length {}>>\nstream\n{}endstream",
                one.content.len(),
                one.content
            ));
        }
        for (number, look) in self.pieces.iter().enumerate() {
            let mut parts = Vec::new();
            for (at, one) in self.pages.iter().enumerate() {
                for (mark, _) in one
                    .marks
                    .iter()
                    .enumerate()
                    .filter(|(_, of)| **of == number)
                {
                    parts.push(format!("<</Type /MCR /Pg {} 0 R /MCID {mark}>>", page(at)));
                }
            }
            file.object(&format!(
                "<</Type /StructElem /S /{} /P 6 0 R /K [{}]>>",
                look.tag(),
                parts.join(" ")
            ));
        }
        file.finish()
    }
}

/// A file while it is written: its bytes, and where each object begins.
struct File {
    text: String,
    starts: Vec<usize>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            text: "%PDF-1.7\n".to_owned(),
            starts: Vec::new(),
        }
    }
}

impl File {
    fn object(&mut self, says: &str) {
        self.starts.push(self.text.len());
        let _ = write!(self.text, "{} 0 obj\n{says}\nendobj\n", self.starts.len());
    }

    fn finish(mut self) -> Vec<u8> {
        let (start, n) = (self.text.len(), self.starts.len() + 1);
        let _ = writeln!(self.text, "xref\n0 {n}\n0000000000 65535 f ");
        for start in &self.starts {
            let _ = writeln!(self.text, "{start:010} 00000 n ");
        }
        let _ = write!(
            self.text,
            "trailer\n<</Size {n} /Root 1 0 R /Info 7 0 R>>\nstartxref\n{start}\n%%EOF\n"
        );
        self.text.into_bytes()
    }
}

/// A text in lines that fit; a word that does not fit anywhere is cut.
fn wrapped(text: &str, wide: u32, is_bold: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = (String::new(), 0);
    for word in text.split_whitespace() {
        let long = width(word, is_bold);
        if used > 0 && used + 278 + long > wide {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 278;
        }
        for letter in word.chars() {
            let one = width_of(letter, is_bold);
            if used > 0 && used + one > wide {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(letter);
            used += one;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

fn width(word: &str, is_bold: bool) -> u32 {
    word.chars().map(|letter| width_of(letter, is_bold)).sum()
}

/// How wide a letter is at most, in thousandths of its size; bold ones are a little wider.
fn width_of(letter: char, is_bold: bool) -> u32 {
    let plain = match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 240,
        'I' | 'f' | 't' | '!' | ',' | '.' | '/' | ':' | ';' | ' ' | '[' | ']' | '\\' => 290,
        '(' | ')' | '-' | 'r' | '{' | '}' | '"' | '`' | '*' => 390,
        'c' | 'J' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 510,
        'M' | 'm' | 'W' | '%' | '@' | '—' | '…' | '‰' | '™' => 1020,
        'w' | 'A'..='Z' | '&' | 'À'..='Þ' => 780,
        _ if win_ansi(letter).is_none() => 5_000,
        _ => 612,
    };
    if is_bold { plain * 11 / 10 } else { plain }
}

/// A text as these letters have it. A letter that they lack is given by its number in Unicode, so that nothing is lost.
fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match win_ansi(letter) {
            Some(byte @ (b'(' | b')' | b'\\')) => {
                out.push('\\');
                out.push(char::from(byte));
            }
            Some(byte @ b' '..=b'~') => out.push(char::from(byte)),
            Some(byte) => {
                let _ = write!(out, "\\{byte:03o}");
            }
            None => {
                let _ = write!(out, "[U+{:04X}]", u32::from(letter));
            }
        }
    }
    out
}

/// The place of a letter in the set of Windows for Western Europe, which every reader of PDF has.
fn win_ansi(letter: char) -> Option<u8> {
    /// Those from 0x80 on, in order; a space stands where there is none.
    const MIDDLE: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    match letter {
        ' '..='~' | '\u{A0}'..='\u{FF}' => u8::try_from(u32::from(letter)).ok(),
        letter => {
            let at = MIDDLE.chars().position(|known| known == letter)?;
            u8::try_from(0x80 + at).ok()
        }
    }
}

/// A text as PDF writes what is no page: UTF-16 in hexadecimal.
fn as_utf_16(text: &str) -> String {
    let mut out = "<FEFF".to_owned();
    for unit in text.encode_utf16() {
        let _ = write!(out, "{unit:04X}");
    }
    out.push('>');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(n: usize) -> String {
        let mut document = Document::new("Wat (wij) doen", "nl");
        for number in 0..n {
            document.heading(&format!("Doel {number}"));
            document.pair("Grondslag", &"een lange regel over café en € 3 ".repeat(30));
            document.line("Łódź");
        }
        String::from_utf8(document.finish()).unwrap()
    }

    #[test]
    fn every_object_stands_where_the_table_says() {
        let file = document(9);
        let last = file.rsplit("startxref\n").next().unwrap();
        let start: usize = last.lines().next().unwrap().parse().unwrap();
        let table: Vec<&str> = file.split_at(start).1.lines().skip(3).collect();
        let n = table.iter().take_while(|line| line.ends_with("n ")).count();
        assert!(n > 20);
        for (number, line) in (1..).zip(table.iter().take(n)) {
            let at: usize = line.split_at(10).0.parse().unwrap();
            assert!(
                file.split_at(at)
                    .1
                    .starts_with(&format!("{number} 0 obj\n")),
                "{number}"
            );
        }
        assert!(file.matches("/Type /Page ").count() > 2);
    }

    #[test]
    fn every_mark_has_a_piece_and_every_piece_a_mark() {
        let file = document(9);
        let n_marks = file.matches(" BDC\n").count();
        assert_eq!(file.matches("EMC\n").count(), n_marks);
        assert_eq!(file.matches("/Type /MCR").count(), n_marks);
        assert!(!file.contains("/K []"));
    }

    #[test]
    fn no_line_is_wider_than_its_column_and_none_falls_off_the_page() {
        for line in document(9).lines().filter(|line| line.starts_with("BT ")) {
            let y: u32 = line.split(' ').nth(5).unwrap().parse().unwrap();
            assert!((MARGIN..PAGE.1).contains(&y), "{line}");
        }
        for text in ["een twee drie vier", &"W".repeat(200), "", "Łódź ŁŁŁŁŁ"] {
            let lines = wrapped(text, 8_000, true);
            assert!(lines.iter().all(|line| width(line, true) <= 8_000 + 278));
            let letters = |text: &str| text.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text));
        }
    }

    #[test]
    fn what_these_letters_lack_is_given_by_its_number() {
        assert_eq!(shown("a(b)\\ é € Ł"), "a\\(b\\)\\\\ \\351 \\200 [U+0141]");
        assert_eq!(win_ansi('Ÿ'), Some(0x9F));
        assert_eq!(win_ansi('Ž'), Some(0x8E));
        assert_eq!(win_ansi('•'), Some(0x95));
        assert_eq!(as_utf_16("é€"), "<FEFF00E920AC>");
    }
}
