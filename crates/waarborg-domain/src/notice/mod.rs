//! The public notice, derived from the register: every statement names the rules that it follows from.

mod changes;
mod depth;
mod foreign;
mod layers;
mod linked;
mod pdf;
mod policy;
mod printed;
mod processing;
mod render;
mod ropa;
mod sections;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod traced_tests;
mod version;
#[cfg(test)]
mod version_tests;
mod words;
mod workbook;

use jiff::civil::Date;

use crate::register::{Controller, Processing, Register, Service};

pub use changes::{Spelled, SpelledChange, changes_in_words, changes_spelled, procedure_in_words};
pub use depth::Layer;
pub use foreign::Foreign;
pub use layers::{Answer, Question};
pub use linked::record_as_linked_data;
pub use printed::ropa_pdf;
pub use ropa::{
    RECIPIENT_HEAD, ROPA_HEAD, RecipientRow, RopaRow, recipient_rows, recipients_csv,
    record_of_processing, ropa_csv,
};
pub(crate) use version::version_of;
pub use words::LANGUAGES;
pub use workbook::ropa_xlsx;

use words::Words;

/// Stands for a value that the register leaves open; rendering turns it into *[nog in te vullen]*.
const OPEN: char = '\u{E000}';

/// For whom and when a notice is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The day for which it is asked.
    pub at: Date,
    /// Where the person lives, as two letters; `None` is anywhere.
    pub residence: Option<&'a str>,
    /// The language; English for one that a notice cannot be written in.
    pub language: &'a str,
    /// Which notice of the register; `None` is all services together.
    pub notice: Option<&'a str>,
}

/// A notice, ready to be rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its title.
    pub title: String,
    /// Its version ([`Register::notice_version`]).
    pub version: String,
    /// Since when it holds.
    pub effective: Option<Date>,
    /// When it was published.
    pub published: Option<Date>,
    /// The day for which it was asked.
    pub at: Date,
    /// The language that it is in.
    pub language: &'static str,
    /// The controller for the person who reads it.
    pub controller: String,
    /// Says that what the organisation wrote itself is in another language, where it is.
    pub fallback: Option<String>,
    /// The notice in five lines.
    pub five_lines: Vec<Statement>,
    /// The whole notice.
    pub sections: Vec<Section>,
}

/// A section with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// The language of its heading, where that is another than the notice's.
    pub title_language: Option<&'static str>,
    /// What it says.
    pub blocks: Vec<Block>,
}

impl Section {
    /// What it says, statement by statement; a row of a table is one line.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let lines = |block: &Block| -> Vec<String> {
            match block {
                Block::Line(statement) => vec![statement.text.clone()],
                Block::List(statements) => statements.iter().map(|one| one.text.clone()).collect(),
                Block::Table { rows, .. } => rows
                    .iter()
                    .map(|row| {
                        let cells: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
                        cells.join(" – ")
                    })
                    .collect(),
            }
        };
        self.blocks.iter().flat_map(lines).collect()
    }
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Line(Statement),
    /// A list.
    List(Vec<Statement>),
    /// A table: headings, and rows of as many cells.
    Table {
        /// The headings.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<Statement>>,
    },
}

/// One thing that the notice says, with the rules that it follows from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    /// The words.
    pub text: String,
    /// Where they are in another language than the notice.
    pub foreign: Vec<Foreign>,
    /// The rules, such as `retention:chat/user_content/provide`.
    pub rules: Vec<String>,
}

impl Statement {
    fn of(text: impl AsRef<str>, rules: impl IntoIterator<Item = String>) -> Self {
        let (text, foreign) = foreign::read(text.as_ref());
        Self {
            text,
            foreign,
            rules: rules.into_iter().collect(),
        }
    }

    /// The words in pieces, each with its language where that is another than the notice's.
    #[must_use]
    pub fn pieces(&self) -> Vec<(Option<&'static str>, &str)> {
        foreign::pieces(&self.text, &self.foreign)
    }
}

