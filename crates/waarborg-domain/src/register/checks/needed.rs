//! What nothing needs, and what must stay where it is.

use super::Checking;
use crate::register::{CategoryRule, Place};

impl Checking<'_, '_> {
    /// A field that every processing of its category leaves out is collected for nothing (article 5(1)(c)).
    pub(super) fn unused_fields(&mut self) {
        let mut unused: Vec<(&CategoryRule, &str)> = Vec::new();
        for category in self.parts.categories.values() {
            let uses: Vec<_> = self
                .parts
                .processings
                .iter()
                .filter(|processing| processing.categories.contains(&category.name))
                .collect();
            // Where no fields are named all are needed; where nothing uses the category that is said elsewhere.
            if uses.is_empty() || uses.iter().any(|processing| processing.fields.is_empty()) {
                continue;
            }
            let is_needed = |field: &String| uses.iter().any(|one| one.fields.contains(field));
            let fields = category.fields.iter().filter(|field| !is_needed(field));
            unused.extend(fields.map(|field| (category, field.as_str())));
        }
        for (category, field) in unused {
            let message = format!(
                "field {field} of category {} is collected, and no processing needs it",
                category.name
            );
            let mend = "take it out of the fields of the category, or name it at the processing that needs it";
            self.faults
                .warning(category.place, "field-unused", message, mend);
        }
    }

    /// Data that must stay in a region goes to nobody elsewhere: no model, no host, no mail server, no backup.
    pub(super) fn regions(&mut self) {
        let mut leaving: Vec<(Place, String)> = Vec::new();
        for service in self.parts.services.values() {
            if service.stays_in.is_empty() {
                continue;
            }
            let is_within = |country: &str| {
                service
                    .stays_in
                    .iter()
                    .any(|place| place == country || (place == "EEA" && self.law.is_eea(country)))
            };
            let processings = self.parts.processings.iter();
            let named = processings
                .filter(|processing| processing.service == service.name)
                .flat_map(|processing| &processing.recipients);
            let mut seen = Vec::new();
            for recipient in named.filter_map(|name| self.parts.recipients.get(name)) {
                if !is_within(&recipient.country) && !seen.contains(&&recipient.name) {
                    seen.push(&recipient.name);
                    let message = format!(
                        "data of service {} stays in {}, and recipient {} is in {}",
                        service.name,
                        service.stays_in.join(", "),
                        recipient.name,
                        recipient.country
                    );
                    leaving.push((service.place, message));
                }
            }
        }
        for (place, message) in leaving {
            let mend = "name a recipient there, or take stays_in away and say so to people";
            self.faults.error(place, "leaves-region", message, mend);
        }
    }
}
