//! Consents: asked one by one, never ticked beforehand, withdrawn as easily as given.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::{Frame, Needs};
use crate::words::Words;

/// A consent that the register asks for.
#[derive(Clone, Debug)]
pub struct ConsentAsk {
    /// What the form sends back; names purpose, entity and version of the text.
    pub id: String,
    /// The purpose in a few words.
    pub title: String,
    /// What the person would agree to.
    pub text: String,
    /// Who gets the consent: it holds for that organisation only.
    pub entity: String,
    /// The version of the text, which is kept as proof.
    pub text_version: String,
}

/// A consent with what the person has decided so far.
#[derive(Clone, Debug)]
pub struct ConsentState {
    /// What is asked.
    pub ask: ConsentAsk,
    /// What they answered last.
    pub standing: Standing,
}

/// What a person answered last, and on which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    Unanswered,
    /// They consented.
    Given(Date),
    /// They said no.
    Refused(Date),
    /// They consented, and took it back.
    Withdrawn(Date),
}

impl Standing {
    fn said(self, words: &Words) -> Markup {
        let (class, text) = match self {
            Self::Given(day) => (
                "on",
                words.fill("consent-given", &[("day", &words.day(day))]),
            ),
            Self::Withdrawn(day) => (
                "off",
                words.fill("consent-withdrawn", &[("day", &words.day(day))]),
            ),
            Self::Unanswered | Self::Refused(_) => ("off", words.say("consent-not-given")),
        };
        html! { p.state.(class) { (text) } }
    }
}

/// The separate choices in a form. Nothing is ticked.
pub(super) fn choices(frame: &Frame<'_>, asks: &[ConsentAsk]) -> Markup {
    let words = &frame.words;
    html! {
        fieldset.choices {
            legend { (words.say("consent-legend")) }
            p.hint { (words.say("consent-hint")) }
            @for (n, ask) in asks.iter().enumerate() {
                div.choice {
                    input type="checkbox" name="consent" value=(ask.id) id={ "consent-" (n) } aria-describedby={ "consent-text-" (n) };
                    label for={ "consent-" (n) } { (ask.title) }
                    p.choice-text id={ "consent-text-" (n) } {
                        (ask.text) " " span.muted { (words.fill("consent-for", &[("entity", &ask.entity)])) }
                    }
                }
            }
        }
    }
}

/// The page where consents are given and withdrawn.
#[must_use]
pub fn page(frame: &Frame<'_>, consents: &[ConsentState], changed: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("consent-title")) }
            p.lead { (words.say("consent-lead")) }
            @if changed { div.callout.good role="status" { p { (words.say("consent-changed")) } } }
            @if consents.is_empty() {
                p { (words.say("consent-none")) }
            } @else {
                ul.cards {
                    @for (n, state) in consents.iter().enumerate() {
                        li.card {
                            h2 id={ "c" (n) } { (state.ask.title) }
                            p { (state.ask.text) }
                            p.muted { (words.fill("consent-for", &[("entity", &state.ask.entity)])) }
                            (state.standing.said(words))
                            form method="post" action=(frame.link("/consent")) {
                                (frame.form_fields())
                                input type="hidden" name="consent" value=(state.ask.id);
                                @if matches!(state.standing, Standing::Given(_)) {
                                    button.secondary type="submit" name="choice" value="withdraw" aria-describedby={ "c" (n) } { (words.say("consent-withdraw")) }
                                } @else {
                                    button.secondary type="submit" name="choice" value="give" aria-describedby={ "c" (n) } { (words.say("consent-give")) }
                                }
                            }
                        }
                    }
                }
            }
            p.muted { (words.say("consent-proof")) }
        }
    };
    frame.page(&words.say("consent-title"), Needs::Nothing, &main)
}
