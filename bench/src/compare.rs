//! Two builds beside each other: processor time per request, in turn, so that whatever else the machine does falls on both.

use std::path::PathBuf;
use std::time::Duration;

use crate::cost;
use crate::detection;
use crate::load::{self, Target};
use crate::process::{Installation, Running};
use crate::{Outcome, machine};

/// What the person who compares asked for.
#[derive(Debug)]
pub(crate) struct Wish {
    old: PathBuf,
    new: PathBuf,
    rounds: usize,
}

impl Wish {
    /// Reads `--name value` pairs.
    pub(crate) fn parse(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self {
            old: PathBuf::new(),
            new: PathBuf::new(),
            rounds: 7,
        };
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let value = words.next().ok_or(format!("{name} needs a value"))?;
            match *name {
                "--old" => wish.old = value.into(),
                "--new" => wish.new = value.into(),
                "--rounds" => wish.rounds = value.parse()?,
                _ => return Err(format!("{name} is not known").into()),
            }
        }
        Ok(wish)
    }
}

/// One round of one kind of request lasts so long.
const SPAN: Duration = Duration::from_secs(1);

/// One kind of request to both builds, and the microseconds per request of each round.
struct Case {
    name: &'static str,
    sides: [(usize, Target); 2],
    taken: [Vec<f64>; 2],
}

/// Measures both and prints a table.
pub(crate) async fn run(wish: &Wish) -> Outcome<()> {
    let load_before = machine::load();
    let provider = Running::peer(&["upstream"])?;
    let mut running = Vec::new();
    for profile in ["pseudonymise", "formats"] {
        for binary in [&wish.old, &wish.new] {
            let installation = Installation::make(binary, &provider.address, profile)?;
            let (process, _) = installation.start().await?;
            running.push((process, installation));
        }
    }
    let mut cases = cases(&running)?;

    for round in 0..wish.rounds {
        for case in &mut cases {
            // Who comes first changes, as a machine that speeds up or slows down does not.
            for side in [round % 2, 1 - round % 2] {
                if let (Some((place, target)), Some(taken)) =
                    (case.sides.get(side), case.taken.get_mut(side))
                    && let Some((process, _)) = running.get(*place)
                {
                    taken.push(cost::per_request(process, target, SPAN).await?);
                }
            }
        }
    }

    println!(
        "{}, others used {load_before:.1} cores",
        machine::described()
    );
    println!(
        "| processor time per request, 8 connections | old: median | least | new: median | least |"
    );
    println!("|---|---|---|---|---|");
    for case in &mut cases {
        let [old, new] = &mut case.taken;
        let (old, new) = (middle_and_least(old), middle_and_least(new));
        println!(
            "| {} | {:.0} µs | {:.0} µs | {:.0} µs | {:.0} µs |",
            case.name, old.0, old.1, new.0, new.1
        );
    }
    Ok(())
}

fn cases(running: &[(Running, Installation)]) -> Outcome<Vec<Case>> {
    let (short, long) = (detection::letter(1, 2), detection::letter(1, 54));
    let mut cases = Vec::new();
    for (name, text, first, goes_on) in [
        ("1 kB", &short, 0, false),
        ("16 kB", &long, 0, false),
        ("1 kB, known", &short, 0, true),
        ("16 kB, known", &long, 0, true),
        ("1 kB, formats only", &short, 2, false),
        ("16 kB, formats only", &long, 2, false),
    ] {
        let side = |place: usize| -> Outcome<(usize, Target)> {
            let (process, installation) = running.get(place).ok_or("a process is missing")?;
            let make = if goes_on {
                Target::goes_on
            } else {
                Target::chat
            };
            let target = make(&process.address, &installation.gateway_key, text);
            Ok((place, target))
        };
        cases.push(Case {
            name,
            sides: [side(first)?, side(first + 1)?],
            taken: [Vec::new(), Vec::new()],
        });
    }
    Ok(cases)
}

fn middle_and_least(taken: &mut [f64]) -> (f64, f64) {
    taken.sort_by(f64::total_cmp);
    let middle = taken.get(taken.len() / 2).copied().unwrap_or_default();
    (middle, taken.first().copied().unwrap_or_default())
}

/// Starts one build and asks it until `span` is over, for whoever looks at it with a profiler meanwhile: `--binary FILE
/// [--profile NAME] [--fillers N] [--known yes] [--connections N] [--seconds N]`.
pub(crate) async fn keep_busy(words: &[&str]) -> Outcome<()> {
    let value = |name: &str| {
        let place = words.iter().position(|word| *word == name)?;
        words.get(place + 1).copied()
    };
    let number = |name: &str, unsaid: &str| value(name).unwrap_or(unsaid).parse::<u64>();
    let provider = Running::peer(&["upstream"])?;
    let binary = PathBuf::from(value("--binary").ok_or("--binary needs a value")?);
    let profile = value("--profile").unwrap_or("pseudonymise");
    let installation = Installation::make(&binary, &provider.address, profile)?;
    let (process, _) = installation.start().await?;
    println!("{} {}", process.address, installation.folder.display());
    let text = detection::letter(1, usize::try_from(number("--fillers", "2")?)?);
    let make = if value("--known").is_some() {
        Target::goes_on
    } else {
        Target::chat
    };
    let target = make(&process.address, &installation.gateway_key, &text);
    let connections = usize::try_from(number("--connections", "8")?)?;
    let span = Duration::from_secs(number("--seconds", "10")?);
    load::answers(&target, connections, span / 5).await?;
    let before = process.processor_time()?;
    let n_answers = load::answers(&target, connections, span).await?;
    let taken = process.processor_time()?.saturating_sub(before);
    println!(
        "{n_answers} answers, {:.0} µs each",
        taken.as_secs_f64() * 1e6 / f64::from(n_answers.max(1))
    );
    Ok(())
}
