//! Program text: source code, patches, what tools print. Nearly every word in it names a thing, and the tagger, which has learnt to read
//! sentences, takes the names of variables for logins and those of types for people.
//!
//! What has a form, a check digit, a label or a key of its own is found there as anywhere. What only resembles personal data must have more
//! to show: a known name that stands by itself, or a line on which somebody is named.

mod lines;
mod things;

use alloc::vec;
use alloc::vec::Vec;

use self::lines::Look;
pub(crate) use self::things::drop_things_named;
use crate::finding::Why;
use crate::kind::Kind;
use crate::names;
use crate::reading::{Hit, Reading};
use crate::tokens::{Shape, Token};

/// What a token is a part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Sentences, tables, data.
    #[default]
    Prose,
    /// Code itself.
    Code,
    /// A text between quotes in code, or a remark beside it.
    Said,
}

/// Which tokens are program text.
pub(crate) struct Programs {
    /// One per token; none where nothing is program text.
    parts: Vec<Part>,
    /// The first token of each line, in their order; a text may be one long line.
    lines: Vec<usize>,
}

/// From here on the tagger is sure of a name that no list knows.
const SURE: f32 = 0.66;
/// How sure a name is that a remark says.
const VOUCHED: f32 = 0.55;

impl Programs {
    pub(crate) fn new(reading: &Reading<'_>) -> Programs {
        let lines = lines::of(reading);
        if lines.iter().all(|line| line.look != Look::Code) {
            return Programs {
                parts: Vec::new(),
                lines: Vec::new(),
            };
        }
        let mut parts = vec![Part::Prose; reading.tokens.len()];
        for line in &lines {
            let Some(of_line) = parts.get_mut(line.first..line.last) else {
                continue;
            };
            match line.look {
                Look::Code => mark(reading, line.first, of_line),
                Look::Aside => of_line.fill(Part::Said),
                Look::Prose | Look::Either | Look::Blank => {}
            }
        }
        let lines = lines.iter().map(|line| line.first).collect();
        Programs { parts, lines }
    }

    /// A first name before what no list knows is only a hint in a sentence, which says itself whether it is a name. A remark does not.
    pub(crate) fn vouch(&self, reading: &Reading<'_>, hits: &mut [Hit]) {
        for hit in hits {
            if hit.score == Hit::HINT && self.names_somebody(reading, hit) {
                hit.score = VOUCHED;
            }
        }
    }

    /// Takes out what only resembles personal data where this is program text.
    pub(crate) fn drop_things(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        if self.parts.is_empty() {
            return;
        }
        let mut somebody: Vec<usize> = (hits.iter())
            .filter(|hit| {
                hit.kind.is_identifier() && hit.score > Hit::HINT && self.is_proven(reading, hit)
            })
            .map(|hit| self.line(reading, hit))
            .collect();
        somebody.sort_unstable();
        hits.retain(|hit| {
            let part = self.part(reading, hit);
            part == Part::Prose
                || self.is_proven(reading, hit)
                || (part == Part::Said && somebody.binary_search(&self.line(reading, hit)).is_ok())
        });
    }

    /// Whether what is said beside code, between quotes or in a remark, names somebody. The sentences around it say nothing for or against that:
    /// code speaks of things.
    pub(crate) fn names_somebody(&self, reading: &Reading<'_>, hit: &Hit) -> bool {
        let is_called = matches!(hit.why, Why::NameCue | Why::Initials);
        let is_listed =
            || matches!(hit.why, Why::NameList | Why::Model) && names::is_whole(reading, hit);
        self.part(reading, hit) == Part::Said
            && hit.kind == Kind::Person
            && (is_called || is_listed())
    }

    /// The line on which a hit begins.
    fn line(&self, reading: &Reading<'_>, hit: &Hit) -> usize {
        let place = reading.first_in(&hit.span);
        self.lines.partition_point(|first| *first <= place)
    }

    fn part(&self, reading: &Reading<'_>, hit: &Hit) -> Part {
        let place = reading.first_in(&hit.span);
        self.parts.get(place).copied().unwrap_or_default()
    }

    /// Whether a hit shows by itself what it is.
    fn is_proven(&self, reading: &Reading<'_>, hit: &Hit) -> bool {
        if hit.score <= Hit::HINT {
            return true;
        }
        match hit.why {
            Why::Model | Why::NameList | Why::NameCue | Why::LetterForm | Why::Initials => {
                let is_said = self.part(reading, hit) == Part::Said;
                match hit.kind {
                    Kind::Person => self.is_name(reading, hit),
                    Kind::Username => is_login(reading, hit),
                    Kind::ApiKey => is_said && is_key(reading, hit),
                    _ => false,
                }
            }
            Why::Description | Why::SpecialWord | Why::StreetAndNumber | Why::Residence => false,
            Why::FoundBefore => self.is_name(reading, hit),
            Why::Column => self.part(reading, hit) != Part::Code,
            Why::AfterLabel if hit.kind == Kind::ApiKey => {
                self.part(reading, hit) != Part::Code || !is_expression(reading, hit)
            }
            Why::Format if hit.kind == Kind::Username => !is_decorator(reading, hit),
            _ => true,
        }
    }

