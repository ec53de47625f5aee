//! The page that a link in a mail opens: one button, and nothing happens before somebody presses it.

use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// What can be done with the code in a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaysView<'a> {
    /// The code.
    pub code: &'a str,
    /// They can have no more of the message.
    pub may_stop: bool,
    /// The consents that stand: the name of the purpose, and in words.
    pub consents: &'a [(String, String)],
    /// One was just taken back.
    pub is_withdrawn: bool,
}

/// How far somebody is with signing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping<'a> {
    /// They opened the link; nothing happened by that.
    Asked(&'a WaysView<'a>),
    /// They want no more of it, and get no more.
    Done,
    /// The code is none of ours.
    Unknown,
}

/// The page.
#[must_use]
pub fn stop(frame: &Frame<'_>, stopping: Stopping<'_>) -> Markup {
    let words = &frame.words;
    let title = match stopping {
        Stopping::Asked(ways) if !ways.may_stop => "consent-title",
        _ => "mail-stop-title",
    };
    let main = html! {
        article.sheet {
            h1 { (words.say(title)) }
            @match stopping {
                Stopping::Asked(ways) => {
                    @if ways.is_withdrawn { div.callout.good role="status" { p { (words.say("consent-changed")) } } }
                    @if ways.may_stop {
                        p.lead { (words.say("mail-stop-lead")) }
                        form method="post" action=(frame.link(&format!("/mail/stop/{}", ways.code))) {
                            div.actions { button.primary type="submit" { (words.say("mail-stop-do")) } }
                        }
                        p { (words.say("mail-stop-rest")) }
                    }
                    (consents(frame, ways))
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
    frame.page(&words.say(title), Needs::Nothing, &main)
}

/// What the reader consented to, each with a button that takes it back.
fn consents(frame: &Frame<'_>, ways: &WaysView<'_>) -> Markup {
    let words = &frame.words;
    html! {
        @if ways.consents.is_empty() {
            @if !ways.may_stop {
                p.lead { (words.say("mail-consents-none")) }
                p { a href=(frame.link("/rights/no-mail")) { (words.say("no-mail-title")) } }
            }
        } @else {
            @if ways.may_stop { h2 { (words.say("consent-title")) } }
            p { (words.say("mail-consents-lead")) }
            ul.cards {
                @for (at, (name, said)) in ways.consents.iter().enumerate() {
                    li.card {
                        @if ways.may_stop { h3 id={ "c" (at) } { (said) } } @else { h2 id={ "c" (at) } { (said) } }
                        form method="post" action=(frame.link(&format!("/mail/stop/{}", ways.code))) {
                            input type="hidden" name="consent" value=(name);
                            button.secondary type="submit" aria-describedby={ "c" (at) } { (words.say("consent-withdraw")) }
                        }
                    }
                }
            }
            p.muted { (words.say("consent-proof")) }
        }
    }
}
