//! The chat as the page shows it.

use waarborg_domain::claim::Period;
use waarborg_domain::conversation::{Conversation, History, Speaker as Voice};
use waarborg_domain::register::{self, Destination};
use waarborg_domain::rights::Right;
use waarborg_usecase::chat::{self, Listed, Said};

use super::{day, period, sides};
use crate::error::WebError;
use crate::markdown;
use crate::page::chat as page;
use crate::page::chat::{ChatView, HistoryChoice, Kept, Listed as Line, ModelView, Place, Refusal};
use crate::page::message::{Body, Card, Choice, Message, Segment, Speaker, Weight};
use crate::page::rights;
use crate::visit::Visit;

/// The longest message that the page lets a person type, in characters.
pub(crate) const LONGEST: usize = 20_000;

/// What the page shows beside what was said.
#[derive(Default)]
pub(crate) struct Extra {
    /// A card of a script at the end.
    pub(crate) card: Option<Card>,
    /// What stays in the box.
    pub(crate) draft: String,
    /// Why it was not sent.
    pub(crate) refusal: Option<Refusal>,
}

/// The page of a conversation, or of a new one.
pub(crate) async fn view(
    visit: &Visit,
    conversation: Option<&Conversation>,
    extra: Extra,
) -> Result<ChatView, WebError> {
    let person = visit.person()?;
    let desk = &visit.desk;
    let words = visit.words();
    let said = match conversation {
        Some(conversation) => chat::read(desk, person, conversation.id).await?,
        None => Vec::new(),
    };
    let mut messages: Vec<Message> = said
        .iter()
        .enumerate()
        .map(|(n, said)| message(n, said))
        .collect();
    if let Some(card) = extra.card {
        messages.push(Message {
            id: "step".into(),
            speaker: Speaker::Script,
            time: None,
            day: None,
            body: Body::Card(card),
            seen: None,
            stopped: false,
        });
    }

    let places = chat::places(desk, Some(person));
    let chosen = conversation.map(|conversation| conversation.model.as_str());
    let models: Vec<ModelView> = places
        .iter()
        .filter(|place| place.is_allowed() && chosen.is_none_or(|chosen| place.model == chosen))
        .map(|place| model_view(visit, place))
        .collect();
    let offers_choice = desk
        .register
        .service(&desk.surfaces.chat.service)
        .is_some_and(|service| service.history == register::History::Choice);
    let in_words = |history| {
        chat::kept_for(desk, history)
            .map(|kept: Period| period(&words, kept))
            .unwrap_or_default()
    };

    Ok(ChatView {
        conversation: conversation.map(|conversation| conversation.id.to_string()),
        kept: conversation.map(|conversation| kept(visit, conversation)),
        messages,
        earlier: chat::list(desk, person)
            .await?
            .iter()
            .map(|listed| line(visit, listed))
            .collect(),
        models,
        choice: (conversation.is_none() && offers_choice).then(|| HistoryChoice {
            kept_for: in_words(History::On),
            hidden_for: in_words(History::Off),
        }),
        draft: extra.draft,
        refusal: extra.refusal,
        longest: LONGEST,
    })
}

/// The labels above a conversation that has just begun: a name and a value.
pub(crate) fn labels(visit: &Visit, conversation: &Conversation) -> Vec<(String, String)> {
    let words = visit.words();
    let frame = visit.frame();
    let places = chat::places(&visit.desk, visit.visitor.as_ref());
    let model = places
        .iter()
        .find(|place| place.model == conversation.model);
    let mut labels = vec![(words.say("label-model"), conversation.model.clone())];
    if let Some(model) = model {
        labels.push((
            words.say("label-place"),
            page::place(&frame.words, &model_view(visit, model)),
        ));
    }
    let kept = kept(
        visit,
        &Conversation {
            first_message_at: conversation
                .first_message_at
                .or_else(|| Some(visit.desk.now())),
            ..conversation.clone()
        },
    );
    labels.push((words.say("label-kept"), page::kept(&frame.words, &kept)));
    labels
}

