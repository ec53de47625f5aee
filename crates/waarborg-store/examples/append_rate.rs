//! How many durable records and audit entries a second, beside what the disk itself can do, in the same run.
//!
//! ```text
//! append_rate [FOLDER] [SECONDS] [WRITERS]     defaults: a temporary folder, 5, 256
//! WAARBORG_STORE=postgres://… append_rate      the same on PostgreSQL
//! ```

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_domain::claim::Circumstances;
use waarborg_domain::conversation::{Conversation, History};
use waarborg_domain::entry::{Act, Actor, Entry};
use waarborg_domain::ids::{ObjectId, RecordId, SubjectId};
use waarborg_domain::law::Law;
use waarborg_domain::permit::{Ask, PersonState};
use waarborg_domain::personal::{Category, Personal};
use waarborg_domain::register::Register;
use waarborg_store::{Archive, Settings};
use waarborg_usecase::ports::{
    Claim, Conversations as _, NewRecord, Part, Subjects as _, Trail as _,
};

type Failure = Box<dyn Error + Send + Sync>;

/// The two hundred bytes of an ordinary message.
const MESSAGE: &str = "Ik heb een vraag over mijn aanvraag; ik wacht nu al drie weken en zou graag weten wanneer er een besluit \
komt, en of ik daarvoor nog iets moet opsturen. Kunt u mij dat laten weten? Alvast bedankt.";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().map_or_else(temporary, PathBuf::from);
    let seconds: u64 = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let n_writers: usize = arguments.next().map_or(Ok(256), |text| text.parse())?;
    std::fs::create_dir_all(&folder)?;
    let span = Duration::from_secs(seconds);

    let raw = raw_syncs(&folder.join("raw"), span.min(Duration::from_secs(3)))?;
    print(&format!(
        "disk, append and fdatasync of 4 kB     {raw:>9.0} /s"
    ))?;

    let mut settings = Settings {
        reserve_bytes: 1 << 20,
        ..Settings::in_folder(&folder.join("house"))
    };
    if let Ok(url) = std::env::var("WAARBORG_STORE") {
        settings = settings.on_postgres(&url);
    }
    let house = Arc::new(House {
        archive: Archive::open(settings)?,
        register: register()?,
    });
    let (subject, id) = conversation(&house).await?;

    for n_writers in [1, n_writers] {
        let writing = run(&house, span, n_writers, move |house| async move {
            say(&house, subject, id).await
        });
        report(
            "durable records (sealed, with entry)",
            n_writers,
            writing.await?,
        )?;
    }
    for n_writers in [1, n_writers] {
        let writing = run(&house, span, n_writers, |house| async move {
            Ok(house
                .archive
                .record(Entry::new(now(), Actor::House, Act::ConsoleViewed))
                .await?)
        });
        report("durable audit entries", n_writers, writing.await?)?;
        let writing = run(&house, span, n_writers, |house| async move {
            Ok(house
                .archive
                .note(Entry::new(now(), Actor::House, Act::PromptSent))
                .await?)
        });
        report(
            "hasty audit entries (synced in 25 ms)",
            n_writers,
            writing.await?,
        )?;
    }

    let started = instant();
    let report = house.archive.verify().await?;
    let took = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let rate = report.n_entries as f64 / took;
    print(&format!(
        "check of the whole log                 {rate:>9.0} /s   ({} entries)",
        report.n_entries
    ))?;
    if report.faults.is_empty() {
        Ok(())
    } else {
        Err(format!("{:?}", report.faults).into())
    }
}

struct House {
    archive: Archive,
    register: Register,
}

async fn run<F>(
    house: &Arc<House>,
    span: Duration,
    n_writers: usize,
    write: impl Fn(Arc<House>) -> F + Clone + Send + 'static,
) -> Result<(Vec<Duration>, Duration), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send,
{
    let started = instant();
    let writers: Vec<_> = (0..n_writers)
        .map(|_| {
            let (house, write) = (Arc::clone(house), write.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while started.elapsed() < span {
                    let began = instant();
                    write(Arc::clone(&house)).await?;
                    times.push(began.elapsed());
                }
                Ok::<_, Failure>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for writer in writers {
        times.extend(writer.await??);
    }
    times.sort();
    Ok((times, started.elapsed()))
}

fn report(
    what: &str,
    n_writers: usize,
    (times, span): (Vec<Duration>, Duration),
) -> Result<(), Failure> {
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .or(times.last())
            .copied()
            .unwrap_or_default()
    };
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    let rate = times.len() as f64 / span.as_secs_f64();
    let (p50, p99) = (at(50).as_secs_f64() * 1000.0, at(99).as_secs_f64() * 1000.0);
    print(&format!(
        "{what:<38} {rate:>9.0} /s   {n_writers:>4} at once   p50 {p50:>6.2} ms   p99 {p99:>6.2} ms"
    ))
}

async fn conversation(house: &House) -> Result<(SubjectId, ObjectId), Failure> {
    let (subject, id) = (SubjectId(new_id()?), ObjectId(new_id()?));
    let entry = |act| Entry::new(now(), Actor::Subject(subject), act).about(subject);
    house
        .archive
        .add_subject(subject, "1", now(), entry(Act::NoticeAcknowledged))
        .await?;
    let conversation = Conversation {
        id,
        subject,
        service: "chat".to_owned(),
        model: "model".to_owned(),
        history: History::On,
        opened_at: now(),
        first_message_at: None,
    };
    house
        .archive
        .open(conversation, entry(Act::ConversationOpened))
        .await?;
    Ok((subject, id))
}

async fn say(house: &House, subject: SubjectId, object: ObjectId) -> Result<(), Failure> {
    let circumstances = Circumstances::none().with("history", "off");
    let claims = house
        .register
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
    let record = NewRecord {
        id: RecordId(new_id()?),
        object,
        subject,
        service: "chat".to_owned(),
        part: Part::Said,
        content: Personal::new(Category::from_stored("user_content"), MESSAGE.to_owned()),
        register_version: house.register.version().to_owned(),
        created_at: now(),
        claims: claims.collect(),
    };
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
    let permit = house
        .register
        .permit(&ask)
        .map_err(|refusal| format!("{refusal:?}"))?;
    let entry = Entry::new(now(), Actor::Subject(subject), Act::TurnKept)
        .about(subject)
        .on(object.0);
    Ok(house
        .archive
        .append(&permit, object, vec![record], now(), entry)
        .await?)
}

/// What the disk does when it is asked to keep 4 kB for good, again and again.
fn raw_syncs(file: &Path, span: Duration) -> Result<f64, Failure> {
    let mut out = OpenOptions::new().create(true).append(true).open(file)?;
    let started = instant();
    let mut n = 0_u32;
    while started.elapsed() < span {
        out.write_all(&[0; 4096])?;
        out.sync_data()?;
        n += 1;
    }
    let rate = f64::from(n) / started.elapsed().as_secs_f64();
    std::fs::remove_file(file)?;
    Ok(rate)
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

fn temporary() -> PathBuf {
    std::env::temp_dir().join(format!("waarborg-append-rate-{}", std::process::id()))
}

/// Ordered in time in front, random at the end, as the program's own ids are.
fn new_id() -> Result<Uuid, Failure> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| error.to_string())?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    Ok(Uuid::from_u64_pair(number, u64::from_be_bytes(random)))
}

/// The day does not matter here.
fn now() -> Timestamp {
    Timestamp::constant(1_795_262_400, 0)
}

fn instant() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a stopwatch, not a clock")]
    Instant::now()
}

fn print(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
