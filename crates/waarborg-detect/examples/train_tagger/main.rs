//! Trains the tagger, and tries it on authors that it was not trained on.
//!
//! `train_tagger train SHARED/data TABLES OWN` writes the weights that are built in; OWN is what `prompts/to_jsonl.py` prints.
//! `train_tagger folds SHARED/data OWN LEXICONS ERRORS` trains on all authors but one and tries on that one, for every author
//! that FOLDS names (`a b c m s t dev`); for `dev` it trains on all. LEXICONS holds `lexicon-without-{a,b,c}.bin` (`tables/make.py DATA OUT a`);
//! every error goes to a file in the folder ERRORS.
//! `train_tagger usage TABLE FILE` says how much each feature is used in the prompts of a file.
//! AGAIN takes the tables that the last run left there. ROUNDS, SEEDS, COST, MISS, DROP, RATE, DECAY, LEAST and FAINT change
//! the training.
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "weights are small"
)]
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a program for the workbench, on data we know"
)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "it stops when its data is not there"
)]

mod chance;
mod features;
mod fill;
mod measure;
mod model;
mod passages;
mod prompts;
mod usage;
mod values;
mod vary;

use std::{env, fs, thread};

use chance::Chance;
use features::Features;
use fill::Lists;
use measure::Measure;
use model::{Model, Settings};
use passages::Passages;
use prompts::Prompt;
use vary::Names;
use waarborg_detect::Detector;
use waarborg_detect::training::{self, STATES};

const SHARED: [&str; 3] = ["a", "b", "c"];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["train", data, out, own] => {
            let prompts = corpus(data, own, None);
            let (weights, passage) = train(&Detector::new(), data, &prompts);
            fs::write(format!("{out}/tagger.bin"), weights).unwrap();
            fs::write(format!("{out}/passage.bin"), passage).unwrap();
        }
        ["folds", data, own, lexicons, errors] => folds(&Folds {
            data,
            own,
            lexicons,
            errors,
        }),
        ["usage", table, file] => {
            let table = fs::read(table).unwrap();
            print!("{}", usage::table(&table, &prompts::read(file)));
        }
        _ => panic!(
            "usage: train_tagger train DATA TABLES OWN | folds DATA OWN LEXICONS ERRORS | usage TABLE FILE"
        ),
    }
}

fn setting(name: &str, default: f32) -> f32 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// The prompts of all authors, or of all but one: the shared ones in a file each, those of the repository together.
fn corpus(data: &str, own: &str, without: Option<&str>) -> Vec<Prompt> {
    let shared = SHARED.iter().filter(|author| Some(**author) != without);
    let shared = shared.flat_map(|author| of_author(data, own, author));
    let others = prompts::read(own).into_iter();
    shared
        .chain(others.filter(|prompt| Some(prompt.author()) != without))
        .collect()
}

/// The prompts of one author.
fn of_author(data: &str, own: &str, author: &str) -> Vec<Prompt> {
    if SHARED.contains(&author) {
        return prompts::read(&format!("{data}/nl-chat/train-{author}.jsonl"));
    }
    let mut prompts = prompts::read(own);
    prompts.retain(|prompt| prompt.author() == author);
    prompts
}

/// The tables that an earlier run left in the folder of errors, where AGAIN is set; new ones otherwise.
fn tables(
    detector: &Detector,
    data: &str,
    prompts: &[Prompt],
    (folder, name): (&str, &str),
) -> (Vec<u8>, Vec<u8>) {
    let path = |table: &str| format!("{folder}/{table}-{name}.bin");
    if env::var("AGAIN").is_ok() {
        return (
            fs::read(path("tagger")).unwrap(),
            fs::read(path("passage")).unwrap(),
        );
    }
    let (weights, passage) = train(detector, data, prompts);
    fs::write(path("tagger"), &weights).unwrap();
    fs::write(path("passage"), &passage).unwrap();
    (weights, passage)
}

