//! Reads one sign of a text as the plain sign that it stands for: escapes, entities, wide and accented letters, digits
//! of other scripts, and the many brackets, dashes and blanks.

/// No surrogate is read beyond so many bytes, so no more of a stream is held back.
pub(super) const LONGEST: usize = 64;

/// A zero-width sign, which nobody sees.
pub(super) const UNSEEN: char = '\0';

/// A letter that is none of the Latin alphabet.
pub(super) const OTHER_LETTER: char = 'ß';

/// What is neither letter nor digit and stands in no surrogate.
const OTHER: char = '\u{fffd}';

/// A sign: what it stands for, how it was written, and the bytes it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    /// Capitals, digits, `[` and `]` for every bracket, `-` for every dash, a blank for every blank, a line feed for
    /// every end of a line, [`UNSEEN`], or a sign of ASCII.
    pub(super) is: char,
    /// As it was written, or what an escape stands for.
    pub(super) written: char,
    pub(super) len: usize,
    /// Backslashes that escape it as it stands, as Markdown does; none before hexadecimal digits.
    pub(super) n_slashes: usize,
}

/// Why reading stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// No surrogate, whatever follows.
    Nothing,
    /// What follows decides.
    Undecided,
}

/// A place in a text of which more may come.
#[derive(Clone, Copy)]
pub(super) struct Reader<'t> {
    /// As much as is looked at.
    pub(super) text: &'t str,
    /// Behind it is more that is not looked at.
    is_clipped: bool,
    is_complete: bool,
    pub(super) at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str, is_complete: bool) -> Reader<'t> {
        let end = text.floor_char_boundary(LONGEST);
        Reader {
            text: text.get(..end).unwrap_or_default(),
            is_clipped: text.len() > LONGEST,
            is_complete,
            at: 0,
        }
    }

    /// The next sign, or nothing at the end of the text.
    pub(super) fn peek(&self) -> Result<Option<Sign>, Stop> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else {
            return if self.is_complete && !self.is_clipped {
                Ok(None)
            } else {
                Err(self.at_the_end())
            };
        };
        let escape = match first {
            '\\' => backslash(rest),
            '&' => entity(rest),
            '%' => percent(rest),
            _ => Escape::None,
        };
        let (written, len, n_slashes) = match escape {
            Escape::Slashes { sign, n } => (sign, n + 1, n),
            Escape::Stands { sign, len } => (sign, len, 0),
            Escape::Cut if !self.is_complete || self.is_clipped => return Err(self.at_the_end()),
            Escape::Cut | Escape::None => (first, first.len_utf8(), 0),
        };
        Ok(Some(Sign {
            is: plain(written),
            written,
            len,
            n_slashes,
        }))
    }

    /// Takes the next sign if it is one of these, and returns it.
    pub(super) fn take(&mut self, of: &[char]) -> Result<Option<Sign>, Stop> {
        let next = self.peek()?.filter(|sign| of.contains(&sign.is));
        if let Some(sign) = next {
            self.at += sign.len;
        }
        Ok(next)
    }

    /// Takes up to so many of these.
    pub(super) fn take_all(&mut self, of: &[char], most: usize) -> Result<usize, Stop> {
        let mut n = 0;
        while n < most && self.take(of)?.is_some() {
            n += 1;
        }
        Ok(n)
    }

    fn at_the_end(&self) -> Stop {
        if self.is_clipped {
            Stop::Nothing
        } else {
            Stop::Undecided
        }
    }
}

/// Whether a surrogate may begin with this sign: a bracket, an escape of one, or a letter.
pub(super) fn may_begin(first: char) -> bool {
    first.is_ascii_alphabetic()
        || matches!(first, '\\' | '&' | '%' | '[' | '<' | '{' | '(')
        || (!first.is_ascii() && matches!(plain(first), '[' | 'A'..='Z'))
}

/// The plain sign that a written one stands for.
fn plain(written: char) -> char {
    match written {
        'a'..='z' => written.to_ascii_uppercase(),
        'A'..='Z' | '0'..='9' => written,
        '[' | '(' | '{' | '<' => '[',
        ']' | ')' | '}' | '>' => ']',
        '\t' => ' ',
        '\r' => '\n',
        _ if written.is_ascii() => written,
        _ => plain_beyond_ascii(written),
    }
}

