//! Detection with three plain functions around it: where a text goes, what is found, where the answer stands.

use std::fmt::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use waarborg_detect::Detector;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);
static INPUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static OUTPUT: Mutex<String> = Mutex::new(String::new());

/// Makes room for a text of `length` bytes and says where.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    let mut input = INPUT.lock().unwrap_or_else(PoisonError::into_inner);
    *input = vec![0; length];
    input.as_mut_ptr()
}

/// Finds in the text what there is, and says how long the answer is: a line `start end LABEL` per finding, in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn find() -> usize {
    let input = INPUT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut output = OUTPUT.lock().unwrap_or_else(PoisonError::into_inner);
    output.clear();
    let text = String::from_utf8_lossy(&input);
    for finding in DETECTOR.find(&text) {
        let _ = writeln!(output, "{} {} {}", finding.span.start, finding.span.end, finding.kind);
    }
    output.len()
}

/// Where the answer stands.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.lock().unwrap_or_else(PoisonError::into_inner).as_ptr()
}
