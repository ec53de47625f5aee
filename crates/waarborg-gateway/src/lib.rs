//! The models' side: wire formats, streaming, providers.

pub mod address;
mod completion;
pub mod demo;
mod enclosed;
mod form;
#[cfg(test)]
mod found;
pub mod identity;
mod lines;
mod pieces;
pub mod protocol;
pub mod providers;
pub mod restore;
mod said;
#[cfg(any(test, feature = "scripted"))]
pub mod scripted;
pub mod serve;
#[cfg(test)]
mod shared_data;
pub mod sse;
mod surfaces;
mod texts;
pub mod traces;
mod translation;
pub mod upstream;
pub mod way;
mod weights;

pub use enclosed::Letters;

/// What stands in an answer where a passage about somebody was left out. It says nothing of whom, or why.
#[must_use]
pub fn notice_of_withheld(language: waarborg_detect::surrogate::Language) -> String {
    texts::say(language, "withheld", &[])
}
