//! Says whether the time of detection grows in proportion to the text, on texts made to be slow.
//!
//! `cargo run --release -p waarborg-detect --example worst_cases -- [LARGEST [FAMILY …]]`: texts from a kilobyte on, each twice as
//! long as the one before, up to LARGEST bytes, 10 MB if not given;
//! `… worst_cases FAMILY BYTES` reads one such text once, for counting instructions (`bench/detect --linear`).
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]

use std::hint::black_box;
use std::time::Duration;
use std::{env, fs, iter};

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
    (
        "code on one line",
        "fn main() {\n    let x = 1;\n}\n",
        "x = \"mail a1@voorbeeld.nl en user_1\"; ",
        "",
    ),
    (
        "remarks",
        "fn main() {\n    let x = 1;\n}\n",
        "    // Jan de Vries vroeg hierom\n",
        "",
    ),
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
    if let [name, size] = asked.as_slice()
        && name.parse::<usize>().is_err()
    {
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
    let only = asked.get(1..).unwrap_or_default();
    let is_asked = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let mut worst = (0.0, "", 0);
    println!(
        "| family | MB/s at {largest} bytes | largest time(2n)/time(n) | at n |\n|---|---|---|---|"
    );
    for family in FAMILIES.iter().filter(|(name, ..)| is_asked(name)) {
        let growths = doublings(&detector, family, largest);
        let most = |most: Growth, one: &Growth| if one.ratio > most.ratio { *one } else { most };
        let Growth { ratio, at, .. } = growths.iter().fold(Growth::default(), most);
        let speed = growths.last().map_or(0.0, |growth| growth.speed);
        let name = family.0;
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

/// How much longer a text takes that is twice as long.
#[derive(Clone, Copy, Default)]
struct Growth {
    ratio: f64,
    /// Bytes of the shorter text.
    at: usize,
    /// Of the longer one, in MB/s.
    speed: f64,
}

/// From about a kilobyte to the largest.
fn doublings(detector: &Detector, family: &Family, largest: usize) -> Vec<Growth> {
    let halves = iter::successors(Some(largest / 2), |size| Some(size / 2));
    let sizes = halves.take_while(|size| *size >= SHORTEST);
    let mut growths: Vec<Growth> = sizes.map(|at| growth(detector, family, at)).collect();
    growths.reverse();
    growths
}

/// The median of some rounds. In each the short text is read before the long one and behind it, so that a machine that grows
/// busier from one moment to the next tells nothing of the lengths.
fn growth(detector: &Detector, family: &Family, at: usize) -> Growth {
    let (short, long) = (text(family, at), text(family, 2 * at));
    let n_rounds = if at < LONG { 9 } else { 3 };
    let mut rounds: Vec<(f64, f64)> = (0..n_rounds)
        .map(|_| {
            let [before, whole, behind] =
                [&short, &long, &short].map(|text| time(detector, text).as_secs_f64().max(1e-9));
            (2.0 * whole / (before + behind), whole)
        })
        .collect();
    rounds.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, seconds) = rounds.get(n_rounds / 2).copied().unwrap_or_default();
    Growth {
        ratio,
        at,
        speed: long.len() as f64 / 1e6 / seconds,
    }
}

/// Bytes of the shortest text, about.
const SHORTEST: usize = 1_000;
/// From here on a round takes long enough, and there are fewer.
const LONG: usize = 500_000;

fn text((_, begin, repeat, end): &Family, size: usize) -> String {
    format!("{begin}{}{end}", repeat.repeat(size / repeat.len()))
}

/// The time of one reading, of as many as the clock needs: it ticks every few milliseconds.
fn time(detector: &Detector, text: &str) -> Duration {
    let mut n = 1_u32;
    loop {
        let before = time_used();
        for _ in 0..n {
            black_box(detector.find(black_box(text)));
        }
        let spent = time_used().saturating_sub(before);
        if spent >= Duration::from_millis(20) || n >= 1 << 20 {
            return spent / n;
        }
        n *= 4;
    }
}

/// Time that this thread has had a processor, so that neighbours on the machine do not count.
fn time_used() -> Duration {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = spent.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(Duration::default, Duration::from_nanos)
}
