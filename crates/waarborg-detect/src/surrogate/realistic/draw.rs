//! Numbers that follow from a conversation's key and a value, and that nobody else can work out.

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// Bytes of one draw: more than any value needs.
const N_BYTES: usize = 128;

/// Draws one value after another.
pub(crate) struct Draw {
    bytes: [u8; N_BYTES],
    at: usize,
}

impl Draw {
    /// What belongs to a value, for the try of this number.
    pub(crate) fn of(key: &Hmac<Sha256>, what: &str, value: &str, attempt: u32) -> Draw {
        let mut bytes = [0; N_BYTES];
        for (block, part) in (0_u8..).zip(bytes.chunks_mut(32)) {
            let mut mac = key.clone();
            mac.update(b"realistic\0");
            mac.update(what.as_bytes());
            mac.update(&[0]);
            mac.update(value.as_bytes());
            mac.update(&[0, block]);
            mac.update(&attempt.to_be_bytes());
            part.copy_from_slice(&mac.finalize().into_bytes());
        }
        Draw { bytes, at: 0 }
    }

    /// The next number below this one.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let byte =
            |place: usize| usize::from(self.bytes.get(place % N_BYTES).copied().unwrap_or(0));
        let number = byte(self.at) << 8 | byte(self.at + 1);
        self.at += 2;
        number % n.max(1)
    }

    /// One of these.
    pub(crate) fn one_of<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        of.get(self.below(of.len())).copied()
    }

    /// A digit from 0 to 9.
    pub(crate) fn digit(&mut self) -> u8 {
        u8::try_from(self.below(10)).unwrap_or_default()
    }
}
