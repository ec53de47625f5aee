//! A person's own data: all of it, why it is kept and until when; and its erasure.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// What is kept of the person in this session.
#[derive(Clone, Debug)]
pub struct OwnData {
    /// The day of this overview.
    pub made: Date,
    /// The number of the request that this answers, if there is one.
    pub reference: Option<String>,
    /// What is kept of the visit itself, in a sentence.
    pub visit: String,
    /// Records that could not be shown here.
    pub n_not_shown: usize,
    /// The groups of records, one per category.
    pub groups: Vec<Group>,
    /// Who receives data: name, place and reason.
    pub recipients: Vec<String>,
    /// What the person decided, and when.
    pub consents: Vec<String>,
    /// The person's requests.
    pub requests: Vec<String>,
    /// Who of the staff looked at the data, and when.
    pub viewed: Vec<String>,
    /// On which day they last said that what is kept of them is right.
    pub confirmed: Option<Date>,
    /// Whether they are asked that now.
    pub is_to_be_confirmed: bool,
    /// How many times something was sent to a recipient; the download lists them.
    pub n_disclosed: usize,
    /// What was given to somebody outside in a single case, in words.
    pub given: Vec<String>,
    /// The person stopped the use of their data.
    pub is_restricted: bool,
    /// How many lines the audit log has about the person; they are in the download.
    pub n_trail: usize,
    /// To which supervisory authorities the person can complain, in sentences.
    pub complaint: Vec<String>,
}

/// The records of one category.
#[derive(Clone, Debug)]
pub struct Group {
    /// The category in words.
    pub category: String,
    /// The purposes with their legal basis, in words.
    pub purposes: Vec<String>,
    /// Where the data came from.
    pub source: String,
    /// How long it is kept, in words.
    pub period: String,
    /// The records.
    pub records: Vec<Record>,
}

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    /// When it was made.
    pub made: String,
    /// Its content.
    pub text: String,
    /// When it will be gone, where that day is known.
    pub gone: Option<Date>,
    /// Whether the person can say that it is not right, or did.
    pub dispute: Dispute,
}

/// How a record stands that may not be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dispute {
    /// It is part of how the person is helped.
    Not,
    /// The person can dispute this record.
    Can(String),
    /// They did; it is not used.
    Made,
}

/// The page with the person's own data.
#[must_use]
pub fn page(frame: &Frame<'_>, own: &OwnData) -> Markup {
    let words = &frame.words;
    let n_records: usize = own.groups.iter().map(|group| group.records.len()).sum();
    let main = html! {
        article.sheet.wide {
            h1 { (words.say("own-title")) }
            p.lead { (words.count("own-lead", n_records)) }
            @if let Some(reference) = &own.reference { p { (words.say("receipt-reference")) ": " strong.reference { (reference) } } }
            p.buttons.no-print {
                a.button.secondary href="/my-data/download" download="" { (words.say("own-download")) }
                a.button.secondary href=(frame.link("/my-data/erase")) { (words.say("own-erase")) }
            }
            @if own.is_restricted { p.callout.warn { (words.say("stopped-lead")) } }
            @for (n, group) in own.groups.iter().enumerate() {
                section.group aria-labelledby={ "group-" (n) } {
                    h2 id={ "group-" (n) } { (group.category) }
                    dl.facts {
                        div { dt { (words.say("own-purposes")) } dd { ul.plain { @for purpose in &group.purposes { li { (purpose) } } } } }
                        div { dt { (words.say("own-source")) } dd { (group.source) } }
                        div { dt { (words.say("own-period")) } dd { (group.period) } }
                    }
                    details.records {
                        summary { (words.count("own-records", group.records.len())) }
                        ul.record-list {
                            @for record in &group.records {
                                li {
                                    p.muted {
                                        (record.made)
                                        @if let Some(day) = record.gone { " · " (words.fill("own-gone", &[("day", &words.day(day))])) }
                                    }
                                    p.record-text { (record.text) }
                                    @match &record.dispute {
                                        Dispute::Not => {},
                                        Dispute::Made => p.muted { (words.say("own-disputed")) },
                                        Dispute::Can(id) => form.no-print method="post" action=(frame.link("/my-data/dispute")) {
                                            (frame.form_fields())
                                            input type="hidden" name="record" value=(id);
                                            div.actions { button.secondary.small type="submit" { (words.say("own-dispute")) } }
                                        },
                                    }
                                }
                            }
                        }
                    }
                }
            }
            (is_right(frame, own))
            h2 { (words.say("own-visit-title")) }
            p { (own.visit) }
            @if own.n_not_shown > 0 { p.callout.bad { (words.count("own-not-shown", own.n_not_shown)) } }
            h2 { (words.say("own-recipients")) }
            (list(words, &own.recipients))
            h2 #viewed { (words.say("own-viewed")) }
            (list(words, &own.viewed))
            @if !own.given.is_empty() {
                h2 #given { (words.say("own-given")) }
                (list(words, &own.given))
            }
            @if own.n_disclosed > 0 { p.muted { (words.count("own-disclosed", own.n_disclosed)) } }
            h2 #take { (words.say("own-take")) }
            p { (words.say("own-take-text")) }
            p.buttons.no-print {
                a.button.secondary href="/my-data/portable.json" download="" { (words.say("own-take-json")) }
                a.button.secondary href="/my-data/portable.csv" download="" { (words.say("own-take-csv")) }
                a.button.secondary href=(frame.link("/my-data/conversations")) download="" { (words.say("take-conversations")) }
            }
            form.stacked.no-print method="post" action=(frame.link("/my-data/transfer")) {
                (frame.form_fields())
                div.field {
                    label for="to" { (words.say("own-transfer")) }
                    p.hint #to-hint { (words.say("own-transfer-hint")) }
                    input #to type="text" name="to" maxlength="200" required autocomplete="off" aria-describedby="to-hint";
                }
                div.actions { button.secondary type="submit" { (words.say("own-transfer-do")) } }
            }
            h2 #stop { (words.say("own-stop")) }
            p { (words.say("own-stop-text")) }
            @if !own.is_restricted {
                form.no-print method="post" action=(frame.link("/my-data/restrict")) {
                    (frame.form_fields())
                    div.actions {
                        button.secondary type="submit" { (words.say("right-restriction")) }
                        a.button.secondary href=(frame.link("/my-data/object")) { (words.say("object-title")) }
                    }
                }
            }
            h2 { (words.say("own-consents")) }
            (list(words, &own.consents))
            h2 { (words.say("own-requests")) }
            (list(words, &own.requests))
            p.muted { (words.count("own-trail", own.n_trail)) }
            h2 { (words.say("own-rights-title")) }
            p { (words.say("own-rights")) " " a href=(frame.link("/rights")) { (words.say("own-rights-link")) } }
            @for line in &own.complaint { p { (line) } }
            p.muted { (words.fill("own-made", &[("day", &words.day(own.made))])) }
        }
    };
    frame.page(&words.say("own-title"), Needs::Nothing, &main)
}

