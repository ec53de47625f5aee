//! Surrogates: typed stand-ins for personal data, the same in every call of one conversation,
//! and the way back.
//!
//! ```
//! use waarborg_detect::Kind;
//! use waarborg_detect::surrogate::{ConversationKey, Language, Scope, Surrogates};
//!
//! let mut surrogates = Surrogates::new(ConversationKey::new([7; 32]), Language::Dutch);
//! let jan = surrogates.surrogate(Kind::Person, "Jan de Vries");
//! assert!(jan.starts_with("[PERSOON_"));
//! assert_eq!(surrogates.restore_all(&format!("Dag {jan}!"), Scope::Text), "Dag Jan de Vries!");
//! ```

mod hidden;
mod link;
mod mention;
mod realistic;
mod restorer;
mod sign;
mod tools;
mod words;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::kind::{Kind, Kinds};
use crate::withheld::{Manner, Mark, Named, Screener, Withheld};
use mention::{Mention, Outcome};
use realistic::Realistic;
pub use restorer::Restorer;
use tools::Handing;
pub use tools::Tools;
pub use words::Language;

/// The secret of one conversation, from which its surrogates are derived.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ConversationKey([u8; 32]);

impl ConversationKey {
    /// Wraps 32 secret, random bytes.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> ConversationKey {
        ConversationKey(secret)
    }
}

impl fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConversationKey")
    }
}

/// Where a restored value will stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Text that the person reads. Everything is restored, except inside links, images and tags.
    Text,
    /// The same inside a JSON string: values are escaped.
    JsonString,
    /// Arguments of a tool call, a JSON text: values are escaped, and what the tool does not get
    /// stays a surrogate ([`Surrogates::gets`]).
    ToolArguments(Kinds),
    /// A text that a tool gets as it stands: the same stay surrogates, and nothing is escaped.
    ToolText(Kinds),
}

impl Scope {
    /// Whether a value may come back that holds all of these.
    fn allows(self, kinds: Kinds) -> bool {
        match self {
            Scope::Text | Scope::JsonString => true,
            Scope::ToolArguments(gets) | Scope::ToolText(gets) => kinds.and(gets) == kinds,
        }
    }
}

const FIRST_NUMBER: u64 = 10_000;
const N_NUMBERS: u64 = 90_000;
const NUMBERS: Range<u32> = 10_000..100_000;

/// One conversation's two-way map between values and surrogates.
pub struct Surrogates {
    /// Numbers follow from it; the conversation's key is worked in.
    numbers: Hmac<Sha256>,
    language: Language,
    entries: Vec<Entry>,
    by_value: BTreeMap<(Kind, String), usize>,
    by_number: BTreeMap<(Kind, u32), usize>,
    reserved: BTreeSet<(Kind, u32)>,
    /// By the entry of a value that was taken over with more than one surrogate: the one before it.
    before: BTreeMap<usize, usize>,
    /// Of the kinds of which nearly all numbers are taken: up to where none is free.
    walked: BTreeMap<Kind, u32>,
    withholding: Option<Withholding>,
    /// What tools get; without rules every tool gets what is ordinary.
    tools: Option<Handing>,
    /// Surrogates that look like what they stand for, if that is asked for.
    realistic: Option<Realistic>,
}

/// What is kept out of the answers of a conversation.
struct Withholding {
    list: Arc<Withheld>,
    /// What of the list stood in what was asked, and whom that names.
    words: BTreeSet<Mark>,
    asked: Named,
    notice: String,
}

struct Entry {
    kind: Kind,
    /// What else stands in the value and cannot be told apart from it.
    also: Kinds,
    /// Somewhere it was sent directly between `[` and `]`.
    is_in_brackets: bool,
    surrogate: String,
    value: String,
}

