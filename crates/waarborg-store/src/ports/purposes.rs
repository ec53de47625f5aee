//! What is kept for a purpose, by an index of its own, and the end of a purpose.

use jiff::Timestamp;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{RecordId, SubjectId};
use waarborg_usecase::ports::{Answer, KeptFor, Purposes};

use crate::archive::Archive;
use crate::claims;
use crate::engine::{Fault, Row, Urgency, Value};
use crate::keys::Act;

impl Purposes for Archive {
    fn kept_for<'a>(
        &'a self,
        purpose: &'a str,
        after: Option<RecordId>,
        limit: u32,
    ) -> Answer<'a, Vec<KeptFor>> {
        let purpose = purpose.to_owned();
        // Before every id there is nothing.
        let after = after.map_or_else(|| Value::Bytes(Vec::new()), |after| Value::from(after.0));
        Box::pin(async move {
            self.read(move |work| {
                let [purpose, limit] = [Value::from(purpose.as_str()), Value::from(i64::from(limit))];
                let rows = work.session.rows(
                    "select c.record, r.subject, r.category, c.ends_at from claims c join records r on r.id = c.record
                     where c.purpose = $1 and c.record > $2 order by c.record, c.position limit $3",
                    &[purpose, after.clone(), limit],
                )?;
                rows.into_iter().map(kept_for).collect()
            })
            .await
        })
    }

    fn end_by<'a>(&'a self, purpose: &'a str, day: Timestamp, entry: Entry) -> Answer<'a, u64> {
        let purpose = purpose.to_owned();
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let by = day.as_microsecond();
                let n = claims::end_by(work.session, &purpose, by)?;
                let act = Act::EndPurpose {
                    purpose: purpose.clone(),
                    by,
                };
                work.keys.append_ledger(entry.at.as_microsecond(), &act)?;
                work.explain(&entry)?;
                Ok(n)
            })
            .await
        })
    }
}

fn kept_for(mut row: Row) -> Result<KeptFor, Fault> {
    Ok(KeptFor {
        record: RecordId(row.id(0)?),
        subject: SubjectId(row.id(1)?),
        category: row.text(2)?,
        ends_at: row.maybe_time(3)?,
    })
}
