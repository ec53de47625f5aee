//! Erasing, the night, correcting and restoring are stopped at every single step: the state is before or after, never
//! between; doing it again completes it; nothing readable is left.
//!
//! A step is anything that the program does to a file or to a server, counted by `stop.c` outside the program. Nobody
//! keeps a list of them: the work is done again and again, each time stopped one step later, until it ends by itself.
//! It is killed, killed in the middle of a write, or loses its power and with it what was not synced: one of the three
//! at a step, all three in the long run with `WAARBORG_EVERY_STEP=1`, which alone takes every step of everything.

mod scene;

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use waarborg_store::{Archive, Backend, Settings};
use waarborg_usecase::ports::Records as _;

use crate::canary::{assert_nowhere_below, contains, files_below};
use crate::house::{House, copy_folder, permit, register};
use scene::{Look, Scene, Work, look, settings_in};

const SIGKILL: i32 = 9;

#[tokio::test]
async fn the_work_of_a_child() {
    scene::work_of_a_child().await;
}

macro_rules! stopped {
    ($(fn $name:ident($work:ident);)*) => {
        mod sqlite {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let scene = Scene::set(House::on_sqlite(), Work::$work).await;
                every_step(&scene, &Sqlite).await;
            })*
        }
        mod postgres {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let Some(house) = House::on_postgres().await else {
                    return;
                };
                if Work::$work == Work::Start {
                    // What it begins with is made by copying files.
                    return;
                }
                let scene = Scene::set(house, Work::$work).await;
                let copies = Postgres::of(&scene).await;
                every_step(&scene, &copies).await;
                copies.nothing_is_left(&scene).await;
            })*
        }
    };
}

stopped! {
    fn an_erasure_is_before_or_after(ErasePerson);
    fn erasing_a_conversation_is_before_or_after(EraseConversation);
    fn erasing_slices_is_before_or_after(EraseSlices);
    fn a_night_is_before_or_after(Night);
    fn a_correction_is_before_or_after(Rectify);
    fn a_restore_is_before_or_after(Restore);
    fn a_start_ends_an_erasure_the_first_time_or_the_next(Start);
}

/// An erasure of keys that exist twice; the copy on the other disk is as far or is brought there.
#[tokio::test]
async fn an_erasure_with_a_mirror_of_the_keys_is_before_or_after() {
    let mut house = House::on_sqlite();
    house.close();
    let mirror = house.file("mirror");
    std::fs::create_dir(&mirror).unwrap();
    house.settings.keys_mirror = Some(mirror);
    house.restart();
    let scene = Scene::set(house, Work::ErasePerson).await;
    every_step(&scene, &Sqlite).await;
}

fn is_long_run() -> bool {
    std::env::var_os("WAARBORG_EVERY_STEP").is_some()
}

/// In what way the `nth` step is the last one: each in turn, or all three in the long run.
fn ways(nth: u32) -> Vec<&'static str> {
    let ways = ["power", "kill", "torn"];
    if is_long_run() {
        return ways.to_vec();
    }
    vec![ways[nth as usize % ways.len()]]
}

/// How many steps later the next stop is. The ordinary run takes every step of what is done most on the usual database.
fn stride(scene: &Scene) -> u32 {
    let is_mirrored = scene.house.settings.keys_mirror.is_some();
    let is_usual = matches!(scene.house.settings.backend, Backend::Sqlite) && !is_mirrored;
    match scene.work {
        _ if is_long_run() => 1,
        Work::ErasePerson | Work::Night | Work::Rectify if is_usual => 1,
        Work::Restore if is_usual => 4,
        _ => 10,
    }
}

/// Makes copies of a scene's store and takes them away.
trait Copies {
    /// A copy in a folder.
    async fn make(&self, scene: &Scene, folder: &Path) -> Settings;
    async fn clear(&self, settings: &Settings);
}

struct Sqlite;

