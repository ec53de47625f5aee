//! Checks on the parties: controllers, their contacts, and the recipients with their transfers.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Checking;
use crate::permit::Refusal;
use crate::prompt::SOUND;
use crate::register::permits::{lacking_in_contract, lawful_on};
use crate::register::{
    ControllerKind, Destination, Mechanism, PolicyProfile, Recipient, RecipientKind,
};

impl Checking<'_, '_> {
    /// The days of the head and of the evidence.
    pub(super) fn dates(&mut self) {
        if let (Some(published), Some(effective)) = (self.head.published, self.head.effective)
            && effective < published
        {
            let message =
                format!("it takes effect on {effective}, before it is published on {published}");
            self.faults.error(
                self.head.place,
                "bad-order",
                message,
                "let effective be the same day or later",
            );
        }
        for piece in self.parts.evidence.values() {
            if let Some(review) = piece.review.filter(|review| *review < self.today) {
                let message = format!(
                    "evidence {} should have been looked at again by {review}",
                    piece.name
                );
                self.faults.warning(
                    piece.place,
                    "review-overdue",
                    message,
                    "review it and set the next day",
                );
            }
        }
    }

    /// Every controller, and whether everybody has one.
    pub(super) fn controllers(&mut self) {
        if self.parts.controllers.is_empty() {
            let mend = "add [controller.<id>] with name, address, country, residences, privacy and authority";
            self.faults.error(
                self.head.place,
                "controller-missing",
                "nobody answers for the processing",
                mend,
            );
            return;
        }

        let mut taken: Vec<(&str, &str)> = Vec::new();
        for controller in &self.parts.controllers {
            for residence in &controller.residences {
                if let Some((_, first)) =
                    taken.iter().find(|(known, _)| *known == residence.as_str())
                {
                    let message = format!(
                        "both {first} and {} are controller for residence {residence}",
                        controller.id
                    );
                    self.faults.error(
                        controller.place,
                        "duplicate",
                        message,
                        "let one of them answer for it",
                    );
                }
                taken.push((residence, &controller.id));
            }
            if controller.kind == ControllerKind::PublicBody && controller.officer.is_none() {
                let message = format!(
                    "{} is a public body without a data protection officer",
                    controller.id
                );
                let mend = "add officer = { name = \"…\", mail = \"…\" } (article 37(1)(a))";
                self.faults
                    .error(controller.place, "officer-missing", message, mend);
            }
            let serves_eea = controller.residences.iter().any(|residence| {
                matches!(residence.as_str(), "*" | "EEA") || self.law.is_eea(residence)
            });
            if serves_eea
                && !self.law.is_eea(&controller.country)
                && controller.representative.is_none()
            {
                let message = format!(
                    "{} is established outside the EEA and has no representative",
                    controller.id
                );
                let mend = "add representative = { name = \"…\", mail = \"…\" } (article 27)";
                self.faults
                    .error(controller.place, "representative-missing", message, mend);
            }
        }
        if !taken.iter().any(|(residence, _)| *residence == "*") {
            let place = self
                .parts
                .controllers
                .first()
                .map_or(self.head.place, |controller| controller.place);
            let message = "nobody is controller for people whose residence is not named";
            self.faults.error(
                place,
                "controller-missing",
                message,
                "add \"*\" to the residences of one controller",
            );
        }
        self.humans();
    }

    /// Where people talk with an AI there is a way to a person.
    fn humans(&mut self) {
        let reachable = self
            .parts
            .controllers
            .iter()
            .all(|controller| controller.human.is_some());
        for service in self
            .parts
            .services
            .values()
            .filter(|service| service.ai && !reachable)
        {
            let message = format!(
                "people talk with an AI in service {} but cannot find a person",
                service.name
            );
            let mend = "add human = { name = \"…\", phone = \"…\" } to every controller";
            self.faults
                .warning(service.place, "human-missing", message, mend);
        }
    }

    /// Every recipient, and whether anything may go there today.
    pub(super) fn recipients(&mut self) {
        for recipient in self.parts.recipients.values() {
            self.lawful(recipient);
            self.contracted(recipient);
            self.coherent(recipient);
            self.of_the_group(recipient);
            self.sound(recipient);
            if let Some(left) = recipient.left {
                self.gone(recipient, left);
                continue;
            }
            if !self
                .parts
                .processings
                .iter()
                .any(|processing| processing.recipients.contains(&recipient.name))
            {
                let message = format!("recipient {} receives nothing", recipient.name);
                let mend = "name it in the recipients of a [[processing]], or remove it";
                self.faults
                    .warning(recipient.place, "recipient-unused", message, mend);
            }
        }
    }

