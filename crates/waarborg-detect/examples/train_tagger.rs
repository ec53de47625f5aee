//! Trains the tagger: an averaged, cost-augmented perceptron over hashed features.
//!
//! `cargo run --release -p waarborg-detect --example train_tagger -- SHARED/data OUT.bin [EPOCHS] [SET …]`
//! CHECK=dev prints how well it marks another set; COST, MISS and SEED change the training.
#![expect(clippy::print_stdout, reason = "it is a command-line program")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
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

use std::collections::{HashMap, HashSet};
use std::fs;

use serde_json::Value;
use waarborg_detect::training::{FEATURES, KINDS, ROW_LEN, ROWS, STATES};
use waarborg_detect::{Detector, Kind};

/// A prompt with its annotations, in bytes.
#[derive(Clone)]
struct Prompt {
    text: String,
    spans: Vec<Span>,
}

#[derive(Clone)]
struct Span {
    start: usize,
    end: usize,
    label: String,
    is_optional: bool,
}

/// A prompt ready for training: tokens, their features, their states (`None` where any is fine).
struct Lesson {
    text: String,
    rows: Vec<[u32; FEATURES]>,
    gold: Vec<Option<u8>>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, data, out, rest @ ..] = arguments.as_slice() else {
        panic!("usage: train_tagger DATA OUT [EPOCHS] [SET …]")
    };
    let n_epochs: usize = rest.first().map_or(12, |word| word.parse().unwrap());
    let sets: Vec<&str> = if rest.len() > 1 {
        rest[1..].iter().map(String::as_str).collect()
    } else {
        vec!["train-a", "train-b", "train-c"]
    };
    let prompts: Vec<Prompt> = sets
        .iter()
        .flat_map(|set| read(&format!("{data}/nl-chat/{set}.jsonl")))
        .collect();
    let names = Names::read(data);
    let detector = Detector::new();
    let setting = |name: &str, default: f32| {
        std::env::var(name).map_or(default, |value| value.parse().unwrap())
    };
    let mut chance = Chance(std::env::var("SEED").map_or(24_301, |seed| seed.parse().unwrap()));
    let mut model = Model::new(setting("COST", COST), setting("MISS", MISS));
    for epoch in 0..n_epochs {
        let mut lessons: Vec<Lesson> = prompts
            .iter()
            .map(|prompt| {
                // The first and the last round see the prompts as they are.
                let varied = if epoch == 0 || epoch + 1 == n_epochs {
                    prompt.clone()
                } else {
                    vary(prompt, &names, &mut chance)
                };
                lesson(&detector, &varied)
            })
            .collect();
        chance.shuffle(&mut lessons);
        let drop = setting("DROP", DROP);
        if epoch > 0 {
            for row in lessons
                .iter_mut()
                .flat_map(|lesson| &mut lesson.rows)
                .flatten()
            {
                if chance.share() < drop {
                    *row = NOTHING;
                }
            }
        }
        let n_wrong: usize = lessons
            .iter()
            .map(|lesson| model.learn(&detector, lesson))
            .sum();
        println!("round {epoch}: {n_wrong} tokens wrong");
    }
    let weights = model.weights();
    if let Ok(set) = std::env::var("CHECK") {
        check(
            &detector,
            &weights,
            &read(&format!("{data}/nl-chat/{set}.jsonl")),
        );
    }
    fs::write(out, weights).unwrap();
}

