//! The contract of the store, run on SQLite and on a real PostgreSQL; and what only a disk can show.

mod canary;
mod contract;
mod disk_full;
mod kill;
mod support;
