//! Four people in a store, the work that is done on one of them, and what can be seen of it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uuid::Uuid;
use waarborg_domain::decision::Slice;
use waarborg_domain::entry::Act;
use waarborg_domain::ids::{ObjectId, RecordId, RequestId, SubjectId, Token};
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::Basis;
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Casework as _, Conversations as _, Corrected, Records as _, Requests as _, SessionHolder,
    Sessions as _, Subjects as _, Trail as _,
};

use crate::contract::{request, session};
use crate::house::{self, House, copy_folder, entry, erased, new_id, night, now, permit, register};

/// What may stop at every step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    ErasePerson,
    EraseConversation,
    EraseSlices,
    Night,
    Rectify,
    Restore,
    /// A start after the keys of a person went and the power with them.
    Start,
}

impl Work {
    pub(super) const ALL: [Self; 7] = [
        Self::ErasePerson,
        Self::EraseConversation,
        Self::EraseSlices,
        Self::Night,
        Self::Rectify,
        Self::Restore,
        Self::Start,
    ];

    pub(super) fn named(name: &str) -> Self {
        let named = |work: &Self| format!("{work:?}") == name;
        Self::ALL.into_iter().find(named).unwrap()
    }

    /// Whether the store is open before the first step.
    const fn is_of_an_open_store(self) -> bool {
        !matches!(self, Self::Restore | Self::Start)
    }
}

/// What was said, to be looked for; made anew in every scene.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) erased: String,
    corrected: String,
}

/// Whom the work is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cast {
    // Erased, corrected; has two conversations, a bill and a request.
    one: SubjectId,
    // In the same shard of the keys.
    neighbour: SubjectId,
    other: SubjectId,
    // Of whom nothing is kept.
    idle: SubjectId,
    pub(super) talk: ObjectId,
    other_talk: ObjectId,
    record: RecordId,
    request: RequestId,
    visit: [u8; 32],
}

impl Cast {
    /// In one line, for a child.
    pub(super) fn write(&self) -> String {
        let ids = [
            self.one.0,
            self.neighbour.0,
            self.other.0,
            self.idle.0,
            self.talk.0,
            self.other_talk.0,
            self.record.0,
            self.request.0,
        ];
        let visit = self.visit.map(|byte| byte.to_string()).join(",");
        let ids = ids.map(|id| id.to_string()).join(" ");
        format!("{ids} {visit}")
    }

    pub(super) fn read(line: &str) -> Self {
        let words: Vec<&str> = line.split(' ').collect();
        let id = |nth: usize| -> Uuid { words[nth].parse().unwrap() };
        let mut visit = [0; 32];
        for (byte, number) in visit.iter_mut().zip(words[8].split(',')) {
            *byte = number.parse().unwrap();
        }
        Self {
            one: SubjectId(id(0)),
            neighbour: SubjectId(id(1)),
            other: SubjectId(id(2)),
            idle: SubjectId(id(3)),
            talk: ObjectId(id(4)),
            other_talk: ObjectId(id(5)),
            record: RecordId(id(6)),
            request: RequestId(id(7)),
            visit,
        }
    }
}

/// Everything that can be seen of a store, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) facts: Vec<String>,
    /// The acts in the log, and how many lines each person finds about themselves.
    pub(super) said: Vec<String>,
}

/// A store in which the work was not done yet, and how it looks before and after.
pub(super) struct Scene {
    pub(super) house: House,
    pub(super) work: Work,
    pub(super) said: Said,
    pub(super) cast: Cast,
    /// Sealed bytes that the work ends.
    pub(super) sealed: Vec<Vec<u8>>,
}

impl Scene {
    pub(super) async fn set(mut house: House, work: Work) -> Self {
        let number = house::random::<12>()
            .map(|byte| format!("{byte:02x}"))
            .concat();
        let said = Said {
            erased: format!("kanarie-{number}-é"),
            corrected: "gecorrigeerd".to_owned(),
        };
        let cast = people(&house, &said).await;
        let backup = house.back_up().await;
        std::fs::rename(backup, house.file("backup")).unwrap();
        let mut sealed = Vec::new();
        if work == Work::Restore {
            // All that a restore must do again, and a line that it takes away.
            sealed = sealed_bytes(&house, &cast);
            carry_out(Work::Rectify, house.store(), &cast, &said).await;
            carry_out(Work::ErasePerson, house.store(), &cast, &said).await;
            carry_out(Work::Night, house.store(), &cast, &said).await;
            house.say(cast.other, cast.other_talk, "na de kopie").await;
        }
        house.close();
        if work == Work::Start {
            sealed = sealed_bytes(&house, &cast);
            let data = house.file("data-before");
            copy_folder(&house.settings.data, &data);
            house.restart();
            carry_out(Work::ErasePerson, house.store(), &cast, &said).await;
            house.close();
            copy_folder(&data, &house.settings.data);
            std::fs::remove_dir_all(data).unwrap();
            std::fs::remove_file(house.settings.keys.join("log.checkpoint")).unwrap();
        } else if sealed.is_empty() {
            sealed = sealed_bytes(&house, &cast);
        }
        Self {
            house,
            work,
            said,
            cast,
            sealed,
        }
    }

