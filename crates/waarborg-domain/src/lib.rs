//! The law of the house: register, permits, screening, rights, clocks, claims, consent and audit. Pure.

pub mod json;
pub mod audit;
