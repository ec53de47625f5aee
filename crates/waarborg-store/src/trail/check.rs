//! Reading the log back: one person's lines, the last lines, and a check of all of it.

use std::collections::BTreeMap;

use uuid::Uuid;
use waarborg_domain::audit::{
    Checkpoint, KeyMark, KeyTrace, Leaf, Line, LogCheck, LogReport, Salt, Tile,
};
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::ports::{AuditReport, TrailLine, TrailPart};

use super::log::{entry_place, leaf, signed};
use crate::engine::{Fault, ReadWork, Row, values};
use crate::keys::{Act, KeyFault, KeyView, LedgerLine, open};
use crate::ledger::how_far;
use crate::secrets::Secrets;

/// Lines read at once.
const CHUNK: i64 = 2000;

/// An entry as it was found.
pub(super) struct Found {
    pub(super) position: u64,
    pub(super) line: Line,
    /// What is wrong with the sealed bytes, though they may belong to a destroyed key.
    pub(super) fault: Option<&'static str>,
}

/// The lines about a person, oldest first.
pub(crate) fn lines_of(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    subject: Uuid,
) -> Result<Vec<TrailLine>, Fault> {
    let rows = work.session.rows(
        "select position, subject, trail_key, commitment, mark, sealed from audit_entries
         where subject = $1 order by position",
        values![subject],
    )?;
    rows.into_iter()
        .map(|row| Ok(shown(found(row, work.keys, secrets)?)))
        .collect()
}

/// So many lines are looked through at once for those of an application.
const LOOKED_THROUGH: i64 = 5_000;

/// The lines of an application before a place, newest first.
pub(crate) fn lines_of_key(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    key: GatewayKeyId,
    (before, n): (Option<u64>, u32),
) -> Result<TrailPart, Fault> {
    let rows = rows_before(work, before, LOOKED_THROUGH)?;
    let name = key.to_string();
    let mut part = TrailPart::default();
    for row in rows {
        let line = shown(found(row, work.keys, secrets)?);
        part.next = Some(line.position).filter(|place| *place > 0);
        if line
            .payload
            .as_deref()
            .is_some_and(|payload| is_of(payload, &name))
        {
            part.lines.push(line);
        }
        if part.lines.len() >= n as usize {
            break;
        }
    }
    Ok(part)
}

/// Whether an application with this key did what the line tells.
fn is_of(payload: &str, key: &str) -> bool {
    let line: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
    let application = line.get("actor").and_then(|actor| actor.get("application"));
    application.and_then(serde_json::Value::as_str) == Some(key)
}

/// The last lines before a place in the log, newest first.
pub(crate) fn lines_latest(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    (before, n): (Option<u64>, u32),
) -> Result<Vec<TrailLine>, Fault> {
    rows_before(work, before, i64::from(n))?
        .into_iter()
        .map(|row| Ok(shown(found(row, work.keys, secrets)?)))
        .collect()
}

fn rows_before(work: &mut ReadWork<'_>, before: Option<u64>, n: i64) -> Result<Vec<Row>, Fault> {
    let before = before.and_then(|place| i64::try_from(place).ok());
    work.session.rows(
        "select position, subject, trail_key, commitment, mark, sealed from audit_entries
         where position < $1 order by position desc limit $2",
        values![before.unwrap_or(i64::MAX), n],
    )
}

/// Checks commitments, tree, tiles and signatures.
///
/// `anchor` is the checkpoint that was kept beside the keys.
pub(crate) fn check(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    anchor: Option<String>,
) -> Result<AuditReport, Fault> {
    let mut faults = Vec::new();
    let (checkpoints, signed_at) = checkpoints(work, secrets, anchor, &mut faults)?;
    let in_the_data = how_far(work.session)?;
    let mut check = LogCheck::new(checkpoints);
    let mut leaves = Vec::new();
    each_entry(work, secrets, |work, entry| {
        leaves.push(leaf_of(&entry.line).hash());
        if let Some(fault) = entry.fault {
            faults.push(format!("entry {} {fault}", entry.position));
        }
        if leaves.len() == 256 {
            let number = entry.position / 256;
            if tile_root(work, number)? != Some(Tile::root(&leaves).0.to_vec()) {
                faults.push(format!("tile {number} does not fit its entries"));
            }
            leaves.clear();
        }
        check.push(&entry.line);
        Ok(())
    })?;
    let LogReport {
        size,
        root,
        n_erased,
        destroyed,
        findings,
        ..
    } = check.finish();
    faults.extend(findings.iter().map(ToString::to_string));
    // After the lines: an erasure during the check is in the ledger before it is in them.
    compare_with_ledger(
        &work.keys.ledger_since(0)?,
        in_the_data,
        destroyed,
        &mut faults,
    );
    Ok(AuditReport {
        n_entries: size,
        root: root.to_string(),
        n_erased,
        faults,
        signed_at,
    })
}

