//! Forms of parts (`multipart/form-data`), in which sound and files of requests come: read once at the door, inspected as one document, and
//! written anew for the provider.

mod filled;
mod read;
mod write;

pub(crate) use filled::{Filled, FilledFault, filled};
pub(crate) use read::{FormBodyFault, boundary, is_form, parts};
pub(crate) use write::{Written, with_file, written};
