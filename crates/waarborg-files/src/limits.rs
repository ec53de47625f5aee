//! How far reading goes: the bounds on what one file may cost.

/// The bounds on one file, with everything inside it together.
///
/// What lies beyond a bound is not read, and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text that come out.
    pub text_bytes: usize,
    /// Bytes that all unpacking and decoding together may make. A stream that is read twice counts twice.
    pub unpacked_bytes: usize,
    /// Files within files, parts of a message, parts of a package.
    pub parts: usize,
    /// Places: cells, paragraphs, pages, fields.
    pub places: usize,
    /// How deep files may lie within files.
    pub depth: usize,
    /// Pixels of a picture that is handed to a [`crate::PictureReader`].
    pub pixels: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            text_bytes: 32 * 1024 * 1024,
            unpacked_bytes: 192 * 1024 * 1024,
            parts: 5_000,
            places: 1_000_000,
            depth: 6,
            pixels: 80_000_000,
        }
    }
}

/// A bound was reached: nothing more of this file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// How many levels of elements we follow in a document.
pub(crate) const NESTED_ELEMENTS: usize = 2_000;

/// The most columns for which an empty cell keeps its place in a row of text.
pub(crate) const EMPTY_COLUMNS: u32 = 40;
