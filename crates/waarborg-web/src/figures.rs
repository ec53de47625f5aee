//! What is counted of how the gateway runs, as the console shows it: numbers since the start, and nothing of anybody.

use jiff::Timestamp;

/// The numbers of a moment. Requests are those of applications; the pages for people are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Since when is counted: the program's start.
    pub started_at: Timestamp,
    /// How many requests are worked on.
    pub n_in_flight: u64,
    /// How many were answered in the last five minutes.
    pub n_recent: u64,
    /// How many of those went no further, because of what was found in them.
    pub n_recent_stopped: u64,
    /// How many were answered since the start.
    pub n_answers: u64,
    /// How many of those went no further, because of what was found in them.
    pub n_stopped: u64,
    /// How many of the answers began within so many milliseconds, the smaller bound first.
    pub within_ms: Vec<(u64, u64)>,
    /// How many answers had which status.
    pub statuses: Vec<(u16, u64)>,
    /// How many screened requests had which verdict, by its name.
    pub verdicts: Vec<(String, u64)>,
    /// How many findings there were of which kind, by its label.
    pub findings: Vec<(String, u64)>,
    /// The recipients, by their names in the register.
    pub recipients: Vec<RecipientFigures>,
}

/// The numbers of one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecipientFigures {
    /// Its name in the register.
    pub name: String,
    /// How often it was asked, also from the chat.
    pub n_asked: u64,
    /// How often it gave no answer, or one that broke off.
    pub n_failed: u64,
    /// Whether it is left alone for now, because it failed too often.
    pub is_resting: bool,
    /// The tokens that it read for applications.
    pub tokens_in: u64,
    /// The tokens that it wrote for applications.
    pub tokens_out: u64,
    /// What they cost, in millionths of a cent; `None` where no price is set.
    pub millionths_of_a_cent: Option<u64>,
}

/// Who counts.
pub trait Meters: Send + Sync {
    /// The numbers of this moment.
    fn figures(&self) -> Figures;
}

/// Within how long an answer began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Began {
    /// There were no answers.
    Nothing,
    /// Within so many milliseconds.
    WithinMs(u64),
    /// Later than within so many milliseconds, and nobody counted how late.
    AfterMs(u64),
}

impl Figures {
    /// Within how long so many of a hundred answers began: the smallest bound that holds them.
    #[must_use]
    pub fn began(&self, of_a_hundred: u64) -> Began {
        if self.n_answers == 0 {
            return Began::Nothing;
        }
        let wanted = self.n_answers.saturating_mul(of_a_hundred).div_ceil(100);
        let mut bounds = self.within_ms.iter();
        match bounds.find(|(_, n)| *n >= wanted) {
            Some((bound, _)) => Began::WithinMs(*bound),
            None => Began::AfterMs(self.within_ms.last().map_or(0, |(bound, _)| *bound)),
        }
    }

    /// What is known of the cost of all recipients together, in millionths of a cent, and of how many of those that were
    /// used nobody set a price. Without any price there is nothing to know.
    #[must_use]
    pub fn cost(&self) -> (Option<u64>, usize) {
        let known = self
            .recipients
            .iter()
            .filter_map(|one| one.millionths_of_a_cent);
        let sum = known.reduce(u64::saturating_add);
        let unpriced = self.recipients.iter().filter(|one| {
            one.millionths_of_a_cent.is_none() && one.tokens_in.max(one.tokens_out) > 0
        });
        (sum, unpriced.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_answers_began_within_the_first_bound_that_holds_half_of_them() {
        let figures = Figures {
            n_answers: 10,
            within_ms: vec![(1, 0), (2, 5), (5, 9), (10, 9)],
            ..Figures::default()
        };
        assert_eq!(figures.began(50), Began::WithinMs(2));
        assert_eq!(figures.began(51), Began::WithinMs(5));
        assert_eq!(figures.began(90), Began::WithinMs(5));
        assert_eq!(figures.began(99), Began::AfterMs(10));
        assert_eq!(Figures::default().began(50), Began::Nothing);
    }

    #[test]
    fn a_cost_that_nobody_can_know_is_not_nothing() {
        let recipient = |tokens_in, millionths_of_a_cent| RecipientFigures {
            tokens_in,
            millionths_of_a_cent,
            ..RecipientFigures::default()
        };
        let cost = |recipients: &[RecipientFigures]| {
            let recipients = recipients.to_vec();
            let figures = Figures {
                recipients,
                ..Figures::default()
            };
            figures.cost()
        };
        assert_eq!(cost(&[]), (None, 0));
        assert_eq!(cost(&[recipient(0, None)]), (None, 0));
        assert_eq!(cost(&[recipient(9, None)]), (None, 1));
        assert_eq!(
            cost(&[
                recipient(9, None),
                recipient(0, Some(0)),
                recipient(3, Some(7))
            ]),
            (Some(7), 1)
        );
    }
}
