//! The person has what they provided given to another controller directly (article 20(2)): a link that works once, with
//! a code that the person hands over. Nothing is sent anywhere by itself.

use std::collections::BTreeSet;

use jiff::Timestamp;
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{RequestId, Token};
use waarborg_domain::rights::{Channel, Request, Right, Stage};

use crate::casework::{self, Copy, has_copy, read};
use crate::desk::Desk;
use crate::disclosures;
use crate::door::Visitor;
use crate::exports::{self, Provided};
use crate::ports::{Mark, Opening, OpeningKind, Part};
use crate::requests::{self, Receipt, Receive, ReceiveError, requester};

/// The term of the register that says how long the link waits, and how often somebody may be wrong in the code.
pub const TERM: &str = "transfer_link";

/// What the person hands over.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The link's secret.
    pub link: Token,
    /// The code, of eight digits.
    pub code: String,
    /// Until when it works.
    pub until: Timestamp,
}

/// What goes to the other controller.
#[derive(Debug)]
pub enum Given {
    /// What the person provided, as they take it along themselves.
    Provided(Vec<Provided>),
    /// What the desk granted on a request.
    Copy(Box<Copy>),
}

/// The person names who shall have what they provided, and gets a link and a code for them.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was prepared.
pub async fn prepare(
    desk: &Desk,
    visitor: &Visitor,
    to: &str,
    channel: Channel,
) -> Result<(Receipt, Prepared), ReceiveError> {
    let asked = Receive {
        right: Right::Portability,
        channel,
        words: String::new(),
        reply_to: String::new(),
    };
    let receipt = requests::receive_at_once(desk, visitor, asked).await?;
    let prepared = add(desk, &receipt.request, to).await?;
    requests::move_to(desk, Actor::House, &receipt.request, Stage::Answered).await?;
    Ok((receipt, prepared))
}

/// The same for what the desk granted on a request for portability; `None` where nothing was granted.
///
/// # Errors
///
/// [`ReceiveError`] if nothing was prepared.
pub async fn prepare_granted(
    desk: &Desk,
    request: &Request,
    to: &str,
) -> Result<Option<Prepared>, ReceiveError> {
    if request.right != Right::Portability || !has_copy(request) {
        return Ok(None);
    }
    add(desk, request, to).await.map(Some)
}

/// The other controller opens the link with the code. Who gets what is noted for the person, and in the log, in the same
/// step that uses the link up: who is stopped before that may open it again. `None` for what was used, has ended, was
/// wrong or never was.
///
/// # Errors
///
/// [`ReceiveError`] if the store cannot answer.
pub async fn open(
    desk: &Desk,
    link: &Token,
    code: &str,
) -> Result<Option<(Request, Given)>, ReceiveError> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let mark = mark_of_link(desk, link);
    let code = mark_of_code(desk, link, &digits);
    let Some(request) = desk.store.try_transfer(mark, code, desk.now()).await? else {
        return Ok(None);
    };
    let file = read(desk, request.clone()).await.map_err(of_case)?;
    let to = file.transfers.last().cloned().unwrap_or_default();
    let copied = if file.decided.is_some() {
        casework::copy(desk, &request).await.map_err(of_case)?
    } else {
        None
    };
    let given = match copied {
        Some(copy) => Given::Copy(Box::new(copy)),
        None => Given::Provided(exports::provided_by(desk, request.subject).await?),
    };
    let categories: BTreeSet<String> = match &given {
        Given::Provided(all) => all.iter().map(|one| one.category.clone()).collect(),
        Given::Copy(copy) => copy
            .pieces
            .iter()
            .map(|piece| piece.category.clone())
            .collect(),
    };
    let categories: Vec<String> = categories.into_iter().collect();
    let linked: BTreeSet<_> = file.subjects().collect();
    let subjects = if linked.is_empty() {
        BTreeSet::from([request.subject])
    } else {
        linked
    };
    let mut noted = Vec::new();
    let mut entries = Vec::new();
    for subject in subjects {
        let (record, entry) = disclosures::transfer_note(desk, subject, &to, categories.clone())?;
        noted.push(record);
        entries.push(entry);
    }
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let was_first = desk.store.use_transfer(&permit, mark, noted, entries);
    Ok(was_first.await?.then_some((request, given)))
}

async fn add(desk: &Desk, request: &Request, to: &str) -> Result<Prepared, ReceiveError> {
    let now = desk.now();
    let link = desk.ids.token();
    let code = crate::sureness::code_of(desk);
    let until = desk.term_ends_at(TERM, now);
    let transfer = Opening {
        id: desk.ids.id(now),
        request: RequestId(request.id.0),
        kind: OpeningKind::Transfer,
        fingerprint: mark_of_link(desk, &link),
        second: Some(mark_of_code(desk, &link, &code)),
        expires_at: until,
        n_left: desk.register.times_in(TERM).unwrap_or(0),
        mailed_to: None,
    };
    let category = desk.surfaces.rights.category.clone();
    let named = to.trim().to_owned();
    let record = requests::case_record(desk, request, Part::Transfer, &category, named)?;
    let entry = Entry::new(now, Actor::Subject(request.subject), Act::TransferPrepared)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(request.subject)
        .on(request.id.0);
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    desk.store
        .add_transfer(&permit, transfer, vec![record], entry)
        .await?;
    Ok(Prepared { link, code, until })
}

fn of_case(fault: casework::CaseError) -> ReceiveError {
    match fault {
        casework::CaseError::Store(store) => ReceiveError::Store(store),
        casework::CaseError::NotAllowed(refusal) => ReceiveError::NotAllowed(refusal),
        _ => ReceiveError::NoDesk,
    }
}

fn mark_of_link(desk: &Desk, link: &Token) -> Mark {
    desk.secrets
        .conversation_key(&[b"link for another controller", link.bytes()])
}

fn mark_of_code(desk: &Desk, link: &Token, digits: &str) -> Mark {
    desk.secrets.conversation_key(&[
        b"code for another controller",
        link.bytes(),
        digits.as_bytes(),
    ])
}
