//! Text in, findings out: personal data in Dutch, English and more, with surrogates and their restoring.
//!
//! Pure: no input or output, no clock, no randomness. [`Detector::find`] reads a text and says
//! where personal data stands and why; [`surrogate`] replaces it reversibly.
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod again;
mod bsn;
mod by_word;
mod card;
mod case_numbers;
mod clause;
mod compact;
mod contacts;
mod councils;
mod dates;
mod decode;
mod detector;
mod digits;
mod doubts;
mod explain;
mod features;
mod finding;
mod fold;
mod forms;
mod group;
mod iban;
mod identifier;
mod imei;
mod indirect;
mod join;
mod kind;
mod labels;
mod lexicon;
mod made;
mod mapped;
mod name_parts;
mod names;
mod national;
mod network;
mod numbers;
mod own;
mod passage;
mod people;
mod phones;
mod places;
mod plates;
mod postcodes_abroad;
mod program;
mod public_names;
mod reading;
mod references;
mod registers;
mod resolve;
mod role_in_place;
mod runs;
mod said;
mod said_postcode;
mod scene;
mod secrets;
mod seen;
mod sentences;
mod special;
mod special_words;
mod spelled;
mod streets;
mod structured;
pub mod surrogate;
mod tables;
mod tagger;
#[cfg(test)]
mod testdata;
mod tokens;
#[doc(hidden)]
pub mod training;
mod typed_secrets;
mod validate;
mod validation;
mod vocabulary;
mod weights;
mod whose;
mod whose_words;
pub mod withheld;
mod words;

pub use detector::Detector;
pub use explain::{Considered, Fate, Stage};
pub use finding::{About, AgeGroup, Finding, Group, Whose, Why};
pub use group::tell_groups;
pub use kind::{Kind, Kinds};
pub use own::{Allowed, Checksum, OwnFault, Recogniser};
pub use people::People;
pub use said::Said;
