//! A change of the register in the console: the list, what a change would do, its forms and its text.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::notice::Spelled;
use waarborg_domain::register::Fault;
use waarborg_domain::register::change::{Act, Stage};
use waarborg_domain::register::form::{Field, Leaf};

use super::console::{table, who};
use super::frame::{Frame, Needs};
use crate::words::Tongue;

/// Where all changes stand.
pub(crate) const PLACE: &str = "/console/register/changes";

/// The parts of a register, as the page of a change groups them.
const PARTS: &[(&str, &[&str])] = &[
    ("head", &["register"]),
    (
        "people",
        &["controller", "joint", "service", "role", "group"],
    ),
    (
        "purposes",
        &["purpose", "processing", "category", "evidence"],
    ),
    ("periods", &["retention", "term", "backup"]),
    ("recipients", &["recipient", "disclosure"]),
    ("texts", &["notice", "consent", "cookie", "message"]),
    (
        "care",
        &[
            "measure", "duty", "log", "overlay", "policy", "route", "table",
        ],
    ),
];

/// One change in the list.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Its id.
    pub id: String,
    /// When it began.
    pub began: String,
    /// How far it is.
    pub stage: Stage,
    /// Why, as its last step said.
    pub reason: String,
}

/// The list of changes; `closed` is the key of why the file cannot be changed here.
#[must_use]
pub fn list(
    frame: &Frame<'_>,
    rows: &[ChangeRow],
    may_begin: bool,
    closed: Option<&'static str>,
) -> Markup {
    let words = &frame.words;
    let heads = ["change-began", "change-stage", "change-reason"];
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/register")) { (words.say("change-to-register")) } }
            h1 #changes { (words.say("change-list-title")) }
            p.lead { (words.say("change-list-lead")) }
            @if let Some(closed) = closed { div.callout.warn { p { (words.say(closed)) } } }
            @if may_begin && closed.is_none() {
                form method="post" action=(frame.link(PLACE)) {
                    (frame.form_fields())
                    div.actions { button.primary type="submit" { (words.say("change-begin")) } }
                }
            }
            @if rows.is_empty() { p { (words.say("change-none")) } }
            @else {
                (table(frame, "changes", &heads, rows.iter().map(|row| vec![
                    html! { a href=(frame.link(&format!("{PLACE}/{}", row.id))) { (row.began) } },
                    html! { (words.say(&stage_key(row.stage))) },
                    html! { (row.reason) },
                ])))
            }
        }
    };
    frame.page(&words.say("change-list-title"), Needs::Nothing, &main)
}

/// A change as its page shows it.
#[derive(Debug)]
pub struct ChangeView {
    /// Its id.
    pub id: String,
    /// How many steps it has, for its forms.
    pub seen: usize,
    /// When it began.
    pub began: String,
    /// How far it is.
    pub stage: Stage,
    /// Whoever looks may write and take steps.
    pub is_officer: bool,
    /// What else must be known of it first, as keys.
    pub notes: Vec<&'static str>,
    /// From which day it counts, once the program took it.
    pub counts_from: Option<Date>,
    /// What is different for people; `None` where nothing is.
    pub changes: Option<Spelled>,
    /// What the compiler says.
    pub faults: Vec<Said>,
    /// The notice, line by line.
    pub notice: Vec<Line>,
    /// The file, line by line.
    pub file: Vec<Line>,
    /// What was done.
    pub steps: Vec<StepRow>,
    /// What can be done now.
    pub acts: Vec<Act>,
    /// Telling the persons concerned, once it was published and asks that.
    pub telling: Option<Telling>,
    /// The key of what was wrong with what was sent.
    pub fault: Option<&'static str>,
}

/// Whether the persons concerned can be told by mail, or were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Telling {
    /// This installation sends no mail.
    NoMail,
    /// The register has no message by which they can be told.
    NoMessage,
    /// By one of these messages of the register.
    By(Vec<String>),
    /// They were told: so many mails wait, and so many went.
    Done {
        /// How many wait.
        n_waiting: u64,
        /// How many went.
        n_sent: u64,
    },
}

