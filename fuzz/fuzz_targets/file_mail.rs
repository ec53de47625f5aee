//! E-mail: any headers, boundaries and encodings.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;

fuzz_target!(|data: &[u8]| {
    let head = b"MIME-Version: 1.0\r\nFrom: a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";
    let (which, data) = data.split_first().unwrap_or((&0, data));
    let n_head = if which % 2 == 0 { head.len() } else { 28 };
    checked_file::check(&[&head[..n_head], data].concat());
});
