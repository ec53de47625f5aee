//! What stands for which value, and finding it in a text that a model wrote.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::ops::Bound;

use zeroize::Zeroize as _;

use super::forms::in_case_of;
use super::person::PARTICLES;
use crate::kind::Kind;
use crate::surrogate::sign::{LONGEST, Reader, Stop, UNSEEN};

/// How what stands for a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// Sign by sign, without regard to case and to how blanks and dashes are written.
    Words,
    /// By letters and digits alone.
    Number,
}

impl Manner {
    pub(super) const fn of(kind: Kind) -> Manner {
        match kind {
            Kind::Phone
            | Kind::Bsn
            | Kind::Iban
            | Kind::CreditCard
            | Kind::Postcode
            | Kind::LicencePlate => Manner::Number,
            _ => Manner::Words,
        }
    }
}

/// What an alias is of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Whole,
    /// A first name by itself.
    FirstName,
    /// A surname or a street by itself.
    Part,
}

/// Values that one way of writing stands for: several spellings of one.
struct Alias {
    kind: Kind,
    role: Role,
    /// As it was issued, and the value.
    spellings: Vec<(String, String)>,
}

/// Everything that stands for something in a conversation.
#[derive(Default)]
pub(super) struct Aliases {
    words: BTreeMap<String, Alias>,
    numbers: BTreeMap<String, Alias>,
}

/// A place where a value comes back.
pub(crate) struct Found {
    pub(crate) kind: Kind,
    pub(crate) value: String,
    /// Bytes in the text.
    pub(crate) len: usize,
}

/// Longer ones would not fit what a stream may hold back.
const LONGEST_KEY: usize = 48;

impl Aliases {
    fn of(&self, manner: Manner) -> &BTreeMap<String, Alias> {
        match manner {
            Manner::Words => &self.words,
            Manner::Number => &self.numbers,
        }
    }

    /// Whether this may be issued: it is short enough, and stands for nothing else.
    pub(super) fn is_free(&self, kind: Kind, surrogate: &str) -> bool {
        let manner = Manner::of(kind);
        let key = key(manner, surrogate);
        (3..=LONGEST_KEY).contains(&key.len()) && !self.of(manner).contains_key(&key)
    }

    /// Whether this stands for nothing but spellings of one value.
    pub(super) fn is_of(
        &self,
        kind: Kind,
        surrogate: &str,
        is_same: impl Fn(&str) -> bool,
    ) -> bool {
        let manner = Manner::of(kind);
        let alias = self.of(manner).get(&key(manner, surrogate));
        alias.is_some_and(|alias| {
            alias.kind == kind && alias.spellings.iter().all(|(_, value)| is_same(value))
        })
    }

    /// From now on `surrogate` stands for `value`, unless it stands for something of another kind already.
    pub(super) fn add(&mut self, kind: Kind, role: Role, surrogate: &str, value: &str) {
        let manner = Manner::of(kind);
        let key = key(manner, surrogate);
        if key.len() > LONGEST_KEY {
            return;
        }
        let aliases = match manner {
            Manner::Words => &mut self.words,
            Manner::Number => &mut self.numbers,
        };
        let alias = aliases.entry(key).or_insert(Alias {
            kind,
            role,
            spellings: Vec::new(),
        });
        // A sign that both begin with stays where it is.
        let behind = |text: &str| {
            text.trim_start_matches(|sign: char| !sign.is_alphanumeric())
                .len()
        };
        let signs = surrogate.split_at_checked(surrogate.len() - behind(surrogate));
        let (surrogate, value) = match signs {
            Some((signs, rest)) if value.starts_with(signs) => {
                (rest, value.get(signs.len()..).unwrap_or_default())
            }
            _ => (surrogate, value),
        };
        let is_new = alias
            .spellings
            .iter()
            .all(|(issued, _)| issued != surrogate);
        if is_new && alias.kind == kind {
            alias
                .spellings
                .push((surrogate.to_string(), value.to_string()));
            if role == Role::FirstName {
                alias.role = role;
            }
        }
    }

