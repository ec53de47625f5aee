//! A workload like that of `GDPRbench` (VLDB 13(7), 2020): who asks what of the store, and what it should hold then.
//!
//! `bench/gdpr` measures it; the tests of the store run it small, on both databases.

mod chance;
mod desk;
pub(crate) mod model;

use chance::Choice;

pub(crate) use chance::Chance;
pub(crate) use desk::Desk;
pub(crate) use model::Model;

/// What went wrong.
pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Purposes of the workload.
pub(crate) const N_PURPOSES: u64 = 25;

/// One thing that somebody asks of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Insert,
    Delete,
    Read,
    Update,
    ReadByPurpose,
    ReadByUser,
    UpdateByPurpose,
    UpdateByUser,
    Logs,
    VerifyDeletion,
}

impl Operation {
    /// What a person reads of it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Insert => "insert",
            Self::Delete => "delete",
            Self::Read => "read",
            Self::Update => "update",
            Self::ReadByPurpose => "read by purpose",
            Self::ReadByUser => "read by user",
            Self::UpdateByPurpose => "update by purpose",
            Self::UpdateByUser => "update by user",
            Self::Logs => "read the log of a user",
            Self::VerifyDeletion => "verify a deletion",
        }
    }
}

/// Who asks: what, how often in a hundred, and of which keys.
pub(crate) struct Mix {
    pub(crate) name: &'static str,
    choice: Choice,
    shares: &'static [(Operation, u64)],
}

/// The last one stands in the paper and not in its repository.
pub(crate) const MIXES: [Mix; 4] = [
    Mix {
        name: "controller",
        choice: Choice::Uniform,
        shares: &[
            (Operation::Insert, 25),
            (Operation::Delete, 25),
            (Operation::UpdateByPurpose, 25),
            (Operation::UpdateByUser, 25),
        ],
    },
    Mix {
        name: "customer",
        choice: Choice::Zipfian,
        shares: &[
            (Operation::Read, 20),
            (Operation::ReadByPurpose, 10),
            (Operation::ReadByUser, 10),
            (Operation::Update, 20),
            (Operation::UpdateByPurpose, 10),
            (Operation::UpdateByUser, 10),
            (Operation::Delete, 20),
        ],
    },
    Mix {
        name: "processor",
        choice: Choice::Uniform,
        shares: &[
            (Operation::Read, 20),
            (Operation::ReadByPurpose, 40),
            (Operation::ReadByUser, 40),
        ],
    },
    Mix {
        name: "regulator",
        choice: Choice::Zipfian,
        shares: &[
            (Operation::ReadByUser, 46),
            (Operation::Logs, 31),
            (Operation::VerifyDeletion, 23),
        ],
    },
];

impl Mix {
    /// What is asked next, and of which key.
    pub(crate) fn next(&self, chance: &mut Chance, n_keys: u64) -> (Operation, u64) {
        let mut at = chance.below(100);
        let mut operation = Operation::Read;
        for (share_of, share) in self.shares {
            if at < *share {
                operation = *share_of;
                break;
            }
            at -= share;
        }
        (operation, chance.key(self.choice, n_keys))
    }
}
