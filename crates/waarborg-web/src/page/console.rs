//! The console's pages for staff. None of them shows what a person wrote; the page of one request does.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::rights::{Details, Right, Stage};

use super::frame::{Frame, Needs};
use super::rights;
use crate::role;

/// The door: a one-time link, confirmed by hand so that looking ahead does not use it up.
#[must_use]
pub fn door(frame: &Frame<'_>, link: &str, refused: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("console-door-title")) }
            @if refused { div.callout.bad role="alert" { p { (words.say("console-door-refused")) } } }
            @if link.is_empty() {
                p.lead { (words.say("console-door-no-link")) }
            } @else {
                p.lead { (words.say("console-door-lead")) }
                form method="post" action=(frame.link("/console/enter")) {
                    (frame.form_fields())
                    input type="hidden" name="link" value=(link);
                    div.actions { button.primary type="submit" { (words.say("console-door-enter")) } }
                }
            }
        }
    };
    frame.page(&words.say("console-door-title"), Needs::Nothing, &main)
}

/// How well a part does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Works.
    Good,
    /// Works, but somebody should look.
    Attention,
    /// Does not work.
    Bad,
}

impl Health {
    fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Attention => "warn",
            Self::Bad => "bad",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Good => "health-good",
            Self::Attention => "health-attention",
            Self::Bad => "health-bad",
        }
    }
}

/// One part of the installation.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub name: String,
    /// How it does.
    pub health: Health,
    /// More, in words.
    pub detail: String,
}

/// A place outside that the program may connect to.
#[derive(Clone, Debug)]
pub struct Way {
    /// The host.
    pub host: String,
    /// The recipient's name.
    pub recipient: String,
    /// Country and ground of the transfer.
    pub ground: String,
}

/// The first page.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The program's version.
    pub version: String,
    /// The register's version.
    pub register: String,
    /// The parts.
    pub parts: Vec<Part>,
    /// Every outbound connection that can exist.
    pub ways: Vec<Way>,
    /// Open requests, where the role may know; and how many of them are near their date.
    pub requests: Option<(usize, usize)>,
}

/// The first page.
#[must_use]
pub fn overview(frame: &Frame<'_>, view: &Overview) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 { (words.say("console-title")) }
            @if let Some((n_open, n_near)) = view.requests {
                p.lead { a href=(frame.link("/console/requests")) { (words.count("console-open-requests", n_open)) } " " (words.count("console-near-requests", n_near)) }
            }
            div.part {
                h2 #health { (words.say("console-health")) }
                ul.tiles {
                    @for part in &view.parts {
                        li.tile.(part.health.class()) {
                            h3 { (part.name) }
                            p.state { (words.say(part.health.key())) }
                            p.muted { (part.detail) }
                        }
                    }
                }
            }
            div.part {
                h2 #egress { (words.say("console-egress")) }
                @if view.ways.is_empty() {
                    p { (words.say("console-egress-none")) }
                } @else {
                    p { (words.say("console-egress-only")) }
                    (table(frame, "egress", &["console-host", "console-recipient", "console-ground"], view.ways.iter().map(|way| vec![html! { code { (way.host) } }, html! { (way.recipient) }, html! { (way.ground) }])))
                }
            }
            p.muted { (words.fill("console-versions", &[("program", &view.version), ("register", &view.register)])) }
        }
    };
    frame.page(&words.say("console-title"), Needs::Nothing, &main)
}

/// One request in the list.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its number.
    pub reference: String,
    /// The right.
    pub right: Right,
    /// How far it is.
    pub stage: Stage,
    /// When it came in.
    pub received: Date,
    /// The day on which we mean to have answered.
    pub aim: Date,
    /// The last day that the law allows.
    pub latest: Date,
    /// Days left until the aim; below zero it is late.
    pub days_left: i32,
    /// It is closed.
    pub closed: bool,
    /// Whether what it says is still there.
    pub details: Details,
}

/// The key of the short word for a stage, as staff say it.
#[must_use]
pub fn staff_stage_key(stage: Stage) -> String {
    format!("case-{}", rights::stage_key(stage))
}

