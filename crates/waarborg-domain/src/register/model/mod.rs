//! What a register declares, in checked types.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use super::fault::Place;
use crate::claim::{Action, ClaimKind, Period, Trigger};
use crate::personal::{Category, Purpose, RecipientName, ServiceName};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every word of the register for this, in order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in the register.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// What goes by this word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

mod governance;
mod running;

pub(crate) use governance::contract_items;
pub use governance::{
    BackupRule, DisclosureCase, DisclosureRule, Duty, JointRule, Lever, Measure, MeasureKind,
    Overlay, OverlayChange, ReminderMode, RoleRule, UserGroup,
};
pub use running::{
    Carried, Cookie, CookieClass, Evidence, LogStream, Message, MessageClass, NoticeRule, Route,
    Table, TableKeeps, Term,
};

words!(
    /// The legal basis of a processing (article 6(1)).
    Basis {
        /// A contract with the person (article 6(1)(b)).
        Contract = "contract",
        /// Consent of the person (article 6(1)(a)).
        Consent = "consent",
        /// A legal obligation (article 6(1)(c)).
        LegalDuty = "legal_duty",
        /// A legitimate interest (article 6(1)(f)).
        Legit = "legit",
        /// A vital interest (article 6(1)(d)).
        Vital = "vital",
        /// A task in the public interest (article 6(1)(e)).
        PublicTask = "public_task",
        /// Official authority (article 6(1)(e)).
        Authority = "authority",
    }
);

impl Basis {
    /// The term of the Data Privacy Vocabulary.
    #[must_use]
    pub fn dpv(self) -> &'static str {
        match self {
            Self::Contract => "eu-gdpr:A6-1-b",
            Self::Consent => "eu-gdpr:A6-1-a",
            Self::LegalDuty => "eu-gdpr:A6-1-c",
            Self::Legit => "eu-gdpr:A6-1-f",
            Self::Vital => "eu-gdpr:A6-1-d",
            Self::PublicTask => "eu-gdpr:A6-1-e-public-interest",
            Self::Authority => "eu-gdpr:A6-1-e-official-authority",
        }
    }

    /// Whether a person may object to processing on this basis (article 21(1)).
    #[must_use]
    pub fn can_be_objected_to(self) -> bool {
        matches!(self, Self::Legit | Self::PublicTask | Self::Authority)
    }
}

words!(
    /// Where a recipient processes, seen from the organisation.
    Destination {
        /// A model or system of the organisation itself.
        Own = "own",
        /// Inside the European Economic Area, under contract.
        Eu = "eu",
        /// Outside the European Economic Area, under contract.
        OutsideEu = "outside-eu",
        /// A public service without a processor contract.
        Public = "public",
    }
);

words!(
    /// The instrument that lets data leave the European Economic Area (chapter V).
    Mechanism {
        /// An adequacy decision of the Commission (article 45).
        Adequacy = "adequacy",
        /// The EU–US Data Privacy Framework, for a certified recipient (article 45).
        Dpf = "dpf",
        /// Standard contractual clauses (article 46(2)(c)).
        Scc = "scc",
        /// Binding corporate rules (article 46(2)(b)).
        Bcr = "bcr",
        /// An approved code of conduct (article 46(2)(e)).
        CodeOfConduct = "code_of_conduct",
        /// An approved certification (article 46(2)(f)).
        Certification = "certification",
        /// Explicit consent after being told of the risks (article 49(1)(a)).
        ExplicitConsent = "explicit_consent",
        /// Another derogation for a specific situation (article 49(1)).
        Derogation = "derogation",
    }
);

words!(
    /// The part that the organisation plays in a service.
    Role {
        /// It decides why and how.
        Controller = "controller",
        /// It works on another's instructions; purposes of its own are off.
        Processor = "processor",
    }
);

words!(
    /// Whether a service takes decisions about people by itself (article 22).
    AutomatedDecisions {
        /// It takes none.
        None = "none",
        /// A person decides every time.
        HumanReview = "human_review",
        /// One of the exceptions of article 22(2), with its safeguards.
        Article22 = "art22",
    }
);

words!(
    /// Whether a service may process special categories at all (article 9).
    SpecialCategories {
        /// Never.
        Forbidden = "forbidden",
        /// Where a processing names its ground and its assessment.
        Conditions = "conditions",
    }
);

words!(
    /// Whether a service keeps conversations.
    History {
        /// There are no conversations to keep.
        None = "none",
        /// Always kept.
        On = "on",
        /// Never kept beyond its claim.
        Off = "off",
        /// The person chooses at the start of each conversation.
        Choice = "choice",
    }
);

