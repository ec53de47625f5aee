//! The page that a link in a mail opens: one button, and nothing happens before somebody presses it.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// How far somebody is with signing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping<'a> {
    /// They opened the link with this code; nothing happened.
    Asked(&'a str),
    /// They want no more of it, and get no more.
    Done,
    /// The code is none of ours.
    Unknown,
}

/// The page.
#[must_use]
pub fn stop(frame: &Frame<'_>, stopping: Stopping<'_>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("mail-stop-title")) }
            @match stopping {
                Stopping::Asked(code) => {
                    p.lead { (words.say("mail-stop-lead")) }
                    form method="post" action=(frame.link(&format!("/mail/stop/{code}"))) {
                        div.actions { button.primary type="submit" { (words.say("mail-stop-do")) } }
                    }
                    p { (words.say("mail-stop-rest")) }
                }
                Stopping::Done => {
                    div.callout.good role="status" { p { (words.say("mail-stop-done")) } }
                    p { (words.say("mail-stop-rest")) }
                }
                Stopping::Unknown => {
                    div.callout.bad role="alert" { p { (words.say("mail-stop-unknown")) } }
                    p { a href=(frame.link("/rights/no-mail")) { (words.say("no-mail-title")) } }
                }
            }
        }
    };
    frame.page(&words.say("mail-stop-title"), Needs::Nothing, &main)
}
