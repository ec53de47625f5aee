//! Decides which addresses in an answer may become a link, and what they must show.

/// No name or address of a link is longer than this many bytes.
const LONGEST: usize = 2_000;

/// Reads `[name](address)` at the start of a text: name, address and length in bytes.
pub(super) fn written(text: &str) -> Option<(&str, &str, usize)> {
    let inside = text.strip_prefix('[')?;
    let name_end = limited(inside).find([']', '[', '\n'])?;
    let name = inside.get(..name_end)?;
    let after = inside.get(name_end..)?.strip_prefix("](")?;
    let address_end = limited(after).find([')', ' ', '\n', '(', '<'])?;
    let address = after.get(..address_end)?;
    let closed = after.get(address_end..)?.starts_with(')');
    (closed && !name.trim().is_empty()).then_some((name, address, name_end + address_end + 4))
}

/// Reads a bare address at the start of a text, without the full stop behind it.
pub(super) fn bare(text: &str) -> Option<&str> {
    let text = limited(text);
    let end = text
        .find(|c: char| c.is_whitespace() || "<>\"'`*|\\^{}[]()".contains(c))
        .unwrap_or(text.len());
    let address = text
        .get(..end)?
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '_']);
    let lower = address.get(..8.min(address.len()))?.to_ascii_lowercase();
    (lower.starts_with("https://") || lower.starts_with("http://")).then_some(address)
}

/// The host to show. `None` is an address that does not become a link: another scheme, a name
/// before the host, or letters that could pretend to be other letters.
pub(super) fn host(address: &str) -> Option<String> {
    if !address
        .chars()
        .all(|c| c.is_ascii_graphic() && !"\\<>\"'`".contains(c))
    {
        return None;
    }
    let (scheme, rest) = address.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" => {
            let mailbox = rest.split('?').next()?;
            (mailbox.contains('@') && !mailbox.starts_with('/')).then(|| mailbox.to_owned())
        }
        "http" | "https" => {
            let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
            let fine = !authority.is_empty()
                && authority
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c))
                && authority.starts_with(|c: char| c.is_ascii_alphanumeric());
            fine.then(|| authority.to_ascii_lowercase())
        }
        _ => None,
    }
}

/// The part of a text that a link may take, so that looking for its end stays cheap.
fn limited(text: &str) -> &str {
    let mut end = LONGEST.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_become_links() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(host(address).as_deref(), expected, "{address}");
        };
        check("https://www.voorbeeld.nl/pad", Some("www.voorbeeld.nl"));
        check("HTTPS://Voorbeeld.NL:8443", Some("voorbeeld.nl:8443"));
        check(
            "mailto:info@voorbeeld.nl?subject=x",
            Some("info@voorbeeld.nl"),
        );
        check("https://voorbeeld.nl@evil.example/", None);
        check("https:evil.example", None);
        check("javascript:alert(1)", None);
        check("https://", None);
        check("https://vооrbeeld.nl", None);
        check("ftp://voorbeeld.nl", None);
    }

    #[test]
    fn a_long_text_without_an_end_is_not_a_link() {
        let text = format!("[{}", "a".repeat(100_000));
        assert_eq!(written(&text), None);
    }
}
