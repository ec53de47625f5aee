//! One request, for the officers who answer it: what was asked, whose data, what is decided, what was told.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::decision::{Ground, Identity, TaskAct, TaskEnd, Verdict, may_cost};
use waarborg_domain::rights::{Channel, Right, Stage};
use waarborg_usecase::casework::Correction;
use waarborg_usecase::withheld;

use super::console::{staff_stage_key, table, who};
use super::frame::{Frame, Needs};
use super::rights;

/// A request with its file.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Its number.
    pub reference: String,
    /// The right.
    pub right: Right,
    /// The door that it came in by.
    pub channel: Channel,
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
    /// In the person's own words.
    pub words: Option<String>,
    /// How they want to be answered.
    pub contact: Option<String>,
    /// The ways by mail, where there are any.
    pub mail: Option<ByMailView>,
    /// Why it takes longer.
    pub extension: Option<String>,
    /// When the clock stood still.
    pub doubts: Vec<DoubtView>,
    /// The two dates as they would be if it had never stood still.
    pub without_doubt: (Date, Date),
    /// Whether the clock may be stopped.
    pub can_doubt: bool,
    /// Whose data it is about.
    pub links: Vec<LinkView>,
    /// What a decision must cover.
    pub slices: Vec<SliceView>,
    /// The grounds on which this right can be refused.
    pub grounds: Vec<Ground>,
    /// The decision that waits for a second person.
    pub waiting: Option<FiledView>,
    /// Why the last proposal came back.
    pub returned: Option<String>,
    /// What was decided.
    pub decided: Option<FiledView>,
    /// How many letters there are.
    pub n_letters: usize,
    /// What recipients were asked.
    pub tasks: Vec<TaskView>,
    /// How many records are not used until this is decided.
    pub n_put_aside: usize,
    /// What was looked up in prompts.
    pub looked: Vec<LookedView>,
    /// What was done to answers about the person.
    pub withheld: Vec<withheld::Filed>,
    /// Whether it may still be extended.
    pub can_extend: bool,
    /// The key of what went wrong with what was sent.
    pub fault: Option<&'static str>,
}

/// What goes to who asks by mail.
#[derive(Clone, Copy, Debug)]
pub struct ByMailView {
    /// Whether the request was made with a mail address.
    pub has_address: bool,
    /// Whether a code showed that the address is theirs, and whether they want answers there.
    pub sure: Option<bool>,
    /// How many mails wait.
    pub n_waiting: u64,
    /// How many the server took.
    pub n_sent: u64,
    /// How many came to nothing.
    pub n_lost: u64,
}

/// A time in which the clock stood still.
#[derive(Clone, Debug)]
pub struct DoubtView {
    /// Why.
    pub reasons: String,
    /// Since when.
    pub from: Date,
    /// Until when; `None` while it stands still.
    pub until: Option<Date>,
}

/// A person whom the request is about.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// Their number.
    pub number: String,
    /// How sure we are.
    pub identity: Identity,
}

/// A slice to decide on.
#[derive(Clone, Debug)]
pub struct SliceView {
    /// Its name in the form.
    pub name: String,
    /// What it is.
    pub what: String,
    /// What the law says of it.
    pub says: String,
    /// How many records.
    pub n_records: u64,
    /// Until when it is kept.
    pub until: Option<Date>,
    /// What is proposed.
    pub proposed: Verdict,
    /// Whether the law gives the right over it.
    pub can_be_granted: bool,
}

/// A decision.
#[derive(Clone, Debug)]
pub struct FiledView {
    /// Per slice: what, and what was decided.
    pub parts: Vec<(String, String)>,
    /// The reasons for the person.
    pub reasons: String,
    /// A fee.
    pub fee_cents: Option<u32>,
    /// What is corrected.
    pub correction: Option<Correction>,
    /// What is added to the data.
    pub statement: Option<String>,
    /// When.
    pub at: String,
    /// Whoever looks proposed it.
    pub is_own: bool,
}

/// What was looked up in prompts.
#[derive(Clone, Debug)]
pub struct LookedView {
    /// The kinds of identifiers, in words.
    pub kinds: Vec<String>,
    /// How sure it was that they are of who asks.
    pub identity: Identity,
    /// Where they stood, as sentences.
    pub seen: Vec<String>,
}

