//! The epoch keys: 256 shards, two slots each, in one small file that is overwritten in place and never backed up.
//!
//! A shard normally has one key, that of its current epoch. While it changes, the next key stands in the other
//! slot; when the key store is durably rewrapped, the old slot is overwritten. Which of two keys counts is what
//! the key store says, so a crash at any moment leaves one answer.

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
const N_SHARDS: usize = 256;
// A slot never crosses a sector, so that a power cut leaves it old, new, or unreadable, and no other one hurt.
const SLOT: usize = 128;
const EPOCH: usize = 8;
const SEALED: usize = 1 + 24 + 32 + 16;

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

/// The shard of a subject.
pub(crate) fn shard_of(subject: Uuid) -> u8 {
    let [.., last] = *subject.as_bytes();
    last
}

impl Epochs {
    /// Makes the file with a first key in every shard.
    pub(crate) fn create(folder: &Path, wrapping: &Key) -> Result<(), KeyFault> {
        let keys: Vec<(u8, Epoch, Key)> = (0..=u8::MAX)
            .map(|shard| Ok((shard, 1, Key::random()?)))
            .collect::<Result<_, KeyFault>>()?;
        Self::create_with(folder, wrapping, &keys)
    }

    /// Makes the file with these keys, one in every shard, in the order of the shards.
    pub(crate) fn create_with(
        folder: &Path,
        wrapping: &Key,
        keys: &[(u8, Epoch, Key)],
    ) -> Result<(), KeyFault> {
        if keys.len() != N_SHARDS {
            return Err(KeyFault::Epoch);
        }
        let mut bytes = Vec::with_capacity(N_SHARDS * 2 * SLOT);
        for (shard, epoch, key) in keys {
            bytes.extend_from_slice(&slot_bytes(wrapping, usize::from(*shard), *epoch, key)?);
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
        let mut shards: Vec<Vec<EpochKey>> = (0..N_SHARDS).map(|_| Vec::new()).collect();
        for (number, slot) in bytes.as_chunks::<SLOT>().0.iter().enumerate() {
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
    pub(crate) fn key(&self, shard: u8, epoch: Epoch) -> Option<&Key> {
        self.shard(shard)
            .iter()
            .find(|key| key.epoch == epoch)
            .map(|key| &key.key)
    }

    /// Puts a new key in the free slot of each of these shards, durably, for the epoch after the given one.
    pub(crate) fn prepare(&mut self, shards: &[(u8, Epoch)]) -> Result<(), KeyFault> {
        for (shard, current) in shards {
            let number = usize::from(*shard);
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
            let epoch = current + 1;
            let key = Key::random()?;
            let bytes = slot_bytes(&self.wrapping, number, epoch, &key)?;
            self.write_slot(slot, &bytes)?;
            if let Some(keys) = self.shards.get_mut(number) {
                keys.retain(|old| old.slot != slot);
                keys.push(EpochKey { slot, epoch, key });
            }
        }
        self.file.sync_all()?;
        Ok(())
    }

    /// Puts keys that are known elsewhere beside those of the current epochs, durably.
    pub(crate) fn adopt(
        &mut self,
        keys: &[(u8, Epoch, Key)],
        current: &[(u8, Epoch)],
    ) -> Result<(), KeyFault> {
        let current: BTreeMap<u8, Epoch> = current.iter().copied().collect();
        for (shard, epoch, key) in keys {
            let is_there = self
                .key(*shard, *epoch)
                .is_some_and(|there| there.as_bytes() == key.as_bytes());
            if is_there {
                continue;
            }
            let number = usize::from(*shard);
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
            let bytes = slot_bytes(&self.wrapping, number, *epoch, key)?;
            self.write_slot(slot, &bytes)?;
            if let Some(there) = self.shards.get_mut(number) {
                there.retain(|old| old.slot != slot);
                there.push(EpochKey {
                    slot,
                    epoch: *epoch,
                    key: key.again(),
                });
            }
        }
        self.file.sync_all()?;
        Ok(())
    }

    /// Overwrites every key of these shards that is not of the given epoch, durably.
    ///
    /// Where a shard does not hold a key of that epoch nothing is overwritten: then the key store is
    /// older than these keys, and wiping would destroy what is current.
    pub(crate) fn wipe_others(&mut self, shards: &[(u8, Epoch)]) -> Result<(), KeyFault> {
        for (shard, current) in shards {
            if self.key(*shard, *current).is_none() {
                return Err(KeyFault::Epoch);
            }
            let number = usize::from(*shard);
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
    pub(crate) fn unsettled(&self) -> impl Iterator<Item = u8> + '_ {
        (0u8..=255).filter(|shard| self.shard(*shard).len() > 1)
    }

    fn shard(&self, shard: u8) -> &[EpochKey] {
        self.shards
            .get(usize::from(shard))
            .map_or(&[], Vec::as_slice)
    }

    fn write_slot(&mut self, slot: usize, bytes: &[u8; SLOT]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start((slot * SLOT) as u64))?;
        self.file.write_all(bytes)
    }
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
