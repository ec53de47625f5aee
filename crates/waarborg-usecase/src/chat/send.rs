//! Sends a message: rights first, then permit, screening, the log, and only then the model.

use std::sync::Arc;

use waarborg_detect::surrogate::{ConversationKey, Language, Surrogates};
use waarborg_domain::conversation::{Conversation, Speaker};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::ObjectId;
use waarborg_domain::intent;
use waarborg_domain::permit::{Permit, Refusal};
use waarborg_domain::prompt::{Prompt, Report, Screen, Screening, Turn, Waived, Witness};
use waarborg_domain::rights::Right;

use super::{ChatError, ChatTurn, Said, circumstances_of, content, find, said, waived_in};
use crate::agreements::{self, Matter, Second};
use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::{Asker, Part, ProviderError, Reply};
use crate::records::{self, Place};
use crate::sightings::Collector;

/// A message of a person.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The conversation.
    pub conversation: ObjectId,
    /// What they wrote.
    pub text: String,
    /// What they say is no personal data, and the warnings that they accept.
    pub waived: Waived,
    /// The language of surrogates.
    pub language: Language,
    /// They saw the card about their rights, and want the message to go to the model.
    pub is_for_the_model: bool,
    /// Why a second person should agree, in one of the words of [`agreements::REASONS`].
    pub reason: Option<String>,
}

/// What came of a message.
pub enum Sent {
    /// The message exercises a right: nothing went to the model. The person is shown what can be done.
    Right(Right),
    /// Nothing left; the report says why. The text stays with the person.
    Refused {
        /// What was found, and why it stays.
        report: Report,
        /// Who must agree was asked, where a second person's yes would be enough.
        second: Option<Second>,
    },
    /// The model answers.
    Answering {
        /// What was found and done in the person's message.
        report: Report,
        /// What the model saw of the message.
        as_sent: String,
        /// The answer as it comes.
        turn: Box<ChatTurn>,
    },
    /// The model gave no answer; the message is kept in the conversation.
    Unanswered(ProviderError),
}

/// Sends a message and begins to hear the answer.
///
/// # Errors
///
/// [`ChatError`]; nothing left then.
pub async fn send(desk: &Desk, visitor: &Visitor, asked: Asked) -> Result<Sent, ChatError> {
    let conversation = find(desk, visitor, asked.conversation).await?;
    if !asked.is_for_the_model
        && let Some(right) = intent::right_asked_for(&asked.text)
    {
        return Ok(Sent::Right(right));
    }

    let surface = &desk.surfaces.chat;
    let permit = desk.permit(surface, &visitor.state())?;
    let recipient = desk
        .providers
        .recipient_of(&conversation.model)
        .ok_or(ChatError::NoModel)?
        .to_owned();
    let provider = desk.providers.provider(&recipient);
    let provider = provider.ok_or(ChatError::NoModel)?;
    let declared = desk
        .register
        .recipient(&recipient)
        .ok_or(Refusal::UnknownRecipient)?;

    // What is disputed from here on may stand in what is sent.
    let began_at = desk.now();
    let earlier = desk.store.of_object(&permit, conversation.id).await?;
    let mut waived = asked.waived.clone();
    waived
        .values
        .extend(earlier.iter().flat_map(|record| waived_in(record, &permit)));
    let earlier: Vec<Said> = earlier
        .iter()
        .filter_map(|record| said(record, &permit))
        .collect();
    let turns = turns(&earlier, &asked.text);
    let prompt = Prompt::conversation(&conversation.model, &turns);

    let mut surrogates = surrogates_of(desk, &conversation, &turns, asked.language);
    let collector = Collector::of(desk, &surface.service);
    let screening = Screening {
        finder: &*desk.finder,
        policy: &desk.policy,
        destination: declared.destination,
        has_ground: desk.has_ground(&desk.surfaces.chat),
        waived: &waived,
        witness: collector.as_ref().map(|found| found as &dyn Witness),
    };
    let matter = Matter {
        asker: Asker::Person(visitor.id()),
        surface,
        recipient: &recipient,
        prompt: &prompt,
        reason: asked.reason.as_deref(),
    };
    let stopped = |report| {
        refused(
            desk,
            visitor,
            &conversation,
            (matter, report),
            earlier.len(),
        )
    };
    let screen = prompt
        .screen(&screening, &mut surrogates)
        .map_err(|_| ChatError::Finder)?;
    let (screen, agreed) =
        agreements::again(desk, Some(matter), &screening, &mut surrogates, screen).await?;
    let (prompt, report) = match screen {
        Screen::Passed { prompt, report } => (prompt, of_last_turn(report, earlier.len())),
        Screen::Refused { report } => return stopped(report).await,
    };

    let transfer = desk.register.transfer(&permit, &recipient, desk.today())?;
    if let Some(report) = agreements::not_taken(desk, Some(matter), agreed).await? {
        return stopped(report).await;
    }
    let as_sent = as_sent(&asked.text, &report);
    let sealed = content::write(&asked.text, &as_sent, &asked.waived);
    let act = Act::PromptSent;
    let entry = about(desk, visitor, &conversation, act, &report, &recipient);
    keep(desk, &permit, visitor, &conversation, sealed, entry).await?;
    if let Some(collector) = collector {
        collector.note(desk, &surface.service, &recipient);
    }

    let reply = provider.complete(&transfer, prompt).await;
    let chunks = match reply.and_then(Reply::streamed) {
        Ok(chunks) => chunks,
        Err(fault) => return Ok(Sent::Unanswered(fault)),
    };
    let turn = ChatTurn::new(
        desk.clone(),
        visitor.clone(),
        conversation,
        recipient,
        Arc::new(surrogates),
        (began_at, chunks),
    );
    Ok(Sent::Answering {
        report,
        as_sent,
        turn: Box::new(turn),
    })
}

