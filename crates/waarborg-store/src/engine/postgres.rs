//! PostgreSQL: one connection per thread, statements prepared once.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::future;
use tokio::runtime::Runtime;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Statement};

use super::postgres_tls::{self, UrlFault};
use super::{Dialect, Fault, Opener, Row, Session, Value};

/// Where the server is. The URL may hold a password, so it cannot be printed.
#[derive(Clone)]
pub(crate) struct PostgresPlace {
    config: tokio_postgres::Config,
    with_tls: bool,
}

impl PostgresPlace {
    pub(crate) fn parse(url: &str) -> Result<Self, UrlFault> {
        let (mut config, with_tls) = postgres_tls::parse(url)?;
        config.connect_timeout(Duration::from_secs(10));
        config.application_name("waarborg");
        Ok(Self { config, with_tls })
    }

    pub(crate) fn connect(&self) -> Result<PostgresSession, Fault> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let client = runtime.block_on(self.client())?;
        let mut session = PostgresSession {
            runtime,
            client,
            statements: HashMap::new(),
            queued: String::new(),
            in_transaction: false,
        };
        // Every statement here is a small one by an index: workers beside it cost more than they bring.
        session.script(
            "set timezone to 'UTC'; set statement_timeout to '60s'; set lock_timeout to '30s';
             set max_parallel_workers_per_gather to 0",
        )?;
        Ok(session)
    }

    async fn client(&self) -> Result<Client, Fault> {
        if self.with_tls {
            let (client, connection) = self.config.connect(postgres_tls::connector()?).await?;
            // Ends with the client; what it dies of is seen by the next statement.
            tokio::spawn(connection);
            Ok(client)
        } else {
            let (client, connection) = self.config.connect(tokio_postgres::NoTls).await?;
            tokio::spawn(connection);
            Ok(client)
        }
    }
}

impl Opener for PostgresPlace {
    fn writer(&self) -> Result<Box<dyn Session>, Fault> {
        Ok(Box::new(self.connect()?))
    }

    fn reader(&self) -> Result<Box<dyn Session>, Fault> {
        Ok(Box::new(self.connect()?))
    }

    fn backend(&self) -> String {
        let version = self.connect().and_then(|mut session| {
            let row = session.row("select current_setting('server_version')", &[])?;
            row.map_or(Err(Fault::Closed), |mut row| row.text(0))
        });
        // `15.20 (Debian 15.20-0+deb12u1)`: the first word is the version.
        let version = version.unwrap_or_default();
        format!(
            "PostgreSQL {}",
            version.split(' ').next().unwrap_or_default()
        )
        .trim_end()
        .to_owned()
    }
}

pub(crate) struct PostgresSession {
    runtime: Runtime,
    client: Client,
    statements: HashMap<&'static str, Statement>,
    // What goes along with the next statement: it begins to read, or moves savepoints. If that fails, what is behind it
    // does nothing that lasts, and its answer is not given.
    queued: String,
    in_transaction: bool,
}

impl PostgresSession {
    /// Sends what is queued and this statement at once, and waits for both: one journey instead of two.
    fn ask<T>(
        &mut self,
        asking: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
    ) -> Result<T, Fault> {
        let queued = std::mem::take(&mut self.queued);
        let client = &self.client;
        self.runtime.block_on(async {
            if queued.is_empty() {
                return Ok(asking(client).await?);
            }
            let (moved, answer) = future::join(client.batch_execute(&queued), asking(client)).await;
            moved?;
            Ok(answer?)
        })
    }

    fn queue(&mut self, sql: &str) {
        if !self.queued.is_empty() {
            self.queued.push(';');
        }
        self.queued.push_str(sql);
    }

    fn prepared(&mut self, sql: &'static str) -> Result<Statement, Fault> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.ask(async |client| client.prepare(sql).await)?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }
}

impl Session for PostgresSession {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Fault> {
        let statement = self.prepared(sql)?;
        self.ask(async |client| client.execute(&statement, &parameters(values)).await)
    }

    fn rows(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Fault> {
        let statement = self.prepared(sql)?;
        let rows = self.ask(async |client| client.query(&statement, &parameters(values)).await)?;
        rows.iter().map(read).collect()
    }

    fn script(&mut self, sql: &str) -> Result<(), Fault> {
        self.queue(sql);
        let queued = std::mem::take(&mut self.queued);
        Ok(self.runtime.block_on(self.client.batch_execute(&queued))?)
    }

    fn begin(&mut self, lasting: bool) -> Result<(), Fault> {
        self.in_transaction = true;
        self.script(if lasting {
            "begin; set local synchronous_commit to on"
        } else {
            "begin; set local synchronous_commit to off"
        })
    }

    fn begin_reading(&mut self) -> Result<(), Fault> {
        self.in_transaction = true;
        self.queue("begin isolation level repeatable read read only");
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Fault> {
        self.script("commit")?;
        self.in_transaction = false;
        Ok(())
    }

    fn rollback(&mut self) {
        self.queued.clear();
        if std::mem::take(&mut self.in_transaction) {
            // A connection that cannot roll back is lost, and the server does it.
            let _ = self.script("rollback");
        }
    }

    fn mark(&mut self) -> Result<(), Fault> {
        self.queue("savepoint job");
        Ok(())
    }

    fn keep(&mut self) -> Result<(), Fault> {
        self.queue("release savepoint job");
        Ok(())
    }

    fn undo(&mut self) -> Result<(), Fault> {
        self.queue("rollback to savepoint job; release savepoint job");
        Ok(())
    }

    fn check(&mut self) -> Result<(), Fault> {
        // The server checks its own log when it starts; here it is enough that it answers.
        self.script("select 1")
    }

    fn tidy_up(&mut self) -> Result<(), Fault> {
        Ok(())
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

fn read(row: &tokio_postgres::Row) -> Result<Row, Fault> {
    let mut values = Vec::with_capacity(row.len());
    for (index, column) in row.columns().iter().enumerate() {
        values.push(match *column.type_() {
            Type::INT8 => row
                .try_get::<_, Option<i64>>(index)?
                .map_or(Value::Null, Value::Integer),
            Type::INT4 => row
                .try_get::<_, Option<i32>>(index)?
                .map_or(Value::Null, |value| Value::Integer(value.into())),
            Type::TEXT => row
                .try_get::<_, Option<String>>(index)?
                .map_or(Value::Null, Value::Text),
            Type::BYTEA => row
                .try_get::<_, Option<Vec<u8>>>(index)?
                .map_or(Value::Null, Value::Bytes),
            _ => return Err(Fault::Stored("of another type")),
        });
    }
    Ok(Row(values))
}
