//! Keys, tokens, private keys and connection strings, by the prefixes of their makers and by their randomness.

use alloc::vec::Vec;
use core::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::{memchr_iter, memchr2};

use crate::finding::Why;
use crate::kind::Kind;
use crate::reading::{Hit, Reading};
use crate::runs;
use crate::validation::holds;

/// Prefixes of keys, with the fewest characters that must follow.
const PREFIXES: &[(&str, usize)] = &[
    ("AKIA", 12),
    ("ASIA", 12),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghs_", 16),
    ("ghu_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("gldt-", 12),
    ("sk-proj-", 12),
    ("sk-ant-", 12),
    ("sk-", 16),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("pk_live_", 10),
    ("pk_test_", 10),
    ("rk_live_", 10),
    ("whsec_", 10),
    ("live_", 24),
    ("test_", 24),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("npm_", 16),
    ("pypi-", 16),
    ("hf_", 16),
    ("hvs.", 12),
    ("hvb.", 12),
    ("dop_v1_", 16),
    ("doo_v1_", 16),
    ("r8_", 16),
    ("lin_api_", 16),
    ("SG.", 16),
    ("AIza", 24),
    ("ya29.", 16),
    ("xai-", 16),
    ("gsk_", 16),
    ("NRAK-", 16),
    ("figd_", 16),
    ("shpat_", 16),
    ("shpss_", 16),
    ("EAAG", 24),
    ("GOCSPX-", 16),
    ("1//0", 20),
    ("key-", 24),
    ("AGE-SECRET-KEY-", 16),
    ("sq0csp-", 16),
    ("sq0atp-", 16),
    ("dckr_pat_", 16),
    ("tfp_", 16),
    ("nvapi-", 16),
    ("ATATT", 20),
    ("pul-", 20),
    ("rubygems_", 16),
    ("sntrys_", 16),
    ("glsa_", 20),
    ("dapi", 32),
    ("sbp_", 20),
    ("PMAK-", 20),
    ("tskey-", 16),
    ("shpca_", 16),
    ("shppa_", 16),
    ("xkeysib-", 20),
    ("ATCTT", 20),
    ("glptt-", 12),
    ("glrt-", 12),
    ("EZAK", 20),
    ("sk-or-", 12),
    ("hooks.slack.com/services/", 16),
    ("Bearer ", 16),
    ("Basic ", 16),
    ("AccountKey=", 20),
    ("SharedAccessKey=", 20),
    ("eyJ", 16),
    ("-----BEGIN", 8),
    ("://", 6),
    ("assword=", 1),
    ("wd=", 1),
];

/// Finds secrets by one pass over the text.
pub(crate) struct SecretFinder {
    prefixes: Option<AhoCorasick>,
}

impl SecretFinder {
    pub(crate) fn new() -> SecretFinder {
        // The list is constant; a finder without it would find nothing, so a test builds it.
        SecretFinder {
            // Of "sk-or-" and "sk-" the longer one says how long a key is.
            prefixes: AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(PREFIXES.iter().map(|(prefix, _)| prefix))
                .ok(),
        }
    }

    pub(crate) fn find(&self, reading: &Reading<'_>, hits: &mut Vec<Hit>) {
        if may_hold_prefix(reading.text.as_bytes()) {
            self.find_prefixes(reading.text, hits);
        }
        random_runs(reading.text, hits);
    }

    fn find_prefixes(&self, text: &str, hits: &mut Vec<Hit>) {
        let mut after = 0;
        for found in self
            .prefixes
            .iter()
            .flat_map(|prefixes| prefixes.find_iter(text))
            .filter(|found| found.end() > 0)
        {
            if found.start() < after {
                continue;
            }
            let Some((prefix, least)) = PREFIXES.get(found.pattern().as_usize()) else {
                continue;
            };
            let span = match *prefix {
                "-----BEGIN" => private_key(text, found.start()),
                "://" => login_in_address(text, found.start()),
                "assword=" | "wd=" => connection(text, found.start()),
                "eyJ" => token(text, found.range(), *least).filter(|span| {
                    let n_dots = text
                        .get(span.clone())
                        .map(|value| value.matches('.').count());
                    holds("token-parts", n_dots == Some(2))
                }),
                _ if prefix.ends_with([' ', '=']) => token(text, found.range(), *least)
                    .map(|span| span.start + prefix.len()..span.end),
                // The address begins before the name of the house.
                "hooks.slack.com/services/" => token(text, found.range(), *least).map(|span| {
                    let before = text.get(..span.start).unwrap_or_default();
                    let scheme = if before.ends_with("https://") { 8 } else { 0 };
                    span.start - scheme..span.end
                }),
                _ => token(text, found.range(), *least),
            };
            if let Some(span) = span {
                after = span.end;
                hits.push(Hit::new(span, Kind::ApiKey, 0.995, Why::KeyPrefix));
            }
        }
    }
}

/// The shortest key with its prefix.
const SHORTEST: usize = 15;
/// From this length on a key needs no digit.
const LONG: usize = 24;

/// Whether a text can hold what one of the prefixes begins. The automaton of all prefixes does not fit the nearest
/// cache, and most texts have neither a long run of the characters of keys nor one of these marks.
fn may_hold_prefix(text: &[u8]) -> bool {
    runs::all(text, SHORTEST, is_key_byte)
        .filter_map(|run| text.get(run))
        .any(|run| run.len() >= LONG || run.iter().any(u8::is_ascii_digit))
        || memchr_iter(b'=', text)
            .filter_map(|at| text.get(..at))
            .any(|before| before.ends_with(b"d"))
        || memchr_iter(b':', text)
            .filter_map(|at| text.get(at..))
            .any(|behind| behind.starts_with(b"://"))
        || memchr_iter(b'-', text)
            .filter_map(|at| text.get(at..))
            .any(|behind| behind.starts_with(b"-----BEGIN"))
}

fn is_key_byte(byte: u8) -> bool {
    IS_KEY.get(usize::from(byte)).copied().unwrap_or(false)
}

static IS_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &mut [bool] = &mut table;
    let mut byte: u8 = 0;
    while let Some((is_key, others)) = rest.split_first_mut() {
        *is_key =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=');
        byte = byte.wrapping_add(1);
        rest = others;
    }
    table
};

