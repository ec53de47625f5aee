//! The first layer of the notice, every sentence from the register.

use waarborg_domain::conversation::History;
use waarborg_domain::register::{Destination, Processing};
use waarborg_usecase::{chat, consent};

use super::{basis, capital, category, country, period, purpose, recipient};
use crate::page::consent::ConsentAsk;
use crate::page::notice::{Answer, FirstLayer, Occasion, Question};
use crate::visit::Visit;

/// The first layer of the chat's notice.
pub(crate) fn first_layer(visit: &Visit, occasion: Occasion) -> FirstLayer {
    let service = &visit.desk.surfaces.chat.service;
    let processings: Vec<&Processing> = visit
        .desk
        .register
        .processings()
        .iter()
        .filter(|processing| processing.service == service.as_str())
        .collect();
    let answers = Question::ALL
        .into_iter()
        .map(|question| Answer {
            question,
            sentences: sentences(visit, question, &processings),
        })
        .collect();
    FirstLayer {
        version: visit.desk.notice_version().to_owned(),
        since: visit.desk.register.head().effective,
        answers,
        consents: asks(visit),
        occasion,
    }
}

/// The consents that the chat asks for and that this person has not given.
fn asks(visit: &Visit) -> Vec<ConsentAsk> {
    let service = &visit.desk.surfaces.chat.service;
    consent::asked(&visit.desk, service, visit.visitor.as_ref())
        .iter()
        .filter(|asked| asked.answer.is_none())
        .map(|asked| ask(visit, &asked.ask))
        .collect()
}

/// A consent in words.
pub(crate) fn ask(visit: &Visit, ask: &waarborg_domain::register::ConsentAsk) -> ConsentAsk {
    let words = visit.words();
    let controller = visit
        .desk
        .register
        .controllers()
        .iter()
        .find(|controller| controller.id == ask.entity);
    ConsentAsk {
        id: ask.purpose.as_str().to_owned(),
        title: capital(&purpose(&visit.desk, &words, ask.purpose.as_str())),
        text: ask
            .text
            .in_language(words.tongue().code())
            .unwrap_or_default()
            .to_owned(),
        entity: controller.map_or_else(|| ask.entity.clone(), |controller| controller.name.clone()),
        text_version: ask.text_version.clone(),
    }
}

fn sentences(visit: &Visit, question: Question, processings: &[&Processing]) -> Vec<String> {
    let words = visit.words();
    let desk = &visit.desk;
    let controller = desk.register.default_controller();
    match question {
        Question::Who => vec![words.fill("layer-who", &[("controller", &controller.name)])],
        Question::What => unique(
            processings
                .iter()
                .flat_map(|processing| &processing.categories)
                .map(|name| capital(&category(desk, &words, name.as_str()))),
        ),
        Question::Where => {
            let mut places = vec![words.fill(
                "layer-where-kept",
                &[("country", &country(&words, &controller.country))],
            )];
            places.extend(recipients(visit, processings).map(|found| {
                let place = country(&words, &found.country);
                let name = capital(&recipient(desk, &words, found.name.as_str()));
                words.fill(
                    "layer-where-model",
                    &[("recipient", &name), ("country", &place)],
                )
            }));
            unique(places.into_iter())
        }
        Question::When => {
            let kept = |history, key: &str| {
                chat::kept_for(desk, history)
                    .map(|kept| words.fill(key, &[("period", &period(&words, kept))]))
            };
            unique(
                [
                    kept(History::On, "layer-when-on"),
                    kept(History::Off, "layer-when-off"),
                ]
                .into_iter()
                .flatten(),
            )
        }
        Question::Why => unique(processings.iter().map(|processing| {
            let purpose = capital(&purpose(desk, &words, processing.purpose.as_str()));
            format!("{purpose} ({})", basis(&words, processing.basis))
        })),
        Question::Shared => {
            let mut shared = unique(
                recipients(visit, processings)
                    .map(|found| capital(&recipient(desk, &words, found.name.as_str()))),
            );
            if shared.is_empty() {
                shared.push(words.say("layer-shared-nobody"));
            } else if desk.policy.name() != "observe" {
                shared.push(words.say("layer-shared-replaced"));
            }
            shared
        }
        Question::Rights => vec![words.say("layer-rights")],
    }
}

fn recipients<'v>(
    visit: &'v Visit,
    processings: &'v [&Processing],
) -> impl Iterator<Item = &'v waarborg_domain::register::Recipient> {
    let names = processings
        .iter()
        .flat_map(|processing| &processing.recipients);
    names
        .filter_map(|name| visit.desk.register.recipient(name.as_str()))
        .filter(|found| {
            // A model that nobody can ask gets nothing, and is not named.
            found.destination != Destination::Public
                && visit
                    .desk
                    .providers
                    .models()
                    .iter()
                    .any(|model| found.name == model.recipient.as_str())
        })
}

fn unique(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for sentence in sentences {
        if !kept.contains(&sentence) {
            kept.push(sentence);
        }
    }
    kept
}
