//! One request, for the officer who answers it: what was asked, in the person's own words, and how it ends.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::rights::{Channel, Right, Stage};

use super::console::{staff_stage_key, who};
use super::frame::{Frame, Needs};
use super::rights;

/// A request with what it says.
#[derive(Clone, Debug)]
pub struct CaseView {
    /// Its number.
    pub reference: String,
    /// The right.
    pub right: Right,
    /// The door that it came in by.
    pub channel: Channel,
    /// How far it is.
    pub stage: Stage,
    /// When it came in.
    pub received: Date,
    /// The day on which we mean to have answered.
    pub aim: Date,
    /// The last day that the law allows.
    pub latest: Date,
    /// What it says: the key of a heading, and the text.
    pub said: Vec<(&'static str, String)>,
    /// The stages that it may come to from here.
    pub next: Vec<Stage>,
    /// A closing stage was chosen without the confirmation.
    pub is_unconfirmed: bool,
}

/// The page of one request.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    let title = words.fill("case-title", &[("reference", &view.reference)]);
    let day = |day: Date| html! { time datetime=(day) { (words.day(day)) } };
    let main = html! {
        article.sheet {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 { (title) }
            dl.facts {
                div { dt { (words.say("requests-right")) } dd { (words.say(&rights::key(view.right))) } }
                div { dt { (words.say("requests-stage")) } dd { (words.say(&staff_stage_key(view.stage))) } }
                div { dt { (words.say("case-channel")) } dd { (words.say(&format!("channel-{}", view.channel.name()))) } }
                div { dt { (words.say("requests-received")) } dd { (day(view.received)) } }
                div { dt { (words.say("requests-aim")) } dd { (day(view.aim)) } }
                div { dt { (words.say("requests-latest")) } dd { (day(view.latest)) } }
            }
            p.muted { (words.say("case-logged")) }
            @if view.said.is_empty() {
                p { (words.say("case-says-nothing")) }
            }
            @for (key, text) in &view.said {
                h2 { (words.say(key)) }
                div.case-text dir="auto" { @for line in text.lines() { p { (line) } } }
            }
            (next(frame, view))
        }
    };
    frame.page(&title, Needs::Nothing, &main)
}

fn next(frame: &Frame<'_>, view: &CaseView) -> Markup {
    let words = &frame.words;
    html! {
        h2 #next { (words.say("case-next")) }
        @if view.next.is_empty() {
            p { (words.say("case-closed")) }
        } @else {
            @if view.is_unconfirmed {
                div.callout.bad role="alert" { p { (words.say("case-unconfirmed")) } }
            }
            form.stacked method="post" action=(frame.link(&format!("/console/requests/{}", view.reference))) {
                (frame.form_fields())
                div.field {
                    label for="stage" { (words.say("case-stage")) }
                    select #stage name="stage" required {
                        option value="" { (words.say("case-choose")) }
                        @for stage in &view.next {
                            option value=(stage.name()) { (words.say(&staff_stage_key(*stage))) }
                        }
                    }
                }
                div.choice {
                    input #sure type="checkbox" name="sure" value="yes" aria-describedby="sure-text";
                    label for="sure" { (words.say("case-sure")) }
                    p.choice-text #sure-text { (words.say("case-sure-text")) }
                }
                div.actions { button.primary type="submit" { (words.say("case-do")) } }
            }
        }
    }
}
