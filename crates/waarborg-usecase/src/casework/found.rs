//! What is found of the persons that a request is about, and which slices a decision must cover.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use waarborg_domain::consent;
use waarborg_domain::decision::{About, Slice, Verdict, proposal};
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::ids::SubjectId;
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::{Applies, Right};

use super::{CaseError, File, officer};
use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::{Part, Record};
use crate::requests::requester;

/// One slice that a decision must cover, with what the law says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is about.
    pub about: About,
    /// How many records are in it.
    pub n_records: u64,
    /// What is proposed.
    pub proposed: Verdict,
    /// What the matrix of rights says.
    pub applies: Applies,
    /// Until when it is kept without a decision, where that is known of all of it.
    pub until: Option<Timestamp>,
}

/// One piece of data in the pack.
#[derive(Debug)]
pub struct Piece {
    /// Its category in the register.
    pub category: String,
    /// The service for which it is kept.
    pub service: String,
    /// What part of what it is.
    pub part: Part,
    /// When it came to be.
    pub created_at: Timestamp,
    /// What is held.
    pub content: zeroize::Zeroizing<String>,
}

/// All that was found.
#[derive(Debug, Default)]
pub struct Pack {
    /// The pieces, oldest first.
    pub pieces: Vec<Piece>,
    /// Records that do not open for this purpose.
    pub n_unreadable: usize,
}

/// The content of what was found, for an officer who must decide. The log says so, about each person.
///
/// # Errors
///
/// [`CaseError`] if the role or the register does not allow it.
pub async fn pack(desk: &Desk, staff: &Staff, file: &File) -> Result<Pack, CaseError> {
    officer(staff)?;
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let mut pack = Pack::default();
    for subject in subjects(file) {
        let records = records_of(desk, &permit, file, subject).await?;
        let facts = Facts {
            n_records: u64::try_from(records.len()).ok(),
            detail: Some("pack"),
            ..Facts::default()
        };
        let entry = Entry::new(desk.now(), staff.actor(), Act::RecordsRead)
            .for_purpose(&desk.surfaces.rights.purpose)
            .about(subject)
            .on(file.request.id.0)
            .with(facts);
        desk.store.record(entry).await?;
        for record in records {
            let (category, service) = (record.category.to_string(), record.service.clone());
            let (part, created_at) = (record.part, record.created_at);
            // Who decides over data must see it; the register names that purpose.
            match record.content.into_revealed(&permit) {
                Ok(content) => pack.pieces.push(Piece {
                    category,
                    service,
                    part,
                    created_at,
                    content,
                }),
                Err(_) => pack.n_unreadable += 1,
            }
        }
    }
    Ok(pack)
}

/// The slices that a decision on this request must cover; always at least one.
///
/// # Errors
///
/// [`CaseError`] if the register does not allow it, or the store cannot answer.
pub async fn slices(desk: &Desk, file: &File) -> Result<Vec<Found>, CaseError> {
    let right = file.request.right;
    let mut found = match right {
        Right::Access
        | Right::Rectification
        | Right::Erasure
        | Right::Restriction
        | Right::Portability => held(desk, file).await?,
        Right::Objection => objectionable(desk, file).await?,
        Right::Withdrawal => consented(desk, file).await?,
        Right::HumanReview | Right::Information | Right::Recipients | Right::Complaint => {
            Vec::new()
        }
    };
    if found.is_empty() {
        found.push(Found {
            about: About::Whole,
            n_records: 0,
            proposed: Verdict::Granted,
            applies: Applies::Always,
            until: None,
        });
    }
    Ok(found)
}

/// Whether anybody is known here by this number, as the person finds it on the page with their data.
///
/// # Errors
///
/// [`CaseError::Missing`] if nobody is.
pub async fn look_up(desk: &Desk, number: &str) -> Result<SubjectId, CaseError> {
    let subject = number
        .trim()
        .parse()
        .map(SubjectId)
        .map_err(|_| CaseError::Missing)?;
    let person = desk.store.person(subject).await?;
    person.map(|person| person.id).ok_or(CaseError::Missing)
}

