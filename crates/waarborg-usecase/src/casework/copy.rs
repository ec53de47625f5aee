//! The copy that a person gets by their request's code, once the desk said yes; others in it are made unreadable.

use std::collections::BTreeSet;

use waarborg_detect::Kind;
use waarborg_domain::decision::{Identity, Slice};
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::register::Basis;
use waarborg_domain::rights::{Request, Right, Stage};

use super::found::{Piece, records_of};
use super::look::as_given;
use super::{CaseError, File, read};
use crate::desk::Desk;
use crate::ports::{Part, Record};
use crate::requests::requester;

/// What stands in the place of another person (articles 15(4) and 20(4)).
pub const OTHER_PERSON: &str = "[…]";

/// The copy.
#[derive(Debug, Default)]
pub struct Copy {
    /// What is held, oldest first.
    pub pieces: Vec<Piece>,
    /// How many times another person was made unreadable.
    pub n_others: usize,
    /// Pieces that are left out, because nobody could say whether others are in them.
    pub n_left_out: usize,
}

/// Whether a request may have a copy: it asks for one, and was not refused.
#[must_use]
pub fn has_copy(request: &Request) -> bool {
    let is_given = matches!(request.stage, Stage::Answered | Stage::PartlyAnswered);
    is_given && matches!(request.right, Right::Access | Right::Portability)
}

/// The copy that was granted on a request for access or portability; `None` where none was.
///
/// # Errors
///
/// [`CaseError`] if the register does not allow it, or the store cannot answer.
pub async fn copy(desk: &Desk, request: &Request) -> Result<Option<Copy>, CaseError> {
    if !has_copy(request) {
        return Ok(None);
    }
    let file = read(desk, request.clone()).await?;
    let granted: Vec<Slice> = match &file.decided {
        Some(decided) if decided.decision.fee_cents.is_none() => {
            decided.decision.granted().cloned().collect()
        }
        _ => return Ok(None),
    };
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let own = own_identifiers(desk, &file);
    let mut copy = Copy::default();
    for link in file
        .links
        .iter()
        .filter(|link| link.identity != Identity::Channel)
    {
        for record in records_of(desk, &permit, &file, link.subject).await? {
            if !is_granted(&record, &granted) || !is_asked(request.right, &record) {
                continue;
            }
            let piece = (
                record.category.to_string(),
                record.service.clone(),
                record.part,
                record.created_at,
            );
            // The person receives a copy of their own data (article 15(3)).
            let Ok(content) = record.content.into_revealed(&permit) else {
                copy.n_left_out += 1;
                continue;
            };
            // Who was here in that session wrote or read it all before.
            let content = if link.identity == Identity::Session {
                Some((content, 0))
            } else {
                without_others(desk, &content, &own)
            };
            let Some((content, n_others)) = content else {
                copy.n_left_out += 1;
                continue;
            };
            copy.n_others += n_others;
            let (category, service, part, created_at) = piece;
            copy.pieces.push(Piece {
                category,
                service,
                part,
                created_at,
                content,
            });
        }
    }
    if request.right == Right::Access {
        copy.pieces.extend(file.seen().map(|seen| Piece {
            category: desk.surfaces.sightings_category.clone(),
            service: seen.service.clone(),
            part: Part::Seen,
            created_at: desk.now(),
            content: as_given(seen).into(),
        }));
    }
    let facts = Facts {
        n_records: u64::try_from(copy.pieces.len()).ok(),
        ..Facts::default()
    };
    let entry = Entry::new(
        desk.now(),
        Actor::Subject(request.subject),
        Act::AccessGiven,
    )
    .for_purpose(&desk.surfaces.rights.purpose)
    .about(request.subject)
    .on(request.id.0)
    .with(facts);
    desk.store.record(entry).await?;
    Ok(Some(copy))
}

fn is_granted(record: &Record, granted: &[Slice]) -> bool {
    record.claims.iter().any(|claim| {
        granted
            .iter()
            .any(|slice| record.category == *slice.category && claim.rule.purpose == *slice.purpose)
    })
}

/// Portability is what was provided, on consent or contract.
fn is_asked(right: Right, record: &Record) -> bool {
    if right == Right::Access {
        return true;
    }
    let is_based = record
        .claims
        .iter()
        .any(|claim| matches!(claim.rule.basis, Basis::Consent | Basis::Contract));
    is_based
        && matches!(
            record.part,
            Part::Said | Part::Contact | Part::Words | Part::Statement
        )
}

/// What the person says of themselves in the request: that is not another person.
fn own_identifiers(desk: &Desk, file: &File) -> BTreeSet<String> {
    let texts = [file.words.as_deref(), file.contact.as_deref()];
    let mut own = BTreeSet::new();
    for text in texts.into_iter().flatten() {
        let found = desk.finder.find(text).unwrap_or_default();
        let named = found
            .iter()
            .filter(|finding| names_somebody(finding.kind))
            .filter_map(|finding| text.get(finding.span.clone()));
        own.extend(named.map(folded));
    }
    own
}

/// The text without others, and how many times one was in it; `None` if nobody can say.
fn without_others(
    desk: &Desk,
    text: &str,
    own: &BTreeSet<String>,
) -> Option<(zeroize::Zeroizing<String>, usize)> {
    let findings = desk.finder.find(text).ok()?;
    let mut kept = zeroize::Zeroizing::new(String::with_capacity(text.len()));
    let mut read = 0;
    let mut n_others = 0;
    for finding in findings
        .iter()
        .filter(|finding| names_somebody(finding.kind))
    {
        let value = text.get(finding.span.clone())?;
        if own.contains(&folded(value)) {
            continue;
        }
        kept.push_str(text.get(read..finding.span.start)?);
        kept.push_str(OTHER_PERSON);
        read = finding.span.end;
        n_others += 1;
    }
    kept.push_str(text.get(read..)?);
    Some((kept, n_others))
}

fn folded(value: &str) -> String {
    value
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '@')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether a finding of this kind says who somebody is.
pub(crate) fn names_somebody(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Person
            | Kind::Email
            | Kind::Phone
            | Kind::Bsn
            | Kind::Iban
            | Kind::CreditCard
            | Kind::Address
            | Kind::DateOfBirth
            | Kind::LicencePlate
            | Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::IdNumber
            | Kind::Username
            | Kind::UrlPersonal
    )
}
