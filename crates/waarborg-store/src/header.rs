//! The header of a request in the ledger, and a request that came in after the backup put back by it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use waarborg_domain::claim::{Action, ClaimKind, ClaimRule, Trigger};
use waarborg_domain::personal::{Category, Purpose};
use waarborg_domain::register::Basis;
use waarborg_domain::rights::{Details, Request};
use waarborg_usecase::ports::{Claim, Part};
use zeroize::Zeroizing;

use crate::engine::{Fault, Work};
use crate::ports::people::add_subject;
use crate::ports::records::{ToSeal, seal_all};
use crate::ports::requests::{Row, insert};

/// What the ledger keeps of a request. No word of it, no address.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    reference: String,
    // The fingerprint of what opens the request's page, as in the table of requests.
    secret: String,
    right: String,
    channel: String,
    received_at: i64,
    aim: String,
    latest: String,
    stage: String,
    case: Case,
}

/// The record by which the request ends.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    record: String,
    service: String,
    category: String,
    register_version: String,
    claims: Vec<KeptClaim>,
}

/// A claim in the ledger.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptClaim {
    rule: String,
    purpose: String,
    basis: String,
    trigger: String,
    period: String,
    kind: String,
    action: String,
    copies: Vec<String>,
    started_at: Option<i64>,
    ends_at: Option<i64>,
}

/// The header of a request for the ledger; `None` where no record says when it ends.
pub(crate) fn header_of(request: &Request, secret: &[u8; 32], records: &[ToSeal]) -> Option<Value> {
    let case = records.iter().find(|record| record.part == Part::Case)?;
    let header = Header {
        reference: request.reference.as_str().to_owned(),
        secret: STANDARD.encode(secret),
        right: request.right.name().to_owned(),
        channel: request.channel.name().to_owned(),
        received_at: request.received_at.as_microsecond(),
        aim: request.due.aim.to_string(),
        latest: request.due.latest.to_string(),
        stage: request.stage.name().to_owned(),
        case: Case {
            record: case.id.to_string(),
            service: case.service.clone(),
            category: case.category.clone(),
            register_version: case.register_version.clone(),
            claims: case.claims.iter().map(kept).collect(),
        },
    };
    serde_json::to_value(header).ok()
}

/// Puts a request back of which the data knows nothing. Says whether it did.
pub(crate) fn put_back(
    work: &mut Work<'_>,
    subject: Uuid,
    request: Uuid,
    header: &Value,
) -> Result<bool, Fault> {
    let header: Header = serde_json::from_value(header.clone()).map_err(|_| unreadable())?;
    let received_at = Timestamp::from_microsecond(header.received_at).map_err(|_| unreadable())?;
    let secret = STANDARD.decode(&header.secret).map_err(|_| unreadable())?;
    add_subject(work, subject, "", received_at)?;
    let is_new = insert(
        work.session,
        &Row {
            id: request,
            reference: &header.reference,
            secret: &secret,
            right: &header.right,
            subject,
            channel: &header.channel,
            received_at,
            aim: &header.aim,
            latest: &header.latest,
            stage: &header.stage,
            details: Details::InNoBackup,
        },
    )?;
    if !is_new {
        return Ok(false);
    }

    let case = header.case;
    let claims: Option<Vec<Claim>> = case
        .claims
        .into_iter()
        .map(|kept| claim(kept, &case.category))
        .collect();
    let record = ToSeal {
        id: case.record.parse().map_err(|_| unreadable())?,
        object: request,
        subject,
        service: case.service,
        part: Part::Case,
        category: case.category,
        content: Zeroizing::new(header.reference),
        register_version: case.register_version,
        created_at: received_at,
        claims: claims.ok_or_else(unreadable)?,
    };
    seal_all(work, &[record])?;
    Ok(true)
}

fn unreadable() -> Fault {
    Fault::Stored("of a request's header")
}

/// A claim as the ledger keeps it.
pub(crate) fn kept(claim: &Claim) -> KeptClaim {
    let rule = &claim.rule;
    KeptClaim {
        rule: rule.rule.clone(),
        purpose: rule.purpose.to_string(),
        basis: rule.basis.as_str().to_owned(),
        trigger: rule.trigger.as_str().to_owned(),
        period: rule.period.to_string(),
        kind: rule.kind.as_str().to_owned(),
        action: rule.action.as_str().to_owned(),
        copies: rule.copies.clone(),
        started_at: claim.started_at.map(Timestamp::as_microsecond),
        ends_at: claim.ends_at.map(Timestamp::as_microsecond),
    }
}

/// Reads it back; `None` where this program does not know its words.
pub(crate) fn claim(kept: KeptClaim, category: &str) -> Option<Claim> {
    let time = |at: Option<i64>| at.map(Timestamp::from_microsecond).transpose().ok();
    Some(Claim {
        rule: ClaimRule {
            rule: kept.rule,
            category: Category::from_stored(category),
            purpose: Purpose::from_stored(&kept.purpose),
            basis: Basis::parse(&kept.basis)?,
            trigger: Trigger::parse(&kept.trigger)?,
            period: kept.period.parse().ok()?,
            kind: ClaimKind::parse(&kept.kind)?,
            action: Action::parse(&kept.action)?,
            copies: kept.copies,
        },
        started_at: time(kept.started_at)?,
        ends_at: time(kept.ends_at)?,
    })
}
