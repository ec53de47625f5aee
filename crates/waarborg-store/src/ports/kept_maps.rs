//! What came in the place of what in something that a provider keeps. Each map has a key of its own and no other owner,
//! so that it dies alone.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::ports::{
    Answer, Growth, KeptKind, KeptMap, KeptMaps, KeptPart, Mark, NewMap, Opened, Provided,
};
use zeroize::Zeroizing;

use crate::archive::Archive;
use crate::engine::{Fault, ReadWork, Row, Session, Urgency, Work, values};
use crate::keys::{KeyFault, Place};

/// The columns, in the order in which they are read.
macro_rules! select {
    ($more:literal, $rest:literal) => {
        concat!(
            "select id, gateway_key, kind, recipient, provider_name, created_at, ends_at, version",
            $more,
            " from kept_maps ",
            $rest
        )
    };
}

impl KeptMaps for Archive {
    fn keep_map(
        &self,
        map: KeptMap,
        content: Zeroizing<String>,
        marks: Vec<Mark>,
        provided: Provided,
        entry: Entry,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let holds = match provided {
                    Provided::Fewer(most) => n_kept(work.session, &map)? < i64::from(most),
                    Provided::After(id) => is_whole(work.session, id)?,
                    Provided::Anyhow => true,
                };
                if !holds {
                    return Ok(false);
                }
                keep(work, &map, &content, &marks)?;
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn grow_map(&self, growth: Growth, with: Option<NewMap>, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                if !grow(work, &growth)? {
                    return Ok(false);
                }
                if let Some(NewMap {
                    kept,
                    content,
                    marks,
                }) = &with
                {
                    keep(work, kept, content, marks)?;
                }
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn name_map<'a>(&'a self, id: Uuid, provider_name: &'a str) -> Answer<'a, ()> {
        let provider_name = provider_name.to_owned();
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "update kept_maps set provider_name = $2 where id = $1",
                    values![id, provider_name.as_str()],
                )?;
                Ok(())
            })
            .await
        })
    }

    fn kept_map(
        &self,
        key: GatewayKeyId,
        id: Uuid,
        now: Timestamp,
    ) -> Answer<'_, Option<(KeptMap, Opened)>> {
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    select!(
                        ", sealed",
                        "where id = $1 and gateway_key = $2 and ends_at > $3"
                    ),
                    values![id, key.0, now],
                )?;
                row.map(|row| opened(work, row)).transpose()
            })
            .await
        })
    }

    fn kept_maps(
        &self,
        key: GatewayKeyId,
        kind: KeptKind,
        part: KeptPart,
        now: Timestamp,
        n: u32,
    ) -> Answer<'_, Vec<KeptMap>> {
        Box::pin(async move {
            self.read(move |work| listed(work.session, (key, kind), part, now, n))
                .await
        })
    }

    fn end_map(&self, id: Uuid, entry: Entry) -> Answer<'_, bool> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let is_there = end(work, id)?;
                if is_there {
                    work.explain(&entry)?;
                }
                Ok(is_there)
            })
            .await
        })
    }
}

/// Whether a map is there, and its content too.
fn is_whole(session: &mut dyn Session, id: Uuid) -> Result<bool, Fault> {
    let found = session.row(
        "select 1 from kept_maps where id = $1 and length(sealed) > 0",
        values![id],
    )?;
    Ok(found.is_some())
}

/// How many of those that have a bound; of answers and conversations there are as many as a key may ask for.
fn n_kept(session: &mut dyn Session, map: &KeptMap) -> Result<i64, Fault> {
    let row = session.row(
        "select count(*) from kept_maps where gateway_key = $1 and kind <> $2 and kind <> $4 and ends_at > $3",
        values![
            map.key.0,
            KeptKind::Response.name(),
            map.created_at,
            KeptKind::Conversation.name()
        ],
    )?;
    row.map_or(Ok(0), |mut row| row.integer(0))
}

