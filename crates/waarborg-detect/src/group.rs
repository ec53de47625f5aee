//! How many people fit what a conversation says of somebody, and what to write instead so that more do.
//!
//! Each part (a birth date, a town, a role, an illness, a sex) fits a share of the people; parts of different sorts are
//! multiplied as if they were independent. That is right to the order of magnitude only, so the goal has room.

use alloc::borrow::ToOwned as _;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::clause::{Clauses, Word};
use crate::finding::{Finding, Group};
use crate::kind::Kind;
use crate::people::{self, People};

/// So many people must fit: ten is what statistics offices publish, and the estimate may be ten times too high.
const GOAL: f64 = 100.0;
/// A role at an employer that is named fits about so many.
const AT_ONE_EMPLOYER: f64 = 20.0;

/// Of whom more is said than this, the text is a list and not about one person.
const MOST_PARTS: usize = 24;

/// What a part is about; of two of one sort the narrower counts.
#[derive(Clone, Copy)]
enum Sort {
    Age,
    Sex,
    Place,
    Role,
    Condition,
    Only,
}

/// A part of what was said of somebody.
struct Part {
    /// Which text and which of its findings, if it is one.
    finding: Option<(usize, usize)>,
    sort: Sort,
    /// The share of people whom it fits as it stands, then wider and wider ways to write it.
    ways: Ways,
    way: usize,
}

impl Part {
    fn share(&self, way: usize) -> f64 {
        self.ways.get(way).map_or(1.0, |(share, _)| *share)
    }
}