    /// Whether a name stands by itself: in code the tagger must see two words of one, in what is said there one.
    fn is_name(&self, reading: &Reading<'_>, hit: &Hit) -> bool {
        let is_said = self.part(reading, hit) == Part::Said;
        let is_called = matches!(hit.why, Why::NameCue | Why::LetterForm);
        let first = reading.first_in(&hit.span);
        let within = (first..)
            .zip(reading.within(&hit.span))
            .filter(|(_, token)| token.is_word());
        let (mut n_words, mut n_known) = (0, 0);
        for (place, token) in within {
            if !stands_free(reading, place) {
                return false;
            }
            let entry = token.entry;
            let is_listed = entry.common() < 2 && (entry.first_name() > 0 || entry.surname() > 0);
            // A title speaks for any name; so does the tagger, where it is sure and the word is no other.
            let is_vouched = is_called || (is_said && hit.score >= SURE && entry.common() == 0);
            let is_written_so = token.shape == Shape::Capital && token.n_chars > 1;
            n_words += 1;
            n_known += usize::from(is_written_so && (is_listed || is_vouched));
        }
        let needs_two = !is_said && hit.why == Why::Model;
        n_known > 0 && (n_words > 1 || !needs_two)
    }
}

/// A login with a name in it, or with the number that some services put behind one.
fn is_login(reading: &Reading<'_>, hit: &Hit) -> bool {
    let is_name = |token: &Token| {
        let entry = token.entry;
        token.n_chars > 3 && entry.common() < 2 && (entry.first_name() > 1 || entry.surname() > 1)
    };
    (reading.within(&hit.span)).any(|token| is_name(token) || token.is('#'))
}

/// `token = input.parse()`, `self.password = password;`: what stands there is no value but where it comes from.
fn is_expression(reading: &Reading<'_>, hit: &Hit) -> bool {
    let value = reading.slice(hit.span.clone());
    let behind = reading.text.get(hit.span.end..).unwrap_or_default();
    let is_name = !value.bytes().any(|byte| byte.is_ascii_digit());
    value.contains(['(', '[', '<'])
        || value.contains("::")
        || behind.starts_with(['(', '[', '<', '!'])
        || (is_name && behind.starts_with([';', ',', ')']))
}

/// "@property" at the beginning of a line, "{@link": a word of the language.
fn is_decorator(reading: &Reading<'_>, hit: &Hit) -> bool {
    let first = reading.first_in(&hit.span);
    let before = |back: usize| first.checked_sub(back);
    let opens = before(1).is_none_or(|at| reading.is_line_end(at) || reading.is_mark(at, '{'));
    // In a remark of several lines a star stands before it.
    opens
        || (before(1).is_some_and(|at| reading.is_mark(at, '*'))
            && before(2).is_none_or(|at| reading.is_line_end(at)))
}

/// Whether a run has capitals, small letters and digits, as keys have.
fn is_key(reading: &Reading<'_>, hit: &Hit) -> bool {
    const SHORTEST: usize = 12;
    let run = reading.slice(hit.span.clone());
    let has = |is: fn(&u8) -> bool| run.bytes().any(|byte| is(&byte));
    run.len() >= SHORTEST
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

/// Whether a word is no part of an identifier, a path or a call.
fn stands_free(reading: &Reading<'_>, place: usize) -> bool {
    let binds = |token: Option<&Token>, marks: &str| {
        token.is_some_and(|token| matches!(token.shape, Shape::Mark(mark) if marks.contains(mark)))
    };
    let before = reading.is_glued(place) && binds(reading.previous(place), "._:<$@#/\\&*!");
    let behind = reading.is_glued(place + 1) && binds(reading.token(place + 1), "_(:<[{/\\=!");
    let is_path = reading.is_mark(place + 1, '.')
        && reading.is_glued(place + 1)
        && reading.is_glued(place + 2)
        && reading.is_word(place + 2)
        && reading.token(place).is_some_and(|token| token.n_chars > 2);
    !before && !behind && !is_path
}

/// Which tokens of a line of code are code, and which stand between quotes or behind the sign of a remark.
fn mark(reading: &Reading<'_>, first: usize, parts: &mut [Part]) {
    let mut quote: Option<char> = None;
    let (mut is_remark, mut is_address) = (false, false);
    for (offset, part) in parts.iter_mut().enumerate() {
        let place = first + offset;
        let sign = match reading.token(place).map(|token| token.shape) {
            Some(Shape::Mark(mark)) => Some(mark),
            _ => None,
        };
        is_address &= reading.is_glued(place);
        let is_open = quote.is_some() || is_remark || is_address;
        *part = if is_open { Part::Said } else { Part::Code };
        match (sign, quote) {
            (Some(mark), Some(open)) if mark == open => quote = None,
            (Some(mark @ ('"' | '\'' | '`')), None) if !is_remark => {
                // A life time or an apostrophe opens nothing.
                let opens = mark == '"'
                    || !reading.is_glued(place)
                    || !reading.is_word(place.saturating_sub(1));
                quote = opens.then_some(mark);
            }
            (Some(':'), None)
                if reading.is_mark(place + 1, '/')
                    && reading.is_mark(place + 2, '/')
                    && reading.is_glued(place + 1) =>
            {
                is_address = true;
            }
            (Some('#'), None) if !reading.is_glued(place) && !reading.is_mark(place + 1, '[') => {
                is_remark = true;
            }
            (Some(mark @ ('/' | '-')), None) => {
                let is_pair = reading.is_mark(place + 1, mark) && reading.is_glued(place + 1);
                is_remark |= is_pair && !reading.is_glued(place);
            }
            _ => {}
        }
    }
}