/// A recipient's task.
#[derive(Clone, Debug)]
pub struct TaskView {
    /// Its id.
    pub id: String,
    /// The request's number.
    pub reference: String,
    /// Who.
    pub recipient: String,
    /// What it is asked.
    pub act: TaskAct,
    /// Since when.
    pub created: Date,
    /// When what it holds is gone by itself.
    pub gone: Option<Date>,
    /// What came of it.
    pub ended: Option<(TaskEnd, Date)>,
}

/// The page of one request.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    let title = words.fill("case-title", &[("reference", &view.reference)]);
    let day = |day: Date| html! { time datetime=(day) { (words.day(day)) } };
    let is_open = !view.stage.is_closed();
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 { (title) }
            @if let Some(fault) = view.fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            dl.facts {
                div { dt { (words.say("requests-right")) } dd { (words.say(&rights::key(view.right))) } }
                div { dt { (words.say("requests-stage")) } dd { (words.say(&staff_stage_key(view.stage))) } }
                div { dt { (words.say("case-channel")) } dd { (words.say(&format!("channel-{}", view.channel.name()))) } }
                div { dt { (words.say("requests-received")) } dd { (day(view.received)) } }
                div { dt { (words.say("requests-aim")) } dd { (day(view.aim)) } }
                div { dt { (words.say("requests-latest")) } dd { (day(view.latest)) } }
            }
            p.muted { (words.say("case-logged")) }
            @if view.words.is_none() && view.contact.is_none() { p { (words.say("case-says-nothing")) } }
            (said(frame, "case-words", view.words.as_deref()))
            (said(frame, "case-contact", view.contact.as_deref()))
            @if let Some(mail) = view.mail { (by_mail(frame, view, mail, is_open)) }
            (said(frame, "case-extension", view.extension.as_deref()))
            (doubts(frame, view))
            (persons(frame, view, is_open))
            (put_aside(frame, view, is_open))
            (looked(frame, view, is_open))
            (answers(frame, view, is_open))
            @if let Some(decided) = &view.decided { h2 { (words.say("case-decided")) } (filed(frame, decided)) }
            @if view.n_letters > 0 {
                p.buttons { a.button.secondary href=(here(frame, view, "/letter")) { (words.say("case-letter")) } }
            }
            (tasks(frame, &view.tasks))
            @if is_open {
                @if let Some(waiting) = &view.waiting { (second(frame, view, waiting)) } @else { (decide(frame, view)) }
                (more(frame, view))
            } @else {
                p { (words.say("case-closed")) }
            }
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

fn here(frame: &Frame<'_>, view: &CaseView, further: &str) -> String {
    frame.link(&format!("/console/requests/{}{further}", view.reference))
}

fn said(frame: &Frame<'_>, key: &str, text: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = text {
            h2 { (frame.words.say(key)) }
            div.case-text dir="auto" { @for line in text.lines() { p { (line) } } }
        }
    }
}

/// When the clock stood still, and the dates as they would be without that.
fn doubts(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    let (aim, latest) = view.without_doubt;
    let dates = [("aim", words.day(aim)), ("latest", words.day(latest))];
    let dates = dates.each_ref().map(|(name, day)| (*name, day.as_str()));
    html! {
        @if !view.doubts.is_empty() {
            h2 #doubt { (words.say("case-doubt")) }
            @for doubt in &view.doubts {
                @if let Some(until) = doubt.until {
                    p { (words.fill("case-doubt-ended", &[("from", &words.day(doubt.from)), ("until", &words.day(until))])) }
                } @else {
                    p { strong { (words.fill("case-doubt-since", &[("from", &words.day(doubt.from))])) } }
                }
                div.case-text dir="auto" { @for line in doubt.reasons.lines() { p { (line) } } }
            }
            p { (words.fill("case-doubt-without", &dates)) }
        }
    }
}

