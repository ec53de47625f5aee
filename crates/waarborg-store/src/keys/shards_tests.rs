//! What shards promise: an erasure wraps few keys again, and people and keys find each other whatever happens.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::epochs::Epochs;
use super::super::master::Master;
use super::super::mirror::{MirrorState, mirror_state};
use super::*;

const PLACE: super::super::Place<'static> = super::super::Place {
    table: "t",
    row: b"r",
    column: "c",
    subject: Uuid::nil(),
    category: "",
};

fn open_store(folder: &Path) -> KeyStore {
    let master = Master::load_or_create(folder).unwrap();
    KeyStore::open(folder, &master).unwrap()
}

/// Every person has one object, of the same number and a thousand.
fn add(store: &mut KeyStore, people: std::ops::Range<u128>) -> BTreeMap<u128, Vec<u8>> {
    store.begin().unwrap();
    let mut sealed = BTreeMap::new();
    for person in people {
        sealed.insert(person, add_one(store, person));
    }
    store.commit().unwrap();
    sealed
}

fn add_one(store: &mut KeyStore, person: u128) -> Vec<u8> {
    let (subject, object) = ids(person);
    store.add_subject(subject).unwrap();
    store.add_object(object, subject).unwrap();
    store.seal(object, &PLACE, b"geheim").unwrap()
}

fn ids(person: u128) -> (Uuid, Uuid) {
    (Uuid::from_u128(person), Uuid::from_u128(person + 1000))
}

fn erase(store: &mut KeyStore, people: impl IntoIterator<Item = u128>) {
    store.begin().unwrap();
    for person in people {
        store.condemn_subject(ids(person).0);
    }
    store.commit().unwrap();
}

fn opens(store: &KeyStore, person: u128, sealed: &[u8]) -> bool {
    store.open_sealed(ids(person).1, &PLACE, sealed).is_ok()
}

fn wrapped(store: &KeyStore) -> BTreeMap<Vec<u8>, (Shard, Vec<u8>)> {
    let mut statement = store
        .connection
        .prepare("select subject, shard, wrapped from subject_keys")
        .unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn shard_sizes(store: &KeyStore) -> BTreeMap<Shard, i64> {
    let mut sizes = BTreeMap::new();
    for (shard, _) in wrapped(store).into_values() {
        *sizes.entry(shard).or_default() += 1;
    }
    sizes
}

/// From now on the next person needs shards that are not there yet.
fn without_room(store: &mut KeyStore) {
    store.begin().unwrap();
    store.change("delete from roomy_shards", &[]).unwrap();
    store.commit().unwrap();
}

#[test]
fn an_erasure_wraps_one_shard_again_however_many_people_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open_store(folder.path());
    let sealed = add(&mut store, 1..301);
    assert_eq!(
        shard_sizes(&store).into_values().collect::<Vec<_>>(),
        [64, 64, 64, 64, 44]
    );
    let before = wrapped(&store);
    erase(&mut store, [100]);
    let after = wrapped(&store);
    let n_again = before
        .iter()
        .filter(|(subject, there)| after.get(*subject) != Some(there))
        .count();
    assert_eq!(n_again, 64);
    let store = open_store(folder.path());
    for (person, sealed) in &sealed {
        assert_eq!(opens(&store, *person, sealed), *person != 100);
    }
}

#[test]
fn a_shard_with_few_people_left_takes_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open_store(folder.path());
    let mut sealed = add(&mut store, 1..201);
    erase(&mut store, 10..65);
    sealed.retain(|person, _| !(10..65).contains(person));
    let mut store = open_store(folder.path());
    sealed.extend(add(&mut store, 301..356));
    assert_eq!(
        shard_sizes(&store).into_values().collect::<Vec<_>>(),
        [64, 64, 64, 8]
    );
    erase(&mut store, [301, 200]);
    for (person, sealed) in &sealed {
        let is_gone = [301, 200].contains(person);
        assert_eq!(opens(&store, *person, sealed), !is_gone, "{person}");
    }
}

