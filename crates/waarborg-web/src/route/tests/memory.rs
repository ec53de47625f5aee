//! A store that keeps everything in memory, for the tests of the pages.

use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use waarborg_domain::claim::Trigger;
use waarborg_domain::consent::Consent;
use waarborg_domain::conversation::Conversation;
use waarborg_domain::decision::{Slice, Task, TaskEnd};
use waarborg_domain::entry::Entry;
use waarborg_domain::hold::Hold;
use waarborg_domain::ids::{GatewayKeyId, ObjectId, RequestId, SessionId, SubjectId, Token};
use waarborg_domain::mail::Happened;
use waarborg_domain::permit::Permit;
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::change::{Change, Step as ChangeStep};
use waarborg_domain::rights::{Request, Stage};
use waarborg_usecase::ports::{
    Answer, Casework, ChangeTexts, Claim, Consents, ConsoleTicket, Conversations, Corrected,
    ErasureReceipt, EventScope, GatewayKey, GatewayKeys, Holds, KeptRegister, MailCount, MailEnd,
    Mails, Mark, NewRecord, Night, Onto, Part, Person, Record, Records, Registers, Requests,
    RetentionReport, Seen, Session, SessionHolder, Sessions, Sighting, Sightings, Step, StoreError,
    Subjects, Waiting,
};

/// What is kept.
#[derive(Default)]
pub(super) struct State {
    pub(super) sessions: Vec<([u8; 32], Session)>,
    pub(super) tickets: Vec<([u8; 32], ConsoleTicket)>,
    pub(super) persons: Vec<Person>,
    pub(super) conversations: Vec<Conversation>,
    pub(super) requests: Vec<([u8; 32], Request)>,
    pub(super) entries: Vec<Entry>,
    pub(super) registers: Vec<KeptRegister>,
    pub(super) changes: Vec<(Change, ChangeTexts)>,
    pub(super) tasks: Vec<Task>,
    pub(super) suppressed: Vec<Mark>,
    pub(super) is_away: bool,
    records: Vec<Kept>,
}

struct Kept {
    subject: SubjectId,
    object: ObjectId,
    part: Part,
    category: Category,
    content: String,
    created_at: Timestamp,
    claims: Vec<Claim>,
}

#[derive(Default)]
pub(super) struct Memory(Mutex<State>);

impl Memory {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub(super) fn done<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> T,
    ) -> Answer<'static, T> {
        let mut state = self.state();
        let answer = if state.is_away {
            Err(StoreError::Unavailable)
        } else {
            Ok(work(&mut state))
        };
        Box::pin(async move { answer })
    }

    fn change(&self, id: SubjectId, change: impl Fn(&mut Person)) -> Answer<'static, ()> {
        self.done(|state| {
            let named = state.persons.iter_mut().filter(|person| person.id == id);
            named.for_each(change);
        })
    }

    fn add(&self, permit: &Permit<'_>, records: Vec<NewRecord>) {
        for new in records {
            let category = new.content.category().clone();
            // The one who writes has a permit for what they write.
            let content = new.content.reveal(permit).unwrap().clone();
            self.state().records.push(Kept {
                subject: new.subject,
                object: new.object,
                part: new.part,
                category,
                content,
                created_at: new.created_at,
                claims: new.claims,
            });
        }
    }

    fn read(
        &self,
        permit: &Permit<'_>,
        is_wanted: impl Fn(&Kept) -> bool,
    ) -> Answer<'static, Vec<Record>> {
        let wanted = |kept: &&Kept| is_wanted(kept) && permit.covers(&kept.category);
        self.done(|state| {
            let open = |kept: &Kept| Record {
                id: waarborg_domain::ids::RecordId(kept.object.0),
                object: kept.object,
                subject: kept.subject,
                service: "chat".into(),
                part: kept.part,
                category: kept.category.clone(),
                content: Personal::new(kept.category.clone(), kept.content.clone()),
                register_version: String::new(),
                created_at: kept.created_at,
                claims: kept.claims.clone(),
            };
            state.records.iter().filter(wanted).map(open).collect()
        })
    }

    fn erase(
        &self,
        is_wanted: impl Fn(&Kept) -> bool,
        entry: Entry,
    ) -> Answer<'static, ErasureReceipt> {
        self.done(|state| {
            let before = state.records.len();
            state.records.retain(|kept| !is_wanted(kept));
            state.entries.push(entry);
            ErasureReceipt {
                n_records: (before - state.records.len()) as u64,
                ..ErasureReceipt::default()
            }
        })
    }
}