/// What goes to who asks by mail: a code to show that the address is theirs, and then what we tell them.
fn by_mail(frame: &Frame<'_>, view: &CaseView, mail: ByMailView, is_open: bool) -> Markup {
    let words = &frame.words;
    let sure = match mail.sure {
        Some(true) => "case-mail-answers",
        Some(false) => "case-mail-sure",
        None => "case-mail-unsure",
    };
    let counts = [
        ("sent", mail.n_sent.to_string()),
        ("waiting", mail.n_waiting.to_string()),
        ("lost", mail.n_lost.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(name, n)| (*name, n.as_str())).collect();
    html! {
        h2 #by-mail { (words.say("case-mail")) }
        @if mail.has_address {
            p { (words.say(sure)) }
            @if mail.n_sent + mail.n_waiting + mail.n_lost > 0 { p.muted { (words.fill("case-mail-counts", &counts)) } }
            @if is_open && mail.sure.is_none() {
                details { summary { (words.say("case-code")) }
                    form.stacked method="post" action=(here(frame, view, "/code")) {
                        (frame.form_fields())
                        p.hint { (words.say("case-code-hint")) }
                        (language(frame, "code-language"))
                        div.actions { button.secondary type="submit" { (words.say("case-code-do")) } }
                    }
                    form.stacked method="post" action=(here(frame, view, "/confirm")) {
                        (frame.form_fields())
                        div.field {
                            label for="mailed" { (words.say("case-code-told")) }
                            input.narrow #mailed type="text" name="mailed" inputmode="numeric" maxlength="20" autocomplete="off" required;
                        }
                        div.actions { button.secondary type="submit" { (words.say("case-code-confirm")) } }
                    }
                }
            }
        } @else { p { (words.say("case-mail-none")) } }
    }
}

fn persons(frame: &Frame<'_>, view: &CaseView, is_open: bool) -> Markup {
    let words = &frame.words;
    html! {
        h2 #persons { (words.say("case-persons")) }
        @if view.links.is_empty() { p { (words.say("case-nobody")) } }
        @else {
            ul { @for link in &view.links { li { code { (link.number) } " – " (words.say(&format!("identity-{}", link.identity.name()))) } } }
            p.buttons { a.button.secondary href=(here(frame, view, "/pack")) { (words.say("case-pack")) } }
        }
        @if is_open {
            details { summary { (words.say("case-link")) }
                form.stacked method="post" action=(here(frame, view, "/link")) {
                    (frame.form_fields())
                    div.field {
                        label for="number" { (words.say("case-link-number")) }
                        p.hint #number-hint { (words.say("case-link-hint")) }
                        input #number type="text" name="number" maxlength="60" required autocomplete="off" spellcheck="false" aria-describedby="number-hint";
                    }
                    div.field {
                        label for="identity" { (words.say("case-identity")) }
                        select #identity name="identity" required {
                            option value="" { (words.say("case-choose")) }
                            @for identity in Identity::ALL { option value=(identity.name()) { (words.say(&format!("identity-{}", identity.name()))) } }
                        }
                        p.hint { (words.say("case-identity-hint")) }
                    }
                    div.actions { button.secondary type="submit" { (words.say("case-link-do")) } }
                }
            }
        }
    }
}

/// What is not used while somebody looks whether it is right (article 18(1)(a)).
fn put_aside(frame: &Frame<'_>, view: &CaseView, is_open: bool) -> Markup {
    let words = &frame.words;
    let is_disputed = view.right == Right::Rectification && is_open;
    html! {
        @if is_disputed {
            h2 #aside { (words.say("case-aside")) }
            p { (words.count("case-aside-n", view.n_put_aside)) }
            @if !view.links.is_empty() {
                details { summary { (words.say("case-aside-more")) }
                    form.stacked method="post" action=(here(frame, view, "/aside")) {
                        (frame.form_fields())
                        div.field {
                            label for="disputed" { (words.say("case-aside-value")) }
                            p.hint #disputed-hint { (words.say("case-aside-hint")) }
                            input #disputed type="text" name="disputed" maxlength="400" required autocomplete="off" aria-describedby="disputed-hint";
                        }
                        div.actions { button.secondary type="submit" { (words.say("case-aside-do")) } }
                    }
                }
            }
        }
    }
}

