//! Nothing readable of an erased person is left in any file: not raw, not encoded, not in a piece.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use waarborg_usecase::ports::{Records as _, Trail as _};

use crate::house::{House, copy_folder, random};

/// A text that occurs nowhere else, with a letter that encodings differ on.
fn canary() -> String {
    format!(
        "kanarie-{}-é",
        random::<12>().map(|byte| format!("{byte:02x}")).concat()
    )
}

#[tokio::test]
async fn no_file_ever_holds_what_a_person_said() {
    let mut house = House::on_sqlite();
    let canaries: Vec<String> = (0..20).map(|_| canary()).collect();
    let subject = house.person().await;
    let id = house.conversation(subject).await;
    for canary in &canaries {
        house.say(subject, id, canary).await;
    }
    let backup = house.back_up().await;
    house
        .store()
        .backup_keys(&house.file("keys-backup"))
        .await
        .unwrap();
    assert_nowhere(&house, &canaries);

    house.erase(subject).await;
    assert_nowhere(&house, &canaries);
    house.restore(&backup);
    assert_nowhere(&house, &canaries);
    assert!(
        house
            .store()
            .of_object(&house.permit("provide"), id)
            .await
            .unwrap()
            .is_empty()
    );
}

/// Someone who has every old file, and the master key and epoch keys of today, opens nothing that was erased.
#[tokio::test]
async fn old_files_and_todays_keys_open_nothing_that_was_erased() {
    let mut house = House::on_sqlite();
    let (subject, other) = (house.person().await, house.person().await);
    let (gone, kept) = (
        house.conversation(subject).await,
        house.conversation(other).await,
    );
    house.say(subject, gone, "weg").await;
    house.say(other, kept, "blijft").await;
    house.close();
    let old = house.file("old");
    copy_folder(&house.settings.data, &old.join("data"));
    copy_folder(&house.settings.keys, &old.join("keys"));
    house.restart();
    house.erase(subject).await;
    house.close();

    // The attacker's own house: old data and old key store, beside the keys of today.
    let mut attacker = House::on_sqlite();
    attacker.close();
    let keys = attacker.settings.keys.clone();
    copy_folder(&old.join("data"), &attacker.settings.data);
    copy_folder(&old.join("keys"), &keys);
    for name in ["master.key", "epochs.key"] {
        std::fs::copy(house.settings.keys.join(name), keys.join(name)).unwrap();
    }
    let opened = waarborg_store::Archive::open(attacker.settings.clone());
    if let Ok(archive) = opened {
        let found = archive.of_object(&house.permit("provide"), gone).await;
        assert!(
            !found.is_ok_and(|records| !records.is_empty()),
            "an erased record was opened"
        );
    }
    house.restart();
    let found = house
        .store()
        .of_object(&house.permit("provide"), kept)
        .await
        .unwrap();
    assert_eq!(found.len(), 1, "what was not erased stays readable");
}

#[tokio::test]
async fn the_log_says_who_did_what_and_never_what_was_said() {
    let house = House::on_sqlite();
    let canaries = [canary()];
    let (_subject, _id) = house.talk(&canaries[0]).await;
    let lines = house.store().latest(None, 100).await.unwrap();
    assert!(
        lines
            .iter()
            .all(|line| !line.payload.as_ref().unwrap().contains(&canaries[0]))
    );
    assert_nowhere(&house, &canaries);
}

fn assert_nowhere(house: &House, canaries: &[String]) {
    assert_nowhere_below(house.folder.path(), canaries);
}

/// No file below a folder holds one of these, in any form.
pub(crate) fn assert_nowhere_below(folder: &Path, canaries: &[String]) {
    let mut n_files = 0;
    for file in files_below(folder) {
        // A server goes on while it is looked at, and some of its files go.
        let Ok(bytes) = std::fs::read(&file) else {
            assert!(!file.exists(), "{} cannot be read", file.display());
            continue;
        };
        n_files += 1;
        for canary in canaries {
            for (form, needle) in forms(canary) {
                assert!(
                    !contains(&bytes, &needle),
                    "{} holds a canary ({form})",
                    file.display()
                );
            }
        }
    }
    assert!(n_files >= 5, "only {n_files} files were looked at");
}

/// The ways in which a text may hide in a file, and a piece of it.
fn forms(canary: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = canary.as_bytes();
    let utf16 =
        |order: fn(u16) -> [u8; 2]| canary.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut forms = vec![
        ("raw", bytes.to_vec()),
        ("piece", bytes[12..28].to_vec()),
        ("upper case", canary.to_uppercase().into_bytes()),
        ("UTF-16 LE", utf16(u16::to_le_bytes)),
        ("UTF-16 BE", utf16(u16::to_be_bytes)),
        ("hexadecimal", each(bytes, |byte| format!("{byte:02x}"))),
        ("URL", canary.replace('é', "%C3%A9").into_bytes()),
        (
            "URL, every byte",
            each(bytes, |byte| format!("%{byte:02X}")),
        ),
        ("JSON", canary.replace('é', "\\u00e9").into_bytes()),
    ];
    // In base64 a text looks different at each of three offsets; the middle of each is certain.
    for skip in 0..3 {
        let padded = [vec![b'x'; skip], bytes.to_vec()].concat();
        for encoded in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
            forms.push(("base64", encoded.as_bytes()[4..encoded.len() - 4].to_vec()));
        }
    }
    forms
}

fn each(bytes: &[u8], form: impl Fn(u8) -> String) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| form(*byte).into_bytes())
        .collect()
}

/// Looks for the first byte first: these files are megabytes and the needles many.
pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let (first, others) = needle.split_first().unwrap();
    let mut rest = bytes;
    while !rest.is_empty() {
        let before = rest;
        let n = rest.skip_until(*first).unwrap();
        if before[n - 1] == *first && rest.starts_with(others) {
            return true;
        }
    }
    false
}

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(places) = std::fs::read_dir(&folder) else {
            assert!(!folder.exists(), "{} cannot be read", folder.display());
            continue;
        };
        for place in places {
            let path = place.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}
