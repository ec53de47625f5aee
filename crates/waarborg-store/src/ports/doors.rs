//! Who is at the door: sessions, one-time links and the keys of applications.

use jiff::{SignedDuration, Timestamp};
use waarborg_domain::entry::{Entry, Role};
use waarborg_domain::ids::{GatewayKeyId, SessionId, SubjectId, Token};
use waarborg_usecase::ports::{
    Answer, ConsoleTicket, GatewayKey, GatewayKeys, KeyBounds, Session, SessionHolder, Sessions,
    StoreError, Used,
};

use super::key_cache::instant;
use crate::archive::Archive;
use crate::engine::{Fault, Row, Urgency, Value, values};

impl Sessions for Archive {
    fn begin<'a>(
        &'a self,
        session: Session,
        token: &'a Token,
        entry: Option<Entry>,
    ) -> Answer<'a, ()> {
        let fingerprint = self.secrets().fingerprint("session", token);
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let (subject, staff) = match session.holder {
                    SessionHolder::Visitor(subject) => (Some(subject.0), None),
                    SessionHolder::Staff(role) => (None, Some(role.name())),
                };
                work.session.execute(
                    "insert into sessions (id, fingerprint, subject, staff, created_at, expires_at)
                     values ($1, $2, $3, $4, $5, $6)",
                    values![
                        session.id.0,
                        fingerprint,
                        subject,
                        staff,
                        session.created_at,
                        session.expires_at
                    ],
                )?;
                entry.as_ref().map_or(Ok(()), |entry| work.explain(entry))
            })
            .await
        })
    }

    fn session<'a>(&'a self, token: &'a Token, now: Timestamp) -> Answer<'a, Option<Session>> {
        let fingerprint = self.secrets().fingerprint("session", token);
        Box::pin(async move {
            self.read(move |work| {
                let row = work.session.row(
                    "select id, subject, staff, created_at, expires_at from sessions
                     where fingerprint = $1 and expires_at > $2",
                    values![fingerprint, now],
                )?;
                row.map(session).transpose()
            })
            .await
        })
    }

    fn prolong(&self, id: SessionId, expires_at: Timestamp) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "update sessions set expires_at = $2 where id = $1 and expires_at < $2",
                    values![id.0, expires_at],
                )?;
                Ok(())
            })
            .await
        })
    }

    fn end(&self, id: SessionId) -> Answer<'_, ()> {
        Box::pin(async move {
            self.write(Urgency::Essential, move |work| {
                work.session
                    .execute("delete from sessions where id = $1", values![id.0])?;
                Ok(())
            })
            .await
        })
    }

    fn add_ticket<'a>(
        &'a self,
        ticket: ConsoleTicket,
        token: &'a Token,
        entry: Entry,
    ) -> Answer<'a, ()> {
        let fingerprint = self.secrets().fingerprint("ticket", token);
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "insert into tickets (fingerprint, staff, expires_at) values ($1, $2, $3)",
                    values![fingerprint, ticket.role.name(), ticket.expires_at],
                )?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn take_ticket<'a>(
        &'a self,
        token: &'a Token,
        now: Timestamp,
    ) -> Answer<'a, Option<ConsoleTicket>> {
        let fingerprint = self.secrets().fingerprint("ticket", token);
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                let link = work.session.row(
                    "delete from tickets where fingerprint = $1 returning staff, expires_at",
                    values![fingerprint],
                )?;
                let Some(mut link) = link else {
                    return Ok(None);
                };
                let ticket = ConsoleTicket {
                    role: role(&link.text(0)?)?,
                    expires_at: link.time(1)?,
                };
                Ok((ticket.expires_at > now).then_some(ticket))
            })
            .await
        })
    }
}

/// What a key used up is forgotten after its month.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24 * 62);

