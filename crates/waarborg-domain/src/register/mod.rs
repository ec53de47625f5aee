//! The register: what the organisation declared, compiled; it answers what may be done.

pub mod change;
pub(crate) mod checks;
mod codes;
mod diff;
mod fault;
pub mod form;
pub mod lines;
pub mod manuscript;
mod model;
mod narrowed;
mod overlays;
mod permits;
mod read;
mod running;
pub(crate) mod sections;
mod skeleton;
mod starter;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use jiff::civil::Date;

use crate::claim::{Circumstances, ClaimRule, Period};
use crate::law::Law;
pub use crate::personal::{Category, Purpose, RecipientName, ServiceName};
use crate::policy::{Change, Policy, PolicyFault, ToolRow};

pub use crate::permit::{AgeBand, Ask, HeldConsent, Permit, PersonState, Refusal, TransferPermit};
pub use codes::CODES;
pub use diff::{
    ANNOUNCED_DAYS, Class, Diff, Lack, Matter, OldData, Procedure, Reach, RuleChange, cells_of,
};
pub use fault::{Fault, Place, Severity};
pub(crate) use fault::{Faults, nearest};
pub(crate) use model::contract_items;
pub use model::{
    Address, Article9, AutomatedDecisions, BackupRule, Basis, Carried, CategoryRule, ConsentAsk,
    ConsentRule, ConsentText, Contact, Controller, ControllerKind, Cookie, CookieClass,
    Destination, DisclosureCase, DisclosureRule, Duty, Evidence, History, JointRule, Label, Lever,
    LogStream, Measure, MeasureKind, Mechanism, Message, MessageClass, NoticeRule, Overlay,
    OverlayChange, PolicyProfile, Processing, PurposeRule, Recipient, RecipientKind, ReminderMode,
    Retention, Role, RoleRule, Route, Service, Source, SpecialCategories, SurrogateForm, Table,
    TableKeeps, Term, UserGroup,
};
use read::Reading;
pub use running::Running;
pub use skeleton::skeleton;
pub use starter::starter;

/// A compiled register: every cell with its claim, every name known but that of a closed recipient.
#[derive(Debug, Clone)]
pub struct Register {
    pub(crate) head: Head,
    pub(crate) parts: Parts,
    pub(crate) warnings: Vec<Fault>,
    /// Recipients to whom nothing may go, whatever else is said of them.
    pub(crate) closed: BTreeSet<RecipientName>,
    /// The lines on which something new is declared, in order.
    pub(crate) headings: Vec<usize>,
    pub(crate) law: Law,
    /// Which earlier data each cell opens.
    pub(crate) reach: Reach,
    pub(crate) notice_version: OnceLock<String>,
}

/// The head of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The name of the organisation, as people know it.
    pub name: String,
    /// The declared version with the first characters of the digest of the file.
    pub version: String,
    /// The version as declared.
    pub declared_version: String,
    /// The digest of the file, in hexadecimal.
    pub digest: String,
    /// The languages of the notice; the first is the one by default.
    pub languages: Vec<String>,
    /// How people are addressed in Dutch.
    pub address: Address,
    /// When it was published.
    pub published: Option<Date>,
    /// When it takes effect.
    pub effective: Option<Date>,
    /// Where the version before it can be read.
    pub previous: Option<String>,
    /// The time zone in which days begin and end.
    pub zone: String,
    /// Whether this is a draft: it can be shown, but nothing may be done with it.
    pub draft: bool,
    /// Where it stands.
    pub place: Place,
}

impl Head {
    /// The head of a file that has none.
    fn empty(digest: String) -> Self {
        Self {
            name: String::new(),
            version: String::new(),
            declared_version: String::new(),
            digest,
            languages: Vec::new(),
            address: Address::Formal,
            published: None,
            effective: None,
            previous: None,
            zone: "Europe/Amsterdam".to_owned(),
            draft: false,
            place: Place::default(),
        }
    }
}

