//! The conversation: what was said, the box to write in, and what holds for both.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::{Frame, Needs};
use super::message::{self, Message};
use crate::words::Words;

/// Where the model runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With the organisation itself.
    Own,
    /// In the European Union.
    Eu,
    /// Outside the European Union.
    Outside,
}

/// The model that answers.
#[derive(Clone, Debug)]
pub struct ModelView {
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub place: Place,
    /// Personal data is replaced before it gets anything.
    pub masked: bool,
}

/// An earlier conversation in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The day of its last message.
    pub day: Date,
}

/// How long the present conversation stays.
#[derive(Clone, Debug)]
pub struct Kept {
    /// It is in the list.
    pub listed: bool,
    /// The day on which it will be gone, where that day is known.
    pub gone: Option<Date>,
}

/// The choice at the start of a conversation, with periods in words from the register.
#[derive(Clone, Debug)]
pub struct HistoryChoice {
    /// How long a conversation stays that is kept.
    pub kept_for: String,
    /// How long a conversation stays that is not.
    pub hidden_for: String,
}

/// Why a text was not sent. It stays in the box.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The reasons, in plain words.
    pub reasons: Vec<String>,
    /// What the person can do.
    pub ways_out: Vec<String>,
    /// The warnings that the person may accept, by class; empty if the text may not go at all.
    pub warnings: Vec<&'static str>,
    /// The reasons of which one may be given, each with its words, where a second person was asked and none was given yet.
    pub to_give: Vec<(&'static str, String)>,
}

/// The whole page.
#[derive(Clone, Debug)]
pub struct ChatView {
    /// The present conversation; `None` before the first message.
    pub conversation: Option<String>,
    /// How long it stays.
    pub kept: Option<Kept>,
    /// What was said.
    pub messages: Vec<Message>,
    /// Earlier conversations, newest first.
    pub earlier: Vec<Listed>,
    /// The models that may be chosen, the default first; one, once a conversation has begun.
    pub models: Vec<ModelView>,
    /// The choice to make before the first message.
    pub choice: Option<HistoryChoice>,
    /// What is in the box.
    pub draft: String,
    /// Why it was not sent.
    pub refusal: Option<Refusal>,
    /// The longest text that one message may hold, in characters.
    pub longest: usize,
}

/// The page.
#[must_use]
pub fn page(frame: &Frame<'_>, view: &ChatView) -> Markup {
    let words = &frame.words;
    let main = html! {
        div.chat {
            (earlier(frame, view))
            section.conversation aria-labelledby="chat-title" {
                (head(frame, view))
                div.log role="log" aria-live="off" aria-label=(words.say("chat-log")) {
                    ol.messages #messages {
                        @let n_messages = view.messages.len();
                        @for (n, one) in view.messages.iter().enumerate() {
                            (message::show(frame, view.conversation.as_deref().unwrap_or_default(), one, n + 1 == n_messages))
                        }
                    }
                }
                p.visually-hidden #spoken role="status" aria-live="polite" {}
                (composer(frame, view))
            }
        }
        (script_words(frame))
    };
    frame.page(&words.say("chat-title"), Needs::Chat, &main)
}

fn earlier(frame: &Frame<'_>, view: &ChatView) -> Markup {
    let words = &frame.words;
    html! {
        nav.earlier aria-label=(words.say("chat-earlier")) {
            a.button.secondary.new href=(frame.link("/")) { (words.say("chat-new")) }
            details.earlier-fold open {
                summary { (words.say("chat-earlier")) }
                @if view.earlier.is_empty() {
                    p.muted { (words.say("chat-earlier-none")) }
                } @else {
                    ul {
                        @for listed in &view.earlier {
                            li {
                                a href=(frame.link(&format!("/chat/{}", listed.id))) aria-current=[(view.conversation.as_deref() == Some(listed.id.as_str())).then_some("page")] {
                                    span.earlier-title { (listed.title) }
                                    time.muted datetime=(listed.day) { (words.day(listed.day)) }
                                }
                            }
                        }
                    }
                }
            }
            p.own-data { a href=(frame.link("/my-data")) { (words.say("chat-own-data")) } }
        }
    }
}

fn head(frame: &Frame<'_>, view: &ChatView) -> Markup {
    let words = &frame.words;
    html! {
        header.chat-head {
            div.chat-head-text {
                h1 #chat-title { (words.say("chat-title")) }
                p.chat-about {
                    (words.fill("chat-about", &[("organisation", frame.organisation)]))
                    " " a href="#human-way" { (words.say("chat-human")) }
                }
            }
            dl.labels {
                @if let [model] = view.models.as_slice() {
                    div.label { dt { (words.say("label-model")) } dd { (model.name) } }
                    div.label { dt { (words.say("label-place")) } dd { (place(words, model)) } }
                }
                @if let Some(kept) = &view.kept {
                    div.label {
                        dt { (words.say("label-kept")) }
                        dd { (self::kept(words, kept)) }
                    }
                }
            }
            @let conversation = view.conversation.as_deref().unwrap_or_default();
            details.delete hidden[view.conversation.is_none()] {
                summary { (words.say("chat-delete")) }
                form method="post" action=(frame.link(&format!("/chat/{conversation}/delete"))) {
                    (frame.form_fields())
                    p { (words.say("chat-delete-sure")) }
                    button.danger type="submit" { (words.say("chat-delete-do")) }
                }
            }
        }
        @if view.messages.is_empty() {
            div.welcome {
                p.lead { (words.say("chat-welcome")) }
                ul.assurances {
                    @for key in ["chat-welcome-1", "chat-welcome-2", "chat-welcome-3"] { li { (words.say(key)) } }
                }
            }
        }
    }
}

