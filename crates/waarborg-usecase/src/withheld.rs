//! What people had removed from answers, or corrected in them (F09). First a statement, and where that does not help the
//! passage goes. The list is one object of sealed records, each of keyed fingerprints.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;
use waarborg_detect::withheld::{Entry as Person, Instead, ListKey, Mark, Withheld};
use waarborg_domain::claim::Circumstances;
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::ids::{ObjectId, RecordId};
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::Personal;
use waarborg_domain::rights::Stage;

use crate::casework::{self, CaseError, file_record, find, officer, step};
use crate::console::Staff;
use crate::desk::{Desk, House};
use crate::ports::{Corrected, Onto, Part, Record, StoreError};
use crate::records::{self, Place};
use crate::requests::requester;

/// The object to which the whole list belongs: it is of no conversation and of no request.
const LIST: ObjectId = ObjectId(Uuid::from_u128(0x7761_6172_626f_7267_0000_6c69_7374_0001));

/// What an entry says that ended.
const ENDED: &str = "{}";

/// What is asked of answers about a person.
pub struct Ask<'a> {
    /// Their full names, each a way in which they are called.
    pub names: Vec<&'a str>,
    /// What stands around the name where this person is meant, and not a namesake.
    pub around: Vec<&'a str>,
    /// The statement that follows what answers say; `None` to leave the passage out.
    pub statement: Option<&'a str>,
}

/// What the file of a request says of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The entry on the list.
    pub entry: RecordId,
    /// A statement follows; else the passage is left out.
    pub is_statement: bool,
}

/// Puts a person on the list, from now on. What this request put there of the same person before, ends. The person's
/// answers elsewhere are not looked at.
///
/// # Errors
///
/// [`CaseError::IdentityFirst`] without a full name or something by which a namesake is told apart;
/// [`CaseError::NotDeclared`] if the register does not say for how long such a thing is kept.
pub async fn add(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    ask: &Ask<'_>,
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    if request.stage.is_closed() {
        return Err(CaseError::Closed);
    }
    let instead = match ask.statement {
        Some(statement) => Instead::Statement(statement.trim().to_owned()),
        None => Instead::Nothing,
    };
    let is_statement = ask.statement.is_some();
    let person =
        Person::new(&key(desk), &ask.names, &ask.around, instead).ok_or(CaseError::NoIdentifier)?;
    let now = desk.now();
    let place = Place {
        subject: request.subject,
        object: LIST,
        service: &desk.surfaces.rights.service,
        circumstances: &Circumstances::none(),
        first_message_at: now,
    };
    let category = &desk.surfaces.withheld_category;
    let record = records::new_record(desk, place, Part::Withheld, category, written(&person), now)
        .map_err(|_| CaseError::NotDeclared)?;
    let entry = record.id;
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let facts = Facts {
        detail: Some(how(is_statement)),
        ..Facts::default()
    };
    let line = Entry::new(now, staff.actor(), Act::AnswersWithheld)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    let file = casework::read(desk, request.clone()).await?;
    let list = desk.store.of_object(&permit, LIST).await?;
    let earlier = list.into_iter().filter(|record| {
        let is_filed = file.withheld.iter().any(|filed| filed.entry == record.id);
        is_filed && of(record, &permit).is_some_and(|known| is_same(&known, &person))
    });
    let earlier: Vec<Record> = earlier.collect();
    desk.store.put(&permit, vec![record], line).await?;
    for record in earlier {
        release(desk, staff, &permit, record).await?;
    }

    let filed = json!({"entry": entry.0.to_string(), "how": how(is_statement)}).to_string();
    let filed = file_record(desk, &request, Part::Withheld, filed)?;
    let onto = Onto::Stage(Stage::Working);
    let what = (how(is_statement), Act::RequestMoved);
    step(desk, staff, &request, vec![filed], onto, what).await
}

/// Takes an entry off the list: answers say again what they say.
///
/// # Errors
///
/// [`CaseError::Missing`] if there is no such entry.
pub async fn end(desk: &Desk, staff: &Staff, entry: RecordId) -> Result<(), CaseError> {
    officer(staff)?;
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = desk.store.of_object(&permit, LIST).await?;
    let record = records
        .into_iter()
        .find(|record| record.id == entry)
        .ok_or(CaseError::Missing)?;
    release(desk, staff, &permit, record).await
}

