//! A house to test in: a register, ids, and a store on either database.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;
use waarborg_domain::claim::{Circumstances, Trigger};
use waarborg_domain::conversation::{Conversation, History};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId, Token};
use waarborg_domain::law::Law;
use waarborg_domain::permit::{Ask, HeldConsent, Permit, PersonState};
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::Register;
use waarborg_domain::rights::Request;
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Claim, Conversations as _, ErasureReceipt, NewRecord, Night, Part, Records as _, Requests as _,
    Subjects as _,
};

/// Where a test keeps its things, and with which store.
pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) settings: Settings,
    pub(crate) register: Register,
    archive: Option<Archive>,
}

impl House {
    pub(crate) fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = small(Settings::in_folder(folder.path()));
        Self::in_place(folder, settings)
    }

    /// A house in a new database of the server in `WAARBORG_TEST_POSTGRES`; `None` where there is none.
    pub(crate) async fn on_postgres() -> Option<Self> {
        let Ok(server) = std::env::var("WAARBORG_TEST_POSTGRES") else {
            eprintln!(
                "SKIPPED: no PostgreSQL (WAARBORG_TEST_POSTGRES, or tests/with-postgres cargo test …)"
            );
            return None;
        };
        let name = format!(
            "waarborg_{}",
            random::<8>().map(|byte| format!("{byte:02x}")).concat()
        );
        let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls)
            .await
            .unwrap();
        tokio::spawn(connection);
        client
            .batch_execute(&format!("create database {name}"))
            .await
            .unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();

        let folder = tempfile::tempdir().unwrap();
        let settings =
            small(Settings::in_folder(folder.path())).on_postgres(&format!("{base}/{name}"));
        Some(Self::in_place(folder, settings))
    }

    fn in_place(folder: tempfile::TempDir, settings: Settings) -> Self {
        let archive = Some(Archive::open(settings.clone()).unwrap());
        Self {
            folder,
            settings,
            register: register(),
            archive,
        }
    }

    pub(crate) fn store(&self) -> &Archive {
        self.archive.as_ref().unwrap()
    }

    /// Closes the store and opens it again, as a restart does.
    pub(crate) fn restart(&mut self) {
        self.archive = None;
        self.archive = Some(Archive::open(self.settings.clone()).unwrap());
    }

    pub(crate) fn close(&mut self) {
        self.archive = None;
    }

    pub(crate) fn restore(&mut self, file: &Path) -> waarborg_store::Restored {
        self.archive = None;
        let (archive, restored) =
            Archive::restore(self.settings.clone(), file, &entry(Act::Restored)).unwrap();
        self.archive = Some(archive);
        restored
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn permit(&self, purpose: &str) -> Permit<'_> {
        permit(&self.register, purpose)
    }

    /// A person who saw the notice.
    pub(crate) async fn person(&self) -> SubjectId {
        let subject = SubjectId(new_id());
        self.store()
            .add_subject(
                subject,
                "1",
                now(),
                entry(Act::NoticeAcknowledged).about(subject),
            )
            .await
            .unwrap();
        subject
    }

    /// An empty conversation of a person.
    pub(crate) async fn conversation(&self, subject: SubjectId) -> ObjectId {
        let id = ObjectId(new_id());
        let conversation = Conversation {
            id,
            subject,
            service: "chat".to_owned(),
            model: "model".to_owned(),
            history: History::On,
            opened_at: now(),
            first_message_at: None,
        };
        let entry = entry(Act::ConversationOpened).about(subject).on(id.0);
        self.store().open(conversation, entry).await.unwrap();
        id
    }

    /// Says something in a conversation.
    pub(crate) async fn say(&self, subject: SubjectId, id: ObjectId, text: &str) -> RecordId {
        let record = self.record(subject, id, "user_content", text);
        let key = record.id;
        let entry = entry(Act::TurnKept).about(subject).on(id.0);
        self.store()
            .append(&self.permit("provide"), id, vec![record], now(), entry)
            .await
            .unwrap();
        key
    }

    /// Receives a request with these words, or without any.
    pub(crate) async fn receive(&self, request: &Request, secret: &Token, words: &[&str]) {
        let object = ObjectId(request.id.0);
        let mut records = vec![NewRecord {
            part: Part::Case,
            ..self.record(request.subject, object, "request_case", "zaak")
        }];
        for text in words {
            records.push(NewRecord {
                part: Part::Words,
                ..self.record(request.subject, object, "user_content", text)
            });
        }
        let entry = entry(Act::RequestReceived).about(request.subject);
        self.store()
            .add(
                &self.permit("provide"),
                request.clone(),
                secret,
                records,
                entry,
            )
            .await
            .unwrap();
    }

    /// A new person who said this in a new conversation.
    pub(crate) async fn talk(&self, text: &str) -> (SubjectId, ObjectId) {
        let subject = self.person().await;
        let id = self.conversation(subject).await;
        self.say(subject, id, text).await;
        (subject, id)
    }

    /// What can be read of an object, oldest first.
    pub(crate) async fn texts(&self, id: ObjectId) -> Vec<String> {
        let permit = self.permit("provide");
        let records = self.store().of_object(&permit, id).await.unwrap();
        records
            .iter()
            .map(|record| record.content.reveal(&permit).unwrap().clone())
            .collect()
    }

    /// Erases a person, as they asked.
    pub(crate) async fn erase(&self, subject: SubjectId) -> ErasureReceipt {
        self.store()
            .erase_subject(subject, now(), erased(subject))
            .await
            .unwrap()
    }

    /// Writes a backup of the data to a new file.
    pub(crate) async fn back_up(&self) -> PathBuf {
        let name = random::<8>().map(|byte| format!("{byte:02x}")).concat();
        let file = self.file(&format!("backup-{name}"));
        self.store()
            .backup(&file, entry(Act::BackupMade))
            .await
            .unwrap();
        file
    }

    /// A record with the claims that the register lays on it.
    pub(crate) fn record(
        &self,
        subject: SubjectId,
        object: ObjectId,
        category: &str,
        text: &str,
    ) -> NewRecord {
        new_record(&self.register, subject, object, category, text)
    }
}

