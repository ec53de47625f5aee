//! Values behind a label: "klantnummer 20117-B", `"bsn": "…"`, "wachtwoord is …", "geb. 1971".

use alloc::vec::Vec;
use core::ops::Range;

use crate::dates;
use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::validation::holds;
use crate::vocabulary::role;
use crate::{postcodes_abroad, registers, said_postcode, validate};

/// Finds every labelled value.
pub(crate) fn find(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    access_codes(reading, hits);
    for place in reading.landmarks.iter().copied() {
        let Some((kind, behind)) = label(reading, place) else {
            continue;
        };
        let Some(bridge) = bridge(reading, behind) else {
            continue;
        };
        let says_login = kind == Kind::Username
            && bridge.place > behind
            && reading.is_one_of(bridge.place - 1, &["is", "was"]);
        if reading.cue(place).is(role::WEAK) && !bridge.is_strong && !says_login {
            continue;
        }
        if let Some(span) = value(reading, kind, &bridge) {
            if is_products(reading, place, &span) || is_act(reading, kind, place, &span) {
                continue;
            }
            let doubtful =
                (behind == place + 1 && !bridge.is_strong && reading.is_one_of(place, DOUBTFUL))
                    || (reading.is_one_of(place, GOODS)
                        && !is_somebodys(reading, place)
                        && !is_connection(reading, &span));
            let score = if doubtful { Hit::HINT } else { score(kind) };
            // Digits alone need the label; with letters a postcode has a form of its own.
            let has_form = kind == Kind::Postcode && n_letters(reading, &span) > 0;
            let why = if has_form {
                Why::Format
            } else {
                Why::AfterLabel
            };
            hits.push(Hit {
                subkind: registers::which(reading, place, &span),
                ..Hit::new(span.clone(), kind, score, why)
            });
            more_values(reading, kind, span.end, bridge.place, hits);
        }
    }
}

/// "WW-55103", "PW 259-114": the number of a case under an act, and no password.
fn is_act(reading: &Reading<'_>, kind: Kind, place: usize, span: &Range<usize>) -> bool {
    kind == Kind::ApiKey
        && matches!(reading.word(place), "WW" | "PW")
        && !reading
            .slice(span.clone())
            .contains(|letter: char| letter.is_ascii_alphabetic())
}

/// Words that announce a number less often than they stand before one by chance.
const DOUBTFUL: &[&str] = &[
    "bestelling",
    "ticket",
    "incident",
    "order",
    "melding",
    "case",
    "account",
    "zending",
    "track",
    "meter",
    "goed",
    "school",
];

/// Words that announce the number of goods: somebody's only where the text speaks of somebody.
const GOODS: &[&str] = &[
    "ordernummer",
    "ordernr",
    "order",
    "bestelnummer",
    "bestelnr",
    "bestelling",
    "ean",
    "tracking",
    "zending",
    "rma",
];

/// The number of a product: those of meters have eighteen digits.
fn is_products(reading: &Reading<'_>, place: usize, span: &Range<usize>) -> bool {
    reading.is_one_of(place, &["ean"]) && matches!(span.len(), 8 | 13)
}

/// The eighteen digits of a connection to the grid, which is a household's.
fn is_connection(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    span.len() == 18 && reading.slice(span.clone()).starts_with("871")
}

/// Tokens before and behind a label that may say whose the number is.
const NEAR: usize = 24;

/// Whether a number stands behind a word for goods, and nothing near says whose they are: "Ordernummer 123456782 is niet geleverd".
pub(crate) fn is_of_nobodys_goods(reading: &Reading<'_>, number: usize) -> bool {
    let label = (number.saturating_sub(GOODS_REACH)..number)
        .rev()
        .take_while(|at| !reading.is_line_end(*at))
        .find(|at| reading.is_one_of(*at, GOODS));
    label.is_some_and(|label| !is_somebodys(reading, label))
}

/// So many tokens before a number its label stands at most.
const GOODS_REACH: usize = 3;

