//! Disclosures in the console: what waits for a second person, those about one person, and a proposal.

use maud::{Markup, html};

use super::console::{table, who};
use super::frame::{Frame, Needs};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct View {
    /// The cases that the register declares.
    pub cases: Vec<CaseView>,
    /// The numbers of persons about whom something waits.
    pub waiting: Vec<String>,
    /// The person that was looked up.
    pub found: Option<Found>,
}

/// A person that was looked up.
#[derive(Clone, Debug)]
pub struct Found {
    /// Their number.
    pub number: String,
    /// What was given, or waits.
    pub rows: Vec<DisclosureView>,
}

/// A case of the register.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Its name in the register.
    pub rule: String,
    /// Who may receive it.
    pub to: String,
    /// In which case, in words.
    pub case: String,
    /// The categories that it may be about, by name and in words.
    pub categories: Vec<(String, String)>,
}

/// One disclosure.
#[derive(Clone, Debug)]
pub struct DisclosureView {
    /// Where it is agreed to or taken back.
    pub path: String,
    /// In which case, in words.
    pub ground: String,
    /// Which categories, in words.
    pub categories: String,
    /// To whom.
    pub to: String,
    /// Why.
    pub why: String,
    /// Since when it stands so.
    pub at: String,
    /// Whether it waits for a second person.
    pub waits: bool,
    /// The key of how it stands.
    pub standing: &'static str,
    /// Whoever looks proposed it.
    pub is_own: bool,
}

/// The page; `fault` is the key of what was wrong with what was sent.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &View, fault: Option<&'static str>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 #disclosures { (words.say("disclosure-title")) }
            p.lead { (words.say("disclosure-lead")) }
            @if let Some(fault) = fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            @if !view.waiting.is_empty() {
                h2 #waiting { (words.say("disclosure-waiting")) }
                ul {
                    @for number in &view.waiting {
                        li { a href=(of(frame, number)) { code { (number) } } }
                    }
                }
            }
            h2 #look { (words.say("disclosure-look")) }
            form.stacked method="get" action="/console/disclosures" {
                div.field {
                    label for="whose" { (words.say("case-link-number")) }
                    input #whose type="text" name="number" maxlength="60" required autocomplete="off" spellcheck="false"
                        value=(view.found.as_ref().map(|found| found.number.as_str()).unwrap_or_default());
                }
                div.actions { button.secondary type="submit" { (words.say("disclosure-look-do")) } }
            }
            @if let Some(found) = &view.found {
                @if found.rows.is_empty() { p { (words.say("disclosure-none")) } }
                @else { (rows(frame, &found.rows)) }
                @if view.cases.is_empty() { p { (words.say("disclosure-no-cases")) } }
                @else { (form(frame, view, &found.number)) }
            }
        }
    };
    frame.page(&words.say("disclosure-title"), Needs::Nothing, &main)
}

fn of(frame: &Frame<'_>, number: &str) -> String {
    let page = frame.link("/console/disclosures");
    let joined = if page.contains('?') { '&' } else { '?' };
    format!("{page}{joined}number={number}")
}

fn rows(frame: &Frame<'_>, rows: &[DisclosureView]) -> Markup {
    let words = &frame.words;
    let heads = [
        "disclosure-to",
        "disclosure-ground",
        "disclosure-categories",
        "disclosure-when",
        "requests-stage",
        "hold-act",
    ];
    table(
        frame,
        "disclosures",
        &heads,
        rows.iter().map(|row| {
            vec![
                html! { (row.to) br; span.muted { (row.why) } },
                html! { (row.ground) },
                html! { (row.categories) },
                html! { (row.at) },
                html! { (words.say(row.standing)) },
                html! { @if row.waits { (acts(frame, row)) } },
            ]
        }),
    )
}

fn acts(frame: &Frame<'_>, row: &DisclosureView) -> Markup {
    let words = &frame.words;
    let button = |act: &str, key: &str| {
        html! {
            form method="post" action=(frame.link(&format!("{}/{act}", row.path))) {
                (frame.form_fields())
                button.secondary.small type="submit" { (words.say(key)) }
            }
        }
    };
    html! {
        @if row.is_own { (words.say("hold-second")) } @else { (button("agree", "hold-agree")) }
        (button("back", "disclosure-take-back"))
    }
}

fn form(frame: &Frame<'_>, view: &View, number: &str) -> Markup {
    let words = &frame.words;
    let mut categories: Vec<&(String, String)> = Vec::new();
    for category in view.cases.iter().flat_map(|case| &case.categories) {
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    html! {
        h2 #propose { (words.say("hold-propose")) }
        form.stacked method="post" action=(frame.link("/console/disclosures")) {
            (frame.form_fields())
            input type="hidden" name="number" value=(number);
            div.field {
                label for="rule" { (words.say("disclosure-case")) }
                select #rule name="rule" required {
                    option value="" { (words.say("case-choose")) }
                    @for case in &view.cases { option value=(case.rule) { (case.to) ": " (case.case) } }
                }
            }
            fieldset {
                legend { (words.say("disclosure-categories")) }
                @for (name, label) in categories {
                    p { label { input type="checkbox" name="category" value=(name); " " (label) } }
                }
            }
            div.field {
                label for="to" { (words.say("disclosure-to")) }
                p.hint #to-hint { (words.say("disclosure-to-hint")) }
                input #to type="text" name="to" maxlength="200" required autocomplete="off" aria-describedby="to-hint";
            }
            div.field {
                label for="why" { (words.say("disclosure-why")) }
                p.hint #why-hint { (words.say("disclosure-why-hint")) }
                textarea #why name="why" rows="3" maxlength="2000" required aria-describedby="why-hint" {}
            }
            div.actions { button.primary type="submit" { (words.say("hold-propose-do")) } }
        }
    }
}
