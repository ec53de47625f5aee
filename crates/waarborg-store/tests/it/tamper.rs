//! Damage and manipulation of the files: a value is right or it is an error, and a changed log is a finding.

use rusqlite::Connection;
use uuid::Uuid;
use waarborg_domain::audit::{DestroyedKey, KeyTrace};
use waarborg_domain::entry::Act;
use waarborg_store::Archive;
use waarborg_store::keys::{Act as LedgerAct, KeyStore, Master, Place};
use waarborg_usecase::ports::{AuditReport, Records as _, Trail as _};

use crate::house::{House, entry, random};

/// Bits flipped in every file; `WAARBORG_FLIPS=10000` for the long run.
#[tokio::test]
async fn a_flipped_bit_is_an_error_or_nothing_and_never_another_value() {
    let n_flips: u32 = std::env::var("WAARBORG_FLIPS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(60);
    let mut house = House::on_sqlite();
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    let said: Vec<String> = (0..40)
        .map(|n| format!("bericht nummer {n} van een gewone lengte"))
        .collect();
    for text in &said {
        house.say(subject, id, text).await;
    }
    house.close();

    let files = [
        house.settings.data.join("waarborg.db"),
        house.settings.keys.join("keys.db"),
        house.settings.keys.join("epochs.key"),
    ];
    let good: Vec<Vec<u8>> = files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect();
    let (mut n_errors, mut n_right) = (0, 0);
    for _ in 0..n_flips {
        let which = usize::from(random::<1>()[0]) % files.len();
        let mut bytes = good[which].clone();
        let place = usize::try_from(u64::from_le_bytes(random()) % bytes.len() as u64).unwrap();
        bytes[place] ^= 1 << (random::<1>()[0] % 8);
        std::fs::write(&files[which], bytes).unwrap();

        match read_all(&house, id).await {
            None => n_errors += 1,
            Some(found) => {
                // Rows may be missing where a page lost its way; what is there is what was said.
                assert!(
                    found.iter().all(|text| said.contains(text)),
                    "a wrong value came out of a damaged file"
                );
                n_right += 1;
            }
        }
        for (file, bytes) in files.iter().zip(&good) {
            remove_side_files(file);
            std::fs::write(file, bytes).unwrap();
        }
    }
    assert_eq!(n_errors + n_right, n_flips);
    assert_eq!(read_all(&house, id).await.unwrap().len(), said.len());
}

#[tokio::test]
async fn every_manipulation_of_the_log_is_a_finding() {
    let changes = [
        (
            "edit",
            "update audit_entries set commitment = zeroblob(32) where position = 7",
        ),
        (
            "edit a payload",
            "update audit_entries set sealed = (select sealed from audit_entries where position = 8) where position = 7",
        ),
        (
            "blank a payload",
            "update audit_entries set sealed = null where position = 7",
        ),
        (
            "blank a payload as if somebody was erased",
            "update audit_entries set sealed = null, trail_key = zeroblob(16) where position = 7",
        ),
        (
            "change the mark of a key",
            "update audit_entries set mark = zeroblob(32) where position = 7",
        ),
        ("delete", "delete from audit_entries where position = 7"),
        (
            "delete and close the gap",
            "delete from audit_entries where position = 7; update audit_entries set position = position - 1 where position > 7",
        ),
        (
            "truncate",
            "delete from audit_entries where position = (select max(position) from audit_entries)",
        ),
        (
            "append",
            "insert into audit_entries select max(position) + 1, null, null, zeroblob(32), zeroblob(32), null from audit_entries",
        ),
        (
            "swap",
            "update audit_entries set position = 10000 where position = 7; update audit_entries set position = 7 where position = 8; update audit_entries set position = 8 where position = 10000",
        ),
        ("forge the head", "update audit_head set size = size - 1"),
        ("forge a tile", "update audit_tiles set root = zeroblob(32)"),
        (
            "forge a note",
            "update audit_head set note = replace(note, 'waarborg', 'waarb0rg')",
        ),
    ];
    for (name, change) in changes {
        let mut house = House::on_sqlite();
        let entries = (0..300).map(|_| house.store().record(entry(Act::ConsoleViewed)));
        for result in futures_util::future::join_all(entries).await {
            result.unwrap();
        }
        house.close();
        let database = Connection::open(house.settings.data.join("waarborg.db")).unwrap();
        database.execute_batch(change).unwrap();
        drop(database);
        // A log that does not even let the store open has shown it too.
        let Ok(archive) = Archive::open(house.settings.clone()) else {
            continue;
        };
        let found = match archive.verify().await {
            Ok(report) => !report.faults.is_empty(),
            Err(_) => true,
        };
        assert!(found, "{name} was not noticed");
    }
}

/// The line of somebody who lives here may not be blanked either, with or without another key's name on it.
#[tokio::test]
async fn the_line_of_a_living_person_keeps_its_words() {
    for change in ["sealed = null", "trail_key = zeroblob(16)"] {
        let mut house = House::on_sqlite();
        let (_subject, _id) = house.talk("blijft").await;
        house.close();
        let database = Connection::open(house.settings.data.join("waarborg.db")).unwrap();
        let n = database
            .execute(
                &format!("update audit_entries set {change} where trail_key is not null"),
                [],
            )
            .unwrap();
        assert!(n > 0, "no line is this person's");
        drop(database);
        house.restart();
        let report = house.store().verify().await.unwrap();
        assert_eq!(report.faults.len(), n, "{change}: {report:?}");
    }
}

/// Two persons with lines in the log, of whom the first was erased; the second one's lines are put through `change`,
/// which knows the two numbers of their keys.
async fn after_an_erasure(change: impl FnOnce(&House, Uuid, Uuid)) -> AuditReport {
    let mut house = House::on_sqlite();
    let (gone, stays) = (house.person().await, house.person().await);
    for subject in [gone, stays] {
        let id = house.conversation(subject).await;
        house.say(subject, id, "woorden").await;
    }
    house.erase(gone).await;
    assert!(house.store().verify().await.unwrap().faults.is_empty());
    house.close();
    let key = |which: &str| {
        let database = data_of(&house);
        let sql =
            format!("select trail_key from audit_entries where {which} and trail_key is not null");
        let bytes: [u8; 16] = database.query_row(&sql, [], |row| row.get(0)).unwrap();
        Uuid::from_bytes(bytes)
    };
    let (destroyed, living) = (key("sealed is null"), key("sealed is not null"));
    change(&house, destroyed, living);
    house.restart();
    house.store().verify().await.unwrap()
}

fn data_of(house: &House) -> Connection {
    Connection::open(house.settings.data.join("waarborg.db")).unwrap()
}

/// Whoever writes the data gives a line the name of a key that was destroyed with reason.
#[tokio::test]
async fn a_line_cannot_be_blanked_in_the_name_of_somebody_elses_erasure() {
    let report = after_an_erasure(|house, destroyed, living| {
        let n = data_of(house)
            .execute(
                "update audit_entries set sealed = null, subject = null, trail_key = ?1 where trail_key = ?2",
                [destroyed.as_bytes(), living.as_bytes()],
            )
            .unwrap();
        assert!(n > 0);
    })
    .await;
    assert!(!report.faults.is_empty(), "{report:?}");
}

/// Whoever writes the data and has every key seals the same words again, under a key that may be destroyed sooner.
#[tokio::test]
async fn words_that_were_sealed_again_under_another_key_are_a_finding() {
    let report = after_an_erasure(|house, _, living| {
        let master = Master::load(&house.settings.keys).unwrap();
        let mut keys = KeyStore::open(&house.settings.keys, &master).unwrap();
        let database = data_of(house);
        let (position, subject, sealed): (i64, [u8; 16], Vec<u8>) = database
            .query_row(
                "select position, subject, sealed from audit_entries where trail_key = ?1",
                [living.as_bytes()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        let (row, subject) = (position.to_be_bytes(), Uuid::from_bytes(subject));
        let place = Place {
            table: "audit_entries",
            row: &row,
            column: "sealed",
            subject,
            category: "",
        };
        let words = keys.open_sealed(living, &place, &sealed).unwrap();
        let other = Uuid::from_bytes(random());
        keys.begin().unwrap();
        keys.add_object(other, subject).unwrap();
        let again = keys.seal(other, &place, &words).unwrap();
        keys.commit().unwrap();
        database
            .execute(
                "update audit_entries set trail_key = ?1, sealed = ?2 where position = ?3",
                rusqlite::params![other.as_bytes(), again, position],
            )
            .unwrap();
    })
    .await;
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains("another key")),
        "{report:?}"
    );
}

/// A line of the ledger that no transaction of ours wrote, even with a right seal on it.
#[tokio::test]
async fn a_line_that_was_made_up_in_the_ledger_is_a_finding() {
    let report = after_an_erasure(|house, _, living| {
        let master = Master::load(&house.settings.keys).unwrap();
        let mut keys = KeyStore::open(&house.settings.keys, &master).unwrap();
        keys.begin().unwrap();
        let forged = LedgerAct::EraseTrail {
            subject: Uuid::from_bytes(random()),
            destroyed: DestroyedKey {
                key: living,
                trace: KeyTrace([7; 32]),
            },
        };
        let sequence = keys.append_ledger(0, &forged).unwrap();
        keys.commit().unwrap();
        let database = data_of(house);
        database
            .execute(
                "update meta set value = ?1 where name = 'ledger'",
                [sequence.to_string()],
            )
            .unwrap();
        database
            .execute(
                "update audit_entries set sealed = null, subject = null where trail_key = ?1",
                [living.as_bytes()],
            )
            .unwrap();
    })
    .await;
    assert!(
        report.faults.iter().any(|fault| fault.contains("ledger")),
        "{report:?}"
    );
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains("nobody erased it")),
        "{report:?}"
    );
}