words!(
    /// Where data of a category comes from (article 14(2)(f)).
    Source {
        /// From the person.
        Person = "person",
        /// From the device or the program, by itself.
        Automatic = "automatic",
        /// From others.
        ThirdParty = "third_party",
        /// Made by the organisation.
        Organisation = "organisation",
    }
);

words!(
    /// What kind of party a recipient is.
    RecipientKind {
        /// A language model.
        Llm = "llm",
        /// Hosting.
        Hosting = "hosting",
        /// Another processor under contract.
        Processor = "processor",
        /// A controller of its own.
        Controller = "controller",
        /// A public body.
        Authority = "authority",
        /// A department of the organisation itself.
        Internal = "internal",
    }
);

words!(
    /// The ground for processing special categories (article 9(2)).
    Article9 {
        /// Explicit consent (a).
        ExplicitConsent = "explicit_consent",
        /// Employment and social security law (b).
        Employment = "employment",
        /// Vital interests (c).
        Vital = "vital",
        /// Members of an association (d).
        Association = "association",
        /// Made public by the person (e).
        MadePublic = "made_public",
        /// Legal claims (f).
        LegalClaims = "legal_claims",
        /// Substantial public interest (g).
        PublicInterest = "public_interest",
        /// Care and treatment (h).
        Care = "care",
        /// Public health (i).
        PublicHealth = "public_health",
        /// Archiving, research, statistics (j).
        Research = "research",
    }
);

words!(
    /// The default conduct of screening; the matrix itself is data of the policy.
    PolicyProfile {
        /// The matrix as it stands.
        Strict = "strict",
        /// Every identifier becomes a surrogate.
        Pseudonymise = "pseudonymise",
        /// As pseudonymise, for what is known by its form alone.
        Formats = "formats",
        /// Measures, changes nothing.
        Observe = "observe",
    }
);

words!(
    /// What stands in the place of a value that is pseudonymised.
    SurrogateForm {
        /// Its kind and a number in brackets.
        Brackets = "brackets",
        /// Something that looks like it, where that is safe.
        Realistic = "realistic",
    }
);

words!(
    /// How the organisation addresses people in Dutch.
    Address {
        /// Formal: u.
        Formal = "u",
        /// Informal: je.
        Informal = "je",
    }
);

words!(
    /// The part of screening that a public body and a company differ in: who is accountable how.
    ControllerKind {
        /// A public body; legitimate interest is not open to it for its tasks.
        PublicBody = "public_body",
        /// A company.
        Company = "company",
        /// An association or foundation.
        Association = "association",
    }
);

/// A text in the languages that the register gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Label(pub BTreeMap<String, String>);

impl Label {
    /// A text that counts for every language.
    #[must_use]
    pub fn for_all(text: String) -> Self {
        Self(BTreeMap::from([("*".to_owned(), text)]))
    }

    /// Whether it has a text for that language.
    #[must_use]
    pub fn has(&self, language: &str) -> bool {
        self.0.contains_key(language) || self.0.contains_key("*")
    }

    /// The text in `language`, else in `own`, else in English, else in any; with the language that it is in.
    #[must_use]
    pub fn found(&self, language: &str, own: &str) -> Option<(&str, &str)> {
        [language, own, "en"]
            .into_iter()
            .find_map(|wanted| self.0.get_key_value(wanted))
            .or_else(|| self.0.iter().next())
            .map(|(language, text)| (language.as_str(), text.as_str()))
    }

    /// The text in `language`, else in English, else in any language.
    #[must_use]
    pub fn in_language(&self, language: &str) -> Option<&str> {
        self.0
            .get(language)
            .or_else(|| self.0.get("en"))
            .or_else(|| self.0.values().next())
            .map(String::as_str)
    }
}

/// A way to reach somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The name of the person or desk.
    pub name: Label,
    /// The mail address.
    pub mail: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub post: Option<Label>,
    /// The page.
    pub url: Option<String>,
}

