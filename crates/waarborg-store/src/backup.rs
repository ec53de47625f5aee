//! Backups: the data in one SQLite file, whichever database keeps it; the keys in another. Never both in one.
//!
//! A backup holds structure and sealed bytes only, so it needs no encryption of its own: without the key store
//! beside it nobody reads a word. It can be restored into either database.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use subtle::ConstantTimeEq as _;
use waarborg_domain::audit::LogName;
use waarborg_domain::entry::Entry;
use waarborg_usecase::ports::{StoreError, Trail as _};

use crate::archive::{Archive, Backend, OpenFault, Settings, apart, opener, take_over_lost_keys};
use crate::engine::{
    Fault, Session, SqlitePlace, SqliteSession, Value, Work, latest_version, migrate, values,
};
use crate::erase;
use crate::keys::{self, Act, Key, mac_of, restrict_to_owner, sync_folder_of};
use crate::secrets::{Secrets, backup_key, key_backup_key};
use crate::trail::Log;

/// Bytes of the keyed digest that ends a backup; the database before it does not mind.
const DIGEST: u64 = 32;
const DIGEST_BYTES: usize = 32;
/// Rows that are carried over at once.
const CHUNK: i64 = 5000;

/// A table, its key and its columns, in an order in which rows can be put back.
struct Carried {
    read: &'static str,
    write: &'static str,
    clear: &'static str,
}

macro_rules! carried {
    ($($table:literal: $columns:literal, $places:literal, by $key:literal;)*) => {
        const TABLES: &[Carried] = &[$(Carried {
            read: concat!("select ", $columns, " from ", $table, " order by ", $key, " limit $1 offset $2"),
            write: concat!("insert into ", $table, " (", $columns, ") values (", $places, ")"),
            clear: concat!("delete from ", $table),
        }),*];
    };
}

carried! {
    "meta": "name, value", "$1, $2", by "name";
    "subjects": "id, created_at, notice_version, is_restricted, is_deactivated, trail_key", "$1, $2, $3, $4, $5, $6", by "id";
    "objections": "subject, purpose, at", "$1, $2, $3", by "subject, purpose";
    "restrictions": "record, request, subject, at", "$1, $2, $3, $4", by "record, request";
    "consents": "id, subject, purpose, entity, text_version, answer, at", "$1, $2, $3, $4, $5, $6, $7", by "id";
    "conversations": "id, subject, service, model, history, opened_at, first_message_at",
        "$1, $2, $3, $4, $5, $6, $7", by "id";
    "records": "id, object, subject, service, part, category, sealed, register_version, created_at, is_reserved",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10", by "id";
    "claims": "record, position, rule, purpose, basis, starts_with, period, kind, action, copies, started_at, ends_at",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12", by "record, position";
    "requests": "id, reference, secret, asked, subject, channel, received_at, aim, latest, stage, details",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11", by "id";
    "receipts": "fingerprint, request, joined", "$1, $2, $3", by "fingerprint";
    "tasks": "id, request, recipient, act, created_at, gone_at, outcome, ended_at", "$1, $2, $3, $4, $5, $6, $7, $8",
        by "id";
    "holds": "id, subject, object, ground, proposed_by, proposed_at, agreed_by, agreed_at, ends_on, ends_at, lifted_at",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11", by "id";
    "numbers": "month, service, category, n", "$1, $2, $3, $4", by "month, service, category";
    "suppressions": "mark, purpose, at", "$1, $2, $3", by "mark, purpose";
    "sightings": "mark, kind, service, recipient, day, rule, ends_at, n, n_plain", "$1, $2, $3, $4, $5, $6, $7, $8, $9",
        by "mark, service, recipient, day";
    "kept_maps": "id, gateway_key, kind, recipient, provider_name, sealed, created_at, ends_at, version",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9", by "id";
    "kept_map_marks": "mark, map", "$1, $2", by "mark, map";
    "sessions": "id, fingerprint, subject, staff, created_at, expires_at", "$1, $2, $3, $4, $5, $6", by "id";
    "tickets": "fingerprint, staff, expires_at", "$1, $2, $3", by "fingerprint";
    "gateway_keys": "id, fingerprint, label, service, purpose, created_at, expires_at, revoked_at, models, policy,
                     requests_per_minute, tokens_per_day, cents_per_month, user_group, may_confirm, signed_by",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16", by "id";
    "key_usage": "key, measure, starts_at, used", "$1, $2, $3, $4", by "key, measure, starts_at";
    "registers": "number, digest, notice_version, source, noted_at, starts_on", "$1, $2, $3, $4, $5, $6", by "number";
    "register_changes": "id, base, base_source, source", "$1, $2, $3, $4", by "id";
    "register_change_steps": "change, number, act, done_by, at, reason", "$1, $2, $3, $4, $5, $6", by "change, number";
    "audit_entries": "position, subject, trail_key, commitment, mark, sealed", "$1, $2, $3, $4, $5, $6", by "position";
    "audit_tiles": "level, number, hashes, root", "$1, $2, $3, $4", by "level, number";
    "audit_head": "one, size, roots, note, signed_at", "$1, $2, $3, $4, $5", by "one";
    "audit_checkpoints": "size, note, signed_at", "$1, $2, $3", by "size";
}

