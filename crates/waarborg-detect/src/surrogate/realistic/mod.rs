//! Surrogates that look like what they stand for: a name for a name, a date for a date.
//!
//! What could be mistaken for somebody's, or sent to somebody, has no such surrogate and keeps the one in brackets.

mod aliases;
mod dates;
mod draw;
mod forms;
mod names;
mod person;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString as _};
use core::sync::atomic::{AtomicUsize, Ordering};

use hmac::Hmac;
use sha2::Sha256;
use zeroize::Zeroize as _;

use super::sign::Stop;
use crate::kind::Kind;
pub(super) use aliases::Found;
use aliases::{Aliases, Role, squeeze};
use draw::Draw;
use forms::in_case_of;
use names::Gender;
use person::Part;

/// Tries before a value keeps its brackets.
const MOST_ATTEMPTS: u32 = 64;

/// Bytes of text that are looked through for what would be issued, for all values together; what comes after keeps its
/// brackets. A tenth of a second or two.
const MOST_SEARCHED: usize = 256 << 20;

/// Dates move by so many weeks at most: less than a year.
const MOST_WEEKS: usize = 51;
const FEWEST_WEEKS: usize = 4;

/// What a conversation has for surrogates that look real.
#[derive(Default)]
pub(super) struct Realistic {
    aliases: Aliases,
    /// By value, in its own spelling, what was issued for it.
    issued: BTreeMap<(Kind, String), String>,
    /// By the part of a name and the word, without regard to case, the word that stands for it.
    parts: BTreeMap<(Part, String), String>,
    /// Words that stand for one, in small letters.
    taken: BTreeSet<String>,
    /// Words that stand in the texts of the conversation, in small letters.
    words: BTreeSet<String>,
    /// Letters and digits of these texts.
    squeezed: String,
    /// Bytes of them that were looked through.
    searched: AtomicUsize,
    /// What was issued, with the kind and the folded value that it stands for.
    owners: BTreeMap<String, (Kind, String)>,
}

impl Realistic {
    /// Nothing that stands in this text will be issued.
    pub(super) fn avoid(&mut self, text: &str) {
        let words = text.split(|letter: char| !letter.is_alphabetic());
        for word in words.filter(|word| word.chars().count() > 2) {
            self.words.insert(word.to_lowercase());
        }
        self.squeezed.push_str(&squeeze(text));
        // Two texts are not read as one.
        self.squeezed.push('\n');
    }

    /// Whether something that was issued stands in this text, so that nobody can tell any more which is meant.
    pub(super) fn stands_in(&self, text: &str) -> bool {
        let words: BTreeSet<String> = text
            .split(|letter: char| !letter.is_alphabetic())
            .map(str::to_uppercase)
            .collect();
        self.aliases
            .stand_in(|word| words.contains(word), &squeeze(text))
    }

    /// What stands for a value: what did before, or something new. `None` if there is nothing that is safe.
    pub(super) fn surrogate(
        &mut self,
        key: &Hmac<Sha256>,
        kind: Kind,
        value: &str,
    ) -> Option<String> {
        let known = self.issued.get(&(kind, value.to_string()));
        if let Some(known) = known {
            return Some(known.clone());
        }
        let surrogate = match kind {
            Kind::Person => self.person(key, value)?,
            Kind::DateOfBirth | Kind::Date => self.date(key, kind, value)?,
            _ => self.in_form(key, kind, value)?,
        };
        self.adopt(kind, &surrogate, value);
        Some(surrogate)
    }

    /// Whether a value in this spelling has a surrogate that looks real.
    pub(super) fn knows(&self, kind: Kind, value: &str) -> bool {
        self.issued.contains_key(&(kind, value.to_string()))
    }

    /// What was issued for a value in this spelling.
    pub(super) fn issued_for(&self, kind: Kind, value: &str) -> Option<&str> {
        let issued = self.issued.get(&(kind, value.to_string()));
        issued.map(String::as_str)
    }

    /// Whether this was issued.
    pub(super) fn has_issued(&self, surrogate: &str) -> bool {
        self.owners.contains_key(surrogate)
    }

