//! The policy matrix: what happens to which class of data on its way to which destination.
//!
//! The matrices are data (`policies/*.toml`); this file only reads them and looks cells up.

mod changes;
mod second;
mod tools;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use thiserror::Error;
use waarborg_detect::surrogate::Tools;
use waarborg_detect::{About, AgeGroup, Kind, Whose};

use crate::register::Destination;
pub(crate) use changes::may_be_milder;
pub use changes::{Change, Decision, Found, Subject};
pub use second::Waits;
pub use tools::{ToolRow, subjects_of};

/// What screening decides; a later one is stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Goes along as it is.
    Allow,
    /// Goes along after the person's yes.
    Warn,
    /// Goes along in wider words that fit more people, for good; where there are none, as a surrogate.
    Generalise,
    /// Goes along as a surrogate, and is restored in the answer.
    Pseudonymise,
    /// Is replaced for good.
    Redact,
    /// Waits for a second person.
    SecondPerson,
    /// Nothing goes to this recipient; a model of one's own may have it.
    Route,
    /// Nothing goes.
    Block,
}

impl Verdict {
    /// The verdict's name in headers, the API and the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Generalise => "generalise",
            Self::Pseudonymise => "pseudonymise",
            Self::Redact => "redact",
            Self::SecondPerson => "second-person",
            Self::Route => "route",
            Self::Block => "block",
        }
    }

    /// Whether more goes to the recipient under this verdict than under the other. To route is to block as far as that recipient is
    /// concerned.
    #[must_use]
    pub fn is_milder_than(self, other: Self) -> bool {
        self < other && self != Self::Route
    }

    /// Whether nothing may leave under this verdict without somebody's further act.
    #[must_use]
    pub const fn stops(self) -> bool {
        matches!(
            self,
            Self::Warn | Self::SecondPerson | Self::Route | Self::Block
        )
    }
}

/// The rows of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataClass {
    /// Names, addresses, numbers of one person.
    DirectIdentifier,
    /// What points to a person only in combination.
    IndirectIdentifier,
    /// A list of many persons.
    BulkList,
    /// A national number or the number of an identity document.
    NationalNumber,
    /// Article 9 and article 10 data.
    SpecialCategory,
    /// Secrets and card numbers.
    Credential,
    /// Organisations, places and dates by themselves.
    NotPersonal,
}

impl DataClass {
    /// The class to which a kind belongs.
    #[must_use]
    pub fn of(kind: Kind) -> Self {
        if kind.is_secret() {
            return Self::Credential;
        }
        if kind.is_national_number() {
            return Self::NationalNumber;
        }
        if kind.is_special() {
            return Self::SpecialCategory;
        }
        if !kind.is_personal() {
            return Self::NotPersonal;
        }
        match kind {
            Kind::Quasi | Kind::City | Kind::Postcode | Kind::DateOfBirth => {
                Self::IndirectIdentifier
            }
            _ => Self::DirectIdentifier,
        }
    }

    /// The class's name in the policy files, the API and the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DirectIdentifier => "direct-identifier",
            Self::IndirectIdentifier => "indirect-identifier",
            Self::BulkList => "bulk-list",
            Self::NationalNumber => "national-number",
            Self::SpecialCategory => "special-category",
            Self::Credential => "credential",
            Self::NotPersonal => "not-personal",
        }
    }
}

impl DataClass {
    /// Every class, in the order of the matrix.
    pub const ALL: [Self; 7] = [
        Self::DirectIdentifier,
        Self::IndirectIdentifier,
        Self::BulkList,
        Self::NationalNumber,
        Self::SpecialCategory,
        Self::Credential,
        Self::NotPersonal,
    ];

    /// The class of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }

    /// Whether nothing makes its verdict milder than the profile's.
    #[must_use]
    pub const fn is_grave(self) -> bool {
        matches!(
            self,
            Self::NationalNumber | Self::SpecialCategory | Self::Credential | Self::BulkList
        )
    }
}

