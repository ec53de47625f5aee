//! The model's answer as it comes: restored, and kept when it ends, however it ends.

use std::sync::Arc;

use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use waarborg_detect::surrogate::{Restorer, Scope, Surrogates};
use waarborg_domain::conversation::Conversation;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::prompt::Waived;

use super::{ChatError, circumstances_of, content};
use crate::desk::{Desk, state_of};
use crate::door::{self, Visitor};
use crate::ports::{Chunks, Part, ProviderError};
use crate::records::{self, Place};

/// What the person hears next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TurnEvent {
    /// More text, restored.
    Text(String),
    /// The answer is whole.
    Whole,
    /// The person withdrew, objected or was restricted meanwhile, or the conversation is gone: nothing more is
    /// taken in, and the connection with the provider ends.
    NoLongerAllowed,
    /// The answer broke off here; what came is kept.
    BrokenOff(ProviderError),
}

/// An answer that is coming in.
///
/// Whoever drives it calls [`ChatTurn::next`] until it says how the answer ended, or stops earlier, and then
/// [`ChatTurn::keep`]. Dropping it ends the connection with the provider.
pub struct ChatTurn {
    desk: Desk,
    visitor: Visitor,
    conversation: Conversation,
    recipient: String,
    restorer: Restorer<'static>,
    chunks: Chunks,
    text: String,
    as_sent: String,
    has_ended: bool,
    ending: Option<TurnEvent>,
    // When it was last asked whether it may go on; not yet, before the first word comes.
    looked_at: Option<Timestamp>,
    began_at: Timestamp,
}

/// How long an answer goes on before it is asked again whether it may.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_millis(500);

/// Knows whether an answer may still come in, also while the model says nothing.
pub struct Watch {
    desk: Desk,
    subject: SubjectId,
    conversation: ObjectId,
    began_at: Timestamp,
}

impl Watch {
    /// Whether the register still allows it for this person. If the store cannot say, it does not.
    pub async fn may_go_on(&self) -> bool {
        let desk = &self.desk;
        let Ok(Some(person)) = desk.store.person(self.subject).await else {
            return false;
        };
        let Ok(Some(_)) = desk.store.conversation(self.conversation).await else {
            return false;
        };
        // What went to the model with it may be disputed meanwhile.
        let disputed = desk
            .store
            .is_disputed_since(self.conversation, self.began_at)
            .await;
        disputed == Ok(false) && desk.permit(&desk.surfaces.chat, &state_of(&person)).is_ok()
    }
}

impl ChatTurn {
    pub(super) fn new(
        desk: Desk,
        visitor: Visitor,
        conversation: Conversation,
        recipient: String,
        surrogates: Arc<Surrogates>,
        (began_at, chunks): (Timestamp, Chunks),
    ) -> Self {
        let restorer = Restorer::shared(surrogates, Scope::Text);
        Self {
            desk,
            visitor,
            conversation,
            recipient,
            restorer,
            chunks,
            text: String::new(),
            as_sent: String::new(),
            has_ended: false,
            ending: None,
            looked_at: None,
            began_at,
        }
    }

    /// What comes next; `None` after the end.
    pub async fn next(&mut self) -> Option<TurnEvent> {
        while !self.has_ended {
            let chunk = self.chunks.next().await;
            if !self.may_go_on().await {
                self.has_ended = true;
                self.ending = None;
                return Some(TurnEvent::NoLongerAllowed);
            }
            match chunk {
                Some(Ok(chunk)) => {
                    let said = content_of(&chunk);
                    self.as_sent.push_str(&said);
                    let restored = self.restorer.push(&said);
                    if let Some(event) = self.hear(restored) {
                        return Some(event);
                    }
                }
                Some(Err(fault)) => self.end(TurnEvent::BrokenOff(fault)),
                None => self.end(TurnEvent::Whole),
            }
            if self.has_ended {
                let rest = self.restorer.finish();
                if let Some(event) = self.hear(rest) {
                    return Some(event);
                }
            }
        }
        self.ending.take()
    }

    /// Whoever drives the answer asks this too: a model that says nothing must not keep the connection.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch {
            desk: self.desk.clone(),
            subject: self.visitor.id(),
            conversation: self.conversation.id,
            began_at: self.began_at,
        }
    }

    /// The whole answer so far, as the person sees it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole answer so far, as the model wrote it.
    #[must_use]
    pub fn as_sent(&self) -> &str {
        if self.restorer.has_left_out() {
            // What was left out is kept nowhere, also not as the model wrote it.
            return &self.text;
        }
        &self.as_sent
    }

    /// Keeps what came of the answer in the conversation, if the person still allows it.
    ///
    /// # Errors
    ///
    /// [`ChatError`] if it was not kept: the conversation was deleted meanwhile, the person withdrew or restricted,
    /// or the store cannot answer.
    pub async fn keep(mut self) -> Result<(), ChatError> {
        if !self.has_ended {
            let rest = self.restorer.finish();
            self.text.push_str(&rest);
        }
        let desk = &self.desk;
        let person = desk
            .store
            .person(self.visitor.id())
            .await?
            .ok_or(ChatError::NoConversation)?;
        let conversation = desk
            .store
            .conversation(self.conversation.id)
            .await?
            .ok_or(ChatError::NoConversation)?;
        if self.text.is_empty() {
            return Ok(());
        }
        let visitor = door::Visitor {
            session: self.visitor.session.clone(),
            person,
        };
        let permit = desk.permit(&desk.surfaces.chat, &visitor.state())?;

        let now = desk.now();
        let place = Place {
            subject: visitor.id(),
            object: conversation.id,
            service: &conversation.service,
            circumstances: &circumstances_of(&visitor, conversation.history),
            first_message_at: conversation.first_message_at.unwrap_or(now),
        };
        let sealed = content::write(&self.text, self.as_sent(), &Waived::default());
        let record = records::new_record(
            desk,
            place,
            Part::Answered,
            &desk.surfaces.chat.category,
            sealed,
            now,
        )
        .map_err(|_| ChatError::NoClaim)?;
        let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::TurnKept)
            .for_purpose(&desk.surfaces.chat.purpose)
            .about(visitor.id())
            .on(conversation.id.0)
            .with(Facts {
                recipient: Some(self.recipient.clone()),
                ..Facts::default()
            });
        desk.store
            .append(&permit, conversation.id, vec![record], now, entry)
            .await?;
        Ok(())
    }

    /// Whether the register still allows it for this person. If the store cannot say, it does not.
    async fn may_go_on(&mut self) -> bool {
        let now = self.desk.now();
        let is_recent = |at: Timestamp| now.duration_since(at).abs() < LOOK_AGAIN;
        if self.looked_at.is_some_and(is_recent) {
            return true;
        }
        self.looked_at = Some(now);
        self.watch().may_go_on().await
    }

    fn end(&mut self, ending: TurnEvent) {
        self.has_ended = true;
        self.ending = Some(ending);
    }

    fn hear(&mut self, restored: String) -> Option<TurnEvent> {
        if restored.is_empty() {
            return None;
        }
        self.text.push_str(&restored);
        Some(TurnEvent::Text(restored))
    }
}

/// The text that a chunk adds to the first choice.
fn content_of(chunk: &[u8]) -> String {
    let chunk: Value = serde_json::from_slice(chunk).unwrap_or_default();
    chunk
        .pointer("/choices/0/delta/content")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
