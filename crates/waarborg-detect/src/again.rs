//! What was found once and stands again elsewhere: a name, a login in the next line of a log, a number without its label.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading, Subkind};
use crate::seen::Seen;
use crate::tagger::NEARLY;
use crate::tokens::{Shape, Token};
use crate::vocabulary::role;
use crate::whose_words::is_role_mailbox;
use crate::words;

/// Finds them again.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    names(reading, hits);
    values(reading, hits);
}

/// A word of a name, and how it must be written elsewhere.
type Known = BTreeMap<u64, bool>;

/// Each word of a name that was found, wherever it stands with a capital (or as it was written), genitives included.
fn names(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut known = Known::new();
    for found in hits.iter() {
        match found.kind {
            Kind::Person => words_of_name(reading, found, &mut known),
            Kind::Email => words_of_mailbox(reading, found, &mut known),
            _ => {}
        }
    }
    if known.is_empty() {
        return;
    }
    let mut seen = Seen::new(known.len() / 4);
    for hash in known.keys() {
        seen.add(*hash);
    }
    let mut spans: Vec<(usize, usize)> = (hits.iter())
        .map(|hit| (hit.span.start, hit.span.end))
        .collect();
    spans.sort_unstable();
    let mut covered = spans.iter().peekable();
    let mut end = 0;
    for (place, token) in reading.tokens.iter().enumerate() {
        while let Some((_, span_end)) = covered.next_if(|(start, _)| *start < token.end) {
            end = end.max(*span_end);
        }
        if !token.is_word() || token.start < end {
            continue;
        }
        let Some(any_case) = seen
            .has(token.hash)
            .then(|| known.get(&token.hash))
            .flatten()
            .or_else(|| family(reading, place, &known))
        else {
            continue;
        };
        let stands_free = !reading.is_continued(place) && !reading.continues(place);
        let in_address = reading.is_mark(place + 1, '@')
            || (reading.is_glued(place)
                && reading
                    .previous(place)
                    .is_some_and(|mark| mark.is('@') || mark.is('/')));
        if stands_free
            && !in_address
            && (token.has_capital() || (*any_case && token.entry.common() == 0))
        {
            hits.push(Hit::new(token.span(), Kind::Person, 0.55, Why::FoundBefore));
        }
    }
}

/// "de Verstegens", "the Abdulkadirs": a family by its name.
fn family<'k>(reading: &Reading<'_>, place: usize, known: &'k Known) -> Option<&'k bool> {
    let may_be = place > 0 && reading.token(place)?.has_capital();
    if !may_be || !reading.is_one_of(place - 1, &["de", "the"]) {
        return None;
    }
    let name = reading.word(place).strip_suffix('s')?;
    known.get(&words::hash(name))
}