/// A message of the compiler, with the line that it is about.
#[derive(Clone, Debug)]
pub struct Said {
    /// The message.
    pub fault: Fault,
    /// The line.
    pub line: String,
}

/// A line that goes or comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// It goes.
    Gone(String),
    /// It comes.
    New(String),
    /// Lines between that stay.
    Gap,
}

/// One step.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// What.
    pub act: Act,
    /// When.
    pub at: String,
    /// By whoever looks.
    pub is_own: bool,
    /// The beginning of the id of the session.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The page of one change.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &ChangeView) -> Markup {
    let words = &frame.words;
    let title = words.fill("change-title", &[("day", &view.began)]);
    let here = format!("{PLACE}/{}", view.id);
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link(PLACE)) { (words.say("change-back")) } }
            h1 { (title) }
            @if let Some(fault) = view.fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            p.lead { (words.say(&format!("change-lead-{}", view.stage.name()))) }
            @if let Some(day) = view.counts_from {
                div.callout.good role="status" { p { (words.fill("change-counts-from", &[("day", &words.day(day))])) " " a href=(frame.link(&format!("/privacy?at={day}"))) { (words.say("change-see-notice")) } } }
            }
            @if let Some(telling) = &view.telling { (told(frame, view, telling, &here)) }
            @for note in &view.notes { div.callout.warn { p { (words.say(note)) } } }
            @if view.stage == Stage::Draft && view.is_officer { (writing(frame, &here)) }
            (compiler(frame, view, &here))
            div.part {
                h2 #changes { (words.say("change-what")) }
                @match &view.changes {
                    None => { p { (words.say("change-same")) } }
                    Some(changes) => { (spelled(frame, changes)) }
                }
            }
            div.part {
                h2 #notice { (words.say("change-notice")) }
                p { a href=(frame.link(&format!("{here}/notice"))) { (words.say("change-notice-whole")) } }
                @if view.notice.is_empty() { p { (words.say("change-notice-same")) } } @else { (lines(frame, &view.notice, "notice")) }
            }
            div.part {
                h2 #file { (words.say("change-file")) }
                @if view.file.is_empty() { p { (words.say("change-file-same")) } } @else { (lines(frame, &view.file, "file")) }
            }
            div.part {
                h2 #steps { (words.say("change-steps")) }
                (table(frame, "steps", &["change-act", "change-at", "change-by", "change-reason"], view.steps.iter().map(|step| vec![
                    html! { (words.say(&format!("change-did-{}", step.act.name()))) },
                    html! { (step.at) },
                    html! { @if step.is_own { (words.say("change-you")) } @else { (words.fill("change-session", &[("id", &step.by)])) } },
                    html! { (step.reason) },
                ])))
            }
            @if view.is_officer && !view.acts.is_empty() { (next(frame, view, &here)) }
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

/// The persons concerned: to be told, or told.
fn told(frame: &Frame<'_>, view: &ChangeView, telling: &Telling, here: &str) -> Markup {
    let words = &frame.words;
    html! {
        div.part {
            h2 #tell { (words.say("change-tell")) }
            @match telling {
                Telling::Done { n_waiting, n_sent } => {
                    div.callout.good role="status" { p { (words.fill("change-told", &[("sent", &n_sent.to_string()), ("waiting", &n_waiting.to_string())])) } }
                }
                Telling::NoMail => { p { (words.say("change-tell-no-mail")) } }
                Telling::NoMessage => { p { (words.say("change-tell-no-message")) } }
                Telling::By(messages) => {
                    p { (words.say("change-tell-lead")) }
                    @if view.is_officer {
                        form.row method="post" action=(frame.link(&format!("{here}/tell"))) {
                            (frame.form_fields())
                            input type="hidden" name="seen" value=(view.seen);
                            div.field {
                                label for="message" { (words.say("change-tell-message")) }
                                select #message name="message" { @for message in messages { option value=(message) { (message) } } }
                            }
                            div.field {
                                label for="language" { (words.say("change-tell-language")) }
                                select #language name="language" {
                                    @for tongue in Tongue::ALL { option value=(tongue.code()) selected[tongue == words.tongue()] { (tongue.own_name()) } }
                                }
                            }
                            button.primary type="submit" { (words.say("change-do-tell")) }
                        }
                    }
                }
            }
        }
    }
}