fn is_somebodys(reading: &Reading<'_>, place: usize) -> bool {
    (place.saturating_sub(NEAR)..place + NEAR).any(|near| {
        let cue = reading.cue(near);
        cue.is(role::PERSON | role::TITLE | role::RELATION | role::GREETING)
            || reading.is_mark(near, '@')
            || reading
                .token(near)
                .is_some_and(|token| token.has_capital() && token.entry.first_name() >= 2)
    })
}

fn score(kind: Kind) -> f32 {
    match kind {
        Kind::ApiKey | Kind::Bsn => 0.92,
        _ => 0.9,
    }
}

/// The kind that a label announces, and the place behind it.
fn label(reading: &Reading<'_>, place: usize) -> Option<(Kind, usize)> {
    let cue = reading.cue(place);
    if let Some(stem) = cue.stem {
        // "polis nr.", "klant-id", "zaak_nummer", "dossier 2025/118".
        let gap = usize::from(
            reading.is_mark(place + 1, '-')
                || reading.is_mark(place + 1, '_')
                || reading.is_mark(place + 1, '.'),
        );
        if reading.cue(place + 1 + gap).is(role::NUMBER) && !reading.is_line_end(place + 1) {
            return Some((stem, place + 2 + gap));
        }
        if cue.label.is_none() && stands_alone(reading, place, stem) {
            return Some((stem, place + 1));
        }
    }
    cue.label
        .map(|kind| (kind, place + 1 + rest_of_label(reading, place + 1)))
}

/// How many tokens behind a label belong to it: "bsn nr", "IMEI-nummer", "MAC-adres".
fn rest_of_label(reading: &Reading<'_>, place: usize) -> usize {
    let is_number = |at: usize| reading.is_word(at) && reading.cue(at).is(role::NUMBER);
    if is_number(place) {
        return 1;
    }
    let is_joined =
        reading.is_mark(place, '-') && reading.is_glued(place) && reading.is_glued(place + 1);
    let goes_on =
        is_number(place + 1) || reading.is_one_of(place + 1, &["adres", "address", "code"]);
    if is_joined && goes_on { 2 } else { 0 }
}

/// "dossier HW/2026/7714", "polis p 7710": the value itself must look like a reference.
fn stands_alone(reading: &Reading<'_>, place: usize, stem: Kind) -> bool {
    let at =
        place + 1 + usize::from(reading.is_mark(place + 1, ':') || reading.is_mark(place + 1, '#'));
    let Some(token) = reading.token(at) else {
        return false;
    };
    let is_long_number =
        token.is_number() && token.n_chars >= 4 && !(token.n_chars == 4 && is_year(reading, at));
    let is_code = token.has_capital()
        && token.n_chars <= 5
        && (reading.is_number(at + 1) || (reading.is_glued(at + 1) && reading.is_number(at + 2)));
    let is_grouped = token.is_number()
        && reading.is_glued(at + 1)
        && (reading.is_mark(at + 1, '/') || reading.is_mark(at + 1, '-'))
        && reading.is_glued(at + 2)
        && dates::date(reading, at).is_none();
    !matches!(stem, Kind::Phone) && (is_long_number || is_code || is_grouped)
}

fn is_year(reading: &Reading<'_>, place: usize) -> bool {
    reading
        .number(place)
        .is_some_and(|number| (1900..2100).contains(&number))
}

/// What stands between a label and its value.
struct Bridge {
    /// The place behind the label, and that of the value.
    behind: usize,
    place: usize,
    /// A colon or an equals sign: whatever follows is the value.
    is_strong: bool,
}

fn bridge(reading: &Reading<'_>, behind: usize) -> Option<Bridge> {
    let mut place = behind;
    let mut is_strong = false;
    let mut n_words = 0;
    // "Klantnummer (indien bekend): 20117-B".
    if reading.is_mark(behind, '(')
        && let Some(close) = (behind..behind + 6).find(|at| reading.is_mark(*at, ')'))
        && reading.is_mark(close + 1, ':')
    {
        place = close + 1;
    }
    for _ in 0..8 {
        let token = reading.token(place)?;
        match token.shape {
            Shape::Mark(':' | '=' | '>') => is_strong = true,
            Shape::Mark('"' | '\'' | '(' | '[' | '#' | '.' | '*' | '`') => {}
            Shape::Mark('-') if token.spaced => {}
            Shape::LineEnd if is_strong => {}
            _ if token.is_word()
                && n_words < 3
                && reading.cue(place).is(role::FILLER | role::THIRD)
                && token.shape == Shape::Lower =>
            {
                n_words += 1;
            }
            _ => break,
        }
        place += 1;
    }
    Some(Bridge {
        behind,
        place,
        is_strong,
    })
}

