//! The cookie page: the list is what the program sets, the program sets the list, and what can be refused is a choice.

use maud::{Markup, html};

use super::frame::{Frame, Needs};
use crate::words::Words;

/// One cookie as the register declares it.
#[derive(Clone, Debug)]
pub struct CookieRow {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub aim: String,
    /// Who sets it.
    pub provider: String,
    /// How long it stays, in words; `None` until the browser closes.
    pub lifetime: Option<String>,
    /// The category, in words.
    pub category: String,
}

/// A kind of cookies that people choose.
#[derive(Clone, Debug)]
pub struct CookieKind {
    /// What the form sends back.
    pub name: &'static str,
    /// The kind, in words.
    pub title: String,
    /// What such cookies do.
    pub text: String,
    /// Their names.
    pub cookies: Vec<String>,
    /// The person said yes to it.
    pub is_allowed: bool,
    /// Their browser says no to it.
    pub is_refused_by_signal: bool,
}

/// What was chosen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing.
    #[default]
    Nothing,
    /// Something from this list.
    FromThisList,
    /// Something from this list, just now.
    JustNow,
    /// Something from an earlier list, which counts no longer.
    FromAnotherList,
}

/// The cookies, and what was chosen.
#[derive(Clone, Debug, Default)]
pub struct Centre {
    /// Every cookie.
    pub rows: Vec<CookieRow>,
    /// The kinds to choose from; none if all are necessary.
    pub kinds: Vec<CookieKind>,
    /// What was chosen before.
    pub earlier: Earlier,
    /// The browser sends Global Privacy Control.
    pub signal: bool,
}

/// Asks above a page, once: yes and no look the same and are as near.
pub(super) fn ask(frame: &Frame<'_>) -> Markup {
    let words = &frame.words;
    html! {
        aside.banner.quiet aria-label=(words.say("cookies-ask-label")) {
            form.row method="post" action=(frame.link("/consent/cookies")) {
                (frame.form_fields())
                input type="hidden" name="back" value=(frame.path);
                p.beside { (words.say("cookies-ask")) " " a href=(frame.link("/cookies")) { (words.say("cookies-ask-which")) } }
                (all_or_none(frame))
            }
        }
    }
}

fn all_or_none(frame: &Frame<'_>) -> Markup {
    let words = &frame.words;
    html! {
        button.secondary.small type="submit" name="choice" value="none" { (words.say("cookies-none-button")) }
        button.secondary.small type="submit" name="choice" value="all" { (words.say("cookies-all-button")) }
    }
}

/// The page with all cookies and the choices.
#[must_use]
pub fn page(frame: &Frame<'_>, centre: &Centre) -> Markup {
    let words = &frame.words;
    let lead = if centre.kinds.is_empty() {
        "cookies-lead"
    } else {
        "cookies-lead-choice"
    };
    let main = html! {
        article.sheet.wide {
            h1 { (words.say("cookies-title")) }
            p.lead { (words.say(lead)) }
            @if centre.earlier == Earlier::JustNow { div.callout.good role="status" { p { (words.say("consent-changed")) } } }
            @if centre.earlier == Earlier::FromAnotherList { div.callout.warn { p { (words.say("cookies-outdated")) } } }
            @if !centre.kinds.is_empty() { (choices(frame, centre)) }
            @if !centre.rows.is_empty() { (list(words, &centre.rows)) }
            h2 { (words.say("cookies-without-title")) }
            p { (words.say("cookies-without")) }
            h2 { (words.say("cookies-signal-title")) }
            p { (words.say("cookies-signal")) }
            @if !centre.kinds.is_empty() {
                p { (words.say(if centre.signal { "cookies-signal-on" } else { "cookies-signal-off" })) }
            }
        }
    };
    frame.page(&words.say("cookies-title"), Needs::Nothing, &main)
}

/// A form with a choice per kind. Nothing is ticked that was not chosen.
fn choices(frame: &Frame<'_>, centre: &Centre) -> Markup {
    let words = &frame.words;
    let standing = match centre.earlier {
        Earlier::FromThisList | Earlier::JustNow => "cookies-chosen",
        Earlier::Nothing | Earlier::FromAnotherList => "cookies-not-chosen",
    };
    html! {
        form.stacked method="post" action=(frame.link("/consent/cookies")) {
            (frame.form_fields())
            fieldset.choices {
                legend { (words.say("cookies-choose")) }
                p.hint { (words.say("cookies-necessary-always")) }
                @for kind in &centre.kinds {
                    div.choice {
                        input type="checkbox" name="kind" value=(kind.name) id={ "kind-" (kind.name) } aria-describedby={ "kind-text-" (kind.name) }
                            checked[kind.is_allowed] disabled[kind.is_refused_by_signal];
                        label for={ "kind-" (kind.name) } { (kind.title) }
                        p.choice-text id={ "kind-text-" (kind.name) } {
                            (kind.text) " "
                            @for (n, name) in kind.cookies.iter().enumerate() { @if n > 0 { ", " } code { (name) } }
                            @if kind.is_refused_by_signal { " " strong { (words.say("cookies-refused-by-signal")) } }
                        }
                    }
                }
            }
            div.actions {
                (all_or_none(frame))
                button.secondary.small type="submit" name="choice" value="own" { (words.say("cookies-own-button")) }
            }
            p.muted {
                (words.say(standing)) " " (words.say("cookies-proof"))
                " " a href="/consent/receipt" download="" { (words.say("cookies-receipt")) }
            }
        }
    }
}

fn list(words: &Words, cookies: &[CookieRow]) -> Markup {
    html! {
        div.scroller role="region" aria-labelledby="cookie-list" tabindex="0" {
            table {
                caption #cookie-list { (words.say("cookies-list")) }
                thead {
                    tr {
                        @for key in ["cookies-name", "cookies-aim", "cookies-provider", "cookies-lifetime", "cookies-category"] {
                            th scope="col" { (words.say(key)) }
                        }
                    }
                }
                tbody {
                    @for cookie in cookies {
                        tr {
                            th scope="row" { code { (cookie.name) } }
                            td { (cookie.aim) }
                            td { (cookie.provider) }
                            td { (cookie.lifetime.clone().unwrap_or_else(|| words.say("cookies-session"))) }
                            td { (cookie.category) }
                        }
                    }
                }
            }
        }
    }
}