impl Surrogates {
    /// An empty map.
    #[must_use]
    pub fn new(key: ConversationKey, language: Language) -> Surrogates {
        let Ok(numbers) = Hmac::new_from_slice(&key.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        // It is wiped: what is worked in is all that is needed of it.
        drop(key);
        Surrogates {
            numbers,
            language,
            entries: Vec::new(),
            by_value: BTreeMap::new(),
            by_number: BTreeMap::new(),
            reserved: BTreeSet::new(),
            before: BTreeMap::new(),
            walked: BTreeMap::new(),
            withholding: None,
            tools: None,
            realistic: None,
        }
    }

    /// From now on a value gets a surrogate that looks like it, where one is safe: a name for a name, a date for a date.
    /// Everything else keeps the one in brackets.
    ///
    /// All texts of the conversation go through [`Surrogates::avoid`] first, so that nothing in them is issued.
    pub fn look_real(&mut self) {
        self.realistic.get_or_insert_default();
    }

    /// Nothing that stands in this text will be issued, where surrogates look real.
    pub fn avoid(&mut self, text: &str) {
        if let Some(realistic) = &mut self.realistic {
            realistic.avoid(text);
        }
    }

    /// Whether this is a surrogate that was issued and looks real.
    #[must_use]
    pub fn has_issued(&self, text: &str) -> bool {
        let in_brackets = || match mention::read(text, true) {
            Outcome::Mention(mention) if mention.len == text.len() => {
                self.entry(&mention).is_some()
            }
            _ => false,
        };
        self.realistic
            .as_ref()
            .is_some_and(|realistic| realistic.has_issued(text) || in_brackets())
    }

    /// Whether something that was issued and looks real stands in a text that somebody typed: nobody could tell any more
    /// which of the two is meant.
    #[must_use]
    pub fn stand_in(&self, text: &str) -> bool {
        self.realistic
            .as_ref()
            .is_some_and(|realistic| realistic.stands_in(text))
    }

    /// From now on the tools that the client declared get what these rules say, and no other tool gets anything.
    pub fn hand_over<'n>(&mut self, tools: Arc<Tools>, declared: impl Iterator<Item = &'n str>) {
        self.tools = Some(Handing {
            tools,
            declared: declared.map(String::from).collect(),
        });
    }

    /// Whether the name of a tool says what comes back in its arguments.
    #[must_use]
    pub fn asks_for_tools(&self) -> bool {
        self.tools.is_some() && !self.entries.is_empty()
    }

    /// What comes back in what a tool gets: by its name as it stands in the answer, in which a surrogate counts as its
    /// value. A tool without a name, and one that the client did not declare, get nothing.
    #[must_use]
    pub fn gets(&self, name: Option<&str>) -> Kinds {
        let Some(Handing { tools, declared }) = &self.tools else {
            return Tools::ordinary();
        };
        let name = name.map(|name| self.restore_all(name, Scope::Text));
        match name.filter(|name| declared.contains(name)) {
            Some(name) => tools.gets(&name),
            None => Kinds::NONE,
        }
    }

