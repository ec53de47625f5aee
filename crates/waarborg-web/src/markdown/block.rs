//! Cuts an answer into blocks, line by line.

use super::inline;
use super::{Block, Inline};

/// A table wider than this is text.
const MOST_COLUMNS: usize = 32;

/// Reads all blocks.
pub(super) fn read(text: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if reader.in_code(line) {
            continue;
        }
        if let Some(next) = lines.peek()
            && let Some(head) = table_head(line, next)
        {
            lines.next();
            reader.close();
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.contains('|')) {
                let mut cells: Vec<_> = cells(row).map(inline::read).collect();
                cells.resize(head.len(), Vec::new());
                rows.push(cells);
            }
            reader.blocks.push(Block::Table { head, rows });
            continue;
        }
        reader.line(line);
    }
    reader.finish()
}

/// What is being gathered.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Paragraph(String),
    Quote(String),
    List(Option<u32>, Vec<String>),
    Code(char, String),
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    open: Open,
}

impl Reader {
    /// Takes a line if it belongs to a block of code, or opens one.
    fn in_code(&mut self, line: &str) -> bool {
        let fence = fence(line);
        if let Open::Code(mark, text) = &mut self.open {
            if fence == Some(*mark) {
                self.close();
            } else {
                text.push_str(line);
                text.push('\n');
            }
            return true;
        }
        let Some(mark) = fence else { return false };
        self.close();
        self.open = Open::Code(mark, String::new());
        true
    }

    fn line(&mut self, line: &str) {
        let trimmed = line.trim_start();
        if trimmed.is_empty() {
            self.close();
            return;
        }
        if let Some((level, text)) = heading(trimmed) {
            self.close();
            self.blocks.push(Block::H {
                level,
                c: inline::read(text),
            });
            return;
        }
        if is_rule(trimmed) {
            self.close();
            self.blocks.push(Block::Rule);
            return;
        }
        if let Some((start, text)) = item(trimmed) {
            match &mut self.open {
                Open::List(first, items) if first.is_some() == start.is_some() => {
                    items.push(text.to_owned());
                }
                _ => {
                    self.close();
                    self.open = Open::List(start, vec![text.to_owned()]);
                }
            }
            return;
        }
        if let Some(text) = trimmed.strip_prefix('>') {
            if let Open::Quote(gathered) = &mut self.open {
                join(gathered, text.trim_start());
            } else {
                self.close();
                self.open = Open::Quote(text.trim_start().to_owned());
            }
            return;
        }
        match &mut self.open {
            Open::Paragraph(gathered) | Open::Quote(gathered) => join(gathered, trimmed),
            Open::List(_, items) if line.starts_with(' ') => {
                if let Some(last) = items.last_mut() {
                    join(last, trimmed);
                }
            }
            _ => {
                self.close();
                self.open = Open::Paragraph(trimmed.to_owned());
            }
        }
    }

    fn close(&mut self) {
        match std::mem::take(&mut self.open) {
            Open::Nothing => {}
            Open::Paragraph(text) => self.blocks.push(Block::P {
                c: inline::read(text.trim_end()),
            }),
            Open::Quote(text) => self.blocks.push(Block::Quote {
                c: inline::read(text.trim_end()),
            }),
            Open::List(start, items) => {
                let items = items
                    .iter()
                    .map(|item| inline::read(item.trim_end()))
                    .collect();
                self.blocks.push(Block::List { start, items });
            }
            Open::Code(_, text) => {
                self.blocks.push(Block::Code {
                    text: text.strip_suffix('\n').unwrap_or(&text).to_owned(),
                });
            }
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.close();
        self.blocks
    }
}

/// Joins a line to what came before; two spaces at a line's end keep the break.
fn join(gathered: &mut String, line: &str) {
    gathered.push('\n');
    gathered.push_str(line);
}

fn fence(line: &str) -> Option<char> {
    let trimmed = line.trim_start();
    ["```", "~~~"]
        .into_iter()
        .find(|mark| trimmed.starts_with(mark))
        .and_then(|mark| mark.chars().next())
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let text = line.trim_start_matches('#');
    let level = u8::try_from(line.len() - text.len()).ok()?;
    ((1..=6).contains(&level) && text.starts_with(' '))
        .then(|| (level, text.trim().trim_end_matches('#').trim_end()))
}

fn is_rule(line: &str) -> bool {
    ['-', '*', '_'].into_iter().any(|mark| {
        line.chars().filter(|c| *c == mark).count() >= 3
            && line.chars().all(|c| c == mark || c == ' ')
    })
}

/// An item of a list: its number, where it has one, and its text.
fn item(line: &str) -> Option<(Option<u32>, &str)> {
    for mark in ["- ", "* ", "+ ", "• "] {
        if let Some(text) = line.strip_prefix(mark) {
            return Some((None, text.trim_start()));
        }
    }
    let (number, text) = line.split_once(". ").or_else(|| line.split_once(") "))?;
    let digits = number.len() <= 4 && number.chars().all(|c| c.is_ascii_digit());
    digits
        .then(|| number.parse().ok())
        .flatten()
        .map(|number| (Some(number), text.trim_start()))
}

fn table_head(line: &str, next: &str) -> Option<Vec<Vec<Inline>>> {
    if !line.contains('|') || !next.contains('-') {
        return None;
    }
    let is_divider = next.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let n_columns = cells(line).take(MOST_COLUMNS + 1).count();
    (is_divider && n_columns <= MOST_COLUMNS && cells(next).count() == n_columns)
        .then(|| cells(line).map(inline::read).collect())
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|')
        .unwrap_or(line)
        .split('|')
        .take(MOST_COLUMNS + 1)
        .map(str::trim)
}
