//! The full notice, in the house's typography, with its table of contents.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// One heading of the notice, for the table of contents.
#[derive(Clone, Debug)]
pub struct Heading {
    /// The anchor of the section, without `#`.
    pub anchor: String,
    /// The heading's text.
    pub text: String,
}

/// The notice as it holds on one day for one place of residence.
#[derive(Clone, Debug)]
pub struct NoticeView {
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
            nav.contents aria-labelledby="contents" {
                h2 #contents { (words.say("privacy-contents")) }
                ol { @for heading in &view.headings { li { a href={ "#" (heading.anchor) } { (heading.text) } } } }
            }
            article.sheet.prose {
                h1 { (view.title) }
                p.version.muted {
                    (words.fill("notice-version", &[("version", &view.version)]))
                    @if let Some(day) = view.since {
                        " · " (words.say("notice-since")) " " time datetime=(day) { (words.day(day)) }
                    }
                }
                (view.body)
                section.other-version aria-labelledby="other" {
                    h2 #other { (words.say("privacy-other-title")) }
                    p { (words.say("privacy-other")) }
                    form.row method="get" action="/privacy" {
                        @if frame.tongue_in_links { input type="hidden" name="lang" value=(words.tongue().code()); }
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
