//! A house for tests: a small register, one provider, and a store that keeps keys and lines in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_detect::{Detector, Finding};
use waarborg_domain::claim::Trigger;
use waarborg_domain::consent::Consent;
use waarborg_domain::conversation::Conversation;
use waarborg_domain::decision::{Slice, Task, TaskEnd};
use waarborg_domain::entry::{Actor, Entry};
use waarborg_domain::finder::{Finder, FinderFailed};
use waarborg_domain::hold::Hold;
use waarborg_domain::ids::{GatewayKeyId, ObjectId, RequestId, SessionId, SubjectId, Token};
use waarborg_domain::law::Law;
use waarborg_domain::mail::Happened;
use waarborg_domain::permit::Permit;
use waarborg_domain::policy::Policy;
use waarborg_domain::register::Register;
use waarborg_domain::register::change::{Change, Step as ChangeStep};
use waarborg_domain::rights::{Request, Stage};
use waarborg_usecase::ports::{
    Answer, AuditReport, Casework, ChangeTexts, Clock, Consents, ConsoleTicket,
    ConversationSecrets, Conversations, Corrected, ErasureReceipt, EventScope, Holds, Ids,
    KeptRegister, KeyBounds, MailCount, MailEnd, Mails, Mark, NewRecord, Night, Person, Provider,
    Record, Records, Registers, Requests, RetentionReport, Seen, Session, Sessions, Sighting,
    Sightings, Step, Storage, StoreError, Subjects, Suppressions, Trail, TrailLine, TrailPart,
    Waiting,
};
use waarborg_usecase::{DeskParts, House, Surfaces};

use super::kept::Kept;
use super::rights::NoFile;
use crate::providers::{Manner, OpenAi, ProviderTable};

pub(super) const NOW: &str = "2026-11-21T12:00:00Z";

/// What a test sees and sets.
#[derive(Default)]
pub(super) struct Switches {
    pub(super) entries: Mutex<Vec<Entry>>,
    pub(super) is_log_broken: AtomicBool,
    /// An erasure comes between a map that is taken up and the one that is kept.
    pub(super) erases_before_keeping: AtomicBool,
    /// So many writings of a map that grows come too late.
    pub(super) outruns: AtomicU32,
    pub(super) is_finder_broken: AtomicBool,
    pub(super) does_finder_panic: AtomicBool,
    /// A long text is not read before this says so.
    pub(super) gate: Mutex<Option<Receiver<()>>>,
    /// Within what the key may be used.
    pub(super) bounds: Mutex<KeyBounds>,
    /// What it used up, as the store knows it.
    pub(super) used: Mutex<BTreeMap<&'static str, u64>>,
    /// What came in the place of what in what providers keep.
    pub(super) kept: Kept,
}

pub(super) fn house(
    base_url: &str,
    policy: &str,
    provider: Box<dyn Provider>,
) -> (Arc<House>, Arc<Switches>) {
    let source = include_str!("register.toml").replace("BASE_URL", base_url);
    let mut providers = ProviderTable::default();
    let manner = Manner {
        n_retries: 0,
        first_word: Duration::from_millis(10),
        ..Manner::default()
    };
    providers.add_with("model", &["klein".to_owned()], provider, manner);
    house_of(&source, policy, providers)
}

