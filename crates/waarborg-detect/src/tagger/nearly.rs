//! A second look of the tagger where a text speaks of somebody for certain: what it nearly marked there, and looks like a name, a
//! number, an address or a login, is one.
//!
//! Whoever misses one value in such a text leaks, and a word too many that is hidden does little harm; where nobody is spoken of, the
//! scales stay as they are.

use alloc::vec::Vec;

use super::states::{KINDS, N_STATES, Says, says};
use super::{States, best_states, lead_of_outside, runs, spans};
use crate::dates;
use crate::finding::Why;
use crate::kind::Kind;
use crate::passage::Passages;
use crate::places;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;
use crate::weights::{ROW_LEN, Sums, UNIT};

/// How far the scales are tipped towards a person at a word of the lists of names and at one without capitals,
const NAMED: i16 = UNIT * 5 / 8;
/// at a word with a capital that is in no list,
const UNKNOWN: i16 = UNIT * 5 / 4;
/// and towards the others at what looks like them.
const NUMBER: i16 = UNIT * 7 / 4;
const PLACE: i16 = UNIT * 7 / 4;
const LOGIN: i16 = UNIT * 3 / 2;
/// The largest of them.
const MOST: i16 = NUMBER;
/// Other dates and towns are many.
const FAINT: i16 = UNIT * 3 / 4;

/// A passage may be no more general than this, in hundredths of a log odds.
const MOST_GENERAL: i32 = -30;
/// From here on somebody is spoken of for certain.
const CERTAIN: f32 = 0.5;
/// How sure the second look is: less than everything else.
pub(crate) const SCORE: f32 = 0.45;

impl States {
    /// Adds what the tagger nearly marked. Says whether it looked at all.
    pub(crate) fn look_again(
        &self,
        reading: &Reading<'_>,
        passages: &Passages,
        hits: &mut Vec<Hit>,
    ) -> bool {
        let is_certain = |hit: &Hit| {
            hit.score >= CERTAIN && hit.kind.is_identifier() && !is_shapeless(reading, hit)
        };
        if !hits.iter().any(is_certain) {
            hits.retain(|hit| !is_shapeless(reading, hit));
            return false;
        }
        // Only runs of tokens in doubt in which something was nearly marked.
        let mut more = Vec::new();
        let mut has_looked = false;
        let (mut sums, mut states) = (Vec::new(), Vec::new());
        for run in runs(&self.doubtful) {
            let first = run.start;
            sums.clear();
            sums.extend_from_slice(self.sums.get(run.clone()).unwrap_or_default());
            let mut has_near = false;
            for (place, sums) in run.zip(&mut sums) {
                if self.is_near(place, sums, passages) {
                    has_near = true;
                    Tips::of(reading, place).add_to(sums);
                }
            }
            if has_near {
                has_looked = true;
                states.clear();
                states.resize(sums.len(), 0);
                best_states(&sums, &mut states);
                spans::collect(reading, first, &states, &sums, &mut more);
            }
        }
        if !has_looked {
            return false;
        }
        more.retain(|hit| may_be(reading, hit));
        for hit in &mut more {
            hit.score = SCORE;
        }
        hits.extend(more);
        true
    }

    /// Whether a token was left out by no more than the scales can be tipped, where somebody may be spoken of.
    fn is_near(&self, place: usize, sums: &Sums, passages: &Passages) -> bool {
        self.path.get(place) == Some(&0)
            && lead_of_outside(sums) < MOST
            && passages.general(place) <= MOST_GENERAL
    }
}

/// An address without a street and a number, of which the tagger is not sure: beside somebody's data it may cover what was missed,
/// and alone it is nobody's.
fn is_shapeless(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    hit.kind == Kind::Address
        && hit.why == Why::Model
        && hit.score < SURE_ADDRESS
        && !spans::is_address(reading, first, hit.span.end)
}

/// An address needs a street and a number, or a sentence that leaves no doubt.
const SURE_ADDRESS: f32 = 0.66;

