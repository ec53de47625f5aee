//! The whole measurement, in one run, so that every figure has its neighbour from the same minute.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cost::{self, Asked, Cost};
use crate::detection::{self, Speed};
use crate::load::{self, Latency, Target};
use crate::process::{Installation, Running};
use crate::{Outcome, disk, machine, report};

/// What the person who measures asked for.
#[derive(Debug, Default)]
pub(crate) struct Wish {
    /// The release build of the product.
    pub(crate) binary: PathBuf,
    /// The page that gets the table; none when quick.
    pub(crate) page: Option<PathBuf>,
    /// The day, as `2026-11-21`.
    pub(crate) day: String,
    /// The commit that was built.
    pub(crate) commit: String,
    quick: bool,
}

impl Wish {
    /// Reads `--name value` pairs.
    pub(crate) fn parse(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self::default();
        let mut words = words.iter();
        while let Some(name) = words.next() {
            let mut value = || words.next().copied().ok_or(format!("{name} needs a value"));
            match *name {
                "--binary" => wish.binary = value()?.into(),
                "--page" => wish.page = Some(value()?.into()),
                "--day" => value()?.clone_into(&mut wish.day),
                "--commit" => value()?.clone_into(&mut wish.commit),
                "--quick" => wish.quick = true,
                _ => return Err(format!("{name} is not known").into()),
            }
        }
        Ok(wish)
    }

    fn rounds(&self) -> usize {
        if self.quick { 1 } else { 5 }
    }

    fn span(&self) -> Duration {
        Duration::from_millis(if self.quick { 800 } else { 3000 })
    }
}

/// Latency of one way to the provider, at one connection and at sixty-four.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// What a person calls it.
    pub(crate) name: &'static str,
    /// One connection.
    pub(crate) alone: Latency,
    /// Sixty-four connections.
    pub(crate) crowd: Latency,
}

/// Every figure of one run.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// Bare provider, pass-through proxy, guarded gateway; each with two kilobytes of text.
    pub(crate) ways: Vec<Way>,
    /// Processor time per request: of the proxy, and of the gateway in three manners.
    pub(crate) costs: Vec<Cost>,
    /// Reading text.
    pub(crate) speed: Speed,
    /// Writes of 4 kB that reached the disk, in a second.
    pub(crate) syncs: f64,
    /// Audit entries that reached the disk, in a second: one at a time, and sixty-four at once.
    pub(crate) entries: (f64, f64),
    /// From the start of the process until it answers: a new installation, and the same one again.
    pub(crate) start: (Duration, Duration),
    /// Megabytes: idle after the start, and the most it held under load.
    pub(crate) memory: (f64, f64),
    /// Megabytes of the binary.
    pub(crate) size: f64,
    /// Work of others on the machine before the run, in cores.
    pub(crate) load_before: f64,
}

/// Measures everything and reports it.
pub(crate) async fn run(wish: &Wish) -> Outcome<()> {
    let figures = measure(wish).await?;
    let table = report::table(&figures, wish);
    println!("{table}");
    match &wish.page {
        Some(page) if !wish.quick => report::write(page, &table),
        _ => Ok(()),
    }
}

async fn measure(wish: &Wish) -> Outcome<Figures> {
    let load_before = machine::load();
    let provider = Running::peer(&["upstream"])?;
    let plain = Running::peer(&["passthrough", &provider.address])?;
    let installation = Installation::make(&wish.binary, &provider.address, "pseudonymise")?;
    let (first, first_start) = installation.start().await?;
    drop(first);
    let (gateway, second_start) = installation.start().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (idle, _) = gateway.memory()?;

    let text = detection::letter(1, detection::SHORT);
    let key = &installation.gateway_key;
    let ways = ways(
        wish,
        &[
            ("bare provider", Target::chat(&provider.address, key, &text)),
            (
                "pass-through proxy",
                Target::chat(&plain.address, key, &text),
            ),
            (
                "guarded gateway",
                Target::chat(&gateway.address, key, &text),
            ),
        ],
    )
    .await?;
    let formats = Installation::make(&wish.binary, &provider.address, "formats")?;
    let (of_formats, _) = formats.start().await?;
    let asked = |name, process, key, goes_on| Asked {
        name,
        process,
        key,
        goes_on,
    };
    let asked = [
        asked("pass-through proxy", &plain, key.as_str(), false),
        asked("guarded gateway", &gateway, key, false),
        asked(
            "the same, a text that the conversation had before",
            &gateway,
            key,
            true,
        ),
        asked(
            "the same, formats only",
            &of_formats,
            &formats.gateway_key,
            false,
        ),
    ];
    let costs = cost::measure(&asked, wish.rounds(), wish.span()).await?;
    let (_, most) = gateway.memory()?;
    drop(of_formats);
    drop(gateway);

    Ok(Figures {
        ways,
        costs,
        speed: detection::measure(wish.span()),
        syncs: disk::syncs(&installation.folder, wish.span())?,
        entries: disk::entries(&installation.folder, 64, wish.span()).await?,
        start: (first_start, second_start),
        memory: (idle, most),
        size: megabytes(&wish.binary)?,
        load_before,
    })
}

/// Goes round by round over all ways, and keeps the best round of each: what disturbs a round only ever adds to it.
async fn ways(wish: &Wish, targets: &[(&'static str, Target)]) -> Outcome<Vec<Way>> {
    let mut best: Vec<Way> = Vec::new();
    for round in 0..wish.rounds() {
        for (place, (name, target)) in targets.iter().enumerate() {
            let alone = load::run(target, 1, wish.span()).await?;
            let crowd = load::run(target, 64, wish.span()).await?;
            match best.get_mut(place) {
                Some(way) if round > 0 => {
                    way.alone = way.alone.better(alone);
                    way.crowd = way.crowd.better(crowd);
                }
                _ => best.push(Way { name, alone, crowd }),
            }
        }
    }
    Ok(best)
}

fn megabytes(file: &Path) -> Outcome<f64> {
    let kilobytes = u32::try_from(std::fs::metadata(file)?.len() / 1000)?;
    Ok(f64::from(kilobytes) / 1000.0)
}