impl Copies for Sqlite {
    async fn make(&self, scene: &Scene, folder: &Path) -> Settings {
        copy_keys_and_data(scene, folder);
        settings_in(folder)
    }

    async fn clear(&self, _: &Settings) {}
}

struct Postgres {
    client: tokio_postgres::Client,
    // The address of the server's databases, up to the name.
    base: String,
    template: String,
}

impl Postgres {
    async fn of(scene: &Scene) -> Self {
        let Backend::Postgres(url) = &scene.house.settings.backend else {
            unreachable!("it is on PostgreSQL");
        };
        let (base, template) = url.rsplit_once('/').unwrap();
        let address = format!("{base}/postgres");
        let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        Self {
            client,
            base: base.to_owned(),
            template: template.to_owned(),
        }
    }

    async fn run(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap();
    }

    /// No file of the server holds a word, where this test may read them.
    async fn nothing_is_left(&self, scene: &Scene) {
        self.run("checkpoint").await;
        let row = self.client.query_one("show data_directory", &[]).await;
        let folder: String = row.unwrap().get(0);
        if std::fs::read_dir(&folder).is_err() {
            eprintln!("SKIPPED: the files of PostgreSQL cannot be read");
            return;
        }
        assert_nowhere_below(Path::new(&folder), std::slice::from_ref(&scene.said.erased));
    }
}

impl Copies for Postgres {
    async fn make(&self, scene: &Scene, folder: &Path) -> Settings {
        copy_keys_and_data(scene, folder);
        let number = crate::house::random::<8>().map(|byte| format!("{byte:02x}"));
        let name = format!("{}_{}", self.template, number.concat());
        self.run(&format!(
            "create database {name} template {}",
            self.template
        ))
        .await;
        settings_in(folder).on_postgres(&format!("{}/{name}", self.base))
    }

    async fn clear(&self, settings: &Settings) {
        let Backend::Postgres(url) = &settings.backend else {
            unreachable!("it is on PostgreSQL");
        };
        let (_, name) = url.rsplit_once('/').unwrap();
        self.run(&format!("drop database {name} with (force)"))
            .await;
    }
}

fn copy_keys_and_data(scene: &Scene, folder: &Path) {
    let settings = &scene.house.settings;
    copy_folder(&settings.data, &folder.join("data"));
    copy_folder(&settings.keys, &folder.join("keys"));
    if let Some(mirror) = &settings.keys_mirror {
        copy_folder(mirror, &folder.join("mirror"));
    }
}

async fn every_step(scene: &Scene, copies: &impl Copies) {
    let Some(library) = library(scene.house.folder.path()) else {
        return;
    };
    let place = scene.house.file("copy");
    let settings = copies.make(scene, &place).await;
    let before = look(&Archive::open(settings.clone()).unwrap(), &scene.cast).await;
    copies.clear(&settings).await;
    let settings = copies.make(scene, &place).await;
    let after = scene.again(&settings).await;
    copies.clear(&settings).await;
    let is_start = scene.work == Work::Start;
    assert!(
        is_start || before.facts != after.facts,
        "the work does nothing"
    );

    let mut n_after = 0;
    let mut nth = 0;
    let mut is_done = false;
    while !is_done {
        nth += if nth == 0 { 1 } else { stride(scene) };
        for how in ways(nth) {
            let settings = copies.make(scene, &place).await;
            let child = scene.run_child(&settings, &library, nth, how);
            let is_stopped = child.status.signal() == Some(SIGKILL);
            assert!(
                is_stopped || child.status.success(),
                "step {nth}, {how}: {}\n{}",
                String::from_utf8_lossy(&child.stdout),
                String::from_utf8_lossy(&child.stderr)
            );
            let found = {
                let archive = Archive::open(settings.clone())
                    .unwrap_or_else(|fault| panic!("step {nth}, {how}: {fault:?}"));
                look(&archive, &scene.cast).await
            };
            let is_after = found == after;
            assert!(
                is_after || found == before,
                "step {nth}, {how}, left something between:\n{}",
                differences(&before, &after, &found)
            );
            assert!(
                is_after || is_stopped,
                "step {nth}, {how}: said to be done and is not"
            );
            n_after += u32::from(is_after);
            if is_after && (n_after < 4 || !is_stopped) {
                nobody_opens_it(scene, &settings).await;
            }
            // From what is after already every fourth time is enough.
            if !is_after || n_after < 4 || nth % 4 == 0 || !is_stopped {
                let again = scene.again(&settings).await;
                assert_eq!(
                    again.facts, after.facts,
                    "step {nth}, {how}: doing it again"
                );
                nothing_is_left(scene, &place, nth);
            }
            copies.clear(&settings).await;
            is_done |= !is_stopped;
        }
    }
    println!(
        "{:?}: {nth} steps, after at {n_after} of those that were taken",
        scene.work
    );
    assert!(nth > 10, "only {nth} steps: is anything counted?");
}

