//! The program is killed at random moments of a mixed load; nothing that it acknowledged is lost.
//!
//! Ten times in the ordinary run; `WAARBORG_KILLS=200` for the long one.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use waarborg_store::keys::{Master, MirrorState, mirror_state};

use crate::house::random;

#[test]
fn a_killed_program_loses_nothing_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    kill_again_and_again(folder.path(), |_| ());
}

/// After every third kill the disk with the keys is gone as well, and their mirror is all there is.
#[test]
fn a_killed_program_with_a_mirror_loses_nothing_with_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mirror")).unwrap();
    kill_again_and_again(folder.path(), |kill| {
        if kill % 3 == 2 {
            std::fs::remove_dir_all(folder.path().join("keys")).unwrap();
        }
    });
    let keys = folder.path().join("keys");
    let master = Master::load(&keys).unwrap();
    let state = mirror_state(&keys, &folder.path().join("mirror"), &master).unwrap();
    assert_eq!(state, MirrorState::InStep);
}

fn kill_again_and_again(folder: &Path, mut after: impl FnMut(u32)) {
    let n_kills: u32 = std::env::var("WAARBORG_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10);
    let program = example("durable_writer");
    let mut acknowledged = Vec::new();
    for kill in 0..n_kills {
        let mut writer = Command::new(&program)
            .arg("write")
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(writer.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        acknowledged.push(first.trim_end().to_owned());
        let [low, high] = random::<2>();
        std::thread::sleep(Duration::from_millis(
            60 + u64::from(u16::from_le_bytes([low, high]) % 400),
        ));
        writer.kill().unwrap();
        writer.wait().unwrap();
        // A line without its end was not acknowledged yet.
        acknowledged.extend(
            out.split(b'\n')
                .map_while(Result::ok)
                .filter_map(|line| String::from_utf8(line).ok()),
        );
        after(kill);
        if kill % 10 == 9 {
            check(&program, folder, &acknowledged);
        }
    }
    check(&program, folder, &acknowledged);
    assert!(
        acknowledged.len() > 20,
        "only {} acknowledgements",
        acknowledged.len()
    );
}

fn check(program: &Path, folder: &Path, acknowledged: &[String]) {
    let list = folder.join("acknowledged");
    std::fs::write(&list, acknowledged.join("\n")).unwrap();
    let checked = Command::new(program)
        .arg("check")
        .arg(folder)
        .arg(&list)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stdout).into_owned()
        + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}

/// An example of this crate, built beside this test.
fn example(name: &str) -> std::path::PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    let program = folder.join("examples").join(name);
    assert!(
        program.exists(),
        "{} is not built: cargo build -p waarborg-store --examples",
        program.display()
    );
    program
}
