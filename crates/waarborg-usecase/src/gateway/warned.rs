//! A person's yes to what the policy warns of, passed on by an application that may.
//!
//! A refusal that a yes would lift says by what words: a keyed digest of who sends which warned values to whom, under which
//! register. Nothing is kept, and whoever was not warned of exactly these values cannot know it. A conversation that goes on has
//! the same digest until something else is to be warned of.

use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::policy::{Policy, Verdict};
use waarborg_domain::prompt::{Prompt, Raw, Report, Screen, Screening, Waived};

use super::{GatewayError, Wishes};
use crate::desk::{Desk, Surface};
use crate::ports::GatewayKey;

/// What surrounds a warning.
#[derive(Clone, Copy)]
pub(super) struct Warned<'a> {
    pub(super) desk: &'a Desk,
    pub(super) key: &'a GatewayKey,
    pub(super) surface: &'a Surface,
    pub(super) recipient: &'a str,
    pub(super) policy: &'a Policy,
    /// Who writes, as far as the application says so.
    pub(super) person: Option<&'a str>,
}

impl Warned<'_> {
    /// What to send along with a person's yes, where that would be enough and the key may pass it on.
    pub(super) fn by_what(&self, prompt: &Prompt<Raw>, report: &Report) -> Option<String> {
        let is_enough = report.verdict == Verdict::Warn && !report.stopped_by.is_empty();
        (self.key.bounds.may_confirm && is_enough).then(|| self.digest(prompt, report))
    }

    /// Who warns whom of which values, as a number that only this house can compute.
    fn digest(&self, prompt: &Prompt<Raw>, report: &Report) -> String {
        let texts: Vec<&str> = prompt.texts().collect();
        let warned = report
            .marks
            .iter()
            .filter(|mark| mark.verdict == Verdict::Warn);
        let mut values: Vec<(&str, &str, &str)> = warned
            .filter_map(|mark| {
                let value = texts.get(mark.text)?.get(mark.span.clone())?;
                Some((mark.class.name(), mark.kind.label(), value))
            })
            .collect();
        values.sort_unstable();
        values.dedup();

        let Self {
            desk,
            key,
            surface,
            recipient,
            policy,
            ..
        } = *self;
        let mut parts = vec![
            &b"a yes to a warning"[..],
            key.id.0.as_bytes(),
            surface.service.as_bytes(),
            surface.purpose.as_bytes(),
            recipient.as_bytes(),
            desk.register.version().as_bytes(),
            policy.name().as_bytes(),
        ];
        let person = self.person.unwrap_or_default();
        parts.push(person.as_bytes());
        for (class, kind, value) in &values {
            parts.extend([class.as_bytes(), kind.as_bytes(), value.as_bytes()]);
        }
        let digest = desk.secrets.conversation_key(&parts);
        let number = digest
            .iter()
            .take(16)
            .fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
        format!("{number:032x}")
    }

    /// What screening says; once more where a person said yes to these very warnings.
    pub(super) fn again(
        &self,
        prompt: &Prompt<Raw>,
        wishes: &Wishes,
        screening: &Screening<'_>,
        surrogates: &mut Surrogates,
        screen: Screen,
    ) -> Result<Screen, GatewayError> {
        let report = screen.report();
        let Some(confirm) = &wishes.confirm else {
            return Ok(screen);
        };
        if self.by_what(prompt, report).as_ref() != Some(confirm) {
            return Ok(screen);
        }
        let mut waived = Waived::clone(screening.waived);
        waived.warnings.extend(report.stopped_by.iter().copied());
        let screening = Screening {
            waived: &waived,
            ..*screening
        };
        let again = prompt.screen(&screening, surrogates);
        let again = again.map_err(|_| GatewayError::Finder)?;
        // The yes was to these values; a detector that finds others now asks anew.
        let is_same = self.digest(prompt, again.report()) == *confirm;
        Ok(if is_same { again } else { screen })
    }
}