fn plain_beyond_ascii(written: char) -> char {
    match written {
        '［' | '（' | '｛' | '＜' | '【' | '「' | '『' | '〔' | '〖' | '〈' | '《' | '⟦' | '⟨'
        | '⟪' | '❲' | '⦗' | '〚' => '[',
        '］' | '）' | '｝' | '＞' | '】' | '」' | '』' | '〕' | '〗' | '〉' | '》' | '⟧' | '⟩'
        | '⟫' | '❳' | '⦘' | '〛' => ']',
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => UNSEEN,
        '\u{2010}'..='\u{2015}' | '−' | '⁃' | '﹘' | '﹣' | '⸺' | '⸻' | '・' | '·' => {
            '-'
        }
        '‗' | '‿' | '﹍' | '﹎' | '﹏' => '_',
        '’' | '‘' | 'ʼ' | '′' | '´' => '\'',
        '٬' | '、' | '，' => ',',
        '№' => '#',
        'À'..='Å' | 'à'..='å' => 'A',
        'Ç' | 'ç' => 'C',
        'È'..='Ë' | 'è'..='ë' => 'E',
        'Ì'..='Ï' | 'ì'..='ï' => 'I',
        'Ñ' | 'ñ' => 'N',
        'Ò'..='Ö' | 'ò'..='ö' => 'O',
        'Ù'..='Ü' | 'ù'..='ü' => 'U',
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = u32::from(written) - 0xfee0;
            char::from_u32(narrow).map_or(OTHER, plain)
        }
        _ => digit(written).unwrap_or(if written.is_alphanumeric() {
            OTHER_LETTER
        } else {
            OTHER
        }),
    }
}

/// The zeros of the scripts in which a model may write a number; the other digits follow each.
const ZEROS: [u32; 17] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50,
    0xed0, 0xf20, 0x1040, 0xff10,
];

/// Where the digits of mathematics are: five styles of ten.
const MATHEMATICAL: core::ops::Range<u32> = 0x1d7ce..0x1d800;

/// The digit that a sign of another script is.
pub(super) fn digit(written: char) -> Option<char> {
    let code = u32::from(written);
    // No letter of Europe is one.
    if code < 0x660 {
        return None;
    }
    let value = if MATHEMATICAL.contains(&code) {
        (code - MATHEMATICAL.start) % 10
    } else {
        let zero = ZEROS
            .iter()
            .find(|zero| (**zero..**zero + 10).contains(&code))?;
        code - zero
    };
    char::from_digit(value, 10)
}

enum Escape {
    /// So many backslashes before one byte, which stand for this sign.
    Slashes { sign: char, n: usize },
    /// It stands for this sign.
    Stands { sign: char, len: usize },
    /// More is needed to say.
    Cut,
    /// It is no escape.
    None,
}

/// One or two backslashes before a sign, a letter for a blank, or four hexadecimal digits.
fn backslash(text: &str) -> Escape {
    let behind = text.trim_start_matches('\\');
    let n_slashes = text.len() - behind.len();
    let Some(next) = behind.chars().next() else {
        return if n_slashes <= 2 {
            Escape::Cut
        } else {
            Escape::None
        };
    };
    if n_slashes > 2 {
        return Escape::None;
    }
    if next == 'u' {
        return hexadecimal(behind.get(1..).unwrap_or_default(), 4, n_slashes + 1);
    }
    let sign = match next {
        'n' | 'r' => '\n',
        't' => '\t',
        next if next.is_ascii_punctuation() && !matches!(next, '"' | '/') => next,
        _ => return Escape::None,
    };
    Escape::Slashes { sign, n: n_slashes }
}

/// So many hexadecimal digits, behind so many bytes.
fn hexadecimal(text: &str, n_digits: usize, before: usize) -> Escape {
    let n = text
        .bytes()
        .take(n_digits)
        .take_while(u8::is_ascii_hexdigit)
        .count();
    if n < n_digits {
        return if n == text.len() {
            Escape::Cut
        } else {
            Escape::None
        };
    }
    let code = u32::from_str_radix(text.get(..n).unwrap_or_default(), 16);
    match code.ok().and_then(char::from_u32) {
        Some(sign) => Escape::Stands {
            sign,
            len: before + n,
        },
        None => Escape::None,
    }
}

/// A sign of ASCII that is neither letter nor digit, as in an address.
fn percent(text: &str) -> Escape {
    match hexadecimal(text.get(1..).unwrap_or_default(), 2, 1) {
        Escape::Stands { sign, .. } if !sign.is_ascii() || sign.is_ascii_alphanumeric() => {
            Escape::None
        }
        other => other,
    }
}

