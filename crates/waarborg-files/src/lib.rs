//! Bytes of a file in, its text with places out, and a list of what could not be read.
//!
//! Pure: no input or output, no clock, no randomness. [`read`] looks at the bytes, never at the name,
//! to tell what kind of file it is, and reads everything a person or a program could find in it:
//! also what is hidden, deleted, commented or attached. Every step has a bound ([`Limits`]), and
//! what lies beyond it becomes a [`Gap`].
//!
//! The text cannot be had without the gaps: [`FileText::whole`] fails when there is one, and
//! [`FileText::with_gaps`] hands over both.
//!
//! Parsers of others run inside: a panic in one becomes a gap. A caller that takes files of
//! strangers calls [`read`] on a thread with [`STACK_BYTES`] of stack.

mod archive;
mod dispatch;
mod gap;
mod html;
mod kind;
mod limits;
mod mail;
mod office;
mod opendocument;
mod pdf;
mod picture;
mod place;
mod plain;
mod rtf;
mod sheet;
mod text;
mod xml;
mod zip;

pub use gap::{Gap, Gaps, Incomplete, Reason};
pub use kind::FileKind;
pub use limits::Limits;
pub use picture::{PictureReader, sides, strip_metadata};
pub use place::{Place, Spot};
pub use text::{FileText, PlacedText};

/// How much stack [`read`] wants; more than any nesting that it lets through needs.
pub const STACK_BYTES: usize = 32 * 1024 * 1024;

/// Reads everything in a file.
///
/// The name only tells an attachment from another in messages; it is read as text too.
pub fn read(name: Option<&str>, bytes: &[u8], limits: &Limits) -> FileText {
    let mut collector = text::Collector::new(limits);
    if let Some(name) = name {
        collector.file_name(name);
    }
    // A bound that was reached has left a gap.
    let _ = dispatch::any(bytes, &mut collector);
    collector.finish()
}

/// What kind of file these bytes are, by their content; a package of parts is a [`FileKind::Zip`] until it is read.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> FileKind {
    kind::of(bytes)
}
