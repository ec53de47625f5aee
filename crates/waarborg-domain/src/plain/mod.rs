//! How plain a text is: long sentences, passives, abbreviations and difficult words, with the line and what to write instead.
//!
//! Level B1, after the advice of the Dutch government on plain language: short sentences, people who do things, no jargon. It measures what
//! can be measured; whether a text can be understood only its readers can say.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

/// Words of a sentence at most.
pub const LONGEST_SENTENCE: usize = 20;

/// What is not plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// More than [`LONGEST_SENTENCE`] words without a pause.
    LongSentence,
    /// Nobody does it: "wordt gewist", "is erased".
    Passive,
    /// An abbreviation that the text does not explain.
    Abbreviation,
    /// A word of officials.
    DifficultWord,
}

impl Rule {
    /// Its code, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Rule::LongSentence => "long-sentence",
            Rule::Passive => "passive",
            Rule::Abbreviation => "abbreviation",
            Rule::DifficultWord => "difficult-word",
        }
    }
}

/// One place that is not plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The line, from one on.
    pub line: usize,
    /// What is not plain.
    pub rule: Rule,
    /// The words.
    pub words: String,
    /// What to do.
    pub mend: String,
}

/// What was measured of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plainness {
    /// In the order of the text.
    pub remarks: Vec<Remark>,
    /// Sentences and items of lists.
    pub n_sentences: usize,
    /// Words of those.
    pub n_words: usize,
}

impl Plainness {
    /// How many remarks a rule made.
    #[must_use]
    pub fn count(&self, rule: Rule) -> usize {
        self.remarks
            .iter()
            .filter(|remark| remark.rule == rule)
            .count()
    }
}

/// Measures a Markdown text in Dutch (`nl`) or English (anything else).
///
/// Headings count as sentences, tables and code do not. What stands between commas in an enumeration is counted by itself.
#[must_use]
pub fn measure(markdown: &str, language: &str) -> Plainness {
    let tongue = Tongue::of(language);
    let mut plain = Plainness::default();
    let mut is_code = false;
    for (number, line) in (1..).zip(markdown.lines()) {
        let line = line.trim();
        if line.starts_with("```") {
            is_code = !is_code;
        }
        if is_code || line.starts_with('|') || line.starts_with("```") {
            continue;
        }
        let text = line.trim_start_matches(['#', '-', '*', '>', ' ']);
        for sentence in sentences(text) {
            tongue.read(sentence, number, markdown, &mut plain);
        }
    }
    plain
}

/// The sentences of a line. A stop inside a word or behind an abbreviation ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest
        .get(from..)
        .and_then(|open| open.find(['.', '?', '!', ';', ':']))
    {
        let end = from + at + 1;
        let behind = rest.get(end..).unwrap_or_default();
        let before = rest.get(..end).unwrap_or_default();
        let last = before.rsplit(' ').next().unwrap_or_default();
        let is_inside = !(behind.is_empty() || behind.starts_with(' '));
        if is_inside || is_dotted(last) {
            from = end;
            continue;
        }
        all.push(before);
        rest = behind;
        from = 0;
    }
    all.push(rest);
    all.retain(|sentence| sentence.chars().any(char::is_alphabetic));
    all
}

/// "i.v.m.", "bijv.", "e.g.".
fn is_dotted(word: &str) -> bool {
    const SHORT: &[&str] = &[
        "bijv.", "evt.", "incl.", "excl.", "nr.", "art.", "etc.", "vs.",
    ];
    let word = word.trim_start_matches('(').to_lowercase();
    let letters = word.strip_suffix('.').unwrap_or_default();
    SHORT.contains(&word.as_str())
        || (letters.contains('.') && letters.split('.').all(|part| part.chars().count() == 1))
}

/// The words of one language.
struct Tongue {
    difficult: HashMap<&'static str, &'static str>,
    /// Verbs that make a passive with a participle.
    auxiliaries: &'static [&'static str],
    is_participle: fn(&str) -> bool,
    too_long: &'static str,
    who: &'static str,
    explain: &'static str,
}

impl Tongue {
    fn of(language: &str) -> Tongue {
        if language == "nl" {
            Tongue {
                difficult: table(include_str!("difficult-nl.tsv")),
                auxiliaries: &["word", "wordt", "worden", "werd", "werden"],
                is_participle: is_dutch_participle,
                too_long: "Maak er twee zinnen van, of een lijst.",
                who: "Zeg wie het doet.",
                explain: "Schrijf het woord uit, of leg de afkorting uit tussen haakjes.",
            }
        } else {
            Tongue {
                difficult: table(include_str!("difficult-en.tsv")),
                auxiliaries: &["is", "are", "was", "were", "be", "been", "being"],
                is_participle: is_english_participle,
                too_long: "Make two sentences of it, or a list.",
                who: "Say who does it.",
                explain: "Write the words, or explain the abbreviation in brackets.",
            }
        }
    }

