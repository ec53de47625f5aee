//! The sections of a notice about data: what, why, to whom, where and how long.

use super::foreign::{behind_mark, marked};
use super::sections::line;
use super::words::LANGUAGES;
use super::{Block, OPEN, Statement, Writing};
use crate::claim::{Action, ClaimKind};
use crate::personal::ServiceName;
use crate::register::{
    Basis, Category, CategoryRule, Destination, Label, Processing, Purpose, Recipient,
    RecipientKind, Retention, Source, SpecialCategories,
};

/// Terms that count only where mail is sent.
const OF_MAIL: &[&str] = &["waiting_mail", "sent_mail"];

impl<'r> Writing<'r> {
    pub(super) fn label(&self, label: &Label, name: &str) -> String {
        self.said(label).unwrap_or_else(|| name.replace('_', " "))
    }

    /// A text of the register, else in the register's own language; then it is marked.
    pub(super) fn said(&self, label: &Label) -> Option<String> {
        let own = self.register.head().languages.first();
        let wanted = self.words.language();
        let (language, text) = label.found(wanted, own.map_or("en", String::as_str))?;
        if language == wanted || !LANGUAGES.contains(&language) {
            return Some(text.to_owned());
        }
        Some(marked(text, language))
    }

    pub(super) fn country(&self, code: &str) -> String {
        let key = format!("country-{code}");
        if self.words.has(&key) {
            return self.words.say(&key);
        }
        let country = self.register.law().country(code);
        country.map_or_else(
            || code.to_owned(),
            |country| {
                if self.words.language() == "nl" {
                    country.nl.clone()
                } else {
                    country.en.clone()
                }
            },
        )
    }

    pub(super) fn field(&self, field: &str) -> String {
        let key = format!("field-{field}");
        if self.words.has(&key) {
            self.words.say(&key)
        } else {
            field.replace(['_', '.'], " ")
        }
    }

    pub(super) fn category(&self, name: &Category) -> String {
        let rule = self.register.category(name.as_str());
        rule.map_or_else(
            || name.to_string(),
            |rule| self.label(&rule.label, name.as_str()),
        )
    }

    pub(super) fn purpose(&self, name: &Purpose) -> String {
        let label = self.register.purpose(name.as_str()).map(|rule| &rule.label);
        let own = label.and_then(|label| self.said(label));
        let key = format!("purpose-{name}");
        match own {
            Some(own) => own,
            None if self.words.has(&key) => self.words.say(&key),
            None => name.as_str().replace('_', " "),
        }
    }