impl GatewayKeys for Archive {
    fn issue<'a>(&'a self, key: GatewayKey, token: &'a Token, entry: Entry) -> Answer<'a, ()> {
        let fingerprint = self.secrets().fingerprint("gateway key", token);
        Box::pin(async move {
            self.write(Urgency::Ordinary, move |work| {
                work.session.execute(
                    "insert into gateway_keys (id, fingerprint, label, service, purpose, created_at, expires_at,
                                               revoked_at, models, policy, requests_per_minute, tokens_per_day,
                                               cents_per_month, user_group, may_confirm, signed_by)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
                    values![
                        key.id.0,
                        fingerprint,
                        key.label.as_str(),
                        key.service.as_str(),
                        key.purpose.as_str(),
                        key.created_at,
                        key.expires_at,
                        key.revoked_at,
                        key.bounds.models.join("\n"),
                        key.bounds.policy.as_deref(),
                        key.bounds.requests_per_minute.map(i64::from),
                        key.bounds
                            .tokens_per_day
                            .map(|tokens| i64::try_from(tokens).unwrap_or(i64::MAX)),
                        key.bounds.cents_per_month.map(i64::from),
                        key.bounds.group.as_deref(),
                        i64::from(key.bounds.may_confirm),
                        key.bounds.signed_by.as_deref()
                    ],
                )?;
                work.explain(&entry)
            })
            .await
        })
    }

    fn gateway_key<'a>(&'a self, token: &'a Token) -> Answer<'a, Option<GatewayKey>> {
        let fingerprint = self.secrets().fingerprint("gateway key", token);
        Box::pin(self.one_key(
            fingerprint,
            "select id, label, service, purpose, created_at, expires_at, revoked_at, models, policy,
                    requests_per_minute, tokens_per_day, cents_per_month, user_group, may_confirm, signed_by
             from gateway_keys where fingerprint = $1",
            fingerprint.into(),
        ))
    }

    fn gateway_key_by_id(&self, id: GatewayKeyId) -> Answer<'_, Option<GatewayKey>> {
        let mut place = [0; 32];
        let (_, last) = place.split_at_mut(16);
        last.copy_from_slice(id.0.as_bytes());
        Box::pin(self.one_key(
            place,
            "select id, label, service, purpose, created_at, expires_at, revoked_at, models, policy,
                    requests_per_minute, tokens_per_day, cents_per_month, user_group, may_confirm, signed_by
             from gateway_keys where id = $1",
            id.0.into(),
        ))
    }

    fn gateway_keys(&self) -> Answer<'_, Vec<GatewayKey>> {
        Box::pin(async move {
            self.read(move |work| {
                let rows = work.session.rows(
                    "select id, label, service, purpose, created_at, expires_at, revoked_at, models, policy,
                                requests_per_minute, tokens_per_day, cents_per_month, user_group, may_confirm, signed_by
                     from gateway_keys order by created_at, id",
                    values![],
                )?;
                rows.into_iter().map(gateway_key).collect()
            })
            .await
        })
    }

    fn revoke(&self, id: GatewayKeyId, at: Timestamp, entry: Entry) -> Answer<'_, ()> {
        Box::pin(async move {
            let revoked = self
                .write(Urgency::Essential, move |work| {
                    work.session.execute(
                    "update gateway_keys set revoked_at = coalesce(revoked_at, $2) where id = $1",
                    values![id.0, at],
                )?;
                    work.explain(&entry)
                })
                .await;
            // Also where nobody knows whether it was written.
            self.key_cache().forget();
            revoked
        })
    }

    fn use_up(&self, used: Used) -> Answer<'_, u64> {
        Box::pin(async move {
            let total = self
                .write(Urgency::Ordinary, move |work| {
                    let row = work.session.row(
                        "insert into key_usage (key, measure, starts_at, used) values ($1, $2, $3, $4)
                         on conflict (key, measure, starts_at) do update set used = key_usage.used + excluded.used
                         returning used",
                        values![used.key.0, used.measure.name(), used.starts_at, used.amount],
                    )?;
                    let total = row.map_or(Ok(0), |mut row| row.integer(0))?;
                    if total == used.amount {
                        // The first of its window clears up, also behind keys and people who never come back.
                        work.session.execute(
                            "delete from key_usage where measure = $1 and starts_at < $2",
                            values![used.measure.name(), used.starts_at - FORGOTTEN_AFTER],
                        )?;
                    }
                    Ok(total)
                })
                .await?;
            Ok(u64::try_from(total).unwrap_or_default())
        })
    }
}

impl Archive {
    /// A key, from memory if it was asked for a moment ago. Its place there is the fingerprint of its secret, or its id behind
    /// sixteen zeros, which no fingerprint has.
    async fn one_key(
        &self,
        place: [u8; 32],
        query: &'static str,
        by: Value,
    ) -> Result<Option<GatewayKey>, StoreError> {
        let asked_at = instant();
        let before = match self.key_cache().find(&place, asked_at) {
            Ok(key) => return Ok(Some(key)),
            Err(before) => before,
        };
        let found = self
            .read(move |work| {
                let row = work.session.row(query, std::slice::from_ref(&by))?;
                row.map(gateway_key).transpose()
            })
            .await?;
        if let Some(key) = &found {
            self.key_cache().keep(before, place, asked_at, key);
        }
        Ok(found)
    }
}

fn session(mut row: Row) -> Result<Session, Fault> {
    let holder = match row.maybe_id(1)? {
        Some(subject) => SessionHolder::Visitor(SubjectId(subject)),
        None => SessionHolder::Staff(role(&row.text(2)?)?),
    };
    Ok(Session {
        id: SessionId(row.id(0)?),
        holder,
        created_at: row.time(3)?,
        expires_at: row.time(4)?,
    })
}

fn gateway_key(mut row: Row) -> Result<GatewayKey, Fault> {
    Ok(GatewayKey {
        id: GatewayKeyId(row.id(0)?),
        label: row.text(1)?,
        service: row.text(2)?,
        purpose: row.text(3)?,
        created_at: row.time(4)?,
        expires_at: row.maybe_time(5)?,
        revoked_at: row.maybe_time(6)?,
        stands_for: None,
        bounds: KeyBounds {
            models: row.text(7)?.lines().map(str::to_owned).collect(),
            policy: row.maybe_text(8)?,
            requests_per_minute: number(row.maybe_integer(9)?)?,
            tokens_per_day: number(row.maybe_integer(10)?)?,
            cents_per_month: number(row.maybe_integer(11)?)?,
            group: row.maybe_text(12)?,
            may_confirm: row.integer(13)? != 0,
            signed_by: row.maybe_text(14)?,
        },
    })
}

fn number<N: TryFrom<i64>>(stored: Option<i64>) -> Result<Option<N>, Fault> {
    stored
        .map(|number| {
            N::try_from(number).map_err(|_| Fault::Stored("of a number of a gateway key"))
        })
        .transpose()
}

fn role(name: &str) -> Result<Role, Fault> {
    Role::parse(name).ok_or(Fault::Stored("of a role"))
}
