//! Kept maps in memory, opened.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard};

use jiff::Timestamp;
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::ports::{
    Answer, Growth, KeptKind, KeptMap, KeptMaps, KeptPart, MapContent, Mark, NewMap, Opened,
    Provided,
};

use super::house::TestStore;

/// A map, what it says as long as it is there, and by which marks an erasure finds it.
pub(super) struct One {
    pub(super) map: KeptMap,
    pub(super) content: Option<String>,
    pub(super) marks: Vec<Mark>,
}

/// All of them, oldest first.
#[derive(Default)]
pub(super) struct Kept(Mutex<Vec<One>>);

impl Kept {
    pub(super) fn all(&self) -> MutexGuard<'_, Vec<One>> {
        self.0.lock().unwrap()
    }
}

impl KeptMaps for TestStore {
    fn keep_map(
        &self,
        map: KeptMap,
        content: MapContent,
        marks: Vec<Mark>,
        provided: Provided,
        entry: Entry,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            {
                let mut all = self.switches.kept.all();
                if self.switches.erases_before_keeping.load(Ordering::Relaxed) {
                    for one in all.iter_mut() {
                        one.content = None;
                    }
                }
                let n = all.iter().filter(|one| one.map.key == map.key).count();
                let is_whole = |one: &One, id| one.map.id == id && one.content.is_some();
                let holds = match provided {
                    Provided::Fewer(most) => n < most as usize,
                    Provided::After(id) => all.iter().any(|one| is_whole(one, id)),
                    Provided::Anyhow => true,
                };
                if !holds {
                    return Ok(false);
                }
                all.push(One {
                    map,
                    content: Some(content.to_string()),
                    marks,
                });
            }
            waarborg_usecase::ports::Trail::note(self, entry).await?;
            Ok(true)
        })
    }

    fn grow_map(&self, growth: Growth, with: Option<NewMap>, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            {
                let mut all = self.switches.kept.all();
                let outruns = &self.switches.outruns;
                let is_outrun = outruns
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_ok();
                let erases = self.switches.erases_before_keeping.load(Ordering::Relaxed);
                let one = all.iter_mut().find(|one| one.map.id == growth.id);
                let Some(one) = one else {
                    return Ok(false);
                };
                if erases {
                    one.content = None;
                }
                if is_outrun {
                    one.map.version += 1;
                }
                if one.map.version != growth.version || one.content.is_none() {
                    return Ok(false);
                }
                one.map.version += 1;
                one.map.ends_at = growth.ends_at;
                one.content = Some(growth.content.to_string());
                one.marks.extend(growth.marks);
                let with = with.map(|new| One {
                    map: new.kept,
                    content: Some(new.content.to_string()),
                    marks: new.marks,
                });
                all.extend(with);
            }
            waarborg_usecase::ports::Trail::note(self, entry).await?;
            Ok(true)
        })
    }

    fn name_map<'a>(&'a self, id: Uuid, provider_name: &'a str) -> Answer<'a, ()> {
        let mut all = self.switches.kept.all();
        let one = all.iter_mut().find(|one| one.map.id == id).unwrap();
        one.map.provider_name = Some(provider_name.to_owned());
        Box::pin(async { Ok(()) })
    }

    fn kept_map(
        &self,
        key: GatewayKeyId,
        id: Uuid,
        now: Timestamp,
    ) -> Answer<'_, Option<(KeptMap, Opened)>> {
        let all = self.switches.kept.all();
        let found = all
            .iter()
            .find(|one| one.map.id == id && one.map.key == key && one.map.ends_at > now);
        let found = found.map(|one| (one.map.clone(), one.content.clone().map(MapContent::new)));
        Box::pin(async move { Ok(found) })
    }

    fn kept_maps(
        &self,
        key: GatewayKeyId,
        kind: KeptKind,
        part: KeptPart,
        now: Timestamp,
        n: u32,
    ) -> Answer<'_, Vec<KeptMap>> {
        let all = self.switches.kept.all();
        let is_asked = |map: &&KeptMap| {
            let is_theirs = map.key == key && map.kind == kind && map.ends_at > now;
            let is_in_part = match part {
                KeptPart::First => true,
                KeptPart::After(id) => map.id < id,
                KeptPart::Before(id) => map.id > id,
            };
            is_theirs && is_in_part && map.provider_name.is_some()
        };
        let mut maps: Vec<KeptMap> = all
            .iter()
            .map(|one| &one.map)
            .filter(is_asked)
            .cloned()
            .collect();
        if !matches!(part, KeptPart::Before(_)) {
            maps.reverse();
        }
        maps.truncate(n as usize);
        if matches!(part, KeptPart::Before(_)) {
            maps.reverse();
        }
        Box::pin(async move { Ok(maps) })
    }

    fn end_map(&self, id: Uuid, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            let is_there = {
                let mut all = self.switches.kept.all();
                let n = all.len();
                all.retain(|one| one.map.id != id);
                all.len() < n
            };
            if is_there {
                waarborg_usecase::ports::Trail::note(self, entry).await?;
            }
            Ok(is_there)
        })
    }
}