async fn release(
    desk: &Desk,
    staff: &Staff,
    permit: &Permit<'_>,
    record: Record,
) -> Result<(), CaseError> {
    let line = Entry::new(desk.now(), staff.actor(), Act::AnswersReleased)
        .for_purpose(&desk.surfaces.rights.purpose)
        .about(record.subject);
    let ended = Corrected {
        id: record.id,
        subject: record.subject,
        content: Personal::new(record.category.clone(), ENDED.to_owned()),
    };
    let correcting = desk.store.correct(permit, vec![ended], desk.now(), line);
    correcting.await?;
    Ok(())
}

/// Takes the list over from the store, if it changed. Twice a second, and after each change here.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer; the list stays as it was.
pub async fn refresh(house: &House) -> Result<(), StoreError> {
    let desk = house.desk();
    let Ok(permit) = desk.permit(&desk.surfaces.rights, &requester()) else {
        // Without a rights desk nothing was ever put on it.
        return Ok(());
    };
    let records = desk.store.of_object(&permit, LIST).await?;
    let persons = records.iter().filter_map(|record| of(record, &permit));
    let persons: Vec<Person> = persons.collect();
    if persons != desk.withholding.list.entries() {
        house.withhold(Arc::new(Withheld::new(key(&desk), persons)));
    }
    Ok(())
}

fn of(record: &Record, permit: &Permit<'_>) -> Option<Person> {
    // Answers, and other entries of the request, are compared with it; the register names the purpose of the desk
    // that put it there.
    record
        .content
        .reveal(permit)
        .ok()
        .and_then(|text| read(text))
}

/// Whether two entries are of one person, who is called the same in both.
fn is_same(one: &Person, other: &Person) -> bool {
    one.names.iter().any(|name| other.names.contains(name))
}

/// What a file says of answers, as it was put there.
pub(crate) fn read_filed(sealed: &str) -> Option<Filed> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    Some(Filed {
        entry: RecordId(value.get("entry")?.as_str()?.parse().ok()?),
        is_statement: value.get("how")?.as_str()? == how(true),
    })
}

const fn how(is_statement: bool) -> &'static str {
    if is_statement {
        "statement"
    } else {
        "left_out"
    }
}

fn key(desk: &Desk) -> ListKey {
    ListKey::new(desk.secrets.conversation_key(&[b"withheld from answers"]))
}

fn written(person: &Person) -> String {
    let list = |marks: &[Mark]| marks.iter().map(hex).collect::<Vec<_>>();
    let statement = match &person.instead {
        Instead::Nothing => None,
        Instead::Statement(statement) => Some(statement),
    };
    json!({
        "names": list(&person.names),
        "short": list(&person.short),
        "around": list(&person.around),
        "statement": statement,
    })
    .to_string()
}

fn read(sealed: &str) -> Option<Person> {
    let value: Value = serde_json::from_str(sealed).ok()?;
    let list = |name: &str| -> Option<Vec<Mark>> {
        let marks = value.get(name)?.as_array()?;
        marks.iter().map(|mark| unhex(mark.as_str()?)).collect()
    };
    Some(Person {
        names: list("names")?,
        short: list("short")?,
        around: list("around")?,
        instead: match value.get("statement").and_then(Value::as_str) {
            Some(statement) => Instead::Statement(statement.to_owned()),
            None => Instead::Nothing,
        },
    })
}

pub(crate) fn hex(mark: &Mark) -> String {
    format!("{:032x}", u128::from_be_bytes(*mark))
}

pub(crate) fn unhex(text: &str) -> Option<Mark> {
    Some(u128::from_str_radix(text, 16).ok()?.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_back_and_holds_no_name() {
        let key = ListKey::new([1; 32]);
        for instead in [Instead::Nothing, Instead::Statement("Zo is het.".into())] {
            let person = Person::new(&key, &["Jan de Vries"], &["Utrecht"], instead).unwrap();
            let text = written(&person);
            assert!(!text.contains("Vries") && !text.contains("Utrecht"));
            assert_eq!(read(&text), Some(person));
        }
        assert_eq!(read(ENDED), None);
    }

    #[test]
    fn entries_are_of_one_person_if_a_name_is_the_same() {
        let key = ListKey::new([1; 32]);
        let person = |names: &[&str]| Person::new(&key, names, &["Utrecht"], Instead::Nothing);
        let jan = person(&["Jan de Vries"]).unwrap();
        let also = person(&["Johan Bakker", "Jan Pieter de Vries"]).unwrap();
        let zoe = person(&["Zoë Müller"]).unwrap();
        assert!(is_same(&jan, &also) && is_same(&also, &jan));
        assert!(!is_same(&jan, &zoe));
    }
}