/// A prefix at the beginning of a run, with enough of a run behind it.
fn token(text: &str, prefix: Range<usize>, least: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let inside = prefix
        .start
        .checked_sub(1)
        .and_then(|before| bytes.get(before))
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if inside {
        return None;
    }
    let len = bytes
        .get(prefix.end..)?
        .iter()
        .take(4096)
        .take_while(|byte| is_key_byte(**byte))
        .count();
    let run = text
        .get(prefix.end..prefix.end + len)?
        .trim_end_matches(['.', '-', '=']);
    let padding = text
        .get(prefix.end + run.len()..)?
        .bytes()
        .take(2)
        .take_while(|byte| *byte == b'=')
        .count();
    let has_digit = run.bytes().any(|byte| byte.is_ascii_digit());
    // "test_users_are_listed": the name of a test; the keys that begin so are one piece.
    let name = text.get(prefix.clone()).unwrap_or_default();
    let is_piece = !matches!(name, "test_" | "live_") || (has_digit && !run.contains('_'));
    let fits = holds("key-length", run.len() >= least)
        && holds("key-in-one-piece", is_piece)
        && holds("key-digits", has_digit || run.len() >= LONG)
        && holds(
            "key-of-something",
            !run.contains("xxxx") && !run.contains("...."),
        );
    fits.then(|| prefix.start..prefix.end + run.len() + padding)
}

/// From `-----BEGIN` to the end of the `-----END` line, or as far as it goes.
fn private_key(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = text.get(start..)?;
    let mut limit = rest.len().min(16_384);
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let rest = rest.get(..limit)?;
    let is_private = rest
        .chars()
        .take(64)
        .take_while(|character| *character != '\n')
        .collect::<alloc::string::String>()
        .contains("PRIVATE KEY");
    if !holds("key-is-private", is_private) {
        return None;
    }
    let end = rest.find("-----END").and_then(|at| {
        let tail = rest.get(at + 8..)?;
        tail.find("-----").map(|close| at + 8 + close + 5)
    });
    Some(start..start + end.unwrap_or(rest.trim_end().len()))
}

