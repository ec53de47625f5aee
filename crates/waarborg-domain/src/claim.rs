//! Why a record still exists: a claim has a trigger, a period, a kind and an action.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::personal::{Category, Purpose};
use crate::register::Basis;

/// The event that a period counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Trigger {
    /// The answer or page was delivered.
    Delivered,
    /// The statistics were evaluated.
    Evaluated,
    /// The record was made.
    Created,
    /// The first message of the conversation was sent.
    FirstMessage,
    /// The person was last active in this object or account.
    LastActivity,
    /// The session ended.
    SessionEnded,
    /// The account was deleted.
    AccountDeleted,
    /// The licence expired (a renewal cancels this).
    LicenceExpired,
    /// The licence ended for good.
    LicenceEnded,
    /// The trial ended.
    TrialEnded,
    /// The person withdrew consent.
    ConsentWithdrawn,
    /// The period that the consent itself names has passed.
    ConsentExpired,
    /// The last other legal basis ended.
    LastBasisEnded,
    /// The person asked for the first time.
    FirstRequest,
    /// The service is no longer used.
    ServiceUnused,
    /// The relationship with the person ended.
    RelationshipEnded,
    /// Somebody in the declared role removed it.
    RemovedByRole,
    /// The financial year was closed.
    FiscalYearEnd,
    /// The calendar year in which the record was made ended.
    CalendarYearEnd,
    /// The case was closed.
    CaseClosed,
    /// The process ended; the value was only ever in memory.
    ProcessEnded,
    /// The maximum age of the cookie, declared per cookie.
    PerCookie,
}

impl Trigger {
    /// Every trigger with its word in the register.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Delivered, "delivered"),
        (Self::Evaluated, "evaluated"),
        (Self::Created, "created"),
        (Self::FirstMessage, "first_message"),
        (Self::LastActivity, "last_activity"),
        (Self::SessionEnded, "session_ended"),
        (Self::AccountDeleted, "account_deleted"),
        (Self::LicenceExpired, "licence_expired"),
        (Self::LicenceEnded, "licence_ended"),
        (Self::TrialEnded, "trial_ended"),
        (Self::ConsentWithdrawn, "consent_withdrawn"),
        (Self::ConsentExpired, "consent_expired"),
        (Self::LastBasisEnded, "last_basis_ended"),
        (Self::FirstRequest, "first_request"),
        (Self::ServiceUnused, "service_unused"),
        (Self::RelationshipEnded, "relationship_ended"),
        (Self::RemovedByRole, "removed_by_role"),
        (Self::FiscalYearEnd, "fiscal_year_end"),
        (Self::CalendarYearEnd, "calendar_year_end"),
        (Self::CaseClosed, "case_closed"),
        (Self::ProcessEnded, "process_ended"),
        (Self::PerCookie, "per_cookie"),
    ];

    /// The word in the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(trigger, _)| *trigger == self)
            .map_or("created", |(_, word)| word)
    }

    /// The trigger that goes by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(trigger, _)| *trigger)
    }

    /// Whether the moment is known when the record is made, so that its end is fixed at once.
    #[must_use]
    pub fn is_known_at_creation(self) -> bool {
        matches!(
            self,
            Self::Created | Self::CalendarYearEnd | Self::PerCookie | Self::ProcessEnded
        )
    }

    /// Whether the moment can move later while the record lives.
    #[must_use]
    pub fn moves(self) -> bool {
        matches!(
            self,
            Self::LastActivity | Self::LicenceExpired | Self::Delivered
        )
    }

    /// Whether the value never reaches a disk at all.
    #[must_use]
    pub fn is_memory_only(self) -> bool {
        matches!(self, Self::ProcessEnded)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A length of time as the law and the register write it; months are calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Elapsed minutes.
    Minutes(u32),
    /// Elapsed hours.
    Hours(u32),
    /// Civil days in the controller's time zone.
    Days(u32),
    /// Calendar months.
    Months(u32),
    /// Calendar years.
    Years(u32),
}

/// The text is not a period such as `15min`, `72h`, `30d`, `6months` or `7y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a period; write 72h, 30d, 6months or 7y")]
pub struct NotAPeriod;

impl Period {
    /// The empty period.
    pub const NONE: Self = Self::Days(0);