/// The same with a ground for health, an own model that may have it, and a model whose time is over.
pub(super) fn house_with_own_model(
    base_url: &str,
    policy: &str,
    changes: &str,
) -> (Arc<House>, Arc<Switches>) {
    let own = recipient(
        "own",
        base_url,
        "country = \"NL\"\ndestination = \"own\"",
        "",
    );
    let closed = recipient(
        "closed",
        base_url,
        "country = \"US\"\ndestination = \"outside-eu\"",
        "mechanism = \"scc\"\nvalid_from = \"2025-01-01\"\nvalid_until = \"2026-11-20\"",
    );
    let source = include_str!("register.toml")
        .replace("BASE_URL", base_url)
        .replace(
            "special_categories = \"forbidden\"",
            "special_categories = \"conditions\"",
        )
        .replace(
            "source = \"person\"",
            "source = \"person\"\nspecial = true\nclasses = [\"HEALTH\"]",
        )
        .replace(
            "recipients = [\"model\"]",
            "recipients = [\"model\", \"own\", \"closed\"]\nground = \"care\"\ndpia = \"dpia-1\"",
        );
    let evidence = "[evidence.dpia-1]\nkind = \"dpia\"\ntitle = { nl = \"D\", en = \"D\" }\ndate = \"2026-01-01\"\nreview = \"2027-09-15\"\n\
         ";
    let mut providers = ProviderTable::default();
    for (recipient, model) in [("model", "klein"), ("own", "eigen"), ("closed", "dicht")] {
        let provider = OpenAi::new(base_url, None, super::SHORT).unwrap();
        providers.add(recipient, &[model.to_owned()], Box::new(provider));
    }
    house_of(
        &format!("{source}{own}{closed}{evidence}{changes}"),
        policy,
        providers,
    )
}

/// A recipient as the register declares it.
pub(super) fn recipient(name: &str, base_url: &str, place: &str, more: &str) -> String {
    format!(
        "[recipient.{name}]\nlabel = {{ nl = \"{name}\", en = \"{name}\" }}\nkind = \"llm\"\n{place}\ndpa = \"dpa-1\"\n\
         stores_input = false\ntrains = false\nbase_url = \"{base_url}\"\nfields = [\"prompt\"]\n{more}\n"
    )
}

pub(super) fn house_of(
    source: &str,
    policy: &str,
    providers: ProviderTable,
) -> (Arc<House>, Arc<Switches>) {
    let law = Law::shipped().unwrap();
    // Read some weeks ago, so that what ends today ended while the program ran.
    let today = "2026-11-01".parse().unwrap();
    let register =
        Register::compile(source, "register.toml", &law, today).unwrap_or_else(|faults| {
            panic!("{faults:#?}");
        });
    let switches = Arc::new(Switches::default());
    let policy = Policy::shipped(policy).unwrap();
    let policy = policy.changed_by(register.policy_changes().cloned());
    let policy = policy.with_tools(register.policy_tools());
    let desk = DeskParts {
        register: Arc::new(register),
        law: Arc::new(law),
        policy: Arc::new(policy),
        finder: Arc::new(TestFinder {
            detector: Detector::new(),
            switches: Arc::clone(&switches),
        }),
        store: Arc::new(TestStore {
            switches: Arc::clone(&switches),
        }),
        providers: Arc::new(providers),
        clock: Arc::new(Fixed),
        ids: Arc::new(Counted::default()),
        secrets: Arc::new(Fixed),
        zone: jiff::tz::TimeZone::UTC,
        withholding: waarborg_usecase::Withholding::default(),
        remembered: Arc::default(),
        post: None,
        surfaces: Arc::new(Surfaces::default()),
        register_file: Arc::new(NoFile),
    };
    (Arc::new(House::new(desk.into())), switches)
}

struct TestFinder {
    detector: Detector,
    switches: Arc<Switches>,
}

impl Finder for TestFinder {
    fn find(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        assert!(
            !self.switches.does_finder_panic.load(Ordering::Relaxed),
            "as the test asked"
        );
        let gate = if text.len() > 100_000 {
            self.switches.gate.lock().unwrap().take()
        } else {
            None
        };
        if let Some(gate) = gate {
            gate.recv().unwrap();
        }
        if self.switches.is_finder_broken.load(Ordering::Relaxed) {
            return Err(FinderFailed);
        }
        Ok(self.detector.find(text))
    }