    /// Whether this was issued for something else.
    pub(super) fn is_anothers(&self, kind: Kind, surrogate: &str, value: &str) -> bool {
        self.owners
            .get(surrogate)
            .is_some_and(|(of, own)| *of != kind || *own != super::fold(kind, value))
    }

    /// Whether a text of the conversation has these letters and digits, or nobody can say any more.
    fn may_stand_in_text(&self, surrogate: &str) -> bool {
        let n = self.squeezed.len();
        let before = self.searched.fetch_add(n, Ordering::Relaxed);
        before > MOST_SEARCHED || self.squeezed.contains(&squeeze(surrogate))
    }

    /// Whether this is a surrogate as they are made here.
    pub(super) fn fits(kind: Kind, surrogate: &str) -> bool {
        let is_made = matches!(
            kind,
            Kind::Person
                | Kind::Email
                | Kind::Phone
                | Kind::Bsn
                | Kind::Iban
                | Kind::CreditCard
                | Kind::Address
                | Kind::Postcode
                | Kind::City
                | Kind::DateOfBirth
                | Kind::Date
                | Kind::LicencePlate
                | Kind::Ip
        );
        is_made && !surrogate.is_empty() && !surrogate.contains(['[', ']', '\n'])
    }

    /// From now on `surrogate` stands for `value`.
    pub(super) fn adopt(&mut self, kind: Kind, surrogate: &str, value: &str) {
        self.issued
            .insert((kind, value.to_string()), surrogate.to_string());
        let owner = || (kind, super::fold(kind, value));
        self.owners
            .entry(surrogate.to_string())
            .or_insert_with(owner);
        let is_first_name = kind == Kind::Person
            && person::words(value, |word| self.is_surname(word)).is_some_and(
                |words| matches!(words.as_slice(), [only] if only.part == Part::FirstName),
            );
        let role = if is_first_name {
            Role::FirstName
        } else {
            Role::Whole
        };
        self.aliases.add(kind, role, surrogate, value);
        match kind {
            Kind::Person => self.adopt_parts(surrogate, value),
            Kind::Address => {
                if let (Some(street), Some(own)) =
                    (forms::street_of(surrogate), forms::street_of(value))
                {
                    self.aliases.add(kind, Role::Part, street, own);
                }
            }
            Kind::Date | Kind::DateOfBirth => {
                if let (Some((day, _)), Some((own, _))) =
                    (dates::read(surrogate), dates::read(value))
                {
                    for form in dates::Form::others() {
                        self.aliases
                            .add(kind, Role::Part, &form.write(day), &form.write(own));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether this may stand for a value: nothing of it stands in the conversation.
    fn is_free(&self, kind: Kind, surrogate: &str) -> bool {
        let first = surrogate
            .split(|letter: char| !letter.is_alphabetic())
            .find(|word| !word.is_empty());
        let has_name = matches!(kind, Kind::City | Kind::Address);
        let is_in_text = first.is_some_and(|word| self.words.contains(&word.to_lowercase()));
        self.aliases.is_free(kind, surrogate)
            && !(has_name && is_in_text)
            && !self.may_stand_in_text(surrogate)
    }

    fn in_form(&self, key: &Hmac<Sha256>, kind: Kind, value: &str) -> Option<String> {
        // Two spellings of one value have one surrogate in two spellings.
        let folded = super::fold(kind, value);
        (0..MOST_ATTEMPTS)
            .filter_map(|attempt| {
                forms::of(
                    kind,
                    value,
                    &mut Draw::of(key, kind.label(), &folded, attempt),
                )
            })
            .find(|surrogate| {
                let is_same = |known: &str| super::fold(kind, known) == folded;
                self.is_free(kind, surrogate) || self.aliases.is_of(kind, surrogate, is_same)
            })
    }

    /// The same number of weeks later or earlier for all dates of a conversation.
    fn date(&self, key: &Hmac<Sha256>, kind: Kind, value: &str) -> Option<String> {
        let mut draw = Draw::of(key, "dates", "", 0);
        let weeks = FEWEST_WEEKS + draw.below(MOST_WEEKS + 1 - FEWEST_WEEKS);
        let weeks = i64::try_from(weeks).ok()?;
        let days = 7 * if draw.below(2) == 0 { weeks } else { -weeks };
        let (day, form) = dates::read(value)?;
        let moved = day.later(days)?;
        let surrogate = form.write(moved);
        let is_read_back =
            dates::read(&surrogate).is_some_and(|(read, _)| read.later(-days) == Some(day));
        // It comes back in every form, so none of them may be a date that somebody wrote.
        let others = dates::Form::others();
        let mut forms = others.iter().map(|form| form.write(moved));
        let is_same = |known: &str| dates::read(known).is_some_and(|(known, _)| known == day);
        let is_free = (self.aliases.is_free(kind, &surrogate)
            || self.aliases.is_of(kind, &surrogate, is_same))
            && !self.may_stand_in_text(&surrogate)
            && !forms.any(|form| self.may_stand_in_text(&form));
        (is_read_back && is_free).then_some(surrogate)
    }

    fn person(&mut self, key: &Hmac<Sha256>, value: &str) -> Option<String> {
        let words = person::words(value, |word| self.is_surname(word))?;
        let mut surrogate = String::with_capacity(value.len() + 16);
        for word in &words {
            match word.part {
                Part::Between | Part::Particle => surrogate.push_str(word.text),
                part => {
                    let new = self.part(key, part, word.text)?;
                    surrogate.push_str(&in_case_of(word.text, &new));
                }
            }
        }
        let folded = super::fold(Kind::Person, value);
        let is_same = |known: &str| super::fold(Kind::Person, known) == folded;
        let is_spelling = self.aliases.is_of(Kind::Person, &surrogate, is_same);
        let is_lone = words
            .iter()
            .filter(|word| word.part != Part::Between)
            .count()
            == 1;
        let is_free = is_lone || is_spelling || self.aliases.is_free(Kind::Person, &surrogate);
        is_free.then_some(surrogate)
    }

    /// The word that stands for a part of a name.
    fn part(&mut self, key: &Hmac<Sha256>, part: Part, word: &str) -> Option<String> {
        let folded = word.to_lowercase();
        if let Some(known) = self.parts.get(&(part, folded.clone())) {
            return Some(known.clone());
        }
        let gender = names::gender(word);
        let initial = match part {
            Part::FirstName => {
                let first = word.chars().find(|letter| letter.is_alphabetic())?;
                let first = first.to_uppercase().to_string();
                self.part(key, Part::Initial, &first)?.chars().next()
            }
            _ => None,
        };
        let new = (0..MOST_ATTEMPTS).find_map(|attempt| {
            let mut draw = Draw::of(key, label(part), &folded, attempt);
            // Later tries take any initial.
            let initial = initial.filter(|_| attempt < MOST_ATTEMPTS / 4);
            let new = drawn(&mut draw, part, gender, initial)?;
            let lower = new.to_lowercase();
            let is_letter = part == Part::Initial;
            let is_in_text = !is_letter && self.words.contains(&lower);
            let is_taken = if is_letter {
                let mut letters = self
                    .parts
                    .iter()
                    .filter(|((part, _), _)| *part == Part::Initial);
                letters.any(|(_, known)| *known == new)
            } else {
                self.taken.contains(&lower) || !self.aliases.is_free(Kind::Person, &new)
            };
            (!is_in_text && !is_taken).then_some(new)
        })?;
        self.taken.insert(new.to_lowercase());
        self.parts.insert((part, folded), new.clone());
        Some(new)
    }

    /// The parts of a name that is issued: each comes back by itself.
    fn adopt_parts(&mut self, surrogate: &str, value: &str) {
        let Some(own) = person::words(value, |word| self.is_surname(word)) else {
            return;
        };
        // What was issued has the same words in the same places, and may say less of what they are.
        let Some(new) = person::words(surrogate, |_| false).filter(|new| new.len() == own.len())
        else {
            return;
        };
        let mut first_initial = None;
        for (own, new) in own.iter().zip(&new) {
            let role = match own.part {
                Part::FirstName => Role::FirstName,
                Part::Surname => Role::Part,
                Part::Initial => {
                    let letter = own.text.to_lowercase();
                    self.parts
                        .insert((Part::Initial, letter), new.text.to_uppercase());
                    continue;
                }
                Part::Particle | Part::Between => continue,
            };
            let canonical = |word: &str| {
                let has_small = word.chars().any(char::is_lowercase);
                if has_small && word.starts_with(char::is_uppercase) {
                    word.to_string()
                } else {
                    title(word)
                }
            };
            self.parts
                .insert((own.part, own.text.to_lowercase()), canonical(new.text));
            self.taken.insert(new.text.to_lowercase());
            self.aliases.add(
                Kind::Person,
                role,
                &canonical(new.text),
                &canonical(own.text),
            );
            if own.part == Part::FirstName && first_initial.is_none() {
                first_initial = new.text.chars().next().zip(own.text.chars().next());
            }
        }
        // "S. de Lindehof" for "Sverre de Lindehof".
        let behind = |words: &[person::Word<'_>], part: Part| {
            let at = words.iter().position(|word| word.part == part)?;
            Some(
                words
                    .get(at..)?
                    .iter()
                    .map(|word| word.text)
                    .collect::<String>(),
            )
        };
        let from = if own.iter().any(|word| word.part == Part::Particle) {
            Part::Particle
        } else {
            Part::Surname
        };
        let at = own.iter().position(|word| word.part == from);
        let new_rest = at
            .and_then(|at| new.get(at..))
            .map(|words| words.iter().map(|word| word.text).collect::<String>());
        let begins_with_first = own.first().is_some_and(|word| word.part == Part::FirstName);
        let first_initial = first_initial.filter(|(new, own)| {
            let known = self
                .parts
                .get(&(Part::Initial, own.to_lowercase().collect()));
            known.is_some_and(|known| known.starts_with(*new))
        });
        if let (Some((new_first, own_first)), Some(new_rest), Some(own_rest), true) = (
            first_initial,
            new_rest,
            behind(&own, from),
            begins_with_first,
        ) {
            let short = alloc::format!("{new_first}. {new_rest}");
            if self.aliases.is_free(Kind::Person, &short) {
                let own_short = alloc::format!("{own_first}. {own_rest}");
                self.aliases
                    .add(Kind::Person, Role::Whole, &short, &own_short);
            }
        }
    }

    fn is_surname(&self, word: &str) -> bool {
        self.parts
            .contains_key(&(Part::Surname, word.to_lowercase()))
    }

    /// The value at the beginning of a text, of which more may come.
    pub(super) fn find(&self, text: &str, is_complete: bool) -> Result<Option<Found>, Stop> {
        self.aliases.find(text, is_complete)
    }
}

const fn label(part: Part) -> &'static str {
    match part {
        Part::FirstName => "first name",
        Part::Initial => "initial",
        Part::Surname => "surname",
        Part::Particle | Part::Between => "",
    }
}

fn drawn(draw: &mut Draw, part: Part, gender: Gender, initial: Option<char>) -> Option<String> {
    match part {
        Part::FirstName => names::first_name(draw, gender, initial).map(String::from),
        Part::Initial => draw.one_of(names::INITIALS).map(String::from),
        Part::Surname => names::invented(draw),
        Part::Particle | Part::Between => None,
    }
}

fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

impl Drop for Realistic {
    fn drop(&mut self) {
        self.squeezed.zeroize();
        for mut word in core::mem::take(&mut self.words) {
            word.zeroize();
        }
        for (_, (_, mut value)) in core::mem::take(&mut self.owners) {
            value.zeroize();
        }
        for ((_, mut value), _) in core::mem::take(&mut self.issued) {
            value.zeroize();
        }
        for ((_, mut word), _) in core::mem::take(&mut self.parts) {
            word.zeroize();
        }
        self.aliases.wipe();
    }
}

#[cfg(test)]
pub(super) mod tests;
