//! Looks for words in bytes, in every form in which a program may have left them.

use std::path::PathBuf;

/// Where one of the words stands, in which form.
pub(crate) fn places(words: &[&str], files: &[(PathBuf, Vec<u8>)]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words {
        for (form, needle) in forms(word) {
            for (path, content) in files {
                if contains(content, &needle) {
                    found.push(format!("{word} as {form} in {}", path.display()));
                }
            }
        }
    }
    found
}

/// The forms of a word: as it is, in UTF-16, percent-encoded, hexadecimal, and base64 at each of three offsets.
fn forms(word: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = word.as_bytes();
    let utf16 =
        |encode: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(encode).collect::<Vec<u8>>();
    let mut forms = vec![
        ("text", bytes.to_vec()),
        ("lower case", word.to_lowercase().into_bytes()),
        ("utf-16le", utf16(u16::to_le_bytes)),
        ("utf-16be", utf16(u16::to_be_bytes)),
        (
            "hex",
            bytes
                .iter()
                .flat_map(|byte| format!("{byte:02x}").into_bytes())
                .collect(),
        ),
        (
            "url",
            bytes
                .iter()
                .flat_map(|byte| format!("%{byte:02X}").into_bytes())
                .collect(),
        ),
    ];
    for skip in 0..3 {
        // The letters of a word at another offset in a base64 text; the edges mix with their neighbours.
        let inner = &bytes[skip.min(bytes.len())..];
        let whole = &inner[..inner.len() - inner.len() % 3];
        forms.push(("base64", base64(whole)));
    }
    forms
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::new();
    for three in bytes.chunks_exact(3) {
        let number = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for shift in [18, 12, 6, 0] {
            text.push(LETTERS[(number >> shift & 63) as usize]);
        }
    }
    text
}

fn contains(content: &[u8], needle: &[u8]) -> bool {
    needle.len() >= 6 && memchr::memmem::find(content, needle).is_some()
}

#[test]
fn a_word_is_found_in_every_form() {
    let word = "zilverreiger-4711";
    let file = |content: Vec<u8>| vec![(PathBuf::from("x"), content)];
    for (form, bytes) in forms(word) {
        assert!(!places(&[word], &file(bytes)).is_empty(), "{form}");
    }
    assert!(places(&[word], &file(b"een blauwe reiger".to_vec())).is_empty());
}
