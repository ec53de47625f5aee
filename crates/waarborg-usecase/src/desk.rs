//! The desk: what every use case works with.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use waarborg_detect::surrogate::{Language, Surrogates};
use waarborg_detect::withheld::Withheld;
use waarborg_domain::consent;
use waarborg_domain::finder::Finder;
use waarborg_domain::law::Law;
use waarborg_domain::permit::{Ask, HeldConsent, Permit, PersonState, Refusal};
use waarborg_domain::policy::Policy;
use waarborg_domain::register::Register;

use crate::mail::Post;
use crate::ports::{Clock, ConversationSecrets, Ids, Person, Providers, RegisterFile, Store};
use crate::remembered::Remembered;

/// One register in force, with all that the use cases need. A clone is one count more: a request takes many, and all
/// requests count in the same places. A stream keeps its own.
#[derive(Clone)]
pub struct Desk(Arc<DeskParts>);

/// What lies on a desk.
#[derive(Clone)]
pub struct DeskParts {
    /// What may be done.
    pub register: Arc<Register>,
    /// The law's periods, holidays and lists.
    pub law: Arc<Law>,
    /// What happens to which data on its way to which destination.
    pub policy: Arc<Policy>,
    /// Finds personal data.
    pub finder: Arc<dyn Finder>,
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// The models.
    pub providers: Arc<dyn Providers>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// The secrets of surrogates.
    pub secrets: Arc<dyn ConversationSecrets>,
    /// The controller's time zone, in which days are counted.
    pub zone: TimeZone,
    /// Which parts of the register the program's own faces use.
    pub surfaces: Arc<Surfaces>,
    /// What people had removed from answers.
    pub withholding: Withholding,
    /// What was found in the conversations of applications, for a while.
    pub remembered: Arc<Remembered>,
    /// How mail is sent; `None` where it is not.
    pub post: Option<Arc<Post>>,
    /// The file in which the register stands.
    pub register_file: Arc<dyn RegisterFile>,
}

impl From<DeskParts> for Desk {
    fn from(parts: DeskParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Desk {
    type Target = DeskParts;

    fn deref(&self) -> &DeskParts {
        &self.0
    }
}

/// What people had removed from answers, and what stands in its place.
#[derive(Clone)]
pub struct Withholding {
    /// The list.
    pub list: Arc<Withheld>,
    /// What stands where a passage went.
    pub notice: fn(Language) -> String,
}

impl Default for Withholding {
    fn default() -> Self {
        Self {
            list: Arc::new(Withheld::nobody()),
            notice: |_| "…".to_owned(),
        }
    }
}

impl Withholding {
    /// Keeps what is on the list out of the answers to these texts.
    pub(crate) fn apply<'t>(
        &self,
        surrogates: &mut Surrogates,
        texts: impl Iterator<Item = &'t str>,
        language: Language,
    ) {
        if !self.list.is_empty() {
            surrogates.withhold(&self.list, texts, &(self.notice)(language));
        }
    }
}

/// Which service and purpose of the register a face of the program uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surface {
    /// The service.
    pub service: String,
    /// The purpose.
    pub purpose: String,
    /// The category of what people write there.
    pub category: String,
}

/// The program's own faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surfaces {
    /// The chat page.
    pub chat: Surface,
    /// The rights desk; its category is that of a request's words and outcome.
    pub rights: Surface,
    /// The category of how a person can be reached for a request.
    pub contact_category: String,
    /// The category of keyed fingerprints of identifiers in prompts; kept only where the register has a retention for
    /// it.
    pub sightings_category: String,
    /// The category of what people had removed from answers, or corrected in them.
    pub withheld_category: String,
}

impl Default for Surfaces {
    fn default() -> Self {
        let surface = |service: &str, purpose: &str, category: &str| Surface {
            service: service.into(),
            purpose: purpose.into(),
            category: category.into(),
        };
        Self {
            chat: surface("chat", "answer_questions", "user_content"),
            rights: surface("rights", "answer_requests", "request_case"),
            contact_category: "communication".into(),
            sightings_category: "prompt_identifiers".into(),
            withheld_category: "withheld_answers".into(),
        }
    }
}