/// Whether it can be what the second look says: it looks for little else than that.
fn may_be(reading: &Reading<'_>, hit: &Hit) -> bool {
    let value = reading.slice(hit.span.clone());
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let first = reading.first_in(&hit.span);
    match hit.kind {
        Kind::Person => {
            n_digits == 0
                && !is_label(reading, first, hit)
                && !tokens(reading, first, hit).any(|(_, token)| is_two_words(reading, token))
        }
        Kind::Address => spans::is_address(reading, first, hit.span.end),
        Kind::Username => is_login(reading, first, hit, value),
        Kind::CustomerNumber
        | Kind::EmployeeNumber
        | Kind::PatientNumber
        | Kind::IdNumber
        | Kind::DeviceId => n_digits >= 3 && !is_count(reading, first, value),
        Kind::Postcode => n_digits >= 4 && value.contains(char::is_alphabetic),
        Kind::DateOfBirth => n_digits >= 4 && !value.contains('\n'),
        Kind::City => tokens(reading, first, hit).any(|(_, token)| token.entry.is_town()),
        Kind::ApiKey => is_secret(value) && !is_type(value),
        Kind::UrlPersonal => is_page(value),
        // Its form said so.
        Kind::Ip => true,
        _ => false,
    }
}

/// `V1NodeStatus`: a name of a type, which ends in a letter; what people choose to open something with ends in digits or signs.
fn is_type(value: &str) -> bool {
    let n_words = value
        .as_bytes()
        .windows(3)
        .filter(|three| three.iter().skip(1).all(u8::is_ascii_lowercase))
        .filter(|three| three.first().is_some_and(u8::is_ascii_uppercase))
        .count();
    let is_one = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one && n_words > 1 && value.ends_with(|letter: char| letter.is_ascii_lowercase())
}

/// An address near the root of a site, as people have pages; deeper ones and those of files are of programs.
fn is_page(value: &str) -> bool {
    const DEEPEST: usize = 2;
    let Some((_, rest)) = value
        .split_once("://")
        .filter(|(scheme, _)| scheme.starts_with("http"))
    else {
        return false;
    };
    let (_, path) = rest.split_once('/').unwrap_or((rest, ""));
    path.matches('/').count() < DEEPEST
        && !path.contains('.')
        && path.bytes().filter(u8::is_ascii_digit).count() < 4
}

