//! A no to direct marketing: absolute, at once, without a reason and without proof of who asks (article 21(2) and (3)).

use thiserror::Error;
use waarborg_domain::entry::{Act, Actor, Entry};

use crate::desk::Desk;
use crate::ports::{Mark, StoreError};

/// Why nothing was noted or said.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MessageError {
    /// This is no mail address and no telephone number.
    #[error("this is no mail address and no telephone number")]
    NoAddress,
    /// The register does not declare this purpose as marketing.
    #[error("the register does not declare this purpose as marketing")]
    NoMarketing,
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The purposes of the register that are direct marketing.
#[must_use]
pub fn marketing(desk: &Desk) -> Vec<String> {
    desk.register
        .purposes()
        .filter(|purpose| purpose.marketing)
        .map(|purpose| purpose.name.to_string())
        .collect()
}

/// Nothing is sent to this address for marketing from now on. The answer is the same whether or not it was known.
///
/// # Errors
///
/// [`MessageError::NoAddress`] if it cannot be an address.
pub async fn stop(desk: &Desk, address: &str) -> Result<(), MessageError> {
    let mark = mark(desk, address).ok_or(MessageError::NoAddress)?;
    let now = desk.now();
    // The line names nobody: who asked is only known by an address that is not kept.
    let entry = Entry::new(now, Actor::House, Act::MarketingStopped);
    desk.store
        .suppress(mark, marketing(desk), now, entry)
        .await?;
    Ok(())
}

/// Which of these addresses may be sent to for a purpose, now. Ask just before each sending, not when a job is made.
///
/// What cannot be an address may not be sent to.
///
/// # Errors
///
/// [`MessageError::NoMarketing`] if the register does not declare the purpose as marketing.
pub async fn may_send(
    desk: &Desk,
    purpose: &str,
    addresses: &[String],
) -> Result<Vec<bool>, MessageError> {
    let declared = desk.register.purpose(purpose);
    if !declared.is_some_and(|purpose| purpose.marketing) {
        return Err(MessageError::NoMarketing);
    }
    let marks: Vec<Option<Mark>> = addresses
        .iter()
        .map(|address| mark(desk, address))
        .collect();
    let known: Vec<Mark> = marks.iter().flatten().copied().collect();
    let mut suppressed = desk.store.suppressed(known, purpose).await?.into_iter();
    Ok(marks
        .iter()
        .map(|mark| mark.is_some() && suppressed.next() == Some(false))
        .collect())
}

/// The keyed fingerprint by which an address is known; `None` if it cannot be one.
pub(crate) fn mark(desk: &Desk, address: &str) -> Option<Mark> {
    let canonical = canonical(address)?;
    Some(
        desk.secrets
            .conversation_key(&[b"suppressed address", canonical.as_bytes()]),
    )
}

/// An address as it is compared: small letters for mail; digits after the plus sign for a telephone number.
fn canonical(address: &str) -> Option<String> {
    let address = address.trim();
    if let Some((before, host)) = address.rsplit_once('@') {
        let is_one =
            !before.is_empty() && host.contains('.') && !address.contains(char::is_whitespace);
        return is_one.then(|| address.to_lowercase());
    }
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    let is_number = address
        .chars()
        .all(|letter| letter.is_ascii_digit() || "+-() .".contains(letter));
    if !is_number || digits.len() < 8 || digits.len() > 15 {
        return None;
    }
    let national = digits.strip_prefix("00").unwrap_or(&digits);
    Some(match national.strip_prefix('0') {
        // A number without a country is of the country in which the program was made to work.
        Some(rest) if !address.starts_with('+') => format!("+31{rest}"),
        _ => format!("+{national}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_the_same_however_it_is_written() {
        for (one, other) in [
            ("Jan@Example.org", " jan@example.ORG "),
            ("06 1234 5678", "+31 6 12345678"),
            ("0031612345678", "06-12345678"),
        ] {
            assert_eq!(canonical(one), canonical(other), "{one}");
            assert!(canonical(one).is_some());
        }
        for none in [
            "",
            "jan",
            "jan@",
            "@example.org",
            "jan @example.org",
            "1234",
            "06x12345678",
        ] {
            assert_eq!(canonical(none), None, "{none}");
        }
    }
}