fn tokens<'r>(
    reading: &'r Reading<'_>,
    found: &Hit,
) -> impl Iterator<Item = (usize, &'r Token)> + use<'r> {
    let first = reading
        .tokens
        .partition_point(|token| token.end <= found.span.start);
    let end = found.span.end;
    let tokens = reading.tokens.iter().enumerate().skip(first);
    tokens.take_while(move |(_, token)| token.start < end)
}

fn words_of_name(reading: &Reading<'_>, found: &Hit, known: &mut Known) {
    for (place, token) in tokens(reading, found) {
        // "Li", "Bo": so short a name counts where it is written as one.
        let is_short = token.n_chars == 2 && token.shape == Shape::Capital;
        let telling = token.is_word()
            && (token.n_chars > 2 || (is_short && token.entry.common() == 0))
            && !reading.cue(place).is(role::PARTICLE);
        if telling && token.entry.common() < 3 {
            let lower = token.shape == Shape::Lower && token.entry.common() < 2;
            let any_case = lower || (token.entry.common() == 0 && !is_short);
            known
                .entry(token.hash)
                .and_modify(|any| *any |= lower)
                .or_insert(any_case);
        }
    }
}

/// `wies.matulessy@voorbeeld.nl`: what the box is called after and is no ordinary word, is somebody where it stands in the text.
fn words_of_mailbox(reading: &Reading<'_>, found: &Hit, known: &mut Known) {
    if is_role_mailbox(reading.slice(found.span.clone())) {
        return;
    }
    let at = tokens(reading, found).find(|(_, token)| token.is('@'));
    let Some((at, _)) = at else { return };
    let host = || tokens(reading, found).filter(move |(place, _)| *place > at);
    for (place, token) in tokens(reading, found).take_while(|(place, _)| *place < at) {
        let is_name = token.entry.first_name() > 0 || token.entry.surname() > 0;
        let telling = token.is_word()
            && token.n_chars > 3
            && token.entry.common() == 0
            && (is_name || token.n_chars > 4)
            && !reading.cue(place).is(role::ORGANISATION | role::NUMBER);
        if telling && !host().any(|(_, other)| other.hash == token.hash) {
            known.entry(token.hash).or_insert(true);
        }
    }
}

/// Shorter values may stand elsewhere by chance.
const SHORTEST: usize = 4;
/// Longer ones need no second look: their form says what they are.
const LONGEST: usize = 40;
/// Digits that a value has at least: fewer are an age, a year or an amount.
const LEAST_DIGITS: usize = 3;

/// Logins and numbers that a label, a column or the sentence explained, wherever they stand again.
fn values(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut known: BTreeMap<&str, (Kind, Subkind)> = BTreeMap::new();
    let mut lengths: BTreeSet<usize> = BTreeSet::new();
    // What the tagger takes for a login is a word of a program too often.
    let is_sure = |hit: &&Hit| {
        let least = if hit.why == Why::Model && hit.kind == Kind::Username {
            SURE_LOGIN
        } else {
            NEARLY
        };
        is_repeated(hit.kind) && hit.score > least
    };
    for found in hits.iter().filter(is_sure) {
        let value = reading.slice(found.span.clone());
        if is_telling(reading, found, value) {
            known.insert(value, (found.kind, found.subkind));
            lengths.insert(value.len());
        }
    }
    if known.is_empty() {
        return;
    }
    let mut seen = Seen::new(known.len() / 4);
    for value in known.keys() {
        seen.add(beginning(value.as_bytes()));
    }
    let mut again = Vec::new();
    for (place, token) in reading.tokens.iter().enumerate() {
        let rest = reading.text.as_bytes().get(token.start..);
        if reading.is_continued(place) || !rest.is_some_and(|rest| seen.has(beginning(rest))) {
            continue;
        }
        for length in lengths.iter().rev() {
            let span = token.start..token.start + length;
            let Some((kind, subkind)) =
                (reading.text.get(span.clone())).and_then(|value| known.get(value))
            else {
                continue;
            };
            let next = reading.text.get(span.end..).unwrap_or_default();
            // "A-100" is another one than "A-1007", and "jan" than "jan@voorbeeld.nl".
            let goes_on =
                next.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '@' | '_'));
            if !goes_on {
                let hit = Hit::new(span, *kind, AGAIN, Why::FoundBefore);
                again.push(Hit {
                    subkind: *subkind,
                    ..hit
                });
                break;
            }
        }
    }
    hits.extend(again);
}

/// From here on the tagger is sure of a login.
const SURE_LOGIN: f32 = 0.55;

/// Less than what stands there by itself.
const AGAIN: f32 = 0.5;

/// The first bytes of a value, as a number.
fn beginning(bytes: &[u8]) -> u64 {
    let four = bytes.first_chunk::<SHORTEST>().copied().unwrap_or_default();
    u64::from(u32::from_le_bytes(four)).wrapping_mul(0xff51_afd7_ed55_8ccd)
}

fn is_repeated(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Username
            | Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::IdNumber
            | Kind::DeviceId
            | Kind::ApiKey
            | Kind::LicencePlate
    )
}

/// Whether nobody writes this by chance.
fn is_telling(reading: &Reading<'_>, found: &Hit, value: &str) -> bool {
    let n_digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_plain_number = n_digits == value.len();
    let is_number = n_digits >= LEAST_DIGITS && !(is_plain_number && value.len() <= SHORTEST);
    let is_login = found.kind == Kind::Username
        && (n_digits > 0
            || value.contains(['.', '_'])
            || tokens(reading, found).all(|(_, token)| token.entry.common() == 0));
    (SHORTEST..=LONGEST).contains(&value.len()) && (is_number || is_login)
}