/// The organisation that answers for the processing, for some residences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Controller {
    /// Its name in the register; consents name it as their entity.
    pub id: String,
    /// Its legal name.
    pub name: String,
    /// What kind of organisation it is.
    pub kind: ControllerKind,
    /// Its postal address.
    pub address: String,
    /// The country where it is established, as two letters.
    pub country: String,
    /// The residences for which it is the controller; `*` is every other one.
    pub residences: Vec<String>,
    /// The privacy desk.
    pub privacy: Contact,
    /// A person who can be spoken to instead of the machine.
    pub human: Option<Contact>,
    /// The data protection officer.
    pub officer: Option<Contact>,
    /// The representative (article 27).
    pub representative: Option<Contact>,
    /// The id of the lead supervisory authority in the law tables.
    pub authority: String,
    /// Why the clock of a request stands still while it is doubted who asks (article 12(6)); `None`: it never does.
    pub doubt_pauses: Option<Label>,
    /// Where it stands.
    pub place: Place,
}

impl Controller {
    /// A controller that nobody is; a register without controllers does not compile.
    pub(crate) fn nobody() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            kind: ControllerKind::Company,
            address: String::new(),
            country: String::new(),
            residences: Vec::new(),
            privacy: Contact::default(),
            human: None,
            officer: None,
            representative: None,
            authority: String::new(),
            doubt_pauses: None,
            place: Place::default(),
        }
    }

    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("controller:{}", self.id)
    }
}

/// A service that people meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: ServiceName,
    /// What people call it.
    pub label: Label,
    /// The notice that goes with it.
    pub notice: String,
    /// The part that the organisation plays.
    pub role: Role,
    /// Whether it decides by itself.
    pub automated_decisions: AutomatedDecisions,
    /// Whether special categories may be processed.
    pub special_categories: SpecialCategories,
    /// Whether conversations are kept.
    pub history: History,
    /// Whether nothing may be kept or sent before the person saw the notice.
    pub notice_first: bool,
    /// Whether people talk with an AI here (AI Act article 50).
    pub ai: bool,
    /// The age below which the service is not offered.
    pub minimum_age: u8,
    /// The age below which a parent or guardian must agree to its use; 0 if nobody need.
    pub guardian_age: u8,
    /// Whose data it is about (article 30(1)(c)).
    pub people: Label,
    /// On whose behalf it is done, for a processor (article 30(2)(a)).
    pub principal: Option<Label>,
    /// How it decides and what follows from that (article 13(2)(f)).
    pub decision: Option<Label>,
    /// The countries, or `EEA`, that its data does not leave; none where it may.
    pub stays_in: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

impl Service {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("service:{}", self.name)
    }

    /// The values that `history` can have for one conversation.
    #[must_use]
    pub fn histories(&self) -> &'static [&'static str] {
        match self.history {
            History::None => &[],
            History::On => &["on"],
            History::Off => &["off"],
            History::Choice => &["on", "off"],
        }
    }
}

/// A category of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRule {
    /// Its name.
    pub name: Category,
    /// What people call it.
    pub label: Label,
    /// What it consists of.
    pub fields: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// Who else it comes from, where the source is a third party.
    pub source_detail: Option<Label>,
    /// Whether it is a special category (article 9) or about offences (article 10).
    pub special: bool,
    /// The kinds of finding that stand for it, by label (`BSN`).
    pub classes: Vec<String>,
    /// The purposes for which it is said to be collected.
    pub meant_for: Vec<Purpose>,
    /// Where it stands.
    pub place: Place,
}

impl CategoryRule {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("category:{}", self.name)
    }
}

/// A purpose of the closed set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeRule {
    /// Its name.
    pub name: Purpose,
    /// What it is for, to people.
    pub label: Label,
    /// The term of the Data Privacy Vocabulary.
    pub dpv: String,
    /// Whether it is direct marketing: objection is absolute (article 21(3)).
    pub marketing: bool,
    /// Whether it may go on under a restriction (article 18(2)).
    pub despite_restriction: bool,
    /// Where it stands.
    pub place: Place,
}

impl PurposeRule {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("purpose:{}", self.name)
    }
}

/// One processing: these categories, in this service, for this purpose, on this basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processing {
    /// The id of the rule.
    pub rule: String,
    /// The service.
    pub service: ServiceName,
    /// The purpose.
    pub purpose: Purpose,
    /// The categories; nothing else is covered.
    pub categories: Vec<Category>,
    /// The legal basis.
    pub basis: Basis,
    /// What the basis rests on: a contract, a statute, a balancing test.
    pub evidence: Option<String>,
    /// The basis where the first one does not apply.
    pub otherwise: Option<Basis>,
    /// What that other basis rests on.
    pub otherwise_evidence: Option<String>,
    /// Who decides which of the two applies, and how.
    pub decided_by: Option<Label>,
    /// The roles that may read the data for this purpose.
    pub readers: Vec<String>,
    /// The fields that this purpose needs; empty where it needs all of its categories.
    pub fields: Vec<String>,
    /// The interest, where the basis is legitimate interest (article 13(1)(d)).
    pub interest: Option<Label>,
    /// The ground for special categories (article 9(2)).
    pub ground: Option<Article9>,
    /// The data protection impact assessment.
    pub dpia: Option<String>,
    /// The consent text and its version, where the basis is consent.
    pub consent: Option<ConsentText>,
    /// Why this purpose goes together with those for which older data was collected (article 6(4)).
    pub compatibility: Option<String>,
    /// Who may receive data for this purpose.
    pub recipients: Vec<RecipientName>,
    /// Whether the person must have seen the notice first.
    pub notice_first: bool,
    /// Whether giving the data is obligatory, and what follows otherwise (article 13(2)(e)).
    pub obligatory: bool,
    /// Where it stands.
    pub place: Place,
}

