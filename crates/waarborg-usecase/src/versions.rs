//! The versions of the register: each is kept word for word, and counts from its day on, not before.

use jiff::civil::Date;
use waarborg_domain::entry::{Act, Actor, Entry, Facts};
use waarborg_domain::register::{Register, cells_of};

use crate::desk::Desk;
use crate::ports::{KeptRegister, StoreError};

/// What became of a register that was offered.
#[derive(Debug)]
pub enum Taken {
    /// It is in force today.
    InForce,
    /// It takes effect on a later day; until then the one before it stays, where there is one.
    Announced {
        /// That day.
        from: Date,
        /// The register that is in force until then.
        until_then: Option<Box<Register>>,
    },
}

/// Keeps a register that was offered, and says from when it counts. Offering the same one again changes nothing.
///
/// # Errors
///
/// [`StoreError`] if it was not kept; it may not come into force then.
pub async fn take(desk: &Desk, offered: &Register, source: &str) -> Result<Taken, StoreError> {
    let now = desk.now();
    let today = desk.today();
    let head = offered.head();
    let mut known = Versions(desk.store.registers().await?);
    if known.0.last().is_none_or(|last| last.digest != head.digest) {
        let kept = KeptRegister {
            digest: head.digest.clone(),
            notice_version: offered.notice_version().to_owned(),
            source: source.to_owned(),
            noted_at: now,
            starts_on: head.effective.unwrap_or(today).max(today),
        };
        let facts = Facts {
            detail: Some("register"),
            ..Facts::default()
        };
        let entry = Entry::new(now, Actor::Operator, Act::RegisterPublished).with(facts);
        desk.store.keep_register(kept.clone(), entry).await?;
        known.0.push(kept);
    }

    let from = known.0.last().map_or(today, |last| last.starts_on);
    if from <= today {
        return Ok(Taken::InForce);
    }
    let until_then = known
        .in_force_on(today)
        .and_then(|kept| compiled(desk, kept));
    Ok(Taken::Announced {
        from,
        until_then: until_then.map(Box::new),
    })
}

/// A register as it may run here: no purpose opens data that was collected before the register had it.
///
/// # Errors
///
/// [`StoreError`] if the store cannot say which registers were in force; it may not come into force then.
pub async fn reaching(desk: &Desk, register: &Register) -> Result<Register, StoreError> {
    let kept = desk.store.registers().await?;
    let earlier = kept
        .iter()
        .map(|kept| (kept.digest.as_str(), cells_of(&kept.source)));
    Ok(register.clone().reaching(earlier))
}

/// The register that was kept last before the one with this digest, if it can be read.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn before(desk: &Desk, digest: &str) -> Result<Option<Register>, StoreError> {
    let kept = desk.store.registers().await?;
    let last = kept.iter().rev().find(|kept| kept.digest != digest);
    Ok(last.and_then(|kept| compiled(desk, kept)))
}

/// Every version that was kept.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn all(desk: &Desk) -> Result<Versions, StoreError> {
    Ok(Versions(desk.store.registers().await?))
}

/// A kept register, to read; with an older program's words in it, as far as it can be read.
#[must_use]
pub fn compiled(desk: &Desk, kept: &KeptRegister) -> Option<Register> {
    let (law, day) = (&desk.law, kept.starts_on);
    Register::compile(&kept.source, "register.toml", law, day)
        .ok()
        .or_else(|| Register::draft(&kept.source, "register.toml", law, day).0)
}

/// The versions in the order in which they were offered.
#[derive(Clone, Debug, Default)]
pub struct Versions(pub Vec<KeptRegister>);

/// A version of the notice and the days for which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<'v> {
    /// The first day.
    pub from: Date,
    /// The last day; `None` while none follows.
    pub until: Option<Date>,
    /// The register that it follows from.
    pub kept: &'v KeptRegister,
}

impl Versions {
    /// The register that counts on a day, as far as is known now.
    #[must_use]
    pub fn in_force_on(&self, day: Date) -> Option<&KeptRegister> {
        self.0.iter().rev().find(|kept| kept.starts_on <= day)
    }

    /// The versions of the notice, each with the days for which it holds, oldest first.
    ///
    /// Changes that nobody reads of make no new span, and what was replaced on its own first day has none.
    #[must_use]
    pub fn notices(&self) -> Vec<Span<'_>> {
        let mut days: Vec<Date> = self.0.iter().map(|kept| kept.starts_on).collect();
        days.sort_unstable();
        days.dedup();

        let mut spans: Vec<Span<'_>> = Vec::new();
        for day in days {
            let Some(kept) = self.in_force_on(day) else {
                continue;
            };
            if let Some(last) = spans.last_mut() {
                if last.kept.notice_version == kept.notice_version {
                    continue;
                }
                last.until = day.yesterday().ok();
            }
            spans.push(Span {
                from: day,
                until: None,
                kept,
            });
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::{KeptRegister, Versions};

    fn kept(notice: &str, noted: Date, starts: Date) -> KeptRegister {
        KeptRegister {
            digest: format!("{notice}{noted}"),
            notice_version: notice.to_owned(),
            source: String::new(),
            noted_at: noted.in_tz("UTC").unwrap().timestamp(),
            starts_on: starts,
        }
    }

    fn day(day: i8) -> Date {
        date(2026, 11, day)
    }

    #[test]
    fn what_is_announced_counts_from_its_day_on() {
        let versions = Versions(vec![kept("1", day(1), day(1)), kept("2", day(5), day(20))]);
        let on = |at| versions.in_force_on(at).unwrap().notice_version.as_str();

        assert_eq!((on(day(1)), on(day(19)), on(day(20))), ("1", "1", "2"));
        assert!(versions.in_force_on(date(2026, 10, 31)).is_none());
        let spans = versions.notices();
        assert_eq!((spans[0].from, spans[0].until), (day(1), Some(day(19))));
        assert_eq!((spans[1].from, spans[1].until), (day(20), None));
    }

    #[test]
    fn what_is_offered_later_replaces_what_was_announced() {
        let versions = Versions(vec![
            kept("1", day(1), day(1)),
            kept("2", day(5), day(20)),
            kept("3", day(10), day(10)),
        ]);
        assert_eq!(versions.in_force_on(day(25)).unwrap().notice_version, "3");
        assert_eq!(versions.notices().len(), 2);
    }

    #[test]
    fn a_change_that_nobody_reads_of_makes_no_new_notice() {
        let versions = Versions(vec![
            kept("1", day(1), day(1)),
            kept("1", day(5), day(5)),
            kept("2", day(9), day(9)),
            kept("3", day(9), day(9)),
        ]);
        let spans = versions.notices();
        let seen: Vec<_> = spans
            .iter()
            .map(|span| (span.kept.notice_version.as_str(), span.from))
            .collect();
        assert_eq!(seen, [("1", day(1)), ("3", day(9))]);
    }
}
