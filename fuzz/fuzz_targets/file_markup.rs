//! Web pages, XML, rich text and plain text in any encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "checked_file.rs"]
mod checked_file;

fuzz_target!(|data: &[u8]| {
    let Some((which, data)) = data.split_first() else {
        return;
    };
    let head: &[u8] = [&b"<!doctype html>"[..], b"<?xml version='1.0'?>", b"{\\rtf1", b""][usize::from(which % 4)];
    checked_file::check(&[head, data].concat());
});
