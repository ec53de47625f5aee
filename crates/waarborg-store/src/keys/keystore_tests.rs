//! What the key store promises: destroyed is destroyed, also for someone with every old file and today's keys.

use super::*;

struct Home {
    folder: tempfile::TempDir,
    store: KeyStore,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let master = Master::load_or_create(folder.path()).unwrap();
    let store = KeyStore::open(folder.path(), &master).unwrap();
    Home { folder, store }
}

impl Home {
    fn open_again(self) -> Result<Home, KeyFault> {
        let Home { folder, store } = self;
        drop(store);
        let master = Master::load(folder.path())?;
        let store = KeyStore::open(folder.path(), &master)?;
        Ok(Home { folder, store })
    }

    fn add(&mut self, subject: u128, objects: &[u128]) {
        self.store.begin().unwrap();
        self.store.add_subject(Uuid::from_u128(subject)).unwrap();
        for object in objects {
            self.store
                .add_object(Uuid::from_u128(*object), Uuid::from_u128(subject))
                .unwrap();
        }
        self.store.commit().unwrap();
    }

    fn seal(&self, object: u128) -> Vec<u8> {
        self.store
            .seal(Uuid::from_u128(object), &place(), b"geheim")
            .unwrap()
    }

    fn opens(&self, object: u128, sealed: &[u8]) -> bool {
        match self
            .store
            .open_sealed(Uuid::from_u128(object), &place(), sealed)
        {
            Ok(plain) => plain.as_slice() == b"geheim",
            Err(KeyFault::Gone) => false,
            Err(other) => panic!("{other}"),
        }
    }
}

fn place() -> Place<'static> {
    Place {
        table: "t",
        row: b"r",
        column: "c",
        subject: Uuid::nil(),
        category: "",
    }
}

#[test]
fn keys_survive_a_restart() {
    let mut home = home();
    home.add(1, &[10, 11]);
    let sealed = home.seal(10);
    let home = home.open_again().unwrap();
    assert!(home.opens(10, &sealed));
    assert!(
        home.store
            .view()
            .unwrap()
            .open_sealed(Uuid::from_u128(10), &place(), &sealed)
            .is_ok()
    );
}

#[test]
fn a_destroyed_subject_loses_all_objects_and_others_lose_none() {
    let mut home = home();
    // They share a shard.
    home.add(0x101, &[10, 11]);
    home.add(0x201, &[20]);
    home.add(0x302, &[30]);
    let sealed: Vec<_> = [10, 11, 20, 30]
        .map(|object| (object, home.seal(object)))
        .into();

    home.store.begin().unwrap();
    home.store.condemn_subject(Uuid::from_u128(0x101));
    assert!(
        !home.opens(10, &sealed[0].1),
        "a condemned key is not used any more"
    );
    home.store.commit().unwrap();

    let home = home.open_again().unwrap();
    let opened: Vec<_> = sealed
        .iter()
        .filter(|(object, sealed)| home.opens(*object, sealed))
        .collect();
    assert_eq!(
        opened.iter().map(|(object, _)| *object).collect::<Vec<_>>(),
        [20, 30]
    );
}

#[test]
fn old_key_stores_with_the_keys_of_today_open_nothing_that_was_destroyed() {
    let mut home = home();
    home.add(0x101, &[10, 11]);
    home.add(0x201, &[20]);
    let sealed: Vec<_> = [10, 11, 20]
        .map(|object| (object, home.seal(object)))
        .into();
    let old = home.folder.path().join("old.db");
    copy_to(home.folder.path(), &old).unwrap();

    home.store.begin().unwrap();
    assert_eq!(
        home.store.condemn_object(Uuid::from_u128(10)).unwrap(),
        Some(Uuid::from_u128(0x101))
    );
    home.store.commit().unwrap();
    assert!(
        !home.opens(10, &sealed[0].1)
            && home.opens(11, &sealed[1].1)
            && home.opens(20, &sealed[2].1)
    );

    // The attacker: every old file, the master key and the epoch keys of today, whatever the shard says.
    let old = Connection::open(old).unwrap();
    for (object, _) in &sealed {
        let found = object_key(&old, &home.store.shared, Uuid::from_u128(*object));
        assert!(
            found.is_err(),
            "an old copy of the key store still opens object {object}"
        );
    }
    // Nor does the wrapped key of the destroyed object open with the subject's key of today.
    let wrapped: Vec<u8> = old
        .query_row(
            "select wrapped from object_keys where object = ?1",
            [Uuid::from_u128(10).into_bytes()],
            |row| row.get(0),
        )
        .unwrap();
    let subject = Uuid::from_u128(0x101);
    let today = subject_key(&home.store.connection, &home.store.shared, subject).unwrap();
    assert!(
        open(
            &today,
            &object_place(Uuid::from_u128(10).as_bytes(), subject),
            &wrapped
        )
        .is_err()
    );
}

