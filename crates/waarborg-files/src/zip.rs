//! Reads ZIP archives: every entry of the list, twice if it is there twice, with a bound on what comes out.

use std::io::Read;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use crate::gap::Reason;
use crate::limits::Full;
use crate::text::Collector;

/// An archive with its list of entries.
pub(crate) struct Archive<'b> {
    bytes: &'b [u8],
    pub(crate) entries: Vec<Entry>,
    /// Whether there is an entry in the file that is not in the list, or more entries than the list says.
    pub(crate) is_odd: bool,
}

/// One entry of the list.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    is_encrypted: bool,
    method: u16,
    checksum: u32,
    n_packed: u64,
    offset: u64,
}

const END: &[u8] = b"PK\x05\x06";
const END_BYTES: usize = 22;
const COMMENT_BYTES: usize = 65_535;
const LOCAL: &[u8] = b"PK\x03\x04";
const LOCAL_BYTES: u64 = 30;
const LISTED: &[u8] = b"PK\x01\x02";
const LISTED_BYTES: usize = 46;
/// What one entry may unpack to.
const ENTRY_BYTES: usize = 64 * 1024 * 1024;
const MAX_LISTED: usize = 100_000;

impl<'b> Archive<'b> {
    /// Reads the list; `None` when there is none.
    pub(crate) fn open(bytes: &'b [u8]) -> Option<Archive<'b>> {
        let (list, n_listed, before) = find_list(bytes)?;
        let mut entries = Vec::new();
        let mut at = list;
        while entries.len() < MAX_LISTED && bytes.get(at..)?.starts_with(LISTED) {
            let (mut entry, next) = listed(bytes, at)?;
            entry.offset = entry.offset.checked_add(before)?;
            entries.push(entry);
            at = next;
        }
        if entries.is_empty() && n_listed > 0 {
            return None;
        }
        let mut archive = Archive {
            bytes,
            entries,
            is_odd: false,
        };
        archive.is_odd = n_listed != (archive.entries.len() as u64 & 0xffff)
            && n_listed != archive.entries.len() as u64
            || archive.has_unlisted(list);
        Some(archive)
    }

    /// Whether some entry has this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// What is in an entry, as far as it could be unpacked, and why not all of it was.
    pub(crate) fn unpack(
        &self,
        entry: &Entry,
        collector: &mut Collector,
    ) -> Result<(Vec<u8>, Option<Reason>), Full> {
        if entry.is_encrypted {
            return Ok((Vec::new(), Some(Reason::Encrypted)));
        }
        let Some(packed) = self.packed(entry) else {
            return Ok((Vec::new(), Some(Reason::Damaged)));
        };
        let mut unpacked = Vec::new();
        let room = collector.room().min(ENTRY_BYTES) as u64 + 1;
        let done = match entry.method {
            0 => packed.take(room).read_to_end(&mut unpacked),
            8 => DeflateDecoder::new(packed)
                .take(room)
                .read_to_end(&mut unpacked),
            _ => return Ok((Vec::new(), Some(Reason::Unsupported))),
        };
        collector.unpacked(unpacked.len())?;
        if unpacked.len() > ENTRY_BYTES {
            return Ok((Vec::new(), Some(Reason::TooMuch)));
        }
        let mut checksum = Crc::new();
        checksum.update(&unpacked);
        let fits = done.is_ok() && checksum.sum() == entry.checksum;
        Ok((unpacked, (!fits).then_some(Reason::Damaged)))
    }

    fn packed(&self, entry: &Entry) -> Option<&'b [u8]> {
        let start = usize::try_from(entry.offset).ok()?;
        let local = self.bytes.get(start..)?;
        if !local.starts_with(LOCAL) {
            return None;
        }
        let n_name = usize::from(u16_at(local, 26)?);
        let n_extra = usize::from(u16_at(local, 28)?);
        let from = 30 + n_name + n_extra;
        local.get(from..from.checked_add(usize::try_from(entry.n_packed).ok()?)?)
    }

