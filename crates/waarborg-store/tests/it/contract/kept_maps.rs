//! What came in the place of what in something that a provider keeps.

use waarborg_domain::entry::Act;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::ports::{
    Growth, KeptKind, KeptMap, KeptMaps as _, KeptPart, Mark, NewMap, Provided, Records as _,
    Sightings as _,
};
use zeroize::Zeroizing;

use crate::house::{House, days_later, entry, new_id, night, now, random};

const CONTENT: &str = r#"{"lines":[["EMAIL","[EMAIL_12345]","j.jansen@voorbeeld.nl"]]}"#;

fn map(key: GatewayKeyId) -> KeptMap {
    KeptMap {
        id: new_id(),
        key,
        kind: KeptKind::MessageBatch,
        recipient: "model".to_owned(),
        provider_name: None,
        created_at: now(),
        ends_at: days_later(30),
        version: 1,
    }
}

fn key() -> GatewayKeyId {
    GatewayKeyId(new_id())
}

async fn keep(house: &House, map: &KeptMap, marks: Vec<Mark>, most: u32) -> bool {
    keep_provided(house, map, marks, Provided::Fewer(most)).await
}

async fn keep_provided(house: &House, map: &KeptMap, marks: Vec<Mark>, provided: Provided) -> bool {
    let content = Zeroizing::new(CONTENT.to_owned());
    let keeping = house.store().keep_map(
        map.clone(),
        content,
        marks,
        provided,
        entry(Act::PromptSent),
    );
    keeping.await.unwrap()
}

/// What opens for a key on a day.
async fn content(house: &House, key: GatewayKeyId, map: &KeptMap, day: i64) -> Option<String> {
    let found = house.store().kept_map(key, map.id, days_later(day)).await;
    let (_, content) = found.unwrap()?;
    content.map(|content| content.to_string())
}

pub(super) async fn a_map_opens_for_its_key_alone_and_until_it_ends(mut house: House) {
    let kept = map(key());
    assert!(keep(&house, &kept, Vec::new(), 2).await);
    assert_eq!(
        content(&house, kept.key, &kept, 1).await.as_deref(),
        Some(CONTENT)
    );
    assert_eq!(content(&house, key(), &kept, 1).await, None, "another key");
    assert_eq!(content(&house, kept.key, &kept, 31).await, None, "too late");

    house.store().name_map(kept.id, "msgbatch_1").await.unwrap();
    house.restart();
    let found = house.store().kept_map(kept.key, kept.id, now()).await;
    let (known, _) = found.unwrap().unwrap();
    assert_eq!(known.provider_name.as_deref(), Some("msgbatch_1"));

    assert!(keep(&house, &map(kept.key), Vec::new(), 2).await);
    assert!(!keep(&house, &map(kept.key), Vec::new(), 2).await, "enough");
    assert!(keep(&house, &map(key()), Vec::new(), 2).await);

    let ended = house.store().end_map(kept.id, entry(Act::KeptMapEnded));
    assert!(ended.await.unwrap());
    assert_eq!(content(&house, kept.key, &kept, 1).await, None);
    let again = house.store().end_map(kept.id, entry(Act::KeptMapEnded));
    assert!(!again.await.unwrap(), "once");

    let short = KeptMap {
        ends_at: days_later(1),
        ..map(key())
    };
    assert!(keep(&house, &short, Vec::new(), 2).await);
    let run = house.store().end_claims(night(2), entry(Act::RetentionRun));
    run.await.unwrap();
    assert_eq!(content(&house, short.key, &short, 0).await, None, "ended");
}

pub(super) async fn a_map_that_got_no_name_ends_within_a_day_of_a_run(house: House) {
    let (nameless, named) = (map(key()), map(key()));
    for one in [&nameless, &named] {
        assert!(keep(&house, one, Vec::new(), 2).await);
    }
    house.store().name_map(named.id, "resp_1").await.unwrap();
    for (day, is_there) in [(0, true), (2, false)] {
        let run = house
            .store()
            .end_claims(night(day), entry(Act::RetentionRun));
        run.await.unwrap();
        let found = content(&house, nameless.key, &nameless, day).await;
        assert_eq!(found.is_some(), is_there, "{day}");
        assert!(content(&house, named.key, &named, day).await.is_some());
    }
}