/// The list of requests.
#[must_use]
pub fn requests(frame: &Frame<'_>, rows: &[RequestRow]) -> Markup {
    let words = &frame.words;
    let heads = [
        "requests-reference",
        "requests-right",
        "requests-stage",
        "requests-received",
        "requests-aim",
        "requests-latest",
    ];
    let reads = frame
        .role
        .is_some_and(|role| role::may_see(role, "/console/requests/{reference}"));
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 #requests { (words.say("requests-title")) }
            p.lead { (words.say("requests-lead")) }
            p.buttons {
                @if reads { a.button.secondary href=(frame.link("/console/intake")) { (words.say("intake-title")) } }
                a.button.secondary href=(frame.link("/console/tasks")) { (words.say("tasks-title")) }
                a.button.secondary href=(frame.link("/console/holds")) { (words.say("hold-title")) }
                @if reads { a.button.secondary href=(frame.link("/console/agreements")) { (words.say("agreement-title")) } }
                @if reads { a.button.secondary href=(frame.link("/console/disclosures")) { (words.say("disclosure-title")) } }
            }
            @if rows.is_empty() {
                p { (words.say("requests-none")) }
            } @else {
                (table(frame, "requests", &heads, rows.iter().map(|row| {
                    vec![
                        html! {
                            @if reads { a href=(frame.link(&format!("/console/requests/{}", row.reference))) { strong { (row.reference) } } }
                            @else { strong { (row.reference) } }
                        },
                        html! { (words.say(&rights::key(row.right))) },
                        html! {
                            (words.say(&staff_stage_key(row.stage)))
                            @if row.details == Details::InNoBackup { " " span.left.warn { (words.say("requests-in-no-backup")) } }
                        },
                        html! { time datetime=(row.received) { (words.day(row.received)) } },
                        html! {
                            time datetime=(row.aim) { (words.day(row.aim)) }
                            @if !row.closed { " " span.left.(if row.days_left < 0 { "bad" } else if row.days_left <= 7 { "warn" } else { "calm" }) { (left(frame, row.days_left)) } }
                        },
                        html! { time datetime=(row.latest) { (words.day(row.latest)) } },
                    ]
                })))
            }
        }
    };
    frame.page(&words.say("requests-title"), Needs::Nothing, &main)
}

fn left(frame: &Frame<'_>, days: i32) -> String {
    let n_days = usize::try_from(days.unsigned_abs()).unwrap_or_default();
    frame.words.count(
        if days < 0 {
            "requests-late"
        } else {
            "requests-left"
        },
        n_days,
    )
}

/// The register, to read.
#[derive(Clone, Debug)]
pub struct RegisterView {
    /// Its version.
    pub version: String,
    /// Its processings: service, purpose, basis, categories, period.
    pub processings: Vec<[String; 5]>,
    /// Its recipients: name, country, ground, valid until.
    pub recipients: Vec<[String; 4]>,
    /// What the compiler warns of.
    pub warnings: Vec<String>,
}

/// The register and the way to its notice.
#[must_use]
pub fn register(frame: &Frame<'_>, view: &RegisterView) -> Markup {
    let words = &frame.words;
    let plain = |text: &String| html! { (text) };
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 { (words.say("register-title")) }
            p.lead { (words.fill("register-lead", &[("version", &view.version)])) }
            p { a href=(frame.link("/privacy")) { (words.say("register-notice")) } }
            p.buttons { a.button.secondary href=(frame.link(super::change::PLACE)) { (words.say("change-list-title")) } }
            @if !view.warnings.is_empty() {
                div.callout.warn { h2 { (words.say("register-warnings")) } ul { @for warning in &view.warnings { li { (warning) } } } }
            }
            h2 #processings { (words.say("register-processings")) }
            (table(frame, "processings", &["register-service", "register-purpose", "register-basis", "register-categories", "register-period"], view.processings.iter().map(|row| row.iter().map(plain).collect())))
            h2 #recipients { (words.say("register-recipients")) }
            (table(frame, "recipients", &["console-recipient", "register-country", "register-ground", "register-valid"], view.recipients.iter().map(|row| row.iter().map(plain).collect())))
        }
    };
    frame.page(&words.say("register-title"), Needs::Nothing, &main)
}

/// What the audit page shows.
#[derive(Clone, Debug)]
pub struct AuditView {
    /// How many entries there are, once they were counted.
    pub n_entries: Option<u64>,
    /// The head of the log, as it may be noted elsewhere, once it was computed.
    pub head: Option<String>,
    /// The result of a check; `None` before one was asked for.
    pub checked: Option<Checked>,
    /// A page of lines, newest first. The log begins at line 0.
    pub lines: Vec<TrailRow>,
}

/// One line of the log. It holds no content.
#[derive(Clone, Debug)]
pub struct TrailRow {
    /// Its place in the log.
    pub position: u64,
    /// When, in words.
    pub at: String,
    /// What was done.
    pub act: String,
    /// What more is said of it, in words.
    pub more: Vec<String>,
    /// For which purpose.
    pub purpose: String,
}

/// The result of a check.
#[derive(Clone, Debug)]
pub enum Checked {
    /// Every entry and every hash is right.
    Whole,
    /// Something is wrong, in words.
    Broken(String),
}