/// Without the keys not even that: the ledger does not open.
#[tokio::test]
async fn a_ledger_that_was_written_without_its_key_does_not_open() {
    let house = {
        let mut house = House::on_sqlite();
        house.person().await;
        house.close();
        house
    };
    Connection::open(house.settings.keys.join("keys.db"))
        .unwrap()
        .execute(
            "insert into ledger (at, act, subject, said, mac) values (0, 'erase subject', zeroblob(16), '{}', zeroblob(32))",
            [],
        )
        .unwrap();
    assert!(Archive::open(house.settings.clone()).is_err());
}

/// A copy of the data from before is whole in itself; the keys beside it know better.
#[tokio::test]
async fn data_that_was_rolled_back_beside_newer_keys_is_a_finding() {
    let mut house = House::on_sqlite();
    house
        .store()
        .record(entry(Act::ConsoleViewed))
        .await
        .unwrap();
    house.close();
    let database = house.settings.data.join("waarborg.db");
    let old = std::fs::read(&database).unwrap();
    house.restart();
    for _ in 0..5 {
        house
            .store()
            .record(entry(Act::ConsoleViewed))
            .await
            .unwrap();
    }
    house.close();
    remove_side_files(&database);
    std::fs::write(&database, old).unwrap();
    house.restart();
    let report = house.store().verify().await.unwrap();
    assert!(!report.faults.is_empty(), "{report:?}");
}

