//! A mail address and a subject line, read once, so that neither can bring a line of its own into a mail.

use std::fmt;

use zeroize::Zeroizing;

/// The longest address that a server takes (RFC 5321), in bytes.
const LONGEST_ADDRESS: usize = 254;
/// The longest part before the `@`, in bytes.
const LONGEST_LOCAL: usize = 64;
/// The longest part of a name between dots.
const LONGEST_LABEL: usize = 63;
/// The longest subject line, in characters.
const LONGEST_SUBJECT: usize = 200;

/// A mail address: one, without a name, a comment or quotes, in letters without accents.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(Zeroizing<String>);

impl MailAddress {
    /// Reads an address; `None` if it is not one, or not one that every server takes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        let (local, host) = text.rsplit_once('@')?;
        let is_local = !local.is_empty()
            && local.len() <= LONGEST_LOCAL
            && local.split('.').all(|atom| {
                !atom.is_empty()
                    && atom.bytes().all(|byte| {
                        byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
                    })
            });
        let is_host = host.contains('.')
            && host.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= LONGEST_LABEL
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
        let is_one = is_local && is_host && text.len() <= LONGEST_ADDRESS;
        is_one.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The address, for who puts it on a mail.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailAddress")
    }
}

/// What a mail is about: one line of text.
#[derive(Clone, PartialEq, Eq)]
pub struct SubjectLine(Zeroizing<String>);

impl SubjectLine {
    /// Reads a subject line; `None` if it is empty, too long, or more than a line of text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches([' ', '\t']);
        let is_line = !text.is_empty()
            && text.chars().count() <= LONGEST_SUBJECT
            && !text
                .chars()
                .any(|letter| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}'));
        is_line.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The line.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SubjectLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectLine")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_one_address() {
        for good in ["jan@example.nl", " jan.de-vries+werk@mail.example.org "] {
            assert_eq!(MailAddress::parse(good).unwrap().as_str(), good.trim());
        }
        let long = format!("{}@example.nl", "a".repeat(65));
        for bad in [
            "",
            "jan",
            "@example.nl",
            "jan@",
            "jan@example",
            "jan@@example.nl",
            "jan@example.nl,piet@example.nl",
            "jan@example.nl>",
            "<jan@example.nl",
            "jan@example.nl\r\nBcc: piet@example.nl",
            "jan\n@example.nl",
            "\"jan de vries\"@example.nl",
            ".jan@example.nl",
            "jan@-example.nl",
            "jan@exa mple.nl",
            "jan@[127.0.0.1]",
            long.as_str(),
        ] {
            assert_eq!(MailAddress::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_subject_is_one_line() {
        assert!(SubjectLine::parse("Uw verzoek ABCD-1234: ontvangen").is_some());
        for bad in [
            "",
            " ",
            "een\nBcc: x@y.nl",
            "een\r",
            "een\u{0}",
            "een\u{2028}twee",
        ] {
            assert!(SubjectLine::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn neither_can_be_printed() {
        let address = MailAddress::parse("jan@example.nl").unwrap();
        assert_eq!(format!("{address:?}"), "MailAddress");
        assert_eq!(
            format!("{:?}", SubjectLine::parse("x").unwrap()),
            "SubjectLine"
        );
    }

    proptest! {
        #[test]
        fn nothing_read_holds_the_end_of_a_line(text in any::<String>(), more in "[a-z@.\r\n\t<>,; ]{0,60}") {
            for text in [&text, &more] {
                let address = MailAddress::parse(text).map(|address| address.as_str().to_owned());
                let subject = SubjectLine::parse(text).map(|subject| subject.as_str().to_owned());
                for read in [address, subject].into_iter().flatten() {
                    prop_assert!(!read.chars().any(char::is_control));
                }
            }
        }
    }
}