/// The persons of a file, each once.
pub(super) fn subjects(file: &File) -> BTreeSet<SubjectId> {
    file.subjects().collect()
}

/// What is kept of a person, without the file of the request itself.
pub(super) async fn records_of(
    desk: &Desk,
    permit: &Permit<'_>,
    file: &File,
    subject: SubjectId,
) -> Result<Vec<Record>, CaseError> {
    let mut records = desk.store.of_subject(permit, subject).await?;
    records.retain(|record| record.object.0 != file.request.id.0);
    Ok(records)
}

async fn held(desk: &Desk, file: &File) -> Result<Vec<Found>, CaseError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let mut slices: BTreeMap<Slice, (u64, Option<Timestamp>)> = BTreeMap::new();
    for subject in subjects(file) {
        for record in records_of(desk, &permit, file, subject).await? {
            for claim in &record.claims {
                let slice = Slice {
                    category: record.category.to_string(),
                    purpose: claim.rule.purpose.to_string(),
                    basis: claim.rule.basis,
                };
                let known = slices.entry(slice).or_insert((0, claim.ends_at));
                known.0 += 1;
                known.1 = known
                    .1
                    .zip(claim.ends_at)
                    .map(|(one, other)| one.max(other));
            }
        }
    }
    let right = file.request.right;
    Ok(slices
        .into_iter()
        .map(|(slice, (n_records, until))| found(right, slice, n_records, until))
        .collect())
}

/// What the register lets be objected to, of what is kept of the person or was objected to by them already.
async fn objectionable(desk: &Desk, file: &File) -> Result<Vec<Found>, CaseError> {
    let mut slices = held(desk, file).await?;
    slices.retain(|known| match &known.about {
        About::Slice(slice) => slice.basis.can_be_objected_to(),
        About::Whole => false,
    });
    let mut objected = BTreeSet::new();
    for subject in subjects(file) {
        let person = desk.store.person(subject).await?;
        objected.extend(person.into_iter().flat_map(|person| person.objections));
    }
    for processing in desk.register.processings() {
        let purpose = processing.purpose.as_str();
        if !processing.basis.can_be_objected_to() || !objected.contains(purpose) {
            continue;
        }
        for category in &processing.categories {
            let slice = Slice {
                category: category.to_string(),
                purpose: purpose.to_owned(),
                basis: processing.basis,
            };
            let is_known = |known: &Found| known.about == About::Slice(slice.clone());
            if !slices.iter().any(is_known) {
                slices.push(found(Right::Objection, slice, 0, None));
            }
        }
    }
    Ok(slices)
}

/// What stands on a consent that the person gave.
async fn consented(desk: &Desk, file: &File) -> Result<Vec<Found>, CaseError> {
    let mut purposes = BTreeSet::new();
    for subject in subjects(file) {
        if let Some(person) = desk.store.person(subject).await? {
            let standing = consent::standing(&person.consents);
            purposes.extend(standing.into_iter().map(|line| line.purpose.clone()));
        }
    }
    let mut seen = BTreeSet::new();
    for processing in desk.register.processings() {
        let basis = processing.basis;
        let stands = basis == waarborg_domain::register::Basis::Consent
            && purposes.contains(processing.purpose.as_str());
        for category in processing.categories.iter().filter(|_| stands) {
            seen.insert(Slice {
                category: category.to_string(),
                purpose: processing.purpose.to_string(),
                basis,
            });
        }
    }
    Ok(seen
        .into_iter()
        .map(|slice| found(Right::Withdrawal, slice, 0, None))
        .collect())
}

fn found(right: Right, slice: Slice, n_records: u64, until: Option<Timestamp>) -> Found {
    let (proposed, applies) = proposal(right, slice.basis);
    Found {
        about: About::Slice(slice),
        n_records,
        proposed,
        applies,
        until,
    }
}
