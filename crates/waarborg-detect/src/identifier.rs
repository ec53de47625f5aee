//! Names of people inside a programmer's identifier, such as `piet_jansen_heeft_diabetes`.
//!
//! An identifier has no sentence around it, and most of its words are also somebody's name. So only a first name
//! beside a surname counts, both from the lists, and neither of them a word that programmers use.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::detector::Detector;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::lexicon::{Entry, look_up};
use crate::vocabulary::role;
use crate::words::hash;

/// Longer than this it is a text, not an identifier.
const LONGEST: usize = 256;

/// More particles than this no surname has: `van_der`, `de_la`.
const MOST_PARTICLES: usize = 3;

/// How sure two listed names beside each other are.
const SCORE: f32 = 0.8;

/// Forms of address that stand before a surname and mean nothing in a program.
const ADDRESSES: [&str; 8] = [
    "mevrouw", "mevr", "meneer", "dhr", "heer", "mister", "missus", "frau",
];

impl Detector {
    /// The people in an identifier, and if there are any, the special categories that it says of them.
    ///
    /// Reads the words between `_`, `-`, `.`, digits and humps as a sentence. A text that is no identifier has none.
    #[must_use]
    pub fn find_in_identifier(&self, text: &str) -> Vec<Finding> {
        let words = words(text);
        let mut findings = Vec::new();
        let mut place = 0;
        while place < words.len() {
            let Some(last) = self.name(text, &words, place) else {
                place += 1;
                continue;
            };
            let start = words.get(place).map_or(0, |word| word.start);
            let end = words.get(last).map_or(start, |word| word.end);
            findings.push(Finding::new(start..end, Kind::Person, SCORE, Why::NameList));
            place = last + 1;
        }
        if !findings.is_empty() {
            self.add_statements(text, &words, &mut findings);
        }
        findings
    }

    /// The last word of a name that begins here.
    fn name(&self, text: &str, words: &[Range<usize>], place: usize) -> Option<usize> {
        let word = |place: usize| words.get(place).and_then(|span| text.get(span.clone()));
        let entry = |place: usize| word(place).map_or(Entry::default(), |word| look_up(hash(word)));
        let is_particle = |place: usize| {
            word(place).is_some_and(|word| self.vocabulary().cue(hash(word)).is(role::PARTICLE))
        };

        let is_addressed = word(place).is_some_and(|word| {
            ADDRESSES
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
        });
        let first = entry(place);
        if !is_addressed && first.first_name() < 2 {
            return is_reversed(first, entry(place + 1)).then_some(place + 1);
        }

        let mut at = place + 1;
        let second = entry(at);
        if second.first_name() >= 2 && second.common() <= 1 && surname_after(first, entry(at + 1)) {
            return Some(at + 1);
        }
        let n_particles = (0..MOST_PARTICLES)
            .take_while(|step| is_particle(at + step))
            .count();
        at += n_particles;
        let last = entry(at);
        let is_name = if is_addressed {
            last.surname() >= 2 && (n_particles > 0 || last.common() <= 2 || last.surname() == 3)
        } else if n_particles > 0 {
            first.common() <= 1
                && (last.surname() >= 2 || (last.surname() == 1 && last.common() == 0))
        } else {
            surname_after(first, last)
        };
        is_name.then_some(at)
    }

    /// What the identifier says of the people in it, read as a sentence.
    fn add_statements(&self, text: &str, words: &[Range<usize>], findings: &mut Vec<Finding>) {
        let mut sentence = String::with_capacity(text.len() + words.len());
        let mut starts = Vec::with_capacity(words.len());
        for word in words {
            starts.push((sentence.len(), word.start));
            sentence.push_str(text.get(word.clone()).unwrap_or_default());
            sentence.push(' ');
        }
        let original = |at: usize| {
            let word = starts.iter().rev().find(|(start, _)| *start <= at);
            word.map_or(at, |(start, original)| original + (at - start))
        };
        for finding in self.find(&sentence) {
            let span = original(finding.span.start)
                ..original(finding.span.end.saturating_sub(1)).saturating_add(1);
            let overlaps =
                |known: &Finding| known.span.start < span.end && span.start < known.span.end;
            if finding.kind.is_special()
                && text.get(span.clone()).is_some()
                && !findings.iter().any(overlaps)
            {
                findings.push(Finding { span, ..finding });
            }
        }
        findings.sort_by_key(|finding| finding.span.start);
    }
}