fn value(reading: &Reading<'_>, kind: Kind, bridge: &Bridge) -> Option<Range<usize>> {
    match kind {
        Kind::Person | Kind::Address | Kind::City | Kind::Phone => None,
        Kind::Postcode => postcodes_abroad::find(reading, bridge.place)
            .or_else(|| said_postcode::find(reading, bridge.behind, bridge.place)),
        Kind::DateOfBirth => birth(reading, bridge),
        Kind::ApiKey => secret(reading, bridge),
        Kind::Username => username(reading, bridge),
        Kind::Bsn => reference(reading, bridge.place, 8)
            .filter(|span| holds("labelled-bsn", is_like_bsn(reading, span))),
        Kind::Iban => reference(reading, bridge.place, 7),
        Kind::CreditCard => reference(reading, bridge.place, 12)
            .filter(|span| holds("labelled-card", n_letters(reading, span) == 0)),
        Kind::LicencePlate => reference(reading, bridge.place, 1)
            .map(|span| with_last_letters(reading, span))
            .filter(|span| {
                let fits = span.len() <= 11 && n_letters(reading, span) > 0;
                holds("labelled-plate", fits)
            }),
        Kind::DeviceId => reference(reading, bridge.place, 3)
            .filter(|span| holds("labelled-device", span.len() >= 6)),
        Kind::IdNumber => reference(reading, bridge.place, 3)
            .filter(|span| holds("labelled-document", span.len() >= 6)),
        _ => reference(reading, bridge.place, 2)
            .filter(|span| holds("labelled-number", span.len() >= 3)),
    }
}

/// "CB 4471 KP": a plate with its last letters.
fn with_last_letters(reading: &Reading<'_>, span: Range<usize>) -> Range<usize> {
    let place = reading
        .tokens
        .partition_point(|token| token.end <= span.end);
    let next = reading.token(place).filter(|next| {
        next.start == span.end + 1
            && next.n_chars <= 3
            && matches!(next.shape, Shape::Upper)
            && !reading.continues(place)
            && reading.is_number(place - 1)
    });
    next.map_or(span.clone(), |next| span.start..next.end)
}

/// Eight or nine digits, not all of them zero: behind its label a slip of the pen is still somebody's number.
fn is_like_bsn(reading: &Reading<'_>, span: &Range<usize>) -> bool {
    let is_written = |digit| matches!(digit, '1'..='9');
    (8..=9).contains(&n_digits(reading, span))
        && n_letters(reading, span) == 0
        && reading.slice(span.clone()).contains(is_written)
}

/// After "BSN's: 745261383 en 673223577" the second is one too.
fn more_values(reading: &Reading<'_>, kind: Kind, end: usize, from: usize, hits: &mut Vec<Hit>) {
    let repeats = matches!(
        kind,
        Kind::Bsn
            | Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::DeviceId
            | Kind::LicencePlate
            | Kind::IdNumber
    );
    let Some(next) = (from..reading.tokens.len().min(from + 24)).find(|place| {
        reading
            .token(*place)
            .is_some_and(|token| token.start >= end)
    }) else {
        return;
    };
    let joins = reading.is_mark(next, ',')
        || reading.is_mark(next, '/')
        || reading.is_mark(next, '+')
        || matches!(reading.word(next), "en" | "and" | "of" | "und");
    if !repeats || !joins {
        return;
    }
    let Some(span) = reference(reading, next + 1, 2) else {
        return;
    };
    // "personeelsnrs 118 en 126": a short one must be as long as the first.
    let alike = hits.last().is_some_and(|last| {
        let difference = last.span.len().abs_diff(span.len());
        difference == 0 || (difference <= 2 && n_digits(reading, &span) >= 4)
    });
    if alike {
        hits.push(Hit::new(span, kind, 0.8, Why::AfterLabel));
    }
}