/// Log and ledger name the same destroyed keys: a line that was made up in one of them is missing in the other.
///
/// The log knows the ledger up to the line `in_the_data`; what came later may be on its way.
fn compare_with_ledger(
    ledger: &[LedgerLine],
    in_the_data: i64,
    mut destroyed: BTreeMap<Uuid, KeyTrace>,
    faults: &mut Vec<String>,
) {
    for line in ledger {
        let Act::EraseTrail { destroyed: one, .. } = &line.act else {
            continue;
        };
        let in_the_log = destroyed.remove(&one.key);
        if in_the_log != Some(one.trace) && line.sequence <= in_the_data {
            faults.push(format!(
                "line {} of the ledger destroys a key, and the log does not say so",
                line.sequence
            ));
        }
    }
    for key in destroyed.keys() {
        faults.push(format!(
            "the log says that key {key} was destroyed, and the ledger does not"
        ));
    }
}

/// Calls `take` for every entry, in order. A gap in the positions is a fault of its own.
pub(super) fn each_entry(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    mut take: impl FnMut(&mut ReadWork<'_>, Found) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut next = 0;
    loop {
        let rows = work.session.rows(
            "select position, subject, trail_key, commitment, mark, sealed from audit_entries
             where position >= $1 order by position limit $2",
            values![next, CHUNK],
        )?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            let entry = found(row, work.keys, secrets)?;
            let position = signed(entry.position)?;
            if position != next {
                return Err(Fault::Damaged(format!(
                    "entry {next} of the audit log is missing"
                )));
            }
            next += 1;
            take(work, entry)?;
        }
    }
}

/// The newest signed note.
pub(super) fn head_note(work: &mut ReadWork<'_>) -> Result<Option<String>, Fault> {
    let row = work
        .session
        .row("select note from audit_head where one = 1", values![])?;
    row.map(|mut row| row.text(0)).transpose()
}

fn checkpoints(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    anchor: Option<String>,
    faults: &mut Vec<String>,
) -> Result<(Vec<Checkpoint>, Option<jiff::Timestamp>), Fault> {
    let key = secrets.signer().verifier();
    let mut notes = Vec::from_iter(anchor);
    let mut signed_at = None;
    for mut row in work.session.rows(
        "select note from audit_checkpoints order by size",
        values![],
    )? {
        notes.push(row.text(0)?);
    }
    if let Some(mut row) = work.session.row(
        "select note, signed_at from audit_head where one = 1",
        values![],
    )? {
        notes.push(row.text(0)?);
        signed_at = Some(row.time(1)?);
    }
    let mut opened = Vec::new();
    for note in notes {
        match key.open(&note) {
            Ok(checkpoint) => opened.push(checkpoint),
            Err(fault) => faults.push(format!("a checkpoint: {fault}")),
        }
    }
    Ok((opened, signed_at))
}

fn tile_root(work: &mut ReadWork<'_>, number: u64) -> Result<Option<Vec<u8>>, Fault> {
    let row = work.session.row(
        "select root from audit_tiles where level = 0 and number = $1",
        values![signed(number)?],
    )?;
    row.map(|mut row| row.bytes(0)).transpose()
}

fn found(mut row: Row, keys: &KeyView, secrets: &Secrets) -> Result<Found, Fault> {
    let position = row.count(0)?;
    let (subject, trail_key) = (row.maybe_id(1)?, row.maybe_id(2)?);
    let leaf = leaf(&mut row, 3)?
        .ok_or_else(|| Fault::Damaged(format!("entry {position} of the audit log")))?;
    let closed = |fault| Found {
        position,
        line: Line::Closed {
            leaf,
            key: trail_key,
        },
        fault,
    };
    let Some(sealed) = row.maybe_bytes(5)? else {
        return Ok(closed(None));
    };

    let number = signed(position)?.to_be_bytes();
    let place = entry_place(&number, subject);
    let opened = match trail_key {
        Some(key) => keys.open_entry(key, &place, &sealed),
        None => open(secrets.house(), &place, &sealed).map(|plain| (plain, secrets.house_trace())),
    };
    let (plain, trace) = match opened {
        Ok(opened) => opened,
        Err(KeyFault::Gone) => return Ok(closed(None)),
        Err(KeyFault::Unreadable) => return Ok(closed(Some("does not open"))),
        Err(other) => return Err(other.into()),
    };
    let Some((salt, payload)) = plain.split_first_chunk::<32>() else {
        return Ok(closed(Some("does not open")));
    };
    let is_its_key = KeyMark::new(&trace, position) == leaf.mark;
    Ok(Found {
        position,
        line: Line::Open {
            leaf,
            salt: Salt(*salt),
            payload: payload.to_vec(),
        },
        fault: (!is_its_key).then_some("was sealed under another key than was committed to"),
    })
}

pub(super) fn leaf_of(line: &Line) -> Leaf {
    match line {
        Line::Withheld(leaf) | Line::Closed { leaf, .. } | Line::Open { leaf, .. } => *leaf,
    }
}

fn shown(found: Found) -> TrailLine {
    let payload = match found.line {
        Line::Withheld(_) | Line::Closed { .. } => None,
        Line::Open { payload, .. } => String::from_utf8(payload).ok(),
    };
    TrailLine {
        position: found.position,
        payload,
    }
}