    /// Whether an entry stands between the listed ones or before them.
    fn has_unlisted(&self, list: usize) -> bool {
        let mut covered: Vec<(u64, u64)> = self
            .entries
            .iter()
            .map(|entry| {
                let end = entry
                    .offset
                    .saturating_add(LOCAL_BYTES)
                    .saturating_add(entry.n_packed);
                (entry.offset, end)
            })
            .collect();
        covered.sort_unstable();
        let mut end = 0_u64;
        for (from, to) in covered.into_iter().chain([(list as u64, u64::MAX)]) {
            let between = usize::try_from(end).ok().zip(usize::try_from(from).ok());
            let is_hidden = between
                .and_then(|(start, stop)| self.bytes.get(start..stop))
                .is_some_and(|gap| gap.windows(LOCAL.len()).any(|window| window == LOCAL));
            if is_hidden {
                return true;
            }
            end = end.max(to);
        }
        false
    }
}

/// Where the list begins, how many entries it says it has, and how many bytes stand before the archive.
fn find_list(bytes: &[u8]) -> Option<(usize, u64, u64)> {
    let from = bytes.len().saturating_sub(END_BYTES + COMMENT_BYTES);
    let tail = bytes.get(from..)?;
    let end = from + tail.windows(END.len()).rposition(|window| window == END)?;
    let record = bytes.get(end..)?;
    let mut n_listed = u64::from(u16_at(record, 10)?);
    let mut n_bytes = u64::from(u32_at(record, 12)?);
    let mut offset = u64::from(u32_at(record, 16)?);
    let mut list_end = end as u64;
    if offset == u64::from(u32::MAX) || n_listed == 0xffff || n_bytes == u64::from(u32::MAX) {
        let locator = bytes.get(end.checked_sub(20)?..)?;
        if locator.starts_with(b"PK\x06\x07") {
            let at = u64_at(locator, 8)?;
            let large = bytes.get(usize::try_from(at).ok()?..)?;
            if !large.starts_with(b"PK\x06\x06") {
                return None;
            }
            n_listed = u64_at(large, 32)?;
            n_bytes = u64_at(large, 40)?;
            offset = u64_at(large, 48)?;
            list_end = at;
        }
    }
    // Something may stand before the archive; then every offset is short by as much.
    let list = list_end.checked_sub(n_bytes)?;
    let before = list.checked_sub(offset)?;
    Some((usize::try_from(list).ok()?, n_listed, before))
}

/// One entry of the list, and where the next one begins.
fn listed(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    let record = bytes.get(at..)?;
    let flags = u16_at(record, 8)?;
    let n_name = usize::from(u16_at(record, 28)?);
    let n_extra = usize::from(u16_at(record, 30)?);
    let n_comment = usize::from(u16_at(record, 32)?);
    let name = record.get(LISTED_BYTES..LISTED_BYTES + n_name)?;
    let extra = record.get(LISTED_BYTES + n_name..LISTED_BYTES + n_name + n_extra)?;
    let mut n_packed = u64::from(u32_at(record, 20)?);
    let mut offset = u64::from(u32_at(record, 42)?);
    let n_unpacked = u32_at(record, 24)?;
    if let Some(mut large) = extra_field(extra, 1) {
        let mut next = |is_there: bool| {
            let value = is_there.then(|| u64_at(large, 0)).flatten()?;
            large = large.get(8..)?;
            Some(value)
        };
        next(n_unpacked == u32::MAX);
        n_packed = next(n_packed == u64::from(u32::MAX)).unwrap_or(n_packed);
        offset = next(offset == u64::from(u32::MAX)).unwrap_or(offset);
    }
    let name = match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(name).0.into_owned(),
    };
    let entry = Entry {
        name,
        is_encrypted: flags & 1 != 0,
        method: u16_at(record, 10)?,
        checksum: u32_at(record, 16)?,
        n_packed,
        offset,
    };
    Some((entry, at + LISTED_BYTES + n_name + n_extra + n_comment))
}

fn extra_field(mut extra: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let id = u16_at(extra, 0)?;
        let n_bytes = usize::from(u16_at(extra, 2)?);
        let value = extra.get(4..4 + n_bytes)?;
        if id == wanted {
            return Some(value);
        }
        extra = extra.get(4 + n_bytes..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}
