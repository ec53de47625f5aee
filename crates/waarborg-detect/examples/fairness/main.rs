//! Says per origin of names how many are found, so that nobody is protected less for what they are called.
//!
//! `cargo run --release -p waarborg-detect --example fairness`. Every first name of an origin meets every surname in the same
//! sentences, as written, in small letters and in capitals. A name counts as found when all of it lies in findings of a person.
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(clippy::cast_precision_loss, reason = "the counts are small")]

use waarborg_detect::{Detector, Kind};

const NAMES: &str = include_str!("names.tsv");

/// `F` is a first name, `L` a surname, `{…}` what must be found.
const CARRIERS: &[&str] = &[
    "Mijn naam is {F L} en ik heb een vraag over mijn aanvraag.",
    "Kun je een mail schrijven aan {F L} dat de afspraak niet doorgaat?",
    "Gisteren belde {F L} over de rekening van vorige maand.",
    "Mevrouw {L} is niet tevreden over de behandeling.",
    "Mijn collega {F} heeft zich vandaag ziek gemeld.",
    "Beste {F}, dank je wel voor je bericht.",
    "Het dossier van {F L} ligt bij de balie.",
    "Schrijf een verslag: {F L} kwam te laat en was boos.",
    "De heer {F L} woont nu een jaar in deze straat.",
    "Please write a reference for {F L}, who worked with us.",
    "My neighbour {F L} keeps complaining about the noise.",
    "Met vriendelijke groet,\n{F L}",
];

/// How many of how many.
#[derive(Clone, Copy, Default)]
struct Count {
    found: usize,
    all: usize,
}

impl Count {
    fn share(self) -> f64 {
        100.0 * self.found as f64 / self.all.max(1) as f64
    }
}

fn main() {
    let detector = Detector::new();
    println!(
        "| origin | as written | small letters | CAPITALS | together |\n|---|---|---|---|---|"
    );
    let mut shares: Vec<[f64; 4]> = Vec::new();
    for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let (Some(origin), Some(first), Some(last)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let counts = measured(&detector, first, last);
        let [written, small, capitals] = counts.map(Count::share);
        let together = (written + small + capitals) / 3.0;
        println!(
            "| {origin} | {written:.1} % | {small:.1} % | {capitals:.1} % | {together:.1} % |"
        );
        shares.push([written, small, capitals, together]);
    }
    for (column, name) in ["as written", "small letters", "CAPITALS", "together"]
        .iter()
        .enumerate()
    {
        let of_column = || shares.iter().filter_map(|row| row.get(column).copied());
        let best = of_column().fold(0.0, f64::max);
        let worst = of_column().fold(100.0, f64::min);
        println!(
            "{name}: best {best:.1} %, worst {worst:.1} %, {:.1} points apart",
            best - worst
        );
    }
}

/// What is found of the names of one origin: as written, in small letters, in capitals.
fn measured(detector: &Detector, first: &str, last: &str) -> [Count; 3] {
    let mut counts = [Count::default(); 3];
    let first: Vec<&str> = first.split(", ").collect();
    let last: Vec<&str> = last.split(", ").collect();
    for (shift, carrier) in CARRIERS.iter().enumerate() {
        for (place, first) in first.iter().enumerate() {
            // Each first name meets another surname in each sentence.
            let Some(last) = last.get((place + shift) % last.len()) else {
                continue;
            };
            let (text, name) = filled(carrier, first, last);
            let forms: [fn(&str) -> String; 3] =
                [str::to_owned, str::to_lowercase, str::to_uppercase];
            for (count, form) in counts.iter_mut().zip(forms) {
                count.all += 1;
                count.found += usize::from(is_found(detector, &form(&text), &form(&name)));
            }
        }
    }
    counts
}

/// A sentence with its name in it, and the name.
fn filled(carrier: &str, first: &str, last: &str) -> (String, String) {
    let (before, rest) = carrier.split_once('{').unwrap_or((carrier, ""));
    let (pattern, after) = rest.split_once('}').unwrap_or(("", rest));
    let name = pattern
        .split(' ')
        .map(|part| if part == "F" { first } else { last })
        .collect::<Vec<_>>()
        .join(" ");
    (format!("{before}{name}{after}"), name)
}

fn is_found(detector: &Detector, text: &str, name: &str) -> bool {
    let Some(start) = text.find(name) else {
        return false;
    };
    let mut end = start;
    for finding in detector.find(text) {
        if finding.kind == Kind::Person && finding.span.start <= end + 1 && finding.span.end > end {
            end = finding.span.end;
        }
    }
    end >= start + name.len()
}
