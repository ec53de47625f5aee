//! How long a register of ten thousand lines takes to compile: the median and the longest of twenty-one times.
//!
//! `cargo run --release -p waarborg-domain --example compile_time [FILE]`

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use jiff::civil::date;
use waarborg_domain::law::Law;
use waarborg_domain::register::Register;

const RUNS: usize = 21;
const LINES: usize = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = match std::env::args().nth(1) {
        Some(file) => std::fs::read_to_string(file)?,
        None => long_register(),
    };
    let law = Law::shipped().map_err(|fault| format!("{fault:?}"))?;

    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = now();
        let compiled = Register::compile(&source, "register.toml", &law, date(2026, 11, 21));
        times.push(began.elapsed());
        if let Err(faults) = compiled {
            return Err(format!("{} faults, first: {:?}", faults.len(), faults.first()).into());
        }
    }
    times.sort_unstable();

    let milliseconds =
        |time: Option<&Duration>| time.map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    writeln!(
        std::io::stdout(),
        "{} lines: median {:.1} ms, longest {:.1} ms",
        source.lines().count(),
        milliseconds(times.get(RUNS / 2)),
        milliseconds(times.last())
    )?;
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is the time that it takes"
)]
fn now() -> Instant {
    Instant::now()
}

/// The demo register with further categories, each with its processing and its period.
fn long_register() -> String {
    let mut source = include_str!("../../../registers/demo-gemeente.toml").to_owned();
    let mut n_lines = source.lines().count();
    let mut number = 0;
    while n_lines < LINES {
        // Writing to a String does not fail.
        let _ = write!(
            source,
            "\n[category.extra_{number}]\nlabel = {{ nl = \"Extra\", en = \"Extra\" }}\nfields = [\"a\", \"b\"]\nsource = \"person\"\n\
             [[processing]]\nservice = \"chat\"\npurpose = \"answer_questions\"\ncategories = [\"extra_{number}\"]\nbasis = \"public_task\"\nevidence = \"EVIDENCE\"\n\
             [[retention]]\nservice = \"chat\"\ncategory = \"extra_{number}\"\npurpose = \"answer_questions\"\nclaim = \"created + 1y\"\n\
             why = {{ nl = \"Een jaar.\", en = \"One year.\" }}\n"
        );
        n_lines += 17;
        number += 1;
    }
    let evidence = source
        .lines()
        .find_map(|line| line.strip_prefix("[evidence.")?.strip_suffix(']'))
        .unwrap_or("none")
        .to_owned();
    source.replace("EVIDENCE", &evidence)
}
