//! Keeps things: SQLite or PostgreSQL, sealed records, keys apart, ledger and audit log.

pub mod keys;