/// One policy: a matrix with its thresholds, and what the register changes in it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Policy {
    name: String,
    unclear_below: f32,
    bulk_persons: usize,
    /// What is sought at all.
    #[serde(default)]
    stages: Stages,
    /// Other rows for what belongs to some people.
    #[serde(default)]
    whose: BTreeMap<Of, BTreeMap<DataClass, Row>>,
    /// What comes back in what a tool gets.
    #[serde(default, deserialize_with = "tools::read")]
    tools: Arc<Tools>,
    #[serde(flatten)]
    rows: BTreeMap<DataClass, Row>,
    #[serde(skip)]
    changes: Vec<Arc<Change>>,
    /// The group of the register whose prompts it decides about; of nobody in particular without one.
    #[serde(skip)]
    group: Option<String>,
    /// Policies than which this one is never milder.
    #[serde(skip)]
    at_least: Vec<Policy>,
}

/// What detection seeks for a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Stages {
    #[default]
    All,
    /// What is known by its form or its check digits alone.
    Formats,
}

/// Whose data a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Speaker,
    ThirdPerson,
    PublicRole,
    Business,
    Child,
    Adult,
}

impl Of {
    /// All that a finding is of.
    fn all(about: &About) -> impl Iterator<Item = Self> {
        let whose = match about.whose {
            Whose::Speaker => Some(Self::Speaker),
            Whose::ThirdPerson => Some(Self::ThirdPerson),
            Whose::PublicRole => Some(Self::PublicRole),
            Whose::Business => Some(Self::Business),
            _ => None,
        };
        let age = about.age.map(|age| match age {
            AgeGroup::Child => Self::Child,
            AgeGroup::Adult => Self::Adult,
        });
        whose.into_iter().chain(age)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Row {
    public: Cell,
    outside_eu: Cell,
    eu: Cell,
    own: Cell,
    waivable: bool,
}

/// What a cell of the matrix says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Goes along as it is.
    Allow,
    /// Goes along after the person's yes.
    Warn,
    /// Goes along in wider words.
    Generalise,
    /// Goes along as a surrogate.
    Pseudonymise,
    /// Is replaced for good.
    Redact,
    /// Waits for a second person.
    SecondPerson,
    /// Goes to a model of one's own and nowhere else.
    Route,
    /// Nothing goes.
    Block,
    /// Goes along where the register names an article 9 ground and an assessment; else nothing goes.
    WithGround,
    /// Goes along where every identifier became a surrogate; else nothing goes.
    IfPseudonymised,
}

impl Cell {
    /// The words for a cell, in order.
    pub const WORDS: &'static [&'static str] = &[
        "allow",
        "warn",
        "generalise",
        "pseudonymise",
        "redact",
        "second-person",
        "route",
        "block",
        "with-ground",
        "if-pseudonymised",
    ];

    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Generalise => "generalise",
            Self::Pseudonymise => "pseudonymise",
            Self::Redact => "redact",
            Self::SecondPerson => "second-person",
            Self::Route => "route",
            Self::Block => "block",
            Self::WithGround => "with-ground",
            Self::IfPseudonymised => "if-pseudonymised",
        }
    }

    /// The cell with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        const ALL: [Cell; 10] = [
            Cell::Allow,
            Cell::Warn,
            Cell::Generalise,
            Cell::Pseudonymise,
            Cell::Redact,
            Cell::SecondPerson,
            Cell::Route,
            Cell::Block,
            Cell::WithGround,
            Cell::IfPseudonymised,
        ];
        ALL.into_iter().find(|cell| cell.name() == word)
    }

    /// The verdict in a setting.
    pub(crate) const fn verdict(self, setting: Setting) -> Verdict {
        match self {
            Self::Allow => Verdict::Allow,
            Self::Warn => Verdict::Warn,
            Self::Generalise => Verdict::Generalise,
            Self::Pseudonymise => Verdict::Pseudonymise,
            Self::Redact => Verdict::Redact,
            Self::SecondPerson => Verdict::SecondPerson,
            // From a model of one's own there is nowhere to go.
            Self::Route if !matches!(setting.destination, Destination::Own) => Verdict::Route,
            Self::WithGround if setting.has_ground => Verdict::Allow,
            Self::IfPseudonymised if setting.without_identifiers => Verdict::Allow,
            Self::Route | Self::Block | Self::WithGround | Self::IfPseudonymised => Verdict::Block,
        }
    }
}

