//! Values that keep the form of what they stand for and that nobody has: numbers that fail their check, reserved
//! addresses, postcodes and plates that are not given out.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::draw::Draw;
use super::names;
use crate::kind::Kind;
use crate::validate;

/// A value in the form of this one; nothing if there is no safe one, or this try gave none.
pub(super) fn of(kind: Kind, value: &str, draw: &mut Draw) -> Option<String> {
    match kind {
        Kind::Email => email(draw),
        Kind::Phone => phone(value, draw),
        Kind::Bsn => citizen_number(value, draw),
        Kind::Iban => account(value, draw),
        Kind::CreditCard => card(value, draw),
        Kind::Postcode => postcode(value, draw),
        Kind::LicencePlate => plate(value, draw),
        Kind::Ip => address_of_network(value, draw),
        Kind::City => town(value, draw),
        Kind::Address => street(value, draw),
        _ => None,
    }
}

/// Domains that nobody can register (RFC 2606).
const DOMAINS: &[&str] = &["example.org", "example.net", "example.com"];

fn email(draw: &mut Draw) -> Option<String> {
    let name = names::invented(draw)?.to_lowercase();
    let number = 100 + draw.below(900);
    Some(format!("{name}{number}@{}", draw.one_of(DOMAINS)?))
}

fn digits(value: &str) -> Vec<u8> {
    value
        .bytes()
        .filter(u8::is_ascii_digit)
        .map(|digit| digit - b'0')
        .collect()
}

/// The value with other digits in the place of its own.
fn with_digits(value: &str, digits: &[u8]) -> String {
    let mut digits = digits.iter();
    let digit = |letter: char| {
        let own = letter.is_ascii_digit().then(|| digits.next()).flatten();
        own.map_or(letter, |digit| char::from(b'0' + digit))
    };
    value.chars().map(digit).collect()
}

fn drawn(n: usize, draw: &mut Draw) -> Vec<u8> {
    (0..n).map(|_| draw.digit()).collect()
}

/// Nine digits that fail the eleven-test.
fn citizen_number(value: &str, draw: &mut Draw) -> Option<String> {
    const N_DIGITS: usize = 9;
    if digits(value).len() != N_DIGITS {
        return None;
    }
    let new = drawn(N_DIGITS, draw);
    let is_right = new.first() != Some(&0) && !validate::eleven_test(&new);
    is_right.then(|| with_digits(value, &new))
}

/// So many digits of the same network that fail the Luhn check.
fn card(value: &str, draw: &mut Draw) -> Option<String> {
    let own = digits(value);
    if !(12..=19).contains(&own.len()) {
        return None;
    }
    let mut new = drawn(own.len(), draw);
    if let (Some(first), Some(own)) = (new.first_mut(), own.first()) {
        *first = *own;
    }
    (!validate::luhn(&new)).then(|| with_digits(value, &new))
}

/// The same country and length, and check digits that are wrong.
fn account(value: &str, draw: &mut Draw) -> Option<String> {
    const BEFORE_CHECK: usize = 2;
    let mut n = 0;
    let mut new = String::with_capacity(value.len());
    for letter in value.chars() {
        let is_country = n < BEFORE_CHECK;
        match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' => n += 1,
            ' ' | '-' | '.' | '\u{a0}' => {}
            _ => return None,
        }
        new.push(match letter {
            'A'..='Z' if !is_country => draw.one_of(LETTERS)?,
            'a'..='z' if !is_country => draw.one_of(LETTERS)?.to_ascii_lowercase(),
            '0'..='9' => char::from(b'0' + draw.digit()),
            other => other,
        });
    }
    let compact: Vec<u8> = new
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let is_right = n > 14 && validate::mod_97(&compact) != Some(1);
    is_right.then_some(new)
}

const LETTERS: &[char] = &[
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'V', 'W',
    'X', 'Z',
];

