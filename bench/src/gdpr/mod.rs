//! Measures the workload: what an operation takes per record that it touches, beside the same questions put to a table
//! without an index, encryption or log, in the same run.

mod place;
mod plain;
mod workload;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use waarborg_store::Settings;

use crate::{Outcome, machine};
use place::Place;
use plain::Plain;
use workload::{Chance, Desk, MIXES, Model, Operation};

/// What a person wants measured.
pub(crate) struct Wish {
    n_records: u64,
    n_operations: u64,
    postgres: Option<String>,
}

impl Wish {
    pub(crate) fn parse(words: &[&str]) -> Outcome<Self> {
        let mut wish = Self {
            n_records: 10_000,
            n_operations: 1000,
            postgres: None,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| io::Error::other(format!("{word} needs a value")))?;
            match *word {
                "--records" => wish.n_records = value.parse()?,
                "--operations" => wish.n_operations = value.parse()?,
                "--postgres" => wish.postgres = Some((*value).to_owned()),
                other => return Err(io::Error::other(format!("what is {other}?")).into()),
            }
        }
        Ok(wish)
    }
}

/// How long something took, and how many records it touched.
#[derive(Clone, Copy, Default)]
struct Took {
    n: u64,
    n_touched: u64,
    n_wrong: u64,
    time: Duration,
}

impl Took {
    fn add(&mut self, n_touched: u64, time: Duration) {
        self.n += 1;
        self.n_touched += n_touched;
        self.time += time;
    }

    /// Microseconds per touched record.
    fn each(&self) -> f64 {
        self.time.as_secs_f64() * 1e6 / whole(self.n_touched.max(1))
    }
}

/// A mix, or one operation of it: in the store, and on the plain table.
#[derive(Default)]
struct Row {
    here: Took,
    plain: Took,
}

pub(crate) async fn run(wish: &Wish) -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("waarborg-gdpr-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(wish, &folder).await;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure(wish: &Wish, folder: &Path) -> Outcome<()> {
    let load = machine::load();
    let place = Place::make(folder, wish.postgres.as_deref()).await?;
    let settings = Settings::in_folder(folder);
    let settings = match place.url() {
        Some(url) => settings.on_postgres(url),
        None => settings,
    };
    let desk = Desk::open(settings).await?;
    let started_at = Instant::now();
    let mut model = desk.fill(wish.n_records).await?;
    let filling = started_at.elapsed();
    let (n_bytes, n_personal) = (place.n_bytes().await?, model.n_bytes());

    let plain = Plain::fill(&place, &model).await?;
    let n_plain_bytes = plain.n_bytes(&place).await?;
    println!(
        "### {} records, {}\n",
        grouped(wish.n_records),
        place.name()
    );
    println!(
        "Filling: {:.1} s, {:.0} µs per record. On the disk: {:.1} MB for {:.1} MB of personal data, factor {:.2} (plain table: {:.2}). \
         Others used {load:.1} cores when it began.\n",
        filling.as_secs_f64(),
        filling.as_secs_f64() * 1e6 / whole(wish.n_records),
        mega(n_bytes),
        mega(n_personal),
        whole(n_bytes) / whole(n_personal),
        whole(n_plain_bytes) / whole(n_personal),
    );

    let mut operations: BTreeMap<Operation, Row> = BTreeMap::new();
    let mut mixes = Vec::new();
    let mut night = Took::default();
    for (nth, mix) in MIXES.iter().enumerate() {
        let mut row = Row::default();
        let mut chance = Chance::new(nth as u64 + 1);
        for _ in 0..wish.n_operations {
            let (operation, key) = mix.next(&mut chance, model.n_keys());
            let began_at = Instant::now();
            let answer = desk.ask(operation, key, &model).await?;
            let time = began_at.elapsed();
            let judged = model.judge(operation, key, answer);
            let of_kind = &mut operations.entry(operation).or_default().here;
            of_kind.add(judged.n_touched, time);
            row.here.add(judged.n_touched, time);
            row.here.n_wrong += u64::from(!judged.is_right);
        }
        beside(&plain, mix, &model, &mut row, &mut operations).await?;
        mixes.push((mix.name, row));
        if nth == 0 {
            night = end_claims(&desk, &mut model).await?;
        }
    }

    say_rows(&mixes, &night);
    say_operations(&operations);
    say_end(&desk, &model, &place, night.n_wrong == 0).await?;
    place.remove().await
}