/// Prints how many spans of every kind are touched by a mark of that kind, and how many marks touch none.
fn check(detector: &Detector, weights: &[u8], prompts: &[Prompt]) {
    let mut counts = vec![[0_u32; 3]; KINDS.len()];
    let mut n_clean = [0_u32; 2];
    for prompt in prompts {
        let lesson = lesson(detector, prompt);
        let mut emissions = vec![[0_i32; STATES]; lesson.rows.len()];
        for (rows, sums) in lesson.rows.iter().zip(&mut emissions) {
            for row in rows {
                let row = &weights[*row as usize * ROW_LEN..][..ROW_LEN];
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += i32::from(i8::from_ne_bytes([*weight])) << row[ROW_LEN - 1];
                }
            }
        }
        let states = detector.decode(&prompt.text, &emissions);
        let kind_of = |state: u8| (state > 0).then(|| (usize::from(state) - 1) % KINDS.len());
        let is_inside = |state: u8| usize::from(state) > KINDS.len();
        let gold: Vec<u8> = lesson.gold.iter().map(|gold| gold.unwrap_or(0)).collect();
        let spans = |states: &[u8]| {
            let mut spans: Vec<(usize, std::ops::Range<usize>)> = Vec::new();
            for (place, state) in states.iter().enumerate() {
                match (kind_of(*state), spans.last_mut()) {
                    (Some(_), Some((_, span))) if is_inside(*state) && span.end == place => {
                        span.end += 1;
                    }
                    (Some(kind), _) => spans.push((kind, place..place + 1)),
                    _ => {}
                }
            }
            spans
        };
        let mut n_false = 0;
        for (kind, span) in spans(&gold) {
            counts[kind][usize::from(!span.clone().any(|at| kind_of(states[at]) == Some(kind)))] +=
                1;
        }
        for (kind, mut span) in spans(&states) {
            let fits =
                span.any(|at| lesson.gold[at].is_none_or(|gold| kind_of(gold) == Some(kind)));
            counts[kind][2] += u32::from(!fits);
            n_false += u32::from(!fits);
        }
        if prompt.spans.iter().all(|span| span.is_optional) {
            n_clean[0] += 1;
            n_clean[1] += u32::from(n_false > 0);
        }
    }
    let mut sum = [0_u32; 3];
    for (kind, [hit, missed, wrong]) in KINDS.iter().zip(&counts) {
        let f1 = f64::from(2 * hit) / f64::from((2 * hit + missed + wrong).max(1));
        print!("{kind} {f1:.2} ({hit}/{missed}/{wrong}) ");
        sum = [sum[0] + hit, sum[1] + missed, sum[2] + wrong];
    }
    let f1 = f64::from(2 * sum[0]) / f64::from(2 * sum[0] + sum[1] + sum[2]);
    println!(
        "\nall {f1:.3} {sum:?}, clean prompts marked {}/{}",
        n_clean[1], n_clean[0]
    );
}

fn read(path: &str) -> Vec<Prompt> {
    let file = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    file.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let spans = line["spans"].as_array().unwrap().iter().map(|span| Span {
                start: span["bstart"].as_u64().unwrap() as usize,
                end: span["bend"].as_u64().unwrap() as usize,
                label: span["label"].as_str().unwrap().to_string(),
                is_optional: span["optional"].as_bool().unwrap_or(false),
            });
            Prompt {
                text: line["text"].as_str().unwrap().to_string(),
                spans: spans.collect(),
            }
        })
        .collect()
}

fn lesson(detector: &Detector, prompt: &Prompt) -> Lesson {
    let seen = detector.see(&prompt.text);
    let mut gold = vec![Some(0_u8); seen.len()];
    for span in &prompt.spans {
        let kind =
            Kind::parse(&span.label).and_then(|kind| KINDS.iter().position(|other| *other == kind));
        let mut is_first = true;
        for (token, slot) in seen.iter().zip(&mut gold) {
            if token.span.start < span.end && span.start < token.span.end {
                *slot = match kind {
                    _ if span.is_optional => None,
                    Some(kind) if is_first => Some(1 + kind as u8),
                    Some(kind) => Some((1 + KINDS.len() + kind) as u8),
                    // Kinds of other recognisers: the tagger leaves them alone.
                    None => Some(0),
                };
                // A span goes on behind a line end as a new one.
                is_first = prompt.text[token.span.clone()].starts_with(['\n', '\r']);
                if is_first {
                    *slot = Some(0);
                }
            }
        }
    }
    Lesson {
        text: prompt.text.clone(),
        rows: seen.iter().map(|token| token.rows).collect(),
        gold,
    }
}

/// Names by which others are replaced.
struct Names {
    first: Vec<String>,
    last: Vec<String>,
    towns: Vec<String>,
    streets: Vec<String>,
    is_first: HashSet<String>,
}

