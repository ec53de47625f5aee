//! The workload's operations as calls of the store's ports: sealed, with claims, and an audit entry for every write.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use waarborg_domain::claim::Circumstances;
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::law::Law;
use waarborg_domain::permit::{Ask, Permit, PersonState};
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::{Register, Severity};
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Casework as _, Claim, Corrected, NewRecord, Night, Part, Purposes as _, Record, Records as _,
    Subjects as _, Trail as _,
};

use super::model::{Answer, Kept, text_of};
use super::{Model, N_PURPOSES, Operation, Outcome};

/// Persons who come at once while the store is filled.
const CROWD: u64 = 256;
/// Claims of a purpose that are read at once.
const PAGE: usize = 5000;
/// One record in this many ends within the run.
const ENDS_SOON: u64 = 10;

/// The store of the workload.
pub(crate) struct Desk {
    archive: Arc<Archive>,
    register: Arc<Register>,
    n_asked: AtomicU64,
}

impl Desk {
    pub(crate) async fn open(settings: Settings) -> Outcome<Self> {
        let archive = tokio::task::spawn_blocking(move || Archive::open(settings)).await??;
        Ok(Self {
            archive: Arc::new(archive),
            register: Arc::new(register()?),
            n_asked: AtomicU64::new(0),
        })
    }

    /// Puts the first records in, many at once, as people come.
    pub(crate) async fn fill(&self, n_records: u64) -> Outcome<Model> {
        let mut coming = tokio::task::JoinSet::new();
        for first in 0..CROWD {
            let (archive, register) = (Arc::clone(&self.archive), Arc::clone(&self.register));
            coming.spawn(async move {
                let mut kept = Vec::new();
                for key in (first..n_records).step_by(usize::try_from(CROWD)?) {
                    kept.push((key, insert(&archive, &register, key).await?));
                }
                Outcome::Ok(kept)
            });
        }
        let mut all = Vec::new();
        while let Some(kept) = coming.join_next().await {
            all.extend(kept??);
        }
        all.sort_by_key(|(key, _)| *key);
        Ok(Model::of(all.into_iter().map(|(_, kept)| kept).collect()))
    }

    /// Does one operation. What the model knows is read, not changed.
    pub(crate) async fn ask(
        &self,
        operation: Operation,
        key: u64,
        model: &Model,
    ) -> Outcome<Answer> {
        let nth = self.n_asked.fetch_add(1, Ordering::Relaxed);
        let purpose = key % N_PURPOSES;
        match operation {
            Operation::Insert => {
                let kept = insert(&self.archive, &self.register, model.n_keys()).await?;
                return Ok(Answer::Inserted(kept));
            }
            Operation::ReadByPurpose => return self.read_purpose(purpose).await,
            Operation::UpdateByPurpose => {
                // A little earlier every time, so that it always touches all of them.
                let by = ending() - SignedDuration::from_secs(i64::try_from(nth)? + 1);
                let entry = Entry::new(now(), Actor::House, Act::EventNoted);
                let n = self.archive.end_by(&name_of(purpose), by, entry).await?;
                return Ok(Answer::Ended { n, by });
            }
            _ => {}
        }
        let Some(kept) = model.at(key) else {
            return Ok(Answer::Nobody);
        };
        let subject = SubjectId(kept.subject);
        let about = |act| Entry::new(now(), Actor::House, act).about(subject);
        Ok(match operation {
            Operation::Delete => {
                let object = ObjectId(kept.object);
                let noted = about(Act::ConversationDeleted);
                let receipt = self.archive.erase_object(object, now(), noted).await?;
                Answer::Erased {
                    n: receipt.n_records,
                }
            }
            Operation::Read | Operation::VerifyDeletion => Answer::Found {
                found: self.of_object(purpose, kept).await?,
                n_objections: None,
            },
            Operation::ReadByUser => {
                let permit = permit(&self.register, purpose)?;
                let found = self.archive.of_subject(&permit, subject).await?;
                let person = self.archive.person(subject).await?;
                Answer::Found {
                    found: said(&permit, &found)?,
                    n_objections: person.map(|person| person.objections.len() as u64),
                }
            }
            Operation::Update => {
                let permit = permit(&self.register, purpose)?;
                let version = nth + 1;
                let content = Personal::new(Category::from_stored("data"), text_of(key, version));
                let corrected = Corrected {
                    id: RecordId(kept.record),
                    subject,
                    content,
                };
                let noted = about(Act::Rectified);
                let corrected = self
                    .archive
                    .correct(&permit, vec![corrected], now(), noted)
                    .await?;
                Answer::Corrected {
                    n: corrected,
                    version,
                }
            }
            Operation::UpdateByUser => {
                // Against another purpose than the record's, which stays readable.
                let other = (purpose + 1 + nth % 20) % N_PURPOSES;
                let noted = about(Act::Objected);
                self.archive
                    .object_to(subject, &name_of(other), now(), noted)
                    .await?;
                Answer::Objected { purpose: other }
            }
            Operation::Logs => Answer::Lines {
                n: self.archive.trail_of(subject).await?.len() as u64,
            },
            Operation::Insert | Operation::ReadByPurpose | Operation::UpdateByPurpose => {
                Answer::Nobody
            }
        })
    }

