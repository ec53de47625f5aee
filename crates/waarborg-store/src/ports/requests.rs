//! Data-subject requests.

use uuid::Uuid;
use waarborg_domain::calendar::Due;
use waarborg_domain::entry::Entry;
use waarborg_domain::ids::{RequestId, SubjectId, Token};
use waarborg_domain::permit::Permit;
use waarborg_domain::rights::{Channel, Reference, Request, Right, Stage};
use waarborg_usecase::ports::{Answer, NewRecord, Requests};

use super::people::add_subject;
use super::records::{reveal, seal_all};
use crate::archive::Archive;
use crate::engine::{Fault, Row, Urgency, values};

impl Requests for Archive {
    fn add<'a>(
        &'a self,
        permit: &'a Permit<'a>,
        request: Request,
        secret: &'a Token,
        records: Vec<NewRecord>,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let secret = self.secrets().fingerprint("request", secret);
        Box::pin(async move {
            let records = reveal(permit, records)?;
            self.write(Urgency::Essential, move |work| {
                // Whoever asks without having been here before becomes known by asking.
                add_subject(work, request.subject.0, "", request.received_at)?;
                work.session.execute(
                    "insert into requests (id, reference, secret, asked, subject, channel, received_at, aim, latest, stage)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                    values![
                        request.id.0,
                        request.reference.as_str(),
                        secret,
                        request.right.name(),
                        request.subject.0,
                        request.channel.name(),
                        request.received_at,
                        request.due.aim.to_string(),
                        request.due.latest.to_string(),
                        request.stage.name()
                    ],
                )?;
                seal_all(work, &records)?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn by_reference<'a>(
        &'a self,
        reference: &'a str,
        secret: &'a Token,
    ) -> Answer<'a, Option<Request>> {
        let secret = self.secrets().fingerprint("request", secret);
        let reference = Reference::parse(reference);
        Box::pin(async move {
            let Some(reference) = reference else {
                return Ok(None);
            };
            self.read(move |work| {
                let row = work.session.row(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage
                     from requests where reference = $1 and secret = $2",
                    values![reference.as_str(), secret],
                )?;
                row.map(request).transpose()
            })
            .await
        })
    }

    fn request(&self, id: RequestId) -> Answer<'_, Option<Request>> {
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage
                     from requests where id = $1",
                    values![id.0],
                )?;
                row.map(request).transpose()
            })
            .await
        })
    }

    fn requests(&self) -> Answer<'_, Vec<Request>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage
                     from requests order by aim, received_at, id",
                    values![],
                )?;
                rows.into_iter().map(request).collect()
            })
            .await
        })
    }

    fn requests_of(&self, subject: SubjectId) -> Answer<'_, Vec<Request>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, reference, asked, subject, channel, received_at, aim, latest, stage
                     from requests where subject = $1 order by received_at, id",
                    values![subject.0],
                )?;
                rows.into_iter().map(request).collect()
            })
            .await
        })
    }

    fn move_to(&self, id: RequestId, stage: Stage, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                let row = work
                    .session
                    .row("select stage from requests where id = $1", values![id.0])?;
                let from = row.map(|mut row| row.text(0)).transpose()?;
                let from = from.as_deref().and_then(Stage::parse);
                // Answering twice is answering once.
                if from.is_some_and(|from| from != stage && !from.may_become(stage)) {
                    return Err(Fault::NotAllowed("a stage that cannot follow"));
                }
                set_stage(work.session, id.0, stage)?;
                work.explain(&entry)
            })
            .await
        })
    }
}

fn set_stage(
    session: &mut dyn crate::engine::Session,
    id: Uuid,
    stage: Stage,
) -> Result<(), Fault> {
    session.execute(
        "update requests set stage = $2 where id = $1",
        values![id, stage.name()],
    )?;
    Ok(())
}

fn request(mut row: Row) -> Result<Request, Fault> {
    let day = |text: String| text.parse().map_err(|_| Fault::Stored("of a day"));
    Ok(Request {
        id: RequestId(row.id(0)?),
        reference: Reference::parse(&row.text(1)?).ok_or(Fault::Stored("requests.reference"))?,
        right: Right::parse(&row.text(2)?).ok_or(Fault::Stored("requests.asked"))?,
        subject: SubjectId(row.id(3)?),
        channel: Channel::parse(&row.text(4)?).ok_or(Fault::Stored("requests.channel"))?,
        received_at: row.time(5)?,
        due: Due {
            aim: day(row.text(6)?)?,
            latest: day(row.text(7)?)?,
        },
        stage: Stage::parse(&row.text(8)?).ok_or(Fault::Stored("requests.stage"))?,
    })
}
