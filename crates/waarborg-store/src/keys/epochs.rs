//! The epoch keys: two slots for every shard, in one small file that is overwritten in place and never backed up.
//!
//! A shard is a group of people, and there are as many as the people need. It
//! normally has one key, that of its current epoch. While it changes, the next key stands in the other slot; when the
//! key store is durably rewrapped, the old slot is overwritten. Which of two keys counts is what the key store says, so a
//! crash at any moment leaves one answer.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use uuid::Uuid;

use super::KeyFault;
use super::master::{sync_folder_of, write_private};
use super::seal::{Place, open, seal};
use super::secret::{Key, random};

pub(crate) const FILE: &str = "epochs.key";
/// Shards that a new file has, and by how many it grows.
pub(super) const BLOCK: Shard = 64;
const FIRST_EPOCH: Epoch = 1;
// A slot never crosses a sector, so that a power cut leaves it old, new, or unreadable, and no other one hurt.
const SLOT: usize = 128;
const EPOCH: usize = 8;
const SEALED: usize = 1 + 24 + 32 + 16;

/// Number of a group of people whose keys are wrapped under one epoch key.
pub(crate) type Shard = u32;

/// Number of a period in which one epoch key of a shard was in use; never used twice.
pub(crate) type Epoch = i64;

struct EpochKey {
    slot: usize,
    epoch: Epoch,
    key: Key,
}

/// The open file and the keys in it.
pub(crate) struct Epochs {
    file: File,
    wrapping: Key,
    shards: Vec<Vec<EpochKey>>,
}

impl Epochs {
    /// Makes the file with a first key in each of the first shards.
    pub(crate) fn create(folder: &Path, wrapping: &Key) -> Result<(), KeyFault> {
        let keys: Vec<(Shard, Epoch, Key)> = (0..BLOCK)
            .map(|shard| Ok((shard, FIRST_EPOCH, Key::random()?)))
            .collect::<Result<_, KeyFault>>()?;
        Self::create_with(folder, wrapping, &keys)
    }

    /// Makes the file with these keys, one in every shard from the first on.
    pub(crate) fn create_with(
        folder: &Path,
        wrapping: &Key,
        keys: &[(Shard, Epoch, Key)],
    ) -> Result<(), KeyFault> {
        let mut bytes = Vec::with_capacity(keys.len() * 2 * SLOT);
        for (place, (shard, epoch, key)) in keys.iter().enumerate() {
            if number_of(*shard) != place {
                return Err(KeyFault::Epoch);
            }
            bytes.extend_from_slice(&slot_bytes(wrapping, place, *epoch, key)?);
            bytes.extend_from_slice(&[0; SLOT]);
        }
        let path = folder.join(FILE);
        let new = folder.join("epochs.key.new");
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        write_private(&new, &bytes)?;
        std::fs::rename(&new, &path)?;
        sync_folder_of(&path)?;
        Ok(())
    }

