//! Cuts a content stream or a table of letters into operators with their operands, one at a time and without depth.

/// An operand.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    /// The beginning and the end of an array or a dictionary; their content stands between.
    Open,
    Close,
}

/// The most operands that one operator may have; a table of letters has two hundred.
const MAX_OPERANDS: usize = 4_096;

pub(super) struct Lexer<'b> {
    rest: &'b [u8],
    operands: Vec<Operand>,
}

impl<'b> Lexer<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Lexer<'b> {
        Lexer {
            rest: bytes,
            operands: Vec::new(),
        }
    }

    /// The next operator with the operands before it.
    pub(super) fn next(&mut self) -> Option<(&'b [u8], Vec<Operand>)> {
        loop {
            let (first, after) = self.rest.split_first()?;
            match first {
                b'(' => {
                    let text = self.literal();
                    self.push(Operand::Text(text));
                }
                b'<' if after.first() == Some(&b'<') => {
                    self.skip(2);
                    self.push(Operand::Open);
                }
                b'>' if after.first() == Some(&b'>') => {
                    self.skip(2);
                    self.push(Operand::Close);
                }
                b'<' => {
                    let text = self.hexadecimal();
                    self.push(Operand::Text(text));
                }
                b'[' => {
                    self.skip(1);
                    self.push(Operand::Open);
                }
                b']' => {
                    self.skip(1);
                    self.push(Operand::Close);
                }
                b'/' => {
                    self.skip(1);
                    let name = name(self.word());
                    self.push(Operand::Name(name));
                }
                b'%' => {
                    let n_bytes = self
                        .rest
                        .iter()
                        .position(|byte| matches!(byte, b'\n' | b'\r'))
                        .unwrap_or(self.rest.len());
                    self.skip(n_bytes);
                }
                byte if is_space(*byte) || matches!(byte, b')' | b'>' | b'{' | b'}') => {
                    self.skip(1);
                }
                _ => {
                    let word = self.word();
                    match number(word) {
                        Some(number) => self.push(Operand::Number(number)),
                        None => return Some((word, std::mem::take(&mut self.operands))),
                    }
                }
            }
        }
    }

    /// Passes over the data of a picture inside the stream, up to the word that ends it.
    pub(super) fn skip_picture(&mut self) {
        let end = self.rest.windows(4).position(|window| {
            matches!(window, [before, b'E', b'I', after] if is_space(*before) && is_space(*after))
        });
        let is_last = self.rest.ends_with(b"EI");
        let n_bytes = end.map_or(if is_last { self.rest.len() } else { 0 }, |at| at + 3);
        // Without an end there is nothing that could be trusted behind it.
        self.skip(if n_bytes == 0 {
            self.rest.len()
        } else {
            n_bytes
        });
    }

    fn push(&mut self, operand: Operand) {
        if self.operands.len() == MAX_OPERANDS {
            self.operands.clear();
        }
        self.operands.push(operand);
    }

    fn skip(&mut self, n_bytes: usize) {
        self.rest = self.rest.get(n_bytes..).unwrap_or_default();
    }

    /// Everything up to white space or a mark.
    fn word(&mut self) -> &'b [u8] {
        let n_bytes = self
            .rest
            .iter()
            .position(|byte| is_space(*byte) || b"()<>[]{}/%".contains(byte))
            .unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(n_bytes);
        self.rest = after;
        word
    }

    /// Text between parentheses, which may hold parentheses in pairs.
    fn literal(&mut self) -> Vec<u8> {
        let mut text = Vec::new();
        let mut depth = 0_u32;
        while let Some((first, after)) = self.rest.split_first() {
            self.rest = after;
            match first {
                b'(' => {
                    if depth > 0 {
                        text.push(b'(');
                    }
                    depth += 1;
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return text;
                    }
                    text.push(b')');
                }
                b'\\' => self.escape(&mut text),
                byte => text.push(*byte),
            }
        }
        text
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some((first, after)) = self.rest.split_first() else {
            return;
        };
        self.rest = after;
        match first {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => self.rest = after.strip_prefix(b"\n").unwrap_or(after),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some((digit @ b'0'..=b'7', after)) = self.rest.split_first() else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    self.rest = after;
                }
                text.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            byte => text.push(*byte),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.skip(1);
        let n_bytes = self
            .rest
            .iter()
            .position(|byte| *byte == b'>')
            .unwrap_or(self.rest.len());
        let (inside, after) = self.rest.split_at(n_bytes);
        self.rest = after.get(1..).unwrap_or_default();
        let mut digits: Vec<u8> = inside
            .iter()
            .filter_map(|byte| char::from(*byte).to_digit(16))
            .filter_map(|digit| u8::try_from(digit).ok())
            .collect();
        if digits.len() % 2 == 1 {
            digits.push(0);
        }
        digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect()
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// `/A#20B` is the name "A B".
fn name(word: &[u8]) -> Vec<u8> {
    let as_percent: Vec<u8> = word
        .iter()
        .map(|byte| if *byte == b'#' { b'%' } else { *byte })
        .collect();
    crate::html::percent_decoded(&as_percent)
}

fn number(word: &[u8]) -> Option<f64> {
    if !matches!(word.first()?, b'0'..=b'9' | b'+' | b'-' | b'.') {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok().or(Some(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_come_with_what_stands_before_them() {
        let mut lexer = Lexer::new(b"/F#31 12 Tf [(a\\)\\101(b)) -20 <4142>] TJ % x\nET");
        let (word, operands) = lexer.next().unwrap();
        assert_eq!(word, b"Tf");
        assert_eq!(
            operands,
            [Operand::Name(b"F1".to_vec()), Operand::Number(12.0)]
        );
        let (word, operands) = lexer.next().unwrap();
        assert_eq!(word, b"TJ");
        assert_eq!(operands[1], Operand::Text(b"a)A(b)".to_vec()));
        assert_eq!(operands[3], Operand::Text(b"AB".to_vec()));
        assert_eq!(lexer.next().unwrap().0, b"ET");
        assert!(lexer.next().is_none());
    }

    #[test]
    fn nothing_that_is_broken_stops_it() {
        for broken in [
            &b"((((("[..],
            b"<<<<",
            b"<41",
            b"]]]]>>",
            b"/",
            b"\\",
            b"1 2 3",
            b"(\\",
        ] {
            let mut lexer = Lexer::new(broken);
            while lexer.next().is_some() {}
        }
    }
}