/// What was looked up in prompts, and the form to do so.
fn looked(frame: &Frame<'_>, view: &CaseView, is_open: bool) -> Markup {
    let words = &frame.words;
    html! {
        h2 #looked { (words.say("case-looked")) }
        @if view.looked.is_empty() { p { (words.say("case-looked-not")) } }
        @for looked in &view.looked {
            p { (looked.kinds.join(", ")) " – " (words.say(&format!("identity-{}", looked.identity.name()))) }
            @if looked.seen.is_empty() { p { (words.say("seen-nowhere")) } }
            @else { ul { @for line in &looked.seen { li { (line) } } } }
        }
        @if is_open {
            details { summary { (words.say("case-look")) }
                form.stacked method="post" action=(here(frame, view, "/look")) {
                    (frame.form_fields())
                    div.field {
                        label for="identifiers" { (words.say("case-identifiers")) }
                        p.hint #identifiers-hint { (words.say("case-identifiers-hint")) }
                        textarea #identifiers name="identifiers" rows="3" maxlength="2000" required autocomplete="off" spellcheck="false" aria-describedby="identifiers-hint" {}
                    }
                    div.field {
                        label for="look-identity" { (words.say("case-identity")) }
                        select #look-identity name="identity" required {
                            option value="" { (words.say("case-choose")) }
                            @for identity in Identity::ALL.iter().filter(|identity| **identity != Identity::Channel) {
                                option value=(identity.name()) { (words.say(&format!("identity-{}", identity.name()))) }
                            }
                        }
                    }
                    div.actions { button.secondary type="submit" { (words.say("case-look-do")) } }
                }
            }
        }
    }
}

/// What answers say about who asks: corrected, or left out.
fn answers(frame: &Frame<'_>, view: &CaseView, is_open: bool) -> Markup {
    let words = &frame.words;
    html! {
        h2 #answers { (words.say("case-answers")) }
        @if view.withheld.is_empty() { p { (words.say("case-answers-not")) } }
        @for entry in &view.withheld {
            form.stacked method="post" action=(here(frame, view, "/release")) {
                (frame.form_fields())
                input type="hidden" name="entry" value=(entry.entry);
                p { (words.say(if entry.is_statement { "case-answers-statement" } else { "case-answers-left-out" })) }
                div.actions { button.secondary.small type="submit" { (words.say("case-answers-release")) } }
            }
        }
        @if is_open {
            details { summary { (words.say("case-withhold")) }
                form.stacked method="post" action=(here(frame, view, "/withhold")) {
                    (frame.form_fields())
                    p.hint { (words.say("case-withhold-hint")) }
                    div.field {
                        label for="names" { (words.say("case-withhold-names")) }
                        p.hint #names-hint { (words.say("case-withhold-names-hint")) }
                        textarea #names name="names" rows="2" maxlength="600" required autocomplete="off" spellcheck="false" aria-describedby="names-hint" {}
                    }
                    div.field {
                        label for="around" { (words.say("case-withhold-around")) }
                        p.hint #around-hint { (words.say("case-withhold-around-hint")) }
                        textarea #around name="around" rows="3" maxlength="1200" required autocomplete="off" spellcheck="false" aria-describedby="around-hint" {}
                    }
                    div.field {
                        label for="how" { (words.say("case-withhold-how")) }
                        select #how name="how" required {
                            option value="statement" { (words.say("case-withhold-statement")) }
                            option value="left_out" { (words.say("case-withhold-left-out")) }
                        }
                    }
                    div.field {
                        label for="withheld-statement" { (words.say("case-withhold-text")) }
                        textarea #withheld-statement name="withheld_statement" rows="3" maxlength="1200" {}
                    }
                    div.actions { button.secondary type="submit" { (words.say("case-withhold-do")) } }
                }
            }
        }
    }
}

fn filed(frame: &Frame<'_>, filed: &FiledView) -> Markup {
    let words = &frame.words;
    html! {
        ul { @for (what, verdict) in &filed.parts { li { (what) ": " strong { (verdict) } } } }
        @if let Some(cents) = filed.fee_cents { p { (words.fill("case-fee-is", &[("amount", &format!("€ {},{:02}", cents / 100, cents % 100))])) } }
        @if !filed.reasons.is_empty() { div.case-text dir="auto" { @for line in filed.reasons.lines() { p { (line) } } } }
        @if let Some(correction) = &filed.correction {
            h3 { (words.say("case-correction")) }
            div.case-text dir="auto" { p { del { (correction.wrong) } " → " ins { (correction.right) } } }
        }
        @if let Some(statement) = &filed.statement { h3 { (words.say("case-statement")) } div.case-text dir="auto" { p { (statement) } } }
        p.muted { (filed.at) }
    }
}