/// What a restore did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Rows that came out of the backup.
    pub n_rows: u64,
    /// Records that were erased since the backup was made, and are gone again.
    pub n_erased_again: u64,
    /// Requests that came in after the backup: their dates go on, what they say is in no backup.
    pub n_requests_without_details: u64,
}

impl Archive {
    /// Writes a consistent copy of the data to a new file, while everything goes on. The keys are not in it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be written; then nothing is left at `file`.
    pub async fn backup(&self, file: &Path, entry: Entry) -> Result<(), StoreError> {
        let (settings, file) = (self.settings().clone(), file.to_owned());
        let secrets = self.share_secrets();
        self.record(entry).await?;
        self.read(move |work| {
            let part = part_of(&file);
            remove(&part)?;
            match &settings.backend {
                Backend::Sqlite => copy_sqlite(&settings.database(), &part)?,
                Backend::Postgres(_) => copy_out(work.session, &part)?,
            }
            add_digest(&part, secrets.backups())?;
            Ok(put_in_place(&part, &file)?)
        })
        .await
    }

    /// Writes a copy of the key store to a new file. It opens only beside the epoch keys of its time, which are
    /// never in a backup; make a new one after every erasure and keep few.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if it cannot be written.
    pub async fn backup_keys(&self, file: &Path) -> Result<(), StoreError> {
        let (folder, file) = (self.settings().keys.clone(), file.to_owned());
        let secrets = self.share_secrets();
        self.read(move |_| {
            let part = part_of(&file);
            remove(&part)?;
            keys::copy_to(&folder, &part)?;
            add_digest(&part, secrets.key_backups())?;
            Ok(put_in_place(&part, &file)?)
        })
        .await
    }

    /// Puts a copy of the key store back where the key store itself is gone. The master key and the epoch keys must be
    /// there, and of the same time: after an erasure an older copy opens nothing.
    ///
    /// # Errors
    ///
    /// [`OpenFault`] if there is a key store, or the copy is damaged or does not fit; then nothing is changed.
    pub fn restore_keys(settings: &Settings, file: &Path) -> Result<(), OpenFault> {
        let place = settings.keys.join(keys::KEYS_FILE);
        if place.exists() {
            return Err(OpenFault::Backup(
                "there is a key store already; move keys.db away first",
            ));
        }
        let master = keys::Master::load(&settings.keys).map_err(Fault::from)?;
        check_digest(file, &key_backup_key(&master))?;

        let mut copy = fs::read(file).map_err(Fault::from)?;
        copy.truncate(copy.len().saturating_sub(DIGEST_BYTES));
        keys::write_private(&place, &copy).map_err(Fault::from)?;
        keys::KeyStore::fits(&settings.keys, &master).map_err(|source| {
            // It was not there before; whether it goes now or not, the program opens as little as before.
            let _ = fs::remove_file(&place);
            OpenFault::Keys {
                folder: settings.keys.clone(),
                source,
            }
        })
    }

