//! Postcodes, streets with a house number, and the towns that go with them.

use alloc::vec::Vec;

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::validation::holds;
use crate::vocabulary::role;
use crate::words;

/// Endings that make a word a street.
const STREET_ENDS: &[&str] = &[
    "straat",
    "str",
    "weg",
    "laan",
    "plein",
    "kade",
    "dijk",
    "gracht",
    "steeg",
    "singel",
    "dreef",
    "plantsoen",
    "hof",
    "pad",
    "markt",
    "wal",
    "burg",
    "veld",
    "baan",
    "park",
    "ring",
    "haven",
    "straße",
    "strasse",
    "straat.",
    "steenweg",
    "sestraat",
    "boulevard",
    "hoek",
    "kamp",
    "akker",
    "donk",
    "horst",
    "berg",
    "kwartier",
    "wijk",
    "erf",
    "poort",
    "gaarde",
    "meent",
    "brink",
    "es",
    "strjitte",
    "dyk",
    "leane",
    "wei",
    "buorren",
];

/// Finds postcodes, then addresses, then towns beside them.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    if reading.numbers.is_empty() && !reading.has_role(role::RESIDENCE) {
        return;
    }
    for place in reading.landmarks.iter().copied() {
        if let Some(end) = postcode(reading, place) {
            let span = reading
                .tokens
                .get(place)
                .zip(reading.tokens.get(end))
                .map(|(first, last)| first.start..last.end);
            hits.extend(span.map(|span| Hit::new(span, Kind::Postcode, 0.92, Why::Format)));
            // What stands behind a postcode is a town by its form, whatever the passage speaks of.
            let town = town(reading, end + 1, 0.85);
            hits.extend(town.map(|hit| Hit {
                why: Why::Format,
                ..hit
            }));
        } else if reading.cue(place).is(role::RESIDENCE) {
            hits.extend(residence(reading, place + 1));
        } else if reading.is_number(place)
            && let Some((first, last)) = street(reading, place)
        {
            let span = reading
                .tokens
                .get(first)
                .zip(reading.tokens.get(last))
                .map(|(first, last)| first.start..last.end);
            hits.extend(span.map(|span| Hit::new(span, Kind::Address, 0.8, Why::StreetAndNumber)));
            hits.extend(town(reading, last + 1, 0.8));
        }
    }
}

/// "woont in Urk", "verhuisd van Lisse naar Delft", "Woonplaats: Almere".
fn residence(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let mut at = place;
    for _ in 0..4 {
        let skip = reading.is_mark(at, ':')
            || matches!(
                reading.word(at),
                "in" | "te"
                    | "naar"
                    | "uit"
                    | "van"
                    | "nu"
                    | "tijdelijk"
                    | "sinds"
                    | "kort"
                    | "ook"
                    | "weer"
                    | "nog"
                    | "is"
                    | "at"
            );
        at += usize::from(skip);
    }
    town(reading, at, 0.75)
}

/// The last token of the postcode that begins here.
fn postcode(reading: &Reading<'_>, place: usize) -> Option<usize> {
    let token = reading
        .token(place)
        .filter(|token| token.is_number() && token.n_chars == 4)?;
    let letters = reading.word(place + 1);
    let is_pair = letters.len() == 2
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !reading.continues(place + 1)
        && reading.token(place + 1)?.start <= token.end + 1;
    let number = reading.number(place)?;
    // "kenteken CB 4471 KP".
    let is_plate = reading.cue_before(place, 4, |cue| cue.label == Some(Kind::LicencePlate))
        && reading
            .previous(place)
            .is_some_and(|before| before.shape == Shape::Upper && before.n_chars < 4);
    let joined = is_plate
        || reading.is_continued(place)
        || (reading.is_glued(place)
            && reading.previous(place).is_some_and(|mark| {
                mark.is('-') || mark.is('.') || mark.is('/') || mark.is('#') || mark.is('_')
            }));
    let mut upper = [0_u8; 2];
    upper.copy_from_slice(letters.as_bytes().get(..2).filter(|_| is_pair)?);
    upper.make_ascii_uppercase();
    // The area numbers begin at 1000, and three pairs of letters are never given out.
    let is_issued = holds("postcode-number", number >= 1000)
        && holds("postcode-letters", !matches!(&upper, b"SA" | b"SD" | b"SS"));
    if joined || !is_issued {
        return None;
    }
    let glued = reading.is_glued(place + 1);
    let is_upper = letters.bytes().all(|byte| byte.is_ascii_uppercase());
    let labelled = reading.cue_before(place, 3, |cue| {
        cue.label == Some(Kind::Postcode) || cue.label == Some(Kind::Address)
    });
    let beside = behind_address(reading, place)
        || town(reading, place + 2, 0.5).is_some()
        || is_house_number(reading, place + 2);
    // 2026 EN, 19 00 UUR: years and units are no postcodes unless something says so.
    let is_year = (1900..2100).contains(&number);
    let is_unit = matches!(
        &upper,
        b"KG"
            | b"KM"
            | b"CM"
            | b"MM"
            | b"MB"
            | b"GB"
            | b"KB"
            | b"EN"
            | b"OF"
            | b"IN"
            | b"OP"
            | b"TE"
            | b"UU"
            | b"ML"
            | b"MG"
            | b"HZ"
            | b"DE"
            | b"IS"
            | b"PK"
            | b"JE"
            | b"WH"
            | b"KW"
            | b"TO"
    );
    let certain = is_upper && !is_year && !is_unit;
    let likely = (is_upper || glued) && !is_unit && beside;
    (certain || labelled || likely || (beside && behind_address(reading, place) && !is_unit))
        .then_some(place + 1)
}