/// The second person's part: to agree, or to send it back with a reason.
fn second(frame: &Frame<'_>, view: &CaseView, waiting: &FiledView) -> Markup {
    let words = &frame.words;
    html! {
        h2 #second { (words.say("case-waiting")) }
        (filed(frame, waiting))
        @if waiting.is_own {
            div.callout { p { (words.say("case-second-needed")) } }
        } @else {
            form.stacked method="post" action=(here(frame, view, "/agree")) {
                (frame.form_fields())
                div.choice {
                    input #sure type="checkbox" name="sure" value="yes" required aria-describedby="sure-text";
                    label for="sure" { (words.say("case-sure")) }
                    p.choice-text #sure-text { (words.say("case-sure-text")) }
                }
                div.actions { button.primary type="submit" { (words.say("case-agree")) } }
            }
            form.stacked method="post" action=(here(frame, view, "/return")) {
                (frame.form_fields())
                div.field {
                    label for="why" { (words.say("case-return-why")) }
                    textarea #why name="why" rows="3" maxlength="2000" required {}
                }
                div.actions { button.secondary type="submit" { (words.say("case-return")) } }
            }
        }
    }
}

fn decide(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    html! {
        h2 #decide { (words.say("case-decide")) }
        @if let Some(returned) = &view.returned { div.callout.warn { p { (words.say("case-returned")) } p { (returned) } } }
        form.stacked method="post" action=(here(frame, view, "/decide")) {
            (frame.form_fields())
            @for (n, slice) in view.slices.iter().enumerate() {
                div.field {
                    label for={ "verdict-" (n) } { (slice.what) }
                    p.hint id={ "verdict-hint-" (n) } {
                        (slice.says)
                        @if slice.n_records > 0 { " " (words.count("case-n-records", usize::try_from(slice.n_records).unwrap_or(usize::MAX))) }
                        @if let Some(until) = slice.until { " " (words.fill("own-gone", &[("day", &words.day(until))])) "." }
                    }
                    input type="hidden" name="about" value=(slice.name);
                    select id={ "verdict-" (n) } name="verdict" required aria-describedby={ "verdict-hint-" (n) } {
                        @if slice.can_be_granted { option value="granted" selected[slice.proposed == Verdict::Granted] { (words.say("verdict-granted")) } }
                        @for ground in &view.grounds {
                            option value=(ground.name()) selected[slice.proposed == Verdict::Refused(*ground)] {
                                (super::super::show::letter::verdict_in_words(words, view.right, Verdict::Refused(*ground)))
                            }
                        }
                    }
                }
            }
            @if view.right == Right::Rectification {
                div.field {
                    label for="wrong" { (words.say("case-wrong")) " " span.optional { (words.say("optional")) } }
                    p.hint #wrong-hint { (words.say("case-wrong-hint")) }
                    input #wrong type="text" name="wrong" maxlength="400" autocomplete="off" aria-describedby="wrong-hint";
                    label for="right" { (words.say("case-right")) }
                    input #right type="text" name="right" maxlength="400" autocomplete="off" aria-describedby="wrong-hint";
                }
                div.field {
                    label for="statement" { (words.say("case-statement")) }
                    p.hint #statement-hint { (words.say("case-statement-hint")) }
                    textarea #statement name="statement" rows="3" maxlength="4000" aria-describedby="statement-hint" {}
                }
            }
            div.field {
                label for="reasons" { (words.say("case-reasons")) }
                p.hint #reasons-hint { (words.say("case-reasons-hint")) }
                textarea #reasons name="reasons" rows="4" maxlength="4000" aria-describedby="reasons-hint" {}
            }
            @if may_cost(view.right) {
                div.field {
                    label for="fee" { (words.say("case-fee")) " " span.optional { (words.say("optional")) } }
                    p.hint #fee-hint { (words.say("case-fee-hint")) }
                    input.narrow #fee type="text" name="fee" inputmode="decimal" maxlength="9" autocomplete="off" aria-describedby="fee-hint";
                }
            }
            (language(frame, "language"))
            p.muted { (words.say("case-two-people")) }
            div.actions { button.primary type="submit" { (words.say("case-decide-do")) } }
        }
    }
}

