//! What the store should hold, in memory, and whether an answer agrees with it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::claim::ClaimKind;

use super::chance::Chance;
use super::{N_PURPOSES, Operation};

/// A record as it should be.
pub(crate) struct Kept {
    pub(crate) subject: Uuid,
    pub(crate) object: Uuid,
    pub(crate) record: Uuid,
    pub(crate) ends_at: Timestamp,
    pub(crate) objections: BTreeSet<u64>,
    pub(crate) is_there: bool,
    /// How often what it says was corrected, as a number of the text.
    pub(crate) version: u64,
    /// Lines of the log about this person.
    pub(crate) n_lines: u64,
}

/// What the store answered.
pub(crate) enum Answer {
    Inserted(Kept),
    Erased {
        n: u64,
    },
    /// What was found of a record, if anything, and how many objections its person made if that was asked.
    Found {
        found: Vec<(String, Option<Timestamp>)>,
        n_objections: Option<u64>,
    },
    Corrected {
        n: u64,
        version: u64,
    },
    Objected {
        purpose: u64,
    },
    Lines {
        n: u64,
    },
    OfPurpose {
        n: u64,
    },
    Ended {
        n: u64,
        by: Timestamp,
    },
    /// Nobody has this key.
    Nobody,
}

/// What an answer comes down to.
pub(crate) struct Judged {
    pub(crate) n_touched: u64,
    pub(crate) is_right: bool,
}

/// All records by their key, which is their place.
#[derive(Default)]
pub(crate) struct Model {
    all: Vec<Kept>,
}

impl Model {
    pub(crate) fn of(all: Vec<Kept>) -> Self {
        Self { all }
    }

    pub(crate) fn n_keys(&self) -> u64 {
        self.all.len() as u64
    }

    pub(crate) fn at(&self, key: u64) -> Option<&Kept> {
        self.all.get(usize::try_from(key).ok()?)
    }

    /// Bytes of personal data that are there.
    pub(crate) fn n_bytes(&self) -> u64 {
        let there = (0_u64..).zip(&self.all).filter(|(_, kept)| kept.is_there);
        there
            .map(|(key, kept)| text_of(key, kept.version).len() as u64)
            .sum()
    }

    /// Whether the store may have said this; from now on it must stay with it.
    pub(crate) fn judge(&mut self, operation: Operation, key: u64, answer: Answer) -> Judged {
        let of_purpose = key % N_PURPOSES;
        let one = |is_right| Judged {
            n_touched: 1,
            is_right,
        };
        match answer {
            Answer::Inserted(kept) => {
                self.all.push(kept);
                return one(operation == Operation::Insert);
            }
            Answer::OfPurpose { n } => {
                return Judged {
                    n_touched: n,
                    is_right: n == self.n_with(of_purpose),
                };
            }
            Answer::Ended { n, by } => {
                return Judged {
                    n_touched: n,
                    is_right: n == self.end_by(of_purpose, by),
                };
            }
            Answer::Nobody => return one(false),
            _ => {}
        }
        let kept = usize::try_from(key)
            .ok()
            .and_then(|key| self.all.get_mut(key));
        let Some(kept) = kept else { return one(false) };
        let was_there = u64::from(kept.is_there);
        one(match answer {
            Answer::Erased { n } => {
                kept.is_there = false;
                kept.n_lines += 1;
                n == was_there
            }
            Answer::Found {
                found,
                n_objections,
            } => {
                let n_made = kept.objections.len() as u64;
                kept.says(key, &found) && n_objections.is_none_or(|n| n == n_made)
            }
            Answer::Corrected { n, version } => {
                if kept.is_there {
                    kept.version = version;
                }
                kept.n_lines += 1;
                n == was_there
            }
            Answer::Objected { purpose } => {
                kept.objections.insert(purpose);
                kept.n_lines += 1;
                true
            }
            Answer::Lines { n } => n == kept.n_lines,
            _ => false,
        })
    }

    /// Lets go what ended before `night`; says how many that are.
    pub(crate) fn end_claims(&mut self, night: Timestamp) -> u64 {
        // What is kept at most so long goes a little earlier.
        let early = night + ClaimKind::AtMost.margin();
        let ended = |kept: &&mut Kept| kept.is_there && kept.ends_at <= early;
        let mut n = 0;
        for kept in self.all.iter_mut().filter(ended) {
            kept.is_there = false;
            n += 1;
        }
        n
    }

    fn n_with(&self, purpose: u64) -> u64 {
        let with = |(key, kept): &(u64, &Kept)| key % N_PURPOSES == purpose && kept.is_there;
        (0_u64..).zip(&self.all).filter(with).count() as u64
    }

    /// Lets everything for a purpose end then at the latest; says how many that changes.
    fn end_by(&mut self, purpose: u64, day: Timestamp) -> u64 {
        let mut n = 0;
        for (_, kept) in (0_u64..)
            .zip(&mut self.all)
            .filter(|(key, kept)| key % N_PURPOSES == purpose && kept.is_there)
        {
            if kept.ends_at > day {
                kept.ends_at = day;
                n += 1;
            }
        }
        n
    }
}

impl Kept {
    /// Whether what was found of a record is what should be there.
    pub(crate) fn says(&self, key: u64, found: &[(String, Option<Timestamp>)]) -> bool {
        match found {
            [] => !self.is_there,
            [(text, ends_at)] => {
                self.is_there
                    && *text == text_of(key, self.version)
                    && *ends_at == Some(self.ends_at)
            }
            _ => false,
        }
    }
}

/// What a record says: the ten fields, the same for a key and version in every run.
pub(crate) fn text_of(key: u64, version: u64) -> String {
    let mut chance = Chance::new(key.wrapping_mul(31).wrapping_add(version) + 1);
    let data: String = (0..100)
        .map(|_| char::from(b'a' + u8::try_from(chance.below(26)).unwrap_or_default()))
        .collect();
    format!(
        "{{\"purpose\":\"p{:02}\",\"ttl\":90,\"user\":\"u{key:08}\",\"objection\":\"o{:02}\",\"decision\":\"d{}\",\"access\":\"a{}\",\
         \"shared\":\"s{}\",\"source\":\"r{}\",\"category\":\"c{}\",\"data\":\"{data}\"}}",
        key % N_PURPOSES,
        key % 100,
        key % 3,
        key % 7,
        key % 11,
        key % 5,
        key % 13
    )
}