/// A Dutch mobile number with a zero behind the six, which the Dutch plan gives out to nobody. Other plans give out nearly
/// everything that looks like a number, so other numbers have none.
fn phone(value: &str, draw: &mut Draw) -> Option<String> {
    let own = digits(value);
    let is_plain = value
        .chars()
        .all(|sign| sign.is_ascii_digit() || matches!(sign, '+' | ' ' | '-' | '\u{a0}'));
    let kept: &[u8] = match (value.starts_with('+'), own.as_slice()) {
        (false, [0, 6, _, _, _, _, _, _, _, _]) => &[0, 6, 0],
        (true, [3, 1, 6, _, _, _, _, _, _, _, _]) => &[3, 1, 6, 0],
        _ => return None,
    };
    // Written in pairs it would be somebody's in France.
    let mut groups = value
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|group| !group.is_empty());
    if !is_plain || (own.len() == 10 && groups.all(|group| group.len() == 2)) {
        return None;
    }
    let mut new = kept.to_vec();
    new.extend(drawn(own.len() - kept.len(), draw));
    Some(with_digits(value, &new))
}

/// Four digits and two letters that no Dutch postcode ends in.
fn postcode(value: &str, draw: &mut Draw) -> Option<String> {
    let letters: Vec<char> = value.chars().filter(char::is_ascii_alphabetic).collect();
    let is_dutch = digits(value).len() == 4
        && letters.len() == 2
        && value.starts_with(|letter: char| letter.is_ascii_digit())
        && value.ends_with(|letter: char| letter.is_ascii_alphabetic());
    if !is_dutch {
        return None;
    }
    let mut new = drawn(4, draw);
    if let Some(first) = new.first_mut() {
        *first = 1 + *first % 9;
    }
    let ending: [char; 2] = draw.one_of(&[['S', 'A'], ['S', 'D'], ['S', 'S']])?;
    let mut ending = ending.into_iter();
    let letter = |letter: char| match ending.next() {
        Some(new) if letter.is_ascii_lowercase() => new.to_ascii_lowercase(),
        Some(new) => new,
        None => letter,
    };
    let with_digits = with_digits(value, &new);
    let (numbers, tail) = with_digits.split_at_checked(4)?;
    let mut letter = letter;
    let tail: String = tail
        .chars()
        .map(|own| {
            if own.is_ascii_alphabetic() {
                letter(own)
            } else {
                own
            }
        })
        .collect();
    Some(format!("{numbers}{tail}"))
}

/// Letters that no Dutch plate has.
fn plate(value: &str, draw: &mut Draw) -> Option<String> {
    let n_letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let n_digits = digits(value).len();
    if n_letters + n_digits != 6 || n_letters == 0 || n_digits < 2 {
        return None;
    }
    let mut new = String::with_capacity(value.len());
    for own in value.chars() {
        new.push(match own {
            'A'..='Z' => draw.one_of(&['C', 'Q'])?,
            'a'..='z' => draw.one_of(&['c', 'q'])?,
            '0'..='9' => char::from(b'0' + draw.digit()),
            other => other,
        });
    }
    Some(new)
}

/// Networks that are for examples (RFC 5737 and RFC 3849).
fn address_of_network(value: &str, draw: &mut Draw) -> Option<String> {
    if value.contains(':') {
        return Some(format!(
            "2001:db8:{:x}::{:x}",
            draw.below(0x1_0000),
            1 + draw.below(0xfffe)
        ));
    }
    let is_plain = value.bytes().filter(|byte| *byte == b'.').count() == 3
        && value
            .bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit());
    let network = draw.one_of(&["192.0.2", "198.51.100", "203.0.113"])?;
    is_plain.then(|| format!("{network}.{}", 1 + draw.below(254)))
}

/// The case of another word: all capitals, all small, or the first a capital.
pub(super) fn in_case_of(like: &str, word: &str) -> String {
    let mut letters = like.chars().filter(|letter| letter.is_alphabetic());
    let begins_small = letters.next().is_some_and(char::is_lowercase);
    let n_capitals = like.chars().filter(|letter| letter.is_uppercase()).count();
    let has_small = like.chars().any(char::is_lowercase);
    if begins_small {
        word.to_lowercase()
    } else if n_capitals > 1 && !has_small {
        word.to_uppercase()
    } else {
        word.to_string()
    }
}

