//! The journal: entries that count already and are not in the log yet. They come into it together, a moment later.
//!
//! A transaction per entry would be the most expensive part of passing a prompt on. Written into the journal an entry
//! survives a crash of the program; the writer takes what gathered there into the log with one synced commit.
//!
//! The file has two halves. While the writer takes one over, new entries go into the other; a half is written
//! anew from its beginning once its entries are on the disk in the log. Each entry is sealed for its number, and
//! the data remembers the last number that it holds: what was taken over is never taken over twice, and what was
//! torn by a power cut does not open.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use zeroize::Zeroizing;

use crate::engine::{Fault, Session, values};
use crate::keys::{Place, create_private, open, seal};
use crate::secrets::Secrets;

const FILE: &str = "journal";

/// Bytes in one half of the file.
const HALF: u64 = 2 << 20;
/// Entries that may wait for the log; beyond this the log itself must take them.
const MOST_WAITING: usize = 4096;
/// Before a sealed entry stand its length and its number.
const HEAD: usize = 4 + 8;

/// An entry that counts.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    number: u64,
    /// When it was made.
    pub(crate) at: Timestamp,
    /// Its payload (see [`Entry::payload`]).
    pub(crate) payload: Arc<Zeroizing<String>>,
}

/// What came of noting an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It counts, and is the first for which the writer must come.
    First,
    /// It counts.
    More,
    /// It does not count: no room, or the file cannot be written.
    Not,
}

/// The entries on their way into the log.
pub(crate) struct Journal {
    file: File,
    secrets: Arc<Secrets>,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    /// In which half the next entry comes, and where in it.
    half: u64,
    at: u64,
    number: u64,
    /// Entries that the writer did not take yet.
    noted: Vec<Noted>,
    /// Entries that the writer took, and that are not on the disk yet.
    taken: Vec<Noted>,
    /// The log takes nothing at present, so nothing counts.
    is_closed: bool,
}

impl Journal {
    /// The journal in the folder of the data; `None` where another store uses it.
    ///
    /// `known` is the last number that the data holds; what came after it waits to be taken.
    pub(crate) fn open(
        folder: &Path,
        secrets: &Arc<Secrets>,
        known: u64,
    ) -> io::Result<Option<Self>> {
        let path = folder.join(FILE);
        create_private(&path)?;
        let file = File::options().read(true).write(true).open(path)?;
        if file.try_lock().is_err() {
            return Ok(None);
        }
        let mut noted = Vec::new();
        for half in 0..2 {
            noted.extend(read_half(&file, half, secrets)?);
        }
        noted.retain(|entry| entry.number > known);
        noted.sort_by_key(|entry| entry.number);
        let waiting = Waiting {
            number: noted.last().map_or(known, |last| last.number),
            // What is left of last time is not written over.
            is_closed: !noted.is_empty(),
            taken: noted,
            ..Waiting::default()
        };
        Ok(Some(Self {
            file,
            secrets: Arc::clone(secrets),
            waiting: Mutex::new(waiting),
        }))
    }

    /// Notes an entry that names nobody. When it counts, a crash does not lose it.
    pub(crate) fn note(&self, entry: &Entry) -> Taken {
        let payload = Zeroizing::new(entry.payload());
        let mut waiting = self.waiting();
        let number = waiting.number + 1;
        if waiting.is_closed || waiting.noted.len() + waiting.taken.len() >= MOST_WAITING {
            return Taken::Not;
        }
        let Ok(written) = sealed(&self.secrets, number, entry.at, &payload) else {
            return Taken::Not;
        };
        let end = waiting.at + written.len() as u64;
        if end > HALF || write_at(&self.file, &written, waiting.half * HALF + waiting.at).is_err() {
            return Taken::Not;
        }
        waiting.at = end;
        waiting.number = number;
        waiting.noted.push(Noted {
            number,
            at: entry.at,
            payload: Arc::new(payload),
        });
        if waiting.noted.len() == 1 {
            Taken::First
        } else {
            Taken::More
        }
    }