/// What surrounds a finding and decides a conditional cell.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Where the prompt would go.
    pub destination: Destination,
    /// The register names an article 9 ground and an approved DPIA for this service and purpose.
    pub has_ground: bool,
    /// Every identifier in the conversation becomes a surrogate.
    pub without_identifiers: bool,
}

/// A policy file that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PolicyFault {
    /// Not TOML, an unknown key or an unknown cell.
    #[error("the policy cannot be read: {0}")]
    Unreadable(String),
    /// A class has no row.
    #[error("the policy has no row for {0}")]
    MissingRow(&'static str),
    /// No policy has this name.
    #[error("no policy has this name")]
    Unknown,
}

/// The policies that come with the program.
const SHIPPED: [(&str, &str); 4] = [
    ("strict", include_str!("../../../policies/strict.toml")),
    (
        "pseudonymise",
        include_str!("../../../policies/pseudonymise.toml"),
    ),
    ("formats", include_str!("../../../policies/formats.toml")),
    ("observe", include_str!("../../../policies/observe.toml")),
];

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// [`PolicyFault`] if it is not a whole matrix.
    pub fn parse(source: &str) -> Result<Self, PolicyFault> {
        let policy: Self = toml::from_str(source)
            .map_err(|fault| PolicyFault::Unreadable(fault.message().into()))?;
        match DataClass::ALL
            .into_iter()
            .find(|class| !policy.rows.contains_key(class))
        {
            Some(class) => Err(PolicyFault::MissingRow(class.name())),
            None => Ok(policy),
        }
    }

    /// A policy that comes with the program: `strict`, `pseudonymise`, `formats` or `observe`.
    ///
    /// # Errors
    ///
    /// [`PolicyFault::Unknown`] for any other name.
    pub fn shipped(name: &str) -> Result<Self, PolicyFault> {
        // A request of a key that is bound to one asks for it each time.
        static READ: LazyLock<[(&str, Result<Policy, PolicyFault>); SHIPPED.len()]> =
            LazyLock::new(|| SHIPPED.map(|(name, source)| (name, Policy::parse(source))));
        let found = READ.iter().find(|(known, _)| *known == name);
        found.map_or(Err(PolicyFault::Unknown), |(_, policy)| policy.clone())
    }

    /// The policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this policy only measures.
    #[must_use]
    pub fn only_observes(&self) -> bool {
        self.name == "observe"
    }

    /// Whether only what is known by its form or its check digits is sought, and nobody's name, address or health.
    #[must_use]
    pub fn seeks_formats_only(&self) -> bool {
        self.stages == Stages::Formats
    }

    /// From how many different persons on a prompt is a bulk list.
    #[must_use]
    pub const fn bulk_persons(&self) -> usize {
        self.bulk_persons
    }

    /// The class of a finding. An uncertain special category stays special; anything else uncertain is a
    /// direct identifier.
    #[must_use]
    pub fn class(&self, kind: Kind, score: f32) -> DataClass {
        match DataClass::of(kind) {
            DataClass::IndirectIdentifier if score < self.unclear_below => {
                DataClass::DirectIdentifier
            }
            class => class,
        }
    }

    /// What the profile's own matrix says of a class of data in a setting, whatever is changed in it.
    #[must_use]
    pub fn verdict(&self, class: DataClass, setting: Setting) -> Verdict {
        let Some(row) = self.rows.get(&class) else {
            return Verdict::Block;
        };
        row.verdict(setting)
    }

    /// What the profile's own matrix says in a cell; a class without a row is blocked.
    #[must_use]
    pub fn cell(&self, class: DataClass, destination: Destination) -> Cell {
        self.rows
            .get(&class)
            .map_or(Cell::Block, |row| row.cell(destination))
    }

    /// What the profile's own matrix says of a finding: by the row for whose it is, if the policy has one.
    ///
    /// Such a row is never milder than the general one for national numbers, secrets, special categories and lists, and never
    /// milder for a child: what a text says of itself must not open these.
    #[must_use]
    pub fn verdict_for(&self, class: DataClass, about: &About, setting: Setting) -> Verdict {
        let general = self.verdict(class, setting);
        let may_be_milder = !class.is_grave() && about.age != Some(AgeGroup::Child);
        let own = Of::all(about)
            .filter_map(|of| self.whose.get(&of)?.get(&class))
            .map(|row| row.verdict(setting))
            .max();
        match own {
            None => general,
            Some(own) if may_be_milder => own,
            Some(own) => own.max(general),
        }
    }

    /// Whether the person may say that a finding of this class is no personal data.
    #[must_use]
    pub fn waivable(&self, class: DataClass) -> bool {
        self.rows.get(&class).is_some_and(|row| row.waivable)
    }

    /// Whether a request header may ask for this policy where `other` is in force.
    #[must_use]
    pub fn is_stricter_than(&self, other: &Self) -> bool {
        const ORDER: [&str; 4] = ["observe", "formats", "pseudonymise", "strict"];
        // Who seeks less is stricter than nobody who seeks all.
        if self.seeks_formats_only() && !other.seeks_formats_only() {
            return false;
        }
        let rank = |policy: &Self| ORDER.iter().position(|name| *name == policy.name);
        rank(self) >= rank(other)
    }
}

