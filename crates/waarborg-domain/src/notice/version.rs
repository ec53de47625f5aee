//! The version of the notice: it changes when what people read changes, and only then.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use sha2::{Digest as _, Sha256};

use super::{Answer, Block, Notice, Shown, Statement};
use crate::register::Register;

/// The day for which it is read where the register says none; any fixed day does.
const SOME_DAY: Date = date(2026, 1, 1);

/// The declared version with the first characters of the digest of everything that people read.
pub(crate) fn version_of(register: &Register) -> String {
    let mut read = Read(Sha256::new());
    let head = register.head();
    // Not today: the same register has the same version tomorrow.
    let at = head.effective.or(head.published).unwrap_or(SOME_DAY);

    for language in &head.languages {
        read.piece(language);
        for residence in residences(register) {
            let shown = |notice| Shown {
                at,
                residence,
                language,
                notice,
            };
            read.notice(&Notice::under("", register, &shown(None)));
            for rule in register.parts.notices.values() {
                read.notice(&Notice::under("", register, &shown(Some(&rule.name))));
            }
            for service in register.services() {
                let name = service.name.as_str();
                read.answers(&Notice::first_layer(register, name, &shown(None)));
            }
        }
        for (id, consent) in &register.parts.consents {
            read.piece(id);
            read.piece(&consent.version);
            read.piece(consent.text.in_language(language).unwrap_or_default());
        }
    }

    let mut version = format!("{}+", head.declared_version);
    for byte in read.0.finalize().iter().take(4) {
        // Writing to a String does not fail.
        let _ = write!(version, "{byte:02x}");
    }
    version
}

/// Everywhere for which the notice says something of its own, and everywhere else.
fn residences(register: &Register) -> Vec<Option<&str>> {
    let mut found: Vec<Option<&str>> = vec![None];
    for controller in register.controllers() {
        for residence in controller.residences.iter().filter(|name| *name != "*") {
            if !found.contains(&Some(residence)) {
                found.push(Some(residence));
            }
        }
    }
    found
}

/// The digest of what was read so far; each piece with its length, so that no two readings are taken for one.
struct Read(Sha256);

impl Read {
    fn piece(&mut self, text: &str) {
        self.0.update(text.len().to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.piece(&statement.text);
        }
    }

    fn notice(&mut self, notice: &Notice) {
        self.piece(&notice.title);
        self.statements(&notice.five_lines);
        for section in &notice.sections {
            self.piece(&section.title);
            for block in &section.blocks {
                self.block(block);
            }
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Line(line) => self.piece(&line.text),
            Block::List(lines) => self.statements(lines),
            Block::Table { head, rows } => {
                for title in head {
                    self.piece(title);
                }
                for row in rows {
                    self.statements(row);
                }
            }
        }
    }

    fn answers(&mut self, answers: &[Answer]) {
        for answer in answers {
            self.piece(&answer.title);
            self.statements(&answer.statements);
        }
    }
}
