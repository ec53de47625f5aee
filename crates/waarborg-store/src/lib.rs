//! Keeps things: SQLite or PostgreSQL, sealed records, keys apart, ledger and audit log.

mod archive;
mod backup;
mod claims;
mod engine;
mod erase;
mod header;
pub mod keys;
mod lasting;
mod ledger;
mod ports;
mod secrets;
mod trail;

pub use archive::{Archive, Backend, OpenFault, Settings};
pub use backup::Restored;
pub use engine::{DeclaredTable, Fault, Refusal, UrlFault, declared_tables};
pub use trail::{ExportFault, Exported, verify_export};
