//! Which people share an epoch key, and giving such a group a new one.
//!
//! People come to a shard one after the other until it is full; then the next one begins. An erasure wraps the keys of
//! one shard again, so what it takes does not grow with the number of people, and people who came together, whose keys
//! lie together, are wrapped together. A shard that has few people left takes new ones.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use rusqlite::{OptionalExtension as _, params};
use uuid::Uuid;

use super::KeyFault;
use super::epochs::{BLOCK, Epoch, Shard};
use super::keystore::{Condemned, KeyStore};
use super::mirror::Mirror;
use super::seal::{open, seal};
use super::secret::Key;
use super::view::{object_place, subject_place, unwrap_subject};

/// People in a shard at most.
const FULL: i64 = 64;
/// A shard with so few people left takes new ones.
const SPARSE: i64 = 16;

pub(super) const SCHEMA: &str = "
    create table if not exists shard_epochs (shard integer primary key, epoch integer not null) strict;
    create table if not exists roomy_shards (shard integer primary key) strict;
";

impl KeyStore {
    /// A key store that has none gets its first shards.
    pub(super) fn make_first_shards(&self) -> Result<(), KeyFault> {
        if self.end_of_shards()? > 0 {
            return Ok(());
        }
        self.connection.execute_batch("begin immediate")?;
        self.add_shards()?;
        Ok(self.connection.execute_batch("commit")?)
    }

    /// Whether the epoch keys are of the same time.
    pub(super) fn every_shard_has_its_key(&self) -> Result<(), KeyFault> {
        let mut statement = self
            .connection
            .prepare("select shard, epoch from shard_epochs")?;
        let current: Vec<(Shard, Epoch)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        self.epochs_mut(|epochs| {
            let has_key = |(shard, epoch): &(Shard, Epoch)| epochs.key(*shard, *epoch).is_some();
            if current.iter().all(has_key) {
                Ok(())
            } else {
                Err(KeyFault::Epoch)
            }
        })
    }

    /// Puts the key of a person who is in no shard into one.
    pub(super) fn add_to_a_shard(&self, subject: Uuid, key: &Key) -> Result<(), KeyFault> {
        let shard = self.shard_with_room()?;
        let epoch = self.epoch(shard)?;
        let wrapped = self.wrap_subject(subject, (shard, epoch), key)?;
        self.change(
            "insert or replace into subject_keys (subject, shard, epoch, wrapped) values (?1, ?2, ?3, ?4)",
            params![subject.into_bytes(), shard, epoch, wrapped],
        )?;
        if self.n_people(shard)? >= FULL {
            self.change("delete from roomy_shards where shard = ?1", params![shard])?;
        }
        Ok(())
    }

    /// Wraps what survives under keys of new epochs; those stand beside the old ones until the transaction is durable.
    /// Says which epochs those are.
    pub(super) fn new_epochs(
        &self,
        condemned: &Condemned,
    ) -> Result<Vec<(Shard, Epoch)>, KeyFault> {
        let losing: BTreeSet<Uuid> = condemned
            .objects
            .values()
            .chain(&condemned.worn)
            .copied()
            .collect();
        let shards = self.shards_of(condemned.subjects.iter().chain(&losing))?;
        let next: Vec<(Shard, Epoch)> = shards
            .iter()
            .map(|(shard, epoch)| (*shard, epoch + 1))
            .collect();
        let prepared = self.epochs_mut(|epochs| {
            epochs.prepare(&shards)?;
            let with_key = |(shard, epoch): &(Shard, Epoch)| {
                let key = epochs.key(*shard, *epoch).ok_or(KeyFault::Epoch)?;
                Ok((*shard, *epoch, key.again()))
            };
            next.iter().map(with_key).collect::<Result<Vec<_>, _>>()
        })?;
        self.mirrored(|mirror| mirror.prepare(&prepared, &shards));
        for shard in &shards {
            self.rewrap(*shard, condemned, &losing)?;
        }
        Ok(next)
    }

