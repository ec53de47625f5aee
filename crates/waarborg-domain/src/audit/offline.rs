//! The check that anyone can do with an exported log, a public key and, best of all, an older checkpoint.

use std::collections::BTreeMap;
use std::fmt;

use uuid::Uuid;

use super::checkpoint::Checkpoint;
use super::hash::{Commitment, Hash, Salt};
use super::leaf::{DestroyedKey, KeyMark, KeyTrace, Leaf};
use super::tree::Frontier;

/// One entry of an exported log.
#[derive(Clone, Debug)]
pub enum Line {
    /// The payload is there and not for this reader.
    Withheld(Leaf),
    /// The payload is gone. An erasure must say that it destroyed the key.
    Closed {
        /// What the log keeps.
        leaf: Leaf,
        /// The key under which it was sealed, if anything is said of it.
        key: Option<Uuid>,
    },
    /// The payload may be read.
    Open {
        /// What the log keeps.
        leaf: Leaf,
        /// The salt of the commitment.
        salt: Salt,
        /// The bytes that were committed to.
        payload: Vec<u8>,
    },
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The payload of this entry is not what was committed to.
    Payload {
        /// Number of the entry, from zero.
        index: u64,
    },
    /// The payload is gone, and no erasure in the log destroyed the key that sealed it.
    Blanked {
        /// Number of the entry, from zero.
        index: u64,
    },
    /// The log does not have the root of this checkpoint.
    Root {
        /// Size at the checkpoint.
        size: u64,
    },
    /// The log ends before this checkpoint.
    Truncated {
        /// Size of the log.
        size: u64,
        /// Size at the checkpoint.
        checkpoint: u64,
    },
    /// The log has entries after its newest checkpoint.
    Uncovered {
        /// Number of entries without a checkpoint over them.
        n_entries: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload { index } => write!(f, "entry {index} is not what was committed to"),
            Self::Blanked { index } => write!(
                f,
                "entry {index} is without its words, though nobody erased it"
            ),
            Self::Root { size } => write!(
                f,
                "the log does not have the root that was signed at {size} entries"
            ),
            Self::Truncated { size, checkpoint } => {
                write!(
                    f,
                    "the log ends at {size} entries, before its checkpoint at {checkpoint}"
                )
            }
            Self::Uncovered { n_entries } => {
                write!(f, "{n_entries} entries at the end are not signed")
            }
        }
    }
}

/// What a check of a whole log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReport {
    /// Number of entries.
    pub size: u64,
    /// Root over all entries.
    pub root: Hash,
    /// Entries whose payload was there and fitted.
    pub n_opened: u64,
    /// Entries that an erasure in this log closed.
    pub n_erased: u64,
    /// Entries whose payload was kept back.
    pub n_withheld: u64,
    /// The keys that erasures in this log destroyed.
    pub destroyed: BTreeMap<Uuid, KeyTrace>,
    /// Empty for a log that is sound.
    pub findings: Vec<Finding>,
}

impl LogReport {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// A running check: entries go in one by one, in order.
///
/// The checkpoints must have been opened with the log's key ([`super::LogKey::open`]). Give the one inside
/// the export and every one that was kept elsewhere: those catch a log that was rewritten or rolled back.
#[derive(Debug)]
pub struct LogCheck {
    frontier: Frontier,
    // Sorted by size, the smallest last, so that the next one to meet is at the end.
    to_meet: Vec<Checkpoint>,
    newest: u64,
    n_opened: u64,
    n_withheld: u64,
    // An erasure comes after the entries that it closes; until the end they wait for it.
    closed: Vec<(u64, KeyMark, Option<Uuid>)>,
    destroyed: BTreeMap<Uuid, KeyTrace>,
    findings: Vec<Finding>,
}

impl LogCheck {
    /// Begins a check against these checkpoints.
    #[must_use]
    pub fn new(mut checkpoints: Vec<Checkpoint>) -> Self {
        checkpoints.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        let newest = checkpoints.first().map_or(0, |checkpoint| checkpoint.size);
        let mut check = Self {
            frontier: Frontier::default(),
            to_meet: checkpoints,
            newest,
            n_opened: 0,
            n_withheld: 0,
            closed: Vec::new(),
            destroyed: BTreeMap::new(),
            findings: Vec::new(),
        };
        check.meet();
        check
    }

    /// Takes the next entry.
    pub fn push(&mut self, line: &Line) {
        let index = self.frontier.size();
        let leaf = match line {
            Line::Withheld(leaf) => {
                self.n_withheld += 1;
                leaf
            }
            Line::Closed { leaf, key } => {
                self.closed.push((index, leaf.mark, *key));
                leaf
            }
            Line::Open {
                leaf,
                salt,
                payload,
            } => {
                if Commitment::new(salt, payload) == leaf.commitment {
                    self.n_opened += 1;
                    if let Some(said) = DestroyedKey::said_in(payload) {
                        self.destroyed.insert(said.key, said.trace);
                    }
                } else {
                    self.findings.push(Finding::Payload { index });
                }
                leaf
            }
        };
        self.frontier.append(leaf.hash());
        self.meet();
    }

    /// Ends the check.
    #[must_use]
    pub fn finish(mut self) -> LogReport {
        let size = self.frontier.size();
        let mut n_erased = 0;
        for (index, mark, key) in &self.closed {
            let trace = key.and_then(|key| self.destroyed.get(&key));
            if trace.is_some_and(|trace| KeyMark::new(trace, *index) == *mark) {
                n_erased += 1;
            } else {
                self.findings.push(Finding::Blanked { index: *index });
            }
        }
        for missed in self.to_meet.iter().rev() {
            self.findings.push(Finding::Truncated {
                size,
                checkpoint: missed.size,
            });
        }
        if size > self.newest {
            self.findings.push(Finding::Uncovered {
                n_entries: size - self.newest,
            });
        }
        LogReport {
            size,
            root: self.frontier.root(),
            n_opened: self.n_opened,
            n_erased,
            n_withheld: self.n_withheld,
            destroyed: self.destroyed,
            findings: self.findings,
        }
    }

