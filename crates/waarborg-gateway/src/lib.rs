//! The models' side: wire formats, streaming, providers.

pub mod address;
#[cfg(any(test, feature = "scripted"))]
pub mod scripted;
#[cfg(test)]
mod shared_data;
pub mod sse;
pub mod upstream;