    /// Whether the period has no length.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.count() == 0
    }

    /// How many of its units it has.
    #[must_use]
    pub fn count(self) -> u32 {
        match self {
            Self::Minutes(count)
            | Self::Hours(count)
            | Self::Days(count)
            | Self::Months(count)
            | Self::Years(count) => count,
        }
    }

    /// The moment this long after `start`, counted on civil days in `zone`
    /// (hours are elapsed time). `None` outside the years that a calendar has.
    #[must_use]
    pub fn after(self, start: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if let Some(elapsed) = self.elapsed() {
            return start.checked_add(elapsed).ok();
        }

        let span = self.civil_span()?;
        Some(
            start
                .to_zoned(zone.clone())
                .checked_add(span)
                .ok()?
                .timestamp(),
        )
    }

    /// The moment this long before `end`, counted like [`Period::after`].
    #[must_use]
    pub fn before(self, end: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        if let Some(elapsed) = self.elapsed() {
            return end.checked_sub(elapsed).ok();
        }

        let span = self.civil_span()?;
        Some(
            end.to_zoned(zone.clone())
                .checked_sub(span)
                .ok()?
                .timestamp(),
        )
    }

    /// How much time passes, where the period counts that and no days of a calendar.
    #[must_use]
    pub fn elapsed(self) -> Option<SignedDuration> {
        match self {
            Self::Minutes(count) => Some(SignedDuration::from_mins(i64::from(count))),
            Self::Hours(count) => Some(SignedDuration::from_hours(i64::from(count))),
            Self::Days(_) | Self::Months(_) | Self::Years(_) => None,
        }
    }

    /// The civil day this long after `start`; minutes and hours count as whole days begun.
    #[must_use]
    pub fn after_day(self, start: Date) -> Option<Date> {
        start.checked_add(self.civil_span()?).ok()
    }

    /// About how many days it is at most, to compare periods of different units.
    #[must_use]
    pub fn at_most_days(self) -> u64 {
        match self {
            Self::Minutes(count) => u64::from(count).div_ceil(24 * 60),
            Self::Hours(count) => u64::from(count).div_ceil(24),
            Self::Days(count) => u64::from(count),
            Self::Months(count) => u64::from(count / 12) * 366 + u64::from(count % 12) * 31,
            Self::Years(count) => u64::from(count) * 366,
        }
    }

    fn civil_span(self) -> Option<Span> {
        match self {
            Self::Minutes(count) => Span::new()
                .try_days(i64::from(count.div_ceil(24 * 60)))
                .ok(),
            Self::Hours(count) => Span::new().try_days(i64::from(count.div_ceil(24))).ok(),
            Self::Days(count) => Span::new().try_days(i64::from(count)).ok(),
            Self::Months(count) => Span::new().try_months(i64::from(count)).ok(),
            Self::Years(count) => Span::new().try_years(i64::from(count)).ok(),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let text = text.trim();
        if text == "0" {
            return Ok(Self::NONE);
        }
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (Some(number), Some(unit)) = (text.get(..digits), text.get(digits..)) else {
            return Err(NotAPeriod);
        };
        let count: u32 = number.parse().map_err(|_| NotAPeriod)?;
        if count > 50_000 {
            return Err(NotAPeriod);
        }

        match unit.trim() {
            "min" | "minute" | "minutes" => Ok(Self::Minutes(count)),
            "h" | "hour" | "hours" => Ok(Self::Hours(count)),
            "d" | "day" | "days" => Ok(Self::Days(count)),
            "month" | "months" => Ok(Self::Months(count)),
            "y" | "year" | "years" => Ok(Self::Years(count)),
            _ => Err(NotAPeriod),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(count) => write!(f, "{count}min"),
            Self::Hours(count) => write!(f, "{count}h"),
            Self::Days(count) => write!(f, "{count}d"),
            Self::Months(1) => write!(f, "1month"),
            Self::Months(count) => write!(f, "{count}months"),
            Self::Years(count) => write!(f, "{count}y"),
        }
    }
}

/// How the end of the period binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// Gone before the end, everywhere.
    AtMost,
    /// Gone at the end, not before it.
    Exactly,
    /// Kept at least until the end; afterwards as soon as no other claim holds it.
    NotBefore,
}

