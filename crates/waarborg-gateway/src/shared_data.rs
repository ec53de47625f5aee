//! Test data that lies outside the repository; a test without it says so and passes.

use std::path::PathBuf;

use base64::Engine as _;

fn place(path: &str) -> PathBuf {
    let shared = std::env::var_os("WAARBORG_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    shared.join(path)
}

/// The files of a folder, with their names.
pub(crate) fn files(path: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let Ok(folder) = std::fs::read_dir(place(path)) else {
        eprintln!("SKIPPED: {} is not here", place(path).display());
        return None;
    };
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.unwrap();
        (
            entry.file_name().into_string().unwrap(),
            std::fs::read(entry.path()).unwrap(),
        )
    };
    Some(folder.map(read).collect())
}

/// The files that a script writes into the folder that it is given, with their names.
pub(crate) fn made_by(script: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let script = place(script);
    if !script.exists() {
        eprintln!("SKIPPED: {} is not here", script.display());
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut python = std::process::Command::new("python3");
    let ran = python.arg(&script).arg(folder.path()).output();
    let Ok(ran) = ran else {
        eprintln!("SKIPPED: there is no python3 for {}", script.display());
        return None;
    };
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    files(folder.path().to_str().unwrap())
}

/// The text of a file.
pub(crate) fn text(path: &str) -> Option<String> {
    let path = place(path);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: {} is not here", path.display());
    }
    text
}

/// The values of a file with one JSON document per line.
pub(crate) fn lines(path: &str) -> Option<Vec<serde_json::Value>> {
    let text = text(path)?;
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

/// The value of a JSON file.
pub(crate) fn json(path: &str) -> Option<serde_json::Value> {
    Some(serde_json::from_str(&text(path)?).unwrap())
}

/// The bytes that a base64 text stands for.
pub(crate) fn bytes_of_base64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .unwrap()
}