    /// Opens the file; slots that do not open with `wrapping` count as empty.
    pub(crate) fn open(folder: &Path, wrapping: Key) -> Result<Self, KeyFault> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(folder.join(FILE))?;
        let mut epochs = Self {
            file,
            wrapping,
            shards: Vec::new(),
        };
        epochs.reload()?;
        Ok(epochs)
    }

    /// Reads the keys from the file again.
    pub(crate) fn reload(&mut self) -> Result<(), KeyFault> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        let (slots, _) = bytes.as_chunks::<SLOT>();
        let mut shards: Vec<Vec<EpochKey>> = Vec::new();
        shards.resize_with(slots.len().div_ceil(2), Vec::new);
        for (number, slot) in slots.iter().enumerate() {
            // Each shard has two slots, one after the other.
            let Some(keys) = shards.get_mut(number / 2) else {
                break;
            };
            if let Some((epoch, key)) = read_slot(&self.wrapping, number / 2, slot) {
                keys.push(EpochKey {
                    slot: number,
                    epoch,
                    key,
                });
            }
        }
        self.shards = shards;
        Ok(())
    }

    /// The key of a shard in an epoch.
    pub(crate) fn key(&self, shard: Shard, epoch: Epoch) -> Option<&Key> {
        self.shard(shard)
            .iter()
            .find(|key| key.epoch == epoch)
            .map(|key| &key.key)
    }

    /// Makes sure that `n` shards from `first` on have a key, durably; says which, and of which epoch.
    ///
    /// A key that is there stays: a crash may have left it before anything was wrapped under it, or the key store that
    /// knows it may come back.
    pub(crate) fn grow(
        &mut self,
        first: Shard,
        n: Shard,
    ) -> Result<Vec<(Shard, Epoch, Key)>, KeyFault> {
        let mut grown = Vec::new();
        for shard in first..first.saturating_add(n) {
            let newest = self.shard(shard).iter().max_by_key(|key| key.epoch);
            if let Some(there) = newest {
                grown.push((shard, there.epoch, there.key.again()));
                continue;
            }
            let key = Key::random()?;
            self.put(shard, number_of(shard) * 2, FIRST_EPOCH, key.again())?;
            grown.push((shard, FIRST_EPOCH, key));
        }
        self.file.sync_all()?;
        Ok(grown)
    }

    /// Puts a new key in the free slot of each of these shards, durably, for the epoch after the given one.
    pub(crate) fn prepare(&mut self, shards: &[(Shard, Epoch)]) -> Result<(), KeyFault> {
        for (shard, current) in shards {
            let number = number_of(*shard);
            let taken = self
                .shard(*shard)
                .iter()
                .find(|key| key.epoch == *current)
                .ok_or(KeyFault::Epoch)?
                .slot;
            let slot = if taken == number * 2 {
                taken + 1
            } else {
                number * 2
            };
            self.put(*shard, slot, current + 1, Key::random()?)?;
        }
        self.file.sync_all()?;
        Ok(())
    }

    /// Puts keys that are known elsewhere beside those of the current epochs, durably.
    pub(crate) fn adopt(
        &mut self,
        keys: &[(Shard, Epoch, Key)],
        current: &[(Shard, Epoch)],
    ) -> Result<(), KeyFault> {
        let current: BTreeMap<Shard, Epoch> = current.iter().copied().collect();
        for (shard, epoch, key) in keys {
            let is_there = self
                .key(*shard, *epoch)
                .is_some_and(|there| there.as_bytes() == key.as_bytes());
            if is_there {
                continue;
            }
            let number = number_of(*shard);
            let taken = self
                .shard(*shard)
                .iter()
                .find(|there| current.get(shard) == Some(&there.epoch))
                .map(|there| there.slot);
            let slot = if taken == Some(number * 2) {
                number * 2 + 1
            } else {
                number * 2
            };
            self.put(*shard, slot, *epoch, key.again())?;
        }
        self.file.sync_all()?;
        Ok(())
    }

    /// Overwrites every key of these shards that is not of the given epoch, durably.
    ///
    /// Where a shard does not hold a key of that epoch nothing is overwritten: then the key store is
    /// older than these keys, and wiping would destroy what is current.
    pub(crate) fn wipe_others(&mut self, shards: &[(Shard, Epoch)]) -> Result<(), KeyFault> {
        for (shard, current) in shards {
            if self.key(*shard, *current).is_none() {
                return Err(KeyFault::Epoch);
            }
            let number = number_of(*shard);
            let keep = self
                .shard(*shard)
                .iter()
                .find(|key| key.epoch == *current)
                .map(|key| key.slot);
            for slot in [number * 2, number * 2 + 1] {
                if Some(slot) != keep {
                    self.write_slot(slot, &random::<SLOT>()?)?;
                }
            }
            if let Some(keys) = self.shards.get_mut(number) {
                keys.retain(|key| key.epoch == *current);
            }
        }
        self.file.sync_all()?;
        Ok(())
    }

    /// The shards that hold more than one key: a change that a crash interrupted.
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = Shard> + '_ {
        (0..)
            .zip(&self.shards)
            .filter(|(_, keys)| keys.len() > 1)
            .map(|(shard, _)| shard)
    }

    fn shard(&self, shard: Shard) -> &[EpochKey] {
        self.shards.get(number_of(shard)).map_or(&[], Vec::as_slice)
    }

    /// Writes a key into a slot of a shard, which may be a new one at the end.
    fn put(&mut self, shard: Shard, slot: usize, epoch: Epoch, key: Key) -> Result<(), KeyFault> {
        let number = number_of(shard);
        let bytes = slot_bytes(&self.wrapping, number, epoch, &key)?;
        while self.shards.len() <= number {
            // Both slots, so that no later change of epoch needs room on the disk.
            let next = self.shards.len() * 2;
            self.write_slot(next, &[0; SLOT])?;
            self.write_slot(next + 1, &[0; SLOT])?;
            self.shards.push(Vec::new());
        }
        self.write_slot(slot, &bytes)?;
        if let Some(keys) = self.shards.get_mut(number) {
            keys.retain(|old| old.slot != slot);
            keys.push(EpochKey { slot, epoch, key });
        }
        Ok(())
    }

    fn write_slot(&mut self, slot: usize, bytes: &[u8; SLOT]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start((slot * SLOT) as u64))?;
        self.file.write_all(bytes)
    }
}

const fn number_of(shard: Shard) -> usize {
    shard as usize
}

fn slot_bytes(
    wrapping: &Key,
    shard: usize,
    epoch: Epoch,
    key: &Key,
) -> Result<[u8; SLOT], KeyFault> {
    let sealed = seal(wrapping, &place(&slot_row(shard, epoch)), key.as_bytes())?;
    let mut bytes = [0; SLOT];
    let parts = epoch.to_be_bytes().into_iter().chain(sealed);
    for (byte, value) in bytes.iter_mut().zip(parts) {
        *byte = value;
    }
    Ok(bytes)
}