    fn read(&self, sentence: &str, line: usize, whole: &str, plain: &mut Plainness) {
        let mut remark = |rule, words: &str, mend: String| {
            plain.remarks.push(Remark {
                line,
                rule,
                words: words.trim().to_owned(),
                mend,
            });
        };
        let words: Vec<&str> = sentence
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .collect();
        plain.n_sentences += 1;
        plain.n_words += words.len();
        if longest_part(sentence) > LONGEST_SENTENCE {
            remark(Rule::LongSentence, sentence, self.too_long.to_owned());
        }
        let mut before = "";
        for word in &words {
            let is_postcode = before.len() == 4 && before.bytes().all(|byte| byte.is_ascii_digit());
            before = word;
            let bare = word.trim_matches(|sign: char| !sign.is_alphanumeric());
            let small = bare.to_lowercase();
            if let Some(simple) = self.difficult.get(small.as_str()) {
                remark(Rule::DifficultWord, bare, (*simple).to_owned());
            }
            if is_dotted(word) || (!is_postcode && is_unexplained(bare, whole)) {
                remark(Rule::Abbreviation, word, self.explain.to_owned());
            }
        }
        if let Some(passive) = self.passive(&words) {
            remark(Rule::Passive, &passive, self.who.to_owned());
        }
    }

    /// The first verb of the sentence that nobody does.
    fn passive(&self, words: &[&str]) -> Option<String> {
        /// Words between the two verbs, at most.
        const APART: usize = 8;
        let bare = |word: &str| {
            word.trim_matches(|sign: char| !sign.is_alphanumeric())
                .to_lowercase()
        };
        let bare: Vec<String> = words.iter().map(|word| bare(word)).collect();
        let place = bare
            .iter()
            .position(|word| self.auxiliaries.contains(&word.as_str()))?;
        let behind = bare.iter().skip(place + 1).take(APART);
        let before = bare.iter().take(place).rev().take(1);
        let verb = bare.get(place)?;
        let participle = behind
            .chain(before)
            .find(|word| (self.is_participle)(word))?;
        Some(format!("{verb} … {participle}"))
    }
}

fn table(lines: &'static str) -> HashMap<&'static str, &'static str> {
    lines
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .collect()
}

/// The words of the longest part of a sentence: in an enumeration what stands between commas, else all of it.
fn longest_part(sentence: &str) -> usize {
    const ENUMERATION: usize = 2;
    let n_words = |part: &str| part.split_whitespace().count();
    if sentence.matches(", ").count() < ENUMERATION {
        return n_words(sentence);
    }
    sentence.split(", ").map(n_words).max().unwrap_or(0)
}

/// Capitals that everybody knows need no explanation.
const KNOWN: &[&str] = &[
    "AI", "EU", "EER", "EEA", "PDF", "CSV", "JSON", "USB", "SMS", "TV", "OK", "BV", "NV", "IP",
    "PO",
];

fn is_unexplained(word: &str, whole: &str) -> bool {
    let is_short =
        (2..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_numeral = word.bytes().all(|byte| b"IVXLC".contains(&byte));
    is_short && !is_numeral && !KNOWN.contains(&word) && !whole.contains(&format!("({word})"))
}

fn is_dutch_participle(word: &str) -> bool {
    const NONE: &[&str] = &[
        "bekend",
        "verkeerd",
        "gezond",
        "gewoon",
        "geld",
        "gebied",
        "bijvoorbeeld",
        "verschillend",
        "beleid",
    ];
    let begins = [
        "ge", "be", "ver", "ont", "her", "opge", "uitge", "aange", "doorge", "bewaar", "inge",
        "afge", "terugge", "meege",
    ];
    let ends = ["d", "t", "en"];
    word.chars().count() > 4
        && begins.iter().any(|begin| word.starts_with(begin))
        && ends.iter().any(|end| word.ends_with(end))
        && !NONE.contains(&word)
}

fn is_english_participle(word: &str) -> bool {
    const IRREGULAR: &[&str] = &[
        "kept", "sent", "made", "given", "held", "told", "shown", "taken", "seen", "found",
        "written", "done", "put", "built", "sold", "left",
    ];
    const NONE: &[&str] = &[
        "allowed",
        "interested",
        "need",
        "needed",
        "indeed",
        "based",
        "complicated",
    ];
    (word.len() > 4 && word.ends_with("ed") && !NONE.contains(&word)) || IRREGULAR.contains(&word)
}
