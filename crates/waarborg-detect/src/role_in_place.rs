//! Roles in a place that few people have: "ik ben tandarts op Urk", "de imam van Gorredijk".

use alloc::string::String;
use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::people::{self, People};
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::words;

/// So many people in such a role are few: each of them is known there.
const FEW: f64 = 20.0;
/// In more words a town's name does not stand here.
const LONGEST_NAME: usize = 4;

/// Finds them where the text speaks of one person and not of the role.
pub(crate) fn find(reading: &Reading<'_>, people: &People, hits: &mut Vec<Hit>) {
    // Most words are ruled out by what stands behind them.
    let behind = reading.tokens.iter().skip(2);
    for (place, (token, town)) in reading.tokens.iter().skip(1).zip(behind).enumerate() {
        if town.has_capital() && may_join(token) {
            hits.extend(at(reading, people, place));
        }
    }
}

fn at(reading: &Reading<'_>, people: &People, place: usize) -> Option<Hit> {
    if !joins_place(reading, place + 1) || !reading.is_word(place) {
        return None;
    }
    let word = reading.word(place);
    let role = people
        .role(words::hash_with_accents(word))
        .filter(|_| !is_public(&word.to_lowercase()))?;
    let last = town(reading, people, place + 2)?;
    let name = reading.slice(reading.token(place + 2)?.start..reading.token(last)?.end);
    let n_people = people::people(role.share() * people.in_place(name));
    if n_people > FEW || !is_of_one(reading, place) || asks(reading, last) {
        return None;
    }
    let span = reading.token(place)?.start..reading.token(last)?.end;
    Some(Hit::new(span, Kind::Quasi, 0.62, Why::Description))
}

fn may_join(token: &Token) -> bool {
    token.shape == Shape::Lower && token.n_chars <= 4
}

/// "van", "in", "op" and the like, in small letters.
fn joins_place(reading: &Reading<'_>, place: usize) -> bool {
    reading.token(place).is_some_and(may_join)
        && matches!(
            reading.word(place),
            "van" | "in" | "op" | "uit" | "te" | "of" | "from" | "at"
        )
}

/// Whether what follows a title is a place and not a name: "tandarts in Urk", never "tandarts Van Urk".
pub(crate) fn is_place_of(reading: &Reading<'_>, title: usize) -> bool {
    let is_role = reading
        .token(title)
        .is_some_and(|token| token.n_chars > 4 && !is_address(reading.word(title)));
    let place = title + 2;
    let is_town = reading
        .token(place)
        .is_some_and(|token| token.has_capital() && reading.lexicon.look_up(token.hash).is_town());
    is_role && joins_place(reading, title + 1) && (is_town || is_region(reading.word(place)))
}

/// A form of address, which never stands before a place.
fn is_address(word: &str) -> bool {
    matches!(
        word.to_lowercase().as_str(),
        "mevrouw" | "meneer" | "mijnheer" | "juffrouw" | "familie" | "weduwe"
    )
}

fn is_region(word: &str) -> bool {
    matches!(
        word,
        "Friesland"
            | "Fryslân"
            | "Drenthe"
            | "Overijssel"
            | "Gelderland"
            | "Flevoland"
            | "Zeeland"
            | "Brabant"
            | "Limburg"
            | "Nederland"
            | "Twente"
            | "Vlaanderen"
            | "België"
    )
}

/// The last token of a town that the tables know and that begins here.
fn town(reading: &Reading<'_>, people: &People, place: usize) -> Option<usize> {
    let first = reading.token(place).filter(|token| token.has_capital())?;
    (place..place + LONGEST_NAME).rev().find(|last| {
        reading
            .token(*last)
            .is_some_and(|end| people.knows_town(reading.slice(first.start..end.end)))
    })
}

/// Whether one person is meant: "de tandarts van", "ik ben tandarts in", "is als tandarts op".
fn is_of_one(reading: &Reading<'_>, place: usize) -> bool {
    let word = |back: usize| -> String {
        place
            .checked_sub(back)
            .map(|at| reading.word(at).to_lowercase())
            .unwrap_or_default()
    };
    let determines =
        |word: &str| matches!(word, "de" | "onze" | "the" | "our" | "enige" | "als" | "as");
    let links = |word: &str| {
        matches!(
            word,
            "ben"
                | "is"
                | "was"
                | "am"
                | "werk"
                | "werkt"
                | "werd"
                | "wordt"
                | "ik"
                | "hij"
                | "zij"
                | "ze"
                | "he"
                | "she"
        )
    };
    let is_article = |word: &str| matches!(word, "een" | "a" | "an");
    determines(&word(1))
        || links(&word(1))
        || determines(&word(2)) && !is_article(&word(1))
        || links(&word(2)) && is_article(&word(1))
}

/// A question about the role: "Wat verdient de huisarts van Urk?".
fn asks(reading: &Reading<'_>, last: usize) -> bool {
    (last..last + 24)
        .take_while(|at| !reading.is_line_end(*at) && !reading.is_mark(*at, '.'))
        .any(|at| reading.is_mark(at, '?'))
}

/// Roles that are public; who holds them is no secret.
fn is_public(word: &str) -> bool {
    matches!(
        word,
        "burgemeester" | "wethouder" | "raadslid" | "mayor" | "alderman" | "councillor"
    )
}

#[cfg(test)]
mod tests {
    use crate::{Detector, Kind};
    use alloc::vec::Vec;

    fn quasi(text: &str) -> Vec<&str> {
        Detector::new()
            .find(text)
            .into_iter()
            .filter(|finding| finding.kind == Kind::Quasi)
            .map(|finding| text.get(finding.span).unwrap())
            .collect()
    }

    #[test]
    fn a_role_that_few_have_in_a_place_points_at_somebody() {
        assert_eq!(
            quasi("Ik ben tandarts op Urk en zit thuis."),
            ["tandarts op Urk"]
        );
        assert_eq!(
            quasi("De dierenarts van Terschelling drinkt te veel."),
            ["dierenarts van Terschelling"]
        );
    }

    #[test]
    fn a_role_that_many_have_or_nobody_in_particular_does_not() {
        for text in [
            "Ik ben verpleegkundige in Amsterdam.",
            "Ken jij een goede tandarts op Urk?",
            "Wat verdient de notaris van Urk?",
            "De burgemeester van Urk opent de markt.",
        ] {
            assert!(quasi(text).is_empty(), "{text}");
        }
    }
}
