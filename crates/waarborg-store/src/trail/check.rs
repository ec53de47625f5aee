//! Reading the log back: one person's lines, the last lines, and a check of all of it.

use std::collections::BTreeSet;

use uuid::Uuid;
use waarborg_domain::audit::{Checkpoint, Commitment, Line, LogCheck, LogReport, Salt, Tile};
use waarborg_usecase::ports::{AuditReport, TrailLine};

use super::log::{entry_place, signed};
use crate::engine::{Fault, ReadWork, Row, values};
use crate::keys::{Act, KeyFault, KeyView, open};
use crate::secrets::Secrets;

/// Lines read at once.
const CHUNK: i64 = 2000;

/// An entry as it was found.
pub(super) struct Found {
    pub(super) position: u64,
    pub(super) line: Line,
    /// Sealed bytes are there, but neither open nor belong to a destroyed key.
    pub(super) damaged: bool,
    /// The key of the person whose line it is; the house's own lines have none.
    trail_key: Option<Uuid>,
}

/// The lines about a person, oldest first.
pub(crate) fn lines_of(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    subject: Uuid,
) -> Result<Vec<TrailLine>, Fault> {
    let rows = work.session.rows(
        "select position, subject, trail_key, commitment, sealed from audit_entries
         where subject = $1 order by position",
        values![subject],
    )?;
    rows.into_iter()
        .map(|row| Ok(shown(found(row, work.keys, secrets)?)))
        .collect()
}

/// The last lines, newest first.
pub(crate) fn lines_latest(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    n: u32,
) -> Result<Vec<TrailLine>, Fault> {
    let rows = work.session.rows(
        "select position, subject, trail_key, commitment, sealed from audit_entries
         order by position desc limit $1",
        values![i64::from(n)],
    )?;
    rows.into_iter()
        .map(|row| Ok(shown(found(row, work.keys, secrets)?)))
        .collect()
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
    let mut check = LogCheck::new(checkpoints);
    let mut leaves = Vec::new();
    let mut n_erased = 0;
    let mut wordless = Vec::new();
    each_entry(work, secrets, |work, entry| {
        match &entry.line {
            Line::Closed(commitment) => {
                n_erased += 1;
                if !entry.damaged {
                    wordless.push((entry.position, entry.trail_key));
                }
                leaves.push(commitment.leaf());
            }
            Line::Open { commitment, .. } => leaves.push(commitment.leaf()),
        }
        if entry.damaged {
            faults.push(format!("entry {} does not open", entry.position));
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
    // After the lines: an erasure during the check is in the ledger before it is in them.
    let destroyed = destroyed_keys(work)?;
    for (position, key) in wordless {
        if !key.is_some_and(|key| destroyed.contains(&key)) {
            faults.push(format!(
                "entry {position} is without its words, though nobody erased it"
            ));
        }
    }
    let LogReport {
        size,
        root,
        findings,
        ..
    } = check.finish();
    faults.extend(findings.iter().map(ToString::to_string));
    Ok(AuditReport {
        n_entries: size,
        root: root.to_string(),
        n_erased,
        faults,
        signed_at,
    })
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
            "select position, subject, trail_key, commitment, sealed from audit_entries
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

/// The keys of which the ledger says that an erasure destroyed them.
fn destroyed_keys(work: &ReadWork<'_>) -> Result<BTreeSet<Uuid>, Fault> {
    let lines = work.keys.ledger_since(0)?;
    Ok(lines
        .into_iter()
        .filter_map(|line| match line.act {
            Act::EraseObject { object, .. } => Some(object),
            _ => None,
        })
        .collect())
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
    let commitment = Commitment::from_slice(&row.bytes(3)?)
        .ok_or_else(|| Fault::Damaged(format!("entry {position} of the audit log")))?;
    let closed = |damaged| Found {
        position,
        line: Line::Closed(commitment),
        damaged,
        trail_key,
    };
    let Some(sealed) = row.maybe_bytes(4)? else {
        return Ok(closed(false));
    };

    let number = signed(position)?.to_be_bytes();
    let place = entry_place(&number, subject);
    let opened = match trail_key {
        Some(key) => keys.open_sealed(key, &place, &sealed),
        None => open(secrets.house(), &place, &sealed),
    };
    match opened {
        Ok(plain) => Ok(match plain.split_first_chunk::<32>() {
            Some((salt, payload)) => {
                let line = Line::Open {
                    commitment,
                    salt: Salt(*salt),
                    payload: payload.to_vec(),
                };
                Found {
                    position,
                    line,
                    damaged: false,
                    trail_key,
                }
            }
            None => closed(true),
        }),
        Err(KeyFault::Gone) => Ok(closed(false)),
        Err(KeyFault::Unreadable) => Ok(closed(true)),
        Err(other) => Err(other.into()),
    }
}

fn shown(found: Found) -> TrailLine {
    let payload = match found.line {
        Line::Closed(_) => None,
        Line::Open { payload, .. } => String::from_utf8(payload).ok(),
    };
    TrailLine {
        position: found.position,
        payload,
    }
}
