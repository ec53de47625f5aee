//! Which key is next: the same keys in every run.

/// How keys are chosen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Choice {
    Uniform,
    /// The first ones most, as one over their rank.
    Zipfian,
}

/// Numbers that look like chance and are the same every time.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9E37_79B9_7F4A_7C15)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A key among the first `n_keys`.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a key is far below what a float holds exactly"
    )]
    pub(crate) fn key(&mut self, choice: Choice, n_keys: u64) -> u64 {
        match choice {
            Choice::Uniform => self.below(n_keys),
            Choice::Zipfian => {
                let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
                let rank = (n_keys as f64).powf(share) as u64;
                // Which keys are asked for most must not be the ones that came first.
                (rank.saturating_sub(1).wrapping_mul(2_654_435_761)) % n_keys.max(1)
            }
        }
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
