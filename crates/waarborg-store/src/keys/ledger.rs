//! The ledger: what must stay done after any restore. Append-only, without names, kept with the keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;
use waarborg_domain::audit::{DestroyedKey, KeyTrace};

use super::KeyFault;
use super::fingerprint::mac;
use super::secret::Key;

/// One thing that must stay done. Ids are random and say nothing about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// A person was erased.
    EraseSubject(Uuid),
    /// A conversation, request or other object was erased.
    EraseObject {
        /// Whose it was.
        subject: Uuid,
        /// The object.
        object: Uuid,
    },
    /// Slices of a person's data were erased: pairs of category and purpose.
    EraseSlices {
        /// Whose.
        subject: Uuid,
        /// The slices.
        slices: Vec<(String, String)>,
    },
    /// The key of a person's lines in the audit log was destroyed. The log says so too.
    EraseTrail {
        /// Whose it was.
        subject: Uuid,
        /// The key, and what is left of it.
        destroyed: DestroyedKey,
    },
    /// Processing of a person's data was restricted (article 18).
    Restrict(Uuid),
    /// The restriction was lifted.
    Lift(Uuid),
    /// A person objected to a purpose (article 21).
    Object {
        /// Who.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
    },
    /// An objection was refused by the privacy desk.
    Overrule {
        /// Who objected.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
    },
    /// Nothing is sent to an address for a purpose any more. It belongs to nobody who is known here.
    Suppress {
        /// The keyed fingerprint of the address.
        mark: [u8; 32],
        /// The purpose of the register.
        purpose: String,
    },
    /// Two people agreed that something is not erased for a while.
    Hold {
        /// Whose.
        subject: Uuid,
        /// The hold.
        hold: Uuid,
        /// Its ground, its days, who agreed.
        said: Value,
    },
    /// A hold was lifted.
    LiftHold {
        /// Whose.
        subject: Uuid,
        /// The hold.
        hold: Uuid,
    },
    /// A person withdrew a consent (article 7(3)).
    Withdraw {
        /// Who.
        subject: Uuid,
        /// The purpose of the register.
        purpose: String,
        /// The controller that had the consent.
        entity: String,
        /// The time zone in which the days of what follows are counted.
        zone: String,
    },
    /// A request came in.
    Receive {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// Its header: dates, right and reference. Nothing of what it says or of how to reach who asks.
        header: Value,
    },
    /// A request came to another stage.
    Move {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// The stage.
        stage: String,
        /// The time zone in which the days of what follows are counted.
        zone: String,
    },
    /// A request was extended.
    Extend {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
        /// The new day to work towards.
        aim: String,
        /// The new last day.
        latest: String,
    },
    /// The last record of a request is gone, and the request with it.
    EndRequest {
        /// Whose.
        subject: Uuid,
        /// The request.
        request: Uuid,
    },
    /// A backup was restored; the log of acts before it may repeat itself.
    Restored,
}

/// An act as the columns of a line: its name, whose, on what, and what else it says.
struct Columns {
    act: &'static str,
    subject: Option<Uuid>,
    object: Option<Uuid>,
    said: String,
}

