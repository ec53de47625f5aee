//! Which of several findings count where they overlap, as Presidio decides it.

use std::cmp::Reverse;

/// A finding that a client hands in, in code points.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place<'a> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) score: f64,
    pub(super) entity: &'a str,
}

/// Those that count, in the order of the text: of one name, what overlaps is one; what lies within another does not
/// count, and of two on the same place the surer one does; and what only blanks keep apart is one again.
pub(super) fn settled(
    places: Vec<Place<'_>>,
    is_blank: impl Fn(usize, usize) -> bool,
) -> Vec<Place<'_>> {
    beside(outermost(united(places)), is_blank)
}

fn united(mut places: Vec<Place<'_>>) -> Vec<Place<'_>> {
    places.sort_by(|one, other| {
        (one.entity, one.start, one.end).cmp(&(other.entity, other.start, other.end))
    });
    let mut united: Vec<Place<'_>> = Vec::with_capacity(places.len());
    for place in places {
        match united.last_mut() {
            Some(last) if last.entity == place.entity && place.start < last.end => {
                last.end = last.end.max(place.end);
                last.score = last.score.max(place.score);
            }
            _ => united.push(place),
        }
    }
    united
}

fn outermost(mut places: Vec<Place<'_>>) -> Vec<Place<'_>> {
    places.sort_by(|one, other| {
        let by_place = (one.start, Reverse(one.end)).cmp(&(other.start, Reverse(other.end)));
        by_place.then(other.score.total_cmp(&one.score))
    });
    let mut furthest = None;
    places.retain(|place| {
        let is_outside = furthest.is_none_or(|furthest| place.end > furthest);
        if is_outside {
            furthest = Some(place.end);
        }
        is_outside
    });
    places
}

fn beside(places: Vec<Place<'_>>, is_blank: impl Fn(usize, usize) -> bool) -> Vec<Place<'_>> {
    let mut merged: Vec<Place<'_>> = Vec::with_capacity(places.len());
    for place in places {
        match merged.last_mut() {
            Some(last) if last.entity == place.entity && is_blank(last.end, place.start) => {
                last.end = place.end;
                last.score = last.score.max(place.score);
            }
            _ => merged.push(place),
        }
    }
    merged
}
