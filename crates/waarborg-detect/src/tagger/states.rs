//! The states that a token can be in: outside, at the beginning of a kind, inside one.

use crate::kind::Kind;

/// The kinds that the tagger marks: those that have a beginning, then those of which a neighbour belongs to the same finding.
///
/// A row of weights has room for 31 states, so not every kind has a beginning and an inside. Trying it showed where they count:
/// at names, and where a value of several tokens follows a label. All numbers have the same inside; its beginning says which it is.
pub(crate) const KINDS: &[Kind] = &[
    Kind::Person,
    Kind::Address,
    Kind::DateOfBirth,
    Kind::Health,
    Kind::Quasi,
    Kind::LicencePlate,
    Kind::CustomerNumber,
    Kind::EmployeeNumber,
    Kind::PatientNumber,
    Kind::IdNumber,
    Kind::DeviceId,
    Kind::City,
    Kind::Username,
    Kind::Postcode,
    Kind::UrlPersonal,
    Kind::ApiKey,
    Kind::Religion,
    Kind::Ethnicity,
    Kind::Political,
    Kind::Union,
    Kind::SexualOrientation,
    Kind::Criminal,
    Kind::BiometricGenetic,
];
/// Kinds that have a beginning.
pub(super) const N_BEGINNINGS: usize = 11;
/// Insides that follow a beginning; the last is that of all numbers.
pub(super) const N_INSIDES: usize = 7;
pub(super) const FIRST_INSIDE: usize = 1 + N_BEGINNINGS;
const FIRST_FREE: usize = FIRST_INSIDE + N_INSIDES;

/// Kinds without a beginning.
const N_FREE: usize = KINDS.len() - N_BEGINNINGS;

/// Outside, the beginnings, their insides, then the kinds without a beginning.
pub(crate) const N_STATES: usize = FIRST_FREE + N_FREE;

/// Which inside follows a beginning, of those that do.
const fn inside_after(beginning: usize) -> usize {
    if beginning < N_INSIDES {
        beginning
    } else {
        N_INSIDES - 1
    }
}

/// The states of the first token of a kind, by its place in [`KINDS`], and of the others.
pub(crate) const fn states_of(kind: usize) -> (usize, usize) {
    if kind < N_BEGINNINGS {
        (1 + kind, FIRST_INSIDE + inside_after(kind))
    } else {
        let state = FIRST_FREE + kind - N_BEGINNINGS;
        (state, state)
    }
}

/// What a state says of its token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    Outside,
    /// A kind begins, by its place in [`KINDS`].
    Begins(usize),
    /// What began goes on, by the place of its inside.
    GoesOn(usize),
    /// A kind without a beginning.
    Is(usize),
}

pub(super) const fn says(state: usize) -> Says {
    if state == 0 {
        Says::Outside
    } else if state < FIRST_INSIDE {
        Says::Begins(state - 1)
    } else if state < FIRST_FREE {
        Says::GoesOn(state - FIRST_INSIDE)
    } else {
        Says::Is(state - FIRST_FREE + N_BEGINNINGS)
    }
}