fn tokens<'r>(
    reading: &'r Reading<'_>,
    first: usize,
    hit: &Hit,
) -> impl Iterator<Item = (usize, &'r Token)> + use<'r> {
    let end = hit.span.end;
    let tokens = reading.tokens.iter().enumerate().skip(first);
    tokens.take_while(move |(_, token)| token.start < end)
}

/// `reorganisatieEmployee`: the end of one text against the beginning of the next, longer than `vanDijk`.
fn is_two_words(reading: &Reading<'_>, token: &Token) -> bool {
    const LONGEST: usize = 12;
    let begins_small = (reading.bytes(token).first()).is_some_and(u8::is_ascii_lowercase);
    token.shape == Shape::Mixed && begins_small && token.n_chars > LONGEST
}

/// "Regiebehandelaar: …": words that no list of names has, before a colon.
fn is_label(reading: &Reading<'_>, first: usize, hit: &Hit) -> bool {
    let behind = reading
        .tokens
        .partition_point(|token| token.start < hit.span.end);
    reading.is_mark(behind, ':')
        && tokens(reading, first, hit)
            .all(|(_, token)| token.entry.first_name() < 2 && token.entry.surname() < 2)
}

/// One word with a digit in it or a part that is somebody's name, and no call in a program.
fn is_login(reading: &Reading<'_>, first: usize, hit: &Hit, value: &str) -> bool {
    let behind = reading
        .tokens
        .partition_point(|token| token.start < hit.span.end);
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let has_name = tokens(reading, first, hit)
        .any(|(_, token)| token.entry.first_name() > 1 || token.entry.surname() > 1);
    let is_call = reading.is_mark(behind, '(') && reading.is_glued(behind);
    value.len() > 3 && !value.contains(char::is_whitespace) && !is_call && (has_digit || has_name)
}

/// One word with digits, marks or capitals inside it.
fn is_secret(value: &str) -> bool {
    let is_made = value.contains(|letter: char| letter.is_ascii_digit() || letter == '!')
        || value.chars().skip(1).any(char::is_uppercase) && value.contains(char::is_lowercase);
    (6..=100).contains(&value.len()) && !value.contains(char::is_whitespace) && is_made
}

/// A day, a moment, an amount or words with a number among them.
fn is_count(reading: &Reading<'_>, first: usize, value: &str) -> bool {
    let is_date = (first..first + 3).any(|place| dates::date(reading, place).is_some());
    let is_amount = first > 0
        && ['€', '$', '£']
            .iter()
            .any(|mark| reading.is_mark(first - 1, *mark));
    let has_words = value
        .split(|letter: char| !letter.is_alphabetic())
        .any(|word| word.len() > 3 && word.chars().any(char::is_lowercase));
    // "20.05", "14:20", "2.500,00".
    let is_part = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let bare = value.trim_end_matches(['u', 'h', ' ']);
    let is_moment = bare
        .split(['.', ':', ',', '-', '–'])
        .all(|part| is_part(part.trim()))
        && bare.len() < 8;
    is_date || is_amount || has_words || is_moment
}

/// How the scales of a token are tipped by what it looks like.
#[derive(Clone, Copy, Default)]
struct Tips {
    person: i16,
    number: i16,
    place: i16,
    login: i16,
    faint: i16,
}

/// What is no part of a name by its role.
const NO_NAME: u32 = role::MONTH
    | role::WEEKDAY
    | role::ORGANISATION
    | role::TITLE
    | role::RELATION
    | role::GREETING
    | role::CLOSING
    | role::NUMBER
    | role::PERSON
    | role::RESIDENCE;

impl Tips {
    fn of(reading: &Reading<'_>, place: usize) -> Tips {
        let Some(token) = reading.token(place) else {
            return Tips::default();
        };
        let (entry, cue) = (token.entry, reading.cue(place));
        let has_digit =
            token.is_number() || reading.continues(place) || reading.is_continued(place);
        let is_unknown = token.is_word() && entry.common() == 0;
        let is_listed = (entry.first_name() >= 2 || entry.surname() >= 2) && entry.common() < 2;
        let may_be_name =
            token.is_word() && token.n_chars > 1 && !cue.is(NO_NAME) && cue.label.is_none();
        // A street counts where a number is near.
        let has_number = || (place + 1..place + 4).any(|at| reading.is_number(at));
        let is_place = token.is_number()
            || (token.is_word()
                && has_number()
                && (entry.is_street() || places::is_street(reading.word(place))));
        let tip = |is_like: bool, tip: i16| if is_like { tip } else { 0 };
        let person = match token.shape {
            Shape::Capital | Shape::Mixed if is_listed => NAMED,
            Shape::Capital | Shape::Mixed if is_unknown => UNKNOWN,
            Shape::Lower if is_listed || is_unknown => NAMED,
            _ => 0,
        };
        Tips {
            person: tip(may_be_name, person),
            number: tip(has_digit, NUMBER),
            place: tip(is_place, PLACE),
            login: tip(has_digit || is_unknown, LOGIN),
            faint: tip(has_digit || entry.is_town() || cue.is(role::MONTH), FAINT),
        }
    }

    fn add_to(self, sums: &mut Sums) {
        for (sum, looks) in sums.iter_mut().zip(LOOKS) {
            *sum += match looks {
                Looks::Person => self.person,
                Looks::Number => self.number,
                Looks::Place => self.place,
                Looks::Login => self.login,
                Looks::DateOrTown => self.faint,
                Looks::Other => 0,
            };
        }
    }
}

/// What a state's kind looks like.
#[derive(Clone, Copy)]
enum Looks {
    Person,
    Number,
    Place,
    Login,
    DateOrTown,
    Other,
}

static LOOKS: [Looks; ROW_LEN] = looks();

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn looks() -> [Looks; ROW_LEN] {
    let mut all = [Looks::Other; ROW_LEN];
    let mut state = 1;
    while state < N_STATES {
        if let Says::Begins(kind) | Says::GoesOn(kind) | Says::Is(kind) = says(state) {
            all[state] = match KINDS[kind] {
                Kind::Person => Looks::Person,
                Kind::Address | Kind::Postcode => Looks::Place,
                Kind::Username => Looks::Login,
                Kind::DateOfBirth | Kind::City => Looks::DateOrTown,
                Kind::CustomerNumber
                | Kind::EmployeeNumber
                | Kind::PatientNumber
                | Kind::IdNumber
                | Kind::DeviceId => Looks::Number,
                _ => Looks::Other,
            };
        }
        state += 1;
    }
    all
}
