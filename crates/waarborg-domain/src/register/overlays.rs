//! What is different for people who live elsewhere: only the levers that the law of that place moves.

use std::sync::OnceLock;

use crate::law::country_of;

use super::{ConsentText, Overlay, OverlayChange, Register};

impl Register {
    /// The register as it holds for people who live there; `None` where nothing is different.
    #[must_use]
    pub fn in_residence(&self, residence: &str) -> Option<Self> {
        let mut overlays: Vec<&Overlay> = self
            .parts
            .overlays
            .iter()
            .filter(|overlay| self.reaches(overlay, residence))
            .collect();
        if overlays.is_empty() {
            return None;
        }

        // What holds in a part of a country comes after what holds in all of it.
        overlays.sort_by_key(|overlay| names(overlay, residence));

        let mut there = self.clone();
        there.notice_version = OnceLock::new();
        for overlay in overlays {
            there.apply(overlay);
        }
        Some(there)
    }

    fn reaches(&self, overlay: &Overlay, residence: &str) -> bool {
        names(overlay, residence)
            || names(overlay, country_of(residence))
            || (names(overlay, "EEA") && self.law.is_eea(residence))
    }

    fn apply(&mut self, overlay: &Overlay) {
        match &overlay.change {
            OverlayChange::Basis {
                basis,
                evidence,
                interest,
                consent,
            } => {
                for processing in self.parts.processings.iter_mut().filter(|processing| {
                    processing.service == overlay.service && processing.purpose == overlay.purpose
                }) {
                    processing.basis = *basis;
                    processing.evidence.clone_from(evidence);
                    processing.interest.clone_from(interest);
                    if consent.is_some() || *basis != super::Basis::Consent {
                        processing.consent.clone_from(consent);
                    }
                    processing.otherwise = None;
                    processing.rule.clone_from(&overlay.rule);
                }
            }
            OverlayChange::Assessment { dpia } => {
                for processing in self.parts.processings.iter_mut().filter(|processing| {
                    processing.service == overlay.service && processing.purpose == overlay.purpose
                }) {
                    processing.dpia = Some(dpia.clone());
                }
            }
            OverlayChange::Period {
                category,
                trigger,
                period,
                kind,
            } => {
                for retention in self.parts.retentions.iter_mut().filter(|retention| {
                    retention.service == overlay.service
                        && retention.purpose == overlay.purpose
                        && retention.category == *category
                }) {
                    retention.trigger = *trigger;
                    retention.period = *period;
                    retention.kind = *kind;
                    retention.why.clone_from(&overlay.why);
                    retention.open = false;
                    retention.rule.clone_from(&overlay.rule);
                }
            }
            OverlayChange::Transfer {
                recipient,
                mechanism,
                valid_until,
            } => {
                if let Some(recipient) = self.parts.recipients.get_mut(recipient) {
                    recipient.mechanism = Some(*mechanism);
                    recipient.valid_until = *valid_until;
                }
            }
            OverlayChange::Rights => {}
        }
    }
}

/// Whether an overlay names this residence itself.
fn names(overlay: &Overlay, residence: &str) -> bool {
    let mut residences = overlay.residences.iter();
    residences.any(|named| named.eq_ignore_ascii_case(residence))
}

impl ConsentText {
    /// Reads `id@version`.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let (id, version) = written
            .split_once('@')
            .filter(|(id, version)| !id.is_empty() && !version.is_empty())?;
        Some(Self {
            id: id.to_owned(),
            version: version.to_owned(),
        })
    }
}