    /// The night after the first day: what ends soon, ends. Says when that was, and how many records it ended.
    pub(crate) async fn night(&self) -> Outcome<(Timestamp, u64)> {
        let at = now() + SignedDuration::from_hours(24);
        let night = Night {
            now: at,
            // Nobody has been here so long that they are forgotten.
            idle_since: now() - SignedDuration::from_hours(24),
            late_since: now(),
        };
        let entry = Entry::new(at, Actor::House, Act::RetentionRun);
        let report = self.archive.end_claims(night, entry).await?;
        Ok((at, report.n_records))
    }

    /// How many keys are not as the model says.
    pub(crate) async fn differences(&self, model: &Model) -> Outcome<u64> {
        let mut n = 0;
        for key in 0..model.n_keys() {
            let Some(kept) = model.at(key) else { continue };
            let found = self.of_object(key % N_PURPOSES, kept).await?;
            n += u64::from(!kept.says(key, &found));
        }
        Ok(n)
    }

    /// Lines of the audit log, and what does not fit in it.
    pub(crate) async fn log(&self) -> Outcome<(u64, Vec<String>)> {
        let report = self.archive.verify().await?;
        Ok((report.n_entries, report.faults))
    }

    async fn of_object(
        &self,
        purpose: u64,
        kept: &Kept,
    ) -> Outcome<Vec<(String, Option<Timestamp>)>> {
        let permit = permit(&self.register, purpose)?;
        let object = ObjectId(kept.object);
        let found = self.archive.of_object(&permit, object).await?;
        said(&permit, &found)
    }

    async fn read_purpose(&self, purpose: u64) -> Outcome<Answer> {
        let (mut n, mut after) = (0, None);
        loop {
            let found = self
                .archive
                .kept_for(&name_of(purpose), after, u32::try_from(PAGE)?)
                .await?;
            n += found.len() as u64;
            after = found.last().map(|kept| kept.record);
            if found.len() < PAGE {
                return Ok(Answer::OfPurpose { n });
            }
        }
    }
}

/// What records say, and when their first claim ends.
fn said(permit: &Permit<'_>, found: &[Record]) -> Outcome<Vec<(String, Option<Timestamp>)>> {
    let mut said = Vec::with_capacity(found.len());
    for record in found {
        let text = record.content.reveal(permit);
        let text = text.map_err(|_| "a record outside its permit")?;
        let ends_at = record.claims.first().and_then(|claim| claim.ends_at);
        said.push((text.clone(), ends_at));
    }
    Ok(said)
}

async fn insert(archive: &Archive, register: &Register, key: u64) -> Outcome<Kept> {
    let [subject, object, record] = [new_id()?, new_id()?, new_id()?];
    let purpose = key % N_PURPOSES;
    let seen = Entry::new(now(), Actor::House, Act::NoticeAcknowledged).about(SubjectId(subject));
    archive
        .add_subject(SubjectId(subject), "1", now(), seen)
        .await?;
    let ends_at = if key % ENDS_SOON == 3 {
        now() + SignedDuration::from_hours(1)
    } else {
        ending()
    };
    let claims = register
        .claims("chat", "data", &Circumstances::none())
        .into_iter()
        .filter(|rule| rule.purpose == *name_of(purpose))
        .map(|rule| Claim {
            rule,
            started_at: Some(now()),
            ends_at: Some(ends_at),
        })
        .collect();
    let new = NewRecord {
        id: RecordId(record),
        object: ObjectId(object),
        subject: SubjectId(subject),
        service: "chat".to_owned(),
        part: Part::Said,
        content: Personal::new(Category::from_stored("data"), text_of(key, 0)),
        register_version: register.version().to_owned(),
        created_at: now(),
        claims,
    };
    let noted = Entry::new(now(), Actor::House, Act::TurnKept).about(SubjectId(subject));
    archive
        .put(&permit(register, purpose)?, vec![new], noted)
        .await?;
    Ok(Kept {
        subject,
        object,
        record,
        ends_at,
        objections: std::collections::BTreeSet::new(),
        is_there: true,
        version: 0,
        n_lines: 2,
    })
}

fn name_of(purpose: u64) -> String {
    format!("p{purpose:02}")
}

fn permit(register: &Register, purpose: u64) -> Outcome<Permit<'_>> {
    let person = PersonState {
        notice_seen: true,
        ..PersonState::default()
    };
    let ask = Ask {
        service: "chat",
        purpose: &name_of(purpose),
        person: &person,
        today: now().to_zoned(TimeZone::UTC).date(),
    };
    let permit = register.permit(&ask);
    permit.map_err(|refusal| format!("{refusal:?}").into())
}

fn register() -> Outcome<Register> {
    let mut source = include_str!("register.toml").to_owned();
    for purpose in (0..N_PURPOSES).map(name_of) {
        source.push_str(&include_str!("purpose.toml").replace("NAME", &purpose));
    }
    let today = now().to_zoned(TimeZone::UTC).date();
    Register::compile(&source, "register.toml", &Law::shipped()?, today).map_err(|faults| {
        let faults = faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error);
        format!("{:?}", faults.collect::<Vec<_>>()).into()
    })
}

/// The day on which the workload plays.
fn now() -> Timestamp {
    Timestamp::constant(1_795_262_400, 0)
}

/// When the claims of most records end.
fn ending() -> Timestamp {
    Timestamp::constant(1_795_262_400 + 90 * 86_400, 0)
}

/// Ordered in time in front, random at the end, as the program's own ids are.
fn new_id() -> Outcome<Uuid> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ok(Uuid::from_u64_pair(number, u64::from_be_bytes(random)))
}
