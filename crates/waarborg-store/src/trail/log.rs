//! Appending: a salted commitment per entry, the payload sealed, tiles as they fill, a signed head per commit.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::audit::{Commitment, Frontier, Hash, KeyMark, Leaf, Salt, TILE_WIDTH, Tile};
use waarborg_domain::entry::Entry;
use zeroize::Zeroizing;

use crate::engine::{Dialect, Fault, Row, Session, values};
use crate::keys::{KeyStore, Place, Unsaid, open, random, seal};
use crate::secrets::Secrets;
use crate::trail::journal::Noted;

/// The end of the log, as the writer knows it.
pub(crate) struct Log {
    secrets: Arc<Secrets>,
    end: End,
    at_begin: End,
    at_mark: End,
    // What was said since the transaction began, of jobs of which the ledger speaks too.
    said: Vec<Said>,
    n_said_at_mark: usize,
}

/// An entry, and the key it was sealed under if that is not the house's.
struct Said {
    words: Words,
    trail_key: Option<Uuid>,
}

#[derive(Clone, Default)]
struct End {
    frontier: Frontier,
    // The leaves after the last full tile.
    tail: Vec<Hash>,
    last_at: Timestamp,
    // Whether entries came after the last signed head, and whether a tile filled up meanwhile.
    grew: bool,
    filled: bool,
    // The newest signed head.
    note: String,
}

/// What the log keeps of an entry.
struct Words {
    payload: Arc<Zeroizing<String>>,
    at: Timestamp,
    subject: Option<Uuid>,
}

impl Words {
    fn of(entry: &Entry) -> Self {
        Self {
            payload: Arc::new(Zeroizing::new(entry.payload())),
            at: entry.at,
            subject: entry.subject.map(|subject| subject.0),
        }
    }
}

impl Log {
    pub(crate) fn new(secrets: Arc<Secrets>) -> Self {
        Self {
            secrets,
            end: End::default(),
            at_begin: End::default(),
            at_mark: End::default(),
            said: Vec::new(),
            n_said_at_mark: 0,
        }
    }

    /// Reads where the log ends.
    pub(crate) fn read(&mut self, session: &mut dyn Session) -> Result<(), Fault> {
        let head = session.row(
            "select size, roots, signed_at, note from audit_head where one = 1",
            values![],
        )?;
        let Some(mut head) = head else {
            self.end = End::default();
            return Ok(());
        };
        let (size, roots, last_at) = (head.count(0)?, head.bytes(1)?, head.time(2)?);
        let note = head.text(3)?;
        self.end = End {
            last_at,
            note,
            ..Self::read_end(session, size, &roots)?
        };
        Ok(())
    }

