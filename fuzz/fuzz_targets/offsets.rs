//! Findings point at exactly the right bytes of the original, however its letters are disguised.
//!
//! The first byte says how many bytes of choices follow; behind those stands the text.
//!
//! - A text with hidden characters, combining marks and full-width letters has the findings of the plain text, at the same letters.
//! - A citizen service number or an account number that is hidden in it is found from its first byte to its last.
//! - Replacing the findings by surrogates and restoring them gives the original bytes back.
//! - What is known by its form is the same with another text behind blank lines, and is found there too.
#![no_main]

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use waarborg_detect::surrogate::{ConversationKey, Language, Scope, Surrogates};
use waarborg_detect::{Detector, Finding, Kind, Why};

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

/// Disappear when a text is folded, and belong to no letter.
const HIDDEN: &[char] = &[
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{ad}', '\u{2060}', '\u{feff}', '\u{34f}', '\u{fe0f}', '\u{e0041}', '\u{200e}',
];
/// Disappear too, and belong to the letter before them.
const MARKS: &[char] = &['\u{300}', '\u{301}', '\u{308}', '\u{327}', '\u{336}', '\u{36f}'];

fuzz_target!(|bytes: &[u8]| {
    let Some((n_choices, rest)) = bytes.split_first() else {
        return;
    };
    let (choices, text) = rest.split_at(usize::from(*n_choices).min(rest.len()));
    let Ok(text) = core::str::from_utf8(text) else {
        return;
    };
    let mut choices = Choices { choices, at: 0 };
    is_sound(text, &DETECTOR.find(text));
    a_disguise_moves_nothing(text, &mut choices);
    what_is_hidden_is_found(text, &mut choices);
    restoring_gives_the_text_back(text);
    texts_apart_say_nothing_of_each_other(text, &mut choices);
});

fn is_sound(text: &str, findings: &[Finding]) {
    let mut end = 0;
    for finding in findings {
        assert!(finding.span.start >= end && finding.span.end > finding.span.start, "{findings:?}");
        assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
        end = finding.span.end;
    }
}

/// What the fuzzer chooses, round and round.
struct Choices<'a> {
    choices: &'a [u8],
    at: usize,
}

impl Choices<'_> {
    fn next(&mut self) -> usize {
        let choice = self.choices.get(self.at % self.choices.len().max(1)).copied().unwrap_or(0);
        // The second time round they are others.
        let round = self.at / self.choices.len().max(1);
        self.at += 1;
        (usize::from(choice) + 7 * round) & 0xff
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.next() % all.len()]
    }
}

/// A disguised text, and where each byte of the plain one lies in it.
#[derive(Default)]
struct Disguised {
    text: String,
    /// Where a letter begins, by its place in the plain text.
    starts: Vec<usize>,
    /// Where the letter that ends at this place in the plain text ends, its marks included.
    ends: Vec<usize>,
}

impl Disguised {
    fn push(&mut self, letter: char, shown: &str, behind: &str) {
        self.starts.push(self.text.len());
        self.text.push_str(shown);
        self.ends.resize(self.starts.len() + letter.len_utf8(), self.text.len());
        self.starts.resize(self.ends.len() - 1, self.text.len());
        self.text.push_str(behind);
    }

    fn of(plain: &str, choices: &mut Choices<'_>) -> Disguised {
        let mut disguised = Disguised {
            ends: vec![0],
            ..Disguised::default()
        };
        for letter in plain.chars() {
            let choice = choices.next();
            let mut shown = String::new();
            shown.push(if choice & 1 == 1 { wide(letter) } else { letter });
            if choice & 6 == 6 {
                shown.push(choices.one_of(MARKS));
            }
            let mut behind = String::new();
            for _ in 0..choice >> 6 {
                behind.push(choices.one_of(HIDDEN));
            }
            disguised.push(letter, &shown, &behind);
        }
        disguised
    }

    fn span(&self, plain: &Range<usize>) -> Range<usize> {
        self.starts[plain.start]..self.ends[plain.end]
    }
}