/// The ways to write in a change.
fn writing(frame: &Frame<'_>, here: &str) -> Markup {
    let words = &frame.words;
    html! {
        div.part {
            h2 #write { (words.say("change-write")) }
            p { (words.say("change-write-lead")) }
            dl.facts {
                @for (part, sections) in PARTS {
                    div {
                        dt { (words.say(&format!("change-part-{part}"))) }
                        dd {
                            @for (at, section) in sections.iter().enumerate() {
                                @if at > 0 { ", " }
                                a href=(frame.link(&format!("{here}/parts/{section}"))) { (words.say(&section_key(section))) }
                            }
                        }
                    }
                }
            }
            p { a href=(frame.link(&format!("{here}/text"))) { (words.say("change-as-text")) } }
        }
    }
}

fn compiler(frame: &Frame<'_>, view: &ChangeView, here: &str) -> Markup {
    let words = &frame.words;
    let n_errors = view
        .faults
        .iter()
        .filter(|said| said.fault.stops_the_start())
        .count();
    html! {
        div.part {
            h2 #compiler { (words.say("change-compiler")) }
            @if n_errors == 0 { div.callout.good { p { (words.say("change-compiles")) } } }
            @else { div.callout.bad { p { (words.count("change-faults", n_errors)) } } }
            (messages(frame, &view.faults))
            @if !view.faults.is_empty() && view.stage == Stage::Draft && view.is_officer {
                p { a href=(frame.link(&format!("{here}/text"))) { (words.say("change-as-text")) } }
            }
        }
    }
}

/// What the compiler says, those that stop the start first.
fn messages(frame: &Frame<'_>, faults: &[Said]) -> Markup {
    let words = &frame.words;
    let mut sorted: Vec<&Said> = faults.iter().collect();
    sorted.sort_by_key(|said| (said.fault.severity, said.fault.line));
    html! {
        @if !sorted.is_empty() {
            ul.record-list {
                @for said in sorted {
                    li {
                        p {
                            strong { (words.say(match said.fault.severity {
                                waarborg_domain::register::Severity::Error => "change-severity-error",
                                waarborg_domain::register::Severity::Closing => "change-severity-closing",
                                waarborg_domain::register::Severity::Warning => "change-severity-warning",
                            })) }
                            ", " (words.fill("change-place", &[("line", &said.fault.line.to_string()), ("column", &said.fault.column.to_string())]))
                            ": " span lang="en" { (said.fault.message) } " " code { (said.fault.code) }
                        }
                        @if !said.line.is_empty() { p { code { (said.line) } } }
                        p lang="en" { (said.fault.mend) }
                    }
                }
            }
        }
    }
}

fn spelled(frame: &Frame<'_>, changes: &Spelled) -> Markup {
    let words = &frame.words;
    html! {
        p { strong { (changes.class) } }
        h3 { (words.say("change-asks")) }
        ul { @for asked in &changes.asked { li { (asked) } } }
        @if !changes.lacks.is_empty() {
            div.callout.bad {
                h3 { (words.say("change-lacks")) }
                ul { @for lack in &changes.lacks { li { (lack) } } }
            }
        }
        (table(frame, "changes", &["change-rule", "change-what-happens", "change-from", "change-to"], changes.changes.iter().map(|change| vec![
            html! { code { (change.rule) } },
            html! { (change.what) @if let Some(narrows) = &change.narrows { " " (narrows) } },
            html! { (change.from.join(", ")) },
            html! { (change.to.join(", ")) },
        ])))
    }
}