fn is_house_number(reading: &Reading<'_>, place: usize) -> bool {
    let place = place + usize::from(reading.is_mark(place, ','));
    reading.number(place).is_some_and(|number| number < 2000) && !reading.is_mark(place + 1, '-')
}

/// Whether a house number stands before, with or without a comma.
fn behind_address(reading: &Reading<'_>, place: usize) -> bool {
    let before = |back: usize| place.checked_sub(back);
    let skip = usize::from(before(1).is_some_and(|at| {
        reading.is_mark(at, ',') || reading.is_line_end(at) || reading.is_mark(at, ';')
    }));
    (1..=3)
        .filter_map(|back| before(back + skip))
        .any(|at| reading.is_number(at) && street(reading, at).is_some())
}

/// The street before a house number, and the last token of the number: first and last place.
fn street(reading: &Reading<'_>, place: usize) -> Option<(usize, usize)> {
    let number = reading.token(place).filter(|token| token.n_chars <= 5)?;
    if !number.spaced || place == 0 || reading.number(place)? == 0 {
        return None;
    }
    // "in de 68ste", "500cc".
    let glued = reading.word(place + 1);
    let is_ordinal = glued.len() > 1 && glued.bytes().any(|byte| byte.is_ascii_lowercase());
    if reading.continues(place) && is_ordinal && !matches!(glued, "bis" | "hs" | "rd" | "zw") {
        return None;
    }
    let mut name = place - 1;
    // "Kerkstr. 12", "Nieuwe Haven nr. 4".
    if reading.is_mark(name, '.') && reading.is_glued(name) {
        name = name.checked_sub(1)?;
    }
    if matches!(reading.word(name), "nr" | "nummer" | "no" | "huisnummer") {
        name = name.checked_sub(1)?;
    }
    let token = reading.token(name).filter(|token| token.is_word())?;
    let lower = reading.word(name).to_lowercase();
    let listed = token.entry.is_street() && token.entry.common() < 2 && token.has_capital();
    let has_end = token.n_chars >= 5
        && STREET_ENDS.iter().any(|end| {
            lower.len() > end.len() + 2
                && lower.ends_with(end)
                && (end.len() > 3 || token.has_capital())
        });
    let whole = listed_street(reading, name);
    let first = match whole {
        Some(first) => first,
        None if has_end || listed => name_start(reading, name),
        None if is_street_word(&lower) => {
            Some(name_start(reading, name)).filter(|first| *first < name)?
        }
        None => return None,
    };
    // Lengths, years and amounts: "de weg 12 km", "markt 2026".
    let last = house_number_end(reading, place);
    let unit = matches!(
        reading.word(last + 1),
        "km" | "meter"
            | "m"
            | "uur"
            | "euro"
            | "procent"
            | "jaar"
            | "keer"
            | "graden"
            | "minuten"
            | "dagen"
            | "stuks"
            | "personen"
            | "mensen"
            | "leden"
    );
    let year = reading
        .number(place)
        .is_some_and(|number| (1900..2100).contains(&number))
        && !token.has_capital();
    let common = token.entry.common() >= 1
        && !token.has_capital()
        && !reading.cue_before(first, 4, |cue| {
            cue.is(role::RESIDENCE) || cue.label == Some(Kind::Address)
        })
        && whole.is_none();
    let known_end = [
        "straat", "laan", "weg", "plein", "gracht", "kade", "singel", "steeg",
    ]
    .iter()
    .any(|end| lower.ends_with(end));
    (!unit && !year && (!common || (known_end && lower.len() > 7))).then_some((first, last))
}