fn town(value: &str, draw: &mut Draw) -> Option<String> {
    let is_name = value.chars().any(char::is_alphabetic) && digits(value).is_empty();
    let name = names::invented(draw)?;
    is_name.then(|| in_case_of(value, &name))
}

/// What streets are called, at the end of the word or as a word of its own.
const WAYS: &[&str] = &[
    "straat", "laan", "weg", "plein", "kade", "singel", "gracht", "steeg", "dreef", "pad", "hof",
    "straße", "strasse", "gatan", "vägen",
];
const WAYS_APART: &[&str] = &["street", "road", "avenue", "lane", "drive", "square"];

/// Another street and number, of the same sort.
fn street(value: &str, draw: &mut Draw) -> Option<String> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    let at = value.find(is_digit)?;
    let (before, number) = value.split_at_checked(at)?;
    let (street, number, is_behind) = if before.trim().is_empty() {
        // "12 High Street".
        let end = value.find(char::is_whitespace)?;
        let (number, street) = value.split_at_checked(end)?;
        (street.trim(), number, false)
    } else {
        (before.trim_end(), number, true)
    };
    let is_short = number.len() <= 8 && number.bytes().filter(u8::is_ascii_digit).count() <= 4;
    let is_plain = number
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '/'));
    let is_name = street
        .chars()
        .all(|letter| letter.is_alphabetic() || matches!(letter, ' ' | '-' | '.' | '\''));
    if !is_short || !is_plain || !is_name {
        return None;
    }
    let lower = street.to_lowercase();
    let mut name = names::invented(draw)?;
    let way = WAYS.iter().find(|way| lower.ends_with(**way));
    let apart = WAYS_APART.iter().find(|way| lower.ends_with(**way));
    match (way, apart) {
        (Some(way), _) => name.push_str(way),
        (None, Some(way)) => {
            name.push(' ');
            name.push_str(street.get(street.len() - way.len()..)?);
        }
        (None, None) => {}
    }
    let name = in_case_of(street, &name);
    let mut new = drawn(digits(number).len(), draw);
    if let Some(first) = new.first_mut() {
        *first = 1 + *first % 9;
    }
    let mut letters = String::new();
    for letter in with_digits(number, &new).chars() {
        letters.push(match letter {
            'a'..='z' => draw.one_of(&['a', 'b', 'c', 'd', 'e', 'f'])?,
            'A'..='Z' => draw.one_of(&['A', 'B', 'C', 'D', 'E', 'F'])?,
            other => other,
        });
    }
    Some(if is_behind {
        format!("{name} {letters}")
    } else {
        format!("{letters} {name}")
    })
}

/// The street of an address, without its number.
pub(super) fn street_of(address: &str) -> Option<&str> {
    let is_number = |letter: char| letter.is_ascii_digit();
    let at = address.find(is_number)?;
    let (before, behind) = address.split_at_checked(at)?;
    let street = if before.trim().is_empty() {
        behind.split_once(' ')?.1
    } else {
        before
    };
    let street = street.trim();
    (street.chars().count() >= 6).then_some(street)
}

#[cfg(test)]
mod tests {
    use super::super::tests::key;
    use super::*;

    fn check(kind: Kind, value: &str, is_right: fn(&str, &str) -> bool) {
        for attempt in 0..300 {
            let mut draw = Draw::of(&key(), kind.label(), value, attempt);
            if let Some(new) = of(kind, value, &mut draw) {
                assert!(is_right(value, &new), "{value} became {new}");
            }
        }
        let some =
            (0..40).find_map(|attempt| of(kind, value, &mut Draw::of(&key(), "", value, attempt)));
        assert!(some.is_some(), "{value}");
    }

    fn same_form(value: &str, new: &str) -> bool {
        let form = |text: &str| -> Vec<char> {
            text.chars()
                .map(|letter| match letter {
                    '0'..='9' => '0',
                    'a'..='z' => 'a',
                    'A'..='Z' => 'A',
                    other => other,
                })
                .collect()
        };
        form(value) == form(new)
    }