    /// Puts a backup in the place of the data, applies the ledger, and opens the store.
    ///
    /// The keys must be there. Whatever was erased, restricted, objected to or withdrawn after the backup was made
    /// is so again before this returns. Nobody else may have the store open.
    ///
    /// # Errors
    ///
    /// [`OpenFault`] if the file is no backup, comes from a newer program or from one before a change of the schema, or
    /// belongs to other keys; then the data is as it was.
    pub fn restore(
        settings: Settings,
        file: &Path,
        entry: &Entry,
    ) -> Result<(Self, Restored), OpenFault> {
        take_over_lost_keys(&settings)?;
        let n_rows = apart(|| put_back(&settings, file, entry))?;
        // What opens the data finishes the restore, now or after a crash.
        let (archive, replayed) = Self::open_and_replay(settings)?;
        Ok((
            archive,
            Restored {
                n_rows,
                n_erased_again: replayed.n_records,
                n_requests_without_details: replayed.n_requests,
            },
        ))
    }
}

/// The restore that the data waits for, if it was not finished: the wrapped entry that explains it.
pub(crate) fn unfinished(session: &mut dyn Session) -> Result<Option<String>, Fault> {
    let row = session.row("select value from meta where name = 'restoring'", values![])?;
    row.map(|mut row| row.text(0)).transpose()
}

/// Finishes a restore after the ledger was carried out again; says how many records went.
pub(crate) fn finish(work: &mut Work<'_>, wrapped: &str) -> Result<u64, Fault> {
    let at = work.log.append_restored(work.session, work.keys, wrapped)?;
    let n = erase::remove_unreadable(work, at)?;
    work.keys
        .append_ledger(at.as_microsecond(), &Act::Restored)?;
    work.session
        .execute("delete from meta where name = 'restoring'", values![])?;
    Ok(n)
}

fn copy_sqlite(database: &Path, part: &Path) -> Result<(), Fault> {
    let connection = SqlitePlace::connect(database)?;
    connection.execute("vacuum into ?1", [part.to_string_lossy()])?;
    Ok(())
}

fn copy_out(from: &mut dyn Session, part: &Path) -> Result<(), Fault> {
    let connection = Connection::open(part)?;
    connection.execute_batch("pragma journal_mode = delete; pragma synchronous = full;")?;
    let mut to = SqliteSession::over(connection);
    to.begin(true)?;
    migrate(&mut to)?;
    carry(from, &mut to)?;
    to.commit()
}

/// Puts every row of a backup in the place of what is there; says how many.
fn put_back(settings: &Settings, file: &Path, entry: &Entry) -> Result<u64, OpenFault> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|_| OpenFault::Backup("the backup cannot be opened"))?;
    let mut backup = SqliteSession::over(connection);
    check_backup(&mut backup)?;
    if !settings.keys.join(keys::KEYS_FILE).exists() {
        return Err(OpenFault::Backup(
            "the keys are missing; restore them first",
        ));
    }
    let master = keys::Master::load(&settings.keys).map_err(Fault::from)?;
    check_digest(file, &backup_key(&master))?;
    let name = LogName::new(&settings.log_name).map_err(|_| OpenFault::LogName)?;
    let wrapped = Log::wrap_restored(&Secrets::new(&master, name), entry)?;

    keys::make_private_folder(&settings.data).map_err(Fault::from)?;
    let mut session = opener(settings)?.writer()?;
    session.begin(true)?;
    let done = migrate(&mut *session)
        .and_then(|()| replace_all(&mut backup, &mut *session))
        .and_then(|n| begin_restore(&mut *session, &wrapped).map(|()| n));
    match done.and_then(|n| session.commit().map(|()| n)) {
        Ok(n) => {
            session.tidy_up()?;
            Ok(n)
        }
        Err(fault) => {
            session.rollback();
            Err(fault.into())
        }
    }
}

/// From the commit on the data waits for the end of its restore.
fn begin_restore(session: &mut dyn Session, wrapped: &str) -> Result<(), Fault> {
    session.execute(
        "insert into meta (name, value) values ('restoring', $1) on conflict (name) do update set value = $1",
        values![wrapped],
    )?;
    Ok(())
}

/// Ends the file with a digest of all that is before it.
fn add_digest(file: &Path, key: &Key) -> io::Result<()> {
    let digest = mac_of(key, File::open(file)?)?;
    fs::OpenOptions::new()
        .append(true)
        .open(file)?
        .write_all(&digest)
}