    fn find_formats(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.detector.find_formats(text))
    }

    fn find_in_identifier(&self, text: &str) -> Result<Vec<Finding>, FinderFailed> {
        Ok(self.detector.find_in_identifier(text))
    }
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW.parse().unwrap()
    }
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Ids for Counted {
    fn id(&self, _: Timestamp) -> Uuid {
        Uuid::from_u128(7 + u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn token(&self) -> Token {
        Token::new([1; 32])
    }
}

impl ConversationSecrets for Fixed {
    fn conversation_key(&self, scope: &[&[u8]]) -> [u8; 32] {
        let mut key = [0_u8; 32];
        for (place, byte) in scope.iter().copied().flatten().enumerate() {
            let slot = &mut key[place % 32];
            *slot = slot.rotate_left(3) ^ byte;
        }
        key
    }

    fn seal(&self, scope: &[&[u8]], text: &str) -> Option<Vec<u8>> {
        let key = self.conversation_key(scope);
        Some([&key, text.as_bytes()].concat())
    }

    fn open(&self, scope: &[&[u8]], sealed: &[u8]) -> Option<String> {
        let text = sealed.strip_prefix(&self.conversation_key(scope))?;
        String::from_utf8(text.to_vec()).ok()
    }
}

pub(super) struct TestStore {
    pub(super) switches: Arc<Switches>,
}

/// What the gateway never asks of a store.
pub(super) fn never<'a, T: Send + 'a>() -> Answer<'a, T> {
    Box::pin(async { Err(StoreError::Unavailable) })
}

impl Registers for TestStore {
    fn keep_register(&self, _: KeptRegister, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn registers(&self) -> Answer<'_, Vec<KeptRegister>> {
        never()
    }

    fn begin_change(&self, _: Change, _: ChangeTexts, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn step_change(
        &self,
        _: uuid::Uuid,
        _: usize,
        _: ChangeStep,
        _: Option<(String, ChangeTexts)>,
        _: Entry,
    ) -> Answer<'_, bool> {
        never()
    }

    fn tell_change(
        &self,
        _: (uuid::Uuid, usize),
        _: ChangeStep,
        _: waarborg_domain::ids::ObjectId,
        _: (Entry, Entry),
    ) -> Answer<'_, bool> {
        never()
    }

    fn changes(&self) -> Answer<'_, Vec<Change>> {
        never()
    }

    fn change_texts(&self, _: uuid::Uuid) -> Answer<'_, Option<ChangeTexts>> {
        never()
    }
}

impl Trail for TestStore {
    fn record(&self, entry: Entry) -> Answer<'_, ()> {
        self.note(entry)
    }

    fn note(&self, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            if self.switches.is_log_broken.load(Ordering::Relaxed) {
                return Err(StoreError::Unavailable);
            }
            self.switches.entries.lock().unwrap().push(entry);
            Ok(())
        })
    }

    fn trail_of(&self, _: SubjectId) -> Answer<'_, Vec<TrailLine>> {
        never()
    }

    fn trail_of_key(
        &self,
        key: GatewayKeyId,
        before: Option<u64>,
        n: u32,
    ) -> Answer<'_, TrailPart> {
        let entries = self.switches.entries.lock().unwrap();
        let lines = entries.iter().enumerate().rev();
        let lines = lines.map(|(place, entry)| (place as u64, entry));
        let lines = lines.filter(|(place, entry)| {
            before.is_none_or(|before| *place < before) && entry.actor == Actor::Application(key)
        });
        let lines: Vec<TrailLine> = lines
            .take(n as usize)
            .map(|(position, entry)| TrailLine {
                position,
                payload: Some(entry.payload()),
            })
            .collect();
        let next = lines.last().map(|line| line.position);
        let next = next.filter(|place| *place > 0);
        Box::pin(async move { Ok(TrailPart { lines, next }) })
    }

    fn latest(&self, _: Option<u64>, _: u32) -> Answer<'_, Vec<TrailLine>> {
        never()
    }

    fn verify(&self) -> Answer<'_, AuditReport> {
        never()
    }
}

impl Storage for TestStore {
    fn ready(&self) -> Answer<'_, ()> {
        never()
    }

    fn backend(&self) -> String {
        "memory".into()
    }

    fn sign_note(&self, text: &str) -> String {
        text.to_owned()
    }

    fn log_key(&self) -> String {
        String::new()
    }
}

impl Subjects for TestStore {
    fn add_subject<'a>(
        &'a self,
        _: SubjectId,
        _: &'a str,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }

    fn acknowledge<'a>(
        &'a self,
        _: SubjectId,
        _: &'a str,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }

