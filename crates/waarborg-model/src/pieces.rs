//! Cuts a text as models of the BERT family were taught to: words and marks, each in pieces of a vocabulary, each with its place.
//!
//! The rules are those of the "basic tokenizer" and of `WordPiece` (Wu et al. 2016, <https://arxiv.org/abs/1609.08144>; Devlin et al.
//! 2018, <https://arxiv.org/abs/1810.04805>).

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// A word of more characters is not looked up.
const LONGEST_WORD: usize = 100;

/// The pieces that a model knows.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pieces: HashMap<String, i64>,
    pub(crate) start: i64,
    pub(crate) end: i64,
    unknown: i64,
}

/// How a text is made ready before it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Habits {
    pub(crate) lower_case: bool,
    pub(crate) strip_accents: bool,
    pub(crate) split_ideographs: bool,
}

/// A word or a mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Byte offsets in the text, half-open.
    pub(crate) span: Range<usize>,
    /// The numbers of its pieces; at least one.
    pub(crate) pieces: Vec<i64>,
}

impl Vocabulary {
    /// The pieces of a `vocab.txt`: one on each line, numbered from 0. Without one of the three that mean something by themselves, the
    /// name of that one.
    pub(crate) fn parse(lines: &str) -> Result<Self, &'static str> {
        let mut pieces = HashMap::new();
        for (number, line) in (0..).zip(lines.lines()) {
            pieces.insert(line.trim_end().to_owned(), number);
        }
        let special = |name: &'static str| pieces.get(name).copied().ok_or(name);
        let (start, end, unknown) = (special("[CLS]")?, special("[SEP]")?, special("[UNK]")?);
        Ok(Self {
            pieces,
            start,
            end,
            unknown,
        })
    }

    /// The words and marks of a text.
    pub(crate) fn cut(&self, text: &str, habits: Habits) -> Vec<Word> {
        let mut words = Vec::new();
        let mut open = Open::default();
        for (offset, letter) in text.char_indices() {
            let place = offset..offset + letter.len_utf8();
            match class(letter, habits) {
                Class::Nothing => {}
                Class::Gap => self.close(&mut open, &mut words),
                Class::Alone => {
                    self.close(&mut open, &mut words);
                    open.push(letter, &place);
                    self.close(&mut open, &mut words);
                }
                Class::Letter => {
                    for letter in ready(letter, habits) {
                        let is_mark = is_mark(letter);
                        if is_mark {
                            self.close(&mut open, &mut words);
                        }
                        open.push(letter, &place);
                        if is_mark {
                            self.close(&mut open, &mut words);
                        }
                    }
                }
            }
        }
        self.close(&mut open, &mut words);
        words
    }

    fn close(&self, open: &mut Open, words: &mut Vec<Word>) {
        if !open.letters.is_empty() {
            words.push(Word {
                span: open.span.clone(),
                pieces: self.pieces(&open.letters),
            });
            open.letters.clear();
        }
    }

    /// The longest piece that fits, then the longest that fits the rest; a word that cannot be made of pieces is unknown as a whole.
    fn pieces(&self, word: &str) -> Vec<i64> {
        if word.chars().count() > LONGEST_WORD {
            return vec![self.unknown];
        }
        let mut found = Vec::new();
        let mut rest = word;
        let mut tried = String::new();
        while !rest.is_empty() {
            let ends = rest
                .char_indices()
                .map(|(at, letter)| at + letter.len_utf8());
            let fitting = ends.rev().find_map(|end| {
                tried.clear();
                tried.push_str(if found.is_empty() { "" } else { "##" });
                tried.push_str(rest.get(..end)?);
                self.pieces.get(tried.as_str()).map(|piece| (*piece, end))
            });
            let Some((piece, end)) = fitting else {
                return vec![self.unknown];
            };
            found.push(piece);
            rest = rest.get(end..).unwrap_or_default();
        }
        found
    }
}

/// A word in the making: as it will be looked up, and where it stands.
#[derive(Default)]
struct Open {
    letters: String,
    span: Range<usize>,
}

impl Open {
    fn push(&mut self, letter: char, place: &Range<usize>) {
        if self.letters.is_empty() {
            self.span = place.clone();
        }
        self.letters.push(letter);
        self.span.end = place.end;
    }
}

enum Class {
    /// Taken out, as if it had not been there.
    Nothing,
    Gap,
    Alone,
    Letter,
}

fn class(letter: char, habits: Habits) -> Class {
    if matches!(letter, '\t' | '\n' | '\r') {
        return Class::Gap;
    }
    let is_hidden = letter.general_category_group() == GeneralCategoryGroup::Other;
    if is_hidden || letter == '\u{fffd}' {
        Class::Nothing
    } else if letter.is_whitespace() {
        Class::Gap
    } else if habits.split_ideographs && is_ideograph(letter) {
        Class::Alone
    } else {
        Class::Letter
    }
}

