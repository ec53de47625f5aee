//! One function per thing a person can do, and the ports it needs.
//!
//! The chat, the web form, the API and the command line call the same function. No HTTP, no SQL.

pub mod agreements;
pub mod answers;
pub mod batches;
pub mod budget;
pub mod casework;
mod certify;
pub mod changes;
pub mod chat;
pub mod clearing;
pub mod consent;
pub mod console;
pub mod cookies;
pub mod course;
pub mod departures;
pub mod desk;
pub mod disclosures;
pub mod disputes;
pub mod door;
pub mod events;
pub mod exports;
mod fading;
pub mod file_texts;
pub mod gateway;
pub mod guard;
pub mod holds;
pub mod keys;
pub mod mail;
pub mod messages;
pub mod places;
pub mod ports;
pub mod published;
mod records;
pub mod remembered;
pub mod requests;
pub mod retention;
pub mod rights;
pub mod sightings;
pub mod stops;
pub mod sureness;
pub mod transfers;
pub mod versions;
pub mod withheld;

pub use desk::{Desk, DeskParts, House, Surface, Surfaces, Withholding};

/// The terms of the register that the use cases count with.
pub const TERMS: &[&str] = &[
    console::LINK,
    retention::IDLE_SUBJECT,
    retention::LATE_CLAIM,
    transfers::TERM,
    remembered::TERM,
    AWAITED_ANSWER,
];

/// The term within which the answer comes to a prompt that another gateway had screened here: until then what was replaced
/// in it stays known.
pub const AWAITED_ANSWER: &str = "awaited_answer";

/// The terms that count only where mail is sent.
pub const MAIL_TERMS: &[&str] = &[
    sureness::CODE,
    answers::LINK,
    answers::READING,
    mail::WAITING,
    mail::SENT,
];
