//! Persons, their answers and their conversations.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::consent::{Consent, ConsentAnswer};
use waarborg_domain::conversation::{Conversation, History};
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ConsentId, ObjectId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_usecase::ports::{Answer, Consents, Conversations, NewRecord, Person, Subjects};

use super::records::{Reader, refuse_stopped, reveal, seal_all};
use crate::archive::Archive;
use crate::claims;
use crate::engine::{Fault, Row, Session, Urgency, Work, values};
use crate::keys::Act;
use crate::ledger;

impl Subjects for Archive {
    fn add_subject<'a>(
        &'a self,
        subject: SubjectId,
        notice_version: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let notice_version = notice_version.to_owned();
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                add_subject(work, subject.0, &notice_version, at)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn acknowledge<'a>(
        &'a self,
        subject: SubjectId,
        notice_version: &'a str,
        _at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let notice_version = notice_version.to_owned();
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "update subjects set notice_version = $2 where id = $1",
                    values![subject.0, notice_version.as_str()],
                )?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn person(&self, subject: SubjectId) -> Answer<'_, Option<Person>> {
        Box::pin(async move { self.read(move |work| person(work.session, subject)).await })
    }

    fn restrict(&self, subject: SubjectId, at: Timestamp, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                work.keys
                    .append_ledger(at.as_microsecond(), &Act::Restrict(subject.0))?;
                ledger::restrict(work.session, subject.0, true)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn lift(&self, subject: SubjectId, at: Timestamp, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                work.keys
                    .append_ledger(at.as_microsecond(), &Act::Lift(subject.0))?;
                ledger::restrict(work.session, subject.0, false)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn object_to<'a>(
        &'a self,
        subject: SubjectId,
        purpose: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let purpose = purpose.to_owned();
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let act = Act::Object {
                    subject: subject.0,
                    purpose: purpose.clone(),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                ledger::object_to(work.session, subject.0, &purpose, at)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn overrule<'a>(
        &'a self,
        subject: SubjectId,
        purpose: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let purpose = purpose.to_owned();
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let act = Act::Overrule {
                    subject: subject.0,
                    purpose: purpose.clone(),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                ledger::overrule(work.session, subject.0, &purpose)?;
                work.explain(&entry)
            })
            .await
        })
    }
}

impl Consents for Archive {
    fn answer<'a>(&'a self, consent: Consent, zone: &'a TimeZone, entry: Entry) -> Answer<'a, ()> {
        let zone = zone.clone();
        let urgency = match consent.answer {
            ConsentAnswer::Withdrawn => Urgency::Essential,
            ConsentAnswer::Given | ConsentAnswer::Refused => Urgency::Ordinary,
        };
        Box::pin(async move {
            self.write(urgency, move |work| {
                work.session.execute(
                    "insert into consents (id, subject, purpose, entity, text_version, answer, at)
                     values ($1, $2, $3, $4, $5, $6, $7)",
                    values![
                        consent.id.0,
                        consent.subject.0,
                        consent.purpose.as_str(),
                        consent.entity.as_str(),
                        consent.text_version.as_str(),
                        consent.answer.name(),
                        consent.at
                    ],
                )?;
                if consent.answer == ConsentAnswer::Withdrawn {
                    let (subject, purpose) = (consent.subject.0, consent.purpose.clone());
                    claims::withdraw(work.session, subject, &purpose, consent.at, &zone)?;
                    let act = Act::Withdraw {
                        subject,
                        purpose,
                        entity: consent.entity.clone(),
                        zone: ledger::name_of(&zone),
                    };
                    work.keys.append_ledger(consent.at.as_microsecond(), &act)?;
                }
                work.explain(&entry)
            })
            .await
        })
    }
}

