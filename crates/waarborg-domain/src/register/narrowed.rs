//! What a changed file takes from a recipient counts, even where the rest of the file has faults.

use std::sync::OnceLock;

use jiff::civil::Date;

use super::permits::lawful_on;
use super::{Fault, Processing, Recipient, Register};

impl Register {
    /// This register, closed for every recipient that `changed` does not plainly leave open.
    ///
    /// `changed` is a draft of a file with `faults`, or `None` where the file cannot be read at all: then nobody is
    /// left open. It only ever closes: what it opens stays closed until the file has no faults. `None` where nothing
    /// is closed that was open.
    #[must_use]
    pub fn narrowed_by(
        &self,
        changed: Option<&Self>,
        faults: &[Fault],
        today: Date,
    ) -> Option<Self> {
        let mut narrowed = self.clone();
        let mut n_closed = 0_usize;
        for recipient in self.recipients() {
            if self.may_receive(recipient, today).is_err() {
                continue;
            }
            let name = &recipient.name;
            let now = changed.and_then(|changed| changed.recipient(name.as_str()));
            match (changed, now) {
                (Some(changed), Some(now))
                    if changed.leaves_open(recipient, now, faults, today) =>
                {
                    n_closed += narrowed.withdraw(recipient, changed);
                    continue;
                }
                (Some(_), None) => {
                    narrowed.parts.recipients.remove(name);
                }
                // What it says itself explains best why it is closed.
                (Some(_), Some(now)) if lawful_on(now, &self.law, today).is_err() => {
                    narrowed.parts.recipients.insert(name.clone(), now.clone());
                }
                _ => {
                    narrowed.closed.insert(name.clone());
                }
            }
            n_closed += 1;
        }

        narrowed.notice_version = OnceLock::new();
        (n_closed > 0).then_some(narrowed)
    }

    /// This register, closed for these recipients whatever it says of them.
    #[must_use]
    pub fn closed_for<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut narrowed = self.clone();
        for name in names {
            if let Some(recipient) = self.recipient(name) {
                narrowed.closed.insert(recipient.name.clone());
            }
        }
        narrowed
    }

    /// Whether this file, read as a draft, plainly says that what went to a recipient may go there still.
    fn leaves_open(
        &self,
        before: &Recipient,
        now: &Recipient,
        faults: &[Fault],
        today: Date,
    ) -> bool {
        let lines = self.lines_of(now);
        let is_read = !faults
            .iter()
            .any(|fault| fault.is_error() && lines.contains(&fault.line));
        let same_place = before.base_url == now.base_url
            && before.country == now.country
            && before.destination == now.destination
            && before.provider == now.provider;
        let same_fields = before.fields.iter().all(|field| now.fields.contains(field));

        is_read && same_place && same_fields && lawful_on(now, &self.law, today).is_ok()
    }

    /// The lines between this recipient and whatever is declared after it.
    fn lines_of(&self, recipient: &Recipient) -> std::ops::Range<usize> {
        let start = recipient.place.line;
        let next = self.headings.iter().find(|line| **line > start);
        start..next.copied().unwrap_or(usize::MAX)
    }

    /// Takes a recipient out of the processings that `changed` no longer has for it, and says out of how many.
    fn withdraw(&mut self, recipient: &Recipient, changed: &Self) -> usize {
        let goes_on = |before: &Processing| {
            changed.parts.processings.iter().any(|now| {
                now.service == before.service
                    && now.purpose == before.purpose
                    && now.basis == before.basis
                    && now.recipients.contains(&recipient.name)
                    && before
                        .categories
                        .iter()
                        .all(|category| now.categories.contains(category))
            })
        };
        let mut n_withdrawn = 0;
        for processing in &mut self.parts.processings {
            if processing.recipients.contains(&recipient.name) && !goes_on(processing) {
                processing.recipients.retain(|name| *name != recipient.name);
                n_withdrawn += 1;
            }
        }
        n_withdrawn
    }
}