    fn person(&self, _: SubjectId) -> Answer<'_, Option<Person>> {
        never()
    }

    fn restrict(&self, _: SubjectId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn lift(&self, _: SubjectId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn overrule<'a>(&'a self, _: SubjectId, _: &'a str, _: Timestamp, _: Entry) -> Answer<'a, ()> {
        never()
    }

    fn object_to<'a>(&'a self, _: SubjectId, _: &'a str, _: Timestamp, _: Entry) -> Answer<'a, ()> {
        never()
    }
}

impl Casework for TestStore {
    fn step<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Step,
        _: Timestamp,
        _: &'a jiff::tz::TimeZone,
        _: Entry,
    ) -> Answer<'a, bool> {
        never()
    }

    fn tasks(&self) -> Answer<'_, Vec<Task>> {
        never()
    }

    fn end_task(&self, _: Uuid, _: TaskEnd, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        never()
    }

    fn correct<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Vec<Corrected>,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, u64> {
        never()
    }

    fn erase_slices(
        &self,
        _: SubjectId,
        _: Vec<Slice>,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        never()
    }
}

impl Holds for TestStore {
    fn propose_hold(&self, _: Hold, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn agree_to_hold(
        &self,
        _: uuid::Uuid,
        _: SessionId,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'_, bool> {
        never()
    }

    fn lift_hold(&self, _: uuid::Uuid, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        never()
    }

    fn holds(&self) -> Answer<'_, Vec<Hold>> {
        never()
    }
}

impl Sightings for TestStore {
    fn see(&self, _: Vec<Sighting>) {}

    fn keep_seen(&self) -> Answer<'_, u64> {
        Box::pin(async { Ok(0) })
    }

    fn seen(&self, _: Vec<Mark>) -> Answer<'_, Vec<Seen>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn forget_seen(&self, _: Vec<Mark>, _: Timestamp, _: Entry) -> Answer<'_, u64> {
        Box::pin(async { Ok(0) })
    }
}

impl Mails for TestStore {
    fn set_aside<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Vec<Waiting>,
        _: Vec<NewRecord>,
    ) -> Answer<'a, ()> {
        never()
    }

    fn release(&self, _: ObjectId, _: Entry) -> Answer<'_, u64> {
        never()
    }

    fn take_mail(&self, _: bool, _: Timestamp, _: Timestamp) -> Answer<'_, Option<Waiting>> {
        never()
    }

    fn put_off(&self, _: uuid::Uuid, _: Timestamp, _: u32) -> Answer<'_, ()> {
        never()
    }

    fn end_mail(&self, _: uuid::Uuid, _: MailEnd, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn end_job(&self, _: ObjectId, _: Timestamp, _: Entry) -> Answer<'_, u64> {
        never()
    }

    fn n_sent<'a>(&'a self, _: Mark, _: &'a str) -> Answer<'a, u64> {
        never()
    }

    fn happened(&self, _: SubjectId, _: Vec<Trigger>) -> Answer<'_, Vec<Happened>> {
        never()
    }

    fn count_mails(&self, _: ObjectId) -> Answer<'_, MailCount> {
        never()
    }

    fn tidy_mails(&self, _: Timestamp, _: Timestamp) -> Answer<'_, u64> {
        never()
    }
}

impl Suppressions for TestStore {
    fn suppress(&self, _: Mark, _: Vec<String>, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn suppressed<'a>(&'a self, _: Vec<Mark>, _: &'a str) -> Answer<'a, Vec<bool>> {
        never()
    }
}

impl Consents for TestStore {
    fn answer<'a>(&'a self, _: Consent, _: &'a jiff::tz::TimeZone, _: Entry) -> Answer<'a, ()> {
        never()
    }
}

impl Conversations for TestStore {
    fn open(&self, _: Conversation, _: Entry) -> Answer<'_, ()> {
        never()
    }

    fn conversation(&self, _: ObjectId) -> Answer<'_, Option<Conversation>> {
        never()
    }

    fn conversations_of(&self, _: SubjectId) -> Answer<'_, Vec<Conversation>> {
        never()
    }

    fn append<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: ObjectId,
        _: Vec<NewRecord>,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }
}

