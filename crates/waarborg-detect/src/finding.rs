//! What detection reports: where, which kind, how sure, and why.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::ops::Range;

use crate::kind::{Kind, Kinds};

/// A piece of text that is personal data, in doubt included.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Byte offsets in the text, half-open, on character boundaries.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// How sure we are, from 0 to 1.
    pub score: f32,
    /// What made us say so.
    pub why: Why,
    /// What more is known of it.
    pub about: About,
}

/// What more is known of a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Which one it is below its kind, such as `DE_STEUER_ID` below `ID_NUMBER`.
    pub subkind: Option<Cow<'static, str>>,
    /// Whose data it is.
    pub whose: Whose,
    /// Whether the text says that this person is a child or an adult.
    pub age: Option<AgeGroup>,
    /// What else stands in the same piece of text, where it cannot be told apart: in an encoded island, or in one word.
    /// It goes along or stays with the finding.
    pub also: Kinds,
    /// How many people fit what is said of this person, for what points to somebody only in combination.
    pub group: Option<Group>,
}

/// Whose data a finding is, as far as the text says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Whose {
    /// The text does not say.
    #[default]
    Unknown,
    /// Of the one who speaks.
    Speaker,
    /// Of somebody else.
    ThirdPerson,
    /// Of somebody in a public role.
    PublicRole,
    /// Of a business contact.
    Business,
}

impl Whose {
    /// Every answer.
    pub const ALL: &[Whose] = &[
        Whose::Unknown,
        Whose::Speaker,
        Whose::ThirdPerson,
        Whose::PublicRole,
        Whose::Business,
    ];

    /// A stable code for machines and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Whose::Unknown => "unknown",
            Whose::Speaker => "speaker",
            Whose::ThirdPerson => "third-person",
            Whose::PublicRole => "public-role",
            Whose::Business => "business",
        }
    }
}

/// Whether somebody is a child or an adult.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeGroup {
    /// Under eighteen.
    Child,
    /// Eighteen or older.
    Adult,
}

impl AgeGroup {
    /// A stable code for machines and policies.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            AgeGroup::Child => "child",
            AgeGroup::Adult => "adult",
        }
    }
}

/// How many people fit a combination, and what to write instead of one part of it so that more do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// About so many people fit all that is said of this person: one significant digit, at least one.
    pub people: u32,
    /// What to write in the place of this part; nothing where it can stay.
    pub instead: Option<String>,
    /// This part written one step wider, whatever the number; nothing where there is no wider way.
    pub wider: Option<String>,
    /// About so many people fit when every part is written so.
    pub then: u32,
}

impl Finding {
    /// A finding of which no more is known.
    #[must_use]
    pub fn new(span: Range<usize>, kind: Kind, score: f32, why: Why) -> Finding {
        Finding {
            span,
            kind,
            score,
            why,
            about: About::default(),
        }
    }

    /// The label, with what is known below it: `BSN`, `ID_NUMBER.DE_STEUER_ID`.
    #[must_use]
    pub fn exact_label(&self) -> Cow<'static, str> {
        match &self.about.subkind {
            None => Cow::Borrowed(self.kind.label()),
            Some(subkind) => Cow::Owned(alloc::format!("{}.{subkind}", self.kind)),
        }
    }
}

/// The reason for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Why {
    /// The digits pass the eleven-test.
    ElevenTest,
    /// The account number passes the mod-97 check of its country.
    Mod97,
    /// The card number passes the Luhn check and has a known prefix.
    Luhn,
    /// Another check digit fits.
    CheckDigit,
    /// The shape alone is enough.
    Format,
    /// A label stands before it.
    AfterLabel,
    /// It stands in a table column, or behind a key, of this kind.
    Column,
    /// It begins with a prefix that only keys of one maker have.
    KeyPrefix,
    /// It is a run of characters as random as a key, in a place for keys.
    RandomText,
    /// A title, a kinship or another cue for a name stands beside it.
    NameCue,
    /// It is on a list of first names or surnames.
    NameList,
    /// Initials stand before a surname.
    Initials,
    /// It sits in a greeting, a signature or a header of a letter.
    LetterForm,
    /// The same name was found elsewhere in the text.
    FoundBefore,
    /// A street name with a house number.
    StreetAndNumber,
    /// A place after a postcode, an address or a verb of residence.
    Residence,
    /// A word of a special category with a link to a person.
    SpecialWord,
    /// An indirect identifier: an age, a role, a description few people fit.
    Description,
    /// It fits a recogniser that the operator of this installation wrote.
    OwnRecogniser,
    /// The trained model says so.
    Model,
}

impl Why {
    /// Every reason.
    pub const ALL: &[Why] = &[
        Why::ElevenTest,
        Why::Mod97,
        Why::Luhn,
        Why::CheckDigit,
        Why::Format,
        Why::AfterLabel,
        Why::Column,
        Why::KeyPrefix,
        Why::RandomText,
        Why::NameCue,
        Why::NameList,
        Why::Initials,
        Why::LetterForm,
        Why::FoundBefore,
        Why::StreetAndNumber,
        Why::Residence,
        Why::SpecialWord,
        Why::Description,
        Why::OwnRecogniser,
        Why::Model,
    ];

    /// A stable code for machines, such as `eleven-test`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Why::ElevenTest => "eleven-test",
            Why::Mod97 => "mod-97",
            Why::Luhn => "luhn",
            Why::CheckDigit => "check-digit",
            Why::Format => "format",
            Why::AfterLabel => "after-label",
            Why::Column => "column",
            Why::KeyPrefix => "key-prefix",
            Why::RandomText => "random-text",
            Why::NameCue => "name-cue",
            Why::NameList => "name-list",
            Why::Initials => "initials",
            Why::LetterForm => "letter-form",
            Why::FoundBefore => "found-before",
            Why::StreetAndNumber => "street-and-number",
            Why::Residence => "residence",
            Why::SpecialWord => "special-word",
            Why::Description => "description",
            Why::OwnRecogniser => "own-recogniser",
            Why::Model => "model",
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::ElevenTest => "the digits pass the eleven-test",
            Why::Mod97 => "the check digits fit its country's format",
            Why::Luhn => "the digits pass the Luhn check of payment cards",
            Why::CheckDigit => "the check digit fits",
            Why::Format => "it has the shape of one",
            Why::AfterLabel => "a label before it says so",
            Why::Column => "the column or key it stands in says so",
            Why::KeyPrefix => "it begins like a key of a known maker",
            Why::RandomText => "it looks as random as a key",
            Why::NameCue => "a title or other cue for a name stands beside it",
            Why::NameList => "it is on a list of names",
            Why::Initials => "initials stand before a surname",
            Why::LetterForm => "it stands where a letter has a name",
            Why::FoundBefore => "the same name was found elsewhere in the text",
            Why::StreetAndNumber => "a street name with a house number",
            Why::Residence => "a place where someone lives",
            Why::SpecialWord => "a sensitive statement about a person",
            Why::Description => "a description that few people fit",
            Why::OwnRecogniser => "it fits a recogniser of this organisation",
            Why::Model => "the language model of this program recognises it",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn codes_are_unique() {
        let codes: BTreeSet<_> = Why::ALL.iter().map(|why| why.code()).collect();
        assert_eq!(codes.len(), Why::ALL.len());
    }
}
