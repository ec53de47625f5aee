//! The page that takes a mailed code, and the page that the link to an answer opens. Both work without a script.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// How far somebody is with their code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirming {
    /// They opened the page.
    Asked,
    /// A code is on its way, if the request has an address.
    Sent,
    /// The code was right.
    Right,
    /// It was not, or counts no more.
    Wrong,
}

/// The page that takes a mailed code. It is the same whether or not the request exists, and whoever it is about.
#[must_use]
pub fn confirm(frame: &Frame<'_>, reference: &str, confirming: Confirming) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("sure-title")) }
            @match confirming {
                Confirming::Asked => p.lead { (words.say("sure-lead")) },
                Confirming::Sent => div.callout.good role="status" { p { (words.say("sure-sent")) } },
                Confirming::Wrong => div.callout.bad role="alert" { p { (words.say("sure-wrong")) } },
                Confirming::Right => div.callout.good role="status" { p { (words.say("sure-right")) } },
            }
            @if confirming == Confirming::Right {
                p { a href=(frame.link(&format!("/rights/{reference}"))) { (words.say("receipt-to-status")) } }
            } @else {
                form.stacked method="post" action=(frame.link(&format!("/rights/{reference}/confirm"))) {
                    (frame.form_fields())
                    div.field {
                        label for="mailed" { (words.say("sure-code")) }
                        p.hint #mailed-hint { (words.say("sure-code-hint")) }
                        input.narrow #mailed type="text" name="mailed" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required aria-describedby="mailed-hint";
                    }
                    div.actions { button.primary type="submit" { (words.say("sure-do")) } }
                }
                p.muted { (words.say("sure-no-click")) }
            }
        }
    };
    frame.page(&words.say("sure-title"), Needs::Nothing, &main)
}

/// How far somebody is with the link to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening<'a> {
    /// They opened this link; nothing is used up.
    Asked(&'a str),
    /// The link was used, has ended or never was.
    Used,
}

/// The page of the link to an answer.
#[must_use]
pub fn answer(frame: &Frame<'_>, opening: Opening<'_>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("answer-title")) }
            @match opening {
                Opening::Asked(link) => {
                    p.lead { (words.say("answer-lead")) }
                    form method="post" action=(frame.link(&format!("/mail/answer/{link}"))) {
                        (frame.form_fields())
                        div.actions { button.primary type="submit" { (words.say("answer-do")) } }
                    }
                }
                Opening::Used => {
                    div.callout.bad role="alert" { p { (words.say("answer-used")) } }
                    p { (words.say("answer-otherwise")) }
                }
            }
        }
    };
    frame.page(&words.say("answer-title"), Needs::Nothing, &main)
}