    /// Sound that a recipient may have is data of a category that goes there, so that the notice names it.
    fn sound(&mut self, recipient: &Recipient) {
        let has_sound = |fields: &[String]| fields.iter().any(|field| field == SOUND);
        if !has_sound(&recipient.fields) {
            return;
        }
        let mut going = self
            .parts
            .processings
            .iter()
            .filter(|processing| processing.recipients.contains(&recipient.name))
            .flat_map(|processing| &processing.categories);
        let category = |name| self.parts.categories.get(name);
        if going.any(|name| category(name).is_some_and(|category| has_sound(&category.fields))) {
            return;
        }
        let message = format!(
            "recipient {} may have sound, and no category that goes there names it",
            recipient.name
        );
        let mend = "add \"sound\" to the fields of that category: people read it in the notice";
        self.faults
            .error(recipient.place, "sound-undeclared", message, mend);
    }

    /// Rules of a group are for the group, and who belongs to it follows what people were told.
    fn of_the_group(&mut self, recipient: &Recipient) {
        let name = &recipient.name;
        if recipient.mechanism == Some(Mechanism::Bcr) && recipient.group.is_none() {
            let message = format!(
                "recipient {name} is not of the group, whose binding rules it would go by (article 47)"
            );
            let mend = "write group = true if it belongs to the group, or name another mechanism";
            self.faults
                .error(recipient.place, "bcr-outside-group", message, mend);
        }
        if let Some(follows) = &recipient.group
            && *follows != self.head.declared_version
        {
            let message = format!(
                "recipient {name} of the group took on version \"{follows}\" of this register, not \"{}\"",
                self.head.declared_version
            );
            let mend = "let it take on this version, and write that version at follows";
            self.faults
                .error(recipient.place, "notice-not-followed", message, mend);
        }
    }

    /// Who is left receives nothing more, and proves that it erased or gave back what it had.
    fn gone(&mut self, recipient: &Recipient, left: Date) {
        let name = &recipient.name;
        let parts = self.parts;
        let mut uses = parts
            .processings
            .iter()
            .filter(|processing| processing.recipients.contains(name));
        if let Some(processing) = uses.next() {
            let message = format!(
                "recipient {name} is left on {left}, and {}/{} still sends to it",
                processing.service, processing.purpose
            );
            let mend = "take it out of the recipients of every [[processing]]";
            self.faults
                .error(recipient.place, "left-still-used", message, mend);
        }
        if recipient.erased.is_none() {
            let until = match recipient.residual {
                Some(residual) if recipient.stores_input => {
                    format!(" (it keeps for another {residual})")
                }
                _ => String::new(),
            };
            let message = format!(
                "recipient {name} was left on {left}{until}, and nothing proves that it erased or gave back (article 28(3)(g))"
            );
            let mend = "ask for the proof, declare it as evidence, and name it at erased";
            self.faults
                .warning(recipient.place, "leaving-unproven", message, mend);
        }
    }

    /// What keeps everything from going there today closes the recipient, not the house.
    fn lawful(&mut self, recipient: &Recipient) {
        let place = recipient.place;
        let name = &recipient.name;
        match lawful_on(recipient, self.law, self.today) {
            Ok(_) => {}
            Err(Refusal::MechanismExpired { until, .. }) => {
                let message = format!("the mechanism for recipient {name} ended on {until}");
                self.faults.closing(
                    place,
                    "mechanism-expired",
                    message,
                    "renew it and set valid_until, or remove the recipient",
                );
            }
            Err(Refusal::MechanismNotYetValid { from, .. }) => {
                let message = format!("the mechanism for recipient {name} holds from {from}");
                self.faults.closing(
                    place,
                    "mechanism-not-yet-valid",
                    message,
                    "wait for that day, or correct valid_from",
                );
            }
            Err(Refusal::NoFields { .. }) => {
                let message =
                    format!("recipient {name} may not be sent anything: it has no fields");
                let mend = "write fields = [\"prompt\"]";
                self.faults.closing(place, "fields-missing", message, mend);
            }
            Err(Refusal::NoContract { .. }) => {
                let message = format!("recipient {name} has no processor contract (article 28(3))");
                self.faults.closing(
                    place,
                    "contract-missing",
                    message,
                    "write dpa = \"…\" and declare it as [evidence.<id>]",
                );
            }
            Err(_)
                if recipient.mechanism == Some(Mechanism::ExplicitConsent)
                    && recipient.kind == RecipientKind::Llm =>
            {
                let message = format!(
                    "recipient {name}: consent of one person cannot carry what others say about third persons"
                );
                self.faults.closing(
                    place,
                    "consent-for-others",
                    message,
                    "use another mechanism (article 49(1)(a) does not fit here)",
                );
            }
            Err(_)
                if recipient
                    .mechanism
                    .is_some_and(|known| known != Mechanism::Adequacy)
                    && recipient.valid_until.is_none() =>
            {
                let message = format!("the mechanism for recipient {name} has no end");
                self.faults.closing(
                    place,
                    "mechanism-undated",
                    message,
                    "write valid_until: the day until which it was checked",
                );
            }
            Err(_) => {
                let message = format!(
                    "nothing makes a transfer to {} in {} lawful today (chapter V)",
                    name, recipient.country
                );
                let mend = "write mechanism and valid_until, or choose a recipient in the EEA";
                self.faults.closing(place, "no-mechanism", message, mend);
            }
        }
        let soon = self.today.saturating_add(60.days());
        if let Some(until) = recipient
            .valid_until
            .filter(|until| *until >= self.today && *until <= soon)
        {
            let message = format!("the mechanism for recipient {name} ends on {until}");
            self.faults.warning(
                place,
                "mechanism-ends-soon",
                message,
                "renew it before that day",
            );
        }
    }

