//! More time for a request: an extension with reasons, and a clock that stands still while it is doubted who asks.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use waarborg_domain::calendar::{self, Due};
use waarborg_domain::decision::Identity;
use waarborg_domain::entry::{Act, Entry, Facts};
use waarborg_domain::rights::Stage;

use super::{
    CaseError, File, ToTell, Writer, file_record, find, officer, read, step, take, written,
};
use crate::answers;
use crate::console::Staff;
use crate::desk::Desk;
use crate::ports::{Onto, Part, Step};

/// A time in which the clock stood still, because it was doubted who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Why it was doubted, as the person reads it (article 12(6)).
    pub reasons: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None` while it is doubted.
    pub until: Option<Timestamp>,
}

impl Doubt {
    /// Over how many midnights the clock stood still.
    fn days(&self, zone: &TimeZone) -> u32 {
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        let Some(until) = self.until else { return 0 };
        let span = day(self.from).until((jiff::Unit::Day, day(until)));
        span.map_or(0, |span| u32::try_from(span.get_days()).unwrap_or(0))
    }
}

impl File {
    /// Why the clock stands still now.
    #[must_use]
    pub fn doubt(&self) -> Option<&Doubt> {
        self.doubts.last().filter(|doubt| doubt.until.is_none())
    }

    /// Over how many civil days the clock stood still.
    #[must_use]
    pub fn stood_still(&self, zone: &TimeZone) -> u32 {
        self.doubts.iter().map(|doubt| doubt.days(zone)).sum()
    }

    /// Whether it may still be extended: once, while it is open.
    #[must_use]
    pub fn can_be_extended(&self) -> bool {
        !self.request.stage.is_closed() && self.extension.is_none()
    }

    /// Whether it can be doubted who asks: nobody is linked to it with more than the channel that it came by.
    fn is_unsure(&self) -> bool {
        let sure = |link: &super::Link| link.identity != Identity::Channel;
        self.sure.is_none() && !self.links.iter().any(sure)
    }

    pub(super) fn begin_doubt(&mut self, reasons: &str, from: Timestamp) {
        self.doubts.push(Doubt {
            reasons: reasons.to_owned(),
            from,
            until: None,
        });
    }

    pub(super) fn end_doubt(&mut self, at: Timestamp) {
        if let Some(doubt) = self.doubts.last_mut() {
            doubt.until.get_or_insert(at);
        }
    }
}

/// What the dates of a request would be if the clock had never stood still.
#[must_use]
pub fn due_without_doubt(desk: &Desk, file: &File) -> Due {
    due_after(desk, file, 0)
}

/// Whether the clock of this request may be stopped: the register says so, and it is not known who asks.
#[must_use]
pub fn can_be_doubted(desk: &Desk, file: &File) -> bool {
    let has_rule = desk.register.default_controller().doubt_pauses.is_some();
    has_rule && !file.request.stage.is_closed() && file.doubt().is_none() && file.is_unsure()
}

/// Gives a request more time. The person is told why in the same step, within the first period (article 12(3)).
///
/// # Errors
///
/// [`CaseError::NoExtension`] without reasons, or when the first period has passed.
pub async fn extend(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    reasons: &str,
    (language, writer): (&str, &dyn Writer),
) -> Result<Due, CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    let file = read(desk, request).await?;
    if !file.can_be_extended() {
        return Err(CaseError::Closed);
    }
    let request = &file.request;
    let due = calendar::extend(
        request.received_at,
        desk.now(),
        file.stood_still(&desk.zone),
        reasons,
        &desk.zone,
        &desk.law,
        &desk.register.default_controller().country,
    )?;
    let told = ToTell {
        extension: Some((reasons, due)),
        ..ToTell::of(&file)
    };
    let letter = writer.write(language, &told);
    let records = vec![
        file_record(desk, request, Part::Extension, reasons.trim().to_owned())?,
        file_record(desk, request, Part::Outcome, written::letter(&letter))?,
    ];
    let mut step = Step {
        records,
        ..Step::new(request.id, Onto::Extended(due))
    };
    answers::tell_extended(desk, &file, &letter, &mut step);
    let facts = Facts {
        detail: Some(Stage::Extended.name()),
        ..Facts::default()
    };
    let entry = Entry::new(desk.now(), staff.actor(), Act::RequestMoved)
        .about(request.subject)
        .on(request.id.0)
        .with(facts);
    take(desk, step, entry).await?;
    Ok(due)
}

/// Stops the clock of a request until it is known who asks (article 12(6)), where the register says that doubt does so.
/// The person is told why in the same step. Its dates stay as they are until the doubt ends.
///
/// # Errors
///
/// [`CaseError::ClockRuns`] if the register has no rule for it or it is known who asks,
/// [`CaseError::WithoutReasons`] without reasons.
pub async fn doubt(
    desk: &Desk,
    staff: &Staff,
    reference: &str,
    reasons: &str,
    (language, writer): (&str, &dyn Writer),
) -> Result<(), CaseError> {
    officer(staff)?;
    let request = find(desk, reference).await?;
    let file = read(desk, request).await?;
    if file.request.stage.is_closed() {
        return Err(CaseError::Closed);
    }
    if !can_be_doubted(desk, &file) {
        return Err(CaseError::ClockRuns);
    }
    let reasons = reasons.trim();
    if reasons.is_empty() {
        return Err(CaseError::WithoutReasons);
    }
    let told = ToTell {
        doubt: Some(reasons),
        ..ToTell::of(&file)
    };
    let letter = writer.write(language, &told);
    let records = vec![
        file_record(desk, &file.request, Part::Doubt, reasons.to_owned())?,
        file_record(desk, &file.request, Part::Outcome, written::letter(&letter))?,
    ];
    let onto = Onto::Stage(Stage::Identifying);
    let what = (Stage::Identifying.name(), Act::RequestMoved);
    step(desk, staff, &file.request, records, onto, what).await
}

/// What is added to the file, and where the request comes, in the step by which the doubt ends; `None` if there is none.
///
/// Who showed by a mailed code that the address is theirs ended it at that moment, and not when an officer saw it.
pub(super) fn known(
    desk: &Desk,
    file: &File,
) -> Result<Option<(crate::ports::NewRecord, Onto)>, CaseError> {
    let Some(doubt) = file.doubt() else {
        return Ok(None);
    };
    let shown_at = file.shown_at.filter(|at| *at >= doubt.from);
    let ended = Doubt {
        until: Some(shown_at.unwrap_or_else(|| desk.now())),
        ..doubt.clone()
    };
    let before = file.doubts.iter().filter(|one| one.until.is_some());
    let days: u32 = before.map(|one| one.days(&desk.zone)).sum();
    let due = due_after(desk, file, days + ended.days(&desk.zone));
    let until = ended.until.map_or_else(String::new, |at| at.to_string());
    let record = file_record(desk, &file.request, Part::Known, until)?;
    let onto = if file.extension.is_some() {
        Onto::Extended(due)
    } else {
        Onto::Later(due)
    };
    Ok(Some((record, onto)))
}

fn due_after(desk: &Desk, file: &File, days: u32) -> Due {
    calendar::due_after_doubt(
        file.request.received_at,
        days,
        file.extension.is_some(),
        &desk.zone,
        &desk.law,
        &desk.register.default_controller().country,
    )
}