    /// Keeps what is on this list out of the answers. `texts` are those of what was asked: they say whom is meant too.
    /// `notice` stands where a passage went.
    pub fn withhold<'t>(
        &mut self,
        list: &Arc<Withheld>,
        texts: impl Iterator<Item = &'t str>,
        notice: &str,
    ) {
        self.withholding = (!list.is_empty()).then(|| {
            let words = list.words_in(texts);
            Withholding {
                list: Arc::clone(list),
                asked: list.named_by(&words),
                words,
                notice: notice.to_string(),
            }
        });
    }

    /// These words of the list stood in what was asked as well, before ([`Surrogates::words_asked`]).
    pub fn withhold_also(&mut self, words: impl Iterator<Item = Mark>) {
        if let Some(withholding) = &mut self.withholding {
            withholding.words.extend(words);
            withholding.asked = withholding.list.named_by(&withholding.words);
        }
    }

    /// Which words of the list stood in what was asked, as it compares them.
    pub fn words_asked(&self) -> impl Iterator<Item = Mark> {
        let withholding = self.withholding.iter();
        withholding.flat_map(|withholding| withholding.words.iter().copied())
    }

    /// Whether an answer may go out as it comes: there is nothing to put back and nothing to keep out.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.entries.is_empty() && self.withholding.is_none()
    }

    /// Whether something is to be kept out of the answers, if they say it.
    #[must_use]
    pub fn withholds(&self) -> bool {
        self.withholding.is_some()
    }

    /// Whether what was asked holds something that looks like a surrogate and is none of this conversation.
    #[must_use]
    pub fn has_reserved(&self) -> bool {
        !self.reserved.is_empty()
    }

    /// What looks like a surrogate in the texts that people typed: of which kind, and its number.
    pub fn reserved(&self) -> impl Iterator<Item = (Kind, u32)> {
        self.reserved.iter().copied()
    }

    /// Keeps such a literal apart as well, which was typed before, and says whether it could: what was issued is a surrogate.
    pub fn keep_apart(&mut self, kind: Kind, number: u32) -> bool {
        let is_issued = self.by_number.contains_key(&(kind, number));
        if !is_issued {
            self.reserved.insert((kind, number));
        }
        !is_issued
    }

    /// Keeps apart what looks like a surrogate in a text that a person typed: such a literal is
    /// never issued, and never resolved.
    ///
    /// Call it for all texts of a request before the first [`Surrogates::surrogate`]; a surrogate
    /// that was issued before stays one.
    pub fn reserve(&mut self, text: &str) {
        self.avoid(text);
        let mut numbers = mention::Numbers::of(text);
        let mut at = 0;
        let mut list: &[Kind] = &[];
        // Most of almost every text is left out: where no number of this length is near, nothing reads as one.
        while let Some(near) = numbers.near(at) {
            if near > at {
                list = &[];
            }
            let Some((before, rest)) = text.split_at_checked(near) else {
                return;
            };
            let Some(next) = rest.chars().next() else {
                return;
            };
            let tied = match list {
                [] => Outcome::Nothing,
                kinds => mention::read_next(rest, true, kinds),
            };
            let outcome = match tied {
                Outcome::Nothing if restorer::may_begin(before.chars().next_back(), next) => {
                    mention::read(rest, true)
                }
                other => other,
            };
            list = &[];
            let taken = if let Outcome::Mention(mention) = outcome {
                for kind in mention.kinds {
                    self.keep_apart(*kind, mention.number);
                }
                list = mention.kinds;
                mention.len
            } else if next.is_ascii_alphanumeric() {
                // Inside a word nothing begins.
                let word = rest.bytes().take_while(u8::is_ascii_alphanumeric);
                word.count()
            } else {
                next.len_utf8()
            };
            at = near + taken;
        }
    }

    /// The surrogate of a value, such as `[PERSOON_41726]`.
    ///
    /// The number follows from the key, the kind and the folded value alone, so it does not
    /// depend on the order in which values appear. Two spellings of one value (`Jan de Vries`,
    /// `jan de vries`) share a surrogate, which restores the first.
    pub fn surrogate(&mut self, kind: Kind, value: &str) -> String {
        if let Some(realistic) = &mut self.realistic {
            let is_known = realistic.knows(kind, value);
            if let Some(surrogate) = realistic.surrogate(&self.numbers, kind, value) {
                if !is_known {
                    self.entries.push(Entry {
                        kind,
                        also: Kinds::NONE,
                        is_in_brackets: false,
                        surrogate: surrogate.clone(),
                        value: value.to_string(),
                    });
                }
                return surrogate;
            }
        }
        self.in_brackets(kind, value)
    }

    /// The surrogate of a value in brackets, also where others look real: for places in which only letters and digits may
    /// stand.
    pub fn in_brackets(&mut self, kind: Kind, value: &str) -> String {
        let folded = fold(kind, value);
        let known = self
            .by_value
            .get(&(kind, folded.clone()))
            .and_then(|place| self.entries.get(*place));
        if let Some(entry) = known {
            return entry.surrogate.clone();
        }
        let number = self.free_number(kind, &folded);
        let surrogate = format!("[{}_{number}]", words::word(kind, self.language));
        self.keep(kind, folded, number, surrogate.clone(), value);
        surrogate
    }

    /// What else stands in a value that has a surrogate: where one of these kinds may not come back, it does not.
    pub fn speak_for(&mut self, kind: Kind, value: &str, also: Kinds) {
        self.each_of(kind, value, |entry| entry.also = entry.also.or(also));
    }

    /// A value stands [directly in brackets](is_in_brackets) where its surrogate is sent: where an answer has two pairs around
    /// it, one of them stays. Of any other value the model doubled the pair.
    pub fn keep_brackets(&mut self, kind: Kind, value: &str) {
        self.each_of(kind, value, |entry| entry.is_in_brackets = true);
    }

    /// Changes the entry of each surrogate in brackets that a value has.
    fn each_of(&mut self, kind: Kind, value: &str, change: impl Fn(&mut Entry)) {
        let mut place = self.by_value.get(&(kind, fold(kind, value))).copied();
        while let Some(at) = place {
            if let Some(entry) = self.entries.get_mut(at) {
                change(entry);
            }
            place = self.before.get(&at).copied();
        }
    }

    /// The kind of a value, and what else stands in it as far as that was said.
    fn held_in(&self, kind: Kind, value: &str) -> Kinds {
        let place = self.by_value.get(&(kind, fold(kind, value)));
        let entry = place.and_then(|place| self.entries.get(*place));
        entry.map_or(Kinds::NONE, |entry| entry.also).with(kind)
    }

    /// What else stands in each value, in the order of [`Surrogates::entries`].
    pub fn spoken_for(&self) -> impl Iterator<Item = Kinds> {
        self.entries.iter().map(|entry| entry.also)
    }

    /// Which values stand [directly in brackets](is_in_brackets), in the order of [`Surrogates::entries`].
    pub fn kept_brackets(&self) -> impl Iterator<Item = bool> {
        self.entries.iter().map(|entry| entry.is_in_brackets)
    }

    /// Takes over an entry of a map that was written out before, and says whether it could: the surrogate must be one of this
    /// kind, and stand for no other value and for nothing that somebody typed. A value may have more than one.
    ///
    /// Whoever goes on without an entry restores what stands in its place to another's value, or not at all.
    #[must_use]
    pub fn adopt(&mut self, kind: Kind, surrogate: &str, value: &str) -> bool {
        let folded = fold(kind, value);
        let Outcome::Mention(mention) = mention::read(surrogate, true) else {
            return self.adopt_beyond(kind, surrogate, value)
                || self.adopt_real(kind, surrogate, value);
        };
        let number = (kind, mention.number);
        if !mention.kinds.contains(&kind)
            || mention.len != surrogate.len()
            || self.reserved.contains(&number)
        {
            return false;
        }
        let known = self.by_number.get(&number);
        if let Some(entry) = known.and_then(|place| self.entries.get(*place)) {
            return fold(kind, &entry.value) == folded;
        }
        let before = self.by_value.get(&(kind, folded.clone())).copied();
        self.keep(kind, folded, mention.number, surrogate.to_string(), value);
        if let Some(before) = before {
            let said = self.entries.get(before);
            let said = said.map(|entry| (entry.also, entry.is_in_brackets));
            self.before.insert(self.entries.len() - 1, before);
            if let (Some(entry), Some((also, is_in_brackets))) = (self.entries.last_mut(), said) {
                entry.also = also;
                entry.is_in_brackets = is_in_brackets;
            }
        }
        true
    }

    /// Takes over an entry from where all numbers were taken: it is never restored, and its value keeps it.
    fn adopt_beyond(&mut self, kind: Kind, surrogate: &str, value: &str) -> bool {
        let (dutch, english) = words::words(kind);
        let is_one = [dutch, english]
            .iter()
            .any(|word| surrogate == format!("[{word}_{}]", NUMBERS.end));
        let folded = fold(kind, value);
        let known = self.by_value.get(&(kind, folded.clone()));
        let known = known.and_then(|place| self.entries.get(*place));
        if is_one && known.is_none_or(|entry| entry.surrogate != surrogate) {
            self.keep(kind, folded, NUMBERS.end, surrogate.to_string(), value);
        }
        is_one
    }

    fn adopt_real(&mut self, kind: Kind, surrogate: &str, value: &str) -> bool {
        let Some(realistic) = &mut self.realistic else {
            return false;
        };
        if !Realistic::fits(kind, surrogate) || realistic.is_anothers(kind, surrogate, value) {
            return false;
        }
        let is_known = realistic.issued_for(kind, value) == Some(surrogate);
        if is_known {
            return true;
        }
        realistic.adopt(kind, surrogate, value);
        self.entries.push(Entry {
            kind,
            also: Kinds::NONE,
            is_in_brackets: false,
            surrogate: surrogate.to_string(),
            value: value.to_string(),
        });
        true
    }

    /// The text with every surrogate of this conversation replaced by its value.
    #[must_use]
    pub fn restore_all(&self, text: &str, scope: Scope) -> String {
        if !self.withholds() && self.realistic.is_none() && !mention::has_number(text) {
            return text.to_string();
        }
        let mut restorer = self.restorer(scope);
        let mut out = restorer.push(text);
        out.push_str(&restorer.finish());
        out
    }

    /// A restorer for a text that arrives in pieces. [`Restorer::shared`] makes an owned one.
    #[must_use]
    pub fn restorer(&self, scope: Scope) -> Restorer<'_> {
        Restorer::new(self, scope)
    }

    /// Every entry as (kind, surrogate, value), in the order of issue.
    pub fn entries(&self) -> impl Iterator<Item = (Kind, &str, &str)> {
        self.entries
            .iter()
            .map(|entry| (entry.kind, entry.surrogate.as_str(), entry.value.as_str()))
    }

    fn screener(&self, scope: Scope) -> Option<Screener> {
        let manner = match scope {
            Scope::Text => Manner::Passages,
            Scope::JsonString | Scope::ToolArguments(_) | Scope::ToolText(_) => Manner::Names,
        };
        let Withholding {
            list,
            asked,
            notice,
            ..
        } = self.withholding.as_ref()?;
        Some(Screener::new(
            Arc::clone(list),
            asked,
            manner,
            notice.clone(),
        ))
    }

    /// The entry that a mention means. A number that two of its kinds have means neither.
    fn entry(&self, mention: &Mention) -> Option<&Entry> {
        let mut places = mention
            .kinds
            .iter()
            .filter_map(|kind| self.by_number.get(&(*kind, mention.number)));
        let place = places.next()?;
        if places.next().is_some() {
            return None;
        }
        self.entries.get(*place)
    }

    fn keep(&mut self, kind: Kind, folded: String, number: u32, surrogate: String, value: &str) {
        let place = self.entries.len();
        self.entries.push(Entry {
            kind,
            also: Kinds::NONE,
            is_in_brackets: false,
            surrogate,
            value: value.to_string(),
        });
        self.by_value.insert((kind, folded), place);
        self.by_number.insert((kind, number), place);
    }

    /// The first number in the value's own sequence that is neither issued nor reserved.
    fn free_number(&mut self, kind: Kind, folded: &str) -> u32 {
        let is_free = |number: &u32| {
            !self.by_number.contains_key(&(kind, *number))
                && !self.reserved.contains(&(kind, *number))
        };
        let walked = self.walked.get(&kind).copied();
        if walked.is_none() {
            let hashed = (0..64_u32)
                .map(|attempt| self.derive(kind, folded, attempt))
                .find(is_free);
            if let Some(number) = hashed {
                return number;
            }
        }
        // A conversation that fills its numbers walks through them once, for none becomes free again; when all 90,000
        // are taken, the next values share numbers above them, which are never restored wrongly because five digits
        // no longer read as a surrogate.
        let from = walked.unwrap_or(NUMBERS.start);
        let number = (from..NUMBERS.end).find(is_free).unwrap_or(NUMBERS.end);
        self.walked.insert(kind, number);
        number
    }

    fn derive(&self, kind: Kind, folded: &str, attempt: u32) -> u32 {
        let mut mac = self.numbers.clone();
        mac.update(kind.label().as_bytes());
        mac.update(&[0]);
        mac.update(folded.as_bytes());
        mac.update(&[0]);
        mac.update(&attempt.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let head = digest
            .iter()
            .take(8)
            .fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
        u32::try_from(FIRST_NUMBER + head % N_NUMBERS).unwrap_or_default()
    }
}

