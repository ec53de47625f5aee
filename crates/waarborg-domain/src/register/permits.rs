//! What the register answers when somebody asks: may we, and may it go there?

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Evidence, Mechanism, PolicyProfile, Processing, Recipient, RecipientKind, Register, Service,
    contract_items,
};
use crate::permit::{Ask, Permit, PersonState, Refusal, TransferPermit};
use crate::register::{Basis, Destination};

impl Register {
    /// A permit for a purpose, for this person, today.
    ///
    /// # Errors
    ///
    /// [`Refusal`] names the first rule that stands in the way.
    pub fn permit(&self, ask: &Ask<'_>) -> Result<Permit<'_>, Refusal> {
        if self.head.draft {
            return Err(Refusal::Draft);
        }
        let Some((service_name, service)) = self.parts.services.get_key_value(ask.service) else {
            return Err(Refusal::UnknownService);
        };
        let Some((purpose_name, purpose)) = self.parts.purposes.get_key_value(ask.purpose) else {
            return Err(Refusal::UnknownPurpose);
        };
        if let Some(from) = self.head.effective.filter(|from| ask.today < *from) {
            return Err(Refusal::NotYetEffective { from });
        }
        if ask.person.age.may_be_below(service.minimum_age) {
            return Err(Refusal::TooYoung {
                minimum: service.minimum_age,
            });
        }
        if ask.person.restricted && !purpose.despite_restriction {
            return Err(Refusal::Restricted);
        }

        let mut allowed = Vec::new();
        let mut refused = None;
        for processing in &self.parts.processings {
            if processing.service != *service_name || processing.purpose != *purpose_name {
                continue;
            }
            match self.allow(processing, purpose.marketing, ask.person) {
                Ok(()) => allowed.push(processing),
                Err(refusal) => refused = refused.or(Some(refusal)),
            }
        }

        if allowed.is_empty() {
            return Err(refused.unwrap_or_else(|| Refusal::PurposeNotInService {
                service: service_name.clone(),
                purpose: purpose_name.clone(),
            }));
        }
        Ok(Permit::of(
            service_name,
            purpose_name,
            allowed,
            &self.head.version,
            purpose,
            &self.reach,
        ))
    }

    fn allow(
        &self,
        processing: &Processing,
        marketing: bool,
        person: &PersonState,
    ) -> Result<(), Refusal> {
        if processing.notice_first && !person.notice_seen {
            return Err(Refusal::NoticeUnseen);
        }

        let objected = person
            .objections
            .iter()
            .any(|purpose| processing.purpose == purpose.as_str());
        let may_object = processing.basis.can_be_objected_to()
            || processing.otherwise.is_some_and(Basis::can_be_objected_to);
        if objected && (marketing || may_object) {
            return Err(Refusal::Objected {
                purpose: processing.purpose.clone(),
            });
        }

        if processing.basis == Basis::Consent {
            self.consented(processing, person)?;
        }
        Ok(())
    }

    fn consented(&self, processing: &Processing, person: &PersonState) -> Result<(), Refusal> {
        let controller = self.controller_of(person);
        let given = person.consents.iter().any(|held| {
            processing.purpose == held.purpose.as_str()
                && held.entity == controller.id
                && processing
                    .consent
                    .as_ref()
                    .is_some_and(|text| text.version == held.text_version)
        });
        if !given {
            let purpose = processing.purpose.clone();
            return Err(Refusal::NoConsent {
                purpose,
                entity: controller.id.clone(),
            });
        }

        let residence = person.residence.as_deref().unwrap_or(&controller.country);
        if person.age.may_be_below(self.law.consent_age(residence)) && !person.guardian_agreed {
            return Err(Refusal::GuardianNeeded);
        }
        Ok(())
    }

    /// A permit to send to a recipient today; ask for every call, before its name is looked up.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if the recipient is not declared for the purpose, or nothing makes the transfer lawful today.
    pub fn transfer<'r>(
        &'r self,
        permit: &Permit<'r>,
        recipient: &str,
        today: Date,
    ) -> Result<TransferPermit<'r>, Refusal> {
        let Some(recipient) = self.parts.recipients.get(recipient) else {
            return Err(Refusal::UnknownRecipient);
        };
        let going = permit.going_to(&recipient.name);
        if permit.register_version() != self.head.version || going.is_empty() {
            return Err(Refusal::RecipientNotForPurpose {
                recipient: recipient.name.clone(),
            });
        }