fn lines(frame: &Frame<'_>, lines: &[Line], labelled: &str) -> Markup {
    let words = &frame.words;
    html! {
        div.scroller.lines role="region" aria-labelledby=(labelled) tabindex="0" {
            @for line in lines {
                @match line {
                    Line::Gone(text) => { p.gone { span.visually-hidden { (words.say("change-gone")) " " } del { (text) } } }
                    Line::New(text) => { p.new { span.visually-hidden { (words.say("change-new")) " " } ins { (text) } } }
                    Line::Gap => { p.muted { "…" } }
                }
            }
        }
    }
}

/// The step that comes next.
fn next(frame: &Frame<'_>, view: &ChangeView, here: &str) -> Markup {
    let words = &frame.words;
    let asks = view.acts.iter().any(|act| act.asks_a_reason());
    html! {
        div.part {
            h2 #next { (words.say("change-next")) }
            form.stacked method="post" action=(frame.link(here)) {
                (frame.form_fields())
                input type="hidden" name="seen" value=(view.seen);
                @if asks {
                    div.field {
                        label for="reason" { (words.say("change-reason")) }
                        p.hint #reason-hint { (words.say("change-reason-hint")) }
                        textarea #reason name="reason" rows="3" maxlength="1000" aria-describedby="reason-hint" {}
                    }
                }
                div.actions {
                    @for (at, act) in view.acts.iter().enumerate() {
                        button.(if at == 0 { "primary" } else { "secondary" }) type="submit" name="act" value=(act.name()) { (words.say(&format!("change-do-{}", act.name()))) }
                    }
                }
            }
        }
    }
}

/// The tables of a section.
#[derive(Debug)]
pub struct PartView {
    /// The id of the change.
    pub id: String,
    /// The section.
    pub section: String,
    /// Its tables: the address, the name, and what it says in short.
    pub rows: Vec<(String, String, String)>,
    /// Whether another can be added.
    pub may_add: bool,
}

/// The page of one section.
#[must_use]
pub fn part(frame: &Frame<'_>, view: &PartView) -> Markup {
    let words = &frame.words;
    let here = format!("{PLACE}/{}", view.id);
    let title = words.say(&section_key(&view.section));
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link(&here)) { (words.say("change-to-change")) } }
            h1 #part { (title) }
            @if view.may_add {
                p.buttons { a.button.secondary href=(frame.link(&format!("{here}/add/{}", view.section))) { (words.say("change-add")) } }
            }
            @if view.rows.is_empty() { p { (words.say("change-part-empty")) } }
            @else {
                (table(frame, "part", &["change-name", "change-says"], view.rows.iter().map(|(address, name, says)| vec![
                    html! { a href=(frame.link(&format!("{here}/parts/{}/{address}", view.section))) { (name) } },
                    html! { (says) },
                ])))
            }
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