impl Row {
    fn verdict(self, setting: Setting) -> Verdict {
        self.cell(setting.destination).verdict(setting)
    }

    const fn cell(self, destination: Destination) -> Cell {
        match destination {
            Destination::Own => self.own,
            Destination::Eu => self.eu,
            Destination::OutsideEu => self.outside_eu,
            Destination::Public => self.public,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(destination: Destination) -> Setting {
        Setting {
            destination,
            has_ground: false,
            without_identifiers: false,
        }
    }

    #[test]
    fn every_shipped_policy_is_a_whole_matrix() {
        for name in ["strict", "pseudonymise", "formats", "observe"] {
            assert_eq!(
                Policy::shipped(name).map(|policy| policy.name().to_owned()),
                Ok(name.to_owned())
            );
        }
        assert_eq!(Policy::shipped("lax").err(), Some(PolicyFault::Unknown));
    }

    #[test]
    fn strict_blocks_national_numbers_everywhere_and_health_without_a_ground() {
        let strict = Policy::shipped("strict").unwrap();
        for destination in [
            Destination::Own,
            Destination::Eu,
            Destination::OutsideEu,
            Destination::Public,
        ] {
            assert_eq!(
                strict.verdict(DataClass::of(Kind::Bsn), at(destination)),
                Verdict::Block
            );
            let health = strict.verdict(DataClass::of(Kind::Health), at(destination));
            let is_own = destination == Destination::Own;
            assert_eq!(
                health,
                if is_own {
                    Verdict::Block
                } else {
                    Verdict::Route
                }
            );
            assert!(health.stops());
        }
        let with_ground = Setting {
            has_ground: true,
            ..at(Destination::Own)
        };
        assert_eq!(
            strict.verdict(DataClass::SpecialCategory, with_ground),
            Verdict::Allow
        );
    }

    #[test]
    fn a_missing_row_or_an_unknown_cell_is_a_fault() {
        let strict = include_str!("../../../policies/strict.toml");
        let without = strict.split("[credential]").next().unwrap();
        assert_eq!(
            Policy::parse(without).err(),
            Some(PolicyFault::MissingRow("credential"))
        );
        assert!(matches!(
            Policy::parse(&strict.replace("block", "perhaps")),
            Err(PolicyFault::Unreadable(_))
        ));
    }

    #[test]
    fn in_doubt_a_quasi_identifier_is_a_direct_one() {
        let strict = Policy::shipped("strict").unwrap();
        assert_eq!(strict.class(Kind::Quasi, 0.4), DataClass::DirectIdentifier);
        assert_eq!(strict.class(Kind::Health, 0.4), DataClass::SpecialCategory);
    }

    /// The strict matrix with rows that are as mild as can be for everybody, and one that is stricter.
    fn with_whose() -> Policy {
        let mild = "public = \"allow\"\noutside-eu = \"allow\"\neu = \"allow\"\nown = \"allow\"\nwaivable = true\n";
        let row = |of: &str, class: &str, cells: &str| format!("[whose.{of}.{class}]\n{cells}");
        let general = include_str!("../../../policies/strict.toml").to_owned();
        let block = mild.replace("allow", "block");
        let rows = ["speaker", "public-role", "business", "child", "adult"]
            .into_iter()
            .flat_map(|of| DataClass::ALL.map(|class| row(of, class.name(), mild)))
            .chain([row("third-person", "direct-identifier", &block)]);
        let source: String = std::iter::once(general).chain(rows).collect();
        Policy::parse(&source).unwrap()
    }

    #[test]
    fn a_row_for_whose_data_it_is_counts_before_the_general_one() {
        let policy = with_whose();
        let about = |whose| About {
            whose,
            ..About::default()
        };
        let own = at(Destination::Own);
        let verdict = |whose| policy.verdict_for(DataClass::DirectIdentifier, &about(whose), own);
        assert_eq!(verdict(Whose::Business), Verdict::Allow);
        assert_eq!(verdict(Whose::ThirdPerson), Verdict::Block);
        assert_eq!(
            verdict(Whose::Unknown),
            policy.verdict(DataClass::DirectIdentifier, own)
        );
    }

    #[test]
    fn a_row_for_nobody_is_a_fault() {
        let strict = include_str!("../../../policies/strict.toml");
        let wrong = format!("{strict}\n[whose.neighbour.credential]\npublic = \"allow\"\n");
        assert!(matches!(
            Policy::parse(&wrong),
            Err(PolicyFault::Unreadable(_))
        ));
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_a_text_says_of_itself_opens_grave_data_or_a_childs(
            class in proptest::sample::select(&DataClass::ALL[..]),
            whose in proptest::sample::select(Whose::ALL),
            age in proptest::option::of(proptest::sample::select(&[AgeGroup::Child, AgeGroup::Adult][..])),
            destination in proptest::sample::select(&[Destination::Own, Destination::Eu, Destination::OutsideEu, Destination::Public][..]),
            has_ground: bool,
            without_identifiers: bool,
        ) {
            let setting = Setting { destination, has_ground, without_identifiers };
            let about = About { whose, age, ..About::default() };
            let policy = with_whose();
            let (general, own) = (policy.verdict(class, setting), policy.verdict_for(class, &about, setting));
            let is_grave = matches!(
                class,
                DataClass::NationalNumber | DataClass::SpecialCategory | DataClass::Credential | DataClass::BulkList
            );
            if is_grave || age == Some(AgeGroup::Child) {
                proptest::prop_assert!(own >= general, "{class:?} {about:?}");
            }
            for name in ["strict", "pseudonymise", "observe"] {
                let shipped = Policy::shipped(name).unwrap();
                proptest::prop_assert_eq!(shipped.verdict_for(class, &about, setting), shipped.verdict(class, setting));
            }
        }
    }
}
