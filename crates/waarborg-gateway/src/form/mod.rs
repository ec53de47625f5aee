//! Forms of parts (`multipart/form-data`), in which sound, pictures and files of requests come: read once at the door, inspected as one document, and
//! written anew for the provider.

mod filled;
mod pictures;
mod read;
mod write;

pub(crate) use filled::{Filled, FilledFault, Holds, filled};
pub(crate) use read::{FormBodyFault, boundary, is_form, parts};
pub(crate) use write::{Written, with_lines, with_pictures, with_sound};