fn keep(work: &mut Work<'_>, map: &KeptMap, content: &str, marks: &[Mark]) -> Result<(), Fault> {
    // Nobody else's keys hang under this one: destroying it leaves every other as it is.
    work.keys.add_subject(map.id)?;
    work.keys.add_object(map.id, map.id)?;
    let sealed = work
        .keys
        .seal(map.id, &place(&map.id), content.as_bytes())?;
    work.session.execute(
        "insert into kept_maps (id, gateway_key, kind, recipient, provider_name, sealed, created_at, ends_at, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            map.id,
            map.key.0,
            map.kind.name(),
            map.recipient.as_str(),
            map.provider_name.clone(),
            sealed,
            map.created_at,
            map.ends_at,
            i64::from(map.version)
        ],
    )?;
    mark_map(work, map.id, marks)
}

fn mark_map(work: &mut Work<'_>, id: Uuid, marks: &[Mark]) -> Result<(), Fault> {
    for mark in marks {
        work.session.execute(
            "insert into kept_map_marks (mark, map) values ($1, $2) on conflict (mark, map) do nothing",
            values![mark.to_vec(), id],
        )?;
    }
    Ok(())
}

/// Writes a map anew if it is still the version that was read, and nothing of it was erased.
fn grow(work: &mut Work<'_>, growth: &Growth) -> Result<bool, Fault> {
    let (id, version) = (growth.id, i64::from(growth.version));
    let is_there = work.session.row(
        "select 1 from kept_maps where id = $1 and version = $2 and length(sealed) > 0",
        values![id, version],
    )?;
    // Without it there is no key to seal with either.
    if is_there.is_none() {
        return Ok(false);
    }
    let sealed = work.keys.seal(id, &place(&id), growth.content.as_bytes())?;
    // Another program may have written it in between.
    let n = work.session.execute(
        "update kept_maps set sealed = $3, ends_at = $4, version = version + 1
         where id = $1 and version = $2 and length(sealed) > 0",
        values![id, version, sealed, growth.ends_at],
    )?;
    if n == 0 {
        return Ok(false);
    }
    mark_map(work, id, &growth.marks)?;
    Ok(true)
}

fn listed(
    session: &mut dyn Session,
    (key, kind): (GatewayKeyId, KeptKind),
    part: KeptPart,
    now: Timestamp,
    n: u32,
) -> Result<Vec<KeptMap>, Fault> {
    let (kind, n) = (kind.name(), i64::from(n));
    // Ids are in the order of time.
    let rows = match part {
        KeptPart::First => session.rows(
            select!(
                "",
                "where gateway_key = $1 and kind = $2 and ends_at > $3 and provider_name is not null
                 order by id desc limit $4"
            ),
            values![key.0, kind, now, n],
        )?,
        KeptPart::After(id) => session.rows(
            select!(
                "",
                "where gateway_key = $1 and kind = $2 and ends_at > $3 and provider_name is not null and id < $5
                 order by id desc limit $4"
            ),
            values![key.0, kind, now, n, id],
        )?,
        KeptPart::Before(id) => {
            let mut rows = session.rows(
                select!(
                    "",
                    "where gateway_key = $1 and kind = $2 and ends_at > $3 and provider_name is not null and id > $5
                     order by id limit $4"
                ),
                values![key.0, kind, now, n, id],
            )?;
            rows.reverse();
            rows
        }
    };
    rows.into_iter().map(|mut row| read(&mut row)).collect()
}

fn read(row: &mut Row) -> Result<KeptMap, Fault> {
    Ok(KeptMap {
        id: row.id(0)?,
        key: GatewayKeyId(row.id(1)?),
        kind: KeptKind::parse(&row.text(2)?).ok_or(Fault::Stored("kept_maps.kind"))?,
        recipient: row.text(3)?,
        provider_name: row.maybe_text(4)?,
        created_at: row.time(5)?,
        ends_at: row.time(6)?,
        version: u32::try_from(row.integer(7)?).map_err(|_| Fault::Stored("kept_maps.version"))?,
    })
}