impl ClaimKind {
    /// Every kind with its word in the register.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::AtMost, "at_most"),
        (Self::Exactly, "exactly"),
        (Self::NotBefore, "not_before"),
    ];

    /// The word in the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtMost => "at_most",
            Self::Exactly => "exactly",
            Self::NotBefore => "not_before",
        }
    }

    /// The kind that goes by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(kind, _)| *kind)
    }

    /// How much earlier than its end a claim is ended. What must be gone before its end may not wait for it: whoever
    /// stands still for less than this keeps the promise all the same.
    #[must_use]
    pub const fn margin(self) -> SignedDuration {
        match self {
            Self::AtMost => SignedDuration::from_mins(15),
            Self::Exactly | Self::NotBefore => SignedDuration::ZERO,
        }
    }
}

/// What happens to the record when its last claim ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Key and bytes are destroyed.
    Erase,
    /// What remains can be tied to nobody.
    Anonymise,
    /// Only counts remain.
    Aggregate,
}

impl Action {
    /// Every action with its word in the register.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Erase, "erase"),
        (Self::Anonymise, "anonymise"),
        (Self::Aggregate, "aggregate"),
    ];

    /// The word in the register.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Anonymise => "anonymise",
            Self::Aggregate => "aggregate",
        }
    }

    /// The action that goes by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(action, _)| *action)
    }
}

/// One claim that the register lays on records of a category under a purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRule {
    /// The rule in the register that this claim stands on.
    pub rule: String,
    /// The category of the record.
    pub category: Category,
    /// The purpose that keeps the record.
    pub purpose: Purpose,
    /// The legal basis of that purpose.
    pub basis: Basis,
    /// The event that the period counts from.
    pub trigger: Trigger,
    /// How long after the event.
    pub period: Period,
    /// How the end binds.
    pub kind: ClaimKind,
    /// What happens at the end.
    pub action: Action,
    /// Where copies live that must end too: `index`, `backup`, `provider`, `export`.
    pub copies: Vec<String>,
}

impl ClaimRule {
    /// When this claim ends, given when its trigger happened; calendar months are calendar months.
    ///
    /// `None` if the moment lies outside the calendar; such a claim is never taken for ended.
    #[must_use]
    pub fn ends_at(&self, trigger_at: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let start = if self.trigger == Trigger::CalendarYearEnd {
            let day = trigger_at.to_zoned(zone.clone()).date();
            let new_year = Date::new(day.year().checked_add(1)?, 1, 1).ok()?;
            new_year.to_zoned(zone.clone()).ok()?.timestamp()
        } else {
            trigger_at
        };

        self.period.after(start, zone)
    }

    /// Whether the erasure of a person ends this claim too.
    ///
    /// Legal duties, legal claims and the proof of what was done survive it
    /// (article 17(3)(b) and (e)); everything else does not.
    #[must_use]
    pub fn yields_to_erasure(&self) -> bool {
        self.basis != Basis::LegalDuty
            && !matches!(
                self.purpose.as_str(),
                "legal_claims" | "accountability" | "bookkeeping"
            )
    }
}

/// The facts of a record that decide which claims apply, such as `history=off`, or a consent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances(Vec<(String, String)>);

impl Circumstances {
    /// No facts.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These facts and one more; a later value for the same name replaces the earlier one.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// These facts, and that the person consented to this purpose.
    #[must_use]
    pub fn consented(self, purpose: &str) -> Self {
        self.with(&format!("consent to {purpose}"), "given")
    }

    /// Whether the person consented to this purpose.
    #[must_use]
    pub fn has_consent(&self, purpose: &Purpose) -> bool {
        self.holds(&format!("consent to {purpose}"), "given")
    }

    /// Whether this fact holds.
    #[must_use]
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.0
            .iter()
            .any(|(known, is)| known == name && is == value)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn rule(trigger: Trigger, period: &str) -> ClaimRule {
        ClaimRule {
            rule: "retention:chat/user_content/provide".into(),
            category: Category::declared("user_content"),
            purpose: Purpose::declared("provide"),
            basis: Basis::Contract,
            trigger,
            period: period.parse().unwrap(),
            kind: ClaimKind::AtMost,
            action: Action::Erase,
            copies: Vec::new(),
        }
    }

    fn check(trigger: Trigger, period: &str, start: &str, end: &str) {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let ends_at = rule(trigger, period)
            .ends_at(start.parse().unwrap(), &zone)
            .unwrap();
        assert_eq!(
            ends_at,
            end.parse().unwrap(),
            "{trigger} + {period} from {start}"
        );
    }