    fn read_end(session: &mut dyn Session, size: u64, roots: &[u8]) -> Result<End, Fault> {
        let damaged = || Fault::Damaged("the audit log's head".to_owned());
        let (roots, rest) = roots.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(damaged());
        }
        let roots = roots.iter().copied().map(Hash).collect();
        let frontier = Frontier::from_parts(size, roots).ok_or_else(damaged)?;
        let first = size - size % TILE_WIDTH;
        let mut tail = Vec::new();
        for mut row in session.rows(
            "select commitment, mark from audit_entries where position >= $1 order by position",
            values![signed(first)?],
        )? {
            tail.push(leaf(&mut row, 0)?.ok_or_else(damaged)?.hash());
        }
        if tail.len() as u64 != size - first {
            return Err(Fault::Damaged("the audit log's last entries".to_owned()));
        }
        Ok(End {
            frontier,
            tail,
            ..End::default()
        })
    }

    /// Begins a transaction. Where several nodes write, this waits for the others and reads what they wrote.
    pub(crate) fn begin(&mut self, session: &mut dyn Session) -> Result<(), Fault> {
        if session.dialect() == Dialect::Postgres {
            let head = session.row(
                "select size from audit_head where one = 1 for update",
                values![],
            )?;
            let size = head.map_or(Ok(0), |mut head| head.count(0))?;
            if size != self.end.frontier.size() {
                self.read(session)?;
            }
        }
        self.end.grew = false;
        self.end.filled = false;
        self.at_begin = self.end.clone();
        self.said.clear();
        Ok(())
    }

    /// Number of entries.
    pub(crate) fn size(&self) -> u64 {
        self.end.frontier.size()
    }

    /// The newest signed head, once there is one.
    pub(crate) fn note(&self) -> Option<&str> {
        (!self.end.note.is_empty()).then_some(self.end.note.as_str())
    }

    /// Whether the transaction before filled a tile.
    pub(crate) fn filled_a_tile(&self) -> bool {
        self.end.filled
    }

    pub(crate) fn mark(&mut self) {
        self.at_mark = self.end.clone();
        self.n_said_at_mark = self.said.len();
    }

    pub(crate) fn undo(&mut self) {
        self.end = self.at_mark.clone();
        self.is_of_the_data_alone();
    }

    /// What was said since the mark stands and falls with the data: the ledger does not bring it back.
    pub(crate) fn is_of_the_data_alone(&mut self) {
        self.said.truncate(self.n_said_at_mark);
    }

    /// Leaves with the keys what was said of acts that the ledger carries out again, should the data be lost before it
    /// is on the disk. `known` is the line of the ledger up to which the data on the disk knows it.
    pub(crate) fn leave_unsaid(&self, keys: &mut KeyStore, known: i64) -> Result<(), Fault> {
        keys.forget_unsaid()?;
        for (number, said) in (0_i64..).zip(&self.said) {
            let words = &said.words;
            let row = number.to_be_bytes();
            let place = unsaid_place(&row);
            let plain = words.payload.as_bytes();
            let sealed = match said.trail_key {
                // A line that ends with its person in the same transaction needs no saying.
                Some(key) if !keys.has_object(key)? => continue,
                Some(key) => keys.seal(key, &place, plain)?,
                None => seal(self.secrets.house(), &place, plain)?,
            };
            keys.keep_unsaid(&Unsaid {
                number,
                known,
                at: words.at.as_nanosecond(),
                subject: words.subject,
                trail_key: said.trail_key,
                sealed,
            })?;
        }
        Ok(())
    }

    /// Says what a crash between keys and data left unsaid, after the ledger was carried out again from line `known`.
    pub(crate) fn say_unsaid(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        known: i64,
    ) -> Result<(), Fault> {
        for unsaid in keys.unsaid(known)? {
            let row = unsaid.number.to_be_bytes();
            let place = unsaid_place(&row);
            let trail_key = match unsaid.trail_key {
                Some(key) if !keys.has_object(key)? => continue,
                key => key,
            };
            let plain = match trail_key {
                Some(key) => keys.open_sealed(key, &place, &unsaid.sealed)?,
                None => open(self.secrets.house(), &place, &unsaid.sealed)?,
            };
            let payload = String::from_utf8(plain.to_vec()).map_err(|_| Fault::Stored("unsaid"))?;
            let at = Timestamp::from_nanosecond(unsaid.at);
            let words = Words {
                payload: Arc::new(Zeroizing::new(payload)),
                at: at.map_err(|_| Fault::Stored("of a time"))?,
                subject: unsaid.subject,
            };
            self.write(session, keys, words, trail_key)?;
        }
        Ok(())
    }

    pub(crate) fn rollback(&mut self) {
        self.end = self.at_begin.clone();
        self.said.clear();
    }

    /// Appends an entry. If it names a person who has keys here, it is sealed under one of those.
    pub(crate) fn append(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        entry: &Entry,
    ) -> Result<(), Fault> {
        let trail_key = match entry.subject {
            Some(subject) => trail_key(session, keys, subject.0)?,
            None => None,
        };
        self.write(session, keys, Words::of(entry), trail_key)
    }

    /// Appends an entry that names nobody and counts already.
    pub(crate) fn append_noted(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        noted: &Noted,
    ) -> Result<(), Fault> {
        let words = Words {
            payload: Arc::clone(&noted.payload),
            at: noted.at,
            subject: None,
        };
        self.write(session, keys, words, None)?;
        // The journal keeps it until it is on the disk.
        self.said.pop();
        Ok(())
    }

    /// The entry of a restore as it waits in the data, sealed, until the restore is finished.
    pub(crate) fn wrap_restored(secrets: &Secrets, entry: &Entry) -> Result<String, Fault> {
        let at = entry.at.as_nanosecond().to_be_bytes();
        let plain = Zeroizing::new([at.as_slice(), entry.payload().as_bytes()].concat());
        let sealed = seal(secrets.house(), &restored_place(), &plain)?;
        Ok(STANDARD.encode(sealed))
    }

    /// Appends the entry of a restore; says when that was.
    pub(crate) fn append_restored(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        wrapped: &str,
    ) -> Result<Timestamp, Fault> {
        let unreadable = || Fault::Stored("of a restore's entry");
        let sealed = STANDARD.decode(wrapped).map_err(|_| unreadable())?;
        let plain = open(self.secrets.house(), &restored_place(), &sealed)?;
        let (at, payload) = plain.split_first_chunk::<16>().ok_or_else(unreadable)?;
        let at = Timestamp::from_nanosecond(i128::from_be_bytes(*at)).map_err(|_| unreadable())?;
        let payload = String::from_utf8(payload.to_vec()).map_err(|_| unreadable())?;
        let words = Words {
            payload: Arc::new(Zeroizing::new(payload)),
            at,
            subject: None,
        };
        self.write(session, keys, words, None)?;
        Ok(at)
    }

    /// Appends an entry that every replay of the ledger appends again.
    pub(crate) fn append_for_the_ledger(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        entry: &Entry,
    ) -> Result<(), Fault> {
        self.append_for_the_house(session, keys, entry)?;
        self.said.pop();
        Ok(())
    }

    /// Appends an entry under the house's key, also if it names a person: for the entry of their erasure.
    pub(crate) fn append_for_the_house(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        entry: &Entry,
    ) -> Result<(), Fault> {
        self.write(session, keys, Words::of(entry), None)
    }

    fn write(
        &mut self,
        session: &mut dyn Session,
        keys: &mut KeyStore,
        words: Words,
        trail_key: Option<Uuid>,
    ) -> Result<(), Fault> {
        let payload = &words.payload;
        let salt = Salt(random()?);
        let plain = Zeroizing::new([salt.0.as_slice(), payload.as_bytes()].concat());
        let number = self.end.frontier.size();
        let position = signed(number)?;
        let subject = words.subject.filter(|_| trail_key.is_some());
        let row = position.to_be_bytes();
        let place = entry_place(&row, subject);
        let (sealed, trace) = match trail_key {
            Some(key) => keys.seal_entry(key, &place, &plain)?,
            None => (
                seal(self.secrets.house(), &place, &plain)?,
                self.secrets.house_trace(),
            ),
        };
        let leaf = Leaf {
            commitment: Commitment::new(&salt, payload.as_bytes()),
            mark: KeyMark::new(&trace, number),
        };
        session.execute(
            "insert into audit_entries (position, subject, trail_key, commitment, mark, sealed)
             values ($1, $2, $3, $4, $5, $6)",
            values![
                position,
                subject,
                trail_key,
                leaf.commitment.0,
                leaf.mark.0,
                sealed
            ],
        )?;

        let hash = leaf.hash();
        self.end.frontier.append(hash);
        self.end.tail.push(hash);
        self.end.last_at = words.at;
        self.end.grew = true;
        if self.end.tail.len() as u64 == TILE_WIDTH {
            let hashes = std::mem::take(&mut self.end.tail);
            self.end.filled = true;
            let number = self.end.frontier.size() / TILE_WIDTH - 1;
            write_tile(session, Tile { level: 0, number }, &hashes)?;
        }
        self.said.push(Said { words, trail_key });
        Ok(())
    }

    /// Signs the head, if the log grew.
    pub(crate) fn finish(&mut self, session: &mut dyn Session) -> Result<(), Fault> {
        if self.end.grew {
            self.sign(session)
        } else {
            Ok(())
        }
    }

    /// Writes the head once more, so that a commit has something to sync. Where the log grew, [`Log::finish`] does.
    pub(crate) fn touch(&mut self, session: &mut dyn Session) -> Result<(), Fault> {
        if self.end.grew {
            Ok(())
        } else {
            self.sign(session)
        }
    }

    fn sign(&mut self, session: &mut dyn Session) -> Result<(), Fault> {
        let frontier = &self.end.frontier;
        let size = signed(frontier.size())?;
        let note = self.secrets.signer().sign(frontier.size(), frontier.root());
        let roots: Vec<u8> = frontier.roots().iter().flat_map(|hash| hash.0).collect();
        self.end.note.clone_from(&note);
        session.execute(
            "insert into audit_head (one, size, roots, note, signed_at) values (1, $1, $2, $3, $4)
             on conflict (one) do update set size = $1, roots = $2, note = $3, signed_at = $4",
            values![size, roots, note.as_str(), self.end.last_at],
        )?;
        if self.end.filled {
            session.execute(
                "insert into audit_checkpoints (size, note, signed_at) values ($1, $2, $3) on conflict do nothing",
                values![size, note, self.end.last_at],
            )?;
        }
        Ok(())
    }
}