/// Everything that a register declares, by name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub(crate) controllers: Vec<Controller>,
    pub(crate) services: BTreeMap<ServiceName, Service>,
    pub(crate) categories: BTreeMap<Category, CategoryRule>,
    pub(crate) purposes: BTreeMap<Purpose, PurposeRule>,
    pub(crate) processings: Vec<Processing>,
    pub(crate) retentions: Vec<Retention>,
    pub(crate) recipients: BTreeMap<RecipientName, Recipient>,
    pub(crate) logs: BTreeMap<String, LogStream>,
    pub(crate) tables: BTreeMap<String, Table>,
    pub(crate) routes: Vec<Route>,
    pub(crate) cookies: Vec<Cookie>,
    pub(crate) messages: Vec<Message>,
    pub(crate) terms: BTreeMap<String, Term>,
    pub(crate) roles: BTreeMap<String, RoleRule>,
    pub(crate) groups: BTreeMap<String, UserGroup>,
    pub(crate) duties: BTreeMap<String, Duty>,
    pub(crate) disclosures: BTreeMap<String, DisclosureRule>,
    pub(crate) joint: Vec<JointRule>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) backup: Option<BackupRule>,
    pub(crate) overlays: Vec<Overlay>,
    pub(crate) evidence: BTreeMap<String, Evidence>,
    pub(crate) consents: BTreeMap<String, ConsentRule>,
    pub(crate) notices: BTreeMap<String, NoticeRule>,
    pub(crate) profile: Option<PolicyProfile>,
    pub(crate) surrogates: Option<SurrogateForm>,
    pub(crate) policy_place: Place,
    pub(crate) policy_changes: Vec<(Change, Place)>,
    pub(crate) policy_tools: Vec<(ToolRow, Place)>,
    pub(crate) open: Vec<Open>,
}

/// A place that the organisation has not filled in yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The key, with its path, such as `retention[3].claim`.
    pub key: String,
    /// Where it stands.
    pub place: Place,
}

impl Register {
    /// Compiles a register; `file` is only used to say where a fault is.
    ///
    /// A fault that closes one recipient does not stop the start: it is among the warnings.
    ///
    /// # Errors
    ///
    /// Every fault, warnings among them, in the order of the file, if one of them stops the start.
    pub fn compile(source: &str, file: &str, law: &Law, today: Date) -> Result<Self, Vec<Fault>> {
        let (register, faults) = compile(source, file, law, today, Reading::ToRun);
        match register {
            Some(register) if !faults.iter().any(Fault::stops_the_start) => Ok(Self {
                warnings: faults,
                ..register
            }),
            _ => Err(faults),
        }
    }

    /// Reads a register that may still have faults, to show what its notice would say.
    ///
    /// A draft gives no permits. There is none at all if the file cannot be read as TOML.
    #[must_use]
    pub fn draft(source: &str, file: &str, law: &Law, today: Date) -> (Option<Self>, Vec<Fault>) {
        let (register, faults) = compile(source, file, law, today, Reading::ToShow);
        let draft = register.map(|mut register| {
            register.head.draft = true;
            register
        });
        (draft, faults)
    }

    /// The digest by which the file of a register is known, in hexadecimal.
    #[must_use]
    pub fn digest_of(source: &str) -> String {
        sections::digest(source)
    }