/// `postgres://user:password@host/…`: the whole address opens something.
fn login_in_address(text: &str, at: usize) -> Option<Range<usize>> {
    let scheme = text
        .get(..at)?
        .bytes()
        .rev()
        .take(24)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b':'))
        .count();
    let behind = text.get(at + 3..)?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`' | b')')
    };
    let len = behind
        .bytes()
        .take(512)
        .position(|byte| ends(&byte))
        .unwrap_or(behind.len().min(512));
    let address = behind.get(..len)?.trim_end_matches(['.', ',', ';', ':']);
    let (login, _) = address.rsplit_once('@')?;
    let (_, password) = login.split_once(':')?;
    let fits = scheme > 0
        && !login.contains('/')
        && holds("password-length", password.len() >= 3)
        && holds(
            "password-is-one",
            !password.starts_with(['<', '$', '{', '*']),
        );
    fits.then(|| at - scheme..at + 3 + address.len())
}

/// `Server=…;User ID=…;Password=…;`: from the first part of the line to the last.
fn connection(text: &str, at: usize) -> Option<Range<usize>> {
    let mut from = at.saturating_sub(240);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at)?;
    let line = before
        .rfind(['"', '\'', '\n', '`'])
        .map_or(0, |mark| mark + 1);
    let line_text = before.get(line..)?;
    let start = [
        "Server=",
        "server=",
        "Data Source=",
        "data source=",
        "Host=",
        "host=",
        "jdbc:",
        "DefaultEndpointsProtocol=",
        "Driver=",
    ]
    .iter()
    .filter_map(|begin| line_text.find(begin))
    .min()?;
    let behind = text.get(at..)?;
    let mut limit = behind.len().min(240);
    while !behind.is_char_boundary(limit) {
        limit -= 1;
    }
    let behind = behind.get(..limit)?;
    let len = behind.find(['"', '\n', '`']).unwrap_or(behind.len());
    let value = behind.get(..len)?;
    let value = value
        .find(". ")
        .or_else(|| value.find("' "))
        .or_else(|| value.find(" geeft"))
        .map_or(value, |stop| value.get(..stop).unwrap_or(value));
    let end = value.rfind(';').map_or_else(
        || value.find(char::is_whitespace).unwrap_or(value.len()),
        |semicolon| {
            let tail = value.get(semicolon + 1..).unwrap_or_default();
            if tail.contains('=') && !tail.contains(' ') {
                value.len()
            } else {
                semicolon + 1
            }
        },
    );
    Some(from + line + start..at + end)
}

/// Runs with letters of both cases and digits in such a mixture that nobody wrote them by hand.
fn random_runs(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    // Only what goes on behind one of these marks may be shorter than a key.
    let least = if memchr2(b'+', b'/', bytes).is_some() {
        4
    } else {
        LEAST_RANDOM
    };
    let mut at = 0;
    while let Some(range) = runs::next(bytes, at, least, |byte| byte.is_ascii_alphanumeric()) {
        let is_first = range
            .start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|before| !matches!(before, b'+' | b'/' | b'='));
        let goes_on = is_first && matches!(bytes.get(range.end), Some(b'+' | b'/'));
        at = range.end;
        if ((LEAST_RANDOM..=200).contains(&range.len()) || goes_on)
            && let Some(span) = random_run(text, range)
        {
            at = span.end;
            let start = before_random(bytes, span.start);
            hits.push(Hit::new(
                start..span.end,
                Kind::ApiKey,
                0.7,
                Why::RandomText,
            ));
        }
    }
}

/// Where a key begins that has a short prefix and a low line: `rt_29Bw…`.
fn before_random(bytes: &[u8], start: usize) -> usize {
    let before = bytes.get(..start).unwrap_or_default();
    let Some(before) = before.strip_suffix(b"_") else {
        return start;
    };
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric();
    let n = before
        .iter()
        .rev()
        .take(LONGEST_PREFIX + 1)
        .take_while(is_part)
        .count();
    if (2..=LONGEST_PREFIX).contains(&n) {
        start - 1 - n
    } else {
        start
    }
}

/// Letters and digits before the low line, at most.
const LONGEST_PREFIX: usize = 8;

/// Shorter runs are no key by themselves.
const LEAST_RANDOM: usize = 20;

fn random_run(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let run = text.as_bytes().get(range.clone())?;
    if run.len() < LEAST_RANDOM {
        // `wJalrXUtnFEMI/K7MDENG/bPxRfi…`: a key with marks in it.
        let whole = around(text.as_bytes(), &range);
        let bytes = text.as_bytes().get(whole.clone())?;
        let fits = holds("key-with-marks", has_all_sorts(bytes))
            && (32..=200).contains(&bytes.len())
            && speaks_of_key(text, whole.start);
        return fits.then_some(whole);
    }
    if is_random(run) {
        let joins = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b'+' | b'/'));
        let bytes = text.as_bytes();
        let before = range.start.checked_sub(1);
        let in_blob =
            joins(before.and_then(|before| bytes.get(before))) || joins(bytes.get(range.end));
        if !in_blob {
            return Some(range);
        }
        // A part of a longer run, as pictures and hashes have it, unless a key is spoken of.
        let whole = around(bytes, &range);
        return (whole.len() <= 200 && speaks_of_key(text, whole.start)).then_some(whole);
    }
    let is_hex = run.len() >= 32
        && run.iter().all(u8::is_ascii_hexdigit)
        && run.iter().any(u8::is_ascii_digit)
        && run.iter().any(u8::is_ascii_alphabetic);
    (holds("key-of-hexadecimals", is_hex) && speaks_of_key(text, range.start)).then_some(range)
}