    /// Wipes the values.
    pub(super) fn wipe(&mut self) {
        let all = self.words.values_mut().chain(self.numbers.values_mut());
        for (_, value) in all.flat_map(|alias| &mut alias.spellings) {
            value.zeroize();
        }
    }

    /// Whether anything that was issued stands in a text that somebody typed.
    pub(super) fn stand_in(&self, words: impl Fn(&str) -> bool, squeezed: &str) -> bool {
        let names = self.words.iter().any(|(key, alias)| match alias.role {
            Role::FirstName | Role::Part => words(key),
            Role::Whole => squeezed.contains(&squeeze(key)),
        });
        names
            || self
                .numbers
                .keys()
                .any(|key| squeezed.contains(key.as_str()))
    }

    /// The value that stands at the beginning of `text`, of which more may come.
    pub(super) fn find(&self, text: &str, is_complete: bool) -> Result<Option<Found>, Stop> {
        let reader = Reader::new(text, is_complete);
        let in_words = self.longest(Manner::Words, reader)?;
        let in_numbers = self.longest(Manner::Number, reader)?;
        let found = match (in_words, in_numbers) {
            (Some(one), Some(other)) if other.1 > one.1 => Some(other),
            (one, other) => one.or(other),
        };
        let Some((alias, len)) = found else {
            return Ok(None);
        };
        let mut behind = reader;
        behind.at = len;
        if alias.role == Role::FirstName && self.is_another(behind)? {
            return Ok(None);
        }
        let written = text.get(..len).unwrap_or_default();
        Ok(alias.value(written).map(|value| Found {
            kind: alias.kind,
            value,
            len,
        }))
    }

    /// The longest alias at a place, and where it ends.
    fn longest(
        &self,
        manner: Manner,
        mut reader: Reader<'_>,
    ) -> Result<Option<(&Alias, usize)>, Stop> {
        let aliases = self.of(manner);
        let begin = reader.at;
        let mut read = String::new();
        let mut best = None;
        loop {
            let next = match reader.peek() {
                Ok(Some(sign)) => sign,
                Ok(None) | Err(Stop::Nothing) => break,
                Err(Stop::Undecided) => return Err(Stop::Undecided),
            };
            let sign = match (manner, next.is) {
                (_, UNSEEN) => None,
                (Manner::Words, '\n') => Some(' '),
                (Manner::Words, sign) => Some(sign),
                (Manner::Number, sign) if sign.is_ascii_alphanumeric() => Some(sign),
                (Manner::Number, ' ' | '-' | '.' | '(' | '/' | '[' | ']') if !read.is_empty() => {
                    None
                }
                (Manner::Number, _) => break,
            };
            reader.at += next.len;
            let Some(sign) = sign else {
                continue;
            };
            if sign == ' ' && read.ends_with(' ') {
                continue;
            }
            read.push(sign);
            if !begins_one(aliases, &read) {
                break;
            }
            if let Some(alias) = aliases.get(&read)
                && alias.is_on_one_line(reader.text.get(begin..reader.at).unwrap_or_default())
                && ends_here(reader, alias)?
            {
                best = Some((alias, reader.at));
            }
        }
        Ok(best)
    }

    /// Whether a first name is that of somebody else: another surname stands behind it.
    fn is_another(&self, mut reader: Reader<'_>) -> Result<bool, Stop> {
        const MOST_PARTICLES: usize = 3;
        for _ in 0..=MOST_PARTICLES {
            if reader.take_all(&[' '], 2)? == 0 {
                return Ok(false);
            }
            let Some(first) = reader.peek()? else {
                return Ok(false);
            };
            if first.written.is_uppercase() {
                // What stands for something else is no surname; plates and accounts begin with capitals too.
                let is_ours = self.longest(Manner::Words, reader)?.is_some()
                    || self.longest(Manner::Number, reader)?.is_some();
                return Ok(!is_ours && !is_word_alone(reader)?);
            }
            let mut word = String::new();
            while let Some(sign) = reader
                .peek()?
                .filter(|sign| sign.is.is_alphabetic() || sign.is == '\'')
            {
                word.push(sign.is.to_ascii_lowercase());
                reader.at += sign.len;
            }
            if !PARTICLES.contains(&word.as_str()) {
                return Ok(false);
            }
        }
        Ok(false)
    }
}

