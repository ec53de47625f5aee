//! What a changed file takes from a recipient counts, even where the rest of the file has faults.

use std::sync::OnceLock;

use jiff::civil::Date;

use super::Register;
use super::permits::lawful_on;

impl Register {
    /// This register, closed for every recipient to whom nothing may go by `changed`; `None` where that closes nobody.
    ///
    /// `changed` may be a draft with faults. It only ever closes: a recipient that it opens stays closed.
    #[must_use]
    pub fn narrowed_by(&self, changed: &Self, today: Date) -> Option<Self> {
        let mut narrowed = self.clone();
        let mut n_closed = 0_usize;
        for recipient in self.recipients() {
            if lawful_on(recipient, &self.law, today).is_err() {
                continue;
            }
            match changed.recipient(recipient.name.as_str()) {
                None => {
                    narrowed.parts.recipients.remove(&recipient.name);
                }
                Some(now) if lawful_on(now, &self.law, today).is_err() => {
                    narrowed
                        .parts
                        .recipients
                        .insert(recipient.name.clone(), now.clone());
                }
                Some(_) => continue,
            }
            n_closed += 1;
        }

        narrowed.notice_version = OnceLock::new();
        (n_closed > 0).then_some(narrowed)
    }
}
