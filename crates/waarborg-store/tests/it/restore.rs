//! Backups come back after the data is lost, in either database; and what is no backup of this house is refused.

use rusqlite::Connection;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::ObjectId;
use waarborg_store::{Archive, OpenFault, Settings};
use waarborg_usecase::ports::{Conversations as _, Subjects as _, Trail as _};

use crate::house::{House, entry};

#[tokio::test]
async fn a_backup_comes_back_after_the_data_folder_was_lost() {
    let mut house = House::on_sqlite();
    let (id, backup) = talk_and_back_up(&house).await;
    house.close();
    std::fs::remove_dir_all(&house.settings.data).unwrap();
    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["blijft"]);
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn data_moves_from_one_database_to_the_other_and_back() {
    let Some(server) = House::on_postgres().await else {
        return;
    };
    let postgres = server.settings.backend.clone();
    let mut house = House::on_sqlite();
    let (id, backup) = talk_and_back_up(&house).await;

    let sqlite = std::mem::replace(&mut house.settings.backend, postgres);
    drop(server);
    // The server's database was made by another house; here it must be empty of keys to be taken over.
    let refused = Archive::restore(house.settings.clone(), &backup, &entry(Act::Restored));
    assert!(
        refused.is_err(),
        "a database of another house was taken over"
    );

    let fresh = House::on_postgres().await.unwrap();
    empty(&fresh).await;
    house.settings.backend = fresh.settings.backend.clone();
    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["blijft"]);
    let back = house.back_up().await;

    house.close();
    house.settings.backend = sqlite;
    house.restore(&back);
    assert_eq!(house.texts(id).await, ["blijft"]);
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

#[tokio::test]
async fn what_is_no_backup_of_this_house_is_refused_and_changes_nothing() {
    let mut house = House::on_sqlite();
    let (id, backup) = talk_and_back_up(&house).await;
    let stranger = House::on_sqlite();
    let (_, foreign) = talk_and_back_up(&stranger).await;
    let newer = house.file("newer");
    std::fs::copy(&backup, &newer).unwrap();
    Connection::open(&newer)
        .unwrap()
        .execute_batch("insert into schema_version values (99)")
        .unwrap();
    let older = house.file("older");
    std::fs::copy(&backup, &older).unwrap();
    Connection::open(&older)
        .unwrap()
        .execute_batch("delete from schema_version where version > 20")
        .unwrap();
    let garbage = house.file("garbage");
    std::fs::write(&garbage, b"no database at all").unwrap();
    house.close();

    let restore = |file: std::path::PathBuf| {
        let settings: Settings = house.settings.clone();
        Archive::restore(settings, &file, &entry(Act::Restored)).map(|_| ())
    };
    assert!(matches!(
        restore(newer),
        Err(OpenFault::Newer { found: 99, .. })
    ));
    assert!(matches!(
        restore(older),
        Err(OpenFault::Older { found: 20, known }) if known > 20
    ));
    assert!(matches!(restore(garbage), Err(OpenFault::Backup(_))));
    assert!(matches!(
        restore(house.file("missing")),
        Err(OpenFault::Backup(_))
    ));
    assert!(matches!(restore(foreign), Err(OpenFault::Backup(_))));
    house.restart();
    assert_eq!(house.texts(id).await, ["blijft"]);
}

#[tokio::test]
async fn a_damaged_backup_is_refused_wherever_the_damage_is() {
    let mut house = House::on_sqlite();
    let (id, backup) = talk_and_back_up(&house).await;
    house.close();
    let good = std::fs::read(&backup).unwrap();
    let mut damaged: Vec<Vec<u8>> = (1..40)
        .map(|n| {
            let mut bytes = good.clone();
            let place = good.len() * n / 40;
            bytes[place] ^= 1;
            bytes
        })
        .collect();
    damaged.push(good[..good.len() - 1].to_vec());
    damaged.push([good.as_slice(), b"x"].concat());
    for bytes in damaged {
        std::fs::write(&backup, bytes).unwrap();
        let refused = Archive::restore(house.settings.clone(), &backup, &entry(Act::Restored));
        assert!(matches!(refused, Err(OpenFault::Backup(_))), "{refused:?}");
    }
    std::fs::write(&backup, good).unwrap();
    house.restore(&backup);
    assert_eq!(house.texts(id).await, ["blijft"]);
}

