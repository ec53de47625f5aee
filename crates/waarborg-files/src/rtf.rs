//! Rich text (RTF): the body, what stands around it, what its groups hide, and pictures.

use crate::gap::Reason;
use crate::limits::Full;
use crate::picture;
use crate::place::Spot;
use crate::plain;
use crate::text::{Collector, Join};

/// How many groups may lie in each other.
const NESTED_GROUPS: usize = 1_000;

/// What the text of a group is.
#[derive(Clone, Debug, PartialEq)]
enum Role {
    Body,
    Aside(Spot),
    /// Fonts, colours, styles: names of the program, not of the writer.
    Mute,
    Picture,
    Object,
}

#[derive(Clone, Debug)]
struct Group {
    role: Role,
    /// How many characters stand after a Unicode character for those who do not know it.
    n_stand_ins: usize,
    /// `\*` was seen: the next word names what readers may skip.
    is_optional: bool,
    is_info: bool,
}

struct Reader<'b, 'c> {
    rest: &'b [u8],
    group: Group,
    outer: Vec<Group>,
    encoding: String,
    /// Bytes in the encoding of the document that are not yet letters.
    waiting: Vec<u8>,
    line: String,
    /// Digits of a picture.
    hex: Vec<u8>,
    n_paragraphs: u32,
    n_to_skip: usize,
    high_half: Option<u16>,
    collector: &'c mut Collector,
}

/// Adds everything in a document.
pub(crate) fn read(bytes: &[u8], collector: &mut Collector) -> Result<(), Full> {
    collector.unpacked(bytes.len())?;
    let mut reader = Reader {
        rest: bytes,
        group: Group {
            role: Role::Body,
            n_stand_ins: 1,
            is_optional: false,
            is_info: false,
        },
        outer: Vec::new(),
        encoding: "windows-1252".to_owned(),
        waiting: Vec::new(),
        line: String::new(),
        hex: Vec::new(),
        n_paragraphs: 0,
        n_to_skip: 0,
        high_half: None,
        collector,
    };
    reader.run()
}

impl Reader<'_, '_> {
    fn run(&mut self) -> Result<(), Full> {
        while let Some((first, after)) = self.rest.split_first() {
            self.rest = after;
            match first {
                b'{' => {
                    if self.outer.len() == NESTED_GROUPS {
                        self.collector.gap(Spot::Whole, Reason::TooDeep);
                        return self.end_line();
                    }
                    self.settle();
                    self.outer.push(self.group.clone());
                }
                b'}' => self.close()?,
                b'\\' => self.control()?,
                b'\r' | b'\n' => {}
                byte => self.byte(*byte),
            }
        }
        if !self.outer.is_empty() {
            self.collector.gap(Spot::Whole, Reason::Damaged);
        }
        self.end_line()
    }

    fn close(&mut self) -> Result<(), Full> {
        let Some(outer) = self.outer.pop() else {
            return Ok(());
        };
        if outer.role == self.group.role {
            self.settle();
        } else {
            self.end_line()?;
            if self.group.role == Role::Picture {
                let bytes = std::mem::take(&mut self.hex);
                if crate::kind::is_picture(&bytes) {
                    picture::read(
                        &bytes,
                        Spot::Paragraph(self.n_paragraphs + 1),
                        self.collector,
                    )?;
                } else if !bytes.is_empty() {
                    // A drawing of Windows or of an old Macintosh.
                    self.collector
                        .gap(Spot::Paragraph(self.n_paragraphs + 1), Reason::Picture);
                }
            }
        }
        self.group = outer;
        Ok(())
    }

    fn byte(&mut self, byte: u8) {
        if self.n_to_skip > 0 {
            self.n_to_skip -= 1;
            return;
        }
        match self.group.role {
            Role::Mute | Role::Object => {}
            Role::Picture => {
                if let Some(digit) = char::from(byte).to_digit(16) {
                    self.waiting.push(u8::try_from(digit).unwrap_or(0));
                    if let [high, low] = self.waiting.as_slice() {
                        self.hex.push(high << 4 | low);
                        self.waiting.clear();
                    }
                }
            }
            Role::Body | Role::Aside(_) => self.waiting.push(byte),
        }
    }