impl Act {
    fn columns(&self) -> Columns {
        let columns = |act, subject: Option<&Uuid>, object: Option<&Uuid>, said: Value| Columns {
            act,
            subject: subject.copied(),
            object: object.copied(),
            said: said.to_string(),
        };
        match self {
            Self::EraseSubject(subject) => columns("erase subject", Some(subject), None, json!({})),
            Self::EraseObject { subject, object } => {
                columns("erase object", Some(subject), Some(object), json!({}))
            }
            Self::EraseSlices { subject, slices } => columns(
                "erase slices",
                Some(subject),
                None,
                json!({ "slices": slices }),
            ),
            Self::EraseTrail { subject, destroyed } => columns(
                "erase trail",
                Some(subject),
                Some(&destroyed.key),
                json!({"key_trace": destroyed.trace.to_string()}),
            ),
            Self::Restrict(subject) => columns("restrict", Some(subject), None, json!({})),
            Self::Lift(subject) => columns("lift", Some(subject), None, json!({})),
            Self::Object { subject, purpose } => {
                columns("object", Some(subject), None, json!({"purpose": purpose}))
            }
            Self::Hold {
                subject,
                hold,
                said,
            } => columns("hold", Some(subject), Some(hold), said.clone()),
            Self::LiftHold { subject, hold } => {
                columns("lift hold", Some(subject), Some(hold), json!({}))
            }
            Self::Overrule { subject, purpose } => columns(
                "overrule",
                Some(subject),
                None,
                json!({ "purpose": purpose }),
            ),
            Self::Suppress { mark, purpose } => columns(
                "suppress",
                None,
                None,
                json!({"mark": STANDARD.encode(mark), "purpose": purpose}),
            ),
            Self::Withdraw {
                subject,
                purpose,
                entity,
                zone,
            } => columns(
                "withdraw",
                Some(subject),
                None,
                json!({"purpose": purpose, "entity": entity, "zone": zone}),
            ),
            Self::Receive {
                subject,
                request,
                header,
            } => columns("receive", Some(subject), Some(request), header.clone()),
            Self::Move {
                subject,
                request,
                stage,
                zone,
            } => columns(
                "move",
                Some(subject),
                Some(request),
                json!({"stage": stage, "zone": zone}),
            ),
            Self::Extend {
                subject,
                request,
                aim,
                latest,
            } => columns(
                "extend",
                Some(subject),
                Some(request),
                json!({"aim": aim, "latest": latest}),
            ),
            Self::EndRequest { subject, request } => {
                columns("end request", Some(subject), Some(request), json!({}))
            }
            Self::Restored => columns("restored", None, None, json!({})),
        }
    }

    fn from_columns(
        act: &str,
        subject: Option<Uuid>,
        object: Option<Uuid>,
        said: &str,
    ) -> Option<Self> {
        let said: Value = serde_json::from_str(said).ok()?;
        let text = |name: &str| said.get(name)?.as_str().map(str::to_owned);
        Some(match act {
            "erase subject" => Self::EraseSubject(subject?),
            "erase object" => Self::EraseObject {
                subject: subject?,
                object: object?,
            },
            "erase slices" => Self::EraseSlices {
                subject: subject?,
                slices: pairs(said.get("slices")?)?,
            },
            "erase trail" => {
                let trace = STANDARD.decode(text("key_trace")?).ok()?;
                Self::EraseTrail {
                    subject: subject?,
                    destroyed: DestroyedKey {
                        key: object?,
                        trace: KeyTrace(trace.try_into().ok()?),
                    },
                }
            }
            "restrict" => Self::Restrict(subject?),
            "lift" => Self::Lift(subject?),
            "object" => Self::Object {
                subject: subject?,
                purpose: text("purpose")?,
            },
            "hold" => Self::Hold {
                subject: subject?,
                hold: object?,
                said,
            },
            "lift hold" => Self::LiftHold {
                subject: subject?,
                hold: object?,
            },
            "overrule" => Self::Overrule {
                subject: subject?,
                purpose: text("purpose")?,
            },
            "suppress" => Self::Suppress {
                mark: STANDARD.decode(text("mark")?).ok()?.try_into().ok()?,
                purpose: text("purpose")?,
            },
            "withdraw" => Self::Withdraw {
                subject: subject?,
                purpose: text("purpose")?,
                entity: text("entity")?,
                zone: text("zone")?,
            },
            "receive" => Self::Receive {
                subject: subject?,
                request: object?,
                header: said,
            },
            "move" => Self::Move {
                subject: subject?,
                request: object?,
                stage: text("stage")?,
                zone: text("zone")?,
            },
            "extend" => Self::Extend {
                subject: subject?,
                request: object?,
                aim: text("aim")?,
                latest: text("latest")?,
            },
            "end request" => Self::EndRequest {
                subject: subject?,
                request: object?,
            },
            "restored" => Self::Restored,
            _ => return None,
        })
    }
}

