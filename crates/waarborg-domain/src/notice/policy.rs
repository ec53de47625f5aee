//! The rules for the use of AI, and who receives data: texts that follow from the register like the notice does.

use super::{Block, Notice, Section, Shown, Statement, Writing};
use crate::policy::{Change, DataClass, Policy, Subject, subjects_of};
use crate::register::{Destination, Recipient, RecipientKind, Register};

const PLACES: [Destination; 4] = [
    Destination::Public,
    Destination::OutsideEu,
    Destination::Eu,
    Destination::Own,
];

impl Notice {
    /// The rules for the use of AI, from the matrix of the policy and what the register changes in it.
    #[must_use]
    pub fn of_ai_use(register: &Register, shown: &Shown<'_>) -> Self {
        let writing = Writing::of(register, shown);
        let words = writing.words;
        let profile = || ["policy:profile".to_owned()];
        let line = |key: &str| Statement::of(words.say(key), profile());
        let is_observing = register.policy().is_ok_and(|policy| policy.only_observes());
        let mut five_lines = vec![line("policy-line-screened")];
        five_lines.push(line(if is_observing {
            "policy-line-observe"
        } else {
            "policy-line-changed"
        }));
        let seeks_formats = register
            .policy()
            .is_ok_and(|policy| policy.seeks_formats_only());
        five_lines.push(line(if seeks_formats {
            "policy-line-formats"
        } else {
            "policy-line-doubt"
        }));
        writing.beside(
            words.fill("policy-title", &[("organisation", &register.head().name)]),
            five_lines,
            writing.ai_sections(),
        )
    }

    /// Who receives data: who works for us, who is responsible themselves, and what leaves Europe.
    #[must_use]
    pub fn of_recipients(register: &Register, shown: &Shown<'_>) -> Self {
        let writing = Writing::of(register, shown);
        let words = writing.words;
        let title = words.fill("receives-title", &[("organisation", &register.head().name)]);
        writing.beside(title, Vec::new(), writing.recipient_sections())
    }
}