    /// Under the profile `strict` nothing goes to a processor whose contract lacks what the law asks, or that nobody looks
    /// at again.
    fn contracted(&mut self, recipient: &Recipient) {
        let lacking = lacking_in_contract(recipient, &self.parts.evidence);
        let profile = self.parts.profile.unwrap_or(PolicyProfile::Strict);
        if lacking.is_empty() || profile != PolicyProfile::Strict {
            return;
        }
        let message = format!(
            "the contract with recipient {} does not say that it has: {}",
            recipient.name,
            lacking.join(", ")
        );
        let mend = "look it up in the document, list what it has in covers, and set its review";
        self.faults
            .closing(recipient.place, "contract-incomplete", message, mend);
    }

    /// What a recipient says of itself must fit together.
    fn coherent(&mut self, recipient: &Recipient) {
        let place = recipient.place;
        let name = &recipient.name;
        let eea = self.law.is_eea(&recipient.country);
        let wrong = match recipient.destination {
            Destination::Eu => !eea,
            Destination::OutsideEu => eea,
            Destination::Own | Destination::Public => false,
        };
        if wrong && self.law.country(&recipient.country).is_some() {
            let message = format!(
                "recipient {name} is in {} but its destination is {}",
                recipient.country, recipient.destination
            );
            self.faults.error(
                place,
                "destination-contradicts",
                message,
                "correct country or destination",
            );
        }
        if let (Some(from), Some(until)) = (recipient.valid_from, recipient.valid_until)
            && until < from
        {
            let message = format!("the mechanism for recipient {name} ends before it starts");
            self.faults.error(
                place,
                "bad-order",
                message,
                "correct valid_from or valid_until",
            );
        }
        if recipient.stores_input
            && recipient.residual.is_none()
            && recipient.kind == RecipientKind::Llm
        {
            let message =
                format!("recipient {name} stores what it gets, and nothing says for how long");
            let mend = "write residual = \"30d\", or stores_input = false if the contract says so";
            self.faults.error(place, "residual-missing", message, mend);
        }
        if recipient.kind != RecipientKind::Llm {
            return;
        }
        if recipient.base_url.is_none() && recipient.provider.as_deref() != Some("demo") {
            let message = format!("model {name} has no address");
            self.faults.error(
                place,
                "address-missing",
                message,
                "write base_url = \"https://…\", or provider = \"demo\"",
            );
        }
        let insecure = recipient
            .base_url
            .as_deref()
            .is_some_and(|url| url.starts_with("http://"));
        if insecure && recipient.destination != Destination::Own && !is_local(recipient) {
            let message = format!("model {name} is reached without encryption");
            self.faults.error(
                place,
                "address-insecure",
                message,
                "write https:// instead of http://",
            );
        }
        if recipient.trains {
            let message = format!("recipient {name} trains models with what it gets");
            let mend =
                "write trains = false if the contract says so; else choose another recipient";
            self.faults
                .warning(place, "recipient-trains", message, mend);
        }
    }
}

/// Whether the address is this machine.
fn is_local(recipient: &Recipient) -> bool {
    let host = recipient.host().unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}