    /// The categories that the services of this notice process, in the order of the register.
    pub(super) fn used_categories(&self) -> Vec<&'r CategoryRule> {
        let used = |rule: &&CategoryRule| {
            self.processings()
                .any(|processing| processing.categories.contains(&rule.name))
        };
        let mut found: Vec<_> = self.register.categories().filter(used).collect();
        found.sort_by_key(|rule| rule.place);
        found
    }

    /// The recipients of the services of this notice.
    pub(super) fn used_recipients(&self) -> Vec<&'r Recipient> {
        let used = |rule: &&Recipient| {
            self.processings()
                .any(|processing| processing.recipients.contains(&rule.name))
        };
        let mut found: Vec<_> = self.register.recipients().filter(used).collect();
        found.sort_by_key(|rule| rule.place);
        found
    }

    pub(super) fn what(&self) -> Vec<Block> {
        let words = self.words;
        let items = self.used_categories().into_iter().map(|category| {
            let name = self.label(&category.label, category.name.as_str());
            let fields: Vec<String> = category
                .fields
                .iter()
                .map(|field| self.field(field))
                .collect();
            let what = words.fill(
                "what-category",
                &[("category", &name), ("fields", &words.listed(&fields))],
            );
            let source = match (&category.source_detail, category.source) {
                (Some(detail), Source::ThirdParty | Source::Person) => {
                    let key = format!("what-source-{}-named", category.source);
                    words.fill(&key, &[("source", &self.label(detail, ""))])
                }
                (_, source) => words.say(&format!("what-source-{source}")),
            };
            Statement::of(format!("{what} {source}"), [category.rule()])
        });
        let mut blocks = vec![Block::List(items.collect())];

        for service in &self.services {
            let name = self.label(&service.label, service.name.as_str());
            let grounded = self.processings().find(|processing| {
                processing.service == service.name && processing.ground.is_some()
            });
            let statement = match (service.special_categories, grounded) {
                (SpecialCategories::Conditions, Some(processing)) => {
                    let ground = processing
                        .ground
                        .map(|ground| words.say(&format!("ground-{ground}")))
                        .unwrap_or_default();
                    let text = words.fill(
                        "what-special-conditions",
                        &[("service", &name), ("ground", &ground)],
                    );
                    Statement::of(text, [service.rule(), processing.rule.clone()])
                }
                _ if service.ai => Statement::of(
                    words.fill("what-special-forbidden", &[("service", &name)]),
                    [service.rule()],
                ),
                _ => continue,
            };
            blocks.push(Block::Line(statement));
        }
        blocks.extend(self.nothing_special());
        blocks.extend(self.ages());
        blocks
    }

    /// The other services that forbid special categories.
    fn nothing_special(&self) -> Option<Block> {
        let services: Vec<_> = self
            .services
            .iter()
            .filter(|service| {
                !service.ai && service.special_categories == SpecialCategories::Forbidden
            })
            .collect();
        if services.is_empty() {
            return None;
        }
        let names: Vec<String> = services
            .iter()
            .map(|service| self.label(&service.label, service.name.as_str()))
            .collect();
        let names = self.words.listed(&names);
        let rules = services.iter().map(|service| service.rule());
        Some(line(
            self.words
                .fill("what-special-none", &[("services", &names)]),
            rules,
        ))
    }

    /// From which age a service is offered, and until when a parent or guardian must agree.
    fn ages(&self) -> Vec<Block> {
        let words = self.words;
        let ways = self.ways(&self.controller.privacy);
        let mut blocks = Vec::new();
        for service in &self.services {
            let name = capital(&self.label(&service.label, service.name.as_str()));
            for (key, age) in [
                ("what-age", service.minimum_age),
                ("what-guardian", service.guardian_age),
            ] {
                if age > 0 {
                    let values = [
                        ("service", name.as_str()),
                        ("n", &age.to_string()),
                        ("ways", &ways),
                    ];
                    let rules = [service.rule(), self.controller.rule()];
                    blocks.push(line(words.fill(key, &values), rules));
                }
            }
        }
        blocks
    }

    pub(super) fn why(&self) -> Vec<Block> {
        let words = self.words;
        let keys = ["why-head-purpose", "why-head-categories", "why-head-basis"];
        let mut rows: Vec<Row> = Vec::new();
        for processing in self.processings() {
            let categories: Vec<String> = processing
                .categories
                .iter()
                .map(|name| lower(&self.category(name)))
                .collect();
            let duty = match processing.basis {
                Basis::Consent => format!(" {}", words.say("why-voluntary")),
                _ if processing.obligatory => format!(" {}", words.say("why-obligatory")),
                _ => String::new(),
            };
            let cells = [
                capital(&self.purpose(&processing.purpose)),
                capital(&words.listed(&categories)),
                format!("{}{duty}", self.basis(processing)),
            ];
            add(
                &mut rows,
                &processing.service,
                cells,
                [processing.rule.clone()],
            );
        }
        let mut blocks = vec![self.table(keys, rows)];
        blocks.extend(self.windows());
        blocks
    }

    /// Messages that come after something ended, and until when.
    fn windows(&self) -> impl Iterator<Item = Block> + '_ {
        self.register.messages().iter().filter_map(|message| {
            let until = message.window.as_ref()?.split("..").last()?;
            let (event, period) = until.split_once('+')?;
            let event = self.words.say(&format!("event-{}", event.trim()));
            let period = self.words.period(period.trim().parse().ok()?);
            let key = match message.marketing_part {
                Some(_) => "message-until-selling",
                None => "message-until",
            };
            let said = [("period", period.as_str()), ("event", &event)];
            let rule = format!("message:{}", message.name);
            Some(line(self.words.fill(key, &said), [rule]))
        })
    }

    /// A table whose first column is the service, where the notice is about more than one.
    fn table(&self, keys: [&str; 3], rows: Vec<Row<'r>>) -> Block {
        let mut served: Vec<&ServiceName> = Vec::new();
        for name in self.processings().map(|processing| &processing.service) {
            if !served.contains(&name) {
                served.push(name);
            }
        }
        let names_services = served.len() > 1;
        let mut head: Vec<String> = keys.map(|key| self.words.say(key)).to_vec();
        if names_services {
            head.insert(0, self.words.say("head-service"));
        }
        let rows = rows.into_iter().map(|row| {
            let mut cells = row.cells.to_vec();
            if names_services {
                let names: Vec<String> = row
                    .services
                    .iter()
                    .map(|name| {
                        let service = self.register.service(name.as_str());
                        service.map_or_else(
                            || name.to_string(),
                            |service| self.label(&service.label, name.as_str()),
                        )
                    })
                    .collect();
                cells.insert(0, capital(&self.words.listed(&names)));
            }
            cells
                .into_iter()
                .map(|text| Statement::of(text, row.rules.clone()))
                .collect()
        });
        Block::Table {
            head,
            rows: rows.collect(),
        }
    }

    fn basis(&self, processing: &Processing) -> String {
        let evidence = self.evidence_of(processing.evidence.as_deref());
        let interest = processing
            .interest
            .as_ref()
            .and_then(|label| self.said(label));
        let said = |basis: Basis, evidence: &str| {
            self.words.fill(
                &format!("why-basis-{basis}"),
                &[
                    ("evidence", evidence),
                    ("interest", interest.as_deref().unwrap_or_default()),
                ],
            )
        };
        let first = said(processing.basis, &evidence);
        let Some(otherwise) = processing.otherwise else {
            return first;
        };
        let second = said(
            otherwise,
            &self.evidence_of(processing.otherwise_evidence.as_deref()),
        );
        let decided = processing
            .decided_by
            .as_ref()
            .map(|label| self.label(label, ""))
            .unwrap_or_default();
        self.words.fill(
            "why-otherwise",
            &[
                ("first", &first),
                ("second", &second),
                ("decided", &decided),
            ],
        )
    }

    /// The title of a piece of evidence.
    fn evidence_of(&self, name: Option<&str>) -> String {
        let piece = name.and_then(|name| {
            let mut pieces = self.register.evidence();
            pieces.find(|piece| piece.name == name)
        });
        piece
            .map(|piece| self.label(&piece.title, &piece.name))
            .unwrap_or_default()
    }

    /// Who reads within the organisation.
    fn readers(&self) -> Vec<Block> {
        let mut names = Vec::new();
        let mut rules = Vec::new();
        for processing in self.processings() {
            for role in &processing.readers {
                let label = self.register.role(role).map(|role| &role.label);
                let name = label.map_or_else(|| role.clone(), |label| self.label(label, role));
                if !names.contains(&name) {
                    names.push(name);
                    rules.push(format!("role:{role}"));
                }
            }
        }
        if names.is_empty() {
            return Vec::new();
        }
        let names = self.words.listed(&names);
        vec![line(
            self.words.fill("recipients-inside", &[("names", &names)]),
            rules,
        )]
    }

    pub(super) fn recipients(&self) -> Vec<Block> {
        let words = self.words;
        let used = self.used_recipients();
        if used.is_empty() {
            let mut blocks = vec![line(words.say("recipients-none"), [])];
            blocks.extend(self.disclosures());
            blocks.extend(self.readers());
            return blocks;
        }

        let items = used.into_iter().map(|recipient| {
            let name = capital(&self.label(&recipient.label, recipient.name.as_str()));
            let country = self.country(&recipient.country);
            let mut text = vec![
                words.fill("recipients-row", &[("name", &name), ("country", &country)]),
                words.say(role(recipient)),
            ];
            if recipient.destination != Destination::Own {
                text.extend(self.what_it_does(recipient));
            }
            Statement::of(
                text.join(" "),
                [
                    recipient.rule(),
                    format!("law:country/{}", recipient.country),
                ],
            )
        });
        let mut blocks = vec![Block::List(items.collect())];
        blocks.extend(self.disclosures());
        blocks.extend(self.readers());
        blocks
    }

    /// To whom data may be given in a single case.
    fn disclosures(&self) -> Vec<Block> {
        let words = self.words;
        let mut cases: Vec<_> = self.register.disclosures().collect();
        cases.sort_by_key(|disclosure| disclosure.place);
        let items: Vec<Statement> = cases
            .into_iter()
            .map(|disclosure| {
                let basis = disclosure.case.basis();
                let interest = disclosure.interest.as_ref();
                let interest = interest.map(|interest| self.label(interest, ""));
                let rests = [
                    ("evidence", self.evidence_of(disclosure.evidence.as_deref())),
                    ("interest", interest.unwrap_or_default()),
                ];
                let rests = rests.each_ref().map(|(key, value)| (*key, value.as_str()));
                let basis = words.fill(&format!("why-basis-{basis}"), &rests);
                let categories: Vec<String> = disclosure
                    .categories
                    .iter()
                    .map(|name| lower(&self.category(name)))
                    .collect();
                let said = [
                    (
                        "to",
                        capital(&self.label(&disclosure.label, &disclosure.name)),
                    ),
                    (
                        "case",
                        words.say(&format!("disclosure-{}", disclosure.case)),
                    ),
                    ("basis", basis),
                    ("categories", words.listed(&categories)),
                ];
                let said = said.each_ref().map(|(key, value)| (*key, value.as_str()));
                Statement::of(words.fill("disclosure-item", &said), [disclosure.rule()])
            })
            .collect();
        if items.is_empty() {
            return Vec::new();
        }
        let rules: Vec<String> = items.iter().flat_map(|item| item.rules.clone()).collect();
        vec![
            line(words.say("disclosure-lead"), rules),
            Block::List(items),
        ]
    }

    /// How long a recipient keeps what it gets, and whether it trains models with it.
    fn what_it_does(&self, recipient: &Recipient) -> Vec<String> {
        let words = self.words;
        let keeps = match (recipient.stores_input, recipient.residual, recipient.kind) {
            (_, None, RecipientKind::Controller | RecipientKind::Authority) => {
                words.say("recipients-keeps-by-itself")
            }
            (false, ..) => words.say("recipients-keeps-not"),
            (true, Some(period), _) => {
                words.fill("recipients-keeps", &[("period", &words.period(period))])
            }
            (true, None, RecipientKind::Llm) => words.fill("recipients-keeps", &[("period", "")]),
            (true, None, _) => words.say("recipients-keeps-as-we-do"),
        };
        let mut text = vec![keeps];
        if recipient.kind == RecipientKind::Llm {
            text.push(words.say(if recipient.trains {
                "recipients-trains"
            } else {
                "recipients-trains-not"
            }));
        }
        text
    }

    pub(super) fn transfers(&self) -> Vec<Block> {
        let words = self.words;
        let law = self.register.law();
        let mut blocks = Vec::new();
        for recipient in self.used_recipients() {
            if recipient.destination == Destination::Own || law.is_eea(&recipient.country) {
                continue;
            }
            let name = capital(&self.label(&recipient.label, recipient.name.as_str()));
            let mechanism = recipient
                .mechanism
                .map(|mechanism| words.say(&format!("mechanism-{mechanism}")));
            let country = self.country(&recipient.country);
            let values = [
                ("name", name.as_str()),
                ("country", &country),
                ("mechanism", mechanism.as_deref().unwrap_or_default()),
            ];
            let mut text = words.fill("transfers-row", &values);
            let more = match (
                self.register.lawful_today(recipient, self.at),
                recipient.valid_until,
            ) {
                (Err(_), _) => Some(words.say("transfers-stopped")),
                (Ok(_), Some(until)) => {
                    Some(words.fill("transfers-until", &[("date", &words.day(until))]))
                }
                (Ok(_), None) => None,
            };
            if let Some(more) = more {
                text.push(' ');
                text.push_str(&more);
            }
            blocks.push(line(
                text,
                [
                    recipient.rule(),
                    format!("law:country/{}", recipient.country),
                ],
            ));
        }

        let staying: Vec<Block> = self.staying();
        if blocks.is_empty() && !staying.is_empty() {
            return staying;
        }
        if blocks.is_empty() {
            let rules: Vec<String> = self
                .used_recipients()
                .into_iter()
                .map(Recipient::rule)
                .collect();
            return vec![line(words.say("transfers-none"), rules)];
        }
        blocks.push(line(words.say("transfers-copy"), [self.controller.rule()]));
        blocks.extend(staying);
        blocks
    }

    /// The services whose data stays where it is.
    fn staying(&self) -> Vec<Block> {
        let words = self.words;
        let services = self.services.iter();
        services
            .filter(|service| !service.stays_in.is_empty())
            .map(|service| {
                let mut rules = vec![service.rule()];
                let places: Vec<String> = service
                    .stays_in
                    .iter()
                    .map(|place| match place.as_str() {
                        "EEA" => words.say("eea"),
                        country => {
                            rules.push(format!("law:country/{country}"));
                            self.country(country)
                        }
                    })
                    .collect();
                let name = self.label(&service.label, service.name.as_str());
                let places = words.listed(&places);
                let values = [("service", name.as_str()), ("places", &places)];
                line(words.fill("transfers-stays", &values), rules)
            })
            .collect()
    }

    /// The retentions of the services of this notice.
    pub(super) fn used_retentions(&self) -> impl Iterator<Item = &'r Retention> + '_ {
        let within = |retention: &&Retention| {
            self.services
                .iter()
                .any(|service| service.name == retention.service)
        };
        self.register.retentions().iter().filter(within)
    }

    pub(super) fn retention(&self) -> Vec<Block> {
        let words = self.words;
        let mut kept: Vec<Kept<'r>> = Vec::new();
        for retention in self.used_retentions() {
            let text = self.kept(retention);
            let category = lower(&self.category(&retention.category));
            let same = kept.iter_mut().find(|row| {
                row.service == &retention.service
                    && row.purpose == &retention.purpose
                    && row.text == text
            });
            match same {
                Some(row) => row.add(category, retention.rule.clone()),
                None => kept.push(Kept {
                    service: &retention.service,
                    purpose: &retention.purpose,
                    text,
                    categories: vec![category],
                    rules: vec![retention.rule.clone()],
                }),
            }
        }

        let mut rows: Vec<Row> = Vec::new();
        for row in kept {
            let categories = capital(&words.listed(&row.categories));
            let cells = [categories, self.purpose(row.purpose), row.text];
            add(&mut rows, row.service, cells, row.rules);
        }
        let keys = [
            "retention-head-category",
            "retention-head-purpose",
            "retention-head-period",
        ];
        let mut blocks = vec![self.table(keys, rows)];
        let keeping = self
            .services
            .iter()
            .filter(|service| service.histories().contains(&"on"));
        let keeping: Vec<String> = keeping.map(|service| service.rule()).collect();
        if !keeping.is_empty() {
            blocks.push(line(words.say("retention-yourself"), keeping));
        }
        // What the program itself knows for a while stands in no cell, and is told all the same.
        let mut messages = self.register.messages().iter();
        let sends = messages.any(|message| message.carried.is_some());
        for term in self.register.terms() {
            let Some(kept) = &term.kept else { continue };
            if !sends && OF_MAIL.contains(&term.name.as_str()) {
                continue;
            }
            let values = [
                ("what", capital(&self.label(kept, &term.name))),
                ("period", words.period(term.period)),
            ];
            let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
            let rule = format!("term:{}", term.name);
            blocks.push(line(words.fill("retention-term", &values), [rule]));
        }
        blocks
    }

    /// How long records live under a rule, in a sentence or a few.
    pub(super) fn kept(&self, retention: &Retention) -> String {
        let words = self.words;
        let event = words.say(&format!("event-{}", retention.trigger));
        let period = words.period(retention.period);
        let mut text = Vec::new();
        if let Some((name, value)) = &retention.when {
            text.push(words.say(&format!("retention-{name}-{value}")));
        }
        let (service, purpose) = (&retention.service, &retention.purpose);
        if self
            .register
            .basis_of(service, purpose, &retention.category)
            == Some(Basis::Consent)
        {
            text.push(words.say("retention-consent"));
        }
        if retention.open {
            text.push(words.fill(
                "retention-at_most",
                &[("period", &OPEN.to_string()), ("event", &event)],
            ));
            return text.join(" ");
        }
        if retention.trigger.is_memory_only() {
            text.push(words.say("retention-memory"));
            return text.join(" ");
        }

        if retention.period.is_none() {
            text.push(words.fill("retention-at-once", &[("event", &event)]));
        } else {
            let key = match retention.kind {
                ClaimKind::AtMost => "retention-at_most",
                ClaimKind::Exactly => "retention-exactly",
                ClaimKind::NotBefore => "retention-not_before",
            };
            text.push(words.fill(key, &[("period", &period), ("event", &event)]));
        }
        match retention.action {
            Action::Erase => {}
            Action::Anonymise => text.push(words.say("retention-anonymise")),
            Action::Aggregate => text.push(words.say("retention-aggregate")),
        }
        if !retention.copies.is_empty() {
            text.push(words.say("retention-copies"));
        }
        text.extend(self.said(&retention.why));
        text.join(" ")
    }
}

