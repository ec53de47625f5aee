//! What holds for a target that puts its bytes into a file of its own making.

use waarborg_files::{Limits, read};

/// The file is read: with a mistake in its frame the fuzzer would try nothing but broken ones.
pub fn is_read(file: &[u8], word: &str) {
    let (text, _) = read(None, file, &Limits::default()).with_gaps();
    assert!(text.as_str().contains(word), "the frame of this target is broken");
}
