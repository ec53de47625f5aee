//! Where a run keeps its data, and how many bytes of the disk that takes.

use std::path::{Path, PathBuf};

use tokio_postgres::{Client, NoTls};

use crate::Outcome;

/// A folder, and with PostgreSQL a database of its own.
pub(crate) struct Place {
    folder: PathBuf,
    postgres: Option<Postgres>,
}

struct Postgres {
    server: String,
    name: String,
    url: String,
}

impl Place {
    pub(crate) async fn make(folder: &Path, server: Option<&str>) -> Outcome<Self> {
        let mut place = Self {
            folder: folder.to_owned(),
            postgres: None,
        };
        if let Some(server) = server {
            let (base, _) = server
                .rsplit_once('/')
                .ok_or("the address of PostgreSQL names no database")?;
            let name = format!("waarborg_gdpr_{}", std::process::id());
            let client = connect(server).await?;
            client
                .batch_execute(&format!("create database {name}"))
                .await?;
            place.postgres = Some(Postgres {
                server: server.to_owned(),
                url: format!("{base}/{name}"),
                name,
            });
        }
        Ok(place)
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.postgres {
            Some(_) => "PostgreSQL",
            None => "SQLite",
        }
    }

    /// The address of its database, where that is not a file.
    pub(crate) fn url(&self) -> Option<&str> {
        self.postgres.as_ref().map(|postgres| postgres.url.as_str())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Bytes of data and keys on the disk, without the reserve.
    pub(crate) async fn n_bytes(&self) -> Outcome<u64> {
        let mut n = 0;
        for part in ["data", "keys"] {
            for found in std::fs::read_dir(self.folder.join(part))? {
                let found = found?;
                if found.file_name() != "reserve" {
                    n += found.metadata()?.len();
                }
            }
        }
        if let Some(url) = self.url() {
            let ours = "select sum(pg_total_relation_size(oid))::bigint from pg_class
                        where relkind = 'r' and relname <> 'plain' and relnamespace = 'public'::regnamespace";
            let row = connect(url).await?.query_one(ours, &[]).await?;
            n += u64::try_from(row.try_get::<_, i64>(0)?)?;
        }
        Ok(n)
    }

    /// Ends the database; the folder is the caller's.
    pub(crate) async fn remove(self) -> Outcome<()> {
        let Some(postgres) = self.postgres else {
            return Ok(());
        };
        let client = connect(&postgres.server).await?;
        let drop = format!("drop database {} with (force)", postgres.name);
        Ok(client.batch_execute(&drop).await?)
    }
}

pub(crate) async fn connect(url: &str) -> Outcome<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
