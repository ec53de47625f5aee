//! The notice, as it follows from the register.

use std::sync::Arc;

use jiff::civil::Date;
use maud::html;
use waarborg_domain::notice::{Block, Layer, Notice, Section, Shown, Statement};
use waarborg_domain::register::Register;
use waarborg_usecase::consent;
use waarborg_usecase::versions::{self, Versions};

use super::{capital, purpose};
use crate::page::consent::ConsentAsk;
use crate::page::notice::{Answer, FirstLayer, Occasion};
use crate::page::privacy::{Heading, Holds, NoticeView};
use crate::visit::Visit;

/// The first layer of the chat's notice.
pub(crate) fn first_layer(visit: &Visit, occasion: Occasion) -> FirstLayer {
    let desk = &visit.desk;
    let shown = Shown {
        at: desk.today(),
        residence: None,
        language: visit.words().tongue().code(),
        notice: None,
    };
    let answers = Notice::first_layer(&desk.register, &desk.surfaces.chat.service, &shown)
        .into_iter()
        .map(|answer| Answer {
            title: answer.title,
            sentences: answer
                .statements
                .into_iter()
                .map(|statement| statement.text)
                .collect(),
        })
        .collect();
    FirstLayer {
        version: desk.notice_version().to_owned(),
        since: desk.register.head().effective,
        answers,
        consents: asks(visit),
        occasion,
    }
}

/// The register that counts on a day: the one in force today, one that was, or one that is announced.
pub(crate) fn register_on(visit: &Visit, versions: &Versions, at: Date) -> Arc<Register> {
    let desk = &visit.desk;
    let kept = versions
        .in_force_on(at)
        .or_else(|| versions.0.first())
        .filter(|kept| kept.digest != desk.register.head().digest);
    kept.and_then(|kept| versions::compiled(desk, kept))
        .map_or_else(|| Arc::clone(&desk.register), Arc::new)
}

/// The whole notice of the chat, for somebody who lives there, on a day.
pub(crate) fn whole(
    visit: &Visit,
    register: &Register,
    at: Date,
    residence: Option<&str>,
) -> Notice {
    in_layer(visit, register, at, residence, Layer::Full)
}

/// The notice of the chat in one of its layers.
pub(crate) fn in_layer(
    visit: &Visit,
    register: &Register,
    at: Date,
    residence: Option<&str>,
    layer: Layer,
) -> Notice {
    let service = register.service(&visit.desk.surfaces.chat.service);
    Notice::in_layer(
        register,
        &Shown {
            at,
            residence,
            language: visit
                .notice_language
                .unwrap_or_else(|| visit.words().tongue().code()),
            notice: service.map(|service| service.notice.as_str()),
        },
        layer,
    )
}

/// Where else than with the organisation a request may belong.
pub(crate) fn elsewhere(visit: &Visit) -> Vec<String> {
    let shown = Shown {
        at: visit.desk.today(),
        residence: None,
        language: visit.words().tongue().code(),
        notice: None,
    };
    let found = Notice::elsewhere(&visit.desk.register, &shown);
    found.into_iter().map(|statement| statement.text).collect()
}

/// The whole notice as a page shows it.
pub(crate) fn view(
    visit: &Visit,
    register: &Register,
    versions: &Versions,
    notice: &Notice,
    residence: Option<&str>,
) -> NoticeView {
    let spans = versions.notices();
    let shown = spans
        .iter()
        .rposition(|span| span.from <= notice.at)
        .unwrap_or_default();
    let before = spans.get(..shown).and_then(<[_]>::last);
    let after = spans.get(shown + 1);
    let today = visit.desk.today();
    let mut residences: Vec<String> = Vec::new();
    for name in register
        .controllers()
        .iter()
        .flat_map(|controller| &controller.residences)
        .chain(
            register
                .overlays()
                .iter()
                .flat_map(|overlay| &overlay.residences),
        )
    {
        if name != "*" && !residences.contains(name) {
            residences.push(name.clone());
        }
    }
    NoticeView {
        title: notice.title.clone(),
        language: notice.language,
        layer: Layer::Full,
        version: notice.version.clone(),
        at: notice.at,
        since: notice.effective,
        residence: residence.unwrap_or_default().to_owned(),
        residences,
        holds: if spans.get(shown).is_some_and(|span| span.from > notice.at) {
            Holds::NotYetKept
        } else if notice.at > today && spans.get(shown).is_some_and(|span| span.from > today) {
            Holds::Announced
        } else if let Some(until) = spans
            .get(shown)
            .and_then(|span| span.until)
            .filter(|until| *until < today)
        {
            Holds::Until(until)
        } else {
            Holds::Now
        },
        previous: before.map(|span| {
            (
                span.kept.notice_version.clone(),
                span.until.unwrap_or(span.from),
            )
        }),
        next: after.map(|span| (span.kept.notice_version.clone(), span.from)),
        headings: notice
            .sections
            .iter()
            .map(|section| Heading {
                anchor: section.id.clone(),
                text: section.title.clone(),
            })
            .collect(),
        body: body(notice),
    }
}

/// The five lines and the sections.
pub(crate) fn body(notice: &Notice) -> maud::Markup {
    html! {
        @if let Some(fallback) = &notice.fallback { p.callout { (fallback) } }
        @if !notice.five_lines.is_empty() {
            ul.five-lines { @for line in &notice.five_lines { li { (statement(line)) } } }
        }
        @for section in &notice.sections { (section_shown(section)) }
    }
}

fn section_shown(section: &Section) -> maud::Markup {
    html! {
        section aria-labelledby=(section.id) {
            h2 id=(section.id) lang=[section.title_language] { (section.title) }
            @for block in &section.blocks {
                @match block {
                    Block::Line(line) => { p { (statement(line)) } }
                    Block::List(lines) => { ul { @for line in lines { li { (statement(line)) } } } }
                    Block::Table { head, rows } => {
                        div.scroller tabindex="0" role="group" aria-labelledby=(section.id) {
                            table {
                                thead { tr { @for cell in head { th scope="col" { (cell) } } } }
                                tbody { @for row in rows { tr { @for cell in row { td { (statement(cell)) } } } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A statement with the rules that it follows from, for who wants to look them up.
fn statement(statement: &Statement) -> maud::Markup {
    html! {
        span data-rule=(statement.rules.join(" ")) {
            @for (language, text) in statement.pieces() {
                @if let Some(language) = language { span lang=(language) { (text) } } @else { (text) }
            }
        }
    }
}

/// The consents that the chat asks for and that this person has not given.
fn asks(visit: &Visit) -> Vec<ConsentAsk> {
    let service = &visit.desk.surfaces.chat.service;
    consent::asked(&visit.desk, service, visit.visitor.as_ref())
        .iter()
        .filter(|asked| asked.answer.is_none())
        .map(|asked| ask(visit, &asked.ask))
        .collect()
}

/// A consent in words.
pub(crate) fn ask(visit: &Visit, ask: &waarborg_domain::register::ConsentAsk) -> ConsentAsk {
    let words = visit.words();
    let controller = visit
        .desk
        .register
        .controllers()
        .iter()
        .find(|controller| controller.id == ask.entity);
    ConsentAsk {
        id: ask.purpose.as_str().to_owned(),
        title: capital(&purpose(&visit.desk, &words, ask.purpose.as_str())),
        text: ask
            .text
            .in_language(words.tongue().code())
            .unwrap_or_default()
            .to_owned(),
        entity: controller.map_or_else(|| ask.entity.clone(), |controller| controller.name.clone()),
        text_version: ask.text_version.clone(),
    }
}
