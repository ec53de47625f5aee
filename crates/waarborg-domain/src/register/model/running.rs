//! What runs: log streams, tables, routes, cookies, messages, evidence and notices.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use super::{Label, ReminderMode};
use crate::claim::Period;
use crate::personal::{Category, Purpose, ServiceName};
use crate::register::fault::Place;

/// A stream of log lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStream {
    /// Its name.
    pub name: String,
    /// The fields that its lines may have.
    pub fields: Vec<String>,
    /// Which of them are personal.
    pub personal: Vec<String>,
    /// Why it exists.
    pub reason: Label,
    /// How long lines live.
    pub period: Period,
    /// Who may read it.
    pub readers: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

words!(
    /// What a table keeps.
    TableKeeps {
        /// Ids, times and states only.
        Structure = "structure",
        /// Personal data in sealed records.
        Sealed = "sealed",
        /// Keys and fingerprints that point to a person only with another secret.
        Pseudonymous = "pseudonymous",
        /// Keys that open sealed records.
        Keys = "keys",
        /// Numbers that say nothing about anybody.
        Counters = "counters",
    }
);

/// A table of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The place that exports, restricts and erases it.
    pub holder: String,
    /// What it keeps.
    pub keeps: TableKeeps,
    /// The categories that may be in it.
    pub categories: Vec<Category>,
    /// Which retention applies, in words: `claims`, `with its subject`, `created + 1y`.
    pub retention: String,
    /// Where it stands.
    pub place: Place,
}

/// A point where data comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The path, with `{…}` for its variable parts; a trailing `*` covers everything below it.
    pub path: String,
    /// The methods.
    pub methods: Vec<String>,
    /// The service that it belongs to.
    pub service: ServiceName,
    /// The categories that come in there.
    pub collects: Vec<Category>,
    /// Where it stands.
    pub place: Place,
}

words!(
    /// Why a cookie is set.
    CookieClass {
        /// It does not work without it.
        Necessary = "necessary",
        /// It remembers a choice.
        Functional = "functional",
        /// It measures.
        Performance = "performance",
        /// It advertises.
        Advertising = "advertising",
    }
);

/// A cookie, or something like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Why it is set.
    pub class: CookieClass,
    /// How long it lives; empty for the session.
    pub max_age: Period,
    /// Whether that is still open; only in a draft.
    pub open: bool,
    /// What it is for, to people.
    pub label: Label,
    /// Where it stands.
    pub place: Place,
}

words!(
    /// What sort of message it is; the sort decides whether it may be refused.
    MessageClass {
        /// Must be told; cannot be refused.
        Legal = "legal",
        /// Belongs to the service.
        Service = "service",
        /// Reminds.
        Reminder = "reminder",
        /// Asks for an opinion.
        Survey = "survey",
        /// Sells.
        Marketing = "marketing",
    }
);

/// As what the program sends a message: for which service and purpose, to an address of which category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The service.
    pub service: ServiceName,
    /// The purpose.
    pub purpose: Purpose,
    /// The category of the address.
    pub category: Category,
}

impl MessageClass {
    /// Whether people can say that they want no more of it: what must be told and what belongs to the service goes on.
    #[must_use]
    pub fn may_be_refused(self) -> bool {
        match self {
            Self::Legal | Self::Service => false,
            Self::Reminder | Self::Survey | Self::Marketing => true,
        }
    }
}

/// A message that the organisation sends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// What sort it is.
    pub class: MessageClass,
    /// Between which events it may go.
    pub window: Option<String>,
    /// How often at most.
    pub max: Option<u32>,
    /// The part of it that sells, which an objection takes out.
    pub marketing_part: Option<String>,
    /// What must come first, for a reminder.
    pub mode: Option<ReminderMode>,
    /// For what the program itself may send it; `None` where it only says what the organisation sends.
    pub carried: Option<Carried>,
    /// Where it stands.
    pub place: Place,
}

/// A length of time for which the program itself waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// How long it is.
    pub period: Period,
    /// How often something may be tried within it.
    pub times: Option<u32>,
    /// Why it is that long.
    pub why: Label,
    /// What of people is kept for that long, as the notice says it.
    pub kept: Option<Label>,
    /// Where it stands.
    pub place: Place,
}

/// A piece of evidence: a contract, a statute, a balancing test, an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its name.
    pub name: String,
    /// What it is: `contract`, `statute`, `lia`, `dpia`, `dpa`.
    pub kind: String,
    /// Its title.
    pub title: Label,
    /// Its date.
    pub date: Option<Date>,
    /// When it must be looked at again.
    pub review: Option<Date>,
    /// Where it can be found.
    pub url: Option<String>,
    /// What the law asks of it and it has, such as `instructions` in a processor contract.
    pub covers: Vec<String>,
    /// Where it stands.
    pub place: Place,
}

/// The texts of a notice that the register adds to what is derived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeRule {
    /// Its name.
    pub name: String,
    /// The sections, in order, with their places.
    pub sections: Vec<(String, Place)>,
    /// Free text per section.
    pub texts: BTreeMap<String, Label>,
    /// Where it stands.
    pub place: Place,
}
