//! How the body of a part is written for its journey.

use crate::html::base64_decoded;

/// The bytes of a body, and whether we know the way it was written.
pub(super) fn decode(encoding: &str, body: &[u8]) -> (Vec<u8>, bool) {
    match encoding {
        "base64" => (base64_decoded(body), true),
        "quoted-printable" => (quoted_printable(body), true),
        "" | "7bit" | "8bit" | "binary" => (body.to_vec(), true),
        _ => (body.to_vec(), false),
    }
}

/// `=C3=A9` is é, and `=` at the end of a line means that the line goes on.
pub(super) fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            decoded.push(*first);
            continue;
        }
        let hex = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let Some(byte) = hex {
            decoded.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else if let Some(next) = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.strip_prefix(b"\n"))
        {
            rest = next;
        } else {
            decoded.push(*first);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_cut_over_two_lines_is_whole_again() {
        assert_eq!(
            quoted_printable(b"BSN 1112=\r\n22333 =3D =e9 =x"),
            b"BSN 111222333 = \xe9 =x"
        );
    }
}
