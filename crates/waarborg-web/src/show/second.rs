//! A second person's yes, in words: for who waits for it, and for who decides.

use waarborg_usecase::agreements::{REASONS, Second};
use waarborg_usecase::ports::Answered;

use super::moment;
use crate::page::chat::Refusal;
use crate::visit::Visit;

/// Says in the chat that a second person must agree, and how that stands. The text stays in the box.
pub(crate) fn add(visit: &Visit, refusal: &mut Refusal, second: Option<&Second>) {
    let words = visit.words();
    let Some(second) = second else {
        refusal.reasons.push(words.say("second-nobody"));
        return;
    };
    let until = moment(&visit.desk, &words, second.ends_at);
    let key = match second.answered {
        Answered::No => "second-no",
        Answered::Waits | Answered::Yes => "second-waits",
    };
    let places = [
        ("reference", second.reference.as_str()),
        ("until", until.as_str()),
    ];
    refusal.reasons.push(words.fill(key, &places));
    if second.answered == Answered::Waits && !second.has_reason {
        let reason = |name: &'static str| (name, words.say(&format!("second-reason-{name}")));
        refusal.to_give = REASONS.into_iter().map(reason).collect();
    }
}
