//! One connection to a database, as the ports see it: statements with values in, rows with values out.
//!
//! Parameters are written `$1`, `$2`…, which both databases read. Every column is an integer, a text or bytes;
//! ids are bytes, times are microseconds since 1970 (UTC).

use jiff::Timestamp;
use uuid::Uuid;

use super::Fault;

/// Which SQL is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A value in a statement or a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

/// One connection, inside a transaction that whoever gave it has begun.
pub(crate) trait Session: Send {
    fn dialect(&self) -> Dialect;
    /// Runs a statement and says how many rows it changed.
    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault>;
    /// The rows of a statement.
    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault>;
    /// Runs statements without values, as in a migration.
    fn script(&mut self, sql: &str) -> Result<(), Fault>;
    /// Begins a transaction; a lasting one is on the disk when it is committed.
    fn begin(&mut self, lasting: bool) -> Result<(), Fault>;
    /// Begins a transaction that only reads, and sees one state throughout.
    fn begin_reading(&mut self) -> Result<(), Fault>;
    fn commit(&mut self) -> Result<(), Fault>;
    /// Gives the transaction up, if there is one.
    fn rollback(&mut self);
    /// Checks that what is there is whole and on the disk; called on a new connection after a failed commit.
    fn check(&mut self) -> Result<(), Fault>;
    /// Wipes deleted content from side files where the database leaves it there.
    fn tidy_up(&mut self) -> Result<(), Fault>;

    fn mark(&mut self) -> Result<(), Fault> {
        self.script("savepoint job")
    }
    fn keep(&mut self) -> Result<(), Fault> {
        self.script("release savepoint job")
    }
    fn undo(&mut self) -> Result<(), Fault> {
        self.script("rollback to savepoint job; release savepoint job")
    }
    /// The first row of a statement.
    fn row(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, Fault> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }
}

/// Opens connections.
pub(crate) trait Opener: Send + Sync {
    fn writer(&self) -> Result<Box<dyn Session>, Fault>;
    fn reader(&self) -> Result<Box<dyn Session>, Fault>;
    /// The name and version of the database.
    fn backend(&self) -> String;
}

/// Values for a statement, from whatever turns into one.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::engine::Value::from($value)),*] };
}
pub(crate) use values;

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Uuid> for Value {
    fn from(value: Uuid) -> Self {
        Self::Bytes(value.into_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Integer(value.as_microsecond())
    }
}

impl<T> From<Option<T>> for Value
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

impl Row {
    fn take(&mut self, column: usize) -> Value {
        self.0
            .get_mut(column)
            .map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    pub(crate) fn integer(&mut self, column: usize) -> Result<i64, Fault> {
        self.maybe_integer(column)?
            .ok_or(Fault::Stored("of an integer"))
    }

    pub(crate) fn maybe_integer(&mut self, column: usize) -> Result<Option<i64>, Fault> {
        match self.take(column) {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(value)),
            Value::Text(_) | Value::Bytes(_) => Err(Fault::Stored("of an integer")),
        }
    }

    pub(crate) fn count(&mut self, column: usize) -> Result<u64, Fault> {
        u64::try_from(self.integer(column)?).map_err(|_| Fault::Stored("of a count"))
    }

    pub(crate) fn text(&mut self, column: usize) -> Result<String, Fault> {
        match self.take(column) {
            Value::Text(value) => Ok(value),
            Value::Null | Value::Integer(_) | Value::Bytes(_) => Err(Fault::Stored("of a text")),
        }
    }

    pub(crate) fn bytes(&mut self, column: usize) -> Result<Vec<u8>, Fault> {
        self.maybe_bytes(column)?.ok_or(Fault::Stored("of bytes"))
    }

    pub(crate) fn maybe_bytes(&mut self, column: usize) -> Result<Option<Vec<u8>>, Fault> {
        match self.take(column) {
            Value::Null => Ok(None),
            Value::Bytes(value) => Ok(Some(value)),
            Value::Integer(_) | Value::Text(_) => Err(Fault::Stored("of bytes")),
        }
    }

    pub(crate) fn maybe_text(&mut self, column: usize) -> Result<Option<String>, Fault> {
        match self.take(column) {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value)),
            Value::Integer(_) | Value::Bytes(_) => Err(Fault::Stored("of a text")),
        }
    }

    pub(crate) fn id(&mut self, column: usize) -> Result<Uuid, Fault> {
        self.maybe_id(column)?.ok_or(Fault::Stored("of an id"))
    }

    pub(crate) fn maybe_id(&mut self, column: usize) -> Result<Option<Uuid>, Fault> {
        let Some(bytes) = self.maybe_bytes(column)? else {
            return Ok(None);
        };
        Uuid::from_slice(&bytes)
            .map(Some)
            .map_err(|_| Fault::Stored("of an id"))
    }

    pub(crate) fn time(&mut self, column: usize) -> Result<Timestamp, Fault> {
        self.maybe_time(column)?.ok_or(Fault::Stored("of a time"))
    }

    pub(crate) fn maybe_time(&mut self, column: usize) -> Result<Option<Timestamp>, Fault> {
        let Some(value) = self.maybe_integer(column)? else {
            return Ok(None);
        };
        Timestamp::from_microsecond(value)
            .map(Some)
            .map_err(|_| Fault::Stored("of a time"))
    }
}