    /// `\word-12 `, `\'e9`, `\~` and the like.
    fn control(&mut self) -> Result<(), Full> {
        let Some((first, after)) = self.rest.split_first() else {
            return Ok(());
        };
        if !first.is_ascii_alphabetic() {
            self.rest = after;
            match first {
                b'\'' => {
                    let digits = after
                        .get(..2)
                        .and_then(|digits| std::str::from_utf8(digits).ok());
                    if let Some(byte) =
                        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())
                    {
                        self.rest = after.get(2..).unwrap_or_default();
                        self.byte(byte);
                    }
                }
                b'*' => self.group.is_optional = true,
                b'~' => self.letters("\u{a0}"),
                b'_' => self.letters("-"),
                b'\n' | b'\r' => self.end_line()?,
                b'\\' | b'{' | b'}' => self.byte(*first),
                _ => {}
            }
            return Ok(());
        }
        let n_letters = self
            .rest
            .iter()
            .take(40)
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let (word, after) = self.rest.split_at(n_letters);
        let n_digits = after
            .iter()
            .enumerate()
            .take(12)
            .take_while(|(at, byte)| byte.is_ascii_digit() || (*at == 0 && **byte == b'-'))
            .count();
        let (number, after) = after.split_at(n_digits);
        self.rest = after.strip_prefix(b" ").unwrap_or(after);
        let number: Option<i64> = std::str::from_utf8(number)
            .ok()
            .and_then(|digits| digits.parse().ok());
        let word = String::from_utf8_lossy(word).into_owned();
        self.word(&word, number)
    }

    fn word(&mut self, word: &str, number: Option<i64>) -> Result<(), Full> {
        match word {
            "par" | "line" | "sect" | "page" | "row" | "nestrow" => self.end_line()?,
            "tab" | "cell" | "nestcell" => self.letters("\t"),
            "emdash" => self.letters("—"),
            "endash" => self.letters("–"),
            "lquote" => self.letters("‘"),
            "rquote" => self.letters("’"),
            "ldblquote" => self.letters("“"),
            "rdblquote" => self.letters("”"),
            "u" => self.unicode(number.unwrap_or(0)),
            "uc" => {
                self.group.n_stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16);
            }
            "ansicpg" => self.encoding = format!("windows-{}", number.unwrap_or(1252)),
            "mac" => "macintosh".clone_into(&mut self.encoding),
            "bin" => {
                let n_bytes = usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX);
                let n_bytes = n_bytes.min(self.rest.len());
                let (body, after) = self.rest.split_at(n_bytes);
                if self.group.role == Role::Picture {
                    self.hex.extend(body);
                }
                self.rest = after;
            }
            _ => self.destination(word)?,
        }
        Ok(())
    }

    /// A word that says what the group is.
    fn destination(&mut self, word: &str) -> Result<(), Full> {
        let role = match word {
            "fonttbl" | "colortbl" | "stylesheet" | "listtable" | "listoverridetable"
            | "rsidtbl" | "themedata" | "colorschememapping" | "latentstyles" | "datastore"
            | "generator" | "xmlnstbl" | "pgptbl" | "wgrffmtfilter" | "blipuid" | "listtext"
            | "pnseclvl" | "mmathPr" => Role::Mute,
            "pict" => Role::Picture,
            "objdata" => {
                self.collector
                    .gap(Spot::Part("object".into()), Reason::Unsupported);
                Role::Object
            }
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
            | "footerf" => Role::Aside(Spot::Margin),
            "footnote" => Role::Aside(Spot::Note),
            "annotation" | "atnid" | "atnauthor" => Role::Aside(Spot::Comment),
            "fldinst" => Role::Aside(Spot::Link),
            "info" => {
                self.group.is_info = true;
                return Ok(());
            }
            name if self.group.is_info => Role::Aside(Spot::Property(name.into())),
            name if self.group.is_optional && self.group.role == Role::Body => {
                Role::Aside(Spot::Part(name.into()))
            }
            _ => return Ok(()),
        };
        // A group inside a mute one stays mute.
        if !matches!(self.group.role, Role::Mute | Role::Object) {
            self.end_line()?;
            self.group.role = role;
        }
        self.group.is_optional = false;
        Ok(())
    }

    fn unicode(&mut self, number: i64) {
        // Written as a signed number of sixteen bits.
        let Ok(unit) = u16::try_from(number.rem_euclid(65_536)) else {
            return;
        };
        self.n_to_skip = self.group.n_stand_ins;
        let units = match self.high_half.take() {
            Some(high) => vec![high, unit],
            None if (0xd800..0xdc00).contains(&unit) => {
                self.high_half = Some(unit);
                return;
            }
            None => vec![unit],
        };
        self.letters(&String::from_utf16_lossy(&units));
    }

    fn letters(&mut self, letters: &str) {
        self.settle();
        if matches!(self.group.role, Role::Body | Role::Aside(_)) {
            self.line.push_str(letters);
        }
    }

    /// Turns waiting bytes into letters.
    fn settle(&mut self) {
        if self.waiting.is_empty() || self.group.role == Role::Picture {
            return;
        }
        let bytes = std::mem::take(&mut self.waiting);
        let encoding = encoding_rs::Encoding::for_label(self.encoding.as_bytes())
            .unwrap_or(encoding_rs::WINDOWS_1252);
        self.line
            .push_str(&encoding.decode_without_bom_handling(&bytes).0);
    }

    fn end_line(&mut self) -> Result<(), Full> {
        self.settle();
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return Ok(());
        }
        let (spot, join) = match &self.group.role {
            Role::Aside(spot) => (spot.clone(), Join::Apart),
            Role::Body | Role::Mute | Role::Picture | Role::Object => {
                self.n_paragraphs = self.n_paragraphs.saturating_add(1);
                (Spot::Paragraph(self.n_paragraphs), Join::Line)
            }
        };
        self.collector.put(spot, join, plain::tidy(&line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn check(document: &[u8], expected: &str) -> Vec<Reason> {
        let mut collector = Collector::new(&Limits::default());
        read(document, &mut collector).unwrap();
        let (text, gaps) = collector.finish().with_gaps();
        assert_eq!(text.as_str(), expected);
        gaps.iter().map(|gap| gap.reason).collect()
    }

    #[test]
    fn letters_in_every_spelling_are_read() {
        let gaps = check(
            b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\f0 Ren\\'e9 {\\b de} \\u352?\\u-10179?\\u-8704?\\par BSN 1\\tab 2}",
            "René de Š😀\nBSN 1\t2",
        );
        assert!(gaps.is_empty());
    }

    #[test]
    fn what_stands_beside_the_body_is_read() {
        check(
            b"{\\rtf1{\\info{\\author Jan Bos}}{\\header Els}Hoi{\\footnote Piet}{\\*\\atnauthor Mo}{\\*\\unheard Ali}{\\v Eva}\\par}",
            "Jan Bos\n\nEls\nHoi\n\nPiet\n\nMo\n\nAli\nEva",
        );
    }

    #[test]
    fn a_document_that_never_ends_and_one_too_deep_are_said() {
        assert_eq!(check(b"{\\rtf1 Jan", "Jan"), [Reason::Damaged]);
        assert_eq!(check(&b"{".repeat(100_000), ""), [Reason::TooDeep]);
        assert_eq!(
            check(b"{\\rtf1{\\object{\\*\\objdata 0105}}}", ""),
            [Reason::Unsupported]
        );
    }
}
