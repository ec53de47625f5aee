//! Was who asks in a prompt, also when they never used the service? An officer looks it up; nobody else can.

use jiff::Timestamp;
use serde_json::{Value, json};
use waarborg_domain::decision::Identity;
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::rights::Stage;

use super::{CaseError, File, file_record, find, officer, shown_by_code, step};
use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::{ErasureReceipt, Mark, Onto, Part, Place, Seen};
use crate::sightings::{mark_of, marks_in_names};

/// What was looked up in prompts, and what is known of it. The identifiers themselves are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// How sure it is that the identifiers are of who asks.
    pub identity: Identity,
    /// The labels of their kinds.
    pub kinds: Vec<String>,
    /// Their keyed fingerprints.
    pub marks: Vec<Mark>,
    /// Where they stood.
    pub seen: Vec<Seen>,
}

/// Looks up whether identifiers of who asks stood in prompts, and puts the outcome in the file. The log says who looked.
///
/// # Errors
///
/// [`CaseError::IdentityFirst`] where only the channel says whose they are; [`CaseError::NoIdentifier`] if there is
/// none in the text.
pub async fn look(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    (text, identity): (&str, Identity),
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    if request.stage.is_closed() {
        return Err(CaseError::Closed);
    }
    if identity == Identity::Channel {
        // A stranger would learn by the answer who is known.
        return Err(CaseError::IdentityFirst);
    }
    shown_by_code(desk, &request, identity).await?;
    let findings = desk
        .finder
        .find(text)
        .map_err(|_| CaseError::NoIdentifier)?;
    let mut kinds = Vec::new();
    let mut marks = Vec::new();
    for finding in findings {
        let value = text.get(finding.span.clone()).unwrap_or_default();
        if let Some(mark) = mark_of(&*desk.secrets, finding.kind, value)
            && !marks.contains(&mark)
        {
            kinds.push(finding.kind.label().to_owned());
            marks.push(mark);
            // A program may have called something after it.
            marks.extend(marks_in_names(&*desk.secrets, finding.kind, value));
        }
    }
    if marks.is_empty() {
        return Err(CaseError::NoIdentifier);
    }
    let seen = desk.store.seen(marks.clone()).await?;
    let facts = Facts {
        n_records: u64::try_from(seen.len()).ok(),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), staff.actor(), Act::SightingsRead)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    desk.store.record(entry).await?;

    let looked = Looked {
        identity,
        kinds,
        marks,
        seen,
    };
    let record = file_record(desk, &request, Part::Seen, written(&looked))?;
    let onto = Onto::Stage(Stage::Working);
    let what = (identity.name(), Act::RequestMoved);
    step(desk, staff, &request, vec![record], onto, what).await
}

/// What is known of one identifier, as the person may take it along.
pub(super) fn as_given(seen: &Seen) -> String {
    json!({
        "kind": seen.kind, "service": seen.service, "recipient": seen.recipient,
        "first_on": seen.first_on.to_string(), "last_on": seen.last_on.to_string(),
        "prompts": seen.n, "not_replaced": seen.n_plain, "known_until": seen.until.to_string(),
    })
    .to_string()
}

/// Forgets the identifiers that were looked up for this request.
pub(super) async fn forget(
    desk: &Desk,
    staff: &Staff,
    file: &File,
) -> Result<Option<ErasureReceipt>, CaseError> {
    let marks: Vec<Mark> = file
        .looked
        .iter()
        .flat_map(|looked| looked.marks.iter().copied())
        .collect();
    if marks.is_empty() {
        return Ok(None);
    }
    let now = desk.now();
    let entry = Entry::new(now, staff.actor(), Act::SightingsErased)
        .about(file.request.subject)
        .on(file.request.id.0);
    let n = desk.store.forget_seen(marks, now, entry).await?;
    let place = Place {
        place: "fingerprints of prompts",
        state: "erased",
        n,
    };
    Ok(Some(ErasureReceipt {
        n_records: n,
        places: vec![place],
        ..ErasureReceipt::default()
    }))
}

fn written(looked: &Looked) -> String {
    let seen = looked.seen.iter().map(|seen| {
        json!({
            "mark": hex(&seen.mark), "kind": seen.kind, "service": seen.service, "recipient": seen.recipient,
            "first_on": seen.first_on.to_string(), "last_on": seen.last_on.to_string(),
            "n": seen.n, "n_plain": seen.n_plain, "until": seen.until.to_string(),
        })
    });
    json!({
        "identity": looked.identity.name(),
        "kinds": looked.kinds,
        "marks": looked.marks.iter().map(hex).collect::<Vec<_>>(),
        "seen": seen.collect::<Vec<_>>(),
    })
    .to_string()
}

pub(super) fn read_looked(sealed: &str) -> Option<Looked> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let list = |name: &str| value.get(name)?.as_array();
    Some(Looked {
        identity: Identity::parse(value.get("identity")?.as_str()?)?,
        kinds: list("kinds")?
            .iter()
            .filter_map(|kind| kind.as_str().map(str::to_owned))
            .collect(),
        marks: list("marks")?
            .iter()
            .map(|mark| mark_in(mark.as_str()?))
            .collect::<Option<_>>()?,
        seen: list("seen")?.iter().map(seen_in).collect::<Option<_>>()?,
    })
}

fn seen_in(value: &Value) -> Option<Seen> {
    let text = |name: &str| value.get(name)?.as_str();
    let until: Timestamp = text("until")?.parse().ok()?;
    Some(Seen {
        mark: mark_in(text("mark")?)?,
        kind: text("kind")?.to_owned(),
        service: text("service")?.to_owned(),
        recipient: text("recipient")?.to_owned(),
        first_on: text("first_on")?.parse().ok()?,
        last_on: text("last_on")?.parse().ok()?,
        n: value.get("n")?.as_u64()?,
        n_plain: value.get("n_plain")?.as_u64()?,
        until,
    })
}

fn hex(mark: &Mark) -> String {
    use std::fmt::Write as _;
    mark.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn mark_in(text: &str) -> Option<Mark> {
    let mut mark = Mark::default();
    if text.len() != mark.len() * 2 {
        return None;
    }
    for (place, byte) in mark.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_is_read_back() {
        let looked = Looked {
            identity: Identity::Human,
            kinds: vec!["EMAIL".into()],
            marks: vec![[0xa7; 32]],
            seen: vec![Seen {
                mark: [0xa7; 32],
                kind: "EMAIL".into(),
                service: "gateway".into(),
                recipient: "model".into(),
                first_on: jiff::civil::date(2026, 11, 1),
                last_on: jiff::civil::date(2026, 11, 3),
                n: 4,
                n_plain: 1,
                until: Timestamp::UNIX_EPOCH,
            }],
        };
        assert_eq!(read_looked(&written(&looked)), Some(looked));
        assert_eq!(read_looked("{}"), None);
    }
}
