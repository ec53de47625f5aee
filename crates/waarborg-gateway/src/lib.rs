//! The models' side: wire formats, streaming, providers.

pub mod address;
pub mod demo;
#[cfg(test)]
mod found;
mod lines;
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
mod translation;
pub mod upstream;