/// Before shards had a bound there were 256, whatever the number of people.
#[test]
fn a_key_store_with_larger_shards_opens_and_they_become_smaller() {
    let folder = tempfile::tempdir().unwrap();
    let master = Master::load_or_create(folder.path()).unwrap();
    let keys: Vec<_> = (0..256)
        .map(|shard| (shard, 1, Key::random().unwrap()))
        .collect();
    Epochs::create_with(folder.path(), &master.derive("epoch keys"), &keys).unwrap();
    let mut store = open_store(folder.path());
    store.begin().unwrap();
    store
        .change("delete from roomy_shards; ", &[])
        .and_then(|()| store.change("delete from shard_epochs", &[]))
        .unwrap();
    for shard in 0..256 {
        store
            .change(
                "insert into shard_epochs (shard, epoch) values (?1, 1)",
                params![shard],
            )
            .unwrap();
    }
    let mut sealed = BTreeMap::new();
    for person in 1..=150 {
        let (subject, object) = ids(person);
        let (shard, key) = (7, Key::random().unwrap());
        let wrapped = store.wrap_subject(subject, (shard, 1), &key).unwrap();
        store
            .change(
                "insert into subject_keys (subject, shard, epoch, wrapped) values (?1, ?2, 1, ?3)",
                params![subject.into_bytes(), shard, wrapped],
            )
            .unwrap();
        store.add_object(object, subject).unwrap();
        sealed.insert(person, store.seal(object, &PLACE, b"geheim").unwrap());
    }
    store.commit().unwrap();
    drop(store);

    let mut store = open_store(folder.path());
    assert_eq!(shard_sizes(&store), BTreeMap::from([(7, 150)]));
    sealed.extend(add(&mut store, 200..202));
    let old = folder.path().join("old.db");
    super::super::copy_to(folder.path(), &old).unwrap();
    erase(&mut store, [3]);
    assert_eq!(
        shard_sizes(&store),
        BTreeMap::from([(7, 64), (256, 64), (257, 23)])
    );
    let mut store = open_store(folder.path());
    erase(&mut store, [150]);
    for (person, sealed) in &sealed {
        assert_eq!(
            opens(&store, *person, sealed),
            ![3, 150].contains(person),
            "{person}"
        );
    }
    let old = rusqlite::Connection::open(old).unwrap();
    for person in 1..=150 {
        let found = super::super::view::object_key(&old, &store.shared, ids(person).1);
        assert!(found.is_err(), "an old copy opens what {person} said");
    }
}

#[test]
fn shards_that_a_crash_took_back_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open_store(folder.path());
    let kept = add(&mut store, 1..3);
    without_room(&mut store);
    store.begin().unwrap();
    add_one(&mut store, 5);
    drop(store);

    let mut store = open_store(folder.path());
    assert_eq!(store.end_of_shards().unwrap(), BLOCK);
    store.begin().unwrap();
    store.mark().unwrap();
    add_one(&mut store, 5);
    store.undo().unwrap();
    assert_eq!(store.end_of_shards().unwrap(), BLOCK);
    store.rollback();
    let late = add(&mut store, 5..80);
    assert_eq!(store.end_of_shards().unwrap(), BLOCK * 2);
    erase(&mut store, [6]);

    let store = open_store(folder.path());
    for (person, sealed) in kept.iter().chain(&late) {
        assert_eq!(opens(&store, *person, sealed), *person != 6);
    }
}

#[test]
fn the_mirror_has_every_new_shard() {
    let [keys, mirror] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let master = Master::load_or_create(keys.path()).unwrap();
    let mut store = KeyStore::open_mirrored(keys.path(), mirror.path(), &master).unwrap();
    let mut sealed = add(&mut store, 1..3);
    without_room(&mut store);
    sealed.extend(add(&mut store, 5..80));
    erase(&mut store, [2, 7]);
    assert!(!store.is_alone());
    drop(store);
    let state = mirror_state(keys.path(), mirror.path(), &master).unwrap();
    assert_eq!(state, MirrorState::InStep);

    let mut store = open_store(mirror.path());
    sealed.extend(add(&mut store, 80..90));
    for (person, sealed) in &sealed {
        assert_eq!(opens(&store, *person, sealed), ![2, 7].contains(person));
    }
}