fn birth(reading: &Reading<'_>, bridge: &Bridge) -> Option<Range<usize>> {
    let mut place = bridge.place;
    if let Some(date) = dates::date(reading, place) {
        return Some(date.span);
    }
    // "geboren 20 nov": a day without its year.
    let month = place + 1;
    if let Some(last) = reading
        .token(month)
        .filter(|last| last.spaced && reading.cue(month).is(role::MONTH) && last.n_chars > 2)
        && reading
            .number(place)
            .is_some_and(|day| validate::is_day(day, u32::from(reading.cue(month).value)))
    {
        return Some(reading.token(place)?.start..last.end);
    }
    // A year with or without its century, or a day without separators.
    let apostrophe = reading.is_mark(place.saturating_sub(1), '\'');
    let start = reading
        .token(if apostrophe { place - 1 } else { place })?
        .start;
    if reading.cue(place).is(role::WEEKDAY) {
        place += 1;
    }
    let token = reading.token(place).filter(|token| token.is_number())?;
    let is_year = token.n_chars == 4
        && reading
            .number(place)
            .is_some_and(|year| (1890..2030).contains(&year));
    let is_compact = matches!(token.n_chars, 6 | 8);
    let fits = is_year || is_compact || (apostrophe && token.n_chars == 2);
    (holds("labelled-birth", fits) && !reading.continues(place)).then_some(start..token.end)
}

/// Password, key or token: everything up to white space, a quote or a closing mark.
/// How many tokens before a value its label stands at most: "cvc: 884".
const LABEL_REACH: usize = 3;

fn secret(reading: &Reading<'_>, bridge: &Bridge) -> Option<Range<usize>> {
    let start = reading.token(bridge.place)?.start;
    let quoted = bridge.place > 0
        && (reading.is_mark(bridge.place - 1, '"') || reading.is_mark(bridge.place - 1, '\''));
    let rest = reading.text.get(start..)?;
    let stops = |character: char| {
        character.is_whitespace()
            || matches!(character, '"' | '\'' | '<' | '>' | '`')
            || (!quoted && matches!(character, ',' | ';'))
    };
    let len: usize = rest
        .chars()
        .take(220)
        .take_while(|character| !stops(*character))
        .map(char::len_utf8)
        .sum();
    let value = rest.get(..len)?;
    let value = if quoted {
        value
    } else {
        value.trim_end_matches(['.', ')', ']', '}', '?', ':'])
    };
    let n_chars = value.chars().take(200).count();
    let has_digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let has_mark = value.bytes().any(|byte| byte.is_ascii_punctuation());
    let has_mixture =
        value.chars().skip(1).any(char::is_uppercase) && value.chars().any(char::is_lowercase);
    let is_hole = value.starts_with(['<', '$', '{', '}', '*', '[', '%'])
        || value.contains("xxx")
        || value.contains('…')
        || (value.starts_with('/') && !has_digit)
        || matches!(
            value,
            "null" | "None" | "true" | "false" | "string" | "undefined"
        );
    let is_pin = (4..=6).contains(&n_chars)
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && bridge.place > 0
        && is_pin_label(reading, bridge.place);
    let is_of_card = n_chars == 3
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && (bridge.place.saturating_sub(LABEL_REACH)..bridge.place)
            .any(|at| reading.is_one_of(at, &["cvc", "cvv"]));
    let looks_made = is_pin
        || is_of_card
        || if bridge.is_strong || quoted {
            has_digit || has_mark || has_mixture || quoted
        } else {
            has_digit && n_chars >= 5 || has_mark && n_chars >= 7 && !value.ends_with('-')
        };
    let fits = holds(
        "labelled-secret-length",
        is_of_card || (4..=200).contains(&n_chars),
    ) && holds("labelled-secret-is-one", !is_hole)
        && holds("labelled-secret-is-made", looks_made);
    fits.then(|| start..start + value.len())
}