impl Notice {
    /// The notice that follows from a register, for somebody who lives there, on a day.
    #[must_use]
    pub fn of(register: &Register, shown: &Shown<'_>) -> Self {
        let there = shown
            .residence
            .and_then(|residence| register.in_residence(residence));
        let holds = there.as_ref().unwrap_or(register);
        Self::under(register.notice_version(), holds, shown)
    }

    /// The notice with this in the place of its version.
    fn under(version: &str, register: &Register, shown: &Shown<'_>) -> Self {
        let mut writing = Writing::of(register, shown);
        writing.version = version;
        let head = register.head();

        let mut notice = Self {
            title: writing.words.fill("title", &[("organisation", &head.name)]),
            version: version.to_owned(),
            effective: head.effective,
            published: head.published,
            at: shown.at,
            language: writing.words.language(),
            controller: writing.controller.id.clone(),
            fallback: None,
            five_lines: writing.five_lines(),
            sections: writing.sections(shown.notice),
        };
        notice.fallback = notice.in_other_words(writing.words);
        notice
    }

    /// Says so if a notice that has the fixed texts alone has words of the register in another language.
    fn in_other_words(&self, words: Words) -> Option<String> {
        if !words.has_fixed_texts_alone() {
            return None;
        }
        let foreign = self.statements().flat_map(|statement| &statement.foreign);
        let first = foreign.map(|foreign| foreign.language).next()?;
        let name = words.say(&format!("language-{first}"));
        Some(words.fill("fallback", &[("language", &name)]))
    }

    /// The first layer for a service: who, what, where, how long, why, with whom, rights.
    #[must_use]
    pub fn first_layer(register: &Register, service: &str, shown: &Shown<'_>) -> Vec<Answer> {
        let mut writing = Writing::of(register, shown);
        writing.services.retain(|declared| declared.name == service);
        writing.answers()
    }

    /// Where else than with the organisation a request may belong: with who decides together with it (article 26), and
    /// with whom it works for (article 28). For who asks, and for the desk.
    #[must_use]
    pub fn elsewhere(register: &Register, shown: &Shown<'_>) -> Vec<Statement> {
        Writing::of(register, shown).elsewhere()
    }

    /// Every statement of the notice.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        let within = blocks.flat_map(|block| -> Box<dyn Iterator<Item = &Statement>> {
            match block {
                Block::Line(statement) => Box::new(std::iter::once(statement)),
                Block::List(statements) => Box::new(statements.iter()),
                Block::Table { rows, .. } => Box::new(rows.iter().flatten()),
            }
        });
        self.five_lines.iter().chain(within)
    }

    /// Whether anything in it is still open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.statements()
            .any(|statement| statement.text.contains(OPEN))
    }
}

/// What a notice is written from.
struct Writing<'r> {
    register: &'r Register,
    words: Words,
    at: Date,
    controller: &'r Controller,
    residence: Option<&'r str>,
    version: &'r str,
    services: Vec<&'r Service>,
}

impl<'r> Writing<'r> {
    fn of(register: &'r Register, shown: &Shown<'r>) -> Self {
        let in_notice =
            |service: &&Service| shown.notice.is_none_or(|notice| service.notice == notice);
        let mut services: Vec<&Service> = register.services().filter(in_notice).collect();
        services.sort_by_key(|service| service.place);
        let controller = match shown.residence {
            Some(residence) => register.controller(residence),
            None => register.default_controller(),
        };

        Self {
            register,
            words: Words::of(shown.language, register.head().address),
            at: shown.at,
            controller,
            residence: shown.residence,
            version: "",
            services,
        }
    }

    fn processings(&self) -> impl Iterator<Item = &'r Processing> + '_ {
        let within = |processing: &&Processing| {
            self.services
                .iter()
                .any(|service| service.name == processing.service)
        };
        self.register.processings().iter().filter(within)
    }
}