        let mechanism = self.may_receive(recipient, today)?;
        Ok(TransferPermit::of(permit, recipient, going, mechanism))
    }

    /// Which instrument makes sending to this recipient lawful on a day; `None` where none is needed.
    ///
    /// # Errors
    ///
    /// [`Refusal`] if nothing does.
    pub fn lawful_today(
        &self,
        recipient: &Recipient,
        today: Date,
    ) -> Result<Option<Mechanism>, Refusal> {
        self.may_receive(recipient, today)
    }

    pub(super) fn may_receive(
        &self,
        recipient: &Recipient,
        today: Date,
    ) -> Result<Option<Mechanism>, Refusal> {
        if self.closed.contains(&recipient.name) {
            return Err(Refusal::RecipientClosed {
                recipient: recipient.name.clone(),
            });
        }
        let lawful = lawful_on(recipient, &self.law, today)?;
        if self.policy_profile() == PolicyProfile::Strict
            && !lacking_in_contract(recipient, &self.parts.evidence).is_empty()
        {
            return Err(Refusal::NoContract {
                recipient: recipient.name.clone(),
            });
        }
        Ok(lawful)
    }

    /// The service that a permit was given for.
    #[must_use]
    pub fn service_of(&self, permit: &Permit<'_>) -> Option<&Service> {
        self.parts.services.get(permit.service())
    }
}

/// See [`Register::lawful_today`]; the compiler asks the same question.
pub(super) fn lawful_on(
    recipient: &Recipient,
    law: &crate::law::Law,
    today: Date,
) -> Result<Option<Mechanism>, Refusal> {
    let name = || recipient.name.clone();
    if recipient.kind == RecipientKind::Llm && recipient.fields.is_empty() {
        return Err(Refusal::NoFields { recipient: name() });
    }
    if recipient.destination == Destination::Own {
        return Ok(None);
    }
    if needs_contract(recipient) && recipient.dpa.is_none() {
        return Err(Refusal::NoContract { recipient: name() });
    }
    if let Some(from) = recipient.valid_from.filter(|from| today < *from) {
        return Err(Refusal::MechanismNotYetValid {
            recipient: name(),
            from,
        });
    }
    if let Some(until) = recipient.valid_until.filter(|until| today > *until) {
        return Err(Refusal::MechanismExpired {
            recipient: name(),
            until,
        });
    }
    if law.is_eea(&recipient.country) {
        return Ok(None);
    }

    let none = || Refusal::NoMechanism {
        recipient: name(),
        country: recipient.country.clone(),
    };
    let mechanism = recipient.mechanism.ok_or_else(none)?;
    let holds = match mechanism {
        Mechanism::Adequacy => law.is_adequate(&recipient.country, today),
        Mechanism::Dpf => {
            law.is_adequate_if_certified(&recipient.country, today)
                && recipient.valid_until.is_some()
        }
        Mechanism::ExplicitConsent => {
            recipient.kind != RecipientKind::Llm && recipient.valid_until.is_some()
        }
        Mechanism::Scc
        | Mechanism::Bcr
        | Mechanism::CodeOfConduct
        | Mechanism::Certification
        | Mechanism::Derogation => recipient.valid_until.is_some(),
    };
    if holds {
        Ok(Some(mechanism))
    } else {
        Err(none())
    }
}

/// What the contract with a processor does not say that it has, of what the law asks (article 28(3)), and the day on which
/// it is looked at again. Nothing where no contract is needed, or none is named.
pub(super) fn lacking_in_contract(
    recipient: &Recipient,
    evidence: &BTreeMap<String, Evidence>,
) -> Vec<String> {
    let named = recipient.dpa.as_ref().filter(|_| needs_contract(recipient));
    let Some(contract) = named.and_then(|name| evidence.get(name)) else {
        return Vec::new();
    };
    let items = contract_items("dpa").iter();
    let lacking = items.filter(|(item, _)| !contract.covers.iter().any(|has| has == item));
    let mut lacking: Vec<String> = lacking
        .map(|(item, article)| format!("{item} (article {article})"))
        .collect();
    if contract.review.is_none() {
        lacking.push("review (article 28(3)(h))".to_owned());
    }
    lacking
}

/// Whether a party of this kind works on instructions, and so under a contract (article 28(3)).
pub(super) fn needs_contract(recipient: &Recipient) -> bool {
    matches!(
        recipient.kind,
        RecipientKind::Llm | RecipientKind::Hosting | RecipientKind::Processor
    ) && !matches!(
        recipient.destination,
        Destination::Own | Destination::Public
    )
}
