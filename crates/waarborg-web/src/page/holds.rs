//! Legal holds in the console: the list, a proposal, the second person.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::hold::HoldGround;

use super::console::{table, who};
use super::frame::{Frame, Needs};

/// One hold.
#[derive(Clone, Debug)]
pub struct HoldView {
    /// Its id.
    pub id: String,
    /// The number of the person.
    pub subject: String,
    /// The conversation, where it is only that.
    pub object: Option<String>,
    /// Why.
    pub ground: HoldGround,
    /// The last day.
    pub ends_on: Date,
    /// How it stands.
    pub state: HoldState,
    /// Whoever looks proposed it.
    pub is_own: bool,
}

/// How a hold stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldState {
    /// It waits for a second person.
    Waits,
    /// It holds.
    Holds,
    /// It was lifted, or its last day has passed.
    Over,
}

/// The page; `fault` is the key of what was wrong with what was sent.
#[must_use]
pub fn page(
    frame: &Frame<'_>,
    holds: &[HoldView],
    today: Date,
    fault: Option<&'static str>,
) -> Markup {
    let words = &frame.words;
    let decides = frame
        .role
        .is_some_and(|role| crate::role::may_see(role, "/console/intake"));
    let heads = [
        "hold-person",
        "hold-ground",
        "hold-until",
        "requests-stage",
        "hold-act",
    ];
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 #holds { (words.say("hold-title")) }
            p.lead { (words.say("hold-lead")) }
            @if let Some(fault) = fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            @if holds.is_empty() { p { (words.say("hold-none")) } }
            @else {
                (table(frame, "holds", &heads, holds.iter().map(|hold| vec![
                    html! { code { (hold.subject) } @if let Some(object) = &hold.object { br; (words.say("hold-object")) " " code { (object) } } },
                    html! { (words.say(&ground_key(hold.ground))) },
                    html! { (words.day(hold.ends_on)) },
                    html! { (words.say(state_key(hold.state))) },
                    html! { @if decides { (acts(frame, hold)) } },
                ])))
            }
            @if decides { (form(frame, today)) }
        }
    };
    frame.page(&words.say("hold-title"), Needs::Nothing, &main)
}

fn ground_key(ground: HoldGround) -> String {
    format!("hold-{}", ground.name().replace('_', "-"))
}

fn state_key(state: HoldState) -> &'static str {
    match state {
        HoldState::Waits => "hold-waits",
        HoldState::Holds => "hold-holds",
        HoldState::Over => "hold-over",
    }
}

fn acts(frame: &Frame<'_>, hold: &HoldView) -> Markup {
    let words = &frame.words;
    let button = |act: &str, key: &str| {
        html! {
            form method="post" action=(frame.link(&format!("/console/holds/{}/{act}", hold.id))) {
                (frame.form_fields())
                button.secondary.small type="submit" { (words.say(key)) }
            }
        }
    };
    html! {
        @if hold.state == HoldState::Waits && !hold.is_own { (button("agree", "hold-agree")) }
        @if hold.state == HoldState::Waits && hold.is_own { (words.say("hold-second")) }
        @if hold.state != HoldState::Over { (button("lift", "hold-lift")) }
    }
}

fn form(frame: &Frame<'_>, today: Date) -> Markup {
    let words = &frame.words;
    html! {
        h2 #propose { (words.say("hold-propose")) }
        form.stacked method="post" action=(frame.link("/console/holds")) {
            (frame.form_fields())
            div.field {
                label for="number" { (words.say("case-link-number")) }
                input #number type="text" name="number" maxlength="60" required autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="object" { (words.say("hold-object")) " " span.optional { (words.say("optional")) } }
                input #object type="text" name="object" maxlength="60" autocomplete="off" spellcheck="false";
            }
            div.field {
                label for="ground" { (words.say("hold-ground")) }
                select #ground name="ground" required {
                    option value="" { (words.say("case-choose")) }
                    @for ground in HoldGround::ALL { option value=(ground.name()) { (words.say(&ground_key(*ground))) } }
                }
            }
            div.field {
                label for="until" { (words.say("hold-until")) }
                p.hint #until-hint { (words.say("hold-until-hint")) }
                input #until type="date" name="until" min=(today) required aria-describedby="until-hint";
            }
            div.actions { button.primary type="submit" { (words.say("hold-propose-do")) } }
        }
    }
}