impl Desk {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Today, in the controller's time zone.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_zoned(self.zone.clone()).date()
    }

    /// May this purpose of this service be pursued for this person, today?
    ///
    /// # Errors
    ///
    /// [`Refusal`] with the first rule that stands in the way.
    pub fn permit(&self, surface: &Surface, person: &PersonState) -> Result<Permit<'_>, Refusal> {
        self.register.permit(&Ask {
            service: &surface.service,
            purpose: &surface.purpose,
            person,
            today: self.today(),
        })
    }

    /// Does the register name an article 9 ground and an assessment for this service and purpose?
    #[must_use]
    pub fn has_ground(&self, surface: &Surface) -> bool {
        self.register
            .processings_of(&surface.service, &surface.purpose)
            .any(|processing| processing.ground.is_some() && processing.dpia.is_some())
    }

    /// When a cookie that is set now ends, as the register declares it; now, if it does not.
    #[must_use]
    pub fn cookie_ends_at(&self, name: &str, now: Timestamp) -> Timestamp {
        let declared = self
            .register
            .cookies()
            .iter()
            .find(|cookie| cookie.name == name);
        declared
            .and_then(|cookie| cookie.max_age.after(now, &self.zone))
            .unwrap_or(now)
    }

    /// When a term that begins now ends, as the register declares it; now, if it does not.
    #[must_use]
    pub fn term_ends_at(&self, name: &str, now: Timestamp) -> Timestamp {
        let declared = self.register.term(name);
        declared
            .and_then(|period| period.after(now, &self.zone))
            .unwrap_or(now)
    }

    /// How long a term is that begins now; no time at all, if the register does not declare it.
    #[must_use]
    pub fn term_lasts(&self, name: &str) -> SignedDuration {
        let now = self.now();
        self.term_ends_at(name, now).duration_since(now)
    }

    /// When a term began that ends now, as the register declares it; now, if it does not.
    #[must_use]
    pub fn term_began_at(&self, name: &str, now: Timestamp) -> Timestamp {
        let declared = self.register.term(name);
        declared
            .and_then(|period| period.before(now, &self.zone))
            .unwrap_or(now)
    }

    /// The version of the notice that people see now; a change that nobody reads does not change it.
    #[must_use]
    pub fn notice_version(&self) -> &str {
        self.register.notice_version()
    }
}

/// What the register's rules ask of a person.
#[must_use]
pub fn state_of(person: &Person) -> PersonState {
    let held = |line: &consent::Consent| HeldConsent {
        purpose: line.purpose.clone(),
        entity: line.entity.clone(),
        text_version: line.text_version.clone(),
    };
    PersonState {
        consents: consent::standing(&person.consents)
            .into_iter()
            .map(held)
            .collect(),
        restricted: person.is_restricted,
        objections: person.objections.clone(),
        notice_seen: true,
        ..PersonState::default()
    }
}

/// The house: hands out desks, and takes a new register while people work.
pub struct House {
    desk: RwLock<Desk>,
}

impl House {
    /// Opens the house with a first register.
    #[must_use]
    pub const fn new(desk: Desk) -> Self {
        Self {
            desk: RwLock::new(desk),
        }
    }

    /// The desk as it is now.
    #[must_use]
    pub fn desk(&self) -> Desk {
        self.desk
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// From now on this is kept out of answers.
    pub fn withhold(&self, list: Arc<Withheld>) {
        self.change(|desk| desk.withholding.list = list);
    }

    /// From now on this register and this policy are in force.
    pub fn publish(&self, register: Arc<Register>, policy: Arc<Policy>) {
        self.change(|desk| {
            desk.register = register;
            desk.policy = policy;
        });
    }

    /// Who works at the desk of before goes on with that one. What was found under it is forgotten.
    fn change(&self, change: impl FnOnce(&mut DeskParts)) {
        let mut desk = self.desk.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut desk.0));
        desk.remembered.forget();
    }
}