impl fmt::Debug for Surrogates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Surrogates({} entries)", self.entries.len())
    }
}

impl Drop for Surrogates {
    fn drop(&mut self) {
        self.entries
            .iter_mut()
            .for_each(|entry| entry.value.zeroize());
        for ((_, mut folded), _) in core::mem::take(&mut self.by_value) {
            folded.zeroize();
        }
    }
}

/// Whether a place in a text stands directly between `[` and `]`, as the text of a link does.
#[must_use]
pub fn is_in_brackets(text: &str, span: &Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let behind = text.get(span.end..).unwrap_or_default();
    before.ends_with('[') && behind.starts_with(']')
}

/// What two spellings of one value have in common.
fn fold(kind: Kind, value: &str) -> String {
    let is_exact = matches!(kind, Kind::ApiKey | Kind::Username | Kind::UrlPersonal);
    if is_exact {
        return value.to_string();
    }
    let is_number = matches!(
        kind,
        Kind::Phone
            | Kind::Bsn
            | Kind::Iban
            | Kind::CreditCard
            | Kind::Postcode
            | Kind::LicencePlate
    );
    if is_grouped(kind) {
        return fold_groups(value);
    }
    if value.is_ascii() {
        return fold_ascii(value, is_number);
    }
    let lower = value.chars().flat_map(char::to_lowercase);
    if is_number {
        let kept: String = lower
            .filter(|character| character.is_alphanumeric())
            .collect();
        return if kept.is_empty() {
            value.to_string()
        } else {
            kept
        };
    }
    let lower: String = lower.collect();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ")
}