fn read_slot(wrapping: &Key, shard: usize, bytes: &[u8; SLOT]) -> Option<(Epoch, Key)> {
    let (epoch, rest) = bytes.split_first_chunk::<EPOCH>()?;
    let epoch = Epoch::from_be_bytes(*epoch);
    let mut key = open(
        wrapping,
        &place(&slot_row(shard, epoch)),
        rest.get(..SEALED)?,
    )
    .ok()?;
    Some((epoch, Key::take(&mut key)?))
}

fn slot_row(shard: usize, epoch: Epoch) -> Vec<u8> {
    [(shard as u64).to_be_bytes(), epoch.to_be_bytes()].concat()
}

fn place(row: &[u8]) -> Place<'_> {
    Place {
        table: FILE,
        row,
        column: "key",
        subject: Uuid::nil(),
        category: "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapping() -> Key {
        Key::take(&mut [3; 32]).unwrap()
    }

    #[test]
    fn a_change_of_epoch_leaves_one_key_and_the_old_one_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        Epochs::create(folder.path(), &wrapping()).unwrap();
        let before = std::fs::read(folder.path().join(FILE)).unwrap();
        let mut epochs = Epochs::open(folder.path(), wrapping()).unwrap();

        epochs.prepare(&[(7, 1)]).unwrap();
        assert_eq!(epochs.unsettled().collect::<Vec<_>>(), [7]);
        epochs.wipe_others(&[(7, 2)]).unwrap();
        let mut again = Epochs::open(folder.path(), wrapping()).unwrap();
        assert!(
            again.key(7, 1).is_none() && again.key(7, 2).is_some() && again.key(8, 1).is_some()
        );

        again.prepare(&[(7, 2)]).unwrap();
        again.wipe_others(&[(7, 3)]).unwrap();
        assert!(again.key(7, 3).is_some());
        let after = std::fs::read(folder.path().join(FILE)).unwrap();
        let old = &before[7 * 2 * SLOT + EPOCH..7 * 2 * SLOT + EPOCH + SEALED];
        assert!(!after.windows(SEALED).any(|window| window == old));
    }

    #[test]
    fn the_file_grows_and_a_key_that_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        Epochs::create(folder.path(), &wrapping()).unwrap();
        let mut epochs = Epochs::open(folder.path(), wrapping()).unwrap();
        assert!(epochs.key(BLOCK, 1).is_none());
        let grown = epochs.grow(BLOCK, 3).unwrap();
        epochs.prepare(&[(BLOCK + 1, 1)]).unwrap();
        epochs.wipe_others(&[(BLOCK + 1, 2)]).unwrap();

        let mut again = Epochs::open(folder.path(), wrapping()).unwrap();
        assert_eq!(again.unsettled().count(), 0);
        let twice = again.grow(BLOCK, 5).unwrap();
        let epochs: Vec<Epoch> = twice.iter().map(|(_, epoch, _)| *epoch).collect();
        assert_eq!(epochs, [1, 2, 1, 1, 1]);
        let [one, other] = [&grown, &twice].map(|list| *list[2].2.as_bytes());
        assert_eq!(one, other);
        let length = std::fs::metadata(folder.path().join(FILE)).unwrap().len();
        assert_eq!(length, u64::from(BLOCK + 5) * 2 * SLOT as u64);
    }

    /// The disk lost the end of what was being written.
    #[test]
    fn a_file_that_was_torn_while_it_grew_opens_and_grows_again() {
        let folder = tempfile::tempdir().unwrap();
        Epochs::create(folder.path(), &wrapping()).unwrap();
        let mut epochs = Epochs::open(folder.path(), wrapping()).unwrap();
        epochs.grow(BLOCK, 2).unwrap();
        let whole = std::fs::read(folder.path().join(FILE)).unwrap();
        for n_lost in (0..4 * SLOT).step_by(61) {
            let torn = &whole[..whole.len() - n_lost];
            std::fs::write(folder.path().join(FILE), torn).unwrap();
            let mut epochs = Epochs::open(folder.path(), wrapping()).unwrap();
            let grown = epochs.grow(BLOCK, 2).unwrap();
            let again = Epochs::open(folder.path(), wrapping()).unwrap();
            for (shard, epoch, key) in &grown {
                let found = again.key(*shard, *epoch).unwrap();
                assert_eq!(found.as_bytes(), key.as_bytes(), "{n_lost} bytes");
            }
        }
    }

    #[test]
    fn keys_newer_than_the_key_store_are_never_wiped() {
        let folder = tempfile::tempdir().unwrap();
        Epochs::create(folder.path(), &wrapping()).unwrap();
        let mut epochs = Epochs::open(folder.path(), wrapping()).unwrap();
        epochs.prepare(&[(7, 1)]).unwrap();
        epochs.wipe_others(&[(7, 2)]).unwrap();
        assert!(matches!(
            epochs.wipe_others(&[(7, 1)]),
            Err(KeyFault::Epoch)
        ));
        assert!(epochs.key(7, 2).is_some());
    }
}
