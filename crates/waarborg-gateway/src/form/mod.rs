//! Forms of parts (`multipart/form-data`), in which sound comes: read once at the door, inspected as one document, and
//! written anew for the provider.

mod filled;
mod read;
mod write;

pub(crate) use filled::{Filled, FilledFault, filled};
pub(crate) use read::is_form;
pub(crate) use write::{Written, written};
