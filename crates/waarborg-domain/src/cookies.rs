//! Cookies that need a choice: which kinds there are, what somebody chose, and how a browser remembers that.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::ids::Token;
use crate::register::{Cookie, CookieClass, Register};

/// The cookie that remembers a choice, a refusal too. A register with cookies to choose declares it as necessary.
pub const CHOICES_COOKIE: &str = "waarborg_cookies";

/// The cookie that remembers the language that somebody chose, if the register declares it and they want it.
pub const LANGUAGE_COOKIE: &str = "waarborg_language";

/// The kinds that are set only for who chose them, in the order in which they are asked.
const OPTIONAL: [CookieClass; 3] = [
    CookieClass::Functional,
    CookieClass::Performance,
    CookieClass::Advertising,
];

impl Register {
    /// The cookies of a kind.
    pub fn cookies_of(&self, class: CookieClass) -> impl Iterator<Item = &Cookie> {
        self.cookies()
            .iter()
            .filter(move |cookie| cookie.class == class)
    }

    /// The kinds of cookies that people can choose, as far as this register has any.
    #[must_use]
    pub fn cookie_kinds(&self) -> Vec<CookieClass> {
        OPTIONAL
            .into_iter()
            .filter(|kind| self.cookies_of(*kind).next().is_some())
            .collect()
    }

    /// Names what people choose from: another cookie, aim or lifetime, and the choice is asked again.
    #[must_use]
    pub fn cookie_list_version(&self) -> String {
        let mut read = Sha256::new();
        for kind in self.cookie_kinds() {
            for cookie in self.cookies_of(kind) {
                for piece in [kind.as_str(), &cookie.name, &cookie.max_age.to_string()] {
                    read.update(piece.as_bytes());
                    read.update([0]);
                }
                for language in &self.head().languages {
                    read.update(cookie.label.in_language(language).unwrap_or_default());
                    read.update([0]);
                }
            }
        }
        let mut version = String::new();
        for byte in read.finalize().iter().take(4) {
            // Writing to a String does not fail.
            let _ = write!(version, "{byte:02x}");
        }
        version
    }
}

/// The purpose under which the consent ledger holds the answer for a kind.
#[must_use]
pub const fn purpose_of(kind: CookieClass) -> &'static str {
    match kind {
        CookieClass::Necessary => "cookies_necessary",
        CookieClass::Functional => "cookies_functional",
        CookieClass::Performance => "cookies_performance",
        CookieClass::Advertising => "cookies_advertising",
    }
}

/// What somebody chose from one list of cookies.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The version of the list from which they chose.
    pub list: String,
    /// The kinds they want; none is a refusal of all.
    pub allowed: Vec<CookieClass>,
    /// Opens the proof of a yes of somebody who is not known otherwise. A refusal has none: it is not about anybody.
    pub proof: Option<Token>,
}

impl Choices {
    /// As the browser keeps them.
    #[must_use]
    pub fn text(&self) -> String {
        let letters: String = OPTIONAL
            .into_iter()
            .filter(|kind| self.allowed.contains(kind))
            .map(letter)
            .collect();
        let letters = if letters.is_empty() { "-" } else { &letters };
        let proof = self.proof.as_ref().filter(|_| !self.allowed.is_empty());
        match proof {
            Some(token) => format!("{}.{letters}.{}", self.list, token.text()),
            None => format!("{}.{letters}", self.list),
        }
    }

    /// Reads what a browser kept; `None` if it is nothing of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let list = parts.next().filter(|list| list.len() == 8)?;
        let letters = parts.next()?;
        let allowed: Vec<CookieClass> = OPTIONAL
            .into_iter()
            .filter(|kind| letters.contains(letter(*kind)))
            .collect();
        if letters != "-" && allowed.len() != letters.len() {
            return None;
        }
        let proof = match parts.next() {
            Some(token) => Some(Token::parse(token)?),
            None => None,
        };
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            list: list.to_owned(),
            allowed,
            proof,
        })
    }
}

/// Whether a signal of the browser (Global Privacy Control) is a no to this kind: to what measures people, and to what
/// follows them.
#[must_use]
pub const fn is_refused_by_signal(kind: CookieClass) -> bool {
    matches!(kind, CookieClass::Performance | CookieClass::Advertising)
}

const fn letter(kind: CookieClass) -> char {
    match kind {
        CookieClass::Necessary => 'n',
        CookieClass::Functional => 'f',
        CookieClass::Performance => 'p',
        CookieClass::Advertising => 'a',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(allowed: &[CookieClass], proof: Option<Token>) -> Choices {
        Choices {
            list: "0a1b2c3d".into(),
            allowed: allowed.to_vec(),
            proof,
        }
    }

    #[test]
    fn a_choice_is_read_as_it_was_kept_and_a_refusal_has_no_number() {
        let yes = chosen(
            &[CookieClass::Functional, CookieClass::Advertising],
            Some(Token::new([7; 32])),
        );
        let read = Choices::parse(&yes.text()).unwrap();
        assert_eq!((read.list, read.allowed), (yes.list, yes.allowed));
        assert_eq!(read.proof, yes.proof);

        let no = chosen(&[], Some(Token::new([7; 32])));
        assert_eq!(no.text(), "0a1b2c3d.-");
        assert!(Choices::parse(&no.text()).unwrap().allowed.is_empty());
    }

    #[test]
    fn what_is_not_ours_is_no_choice() {
        for text in [
            "",
            "x",
            "0a1b2c3d",
            "0a1b2c3d.x",
            "0a1b2c3d.ff",
            "0a1b2c3d.f.short",
            "0a1b2c3d.f.x.y",
        ] {
            assert!(Choices::parse(text).is_none(), "{text}");
        }
    }
}
