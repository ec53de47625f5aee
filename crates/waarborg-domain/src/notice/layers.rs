//! The short layers: seven answers before the first word, and five lines above the whole notice.

use super::processing::{capital, lower};
use super::{OPEN, Statement, Writing};
use crate::register::{Label, Recipient};

/// One of the questions that the first layer answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Who answers for the processing.
    Who,
    /// Which data.
    What,
    /// Where it is kept and processed.
    Where,
    /// How long it is kept.
    When,
    /// For which purposes.
    Why,
    /// Who else gets it.
    Shared,
    /// What the person may ask.
    Rights,
}

impl Question {
    /// The questions in the order in which they are answered.
    pub const ALL: [Self; 7] = [
        Self::Who,
        Self::What,
        Self::Where,
        Self::When,
        Self::Why,
        Self::Shared,
        Self::Rights,
    ];

    /// A stable word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::What => "what",
            Self::Where => "where",
            Self::When => "when",
            Self::Why => "why",
            Self::Shared => "shared",
            Self::Rights => "rights",
        }
    }
}

/// One answer of the first layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// The question in words.
    pub title: String,
    /// What the register says.
    pub statements: Vec<Statement>,
}

impl Writing<'_> {
    /// The seven answers, for the services at hand.
    pub(super) fn answers(&self) -> Vec<Answer> {
        Question::ALL
            .into_iter()
            .map(|question| Answer {
                question,
                title: self.words.say(&format!("question-{}", question.name())),
                statements: self.answer(question),
            })
            .collect()
    }

    fn answer(&self, question: Question) -> Vec<Statement> {
        let words = self.words;
        let controller = self.controller;
        match question {
            Question::Who => {
                let ways = self.ways(&controller.privacy);
                let text = words.fill("first-who", &[("name", &controller.name), ("ways", &ways)]);
                vec![Statement::of(text, [controller.rule()])]
            }
            Question::What => self
                .used_categories()
                .into_iter()
                .map(|category| {
                    let name = capital(&self.label(&category.label, category.name.as_str()));
                    Statement::of(
                        words.fill("first-what", &[("categories", &name)]),
                        [category.rule()],
                    )
                })
                .collect(),
            Question::Where => {
                let home = words.fill(
                    "first-where",
                    &[("country", &self.country(&controller.country))],
                );
                let home = Statement::of(
                    home,
                    [
                        controller.rule(),
                        format!("law:country/{}", controller.country),
                    ],
                );
                std::iter::once(home)
                    .chain(self.used_recipients().into_iter().map(|to| self.place(to)))
                    .collect()
            }
            Question::When => self.when(),
            Question::Why => {
                let mut seen = Vec::new();
                for processing in self.processings() {
                    let purpose = capital(&self.purpose(&processing.purpose));
                    let text = words.fill("first-why", &[("purpose", &purpose)]);
                    let statement = Statement::of(text, [processing.rule.clone()]);
                    if !seen
                        .iter()
                        .any(|known: &Statement| known.text == statement.text)
                    {
                        seen.push(statement);
                    }
                }
                seen
            }
            Question::Shared => {
                let used = self.used_recipients();
                if used.is_empty() {
                    return vec![Statement::of(words.say("first-shared-none"), [])];
                }
                let shared = used.into_iter().map(|recipient| {
                    let name = capital(&self.label(&recipient.label, recipient.name.as_str()));
                    Statement::of(
                        words.fill("first-shared", &[("name", &name)]),
                        [recipient.rule()],
                    )
                });
                shared.collect()
            }
            Question::Rights => vec![Statement::of(
                words.say("first-rights"),
                ["law:rights".to_owned()],
            )],
        }
    }

    fn place(&self, recipient: &Recipient) -> Statement {
        let name = capital(&self.label(&recipient.label, recipient.name.as_str()));
        let country = self.country(&recipient.country);
        let text = self.words.fill(
            "first-where-recipient",
            &[("name", &name), ("country", &country)],
        );
        Statement::of(
            text,
            [
                recipient.rule(),
                format!("law:country/{}", recipient.country),
            ],
        )
    }

    /// How long, per category; what never reaches a disk is left out here.
    fn when(&self) -> Vec<Statement> {
        let words = self.words;
        let mut found: Vec<Statement> = Vec::new();
        for retention in self
            .used_retentions()
            .filter(|retention| !retention.trigger.is_memory_only())
        {
            let name = capital(&self.category(&retention.category));
            let brief = crate::register::Retention {
                why: Label::default(),
                copies: Vec::new(),
                ..retention.clone()
            };
            let text = words.fill("colon", &[("name", &name), ("value", &self.kept(&brief))]);
            let statement = Statement::of(text, [retention.rule.clone()]);
            match found.iter_mut().find(|known| known.text == statement.text) {
                Some(known) => known.rules.push(retention.rule.clone()),
                None => found.push(statement),
            }
        }
        found
    }

    /// The whole in five lines.
    pub(super) fn five_lines(&self) -> Vec<Statement> {
        let words = self.words;
        let controller = self.controller;

        let categories = self.used_categories();
        let category_rules: Vec<String> =
            categories.iter().map(|category| category.rule()).collect();
        let categories: Vec<String> = categories
            .iter()
            .map(|category| lower(&self.label(&category.label, category.name.as_str())))
            .collect();
        let mut purposes: Vec<String> = Vec::new();
        let mut purpose_rules = Vec::new();
        for processing in self.processings() {
            let purpose = self.purpose(&processing.purpose);
            if !purposes.contains(&purpose) {
                purposes.push(purpose);
                purpose_rules.push(processing.rule.clone());
            }
        }
        let recipients = self.used_recipients();
        let recipient_rules: Vec<String> = recipients
            .iter()
            .map(|recipient| recipient.rule())
            .collect();
        let names: Vec<String> = recipients
            .iter()
            .map(|recipient| {
                let name = self.label(&recipient.label, recipient.name.as_str());
                format!("{name} ({})", self.country(&recipient.country))
            })
            .collect();
        let shared = if names.is_empty() {
            words.say("five-shared-none")
        } else {
            words.fill("five-shared", &[("names", &words.listed(&names))])
        };
        let open = OPEN.to_string();
        let or_open = |items: &[String]| {
            if items.is_empty() {
                open.clone()
            } else {
                words.listed(items)
            }
        };

        vec![
            Statement::of(
                words.fill("five-who", &[("name", &controller.name)]),
                [controller.rule()],
            ),
            Statement::of(
                words.fill("five-what", &[("categories", &or_open(&categories))]),
                category_rules,
            ),
            Statement::of(
                words.fill("five-why", &[("purposes", &or_open(&purposes))]),
                purpose_rules,
            ),
            Statement::of(shared, recipient_rules),
            Statement::of(
                words.fill("five-rights", &[("ways", &self.ways(&controller.privacy))]),
                [controller.rule()],
            ),
        ]
    }
}
