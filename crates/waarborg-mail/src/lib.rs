//! The way out for mail: SMTP over TLS, to the one server that the register names, for what passed the gate.
//!
//! What a server says is never kept or told: it may repeat an address.

mod letter;
mod server;
mod smtp;

pub use server::{Server, ServerFault};
pub use smtp::{Login, Patience, Smtp};
