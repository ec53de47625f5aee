//! Carries out what was granted. Each act may be repeated; a crash in between leaves the request open.

use std::collections::BTreeSet;

use jiff::Timestamp;
use waarborg_domain::consent::{self, Consent, ConsentAnswer};
use waarborg_domain::decision::{About, Slice, Task, TaskAct};
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::ids::{ConsentId, SubjectId};
use waarborg_domain::register::{Destination, Recipient};
use waarborg_domain::rights::{Request, Right};

use super::found::{records_of, subjects};
use super::look;
use super::rectify::rectify;
use super::{CaseError, File, Filed};
use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::{ErasureReceipt, Kept};
use crate::requests::requester;

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) n_erased: u64,
    pub(super) n_corrected: u64,
    pub(super) kept: Vec<Kept>,
    pub(super) tasks: Vec<Task>,
    pub(super) is_pending: bool,
    /// What the store said of each erasure.
    pub(super) receipts: Vec<ErasureReceipt>,
}

impl Done {
    fn add(&mut self, receipt: ErasureReceipt) {
        self.n_erased += receipt.n_records;
        self.kept.extend(receipt.kept.iter().cloned());
        self.is_pending |= receipt.is_pending_in_mirror;
        self.receipts.push(receipt);
    }
}

pub(super) async fn carry_out(
    desk: &Desk,
    staff: &Staff,
    file: &File,
    filed: &Filed,
) -> Result<Done, CaseError> {
    let granted: Vec<Slice> = filed.decision.granted().cloned().collect();
    let mut done = Done::default();
    let right = file.request.right;
    if right == Right::Objection {
        let refused = filed
            .decision
            .refused()
            .filter_map(|(about, _)| match about {
                About::Slice(slice) => Some(slice.purpose.as_str()),
                About::Whole => None,
            });
        let refused: BTreeSet<&str> = refused
            .filter(|purpose| granted.iter().all(|slice| slice.purpose != *purpose))
            .collect();
        overrule(desk, staff, file, &refused).await?;
    }
    if right == Right::Erasure && filed.decision.grants_anything() {
        let forgotten = look::forget(desk, staff, file).await?;
        if let Some(receipt) = forgotten {
            done.add(receipt);
        }
    }
    if granted.is_empty() {
        return Ok(done);
    }
    // Nobody knows whose words an application sends.
    let _forgetting = desk.remembered.forgetting();
    for subject in subjects(file) {
        match right {
            Right::Erasure => done.add(erase(desk, staff, file, &granted, subject).await?),
            Right::Restriction => {
                let now = desk.now();
                let entry = Entry::new(now, staff.actor(), Act::Restricted)
                    .about(subject)
                    .on(file.request.id.0);
                desk.store.restrict(subject, now, entry).await?;
            }
            Right::Objection => object(desk, staff, &granted, subject).await?,
            Right::Withdrawal => withdraw(desk, staff, &granted, subject).await?,
            Right::Rectification => {
                done.n_corrected += rectify(desk, staff, file, filed, subject).await?;
            }
            Right::Access
            | Right::Portability
            | Right::HumanReview
            | Right::Information
            | Right::Recipients
            | Right::Complaint => {}
        }
    }
    done.tasks = tasks_of(desk, &file.request, &granted);
    Ok(done)
}

/// Erases all, or the slices that were granted where others were refused.
async fn erase(
    desk: &Desk,
    staff: &Staff,
    file: &File,
    granted: &[Slice],
    subject: SubjectId,
) -> Result<ErasureReceipt, CaseError> {
    let permit = desk.permit(&desk.surfaces.rights, &requester())?;
    let records = records_of(desk, &permit, file, subject).await?;
    let yielding: BTreeSet<Slice> = records
        .iter()
        .flat_map(|record| {
            let yields = record
                .claims
                .iter()
                .filter(|claim| claim.rule.yields_to_erasure());
            yields.map(|claim| Slice {
                category: record.category.to_string(),
                purpose: claim.rule.purpose.to_string(),
                basis: claim.rule.basis,
            })
        })
        .collect();
    let now = desk.now();
    let facts = Facts {
        detail: Some(Right::Erasure.name()),
        ..Facts::default()
    };
    let entry = Entry::new(now, staff.actor(), Act::SubjectErased)
        .about(subject)
        .on(file.request.id.0)
        .with(facts);
    let is_all = yielding.iter().all(|slice| granted.contains(slice));
    let receipt = if is_all {
        desk.store.erase_subject(subject, now, entry).await?
    } else {
        let slices = granted.to_vec();
        desk.store.erase_slices(subject, slices, now, entry).await?
    };
    Ok(ErasureReceipt {
        // The file of the request itself is no leftover of what was erased.
        kept: receipt
            .kept
            .into_iter()
            .filter(|kept| kept.purpose != desk.surfaces.rights.purpose)
            .collect(),
        ..receipt
    })
}

