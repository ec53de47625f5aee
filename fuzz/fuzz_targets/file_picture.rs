//! Pictures: what is written about them, and taking it out; what was taken out once is out.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else {
        return;
    };
    let heads: [&[u8]; 6] = [b"\xff\xd8\xff\xe1", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0", b"\xff\xd8"];
    checked_file::check(&[heads[usize::from(which % 6)], data].concat());
});
