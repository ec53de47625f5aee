//! Sealed records: put away with a permit, read with a permit, ended by their claims.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::claim::Trigger;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::Reach;
use waarborg_usecase::ports::{
    Answer, Claim, ErasureReceipt, EventScope, NewRecord, Night, Part, Record, Records,
    RetentionReport, StoreError,
};
use zeroize::Zeroizing;

use super::restrictions;
use super::stored::{self, StoredRecord, record_place};
use crate::archive::Archive;
use crate::claims;
use crate::engine::{Fault, ReadWork, Row, Session, Urgency, Work, values};
use crate::erase::{self, Scope};
use crate::keys::{Act, Happened, KeyFault};
use crate::lasting;
use crate::ledger;

/// A record whose content was revealed with a permit, on its way to being sealed.
pub(crate) struct ToSeal {
    pub(crate) id: Uuid,
    pub(crate) object: Uuid,
    pub(crate) subject: Uuid,
    pub(crate) service: String,
    pub(crate) part: Part,
    pub(crate) category: String,
    pub(crate) content: Zeroizing<String>,
    pub(crate) register_version: String,
    pub(crate) created_at: Timestamp,
    pub(crate) claims: Vec<Claim>,
}

impl Records for Archive {
    fn put<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let records = reveal(permit, records)?;
            let reader = Reader::of(permit);
            self.write(Urgency::Ordinary, move |work| {
                refuse_stopped(work.session, &reader, &records)?;
                seal_all(work, &records)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn conclude<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        record: NewRecord,
        trigger: Trigger,
        zone: &'a TimeZone,
        entries: [Entry; 2],
    ) -> Answer<'a, bool> {
        let zone = zone.clone();
        Box::pin(async move {
            let (object, part, at) = (record.object.0, record.part, record.created_at);
            let records = reveal(permit, vec![record])?;
            // It gives records their end, and belongs to the erasure that follows.
            self.write(Urgency::Essential, move |work| {
                let row = work.session.row(
                    "select count(*) from records where object = $1 and part = $2",
                    values![object, part.name()],
                )?;
                if row.map_or(Ok(0), |mut row| row.count(0))? != 1 {
                    return Ok(false);
                }
                seal_all(work, &records)?;
                let scope = Scope::Object(object);
                claims::start(work.session, scope, trigger, at, &zone)?;
                let act = Act::Event {
                    to: happened_to(scope),
                    trigger: trigger.as_str().to_owned(),
                    zone: ledger::name_of(&zone),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                for entry in &entries {
                    work.explain(entry)?;
                }
                Ok(true)
            })
            .await
        })
    }

    fn holders_of(&self, part: Part) -> Answer<'_, Vec<SubjectId>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select distinct subject from records where part = $1 order by subject",
                    values![part.name()],
                )?;
                rows.into_iter()
                    .map(|mut row| Ok(SubjectId(row.id(0)?)))
                    .collect()
            })
            .await
        })
    }

    fn unconcluded(&self, part: Part) -> Answer<'_, Vec<(SubjectId, ObjectId)>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select subject, object from records where part = $1
                     group by subject, object having count(*) = 1 order by min(created_at), object",
                    values![part.name()],
                )?;
                rows.into_iter()
                    .map(|mut row| Ok((SubjectId(row.id(0)?), ObjectId(row.id(1)?))))
                    .collect()
            })
            .await
        })
    }

    fn of_object<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        object: ObjectId,
    ) -> Answer<'a, Vec<Record>> {
        Box::pin(async move { self.open_all(permit, Scope::Object(object.0)).await })
    }

    fn of_subject<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        subject: SubjectId,
    ) -> Answer<'a, Vec<Record>> {
        Box::pin(async move { self.open_all(permit, Scope::Subject(subject.0)).await })
    }

    fn event<'a>(
        &'a self,
        scope: EventScope,
        trigger: &'a str,
        at: Timestamp,
        zone: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, u64> {
        let (trigger, zone) = (Trigger::parse(trigger), zone.clone());
        let scope = match scope {
            EventScope::Subject(subject) => Scope::Subject(subject.0),
            EventScope::Object(object) => Scope::Object(object.0),
        };
        Box::pin(async move {
            let trigger =
                trigger.ok_or_else(|| super::opaque(Fault::NotAllowed("an unknown trigger")))?;
            // An event gives records their end, and belongs to the erasure that it follows.
            self.write(Urgency::Essential, move |work| {
                let n = ledger::happen(work.session, scope, trigger, at, &zone)?;
                let act = Act::Event {
                    to: happened_to(scope),
                    trigger: trigger.as_str().to_owned(),
                    zone: ledger::name_of(&zone),
                };
                work.keys.append_ledger(at.as_microsecond(), &act)?;
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }

    fn take_back<'a>(
        &'a self,
        scope: EventScope,
        trigger: &'a str,
        entry: Entry,
    ) -> Answer<'a, u64> {
        let trigger = Trigger::parse(trigger);
        let scope = match scope {
            EventScope::Subject(subject) => Scope::Subject(subject.0),
            EventScope::Object(object) => Scope::Object(object.0),
        };
        Box::pin(async move {
            let trigger =
                trigger.ok_or_else(|| super::opaque(Fault::NotAllowed("an unknown trigger")))?;
            self.write(Urgency::Essential, move |work| {
                let n = claims::take_back(work.session, scope, trigger)?;
                let act = Act::TakeBack {
                    to: happened_to(scope),
                    trigger: trigger.as_str().to_owned(),
                };
                work.keys.append_ledger(entry.at.as_microsecond(), &act)?;
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }

    fn erase_object(
        &self,
        object: ObjectId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        Box::pin(async move {
            let receipt = self
                .write(Urgency::Essential, move |work| {
                    let receipt = erase::erase(work, Scope::Object(object.0), at)?;
                    work.explain(&entry)?;
                    Ok(receipt)
                })
                .await?;
            Ok(self.with_what_is_pending(receipt))
        })
    }

    fn erase_subject(
        &self,
        subject: SubjectId,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        Box::pin(async move {
            let receipt = self
                .write(Urgency::Essential, move |work| {
                    let receipt = erase::erase(work, Scope::Subject(subject.0), at)?;
                    // The person's own key is gone; that the erasure happened must stay readable.
                    work.log
                        .append_for_the_house(work.session, work.keys, &entry)?;
                    Ok(receipt)
                })
                .await?;
            Ok(self.with_what_is_pending(receipt))
        })
    }

    fn due(&self, night: Night) -> Answer<'_, RetentionReport> {
        Box::pin(async move { self.read(move |work| erase::due(work.session, night)).await })
    }

    fn end_claims(&self, night: Night, entry: Entry) -> Answer<'_, RetentionReport> {
        Box::pin(async move {
            let mut total = RetentionReport::default();
            loop {
                let mut entry = entry.clone();
                let (report, is_more) = self
                    .write(Urgency::Essential, move |work| {
                        let (report, is_more) = erase::end_claims(work, night)?;
                        entry.facts.n_records = Some(report.n_records);
                        work.explain(&entry)?;
                        Ok((report, is_more))
                    })
                    .await?;
                total.n_claims += report.n_claims;
                total.n_records += report.n_records;
                total.n_objects += report.n_objects;
                total.n_late += report.n_late;
                if !is_more {
                    return Ok(total);
                }
            }
        })
    }
}

impl Archive {
    /// Nothing is called erased that a disk may still bring back.
    pub(super) fn with_what_is_pending(&self, receipt: ErasureReceipt) -> ErasureReceipt {
        let is_pending_in_mirror = self.is_pending_in_mirror();
        let mut receipt = receipt;
        if is_pending_in_mirror {
            for place in receipt
                .places
                .iter_mut()
                .filter(|place| place.state == "destroyed")
            {
                place.state = "pending on another disk";
            }
        }
        ErasureReceipt {
            is_pending_in_mirror,
            ..receipt
        }
    }

    async fn open_all(&self, permit: &Permit<'_>, scope: Scope) -> Result<Vec<Record>, StoreError> {
        let categories = self.read(move |work| categories_in(work, scope)).await?;
        let covered: Vec<String> = categories
            .into_iter()
            .filter(|name| permit.covers(&Category::from_stored(name)))
            .collect();
        if covered.is_empty() {
            return Ok(Vec::new());
        }
        let reader = Reader::of(permit);
        self.read(move |work| open_covered(work, scope, &covered, &reader))
            .await
    }
}

/// Who reads or writes, as far as a person can stop them while they hold their permit.
pub(super) struct Reader {
    service: String,
    purpose: String,
    reach: Reach,
    outlasts_restriction: bool,
    outlasts_objection: bool,
    // Categories that only a consent opens.
    consented: BTreeSet<String>,
}

impl Reader {
    pub(super) fn of(permit: &Permit<'_>) -> Self {
        Self {
            service: permit.service().as_str().to_owned(),
            purpose: permit.purpose().as_str().to_owned(),
            reach: permit.reach().clone(),
            outlasts_restriction: permit.outlasts_restriction(),
            outlasts_objection: permit.outlasts_objection(),
            consented: permit
                .stands_on_consent()
                .map(|category| category.as_str().to_owned())
                .collect(),
        }
    }

    /// Whether what was collected under this register may be read for a purpose that may have come later.
    fn reaches(&self, category: &str, version: &str) -> bool {
        self.reach
            .opens(&self.service, &self.purpose, category, version)
    }

    /// Whether the person has stopped this purpose for this category meanwhile. A permit is of its moment; this is of
    /// now.
    pub(super) fn is_stopped_by(
        &self,
        session: &mut dyn Session,
        subject: Uuid,
        category: &str,
    ) -> Result<bool, Fault> {
        if self.consented.contains(category)
            && claims::is_withdrawn(session, subject, &self.purpose)?
        {
            return Ok(true);
        }
        if !self.outlasts_restriction {
            let restricted = session.row(
                "select 1 from subjects where id = $1 and (is_restricted = 1 or is_deactivated = 1)",
                values![subject],
            )?;
            if restricted.is_some() {
                return Ok(true);
            }
        }
        if self.outlasts_objection {
            return Ok(false);
        }
        let objected = session.row(
            "select 1 from objections where subject = $1 and purpose = $2",
            values![subject, self.purpose.as_str()],
        )?;
        Ok(objected.is_some())
    }
}

const fn happened_to(scope: Scope) -> Happened {
    match scope {
        Scope::Subject(subject) => Happened::Subject(subject),
        Scope::Object(object) => Happened::Object(object),
    }
}

/// Takes the content out of its wrapping. Sealing is what the permit is for: nothing is kept outside its purpose.
pub(super) fn reveal(
    permit: &Permit<'_>,
    records: Vec<NewRecord>,
) -> Result<Vec<ToSeal>, StoreError> {
    let outside = |_| super::opaque(Fault::NotAllowed("a record outside its permit"));
    records
        .into_iter()
        .map(|record| {
            if record.claims.is_empty() {
                return Err(super::opaque(Fault::NotAllowed("a record without a claim")));
            }
            let category = record.content.category().as_str().to_owned();
            Ok(ToSeal {
                id: record.id.0,
                object: record.object.0,
                subject: record.subject.0,
                service: record.service,
                part: record.part,
                category,
                content: record.content.into_revealed(permit).map_err(outside)?,
                register_version: record.register_version,
                created_at: record.created_at,
                claims: record.claims,
            })
        })
        .collect()
}

/// Nothing is added to the data of a person who stopped this purpose meanwhile.
pub(super) fn refuse_stopped(
    session: &mut dyn Session,
    reader: &Reader,
    records: &[ToSeal],
) -> Result<(), Fault> {
    for record in records {
        if reader.is_stopped_by(session, record.subject, &record.category)? {
            return Err(Fault::NotAllowed("a record of a person who stopped this"));
        }
    }
    Ok(())
}

pub(crate) fn seal_all(work: &mut Work<'_>, records: &[ToSeal]) -> Result<(), Fault> {
    for record in records {
        work.keys.add_object(record.id, record.subject)?;
        let place = record_place(&record.id, record.subject, &record.category);
        let sealed = work
            .keys
            .seal(record.id, &place, record.content.as_bytes())?;
        work.session.execute(
            "insert into records (id, object, subject, service, part, category, sealed, register_version, created_at,
                                  is_reserved)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
            values![
                record.id,
                record.object,
                record.subject,
                record.service.as_str(),
                record.part.name(),
                record.category.as_str(),
                sealed.clone(),
                record.register_version.as_str(),
                record.created_at
            ],
        )?;
        stored::add_claims(work.session, record.id, &record.claims)?;
        lasting::note(work, record, &sealed)?;
    }
    Ok(())
}

fn categories_in(work: &mut ReadWork<'_>, scope: Scope) -> Result<Vec<String>, Fault> {
    let rows = match scope {
        Scope::Object(object) => work.session.rows(
            "select distinct category from records where object = $1",
            values![object],
        )?,
        Scope::Subject(subject) => work.session.rows(
            "select distinct category from records where subject = $1",
            values![subject],
        )?,
    };
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

fn open_covered(
    work: &mut ReadWork<'_>,
    scope: Scope,
    covered: &[String],
    reader: &Reader,
) -> Result<Vec<Record>, Fault> {
    let rows = match scope {
        Scope::Object(object) => work.session.rows(
            "select id, object, subject, category, service, part, sealed, register_version, created_at, is_reserved
             from records where object = $1 order by created_at, id",
            values![object],
        )?,
        Scope::Subject(subject) => work.session.rows(
            "select id, object, subject, category, service, part, sealed, register_version, created_at, is_reserved
             from records where subject = $1 order by created_at, id",
            values![subject],
        )?,
    };
    // What a person disputes is not used until that is decided; their rights themselves go on (article 18(2)).
    let disputed = if reader.outlasts_restriction {
        BTreeSet::new()
    } else {
        restrictions::disputed_in(work.session, scope)?
    };
    let mut records = Vec::new();
    let mut stopped: BTreeMap<(Uuid, String), bool> = BTreeMap::new();
    for mut row in rows {
        let key = StoredRecord {
            id: row.id(0)?,
            object: row.id(1)?,
            subject: row.id(2)?,
            category: row.text(3)?,
        };
        let version = row.text(7)?;
        if disputed.contains(&key.id) {
            continue;
        }
        if !covered.contains(&key.category) || !reader.reaches(&key.category, &version) {
            continue;
        }
        let whose = (key.subject, key.category.clone());
        let is_stopped = match stopped.get(&whose) {
            Some(known) => *known,
            None => reader.is_stopped_by(work.session, key.subject, &key.category)?,
        };
        stopped.insert(whose, is_stopped);
        if is_stopped {
            continue;
        }
        let claims = stored::claims_of(work.session, &key)?;
        // What survived an erasure is there for the purposes that keep it, and for nothing else.
        let is_reserved = row.integer(9)? != 0;
        if is_reserved
            && !claims
                .iter()
                .any(|claim| claim.rule.purpose == *reader.purpose)
        {
            continue;
        }
        if let Some(record) = open(work, &key, row, version, claims)? {
            records.push(record);
        }
    }
    Ok(records)
}

fn open(
    work: &ReadWork<'_>,
    key: &StoredRecord,
    mut row: Row,
    register_version: String,
    claims: Vec<Claim>,
) -> Result<Option<Record>, Fault> {
    let place = record_place(&key.id, key.subject, &key.category);
    let plain = match work.keys.open_sealed(key.id, &place, &row.bytes(6)?) {
        // Erased between the reading of the row and of the key.
        Err(KeyFault::Gone) => return Ok(None),
        opened => opened?,
    };
    let content = std::str::from_utf8(&plain)
        .map_err(|_| Fault::Stored("records.sealed"))?
        .to_owned();
    let category = Category::from_stored(&key.category);
    Ok(Some(Record {
        id: RecordId(key.id),
        object: ObjectId(key.object),
        subject: SubjectId(key.subject),
        service: row.text(4)?,
        part: Part::parse(&row.text(5)?).ok_or(Fault::Stored("records.part"))?,
        category: category.clone(),
        content: Personal::new(category, content),
        register_version,
        created_at: row.time(8)?,
        claims,
    }))
}