/// How long a conversation stays, in words.
#[must_use]
pub fn kept(words: &Words, kept: &Kept) -> String {
    let mut text = words.say(if kept.listed { "kept-on" } else { "kept-off" });
    if let Some(day) = kept.gone {
        text.push_str(" · ");
        text.push_str(&words.fill("kept-until", &[("day", &words.day(day))]));
    }
    text
}

/// Where a model runs, in words.
#[must_use]
pub fn place(words: &Words, model: &ModelView) -> String {
    let place = words.say(match model.place {
        Place::Own => "place-own",
        Place::Eu => "place-eu",
        Place::Outside => "place-outside",
    });
    if model.masked {
        format!("{place} · {}", words.say("label-masked"))
    } else {
        place
    }
}

/// The choice of a model, where there is one.
fn models(frame: &Frame<'_>, view: &ChatView) -> Markup {
    let words = &frame.words;
    html! {
        @if view.conversation.is_none() && view.models.len() > 1 {
            div.field.models {
                label for="model" { (words.say("label-model")) }
                select #model name="model" {
                    @for model in &view.models { option value=(model.name) { (model.name) " – " (place(words, model)) } }
                }
            }
        }
    }
}

fn composer(frame: &Frame<'_>, view: &ChatView) -> Markup {
    let words = &frame.words;
    let action = view
        .conversation
        .as_ref()
        .map_or_else(|| "/chat".to_owned(), |id| format!("/chat/{id}"));
    html! {
        form.composer.starting[view.conversation.is_none()] #composer method="post" action=(frame.link(&action)) data-conversation=[view.conversation.as_deref()] {
            (frame.form_fields())
            @if let Some(choice) = view.choice.as_ref().filter(|_| view.conversation.is_none()) { (history(frame, choice)) }
            (models(frame, view))
            div #refusal role="alert" { @if let Some(refusal) = &view.refusal { (refused(frame, refusal)) } }
            div.box {
                label.visually-hidden for="text" { (words.say("composer-label")) }
                div.layers {
                    div.marks #marks aria-hidden="true" {}
                    textarea #text name="text" rows="2" maxlength=(view.longest) required autocomplete="off" aria-describedby="found-count composer-hint" placeholder=(words.say("composer-placeholder")) { (view.draft) }
                }
                div.found #found hidden {
                    ul.chips #chips aria-label=(words.say("found-label")) {}
                }
                div.send-row {
                    p.found-count #found-count role="status" {}
                    button.secondary #stop type="button" hidden { (words.say("composer-stop")) " " kbd { "Esc" } }
                    button.primary #send type="submit" { (words.say("composer-send")) }
                }
            }
            div.composer-foot {
                p.composer-hint #composer-hint { (words.say("chat-accuracy")) }
                details.human-way #human-way {
                    summary { (words.say("human-title")) }
                    p { (words.say("human-chat")) }
                    (frame.human())
                }
            }
        }
    }
}

fn history(frame: &Frame<'_>, choice: &HistoryChoice) -> Markup {
    let words = &frame.words;
    html! {
        fieldset.history {
            legend { (words.say("history-legend")) }
            div.option {
                input #history-off type="radio" name="history" value="off" checked aria-describedby="history-off-text";
                label for="history-off" { (words.say("history-off")) }
                p.option-text #history-off-text { (words.fill("history-off-text", &[("period", &choice.hidden_for)])) }
            }
            div.option {
                input #history-on type="radio" name="history" value="on" aria-describedby="history-on-text";
                label for="history-on" { (words.say("history-on")) }
                p.option-text #history-on-text { (words.fill("history-on-text", &[("period", &choice.kept_for)])) }
            }
        }
    }
}

/// Why a text was not sent, and what one can do.
#[must_use]
pub fn refused(frame: &Frame<'_>, refusal: &Refusal) -> Markup {
    let words = &frame.words;
    html! {
        div.callout.bad {
            h2 { (words.say("refused-title")) }
            @for reason in &refusal.reasons { p { (reason) } }
            @if !refusal.ways_out.is_empty() {
                p { strong { (words.say("refused-ways")) } }
                ul { @for way in &refusal.ways_out { li { (way) } } }
            }
            @if !refusal.warnings.is_empty() {
                button.secondary type="submit" name="accept" value=(refusal.warnings.join(",")) { (words.say("refused-send-anyway")) }
            }
            @if !refusal.to_give.is_empty() {
                p { strong { (words.say("second-why")) } }
                div.actions {
                    @for (reason, text) in &refusal.to_give { button.secondary.small type="submit" name="reason" value=(reason) { (text) } }
                }
            }
        }
    }
}

/// The texts that the script shows; it has none of its own.
fn script_words(frame: &Frame<'_>) -> Markup {
    const KEYS: [&str; 24] = [
        "chat-script",
        "refused-send-anyway",
        "chat-you",
        "chat-assistant",
        "chat-stopped",
        "js-writing",
        "js-done",
        "js-failed",
        "js-offline",
        "js-copy",
        "js-copied",
        "js-strike",
        "js-unstrike",
        "js-verdict-replace",
        "js-verdict-widen",
        "js-verdict-remove",
        "js-verdict-warn",
        "js-verdict-block",
        "js-verdict-allow",
        "sides-open",
        "sides-you",
        "sides-model",
        "refused-title",
        "refused-ways",
    ];
    html! {
        div #words hidden data-form-token=[frame.form_token] data-lang=(frame.words.tongue().code()) {
            @for key in KEYS { span data-key=(key) { (frame.words.say(key)) } }
        }
    }
}
