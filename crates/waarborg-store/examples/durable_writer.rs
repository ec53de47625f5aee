//! A mixed load that says what was acknowledged, and a check that all of it is there: for kill and power-cut tests.
//!
//! ```text
//! durable_writer write FOLDER          prints one line per acknowledgement until it is stopped
//! durable_writer check FOLDER LIST     exit 0 if every line of LIST is true
//! durable_writer check-cut FOLDER LIST the same after a power cut, which may lose the prompts of the last moment
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::claim::Circumstances;
use waarborg_domain::conversation::{Conversation, History};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::law::Law;
use waarborg_domain::permit::{Ask, Permit, PersonState};
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::Register;
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Claim, Conversations as _, NewRecord, Part, Records as _, Subjects as _, Trail as _,
};

type Failure = Box<dyn Error + Send + Sync>;

const N_WRITERS: usize = 8;
/// Prompts before each person; then comes a write that is on the disk before it is acknowledged, and they with it.
const N_PROMPTS: usize = 3;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [_, "write", folder] => write(Path::new(folder)).await,
        [_, "check", folder, list] => check(Path::new(folder), Path::new(list), 0).await,
        [_, "check-cut", folder, list] => {
            check(Path::new(folder), Path::new(list), N_WRITERS * N_PROMPTS).await
        }
        _ => Err("durable_writer write FOLDER | check[-cut] FOLDER LIST".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say_wrong(&*failure);
            ExitCode::FAILURE
        }
    }
}

