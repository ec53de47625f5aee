//! Dutch postcodes that are said: digits in words and letters by themselves or by their names, behind the word postcode.

use core::ops::Range;

use crate::reading::Reading;
use crate::validation::holds;
use crate::vocabulary::role;

/// What letters are called on the telephone, in the Dutch and in the international alphabet.
const LETTERS: &[&str] = &[
    "anton",
    "bernard",
    "bernhard",
    "cornelis",
    "dirk",
    "eduard",
    "ferdinand",
    "gerard",
    "hendrik",
    "izaak",
    "isaac",
    "johan",
    "jacob",
    "karel",
    "lodewijk",
    "maria",
    "nico",
    "otto",
    "pieter",
    "rudolf",
    "simon",
    "teunis",
    "utrecht",
    "victor",
    "willem",
    "xantippe",
    "zaandam",
    "alfa",
    "alpha",
    "bravo",
    "charlie",
    "delta",
    "echo",
    "foxtrot",
    "golf",
    "hotel",
    "india",
    "juliet",
    "juliett",
    "kilo",
    "lima",
    "mike",
    "november",
    "oscar",
    "papa",
    "quebec",
    "romeo",
    "sierra",
    "tango",
    "uniform",
    "whiskey",
    "xray",
    "yankee",
    "zulu",
];

/// The postcode behind a label that ends before `behind`; `place` is where its value may begin.
pub(crate) fn find(reading: &Reading<'_>, behind: usize, place: usize) -> Option<Range<usize>> {
    // "een" is a word between a label and its value too.
    let is_digit = |at: usize| reading.cue(at).is(role::DIGIT);
    let first = (behind..place)
        .find(|at| (*at..place).all(is_digit))
        .unwrap_or(place);
    let mut at = first;
    let (mut n_digits, mut begins_with_zero) = (0, false);
    while n_digits < 4 && is_digit(at) {
        let value = reading.cue(at).value;
        begins_with_zero |= n_digits == 0 && value == 0;
        n_digits += if value > 9 { 2 } else { 1 };
        at += 1;
    }
    let are_letters = (at..at + 2).all(|letter| {
        let is_one = reading
            .token(letter)
            .is_some_and(|token| token.is_word() && token.n_chars == 1);
        is_one || reading.is_one_of(letter, LETTERS)
    });
    let fits = n_digits == 4 && !begins_with_zero && are_letters;
    (at > first && holds("postcode-said", fits)).then_some(())?;
    Some(reading.token(first)?.start..reading.token(at + 1)?.end)
}