    pub(super) fn backup(&self) -> PathBuf {
        self.house.file("backup")
    }

    /// Does the work in a program of its own, which stops at its `nth` step, or not at all if that is zero.
    pub(super) fn run_child(
        &self,
        settings: &Settings,
        library: &Path,
        nth: u32,
        how: &str,
    ) -> Output {
        let place = settings.data.parent().unwrap();
        let stash = self.house.file("stash");
        std::fs::create_dir_all(&stash).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["every_step::the_work_of_a_child", "--exact", "--nocapture"])
            .env("LD_PRELOAD", library)
            .env("STOP_AT", nth.to_string())
            .env("STOP_HOW", how)
            .env("STOP_STASH", &stash)
            .env("WAARBORG_STOPPED_WORK", format!("{:?}", self.work))
            .env("WAARBORG_STOPPED_PLACE", place)
            .env("WAARBORG_STOPPED_CAST", self.cast.write())
            .env("WAARBORG_STOPPED_SAID", &self.said.erased)
            .env("WAARBORG_STOPPED_BACKUP", self.backup());
        if let waarborg_store::Backend::Postgres(url) = &settings.backend {
            child.env("WAARBORG_STOPPED_POSTGRES", url);
        }
        child.output().unwrap()
    }

    /// Opens the store and does the work, as who was stopped would.
    pub(super) async fn again(&self, settings: &Settings) -> Look {
        let archive = do_in(self.work, settings, &self.cast, &self.said, &self.backup()).await;
        look(&archive, &self.cast).await
    }
}

/// What a child does: counting begins when it makes the file `armed`.
pub(super) async fn work_of_a_child() {
    let said = |name: &str| std::env::var(format!("WAARBORG_STOPPED_{name}"));
    let Ok(work) = said("WORK") else { return };
    let place = PathBuf::from(said("PLACE").unwrap());
    let mut settings = settings_in(&place);
    if let Ok(url) = said("POSTGRES") {
        settings = settings.on_postgres(&url);
    }
    let cast = Cast::read(&said("CAST").unwrap());
    let canary = Said {
        erased: said("SAID").unwrap(),
        corrected: "gecorrigeerd".to_owned(),
    };
    let backup = PathBuf::from(said("BACKUP").unwrap());
    let work = Work::named(&work);
    let armed = place.join("armed");
    if work.is_of_an_open_store() {
        let archive = Archive::open(settings).unwrap();
        std::fs::write(armed, b"").unwrap();
        carry_out(work, &archive, &cast, &canary).await;
    } else {
        std::fs::write(armed, b"").unwrap();
        do_in(work, &settings, &cast, &canary, &backup).await;
    }
}

/// The settings of a store in a folder, with a mirror of its keys where there is one.
pub(super) fn settings_in(folder: &Path) -> Settings {
    Settings {
        reserve_bytes: 1 << 16,
        n_readers: 1,
        keys_mirror: Some(folder.join("mirror")).filter(|mirror| mirror.is_dir()),
        ..Settings::in_folder(folder)
    }
}

async fn do_in(
    work: Work,
    settings: &Settings,
    cast: &Cast,
    said: &Said,
    backup: &Path,
) -> Archive {
    if work == Work::Restore {
        let restored = Archive::restore(settings.clone(), backup, &entry(Act::Restored));
        return restored.unwrap().0;
    }
    let archive = Archive::open(settings.clone()).unwrap();
    if work.is_of_an_open_store() {
        carry_out(work, &archive, cast, said).await;
    }
    archive
}

async fn carry_out(work: Work, store: &Archive, cast: &Cast, said: &Said) {
    match work {
        Work::ErasePerson => {
            let done = store.erase_subject(cast.one, now(), erased(cast.one));
            done.await.unwrap();
        }
        Work::EraseConversation => {
            let noted = entry(Act::ConversationDeleted).about(cast.one);
            store.erase_object(cast.talk, now(), noted).await.unwrap();
        }
        Work::EraseSlices => {
            let slice = Slice {
                category: "user_content".to_owned(),
                purpose: "provide".to_owned(),
                basis: Basis::Contract,
            };
            let noted = entry(Act::RequestDecided).about(cast.one);
            let done = store.erase_slices(cast.one, vec![slice], now(), noted);
            done.await.unwrap();
        }
        Work::Night => {
            let done = store.end_claims(night(31), entry(Act::RetentionRun));
            done.await.unwrap();
        }
        Work::Rectify => {
            let register = register();
            let corrected = Corrected {
                id: cast.record,
                subject: cast.one,
                content: Personal::new(
                    Category::from_stored("user_content"),
                    said.corrected.clone(),
                ),
            };
            let noted = entry(Act::Rectified).about(cast.one);
            let permit = permit(&register, "provide");
            let done = store.correct(&permit, vec![corrected], now(), noted);
            done.await.unwrap();
        }
        Work::Restore | Work::Start => {}
    }
}

