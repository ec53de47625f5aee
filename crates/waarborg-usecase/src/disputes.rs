//! Who says that something is not right, has it put aside until a person has looked (article 18(1)(a)).
//!
//! What is put aside is the record in which it stands, and nothing else of the person.

use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{RecordId, SubjectId};
use waarborg_domain::rights::{Channel, Request, Right};

use crate::casework::{CaseError, find, officer, read};
use crate::console::Staff;
use crate::desk::Desk;
use crate::door::Visitor;
use crate::ports::{Part, Record, StoreError};
use crate::requests::{self, Receipt, Receive, ReceiveError, requester};

/// The person disputes one record of theirs: it is not used from now on, and a person at the desk looks at it.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was received.
pub async fn dispute(
    desk: &Desk,
    visitor: &Visitor,
    record: RecordId,
    words: String,
    channel: Channel,
) -> Result<Receipt, ReceiveError> {
    let asked = Receive {
        right: Right::Rectification,
        channel,
        words,
        reply_to: String::new(),
    };
    let receipt = requests::receive(desk, Some(visitor), asked).await?;
    let own = own_records(desk, visitor.id(), |known| known.id == record).await?;
    note(
        desk,
        Actor::Subject(visitor.id()),
        (&receipt.request, visitor.id()),
        own,
    )
    .await?;
    Ok(receipt)
}

/// The person says which value is wrong: every record of theirs in which it stands is not used until that is decided.
/// Says how many those are.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was put aside.
pub async fn dispute_value(
    desk: &Desk,
    visitor: &Visitor,
    request: &Request,
    value: &str,
) -> Result<u64, ReceiveError> {
    let found = holding(desk, visitor.id(), value).await?;
    note(
        desk,
        Actor::Subject(visitor.id()),
        (request, visitor.id()),
        found,
    )
    .await
    .map_err(ReceiveError::from)
}

/// An officer puts aside what a letter or a call disputes, in all that is held of the persons of a request.
///
/// # Errors
///
/// [`CaseError::IdentityFirst`] where nobody is linked surely, [`CaseError::Nowhere`] if the value stands nowhere.
pub async fn put_aside(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    value: &str,
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    if request.stage.is_closed() || request.right != Right::Rectification {
        return Err(CaseError::Closed);
    }
    let file = read(desk, request).await?;
    let subjects: Vec<SubjectId> = file.subjects().collect();
    if subjects.is_empty() {
        return Err(CaseError::IdentityFirst);
    }
    let mut n = 0;
    for subject in subjects {
        let found = holding(desk, subject, value).await?;
        if !found.is_empty() {
            n += note(desk, staff.actor(), (&file.request, subject), found).await?;
        }
    }
    if n == 0 {
        return Err(CaseError::Nowhere);
    }
    Ok(())
}

/// The records of a person in which a value stands; also what was made of it.
async fn holding(
    desk: &Desk,
    subject: SubjectId,
    value: &str,
) -> Result<Vec<RecordId>, ReceiveError> {
    let wanted = value.trim().to_lowercase();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    own_records(desk, subject, |record| {
        // Whoever looks into a dispute must read what it is about; the register names that purpose.
        record
            .content
            .reveal(&permit)
            .is_ok_and(|content| content.to_lowercase().contains(&wanted))
    })
    .await
}

async fn own_records(
    desk: &Desk,
    subject: SubjectId,
    is_meant: impl Fn(&Record) -> bool,
) -> Result<Vec<RecordId>, ReceiveError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_subject(&permit, subject).await?;
    Ok(records
        .iter()
        // The file of a request is how it is looked into, and not what it is about.
        .filter(|record| matches!(record.part, Part::Said | Part::Answered | Part::Statement))
        .filter(|record| is_meant(record))
        .map(|record| record.id)
        .collect())
}

async fn note(
    desk: &Desk,
    actor: Actor,
    (request, subject): (&Request, SubjectId),
    records: Vec<RecordId>,
) -> Result<u64, StoreError> {
    if records.is_empty() {
        return Ok(0);
    }
    let now = desk.now();
    let entry = Entry::new(now, actor, Act::Disputed)
        .about(subject)
        .on(request.id.0);
    desk.store.dispute(request.id, records, now, entry).await
}