/// "code deur = 4590", "gate code is still 2186X", "pin 3887": what opens something.
fn access_codes(reading: &Reading<'_>, hits: &mut Vec<Hit>) {
    let may_have_code = reading.has_role(role::NUMBER);
    for place in reading.numbers.iter().copied() {
        let Some(number) = reading
            .token(place)
            .filter(|token| (3..=8).contains(&token.n_chars))
        else {
            continue;
        };
        let opens = is_pin(reading, place)
            || is_behind_box(reading, place)
            || (may_have_code && opens_something(reading, place));
        if !opens || reading.is_continued(place) {
            continue;
        }
        // "2186X", "4471#".
        let mut end = number.end;
        if let Some(next) = reading.token(place + 1).filter(|next| {
            !next.spaced && (next.is('#') || next.is('*') || (next.is_word() && next.n_chars < 3))
        }) {
            end = next.end;
        } else if reading.continues(place) {
            continue;
        }
        let span = number.start..end;
        hits.push(Hit::new(span, Kind::ApiKey, 0.8, Why::AfterLabel));
    }
}

/// A code stands so far before its value.
const CODE_REACH: usize = 6;

/// "code" a few words before, in this line, and beside it what it opens.
fn opens_something(reading: &Reading<'_>, place: usize) -> bool {
    let first = (place.saturating_sub(CODE_REACH)..place)
        .rev()
        .take_while(|at| !reading.is_line_end(*at) && !reading.is_mark(*at, '.'))
        .find(|at| reading.cue(*at).is(role::NUMBER) && reading.is_one_of(*at, &["code"]));
    let Some(code) = first else {
        return false;
    };
    (code.saturating_sub(2)..place).any(|at| reading.is_one_of(at, OPENED))
}

/// What a code opens.
const OPENED: &[&str] = &[
    "deur",
    "voordeur",
    "achterdeur",
    "schuifdeur",
    "buitendeur",
    "poort",
    "hek",
    "slagboom",
    "kluis",
    "sleutelkluis",
    "sleutelkastje",
    "alarm",
    "garage",
    "kelder",
    "berging",
    "fietsenstalling",
    "portiek",
    "lift",
    "kastje",
    "slot",
    "door",
    "gate",
    "safe",
    "lock",
    "lockbox",
    "keysafe",
    "keybox",
    "keypad",
    "entry",
    "building",
    "locker",
];

/// "sleutelkluis 4821": right behind a box that only a code opens.
fn is_behind_box(reading: &Reading<'_>, place: usize) -> bool {
    let before = place
        .checked_sub(1)
        .map(|before| before - usize::from(before > 0 && reading.is_mark(before, ':')));
    before.is_some_and(|before| {
        reading.is_one_of(
            before,
            &[
                "sleutelkluis",
                "sleutelkluisje",
                "sleutelkastje",
                "lockbox",
                "keysafe",
                "keybox",
            ],
        )
    })
}

/// "pin 3887": four to six digits right behind the word.
fn is_pin(reading: &Reading<'_>, place: usize) -> bool {
    let is_long = |token: &crate::tokens::Token| (4..=6).contains(&token.n_chars);
    let before = place
        .checked_sub(1)
        .map(|before| before - usize::from(before > 0 && reading.is_mark(before, ':')));
    reading.token(place).is_some_and(is_long)
        && before.is_some_and(|before| {
            reading.token(before).is_some_and(|word| word.n_chars == 3)
                && reading.is_one_of(before, &["pin"])
        })
}

/// "pincode", "pin", "cvc" shortly before.
fn is_pin_label(reading: &Reading<'_>, place: usize) -> bool {
    (1..=4)
        .filter_map(|back| place.checked_sub(back))
        .any(|at| {
            reading.is_one_of(
                at,
                &["pincode", "pin", "cvc", "cvv", "passcode", "toegangscode"],
            )
        })
}