/// The ways on that decide nothing: who it is, more time, taken back.
fn more(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    html! {
        h2 #next { (words.say("case-next")) }
        @if view.can_extend {
            details { summary { (words.say("case-extend")) }
                form.stacked method="post" action=(here(frame, view, "/extend")) {
                    (frame.form_fields())
                    div.field {
                        label for="extend-why" { (words.say("case-extend-why")) }
                        p.hint #extend-hint { (words.say("case-extend-hint")) }
                        textarea #extend-why name="reasons" rows="3" maxlength="2000" required aria-describedby="extend-hint" {}
                    }
                    (language(frame, "extend-language"))
                    div.actions { button.secondary type="submit" { (words.say("case-extend-do")) } }
                }
            }
        }
        @if view.can_doubt {
            details { summary { (words.say("case-doubt-do")) }
                form.stacked method="post" action=(here(frame, view, "/doubt")) {
                    (frame.form_fields())
                    div.field {
                        label for="doubt-why" { (words.say("case-doubt-why")) }
                        p.hint #doubt-hint { (words.say("case-doubt-hint")) }
                        textarea #doubt-why name="reasons" rows="3" maxlength="2000" required aria-describedby="doubt-hint" {}
                    }
                    (language(frame, "doubt-language"))
                    div.actions { button.secondary type="submit" { (words.say("case-doubt-send")) } }
                }
            }
        }
        form.stacked method="post" action=(here(frame, view, "")) {
            (frame.form_fields())
            div.field {
                label for="stage" { (words.say("case-stage")) }
                select #stage name="stage" required {
                    option value="" { (words.say("case-choose")) }
                    @for stage in Stage::ALL.iter().filter(|stage| **stage != view.stage && waarborg_usecase::casework::moves_by_hand(**stage)) {
                        option value=(stage.name()) { (words.say(&staff_stage_key(*stage))) }
                    }
                }
            }
            div.actions { button.secondary type="submit" { (words.say("case-do")) } }
        }
    }
}

fn language(frame: &Frame<'_>, id: &str) -> Markup {
    html! {
        div.field {
            label for=(id) { (frame.words.say("case-language")) }
            select id=(id) name="language" {
                @for tongue in crate::words::Tongue::ALL { option value=(tongue.code()) lang=(tongue.code()) { (tongue.own_name()) } }
            }
        }
    }
}

fn tasks(frame: &Frame<'_>, tasks: &[TaskView]) -> Markup {
    html! {
        @if !tasks.is_empty() {
            h2 #tasks { (frame.words.say("tasks-title")) }
            (task_table(frame, tasks))
        }
    }
}

/// The list of recipients' tasks, with the way to note what came of each.
#[must_use]
pub fn all_tasks(frame: &Frame<'_>, tasks: &[TaskView]) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 #tasks { (words.say("tasks-title")) }
            p.lead { (words.say("tasks-lead")) }
            @if tasks.is_empty() { p { (words.say("tasks-none")) } } @else { (task_table(frame, tasks)) }
        }
    };
    frame.page(&words.say("tasks-title"), Needs::Nothing, &main)
}

fn task_table(frame: &Frame<'_>, tasks: &[TaskView]) -> Markup {
    let words = &frame.words;
    let heads = [
        "requests-reference",
        "console-recipient",
        "tasks-act",
        "tasks-since",
        "tasks-gone",
        "tasks-end",
    ];
    let notes = frame
        .role
        .is_some_and(|role| crate::role::may_see(role, "/console/requests/{reference}"));
    let rows = tasks.iter().map(|task| {
        vec![
            html! { (task.reference) },
            html! { (task.recipient) },
            html! { (words.say(&format!("task-{}", task.act.name()))) },
            html! { (words.day(task.created)) },
            html! { @if let Some(gone) = task.gone { (words.day(gone)) } @else { "–" } },
            html! {
                @if let Some((end, at)) = task.ended { (words.say(&format!("task-end-{}", end.name().replace('_', "-")))) ", " (words.day(at)) }
                @else if notes {
                    form method="post" action=(frame.link(&format!("/console/tasks/{}", task.id))) {
                        (frame.form_fields())
                        select name="end" aria-label=(words.say("tasks-end")) required {
                            @for end in TaskEnd::ALL { option value=(end.name()) { (words.say(&format!("task-end-{}", end.name().replace('_', "-")))) } }
                        }
                        " " button.secondary.small type="submit" { (words.say("case-do")) }
                    }
                } @else { (words.say("tasks-open")) }
            },
        ]
    });
    table(frame, "tasks", &heads, rows)
}
