//! The statement on accessibility.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// The page.
#[must_use]
pub fn page(frame: &Frame<'_>) -> Markup {
    let words = &frame.words;
    let strengths = [
        "accessibility-works-1",
        "accessibility-works-2",
        "accessibility-works-3",
        "accessibility-works-4",
    ];
    let main = html! {
        article.sheet {
            h1 { (words.say("accessibility-title")) }
            p.lead { (words.say("accessibility-lead")) }
            p { (words.say("accessibility-aim")) }
            h2 { (words.say("accessibility-works-title")) }
            ul { @for key in strengths { li { (words.say(key)) } } }
            h2 { (words.say("accessibility-trouble-title")) }
            p { (words.say("accessibility-trouble")) }
            (frame.human())
        }
    };
    frame.page(&words.say("accessibility-title"), Needs::Nothing, &main)
}