#[tokio::test]
async fn data_without_its_keys_is_not_a_new_house() {
    let mut house = House::on_sqlite();
    talk_and_back_up(&house).await;
    house.close();
    std::fs::rename(&house.settings.keys, house.file("elsewhere")).unwrap();
    let refused = Archive::open(house.settings.clone());
    assert!(matches!(refused, Err(OpenFault::Master(_))));
    assert!(!house.settings.keys.join("master.key").exists());

    // Nor do the keys of another house open it.
    let mut other = House::on_sqlite();
    other.close();
    std::fs::rename(&other.settings.keys, &house.settings.keys).unwrap();
    assert!(matches!(
        Archive::open(house.settings.clone()),
        Err(OpenFault::Store(_))
    ));
}

/// One conversation that stays and one that is erased, with a backup between.
async fn talk_and_back_up(house: &House) -> (ObjectId, std::path::PathBuf) {
    let (subject, other) = (house.person().await, house.person().await);
    let (kept, gone) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, kept, "blijft").await;
    house.say(other, gone, "weg").await;
    let backup = house.back_up().await;
    house.erase(other).await;
    (kept, backup)
}

/// Takes every table out of a house's database on the server.
async fn empty(house: &House) {
    let waarborg_store::Backend::Postgres(url) = &house.settings.backend else {
        unreachable!("it is on PostgreSQL")
    };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client
        .batch_execute("drop schema public cascade; create schema public")
        .await
        .unwrap();
}

/// The keys went, and the power before the rows did: the next start goes on where the erasure stopped.
#[tokio::test]
async fn an_erasure_that_was_cut_off_after_its_keys_is_finished_at_the_next_start() {
    let mut house = House::on_sqlite();
    let (subject, other) = (house.person().await, house.person().await);
    let (gone, kept) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, gone, "weg").await;
    house.say(other, kept, "blijft").await;
    house.close();
    let database = house.settings.data.join("waarborg.db");
    let checkpoint = house.settings.keys.join("log.checkpoint");
    let before = [
        std::fs::read(&database).unwrap(),
        std::fs::read(&checkpoint).unwrap(),
    ];

    house.restart();
    house.erase(subject).await;
    house.close();
    std::fs::write(&database, &before[0]).unwrap();
    std::fs::write(&checkpoint, &before[1]).unwrap();

    house.restart();
    assert!(house.store().person(subject).await.unwrap().is_none());
    assert!(house.store().conversation(gone).await.unwrap().is_none());
    assert!(house.texts(gone).await.is_empty());
    assert_eq!(house.texts(kept).await, ["blijft"]);
    assert!(house.store().verify().await.unwrap().faults.is_empty());
}

/// The key store is gone and the epoch keys are not: a copy of the same time opens everything again.
#[tokio::test]
async fn a_copy_of_the_key_store_is_put_back_whole_or_not_at_all() {
    let mut house = House::on_sqlite();
    let (id, _) = talk_and_back_up(&house).await;
    let copy = house.file("keys-copy");
    house.store().backup_keys(&copy).await.unwrap();
    house.close();
    let put_back = || Archive::restore_keys(&house.settings, &copy);
    assert!(
        matches!(put_back(), Err(OpenFault::Backup(_))),
        "there is one already"
    );
    let keys = house.settings.keys.join("keys.db");
    std::fs::rename(&keys, house.file("lost")).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(house.settings.keys.join(format!("keys.db{end}")));
    }

    let good = std::fs::read(&copy).unwrap();
    for n in 1..10 {
        let mut bytes = good.clone();
        bytes[good.len() * n / 10] ^= 1;
        std::fs::write(&copy, bytes).unwrap();
        assert!(matches!(put_back(), Err(OpenFault::Backup(_))));
        assert!(!keys.exists());
    }
    std::fs::write(&copy, &good).unwrap();
    put_back().unwrap();
    house.restart();
    assert_eq!(house.texts(id).await, ["blijft"]);
}
