//! The registers that were in force, and the changes on their way; nothing ever removes one.

use uuid::Uuid;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::ObjectId;
use waarborg_domain::register::change::{Change, Step};
use waarborg_usecase::ports::{Answer, ChangeTexts, KeptRegister, Registers};

use super::changes;
use super::mails;
use crate::archive::Archive;
use crate::engine::{Fault, Row, Urgency, values};

impl Registers for Archive {
    fn keep_register(&self, register: KeptRegister, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "insert into registers (number, digest, notice_version, source, noted_at, starts_on)
                     select coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 from registers",
                    values![
                        register.digest.as_str(),
                        register.notice_version.as_str(),
                        register.source.as_str(),
                        register.noted_at,
                        register.starts_on.to_string()
                    ],
                )?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn registers(&self) -> Answer<'_, Vec<KeptRegister>> {
        Box::pin(async move {
            self.read(|work| {
                let rows = work.session.rows(
                    "select digest, notice_version, source, noted_at, starts_on from registers order by number",
                    values![],
                )?;
                rows.into_iter().map(kept).collect()
            })
            .await
        })
    }

    fn begin_change(&self, change: Change, texts: ChangeTexts, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            let secrets = self.share_secrets();
            self.write(Urgency::Ordinary, move |work| {
                changes::begin(work.session, &secrets, &change, &texts)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn step_change(
        &self,
        id: Uuid,
        seen: usize,
        step: Step,
        says: Option<(String, ChangeTexts)>,
        entry: Entry,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            let secrets = self.share_secrets();
            self.write(Urgency::Ordinary, move |work| {
                if !changes::step(work.session, &secrets, id, seen, &step, says.as_ref())? {
                    return Ok(false);
                }
                work.explain(&entry)?;
                Ok(true)
            })
            .await
        })
    }

    fn tell_change(
        &self,
        (id, seen): (Uuid, usize),
        step: Step,
        job: ObjectId,
        (noted, queued): (Entry, Entry),
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            let secrets = self.share_secrets();
            self.write(Urgency::Ordinary, move |work| {
                if !changes::step(work.session, &secrets, id, seen, &step, None)? {
                    return Ok(false);
                }
                work.explain(&noted)?;
                mails::release(work, job, &queued)?;
                Ok(true)
            })
            .await
        })
    }

    fn changes(&self) -> Answer<'_, Vec<Change>> {
        Box::pin(async move {
            let secrets = self.share_secrets();
            self.read(move |work| changes::all(work.session, &secrets))
                .await
        })
    }

    fn change_texts(&self, id: Uuid) -> Answer<'_, Option<ChangeTexts>> {
        Box::pin(async move {
            self.read(move |work| changes::texts(work.session, id))
                .await
        })
    }
}

fn kept(mut row: Row) -> Result<KeptRegister, Fault> {
    let starts_on = row.text(4)?;
    Ok(KeptRegister {
        digest: row.text(0)?,
        notice_version: row.text(1)?,
        source: row.text(2)?,
        noted_at: row.time(3)?,
        starts_on: starts_on
            .parse()
            .map_err(|_| Fault::Damaged("the day on which a register starts".to_owned()))?,
    })
}
