//! Thirty-two secret bytes, wiped when they are dropped.

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::KeyFault;

/// A symmetric key. It cannot be printed, copied or compared.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key([u8; 32]);

impl Key {
    /// A new random key.
    pub(crate) fn random() -> Result<Self, KeyFault> {
        let mut key = Self([0; 32]);
        getrandom::fill(&mut key.0).map_err(|_| KeyFault::Chance)?;
        Ok(key)
    }

    /// Takes bytes over and wipes where they came from.
    pub(crate) fn take(bytes: &mut [u8]) -> Option<Self> {
        let key = <[u8; 32]>::try_from(&*bytes).ok().map(Self);
        bytes.zeroize();
        key
    }

    /// The same key once more, for a second place that must hold it.
    pub(crate) fn again(&self) -> Self {
        Self(self.0)
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Random bytes that are no secret.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyFault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| KeyFault::Chance)?;
    Ok(bytes)
}
