//! The rights desk: ask in one's own words, get a number and a date. Works without a script.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// A right as the form offers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// See one's data.
    Access,
    /// Have data erased.
    Erasure,
    /// Have data corrected.
    Rectification,
    /// Have the use of data stopped for a time.
    Restriction,
    /// Take data along.
    Portability,
    /// Object to a use.
    Objection,
    /// Have a human being look at a decision.
    HumanReview,
    /// Withdraw consent.
    Withdrawal,
    /// Ask how the processing works.
    Information,
    /// Complain.
    Complaint,
}

impl Right {
    /// Every right, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::Access,
        Self::Erasure,
        Self::Rectification,
        Self::Restriction,
        Self::Portability,
        Self::Objection,
        Self::HumanReview,
        Self::Withdrawal,
        Self::Information,
        Self::Complaint,
    ];

    /// The code in forms, addresses and keys of texts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
            Self::Rectification => "rectification",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::Objection => "objection",
            Self::HumanReview => "human-review",
            Self::Withdrawal => "withdrawal",
            Self::Information => "information",
            Self::Complaint => "complaint",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.code() == code)
    }
}

/// What the form holds when it is shown again.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    /// The chosen right.
    pub right: Option<Right>,
    /// What the person wrote.
    pub question: String,
    /// Where the person wants the answer.
    pub reply_to: String,
    /// The fields that need another look.
    pub faults: Vec<Fault>,
}

/// A field of the form that needs another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No right was chosen.
    Right,
    /// The text is longer than we take.
    Question,
    /// The address for the answer cannot be read.
    ReplyTo,
}

impl Fault {
    fn key(self) -> &'static str {
        match self {
            Self::Right => "rights-fault-right",
            Self::Question => "rights-fault-question",
            Self::ReplyTo => "rights-fault-reply-to",
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Right => "right-access",
            Self::Question => "question",
            Self::ReplyTo => "reply-to",
        }
    }
}

/// The page with the form.
#[must_use]
pub fn form(frame: &Frame<'_>, state: &FormState, own_session: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            @if !state.faults.is_empty() { (faults(frame, &state.faults)) }
            h1 { (words.say("rights-title")) }
            p.lead { (words.say("rights-lead")) }
            @if own_session {
                section.callout.good aria-labelledby="own-title" {
                    h2 #own-title { (words.say("rights-own-title")) }
                    p { (words.say("rights-own")) }
                    p.buttons {
                        a.button.primary href=(frame.link("/my-data")) { (words.say("rights-own-see")) }
                        a.button.secondary href=(frame.link("/my-data/erase")) { (words.say("rights-own-erase")) }
                    }
                }
            }
            form.stacked method="post" action="/rights" {
                (frame.form_fields())
                fieldset.options aria-describedby=[state.faults.contains(&Fault::Right).then_some("fault-right")] {
                    legend { (words.say("rights-which")) }
                    @if state.faults.contains(&Fault::Right) { p.fault #fault-right { (words.say("rights-fault-right")) } }
                    @for right in Right::ALL {
                        @let id = format!("right-{}", right.code());
                        div.option {
                            input type="radio" name="right" id=(id) value=(right.code()) required checked[state.right == Some(right)] aria-describedby={ (id) "-text" };
                            label for=(id) { (words.say(&format!("right-{}", right.code()))) }
                            p.option-text id={ (id) "-text" } { (words.say(&format!("right-{}-text", right.code()))) }
                        }
                    }
                }
                div.field {
                    label for="question" { (words.say("rights-question")) " " span.optional { (words.say("optional")) } }
                    p.hint #question-hint { (words.say("rights-question-hint")) }
                    @if state.faults.contains(&Fault::Question) { p.fault { (words.say("rights-fault-question")) } }
                    textarea #question name="question" rows="5" maxlength="4000" aria-describedby="question-hint" { (state.question) }
                }
                div.field {
                    label for="reply-to" { (words.say("rights-reply-to")) }
                    p.hint #reply-to-hint { (words.say("rights-reply-to-hint")) }
                    @if state.faults.contains(&Fault::ReplyTo) { p.fault { (words.say("rights-fault-reply-to")) } }
                    input #reply-to type="text" name="reply_to" maxlength="200" autocomplete="email" value=(state.reply_to) aria-describedby="reply-to-hint";
                }
                div.actions {
                    button.primary type="submit" { (words.say("rights-send")) }
                    p.beside { (words.say("rights-send-means")) }
                }
            }
            section.elsewhere aria-labelledby="status-title" {
                h2 #status-title { (words.say("rights-status-title")) }
                p { (words.say("rights-status")) }
            }
            section.elsewhere aria-labelledby="human" {
                h2 #human { (words.say("human-title")) }
                p { (words.say("human-rights")) }
                (frame.human())
            }
        }
    };
    frame.page(&words.say("rights-title"), Needs::Nothing, &main)
}

