//! Licence plates: the fourteen side codes of the Dutch register, and the shapes of Belgium, France, Germany and the United Kingdom.
//!
//! The shape with its dashes is enough; without dashes many product codes look the same, so a vehicle must be spoken of, and
//! so it must for the German and the British ones, which leave more to chance.
//!
//! Sources: RDW (side codes), Ministerial Decree of 23 July 2001 (Belgium), arrêté of 9 February 2009 (France),
//! Fahrzeug-Zulassungsverordnung annex 2 (Germany), DVLA leaflet INF104 (United Kingdom).

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validation::holds;

/// "auto", "wagen", "scooter" shortly before.
fn speaks_of_vehicle(reading: &Reading<'_>, place: usize) -> bool {
    const VEHICLES: [&str; 19] = [
        "auto",
        "wagen",
        "bestelauto",
        "busje",
        "scooter",
        "motor",
        "voertuig",
        "bestelbus",
        "vrachtwagen",
        "aanhanger",
        "parkeervergunning",
        "leaseauto",
        "taxi",
        "bromfiets",
        "car",
        "vehicle",
        "fahrzeug",
        "pkw",
        "voiture",
    ];
    (1..=6)
        .map_while(|back| place.checked_sub(back))
        .take_while(|before| !reading.is_line_end(*before))
        .any(|before| {
            let word = reading.word(before);
            VEHICLES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(word))
        })
}

/// Groups of letters (`a`) and digits (`9`), as vehicle registers issue them.
const PLATES: &[&str] = &[
    // The Netherlands, side codes 1 to 14.
    "aa-99-99",
    "99-99-aa",
    "99-aa-99",
    "aa-99-aa",
    "aa-aa-99",
    "99-aa-aa",
    "99-aaa-9",
    "9-aaa-99",
    "aa-999-a",
    "a-999-aa",
    "aaa-99-a",
    "a-99-aaa",
    "9-aa-999",
    "999-aa-9", // Belgium, France.
    "9-aaa-999",
    "aa-999-aa",
];

/// The British ones: since 2001, before that with the year first, and before that with the year last.
const BRITISH: &[&str] = &["aa-99-aaa", "a-999-aaa", "a-9-aaa", "aaa-999-a", "aaa-9-a"];

/// A licence plate with its dashes; without them only where a vehicle is spoken of.
pub(crate) fn find(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    of_three_groups(reading, place).or_else(|| german(reading, place))
}

fn of_three_groups(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    if reading.is_continued(place)
        || (reading.is_glued(place)
            && reading
                .previous(place)
                .is_some_and(|mark| mark.is('-') || mark.is('.') || mark.is('/')))
    {
        return None;
    }
    let mut shape = [0_u8; 12];
    let mut n = 0;
    let mut has_vowel = false;
    let mut is_lower = false;
    let mut n_dashes = 0;
    let mut at = place;
    for group in 0..3 {
        let token = reading
            .token(at)
            .filter(|token| token.is_word() || token.is_number())?;
        let text = reading.slice(token.span());
        if text.len() != token.n_chars.max(1) || text.len() > 3 {
            return None;
        }
        let class = if token.is_number() { b'9' } else { b'a' };
        has_vowel |= class == b'a'
            && text.bytes().any(|letter| {
                matches!(
                    letter.to_ascii_lowercase(),
                    b'a' | b'e' | b'i' | b'o' | b'u'
                )
            });
        is_lower |= class == b'a' && text.bytes().any(|letter| letter.is_ascii_lowercase());
        for slot in shape.get_mut(n..n + text.len())? {
            *slot = class;
        }
        n += text.len();
        at += 1;
        if group < 2 {
            *shape.get_mut(n)? = b'-';
            n += 1;
            if reading.is_mark(at, '-') && reading.is_glued(at) && reading.is_glued(at + 1) {
                n_dashes += 1;
                at += 1;
            } else if reading.token(at)?.start > token.end + 1 {
                return None;
            }
        }
    }
    let last = at - 1;
    let goes_on =
        reading.continues(last) || (reading.is_glued(last + 1) && reading.is_mark(last + 1, '-'));
    let shape = shape.get(..n)?;
    let is_among = |plates: &[&str]| plates.iter().any(|plate| plate.as_bytes() == shape);
    let is_british = !is_among(PLATES) && is_among(BRITISH);
    if goes_on || !holds("plate-shape", is_british || is_among(PLATES)) {
        return None;
    }
    let labelled = is_labelled(reading, place);
    if is_british {
        let second = place + 1 + usize::from(reading.is_mark(place + 1, '-'));
        let is_of_half_year = matches!(reading.number(second), Some(2..=29 | 51..=79));
        let is_issued = shape.len() != 9 || !shape.starts_with(b"aa-") || is_of_half_year;
        let is_announced = labelled || (!is_lower && speaks_of_vehicle(reading, place));
        let span = reading.token(place)?.start..reading.token(last)?.end;
        return (is_announced && holds("plate-half-year", is_issued))
            .then(|| Hit::new(span, Kind::LicencePlate, 0.9, Why::Format));
    }
    // Three short words with dashes between them have the shape of a plate too.
    if !holds("plate-letters", !(is_lower && has_vowel)) && !labelled {
        return None;
    }
    if n_dashes < 2 && !labelled && (is_lower || has_vowel || !speaks_of_vehicle(reading, place)) {
        return None;
    }
    let span = reading.token(place)?.start..reading.token(last)?.end;
    Some(Hit::new(
        span,
        Kind::LicencePlate,
        if labelled { 1.0 } else { 0.9 },
        Why::Format,
    ))
}

fn is_labelled(reading: &Reading<'_>, place: usize) -> bool {
    reading.cue_before(place, 6, |cue| cue.label == Some(Kind::LicencePlate))
}

/// `B-AB 1234`, `KÖ-X 12E`: a district of at most three letters, one or two letters, at most four digits.
fn german(reading: &Reading<'_>, place: usize) -> Option<Hit> {
    let district = reading.token(place).filter(|token| token.is_word())?;
    let has_dash = reading.is_mark(place + 1, '-');
    let second = place + 1 + usize::from(has_dash);
    let letters = reading.token(second).filter(|token| token.is_word())?;
    let first_digit = second + 1 + usize::from(reading.is_mark(second + 1, '-'));
    let digits = reading
        .token(first_digit)
        .filter(|token| token.is_number())?;
    let is_upper = [place, second]
        .into_iter()
        .all(|at| reading.word(at).chars().all(char::is_uppercase));
    let is_near = letters.start <= district.end + 1 && digits.start <= letters.end + 1;
    // Electric and old cars have a letter behind the digits.
    let has_sort =
        reading.is_glued(first_digit + 1) && matches!(reading.word(first_digit + 1), "E" | "H");
    let last = first_digit + usize::from(has_sort);
    let goes_on =
        reading.continues(last) || (reading.is_glued(last + 1) && reading.is_mark(last + 1, '-'));
    if !is_near || goes_on || reading.is_continued(place) {
        return None;
    }
    let is_issued = district.n_chars <= 3
        && letters.n_chars <= 2
        && digits.n_chars <= 4
        && !reading.word(first_digit).starts_with('0');
    let is_announced =
        is_labelled(reading, place) || (has_dash && is_upper && speaks_of_vehicle(reading, place));
    (is_announced && holds("plate-of-district", is_issued)).then(|| {
        let span = district.start..reading.token(last).map_or(digits.end, |token| token.end);
        Hit::new(span, Kind::LicencePlate, 0.9, Why::Format)
    })
}
