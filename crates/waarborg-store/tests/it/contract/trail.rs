//! The audit log.

use waarborg_domain::entry::Act;
use waarborg_store::Exported;
use waarborg_usecase::ports::{Records as _, Trail as _};

use super::erased;
use crate::support::{House, entry, now};

pub(super) async fn the_log_is_whole_and_stays_so_after_an_erasure(house: House) {
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    house.say(subject, id, "tekst").await;
    let lines = house.store().trail_of(subject).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines[2].payload.as_ref().unwrap().contains("turn.kept"));

    house
        .store()
        .erase_subject(subject, now(), erased(subject))
        .await
        .unwrap();
    let report = house.store().verify().await.unwrap();
    assert_eq!(
        (report.n_entries, report.n_erased, report.faults),
        (4, 3, vec![])
    );
    let latest = house.store().latest(2).await.unwrap();
    assert!(
        latest[0]
            .payload
            .as_ref()
            .unwrap()
            .contains("subject.erased")
    );
    assert_eq!(latest[1].payload, None);
}

pub(super) async fn an_export_is_verified_without_the_store(house: House) {
    let subject = house.person().await;
    let early = house.file("early.jsonl");
    house
        .store()
        .export_trail(&early, Exported::Proof)
        .await
        .unwrap();
    for _ in 0..20 {
        house
            .store()
            .record(entry(Act::ConsoleViewed).about(subject))
            .await
            .unwrap();
    }
    let key = house.store().log_key();
    let file = house.file("export.jsonl");
    assert_eq!(
        house
            .store()
            .export_trail(&file, Exported::Payloads)
            .await
            .unwrap(),
        21
    );

    let report = waarborg_store::verify_export(&file, Some(&key), &[]).unwrap();
    assert!(report.is_sound() && report.n_opened == 21, "{report:?}");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("console.viewed"));

    std::fs::write(&file, text.replacen("console.viewed", "console.entered", 1)).unwrap();
    assert!(
        !waarborg_store::verify_export(&file, Some(&key), &[])
            .unwrap()
            .is_sound()
    );
    let mut lines: Vec<_> = text.lines().collect();
    lines.remove(5);
    std::fs::write(&file, lines.join("\n")).unwrap();
    assert!(
        !waarborg_store::verify_export(&file, Some(&key), &[])
            .unwrap()
            .is_sound()
    );

    // An older copy of everything agrees with itself; a checkpoint that was kept elsewhere shows it.
    let head: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let kept = head["checkpoint"].as_str().unwrap().to_owned();
    assert!(
        waarborg_store::verify_export(&early, Some(&key), &[])
            .unwrap()
            .is_sound()
    );
    assert!(
        !waarborg_store::verify_export(&early, Some(&key), &[kept])
            .unwrap()
            .is_sound()
    );
}

pub(super) async fn tiles_and_checkpoints_hold_over_many_entries(mut house: House) {
    let entries = (0..600).map(|_| house.store().record(entry(Act::ConsoleViewed)));
    for result in futures_util::future::join_all(entries).await {
        result.unwrap();
    }
    house.restart();
    house
        .store()
        .record(entry(Act::ConsoleViewed))
        .await
        .unwrap();
    let report = house.store().verify().await.unwrap();
    assert_eq!((report.n_entries, report.faults), (601, vec![]));
}

pub(super) async fn hasty_entries_are_there_at_once_and_after_a_restart(mut house: House) {
    for _ in 0..10 {
        house.store().note(entry(Act::PromptSent)).await.unwrap();
    }
    assert_eq!(house.store().latest(100).await.unwrap().len(), 10);
    house.restart();
    assert_eq!(house.store().verify().await.unwrap().n_entries, 10);
}