    /// What deserves attention but does not stop the start, closed recipients among it.
    #[must_use]
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings
    }

    /// The declared version with the digest of the file, such as `2026-11.1+3f9a0c12`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.head.version
    }

    /// The declared version with a digest of what people read, such as `2026-11.1+91c2ab07`.
    ///
    /// It changes when the notice or a consent text says something else in one of its languages,
    /// and not with a comment, white space, or a rule that nobody reads of.
    #[must_use]
    pub fn notice_version(&self) -> &str {
        self.notice_version
            .get_or_init(|| crate::notice::version_of(self))
    }

    /// The head: name, languages, dates, zone.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The law that it was checked against.
    #[must_use]
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// The controller for people who live there: the one that names the residence, else the one for all others.
    #[must_use]
    pub fn controller(&self, residence: &str) -> &Controller {
        let names = |wanted: &str| {
            self.parts.controllers.iter().find(|controller| {
                controller
                    .residences
                    .iter()
                    .any(|named| named.eq_ignore_ascii_case(wanted))
            })
        };
        let eea = || {
            if self.law.is_eea(residence) {
                names("EEA")
            } else {
                None
            }
        };

        names(residence)
            .or_else(|| names(crate::law::country_of(residence)))
            .or_else(eea)
            .or_else(|| names("*"))
            .unwrap_or_else(|| self.any_controller())
    }

    /// The controller for a person whose residence may be unknown.
    #[must_use]
    pub fn controller_of(&self, person: &PersonState) -> &Controller {
        person.residence.as_deref().map_or_else(
            || self.default_controller(),
            |residence| self.controller(residence),
        )
    }

    /// The controller for people whose residence nobody stated.
    #[must_use]
    pub fn default_controller(&self) -> &Controller {
        self.parts
            .controllers
            .iter()
            .find(|controller| controller.residences.iter().any(|named| named == "*"))
            .unwrap_or_else(|| self.any_controller())
    }

    fn any_controller(&self) -> &Controller {
        static NOBODY: std::sync::LazyLock<Controller> =
            std::sync::LazyLock::new(Controller::nobody);
        self.parts.controllers.first().unwrap_or(&NOBODY)
    }

    /// Every controller.
    #[must_use]
    pub fn controllers(&self) -> &[Controller] {
        &self.parts.controllers
    }

    /// Every service.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.parts.services.values()
    }

    /// A service by its name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.parts.services.get(name)
    }

    /// Every category.
    pub fn categories(&self) -> impl Iterator<Item = &CategoryRule> {
        self.parts.categories.values()
    }

    /// A category by its name, to take data in with.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<&CategoryRule> {
        self.parts.categories.get(name)
    }

    /// Every purpose.
    pub fn purposes(&self) -> impl Iterator<Item = &PurposeRule> {
        self.parts.purposes.values()
    }

    /// A purpose by its name.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<&PurposeRule> {
        self.parts.purposes.get(name)
    }

    /// Every processing, in the order of the file.
    #[must_use]
    pub fn processings(&self) -> &[Processing] {
        &self.parts.processings
    }

    /// Every retention, in the order of the file.
    #[must_use]
    pub fn retentions(&self) -> &[Retention] {
        &self.parts.retentions
    }

    /// Every recipient.
    pub fn recipients(&self) -> impl Iterator<Item = &Recipient> {
        self.parts.recipients.values()
    }

    /// A recipient by its name.
    #[must_use]
    pub fn recipient(&self, name: &str) -> Option<&Recipient> {
        self.parts.recipients.get(name)
    }

    /// The recipients declared for a service and purpose, in the order of the file.
    #[must_use]
    pub fn recipients_of(&self, service: &str, purpose: &str) -> Vec<&Recipient> {
        let mut found: Vec<&Recipient> = Vec::new();
        for processing in self.processings_of(service, purpose) {
            for name in &processing.recipients {
                if let Some(recipient) = self.parts.recipients.get(name)
                    && !found.iter().any(|known| known.name == recipient.name)
                {
                    found.push(recipient);
                }
            }
        }
        found
    }

    /// Every stream of log lines.
    pub fn log_streams(&self) -> impl Iterator<Item = &LogStream> {
        self.parts.logs.values()
    }

    /// Every table of the store.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts.tables.values()
    }

    /// Every point where data comes in.
    #[must_use]
    pub fn routes(&self) -> &[Route] {
        &self.parts.routes
    }

    /// Every cookie.
    #[must_use]
    pub fn cookies(&self) -> &[Cookie] {
        &self.parts.cookies
    }

    /// Every message that is sent by itself.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.parts.messages
    }

    /// How long the program itself waits for something; `None` if that is not declared.
    #[must_use]
    pub fn term(&self, name: &str) -> Option<Period> {
        self.parts.terms.get(name).map(|term| term.period)
    }

    /// How often something may be tried within a length of time; `None` where the register does not say.
    #[must_use]
    pub fn times_in(&self, term: &str) -> Option<u32> {
        self.parts.terms.get(term)?.times
    }

    /// How long backups live, where the register says so.
    #[must_use]
    pub fn backup(&self) -> Option<&BackupRule> {
        self.parts.backup.as_ref()
    }

    /// Every length of time for which the program itself waits.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.parts.terms.values()
    }

    /// A role in which somebody reads data.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&RoleRule> {
        self.parts.roles.get(name)
    }

    /// The groups of people for whom the policy may say something of its own.
    pub fn groups(&self) -> impl Iterator<Item = &UserGroup> {
        self.parts.groups.values()
    }

    /// A group of people for whom the policy may say something of its own.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&UserGroup> {
        self.parts.groups.get(name)
    }

    /// Everything that must be done again and again.
    pub fn duties(&self) -> impl Iterator<Item = &Duty> {
        self.parts.duties.values()
    }

    /// Those who decide together with the organisation (article 26), in the order of the file.
    #[must_use]
    pub fn joint_controllers(&self) -> &[JointRule] {
        &self.parts.joint
    }

    /// To whom data may be given in a single case, by name.
    pub fn disclosures(&self) -> impl Iterator<Item = &DisclosureRule> {
        self.parts.disclosures.values()
    }

    /// A case in which data may be given to somebody outside.
    #[must_use]
    pub fn disclosure(&self, name: &str) -> Option<&DisclosureRule> {
        self.parts.disclosures.get(name)
    }

    /// What keeps data safe, in the order of the file.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.parts.measures
    }

    /// What is different for people who live elsewhere, in the order of the file.
    #[must_use]
    pub fn overlays(&self) -> &[Overlay] {
        &self.parts.overlays
    }

    /// Every piece of evidence.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.parts.evidence.values()
    }

    /// The fields that may be sent to a recipient; none if it is not declared.
    #[must_use]
    pub fn outgoing_fields(&self, recipient: &str) -> &[String] {
        self.parts
            .recipients
            .get(recipient)
            .map_or(&[], |recipient| recipient.fields.as_slice())
    }

    /// The privacy desk of the default controller.
    #[must_use]
    pub fn contacts(&self) -> &Contact {
        &self.default_controller().privacy
    }

    /// The consents that a service asks for, in the name of the default controller.
    #[must_use]
    pub fn consents_needed(&self, service: &str) -> Vec<ConsentAsk> {
        self.consents_asked_by(service, self.default_controller())
    }

    /// The consents that a service asks of people who live there.
    #[must_use]
    pub fn consents_needed_in(&self, service: &str, residence: &str) -> Vec<ConsentAsk> {
        self.consents_asked_by(service, self.controller(residence))
    }

    fn consents_asked_by(&self, service: &str, controller: &Controller) -> Vec<ConsentAsk> {
        let mut asks: Vec<ConsentAsk> = Vec::new();
        for processing in &self.parts.processings {
            let Some(text) = processing
                .consent
                .as_ref()
                .filter(|_| processing.service == service)
            else {
                continue;
            };
            let ask = ConsentAsk {
                purpose: processing.purpose.clone(),
                entity: controller.id.clone(),
                text_id: text.id.clone(),
                text_version: text.version.clone(),
                text: self
                    .parts
                    .consents
                    .get(&text.id)
                    .map(|rule| rule.text.clone())
                    .unwrap_or_default(),
            };
            if !asks.contains(&ask) {
                asks.push(ask);
            }
        }
        asks
    }

    /// The profile of the screening policy.
    #[must_use]
    pub fn policy_profile(&self) -> PolicyProfile {
        self.parts.profile.unwrap_or(PolicyProfile::Strict)
    }

    /// What stands in the place of values that are pseudonymised in conversations of applications.
    #[must_use]
    pub fn surrogate_form(&self) -> SurrogateForm {
        self.parts.surrogates.unwrap_or(SurrogateForm::Brackets)
    }

    /// What the register changes in the matrix of its profile, in the order of the file.
    pub fn policy_changes(&self) -> impl Iterator<Item = &Change> {
        self.parts.policy_changes.iter().map(|(change, _)| change)
    }

    /// What the register says of tools by their names, in the order of the file.
    pub fn policy_tools(&self) -> impl Iterator<Item = &ToolRow> {
        self.parts.policy_tools.iter().map(|(row, _)| row)
    }

    /// The policy of screening: the matrix of the profile with what the register changes in it.
    ///
    /// # Errors
    ///
    /// [`PolicyFault`] if the profile has no matrix that can be used.
    pub fn policy(&self) -> Result<Policy, PolicyFault> {
        let profile = Policy::shipped(self.policy_profile().as_str())?;
        let policy = profile.changed_by(self.policy_changes().cloned());
        Ok(policy.with_tools(self.policy_tools()))
    }

    /// The places that are still open; only a draft has any.
    #[must_use]
    pub fn open_places(&self) -> &[Open] {
        &self.parts.open
    }

    /// The claims on a record of this category in this service.
    ///
    /// A claim on consent is only among them where the circumstances say that the person consented
    /// ([`Circumstances::consented`]). A record with no claim may not be made at all.
    #[must_use]
    pub fn claims(
        &self,
        service: &str,
        category: &str,
        circumstances: &Circumstances,
    ) -> Vec<ClaimRule> {
        self.parts
            .retentions
            .iter()
            .filter(|retention| !retention.open)
            .filter(|retention| retention.service == service && retention.category == category)
            .filter(|retention| {
                retention
                    .when
                    .as_ref()
                    .is_none_or(|(name, value)| circumstances.holds(name, value))
            })
            .filter_map(|retention| self.claim_of(retention))
            .filter(|claim| {
                claim.basis != Basis::Consent || circumstances.has_consent(&claim.purpose)
            })
            .collect()
    }

    fn claim_of(&self, retention: &Retention) -> Option<ClaimRule> {
        let basis = self.basis_of(&retention.service, &retention.purpose, &retention.category)?;

        Some(ClaimRule {
            rule: retention.rule.clone(),
            category: retention.category.clone(),
            purpose: retention.purpose.clone(),
            basis,
            trigger: retention.trigger,
            period: retention.period,
            kind: retention.kind,
            action: retention.action,
            copies: retention.copies.clone(),
        })
    }

    /// The legal basis of a cell of the matrix, if there is such a cell.
    #[must_use]
    pub fn basis_of(
        &self,
        service: &ServiceName,
        purpose: &Purpose,
        category: &Category,
    ) -> Option<Basis> {
        self.parts
            .processings
            .iter()
            .find(|processing| {
                processing.service == *service
                    && processing.purpose == *purpose
                    && processing.categories.contains(category)
            })
            .map(|processing| processing.basis)
    }

    /// The processings of a service for a purpose.
    pub fn processings_of<'r>(
        &'r self,
        service: &'r str,
        purpose: &'r str,
    ) -> impl Iterator<Item = &'r Processing> + use<'r> {
        self.parts.processings.iter().filter(move |processing| {
            processing.service == service && processing.purpose == purpose
        })
    }

    /// The notice rule of a service.
    #[must_use]
    pub fn notice_rule(&self, name: &str) -> Option<&NoticeRule> {
        self.parts.notices.get(name)
    }
}