/// The form of one table.
#[derive(Debug)]
pub struct FormView {
    /// The id of the change.
    pub id: String,
    /// How many steps it has.
    pub seen: usize,
    /// The section.
    pub section: String,
    /// Which table; `None` for one that is added.
    pub item: Option<String>,
    /// What it is called.
    pub name: String,
    /// A name must be given.
    pub asks_name: bool,
    /// It can be removed.
    pub may_remove: bool,
    /// The fields.
    pub fields: Vec<Field>,
    /// Keys that no form holds.
    pub elsewhere: Vec<String>,
    /// What was wrong with what was sent: a text, and the field.
    pub fault: Option<(&'static str, String)>,
    /// Whoever looks may write.
    pub may_write: bool,
}

/// The page of one table.
#[must_use]
pub fn form(frame: &Frame<'_>, view: &FormView) -> Markup {
    let words = &frame.words;
    let here = format!("{PLACE}/{}", view.id);
    let action = match &view.item {
        Some(item) => format!("{here}/parts/{}/{item}", view.section),
        None => format!("{here}/add/{}", view.section),
    };
    let title = format!("{}: {}", words.say(&section_key(&view.section)), view.name);
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link(&format!("{here}/parts/{}", view.section))) { (words.say("change-to-part")) } }
            h1 { (title) }
            @if let Some((fault, field)) = &view.fault {
                div.callout.bad role="alert" { p { (words.say(fault)) @if !field.is_empty() { " " (words.say("change-at-field")) " " strong { (label(frame, field)) } "." } } }
            }
            p { (words.say("change-form-lead")) }
            form.stacked method="post" action=(frame.link(&action)) {
                (frame.form_fields())
                input type="hidden" name="seen" value=(view.seen);
                @if view.asks_name {
                    div.field {
                        label for="new-name" { (words.say("change-new-name")) }
                        p.hint #new-name-hint { (words.say("change-new-name-hint")) }
                        input #new-name type="text" name="new-name" value=(view.name_sent()) maxlength="64" required pattern="[A-Za-z0-9_\\-]+" spellcheck="false" autocomplete="off" aria-describedby="new-name-hint";
                    }
                }
                @for field in &view.fields { (one(frame, field)) }
                @if view.may_write {
                    div.actions {
                        button.primary type="submit" { (words.say("change-save")) }
                        @if view.may_remove { button.secondary type="submit" name="act" value="remove" formnovalidate { (words.say("change-remove")) } }
                    }
                }
            }
            @if !view.elsewhere.is_empty() {
                p { (words.say("change-elsewhere")) " " code { (view.elsewhere.join(", ")) } ". " a href=(frame.link(&format!("{here}/text"))) { (words.say("change-as-text")) } }
            }
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

impl FormView {
    fn name_sent(&self) -> &str {
        if self.item.is_none() { &self.name } else { "" }
    }
}

fn one(frame: &Frame<'_>, field: &Field) -> Markup {
    let words = &frame.words;
    let name = format!("f.{}", field.name());
    let id = format!("f-{}", field.path.join("-"));
    let language = field
        .path
        .last()
        .filter(|last| last.len() == 2 && field.path.len() > 1);
    html! {
        div.field {
            label for=(id) { (label(frame, &field.name())) }
            @match &field.leaf {
                Leaf::Line | Leaf::Number => { input id=(id) type="text" name=(name) value=(field.shown) spellcheck="false" autocomplete="off"; }
                Leaf::Day => { input id=(id) type="date" name=(name) value=(field.shown); }
                Leaf::Text => { textarea id=(id) name=(name) rows=(rows(&field.shown)) lang=[language] { "\n" (field.shown) } }
                Leaf::List => {
                    p.hint id={ (id) "-hint" } { (words.say("change-one-per-line")) }
                    textarea id=(id) name=(name) rows=(rows(&field.shown)) spellcheck="false" aria-describedby={ (id) "-hint" } { "\n" (field.shown) }
                }
                Leaf::Flag => {
                    (choice(&id, &name, &field.shown, &[("", words.say("change-unsaid")), ("true", words.say("change-yes")), ("false", words.say("change-no"))]))
                }
                Leaf::Words(possible) => {
                    @let unsaid = ("", words.say("change-unsaid"));
                    @let named = possible.iter().map(|word| (word.as_str(), if word == "?" { words.say("change-still-open") } else { word.clone() }));
                    @let strange = (!field.shown.is_empty() && !possible.contains(&field.shown)).then(|| (field.shown.as_str(), field.shown.clone()));
                    (choice(&id, &name, &field.shown, &std::iter::once(unsaid).chain(named).chain(strange).collect::<Vec<_>>()))
                }
            }
        }
    }
}

fn choice(id: &str, name: &str, shown: &str, options: &[(&str, String)]) -> Markup {
    html! {
        select id=(id) name=(name) {
            @for (value, said) in options { option value=(value) selected[*value == shown] { (said) } }
        }
    }
}

fn rows(text: &str) -> usize {
    let wrapped = text.lines().map(|line| line.chars().count() / 90 + 1);
    wrapped.sum::<usize>().clamp(2, 12)
}

