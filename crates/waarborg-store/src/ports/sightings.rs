//! Identifiers that stood in prompts, as keyed fingerprints: collected in memory, kept in one go.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;
use waarborg_domain::entry::Entry;
use waarborg_usecase::ports::{Answer, Mark, Seen, Sighting, Sightings};

use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, Urgency, values};
use crate::keys::Act;
use crate::ports::kept_maps;

/// Different sightings that wait for the disk at most; so many in a second are no people's work.
const MOST_WAITING: usize = 1 << 17;

/// Of what a line is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    mark: Mark,
    service: String,
    recipient: String,
    day: Date,
}

#[derive(Clone, Debug)]
struct Count {
    kind: &'static str,
    rule: String,
    ends_at: Timestamp,
    n: i64,
    n_plain: i64,
}

/// Sightings that wait to be kept.
#[derive(Debug, Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<Line, Count>>);

impl Waiting {
    fn lines(&self) -> MutexGuard<'_, BTreeMap<Line, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, line: Line, count: Count) {
        let mut lines = self.lines();
        if let Some(known) = lines.get_mut(&line) {
            known.n += count.n;
            known.n_plain += count.n_plain;
            known.ends_at = known.ends_at.max(count.ends_at);
        } else if lines.len() < MOST_WAITING {
            lines.insert(line, count);
        }
    }
}

impl Sightings for Archive {
    fn see(&self, sightings: Vec<Sighting>) {
        for sighting in sightings {
            let line = Line {
                mark: sighting.mark,
                service: sighting.service,
                recipient: sighting.recipient,
                day: sighting.day,
            };
            let count = Count {
                kind: sighting.kind,
                rule: sighting.rule,
                ends_at: sighting.ends_at,
                n: 1,
                n_plain: i64::from(!sighting.is_replaced),
            };
            self.waiting().add(line, count);
        }
    }

    fn keep_seen(&self) -> Answer<'_, u64> {
        Box::pin(async move {
            let lines = std::mem::take(&mut *self.waiting().lines());
            if lines.is_empty() {
                return Ok(0);
            }
            let n = lines.len() as u64;
            let kept = lines.clone();
            let written = self
                .write(Urgency::Ordinary, move |work| {
                    for (line, count) in &kept {
                        add(work.session, line, count)?;
                    }
                    Ok(())
                })
                .await;
            if written.is_err() {
                for (line, count) in lines {
                    self.waiting().add(line, count);
                }
            }
            written.map(|()| n)
        })
    }

    fn seen(&self, marks: Vec<Mark>) -> Answer<'_, Vec<Seen>> {
        Box::pin(async move {
            self.keep_seen().await?;
            self.read(move |work| {
                let mut found = Vec::new();
                for mark in &marks {
                    let rows = work.session.rows(
                        "select kind, service, recipient, min(day), max(day), cast(sum(n) as bigint),
                                cast(sum(n_plain) as bigint), max(ends_at)
                         from sightings where mark = $1 group by kind, service, recipient
                         order by kind, service, recipient",
                        values![mark.to_vec()],
                    )?;
                    for row in rows {
                        found.push(seen(*mark, row)?);
                    }
                }
                Ok(found)
            })
            .await
        })
    }

    fn forget_seen(&self, marks: Vec<Mark>, at: Timestamp, entry: Entry) -> Answer<'_, u64> {
        Box::pin(async move {
            self.keep_seen().await?;
            self.write(Urgency::Essential, move |work| {
                let mut n = 0;
                for mark in &marks {
                    let act = Act::ForgetSeen { mark: *mark };
                    work.keys.append_ledger(at.as_microsecond(), &act)?;
                    n += forget(work.session, mark)?;
                    kept_maps::forget(work, mark)?;
                }
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }
}

/// Forgets an identifier. Says how many lines are gone.
pub(crate) fn forget(session: &mut dyn Session, mark: &Mark) -> Result<u64, Fault> {
    session.execute(
        "delete from sightings where mark = $1",
        values![mark.to_vec()],
    )
}

/// How many lines end until now.
pub(crate) fn due(session: &mut dyn Session, now: Timestamp) -> Result<u64, Fault> {
    let row = session.row(
        "select count(*) from sightings where ends_at <= $1",
        values![now],
    )?;
    let n = row.map_or(Ok(0), |mut row| row.integer(0))?;
    u64::try_from(n).map_err(|_| Fault::Stored("of a count"))
}

/// Ends the lines whose time has come. Says how many.
pub(crate) fn end(session: &mut dyn Session, now: Timestamp) -> Result<u64, Fault> {
    session.execute("delete from sightings where ends_at <= $1", values![now])
}

fn add(session: &mut dyn Session, line: &Line, count: &Count) -> Result<(), Fault> {
    session.execute(
        "insert into sightings (mark, kind, service, recipient, day, rule, ends_at, n, n_plain)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (mark, service, recipient, day) do update
         set n = sightings.n + excluded.n, n_plain = sightings.n_plain + excluded.n_plain,
             rule = excluded.rule, ends_at = excluded.ends_at",
        values![
            line.mark.to_vec(),
            count.kind,
            line.service.as_str(),
            line.recipient.as_str(),
            line.day.to_string(),
            count.rule.as_str(),
            count.ends_at,
            count.n,
            count.n_plain
        ],
    )?;
    Ok(())
}

fn seen(mark: Mark, mut row: Row) -> Result<Seen, Fault> {
    let day = |text: String| text.parse().map_err(|_| Fault::Stored("sightings.day"));
    let count = |n: i64| u64::try_from(n).map_err(|_| Fault::Stored("sightings.n"));
    Ok(Seen {
        mark,
        kind: row.text(0)?,
        service: row.text(1)?,
        recipient: row.text(2)?,
        first_on: day(row.text(3)?)?,
        last_on: day(row.text(4)?)?,
        n: count(row.integer(5)?)?,
        n_plain: count(row.integer(6)?)?,
        until: row.time(7)?,
    })
}
