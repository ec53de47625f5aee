//! Restriction and objection: facts in the store that stop every reader, job and conversation at once.

use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::rights::{Channel, Right, Stage};

use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::StoreError;
use crate::requests::{self, Receipt, Receive, ReceiveError};

/// A purpose to which people can object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objectionable {
    /// Its name in the register.
    pub purpose: String,
    /// It is direct marketing: the answer is always yes.
    pub is_marketing: bool,
}

/// Every purpose of the register to which people can object (article 21(1) and (2)).
#[must_use]
pub fn objectionable(desk: &Desk) -> Vec<Objectionable> {
    let mut found: Vec<Objectionable> = Vec::new();
    for processing in desk.register.processings() {
        let declared = desk.register.purpose(processing.purpose.as_str());
        let is_marketing = declared.is_some_and(|purpose| purpose.marketing);
        let can = is_marketing || processing.basis.can_be_objected_to();
        let is_new = found
            .iter()
            .all(|known| processing.purpose != *known.purpose);
        if can && is_new {
            found.push(Objectionable {
                purpose: processing.purpose.to_string(),
                is_marketing,
            });
        }
    }
    found
}

/// The person stops the use of their data, from this moment, and gets a request that says so (article 18).
///
/// # Errors
///
/// [`ReceiveError`] if nothing was stopped.
pub async fn restrict(
    desk: &Desk,
    visitor: &Visitor,
    channel: Channel,
) -> Result<Receipt, ReceiveError> {
    let asked = asked(Right::Restriction, channel);
    let receipt = requests::receive_at_once(desk, visitor, asked).await?;
    let now = desk.now();
    let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::Restricted)
        .about(visitor.id())
        .on(receipt.request.id.0);
    let forgetting = desk.remembered.forgetting();
    desk.store.restrict(visitor.id(), now, entry).await?;
    drop(forgetting);
    requests::move_to(desk, Actor::House, &receipt.request, Stage::Answered).await?;
    Ok(receipt)
}

/// The person lets their data be used again. Only their own restriction is theirs to lift.
///
/// # Errors
///
/// [`StoreError`] if nothing changed.
pub async fn resume(desk: &Desk, visitor: &Visitor) -> Result<(), StoreError> {
    let now = desk.now();
    let entry =
        Entry::new(now, Actor::Subject(visitor.id()), Act::RestrictionLifted).about(visitor.id());
    desk.store.lift(visitor.id(), now, entry).await
}

/// The person objects to purposes. It stops at once; a person at the desk then looks whether it must stay so, unless
/// it is all marketing, where it does.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was stopped.
pub async fn object(
    desk: &Desk,
    visitor: &Visitor,
    purposes: &[&str],
    channel: Channel,
) -> Result<Receipt, ReceiveError> {
    let known = objectionable(desk);
    let chosen: Vec<&Objectionable> = known
        .iter()
        .filter(|known| purposes.contains(&known.purpose.as_str()))
        .collect();
    let asked = asked(Right::Objection, channel);
    let receipt = requests::receive(desk, Some(visitor), asked).await?;
    for one in &chosen {
        let now = desk.now();
        let entry = Entry::new(now, Actor::Subject(visitor.id()), Act::Objected)
            .for_purpose(&one.purpose)
            .about(visitor.id())
            .on(receipt.request.id.0);
        desk.store
            .object_to(visitor.id(), &one.purpose, now, entry)
            .await?;
    }
    let is_all_of_it = !receipt.is_second && !chosen.is_empty();
    if is_all_of_it && chosen.iter().all(|one| one.is_marketing) {
        requests::move_to(desk, Actor::House, &receipt.request, Stage::Answered).await?;
    }
    Ok(receipt)
}

fn asked(right: Right, channel: Channel) -> Receive {
    Receive {
        right,
        channel,
        words: String::new(),
        reply_to: String::new(),
    }
}