    /// Wraps what survives in a shard under the key of its next epoch.
    pub(super) fn rewrap(
        &self,
        (shard, epoch): (Shard, Epoch),
        condemned: &Condemned,
        losing: &BTreeSet<Uuid>,
    ) -> Result<(), KeyFault> {
        let mut statement = self.connection.prepare_cached(
            "select subject, epoch, wrapped from subject_keys where shard = ?1 order by subject",
        )?;
        let people: Vec<([u8; 16], Epoch, Vec<u8>)> = statement
            .query_map([shard], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let next = epoch + 1;
        self.change(
            "update shard_epochs set epoch = ?2 where shard = ?1",
            params![shard, next],
        )?;

        let mut n_kept = 0;
        for (bytes, of, wrapped) in people {
            let subject = Uuid::from_bytes(bytes);
            if condemned.subjects.contains(&subject) {
                self.change("delete from object_keys where subject = ?1", params![bytes])?;
                self.change(
                    "delete from subject_keys where subject = ?1",
                    params![bytes],
                )?;
                continue;
            }
            let mut key = unwrap_subject(&self.shared, subject, (shard, of), &wrapped)?;
            if losing.contains(&subject) {
                key = self.renew(subject, &key, condemned)?;
            }
            if n_kept == FULL {
                // Key stores of before this bound have larger shards; here they become smaller.
                self.add_to_a_shard(subject, &key)?;
                continue;
            }
            n_kept += 1;
            let wrapped = self.wrap_subject(subject, (shard, next), &key)?;
            self.change(
                "update subject_keys set epoch = ?2, wrapped = ?3 where subject = ?1",
                params![bytes, next, wrapped],
            )?;
        }
        if n_kept <= SPARSE {
            self.change(
                "insert or ignore into roomy_shards (shard) values (?1)",
                params![shard],
            )?;
        }
        Ok(())
    }

    /// Overwrites epoch keys that a crash left beside the current ones.
    pub(super) fn settle(&mut self) -> Result<(), KeyFault> {
        let unsettled: Vec<Shard> = self.epochs_mut(|epochs| Ok(epochs.unsettled().collect()))?;
        let end = self.end_of_shards()?;
        let mut current = Vec::new();
        // What an older key store does not know is not its to overwrite.
        for shard in unsettled.into_iter().filter(|shard| *shard < end) {
            current.push((shard, self.epoch(shard)?));
        }
        if current.is_empty() {
            Ok(())
        } else {
            self.epochs_mut(|epochs| epochs.wipe_others(&current))
        }
    }

    /// A new key for a subject that loses objects: the old one could open their keys in an old copy.
    fn renew(&self, subject: Uuid, old: &Key, condemned: &Condemned) -> Result<Key, KeyFault> {
        let new = Key::random()?;
        let mut statement = self
            .connection
            .prepare_cached("select object, wrapped from object_keys where subject = ?1")?;
        let objects: Vec<([u8; 16], Vec<u8>)> = statement
            .query_map([subject.into_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (bytes, wrapped) in objects {
            let object = Uuid::from_bytes(bytes);
            if condemned.objects.contains_key(&object) {
                self.change("delete from object_keys where object = ?1", params![bytes])?;
                continue;
            }
            let mut key = open(old, &object_place(&bytes, subject), &wrapped)?;
            let key = Key::take(&mut key).ok_or(KeyFault::Unreadable)?;
            self.write_object(object, subject, &new, &key)?;
        }
        Ok(new)
    }

    fn wrap_subject(
        &self,
        subject: Uuid,
        (shard, epoch): (Shard, Epoch),
        key: &Key,
    ) -> Result<Vec<u8>, KeyFault> {
        let epochs = self
            .shared
            .epochs
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let wrapping = epochs.key(shard, epoch).ok_or(KeyFault::Epoch)?;
        seal(wrapping, &subject_place(subject.as_bytes()), key.as_bytes())
    }

    fn shard_with_room(&self) -> Result<Shard, KeyFault> {
        if let Some(shard) = self.first_with_room()? {
            return Ok(shard);
        }
        self.add_shards()?;
        self.first_with_room()?.ok_or(KeyFault::Epoch)
    }

    fn first_with_room(&self) -> Result<Option<Shard>, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select min(shard) from roomy_shards")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Makes empty shards. Their keys are on the disk before anything is wrapped under them.
    fn add_shards(&self) -> Result<(), KeyFault> {
        let end = self.end_of_shards()?;
        let grown = self.epochs_mut(|epochs| epochs.grow(end, BLOCK))?;
        self.mirrored(|mirror: &mut Mirror| mirror.prepare(&grown, &[]));
        for (shard, epoch, _) in &grown {
            self.change(
                "insert into shard_epochs (shard, epoch) values (?1, ?2)",
                params![shard, epoch],
            )?;
            self.change(
                "insert into roomy_shards (shard) values (?1)",
                params![shard],
            )?;
        }
        Ok(())
    }

    /// The number after the last shard.
    fn end_of_shards(&self) -> Result<Shard, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select coalesce(max(shard) + 1, 0) from shard_epochs")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    fn n_people(&self, shard: Shard) -> Result<i64, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select count(*) from subject_keys where shard = ?1")?;
        Ok(statement.query_row([shard], |row| row.get(0))?)
    }

    fn epoch(&self, shard: Shard) -> Result<Epoch, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select epoch from shard_epochs where shard = ?1")?;
        let epoch = statement.query_row([shard], |row| row.get(0)).optional()?;
        epoch.ok_or(KeyFault::Epoch)
    }

    /// In which shards people are, with the epochs of those.
    fn shards_of<'a>(
        &self,
        people: impl Iterator<Item = &'a Uuid>,
    ) -> Result<Vec<(Shard, Epoch)>, KeyFault> {
        let mut statement = self
            .connection
            .prepare_cached("select shard from subject_keys where subject = ?1")?;
        let mut shards = BTreeSet::new();
        for subject in people {
            let shard: Option<Shard> = statement
                .query_row([subject.into_bytes()], |row| row.get(0))
                .optional()?;
            shards.extend(shard);
        }
        shards
            .into_iter()
            .map(|shard| Ok((shard, self.epoch(shard)?)))
            .collect()
    }
}

#[cfg(test)]
#[path = "shards_tests.rs"]
mod tests;