/// A surname straight behind a first name. What is also an ordinary word needs the other to be surer.
fn surname_after(first: Entry, last: Entry) -> bool {
    let known = (
        first.first_name(),
        first.common(),
        last.surname(),
        last.common(),
    );
    matches!(
        known,
        (3, _, 3, 0)
            | (2.., 0..=1, 3, 0..=2)
            | (2.., 0, 2, 0..=1)
            | (3, 0..=2, 3, 1)
            | (3, 0..=1, 3, 3)
            | (3, 0..=1, 2, 0..=1)
            | (3, 0..=1, 1, 0)
    )
}

/// A surname before the first name, as in a sorted list.
fn is_reversed(last: Entry, first: Entry) -> bool {
    last.surname() == 3 && last.common() == 0 && first.first_name() == 3 && first.common() <= 1
}

/// The words of an identifier; none if the text is something else.
fn words(text: &str) -> Vec<Range<usize>> {
    let is_identifier = text.len() <= LONGEST
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    let mut words = Vec::new();
    if !is_identifier {
        return words;
    }
    let mut start = None;
    let mut previous = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next_is_small = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
        let is_hump = letter.is_uppercase()
            && (previous.is_lowercase() || (previous.is_uppercase() && next_is_small));
        if (!letter.is_alphabetic() || is_hump)
            && let Some(start) = start.take()
        {
            words.push(start..at);
        }
        if letter.is_alphabetic() {
            start.get_or_insert(at);
        }
        previous = letter;
    }
    words.extend(start.map(|start| start..text.len()));
    words
}

#[cfg(test)]
mod tests {
    use std::string::ToString as _;

    use super::*;

    fn check(text: &str, expected: &[(&str, Kind)]) {
        let findings = Detector::new().find_in_identifier(text);
        let found: Vec<(&str, Kind)> = findings
            .iter()
            .map(|finding| (text.get(finding.span.clone()).unwrap(), finding.kind))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_words_of_an_identifier_stand_between_its_marks_and_humps() {
        for (text, expected) in [
            ("get_customer-by.id", "get customer by id"),
            ("getCustomerByID2", "get Customer By ID"),
            ("HTTPServer", "HTTP Server"),
            ("élan_ß", "élan ß"),
        ] {
            let read: Vec<&str> = words(text)
                .into_iter()
                .map(|word| text.get(word).unwrap())
                .collect();
            assert_eq!(read.join(" "), expected);
        }
        assert!(words("two words").is_empty());
    }

    #[test]
    fn a_first_name_beside_a_surname_is_found_with_what_is_said_of_them() {
        check(
            "piet_jansen_heeft_diabetes",
            &[("piet_jansen", Kind::Person), ("diabetes", Kind::Health)],
        );
        for (text, name) in [
            ("dossier-van-sanne-de-wit", "sanne-de-wit"),
            ("pietJansenAdres", "pietJansen"),
            ("adres.fatima.el.amrani", "fatima.el.amrani"),
            ("case_john_smith_1", "john_smith"),
            ("jansen_piet", "jansen_piet"),
            ("bel_mevrouw_bakker", "mevrouw_bakker"),
            ("anna_maria_mulder", "anna_maria_mulder"),
            ("max_smit", "max_smit"),
        ] {
            check(text, &[(name, Kind::Person)]);
        }
    }

    #[test]
    fn a_programmers_words_are_nobody() {
        for text in [
            "patient_has_diabetes",
            "mark_read",
            "max_page",
            "min_price",
            "first_name",
            "last_name",
            "iris_scan",
            "april_total",
            "frank_account",
            "jade_template",
            "post_code",
            "grace_period",
            "will_retry",
            "mark_will",
            "kim",
            "jansen",
            "piet",
            "chase_account",
            "dean_list",
            "rob",
            "bas_url",
            "ben",
            "joy_stick",
            "paris_hotel",
            "jordan_river",
            "long_lat",
            "young_adult",
            "bill_to",
            "art_style",
            "rich_text",
            "guy",
            "lot_size",
            "case_id",
            "name_king",
            "gene_list",
            "ray_cast",
            "van_type",
            "drew_at",
            "grant_type",
            "miles_per_hour",
        ] {
            check(text, &[]);
        }
        check(&"piet_jansen".to_string().repeat(30), &[]);
    }
}
