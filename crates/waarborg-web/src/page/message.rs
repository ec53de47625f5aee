//! One message of a conversation: what was said, and what the model saw of it.

use jiff::civil::Date;
use maud::{Markup, html};

use super::frame::Frame;
use crate::markdown::{self, Block};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The person.
    Person,
    /// The model.
    Assistant,
    /// The organisation's own fixed script; never the model.
    Script,
}

/// A piece of a text, perhaps one that was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// The kind of data in words, where this piece is a finding or its surrogate.
    pub kind: Option<String>,
}

/// A text as the person sees it and as the model saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The person's side.
    pub you: Vec<Segment>,
    /// The model's side.
    pub model: Vec<Segment>,
}

/// What a message holds.
#[derive(Clone, Debug)]
pub enum Body {
    /// Text as it was typed.
    Typed(Vec<Segment>),
    /// An answer.
    Answer(Vec<Block>),
    /// A step of a script.
    Card(Card),
}

/// A step of a script, with its buttons.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// The title.
    pub title: String,
    /// What it says.
    pub paragraphs: Vec<String>,
    /// Facts: a name and a value.
    pub facts: Vec<(String, String)>,
    /// What the person can choose.
    pub choices: Vec<Choice>,
    /// Where the person can go: address and text.
    pub links: Vec<(String, String)>,
    /// The message that led here, to send it to the model after all.
    pub text: String,
}

/// A button of a script.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the button says.
    pub label: String,
    /// How it looks.
    pub weight: Weight,
}

/// How much a button weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The likely choice.
    Primary,
    /// Another choice.
    Secondary,
    /// A choice that cannot be undone.
    Danger,
}

/// One message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id, unique on the page.
    pub id: String,
    /// Who speaks.
    pub speaker: Speaker,
    /// When, as a clock time.
    pub time: Option<String>,
    /// The day, for the `datetime` of the time.
    pub day: Option<Date>,
    /// What it holds.
    pub body: Body,
    /// The two sides, where something was dealt with.
    pub seen: Option<Seen>,
    /// The answer was broken off.
    pub stopped: bool,
}

/// A message as an item of the conversation.
#[must_use]
pub fn show(frame: &Frame<'_>, conversation: &str, message: &Message, last: bool) -> Markup {
    let words = &frame.words;
    let (class, speaker) = match message.speaker {
        Speaker::Person => ("person", "chat-you"),
        Speaker::Assistant => ("assistant", "chat-assistant"),
        Speaker::Script => ("script", "chat-script"),
    };
    html! {
        li.message.(class) id={ "m-" (message.id) } {
            p.speaker {
                span { (words.say(speaker)) }
                @if let Some(time) = &message.time { " " time.muted datetime=[message.day.map(|day| format!("{day} {time}"))] { (time) } }
            }
            div.said {
                @match &message.body {
                    Body::Typed(segments) => { p.typed { (segments_shown(segments)) } }
                    Body::Answer(blocks) => { (markdown::show(blocks)) }
                    Body::Card(card) => { (card_shown(frame, conversation, card, last)) }
                }
            }
            @if message.stopped { p.stopped.muted { (words.say("chat-stopped")) } }
            @if let Some(seen) = &message.seen { (both_sides(frame, seen)) }
        }
    }
}

fn segments_shown(segments: &[Segment]) -> Markup {
    html! {
        @for segment in segments {
            @match &segment.kind {
                Some(kind) => { mark.kept title=(kind) { (segment.text) } }
                None => { (segment.text) }
            }
        }
    }
}

fn both_sides(frame: &Frame<'_>, seen: &Seen) -> Markup {
    let words = &frame.words;
    html! {
        details.sides {
            summary { (words.say("sides-open")) }
            div.sides-both {
                section.side {
                    p.side-title { (words.say("sides-you")) }
                    p.typed { (segments_shown(&seen.you)) }
                }
                section.side {
                    p.side-title { (words.say("sides-model")) }
                    p.typed {
                        @for segment in &seen.model {
                            @match &segment.kind {
                                Some(kind) => { mark.surrogate title=(kind) { (segment.text) } }
                                None => { (segment.text) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A card. Only the last message's buttons work; earlier ones are history.
fn card_shown(frame: &Frame<'_>, conversation: &str, card: &Card, last: bool) -> Markup {
    html! {
        section.step aria-label=(card.title) {
            h2 { (card.title) }
            @for paragraph in &card.paragraphs { p { (paragraph) } }
            @if !card.facts.is_empty() {
                dl.facts { @for (name, value) in &card.facts { div { dt { (name) } dd { (value) } } } }
            }
            @if !card.links.is_empty() {
                ul.plain { @for (address, text) in &card.links { li { a href=(frame.link(address)) { (text) } } } }
            }
            @if last && !card.choices.is_empty() {
                form.buttons method="post" action=(frame.link(&format!("/chat/{conversation}/step"))) {
                    (frame.form_fields())
                    input type="hidden" name="text" value=(card.text);
                    @for choice in &card.choices {
                        @let class = match choice.weight { Weight::Primary => "primary", Weight::Secondary => "secondary", Weight::Danger => "danger" };
                        button.(class) type="submit" name="choice" value=(choice.value) { (choice.label) }
                    }
                }
            }
        }
    }
}
