//! A page that says what went wrong and what one can do; it never repeats what was sent.

use http::StatusCode;
use maud::{Markup, html};

use super::frame::{Frame, Needs};

/// The page for a status, with what in the register closes the models, if that is the matter.
#[must_use]
pub fn page(frame: &Frame<'_>, status: StatusCode, closed: &[String]) -> Markup {
    let words = &frame.words;
    let (title, text) = texts(status, closed);
    let main = html! {
        article.sheet.problem {
            p.problem-number aria-hidden="true" { (status.as_u16()) }
            h1 { (words.say(title)) }
            p.lead { (words.say(text)) }
            @if !closed.is_empty() {
                ul { @for row in closed { li { code { (row) } } } }
            }
            ul.plain {
                li { a href=(frame.link("/")) { (words.say("problem-to-start")) } }
                li { a href=(frame.link("/rights")) { (words.say("problem-to-rights")) } }
            }
            section.elsewhere aria-labelledby="human" {
                h2 #human { (words.say("human-title")) }
                p { (words.say("human-problem")) }
                (frame.human())
            }
        }
    };
    frame.page(&words.say(title), Needs::Nothing, &main)
}

/// The keys of title and text for a status.
#[must_use]
pub fn texts(status: StatusCode, closed: &[String]) -> (&'static str, &'static str) {
    if !closed.is_empty() {
        return ("problem-model-title", "problem-model");
    }
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::UNSUPPORTED_MEDIA_TYPE => ("problem-form-title", "problem-form"),
        StatusCode::FORBIDDEN => ("problem-forbidden-title", "problem-forbidden"),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
            ("problem-missing-title", "problem-missing")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("problem-large-title", "problem-large"),
        StatusCode::PRECONDITION_REQUIRED => ("problem-notice-title", "problem-notice"),
        StatusCode::TOO_MANY_REQUESTS => ("problem-many-title", "problem-many"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => {
            ("problem-away-title", "problem-away")
        }
        _ => ("problem-ours-title", "problem-ours"),
    }
}