/// Numbers of which somebody chose the groups: `2024-1-12` and `2024-11-2` are two.
const fn is_grouped(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::CustomerNumber
            | Kind::EmployeeNumber
            | Kind::PatientNumber
            | Kind::IdNumber
            | Kind::DeviceId
    )
}

/// Small letters and digits, with one sign for whatever stands between groups.
fn fold_groups(value: &str) -> String {
    let lower = value.to_lowercase();
    let groups = lower.split(|character: char| !character.is_alphanumeric());
    let groups: Vec<&str> = groups.filter(|group| !group.is_empty()).collect();
    if groups.is_empty() {
        return value.to_string();
    }
    groups.join("-")
}

/// The same of letters and digits that all are one byte, as most values are.
fn fold_ascii(value: &str, is_number: bool) -> String {
    let mut folded = String::with_capacity(value.len());
    if is_number {
        let kept = value.bytes().filter(u8::is_ascii_alphanumeric);
        folded.extend(kept.map(|byte| char::from(byte.to_ascii_lowercase())));
        if folded.is_empty() {
            folded.push_str(value);
        }
        return folded;
    }
    for word in value.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded.make_ascii_lowercase();
    folded
}

#[cfg(test)]
mod around;
#[cfg(test)]
mod mangled;
#[cfg(test)]
mod tests;