/// Entities by name that models write in place of the signs of a surrogate.
const ENTITIES: [(&str, char); 34] = [
    ("lbrack;", '['),
    ("lsqb;", '['),
    ("rbrack;", ']'),
    ("rsqb;", ']'),
    ("lbrace;", '{'),
    ("lcub;", '{'),
    ("rbrace;", '}'),
    ("rcub;", '}'),
    ("lpar;", '('),
    ("rpar;", ')'),
    ("lt;", '<'),
    ("gt;", '>'),
    ("lowbar;", '_'),
    ("underbar;", '_'),
    ("nbsp;", ' '),
    ("nonbreakingspace;", ' '),
    ("ensp;", ' '),
    ("emsp;", ' '),
    ("thinsp;", ' '),
    ("hyphen;", '-'),
    ("dash;", '-'),
    ("ndash;", '-'),
    ("mdash;", '-'),
    ("minus;", '-'),
    ("shy;", '\u{ad}'),
    ("zwnj;", '\u{200c}'),
    ("zwj;", '\u{200d}'),
    ("zerowidthspace;", '\u{200b}'),
    ("nobreak;", '\u{2060}'),
    ("apos;", '\''),
    ("rsquo;", '\''),
    ("num;", '#'),
    ("colon;", ':'),
    ("ast;", '*'),
];

fn entity(text: &str) -> Escape {
    let name = text.get(1..).unwrap_or_default();
    if let Some(code) = name.strip_prefix('#') {
        return numeric_entity(code);
    }
    let mut is_cut = false;
    for (known, sign) in ENTITIES {
        match name.as_bytes().get(..known.len()) {
            Some(begin) if begin.eq_ignore_ascii_case(known.as_bytes()) => {
                return Escape::Stands {
                    sign,
                    len: 1 + known.len(),
                };
            }
            Some(_) => {}
            None => {
                let begin = known.as_bytes().get(..name.len()).unwrap_or_default();
                is_cut |= begin.eq_ignore_ascii_case(name.as_bytes());
            }
        }
    }
    if is_cut { Escape::Cut } else { Escape::None }
}

/// `&#91;` or `&#x5b;`, from behind the `#`.
fn numeric_entity(code: &str) -> Escape {
    const MOST_DIGITS: usize = 7;
    let (digits, radix) = match code.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (code, 10),
    };
    let n = digits
        .chars()
        .take(MOST_DIGITS)
        .take_while(|digit| digit.is_digit(radix))
        .count();
    match digits.as_bytes().get(n) {
        None => Escape::Cut,
        Some(b';') => {
            let code_point = u32::from_str_radix(digits.get(..n).unwrap_or_default(), radix);
            match code_point.ok().and_then(char::from_u32) {
                Some(sign) => Escape::Stands {
                    sign,
                    len: 2 + (code.len() - digits.len()) + n + 1,
                },
                None => Escape::None,
            }
        }
        Some(_) => Escape::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is: char, len: usize) {
        let read = Reader::new(text, true).peek().unwrap().unwrap();
        assert_eq!((read.is, read.len), (is, len), "{text}");
    }

    #[test]
    fn a_sign_is_read_however_it_is_written() {
        check("[", '[', 1);
        check("\\[x", '[', 2);
        check("\\\\_", '_', 3);
        check("\\u005Bx", '[', 6);
        check("&#91;x", '[', 5);
        check("&#x5b;", '[', 6);
        check("&LowBar;", '_', 8);
        check("%5F1", '_', 3);
        check("%411", '%', 1);
        check("&c", '&', 1);
        check("\\x", '\\', 1);
        check("Ａ", 'A', 3);
        check("é", 'E', 2);
        check("٣", '3', 2);
        check("я", OTHER_LETTER, 2);
    }

    #[test]
    fn every_begin_of_an_escape_waits_for_its_end() {
        for escape in ["\\\\[", "\\u005b", "&#x5b;", "&lbrack;", "&#8209;", "%5b"] {
            for cut in 1..escape.len() {
                let begin = Reader::new(escape.get(..cut).unwrap(), false);
                assert_eq!(begin.peek(), Err(Stop::Undecided), "{escape} {cut}");
            }
        }
    }

    #[test]
    fn nothing_is_read_beyond_what_a_stream_holds_back() {
        let text = "a".repeat(LONGEST + 1);
        let mut reader = Reader::new(&text, false);
        reader.at = LONGEST;
        assert_eq!(reader.peek(), Err(Stop::Nothing));
        let mut reader = Reader::new(text.get(..LONGEST).unwrap(), false);
        reader.at = LONGEST;
        assert_eq!(reader.peek(), Err(Stop::Undecided));
    }
}
