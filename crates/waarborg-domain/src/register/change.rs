//! A change of the register on its way: written, proposed, approved, put in place; each a step of its own, with a reason.

use jiff::Timestamp;
use uuid::Uuid;

use crate::ids::SessionId;

/// A change of the register, without its text. How far it is follows from its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub id: Uuid,
    /// The digest of the file from which it starts.
    pub base: String,
    /// What was done, in order. The first is [`Act::Begin`].
    pub steps: Vec<Step>,
}

/// One thing that was done with a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub act: Act,
    /// In which session.
    pub by: SessionId,
    /// When.
    pub at: Timestamp,
    /// Why; empty where nobody asks that.
    pub reason: String,
}

/// What can be done with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Somebody began, from the file as it was.
    Begin,
    /// Something was written in it.
    Write,
    /// It was put on a file that had changed meanwhile.
    Rebase,
    /// It is offered for approval.
    Propose,
    /// It goes back to be written in.
    Return,
    /// It may be put in place.
    Approve,
    /// It became the file.
    Publish,
    /// It did not become the file after all.
    Fail,
    /// Nothing comes of it.
    Withdraw,
    /// The persons concerned were told of it by mail.
    Tell,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 10] = [
        Self::Begin,
        Self::Write,
        Self::Rebase,
        Self::Propose,
        Self::Return,
        Self::Approve,
        Self::Publish,
        Self::Fail,
        Self::Withdraw,
        Self::Tell,
    ];

    /// Its name in the store, in addresses and in the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Write => "write",
            Self::Rebase => "rebase",
            Self::Propose => "propose",
            Self::Return => "return",
            Self::Approve => "approve",
            Self::Publish => "publish",
            Self::Fail => "fail",
            Self::Withdraw => "withdraw",
            Self::Tell => "tell",
        }
    }

    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// Whether somebody must say why.
    #[must_use]
    pub const fn asks_a_reason(self) -> bool {
        match self {
            Self::Begin | Self::Write | Self::Rebase | Self::Fail | Self::Tell => false,
            Self::Propose | Self::Return | Self::Approve | Self::Publish | Self::Withdraw => true,
        }
    }

    /// Whether who does this has a hand in what is proposed.
    const fn is_of_an_author(self) -> bool {
        match self {
            Self::Begin | Self::Write | Self::Rebase | Self::Propose => true,
            Self::Return
            | Self::Approve
            | Self::Publish
            | Self::Fail
            | Self::Withdraw
            | Self::Tell => false,
        }
    }
}

/// How far a change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// It is being written.
    Draft,
    /// It waits for approval.
    Proposed,
    /// It waits to be put in place.
    Approved,
    /// It became the file.
    Published,
    /// Nothing comes of it.
    Withdrawn,
}

impl Stage {
    /// Its name in the texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Where an act leads from here; `None` where it cannot be done.
    #[must_use]
    pub const fn after(self, act: Act) -> Option<Self> {
        match (self, act) {
            (Self::Draft, Act::Write)
            | (Self::Proposed | Self::Approved, Act::Return)
            | (Self::Draft | Self::Proposed | Self::Approved, Act::Rebase) => Some(Self::Draft),
            (Self::Draft, Act::Propose) => Some(Self::Proposed),
            (Self::Proposed, Act::Approve) | (Self::Published, Act::Fail) => Some(Self::Approved),
            // Once more, if the program stopped between the note and the file.
            (Self::Approved | Self::Published, Act::Publish) | (Self::Published, Act::Tell) => {
                Some(Self::Published)
            }
            (Self::Draft | Self::Proposed | Self::Approved, Act::Withdraw) => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Self::Published | Self::Withdrawn => true,
            Self::Draft | Self::Proposed | Self::Approved => false,
        }
    }
}

impl Change {
    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.steps.iter().fold(Stage::Draft, |stage, step| {
            stage.after(step.act).unwrap_or(stage)
        })
    }

    /// Whether somebody wrote in it, or proposed it.
    #[must_use]
    pub fn is_by(&self, session: SessionId) -> bool {
        let mut authors = self.steps.iter().filter(|step| step.act.is_of_an_author());
        authors.any(|step| step.by == session)
    }

    /// The step by which it was approved last.
    #[must_use]
    pub fn approval(&self) -> Option<&Step> {
        self.steps
            .iter()
            .rev()
            .find(|step| step.act == Act::Approve)
    }

    /// The step by which it was published last.
    #[must_use]
    pub fn publication(&self) -> Option<&Step> {
        self.steps
            .iter()
            .rev()
            .find(|step| step.act == Act::Publish)
    }

    /// The step by which the persons concerned were told.
    #[must_use]
    pub fn telling(&self) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.act == Act::Tell)
    }

    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(steps: &[(Act, u128)]) -> Change {
        let step = |(act, by): &(Act, u128)| Step {
            act: *act,
            by: SessionId(Uuid::from_u128(*by)),
            at: Timestamp::UNIX_EPOCH,
            reason: String::new(),
        };
        Change {
            id: Uuid::nil(),
            base: String::new(),
            steps: steps.iter().map(step).collect(),
        }
    }

    #[test]
    fn a_change_goes_from_draft_over_two_steps_to_the_file() {
        let mut steps = vec![(Act::Begin, 1)];
        for (act, stage) in [
            (Act::Write, Stage::Draft),
            (Act::Propose, Stage::Proposed),
            (Act::Return, Stage::Draft),
            (Act::Propose, Stage::Proposed),
            (Act::Approve, Stage::Approved),
            (Act::Publish, Stage::Published),
        ] {
            steps.push((act, 1));
            assert_eq!(change(&steps).stage(), stage, "{}", act.name());
        }
    }

    #[test]
    fn who_wrote_or_proposed_it_is_an_author_and_who_approves_is_none() {
        let steps = [
            (Act::Begin, 1),
            (Act::Write, 2),
            (Act::Propose, 3),
            (Act::Approve, 4),
        ];
        let change = change(&steps);
        let is_author = |by| change.is_by(SessionId(Uuid::from_u128(by)));
        assert_eq!([1, 2, 3, 4].map(is_author), [true, true, true, false]);
    }

    proptest! {
        #[test]
        fn nothing_is_published_that_was_not_approved_after_its_last_word(
            acts in prop::collection::vec(prop::sample::select(Act::ALL.to_vec()), 0..20),
        ) {
            let mut stage = Stage::Draft;
            let mut approved = false;
            for act in acts {
                prop_assert_eq!(Act::parse(act.name()), Some(act));
                let Some(next) = stage.after(act) else { continue };
                match act {
                    Act::Write | Act::Rebase | Act::Return => approved = false,
                    Act::Approve => approved = true,
                    _ => {}
                }
                prop_assert!(next != Stage::Published || approved);
                stage = next;
            }
        }
    }
}
