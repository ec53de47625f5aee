//! The log in a file that a stranger can check without us: JSON lines, the signed checkpoint first.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use waarborg_domain::audit::{
    Checkpoint, CheckpointFault, Commitment, DestroyedKey, KeyMark, Leaf, Line, LogCheck, LogKey,
    LogReport, Salt,
};

use super::check::{each_entry, head_note, leaf_of};
use crate::engine::{Fault, ReadWork};
use crate::secrets::Secrets;

const FORMAT: &str = "waarborg-audit-2";
/// Longest line that is taken; no entry comes near it.
const LONGEST_LINE: usize = 1 << 20;

/// What goes into an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// Commitments only, and which keys erasures destroyed: proof without content.
    Proof,
    /// Payloads too, as far as they were not erased: ids, acts and counts.
    Payloads,
}

/// Why an export cannot be checked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportFault {
    /// The file.
    #[error("the file cannot be read")]
    Disk(#[from] io::Error),
    /// A line that is not one of an export.
    #[error("line {0} is not part of an audit export")]
    Form(u64),
    /// The checkpoint or the key.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointFault),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    key: String,
    checkpoint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    commitment: String,
    mark: String,
    /// The payload is not in the file, though it is in the log.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    withheld: bool,
    /// The key of a payload that is gone; an entry further on says that it was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed_with: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
}

/// Writes the log to a new file; says how many entries.
pub(crate) fn export(
    work: &mut ReadWork<'_>,
    secrets: &Secrets,
    file: &Path,
    what: Exported,
) -> Result<u64, Fault> {
    let mut out = BufWriter::new(File::create(file)?);
    let key = secrets.signer().verifier();
    let empty = || {
        secrets
            .signer()
            .sign(0, waarborg_domain::audit::empty_root())
    };
    let checkpoint = head_note(work)?.unwrap_or_else(empty);
    write_line(
        &mut out,
        &Head {
            format: FORMAT.to_owned(),
            key: key.to_string(),
            checkpoint,
        },
    )?;
    let mut n_entries = 0;
    each_entry(work, secrets, |_, entry| {
        n_entries += 1;
        write_line(&mut out, &line(entry.line, what))
    })?;
    out.flush()?;
    out.get_ref().sync_all()?;
    Ok(n_entries)
}

/// Checks an exported log without the store.
///
/// `key` is the log's public key, known from elsewhere; without one the key in the file is believed, which shows
/// only that the file agrees with itself. `kept` are checkpoints that were kept outside the house.
///
/// # Errors
///
/// [`ExportFault`] if the file is no export, or a checkpoint is not by this key. What does not fit in a
/// readable export is in the report.
pub fn verify_export(
    file: &Path,
    key: Option<&str>,
    kept: &[String],
) -> Result<LogReport, ExportFault> {
    let mut lines = Lines {
        reader: BufReader::new(File::open(file)?),
        number: 0,
    };
    let head: Head = lines.next()?.ok_or(ExportFault::Form(1))?;
    if head.format != FORMAT {
        return Err(ExportFault::Form(1));
    }
    let key = LogKey::parse(key.unwrap_or(&head.key))?;
    let mut checkpoints: Vec<Checkpoint> = vec![key.open(&head.checkpoint)?];
    for note in kept {
        checkpoints.push(key.open(note)?);
    }

    let mut check = LogCheck::new(checkpoints);
    while let Some(entry) = lines.next::<EntryLine>()? {
        check.push(&read(entry).ok_or(ExportFault::Form(lines.number))?);
    }
    Ok(check.finish())
}

struct Lines {
    reader: BufReader<File>,
    number: u64,
}

impl Lines {
    fn next<T: for<'de> Deserialize<'de>>(&mut self) -> Result<Option<T>, ExportFault> {
        self.number += 1;
        let mut line = Vec::new();
        let mut limited = io::Read::take(&mut self.reader, LONGEST_LINE as u64);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        serde_json::from_slice(&line)
            .map(Some)
            .map_err(|_| ExportFault::Form(self.number))
    }
}

fn write_line(out: &mut BufWriter<File>, line: &impl Serialize) -> Result<(), Fault> {
    serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn line(line: Line, what: Exported) -> EntryLine {
    let leaf = leaf_of(&line);
    let mut entry = EntryLine {
        commitment: STANDARD.encode(leaf.commitment.0),
        mark: STANDARD.encode(leaf.mark.0),
        withheld: false,
        closed_with: None,
        salt: None,
        payload: None,
    };
    match line {
        // That a key was destroyed names nobody, and without it nobody can tell an erasure from a theft.
        Line::Open { salt, payload, .. }
            if what == Exported::Payloads || DestroyedKey::said_in(&payload).is_some() =>
        {
            entry.salt = Some(STANDARD.encode(salt.0));
            entry.payload = String::from_utf8(payload).ok();
        }
        Line::Open { .. } | Line::Withheld(_) => entry.withheld = true,
        Line::Closed { key, .. } => entry.closed_with = key.map(|key| key.to_string()),
    }
    entry
}

fn read(entry: EntryLine) -> Option<Line> {
    let leaf = Leaf {
        commitment: Commitment::from_slice(&STANDARD.decode(entry.commitment).ok()?)?,
        mark: KeyMark::from_slice(&STANDARD.decode(entry.mark).ok()?)?,
    };
    match (entry.salt, entry.payload) {
        (Some(salt), Some(payload)) => {
            let salt = Salt(STANDARD.decode(salt).ok()?.try_into().ok()?);
            Some(Line::Open {
                leaf,
                salt,
                payload: payload.into_bytes(),
            })
        }
        (None, None) if entry.withheld => Some(Line::Withheld(leaf)),
        (None, None) => Some(Line::Closed {
            leaf,
            key: entry.closed_with.and_then(|key| key.parse().ok()),
        }),
        _ => None,
    }
}
