//! Reads running text: emphasis, code, links and breaks.

use std::iter::Peekable;
use std::str::CharIndices;

use super::Inline;
use super::link;

/// Reads one block's text. Emphasis does not nest deeper than strong within em.
pub(super) fn read(text: &str) -> Vec<Inline> {
    let tokens = tokens(text);
    let mut stack: Vec<(Mark, Vec<Inline>)> = Vec::new();
    let mut out: Vec<Inline> = Vec::new();
    for token in tokens {
        match token {
            Token::Piece(piece) => push(top(&mut stack, &mut out), piece),
            Token::Mark {
                mark,
                opens,
                closes,
            } => {
                if closes && stack.last().is_some_and(|(open, _)| *open == mark) {
                    if let Some((_, inside)) = stack.pop() {
                        let piece = match mark {
                            Mark::Strong(_) => Inline::Strong { c: inside },
                            Mark::Em(_) => Inline::Em { c: inside },
                        };
                        push(top(&mut stack, &mut out), piece);
                    }
                } else if opens && stack.len() < 2 && !stack.iter().any(|(open, _)| *open == mark) {
                    stack.push((mark, Vec::new()));
                } else {
                    push(
                        top(&mut stack, &mut out),
                        Inline::Text { s: mark.written() },
                    );
                }
            }
        }
    }
    // What was opened and never closed is text.
    while let Some((mark, inside)) = stack.pop() {
        let target = top(&mut stack, &mut out);
        push(target, Inline::Text { s: mark.written() });
        for piece in inside {
            push(target, piece);
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Strong(char),
    Em(char),
}

impl Mark {
    fn written(self) -> String {
        match self {
            Self::Strong(c) => format!("{c}{c}"),
            Self::Em(c) => c.to_string(),
        }
    }
}

enum Token {
    Piece(Inline),
    Mark {
        mark: Mark,
        opens: bool,
        closes: bool,
    },
}

fn top<'a>(stack: &'a mut [(Mark, Vec<Inline>)], out: &'a mut Vec<Inline>) -> &'a mut Vec<Inline> {
    match stack.last_mut() {
        Some((_, inside)) => inside,
        None => out,
    }
}

/// Adds a piece; text joins the text before it.
fn push(pieces: &mut Vec<Inline>, piece: Inline) {
    if let (Some(Inline::Text { s: before }), Inline::Text { s }) = (pieces.last_mut(), &piece) {
        before.push_str(s);
    } else {
        pieces.push(piece);
    }
}

struct Scanner<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
    tokens: Vec<Token>,
    plain: String,
    before: char,
    /// No lone closing mark of code stands after this point, so looking for one is pointless.
    no_code: bool,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner {
        text,
        chars: text.char_indices().peekable(),
        tokens: Vec::new(),
        plain: String::new(),
        before: ' ',
        no_code: false,
    };
    while let Some((at, c)) = scanner.chars.next() {
        scanner.take(at, c);
    }
    scanner.flush();
    scanner.tokens
}

impl<'t> Scanner<'t> {
    fn take(&mut self, at: usize, c: char) {
        match c {
            '\\' => {
                let escaped = self.chars.next_if(|(_, next)| next.is_ascii_punctuation());
                self.add(escaped.map_or('\\', |(_, next)| next));
            }
            '\n' => {
                let hard = self.plain.ends_with("  ");
                self.plain.truncate(self.plain.trim_end_matches(' ').len());
                if hard {
                    self.piece(Inline::Br);
                } else {
                    self.add(' ');
                }
            }
            '`' if !self.no_code => self.code(at),
            '*' | '_' => self.mark(c),
            '[' => self.link(at),
            'h' | 'H' if !self.before.is_alphanumeric() => self.bare(at, c),
            _ => self.add(c),
        }
    }

    fn add(&mut self, c: char) {
        self.plain.push(c);
        self.before = c;
    }

    fn flush(&mut self) {
        if !self.plain.is_empty() {
            self.tokens.push(Token::Piece(Inline::Text {
                s: std::mem::take(&mut self.plain),
            }));
        }
    }

    fn piece(&mut self, piece: Inline) {
        self.flush();
        self.tokens.push(Token::Piece(piece));
        self.before = ' ';
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    /// Passes over what was taken as a whole, up to this byte.
    fn skip_to(&mut self, end: usize) {
        while self.chars.next_if(|(at, _)| *at < end).is_some() {}
    }

    fn code(&mut self, at: usize) {
        let rest = self.rest(at);
        let n_marks = rest.chars().take_while(|c| *c == '`').count();
        let marks = rest.get(..n_marks).unwrap_or_default();
        let inside = rest.get(n_marks..).unwrap_or_default();
        match inside.find(marks) {
            Some(length) if length > 0 => {
                let code = inside.get(..length).unwrap_or_default();
                self.piece(Inline::Code {
                    s: code.trim().replace('\n', " "),
                });
                self.skip_to(at + 2 * n_marks + length);
            }
            _ => {
                self.no_code = n_marks == 1;
                self.plain.push_str(marks);
                self.before = '`';
                self.skip_to(at + n_marks);
            }
        }
    }

    fn mark(&mut self, c: char) {
        let double = self.chars.next_if(|(_, next)| *next == c).is_some();
        let after = self.chars.peek().map_or(' ', |(_, next)| *next);
        let (before_space, after_space) = (self.before.is_whitespace(), after.is_whitespace());
        // An underscore within a word is part of the word.
        let within = c == '_' && self.before.is_alphanumeric() && after.is_alphanumeric();
        let mark = if double { Mark::Strong(c) } else { Mark::Em(c) };
        self.flush();
        self.tokens.push(Token::Mark {
            mark,
            opens: !after_space && !within,
            closes: !before_space && !within,
        });
        self.before = c;
    }

    fn link(&mut self, at: usize) {
        let image = self.plain.ends_with('!');
        let Some((name, address, length)) = link::written(self.rest(at)) else {
            self.add('[');
            return;
        };
        if image {
            // An image is never loaded: its description stands in its place.
            self.plain.pop();
            for c in name.chars() {
                self.add(c);
            }
            self.skip_to(at + length);
            return;
        }
        let Some(host) = link::host(address) else {
            self.add('[');
            return;
        };
        self.piece(Inline::Link {
            s: name.to_owned(),
            href: address.to_owned(),
            host,
        });
        self.skip_to(at + length);
    }

    fn bare(&mut self, at: usize, c: char) {
        let found =
            link::bare(self.rest(at)).and_then(|address| Some((address, link::host(address)?)));
        let Some((address, host)) = found else {
            self.add(c);
            return;
        };
        self.piece(Inline::Link {
            s: address.to_owned(),
            href: address.to_owned(),
            host,
        });
        self.skip_to(at + address.len());
    }
}