impl Writing<'_> {
    /// A text beside the notice, of the same version.
    fn beside(&self, title: String, five_lines: Vec<Statement>, sections: Vec<Section>) -> Notice {
        let head = self.register.head();
        Notice {
            title,
            version: self.register.notice_version().to_owned(),
            effective: head.effective,
            published: head.published,
            at: self.at,
            language: self.words.language(),
            controller: self.controller.id.clone(),
            fallback: None,
            five_lines,
            sections,
        }
    }

    fn ai_sections(&self) -> Vec<Section> {
        let Ok(policy) = self.register.policy() else {
            return Vec::new();
        };
        let mut sections = vec![self.matrix(&policy)];
        let changes: Vec<Statement> = policy.changes().map(|change| self.change(change)).collect();
        if !changes.is_empty() {
            sections.push(self.part("policy-changes", vec![Block::List(changes)]));
        }

        if !policy.only_observes() {
            sections.push(self.tools(&policy));
        }

        let models = self
            .register
            .recipients()
            .filter(|recipient| recipient.kind == RecipientKind::Llm);
        let models: Vec<Statement> = models.map(|model| self.model(model)).collect();
        let models = if models.is_empty() {
            Block::Line(Statement::of(self.words.say("policy-no-models"), []))
        } else {
            Block::List(models)
        };
        sections.push(self.part("policy-models", vec![models]));

        let duties: Vec<Statement> = self
            .register
            .duties()
            .map(|duty| {
                let label = duty.label.in_language(self.words.language());
                let said = [
                    ("duty", label.unwrap_or(&duty.name).trim_end_matches('.')),
                    ("period", &self.words.period(duty.every)),
                ];
                Statement::of(
                    self.words.fill("policy-duty", &said),
                    [format!("duty:{}", duty.name)],
                )
            })
            .collect();
        if !duties.is_empty() {
            sections.push(self.part("policy-duties", vec![Block::List(duties)]));
        }
        let breaches = self.breaches();
        if !breaches.is_empty() {
            sections.push(self.part("policy-breaches", breaches));
        }
        sections
    }

    fn matrix(&self, policy: &Policy) -> Section {
        let words = self.words;
        let mut head = vec![words.say("policy-class")];
        head.extend(PLACES.map(|place| words.say(&format!("place-{place}"))));
        let rows = DataClass::ALL.map(|class| {
            let cell = |place| {
                let name = policy.cell(class, place).name();
                let rule = format!("policy:{}#{}/{place}", policy.name(), class.name());
                Statement::of(words.say(&format!("cell-{name}")), [rule])
            };
            let class = Statement::of(words.say(&format!("class-{}", class.name())), []);
            std::iter::once(class).chain(PLACES.map(cell)).collect()
        });
        let n_persons = policy.bulk_persons().to_string();
        let list = Statement::of(
            words.fill("policy-list", &[("n", &n_persons)]),
            [format!("policy:{}#bulk_persons", policy.name())],
        );
        self.part(
            "policy-matrix",
            vec![
                Block::Line(Statement::of(words.say("policy-matrix-lead"), [])),
                Block::Table {
                    head,
                    rows: rows.into(),
                },
                Block::Line(list),
            ],
        )
    }

    fn change(&self, change: &Change) -> Statement {
        let words = self.words;
        let what = self.subject(change.subject);
        let why = change.why.in_language(words.language()).unwrap_or_default();
        let said = [
            ("what", what.as_str()),
            (
                "place",
                &words.say(&format!("place-{}", change.destination)),
            ),
            ("cell", &words.say(&format!("cell-{}", change.cell.name()))),
            ("why", why),
        ];
        let Some(group) = &change.group else {
            return Statement::of(words.fill("policy-change", &said), [change.rule.clone()]);
        };
        let label = self.register.group(group);
        let label = label.and_then(|group| group.label.in_language(words.language()));
        let mut said = said.to_vec();
        said.push(("group", label.unwrap_or(group)));
        Statement::of(
            words.fill("policy-change-group", &said),
            [change.rule.clone(), format!("group:{group}")],
        )
    }

    /// What the tools get that a model asks for.
    fn tools(&self, policy: &Policy) -> Section {
        let words = self.words;
        let listed = |subjects: &[Subject]| {
            let words: Vec<String> = subjects.iter().map(|one| self.subject(*one)).collect();
            words.join("; ")
        };
        let others = subjects_of(policy.tools().gets(""));
        let lead = words.fill("policy-tools-lead", &[("what", &listed(&others))]);
        let lead = Statement::of(lead, [format!("policy:{}#tools", policy.name())]);
        let rows = self.register.policy_tools().map(|row| {
            let why = row.why.in_language(words.language()).unwrap_or_default();
            let what = listed(&row.gets);
            let said = [("tool", row.name.as_str()), ("what", &what), ("why", why)];
            let key = if row.gets.is_empty() {
                "policy-tool-nothing"
            } else {
                "policy-tool"
            };
            Statement::of(words.fill(key, &said), [row.rule.clone()])
        });
        let rows: Vec<Statement> = rows.collect();
        let mut blocks = vec![Block::Line(lead)];
        if !rows.is_empty() {
            blocks.push(Block::List(rows));
        }
        self.part("policy-tools", blocks)
    }

    /// A kind or class in words.
    fn subject(&self, subject: Subject) -> String {
        match subject {
            Subject::Kind(kind) => {
                let label = kind.label().to_ascii_lowercase().replace('_', "-");
                self.words.say(&format!("kind-{label}"))
            }
            Subject::Class(class) => self.words.say(&format!("class-{}", class.name())),
        }
    }

    fn model(&self, model: &Recipient) -> Statement {
        let words = self.words;
        let label = model.label.in_language(words.language());
        let said = [
            ("model", label.unwrap_or(model.name.as_str())),
            ("place", &words.say(&format!("place-{}", model.destination))),
        ];
        Statement::of(words.fill("policy-model", &said), [model.rule()])
    }

    fn recipient_sections(&self) -> Vec<Section> {
        let works_for_us = |recipient: &&Recipient| {
            matches!(
                recipient.kind,
                RecipientKind::Llm | RecipientKind::Hosting | RecipientKind::Processor
            )
        };
        let others = |recipient: &&Recipient| {
            matches!(
                recipient.kind,
                RecipientKind::Controller | RecipientKind::Authority
            )
        };
        let leaves = |recipient: &&Recipient| super::ropa::is_transfer(self.register, recipient);
        let recipients = || self.register.recipients();
        vec![
            self.recipient_table(
                "receives-processors",
                &[
                    "receives-country",
                    "receives-purposes",
                    "receives-fields",
                    "receives-keeps",
                    "receives-contract",
                ],
                recipients().filter(works_for_us),
            ),
            self.recipient_table(
                "receives-others",
                &["receives-country", "receives-purposes"],
                recipients().filter(others),
            ),
            self.recipient_table(
                "receives-transfers",
                &["receives-country", "receives-instrument", "receives-until"],
                recipients().filter(leaves),
            ),
        ]
    }

    fn recipient_table<'a>(
        &self,
        title: &str,
        columns: &[&str],
        recipients: impl Iterator<Item = &'a Recipient>,
    ) -> Section {
        let words = self.words;
        let rows: Vec<Vec<Statement>> = recipients
            .map(|recipient| {
                let name = recipient.label.in_language(words.language());
                let name = name.unwrap_or(recipient.name.as_str()).to_owned();
                let cells = columns
                    .iter()
                    .map(|column| self.recipient_cell(recipient, column));
                std::iter::once(name)
                    .chain(cells)
                    .map(|text| {
                        if text.is_empty() {
                            "–".to_owned()
                        } else {
                            text
                        }
                    })
                    .map(|text| Statement::of(text, [recipient.rule()]))
                    .collect()
            })
            .collect();
        if rows.is_empty() {
            let none = Statement::of(words.say("receives-none"), []);
            return self.part(title, vec![Block::Line(none)]);
        }
        let head = ["receives-name"].iter().chain(columns);
        let head = head.map(|key| words.say(key)).collect();
        self.part(title, vec![Block::Table { head, rows }])
    }

    fn recipient_cell(&self, recipient: &Recipient, column: &str) -> String {
        let words = self.words;
        let language = words.language();
        match column {
            "receives-country" => self.country(&recipient.country),
            "receives-purposes" => {
                let mut purposes: Vec<String> = Vec::new();
                for processing in self.register.processings() {
                    let label = self.purpose(&processing.purpose);
                    if processing.recipients.contains(&recipient.name) && !purposes.contains(&label)
                    {
                        purposes.push(label);
                    }
                }
                purposes.join("; ")
            }
            "receives-fields" => {
                let fields = recipient.fields.iter();
                fields
                    .map(|field| self.field(field))
                    .collect::<Vec<_>>()
                    .join("; ")
            }
            "receives-keeps" => match (recipient.stores_input, recipient.residual) {
                (false, _) => words.say("receives-keeps-nothing"),
                (true, Some(residual)) => words.period(residual),
                (true, None) => words.say("receives-keeps-something"),
            },
            "receives-contract" => recipient
                .dpa
                .as_ref()
                .and_then(|name| self.register.parts.evidence.get(name))
                .and_then(|evidence| evidence.title.in_language(language))
                .unwrap_or("–")
                .to_owned(),
            "receives-instrument" => recipient.mechanism.map_or_else(
                || "–".to_owned(),
                |mechanism| words.say(&format!("mechanism-{mechanism}")),
            ),
            _ => recipient
                .valid_until
                .map_or_else(|| "–".to_owned(), |day| words.day(day)),
        }
    }

    fn part(&self, title: &str, blocks: Vec<Block>) -> Section {
        Section {
            id: title.to_owned(),
            title: self.words.say(title),
            title_language: None,
            blocks,
        }
    }
}
