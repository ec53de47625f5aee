//! The neighbour: the same records in one table of the same database, readable, without index, claims, keys or log, so
//! that every question looks at every row.

use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;
use tokio_postgres::Client;

use super::place::{Place, connect};
use super::workload::model::text_of;
use super::workload::{Model, N_PURPOSES, Operation};
use crate::Outcome;

const MAKE: &str =
    "create table plain (key bigint, purpose bigint, ends_at bigint, objections text, said text)";
const ADD: &str =
    "insert into plain (key, purpose, ends_at, objections, said) values ($1, $2, 0, '', $3)";

pub(crate) enum Plain {
    Sqlite(Mutex<Connection>),
    Postgres(Client),
}

impl Plain {
    pub(crate) async fn fill(place: &Place, model: &Model) -> Outcome<Self> {
        let rows =
            (0..model.n_keys()).map(|key| (signed(key), signed(key % N_PURPOSES), text_of(key, 0)));
        let Some(url) = place.url() else {
            let connection = Connection::open(place.file("plain.db"))?;
            connection.execute_batch(&format!(
                "pragma journal_mode = wal; pragma synchronous = full; {MAKE}; begin"
            ))?;
            for row in rows {
                connection.prepare_cached(ADD)?.execute(row)?;
            }
            connection.execute_batch("commit; pragma wal_checkpoint(truncate)")?;
            return Ok(Self::Sqlite(Mutex::new(connection)));
        };
        let client = connect(url).await?;
        client.batch_execute(&format!("{MAKE}; begin")).await?;
        let add = client.prepare(ADD).await?;
        for (key, purpose, said) in rows {
            client.execute(&add, &[&key, &purpose, &said]).await?;
        }
        client.batch_execute("commit; analyze plain").await?;
        Ok(Self::Postgres(client))
    }

    pub(crate) async fn n_bytes(&self, place: &Place) -> Outcome<u64> {
        match self {
            Self::Sqlite(_) => Ok(std::fs::metadata(place.file("plain.db"))?.len()),
            Self::Postgres(client) => {
                let size = "select pg_total_relation_size('plain')";
                let row = client.query_one(size, &[]).await?;
                Ok(u64::try_from(row.try_get::<_, i64>(0)?)?)
            }
        }
    }

    /// Asks the same of the table; says how many rows that touched.
    pub(crate) async fn ask(&self, operation: Operation, key: u64) -> Outcome<u64> {
        let (of_key, of_purpose) = (signed(key), signed(key % N_PURPOSES));
        match operation {
            Operation::Insert => self.change(ADD, of_key, of_purpose, &text_of(key, 0)).await,
            Operation::Delete => {
                self.change(
                    "delete from plain where key = $1 and purpose = $2 and said <> $3",
                    of_key,
                    of_purpose,
                    "",
                )
                .await?;
                Ok(1)
            }
            Operation::Update => {
                let update = "update plain set said = $3 where key = $1 and purpose = $2";
                self.change(update, of_key, of_purpose, &text_of(key, 1))
                    .await?;
                Ok(1)
            }
            Operation::UpdateByUser => {
                let update = "update plain set objections = $3 where key = $1 and purpose = $2";
                self.change(update, of_key, of_purpose, "p01").await?;
                Ok(1)
            }
            Operation::UpdateByPurpose => {
                let update = "update plain set ends_at = $1 where purpose = $2 and said <> $3";
                self.change(update, of_key, of_purpose, "").await
            }
            Operation::ReadByPurpose => {
                self.read(
                    "select key, ends_at from plain where purpose = $1",
                    of_purpose,
                )
                .await
            }
            Operation::Read
            | Operation::ReadByUser
            | Operation::Logs
            | Operation::VerifyDeletion => {
                self.read("select key, ends_at from plain where key = $1", of_key)
                    .await?;
                Ok(1)
            }
        }
    }

    async fn change(&self, sql: &str, one: i64, other: i64, said: &str) -> Outcome<u64> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                connection
                    .prepare_cached(sql)?
                    .execute((one, other, said))? as u64
            }
            Self::Postgres(client) => {
                let said = said.to_owned();
                client.execute(sql, &[&one, &other, &said]).await?
            }
        })
    }

    async fn read(&self, sql: &str, of: i64) -> Outcome<u64> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                let mut statement = connection.prepare_cached(sql)?;
                let found = statement.query_map([of], |row| row.get::<_, i64>(0))?;
                found.collect::<Result<Vec<_>, _>>()?.len() as u64
            }
            Self::Postgres(client) => client.query(sql, &[&of]).await?.len() as u64,
        })
    }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