/// What a field is called: its key, and its language where it has one.
fn label(frame: &Frame<'_>, name: &str) -> String {
    let words = &frame.words;
    let parts: Vec<String> = name
        .split('.')
        .map(|part| {
            let key = format!("register-key-{}", part.replace('_', "-"));
            words.find(&key).unwrap_or_else(|| part.replace('_', " "))
        })
        .collect();
    parts.join(", ")
}

/// The file as text.
#[derive(Debug)]
pub struct TextView {
    /// The id of the change.
    pub id: String,
    /// How many steps it has.
    pub seen: usize,
    /// The file.
    pub source: String,
    /// What the compiler says of it.
    pub faults: Vec<Said>,
    /// The key of what was wrong with what was sent.
    pub fault: Option<&'static str>,
    /// Whoever looks may write.
    pub may_write: bool,
}

/// The page of the file as text.
#[must_use]
pub fn text(frame: &Frame<'_>, view: &TextView) -> Markup {
    let words = &frame.words;
    let here = format!("{PLACE}/{}", view.id);
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link(&here)) { (words.say("change-to-change")) } }
            h1 { (words.say("change-text-title")) }
            @if let Some(fault) = view.fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            p.lead { (words.say("change-text-lead")) }
            (messages(frame, &view.faults))
            form.stacked method="post" action=(frame.link(&format!("{here}/text"))) {
                (frame.form_fields())
                input type="hidden" name="seen" value=(view.seen);
                div.field {
                    label for="source" { (words.say("change-text")) }
                    textarea.source #source name="source" rows="40" spellcheck="false" autocomplete="off" wrap="off" readonly[!view.may_write] { "\n" (view.source) }
                }
                @if view.may_write { div.actions { button.primary type="submit" { (words.say("change-save")) } } }
            }
        }
    };
    frame.page(&words.say("change-text-title"), Needs::Nothing, &main)
}

/// The notice as it would read.
#[must_use]
pub fn notice(frame: &Frame<'_>, id: &str, title: &str, body: &Markup) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.prose {
            (who(frame))
            p { a href=(frame.link(&format!("{PLACE}/{id}"))) { (words.say("change-to-change")) } }
            div.callout.warn { p { (words.say("change-notice-draft")) } }
            h1 { (title) }
            (body)
        }
    };
    frame.page(title, Needs::Nothing, &main)
}

/// The key of the words for a stage.
fn stage_key(stage: Stage) -> String {
    format!("change-stage-{}", stage.name())
}

/// The key of the words for a section.
fn section_key(section: &str) -> String {
    format!("register-section-{section}")
}

#[cfg(test)]
mod tests {
    use waarborg_domain::register::form::SECTIONS;

    use super::*;
    use crate::words::{Manner, Words};

    #[test]
    fn every_section_is_in_a_part_and_every_key_and_step_has_words() {
        for tongue in Tongue::ALL {
            let words = Words::new(tongue, Manner::Formal);
            let has = |key: &str| assert!(words.find(key).is_some(), "{key} in {}", tongue.code());
            for section in SECTIONS.iter() {
                let n_parts = PARTS
                    .iter()
                    .filter(|(_, of)| of.contains(&section.name.as_str()));
                assert_eq!(n_parts.count(), 1, "{}", section.name);
                has(&section_key(&section.name));
                for key in section.keys() {
                    has(&format!("register-key-{}", key.replace('_', "-")));
                }
            }
            for (part, _) in PARTS {
                has(&format!("change-part-{part}"));
            }
            for act in Act::ALL {
                has(&format!("change-did-{}", act.name()));
            }
            for stage in [
                Stage::Draft,
                Stage::Proposed,
                Stage::Approved,
                Stage::Published,
                Stage::Withdrawn,
            ] {
                has(&stage_key(stage));
                has(&format!("change-lead-{}", stage.name()));
            }
        }
    }
}
