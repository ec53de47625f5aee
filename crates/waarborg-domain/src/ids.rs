//! Ids: newtypes over time-ordered UUIDs. What a person sees or carries in a URL is never one of these.

use core::fmt;

use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta] $name:ident;)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A person whose data the house keeps. Says nothing about who they are.
    SubjectId;
    /// What shares one key and dies together: a conversation, a request, a visit.
    ObjectId;
    /// One sealed record.
    RecordId;
    /// One data-subject request.
    RequestId;
    /// One line of the consent ledger.
    ConsentId;
    /// One key with which an application calls the gateway.
    GatewayKeyId;
    /// One server-side session, of a visitor or of staff.
    SessionId;
    /// One line of the audit log.
    EntryId;
}

/// A random secret that a person or an application carries: a session cookie, a one-time link, a gateway key.
///
/// The store keeps only its keyed fingerprint. It cannot be printed.
#[derive(Clone, PartialEq, Eq, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Token([u8; 32]);

impl Token {
    /// Wraps 32 random bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a token as [`Token::text`] wrote it; `None` if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(text)
            .ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// The token as its holder carries it: 43 URL-safe characters.
    #[must_use]
    pub fn text(&self) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.0)
    }

    /// The bytes, for the store's fingerprint.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_never_printed() {
        let token = Token::new([7; 32]);
        assert_eq!(Token::parse(&token.text()), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token");
        assert_eq!(Token::parse("short"), None);
    }
}
