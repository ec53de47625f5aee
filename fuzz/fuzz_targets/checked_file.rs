//! What holds for every file: no breakdown, bounds kept, every part on character boundaries.

use waarborg_files::{Limits, Reason, read, strip_metadata};

/// Reads a file with small bounds and checks what comes out.
pub fn check(file: &[u8]) {
    let limits = Limits {
        text_bytes: 256 * 1024,
        unpacked_bytes: 4 * 1024 * 1024,
        parts: 200,
        places: 5_000,
        ..Limits::default()
    };
    let (text, gaps) = read(None, file, &limits).with_gaps();
    assert!(text.as_str().len() <= limits.text_bytes);
    assert!(gaps.iter().all(|gap| gap.reason != Reason::Failed));
    let mut end = 0;
    for (_, range) in text.parts() {
        assert!(range.start >= end || range.is_empty());
        assert!(text.as_str().get(range.clone()).is_some());
        assert!(text.place_at(range.start).is_some());
        end = range.end;
    }
    if let Some(bare) = strip_metadata(file) {
        assert_eq!(strip_metadata(&bare).as_deref(), Some(bare.as_slice()));
    }
}
