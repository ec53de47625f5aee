//! Trains the tagger, and tries it on authors that it was not trained on.
//!
//! `train_tagger train SHARED/data TABLES OWN` writes the weights that are built in; OWN is what `prompts/to_jsonl.py` prints.
//! `train_tagger folds SHARED/data OWN LEXICONS ERRORS` trains on all authors but one and tries on that one, four times over,
//! then trains on all and tries on `dev`. LEXICONS holds `lexicon-without-{a,b,c}.bin` (`tables/make.py DATA OUT a`);
//! every error goes to a file in the folder ERRORS.
//! AGAIN takes the tables that the last run left there. ROUNDS, SEEDS, COST, MISS, DROP, RATE and DECAY change the training.
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
mod fill;
mod measure;
mod model;
mod passages;
mod prompts;
mod values;
mod vary;

use std::{env, fs, thread};

use chance::Chance;
use fill::Lists;
use measure::Measure;
use model::{Model, Settings};
use passages::Passages;
use prompts::Prompt;
use vary::Names;
use waarborg_detect::Detector;
use waarborg_detect::training::{self, ROWS, STATES, UNIT};

const AUTHORS: [&str; 4] = ["a", "b", "c", OWN];
/// The prompts in the repository.
const OWN: &str = "own";

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["train", data, out, own] => {
            let prompts = corpus(data, own, &["a", "b", "c", OWN]);
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
        _ => panic!("usage: train_tagger train DATA TABLES OWN | folds DATA OWN LEXICONS ERRORS"),
    }
}

fn setting(name: &str, default: f32) -> f32 {
    env::var(name).map_or(default, |value| value.parse().unwrap())
}

/// The prompts of authors; `own` stands for those in the repository.
fn corpus(data: &str, own: &str, authors: &[&str]) -> Vec<Prompt> {
    let read = |author: &&str| match *author {
        OWN => prompts::read(own),
        author => prompts::read(&format!("{data}/nl-chat/train-{author}.jsonl")),
    };
    authors.iter().flat_map(read).collect()
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
    let mut sums = vec![0.0; ROWS * STATES];
    let mut passage = Vec::new();
    for seed in 0..n_seeds {
        let mut chance = Chance(24_301 + u64::from(seed));
        let mut model = Model::new(settings);
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
                model.learn(&prompts::lesson(detector, &varied), &mut chance);
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
    (model::bytes(&sums, f64::from(UNIT)), passage)
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
    fn without(&self, author: &'static str) -> Measure {
        let others: Vec<&str> = AUTHORS
            .into_iter()
            .filter(|other| *other != author)
            .collect();
        // The words of our own prompts are not in the lists of words.
        let lexicon = match author {
            OWN => training::LEXICON.to_vec(),
            author => fs::read(format!("{}/lexicon-without-{author}.bin", self.lexicons)).unwrap(),
        };
        let lexicon: &'static [u8] = lexicon.leak();
        let untrained = Detector::with_tables(lexicon, &[], &[]);
        let prompts = corpus(self.data, self.own, &others);
        let (weights, passage) = tables(&untrained, self.data, &prompts, (self.errors, author));
        let detector = Detector::with_tables(lexicon, weights.leak(), passage.leak());
        try_on(&detector, &corpus(self.data, self.own, &[author]))
    }

    /// Trains on all authors and tries on `dev`.
    fn dev(&self) -> Measure {
        let prompts = corpus(self.data, self.own, &AUTHORS);
        let untrained = Detector::new();
        let (weights, passage) = tables(&untrained, self.data, &prompts, (self.errors, "dev"));
        let dev = prompts::read(&format!("{}/nl-chat/dev.jsonl", self.data));
        let detector = Detector::with_tables(training::LEXICON, weights.leak(), passage.leak());
        try_on(&detector, &dev)
    }
}

fn folds(folds: &Folds<'_>) {
    let measures: Vec<(&str, Measure)> = thread::scope(|scope| {
        let first = scope.spawn(|| [("a", folds.without("a")), ("b", folds.without("b"))]);
        let second = scope.spawn(|| {
            [
                ("c", folds.without("c")),
                (OWN, folds.without(OWN)),
                ("dev", folds.dev()),
            ]
        });
        first
            .join()
            .unwrap()
            .into_iter()
            .chain(second.join().unwrap())
            .collect()
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
