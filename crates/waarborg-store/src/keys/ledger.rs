//! The ledger: what must stay done after any restore. Append-only, without names, kept with the keys.

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::KeyFault;
use super::act::{Act, Columns};
use super::fingerprint::mac;
use super::secret::Key;

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Number of the line, rising.
    pub sequence: i64,
    /// When, in microseconds since 1970 (UTC).
    pub at: i64,
    /// What.
    pub act: Act,
}

pub(super) const SCHEMA: &str = "
    create table if not exists ledger (
        sequence integer primary key autoincrement,
        at integer not null,
        act text not null,
        subject blob,
        object blob,
        said text not null,
        mac blob not null
    ) strict;
    create trigger if not exists ledger_is_not_edited before update on ledger
        begin select raise(abort, 'the ledger is append-only'); end;
    create trigger if not exists ledger_is_not_shortened before delete on ledger
        begin select raise(abort, 'the ledger is append-only'); end;
";

/// Runs a statement wherever the ledger is kept.
pub(super) type Write<'a> = &'a dyn Fn(&str, &[&dyn ToSql]) -> Result<(), KeyFault>;

/// Adds a line.
pub(super) fn append(
    connection: &Connection,
    key: &Key,
    at: i64,
    act: &Act,
    write: Write<'_>,
) -> Result<i64, KeyFault> {
    let last: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("select sequence, mac from ledger order by sequence desc limit 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (sequence, before) = last.map_or((1, Vec::new()), |(sequence, mac)| (sequence + 1, mac));
    let line = LedgerLine {
        sequence,
        at,
        act: act.clone(),
    };
    let Columns {
        act,
        subject,
        object,
        said,
    } = line.act.columns();
    write(
        "insert into ledger (sequence, at, act, subject, object, said, mac)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            sequence,
            at,
            act,
            subject.map(Uuid::into_bytes),
            object.map(Uuid::into_bytes),
            said,
            chain(key, &before, &line)
        ],
    )?;
    Ok(sequence)
}

/// The lines after `sequence`, oldest first, each checked against the one before.
pub(super) fn since(
    connection: &Connection,
    key: &Key,
    sequence: i64,
) -> Result<Vec<LedgerLine>, KeyFault> {
    let mut before: Vec<u8> = connection
        .query_row(
            "select mac from ledger where sequence = ?1",
            [sequence],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or_default();
    let mut expected = sequence + 1;
    let mut lines = Vec::new();
    let mut statement = connection.prepare_cached(
        "select sequence, at, act, subject, object, said, mac from ledger
         where sequence > ?1 order by sequence",
    )?;
    let mut rows = statement.query([sequence])?;
    while let Some(row) = rows.next()? {
        let fault = KeyFault::Ledger { sequence: expected };
        let (Some(line), found) = (read(row)?, row.get::<_, Vec<u8>>(6)?) else {
            return Err(fault);
        };
        let mac = chain(key, &before, &line);
        if line.sequence != expected || !bool::from(mac.as_slice().ct_eq(&found)) {
            return Err(fault);
        }
        before = found;
        expected += 1;
        lines.push(line);
    }
    Ok(lines)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<LedgerLine>> {
    let subject = row.get::<_, Option<[u8; 16]>>(3)?.map(Uuid::from_bytes);
    let object = row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes);
    let (act, said) = (row.get::<_, String>(2)?, row.get::<_, String>(5)?);
    let act = Act::from_columns(&act, subject, object, &said);
    let (sequence, at) = (row.get(0)?, row.get(1)?);
    Ok(act.map(|act| LedgerLine { sequence, at, act }))
}

fn chain(key: &Key, before: &[u8], line: &LedgerLine) -> [u8; 32] {
    let Columns {
        act,
        subject,
        object,
        said,
    } = line.act.columns();
    let id = |id: Option<Uuid>| id.map(|id| id.into_bytes().to_vec()).unwrap_or_default();
    mac(
        key,
        &[
            before,
            &line.sequence.to_be_bytes(),
            &line.at.to_be_bytes(),
            act.as_bytes(),
            &id(subject),
            &id(object),
            said.as_bytes(),
        ],
    )
}
