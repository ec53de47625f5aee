//! What is used to make models better, where it comes from, and how anybody says no to it.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// One use of data to make models better, as the register has it.
#[derive(Clone, Debug)]
pub struct Use {
    /// The service and the purpose, in words.
    pub what: String,
    /// The data, and where each kind comes from.
    pub sources: Vec<String>,
    /// On which basis.
    pub basis: String,
    /// It stands on consent, which can be withdrawn; otherwise one objects.
    pub is_consent: bool,
}

/// The page.
#[must_use]
pub fn page(frame: &Frame<'_>, uses: &[Use], trainers: &[String]) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("training-title")) }
            p.lead { (words.say(if uses.is_empty() { "training-none" } else { "training-lead" })) }
            @for one in uses {
                h2 { (one.what) }
                ul { @for source in &one.sources { li { (source) } } }
                p { (words.fill("training-basis", &[("basis", &one.basis)])) " " (words.say(if one.is_consent { "training-consent" } else { "training-object" })) }
            }
            h2 { (words.say("training-others")) }
            @if trainers.is_empty() { p { (words.say("training-no-others")) } }
            @else { ul { @for name in trainers { li { (name) } } } }
            h2 { (words.say("training-choices")) }
            p { (words.say("training-anybody")) }
            p.buttons {
                a.button.primary href=(frame.link("/rights?right=objection")) { (words.say("training-do")) }
                a.button.secondary href=(frame.link("/consent")) { (words.say("consent-title")) }
                a.button.secondary href=(frame.link("/privacy")) { (words.say("training-notice")) }
            }
        }
    };
    frame.page(&words.say("training-title"), Needs::Nothing, &main)
}