/// The leaf in two columns of a row, or `None` where they hold no leaf.
pub(super) fn leaf(row: &mut Row, first: usize) -> Result<Option<Leaf>, Fault> {
    let commitment = Commitment::from_slice(&row.bytes(first)?);
    let mark = KeyMark::from_slice(&row.bytes(first + 1)?);
    Ok(commitment
        .zip(mark)
        .map(|(commitment, mark)| Leaf { commitment, mark }))
}

/// Where the entry of a restore belongs that is not finished.
const fn restored_place() -> Place<'static> {
    Place {
        table: "meta",
        row: b"restoring",
        column: "value",
        subject: Uuid::nil(),
        category: "",
    }
}

/// Where an entry belongs that waits beside the keys.
fn unsaid_place(row: &[u8; 8]) -> Place<'_> {
    Place {
        table: "unsaid",
        row,
        column: "sealed",
        subject: Uuid::nil(),
        category: "",
    }
}

/// Where a sealed entry belongs.
pub(crate) fn entry_place(row: &[u8; 8], subject: Option<Uuid>) -> Place<'_> {
    Place {
        table: "audit_entries",
        row,
        column: "sealed",
        subject: subject.unwrap_or_default(),
        category: "",
    }
}

pub(crate) fn signed(number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Fault::Stored("of a position"))
}