/// Weights learnt from prompts.
fn train(detector: &Detector, data: &str, prompts: &[Prompt]) -> (Vec<u8>, Vec<u8>) {
    let names = Names::read(data);
    let lists = Lists::new(&names.towns, &names.streets);
    let n_made = setting("MADE", 2.0) as usize;
    let settings = Settings {
        cost: setting("COST", 1.0),
        miss: setting("MISS", 2.0),
        drop: setting("DROP", 0.2),
        rate: setting("RATE", 0.15),
        decay: setting("DECAY", 0.001),
    };
    let n_rounds = setting("ROUNDS", 12.0) as u32;
    let n_seeds = setting("SEEDS", 2.0) as u32;
    let mut chance = Chance(4_711);
    let made = fill::prompts(&lists, &mut chance);
    let features = Features::of(
        detector,
        prompts.iter().chain(&made),
        &names,
        setting("LEAST", 3.0) as u16,
        &mut chance,
    );
    let mut sums = vec![0.0; features.len() * STATES];
    let mut passage = Vec::new();
    for seed in 0..n_seeds {
        let mut chance = Chance(24_301 + u64::from(seed));
        let mut model = Model::new(settings, features.len());
        let mut passages = Passages::new();
        for round in 0..n_rounds {
            let made: Vec<Prompt> = (0..n_made)
                .flat_map(|_| fill::prompts(&lists, &mut chance))
                .collect();
            let mut order: Vec<&Prompt> = prompts.iter().chain(&made).collect();
            chance.shuffle(&mut order);
            for prompt in order {
                // The last round sees the prompts as they are.
                let varied = if round + 1 == n_rounds {
                    prompt.clone()
                } else {
                    vary::vary(prompt, &names, &mut chance)
                };
                model.learn(&prompts::lesson(detector, &features, &varied), &mut chance);
                passages.learn(detector, &varied, &mut chance);
            }
            if round * 2 >= n_rounds {
                model.keep();
            }
        }
        let n_kept = f64::from((n_rounds / 2 * n_seeds).max(1));
        for (sum, weight) in sums.iter_mut().zip(model.sums()) {
            *sum += weight / n_kept;
        }
        passage = passages.bytes();
    }
    (
        features.bytes(&sums, f64::from(setting("FAINT", 0.15))),
        passage,
    )
}

/// Where a trial on unseen authors finds and leaves its files.
struct Folds<'a> {
    data: &'a str,
    own: &'a str,
    lexicons: &'a str,
    errors: &'a str,
}

impl Folds<'_> {
    /// Trains on all authors but one and tries on that one.
    fn without(&self, author: &str) -> Measure {
        // The words of our own prompts are not in the lists of words.
        let lexicon = if SHARED.contains(&author) {
            fs::read(format!("{}/lexicon-without-{author}.bin", self.lexicons)).unwrap()
        } else {
            training::LEXICON.to_vec()
        };
        let lexicon: &'static [u8] = lexicon.leak();
        let untrained = Detector::with_tables(lexicon, &[], &[]);
        let prompts = corpus(self.data, self.own, Some(author));
        let (weights, passage) = tables(&untrained, self.data, &prompts, (self.errors, author));
        let detector = Detector::with_tables(lexicon, weights.leak(), passage.leak());
        try_on(&detector, &of_author(self.data, self.own, author))
    }

    /// Trains on all authors and tries on `dev`.
    fn dev(&self) -> Measure {
        let prompts = corpus(self.data, self.own, None);
        let untrained = Detector::new();
        let (weights, passage) = tables(&untrained, self.data, &prompts, (self.errors, "dev"));
        let dev = prompts::read(&format!("{}/nl-chat/dev.jsonl", self.data));
        let detector = Detector::with_tables(training::LEXICON, weights.leak(), passage.leak());
        try_on(&detector, &dev)
    }
}

fn folds(folds: &Folds<'_>) {
    let chosen = env::var("FOLDS").unwrap_or_else(|_| "a b c m s t dev".to_string());
    let chosen: Vec<&str> = chosen.split(' ').collect();
    let one = |name| {
        let measure = if name == "dev" {
            folds.dev()
        } else {
            folds.without(name)
        };
        (name, measure)
    };
    let (first, second) = chosen.split_at(chosen.len() / 2);
    let measures: Vec<(&str, Measure)> = thread::scope(|scope| {
        let halves = [first, second]
            .map(|half| scope.spawn(move || half.iter().map(|name| one(name)).collect::<Vec<_>>()));
        let halves = halves.into_iter().map(|half| half.join().unwrap());
        halves.flatten().collect()
    });
    let mut sum = Measure::default();
    for (name, measure) in &measures {
        fs::write(
            format!("{}/errors-{name}.txt", folds.errors),
            &measure.errors,
        )
        .unwrap();
        println!("{}", measure.line(name));
        if *name != "dev" {
            sum.join(measure);
        }
    }
    println!("{}", sum.line("together"));
    let rates = |rate: &dyn Fn(&Measure) -> f64| {
        let authors = measures.iter().filter(|(name, _)| *name != "dev");
        let rates: Vec<f64> = authors.map(|(_, measure)| 100.0 * rate(measure)).collect();
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        format!(
            "mean {mean:.1} %, worst {:.1} %",
            rates.iter().copied().fold(0.0, f64::max)
        )
    };
    println!("leaks: {}", rates(&Measure::leak_rate));
    println!("clean prompts marked: {}\n", rates(&Measure::marked_rate));
    println!("{}", sum.table());
}

fn try_on(detector: &Detector, prompts: &[Prompt]) -> Measure {
    let mut measure = Measure::default();
    for prompt in prompts {
        measure.add(prompt, &detector.find(&prompt.text));
    }
    measure
}
