//! Prints the speed of detection on the texts of JSONL files beside a floor measured in the same run:
//! one pass of a multi-pattern automaton over the same bytes.
//!
//! `cargo run --release -p waarborg-detect --example throughput -- FILE.jsonl …`
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use aho_corasick::AhoCorasick;
use serde_json::Value;
use waarborg_detect::Detector;

/// Bytes of a round, at least: the clock of a thread ticks every few milliseconds.
const ROUND: usize = 8_000_000;

fn main() -> io::Result<()> {
    let mut texts = Vec::new();
    for path in env::args().skip(1) {
        for line in fs::read_to_string(path)?.lines() {
            let line: Value = serde_json::from_str(line)?;
            texts.extend(line.get("text").and_then(Value::as_str).map(str::to_string));
        }
    }
    let started_at = Instant::now();
    let detector = Detector::new();
    let start = started_at.elapsed();
    let n_bytes: usize = texts.iter().map(String::len).sum();
    let words = [
        "bsn",
        "iban",
        "geboren",
        "tel",
        "@",
        "http",
        "mevrouw",
        "dhr",
        "wachtwoord",
        "straat",
    ];
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .map_err(|error| io::Error::other(error.to_string()))?;

    let n_times = ROUND.div_ceil(n_bytes.max(1));
    let texts: Vec<&String> = texts.iter().cycle().take(texts.len() * n_times).collect();
    let n_bytes = n_bytes * n_times;
    let floor = best_of(5, || {
        texts
            .iter()
            .map(|text| automaton.find_iter(text).count())
            .sum()
    });
    let ours = best_of(5, || {
        texts.iter().map(|text| detector.find(text).len()).sum()
    });
    let rate = |time: Duration| format!("{:.1} MB/s", n_bytes as f64 / 1e6 / time.as_secs_f64());
    println!(
        "{} texts, {n_bytes} bytes; a detector is made in {start:?}",
        texts.len()
    );
    println!("floor, aho-corasick with ten words: {}", rate(floor));
    println!("detection, all stages:              {}", rate(ours));

    // Other texts every time, as prompts are: the same one over and over would find everything in the nearest cache.
    let kilobytes = kilobytes(&texts);
    let mut times: Vec<Duration> = (kilobytes.iter().cycle().take(2000))
        .map(|kilobyte| {
            let before = Instant::now();
            black_box(detector.find(black_box(kilobyte)));
            before.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    println!("1 KB prompts: p50 {:?}, p99 {:?}", at(50), at(99));
    println!("memory, most so far: {}", most_memory());
    Ok(())
}

/// Five hundred texts of a kilobyte each, of the texts as they follow each other.
fn kilobytes(texts: &[&String]) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = String::new();
    for text in texts {
        open.push_str(text);
        open.push('\n');
        if open.len() >= 1024 {
            open.truncate(open.floor_char_boundary(1024));
            all.push(core::mem::take(&mut open));
        }
        if all.len() == 500 {
            break;
        }
    }
    all
}

/// Time that this thread has had a processor, so that neighbours on the machine do not count.
fn time_used() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(Duration::default, Duration::from_nanos)
}

/// The most memory that this process has held, as the system tells it.
fn most_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map_or_else(
        || "?".to_owned(),
        |kilobytes| format!("{:.0} MB", kilobytes / 1000.0),
    )
}

fn best_of(n: usize, mut run: impl FnMut() -> usize) -> Duration {
    let times = (0..n).map(|_| {
        let before = time_used();
        black_box(run());
        time_used().saturating_sub(before)
    });
    times.min().unwrap_or_default()
}
