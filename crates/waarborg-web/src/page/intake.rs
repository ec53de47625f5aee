//! The intake of requests that came by letter, mail, telephone or at the counter.

use jiff::civil::Date;
use maud::{Markup, html};
use waarborg_domain::rights::{Channel, Right};

use super::console::who;
use super::frame::{Frame, Needs};
use super::rights;

/// The ways by which a request can come in outside the pages.
pub const CHANNELS: [Channel; 4] = [
    Channel::Letter,
    Channel::Mail,
    Channel::Phone,
    Channel::Counter,
];

/// The form; `fault` is the key of what is wrong with what was sent.
#[must_use]
pub fn form(frame: &Frame<'_>, today: Date, fault: Option<&'static str>) -> Markup {
    let words = &frame.words;
    let main = html! {
        article.sheet {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 { (words.say("intake-title")) }
            p.lead { (words.say("intake-lead")) }
            @if let Some(fault) = fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            form.stacked method="post" action=(frame.link("/console/intake")) {
                (frame.form_fields())
                div.field {
                    label for="channel" { (words.say("case-channel")) }
                    select #channel name="channel" required {
                        @for channel in CHANNELS { option value=(channel.name()) { (words.say(&format!("channel-{}", channel.name()))) } }
                    }
                }
                div.field {
                    label for="day" { (words.say("requests-received")) }
                    p.hint #day-hint { (words.say("intake-day-hint")) }
                    input #day type="date" name="day" value=(today) max=(today) required aria-describedby="day-hint";
                }
                div.field {
                    label for="right" { (words.say("requests-right")) }
                    select #right name="right" required {
                        option value="" { (words.say("case-choose")) }
                        @for right in Right::ALL { option value=(right.name()) { (words.say(&rights::key(*right))) } }
                    }
                }
                div.field {
                    label for="words" { (words.say("case-words")) " " span.optional { (words.say("optional")) } }
                    textarea #words name="words" rows="5" maxlength="4000" {}
                }
                div.field {
                    label for="reply_to" { (words.say("case-contact")) " " span.optional { (words.say("optional")) } }
                    input #reply_to type="text" name="reply_to" maxlength="200" autocomplete="off";
                }
                div.actions { button.primary type="submit" { (words.say("intake-do")) } }
            }
        }
    };
    frame.page(&words.say("intake-title"), Needs::Nothing, &main)
}
