//! The rights desk: ask in one's own words, get a number and a date. Works without a script.

use jiff::civil::Date;
use maud::{Markup, html};

use waarborg_domain::rights::{Right, Stage};

use super::frame::{Frame, Needs};

/// The key of a right's texts.
#[must_use]
pub fn key(right: Right) -> String {
    format!("right-{}", right.name().replace('_', "-"))
}

/// The key of the text for a stage.
#[must_use]
pub fn stage_key(stage: Stage) -> String {
    format!("stage-{}", stage.name().replace('_', "-"))
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
    /// Whether the person wants to be answered there by mail.
    pub by_mail: bool,
    /// Whether people can be answered by mail here.
    pub mails: bool,
    /// The countries with an authority: their code, and what they are called.
    pub countries: Vec<(String, String)>,
    /// The fields that need another look.
    pub faults: Vec<Fault>,
    /// Where else a request may belong, in words.
    pub elsewhere: Vec<String>,
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
            p { (words.say("rights-answers")) }
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
            form.stacked method="post" action=(frame.link("/rights")) {
                (frame.form_fields())
                fieldset.options aria-describedby=[state.faults.contains(&Fault::Right).then_some("fault-right")] {
                    legend { (words.say("rights-which")) }
                    @if state.faults.contains(&Fault::Right) { p.fault #fault-right { (words.say("rights-fault-right")) } }
                    @for right in Right::ALL {
                        @let id = key(*right);
                        div.option {
                            input type="radio" name="right" id=(id) value=(right.name()) required checked[state.right == Some(*right)] aria-describedby={ (id) "-text" };
                            label for=(id) { (words.say(&id)) }
                            p.option-text id={ (id) "-text" } { (words.say(&format!("{id}-text"))) }
                        }
                    }
                }
                div.field {
                    label for="question" { (words.say("rights-question")) " " span.optional { (words.say("optional")) } }
                    p.hint #question-hint { (words.say("rights-question-hint")) }
                    @if state.faults.contains(&Fault::Question) { p.fault { (words.say("rights-fault-question")) } }
                    textarea #question name="question" rows="5" maxlength="4000" aria-describedby="question-hint" { (state.question) }
                }
                @if own_session {
                    div.field {
                        label for="wrong" { (words.say("rights-wrong")) " " span.optional { (words.say("optional")) } }
                        p.hint #wrong-hint { (words.say("rights-wrong-hint")) }
                        input #wrong type="text" name="wrong" maxlength="200" autocomplete="off" aria-describedby="wrong-hint";
                    }
                }
                div.field {
                    label for="reply-to" { (words.say("rights-reply-to")) }
                    p.hint #reply-to-hint { (words.say("rights-reply-to-hint")) }
                    @if state.faults.contains(&Fault::ReplyTo) { p.fault { (words.say("rights-fault-reply-to")) } }
                    input #reply-to type="text" name="reply_to" maxlength="200" autocomplete="email" value=(state.reply_to) aria-describedby="reply-to-hint";
                }
                details {
                    summary { (words.say("rights-countries")) }
                    p.hint { (words.say("rights-countries-hint")) }
                    @for (id, key) in [("lives", "rights-lives"), ("works", "rights-works")] {
                        div.field {
                            label for=(id) { (words.say(key)) }
                            select id=(id) name="country" {
                                option value="" { (words.say("rights-country-none")) }
                                @for (code, name) in &state.countries { option value=(code) { (name) } }
                            }
                        }
                    }
                }
                @if state.mails {
                    div.choice {
                        input #by-mail type="checkbox" name="by_mail" value="yes" checked[state.by_mail] aria-describedby="by-mail-text";
                        label for="by-mail" { (words.say("rights-by-mail")) }
                        p.choice-text #by-mail-text { (words.say("rights-by-mail-text")) }
                    }
                }
                div.actions {
                    button.primary type="submit" { (words.say("rights-send")) }
                    p.beside { (words.say("rights-send-means")) }
                }
            }
            (also_elsewhere(frame, &state.elsewhere))
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

/// Who else answers for a part of what is done here; a request that reaches the wrong one is told where.
fn also_elsewhere(frame: &Frame<'_>, elsewhere: &[String]) -> Markup {
    html! {
        @if !elsewhere.is_empty() {
            section.elsewhere aria-labelledby="also" {
                h2 #also { (frame.words.say("rights-elsewhere")) }
                ul { @for line in elsewhere { li { (line) } } }
            }
        }
    }
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
    /// Where else it may belong, in words.
    pub elsewhere: Vec<String>,
    /// To which supervisory authorities the person can complain, in sentences.
    pub complaint: Vec<String>,
    /// A code went to the address that they gave.
    pub is_code_mailed: bool,
    /// They asked this already, and it is one request.
    pub is_second: bool,
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
                div { dt { (words.say("receipt-right")) } dd { (words.say(&key(receipt.right))) } }
                div { dt { (words.say("receipt-received")) } dd { time datetime=(receipt.received) { (words.day(receipt.received)) } } }
                div { dt { (words.say("receipt-aim")) } dd { time datetime=(receipt.aim) { (words.day(receipt.aim)) } } }
                div { dt { (words.say("receipt-latest")) } dd { time datetime=(receipt.latest) { (words.day(receipt.latest)) } } }
            }
            @if receipt.is_second { div.callout { p { (words.say("receipt-joined")) } } }
            @if receipt.is_code_mailed {
                div.callout {
                    p { (words.say("receipt-code-mailed")) }
                    p { a href=(frame.link(&format!("/rights/{}/confirm", receipt.reference))) { (words.say("receipt-to-confirm")) } }
                }
            }
            h2 { (words.say("receipt-next-title")) }
            ol.steps {
                @for key in ["receipt-next-1", "receipt-next-2", "receipt-next-3", "receipt-next-4"] { li { (words.say(key)) } }
            }
            (also_elsewhere(frame, &receipt.elsewhere))
            p { a href=(frame.link(&format!("/rights/{}", receipt.reference))) { (words.say("receipt-to-status")) } }
            @for line in &receipt.complaint { p.muted { (line) } }
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
    /// How far it is.
    pub stage: Stage,
    /// The code, where it opens a certificate of erasure.
    pub code_to_certificate: Option<String>,
    /// The code, where it opens a copy of the data.
    pub code_to_copy: Option<String>,
    /// The code, where the person can still choose to be answered by mail.
    pub code_to_mail: Option<String>,
    /// To which supervisory authorities the person can complain, in sentences.
    pub complaint: Vec<String>,
    /// The code, where there are letters.
    pub code_to_letters: Option<String>,
    /// Our letters about it.
    pub letters: Vec<waarborg_usecase::casework::Letter>,
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
            form.stacked method="post" action=(frame.link(&format!("/rights/{reference}"))) {
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

/// The button that downloads the certificate of an erasure.
pub(super) fn certificate(frame: &Frame<'_>, reference: &str, code: &str) -> Markup {
    let words = &frame.words;
    html! {
        form.no-print method="post" action=(frame.link(&format!("/rights/{reference}/certificate"))) {
            (frame.form_fields())
            input type="hidden" name="code" value=(code);
            p { (words.say("certificate-text")) }
            div.actions { button.secondary type="submit" { (words.say("certificate-do")) } }
        }
    }
}

/// The page with the status.
#[must_use]
pub fn status(frame: &Frame<'_>, view: &StatusView) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.fill("status-of", &[("reference", &view.reference)])) }
            p.lead { (words.say(&stage_key(view.stage))) }
            dl.facts {
                div { dt { (words.say("receipt-right")) } dd { (words.say(&key(view.right))) } }
                div { dt { (words.say("receipt-received")) } dd { time datetime=(view.received) { (words.day(view.received)) } } }
                div { dt { (words.say("receipt-aim")) } dd { time datetime=(view.aim) { (words.day(view.aim)) } } }
                div { dt { (words.say("receipt-latest")) } dd { time datetime=(view.latest) { (words.day(view.latest)) } } }
            }
            @if let Some(code) = &view.code_to_certificate { (certificate(frame, &view.reference, code)) }
            @if let Some(code) = &view.code_to_copy {
                form.no-print method="post" action=(frame.link(&format!("/rights/{}/copy", view.reference))) {
                    (frame.form_fields())
                    input type="hidden" name="code" value=(code);
                    div.actions {
                        button.primary type="submit" name="form" value="json" { (words.say("status-copy-json")) }
                        button.secondary type="submit" name="form" value="csv" { (words.say("status-copy-csv")) }
                    }
                }
            }
            @if let (Some(code), Right::Portability) = (&view.code_to_copy, view.right) {
                form.stacked.no-print method="post" action=(frame.link(&format!("/rights/{}/transfer", view.reference))) {
                    (frame.form_fields())
                    input type="hidden" name="code" value=(code);
                    div.field {
                        label for="to" { (words.say("own-transfer")) }
                        p.hint #to-hint { (words.say("own-transfer-hint")) }
                        input #to type="text" name="to" maxlength="200" required autocomplete="off" aria-describedby="to-hint";
                    }
                    div.actions { button.secondary type="submit" { (words.say("own-transfer-do")) } }
                }
            }
            @if let Some(code) = &view.code_to_mail {
                form.no-print method="post" action=(frame.link(&format!("/rights/{}/code", view.reference))) {
                    (frame.form_fields())
                    input type="hidden" name="code" value=(code);
                    p { (words.say("status-by-mail")) }
                    div.actions { button.secondary type="submit" { (words.say("status-by-mail-do")) } }
                }
            }
            @if !view.letters.is_empty() {
                h2 #letters { (words.say("status-letters")) }
                (super::letter::all(&view.letters))
                @if let Some(code) = &view.code_to_letters {
                    form.no-print method="post" action=(frame.link(&format!("/rights/{}", view.reference))) {
                        (frame.form_fields())
                        input type="hidden" name="code" value=(code);
                        div.actions { button.secondary type="submit" name="form" value="pdf" { (words.say("letter-as-pdf")) } }
                    }
                }
            }
            @for line in &view.complaint { p.muted { (line) } }
        }
    };
    frame.page(&words.say("status-title"), Needs::Nothing, &main)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Manner, Tongue, Words};

    #[test]
    fn every_right_and_every_stage_has_its_texts() {
        let words = Words::new(Tongue::Dutch, Manner::Formal);
        for right in Right::ALL {
            assert!(words.find(&key(*right)).is_some(), "{right}");
            assert!(
                words.find(&format!("{}-text", key(*right))).is_some(),
                "{right}"
            );
        }
        for stage in Stage::ALL {
            assert!(words.find(&stage_key(*stage)).is_some(), "{stage}");
        }
    }
}
