//! Sentences, and whom each is about as far as its words say.

use alloc::vec::Vec;

use crate::reading::{Hit, Reading};
use crate::tokens::Shape;
use crate::vocabulary::role;

/// What the words of a sentence say, as bits.
pub(crate) mod about {
    /// "ik", "mijn".
    pub(crate) const FIRST: u16 = 1;
    /// "hij", "haar".
    pub(crate) const THIRD: u16 = 1 << 1;
    /// A title or a relation: "mevrouw", "collega".
    pub(crate) const RELATION: u16 = 1 << 2;
    /// A word that is a first name.
    pub(crate) const NAME: u16 = 1 << 3;
    /// A recogniser is sure of an identifier.
    pub(crate) const IDENTIFIED: u16 = 1 << 4;
    /// It begins as a question or a task does.
    pub(crate) const GENERAL: u16 = 1 << 5;
    /// It speaks of examples, brands or inventions.
    pub(crate) const FICTION: u16 = 1 << 6;
    /// It speaks of an office or of an artist.
    pub(crate) const PUBLIC: u16 = 1 << 7;
}

/// The sentences of a text.
pub(crate) struct Sentences {
    /// Per token the number of its sentence.
    numbers: Vec<u32>,
    flags: Vec<u16>,
    /// What the whole text says.
    all: u16,
}

impl Sentences {
    /// The sentences, and what their words say.
    pub(crate) fn new(reading: &Reading<'_>) -> Sentences {
        let mut numbers = Vec::with_capacity(reading.tokens.len());
        let mut flags: Vec<u16> = Vec::with_capacity(8 + reading.tokens.len() / 16);
        let mut now = 0;
        let mut is_opening = true;
        for (place, (token, cue)) in reading.tokens.iter().zip(&reading.cues).enumerate() {
            if token.is_word() {
                if cue.is(TELLING) {
                    for (role, flag) in ROLES {
                        now |= if cue.is(*role) { *flag } else { 0 };
                    }
                }
                if is_opening && cue.is(role::OPENING) {
                    now |= about::GENERAL;
                }
                let entry = token.entry;
                if entry.first_name() >= 2 && entry.common() < 2 && token.has_capital() {
                    now |= about::NAME;
                }
                is_opening = false;
            }
            if !token.is_word() && ends_sentence(reading, place) {
                numbers.resize(place + 1, u32::try_from(flags.len()).unwrap_or(u32::MAX));
                flags.push(now);
                now = 0;
                is_opening = true;
            }
        }
        let last = u32::try_from(flags.len()).unwrap_or(u32::MAX);
        numbers.resize(reading.tokens.len(), last);
        flags.push(now);
        let all = all_of(&flags);
        Sentences {
            numbers,
            flags,
            all,
        }
    }

    /// Says which of them hold an identifier that a recogniser is sure of, by these hits and no others.
    pub(crate) fn identify(&mut self, reading: &Reading<'_>, hits: &[Hit]) {
        for flags in &mut self.flags {
            *flags &= !about::IDENTIFIED;
        }
        let mut place = 0;
        for hit in hits {
            if hit.score <= Hit::HINT || !hit.kind.is_identifier() {
                continue;
            }
            let rest = reading.tokens.get(place..).unwrap_or_default();
            place += rest.partition_point(|token| token.end <= hit.span.start);
            let number = self
                .number(place)
                .and_then(|number| usize::try_from(number).ok());
            if let Some(flags) = number.and_then(|number| self.flags.get_mut(number)) {
                *flags |= about::IDENTIFIED;
            }
        }
        self.all = all_of(&self.flags);
    }

    /// What the sentence of a token says.
    pub(crate) fn of(&self, place: usize) -> u16 {
        self.number(place)
            .and_then(|number| self.flags.get(usize::try_from(number).ok()?))
            .copied()
            .unwrap_or(0)
    }

    /// What the whole text says.
    pub(crate) fn all(&self) -> u16 {
        self.all
    }

    /// Whether an offset of the text is in the sentence of a token.
    pub(crate) fn is_same(&self, place: usize, reading: &Reading<'_>, offset: usize) -> bool {
        let other = reading.tokens.partition_point(|token| token.end <= offset);
        self.number(place) == self.number(other)
    }

    fn number(&self, place: usize) -> Option<u32> {
        self.numbers.get(place).copied()
    }
}

fn all_of(flags: &[u16]) -> u16 {
    flags.iter().fold(0, |all, flags| all | flags)
}

const ROLES: &[(u32, u16)] = &[
    (role::FIRST, about::FIRST),
    (role::THIRD, about::THIRD),
    (role::TITLE | role::RELATION, about::RELATION),
    (role::FICTION, about::FICTION),
    (role::PUBLIC, about::PUBLIC),
];

const TELLING: u32 =
    role::FIRST | role::THIRD | role::TITLE | role::RELATION | role::FICTION | role::PUBLIC;

/// A line end, or a closing mark that does not belong to an initial, a title or a number.
fn ends_sentence(reading: &Reading<'_>, place: usize) -> bool {
    let Some(token) = reading.token(place) else {
        return false;
    };
    match token.shape {
        Shape::LineEnd | Shape::Mark('?' | '!') => true,
        Shape::Mark('.') => {
            let is_short = place.checked_sub(1).is_some_and(|before| {
                reading.cue(before).is(role::TITLE)
                    || reading.token(before).is_some_and(|word| {
                        word.is_number() || (word.n_chars == 1 && word.has_capital())
                    })
            });
            !reading.is_glued(place + 1) && !is_short
        }
        _ => false,
    }
}