/// Whether what is kept is still right (article 5(1)(d)): who looks says so, and is asked again now and then.
fn is_right(frame: &Frame<'_>, own: &OwnData) -> Markup {
    let words = &frame.words;
    html! {
        h2 #right { (words.say("own-right")) }
        @if own.is_to_be_confirmed { p.callout.warn { (words.say("own-right-again")) } }
        @else if let Some(day) = own.confirmed { p { (words.fill("own-right-since", &[("day", &words.day(day))])) } }
        p { (words.say("own-right-text")) }
        form.no-print method="post" action=(frame.link("/my-data/right")) {
            (frame.form_fields())
            div.actions {
                button.secondary type="submit" { (words.say("own-right-do")) }
                a.button.secondary href=(frame.link("/rights?right=rectification")) { (words.say("right-rectification")) }
            }
        }
    }
}

fn list(words: &crate::words::Words, items: &[String]) -> Markup {
    html! {
        @if items.is_empty() { p { (words.say("own-none")) } }
        @else { ul { @for item in items { li { (item) } } } }
    }
}

/// The page that asks whether everything must really go.
#[must_use]
pub fn erase(frame: &Frame<'_>, n_conversations: usize, stays: &[String]) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("erase-title")) }
            p.lead { (words.count("erase-lead", n_conversations)) }
            div.callout.warn { p { (words.say("erase-warning")) } }
            @if !stays.is_empty() {
                h2 { (words.say("erase-stays")) }
                ul { @for line in stays { li { (line) } } }
            }
            form.stacked method="post" action=(frame.link("/my-data/erase")) {
                (frame.form_fields())
                div.choice {
                    input #sure type="checkbox" name="sure" value="yes" required;
                    label for="sure" { (words.say("erase-sure")) }
                }
                div.actions {
                    button.danger type="submit" { (words.say("erase-do")) }
                    a.button.secondary href=(frame.link("/my-data")) { (words.say("erase-not")) }
                }
            }
        }
    };
    frame.page(&words.say("erase-title"), Needs::Nothing, &main)
}

/// The page that says what was erased, what stays and why.
#[must_use]
pub fn erased(
    frame: &Frame<'_>,
    n_records: usize,
    stays: &[String],
    request: Option<(&str, &str)>,
) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            h1 { (words.say("erased-title")) }
            p.lead { (words.count("erased-lead", n_records)) }
            @if let Some((reference, code)) = request {
                dl.facts {
                    div { dt { (words.say("receipt-reference")) } dd { strong.reference { (reference) } } }
                    div { dt { (words.say("receipt-code")) } dd { strong.reference { (code) } p.hint { (words.say("receipt-code-hint")) } } }
                }
                (super::rights::certificate(&Frame { form_token: None, ..frame.clone() }, reference, code))
            }
            @if stays.is_empty() {
                p { (words.say("erased-nothing-stays")) }
            } @else {
                h2 { (words.say("erase-stays")) }
                ul { @for line in stays { li { (line) } } }
            }
            p.buttons { a.button.primary href=(frame.link("/")) { (words.say("problem-to-start")) } }
        }
    };
    frame.page(&words.say("erased-title"), Needs::Nothing, &main)
}