/// Who kept the old files and has the keys of today opens nothing.
async fn nobody_opens_it(scene: &Scene, settings: &Settings) {
    if !matches!(
        scene.work,
        Work::ErasePerson | Work::EraseConversation | Work::Night
    ) {
        return;
    }
    let attacker = scene.house.file("attacker");
    copy_keys_and_data(scene, &attacker);
    for name in ["master.key", "epochs.key"] {
        let keys = attacker.join("keys");
        std::fs::copy(settings.keys.join(name), keys.join(name)).unwrap();
    }
    let _ = std::fs::remove_dir_all(attacker.join("mirror"));
    let Ok(archive) = Archive::open(settings_in(&attacker)) else {
        return;
    };
    let register = register();
    let permit = permit(&register, "provide");
    let found = archive.of_object(&permit, scene.cast.talk).await;
    assert!(
        !found.is_ok_and(|records| !records.is_empty()),
        "what was erased was opened"
    );
}

/// Neither the words nor the bytes that they were sealed into.
fn nothing_is_left(scene: &Scene, place: &Path, nth: u32) {
    if !is_about_the_canary(scene.work) {
        return;
    }
    assert_nowhere_below(place, std::slice::from_ref(&scene.said.erased));
    for file in files_below(place) {
        let bytes = std::fs::read(&file).unwrap();
        for sealed in &scene.sealed {
            assert!(
                !contains(&bytes, &sealed[20..52]),
                "step {nth}: {} holds what was sealed",
                file.display()
            );
        }
    }
}

const fn is_about_the_canary(work: Work) -> bool {
    !matches!(work, Work::Start)
}

fn differences(before: &Look, after: &Look, found: &Look) -> String {
    let all = |look: &Look| [look.facts.clone(), look.said.clone()].concat();
    let mut lines = Vec::new();
    for (name, look) in [("before", before), ("after", after)] {
        let (expected, found) = (all(look), all(found));
        let missing = expected.iter().filter(|line| !found.contains(line));
        lines.extend(missing.map(|line| format!("in {name} and not found: {line}")));
        let added = found.iter().filter(|line| !expected.contains(line));
        lines.extend(added.map(|line| format!("found and not in {name}: {line}")));
        lines.push(format!("said {name}: {:?}", look.said));
    }
    lines.push(format!("said, as found: {:?}", found.said));
    lines.join("\n")
}

/// The library that counts and stops, built by the compiler that builds SQLite too. `None` where it cannot be.
fn library(folder: &Path) -> Option<PathBuf> {
    let library = folder.join("stop.so");
    if !cfg!(all(target_os = "linux", target_env = "gnu")) {
        eprintln!("SKIPPED: stopping at every step needs Linux with glibc");
        return None;
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/every_step/stop.c");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .arg(&library)
        .arg(source)
        .args(["-ldl", "-lpthread"])
        .status();
    assert!(built.unwrap().success(), "stop.c does not compile");
    Some(library)
}