impl Subjects for Memory {
    fn add_subject<'a>(
        &'a self,
        id: SubjectId,
        notice: &'a str,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        self.done(|state| {
            state.persons.push(Person {
                id,
                created_at: at,
                notice_version: notice.to_owned(),
                consents: Vec::new(),
                is_restricted: false,
                objections: Vec::new(),
            });
            state.entries.push(entry);
        })
    }

    fn acknowledge<'a>(
        &'a self,
        id: SubjectId,
        notice: &'a str,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.done(|state| {
            for person in state.persons.iter_mut().filter(|person| person.id == id) {
                notice.clone_into(&mut person.notice_version);
            }
        })
    }

    fn person(&self, id: SubjectId) -> Answer<'_, Option<Person>> {
        self.done(|state| state.persons.iter().find(|person| person.id == id).cloned())
    }

    fn restrict(&self, id: SubjectId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        self.change(id, |person| person.is_restricted = true)
    }

    fn lift(&self, id: SubjectId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        self.change(id, |person| person.is_restricted = false)
    }

    fn overrule<'a>(
        &'a self,
        id: SubjectId,
        purpose: &'a str,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.change(id, |person| {
            person.objections.retain(|known| known != purpose);
        })
    }

    fn object_to<'a>(
        &'a self,
        id: SubjectId,
        purpose: &'a str,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.change(id, |person| person.objections.push(purpose.to_owned()))
    }
}

impl Holds for Memory {
    fn propose_hold(&self, _: Hold, _: Entry) -> Answer<'_, ()> {
        self.done(|_| ())
    }

    fn agree_to_hold(
        &self,
        _: uuid::Uuid,
        _: SessionId,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn lift_hold(&self, _: uuid::Uuid, _: Timestamp, _: Entry) -> Answer<'_, bool> {
        self.done(|_| false)
    }

    fn holds(&self) -> Answer<'_, Vec<Hold>> {
        self.done(|_| Vec::new())
    }
}

impl Sightings for Memory {
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

impl Mails for Memory {
    fn set_aside<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Vec<Waiting>,
        _: Vec<NewRecord>,
    ) -> Answer<'a, ()> {
        self.done(|_| ())
    }

    fn release(&self, _: ObjectId, _: Entry) -> Answer<'_, u64> {
        self.done(|_| 0)
    }

    fn take_mail(&self, _: bool, _: Timestamp, _: Timestamp) -> Answer<'_, Option<Waiting>> {
        self.done(|_| None)
    }

    fn put_off(&self, _: uuid::Uuid, _: Timestamp, _: u32) -> Answer<'_, ()> {
        self.done(|_| ())
    }

    fn end_mail(&self, _: uuid::Uuid, _: MailEnd, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        self.done(|_| ())
    }

    fn end_job(&self, _: ObjectId, _: Timestamp, _: Entry) -> Answer<'_, u64> {
        self.done(|_| 0)
    }

    fn n_sent<'a>(&'a self, _: Mark, _: &'a str) -> Answer<'a, u64> {
        self.done(|_| 0)
    }

    fn happened(&self, _: SubjectId, _: Vec<Trigger>) -> Answer<'_, Vec<Happened>> {
        self.done(|_| Vec::new())
    }

    fn count_mails(&self, _: ObjectId) -> Answer<'_, MailCount> {
        self.done(|_| MailCount::default())
    }

    fn tidy_mails(&self, _: Timestamp, _: Timestamp) -> Answer<'_, u64> {
        self.done(|_| 0)
    }
}