/// Words that are a street with a name before them: "Oude Weg", "Grote Markt".
fn is_street_word(lower: &str) -> bool {
    matches!(
        lower,
        "straat"
            | "weg"
            | "laan"
            | "plein"
            | "kade"
            | "dijk"
            | "gracht"
            | "singel"
            | "markt"
            | "hof"
            | "park"
            | "dreef"
            | "steeg"
            | "pad"
            | "road"
            | "street"
            | "avenue"
            | "lane"
            | "binnenweg"
    )
}

/// Whether a word is a street by itself or ends as one.
pub(crate) fn is_street(word: &str) -> bool {
    let lower = word.to_lowercase();
    is_street_word(&lower)
        || STREET_ENDS
            .iter()
            .any(|end| end.len() > 2 && lower.len() > end.len() + 2 && lower.ends_with(end))
}

/// A street of several words that is on the list: "Witte de Withstraat", "Achter Clarenburg".
fn listed_street(reading: &Reading<'_>, last: usize) -> Option<usize> {
    (2..=4).rev().find_map(|n| {
        let first = (last + 1).checked_sub(n)?;
        let span = reading.tokens.get(first..=last)?;
        if !span.iter().all(crate::tokens::Token::is_word) {
            return None;
        }
        let (head, tail) = span.split_first()?;
        let hash = tail
            .iter()
            .fold(head.hash, |hash, token| words::combine(hash, token.hash));
        reading.lexicon.look_up(hash).is_street().then_some(first)
    })
}

/// Where the name of a street begins: capitals, particles and titles before its last word.
fn name_start(reading: &Reading<'_>, last: usize) -> usize {
    let mut first = last;
    let mut at = last;
    if !reading
        .token(last)
        .is_some_and(crate::tokens::Token::has_capital)
    {
        return last;
    }
    while let Some(before) = at.checked_sub(1) {
        let Some(token) = reading.token(before) else {
            break;
        };
        let adjacent = reading.token(at).is_some_and(|token| {
            token.start <= reading.token(before).map_or(0, |before| before.end) + 1
        });
        let cue = reading.cue(before);
        if !adjacent || last - before > 5 {
            break;
        }
        if token.has_capital()
            && token.entry.common() < 3
            && !cue.is(role::RESIDENCE)
            && !reading.is_line_end(before)
        {
            first = before;
        } else if !(cue.is(role::PARTICLE)
            && token.shape == Shape::Lower
            && !matches!(
                reading.word(before),
                "in" | "op" | "aan" | "bij" | "uit" | "voor" | "te" | "over" | "af"
            )
            || token.is('.')
            || token.is('\''))
        {
            break;
        }
        at = before;
    }
    // "1e Jan Steenstraat".
    let is_ordinal = first > 1
        && matches!(reading.word(first - 1), "e" | "de" | "ste")
        && reading.is_glued(first - 1)
        && reading.is_number(first - 2);
    if is_ordinal { first - 2 } else { first }
}

/// House number with its additions: "12", "12a", "12-3", "12 hs", "12 bis", "118 b", "40 III", "bus 3".
fn house_number_end(reading: &Reading<'_>, place: usize) -> usize {
    let mut last = place;
    if reading.continues(last) && reading.is_word(last + 1) && reading.word(last + 1).len() <= 3 {
        last += 1;
    }
    let joined = reading.is_glued(last + 1)
        && (reading.is_mark(last + 1, '-') || reading.is_mark(last + 1, '/'))
        && reading.is_glued(last + 2);
    if joined
        && (reading.is_number(last + 2)
            || reading.word(last + 2).len() <= 4 && reading.is_word(last + 2)
            || reading.word(last + 2) == "rood")
    {
        last += 2;
    }
    let addition = reading.word(last + 1);
    let is_addition = matches!(
        addition,
        "hs" | "bis"
            | "huis"
            | "rd"
            | "rood"
            | "zwart"
            | "boven"
            | "beneden"
            | "ter"
            | "I"
            | "II"
            | "III"
            | "IV"
            | "hoog"
            | "bv"
            | "zw"
            | "sous"
    ) || (addition.len() == 1
        && addition.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !reading.is_continued(last + 1)
        && !reading.continues(last + 1)
        && !matches!(addition, "à" | "u" | "U" | "n" | "m")
        && (!reading.is_mark(last + 2, '.')
            || addition.bytes().all(|byte| byte.is_ascii_uppercase())
                && !reading.is_glued(last + 3)));
    if is_addition && !reading.is_line_end(last + 1) {
        last += 1;
    }
    let unit = reading.word(last + 1);
    let has_unit = matches!(
        unit,
        "bus" | "kamer" | "unit" | "flat" | "app" | "appartement" | "apt"
    ) && reading.is_number(last + 2);
    if has_unit { last + 2 } else { last }
}