/// The texts of a conversation, or `None` if the store says that something is wrong.
async fn read_all(house: &House, id: waarborg_domain::ids::ObjectId) -> Option<Vec<String>> {
    let archive = Archive::open(house.settings.clone()).ok()?;
    let permit = house.permit("provide");
    let records = archive.of_object(&permit, id).await.ok()?;
    Some(
        records
            .iter()
            .map(|record| record.content.reveal(&permit).unwrap().clone())
            .collect(),
    )
}

fn remove_side_files(file: &std::path::Path) {
    for end in ["-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(name);
    }
}

/// An unlinked database takes writes without a word; the store must not say that they are kept.
#[tokio::test]
async fn a_database_that_was_removed_while_it_was_open_acknowledges_nothing_more() {
    for name in ["data/waarborg.db", "data/waarborg.db-wal", "keys/keys.db"] {
        let house = House::on_sqlite();
        house
            .store()
            .record(entry(Act::ConsoleViewed))
            .await
            .unwrap();
        let subject = house.person().await;
        std::fs::rename(house.file(name), house.file("elsewhere")).unwrap();
        let mut refused = 0;
        for _ in 0..3 {
            let recorded = house
                .store()
                .record(entry(Act::ConsoleViewed).about(subject))
                .await;
            refused += u32::from(recorded.is_err());
        }
        assert_eq!(refused, 3, "{name}");
    }
}