pub(crate) fn new_record(
    register: &Register,
    subject: SubjectId,
    object: ObjectId,
    category: &str,
    text: &str,
) -> NewRecord {
    let circumstances = Circumstances::none()
        .with("history", "off")
        .consented("newsletter");
    let claims = register
        .claims("chat", category, &circumstances)
        .into_iter()
        .map(|rule| {
            let waits = matches!(
                rule.trigger,
                Trigger::ConsentWithdrawn | Trigger::CaseClosed
            );
            let started_at = (!waits).then(now);
            let ends_at = started_at.and_then(|at| rule.ends_at(at, &TimeZone::UTC));
            Claim {
                rule,
                started_at,
                ends_at,
            }
        });
    NewRecord {
        id: RecordId(new_id()),
        object,
        subject,
        service: "chat".to_owned(),
        part: Part::Said,
        content: Personal::new(Category::from_stored(category), text.to_owned()),
        register_version: register.version().to_owned(),
        created_at: now(),
        claims: claims.collect(),
    }
}

pub(crate) fn permit<'r>(register: &'r Register, purpose: &str) -> Permit<'r> {
    let person = PersonState {
        notice_seen: true,
        consents: vec![HeldConsent {
            purpose: "newsletter".to_owned(),
            entity: "voorbeeld".to_owned(),
            text_version: "1".to_owned(),
        }],
        ..PersonState::default()
    };
    let today = now().to_zoned(TimeZone::UTC).date();
    register
        .permit(&Ask {
            service: "chat",
            purpose,
            person: &person,
            today,
        })
        .unwrap()
}

pub(crate) fn register() -> Register {
    // Compiling takes longer than most tests.
    static REGISTER: LazyLock<Register> = LazyLock::new(|| compiled(include_str!("register.toml")));
    REGISTER.clone()
}

/// The same register in another file.
pub(crate) fn later_register() -> Register {
    compiled(&format!("{}\n# later\n", include_str!("register.toml")))
}

fn compiled(source: &str) -> Register {
    let today = now().to_zoned(TimeZone::UTC).date();
    let law = Law::shipped().unwrap();
    match Register::compile(source, "register.toml", &law, today) {
        Ok(register) => register,
        Err(faults) => panic!("{faults:#?}"),
    }
}

pub(crate) fn entry(act: Act) -> Entry {
    Entry::new(now(), Actor::House, act)
}

/// The line about the erasure of a person who asked for it.
pub(crate) fn erased(subject: SubjectId) -> Entry {
    Entry::new(now(), Actor::Subject(subject), Act::SubjectErased).about(subject)
}

/// Makes a folder hold the same files as another one, and no others.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for place in std::fs::read_dir(from).unwrap() {
        let path = place.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// The day on which the tests play.
pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub(crate) fn days_later(days: i64) -> Timestamp {
    now() + (24 * days).hours()
}

/// A retention run that many days later, with a day's patience.
pub(crate) fn night(days: i64) -> Night {
    Night {
        now: days_later(days),
        idle_since: days_later(days - 1),
        late_since: days_later(days - 1),
    }
}

pub(crate) fn new_id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // Ordered in time in front, random at the end, as the program's own ids are.
    Uuid::from_u64_pair(number, u64::from_be_bytes(random()))
}

pub(crate) fn token() -> Token {
    Token::new(random())
}

pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn small(mut settings: Settings) -> Settings {
    settings.reserve_bytes = 1 << 16;
    settings
}