pub(super) async fn as_many_maps_as_end_in_one_night_go_in_one_run(house: House) {
    let key = key();
    for _ in 0..501 {
        let short = KeptMap {
            ends_at: days_later(1),
            ..map(key)
        };
        assert!(keep(&house, &short, Vec::new(), 600).await);
        house.store().name_map(short.id, "b").await.unwrap();
    }
    let run = house.store().end_claims(night(2), entry(Act::RetentionRun));
    run.await.unwrap();
    let store = house.store();
    let left = store.kept_maps(key, KeptKind::MessageBatch, KeptPart::First, now(), 600);
    assert_eq!(left.await.unwrap(), Vec::new());
}

pub(super) async fn what_a_key_had_kept_is_listed_in_the_order_of_time(house: House) {
    let key = key();
    let maps: Vec<KeptMap> = (0..5).map(|_| map(key)).collect();
    for one in &maps {
        assert!(keep(&house, one, Vec::new(), 9).await);
        house.store().name_map(one.id, "b").await.unwrap();
    }
    let nameless = map(key);
    keep(&house, &nameless, Vec::new(), 9).await;
    let file = KeptMap {
        kind: KeptKind::File,
        ..map(key)
    };
    keep(&house, &file, Vec::new(), 9).await;
    let listed = async |part, day| {
        let store = house.store();
        let found = store.kept_maps(key, KeptKind::MessageBatch, part, days_later(day), 2);
        let found = found.await.unwrap();
        let place = |one: &KeptMap| maps.iter().position(|known| known.id == one.id).unwrap();
        found.iter().map(place).collect::<Vec<_>>()
    };
    assert_eq!(listed(KeptPart::First, 0).await, [4, 3]);
    assert_eq!(listed(KeptPart::After(maps[3].id), 0).await, [2, 1]);
    assert_eq!(listed(KeptPart::After(maps[0].id), 0).await, [0; 0]);
    assert_eq!(listed(KeptPart::Before(maps[1].id), 0).await, [3, 2]);
    assert_eq!(listed(KeptPart::First, 31).await, [0; 0], "they ended");
}

pub(super) async fn a_map_goes_with_whoever_stands_in_it_and_stays_gone_after_a_restore(
    mut house: House,
) {
    let (mark, other): (Mark, Mark) = (random(), random());
    let (theirs, of_others, deleted) = (map(key()), map(key()), map(key()));
    keep(&house, &theirs, vec![mark, other], 9).await;
    keep(&house, &of_others, vec![other], 9).await;
    keep(&house, &deleted, vec![other], 9).await;
    let backup = house.file("backup");
    house
        .store()
        .backup(&backup, entry(Act::BackupMade))
        .await
        .unwrap();

    let forgetting = house
        .store()
        .forget_seen(vec![mark], now(), entry(Act::SightingsErased));
    forgetting.await.unwrap();
    let ended = house.store().end_map(deleted.id, entry(Act::KeptMapEnded));
    assert!(ended.await.unwrap());
    for (id, is_whole) in [
        (theirs.id, false),
        (deleted.id, false),
        (of_others.id, true),
    ] {
        let next = map(key());
        let kept = keep_provided(&house, &next, Vec::new(), Provided::After(id)).await;
        assert_eq!(kept, is_whole, "nothing goes on from what is gone");
        assert_eq!(content(&house, next.key, &next, 1).await.is_some(), kept);
    }
    let known = house.store().kept_map(theirs.key, theirs.id, now()).await;
    assert_eq!(
        known.unwrap(),
        Some((theirs.clone(), None)),
        "that it is there"
    );
    for is_restored in [false, true] {
        if is_restored {
            house.restore(&backup);
        }
        assert_eq!(content(&house, theirs.key, &theirs, 1).await, None);
        assert_eq!(content(&house, deleted.key, &deleted, 1).await, None);
        assert_eq!(
            content(&house, of_others.key, &of_others, 1)
                .await
                .as_deref(),
            Some(CONTENT)
        );
    }
    let gone = house.store().end_map(theirs.id, entry(Act::KeptMapEnded));
    assert!(!gone.await.unwrap(), "nothing is left of it");
}

