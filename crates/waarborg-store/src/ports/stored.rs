//! Records and claims as rows, and back.

use uuid::Uuid;
use waarborg_domain::claim::{Action, ClaimKind, ClaimRule, Trigger};
use waarborg_domain::personal::{Category, Purpose};
use waarborg_domain::register::Basis;
use waarborg_usecase::ports::Claim;

use crate::engine::{Fault, Row, Session, values};
use crate::erase::Scope;
use crate::keys::Place;

/// What decides on a record's end.
#[derive(Clone, Debug)]
pub(crate) struct StoredRecord {
    pub(crate) id: Uuid,
    pub(crate) object: Uuid,
    pub(crate) subject: Uuid,
    pub(crate) category: String,
}

/// Where a record's sealed content belongs.
pub(crate) fn record_place<'a>(id: &'a Uuid, subject: Uuid, category: &'a str) -> Place<'a> {
    Place {
        table: "records",
        row: id.as_bytes(),
        column: "sealed",
        subject,
        category,
    }
}

pub(crate) fn record_key(mut row: Row) -> Result<StoredRecord, Fault> {
    Ok(StoredRecord {
        id: row.id(0)?,
        object: row.id(1)?,
        subject: row.id(2)?,
        category: row.text(3)?,
    })
}

/// The records in scope.
pub(crate) fn records_in(
    session: &mut dyn Session,
    scope: Scope,
) -> Result<Vec<StoredRecord>, Fault> {
    let rows = match scope {
        Scope::Subject(subject) => session.rows(
            "select id, object, subject, category from records where subject = $1 order by id",
            values![subject],
        )?,
        Scope::Object(object) => session.rows(
            "select id, object, subject, category from records where object = $1 order by id",
            values![object],
        )?,
    };
    rows.into_iter().map(record_key).collect()
}

/// Why a record exists.
pub(crate) fn claims_of(
    session: &mut dyn Session,
    record: &StoredRecord,
) -> Result<Vec<Claim>, Fault> {
    let rows = session.rows(
        "select rule, purpose, basis, starts_with, period, kind, action, copies, started_at, ends_at
         from claims where record = $1 order by position",
        values![record.id],
    )?;
    rows.into_iter()
        .map(|row| claim(row, &record.category))
        .collect()
}

/// Adds claims to a record that has none.
pub(crate) fn add_claims(
    session: &mut dyn Session,
    record: Uuid,
    claims: &[Claim],
) -> Result<(), Fault> {
    for (position, claim) in (0_i64..).zip(claims) {
        let rule = &claim.rule;
        session.execute(
            "insert into claims (record, position, rule, purpose, basis, starts_with, period, kind, action, copies,
                                 started_at, ends_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            values![
                record,
                position,
                rule.rule.as_str(),
                rule.purpose.as_str(),
                rule.basis.as_str(),
                rule.trigger.as_str(),
                rule.period.to_string(),
                rule.kind.as_str(),
                rule.action.as_str(),
                rule.copies.join(" "),
                claim.started_at,
                claim.ends_at
            ],
        )?;
    }
    Ok(())
}

/// Reads a claim from the ten columns that [`claims_of`] names.
pub(crate) fn claim(mut row: Row, category: &str) -> Result<Claim, Fault> {
    Ok(Claim {
        rule: ClaimRule {
            rule: row.text(0)?,
            category: Category::from_stored(category),
            purpose: Purpose::from_stored(&row.text(1)?),
            basis: Basis::parse(&row.text(2)?).ok_or(Fault::Stored("claims.basis"))?,
            trigger: Trigger::parse(&row.text(3)?).ok_or(Fault::Stored("claims.starts_with"))?,
            period: row
                .text(4)?
                .parse()
                .map_err(|_| Fault::Stored("claims.period"))?,
            kind: ClaimKind::parse(&row.text(5)?).ok_or(Fault::Stored("claims.kind"))?,
            action: Action::parse(&row.text(6)?).ok_or(Fault::Stored("claims.action"))?,
            copies: row.text(7)?.split_whitespace().map(str::to_owned).collect(),
        },
        started_at: row.maybe_time(8)?,
        ends_at: row.maybe_time(9)?,
    })
}