fn username(reading: &Reading<'_>, bridge: &Bridge) -> Option<Range<usize>> {
    let start = reading.token(bridge.place)?.start;
    let rest = reading.text.get(start..)?;
    let in_name = |character: &char| {
        character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '@' | '#' | '\\')
    };
    let len: usize = rest
        .chars()
        .take(48)
        .take_while(in_name)
        .map(char::len_utf8)
        .sum();
    let value = rest.get(..len)?.trim_end_matches(['.', '-']);
    let has_shape = value
        .bytes()
        .any(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'\\' | b'@'));
    // "mijn login is ilkadanst": a word that is none.
    let is_said = bridge.place > bridge.behind
        && reading.is_one_of(bridge.place - 1, &["is", "was"])
        && reading.token(bridge.place)?.entry.common() == 0
        && value.len() > 4;
    // "gebruikersnaam jjansen": a label that means nothing else.
    let is_said = is_said
        || (bridge.place == bridge.behind
            && bridge.place > 0
            && reading.is_one_of(
                bridge.place - 1,
                &["gebruikersnaam", "username", "loginnaam", "inlognaam"],
            )
            && reading.token(bridge.place)?.entry.common() == 0
            && value.len() > 4);
    let is_small = value.bytes().all(|byte| byte.is_ascii_lowercase());
    let fits = (3..=40).contains(&value.len())
        && (has_shape || (is_small && (bridge.is_strong || is_said)));
    let fits = fits && !value.bytes().all(|byte| byte.is_ascii_digit());
    (!value.is_empty() && holds("labelled-login", fits)).then(|| start..start + value.len())
}

/// A reference of letters and digits with at least `n` digits: groups against each other with
/// `-`, `/`, `.` or `_` between them, or number groups with single spaces.
pub(crate) fn reference(reading: &Reading<'_>, place: usize, n: usize) -> Option<Range<usize>> {
    let first = reading.token(place)?;
    if !(first.is_word() || first.is_number()) || reading.is_continued(place) {
        return None;
    }
    let mut end = first.end;
    let mut at = place;
    let mut digits = if first.is_number() { first.n_chars } else { 0 };
    let short_word = |token: &crate::tokens::Token| {
        token.is_word() && token.n_chars <= 4 && (token.has_capital() || token.n_chars == 1)
    };
    let mut last_joins = first.is_number() || short_word(first);
    for _ in 0..24 {
        let Some(next) = reading.token(at + 1) else {
            break;
        };
        let glued = !next.spaced;
        let joins_mark =
            glued && matches!(next.shape, Shape::Mark('-' | '/' | '.' | '_' | ':' | '#'));
        let behind = reading
            .token(at + 2)
            .filter(|behind| !behind.spaced && (behind.is_word() || behind.is_number()));
        if glued && (next.is_word() || next.is_number()) {
            at += 1;
        } else if let Some(behind) = behind.filter(|_| joins_mark) {
            digits += if behind.is_number() {
                behind.n_chars
            } else {
                0
            };
            end = behind.end;
            last_joins = behind.is_number();
            at += 2;
            continue;
        } else if next.spaced
            && last_joins
            && next.start == end + 1
            && next.is_number()
            && next.n_chars <= 6
        {
            at += 1;
        } else {
            break;
        }
        let Some(token) = reading.token(at) else {
            break;
        };
        digits += if token.is_number() { token.n_chars } else { 0 };
        end = token.end;
        last_joins = token.is_number() || short_word(token);
    }
    let is_date = dates::date(reading, place).is_some_and(|date| date.span.end == end);
    (holds("labelled-digits", digits >= n) && !is_date && end - first.start <= 40)
        .then_some(first.start..end)
}

fn n_digits(reading: &Reading<'_>, span: &Range<usize>) -> usize {
    reading
        .slice(span.clone())
        .bytes()
        .filter(u8::is_ascii_digit)
        .count()
}

fn n_letters(reading: &Reading<'_>, span: &Range<usize>) -> usize {
    reading
        .slice(span.clone())
        .bytes()
        .filter(u8::is_ascii_alphabetic)
        .count()
}
