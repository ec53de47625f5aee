//! The check that anyone can do with an exported log, a public key and, best of all, an older checkpoint.

use std::fmt;

use super::checkpoint::Checkpoint;
use super::hash::{Commitment, Hash, Salt};
use super::tree::Frontier;

/// One entry of an exported log.
#[derive(Clone, Debug)]
pub enum Line {
    /// The payload was erased, or is not for this reader; the commitment stays.
    Closed(Commitment),
    /// The payload may be read.
    Open {
        /// What the log committed to.
        commitment: Commitment,
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
            findings: Vec::new(),
        };
        check.meet();
        check
    }

    /// Takes the next entry.
    pub fn push(&mut self, line: &Line) {
        let commitment = match line {
            Line::Closed(commitment) => *commitment,
            Line::Open {
                commitment,
                salt,
                payload,
            } => {
                if Commitment::new(salt, payload) == *commitment {
                    self.n_opened += 1;
                } else {
                    self.findings.push(Finding::Payload {
                        index: self.frontier.size(),
                    });
                }
                *commitment
            }
        };
        self.frontier.append(commitment.leaf());
        self.meet();
    }

    /// Ends the check.
    #[must_use]
    pub fn finish(mut self) -> LogReport {
        let size = self.frontier.size();
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
    use super::*;
    use crate::audit::{LogName, root_of};

    type Change = fn(&mut Vec<Line>);

    fn line(n: u8) -> Line {
        let (salt, payload) = (Salt([n; 32]), vec![n, n]);
        Line::Open {
            commitment: Commitment::new(&salt, &payload),
            salt,
            payload,
        }
    }

    fn commitment(line: &Line) -> Commitment {
        match line {
            Line::Closed(commitment) | Line::Open { commitment, .. } => *commitment,
        }
    }

    fn checkpoint(lines: &[Line]) -> Checkpoint {
        let root = root_of(lines.iter().map(|line| commitment(line).leaf()));
        Checkpoint {
            origin: LogName::new("test").unwrap(),
            size: lines.len() as u64,
            root,
        }
    }

    fn check(lines: &[Line], checkpoints: Vec<Checkpoint>) -> LogReport {
        let mut check = LogCheck::new(checkpoints);
        for line in lines {
            check.push(line);
        }
        check.finish()
    }

    fn log() -> Vec<Line> {
        (0..40).map(line).collect()
    }

    #[test]
    fn a_whole_log_is_sound_also_when_payloads_are_gone() {
        let mut lines = log();
        let end = checkpoint(&lines);
        lines[7] = Line::Closed(commitment(&lines[7]));
        let report = check(&lines, vec![checkpoint(&lines[..10]), end]);
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.size, report.n_opened), (40, 39));
    }

    #[test]
    fn every_manipulation_is_found() {
        let whole = log();
        let end = checkpoint(&whole);
        let changes: [(&str, Change); 6] = [
            ("delete", |lines| drop(lines.remove(3))),
            ("insert", |lines| lines.insert(5, line(99))),
            ("swap", |lines| lines.swap(1, 2)),
            ("truncate", |lines| lines.truncate(39)),
            ("append", |lines| lines.push(line(77))),
            ("edit", |lines| {
                if let Line::Open { payload, .. } = &mut lines[9] {
                    payload[0] ^= 1;
                }
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
                checkpoint: 40
            }]
        );
    }
}