fn opened(work: &ReadWork<'_>, mut row: Row) -> Result<(KeptMap, Opened), Fault> {
    let map = read(&mut row)?;
    let plain = match work
        .keys
        .open_sealed(map.id, &place(&map.id), &row.bytes(8)?)
    {
        Err(KeyFault::Gone) => return Ok((map, None)),
        plain => plain?,
    };
    let content = std::str::from_utf8(&plain).map_err(|_| Fault::Stored("kept_maps.sealed"))?;
    let content = Zeroizing::new(content.to_owned());
    Ok((map, Some(content)))
}

const fn place(id: &Uuid) -> Place<'_> {
    Place {
        table: "kept_maps",
        row: id.as_bytes(),
        column: "sealed",
        subject: *id,
        category: "",
    }
}

/// Destroys a map: its key first, then its bytes.
fn end(work: &mut Work<'_>, id: Uuid) -> Result<bool, Fault> {
    condemn(work, id)?;
    remove(work.session, id)
}

fn condemn(work: &mut Work<'_>, id: Uuid) -> Result<(), Fault> {
    if work.keys.has_subject(id)? {
        work.keys.condemn_subject(id);
    }
    Ok(())
}

fn remove(session: &mut dyn Session, id: Uuid) -> Result<bool, Fault> {
    session.execute("delete from kept_map_marks where map = $1", values![id])?;
    let n = session.execute("delete from kept_maps where id = $1", values![id])?;
    Ok(n > 0)
}

/// Destroys every map in which this identifier stands. That the provider keeps something stays known: whoever made it may
/// want it deleted.
pub(crate) fn forget(work: &mut Work<'_>, mark: &Mark) -> Result<(), Fault> {
    let rows = work.session.rows(
        "select map from kept_map_marks where mark = $1",
        values![mark.to_vec()],
    )?;
    for mut row in rows {
        let id = row.id(0)?;
        condemn(work, id)?;
        work.session
            .execute("delete from kept_map_marks where map = $1", values![id])?;
        work.session.execute(
            "update kept_maps set sealed = $2 where id = $1",
            values![id, Vec::new()],
        )?;
    }
    Ok(())
}

/// So long a recipient has to say by which name it knows something; if it did not, nobody can ask for it. Longer than any
/// answer takes.
const NAMELESS: SignedDuration = SignedDuration::from_hours(24);

/// So many maps end in one step of a run.
const STEP: i64 = 500;

/// Whether a map has ended, or never got a name.
pub(crate) fn has_old(session: &mut dyn Session, now: Timestamp) -> Result<bool, Fault> {
    Ok(!old(session, now, 1)?.is_empty())
}

/// Destroys maps that have ended or never got a name, as many as go in one step.
pub(crate) fn end_old(work: &mut Work<'_>, now: Timestamp) -> Result<(), Fault> {
    for mut row in old(work.session, now, STEP)? {
        end(work, row.id(0)?)?;
    }
    Ok(())
}

/// Each of the two has an index of its own: asked for at once, every map there is would be looked at.
fn old(session: &mut dyn Session, now: Timestamp, n: i64) -> Result<Vec<Row>, Fault> {
    let mut rows = session.rows(
        "select id from kept_maps where ends_at <= $1 order by ends_at limit $2",
        values![now, n],
    )?;
    let left = n - i64::try_from(rows.len()).unwrap_or(n);
    if left > 0 {
        let nameless_since = now.checked_sub(NAMELESS).unwrap_or(Timestamp::MIN);
        rows.extend(session.rows(
            "select id from kept_maps where provider_name is null and created_at <= $1 and ends_at > $2
             order by created_at limit $3",
            values![nameless_since, now, left],
        )?);
    }
    Ok(rows)
}

/// Removes what a restored copy holds of maps whose keys were destroyed.
pub(crate) fn remove_unreadable(work: &mut Work<'_>) -> Result<(), Fault> {
    for mut row in work.session.rows("select id from kept_maps", values![])? {
        let id = row.id(0)?;
        if !work.keys.has_subject(id)? {
            remove(work.session, id)?;
        }
    }
    Ok(())
}
