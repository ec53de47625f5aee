//! What a person stops by themselves: the use of their data, a purpose, advertising to an address.

use maud::{Markup, html};

use super::frame::{Frame, Needs};
use super::rights::ReceiptView;

/// A purpose to which the person can object.
#[derive(Clone, Debug)]
pub struct ObjectionLine {
    /// Its name in the register.
    pub purpose: String,
    /// What it is called.
    pub label: String,
    /// The person objected already.
    pub is_made: bool,
    /// It is direct marketing.
    pub is_marketing: bool,
}

/// The page that says that the data is not used any more.
#[must_use]
pub fn stopped(frame: &Frame<'_>, receipt: &ReceiptView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("stopped-title")) }
            p.lead { (words.say("stopped-lead")) }
            (number(frame, receipt))
            (resume(frame))
        }
    };
    frame.page(&words.say("stopped-title"), Needs::Nothing, &main)
}

/// The page that says that a record is not used until somebody has looked.
#[must_use]
pub fn disputed(frame: &Frame<'_>, receipt: &ReceiptView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("disputed-title")) }
            p.lead { (words.fill("disputed-lead", &[("day", &words.day(receipt.latest))])) }
            (number(frame, receipt))
            p.buttons { a.button.secondary href=(frame.link("/my-data")) { (words.say("rights-own-see")) } }
        }
    };
    frame.page(&words.say("disputed-title"), Needs::Nothing, &main)
}

/// What a person sees in the place of the chat while its use is stopped; `lead` is the key of the sentence that says by
/// what, and `resumes` whether the page can end it.
#[must_use]
pub fn is_stopped(frame: &Frame<'_>, lead: &str, resumes: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("stopped-title")) }
            p.lead { (words.say(lead)) }
            @if resumes { (resume(frame)) }
            p.buttons {
                a.button.secondary href=(frame.link("/my-data")) { (words.say("rights-own-see")) }
                a.button.secondary href=(frame.link("/rights")) { (words.say("own-rights-link")) }
            }
            section.elsewhere aria-labelledby="human" {
                h2 #human { (words.say("human-title")) }
                (frame.human())
            }
        }
    };
    frame.page(&words.say("stopped-title"), Needs::Nothing, &main)
}

fn resume(frame: &Frame<'_>) -> Markup {
    html! {
        form method="post" action=(frame.link("/my-data/resume")) {
            (frame.form_fields())
            p { (frame.words.say("resume-text")) }
            div.actions { button.secondary type="submit" { (frame.words.say("resume-do")) } }
        }
    }
}

fn number(frame: &Frame<'_>, receipt: &ReceiptView) -> Markup {
    let words = &frame.words;
    html! {
        dl.facts {
            div { dt { (words.say("receipt-reference")) } dd { strong.reference { (receipt.reference) } } }
            div { dt { (words.say("receipt-code")) } dd { strong.reference { (receipt.secret) } p.hint { (words.say("receipt-code-hint")) } } }
        }
    }
}

/// The form to object.
#[must_use]
pub fn objections(frame: &Frame<'_>, lines: &[ObjectionLine]) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("object-title")) }
            p.lead { (words.say("object-lead")) }
            @if lines.is_empty() { p { (words.say("object-none")) } }
            @else {
                form.stacked method="post" action=(frame.link("/my-data/object")) {
                    (frame.form_fields())
                    @for line in lines {
                        div.choice {
                            @let id = format!("purpose-{}", line.purpose);
                            input id=(id) type="checkbox" name="purpose" value=(line.purpose) checked[line.is_made] aria-describedby={ (id) "-text" };
                            label for=(id) { (line.label) }
                            p.choice-text id={ (id) "-text" } {
                                @if line.is_made { (words.say("object-made")) }
                                @else if line.is_marketing { (words.say("object-marketing")) }
                                @else { (words.say("object-judged")) }
                            }
                        }
                    }
                    div.actions { button.primary type="submit" { (words.say("object-do")) } }
                }
            }
            p { a href=(frame.link("/rights/no-mail")) { (words.say("no-mail-title")) } }
        }
    };
    frame.page(&words.say("object-title"), Needs::Nothing, &main)
}

/// The page that says that a purpose is not pursued any more.
#[must_use]
pub fn objected(frame: &Frame<'_>, receipt: &ReceiptView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("objected-title")) }
            p.lead { (words.say("objected-lead")) }
            (number(frame, receipt))
            p { (words.fill("receipt-lead", &[("day", &words.day(receipt.latest))])) }
        }
    };
    frame.page(&words.say("objected-title"), Needs::Nothing, &main)
}

/// The form to stop advertising to an address; `was_taken` after it was sent.
#[must_use]
pub fn no_mail(frame: &Frame<'_>, was_taken: Option<bool>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("no-mail-title")) }
            @match was_taken {
                Some(true) => div.callout.good role="status" { p { (words.say("no-mail-done")) } },
                Some(false) => div.callout.bad role="alert" { p { (words.say("no-mail-fault")) } },
                None => {},
            }
            p.lead { (words.say("no-mail-lead")) }
            form.stacked method="post" action=(frame.link("/rights/no-mail")) {
                (frame.form_fields())
                div.field {
                    label for="address" { (words.say("no-mail-address")) }
                    p.hint #address-hint { (words.say("no-mail-hint")) }
                    input #address type="text" name="address" maxlength="200" autocomplete="email" required aria-describedby="address-hint";
                }
                div.actions { button.primary type="submit" { (words.say("no-mail-do")) } }
            }
        }
    };
    frame.page(&words.say("no-mail-title"), Needs::Nothing, &main)
}