/// The same questions to the plain table, for as long as that is bearable.
async fn beside(
    plain: &Plain,
    mix: &workload::Mix,
    model: &Model,
    row: &mut Row,
    operations: &mut BTreeMap<Operation, Row>,
) -> Outcome<()> {
    let mut chance = Chance::new(77);
    while row.plain.n < 200 && row.plain.time < Duration::from_secs(8) {
        let (operation, key) = mix.next(&mut chance, model.n_keys());
        let began_at = Instant::now();
        let n_touched = plain.ask(operation, key).await?;
        let time = began_at.elapsed();
        let of_kind = &mut operations.entry(operation).or_default().plain;
        of_kind.add(n_touched, time);
        row.plain.add(n_touched, time);
    }
    Ok(())
}

/// One record in ten ends in the night.
async fn end_claims(desk: &Desk, model: &mut Model) -> Outcome<Took> {
    let began_at = Instant::now();
    let (at, n) = desk.night().await?;
    let time = began_at.elapsed();
    let mut night = Took::default();
    night.add(n, time);
    night.n_wrong = u64::from(n != model.end_claims(at));
    Ok(night)
}

fn say_rows(mixes: &[(&str, Row)], night: &Took) {
    println!(
        "| mix | completion | operations | records touched | µs per touched record | plain table, every row looked at | wrong answers |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (name, row) in mixes {
        println!(
            "| {name} | {:.2} s | {} | {} | {:.1} | {:.1} | {} |",
            row.here.time.as_secs_f64(),
            grouped(row.here.n),
            grouped(row.here.n_touched),
            row.here.each(),
            row.plain.each(),
            row.here.n_wrong
        );
        if *name == "controller" {
            println!(
                "| the night after it | {:.2} s | 1 | {} | {:.1} | | {} |",
                night.time.as_secs_f64(),
                grouped(night.n_touched),
                night.each(),
                night.n_wrong
            );
        }
    }
}

fn say_operations(operations: &BTreeMap<Operation, Row>) {
    println!(
        "\n| operation | records touched each | ms each | µs per touched record | plain table: ms each |"
    );
    println!("|---|---|---|---|---|");
    for (operation, row) in operations {
        let here = &row.here;
        let n = whole(here.n.max(1));
        let plain = match row.plain.n {
            0 => String::new(),
            n => format!("{:.2}", row.plain.time.as_secs_f64() * 1e3 / whole(n)),
        };
        println!(
            "| {} | {:.0} | {:.2} | {:.1} | {plain} |",
            operation.name(),
            whole(here.n_touched) / n,
            here.time.as_secs_f64() * 1e3 / n,
            here.each(),
        );
    }
}

async fn say_end(desk: &Desk, model: &Model, place: &Place, is_night_right: bool) -> Outcome<()> {
    let n_differences = desk.differences(model).await?;
    let (n_lines, faults) = desk.log().await?;
    let (n_bytes, n_personal) = (place.n_bytes().await?, model.n_bytes());
    println!(
        "\nAt the end {} of {} keys differ from the model, the log of {} lines has {} faults, and {:.1} MB are on the disk for {:.1} MB of \
         personal data.\n",
        grouped(n_differences),
        grouped(model.n_keys()),
        grouped(n_lines),
        faults.len(),
        mega(n_bytes),
        mega(n_personal),
    );
    if n_differences > 0 || !faults.is_empty() || !is_night_right {
        return Err(io::Error::other("the end state differs from the model").into());
    }
    Ok(())
}

/// A number with its thousands apart.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut said = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

fn mega(n_bytes: u64) -> f64 {
    whole(n_bytes) / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn whole(n: u64) -> f64 {
    n as f64
}
