//! Was this person in a prompt? Answered by keyed fingerprints, where the register has a retention for them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use waarborg_detect::Kind;
use waarborg_domain::claim::Circumstances;
use waarborg_domain::identifier::canonical;
use waarborg_domain::prompt::Witness;

use crate::desk::Desk;
use crate::ports::{ConversationSecrets, Mark, Sighting};

/// Collects the identifiers of one prompt, as keyed fingerprints. The values themselves go no further.
pub(crate) struct Collector<'d> {
    secrets: &'d dyn ConversationSecrets,
    rule: String,
    ends_at: Timestamp,
    found: Mutex<BTreeSet<(Mark, Kind, bool)>>,
}

impl<'d> Collector<'d> {
    /// A collector for a service, if the register says how long fingerprints of it are kept.
    pub(crate) fn of(desk: &'d Desk, service: &str) -> Option<Self> {
        let category = &desk.surfaces.sightings_category;
        let rules = desk
            .register
            .claims(service, category, &Circumstances::none());
        let now = desk.now();
        // Without an end that is known today nothing is kept.
        let ends = rules
            .iter()
            .filter(|rule| rule.trigger.is_known_at_creation() && !rule.trigger.is_memory_only())
            .filter_map(|rule| {
                let ends_at = rule.ends_at(now, &desk.zone)?;
                let ended_at = ends_at.checked_sub(rule.kind.margin()).ok()?;
                Some((ended_at, rule.rule.clone()))
            });
        let (ends_at, rule) = ends.max()?;
        Some(Self {
            secrets: &*desk.secrets,
            rule,
            ends_at,
            found: Mutex::default(),
        })
    }

    /// The prompt was sent to this recipient.
    pub(crate) fn note(self, desk: &Desk, service: &str, recipient: &str) {
        let found = self
            .found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if found.is_empty() {
            return;
        }
        let day = desk.today();
        let sightings = found.into_iter().map(|(mark, kind, is_replaced)| Sighting {
            mark,
            kind: kind.label(),
            service: service.to_owned(),
            recipient: recipient.to_owned(),
            day,
            rule: self.rule.clone(),
            ends_at: self.ends_at,
            is_replaced,
        });
        desk.store.see(sightings.collect());
    }
}

impl Witness for Collector<'_> {
    fn sees(&self, kind: Kind, value: &str, is_replaced: bool) {
        if let Some(mark) = mark_of(self.secrets, kind, value) {
            self.found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert((mark, kind, is_replaced));
        }
    }
}

/// The keyed fingerprint of an identifier; `None` for what says too little of who somebody is.
pub(crate) fn mark_of(secrets: &dyn ConversationSecrets, kind: Kind, value: &str) -> Option<Mark> {
    let canonical = canonical(kind, value)?;
    let scope: [&[u8]; 3] = [
        b"seen in a prompt",
        kind.label().as_bytes(),
        canonical.as_bytes(),
    ];
    Some(secrets.conversation_key(&scope))
}