async fn write(folder: &Path) -> Result<(), Failure> {
    let archive = Arc::new(open(folder)?);
    let register = Arc::new(register()?);
    let writers = (0..N_WRITERS).map(|_| {
        let (archive, register) = (Arc::clone(&archive), Arc::clone(&register));
        tokio::spawn(async move {
            loop {
                one_person(&archive, &register).await?;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        let ended: Result<(), Failure> = writer.await?;
        ended?;
    }
    Ok(())
}

/// A person comes, talks and, one in three, is erased again. Meanwhile prompts go to a model.
async fn one_person(archive: &Archive, register: &Register) -> Result<(), Failure> {
    for _ in 0..N_PROMPTS {
        let prompt = new_id()?;
        archive
            .note(Entry::new(now(), Actor::House, Act::PromptSent).on(prompt))
            .await?;
        acknowledged("prompt", prompt)?;
    }
    let subject = SubjectId(new_id()?);
    let entry = |act| Entry::new(now(), Actor::Subject(subject), act).about(subject);
    archive
        .add_subject(subject, "1", now(), entry(Act::NoticeAcknowledged))
        .await?;
    acknowledged("person", subject.0)?;
    let id = ObjectId(new_id()?);
    let conversation = Conversation {
        id,
        subject,
        service: "chat".to_owned(),
        model: "model".to_owned(),
        history: History::On,
        opened_at: now(),
        first_message_at: None,
    };
    archive
        .open(conversation, entry(Act::ConversationOpened))
        .await?;
    for _ in 0..5 {
        let record = record(register, subject, id)?;
        let key = record.id.0;
        archive
            .append(
                &permit(register)?,
                id,
                vec![record],
                now(),
                entry(Act::TurnKept),
            )
            .await?;
        acknowledged("record", key)?;
    }
    archive
        .record(Entry::new(now(), Actor::House, Act::ConsoleViewed))
        .await?;
    if subject.0.as_u128().is_multiple_of(3) {
        archive
            .erase_subject(subject, now(), entry(Act::SubjectErased))
            .await?;
        acknowledged("erased", subject.0)?;
    }
    Ok(())
}

/// One write for one line, so that a line is whole or not there.
fn acknowledged(what: &str, id: Uuid) -> Result<(), Failure> {
    let line = format!("{what} {id}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    Ok(out.flush()?)
}

async fn check(folder: &Path, list: &Path, n_losable: usize) -> Result<(), Failure> {
    let archive = open(folder)?;
    let register = register()?;
    let report = archive.verify().await?;
    if !report.faults.is_empty() {
        return Err(format!("the log is not whole: {:?}", report.faults).into());
    }

    let mut said = Vec::new();
    for line in BufReader::new(std::fs::File::open(list)?).lines() {
        let line = line?;
        if let Some((what, id)) = line.split_once(' ') {
            said.push((what.to_owned(), id.parse::<Uuid>()?));
        }
    }
    let erased: Vec<Uuid> = said
        .iter()
        .filter(|(what, _)| what == "erased")
        .map(|(_, id)| *id)
        .collect();
    let noted = noted(&archive).await?;
    let mut owner = Uuid::nil();
    let mut n_unwritten = 0;
    let mut n_missing = 0;
    let mut n_back = 0;
    // Records of one person are not in one run of lines, so every record is looked up by itself.
    let found = found(&archive, &register, &said).await?;
    for (what, id) in &said {
        match what.as_str() {
            "person" => owner = *id,
            "prompt" => match noted.get(id) {
                None => n_unwritten += 1,
                Some(1) => {}
                Some(_) => return Err(format!("prompt {id} is in the log more than once").into()),
            },
            "record" => n_missing += usize::from(!found.records.contains(id)),
            "erased" => n_back += usize::from(found.people.contains(id)),
            other => return Err(format!("{other} after {owner} was never said").into()),
        }
    }
    // The records of an erased person are rightly gone: five each.
    let n_rightly = found.n_rightly_gone;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} lines, {} erased, {n_unwritten} prompts not in the log, {n_missing} records gone of which {n_rightly} rightly, {n_back} back",
        said.len(),
        erased.len()
    )?;
    if n_missing > n_rightly || n_back > 0 || n_unwritten > n_losable {
        return Err("something acknowledged is lost, or something erased is back".into());
    }
    Ok(())
}

/// How often each prompt stands in the log.
async fn noted(archive: &Archive) -> Result<BTreeMap<Uuid, u32>, Failure> {
    let mut noted = BTreeMap::new();
    for line in archive.latest(None, u32::MAX).await? {
        let Some(payload) = line.payload else {
            continue;
        };
        let payload: serde_json::Value = serde_json::from_str(&payload)?;
        if payload.get("act").and_then(serde_json::Value::as_str) != Some(Act::PromptSent.name()) {
            continue;
        }
        if let Some(prompt) = payload.get("object").and_then(serde_json::Value::as_str) {
            *noted.entry(prompt.parse()?).or_default() += 1;
        }
    }
    Ok(noted)
}

struct Found {
    people: Vec<Uuid>,
    records: std::collections::HashSet<Uuid>,
    n_rightly_gone: usize,
}

async fn found(
    archive: &Archive,
    register: &Register,
    said: &[(String, Uuid)],
) -> Result<Found, Failure> {
    let mut found = Found {
        people: Vec::new(),
        records: std::collections::HashSet::new(),
        n_rightly_gone: 0,
    };
    let permit = permit(register)?;
    for (_, subject) in said.iter().filter(|(what, _)| what == "person") {
        if archive.person(SubjectId(*subject)).await?.is_none() {
            // Erased, or on its way there when the power went: the erasure came after all five were acknowledged.
            found.n_rightly_gone += usize::from(subject.as_u128().is_multiple_of(3)) * 5;
            continue;
        }
        found.people.push(*subject);
        for record in archive.of_subject(&permit, SubjectId(*subject)).await? {
            found.records.insert(record.id.0);
        }
    }
    Ok(found)
}

fn open(folder: &Path) -> Result<Archive, Failure> {
    let settings = Settings {
        reserve_bytes: 1 << 20,
        // Where there is a folder for it, the keys exist twice.
        keys_mirror: Some(folder.join("mirror")).filter(|mirror| mirror.is_dir()),
        ..Settings::in_folder(folder)
    };
    Ok(Archive::open(settings)?)
}

fn register() -> Result<Register, Failure> {
    let today = now().to_zoned(TimeZone::UTC).date();
    Register::compile(
        include_str!("../tests/it/register.toml"),
        "register.toml",
        &Law::shipped()?,
        today,
    )
    .map_err(|faults| format!("{faults:?}").into())
}

fn permit(register: &Register) -> Result<Permit<'_>, Failure> {
    let person = PersonState {
        notice_seen: true,
        ..PersonState::default()
    };
    let today = now().to_zoned(TimeZone::UTC).date();
    let ask = Ask {
        service: "chat",
        purpose: "provide",
        person: &person,
        today,
    };
    register
        .permit(&ask)
        .map_err(|refusal| format!("{refusal:?}").into())
}

fn record(register: &Register, subject: SubjectId, object: ObjectId) -> Result<NewRecord, Failure> {
    let circumstances = Circumstances::none().with("history", "off");
    let claims = register
        .claims("chat", "user_content", &circumstances)
        .into_iter()
        .map(|rule| {
            let ends_at = rule.ends_at(now(), &TimeZone::UTC);
            Claim {
                rule,
                started_at: Some(now()),
                ends_at,
            }
        });
    Ok(NewRecord {
        id: RecordId(new_id()?),
        object,
        subject,
        service: "chat".to_owned(),
        part: Part::Said,
        content: Personal::new(
            Category::from_stored("user_content"),
            "een bericht van gewone lengte ".repeat(4),
        ),
        register_version: register.version().to_owned(),
        created_at: now(),
        claims: claims.collect(),
    })
}

fn new_id() -> Result<Uuid, Failure> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    Ok(Uuid::from_u64_pair(
        NEXT.fetch_add(1, Ordering::Relaxed),
        u64::from_be_bytes(random),
    ))
}

/// The day does not matter here.
fn now() -> Timestamp {
    Timestamp::constant(1_795_262_400, 0)
}

fn say_wrong(failure: &dyn Error) {
    let mut text = failure.to_string();
    let mut cause = failure.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    let _ = writeln!(std::io::stderr(), "{text}");
}
