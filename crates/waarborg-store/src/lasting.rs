//! Records that a restore must not take back: they stand in the ledger too, sealed under their own keys, and end with
//! those.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use waarborg_usecase::ports::Claim;

use crate::engine::{Fault, Work, values};
use crate::header::{KeptClaim, claim, kept};
use crate::keys::Act;
use crate::ports::people::add_subject;
use crate::ports::records::ToSeal;
use crate::ports::stored;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lasting {
    object: String,
    service: String,
    part: String,
    category: String,
    register_version: String,
    created_at: i64,
    sealed: String,
    claims: Vec<KeptClaim>,
}

/// Notes a record in the ledger if it is one that lasts.
pub(crate) fn note(work: &mut Work<'_>, record: &ToSeal, sealed: &[u8]) -> Result<(), Fault> {
    if !record.part.outlasts_a_restore() {
        return Ok(());
    }
    let at = record.created_at.as_microsecond();
    let lasting = Lasting {
        object: record.object.to_string(),
        service: record.service.clone(),
        part: record.part.name().to_owned(),
        category: record.category.clone(),
        register_version: record.register_version.clone(),
        created_at: at,
        sealed: STANDARD.encode(sealed),
        claims: record.claims.iter().map(kept).collect(),
    };
    let act = Act::Keep {
        subject: record.subject,
        record: record.id,
        said: serde_json::to_value(lasting).map_err(|_| unreadable())?,
    };
    work.keys.append_ledger(at, &act)?;
    Ok(())
}

/// Puts a record back that the data does not know, if its key was not destroyed since.
pub(crate) fn put_back(
    work: &mut Work<'_>,
    subject: Uuid,
    record: Uuid,
    said: &Value,
) -> Result<(), Fault> {
    let known = work
        .session
        .row("select 1 from records where id = $1", values![record])?;
    if known.is_some() || !work.keys.has_object(record)? {
        return Ok(());
    }
    let lasting: Lasting = serde_json::from_value(said.clone()).map_err(|_| unreadable())?;
    let created_at = Timestamp::from_microsecond(lasting.created_at).map_err(|_| unreadable())?;
    let object: Uuid = lasting.object.parse().map_err(|_| unreadable())?;
    let sealed = STANDARD.decode(&lasting.sealed).map_err(|_| unreadable())?;
    let claims: Option<Vec<Claim>> = lasting
        .claims
        .into_iter()
        .map(|kept| claim(kept, &lasting.category))
        .collect();
    add_subject(work, subject, "", created_at)?;
    work.session.execute(
        "insert into records (id, object, subject, service, part, category, sealed, register_version, created_at,
                              is_reserved)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
        values![
            record,
            object,
            subject,
            lasting.service.as_str(),
            lasting.part.as_str(),
            lasting.category.as_str(),
            sealed,
            lasting.register_version.as_str(),
            created_at
        ],
    )?;
    stored::add_claims(work.session, record, &claims.ok_or_else(unreadable)?)
}

fn unreadable() -> Fault {
    Fault::Stored("of a record in the ledger")
}