/// A page that was damaged may still be a good page to the database: only the digest knows.
fn check_digest(file: &Path, key: &Key) -> Result<(), OpenFault> {
    let unreadable = |_| OpenFault::Backup("the backup cannot be read");
    let damaged =
        || OpenFault::Backup("the backup is damaged, or belongs to other keys; use another one");
    let mut file = File::open(file).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let length = length.checked_sub(DIGEST).ok_or_else(damaged)?;
    let digest = mac_of(key, (&file).take(length)).map_err(unreadable)?;
    let mut written = [0; 32];
    file.seek(SeekFrom::Start(length)).map_err(unreadable)?;
    file.read_exact(&mut written).map_err(unreadable)?;
    if bool::from(digest.ct_eq(&written)) {
        Ok(())
    } else {
        Err(damaged())
    }
}

fn check_backup(backup: &mut SqliteSession) -> Result<(), OpenFault> {
    let no_backup =
        |_| OpenFault::Backup("the file is no backup of this program, or a damaged one");
    let row = backup
        .row("select max(version) from schema_version", values![])
        .map_err(no_backup)?;
    let found = row
        .map_or(Ok(0), |mut row| row.integer(0))
        .map_err(no_backup)?;
    let known = latest_version();
    if found > known {
        return Err(OpenFault::Newer { found, known });
    }
    if found < known {
        return Err(OpenFault::Older { found, known });
    }
    let row = backup
        .row("pragma quick_check(1)", values![])
        .map_err(no_backup)?;
    match row.map(|mut row| row.text(0)) {
        Some(Ok(verdict)) if verdict == "ok" => Ok(()),
        _ => Err(OpenFault::Backup("the backup is damaged")),
    }
}

fn replace_all(backup: &mut SqliteSession, session: &mut dyn Session) -> Result<u64, Fault> {
    let mark = |session: &mut dyn Session| -> Result<Option<String>, Fault> {
        let row = session.row("select value from meta where name = 'keys'", values![])?;
        row.map(|mut row| row.text(0)).transpose()
    };
    let (old, new) = (mark(session)?, mark(backup)?);
    if old.is_some() && old != new {
        return Err(Fault::NotAllowed("the backup belongs to other keys"));
    }
    for table in TABLES.iter().rev() {
        session.execute(table.clear, values![])?;
    }
    carry(backup, session)
}

fn carry(from: &mut dyn Session, to: &mut dyn Session) -> Result<u64, Fault> {
    let mut n_rows = BTreeMap::new();
    for table in TABLES {
        let mut offset = 0;
        loop {
            let rows = from.rows(table.read, &[Value::Integer(CHUNK), Value::Integer(offset)])?;
            let n = i64::try_from(rows.len()).unwrap_or(CHUNK);
            for row in rows {
                to.execute(table.write, &row.0)?;
            }
            offset += n;
            if n < CHUNK {
                break;
            }
        }
        n_rows.insert(table.clear, offset);
    }
    u64::try_from(n_rows.values().sum::<i64>()).map_err(|_| Fault::Stored("of a count"))
}

fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn put_in_place(part: &Path, file: &Path) -> io::Result<()> {
    restrict_to_owner(part)?;
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    sync_folder_of(file)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What a later migration adds and a backup leaves out would be gone after a restore.
    #[test]
    fn every_column_of_every_table_is_in_a_backup() {
        let connection = Connection::open_in_memory().unwrap();
        let mut session = SqliteSession::over(connection);
        migrate(&mut session).unwrap();
        let columns = session.rows(
            "select m.name, c.name from sqlite_schema m, pragma_table_info(m.name) c
             where m.type = 'table' and m.name <> 'schema_version' and m.name not like 'sqlite_%'",
            values![],
        );
        // What was sent since must not be sent again, and what was used must not open again: both stay as they are.
        let is_left_out = |name: &str| ["mails", "openings", "agreements"].contains(&name);
        let declared: BTreeSet<(String, String)> = columns
            .unwrap()
            .into_iter()
            .map(|mut row| (row.text(0).unwrap(), row.text(1).unwrap()))
            .filter(|(table, _)| !is_left_out(table))
            .collect();
        let mut carried = BTreeSet::new();
        for table in TABLES {
            let rest = table.write.strip_prefix("insert into ").unwrap();
            let (name, rest) = rest.split_once(" (").unwrap();
            let (columns, places) = rest.split_once(") values (").unwrap();
            assert_eq!(columns.split(',').count(), places.split(',').count());
            for column in columns.split(',') {
                carried.insert((name.to_owned(), column.trim().to_owned()));
            }
        }
        assert_eq!(carried, declared);
    }
}
