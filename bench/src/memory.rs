//! Whether memory grows: requests of which no text and no conversation is the same as another, and what the process holds
//! meanwhile.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::load;
use crate::process::{Installation, Running};
use crate::{Outcome, machine};

/// What the person who looks asked for.
#[derive(Debug)]
pub(crate) struct Wish {
    binary: PathBuf,
    profile: String,
    requests: u64,
    every: u64,
    connections: usize,
}

impl Wish {
    /// Reads `--name value` pairs.
    pub(crate) fn parse(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self {
            binary: PathBuf::new(),
            profile: "pseudonymise".to_owned(),
            requests: 1_000_000,
            every: 100_000,
            connections: 8,
        };
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let value = words.next().ok_or(format!("{name} needs a value"))?;
            match *name {
                "--binary" => wish.binary = value.into(),
                "--profile" => (*value).clone_into(&mut wish.profile),
                "--requests" => wish.requests = value.parse()?,
                "--every" => wish.every = value.parse::<u64>()?.max(1),
                "--connections" => wish.connections = value.parse()?,
                _ => return Err(format!("{name} is not known").into()),
            }
        }
        Ok(wish)
    }
}

/// What the process still does behind the last answer, such as taking lines into the log, is over by then.
const QUIET: Duration = Duration::from_secs(3);

/// Asks, and prints what the process holds after every so many requests.
pub(crate) async fn run(wish: &Wish) -> Outcome<()> {
    println!(
        "{}, others used {:.1} cores",
        machine::described(),
        machine::load()
    );
    let provider = Running::peer(&["upstream"])?;
    let installation = Installation::make(&wish.binary, &provider.address, &wish.profile)?;
    let (process, _) = installation.start().await?;
    let (idle, _) = process.memory()?;
    println!("| requests | resident, MB | at most, MB | answers/s | processor time each |");
    println!("|---|---|---|---|---|");
    println!("| 0 | {idle:.1} | | | |");

    let key = &installation.gateway_key;
    let (mut done, mut warm) = (0, None);
    while done < wish.requests {
        let until = wish.requests.min(done + wish.every);
        let (started_at, before) = (Instant::now(), process.processor_time()?);
        load::each_another(&process.address, key, done..until, wish.connections).await?;
        let took = started_at.elapsed().as_secs_f64();
        let used = process.processor_time()?.saturating_sub(before);
        tokio::time::sleep(QUIET).await;
        let (now, most) = process.memory()?;
        let n = f64::from(u32::try_from(until - done)?);
        println!(
            "| {until} | {now:.1} | {most:.1} | {:.0} | {:.0} µs |",
            n / took,
            used.as_secs_f64() * 1e6 / n
        );
        done = until;
        let (first, at) = *warm.get_or_insert((now, done));
        if done >= wish.requests && done > at {
            let n = f64::from(u32::try_from(done - at)?);
            println!(
                "\nfrom {at} to {done}: {:+.1} MB, which is {:+.1} MB in a million",
                now - first,
                (now - first) * 1e6 / n
            );
        }
    }
    Ok(())
}
