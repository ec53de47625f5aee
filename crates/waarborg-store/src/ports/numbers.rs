//! What is left of records that ended as numbers. A row counts; it points to nobody and to nothing.

use jiff::tz::TimeZone;
use uuid::Uuid;
use waarborg_usecase::ports::{Answer, Number, Numbers};

use crate::archive::Archive;
use crate::engine::{Fault, Row, Session, values};

impl Numbers for Archive {
    fn numbers(&self, least: u64) -> Answer<'_, Vec<Number>> {
        let least = i64::try_from(least).unwrap_or(i64::MAX);
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select month, service, category, n from numbers where n >= $1
                     order by month, service, category",
                    values![least],
                )?;
                rows.into_iter().map(number).collect()
            })
            .await
        })
    }
}

fn number(mut row: Row) -> Result<Number, Fault> {
    Ok(Number {
        month: row.text(0)?,
        service: row.text(1)?,
        category: row.text(2)?,
        n: u64::try_from(row.integer(3)?).map_err(|_| Fault::Stored("numbers.n"))?,
    })
}

/// Counts a record that ends now, if its last claims say that a number of it stays.
pub(crate) fn count(session: &mut dyn Session, record: Uuid) -> Result<(), Fault> {
    let row = session.row(
        "select r.service, r.category, r.created_at from records r where r.id = $1 and exists (
             select 1 from claims c where c.record = r.id and c.action in ('anonymise', 'aggregate'))",
        values![record],
    )?;
    let Some(mut row) = row else { return Ok(()) };
    let (service, category) = (row.text(0)?, row.text(1)?);
    let day = row.time(2)?.to_zoned(TimeZone::UTC).date();
    // Only the month: a day and an hour could say who it was.
    let month = format!("{:04}-{:02}", day.year(), day.month());
    session.execute(
        "insert into numbers (month, service, category, n) values ($1, $2, $3, 1)
         on conflict (month, service, category) do update set n = numbers.n + 1",
        values![month, service, category],
    )?;
    Ok(())
}
