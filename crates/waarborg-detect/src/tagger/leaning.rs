//! How the scales are tipped: towards what must not be missed, and away from it where a passage speaks of things in general.

use alloc::vec::Vec;

use super::states::{KINDS, N_STATES, Says, says};
use crate::kind::Kind;
use crate::passage::Passages;
use crate::weights::{ROW_LEN, Sums, UNIT};

/// A missed statement costs more than one too many: the scales are tipped by this much per token.
const TIP_RARE: i16 = UNIT * 2 / 5;
const TIP: i16 = UNIT * 3 / 4;
/// Of a place so much more, where there is doubt.
const TIP_PLACE: i16 = UNIT * 3 / 4;
/// Where a passage speaks of things in general, the scales are tipped back: so much at a log odds of one, and no more than that.
const GENERAL: i32 = UNIT as i32 * 25 / 6;
const LEAST: i16 = -UNIT * 5 / 4;
const MOST: i16 = UNIT * 3 / 2;

/// The scales where a passage speaks of things in general by so much.
fn preference(general: i32, scales: &'static [Sums; N_LEANINGS]) -> &'static Sums {
    let leaning = general * GENERAL / 100;
    let (least, most) = (i32::from(LEAST), i32::from(MOST));
    let leaning = leaning.clamp(least, most) - least;
    let place = usize::try_from(leaning).unwrap_or_default();
    scales.get(place).unwrap_or(&[0; ROW_LEN])
}

/// For every leaning from the least to the most.
static PREFERENCES: [Sums; N_LEANINGS] = for_every_leaning(&LEANINGS);
/// What is added where the first look left doubt.
static IN_DOUBT: [Sums; N_LEANINGS] = for_every_leaning(&LEANINGS_IN_DOUBT);

const fn for_every_leaning(leanings: &[Leaning; ROW_LEN]) -> [Sums; N_LEANINGS] {
    let mut all = [[0; ROW_LEN]; N_LEANINGS];
    let mut rest: &mut [Sums] = &mut all;
    let mut leaning = LEAST;
    while let Some((sums, others)) = rest.split_first_mut() {
        *sums = scales(leaning, leanings);
        leaning += 1;
        rest = others;
    }
    all
}
const N_LEANINGS: usize = (MOST - LEAST) as usize + 1;

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn scales(leaning: i16, leanings: &[Leaning; ROW_LEN]) -> Sums {
    let away = if leaning > 0 { leaning } else { 0 };
    // In doubt about somebody a name or a number is found; for statements that would be too much.
    let towards = if leaning < 0 { leaning } else { 0 };
    let mut sums = [0; ROW_LEN];
    let mut state = 0;
    while state < ROW_LEN {
        let leaning = leanings[state];
        // Sums of some fifty bytes; the change is as small.
        sums[state] = leaning.tip - leaning.away * away - ((leaning.towards * towards) >> 2);
        state += 1;
    }
    sums
}

/// Tokens for which the passage around them is measured once.
const STRIDE: usize = 8;

/// The sums of every token before its features are looked at.
pub(super) fn preferences(n: usize, passages: &Passages) -> Vec<Sums> {
    let mut sums = Vec::with_capacity(n);
    for place in (0..n).step_by(STRIDE) {
        let preference = preference(passages.general(place), &PREFERENCES);
        sums.resize((place + STRIDE).min(n), *preference);
    }
    sums
}

/// Tips the scales of the tokens that the first look left in doubt further.
pub(super) fn tip_further(doubtful: &[usize], passages: &Passages, sums: &mut [Sums]) {
    let mut stride = usize::MAX;
    let mut more = &[0; ROW_LEN];
    for place in doubtful {
        if place / STRIDE != stride {
            stride = place / STRIDE;
            more = preference(passages.general(stride * STRIDE), &IN_DOUBT);
        }
        if let Some(sums) = sums.get_mut(*place) {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        }
    }
}

/// How the scales of a state are tipped.
#[derive(Clone, Copy)]
struct Leaning {
    tip: i16,
    away: i16,
    /// In quarters.
    towards: i16,
}

const LEANINGS: [Leaning; ROW_LEN] = leanings(false);
const LEANINGS_IN_DOUBT: [Leaning; ROW_LEN] = leanings(true);

#[expect(
    clippy::indexing_slicing,
    reason = "checked when it is compiled: an iterator cannot be used there"
)]
const fn leanings(in_doubt: bool) -> [Leaning; ROW_LEN] {
    let none = Leaning {
        tip: 0,
        away: 0,
        towards: 0,
    };
    let mut all = [none; ROW_LEN];
    let mut state = 1;
    while state < N_STATES {
        if let Says::Begins(kind) | Says::GoesOn(kind) | Says::Is(kind) = says(state) {
            all[state] = if in_doubt {
                leaning_in_doubt(KINDS[kind])
            } else {
                leaning(KINDS[kind])
            };
        }
        state += 1;
    }
    all
}

const fn leaning(kind: Kind) -> Leaning {
    // Statements other than those about health are rare in the training texts.
    let is_rare =
        (kind.is_special() && !matches!(kind, Kind::Health)) || matches!(kind, Kind::Quasi);
    Leaning {
        tip: if is_rare { TIP_RARE } else { TIP },
        away: 1,
        towards: match kind {
            Kind::Person => 2,
            Kind::ApiKey | Kind::UrlPersonal | Kind::Postcode | Kind::IdNumber => 0,
            kind if kind.is_identifier() => 4,
            _ => 1,
        },
    }
}

/// A part of an address is missed sooner than a name, and a name where somebody is spoken of does more harm missed than found twice.
const fn leaning_in_doubt(kind: Kind) -> Leaning {
    Leaning {
        tip: match kind {
            Kind::Address | Kind::Postcode | Kind::City => TIP_PLACE,
            _ => 0,
        },
        away: 0,
        towards: match kind {
            Kind::Person => 4,
            _ => 0,
        },
    }
}