/// The town that begins here, after a comma or "te" or "in".
pub(crate) fn town(reading: &Reading<'_>, place: usize, score: f32) -> Option<Hit> {
    let mut at = place;
    for _ in 0..3 {
        let skip = reading.is_mark(at, ',')
            || reading.is_mark(at, ';')
            || reading.is_mark(at, ')')
            || reading.is_mark(at, '-')
            || matches!(reading.word(at), "te" | "in")
            || (reading.is_line_end(at) && at > place && reading.is_mark(at - 1, ','));
        at += usize::from(skip);
    }
    (1..=4).rev().find_map(|n| {
        let tokens = named(reading, at, n)?;
        let (first, last) = (reading.token(at)?, reading.token(tokens)?);
        let starts = first.has_capital() || n > 1 || first.entry.common() < 2;
        let end = whole_town(reading, tokens).unwrap_or(last.end);
        starts.then(|| Hit::new(first.start..end, Kind::City, score, Why::Residence))
    })
}

/// The end of a town with its district, its river or its province: "Amsterdam Zuidoost", "Antwerpen-Berchem", "Alphen a/d Rijn",
/// "Bergen (NH)".
fn whole_town(reading: &Reading<'_>, last: usize) -> Option<usize> {
    let next = reading.token(last + 1)?;
    let behind = |place: usize| reading.token(place).map(|token| token.end);
    let is_capital = |place: usize| {
        reading
            .token(place)
            .is_some_and(crate::tokens::Token::has_capital)
    };
    if next.is('-') && !next.spaced {
        let fits = reading.is_glued(last + 2) && is_capital(last + 2);
        return behind(last + 2).filter(|_| fits);
    }
    if next.is('(') {
        let fits = reading.is_one_of(last + 2, PROVINCES) && is_capital(last + 2);
        return behind(last + 3).filter(|_| fits && reading.is_mark(last + 3, ')'));
    }
    if next.has_capital() {
        let fits =
            next.start <= reading.token(last)?.end + 1 && reading.is_one_of(last + 1, DISTRICTS);
        return fits.then_some(next.end);
    }
    // "a/d", "a.d.", "aan den" is in the names of towns itself.
    let is_joint = reading.is_mark(last + 2, '/') || reading.is_mark(last + 2, '.');
    let is_river = reading.word(last + 1) == "a" && is_joint && reading.word(last + 3) == "d";
    let river = last + 4 + usize::from(reading.is_mark(last + 4, '.'));
    behind(river).filter(|_| is_river && is_capital(river))
}

/// Parts of towns that are named after a direction, or that a young town has.
const DISTRICTS: &[&str] = &[
    "zuidoost",
    "zuidwest",
    "noordoost",
    "noordwest",
    "noord",
    "zuid",
    "oost",
    "west",
    "centrum",
    "buiten",
    "haven",
    "poort",
];

/// Short names of provinces.
const PROVINCES: &[&str] = &[
    "nh", "zh", "gld", "gn", "gr", "fr", "frl", "dr", "ov", "o", "fl", "ut", "utr", "u", "zl", "z",
    "nb", "lb", "l", "limb",
];

/// The last token of a town of `n` words, dashes and apostrophes between them allowed.
fn named(reading: &Reading<'_>, place: usize, n: usize) -> Option<usize> {
    let mut at = place;
    let mut hash = None;
    let mut last = place;
    for _ in 0..n {
        while (reading.is_mark(at, '-') || reading.is_mark(at, '\'')) && at < place + 6 {
            at += 1;
        }
        let token = reading.token(at).filter(|token| token.is_word())?;
        hash = Some(hash.map_or(token.hash, |hash| words::combine(hash, token.hash)));
        last = at;
        at += 1;
    }
    reading.lexicon.look_up(hash?).is_town().then_some(last)
}