/// The character as the vocabulary writes it: perhaps none, perhaps several.
fn ready(letter: char, habits: Habits) -> impl Iterator<Item = char> {
    let bare = habits
        .strip_accents
        .then(|| letter.nfd().filter(|part| !is_accent(*part)));
    let as_it_is = (!habits.strip_accents).then_some(letter);
    bare.into_iter()
        .flatten()
        .chain(as_it_is)
        .flat_map(move |letter| {
            let small = habits.lower_case.then(|| letter.to_lowercase());
            let as_it_is = (!habits.lower_case).then_some(letter);
            small.into_iter().flatten().chain(as_it_is)
        })
}

fn is_accent(letter: char) -> bool {
    letter.general_category() == GeneralCategory::NonspacingMark
}

fn is_mark(letter: char) -> bool {
    letter.is_ascii_punctuation()
        || letter.general_category_group() == GeneralCategoryGroup::Punctuation
}

fn is_ideograph(letter: char) -> bool {
    matches!(
        u32::from(letter),
        0x4E00..=0x9FFF
            | 0x3400..=0x4DBF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2B81F
            | 0x2B820..=0x2CEAF
            | 0xF900..=0xFAFF
            | 0x2F800..=0x2FA1F
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINES: &str = "[PAD]\n[UNK]\n[CLS]\n[SEP]\njan\n##sen\nde\n,\nfa\n##t\n##ma\n中\n";
    const SMALL: Habits = Habits {
        lower_case: true,
        strip_accents: true,
        split_ideographs: true,
    };

    fn cut(text: &str, habits: Habits) -> Vec<(String, Vec<i64>)> {
        let vocabulary = Vocabulary::parse(LINES).unwrap();
        let words = vocabulary.cut(text, habits);
        words
            .into_iter()
            .map(|word| (text.get(word.span).unwrap().to_owned(), word.pieces))
            .collect()
    }

    fn told(expected: &[(&str, &[i64])]) -> Vec<(String, Vec<i64>)> {
        expected
            .iter()
            .map(|(word, pieces)| ((*word).to_owned(), pieces.to_vec()))
            .collect()
    }

    #[test]
    fn a_word_is_cut_in_the_longest_pieces_and_keeps_its_place() {
        assert_eq!(
            cut("Jansen, De\tFátma", SMALL),
            told(&[
                ("Jansen", &[4, 5]),
                (",", &[7]),
                ("De", &[6]),
                ("Fátma", &[8, 9, 10])
            ])
        );
    }

    #[test]
    fn what_the_vocabulary_cannot_write_is_unknown_as_a_whole() {
        assert_eq!(cut("jandoe", SMALL), told(&[("jandoe", &[1])]));
        assert_eq!(cut(&"jan".repeat(40), SMALL)[0].1, [1]);
    }

    #[test]
    fn capitals_and_accents_stay_where_the_model_knows_them() {
        let kept = Habits {
            lower_case: false,
            strip_accents: false,
            ..SMALL
        };
        assert_eq!(cut("jan Jan", kept), told(&[("jan", &[4]), ("Jan", &[1])]));
    }

    #[test]
    fn hidden_characters_are_passed_over_and_ideographs_stand_alone() {
        assert_eq!(
            cut("ja\u{200b}n\u{301}中中", SMALL),
            told(&[("ja\u{200b}n", &[4]), ("中", &[11]), ("中", &[11])])
        );
    }

    #[test]
    fn a_vocabulary_without_its_signs_is_refused() {
        assert_eq!(Vocabulary::parse("[CLS]\n[SEP]\n").unwrap_err(), "[UNK]");
    }

    /// How other people's code cuts the same texts; `testdata/pieces.py` made the rows.
    #[test]
    fn texts_are_cut_as_the_models_were_taught() {
        let vocabulary = Vocabulary::parse(include_str!("../testdata/vocab.txt")).unwrap();
        let mut count = 0;
        for line in include_str!("../testdata/pieces.jsonl").lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = row["text"].as_str().unwrap();
            let is = |name: &str| row[name].as_bool().unwrap();
            let habits = Habits {
                lower_case: is("lower_case"),
                strip_accents: is("strip_accents"),
                split_ideographs: is("split_ideographs"),
            };
            let letters = |bytes: usize| text.get(..bytes).unwrap().chars().count();
            let found: Vec<serde_json::Value> = vocabulary
                .cut(text, habits)
                .into_iter()
                .map(|word| {
                    let (start, end) = (letters(word.span.start), letters(word.span.end));
                    serde_json::json!({ "pieces": word.pieces, "start": start, "end": end })
                })
                .collect();
            assert_eq!(
                serde_json::json!(found),
                row["words"],
                "{text:?}, {habits:?}"
            );
            count += 1;
        }
        assert!(count > 150);
    }

    proptest! {
        #[test]
        fn words_stand_in_order_on_whole_characters(text in "\\PC{0,60}", lower: bool, strip: bool) {
            let vocabulary = Vocabulary::parse(LINES).unwrap();
            let habits = Habits { lower_case: lower, strip_accents: strip, split_ideographs: true };
            let mut last = 0;
            for word in vocabulary.cut(&text, habits) {
                prop_assert!(text.get(word.span.clone()).is_some());
                // One character may become two words, then both stand at its place.
                prop_assert!(word.span.start >= last || word.span.end >= last);
                prop_assert!(!word.pieces.is_empty());
                last = word.span.start;
            }
        }
    }
}
