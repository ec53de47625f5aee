//! Keys that exist twice: every change is on both disks, and an erasure is one only when it is in both.

use std::path::PathBuf;

use waarborg_domain::entry::Act;
use waarborg_store::keys::{KeyFault, Master, MirrorState, mirror_state};
use waarborg_store::{Archive, OpenFault};
use waarborg_usecase::ports::{Conversations as _, Records as _, Storage as _};

use crate::house::{House, copy_folder, entry, now};

fn mirrored() -> House {
    let mut house = House::on_sqlite();
    house.close();
    let mirror = house.file("mirror");
    std::fs::create_dir(&mirror).unwrap();
    house.settings.keys_mirror = Some(mirror);
    house.restart();
    house
}

fn mirror(house: &House) -> PathBuf {
    house.settings.keys_mirror.clone().unwrap()
}

fn state(house: &House) -> MirrorState {
    let master = Master::load(&house.settings.keys).unwrap();
    mirror_state(&house.settings.keys, &mirror(house), &master).unwrap()
}

#[tokio::test]
async fn the_mirror_alone_is_enough_to_go_on() {
    let mut house = mirrored();
    let (_, id) = house.talk("blijft").await;
    let (gone, _) = house.talk("weg").await;
    assert!(!house.erase(gone).await.is_pending_in_mirror);
    assert_eq!(state(&house), MirrorState::InStep);
    house.close();

    std::fs::remove_dir_all(&house.settings.keys).unwrap();
    house.restart();
    assert_eq!(house.texts(id).await, ["blijft"]);
    assert!(
        house
            .store()
            .of_subject(&house.permit("provide"), gone)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(state(&house), MirrorState::InStep);
    let (_, later) = house.talk("en verder").await;
    house.restart();
    assert_eq!(house.texts(later).await, ["en verder"]);
}

/// Somebody kept every file of the mirror from before the erasure, and has the mirror's keys of today.
#[tokio::test]
async fn what_was_erased_opens_with_no_file_of_the_mirror() {
    let mut house = mirrored();
    let (subject, gone) = house.talk("weg").await;
    let (_, kept) = house.talk("blijft").await;
    house.close();
    let old = house.file("old");
    copy_folder(&mirror(&house), &old.join("keys"));
    copy_folder(&house.settings.data, &old.join("data"));
    house.restart();
    house.erase(subject).await;
    house.close();

    let mut attacker = House::on_sqlite();
    attacker.close();
    copy_folder(&old.join("data"), &attacker.settings.data);
    copy_folder(&old.join("keys"), &attacker.settings.keys);
    for name in ["master.key", "epochs.key"] {
        std::fs::copy(mirror(&house).join(name), attacker.settings.keys.join(name)).unwrap();
    }
    if let Ok(archive) = Archive::open(attacker.settings.clone()) {
        let found = archive.of_object(&house.permit("provide"), gone).await;
        assert!(!found.is_ok_and(|records| !records.is_empty()));
    }
    house.restart();
    assert_eq!(house.texts(kept).await, ["blijft"]);
}

#[tokio::test]
async fn without_the_mirror_an_erasure_is_pending_and_new_work_waits() {
    let house = mirrored();
    let (subject, gone) = house.talk("weg").await;
    let (other, kept) = house.talk("blijft").await;
    let away = house.file("away");
    std::fs::rename(mirror(&house), &away).unwrap();

    let record = house.record(other, kept, "user_content", "nieuw");
    let permit = house.permit("provide");
    let refused = house
        .store()
        .append(&permit, kept, vec![record], now(), entry(Act::TurnKept))
        .await;
    assert!(refused.is_err(), "a key that exists once");
    assert!(house.store().ready().await.is_err());
    let receipt = house.erase(subject).await;
    assert!(receipt.is_pending_in_mirror && receipt.n_records == 1);
    assert!(house.texts(gone).await.is_empty());
    assert_eq!(state(&house), MirrorState::Missing);

    std::fs::rename(&away, mirror(&house)).unwrap();
    let mut ready = house.store().ready().await;
    for _ in 0..100 {
        if ready.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        ready = house.store().ready().await;
    }
    ready.unwrap();
    assert!(!house.store().is_pending_in_mirror());
    assert_eq!(state(&house), MirrorState::InStep);
    house.say(other, kept, "nieuw").await;
    assert_eq!(house.texts(kept).await, ["blijft", "nieuw"]);
    assert_eq!(state(&house), MirrorState::InStep);
}

#[tokio::test]
async fn the_older_of_two_is_brought_up_to_date_at_the_start() {
    for is_mirror in [true, false] {
        let mut house = mirrored();
        let (subject, _) = house.talk("weg").await;
        house.close();
        let folder = if is_mirror {
            mirror(&house)
        } else {
            house.settings.keys.clone()
        };
        let old = house.file("old");
        copy_folder(&folder, &old);
        house.restart();
        let (_, kept) = house.talk("blijft").await;
        house.erase(subject).await;
        house.close();
        copy_folder(&old, &folder);
        assert_eq!(state(&house), MirrorState::Stale, "mirror: {is_mirror}");

        house.restart();
        assert_eq!(state(&house), MirrorState::InStep, "mirror: {is_mirror}");
        assert_eq!(house.texts(kept).await, ["blijft"]);
    }
}

#[tokio::test]
async fn keys_and_mirror_that_went_on_apart_do_not_open() {
    let mut house = mirrored();
    house.talk("samen").await;
    house.close();
    let (here, there) = (house.settings.keys.clone(), mirror(&house));
    let start = house.file("start");
    copy_folder(&here, &start);

    house.settings.keys_mirror = None;
    house.restart();
    house.talk("hier").await;
    house.close();
    let ours = house.file("ours");
    copy_folder(&here, &ours);
    copy_folder(&start, &here);
    house.restart();
    house.talk("daar").await;
    house.close();
    copy_folder(&here, &there);
    copy_folder(&ours, &here);

    house.settings.keys_mirror = Some(there);
    assert_eq!(state(&house), MirrorState::Diverged);
    assert!(matches!(
        Archive::open(house.settings.clone()),
        Err(OpenFault::Keys {
            source: KeyFault::Diverged,
            ..
        })
    ));
}

/// An empty folder where the mirror was is a disk that is not mounted.
#[tokio::test]
async fn an_empty_folder_is_not_filled_in_the_place_of_a_mirror_that_was_there() {
    let mut house = mirrored();
    house.talk("blijft").await;
    house.close();
    std::fs::remove_dir_all(mirror(&house)).unwrap();
    std::fs::create_dir(mirror(&house)).unwrap();
    house.restart();
    assert_eq!(state(&house), MirrorState::Missing);
    assert!(house.store().ready().await.is_err());
    assert_eq!(std::fs::read_dir(mirror(&house)).unwrap().count(), 0);

    std::fs::write(mirror(&house).join("new-mirror"), b"").unwrap();
    house.restart();
    house.store().ready().await.unwrap();
    assert_eq!(state(&house), MirrorState::InStep);
}

/// An old copy of the key store is put back by hand: the mirror knows better.
#[tokio::test]
async fn a_copy_of_the_key_store_that_is_put_back_yields_to_the_mirror() {
    let mut house = mirrored();
    house.talk("eerst").await;
    let copy = house.file("keys-copy");
    house.store().backup_keys(&copy).await.unwrap();
    let (_, id) = house.talk("later").await;
    house.close();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(house.settings.keys.join(format!("keys.db{end}")));
    }
    Archive::restore_keys(&house.settings, &copy).unwrap();

    house.restart();
    assert_eq!(house.texts(id).await, ["later"]);
    assert_eq!(state(&house), MirrorState::InStep);
}
