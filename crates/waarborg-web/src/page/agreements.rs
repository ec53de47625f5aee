//! What waits for a second person's yes, in the console: who asks, which kinds of data, where to and why; never the text.

use maud::{Markup, html};
use waarborg_usecase::ports::Answered;

use super::console::{table, who};
use super::frame::{Frame, Needs};

/// One prompt that waits, or was answered.
#[derive(Clone, Debug)]
pub struct AgreementView {
    /// Its id.
    pub id: String,
    /// By what the sender knows it.
    pub reference: String,
    /// Who wants to send it.
    pub asker: String,
    /// The kinds of data in it, with how many.
    pub kinds: Vec<(String, u32)>,
    /// Where to.
    pub recipient: String,
    /// Why, if they said so.
    pub reason: Option<String>,
    /// Since when.
    pub asked_at: String,
    /// Until when a yes may come and be used.
    pub ends_at: String,
    /// How it stands.
    pub answered: Answered,
}

/// The page; `fault` is the key of what was wrong with what was sent.
#[must_use]
pub fn page(
    frame: &Frame<'_>,
    agreements: &[AgreementView],
    fault: Option<&'static str>,
) -> Markup {
    let words = &frame.words;
    let heads = [
        "agreement-number",
        "agreement-who",
        "agreement-kinds",
        "agreement-recipient",
        "agreement-reason",
        "agreement-until",
        "hold-act",
    ];
    let main = html! {
        article.sheet.wide {
            (who(frame))
            p { a href=(frame.link("/console/requests")) { (words.say("case-back")) } }
            h1 #agreements { (words.say("agreement-title")) }
            p.lead { (words.say("agreement-lead")) }
            @if let Some(fault) = fault { div.callout.bad role="alert" { p { (words.say(fault)) } } }
            @if agreements.is_empty() { p { (words.say("agreement-none")) } }
            @else {
                (table(frame, "agreements", &heads, agreements.iter().map(|one| vec![
                    html! { strong { (one.reference) } br; (one.asked_at) },
                    html! { (one.asker) },
                    html! { ul { @for (kind, n) in &one.kinds { li { (n) " × " (kind) } } } },
                    html! { (one.recipient) },
                    html! { @if let Some(reason) = &one.reason { (reason) } @else { (words.say("agreement-no-reason")) } },
                    html! { (one.ends_at) },
                    acts(frame, one),
                ])))
            }
        }
    };
    frame.page(&words.say("agreement-title"), Needs::Nothing, &main)
}

fn acts(frame: &Frame<'_>, one: &AgreementView) -> Markup {
    let words = &frame.words;
    let button = |act: &str, key: &str| {
        html! {
            form method="post" action=(frame.link(&format!("/console/agreements/{}/{act}", one.id))) {
                (frame.form_fields())
                button.secondary.small type="submit" { (words.say(key)) }
            }
        }
    };
    match one.answered {
        Answered::Waits => {
            html! { (button("yes", "agreement-yes")) (button("no", "agreement-no")) }
        }
        Answered::Yes => html! { (words.say("agreement-said-yes")) },
        Answered::No => html! { (words.say("agreement-said-no")) },
    }
}