impl Consents for Memory {
    fn answer<'a>(&'a self, consent: Consent, _: &'a TimeZone, _: Entry) -> Answer<'a, ()> {
        self.done(|state| {
            for person in state
                .persons
                .iter_mut()
                .filter(|person| person.id == consent.subject)
            {
                person.consents.push(consent.clone());
            }
        })
    }
}

impl Conversations for Memory {
    fn open(&self, conversation: Conversation, _: Entry) -> Answer<'_, ()> {
        self.done(|state| state.conversations.push(conversation))
    }

    fn conversation(&self, id: ObjectId) -> Answer<'_, Option<Conversation>> {
        self.done(|state| state.conversations.iter().find(|one| one.id == id).cloned())
    }

    fn conversations_of(&self, subject: SubjectId) -> Answer<'_, Vec<Conversation>> {
        self.done(|state| {
            state
                .conversations
                .iter()
                .filter(|one| one.subject == subject)
                .cloned()
                .collect()
        })
    }

    fn append<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        id: ObjectId,
        records: Vec<NewRecord>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'a, ()> {
        self.add(permit, records);
        self.done(|state| {
            state.entries.push(entry);
            for one in state.conversations.iter_mut().filter(|one| one.id == id) {
                one.first_message_at.get_or_insert(at);
            }
        })
    }
}

impl Records for Memory {
    fn put<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        records: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.add(permit, records);
        self.done(|_| ())
    }

    fn conclude<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        record: NewRecord,
        _: Trigger,
        _: &'a TimeZone,
        _: [Entry; 2],
    ) -> Answer<'a, bool> {
        self.add(permit, vec![record]);
        self.done(|_| true)
    }

    fn holders_of(&self, _: Part) -> Answer<'_, Vec<SubjectId>> {
        self.done(|_| Vec::new())
    }

    fn unconcluded(&self, _: Part) -> Answer<'_, Vec<(SubjectId, ObjectId)>> {
        self.done(|_| Vec::new())
    }

    fn of_object<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        object: ObjectId,
    ) -> Answer<'a, Vec<Record>> {
        self.read(permit, |kept| kept.object == object)
    }

    fn of_subject<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        subject: SubjectId,
    ) -> Answer<'a, Vec<Record>> {
        self.read(permit, |kept| kept.subject == subject)
    }

    fn event<'a>(
        &'a self,
        _: EventScope,
        _: &'a str,
        _: Timestamp,
        _: &'a TimeZone,
        _: Entry,
    ) -> Answer<'a, u64> {
        self.done(|_| 0)
    }

    fn take_back<'a>(&'a self, _: EventScope, _: &'a str, _: Entry) -> Answer<'a, u64> {
        self.done(|_| 0)
    }

    fn erase_object(
        &self,
        object: ObjectId,
        _: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        self.state().conversations.retain(|one| one.id != object);
        self.erase(|kept| kept.object == object, entry)
    }

    fn erase_subject(
        &self,
        subject: SubjectId,
        _: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        self.state()
            .conversations
            .retain(|one| one.subject != subject);
        self.state()
            .sessions
            .retain(|(_, session)| session.holder != SessionHolder::Visitor(subject));
        self.erase(|kept| kept.subject == subject, entry)
    }

    fn due(&self, _: Night) -> Answer<'_, RetentionReport> {
        self.done(|_| RetentionReport::default())
    }

    fn end_claims(&self, _: Night, _: Entry) -> Answer<'_, RetentionReport> {
        self.done(|_| RetentionReport::default())
    }
}

impl Requests for Memory {
    fn add<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        request: Request,
        secret: &'a Token,
        records: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, ()> {
        Self::add(self, permit, records);
        self.done(|state| state.requests.push((*secret.bytes(), request)))
    }

