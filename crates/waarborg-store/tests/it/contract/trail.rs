//! The audit log.

use waarborg_domain::entry::{Act, Actor};
use waarborg_domain::ids::GatewayKeyId;
use waarborg_store::Exported;
use waarborg_usecase::ports::Trail as _;

use crate::house::{House, entry};

pub(super) async fn the_log_is_whole_and_stays_so_after_an_erasure(house: House) {
    let (subject, _id) = house.talk("tekst").await;
    let lines = house.store().trail_of(subject).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines[2].payload.as_ref().unwrap().contains("turn.kept"));

    house.erase(subject).await;
    let report = house.store().verify().await.unwrap();
    assert_eq!(
        (report.n_entries, report.n_erased, report.faults),
        (5, 3, vec![])
    );
    let latest = house.store().latest(None, 2).await.unwrap();
    assert!(
        latest[0]
            .payload
            .as_ref()
            .unwrap()
            .contains("subject.erased")
    );
    assert!(latest[1].payload.as_ref().unwrap().contains("trail.erased"));
    let older = house.store().latest(Some(latest[1].position), 2).await;
    let older: Vec<u64> = older.unwrap().iter().map(|line| line.position).collect();
    assert_eq!(older, [2, 1]);
    assert!(house.store().latest(Some(0), 2).await.unwrap().is_empty());
}

/// An erased line and a blanked one look the same but for the erasure, and a stranger sees which is which.
pub(super) async fn an_export_tells_an_erased_line_from_a_blanked_one(house: House) {
    let (gone, stays) = (house.person().await, house.person().await);
    for subject in [gone, stays] {
        let id = house.conversation(subject).await;
        house.say(subject, id, "tekst").await;
    }
    house.erase(gone).await;
    let key = house.store().log_key();

    let file = house.file("proof.jsonl");
    let exported = house.store().export_trail(&file, Exported::Proof).await;
    assert_eq!(exported.unwrap(), 8);
    let proof = waarborg_store::verify_export(&file, Some(&key), &[]).unwrap();
    assert!(proof.is_sound(), "{proof:?}");
    assert_eq!(
        (proof.n_opened, proof.n_erased, proof.n_withheld),
        (1, 3, 4)
    );

    let file = house.file("payloads.jsonl");
    let exported = house.store().export_trail(&file, Exported::Payloads).await;
    assert_eq!(exported.unwrap(), 8);
    let whole = waarborg_store::verify_export(&file, Some(&key), &[]).unwrap();
    assert!(whole.is_sound(), "{whole:?}");
    assert_eq!(
        (whole.n_opened, whole.n_erased, whole.n_withheld),
        (5, 3, 0)
    );

    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let with = lines
        .iter()
        .find_map(|line| line.get("closed_with"))
        .unwrap()
        .clone();
    let blanked = |forge: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut lines = lines.clone();
        let last = lines.len() - 3;
        let line = lines[last].as_object_mut().unwrap();
        assert!(line.remove("payload").is_some() && line.remove("salt").is_some());
        forge(line);
        let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
        std::fs::write(&file, text.join("\n")).unwrap();
        waarborg_store::verify_export(&file, Some(&key), &[]).unwrap()
    };
    assert!(!blanked(&|_| ()).is_sound());
    assert!(!blanked(&|line| drop(line.insert("closed_with".to_owned(), with.clone()))).is_sound());
    let withheld = blanked(&|line| drop(line.insert("withheld".to_owned(), true.into())));
    assert_eq!((withheld.is_sound(), withheld.n_withheld), (true, 1));
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
    assert_eq!(house.store().latest(None, 100).await.unwrap().len(), 10);
    // Of an application only its own lines are told, and where to go on.
    let key = GatewayKeyId(uuid::Uuid::from_u128(5));
    let mut own = entry(Act::PromptRefused);
    own.actor = Actor::Application(key);
    house.store().note(own).await.unwrap();
    let part = house.store().trail_of_key(key, None, 1).await.unwrap();
    assert_eq!((part.lines.len(), part.next), (1, Some(10)));
    assert!(
        part.lines[0]
            .payload
            .as_ref()
            .unwrap()
            .contains("prompt.refused")
    );
    let older = house.store().trail_of_key(key, part.next, 1).await.unwrap();
    assert_eq!((older.lines.len(), older.next), (0, None));
    house.restart();
    assert_eq!(house.store().verify().await.unwrap().n_entries, 11);
}
