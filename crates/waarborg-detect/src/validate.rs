//! Check digits and number formats, as pure functions of digits.

use crate::validation::holds;

/// 9·a + 8·b + … + 2·h − i is a multiple of eleven, and not zero.
pub(crate) fn eleven_test(digits: &[u8]) -> bool {
    if digits.len() != 9 {
        return false;
    }
    let weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
    let sum: i32 = weights
        .iter()
        .zip(digits)
        .map(|(weight, digit)| weight * i32::from(*digit))
        .sum();
    holds("eleven-test", sum != 0 && sum % 11 == 0)
}

/// The Luhn check of payment cards and device numbers.
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(*digit) {
            digit if place % 2 == 0 => digit,
            digit if digit > 4 => digit * 2 - 9,
            digit => digit * 2,
        })
        .sum();
    holds("luhn", sum > 0 && sum.is_multiple_of(10))
}

/// Prefix and length of a payment card.
pub(crate) fn is_card_range(digits: &[u8]) -> bool {
    let head = digits
        .iter()
        .take(4)
        .fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let is_issued = match digits.len() {
        16 => {
            matches!(head, 4000..=4999 | 5000..=5999 | 2221..=2720 | 6011 | 6221..=6229 | 6304 | 6440..=6599 | 6700..=6799 | 3528..=3589)
        }
        15 => matches!(head, 3400..=3499 | 3700..=3799),
        14 => matches!(head, 3000..=3059 | 3600..=3699 | 3800..=3999),
        13 | 19 => matches!(head, 4000..=4999 | 6220..=6229 | 6304 | 6700..=6799),
        _ => false,
    };
    holds("card-range", is_issued)
}

/// Letters and digits of an account number, without separators: country length and mod-97.
pub(crate) fn iban(compact: &[u8]) -> bool {
    let [first, second, ..] = *compact else {
        return false;
    };
    let is_issued = match iban_length([first, second]) {
        Some(length) => holds("iban-length", length == compact.len()),
        None => holds("iban-country", false),
    };
    is_issued && holds("mod-97", mod_97(compact) == Some(1))
}

/// What letters and digits leave by 97 when the first four move to the end and letters count from ten.
pub(crate) fn mod_97(compact: &[u8]) -> Option<u32> {
    let (head, tail) = compact.split_at_checked(4)?;
    tail.iter()
        .chain(head)
        .try_fold(0_u32, |rest, byte| match byte {
            b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
            b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
            _ => None,
        })
}

/// The length of account numbers per country (SWIFT registry).
pub(crate) fn iban_length(country: [u8; 2]) -> Option<usize> {
    Some(match &country {
        b"NO" => 15,
        b"BE" => 16,
        b"DK" | b"FI" | b"FK" | b"FO" | b"GL" | b"NL" | b"SD" => 18,
        b"MK" | b"SI" => 19,
        b"AT" | b"BA" | b"EE" | b"KZ" | b"LT" | b"LU" | b"MN" | b"XK" => 20,
        b"CH" | b"CR" | b"HR" | b"LI" | b"LV" => 21,
        b"BG" | b"BH" | b"DE" | b"GB" | b"GE" | b"IE" | b"ME" | b"RS" | b"VA" => 22,
        b"AE" | b"GI" | b"IL" | b"IQ" | b"OM" | b"SO" | b"TL" => 23,
        b"AD" | b"CZ" | b"ES" | b"MD" | b"PK" | b"RO" | b"SA" | b"SE" | b"SK" | b"TN" | b"VG" => 24,
        b"LY" | b"PT" | b"ST" => 25,
        b"IS" | b"TR" => 26,
        b"FR" | b"GR" | b"IT" | b"MC" | b"MR" | b"SM" | b"BI" | b"DJ" => 27,
        b"AL" | b"AZ" | b"BY" | b"CY" | b"DO" | b"GT" | b"HU" | b"LB" | b"NI" | b"PL" | b"SV" => 28,
        b"BR" | b"EG" | b"PS" | b"QA" | b"UA" => 29,
        b"JO" | b"KW" | b"MU" | b"YE" => 30,
        b"MT" | b"SC" => 31,
        b"LC" => 32,
        b"RU" => 33,
        _ => return None,
    })
}

/// A day that the calendar can have.
pub(crate) fn is_day(day: u32, month: u32) -> bool {
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    holds("day", (1..=longest).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes()
            .filter(u8::is_ascii_digit)
            .map(|byte| byte - b'0')
            .collect()
    }

    fn check(test: fn(&[u8]) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(test(&digits(text)), "{text}");
        }
        for text in bad {
            assert!(!test(&digits(text)), "{text}");
        }
    }

    #[test]
    fn the_eleven_test_takes_nine_digits_and_not_zero() {
        check(
            eleven_test,
            &["111222333", "903937876", "010464554"],
            &["111222334", "000000000", "11122233", "903937867"],
        );
    }

    #[test]
    fn luhn_catches_a_wrong_digit_and_a_swap() {
        check(
            luhn,
            &["4012885698390012", "371484282573572"],
            &["4012885698390021", "4012885698390013", "0000"],
        );
    }

    #[test]
    fn card_ranges_need_the_right_length() {
        check(
            is_card_range,
            &["4012885698390012", "371484282573572"],
            &["401288569839001", "9012885698390012"],
        );
    }

    #[test]
    fn account_numbers_need_length_and_check_digits() {
        assert!(
            iban(b"NL91ABNA0417164300")
                && iban(b"BE84000645104459")
                && iban(b"GB39NWBK29172426291937")
        );
        assert!(
            !iban(b"NL91ABNA0417164301")
                && !iban(b"NL91ABNA041716430")
                && !iban(b"XX91ABNA0417164300")
                && !iban(b"")
        );
    }

    #[test]
    fn february_has_at_most_29_days() {
        assert!(
            is_day(29, 2) && !is_day(30, 2) && !is_day(31, 4) && !is_day(1, 13) && !is_day(0, 1)
        );
    }
}