impl Records for TestStore {
    fn put<'a>(&'a self, _: &'a Permit<'a>, _: Vec<NewRecord>, _: Entry) -> Answer<'a, ()> {
        never()
    }

    fn conclude<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: NewRecord,
        _: waarborg_domain::claim::Trigger,
        _: &'a jiff::tz::TimeZone,
        _: [Entry; 2],
    ) -> Answer<'a, bool> {
        never()
    }

    fn holders_of(&self, _: waarborg_usecase::ports::Part) -> Answer<'_, Vec<SubjectId>> {
        never()
    }

    fn unconcluded(
        &self,
        _: waarborg_usecase::ports::Part,
    ) -> Answer<'_, Vec<(SubjectId, ObjectId)>> {
        never()
    }

    fn of_object<'a>(&'a self, _: &'a Permit<'a>, _: ObjectId) -> Answer<'a, Vec<Record>> {
        never()
    }

    fn of_subject<'a>(&'a self, _: &'a Permit<'a>, _: SubjectId) -> Answer<'a, Vec<Record>> {
        never()
    }

    fn event<'a>(
        &'a self,
        _: EventScope,
        _: &'a str,
        _: Timestamp,
        _: &'a jiff::tz::TimeZone,
        _: Entry,
    ) -> Answer<'a, u64> {
        never()
    }

    fn take_back<'a>(&'a self, _: EventScope, _: &'a str, _: Entry) -> Answer<'a, u64> {
        never()
    }

    fn erase_object(&self, _: ObjectId, _: Timestamp, _: Entry) -> Answer<'_, ErasureReceipt> {
        never()
    }

    fn erase_subject(&self, _: SubjectId, _: Timestamp, _: Entry) -> Answer<'_, ErasureReceipt> {
        never()
    }

    fn due(&self, _: Night) -> Answer<'_, RetentionReport> {
        never()
    }

    fn end_claims(&self, _: Night, _: Entry) -> Answer<'_, RetentionReport> {
        never()
    }
}

impl Requests for TestStore {
    fn add<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Request,
        _: &'a Token,
        _: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }

    fn add_receipt<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: RequestId,
        _: &'a Token,
        _: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, bool> {
        never()
    }

    fn join<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: (RequestId, RequestId),
        _: Vec<NewRecord>,
        _: Timestamp,
        _: &'a jiff::tz::TimeZone,
        _: Entry,
    ) -> Answer<'a, bool> {
        never()
    }

    fn by_reference<'a>(&'a self, _: &'a str, _: &'a Token) -> Answer<'a, Option<Request>> {
        never()
    }

    fn request(&self, _: RequestId) -> Answer<'_, Option<Request>> {
        never()
    }

    fn requests(&self) -> Answer<'_, Vec<Request>> {
        never()
    }

    fn requests_of(&self, _: SubjectId) -> Answer<'_, Vec<Request>> {
        never()
    }

    fn move_to<'a>(
        &'a self,
        _: RequestId,
        _: Stage,
        _: Timestamp,
        _: &'a jiff::tz::TimeZone,
        _: Entry,
    ) -> Answer<'a, ()> {
        never()
    }
}

impl Sessions for TestStore {
    fn begin<'a>(&'a self, _: Session, _: &'a Token, _: Option<Entry>) -> Answer<'a, ()> {
        never()
    }

    fn session<'a>(&'a self, _: &'a Token, _: Timestamp) -> Answer<'a, Option<Session>> {
        never()
    }

    fn prolong(&self, _: SessionId, _: jiff::Timestamp) -> Answer<'_, ()> {
        never()
    }

    fn end(&self, _: SessionId) -> Answer<'_, ()> {
        never()
    }

    fn add_ticket<'a>(&'a self, _: ConsoleTicket, _: &'a Token, _: Entry) -> Answer<'a, ()> {
        never()
    }

    fn take_ticket<'a>(&'a self, _: &'a Token, _: Timestamp) -> Answer<'a, Option<ConsoleTicket>> {
        never()
    }
}
