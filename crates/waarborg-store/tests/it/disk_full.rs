//! A full disk refuses new work and takes erasures and audit entries; room that comes back is noticed.
//!
//! The disk is a small tmpfs, which needs root; without it these tests say so and pass.

use std::path::PathBuf;
use std::process::Command;

use waarborg_domain::entry::Act;
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Conversations as _, Records as _, Storage as _, StoreError, Trail as _,
};

use crate::house::{House, entry, now};

const RESERVE: u64 = 2 << 20;

/// A file system of a few megabytes, unmounted when it is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(house: &House, megabytes: u32) -> Option<Self> {
        let place = house.file("small");
        std::fs::create_dir(&place).unwrap();
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={megabytes}m,mode=700"),
                "tmpfs",
            ])
            .arg(&place)
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(place));
        }
        eprintln!("SKIPPED: a small disk cannot be mounted here (needs root)");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
    }
}

#[tokio::test]
async fn a_full_disk_refuses_new_work_and_takes_erasures_and_entries() {
    let mut house = House::on_sqlite();
    house.close();
    let Some(disk) = SmallDisk::mount(&house, 12) else {
        return;
    };
    house.settings = Settings {
        reserve_bytes: RESERVE,
        ..Settings::in_folder(&disk.0)
    };
    house.restart();
    let (subject, other) = (house.person().await, house.person().await);
    let (gone, kept) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, gone, "weg").await;
    wait_for_the_reserve(&disk).await;

    let n_kept = fill(&house, other, kept).await;
    assert!(n_kept > 10, "{n_kept}");
    assert_eq!(house.store().ready().await, Err(StoreError::Full));
    let filler = disk.0.join("filler");
    std::fs::write(&filler, b"").unwrap();

    for _ in 0..50 {
        house
            .store()
            .record(entry(Act::ConsoleViewed))
            .await
            .unwrap();
    }
    house.store().note(entry(Act::PromptRefused)).await.unwrap();
    let receipt = house.erase(subject).await;
    assert_eq!(receipt.n_records, 1);
    assert_eq!(
        house.store().ready().await,
        Err(StoreError::Full),
        "new work waits until there is room"
    );
    assert!(house.store().verify().await.unwrap().faults.is_empty());

    // Nothing that was acknowledged is lost, also after a restart on the full disk.
    house.restart();
    let permit = house.permit("provide");
    assert_eq!(
        house.store().of_object(&permit, kept).await.unwrap().len(),
        n_kept
    );
    assert!(
        house
            .store()
            .of_object(&permit, gone)
            .await
            .unwrap()
            .is_empty()
    );

    // Room comes back: no restart is needed.
    let grown = Command::new("mount")
        .args(["-o", "remount,size=64m"])
        .arg(&disk.0)
        .status()
        .unwrap();
    assert!(grown.success());
    let mut taken = house.store().ready().await;
    for _ in 0..50 {
        if taken.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        taken = house.store().ready().await;
    }
    taken.unwrap();
    house.say(other, kept, "weer ruimte").await;
    wait_for_the_reserve(&disk).await;
    house.close();
    drop(disk);
}

/// Says things until the disk is full; says how many were kept.
async fn fill(
    house: &House,
    subject: waarborg_domain::ids::SubjectId,
    id: waarborg_domain::ids::ObjectId,
) -> usize {
    let permit = house.permit("provide");
    let store: &Archive = house.store();
    for n in 0.. {
        let record = house.record(subject, id, "user_content", &"x".repeat(20_000));
        match store
            .append(&permit, id, vec![record], now(), entry(Act::TurnKept))
            .await
        {
            Ok(()) => {}
            Err(StoreError::Full) => return n,
            Err(other) => panic!("{other}"),
        }
    }
    unreachable!("a disk of 12 MB is endless")
}

async fn wait_for_the_reserve(disk: &SmallDisk) {
    let reserve = disk.0.join("data/reserve");
    for _ in 0..100 {
        if std::fs::metadata(&reserve).is_ok_and(|metadata| metadata.len() == RESERVE) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("there is no reserve");
}