/// The run of base64 around a part of it.
fn around(bytes: &[u8], part: &Range<usize>) -> Range<usize> {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let before = bytes
        .get(..part.start)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(256)
        .take_while(is_part)
        .count();
    let after = bytes
        .get(part.end..)
        .unwrap_or_default()
        .iter()
        .take(256)
        .take_while(is_part)
        .count();
    part.start - before..part.end + after
}

/// Whether a word for a key stands shortly before, and none for a checksum.
fn speaks_of_key(text: &str, start: usize) -> bool {
    const KEYS: [&str; 11] = [
        "key",
        "secret",
        "token",
        "sleutel",
        "geheim",
        "wachtwoord",
        "password",
        "auth",
        "credential",
        "signature",
        "salt",
    ];
    const SUMS: [&str; 8] = [
        "commit",
        "sha",
        "md5",
        "hash",
        "checksum",
        "digest",
        "etag",
        "vingerafdruk",
    ];
    let mut from = start.saturating_sub(32);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..start).unwrap_or_default().to_lowercase();
    KEYS.iter().any(|word| before.contains(word)) && !SUMS.iter().any(|word| before.contains(word))
}

fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    }
}

/// Digits and letters of both cases.
fn has_all_sorts(run: &[u8]) -> bool {
    let count = |wanted: u8| run.iter().filter(|byte| class(**byte) == wanted).count();
    count(0) >= 2 && count(1) >= 3 && count(2) >= 3
}

fn is_random(run: &[u8]) -> bool {
    let n_changes = run
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if class(*a) != class(*b)))
        .count();
    holds(
        "random-enough",
        has_all_sorts(run) && n_changes * 3 >= run.len(),
    ) && holds("random-is-no-name", n_in_words(run) * 2 < run.len())
}

/// How much of a run is capitals with three small letters or more behind them, as in `Pkcs12ImportOptions`.
fn n_in_words(run: &[u8]) -> usize {
    const SMALL_LETTERS: usize = 3;
    let (mut n_covered, mut n_small, mut is_word) = (0, 0, false);
    for byte in run.iter().chain(b"0") {
        if byte.is_ascii_lowercase() {
            n_small += 1;
            continue;
        }
        if is_word && n_small >= SMALL_LETTERS {
            n_covered += 1 + n_small;
        }
        is_word = byte.is_ascii_uppercase();
        n_small = 0;
    }
    n_covered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_prefixes_builds() {
        assert!(SecretFinder::new().prefixes.is_some());
    }

    /// As long as it must be and mixed, behind each prefix; and a sign shorter.
    #[test]
    fn every_prefix_finds_a_key_and_leaves_a_shorter_one() {
        let finder = SecretFinder::new();
        let found = |text: &str| {
            let mut hits = Vec::new();
            finder.find_prefixes(text, &mut hits);
            !hits.is_empty()
        };
        let others = ["-----BEGIN", "://", "assword=", "wd=", "eyJ"];
        for (prefix, least) in PREFIXES {
            if others.contains(prefix) {
                continue;
            }
            let key: std::string::String = "a1B2c3D4".chars().cycle().take(*least).collect();
            assert!(found(&std::format!("x {prefix}{key} x")), "{prefix}");
            let short = key.get(1..).unwrap();
            assert!(!found(&std::format!("x {prefix}{short} x")), "{prefix}");
        }
        for (good, bad) in [
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
                "-----BEGIN CERTIFICATE-----\nMIIB",
            ),
            ("redis://app:geheim@host/0", "redis://host:6379/0"),
            ("Server=db;Password=geheim;", "Kies een Password=geheim;"),
            ("Server=db;Pwd=geheim;", "pwd=geheim"),
            (
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXVy",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0",
            ),
        ] {
            assert!(found(good), "{good}");
            assert!(!found(bad), "{bad}");
        }
    }

    #[test]
    fn no_key_is_too_short_to_be_looked_for() {
        for (prefix, least) in PREFIXES {
            let is_looked_for = may_hold_prefix(prefix.as_bytes());
            let len = if prefix.ends_with(' ') {
                0
            } else {
                prefix.len()
            };
            assert!(is_looked_for || len + least >= SHORTEST, "{prefix}");
            assert!(
                prefix.ends_with(' ') || is_looked_for || prefix.bytes().all(is_key_byte),
                "{prefix}"
            );
        }
    }
}
