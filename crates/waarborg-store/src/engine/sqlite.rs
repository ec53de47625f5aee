//! SQLite: write-ahead log, every commit synced, deleted content overwritten.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, OpenFlags};

use super::{Dialect, Fault, Opener, Presence, Row, Session, Value};
use crate::keys::create_private;

/// Where the database file is.
#[derive(Clone, Debug)]
pub(crate) struct SqlitePlace {
    pub(crate) file: PathBuf,
}

impl SqlitePlace {
    /// Makes an empty database where there is none. Nothing else ever does: a missing one is not a new one.
    pub(crate) fn create(&self) -> Result<(), Fault> {
        Ok(create_private(&self.file)?)
    }

    pub(crate) fn connect(file: &Path) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        prepare(&connection)?;
        connection.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;
             pragma wal_autocheckpoint = 4000; pragma cache_size = -16000;",
        )?;
        Ok(connection)
    }
}

impl Opener for SqlitePlace {
    fn writer(&self) -> Result<Box<dyn Session>, Fault> {
        let connection = Self::connect(&self.file)?;
        let presence = Some(Presence::of(&self.file)?);
        Ok(Box::new(SqliteSession {
            connection,
            presence,
            lasting: true,
        }))
    }

    fn reader(&self) -> Result<Box<dyn Session>, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        prepare(&connection)?;
        Ok(Box::new(SqliteSession::over(connection)))
    }

    fn backend(&self) -> String {
        format!("SQLite {}", rusqlite::version())
    }
}

pub(crate) struct SqliteSession {
    connection: Connection,
    // Which files the writer writes to.
    presence: Option<Presence>,
    // What the connection's `synchronous` is set to now.
    lasting: bool,
}

impl SqliteSession {
    pub(crate) fn over(connection: Connection) -> Self {
        Self {
            connection,
            presence: None,
            lasting: true,
        }
    }

    fn statement(&self, sql: &'static str, values: &[Value]) -> Result<CachedStatement<'_>, Fault> {
        let mut statement = self.connection.prepare_cached(sql)?;
        for index in 1..=statement.parameter_count() {
            let name = statement
                .parameter_name(index)
                .and_then(|name| name.strip_prefix('$'));
            let number: Option<usize> = name.and_then(|name| name.parse().ok());
            let value = number.and_then(|number| values.get(number.checked_sub(1)?));
            match value.ok_or(Fault::Stored("of a parameter"))? {
                Value::Null => statement.raw_bind_parameter(index, rusqlite::types::Null)?,
                Value::Integer(value) => statement.raw_bind_parameter(index, value)?,
                Value::Text(value) => statement.raw_bind_parameter(index, value)?,
                Value::Bytes(value) => statement.raw_bind_parameter(index, value)?,
            }
        }
        Ok(statement)
    }
}

impl Session for SqliteSession {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault> {
        Ok(self.statement(sql, values)?.raw_execute()? as u64)
    }

    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let mut statement = self.statement(sql, values)?;
        let n_columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(n_columns);
            for column in 0..n_columns {
                values.push(match row.get_ref(column)? {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(value) => Value::Integer(value),
                    ValueRef::Text(bytes) => Value::Text(
                        String::from_utf8(bytes.to_vec())
                            .map_err(|_| Fault::Stored("of a text"))?,
                    ),
                    ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                    ValueRef::Real(_) => return Err(Fault::Stored("of a number")),
                });
            }
            found.push(Row(values));
        }
        Ok(found)
    }

    fn script(&mut self, sql: &str) -> Result<(), Fault> {
        Ok(self.connection.execute_batch(sql)?)
    }

    fn begin(&mut self, lasting: bool) -> Result<(), Fault> {
        if lasting != self.lasting {
            // In WAL mode NORMAL writes the same bytes and leaves the syncing to a later commit.
            self.connection.execute_batch(if lasting {
                "pragma synchronous = full"
            } else {
                "pragma synchronous = normal"
            })?;
            self.lasting = lasting;
        }
        self.script("begin immediate")
    }

    fn begin_reading(&mut self) -> Result<(), Fault> {
        self.script("begin deferred")
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.script("commit")?;
        let kept = self.presence.as_mut().map_or(Ok(true), Presence::is_kept)?;
        if kept {
            Ok(())
        } else {
            Err(Fault::Damaged(
                "its file was removed or replaced".to_owned(),
            ))
        }
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            // What cannot be rolled back now is rolled back when the connection closes.
            let _ = self.connection.execute_batch("rollback");
        }
    }

    fn check(&mut self) -> Result<(), Fault> {
        // After a failed sync the log may be in memory only. Copying it into the database file and syncing
        // that writes every page again.
        let busy: i64 =
            self.connection
                .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
        if busy != 0 {
            return Err(Fault::Broken);
        }
        let verdict: String = self
            .connection
            .query_row("pragma quick_check(1)", [], |row| row.get(0))?;
        if verdict == "ok" {
            Ok(())
        } else {
            // The verdict itself may name what is in a row.
            Err(Fault::Damaged("its check found faults".to_owned()))
        }
    }

    fn tidy_up(&mut self) -> Result<(), Fault> {
        // A reader that stands in the way only delays this until the next time.
        self.connection
            .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))?;
        Ok(())
    }
}

fn prepare(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch(
        "pragma foreign_keys = on; pragma temp_store = memory; pragma trusted_schema = off;",
    )?;
    Ok(())
}
