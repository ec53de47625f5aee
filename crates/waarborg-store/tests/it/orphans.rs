//! Whatever happens, in whatever order: no record without a claim, no claim without a record; erasing twice is erasing once.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use rusqlite::{Connection, OpenFlags};
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_domain::rights::Stage;
use waarborg_store::Backend;
use waarborg_usecase::ports::{
    Casework as _, ErasureReceipt, EventScope, Onto, Records as _, Restrictions as _, Subjects as _,
};

use crate::contract::{request, step};
use crate::house::{House, days_later, entry, erased, night, token};

/// The database of a house.
fn database(house: &House) -> PathBuf {
    let files = std::fs::read_dir(&house.settings.data).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let is_database = |path: &PathBuf| {
        let start = std::fs::read(path).unwrap_or_default();
        let holds_records = || {
            let open = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
            open.is_ok_and(|open| open.prepare("select 1 from records").is_ok())
        };
        start.starts_with(b"SQLite format 3") && holds_records()
    };
    paths.into_iter().find(is_database).unwrap()
}

async fn count(house: &House, sql: &str) -> i64 {
    let Backend::Postgres(url) = &house.settings.backend else {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        let open = Connection::open_with_flags(database(house), flags).unwrap();
        return open.query_row(sql, [], |row| row.get(0)).unwrap();
    };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// How much of everything there is; what an erasure does again changes none of it.
async fn amounts(house: &House) -> Vec<i64> {
    let mut amounts = Vec::new();
    for table in [
        "records",
        "claims",
        "subjects",
        "conversations",
        "requests",
        "restrictions",
        "objections",
        "consents",
        "sessions",
        "sightings",
        "suppressions",
    ] {
        amounts.push(count(house, &format!("select count(*) from {table}")).await);
    }
    amounts
}

/// What was just erased is erased again: nothing is left to erase, and nothing else changes.
async fn again(house: &House, receipt: ErasureReceipt, again: ErasureReceipt, before: &[i64]) {
    assert_eq!(again.n_records, 0, "after {} records", receipt.n_records);
    assert_eq!(again.kept, receipt.kept);
    assert_eq!(amounts(house).await, before);
}

async fn nothing_is_alone(house: &House, after: &str) {
    for (what, sql) in [
        (
            "records without a claim",
            "select count(*) from records r where not exists (select 1 from claims c where c.record = r.id)",
        ),
        (
            "claims without a record",
            "select count(*) from claims c where not exists (select 1 from records r where r.id = c.record)",
        ),
        (
            "restrictions without a record",
            "select count(*) from restrictions x where not exists (select 1 from records r where r.id = x.record)",
        ),
        (
            "requests without a record",
            "select count(*) from requests q where not exists (select 1 from records r where r.object = q.id)",
        ),
    ] {
        assert_eq!(count(house, sql).await, 0, "{what} after {after}");
    }
}

/// Chance that is the same every time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn something_happens(
    house: &House,
    (subject, talk): (SubjectId, ObjectId),
    dice: &mut Dice,
    day: i64,
) -> &'static str {
    let store = house.store();
    let scope = EventScope::Subject(subject);
    let events = [
        "licence_expired",
        "consent_withdrawn",
        "licence_ended",
        "trial_ended",
        "relationship_ended",
        "account_deleted",
    ];
    let event = events[usize::try_from(dice.throw(6)).unwrap()];
    let noted = entry(Act::EventNoted).about(subject);
    let at = days_later(day);
    match dice.throw(11) {
        0 | 1 => {
            let category = ["user_content", "mail_address", "invoice"];
            let category = category[usize::try_from(dice.throw(3)).unwrap()];
            let record = house.record(subject, talk, category, "tekst");
            // Who is gone, or restricted this, keeps nothing.
            let _ = store
                .put(&house.permit("provide"), vec![record], noted)
                .await;
            "put"
        }
        2 => {
            store
                .event(scope, event, at, &TimeZone::UTC, noted)
                .await
                .unwrap();
            "event"
        }
        3 => {
            store.take_back(scope, event, noted).await.unwrap();
            "take back"
        }
        4 => {
            let erase = || store.erase_object(talk, at, entry(Act::ConversationDeleted));
            let receipt = erase().await.unwrap();
            let left = amounts(house).await;
            again(house, receipt, erase().await.unwrap(), &left).await;
            "erase object"
        }
        5 if dice.throw(4) == 0 => {
            let erase = || store.erase_subject(subject, at, erased(subject));
            let receipt = erase().await.unwrap();
            let left = amounts(house).await;
            again(house, receipt, erase().await.unwrap(), &left).await;
            "erase subject"
        }
        5 | 6 => {
            let run = store.end_claims(night(day), entry(Act::RetentionRun));
            run.await.unwrap();
            "retention"
        }
        7 => {
            let _ = store.restrict(subject, at, entry(Act::Restricted)).await;
            "restrict"
        }
        8 => {
            let _ = store.lift(subject, at, entry(Act::RestrictionLifted)).await;
            "lift"
        }
        9 => {
            let asked = request(subject);
            house.receive(&asked, &token(), &["woorden"]).await;
            let permit = house.permit("provide");
            let records = store.of_subject(&permit, subject).await.unwrap();
            let some = records.into_iter().map(|record| record.id).take(2);
            let disputed = entry(Act::Disputed);
            store
                .dispute(asked.id, some.collect(), at, disputed)
                .await
                .unwrap();
            if dice.throw(2) == 0 {
                step(house, &asked, Onto::Stage(Stage::Answered), Vec::new()).await;
            }
            "dispute"
        }
        _ => {
            let slices = Vec::from([waarborg_domain::decision::Slice {
                category: "user_content".into(),
                purpose: "provide".into(),
                basis: waarborg_domain::register::Basis::Contract,
            }]);
            let erase =
                || store.erase_slices(subject, slices.clone(), at, entry(Act::SubjectErased));
            let receipt = erase().await.unwrap();
            let left = amounts(house).await;
            again(house, receipt, erase().await.unwrap(), &left).await;
            "erase slices"
        }
    }
}

/// Sixty things happen to three people, and then a backup of the twentieth is put back.
async fn whatever_happens(mut house: House, seed: u64) {
    let mut dice = Dice(seed);
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(house.talk("eerste").await);
    }
    let mut day = 0;
    let mut backup = None;
    for nth in 0..60_u64 {
        day += i64::try_from(dice.throw(20)).unwrap();
        let one = people[usize::try_from(dice.throw(3)).unwrap()];
        let did = something_happens(&house, one, &mut dice, day).await;
        nothing_is_alone(&house, &format!("{did}, {nth} of {seed}")).await;
        if nth == 20 {
            backup = Some(house.back_up().await);
        }
    }
    house.restore(&backup.unwrap());
    nothing_is_alone(&house, &format!("a restore, {seed}")).await;
}

#[tokio::test]
async fn no_sequence_of_events_leaves_a_record_without_a_claim_or_a_claim_without_a_record() {
    for seed in 1..=6 {
        whatever_happens(House::on_sqlite(), seed).await;
    }
}

#[tokio::test]
async fn no_sequence_of_events_leaves_one_alone_on_postgres() {
    for seed in 1..=2 {
        let Some(house) = House::on_postgres().await else {
            return;
        };
        whatever_happens(house, seed).await;
    }
}