fn compile(
    source: &str,
    file: &str,
    law: &Law,
    today: Date,
    reading: Reading,
) -> (Option<Register>, Vec<Fault>) {
    let mut faults = Faults::of(source, file);
    let Some((head, mut parts, mentions)) = sections::read(source, &mut faults, reading) else {
        return (None, faults.into_sorted());
    };
    checks::check(&head, &parts, &mentions, law, today, &mut faults);
    parts.drop_contracts_that_nobody_declared();

    let register = Register {
        head,
        parts,
        warnings: Vec::new(),
        closed: BTreeSet::new(),
        headings: headings(source),
        law: law.clone(),
        reach: Reach::default(),
        notice_version: OnceLock::new(),
    };
    (Some(register), faults.into_sorted())
}

impl Parts {
    /// A contract that is named and not declared is none: its recipient stays closed.
    fn drop_contracts_that_nobody_declared(&mut self) {
        for recipient in self.recipients.values_mut() {
            recipient
                .dpa
                .take_if(|dpa| !self.evidence.contains_key(dpa.as_str()));
        }
    }
}

/// The lines of a file that begin a table or a row.
fn headings(source: &str) -> Vec<usize> {
    let lines = source.lines().enumerate();
    lines
        .filter(|(_, line)| line.trim_start().starts_with('['))
        .map(|(index, _)| index + 1)
        .collect()
}