    #[test]
    fn periods_end_as_people_count_them() {
        check(
            Trigger::Created,
            "30d",
            "2026-01-01T12:00:00Z",
            "2026-01-31T12:00:00Z",
        );
        check(
            Trigger::Created,
            "72h",
            "2026-03-27T11:00:00Z",
            "2026-03-30T11:00:00Z",
        );
        check(
            Trigger::AccountDeleted,
            "1month",
            "2027-01-31T12:00:00Z",
            "2027-02-28T12:00:00Z",
        );
        check(
            Trigger::FiscalYearEnd,
            "7y",
            "2024-02-29T12:00:00Z",
            "2031-02-28T12:00:00Z",
        );
        check(
            Trigger::ConsentWithdrawn,
            "0",
            "2026-01-01T12:00:00Z",
            "2026-01-01T12:00:00Z",
        );
    }

    #[test]
    fn days_are_civil_days_through_the_change_of_the_clock() {
        check(
            Trigger::Created,
            "30d",
            "2026-03-01T12:00:00Z",
            "2026-03-31T11:00:00Z",
        );
    }

    #[test]
    fn a_calendar_year_ends_at_midnight_of_the_zone() {
        check(
            Trigger::CalendarYearEnd,
            "7y",
            "2026-06-15T12:00:00Z",
            "2033-12-31T23:00:00Z",
        );
        check(
            Trigger::CalendarYearEnd,
            "0",
            "2026-12-31T23:30:00Z",
            "2027-12-31T23:00:00Z",
        );
    }

    #[test]
    fn a_claim_that_never_ends_in_the_calendar_is_not_taken_for_ended() {
        let far = rule(Trigger::Created, "50000y").ends_at(Timestamp::MIN, &TimeZone::UTC);
        assert_eq!(far, None);
    }

    #[test]
    fn only_duties_and_proof_outlive_an_erasure() {
        let mut claim = rule(Trigger::Created, "1y");
        assert!(claim.yields_to_erasure());
        claim.basis = Basis::LegalDuty;
        assert!(!claim.yields_to_erasure());
        let claim = ClaimRule {
            purpose: Purpose::declared("legal_claims"),
            ..rule(Trigger::Created, "1y")
        };
        assert!(!claim.yields_to_erasure());
    }

    #[test]
    fn every_trigger_is_read_back_and_what_is_no_period_is_refused() {
        for (trigger, word) in Trigger::ALL {
            assert_eq!(Trigger::parse(word), Some(*trigger));
            assert_eq!(trigger.as_str(), *word);
        }
        for text in [
            "",
            "d",
            "30",
            "-1d",
            "1.5y",
            "30 fortnights",
            "99999999d",
            "３0d",
        ] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text:?}");
        }
    }

    #[test]
    fn a_consent_is_a_circumstance_of_its_own() {
        let facts = Circumstances::none()
            .with("history", "on")
            .with("history", "off")
            .consented("improve");
        assert!(facts.holds("history", "off") && !facts.holds("history", "on"));
        assert!(
            facts.has_consent(&Purpose::declared("improve"))
                && !facts.has_consent(&Purpose::declared("train"))
        );
    }

    proptest! {
        #[test]
        fn a_period_is_read_back(count in 0_u32..50_000, unit in 0_usize..5) {
            let period = [Period::Minutes(count), Period::Hours(count), Period::Days(count), Period::Months(count), Period::Years(count)][unit];
            prop_assert_eq!(period.to_string().parse::<Period>(), Ok(period));
        }

        #[test]
        fn a_term_never_ends_before_it_starts_and_a_longer_one_not_earlier(
            second in 1_500_000_000_i64..2_500_000_000,
            count in 0_u32..4_000,
            unit in 0_usize..5,
            zone in prop::sample::select(vec!["UTC", "Europe/Amsterdam", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"]),
        ) {
            let make = |count| [Period::Minutes(count), Period::Hours(count), Period::Days(count), Period::Months(count), Period::Years(count)][unit];
            let zone = TimeZone::get(zone).unwrap();
            let start = Timestamp::from_second(second).unwrap();
            let end = make(count).after(start, &zone).unwrap();
            prop_assert!(start <= end && end <= make(count + 1).after(start, &zone).unwrap());
            let bound = i64::try_from(make(count).at_most_days()).unwrap() * 86_400 + 86_400;
            prop_assert!(end.as_second() - start.as_second() <= bound);
        }
    }
}