    #[test]
    fn numbers_keep_their_form_and_fail_their_check() {
        for value in ["111222333", "1112.22.333", "123 456 782"] {
            check(Kind::Bsn, value, |value, new| {
                same_form(value, new) && !validate::eleven_test(&digits(new))
            });
        }
        for value in [
            "NL91 ABNA 0417 1643 00",
            "nl91abna0417164300",
            "DE89370400440532013000",
        ] {
            check(Kind::Iban, value, |value, new| {
                let compact: Vec<u8> = new
                    .bytes()
                    .filter(u8::is_ascii_alphanumeric)
                    .map(|byte| byte.to_ascii_uppercase())
                    .collect();
                same_form(value, new) && !validate::iban(&compact)
            });
        }
        for value in ["4111 1111 1111 1111", "5500-0000-0000-0004"] {
            check(Kind::CreditCard, value, |value, new| {
                same_form(value, new) && !validate::luhn(&digits(new))
            });
        }
    }

    #[test]
    fn what_can_be_called_or_visited_is_given_out_to_nobody() {
        for (value, begin) in [
            ("06-12345678", "06-0"),
            ("0612345678", "060"),
            ("06 1234 5678", "06 0"),
            ("+31 6 12345678", "+31 6 0"),
            ("+31612345678", "+3160"),
        ] {
            let new = of(Kind::Phone, value, &mut Draw::of(&key(), "", value, 0)).unwrap();
            assert!(same_form(value, &new) && new.starts_with(begin), "{new}");
        }
        check(Kind::Postcode, "1234 AB", |value, new| {
            same_form(value, new) && ["SA", "SD", "SS"].iter().any(|end| new.ends_with(end))
        });
        check(Kind::LicencePlate, "XK-123-B", |value, new| {
            same_form(value, new)
                && new
                    .bytes()
                    .filter(u8::is_ascii_alphabetic)
                    .all(|byte| b"CQ".contains(&byte))
        });
        check(Kind::Ip, "84.12.3.9", |_, new| {
            ["192.0.2.", "198.51.100.", "203.0.113."]
                .iter()
                .any(|net| new.starts_with(net))
        });
        check(Kind::Ip, "2a02:a45f::1", |_, new| {
            new.starts_with("2001:db8:")
        });
        check(Kind::Email, "jan@voorbeeld.nl", |_, new| {
            DOMAINS
                .iter()
                .any(|domain| new.ends_with(&format!("@{domain}")))
        });
        check(Kind::Address, "Kerkstraat 12a", |_, new| {
            new.contains("straat ")
        });
        check(Kind::Address, "12 High Street", |_, new| {
            new.ends_with(" Street")
        });
        check(Kind::City, "UTRECHT", |_, new| new.to_uppercase() == new);
    }

    #[test]
    fn what_has_no_safe_form_has_none() {
        for (kind, value) in [
            (Kind::ApiKey, "hunter2"),
            (Kind::Health, "diabetes"),
            (Kind::CustomerNumber, "48213"),
            (Kind::IdNumber, "NX1234567"),
            (Kind::Phone, "112"),
            (Kind::Phone, "06 12 34 56 78"),
            (Kind::Phone, "+31 (0)6 12345678"),
            (Kind::Phone, "0031612345678"),
            (Kind::Phone, "020 123 4567"),
            (Kind::Phone, "+33 6 12 34 56 78"),
            (Kind::Phone, "+352 621 123 456"),
            (Kind::Phone, "+1 202 555 0143"),
            (Kind::Postcode, "10115"),
            (Kind::Address, "Postbus 12345"),
            (Kind::Bsn, "een twee drie"),
        ] {
            for attempt in 0..20 {
                let mut draw = Draw::of(&key(), "", value, attempt);
                assert_eq!(of(kind, value, &mut draw), None, "{value}");
            }
        }
        assert_eq!(street_of("Kerkstraat 12"), Some("Kerkstraat"));
        assert_eq!(street_of("12 High Street"), Some("High Street"));
    }
}