/// The text that a person consents to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConsentText {
    /// The id of the text.
    pub id: String,
    /// Its version; consent to another version is no consent to this one.
    pub version: String,
}

/// A consent text in the words that people see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRule {
    /// Its id.
    pub id: String,
    /// Its version; a change of words is another version.
    pub version: String,
    /// The words.
    pub text: Label,
    /// Where it stands.
    pub place: Place,
}

/// How long records of a category live for a purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The id of the rule.
    pub rule: String,
    /// The service.
    pub service: ServiceName,
    /// The category.
    pub category: Category,
    /// The purpose.
    pub purpose: Purpose,
    /// The circumstance under which it applies, such as (`history`, `off`).
    pub when: Option<(String, String)>,
    /// The event that the period counts from.
    pub trigger: Trigger,
    /// The period.
    pub period: Period,
    /// Whether the period is still open; only in a draft.
    pub open: bool,
    /// How the end binds.
    pub kind: ClaimKind,
    /// What happens at the end.
    pub action: Action,
    /// Where copies live that must end too.
    pub copies: Vec<String>,
    /// Why this period and no shorter one.
    pub why: Label,
    /// Whether somebody filled it in where the source gives nothing.
    pub proposed: bool,
    /// Where it stands.
    pub place: Place,
}

/// A party that receives personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Its name in the register.
    pub name: RecipientName,
    /// What people call it.
    pub label: Label,
    /// What kind of party it is.
    pub kind: RecipientKind,
    /// The provider adapter that speaks with it, for a model.
    pub provider: Option<String>,
    /// The model that is asked for, where the client may not choose.
    pub model: Option<String>,
    /// The country where it processes, as two letters.
    pub country: String,
    /// Where it stands, seen from the organisation.
    pub destination: Destination,
    /// The instrument for a transfer outside the European Economic Area.
    pub mechanism: Option<Mechanism>,
    /// The first day on which the instrument holds.
    pub valid_from: Option<Date>,
    /// The last day on which the instrument holds.
    pub valid_until: Option<Date>,
    /// The processor contract (article 28(3)).
    pub dpa: Option<String>,
    /// The assessment of the law of the country that it goes to.
    pub tia: Option<String>,
    /// Whether it keeps what it gets.
    pub stores_input: bool,
    /// How long it keeps it, where it does.
    pub residual: Option<Period>,
    /// Whether it trains models with it.
    pub trains: bool,
    /// Where it is reached.
    pub base_url: Option<String>,
    /// The fields that may be sent to it.
    pub fields: Vec<String>,
    /// Whether it can delete what it got, when asked.
    pub deletes: Option<bool>,
    /// Whom it calls in itself.
    pub sub_processors: Vec<String>,
    /// Which version of this register it took on, for one of the same group of companies; empty if none.
    pub group: Option<String>,
    /// Since when it is asked nothing more; then it erases or gives back (article 28(3)(g)).
    pub left: Option<Date>,
    /// The proof that it did.
    pub erased: Option<String>,
    /// Whether somebody filled it in where the source gives nothing.
    pub proposed: bool,
    /// Where it stands.
    pub place: Place,
}

impl Recipient {
    /// The id of the rule.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("recipient:{}", self.name)
    }

    /// The host of its address, if it has one.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        let url = self.base_url.as_deref()?;
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split(['/', '?', '#'])
            .next()
            .filter(|host| !host.is_empty())
    }
}

/// A consent that a service asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAsk {
    /// The purpose.
    pub purpose: Purpose,
    /// The controller that asks.
    pub entity: String,
    /// The id of the text.
    pub text_id: String,
    /// The version of the text.
    pub text_version: String,
    /// The words that people see.
    pub text: Label,
}
