//! The house rules that a machine can check, each a function from the source tree to its faults.
//!
//! Nothing here is part of the product. `cargo test -p waarborg-tidy` runs every rule over the
//! repository (`tests/house.rs`), and over a small bad example beside each rule.

pub mod arrows;
pub mod claims;
pub mod dependencies;
pub mod licences;
pub mod migrations;
pub mod shape;
pub mod testdata;
pub mod texts;
pub mod tree;
pub mod words;

pub use tree::{Fault, Source, Tree};