impl Names {
    fn read(data: &str) -> Names {
        let lines = |name: &str| fs::read_to_string(format!("{data}/gazetteers/{name}")).unwrap();
        let mut first: Vec<String> = Vec::new();
        for name in [
            "faker-nl-first_names_female.txt",
            "faker-nl-first_names_male.txt",
        ] {
            first.extend(lines(name).lines().map(str::to_string));
        }
        let last_column = |text: &str, back: usize| -> Vec<String> {
            text.lines()
                .skip(1)
                .filter_map(|line| line.split(',').rev().nth(back).map(str::to_string))
                .filter(|name| {
                    name.chars()
                        .next()
                        .is_some_and(|letter| letter.is_uppercase() && letter.is_alphabetic())
                })
                .collect()
        };
        first.extend(last_column(&lines("common-forenames-by-country.csv"), 0));
        let listed: Vec<Value> = serde_json::from_str(&lines("voornamen-mit.json")).unwrap();
        first.extend(
            listed
                .iter()
                .map(|name| name["naam"].as_str().unwrap().to_string()),
        );
        let mut last: Vec<String> = lines("faker-nl-last_names.txt")
            .lines()
            .map(str::to_string)
            .collect();
        last.extend(
            lines("achternamen-freq5-cc0.txt")
                .lines()
                .step_by(17)
                .map(str::to_string),
        );
        last.extend(last_column(&lines("common-surnames-by-country.csv"), 2));
        let towns = lines("woonplaatsen-bag.tsv")
            .lines()
            .filter_map(|line| line.split('\t').nth(1))
            .map(str::to_string)
            .collect();
        let streets = lines("straten-bag.tsv")
            .lines()
            .take(6000)
            .filter_map(|line| line.split('\t').nth(1))
            .map(str::to_string)
            .collect();
        let is_first = first.iter().cloned().collect();
        Names {
            first,
            last,
            towns,
            streets,
            is_first,
        }
    }
}

/// The prompt with other names, towns and streets, and sometimes without capitals or all in capitals.
fn vary(prompt: &Prompt, names: &Names, chance: &mut Chance) -> Prompt {
    let mut spans: Vec<Span> = prompt.spans.clone();
    spans.sort_by_key(|span| span.start);
    let swaps = chance.one_in(4) == 0;
    let mut by_word: HashMap<String, String> = HashMap::new();
    let mut text = String::new();
    let mut at = 0;
    for span in &mut spans {
        if span.start < at {
            return prompt.clone();
        }
        text.push_str(&prompt.text[at..span.start]);
        let old = &prompt.text[span.start..span.end];
        at = span.end;
        let new = match span.label.as_str() {
            "PERSON" if !swaps && !span.is_optional => swap_name(old, names, &mut by_word, chance),
            "CITY" if !swaps && chance.one_in(2) == 0 => chance.pick(&names.towns).clone(),
            "ADDRESS" if !swaps && chance.one_in(2) == 0 => swap_street(old, names, chance),
            _ => old.to_string(),
        };
        let new = if old.chars().any(char::is_uppercase) {
            new
        } else {
            new.to_lowercase()
        };
        span.start = text.len();
        text.push_str(&new);
        span.end = text.len();
    }
    text.push_str(&prompt.text[at..]);
    let varied = Prompt { text, spans };
    if chance.one_in(5) == 0 {
        lower(&varied)
    } else {
        varied
    }
}

/// Lower case, where it keeps every offset.
fn lower(prompt: &Prompt) -> Prompt {
    let text = prompt.text.to_lowercase();
    if text.len() == prompt.text.len() {
        Prompt {
            text,
            spans: prompt.spans.clone(),
        }
    } else {
        prompt.clone()
    }
}

fn swap_name(
    old: &str,
    names: &Names,
    by_word: &mut HashMap<String, String>,
    chance: &mut Chance,
) -> String {
    let mut out = String::new();
    let mut is_last = false;
    for word in old.split_inclusive([' ', '-', '.']) {
        let end = word.len() - usize::from(word.ends_with([' ', '-', '.']));
        let (bare, mark) = word.split_at(end);
        let is_initial = bare.chars().count() <= 2 || mark == ".";
        let is_small = bare.chars().next().is_some_and(char::is_lowercase)
            && old.chars().any(char::is_uppercase);
        if bare.is_empty() || is_initial || is_small {
            out.push_str(word);
            continue;
        }
        let known = names.is_first.contains(bare) || names.is_first.contains(&capital(bare));
        let list = if known && !is_last {
            &names.first
        } else {
            &names.last
        };
        is_last |= !known;
        let new = by_word
            .entry(bare.to_lowercase())
            .or_insert_with(|| chance.pick(list).clone());
        out.push_str(new);
        out.push_str(mark);
    }
    out
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn swap_street(old: &str, names: &Names, chance: &mut Chance) -> String {
    match old.find(|character: char| character.is_ascii_digit()) {
        Some(number) if number > 3 => format!("{} {}", chance.pick(&names.streets), &old[number..]),
        _ => old.to_string(),
    }
}

/// A small generator of chance that is the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) >> 16
    }

    fn share(&mut self) -> f32 {
        (self.next() % 10_000) as f32 / 10_000.0
    }

    fn one_in(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.one_in(list.len())]
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.one_in(place + 1));
        }
    }
}

