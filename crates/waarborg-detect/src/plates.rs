//! Licence plates: the fourteen side codes of the Dutch register, and the shapes of Belgium and France.
//!
//! The shape with its dashes is enough; without dashes many product codes look the same, so a vehicle must be spoken of.

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::validation::holds;

/// "auto", "wagen", "scooter" shortly before.
fn speaks_of_vehicle(reading: &Reading<'_>, place: usize) -> bool {
    const VEHICLES: [&str; 16] = [
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

/// A licence plate with its dashes; without them only where a vehicle is spoken of.
pub(crate) fn find(reading: &Reading<'_>, place: usize) -> Option<Hit> {
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
    let is_issued = PLATES.iter().any(|plate| plate.as_bytes() == shape);
    if goes_on || !holds("plate-shape", is_issued) {
        return None;
    }
    let labelled = reading.cue_before(place, 6, |cue| cue.label == Some(Kind::LicencePlate));
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
