//! Shows what the use cases answer: pure functions from a view to HTML.

pub mod accessibility;
pub mod agreements;
pub mod case;
pub mod change;
pub mod chat;
pub mod consent;
pub mod console;
pub mod cookies;
pub mod derived;
pub mod disclosures;
pub mod frame;
pub mod holds;
pub mod intake;
pub mod letter;
pub mod live;
pub mod mail;
pub mod message;
pub mod notice;
pub mod own;
pub mod privacy;
pub mod problem;
pub mod rights;
pub mod sure;
pub mod take;
pub mod training;
pub mod transfer;

pub use frame::{Banner, Contact, Frame, Section};