    /// The entries that must come into the log now, oldest first. They are given again until they are
    /// [settled](Journal::settle).
    pub(crate) fn take(&self) -> Vec<Noted> {
        let mut waiting = self.waiting();
        if waiting.taken.is_empty() && !waiting.noted.is_empty() {
            // All that stands in the other half is in the log.
            waiting.half = 1 - waiting.half;
            waiting.at = 0;
        }
        let mut noted = std::mem::take(&mut waiting.noted);
        waiting.taken.append(&mut noted);
        waiting.taken.clone()
    }

    /// What was taken is in the log, and on the disk.
    pub(crate) fn settle(&self) {
        let mut waiting = self.waiting();
        waiting.taken.clear();
        waiting.is_closed = false;
    }

    /// From now on nothing counts, until something was settled.
    pub(crate) fn close(&self) {
        self.waiting().is_closed = true;
    }

    /// How many entries count that the log may not hold yet.
    pub(crate) fn n_waiting(&self) -> usize {
        let waiting = self.waiting();
        waiting.noted.len() + waiting.taken.len()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of the last entry of the journal that the data holds.
pub(crate) fn known(session: &mut dyn Session) -> Result<u64, Fault> {
    let row = session.row("select value from meta where name = 'journal'", values![])?;
    let Some(mut row) = row else { return Ok(0) };
    row.text(0)?
        .parse()
        .map_err(|_| Fault::Stored("of the journal's place"))
}

/// Notes in the data, in the same transaction, that it holds these.
pub(crate) fn note_known(session: &mut dyn Session, taken: &[Noted]) -> Result<(), Fault> {
    let Some(last) = taken.last() else {
        return Ok(());
    };
    session.execute(
        "insert into meta (name, value) values ('journal', $1) on conflict (name) do update set value = $1",
        values![last.number.to_string()],
    )?;
    Ok(())
}

fn place(number: &[u8; 8]) -> Place<'_> {
    Place {
        table: FILE,
        row: number,
        column: "sealed",
        subject: Uuid::nil(),
        category: "",
    }
}

/// An entry as it stands in the file.
fn sealed(secrets: &Secrets, number: u64, at: Timestamp, payload: &str) -> Result<Vec<u8>, Fault> {
    let row = number.to_be_bytes();
    let time = at.as_nanosecond().to_be_bytes();
    let plain = Zeroizing::new([time.as_slice(), payload.as_bytes()].concat());
    let sealed = seal(secrets.house(), &place(&row), &plain)?;
    let length = u32::try_from(sealed.len()).map_err(|_| Fault::Full)?;
    Ok([&length.to_be_bytes(), row.as_slice(), &sealed].concat())
}

/// The entries at the beginning of a half, up to the first that is older, torn or none.
fn read_half(file: &File, half: u64, secrets: &Secrets) -> io::Result<Vec<Noted>> {
    let bytes = read_at(file, half * HALF)?;
    let mut rest = bytes.as_slice();
    let mut noted: Vec<Noted> = Vec::new();
    while let Some((entry, after)) = read_entry(rest, secrets) {
        if noted.last().is_some_and(|last| entry.number <= last.number) {
            break;
        }
        noted.push(entry);
        rest = after;
    }
    Ok(noted)
}

fn read_entry<'b>(bytes: &'b [u8], secrets: &Secrets) -> Option<(Noted, &'b [u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    let (length, row) = head.split_first_chunk::<4>()?;
    let row: &[u8; 8] = row.try_into().ok()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (sealed, rest) = rest.split_at_checked(length)?;
    let plain = open(secrets.house(), &place(row), sealed).ok()?;
    let (time, payload) = plain.split_first_chunk::<16>()?;
    let noted = Noted {
        number: u64::from_be_bytes(*row),
        at: Timestamp::from_nanosecond(i128::from_be_bytes(*time)).ok()?,
        payload: Arc::new(Zeroizing::new(String::from_utf8(payload.to_vec()).ok()?)),
    };
    Some((noted, rest))
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(not(unix))]
fn write_at(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// At most one half of the file.
fn read_at(mut file: &File, at: u64) -> io::Result<Vec<u8>> {
    use std::io::{Read as _, Seek as _, SeekFrom};

    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(HALF).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use waarborg_domain::audit::LogName;
    use waarborg_domain::entry::{Act, Actor};

    use super::*;
    use crate::keys::Master;

    struct Desk {
        folder: tempfile::TempDir,
        secrets: Arc<Secrets>,
    }

    impl Desk {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let master = Master::load_or_create(folder.path()).unwrap();
            let secrets = Arc::new(Secrets::new(&master, LogName::new("log").unwrap()));
            Self { folder, secrets }
        }

        fn journal(&self, known: u64) -> Journal {
            Journal::open(self.folder.path(), &self.secrets, known)
                .unwrap()
                .unwrap()
        }

        /// What is left for the log when the program starts again.
        fn left(&self, known: u64) -> Vec<u64> {
            numbers(&self.journal(known).take())
        }
    }

    fn entry() -> Entry {
        Entry::new(Timestamp::UNIX_EPOCH, Actor::House, Act::PromptSent)
    }

    fn numbers(noted: &[Noted]) -> Vec<u64> {
        noted.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn what_was_not_settled_is_there_after_a_crash_and_once_only() {
        let desk = Desk::new();
        let journal = desk.journal(0);
        assert_eq!(journal.note(&entry()), Taken::First);
        assert_eq!(journal.note(&entry()), Taken::More);
        assert_eq!(numbers(&journal.take()), [1, 2]);
        assert_eq!(journal.note(&entry()), Taken::First);
        assert_eq!(numbers(&journal.take()), [1, 2, 3]);
        drop(journal);
        assert_eq!(desk.left(0), [1, 2, 3]);
        // The data held the first two already when the program stopped.
        assert_eq!(desk.left(2), [3]);
        assert!(desk.left(3).is_empty());
    }

    #[test]
    fn a_half_is_written_anew_only_when_its_entries_are_in_the_log() {
        let desk = Desk::new();
        let journal = desk.journal(0);
        let mut in_the_log = 0;
        for round in 0..20_u64 {
            for _ in 0..=round % 7 {
                assert_ne!(journal.note(&entry()), Taken::Not);
            }
            let taken = numbers(&journal.take());
            journal.note(&entry());
            let held = read_all(&desk, in_the_log);
            assert_eq!(held.first().copied(), Some(in_the_log + 1));
            assert!(taken.iter().all(|number| held.contains(number)));
            journal.settle();
            in_the_log = taken.last().copied().unwrap();
        }
    }

    fn read_all(desk: &Desk, known: u64) -> Vec<u64> {
        let file = File::open(desk.folder.path().join(FILE)).unwrap();
        let mut all: Vec<u64> = (0..2)
            .flat_map(|half| numbers(&read_half(&file, half, &desk.secrets).unwrap()))
            .filter(|number| *number > known)
            .collect();
        all.sort_unstable();
        all
    }

    #[test]
    fn what_is_torn_does_not_count_and_hides_nothing_before_it() {
        let desk = Desk::new();
        let journal = desk.journal(0);
        journal.note(&entry());
        let length = journal.waiting().at;
        journal.note(&entry());
        write_at(&journal.file, &[0; 3], length + 40).unwrap();
        drop(journal);
        assert_eq!(desk.left(0), [1]);
    }

    #[test]
    fn a_full_or_closed_journal_takes_nothing() {
        let desk = Desk::new();
        let journal = desk.journal(0);
        let n_taken = (0..MOST_WAITING + 10)
            .filter(|_| journal.note(&entry()) != Taken::Not)
            .count();
        assert_eq!(n_taken, MOST_WAITING);
        journal.take();
        journal.settle();
        assert_eq!(journal.note(&entry()), Taken::First);
        journal.close();
        assert_eq!(journal.note(&entry()), Taken::Not);
    }

    #[test]
    fn nothing_of_an_entry_can_be_read_in_the_file_and_only_one_store_writes_it() {
        let desk = Desk::new();
        let journal = desk.journal(0);
        journal.note(&entry());
        let bytes = std::fs::read(desk.folder.path().join(FILE)).unwrap();
        let word = Act::PromptSent.name().as_bytes();
        assert!(!bytes.windows(word.len()).any(|window| window == word));
        let second = Journal::open(desk.folder.path(), &desk.secrets, 0).unwrap();
        assert!(second.is_none());
    }
}