    fn add_receipt<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: RequestId,
        _: &'a Token,
        _: Vec<NewRecord>,
        _: Entry,
    ) -> Answer<'a, bool> {
        self.done(|_| false)
    }

    fn join<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: (RequestId, RequestId),
        _: Vec<NewRecord>,
        _: Timestamp,
        _: &'a TimeZone,
        _: Entry,
    ) -> Answer<'a, bool> {
        self.done(|_| false)
    }

    fn by_reference<'a>(
        &'a self,
        reference: &'a str,
        secret: &'a Token,
    ) -> Answer<'a, Option<Request>> {
        self.done(|state| {
            let fits = |(known, request): &&([u8; 32], Request)| {
                known == secret.bytes() && request.reference.as_str() == reference
            };
            state
                .requests
                .iter()
                .find(fits)
                .map(|(_, request)| request.clone())
        })
    }

    fn request(&self, id: RequestId) -> Answer<'_, Option<Request>> {
        self.done(|state| {
            state
                .requests
                .iter()
                .find(|(_, one)| one.id == id)
                .map(|(_, one)| one.clone())
        })
    }

    fn requests(&self) -> Answer<'_, Vec<Request>> {
        self.done(|state| state.requests.iter().map(|(_, one)| one.clone()).collect())
    }

    fn requests_of(&self, subject: SubjectId) -> Answer<'_, Vec<Request>> {
        self.done(|state| {
            state
                .requests
                .iter()
                .filter(|(_, one)| one.subject == subject)
                .map(|(_, one)| one.clone())
                .collect()
        })
    }

    fn move_to<'a>(
        &'a self,
        id: RequestId,
        stage: Stage,
        _: Timestamp,
        _: &'a TimeZone,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.done(|state| {
            for (_, request) in state.requests.iter_mut().filter(|(_, one)| one.id == id) {
                request.stage = stage;
            }
        })
    }
}

impl Casework for Memory {
    fn step<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        step: Step,
        _: Timestamp,
        _: &'a TimeZone,
        entry: Entry,
    ) -> Answer<'a, bool> {
        let is_open = |request: &Request| request.id == step.request && !request.stage.is_closed();
        let found = self.state().requests.iter().any(|(_, one)| is_open(one));
        if found {
            self.add(permit, step.records);
        }
        self.done(|state| {
            state.entries.push(entry);
            state.tasks.extend(step.tasks);
            let named = |(_, one): &&mut ([u8; 32], Request)| one.id == step.request;
            for (_, request) in state.requests.iter_mut().filter(named) {
                match step.onto {
                    Onto::Stay => {}
                    Onto::Stage(stage) => request.stage = stage,
                    Onto::Later(due) => {
                        request.due = due;
                        request.stage = Stage::Working;
                    }
                    Onto::Extended(due) => {
                        request.due = due;
                        request.stage = Stage::Extended;
                    }
                }
            }
            found
        })
    }

    fn correct<'a>(
        &'a self,
        _: &'a Permit<'a>,
        _: Vec<Corrected>,
        _: Timestamp,
        _: Entry,
    ) -> Answer<'a, u64> {
        unreachable!("no test here corrects")
    }

    fn tasks(&self) -> Answer<'_, Vec<Task>> {
        self.done(|state| state.tasks.clone())
    }

    fn end_task(&self, id: uuid::Uuid, end: TaskEnd, at: Timestamp, _: Entry) -> Answer<'_, bool> {
        self.done(|state| {
            let open = |task: &&mut Task| task.id == id && task.ended.is_none();
            let found = state.tasks.iter_mut().find(open);
            found.map(|task| task.ended = Some((end, at))).is_some()
        })
    }

    fn erase_slices(
        &self,
        subject: SubjectId,
        slices: Vec<Slice>,
        _: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ErasureReceipt> {
        let named = |kept: &Kept| slices.iter().any(|slice| kept.category == *slice.category);
        self.erase(|kept| kept.subject == subject && named(kept), entry)
    }
}

impl Sessions for Memory {
    fn begin<'a>(&'a self, session: Session, token: &'a Token, _: Option<Entry>) -> Answer<'a, ()> {
        self.done(|state| state.sessions.push((*token.bytes(), session)))
    }

    fn session<'a>(&'a self, token: &'a Token, now: Timestamp) -> Answer<'a, Option<Session>> {
        self.done(|state| {
            let fits = |(known, session): &&([u8; 32], Session)| {
                known == token.bytes() && session.expires_at > now
            };
            state
                .sessions
                .iter()
                .find(fits)
                .map(|(_, session)| session.clone())
        })
    }

