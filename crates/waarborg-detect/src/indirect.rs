//! Indirect identifiers: ages beside a person, and descriptions that few people fit.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::vocabulary::role;

/// Finds ages of people who were found, and "the only one who …".
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let mut ends: Vec<usize> = hits
        .iter()
        .filter(|hit| hit.kind == Kind::Person)
        .map(|hit| hit.span.end)
        .collect();
    ends.sort_unstable();
    for place in reading.landmarks.iter().copied() {
        let cue = reading.cue(place);
        if reading.is_number(place) || cue.is(role::DIGIT | role::SINGULAR) {
            let found = age(reading, place, &ends).or_else(|| only_one(reading, place));
            hits.extend(found);
        }
    }
}

/// "(45)", "(45 jaar)", "is 15", "74 jaar", "91 jr", behind a person or a word for one.
fn age(reading: &Reading<'_>, place: usize, ends: &[usize]) -> Option<Hit> {
    let token = reading.token(place)?;
    let years = reading.number(place).or_else(|| {
        Some(u32::from(reading.cue(place).value)).filter(|_| reading.cue(place).is(role::DIGIT))
    })?;
    if !(1..=108).contains(&years) || reading.is_continued(place) {
        return None;
    }
    let unit = reading.word(place + 1);
    let has_unit = matches!(
        unit,
        "jaar" | "jr" | "j" | "jarige" | "years" | "maanden" | "weken"
    ) && (reading.is_glued(place + 1)
        || token.is_word()
        || reading.token(place + 1)?.start <= token.end + 1);
    let last = if has_unit { place + 1 } else { place };
    let end = reading.token(last)?.end;
    let before = ends
        .partition_point(|end| *end <= token.start)
        .checked_sub(1)
        .and_then(|at| ends.get(at));
    let between = before.map_or("-", |end| reading.slice(*end..token.start));
    let behind_name = between.len() <= 3
        && between
            .chars()
            .all(|character| matches!(character, ' ' | '(' | ','))
        && !between.is_empty();
    let closes = reading.is_mark(last + 1, ')')
        || (has_unit && reading.is_mark(last + 1, ','))
        || reading.is_mark(last + 1, ',') && between.contains('(');
    if behind_name && closes && (between.contains('(') || has_unit) {
        return Some(Hit::new(
            token.start..end,
            Kind::Quasi,
            0.6,
            Why::Description,
        ));
    }
    let verb = place
        .checked_sub(1)
        .is_some_and(|at| reading.is_one_of(at, &["is", "ben", "was", "wordt", "am", "word"]));
    let goes_on = reading.is_glued(last + 1)
        && !matches!(
            reading.token(last + 1)?.shape,
            Shape::Mark('.' | ',' | ')' | '?' | '!' | ';')
        )
        || matches!(
            reading.word(last + 1),
            "keer"
                | "euro"
                | "procent"
                | "uur"
                | "dagen"
                | "stuks"
                | "meter"
                | "km"
                | "kg"
                | "kilo"
                | "van"
                | "mensen"
                | "personen"
                | "maanden"
                | "weken"
                | "minuten"
                | "graden"
                | "x"
                | "of"
        );
    if !verb || goes_on || (token.is_word() && !has_unit) {
        return None;
    }
    let subject = (2..=4)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| {
            let person = reading.is_one_of(at, SUBJECTS) || reading.cue(at).is(role::RELATION);
            person
                || reading
                    .token(at)
                    .is_some_and(|token| ends.binary_search(&token.end).is_ok())
        });
    let inverted = has_unit && reading.cue(last + 1).is(role::PERSON);
    (subject || inverted).then(|| Hit::new(token.start..end, Kind::Quasi, 0.6, Why::Description))
}

/// Words for somebody whose age a sentence may say.
const SUBJECTS: &[&str] = &[
    "ik", "hij", "zij", "ze", "i", "he", "she", "meneer", "mevrouw",
];

/// Words that single somebody out.
pub(crate) const SINGULAR: &[&str] = &[
    "enige",
    "oudste",
    "jongste",
    "only",
    "oldest",
    "youngest",
    "langstzittende",
];

/// Endings of words for what people do or are.
const PERSON_ENDS: &[&str] = &[
    "er", "ster", "aar", "eur", "ist", "iste", "loog", "loge", "arts", "vrouw", "man", "meisje",
    "jongen", "ling", "ent", "ente", "imam", "lid", "oud", "chef", "kok", "euse", "rice",
];

/// "de enige vrouwelijke imam van Friesland", "the oldest professor of the faculty".
fn only_one(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if !reading.is_one_of(place, SINGULAR) {
        return None;
    }
    let noun = (place + 1..place + 4).find(|at| {
        let noun = reading.word(*at).to_lowercase();
        noun.len() > 4
            && !matches!(
                noun.as_str(),
                "manier"
                    | "moment"
                    | "document"
                    | "nummer"
                    | "vraag"
                    | "klanten"
                    | "keer"
                    | "argument"
                    | "papier"
                    | "other"
                    | "answer"
                    | "number"
                    | "ander"
                    | "onder"
                    | "over"
                    | "kamer"
                    | "later"
                    | "zoon"
                    | "dochter"
            )
            && PERSON_ENDS.iter().any(|end| noun.ends_with(end))
            && reading.is_word(*at)
    })?;
    let mut last = noun;
    for at in noun + 1..noun + 12 {
        let Some(token) = reading.token(at) else {
            break;
        };
        let stops = matches!(
            token.shape,
            Shape::LineEnd | Shape::Mark('.' | ',' | ';' | '?' | '!' | ')' | '"' | ':')
        ) || matches!(
            reading.word(at),
            "en" | "is" | "heeft" | "was" | "die" | "dat" | "and" | "who" | "has" | "wil" | "zegt"
        );
        if stops {
            break;
        }
        last = at;
    }
    let first = place
        - usize::from(
            place > 0 && reading.is_one_of(place - 1, &["de", "the", "onze", "een", "our"]),
        );
    (last >= noun + 2).then(|| {
        reading
            .token(first)
            .zip(reading.token(last))
            .map(|(first, last)| {
                Hit::new(first.start..last.end, Kind::Quasi, 0.6, Why::Description)
            })
    })?
}
