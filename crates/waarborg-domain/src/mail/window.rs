//! Between which events of a person a message may go.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::claim::{Period, Trigger};

/// One end of a window: an event, and how long after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) trigger: Trigger,
    pub(super) after: Period,
}

/// A window as the register writes it: `trial_ended .. trial_ended + 14d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Edge,
    pub(super) until: Edge,
}

impl Window {
    /// Reads a window; the compiler of the register refuses what is none.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let (from, until) = written.split_once("..")?;
        Some(Self {
            from: Edge::parse(from)?,
            until: Edge::parse(until)?,
        })
    }

    /// Whether `now` lies in it, given when its events happened; an event that did not happen opens nothing.
    pub(super) fn is_open(
        self,
        now: Timestamp,
        zone: &TimeZone,
        happened: impl Fn(Trigger) -> Option<Timestamp>,
    ) -> bool {
        let at = |edge: Edge| edge.after.after(happened(edge.trigger)?, zone);
        let began = at(self.from).is_some_and(|from| from <= now);
        // Until something that did not happen yet, it is open; it shuts when that happens.
        let is_over = if happened(self.until.trigger).is_some() {
            at(self.until).is_none_or(|until| until < now)
        } else {
            self.until.trigger == self.from.trigger
        };
        began && !is_over
    }
}

impl Edge {
    fn parse(written: &str) -> Option<Self> {
        let (event, after) = match written.split_once('+') {
            Some((event, period)) => (event, period.trim().parse().ok()?),
            None => (written, Period::NONE),
        };
        Some(Self {
            trigger: Trigger::parse(event.trim())?,
            after,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(window: &str, now: &str, ended: Option<&str>) -> bool {
        let ended: Option<Timestamp> = ended.map(|at| at.parse().unwrap());
        Window::parse(window)
            .unwrap()
            .is_open(now.parse().unwrap(), &TimeZone::UTC, |trigger| {
                ended.filter(|_| trigger == Trigger::TrialEnded)
            })
    }

    #[test]
    fn a_window_opens_with_its_event_and_shuts_after_its_period() {
        let window = "trial_ended .. trial_ended + 14d";
        let ended = Some("2026-11-01T12:00:00Z");
        assert!(check(window, "2026-11-01T12:00:00Z", ended));
        assert!(check(window, "2026-11-15T12:00:00Z", ended));
        assert!(!check(window, "2026-11-15T12:00:01Z", ended));
        assert!(!check(window, "2026-11-01T11:59:59Z", ended));
        assert!(!check(window, "2026-11-01T12:00:00Z", None));
    }

    #[test]
    fn until_an_event_that_did_not_happen_it_is_open() {
        let window = "trial_ended .. account_deleted";
        assert!(check(
            window,
            "2027-11-01T12:00:00Z",
            Some("2026-11-01T12:00:00Z")
        ));
    }
}