/// The letter as wide as a Chinese one.
fn wide(letter: char) -> char {
    match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

fn a_disguise_moves_nothing(text: &str, choices: &mut Choices<'_>) {
    // What folding changes in the text itself is another matter.
    let stays = |letter: &char| letter.is_ascii() || matches!(letter, 'à'..='ö' | 'ø'..='ſ' | '一'..='龥' | '😀'..='😿');
    let plain: String = text.chars().filter(stays).collect();
    let disguised = Disguised::of(&plain, choices);
    type Told = (Range<usize>, Kind, f32, Why);
    let told = |finding: &Finding, span: Range<usize>| -> Told { (span, finding.kind, finding.score, finding.why) };
    let expected: Vec<Told> = (DETECTOR.find(&plain).iter()).map(|finding| told(finding, disguised.span(&finding.span))).collect();
    let found: Vec<Told> = (DETECTOR.find(&disguised.text).iter()).map(|finding| told(finding, finding.span.clone())).collect();
    assert_eq!(found, expected, "{:?} is the disguise of {plain:?}", disguised.text);
}

/// A number that passes its check, made of what the fuzzer chooses.
fn number(choices: &mut Choices<'_>) -> (Kind, &'static str, String) {
    let mut digits = || -> u64 { (0..10).fold(0, |number, _| number * 10 + choices.next() as u64 % 10) };
    if digits() % 2 == 0 {
        // The last digit is what makes the weighted sum divisible by eleven, if one digit does.
        let mut eight = 10_000_000 + digits() % 90_000_000;
        loop {
            let sum: u64 = (format!("{eight:08}").bytes().zip((2..=9).rev())).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
            let number = format!("{eight}{}", sum % 11);
            // What is mostly the same digit is nobody's number.
            if sum % 11 < 10 && number.bytes().collect::<BTreeSet<u8>>().len() > 4 {
                return (Kind::Bsn, "Mijn BSN is", number);
            }
            eight = 10_000_000 + (eight * 7 + 1_234_567) % 90_000_000;
        }
    }
    let account = digits();
    // INGB and NL as numbers, and the digits that make the remainder one.
    let remainder = (format!("18231611{account:010}232100").bytes()).fold(0_u64, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    (Kind::Iban, "Mijn rekening is", format!("NL{:02}INGB{account:010}", 98 - remainder))
}

/// Ways to write a value that a program reads as the value itself.
fn encoded(value: &str, choices: &mut Choices<'_>) -> String {
    let each = |write: fn(u32) -> String| value.chars().map(|letter| write(u32::from(letter))).collect();
    match choices.next() % 9 {
        0 => each(|code| format!("&#{code};")),
        1 => each(|code| format!("&#x{code:x};")),
        2 => each(|code| format!("%{code:02X}")),
        3 => each(|code| format!("\\u{code:04x}")),
        4 => each(|code| format!("\\x{code:02x}")),
        5 => each(|code| format!("%25{code:02X}")),
        6 => base64(&format!("mijn nummer is {value}, zegt hij")),
        7 => value.bytes().map(|byte| format!("{byte:02x}")).collect(),
        _ => value.to_owned(),
    }
}

fn base64(plain: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in plain.as_bytes().chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for n in 0..4 {
            let six = bits >> (18 - 6 * n) & 63;
            out.push(if n <= three.len() { char::from(LETTERS[six as usize]) } else { '=' });
        }
    }
    out
}

fn what_is_hidden_is_found(text: &str, choices: &mut Choices<'_>) {
    let (kind, label, value) = number(choices);
    let disguised = Disguised::of(&encoded(&value, choices), choices);
    let hidden = disguised.span(&(0..disguised.ends.len() - 1));
    let shown = &disguised.text[hidden.clone()];

    let sentence = format!("{label} {shown} en dat klopt.");
    let start = label.len() + 1;
    let exact = start..start + shown.len();
    let found = DETECTOR.find(&sentence);
    assert!(found.iter().any(|finding| finding.span == exact && finding.kind == kind), "{value} in {sentence:?}: {found:?}");

    // Among whatever else it may lie in something larger or graver, but it never goes free.
    let among = format!("{text}\n\n{sentence}\n\n{text}");
    let exact = exact.start + text.len() + 2..exact.end + text.len() + 2;
    let found = DETECTOR.find(&among);
    is_sound(&among, &found);
    let n_covered: usize = (found.iter())
        .map(|finding| finding.span.end.min(exact.end).saturating_sub(finding.span.start.max(exact.start)))
        .sum();
    assert_eq!(n_covered, exact.len(), "{value} at {exact:?} in {among:?}: {found:?}");
}

fn restoring_gives_the_text_back(text: &str) {
    // Links and tags are not restored by design, and a surrogate that somebody wrote is no business of ours.
    let lower = text.to_lowercase();
    let is_left = [
        "//", "](", "<", "[", "www.", "mailto:", "data:", "javascript:", "vbscript:", "tel:", "sms:", "http:", "https:", "ftp:", "ws:", "wss:",
    ];
    if is_left.iter().any(|mark| lower.contains(mark)) {
        return;
    }
    let mut surrogates = Surrogates::new(ConversationKey::new([3; 32]), Language::Dutch);
    surrogates.reserve(text);
    let (mut replaced, mut expected) = (String::new(), String::new());
    let mut at = 0;
    for finding in DETECTOR.find(text) {
        // A word against a surrogate would hide it or be taken for part of it.
        for (out, value) in [
            (&mut replaced, surrogates.surrogate(finding.kind, &text[finding.span.clone()])),
            (&mut expected, text[finding.span.clone()].to_owned()),
        ] {
            out.push_str(&text[at..finding.span.start]);
            out.push(' ');
            out.push_str(&value);
            out.push(' ');
        }
        at = finding.span.end;
    }
    replaced.push_str(&text[at..]);
    expected.push_str(&text[at..]);
    // Of several spellings of one value the first stands for all.
    let restored = surrogates.restore_all(&replaced, Scope::Text);
    let is_the_same = |text: &str| -> String { text.chars().filter(|letter| letter.is_alphanumeric() && letter.is_ascii()).flat_map(char::to_lowercase).collect() };
    if restored != expected {
        assert_eq!(is_the_same(&restored), is_the_same(&expected), "{replaced:?}");
    }
}

fn texts_apart_say_nothing_of_each_other(text: &str, choices: &mut Choices<'_>) {
    // A private key goes on over lines, whatever is hidden in what announces it.
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    if text.contains("-----") || letters.to_ascii_uppercase().contains("PRIVATEKEY") {
        return;
    }
    let (kind, _, value) = number(choices);
    let gap = "\n\n.\n\n";
    let both = format!("{text}{gap}{value}");
    type Told = (Range<usize>, Kind);
    let told = |text: &str| -> Vec<Told> { (DETECTOR.find_formats(text).into_iter()).map(|finding| (finding.span, finding.kind)).collect() };
    let mut expected = told(text);
    let start = text.len() + gap.len();
    expected.push((start..start + value.len(), kind));
    assert_eq!(told(&both), expected, "{both:?}");
}
