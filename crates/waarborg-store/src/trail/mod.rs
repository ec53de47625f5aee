//! The audit log in the database: appending to it, checking it, and taking it elsewhere.

mod anchor;
mod check;
mod export;
mod journal;
mod log;

pub(crate) use anchor::{Anchor, FILE as CHECKPOINT_FILE};
pub(crate) use check::{check, lines_latest, lines_of, lines_of_key};
pub(crate) use export::export;
pub use export::{ExportFault, Exported, verify_export};
pub(crate) use journal::{Journal, Taken, known, note_known};
pub(crate) use log::Log;