/// The page that checks the audit log.
#[must_use]
pub fn audit(frame: &Frame<'_>, view: &AuditView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 { (words.say("audit-title")) }
            p.lead { (words.say("audit-lead")) }
            @match &view.checked {
                None => {}
                Some(Checked::Whole) => { div.callout.good role="status" { p { (words.count("audit-whole", usize::try_from(view.n_entries.unwrap_or_default()).unwrap_or_default())) } } }
                Some(Checked::Broken(what)) => { div.callout.bad role="alert" { p { (words.say("audit-broken")) " " (what) } } }
            }
            @if let (Some(n_entries), Some(head)) = (view.n_entries, &view.head) {
                dl.facts {
                    div { dt { (words.say("audit-entries")) } dd { (n_entries) } }
                    div { dt { (words.say("audit-head")) } dd { code.hash { (head) } } }
                }
            }
            form method="post" action=(frame.link("/console/audit")) {
                (frame.form_fields())
                div.actions { button.primary type="submit" { (words.say("audit-verify")) } }
            }
            @if !view.lines.is_empty() {
                h2 #latest { (words.say("audit-latest")) }
                (table(frame, "latest", &["audit-position", "audit-at", "audit-act", "register-purpose"], view.lines.iter().map(|line| {
                    vec![html! { (line.position) }, html! { (line.at) }, html! { code { (line.act) } @if !line.more.is_empty() { " " span.muted { (line.more.join(", ")) } } }, html! { (line.purpose) }]
                })))
                @if let Some(first) = view.lines.last().map(|line| line.position).filter(|first| *first > 0) {
                    p { a rel="next" href=(frame.link(&format!("/console/audit?before={first}"))) { (words.say("audit-older")) } }
                }
            }
        }
    };
    frame.page(&words.say("audit-title"), Needs::Nothing, &main)
}

/// One finding on the page to try detection.
#[derive(Clone, Debug)]
pub struct TriedFinding {
    /// The text that was found.
    pub text: String,
    /// The kind, in words.
    pub kind: String,
    /// Which number it is exactly, such as `DE_STEUER_ID`; empty where that is not known.
    pub subkind: String,
    /// How sure we are, in whole per cents.
    pub score: u8,
    /// Why.
    pub why: String,
    /// Whose it is, how many people fit, what to write instead; in words.
    pub about: Vec<String>,
    /// What would happen, in words.
    pub verdict: String,
}

/// The page to try detection. The text comes back to the one who typed it, and nowhere else.
#[must_use]
pub fn try_detection(frame: &Frame<'_>, text: &str, findings: Option<&[TriedFinding]>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            h1 { (words.say("try-title")) }
            p.lead { (words.say("try-lead")) }
            form.stacked method="post" action=(frame.link("/console/try")) {
                (frame.form_fields())
                div.field {
                    label for="text" { (words.say("try-text")) }
                    textarea #text name="text" rows="6" maxlength="20000" spellcheck="false" required { (text) }
                }
                div.actions { button.primary type="submit" { (words.say("try-do")) } }
            }
            @if let Some(findings) = findings {
                h2 #findings { (words.count("try-found", findings.len())) }
                @if !findings.is_empty() {
                    (table(frame, "findings", &["try-value", "try-kind", "try-score", "try-why", "try-about", "try-verdict"], findings.iter().map(|finding| {
                        vec![html! { mark.kept { (finding.text) } }, html! { (finding.kind) @if !finding.subkind.is_empty() { " " code { (finding.subkind) } } }, html! { (finding.score) " %" }, html! { (finding.why) }, html! { (finding.about.join(", ")) }, html! { (finding.verdict) }]
                    })))
                }
            }
        }
    };
    frame.page(&words.say("try-title"), Needs::Nothing, &main)
}

/// Who is signed in, with the way out.
pub(super) fn who(frame: &Frame<'_>) -> Markup {
    let words = &frame.words;
    html! {
        @if let Some(role) = frame.role {
            form.whoami method="post" action=(frame.link("/console/leave")) {
                (frame.form_fields())
                span.muted { (words.say(match role {
                    crate::role::Role::Officer => "role-officer",
                    crate::role::Role::Auditor => "role-auditor",
                    crate::role::Role::Operator => "role-operator",
                })) }
                button.secondary.small type="submit" { (words.say("console-leave")) }
            }
        }
    }
}

pub(super) fn table(
    frame: &Frame<'_>,
    labelled: &str,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<Markup>>,
) -> Markup {
    html! {
        div.scroller role="region" aria-labelledby=(labelled) tabindex="0" {
            table {
                thead { tr { @for head in heads { th scope="col" { (frame.words.say(head)) } } } }
                tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
            }
        }
    }
}
