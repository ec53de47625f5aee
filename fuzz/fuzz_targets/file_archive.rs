//! Archives: whatever the list says, reading ends within its bounds and on character boundaries.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;

fuzz_target!(|data: &[u8]| {
    let file = [b"PK\x03\x04", data].concat();
    checked_file::check(&file);
});