#[test]
fn a_crash_at_any_step_of_a_destruction_leaves_before_or_after() {
    for step in 0..3 {
        let mut home = home();
        home.add(0x101, &[10]);
        home.add(0x201, &[20]);
        let (gone, kept) = (home.seal(10), home.seal(20));

        home.store.begin().unwrap();
        home.store.condemn_subject(Uuid::from_u128(0x101));
        let condemned = std::mem::take(&mut home.store.condemned);
        home.store
            .epochs_mut(|epochs| epochs.prepare(&[(0, 1)]))
            .unwrap();
        if step > 0 {
            let losing = BTreeSet::new();
            home.store.rewrap((0, 1), &condemned, &losing).unwrap();
        }
        if step > 1 {
            home.store.connection.execute_batch("commit").unwrap();
        }
        // The crash: what was not committed is lost, the old epoch key was not wiped yet.
        let home = home.open_again().unwrap();

        assert!(home.opens(20, &kept), "step {step}");
        assert_eq!(home.opens(10, &gone), step < 2, "step {step}");
        let epochs = home.store.shared.epochs.read().unwrap();
        assert_eq!(epochs.unsettled().count(), 0, "step {step}");
        assert_eq!(epochs.key(0, 1).is_some(), step < 2, "step {step}");
    }
}

#[test]
fn undoing_a_job_undoes_its_keys_and_its_condemnations() {
    let mut home = home();
    home.add(1, &[10]);
    let sealed = home.seal(10);
    home.store.begin().unwrap();
    home.store.mark().unwrap();
    home.store.add_subject(Uuid::from_u128(2)).unwrap();
    home.store.condemn_subject(Uuid::from_u128(1));
    home.store
        .append_ledger(5, &Act::Restrict(Uuid::from_u128(1)))
        .unwrap();
    home.store.undo().unwrap();
    home.store.commit().unwrap();
    assert!(home.opens(10, &sealed));
    assert!(!home.store.has_subject(Uuid::from_u128(2)).unwrap());
    assert!(home.store.ledger_since(0).unwrap().is_empty());
}

#[test]
fn a_key_store_older_than_its_epoch_keys_is_refused_and_nothing_is_wiped() {
    let mut home = home();
    home.add(0x101, &[10]);
    let sealed = home.seal(10);
    let old = home.folder.path().join("old.db");
    copy_to(home.folder.path(), &old).unwrap();
    home.add(0x201, &[20]);
    home.store.begin().unwrap();
    home.store.condemn_subject(Uuid::from_u128(0x201));
    home.store.commit().unwrap();
    let current = home.folder.path().join("current.db");
    copy_to(home.folder.path(), &current).unwrap();

    let Home { folder, store } = home;
    drop(store);
    let master = Master::load(folder.path()).unwrap();
    let put = |file: &Path| {
        for name in ["keys.db-wal", "keys.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(name));
        }
        std::fs::copy(file, folder.path().join(FILE)).unwrap();
    };
    put(&old);
    let store = KeyStore::open(folder.path(), &master).unwrap();
    assert!(
        store
            .open_sealed(Uuid::from_u128(10), &place(), &sealed)
            .is_err()
    );
    drop(store);
    put(&current);
    let store = KeyStore::open(folder.path(), &master).unwrap();
    assert!(
        store
            .open_sealed(Uuid::from_u128(10), &place(), &sealed)
            .is_ok()
    );
}

#[test]
fn the_ledger_cannot_be_edited_or_shortened_unnoticed() {
    let mut home = home();
    home.store.begin().unwrap();
    for n in 1..=3 {
        let purpose = "marketing".to_owned();
        home.store
            .append_ledger(
                n,
                &Act::Object {
                    subject: Uuid::from_u128(1),
                    purpose,
                },
            )
            .unwrap();
    }
    home.store.commit().unwrap();
    assert_eq!(home.store.ledger_since(1).unwrap().len(), 2);
    assert!(
        home.store
            .connection
            .execute("delete from ledger where sequence = 2", [])
            .is_err()
    );

    home.store
        .connection
        .execute_batch(
            "drop trigger ledger_is_not_edited; update ledger set said = 'x' where sequence = 2;",
        )
        .unwrap();
    assert!(matches!(
        home.open_again(),
        Err(KeyFault::Ledger { sequence: 2 })
    ));
}