/// Weights, their sums over time, and when each row was last brought up to date.
struct Model {
    weights: Vec<f32>,
    sums: Vec<f64>,
    since: Vec<u32>,
    time: u32,
    cost: f32,
    miss: f32,
}

/// How much dearer the wrong states look during training, in units of one update.
const COST: f32 = 16.0;
/// A missed finding costs more than a false one.
const MISS: f32 = 1.5;

/// The share of features that is forgotten in every round, so that no single one decides.
const DROP: f32 = 0.3;
/// A row that stands for a forgotten feature; its weights stay zero.
const NOTHING: u32 = u32::MAX;

impl Model {
    fn new(cost: f32, miss: f32) -> Model {
        Model {
            cost,
            miss,
            weights: vec![0.0; ROWS * STATES],
            sums: vec![0.0; ROWS * STATES],
            since: vec![0; ROWS],
            time: 1,
        }
    }

    /// One prompt; returns how many tokens were wrong without the extra cost.
    fn learn(&mut self, detector: &Detector, lesson: &Lesson) -> usize {
        self.time += 1;
        let mut emissions = vec![[0_i32; STATES]; lesson.rows.len()];
        for ((rows, gold), out) in lesson.rows.iter().zip(&lesson.gold).zip(&mut emissions) {
            let mut sums = [0_f32; STATES];
            for row in rows.iter().filter(|row| **row != NOTHING) {
                let start = *row as usize * STATES;
                sums.iter_mut()
                    .zip(&self.weights[start..start + STATES])
                    .for_each(|(sum, weight)| *sum += weight);
            }
            for (state, (sum, slot)) in sums.iter().zip(out).enumerate() {
                let extra = match gold {
                    Some(gold) if usize::from(*gold) != state => {
                        self.cost * if state == 0 { self.miss } else { 1.0 }
                    }
                    _ => 0.0,
                };
                *slot = ((sum + extra) * 16.0) as i32;
            }
        }
        let states = detector.decode(&lesson.text, &emissions);
        let mut n_wrong = 0;
        for ((rows, gold), state) in lesson.rows.iter().zip(&lesson.gold).zip(states) {
            let Some(gold) = gold.filter(|gold| *gold != state) else {
                continue;
            };
            n_wrong += 1;
            for row in rows.iter().filter(|row| **row != NOTHING) {
                self.settle(*row as usize);
                let start = *row as usize * STATES;
                self.weights[start + usize::from(gold)] += 1.0;
                self.weights[start + usize::from(state)] -= 1.0;
            }
        }
        n_wrong
    }

    /// Adds a row to its sum for the time that it stood.
    fn settle(&mut self, row: usize) {
        let stood = f64::from(self.time - self.since[row]);
        self.since[row] = self.time;
        if stood > 0.0 {
            let range = row * STATES..(row + 1) * STATES;
            self.sums[range.clone()]
                .iter_mut()
                .zip(&self.weights[range])
                .for_each(|(sum, weight)| *sum += f64::from(*weight) * stood);
        }
    }

    /// The averages as bytes.
    fn weights(mut self) -> Vec<u8> {
        self.time += 1;
        (0..ROWS).for_each(|row| self.settle(row));
        let mut sizes: Vec<f64> = self
            .sums
            .iter()
            .map(|sum| sum.abs())
            .filter(|size| *size > 0.0)
            .collect();
        sizes.sort_by(f64::total_cmp);
        // Most weights fit a byte in this unit; rows with larger ones are shifted.
        let unit = sizes[sizes.len() * 98 / 100] / 127.0;
        let mut out = Vec::with_capacity(ROWS * ROW_LEN);
        for row in self.sums.chunks_exact(STATES) {
            let largest = row
                .iter()
                .fold(0.0_f64, |largest, sum| largest.max(sum.abs()))
                / unit;
            let shift = (0..7_u8)
                .find(|shift| largest / f64::from(1_u32 << shift) <= 127.0)
                .unwrap_or(7);
            let scale = unit * f64::from(1_u32 << shift);
            let mut bytes = [0; ROW_LEN];
            for (slot, sum) in bytes.iter_mut().zip(row) {
                *slot = ((sum / scale).round().clamp(-127.0, 127.0) as i8).to_ne_bytes()[0];
            }
            bytes[ROW_LEN - 1] = shift;
            out.extend(bytes);
        }
        out
    }
}
