//! Prints what is read from files, and what is not: `read_file FILE…`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let read = std::thread::Builder::new()
            .stack_size(waarborg_files::STACK_BYTES)
            .spawn(move || waarborg_files::read(None, &bytes, &waarborg_files::Limits::default()))?
            .join();
        let mut out = std::io::stdout().lock();
        let Ok(read) = read else {
            writeln!(out, "{path}: the reader broke down")?;
            continue;
        };
        writeln!(out, "== {path}: {}", read.kind())?;
        let (text, gaps) = read.with_gaps();
        for (place, range) in text.parts() {
            let part = text.as_str().get(range).unwrap_or_default();
            writeln!(out, "[{place}] {}", part.trim_end())?;
        }
        for gap in &gaps {
            writeln!(out, "!! {gap}")?;
        }
    }
    Ok(())
}