fn model_view(visit: &Visit, place: &chat::Place) -> ModelView {
    ModelView {
        name: place.model.clone(),
        place: place_of(place.destination),
        masked: visit.desk.policy.name() != "observe",
    }
}

fn kept(visit: &Visit, conversation: &Conversation) -> Kept {
    let desk = &visit.desk;
    let is_listed = conversation.history == History::On;
    // A kept conversation's end moves with every message; a hidden one's stands from the first.
    let gone = conversation
        .first_message_at
        .filter(|_| !is_listed)
        .and_then(|first| chat::kept_for(desk, conversation.history)?.after(first, &desk.zone));
    Kept {
        listed: is_listed,
        gone: gone.map(|gone| day(desk, gone)),
    }
}

/// A line of the list of conversations.
pub(crate) fn line(visit: &Visit, listed: &Listed) -> Line {
    let conversation = &listed.conversation;
    let opening = listed
        .opening
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    Line {
        id: conversation.id.to_string(),
        title: if opening.is_empty() {
            visit.words().say("chat-untitled")
        } else {
            opening
        },
        day: day(
            &visit.desk,
            conversation
                .first_message_at
                .unwrap_or(conversation.opened_at),
        ),
    }
}

fn message(n: usize, said: &Said) -> Message {
    let is_person = said.speaker == Voice::Person;
    // What the model saw of a statement is not kept: it is looked at anew each time it goes along.
    let seen = (!said.is_statement)
        .then(|| sides::both(&said.text, &said.as_sent))
        .flatten();
    let body = if is_person {
        let plain = || {
            vec![Segment {
                text: said.text.clone(),
                kind: None,
            }]
        };
        Body::Typed(seen.as_ref().map_or_else(plain, |seen| seen.you.clone()))
    } else {
        Body::Answer(markdown::read(&said.text))
    };
    Message {
        id: n.to_string(),
        speaker: if is_person {
            Speaker::Person
        } else {
            Speaker::Assistant
        },
        time: None,
        day: None,
        body,
        seen,
        stopped: false,
    }
}

fn place_of(destination: Destination) -> Place {
    match destination {
        Destination::Own => Place::Own,
        Destination::Eu => Place::Eu,
        Destination::OutsideEu | Destination::Public => Place::Outside,
    }
}

/// What the person can do who asked for a right in a conversation. Nothing has happened yet.
pub(crate) fn card(visit: &Visit, right: Right, text: &str) -> Card {
    let words = visit.words();
    let (value, weight) = match right {
        Right::Access => ("access".to_owned(), Weight::Primary),
        Right::Erasure => ("erase".to_owned(), Weight::Danger),
        _ => (right.name().to_owned(), Weight::Primary),
    };
    let paragraphs = match right {
        Right::Access => vec![words.say("step-access")],
        Right::Erasure => vec![words.say("step-erase"), words.say("erase-warning")],
        Right::Withdrawal => vec![words.say("step-withdraw")],
        _ => vec![words.say("step-other")],
    };
    let label = match right {
        Right::Access => words.say("rights-own-see"),
        Right::Erasure => words.say("erase-do"),
        _ => words.say("rights-send"),
    };
    let links = match right {
        Right::Erasure => vec![("/my-data".to_owned(), words.say("step-look-first"))],
        Right::Withdrawal => vec![("/consent".to_owned(), words.say("consent-title"))],
        _ => Vec::new(),
    };
    Card {
        title: words.say(&rights::key(right)),
        paragraphs,
        facts: Vec::new(),
        choices: vec![
            Choice {
                value,
                label,
                weight,
            },
            Choice {
                value: "to-model".into(),
                label: words.say("step-to-model"),
                weight: Weight::Secondary,
            },
        ],
        links,
        text: text.to_owned(),
    }
}
