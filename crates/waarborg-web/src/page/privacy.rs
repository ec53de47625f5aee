//! The full notice, in the house's typography, with its table of contents.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::notice::{self, Layer};

use super::frame::{Frame, Needs};

/// One heading of the notice, for the table of contents.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The anchor of the section, without `#`.
    pub anchor: String,
    /// The heading's text.
    pub text: String,
}

/// Whether a version holds today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It holds now.
    Now,
    /// It held, until this day.
    Until(Date),
    /// It is announced, and holds later.
    Announced,
    /// The day lies before the first version that was kept; this is that first one.
    NotYetKept,
}

/// The notice as it holds on one day for one place of residence.
#[derive(Clone, Debug)]
pub struct NoticeView {
    /// The language that it is in.
    pub language: &'static str,
    /// How deep it goes.
    pub layer: Layer,
    /// Its title.
    pub title: String,
    /// The version.
    pub version: String,
    /// The day for which it was asked.
    pub at: Date,
    /// Since when this version holds.
    pub since: Option<Date>,
    /// The residence for which it was asked, as a country code.
    pub residence: String,
    /// The residences that one can choose.
    pub residences: Vec<String>,
    /// Whether it holds today.
    pub holds: Holds,
    /// The version before it, and the last day on which that held.
    pub previous: Option<(String, Date)>,
    /// The version after it, and the day from which that holds.
    pub next: Option<(String, Date)>,
    /// The table of contents.
    pub headings: Vec<Heading>,
    /// The sections, rendered by the domain from the register; escaped there.
    pub body: Markup,
}

/// The page with the full notice.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &NoticeView) -> Markup {
    let words = &frame.words;
    let main = html! {
        div.with-contents {
            @if !view.headings.is_empty() {
                nav.contents aria-labelledby="contents" {
                    h2 #contents { (words.say("privacy-contents")) }
                    ol lang=(view.language) { @for heading in &view.headings { li { a href={ "#" (heading.anchor) } { (heading.text) } } } }
                }
            }
            article.sheet.prose {
                nav.languages aria-label=(words.say("privacy-languages")) {
                    ul.inline {
                        @for language in notice::LANGUAGES {
                            li {
                                a href={ "/privacy?lang=" (language) "&at=" (view.at) (residence(view)) (depth(view.layer)) } hreflang=(language) lang=(language)
                                    aria-current=[(*language == view.language).then_some("true")] { (own_name(language)) }
                            }
                        }
                    }
                }
                nav.languages aria-label=(words.say("privacy-layers")) {
                    ul.inline {
                        @for layer in Layer::ALL {
                            li {
                                a href={ "/privacy?lang=" (view.language) "&at=" (view.at) (residence(view)) (depth(layer)) }
                                    aria-current=[(layer == view.layer).then_some("true")] { (words.say(&format!("privacy-layer-{}", layer.name()))) }
                            }
                        }
                    }
                }
                h1 lang=(view.language) { (view.title) }
                p.version.muted {
                    (words.fill("notice-version", &[("version", &view.version)]))
                    @if let Some(day) = view.since {
                        " · " (words.say("notice-since")) " " time datetime=(day) { (words.day(day)) }
                    }
                }
                (holds(frame, view))
                div lang=(view.language) { (view.body) }
                section.other-version aria-labelledby="other" {
                    h2 #other { (words.say("privacy-other-title")) }
                    p { (words.say("privacy-other")) }
                    (neighbours(frame, view))
                    form.row method="get" action="/privacy" {
                        @if frame.tongue_in_links { input type="hidden" name="lang" value=(view.language); }
                        div.field {
                            label for="at" { (words.say("privacy-at")) }
                            input #at type="date" name="at" value=(view.at);
                        }
                        @if view.residences.len() > 1 {
                            div.field {
                                label for="residence" { (words.say("privacy-residence")) }
                                select #residence name="residence" {
                                    @for residence in &view.residences {
                                        option value=(residence) selected[*residence == view.residence] { (residence) }
                                    }
                                }
                            }
                        }
                        button.secondary type="submit" { (words.say("privacy-show")) }
                    }
                }
            }
        }
    };
    frame.page(&words.say("privacy-title"), Needs::Nothing, &main)
}

/// What a reader of a version that does not hold today must know first.
fn holds(frame: &Frame<'_>, view: &NoticeView) -> Markup {
    let words = &frame.words;
    let text = match view.holds {
        Holds::Now => return html! {},
        Holds::Until(day) => words.fill("privacy-held-until", &[("day", &words.day(day))]),
        Holds::Announced => words.say("privacy-announced"),
        Holds::NotYetKept => words.say("privacy-not-yet-kept"),
    };
    html! {
        div.callout.warn role="note" {
            p { (text) }
            @if view.holds != Holds::NotYetKept { p { a href=(frame.link("/privacy")) { (words.say("privacy-now")) } } }
        }
    }
}

/// The residence, as it goes along in an address.
fn residence(view: &NoticeView) -> String {
    if view.residence.is_empty() {
        String::new()
    } else {
        format!("&residence={}", view.residence)
    }
}

/// The layer, as it goes along in an address; the full one needs no name.
fn depth(layer: Layer) -> String {
    if layer == Layer::Full {
        String::new()
    } else {
        format!("&layer={}", layer.name())
    }
}

/// A language's name for itself.
fn own_name(language: &str) -> &'static str {
    match language {
        "nl" => "Nederlands",
        "de" => "Deutsch",
        "fr" => "Français",
        "sv" => "Svenska",
        _ => "English",
    }
}

/// The version before and the version after.
fn neighbours(frame: &Frame<'_>, view: &NoticeView) -> Markup {
    let words = &frame.words;
    let residence = residence(view);
    let language = if frame.tongue_in_links {
        format!("&lang={}", view.language)
    } else {
        String::new()
    };
    let address = |day: &Date| format!("/privacy?at={day}{residence}{language}");
    html! {
        @if view.previous.is_some() || view.next.is_some() {
            ul {
                @if let Some((version, day)) = &view.previous {
                    li { a rel="prev" href=(address(day)) { (words.fill("privacy-previous", &[("version", version), ("day", &words.day(*day))])) } }
                }
                @if let Some((version, day)) = &view.next {
                    li { a rel="next" href=(address(day)) { (words.fill("privacy-next", &[("version", version), ("day", &words.day(*day))])) } }
                }
            }
        }
    }
}