    fn prolong(&self, id: SessionId, expires_at: Timestamp) -> Answer<'_, ()> {
        self.done(|state| {
            for (_, session) in state
                .sessions
                .iter_mut()
                .filter(|(_, known)| known.id == id)
            {
                session.expires_at = expires_at;
            }
        })
    }

    fn end(&self, id: SessionId) -> Answer<'_, ()> {
        self.done(|state| state.sessions.retain(|(_, session)| session.id != id))
    }

    fn add_ticket<'a>(
        &'a self,
        ticket: ConsoleTicket,
        token: &'a Token,
        _: Entry,
    ) -> Answer<'a, ()> {
        self.done(|state| state.tickets.push((*token.bytes(), ticket)))
    }

    fn take_ticket<'a>(
        &'a self,
        token: &'a Token,
        _: Timestamp,
    ) -> Answer<'a, Option<ConsoleTicket>> {
        self.done(|state| {
            let at = state
                .tickets
                .iter()
                .position(|(known, _)| known == token.bytes())?;
            Some(state.tickets.remove(at).1)
        })
    }
}

impl GatewayKeys for Memory {
    fn issue<'a>(&'a self, _: GatewayKey, _: &'a Token, _: Entry) -> Answer<'a, ()> {
        self.done(|_| ())
    }

    fn gateway_key<'a>(&'a self, _: &'a Token) -> Answer<'a, Option<GatewayKey>> {
        self.done(|_| None)
    }

    fn gateway_key_by_id(&self, _: GatewayKeyId) -> Answer<'_, Option<GatewayKey>> {
        self.done(|_| None)
    }

    fn gateway_keys(&self) -> Answer<'_, Vec<GatewayKey>> {
        self.done(|_| Vec::new())
    }

    fn use_up(&self, _: waarborg_usecase::ports::Used) -> Answer<'_, u64> {
        Box::pin(async { Err(StoreError::Unavailable) })
    }

    fn revoke(&self, _: GatewayKeyId, _: Timestamp, _: Entry) -> Answer<'_, ()> {
        self.done(|_| ())
    }
}

impl Registers for Memory {
    fn keep_register(&self, register: KeptRegister, _: Entry) -> Answer<'_, ()> {
        self.done(|state| state.registers.push(register))
    }

    fn registers(&self) -> Answer<'_, Vec<KeptRegister>> {
        self.done(|state| state.registers.clone())
    }

    fn begin_change(&self, change: Change, texts: ChangeTexts, _: Entry) -> Answer<'_, ()> {
        self.done(|state| state.changes.push((change, texts)))
    }

    fn step_change(
        &self,
        id: uuid::Uuid,
        seen: usize,
        step: ChangeStep,
        says: Option<(String, ChangeTexts)>,
        _: Entry,
    ) -> Answer<'_, bool> {
        self.done(|state| {
            let found = state.changes.iter_mut().find(|(change, _)| change.id == id);
            let Some((change, texts)) = found.filter(|(change, _)| change.steps.len() == seen)
            else {
                return false;
            };
            change.steps.push(step);
            if let Some((base, said)) = says {
                (change.base, *texts) = (base, said);
            }
            true
        })
    }

    fn tell_change(
        &self,
        (id, seen): (uuid::Uuid, usize),
        step: ChangeStep,
        _: ObjectId,
        (noted, _): (Entry, Entry),
    ) -> Answer<'_, bool> {
        self.step_change(id, seen, step, None, noted)
    }

    fn changes(&self) -> Answer<'_, Vec<Change>> {
        self.done(|state| {
            state
                .changes
                .iter()
                .map(|(change, _)| change.clone())
                .collect()
        })
    }

    fn change_texts(&self, id: uuid::Uuid) -> Answer<'_, Option<ChangeTexts>> {
        self.done(|state| {
            let found = state.changes.iter().find(|(change, _)| change.id == id);
            found.map(|(_, texts)| texts.clone())
        })
    }
}