/// Says of the findings of a conversation how many people fit what is said of each person, over all texts together.
///
/// Each text comes with its findings in their order.
pub fn tell_groups(people: &People, texts: &mut [(&str, &mut [Finding])]) {
    let has_part = |(_, findings): &(&str, &mut [Finding])| findings.iter().any(is_part);
    if !texts.iter().any(has_part) {
        return;
    }
    let mut cut: Vec<(Clauses<'_>, &mut [Finding])> = texts
        .iter_mut()
        .map(|(text, findings)| (Clauses::new(text, findings), &mut **findings))
        .collect();
    tell(people, &mut cut);
}

/// The same of texts that are cut already.
pub(crate) fn tell(people: &People, texts: &mut [(Clauses<'_>, &mut [Finding])]) {
    let has_part = |(_, findings): &(Clauses<'_>, &mut [Finding])| findings.iter().any(is_part);
    if !texts.iter().any(has_part) {
        return;
    }
    let subjects = subjects(texts);
    let mut parts: BTreeMap<usize, Vec<Part>> = BTreeMap::new();
    for (n_text, (clauses, findings)) in texts.iter().enumerate() {
        if !findings.iter().any(is_part) {
            continue;
        }
        for (n_finding, finding) in findings.iter().enumerate() {
            if !is_part(finding) {
                continue;
            }
            let subject = subjects.at(n_text, finding.span.start);
            let own = parts.entry(subject).or_default();
            if own.len() >= MOST_PARTS {
                continue;
            }
            own.extend(read(people, clauses, finding).map(|(sort, ways)| Part {
                finding: Some((n_text, n_finding)),
                sort,
                ways,
                way: 0,
            }));
            own.extend(around(people, clauses, (finding, findings)));
        }
    }
    let mut wordings: BTreeMap<usize, Wording> = BTreeMap::new();
    for parts in parts.values_mut() {
        let wording = |n_text: usize| {
            let of = || {
                texts
                    .get(n_text)
                    .map(|(clauses, _)| Wording::of(clauses.text))
            };
            *wordings
                .entry(n_text)
                .or_insert_with(|| of().unwrap_or(Wording::Dutch))
        };
        for (place, group) in estimated(parts, wording) {
            let finding = texts
                .get_mut(place.0)
                .and_then(|(_, findings)| findings.get_mut(place.1));
            if let Some(finding) = finding {
                finding.about.group = Some(group);
            }
        }
    }
}

/// Whether a finding points to somebody only in combination.
fn is_part(finding: &Finding) -> bool {
    matches!(
        finding.kind,
        Kind::DateOfBirth
            | Kind::City
            | Kind::Postcode
            | Kind::Quasi
            | Kind::Health
            | Kind::BiometricGenetic
    )
}

/// The group of every part that is a finding.
fn estimated(
    parts: &mut [Part],
    mut wording: impl FnMut(usize) -> Wording,
) -> Vec<((usize, usize), Group)> {
    let now = fitting(parts, None);
    // One step at a time, the one that lets most people in.
    while fitting(parts, None) < GOAL {
        let step = parts
            .iter()
            .enumerate()
            // What is no finding stays in the text as it is.
            .filter(|(_, part)| part.finding.is_some() && part.way + 1 < part.ways.len())
            .map(|(place, _)| (place, fitting(parts, Some(place))))
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .map(|(place, _)| place);
        let Some(part) = step.and_then(|place| parts.get_mut(place)) else {
            break;
        };
        part.way += 1;
    }
    let then = rounded(fitting(parts, None));
    let with_group = |part: &Part| {
        let (n_text, _) = part.finding?;
        let mut written = |way: usize| {
            let way = part.ways.get(way).filter(|_| way > 0);
            way.map(|(_, text)| text.written(|| wording(n_text)))
        };
        let group = Group {
            people: rounded(now),
            instead: written(part.way),
            wider: written(1),
            then,
        };
        Some((part.finding?, group))
    };
    parts.iter().filter_map(with_group).collect()
}

/// How many people fit all parts, one of them perhaps written a step wider.
fn fitting(parts: &[Part], wider: Option<usize>) -> f64 {
    let mut shares = [1.0_f64; Sort::Only as usize + 1];
    for (place, part) in parts.iter().enumerate() {
        let share = part.share(part.way + usize::from(wider == Some(place)));
        if let Some(narrowest) = shares.get_mut(part.sort as usize) {
            *narrowest = narrowest.min(share);
        }
    }
    people::people(shares.iter().product())
}

/// One significant digit, at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is held between one and a thousand million"
)]
fn rounded(people: f64) -> u32 {
    let people = people.clamp(1.0, 1e9) as u32;
    let unit = 10_u32.pow(people.ilog10());
    (people + unit / 2) / unit * unit
}

/// In which language a text is answered.
#[derive(Clone, Copy)]
enum Wording {
    Dutch,
    English,
}

impl Wording {
    fn of(text: &str) -> Wording {
        let (mut dutch, mut english) = (0, 0);
        let bytes = text.as_bytes();
        let (mut start, mut n_words) = (0, 0);
        let ends = bytes.iter().enumerate().chain([(bytes.len(), &b' ')]);
        for (at, _) in ends.filter(|(_, byte)| **byte <= b' ' && byte.is_ascii_whitespace()) {
            let word = bytes.get(start..at).unwrap_or_default();
            start = at + 1;
            match word {
                b"de" | b"het" | b"een" | b"ik" | b"is" | b"van" | b"en" | b"mijn" | b"in" => {
                    dutch += 1;
                }
                b"the" | b"a" | b"I" | b"of" | b"and" | b"my" | b"was" | b"from" | b"lives" => {
                    english += 1;
                }
                _ => {}
            }
            n_words += usize::from(!word.is_empty());
            if n_words == 200 {
                break;
            }
        }
        if english > dutch {
            Wording::English
        } else {
            Wording::Dutch
        }
    }

    fn pick(self, [dutch, english]: [&'static str; 2]) -> &'static str {
        match self {
            Wording::Dutch => dutch,
            Wording::English => english,
        }
    }
}

type Ways = Vec<(f64, Text)>;

/// What to write in the place of a part; it is written out only where it is asked for, which is seldom.
enum Text {
    /// The part as it stands.
    Same,
    /// The same in every language.
    Plain(String),
    Year(u32),
    /// From one year to another.
    Years(u32, u32),
    /// From one age to another.
    Ages(u32, u32),
    /// In Dutch and in English.
    Words([&'static str; 2]),
    /// Somebody who is this.
    One(String),
}

impl Text {
    fn written(&self, wording: impl FnOnce() -> Wording) -> String {
        match self {
            Text::Same => String::new(),
            Text::Plain(text) => text.clone(),
            Text::Year(year) => format!("{year}"),
            Text::Years(first, last) => format!("{first}–{last}"),
            Text::Ages(first, last) => match wording() {
                Wording::Dutch => format!("{first} tot {} jaar", last + 1),
                Wording::English => format!("{first} to {last} years"),
            },
            Text::Words(words) => wording().pick(*words).to_owned(),
            Text::One(word) => format!("{} {word}", wording().pick(["een", "a"])),
        }
    }
}

const COUNTRY: Text = Text::Words(["Nederland", "the Netherlands"]);

/// What a finding says, and wider ways to say it.
fn read(people: &People, clauses: &Clauses<'_>, finding: &Finding) -> Option<(Sort, Ways)> {
    let value = clauses.text.get(finding.span.clone()).unwrap_or_default();
    match finding.kind {
        Kind::DateOfBirth => birth(people, value).map(|ways| (Sort::Age, ways)),
        Kind::City => Some((Sort::Place, town(people, value))),
        Kind::Postcode => postcode(value).map(|ways| (Sort::Place, ways)),
        Kind::Health | Kind::BiometricGenetic => {
            let condition = people.condition(value)?;
            Some((
                Sort::Condition,
                [
                    (condition.share(), Text::Same),
                    (condition.wider_share(), Text::Words(condition.wider)),
                    (1.0, Text::Words(["een ziekte", "an illness"])),
                ]
                .into(),
            ))
        }
        Kind::Quasi => description(people, clauses, finding),
        _ => None,
    }
}

/// A day or year of birth: the year, five years, ten years.
fn birth(people: &People, value: &str) -> Option<Ways> {
    let numbers: Vec<&str> = value
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .collect();
    let year: u32 = numbers
        .iter()
        .filter(|digits| digits.len() == 4)
        .find_map(|digits| digits.parse().ok())
        .filter(|year| (1880..2100).contains(year))?;
    // How old that is moves with the day; that a year has about as many people as its neighbours does not.
    let of_years = |n: u32| {
        let middle = 2026_u32.saturating_sub(year);
        people.aged(
            middle.saturating_sub(n / 2),
            middle.saturating_sub(n / 2) + n - 1,
        )
    };
    let five = year - year % 5;
    let ten = year - year % 10;
    let mut ways = Vec::new();
    if numbers.len() > 1 || value.chars().any(char::is_alphabetic) {
        ways.push((of_years(1) / 365.0, Text::Same));
        ways.push((of_years(1), Text::Year(year)));
    } else {
        ways.push((of_years(1), Text::Same));
    }
    ways.push((of_years(5), Text::Years(five, five + 4)));
    ways.push((of_years(10), Text::Years(ten, ten + 9)));
    Some(ways)
}

fn age(people: &People, years: u32) -> Ways {
    let band = |n: u32| {
        let first = years - years % n;
        let last = first + n - 1;
        (people.aged(first, last), Text::Ages(first, last))
    };
    [(people.aged(years, years), Text::Same), band(5), band(10)].into()
}

fn town(people: &People, value: &str) -> Ways {
    let mut ways: Ways = [(people.in_place(value), Text::Same)].into();
    if let Some((province, share)) = people.around(value) {
        ways.push((share, Text::Words([province; 2])));
    }
    ways.push((1.0, COUNTRY));
    ways
}

/// `3511 AB`: four digits, two digits, nothing.
fn postcode(value: &str) -> Option<Ways> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() != 4 {
        return None;
    }
    let two: String = digits.chars().take(2).collect();
    let mut ways: Ways = Vec::new();
    if value.chars().any(char::is_alphabetic) {
        ways.push((people::with_postcode(6), Text::Same));
        ways.push((people::with_postcode(4), Text::Plain(digits)));
    } else {
        ways.push((people::with_postcode(4), Text::Same));
    }
    ways.push((people::with_postcode(2), Text::Plain(two)));
    ways.push((1.0, COUNTRY));
    Some(ways)
}

/// An age, a role, or "the only one who …".
fn description(people: &People, clauses: &Clauses<'_>, finding: &Finding) -> Option<(Sort, Ways)> {
    let written = |word: Word| clauses.written(word).to_lowercase();
    let said: Vec<Word> = clauses.within(finding.span.clone()).collect();
    let role = said
        .iter()
        .find_map(|word| people.role(word.hash).map(|role| (written(*word), role)));
    let wider = |role: &people::Word| (role.wider_share(), Text::Words(role.wider));
    let is_only = said.iter().any(|word| {
        matches!(
            written(*word).as_str(),
            "enige" | "oudste" | "jongste" | "only" | "oldest" | "youngest" | "eerste" | "first"
        )
    });
    if is_only {
        let mut ways: Ways = [(1.0 / people::people(1.0), Text::Same)].into();
        if let Some((word, role)) = role {
            ways.push((role.share(), Text::One(word)));
            ways.push(wider(&role));
        }
        ways.push((1.0, Text::Words(["iemand", "somebody"])));
        return Some((Sort::Only, ways));
    }
    if let Some((word, role)) = role {
        let mut ways: Ways = Vec::new();
        if said.len() > 1 {
            let narrow = AT_ONE_EMPLOYER / people::people(1.0);
            let mut names = said.iter().map(|word| clauses.written(*word));
            let place = names.find(|name| people.knows_town(name));
            let share = place.map_or(narrow, |place| role.share() * people.in_place(place));
            ways.push((share, Text::Same));
            ways.push((role.share(), Text::Plain(word)));
        } else {
            ways.push((role.share(), Text::Same));
        }
        ways.push(wider(&role));
        return Some((Sort::Role, ways));
    }
    let years = said
        .iter()
        .find_map(|word| clauses.written(*word).parse::<u32>().ok())
        .filter(|years| *years < 111)?;
    Some((Sort::Age, age(people, years)))
}

/// What the sentence around a finding says besides: a sex, a role that is no finding.
fn around(
    people: &People,
    clauses: &Clauses<'_>,
    (finding, findings): (&Finding, &[Finding]),
) -> Vec<Part> {
    let mut parts = Vec::new();
    // "Bakker" in a name is no baker.
    let is_in_finding = |word: &Word| {
        let next = findings.partition_point(|other| other.span.end <= word.start);
        findings
            .get(next)
            .is_some_and(|other| other.span.contains(&word.start))
    };
    let before = clauses.before(finding.span.start);
    let mut said = before.chain(clauses.after(finding.span.end));
    let tells_sex = |word: Word| people.tells_sex(word.hash) && !is_in_finding(&word);
    if said.clone().any(tells_sex) {
        parts.push(Part {
            finding: None,
            sort: Sort::Sex,
            ways: [(0.5, Text::Same)].into(),
            way: 0,
        });
    }
    if finding.kind != Kind::Quasi
        && let Some(role) = said.find_map(|word| {
            let role = people.role(word.hash)?;
            (!is_in_finding(&word)).then_some(role)
        })
    {
        parts.push(Part {
            finding: None,
            sort: Sort::Role,
            ways: [
                (role.share(), Text::Same),
                (role.wider_share(), Text::Words(role.wider)),
            ]
            .into(),
            way: 0,
        });
    }
    parts
}

/// Of whom each place of each text speaks.
struct Subjects {
    /// Per text: where a person is named, and which one.
    named: Vec<Vec<(usize, usize)>>,
    /// The only person of all texts, if there is one.
    only: Option<usize>,
}

impl Subjects {
    /// The person named last before a place; the speaker, or whoever the text is about, is zero.
    fn at(&self, text: usize, place: usize) -> usize {
        if let Some(only) = self.only {
            return only;
        }
        let named = self.named.get(text).map_or(&[][..], Vec::as_slice);
        let before = named.partition_point(|(start, _)| *start < place);
        let last = before.checked_sub(1).and_then(|at| named.get(at));
        last.or(named.first()).map_or(0, |(_, person)| *person)
    }
}

/// Whether a word of a name says which one; particles do not.
fn is_telling(word: &str) -> bool {
    const PARTICLES: &[&str] = &["van", "der", "den", "ter", "ten", "het", "von", "del"];
    word.len() > 2
        && !PARTICLES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(word))
}

/// Who is named where. Names that share a word are one person: "Jan de Vries", later "De Vries".
fn subjects(texts: &[(Clauses<'_>, &mut [Finding])]) -> Subjects {
    let mut by_word: BTreeMap<u64, usize> = BTreeMap::new();
    let mut persons = BTreeSet::new();
    let mut named = Vec::with_capacity(texts.len());
    for (clauses, findings) in texts {
        let mut own = Vec::new();
        for finding in findings.iter().filter(|one| one.kind == Kind::Person) {
            let telling = clauses
                .within(finding.span.clone())
                .filter(|word| is_telling(clauses.written(*word)));
            let known = telling
                .clone()
                .find_map(|word| by_word.get(&word.hash).copied());
            let person = known.unwrap_or(persons.len() + 1);
            persons.insert(person);
            for word in telling {
                by_word.entry(word.hash).or_insert(person);
            }
            own.push((finding.span.start, person));
        }
        named.push(own);
    }
    let only = match persons.len() {
        0 => Some(0),
        1 => persons.first().copied(),
        _ => None,
    };
    Subjects { named, only }
}

#[cfg(test)]
#[path = "group_tests.rs"]
mod tests;
