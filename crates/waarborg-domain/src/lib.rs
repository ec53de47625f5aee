//! The law of the house: register, permits, screening, rights, clocks, claims, consent and audit. Pure.

pub mod audit;
pub mod calendar;
pub mod claim;
pub mod consent;
pub mod conversation;
pub mod cookies;
pub mod decision;
pub mod entry;
pub mod finder;
pub mod hold;
pub mod identifier;
pub mod ids;
pub mod intent;
pub mod json;
pub mod law;
pub mod mail;
mod named;
pub mod notice;
pub mod permit;
pub mod personal;
pub mod plain;
pub mod policy;
pub mod prompt;
pub mod register;
pub mod rights;
