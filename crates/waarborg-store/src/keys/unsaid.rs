//! Lines of the audit log that wait beside the keys until the data holds them.
//!
//! Keys and data are on the disk one after the other, keys first. What the ledger says is carried out again after a
//! crash between the two; the lines that explain it would be lost, and with them the proof of who did it. They stay
//! sealed as in the log: those of a person under that person's key. The next transaction of which the ledger speaks
//! takes them away.

use rusqlite::params;
use uuid::Uuid;

use super::{KeyFault, KeyStore};

pub(super) const SCHEMA: &str = "
    create table if not exists unsaid (
        number integer primary key,
        known integer not null,
        at_nanoseconds text not null,
        subject blob,
        trail_key blob,
        sealed blob not null
    ) strict;
";

/// A line that the data may not hold.
pub(crate) struct Unsaid {
    pub(crate) number: i64,
    /// Up to which line of the ledger the data without it knows the ledger.
    pub(crate) known: i64,
    /// When, in nanoseconds since 1970 (UTC).
    pub(crate) at: i128,
    pub(crate) subject: Option<Uuid>,
    /// The key it is sealed under; `None` for the house's.
    pub(crate) trail_key: Option<Uuid>,
    pub(crate) sealed: Vec<u8>,
}

impl KeyStore {
    /// Adds a line.
    pub(crate) fn keep_unsaid(&mut self, unsaid: &Unsaid) -> Result<(), KeyFault> {
        self.change(
            "insert into unsaid (number, known, at_nanoseconds, subject, trail_key, sealed)
             values (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                unsaid.number,
                unsaid.known,
                unsaid.at.to_string(),
                unsaid.subject.map(Uuid::into_bytes),
                unsaid.trail_key.map(Uuid::into_bytes),
                unsaid.sealed
            ],
        )
    }

    /// Takes all lines away: the data holds them.
    pub(crate) fn forget_unsaid(&mut self) -> Result<(), KeyFault> {
        self.change("delete from unsaid", &[])
    }

    /// The lines that data lacks which knows the ledger up to line `known`.
    pub(crate) fn unsaid(&self, known: i64) -> Result<Vec<Unsaid>, KeyFault> {
        let mut statement = self.connection.prepare_cached(
            "select number, known, at_nanoseconds, subject, trail_key, sealed from unsaid
             where known = ?1 order by number",
        )?;
        let mut rows = statement.query([known])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let at: String = row.get(2)?;
            lines.push(Unsaid {
                number: row.get(0)?,
                known: row.get(1)?,
                at: at.parse().map_err(|_| KeyFault::Unreadable)?,
                subject: row.get::<_, Option<[u8; 16]>>(3)?.map(Uuid::from_bytes),
                trail_key: row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes),
                sealed: row.get(5)?,
            });
        }
        Ok(lines)
    }
}
