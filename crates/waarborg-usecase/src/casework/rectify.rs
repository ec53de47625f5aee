//! Rectification (article 16): a wrong value is corrected where the person gave it; for the rest their statement is added.

use std::ops::Range;

use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::Personal;

use super::found::{records_of, subjects};
use super::{CaseError, File, Filed};
use crate::chat;
use crate::console::Staff;
use crate::desk::Desk;
use crate::exports::is_provided;
use crate::ports::{Corrected, NewRecord, Part, Record};
use crate::requests::requester;

/// A value that is wrong, and what it must be.
#[derive(Clone, PartialEq, Eq)]
pub struct Correction {
    /// What stands there.
    pub wrong: String,
    /// What must stand there.
    pub right: String,
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Correction")
    }
}

/// What is rectified, where that was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rectification {
    /// What is corrected in what the person gave.
    pub correction: Option<Correction>,
    /// What is added to the rest, as the person states it.
    pub statement: Option<String>,
}

/// Whether what is to be corrected stands somewhere in what the persons of a request gave.
pub(super) async fn stands_somewhere(
    desk: &Desk,
    file: &File,
    filed: &Filed,
) -> Result<bool, CaseError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    for subject in subjects(file) {
        let records = records_of(desk, &permit, file, subject).await?;
        if !corrected(desk, &permit, filed, &records).is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Corrects and adds. Says how many records were corrected. May be repeated: what is right already stays so.
pub(super) async fn rectify(
    desk: &Desk,
    staff: &Staff,
    file: &File,
    filed: &Filed,
    subject: SubjectId,
) -> Result<u64, CaseError> {
    let rectification = &filed.rectification;
    let statement = rectification
        .statement
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    if statement.is_none() && rectification.correction.is_none() {
        return Err(CaseError::WithoutReasons);
    }
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = records_of(desk, &permit, file, subject).await?;
    let now = desk.now();
    let entry = |n_records: u64| {
        let facts = Facts {
            n_records: Some(n_records),
            ..Facts::default()
        };
        Entry::new(now, staff.actor(), Act::Rectified)
            .for_purpose(&desk.surfaces.rights.purpose)
            .about(subject)
            .on(file.request.id.0)
            .with(facts)
    };

    let mut n_corrected = 0;
    let right = corrected(desk, &permit, filed, &records);
    if !right.is_empty() {
        let n = u64::try_from(right.len()).unwrap_or(u64::MAX);
        let correcting = desk.store.correct(&permit, right, now, entry(n));
        n_corrected = correcting.await?;
    }
    if let Some(statement) = statement {
        let about = statement_on(desk, &permit, filed, &records, statement);
        if let Some(record) = about {
            desk.store.put(&permit, vec![record], entry(1)).await?;
        }
    }
    Ok(n_corrected)
}

/// The records in which the wrong value stands, as they must be.
fn corrected(
    desk: &Desk,
    permit: &Permit<'_>,
    filed: &Filed,
    records: &[Record],
) -> Vec<Corrected> {
    let Some(Correction { wrong, right }) = &filed.rectification.correction else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for record in records {
        if !is_granted(filed, record) || !is_provided(desk, record) {
            continue;
        }
        // Who corrects it must read it; the register names that purpose.
        let Ok(content) = record.content.reveal(permit) else {
            continue;
        };
        let content = if record.part == Part::Said {
            chat::corrected(content, |text| with_value(text, wrong, right))
        } else {
            with_value(content, wrong, right)
        };
        if let Some(content) = content {
            found.push(Corrected {
                id: record.id,
                subject: record.subject,
                content: Personal::new(record.category.clone(), content),
            });
        }
    }
    found
}

/// The statement as a record beside the newest of what it is about, for as long as that is kept; `None` if it stands
/// there already, or nothing is kept.
fn statement_on(
    desk: &Desk,
    permit: &Permit<'_>,
    filed: &Filed,
    records: &[Record],
    statement: &str,
) -> Option<NewRecord> {
    let is_stated = records.iter().any(|record| {
        record.part == Part::Statement
            // Whether the same statement stands there already, after a crash.
            && record.content.reveal(permit).is_ok_and(|known| known == statement)
    });
    if is_stated {
        return None;
    }
    let about = records
        .iter()
        .rev()
        .find(|record| is_granted(filed, record))?;
    let now = desk.now();
    Some(NewRecord {
        id: RecordId(desk.ids.id(now)),
        object: ObjectId(about.object.0),
        subject: about.subject,
        service: about.service.clone(),
        part: Part::Statement,
        content: Personal::new(about.category.clone(), statement.to_owned()),
        register_version: desk.register.version().to_owned(),
        created_at: now,
        claims: about.claims.clone(),
    })
}

fn is_granted(filed: &Filed, record: &Record) -> bool {
    filed
        .decision
        .granted()
        .any(|slice| record.category == *slice.category)
}

/// A text with a value replaced wherever it stands as a whole, and not in the right one: what was corrected before,
/// stays. `None` if it does so nowhere.
fn with_value(text: &str, wrong: &str, right: &str) -> Option<String> {
    if wrong.is_empty() {
        return None;
    }
    let already: Vec<Range<usize>> = whole_in(text, right).collect();
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    let mut is_found = false;
    while let Some(at) = rest.find(wrong) {
        let (head, tail) = rest.split_at(at);
        let after = tail.get(wrong.len()..).unwrap_or_default();
        let left = head.chars().next_back().or(before);
        let is_whole = !joins(left, wrong.chars().next())
            && !joins(wrong.chars().next_back(), after.chars().next());
        let end = text.len() - after.len();
        let is_right =
            |stands: &Range<usize>| stands.start + wrong.len() <= end && end <= stands.end;
        let is_whole = is_whole && !already.iter().any(is_right);
        made.push_str(head);
        made.push_str(if is_whole { right } else { wrong });
        is_found |= is_whole;
        before = wrong.chars().next_back();
        rest = after;
    }
    made.push_str(rest);
    is_found.then_some(made)
}

/// Where a value stands as a whole in a text.
fn whole_in(text: &str, value: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(value).filter_map(|(start, value)| {
        let end = start + value.len();
        let left = text.get(..start)?.chars().next_back();
        let right = text.get(end..)?.chars().next();
        let is_whole =
            !joins(left, value.chars().next()) && !joins(value.chars().next_back(), right);
        is_whole.then_some(start..end)
    })
}

fn joins(one: Option<char>, other: Option<char>) -> bool {
    one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_replaced_where_it_stands_whole() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                with_value(text, "Jan", "Piet").as_deref(),
                expected,
                "{text}"
            );
        };
        check("Jan", Some("Piet"));
        check("Ik ben Jan, ja Jan.", Some("Ik ben Piet, ja Piet."));
        check("Januari met Jan", Some("Januari met Piet"));
        check("In januari of Januari", None);
        check("", None);
        assert_eq!(
            with_value("straat 12, 12a en 112", "12", "14").as_deref(),
            Some("straat 14, 12a en 112")
        );
    }

    #[test]
    fn what_was_corrected_is_not_corrected_again() {
        let again = |text: &str| with_value(text, "Jansen", "Jansen-Bakker");
        let once = again("Ik ben Jansen.").unwrap();
        assert_eq!(once, "Ik ben Jansen-Bakker.");
        assert_eq!(again(&once), None);
        assert_eq!(
            again("Jansen-Bakker of Jansen").as_deref(),
            Some("Jansen-Bakker of Jansen-Bakker")
        );
        assert_eq!(
            again("Jansen-Bakkerij").as_deref(),
            Some("Jansen-Bakker-Bakkerij"),
            "another word"
        );
        assert_eq!(with_value("de Jong", "Jong", "de Jong"), None);
        assert_eq!(with_value("Jan", "Jan", "").as_deref(), Some(""));
    }
}