async fn people(house: &House, said: &Said) -> Cast {
    let store = house.store();
    let one = house.person().await;
    let mut bytes = new_id().into_bytes();
    bytes[15] = one.0.as_bytes()[15];
    let neighbour = SubjectId(Uuid::from_bytes(bytes));
    let seen = entry(Act::NoticeAcknowledged).about(neighbour);
    store
        .add_subject(neighbour, "1", now(), seen)
        .await
        .unwrap();
    let (other, idle) = (house.person().await, house.person().await);

    let talk = house.conversation(one).await;
    let record = house.say(one, talk, &said.erased).await;
    house
        .say(one, talk, &format!("nog eens {}", said.erased))
        .await;
    let second = house.conversation(one).await;
    house.say(one, second, &said.erased).await;
    let permit = house.permit("provide");
    let bill = house.record(one, second, "invoice", "rekening 7");
    let noted = entry(Act::TurnKept).about(one);
    store.put(&permit, vec![bill], noted).await.unwrap();
    let asked = request(one);
    house
        .receive(&asked, &Token::new(house::random()), &[&said.erased])
        .await;
    let visit = house::random();
    let sitting = session(SessionHolder::Visitor(one));
    store
        .begin(sitting, &Token::new(visit), None)
        .await
        .unwrap();

    let beside = house.conversation(neighbour).await;
    house.say(neighbour, beside, "blijft naast").await;
    let other_talk = house.conversation(other).await;
    house.say(other, other_talk, "blijft").await;
    let bill = house.record(other, other_talk, "invoice", "rekening 8");
    let noted = entry(Act::TurnKept).about(other);
    store.put(&permit, vec![bill], noted).await.unwrap();
    Cast {
        one,
        neighbour,
        other,
        idle,
        talk,
        other_talk,
        record,
        request: asked.id,
        visit,
    }
}

/// Everything that the ports tell. Whoever finds nothing wrong here finds nothing half done.
pub(super) async fn look(store: &Archive, cast: &Cast) -> Look {
    let register = register();
    let (mut facts, mut said) = (Vec::new(), Vec::new());
    let people = [
        ("one", cast.one),
        ("neighbour", cast.neighbour),
        ("other", cast.other),
        ("idle", cast.idle),
    ];
    for (name, subject) in people {
        let person = store.person(subject).await.unwrap();
        facts.push(format!(
            "{name}: {:?}",
            person.map(|person| person.notice_version)
        ));
        let conversations = store.conversations_of(subject).await.unwrap();
        facts.push(format!("{name} has {} conversations", conversations.len()));
        let lines = store.trail_of(subject).await.unwrap();
        said.push(format!("{name} has {} lines", lines.len()));
        let asked = store.requests_of(subject).await.unwrap();
        facts.push(format!("{name} asked {asked:?}"));
        for purpose in ["provide", "bookkeeping"] {
            let permit = permit(&register, purpose);
            for record in store.of_subject(&permit, subject).await.unwrap() {
                let text = record.content.reveal(&permit).unwrap();
                let claims: Vec<String> = record
                    .claims
                    .iter()
                    .map(|claim| format!("{} {:?}", claim.rule.rule, claim.ends_at))
                    .collect();
                facts.push(format!("{name}, {purpose}: {text} {claims:?}"));
            }
        }
    }
    let visit = Token::new(cast.visit);
    let sitting = store.session(&visit, now()).await.unwrap().is_some();
    facts.push(format!("a session: {sitting}"));
    let asked = store.request(cast.request).await.unwrap().is_some();
    facts.push(format!("a request: {asked}"));
    for days in [1, 31, 400, 4000] {
        facts.push(format!("{:?}", store.due(night(days)).await.unwrap()));
    }

    let report = store.verify().await.unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let acts = store
        .latest(None, 1000)
        .await
        .unwrap()
        .into_iter()
        .filter_map(|line| line.payload)
        .map(|payload| {
            let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
            payload["act"].as_str().unwrap().to_owned()
        });
    said.extend(acts);
    said.sort();
    Look { facts, said }
}

/// The sealed bytes of what a person said, out of an SQLite store; none where the data is elsewhere.
fn sealed_bytes(house: &House, cast: &Cast) -> Vec<Vec<u8>> {
    let file = house.settings.data.join("waarborg.db");
    if !file.exists() {
        return Vec::new();
    }
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection
        .prepare("select sealed from records where id = ?1")
        .unwrap();
    statement
        .query_map([cast.record.0.as_bytes()], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect()
}
