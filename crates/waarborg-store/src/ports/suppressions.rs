//! Addresses to which nothing is sent for a purpose any more.

use jiff::Timestamp;
use waarborg_domain::entry::Entry;
use waarborg_usecase::ports::{Answer, Mark, Suppressions};

use crate::archive::Archive;
use crate::engine::{Fault, Session, Urgency, values};
use crate::keys::Act;

impl Suppressions for Archive {
    fn suppress(
        &self,
        mark: Mark,
        purposes: Vec<String>,
        at: Timestamp,
        entry: Entry,
    ) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                for purpose in &purposes {
                    let act = Act::Suppress {
                        mark,
                        purpose: purpose.clone(),
                    };
                    work.keys.append_ledger(at.as_microsecond(), &act)?;
                    suppress(work.session, &mark, purpose, at)?;
                }
                work.explain(&entry)
            })
            .await
        })
    }

    fn suppressed<'a>(&'a self, marks: Vec<Mark>, purpose: &'a str) -> Answer<'a, Vec<bool>> {
        let purpose = purpose.to_owned();
        Box::pin(async move {
            self.read(move |work| {
                let mut found = Vec::with_capacity(marks.len());
                for mark in &marks {
                    let row = work.session.row(
                        "select 1 from suppressions where mark = $1 and purpose = $2",
                        values![mark.to_vec(), purpose.as_str()],
                    )?;
                    found.push(row.is_some());
                }
                Ok(found)
            })
            .await
        })
    }
}

/// Notes that nothing is sent to an address for a purpose.
pub(crate) fn suppress(
    session: &mut dyn Session,
    mark: &Mark,
    purpose: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    session.execute(
        "insert into suppressions (mark, purpose, at) values ($1, $2, $3) on conflict do nothing",
        values![mark.to_vec(), purpose, at],
    )?;
    Ok(())
}
