//! The first layer of the notice: what a person is told before the first word.

use maud::{Markup, html};

use super::consent::{self, ConsentAsk};
use super::frame::{Frame, Needs};

/// One answer of the first layer, in sentences that come from the register.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question: who, what, where, how long, why, with whom, which rights.
    pub title: String,
    /// The sentences; more than one become a list.
    pub sentences: Vec<String>,
}

/// The first layer.
#[derive(Clone, Debug)]
pub struct FirstLayer {
    /// The version that the person acknowledges.
    pub version: String,
    /// Since when this version holds.
    pub since: Option<jiff::civil::Date>,
    /// The answers.
    pub answers: Vec<Answer>,
    /// The consents that the register asks for, each on its own.
    pub consents: Vec<ConsentAsk>,
    /// Why the page came up in the middle of something.
    pub occasion: Occasion,
}

/// Why a person sees the first layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The first visit.
    First,
    /// Something was sent before the notice was acknowledged; it was not received.
    Refused,
    /// The notice has changed since it was acknowledged.
    Changed,
}

/// The page with the first layer.
#[must_use]
pub fn page(frame: &Frame<'_>, layer: &FirstLayer) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet.first-layer {
            @match layer.occasion {
                Occasion::First => {}
                Occasion::Refused => { div.callout.warn role="status" { p { (words.say("notice-was-refused")) } } }
                Occasion::Changed => { div.callout.warn role="status" { p { (words.say("notice-has-changed")) } } }
            }
            h1 { (words.say("notice-title")) }
            p.lead { (words.say("notice-lead")) }
            dl.questions {
                @for answer in &layer.answers {
                    div.question {
                        dt { (answer.title) }
                        dd { (sentences(&answer.sentences)) }
                    }
                }
            }
            p.more { a href=(frame.link("/privacy")) { (words.say("notice-read-all")) } }
            form.begin method="post" action=(frame.link("/notice")) {
                (frame.form_fields())
                input type="hidden" name="version" value=(layer.version);
                @if !layer.consents.is_empty() { (consent::choices(frame, &layer.consents)) }
                div.actions {
                    button.primary type="submit" { (words.say("notice-acknowledge")) }
                    p.beside { (words.say("notice-acknowledge-means")) }
                }
            }
            section.elsewhere aria-labelledby="human" {
                h2 #human { (words.say("human-title")) }
                p { (words.say("human-before")) }
                (frame.human())
            }
            p.version.muted {
                (words.fill("notice-version", &[("version", &layer.version)]))
                @if let Some(day) = layer.since {
                    " · " (words.say("notice-since")) " " time datetime=(day) { (words.day(day)) }
                }
            }
        }
    };
    frame.page(&words.say("notice-title"), Needs::Nothing, &main)
}

fn sentences(sentences: &[String]) -> Markup {
    html! {
        @match sentences {
            [] => {}
            [only] => p { (only) },
            several => ul { @for sentence in several { li { (sentence) } } },
        }
    }
}