fn faults(frame: &Frame<'_>, faults: &[Fault]) -> Markup {
    let words = &frame.words;
    html! {
        div.callout.bad role="alert" tabindex="-1" {
            h2 { (words.say("form-faults")) }
            ul { @for fault in faults { li { a href={ "#" (fault.field()) } { (words.say(fault.key())) } } } }
        }
    }
}

/// What a person gets after asking.
#[derive(Clone, Debug)]
pub struct ReceiptView {
    /// The number to mention.
    pub reference: String,
    /// What opens the status page; shown once.
    pub secret: String,
    /// The right.
    pub right: Right,
    /// When it was received.
    pub received: Date,
    /// The day on which we mean to have answered.
    pub aim: Date,
    /// The last day that the law allows.
    pub latest: Date,
}

/// The page with the receipt.
#[must_use]
pub fn receipt(frame: &Frame<'_>, receipt: &ReceiptView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("receipt-title")) }
            p.lead { (words.fill("receipt-lead", &[("day", &words.day(receipt.latest))])) }
            dl.facts {
                div { dt { (words.say("receipt-reference")) } dd { strong.reference { (receipt.reference) } } }
                div { dt { (words.say("receipt-code")) } dd { strong.reference { (receipt.secret) } p.hint { (words.say("receipt-code-hint")) } } }
                div { dt { (words.say("receipt-right")) } dd { (words.say(&format!("right-{}", receipt.right.code()))) } }
                div { dt { (words.say("receipt-received")) } dd { time datetime=(receipt.received) { (words.day(receipt.received)) } } }
                div { dt { (words.say("receipt-aim")) } dd { time datetime=(receipt.aim) { (words.day(receipt.aim)) } } }
                div { dt { (words.say("receipt-latest")) } dd { time datetime=(receipt.latest) { (words.day(receipt.latest)) } } }
            }
            h2 { (words.say("receipt-next-title")) }
            ol.steps {
                @for key in ["receipt-next-1", "receipt-next-2", "receipt-next-3", "receipt-next-4"] { li { (words.say(key)) } }
            }
            p { a href=(frame.link(&format!("/rights/{}", receipt.reference))) { (words.say("receipt-to-status")) } }
            p.muted { (words.say("receipt-complaint")) }
        }
    };
    frame.page(&words.say("receipt-title"), Needs::Nothing, &main)
}

/// The status of a request, for the one who holds its code.
#[derive(Clone, Debug)]
pub struct StatusView {
    /// The number.
    pub reference: String,
    /// The right.
    pub right: Right,
    /// When it was received.
    pub received: Date,
    /// The day on which we mean to have answered.
    pub aim: Date,
    /// The last day that the law allows.
    pub latest: Date,
    /// The key of the text that says how far it is, such as `stage-received`.
    pub stage: &'static str,
}

/// The page that asks for the code. It is the same whether or not the request exists.
#[must_use]
pub fn status_door(frame: &Frame<'_>, reference: &str, refused: bool) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("status-title")) }
            p.lead { (words.say("status-lead")) }
            @if refused { div.callout.bad role="alert" { p { (words.say("status-refused")) } } }
            form.stacked method="post" action={ "/rights/" (reference) } {
                (frame.form_fields())
                div.field {
                    label for="code" { (words.say("status-code")) }
                    p.hint #code-hint { (words.say("status-code-hint")) }
                    input.narrow #code type="text" name="code" autocomplete="off" spellcheck="false" maxlength="100" required aria-describedby="code-hint";
                }
                div.actions { button.primary type="submit" { (words.say("status-show")) } }
            }
        }
    };
    frame.page(&words.say("status-title"), Needs::Nothing, &main)
}

/// The page with the status.
#[must_use]
pub fn status(frame: &Frame<'_>, view: &StatusView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.fill("status-of", &[("reference", &view.reference)])) }
            p.lead { (words.say(view.stage)) }
            dl.facts {
                div { dt { (words.say("receipt-right")) } dd { (words.say(&format!("right-{}", view.right.code()))) } }
                div { dt { (words.say("receipt-received")) } dd { time datetime=(view.received) { (words.day(view.received)) } } }
                div { dt { (words.say("receipt-aim")) } dd { time datetime=(view.aim) { (words.day(view.aim)) } } }
                div { dt { (words.say("receipt-latest")) } dd { time datetime=(view.latest) { (words.day(view.latest)) } } }
            }
            p.muted { (words.say("receipt-complaint")) }
        }
    };
    frame.page(&words.say("status-title"), Needs::Nothing, &main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_a_code_that_reads_back() {
        for right in Right::ALL {
            assert_eq!(Right::parse(right.code()), Some(right));
        }
        assert_eq!(Right::parse("delete"), None);
    }
}