/// A row of the table about retention: categories that are kept equally long for one purpose.
struct Kept<'r> {
    service: &'r ServiceName,
    purpose: &'r Purpose,
    text: String,
    categories: Vec<String>,
    rules: Vec<String>,
}

impl Kept<'_> {
    fn add(&mut self, category: String, rule: String) {
        if !self.categories.contains(&category) {
            self.categories.push(category);
        }
        self.rules.push(rule);
    }
}

/// A row of a table, and the services for which it holds.
struct Row<'r> {
    services: Vec<&'r ServiceName>,
    cells: [String; 3],
    rules: Vec<String>,
}

/// Adds a row, or the service to the row that says the same.
fn add<'r>(
    rows: &mut Vec<Row<'r>>,
    service: &'r ServiceName,
    cells: [String; 3],
    rules: impl IntoIterator<Item = String>,
) {
    match rows.iter_mut().find(|row| row.cells == cells) {
        Some(row) => {
            if !row.services.contains(&service) {
                row.services.push(service);
            }
            row.rules.extend(rules);
        }
        None => rows.push(Row {
            services: vec![service],
            cells,
            rules: rules.into_iter().collect(),
        }),
    }
}

/// The text with a small letter at its start, unless it is an abbreviation.
pub(super) fn lower(text: &str) -> String {
    let (mark, rest) = behind_mark(text);
    let mut letters = rest.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match first {
        Some(first) if !second.is_some_and(char::is_uppercase) => mark
            .chars()
            .chain(first.to_lowercase())
            .chain(letters)
            .collect(),
        _ => text.to_owned(),
    }
}

/// The text with a capital at its start.
pub(super) fn capital(text: &str) -> String {
    let (mark, text) = behind_mark(text);
    let mut letters = text.chars();
    let capital = letters.next().into_iter().flat_map(char::to_uppercase);
    mark.chars().chain(capital).chain(letters).collect()
}

/// The key of what a recipient is to the organisation.
fn role(recipient: &Recipient) -> &'static str {
    match (recipient.kind, recipient.destination) {
        (RecipientKind::Controller, _) => "recipients-controller",
        (RecipientKind::Authority, _) => "recipients-authority",
        (_, Destination::Own) => "recipients-own",
        (_, Destination::Eu) => "recipients-eu",
        (_, Destination::OutsideEu) => "recipients-outside-eu",
        (_, Destination::Public) => "recipients-public",
    }
}