/// Whether a capital stands by itself, as `I` or the initial of nothing.
fn is_word_alone(mut reader: Reader<'_>) -> Result<bool, Stop> {
    let mut n = 0;
    while n < 2 && reader.peek()?.is_some_and(|sign| sign.is.is_alphabetic()) {
        let len = reader.peek()?.map_or(1, |sign| sign.len);
        reader.at += len;
        n += 1;
    }
    Ok(n < 2 && reader.peek()?.is_none_or(|sign| sign.is != '.'))
}

/// Whether an alias may end here: no letter or digit follows, or but the `s` of a genitive.
fn ends_here(mut reader: Reader<'_>, alias: &Alias) -> Result<bool, Stop> {
    let Some(mut next) = reader.peek()? else {
        return Ok(true);
    };
    let is_name = matches!(alias.kind, Kind::Person | Kind::City);
    if is_name && next.is == 'S' {
        reader.at += next.len;
        match reader.peek()? {
            None => return Ok(true),
            Some(behind) => next = behind,
        }
    }
    Ok(!next.is.is_alphanumeric())
}

fn begins_one(aliases: &BTreeMap<String, Alias>, read: &str) -> bool {
    let from = (Bound::Included(read), Bound::Unbounded);
    let first = aliases.range::<str, _>(from).next();
    first.is_some_and(|(key, _)| key.starts_with(read))
}

impl Alias {
    /// Whether this is one value, although a line may end within it: then it is written as it was issued. A first name at the end of
    /// one line and a surname that begins the next are two.
    fn is_on_one_line(&self, written: &str) -> bool {
        !written.contains('\n')
            || (self.spellings.iter())
                .any(|(issued, _)| issued.split_whitespace().eq(written.split_whitespace()))
    }

    /// The value in the case that a model wrote its surrogate in.
    fn value(&self, written: &str) -> Option<String> {
        let exact = self.spellings.iter().find(|(issued, _)| issued == written);
        if let Some((_, value)) = exact {
            return Some(value.clone());
        }
        let (issued, value) = self.spellings.first()?;
        if self.kind != Kind::Person || self.role == Role::Whole {
            return Some(value.clone());
        }
        let has_small = |text: &str| text.chars().any(char::is_lowercase);
        let is_shouted = !has_small(written) && has_small(issued);
        Some(if is_shouted {
            in_case_of(written, value)
        } else {
            value.clone()
        })
    }
}

/// What is compared of what stands for a value.
fn key(manner: Manner, surrogate: &str) -> String {
    let mut key = String::new();
    let mut rest = surrogate.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    while !rest.is_empty() {
        let Ok(Some(sign)) = Reader::new(rest, rest.len() <= LONGEST).peek() else {
            break;
        };
        match (manner, sign.is) {
            (_, UNSEEN) => {}
            (Manner::Words, ' ' | '\n') if key.ends_with(' ') => {}
            (Manner::Words, '\n') => key.push(' '),
            (Manner::Words, sign) => key.push(sign),
            (Manner::Number, sign) if sign.is_ascii_alphanumeric() => key.push(sign),
            (Manner::Number, _) => {}
        }
        rest = rest.get(sign.len..).unwrap_or_default();
    }
    key
}

/// The letters and digits of a text, as the keys of numbers have them.
pub(super) fn squeeze(text: &str) -> String {
    key(Manner::Number, text)
}
