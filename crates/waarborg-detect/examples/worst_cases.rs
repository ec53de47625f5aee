//! Says whether the time of detection grows in proportion to the text, on texts made to be slow.
//!
//! `cargo run --release -p waarborg-detect --example worst_cases -- [LARGEST]`, the largest text in bytes, 10 MB if not given;
//! `… worst_cases FAMILY BYTES` reads one such text once, for counting instructions (`bench/detect --linear`).
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]

use std::hint::black_box;
use std::time::Duration;
use std::{env, fs};

use waarborg_detect::Detector;

/// Name, what the text begins with, what it repeats, what it ends with.
type Family = (&'static str, &'static str, &'static str, &'static str);

const FAMILIES: &[Family] = &[
    ("email", "", "a", "@b.b"),
    ("email host", "a@", "b.", ""),
    ("email2", "", "x@", ""),
    ("iban", "", "NL", ""),
    ("bsn", "", "12345678", ""),
    ("phone", "", "+31 ", ""),
    ("name", "", "van der ", ""),
    ("url", "", "http://", ""),
    ("b64", "", "A", ""),
    ("zw", "", "\u{200b}", "x"),
    ("combining", "e", "\u{301}", ""),
    ("rtl", "", "\u{202e}", ""),
    ("emoji", "", "👩\u{200d}", ""),
    ("digitwords", "", "een ", ""),
    ("percent", "", "%25", ""),
    ("entities", "", "&#49;", ""),
    ("date", "", "01-01-", ""),
    ("base64 of base64", "", "U2Fubm", ""),
    (
        "base64 in lines",
        "",
        "U2FubmUgZGUgVnJpZXMsIDA2LTEyMzQ1Njc4LCBnZWJvcmVuIDE0LTAz\n",
        "",
    ),
    ("hex", "", "313233", ""),
    ("quoted-printable", "", "=4A", ""),
    ("program escapes", "", "\\u0031", ""),
    ("digits apart", "", "1 ", ""),
    ("letters apart", "", "a_", ""),
    ("emphasis", "", "1**", ""),
    ("tags", "", "1<b>", ""),
    ("open tags", "", "<", ""),
    ("said addresses", "", "a punt ", "apenstaartje b punt nl"),
    ("signs", "", "apenstaartje ", ""),
    ("backwards", "", "achterstevoren 12345678 ", ""),
    ("lines of addresses", "", "a@b\n", ""),
    ("misread", "", "l1", ""),
    ("paths", "", "aB1/", ""),
    ("key prefixes", "", "AKIA", ""),
    ("connections", "", "Password=", ""),
    ("private keys", "", "-----BEGIN PRIVATE KEY-----", ""),
    ("names", "", "Jan de Vries ", ""),
    ("tables", "naam;bsn\n", "a;1\n", ""),
    ("quotes", "", "\"", ""),
    ("brackets", "", "(", ""),
    ("lookalikes", "", "а", ""),
    ("plates", "", "12-AB-", ""),
    (
        "prose",
        "",
        "Mevrouw Jansen uit Delft belde op 14 maart over haar rekening. ",
        "",
    ),
];

fn main() {
    let detector = Detector::new();
    let asked: Vec<String> = env::args().skip(1).collect();
    if let [name, size] = asked.as_slice() {
        let family = FAMILIES.iter().find(|(known, ..)| known == name);
        let size = size.parse().ok();
        let text = family.zip(size).map(|(family, size)| text(family, size));
        match text {
            Some(text) => println!("{} findings", detector.find(&text).len()),
            None => println!("worst_cases FAMILY BYTES: no family {name}, or no number"),
        }
        return;
    }
    let largest: usize = asked
        .first()
        .and_then(|size| size.parse().ok())
        .unwrap_or(10_000_000);
    let mut worst = (0.0, "", 0);
    println!(
        "| family | MB/s at {largest} bytes | largest time(2n)/time(n) | at n |\n|---|---|---|---|"
    );
    for family in FAMILIES {
        let (name, ..) = family;
        let (mut ratio, mut at) = (0.0, 0);
        let mut speed = 0.0;
        for size in [1_000, 10_000, 100_000, 1_000_000, 5_000_000] {
            if size * 2 > largest {
                break;
            }
            let (short, long) = (text(family, size), text(family, 2 * size));
            let times = (time(&detector, &short), time(&detector, &long));
            let growth = times.1.as_secs_f64() / times.0.as_secs_f64().max(1e-9);
            if growth > ratio {
                (ratio, at) = (growth, size);
            }
            speed = long.len() as f64 / 1e6 / times.1.as_secs_f64();
        }
        println!("| {name} | {speed:.1} | {ratio:.2} | {at} |");
        if ratio > worst.0 {
            worst = (ratio, name, at);
        }
    }
    println!(
        "worst: {} doubles from {} bytes in {:.2} times the time",
        worst.1, worst.2, worst.0
    );
}

fn text((_, begin, repeat, end): &Family, size: usize) -> String {
    format!("{begin}{}{end}", repeat.repeat(size / repeat.len()))
}

/// The best of three, each long enough for the clock.
fn time(detector: &Detector, text: &str) -> Duration {
    let mut n = 1_u32;
    let mut best = Duration::MAX;
    let mut n_rounds = 0;
    while n_rounds < 3 {
        let before = time_used();
        for _ in 0..n {
            black_box(detector.find(black_box(text)));
        }
        let spent = time_used().saturating_sub(before);
        if spent < Duration::from_millis(50) && n < 1 << 20 {
            n *= 4;
            continue;
        }
        best = best.min(spent / n);
        n_rounds += 1;
    }
    best
}

/// Time that this thread has had a processor, so that neighbours on the machine do not count.
fn time_used() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(Duration::default, Duration::from_nanos)
}