/// The key for a person's entries; made when it is first needed. `None` for someone without keys here.
fn trail_key(
    session: &mut dyn Session,
    keys: &mut KeyStore,
    subject: Uuid,
) -> Result<Option<Uuid>, Fault> {
    let Some(mut row) = session.row(
        "select trail_key from subjects where id = $1",
        values![subject],
    )?
    else {
        return Ok(None);
    };
    if let Some(key) = row.maybe_id(0)? {
        return Ok(Some(key));
    }
    if !keys.has_subject(subject)? {
        return Ok(None);
    }
    let key = Uuid::from_bytes(random()?);
    keys.add_object(key, subject)?;
    session.execute(
        "update subjects set trail_key = $2 where id = $1",
        values![subject, key],
    )?;
    Ok(Some(key))
}

/// Writes a full tile, and the tile above it if that fills up with it.
fn write_tile(session: &mut dyn Session, tile: Tile, hashes: &[Hash]) -> Result<(), Fault> {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    let number = signed(tile.number)?;
    session.execute(
        "insert into audit_tiles (level, number, hashes, root) values ($1, $2, $3, $4)",
        values![i64::from(tile.level), number, bytes, Tile::root(hashes).0],
    )?;
    if !(tile.number + 1).is_multiple_of(TILE_WIDTH) {
        return Ok(());
    }

    let first = signed(tile.number + 1 - TILE_WIDTH)?;
    let mut above = Vec::new();
    for mut row in session.rows(
        "select root from audit_tiles where level = $1 and number between $2 and $3 order by number",
        values![i64::from(tile.level), first, number],
    )? {
        let root = Hash::from_slice(&row.bytes(0)?);
        above.push(root.ok_or_else(|| Fault::Damaged("a tile of the audit log".to_owned()))?);
    }
    write_tile(
        session,
        Tile {
            level: tile.level + 1,
            number: tile.number / TILE_WIDTH,
        },
        &above,
    )
}