async fn object(
    desk: &Desk,
    staff: &Staff,
    granted: &[Slice],
    subject: SubjectId,
) -> Result<(), CaseError> {
    let purposes: BTreeSet<&str> = granted.iter().map(|slice| slice.purpose.as_str()).collect();
    for purpose in purposes {
        let now = desk.now();
        let entry = Entry::new(now, staff.actor(), Act::Objected)
            .for_purpose(purpose)
            .about(subject);
        desk.store.object_to(subject, purpose, now, entry).await?;
    }
    Ok(())
}

/// What was stopped at once when the person objected goes on, for the grounds that two people named.
async fn overrule(
    desk: &Desk,
    staff: &Staff,
    file: &File,
    purposes: &BTreeSet<&str>,
) -> Result<(), CaseError> {
    for subject in subjects(file) {
        for purpose in purposes {
            let now = desk.now();
            let entry = Entry::new(now, staff.actor(), Act::ObjectionRefused)
                .for_purpose(*purpose)
                .about(subject)
                .on(file.request.id.0);
            desk.store.overrule(subject, purpose, now, entry).await?;
        }
    }
    Ok(())
}

async fn withdraw(
    desk: &Desk,
    staff: &Staff,
    granted: &[Slice],
    subject: SubjectId,
) -> Result<(), CaseError> {
    let Some(person) = desk.store.person(subject).await? else {
        return Ok(());
    };
    for line in consent::standing(&person.consents) {
        if !granted.iter().any(|slice| slice.purpose == line.purpose) {
            continue;
        }
        let now = desk.now();
        let entry = Entry::new(now, staff.actor(), Act::ConsentWithdrawn)
            .for_purpose(&line.purpose)
            .about(subject);
        let withdrawn = Consent {
            id: ConsentId(desk.ids.id(now)),
            answer: ConsentAnswer::Withdrawn,
            at: now,
            ..line.clone()
        };
        desk.store.answer(withdrawn, &desk.zone, entry).await?;
    }
    Ok(())
}

/// Who received data of these slices and must be told. A model that keeps nothing holds nothing.
pub(crate) fn tasks_of(desk: &Desk, request: &Request, granted: &[Slice]) -> Vec<Task> {
    let Some(act) = TaskAct::of(request.right) else {
        return Vec::new();
    };
    let now = desk.now();
    recipients(desk, granted)
        .into_iter()
        .map(|recipient| Task {
            id: desk.ids.id(now),
            request: request.id,
            recipient: recipient.name.to_string(),
            act,
            created_at: now,
            gone_at: gone_at(desk, recipient, now),
            ended: None,
        })
        .collect()
}

/// The recipients that may hold something of these slices.
fn recipients<'d>(desk: &'d Desk, granted: &[Slice]) -> Vec<&'d Recipient> {
    let mut names = BTreeSet::new();
    for processing in desk.register.processings() {
        let is_granted = granted.iter().any(|slice| {
            processing.purpose == *slice.purpose
                && processing
                    .categories
                    .iter()
                    .any(|category| *category == *slice.category)
        });
        if is_granted {
            names.extend(processing.recipients.iter().map(ToString::to_string));
        }
    }
    names
        .iter()
        .filter_map(|name| desk.register.recipient(name))
        .filter(|recipient| recipient.stores_input && recipient.destination != Destination::Own)
        .collect()
}

/// When what a recipient holds is gone by itself.
fn gone_at(desk: &Desk, recipient: &Recipient, now: Timestamp) -> Option<Timestamp> {
    recipient.residual?.after(now, &desk.zone)
}
