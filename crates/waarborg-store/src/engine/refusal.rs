//! Why a database refused, as far as it may be told.
//!
//! What a driver writes about an error may quote values, and a statement. Here only the driver, its code and what the
//! code stands for are taken over, so that nothing else can reach a log, a person or a panic.

use std::fmt;

/// A refusal of SQLite or PostgreSQL, without the driver's own words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    code: Code,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    // The extended result code; zero where the library itself refused.
    Sqlite(i32),
    // A code of five letters and digits; `None` where the server gave no answer.
    Postgres(Option<[u8; 5]>),
}

impl From<&rusqlite::Error> for Refusal {
    fn from(error: &rusqlite::Error) -> Self {
        let code = match error {
            rusqlite::Error::SqliteFailure(found, _)
            | rusqlite::Error::SqlInputError { error: found, .. } => found.extended_code,
            _ => 0,
        };
        Self {
            code: Code::Sqlite(code),
        }
    }
}

impl From<&tokio_postgres::Error> for Refusal {
    fn from(error: &tokio_postgres::Error) -> Self {
        let code = error
            .code()
            .and_then(|state| <[u8; 5]>::try_from(state.code().as_bytes()).ok())
            .filter(|code| code.iter().all(u8::is_ascii_alphanumeric));
        Self {
            code: Code::Postgres(code),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Code::Sqlite(0) => f.write_str("SQLite's library refused"),
            Code::Sqlite(code) => write!(
                f,
                "SQLite {code}, {}",
                rusqlite::ffi::code_to_str(code).trim_start_matches("SQLite error: ")
            ),
            Code::Postgres(None) => f.write_str("PostgreSQL gave no answer"),
            Code::Postgres(Some(code)) => {
                write!(f, "PostgreSQL {}", String::from_utf8_lossy(&code))
            }
        }
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::super::{Fault, PostgresPlace, Session, SqlitePlace, SqliteSession, chain, values};

    const CANARY: &str = "kanarie-7f3a";

    /// Statements that fail in ways in which a driver quotes what it was given.
    fn check(session: &mut dyn Session, statements: &[&str], code: &str) {
        for statement in statements {
            let failed = session.script(statement).unwrap_err();
            says_nothing(&failed);
            assert!(chain(&failed).contains(code), "{}", chain(&failed));
        }
    }

    fn says_nothing(fault: &Fault) {
        for said in [chain(fault), fault.to_string(), format!("{fault:?}")] {
            assert!(!said.contains(CANARY), "{said}");
        }
    }

    #[test]
    fn a_failing_statement_of_sqlite_does_not_come_along() {
        let folder = tempfile::tempdir().unwrap();
        let place = SqlitePlace {
            file: folder.path().join("x.db"),
        };
        place.create().unwrap();
        let mut session = SqliteSession::over(SqlitePlace::connect(&place.file).unwrap());
        check(
            &mut session,
            &[
                "select from 'kanarie-7f3a' where",
                "select * from \"kanarie-7f3a\"",
                "select json('kanarie-7f3a')",
                "select raise_('kanarie-7f3a')",
            ],
            "SQLite 1",
        );
        session
            .script("create table t (x integer unique) strict; insert into t values (1)")
            .unwrap();
        let failed = session
            .execute("insert into t values ($1)", values![CANARY])
            .unwrap_err();
        says_nothing(&failed);
        check(&mut session, &["insert into t values (1)"], "SQLite 2067");
    }

    #[test]
    fn a_failing_statement_of_postgres_does_not_come_along() {
        let Ok(url) = std::env::var("WAARBORG_TEST_POSTGRES") else {
            eprintln!(
                "SKIPPED: no PostgreSQL (WAARBORG_TEST_POSTGRES, or tests/with-postgres cargo test …)"
            );
            return;
        };
        let mut session = PostgresPlace::parse(&url).unwrap().connect().unwrap();
        check(
            &mut session,
            &["select cast('kanarie-7f3a' as bigint)"],
            "PostgreSQL 22P02",
        );
        session
            .script(
                "create temporary table t (x text primary key, y text not null);
                 insert into t values ('kanarie-7f3a', '')",
            )
            .unwrap();
        check(
            &mut session,
            &["insert into t values ('kanarie-7f3a', '')"],
            "PostgreSQL 23505",
        );
        let failed = session
            .execute("insert into t (x) values ($1)", values![CANARY])
            .unwrap_err();
        says_nothing(&failed);
    }
}