fn conversation(key: GatewayKeyId) -> KeptMap {
    KeptMap {
        kind: KeptKind::Conversation,
        ..map(key)
    }
}

/// What a map says from now on, of which this version was read.
fn growth(map: &KeptMap, version: u32, content: &str, marks: Vec<Mark>) -> Growth {
    Growth {
        id: map.id,
        version,
        content: Zeroizing::new(content.to_owned()),
        marks,
        ends_at: days_later(60),
    }
}

async fn grow(house: &House, growth: Growth, with: Option<&KeptMap>) -> bool {
    let with = with.map(|kept| NewMap {
        kept: kept.clone(),
        content: Zeroizing::new(CONTENT.to_owned()),
        marks: Vec::new(),
    });
    let growing = house.store().grow_map(growth, with, entry(Act::PromptSent));
    growing.await.unwrap()
}

pub(super) async fn a_map_that_grows_is_written_by_one_of_those_who_read_it(mut house: House) {
    let kept = conversation(key());
    assert!(keep(&house, &kept, Vec::new(), 1).await);
    for version in 1..4 {
        let texts = ["een", "twee", "drie"].map(|text| format!("{text} {version}"));
        let beside = [(); 3].map(|()| map(kept.key));
        let of = |at: usize| {
            let growth = growth(&kept, version, &texts[at], Vec::new());
            grow(&house, growth, Some(&beside[at]))
        };
        let (first, second, third) = tokio::join!(of(0), of(1), of(2));
        let did = [first, second, third];
        assert_eq!(did.iter().filter(|did| **did).count(), 1, "{did:?}");
        let at = did.iter().position(|did| *did).unwrap();
        let found = house.store().kept_map(kept.key, kept.id, now()).await;
        let (known, said) = found.unwrap().unwrap();
        assert_eq!(known.version, version + 1);
        assert_eq!(said.unwrap().as_str(), texts[at]);
        for (other, kept) in beside.iter().enumerate() {
            let content = content(&house, kept.key, kept, 0).await;
            assert_eq!(content.is_some(), other == at, "with the same stroke");
        }
        house.restart();
    }
    assert!(content(&house, kept.key, &kept, 40).await.is_some());
    let stale = growth(&kept, 3, "te laat", Vec::new());
    assert!(!grow(&house, stale, None).await);
    let nobody = growth(&conversation(key()), 1, "niets", Vec::new());
    assert!(!grow(&house, nobody, None).await);
    // There are as many of them as a key may ask for.
    assert!(keep(&house, &map(key()), Vec::new(), 1).await);
}

pub(super) async fn what_a_map_grew_with_is_found_by_an_erasure_and_comes_back_from_a_backup(
    mut house: House,
) {
    let (mark, other): (Mark, Mark) = (random(), random());
    let (theirs, of_others) = (conversation(key()), conversation(key()));
    for (kept, mark) in [(&theirs, mark), (&of_others, other)] {
        assert!(keep(&house, kept, Vec::new(), 9).await);
        let growth = growth(kept, 1, "meer", vec![mark]);
        assert!(grow(&house, growth, None).await);
    }
    let backup = house.file("backup");
    let making = house.store().backup(&backup, entry(Act::BackupMade));
    making.await.unwrap();
    let forgetting = house
        .store()
        .forget_seen(vec![mark], now(), entry(Act::SightingsErased));
    forgetting.await.unwrap();
    let late = growth(&theirs, 2, "nog meer", Vec::new());
    assert!(!grow(&house, late, None).await, "it does not come again");
    for is_restored in [false, true] {
        if is_restored {
            house.restore(&backup);
        }
        assert_eq!(content(&house, theirs.key, &theirs, 1).await, None);
        let found = house.store().kept_map(of_others.key, of_others.id, now());
        let (known, said) = found.await.unwrap().unwrap();
        assert_eq!(known.version, 2);
        assert_eq!(said.unwrap().as_str(), "meer");
    }
}