fn pairs(said: &Value) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| {
        let word = |nth: usize| Some(pair.get(nth)?.as_str()?.to_owned());
        Some((word(0)?, word(1)?))
    };
    said.as_array()?.iter().map(pair).collect()
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Number of the line, rising.
    pub sequence: i64,
    /// When, in microseconds since 1970 (UTC).
    pub at: i64,
    /// What.
    pub act: Act,
}

pub(super) const SCHEMA: &str = "
    create table if not exists ledger (
        sequence integer primary key autoincrement,
        at integer not null,
        act text not null,
        subject blob,
        object blob,
        said text not null,
        mac blob not null
    ) strict;
    create trigger if not exists ledger_is_not_edited before update on ledger
        begin select raise(abort, 'the ledger is append-only'); end;
    create trigger if not exists ledger_is_not_shortened before delete on ledger
        begin select raise(abort, 'the ledger is append-only'); end;
";

/// Runs a statement wherever the ledger is kept.
pub(super) type Write<'a> = &'a dyn Fn(&str, &[&dyn ToSql]) -> Result<(), KeyFault>;

/// Adds a line.
pub(super) fn append(
    connection: &Connection,
    key: &Key,
    at: i64,
    act: &Act,
    write: Write<'_>,
) -> Result<i64, KeyFault> {
    let last: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("select sequence, mac from ledger order by sequence desc limit 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (sequence, before) = last.map_or((1, Vec::new()), |(sequence, mac)| (sequence + 1, mac));
    let line = LedgerLine {
        sequence,
        at,
        act: act.clone(),
    };
    let Columns {
        act,
        subject,
        object,
        said,
    } = line.act.columns();
    write(
        "insert into ledger (sequence, at, act, subject, object, said, mac)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            sequence,
            at,
            act,
            subject.map(Uuid::into_bytes),
            object.map(Uuid::into_bytes),
            said,
            chain(key, &before, &line)
        ],
    )?;
    Ok(sequence)
}

/// The lines after `sequence`, oldest first, each checked against the one before.
pub(super) fn since(
    connection: &Connection,
    key: &Key,
    sequence: i64,
) -> Result<Vec<LedgerLine>, KeyFault> {
    let mut before: Vec<u8> = connection
        .query_row(
            "select mac from ledger where sequence = ?1",
            [sequence],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or_default();
    let mut expected = sequence + 1;
    let mut lines = Vec::new();
    let mut statement = connection.prepare_cached(
        "select sequence, at, act, subject, object, said, mac from ledger
         where sequence > ?1 order by sequence",
    )?;
    let mut rows = statement.query([sequence])?;
    while let Some(row) = rows.next()? {
        let fault = KeyFault::Ledger { sequence: expected };
        let (Some(line), found) = (read(row)?, row.get::<_, Vec<u8>>(6)?) else {
            return Err(fault);
        };
        let mac = chain(key, &before, &line);
        if line.sequence != expected || !bool::from(mac.as_slice().ct_eq(&found)) {
            return Err(fault);
        }
        before = found;
        expected += 1;
        lines.push(line);
    }
    Ok(lines)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Option<LedgerLine>> {
    let subject = row.get::<_, Option<[u8; 16]>>(3)?.map(Uuid::from_bytes);
    let object = row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes);
    let (act, said) = (row.get::<_, String>(2)?, row.get::<_, String>(5)?);
    let act = Act::from_columns(&act, subject, object, &said);
    let (sequence, at) = (row.get(0)?, row.get(1)?);
    Ok(act.map(|act| LedgerLine { sequence, at, act }))
}

fn chain(key: &Key, before: &[u8], line: &LedgerLine) -> [u8; 32] {
    let Columns {
        act,
        subject,
        object,
        said,
    } = line.act.columns();
    let id = |id: Option<Uuid>| id.map(|id| id.into_bytes().to_vec()).unwrap_or_default();
    mac(
        key,
        &[
            before,
            &line.sequence.to_be_bytes(),
            &line.at.to_be_bytes(),
            act.as_bytes(),
            &id(subject),
            &id(object),
            said.as_bytes(),
        ],
    )
}