/// The surrogates of a conversation, with what is kept out of its answers.
fn surrogates_of(
    desk: &Desk,
    conversation: &Conversation,
    turns: &[Turn],
    language: Language,
) -> Surrogates {
    let scope: [&[u8]; 2] = [b"chat", conversation.id.0.as_bytes()];
    let key = ConversationKey::new(desk.secrets.conversation_key(&scope));
    let mut surrogates = Surrogates::new(key, language);
    let texts = turns.iter().map(|turn| turn.text.as_str());
    desk.withholding.apply(&mut surrogates, texts, language);
    surrogates
}

/// Notes that nothing left, and asks for a second person where their yes would be enough.
async fn refused(
    desk: &Desk,
    visitor: &Visitor,
    conversation: &Conversation,
    (matter, report): (Matter<'_>, Report),
    position: usize,
) -> Result<Sent, ChatError> {
    let act = Act::PromptRefused;
    let entry = about(desk, visitor, conversation, act, &report, matter.recipient);
    desk.store.record(entry).await?;
    let second = agreements::ask(desk, matter, &report).await?;
    let report = of_last_turn(report, position);
    Ok(Sent::Refused { report, second })
}

/// Keeps the message, with the log's line that it is sent; only then it is.
async fn keep(
    desk: &Desk,
    permit: &Permit<'_>,
    visitor: &Visitor,
    conversation: &Conversation,
    sealed: String,
    entry: Entry,
) -> Result<(), ChatError> {
    let now = desk.now();
    let place = Place {
        subject: visitor.id(),
        object: conversation.id,
        service: &conversation.service,
        circumstances: &circumstances_of(visitor, conversation.history),
        first_message_at: conversation.first_message_at.unwrap_or(now),
    };
    let category = &desk.surfaces.chat.category;
    let record = records::new_record(desk, place, Part::Said, category, sealed, now)
        .map_err(|_| ChatError::NoClaim)?;
    desk.store
        .append(permit, conversation.id, vec![record], now, entry)
        .await?;
    Ok(())
}

/// Earlier turns and the new one.
fn turns(earlier: &[Said], text: &str) -> Vec<Turn> {
    let earlier = earlier.iter().map(|said| Turn {
        speaker: said.speaker,
        text: said.text.clone(),
    });
    earlier
        .chain([Turn {
            speaker: Speaker::Person,
            text: text.to_owned(),
        }])
        .collect()
}

/// The report as it concerns the new message: the person sees its marks, and all that stopped it.
fn of_last_turn(mut report: Report, position: usize) -> Report {
    report.marks.retain(|mark| mark.text == position);
    report
}

/// The new message as the model sees it.
fn as_sent(text: &str, report: &Report) -> String {
    let mut sent = String::with_capacity(text.len());
    let mut read = 0;
    for mark in &report.marks {
        if let Some(replacement) = &mark.replacement {
            sent.push_str(text.get(read..mark.span.start).unwrap_or_default());
            sent.push_str(replacement);
            read = mark.span.end;
        }
    }
    sent.push_str(text.get(read..).unwrap_or_default());
    sent
}

fn about(
    desk: &Desk,
    visitor: &Visitor,
    conversation: &Conversation,
    act: Act,
    report: &Report,
    recipient: &str,
) -> Entry {
    Entry::new(desk.now(), Actor::Subject(visitor.id()), act)
        .for_purpose(&desk.surfaces.chat.purpose)
        .about(visitor.id())
        .on(conversation.id.0)
        .with(Facts {
            verdict: Some(report.verdict),
            findings: report.counts(),
            recipient: Some(recipient.to_owned()),
            register: Some(desk.register.version().to_owned()),
            is_confirmed: report.is_confirmed,
            ..Facts::default()
        })
}