impl Conversations for Archive {
    fn open(&self, conversation: Conversation, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                if !work.keys.has_subject(conversation.subject.0)? {
                    return Err(Fault::NotAllowed("a conversation of nobody"));
                }
                work.session.execute(
                    "insert into conversations (id, subject, service, model, history, opened_at, first_message_at)
                     values ($1, $2, $3, $4, $5, $6, $7)",
                    values![
                        conversation.id.0,
                        conversation.subject.0,
                        conversation.service.as_str(),
                        conversation.model.as_str(),
                        conversation.history.name(),
                        conversation.opened_at,
                        conversation.first_message_at
                    ],
                )?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn conversation(&self, id: ObjectId) -> Answer<'_, Option<Conversation>> {
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    "select id, subject, service, model, history, opened_at, first_message_at
                     from conversations where id = $1",
                    values![id.0],
                )?;
                row.map(conversation).transpose()
            })
            .await
        })
    }

    fn conversations_of(&self, subject: SubjectId) -> Answer<'_, Vec<Conversation>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, subject, service, model, history, opened_at, first_message_at
                     from conversations where subject = $1 order by opened_at desc, id desc",
                    values![subject.0],
                )?;
                rows.into_iter().map(conversation).collect()
            })
            .await
        })
    }

    fn append<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        id: ObjectId,
        records: Vec<NewRecord>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let records = reveal(permit, records)?;
            let reader = Reader::of(permit);
            self.write(Urgency::Ordinary, move |work| {
                let found = work.session.execute(
                    "update conversations set first_message_at = coalesce(first_message_at, $2) where id = $1",
                    values![id.0, at],
                )?;
                if found == 0 {
                    return Err(Fault::NotAllowed("a conversation that is gone"));
                }
                refuse_stopped(work.session, &reader, &records)?;
                seal_all(work, &records)?;
                work.explain(&entry)
            })
            .await
        })
    }
}

/// Adds a person and their key; does nothing where they are known.
pub(crate) fn add_subject(
    work: &mut Work<'_>,
    subject: Uuid,
    notice_version: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    work.keys.add_subject(subject)?;
    work.session.execute(
        "insert into subjects (id, created_at, notice_version, is_restricted, trail_key)
         values ($1, $2, $3, 0, null) on conflict (id) do nothing",
        values![subject, at, notice_version],
    )?;
    Ok(())
}

fn person(session: &mut dyn Session, subject: SubjectId) -> Result<Option<Person>, Fault> {
    let row = session.row(
        "select created_at, notice_version, is_restricted, is_deactivated from subjects where id = $1",
        values![subject.0],
    )?;
    let Some(mut row) = row else { return Ok(None) };
    let consents = session.rows(
        "select id, subject, purpose, entity, text_version, answer, at
         from consents where subject = $1 order by at, id",
        values![subject.0],
    )?;
    let objections = session.rows(
        "select purpose from objections where subject = $1 order by at, purpose",
        values![subject.0],
    )?;
    Ok(Some(Person {
        id: subject,
        created_at: row.time(0)?,
        notice_version: row.text(1)?,
        consents: consents
            .into_iter()
            .map(consent)
            .collect::<Result<_, _>>()?,
        is_restricted: row.integer(2)? != 0 || row.integer(3)? != 0,
        objections: objections
            .into_iter()
            .map(|mut row| row.text(0))
            .collect::<Result<_, _>>()?,
    }))
}

fn consent(mut row: Row) -> Result<Consent, Fault> {
    Ok(Consent {
        id: ConsentId(row.id(0)?),
        subject: SubjectId(row.id(1)?),
        purpose: row.text(2)?,
        entity: row.text(3)?,
        text_version: row.text(4)?,
        answer: ConsentAnswer::parse(&row.text(5)?).ok_or(Fault::Stored("consents.answer"))?,
        at: row.time(6)?,
    })
}

fn conversation(mut row: Row) -> Result<Conversation, Fault> {
    Ok(Conversation {
        id: ObjectId(row.id(0)?),
        subject: SubjectId(row.id(1)?),
        service: row.text(2)?,
        model: row.text(3)?,
        history: History::parse(&row.text(4)?).ok_or(Fault::Stored("conversations.history"))?,
        opened_at: row.time(5)?,
        first_message_at: row.maybe_time(6)?,
    })
}