    fn meet(&mut self) {
        while let Some(checkpoint) = self
            .to_meet
            .pop_if(|next| next.size == self.frontier.size())
        {
            if checkpoint.root != self.frontier.root() {
                self.findings.push(Finding::Root {
                    size: checkpoint.size,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::audit::{LogName, root_of};
    use crate::entry::Entry;

    type Change = fn(&mut Vec<Line>);

    /// The keys of two persons, of whom the first was erased.
    const KEYS: [[u8; 32]; 2] = [[1; 32], [2; 32]];
    const ERASED: Uuid = Uuid::from_u128(1);

    fn open(index: u64, payload: &[u8]) -> Line {
        let salt = Salt([9; 32]);
        let key = KEYS[usize::try_from(index % 2).unwrap()];
        Line::Open {
            leaf: Leaf {
                commitment: Commitment::new(&salt, payload),
                mark: KeyMark::new(&KeyTrace::of(&key), index),
            },
            salt,
            payload: payload.to_vec(),
        }
    }

    fn leaf(line: &Line) -> Leaf {
        match line {
            Line::Withheld(leaf) | Line::Closed { leaf, .. } | Line::Open { leaf, .. } => *leaf,
        }
    }

    fn close(line: &mut Line, key: Option<Uuid>) {
        *line = Line::Closed {
            leaf: leaf(line),
            key,
        };
    }

    fn checkpoint(lines: &[Line]) -> Checkpoint {
        Checkpoint {
            origin: LogName::new("test").unwrap(),
            size: lines.len() as u64,
            root: root_of(lines.iter().map(|line| leaf(line).hash())),
        }
    }

    fn check(lines: &[Line], checkpoints: Vec<Checkpoint>) -> LogReport {
        let mut check = LogCheck::new(checkpoints);
        for line in lines {
            check.push(line);
        }
        check.finish()
    }

    /// Forty entries, in turn of two persons; then the erasure of the first.
    fn log() -> Vec<Line> {
        let destroyed = DestroyedKey {
            key: ERASED,
            trace: KeyTrace::of(&KEYS[0]),
        };
        let erasure = Entry::trail_erased(Timestamp::UNIX_EPOCH, destroyed).payload();
        let mut lines: Vec<Line> = (0..40).map(|index| open(index, b"x")).collect();
        lines.push(open(40, erasure.as_bytes()));
        lines
    }

    #[test]
    fn a_whole_log_is_sound_also_when_payloads_were_erased_or_kept_back() {
        let mut lines = log();
        let checkpoints = vec![checkpoint(&lines[..10]), checkpoint(&lines)];
        close(&mut lines[6], Some(ERASED));
        lines[7] = Line::Withheld(leaf(&lines[7]));
        let report = check(&lines, checkpoints);
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(
            (
                report.size,
                report.n_opened,
                report.n_erased,
                report.n_withheld
            ),
            (41, 39, 1, 1)
        );
    }

    #[test]
    fn every_manipulation_is_found() {
        let whole = log();
        let end = checkpoint(&whole);
        let changes: [(&str, Change); 10] = [
            ("delete", |lines| drop(lines.remove(3))),
            ("insert", |lines| lines.insert(5, open(99, b"x"))),
            ("swap", |lines| lines.swap(1, 2)),
            ("truncate", |lines| lines.truncate(40)),
            ("append", |lines| lines.push(open(41, b"x"))),
            ("edit", |lines| {
                if let Line::Open { payload, .. } = &mut lines[9] {
                    payload[0] ^= 1;
                }
            }),
            ("change the mark of a key", |lines| {
                if let Line::Open { leaf, .. } = &mut lines[9] {
                    leaf.mark.0[0] ^= 1;
                }
            }),
            ("blank", |lines| close(&mut lines[9], None)),
            ("blank under the name of an erasure", |lines| {
                close(&mut lines[9], Some(ERASED));
            }),
            ("blank under the name of no erasure", |lines| {
                close(&mut lines[9], Some(Uuid::from_u128(2)));
            }),
        ];
        for (name, change) in changes {
            let mut lines = whole.clone();
            change(&mut lines);
            assert!(
                !check(&lines, vec![end.clone()]).is_sound(),
                "{name} was not noticed"
            );
        }
    }

    #[test]
    fn an_erasure_that_was_made_up_afterwards_closes_nothing() {
        let mut lines = log();
        let end = checkpoint(&lines);
        let forged = DestroyedKey {
            key: Uuid::from_u128(2),
            trace: KeyTrace::of(&KEYS[1]),
        };
        close(&mut lines[9], Some(forged.key));
        if let Line::Open { payload, .. } = &mut lines[40] {
            *payload = Entry::trail_erased(Timestamp::UNIX_EPOCH, forged)
                .payload()
                .into_bytes();
        }
        let report = check(&lines, vec![end]);
        assert_eq!(
            report.findings,
            [
                Finding::Payload { index: 40 },
                Finding::Blanked { index: 9 }
            ]
        );
    }

    #[test]
    fn an_older_copy_is_found_with_a_newer_checkpoint() {
        let lines = log();
        let report = check(
            &lines[..20],
            vec![checkpoint(&lines[..20]), checkpoint(&lines)],
        );
        assert_eq!(
            report.findings,
            [Finding::Truncated {
                size: 20,
                checkpoint: 41
            }]
        );
    }
}
