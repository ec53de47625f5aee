//! Changes of the register in the console: written in forms or as text, and taken step by step to the file.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use uuid::Uuid;
use waarborg_domain::register::change::{Act, Stage};
use waarborg_domain::register::form::{self, Section, Shape};
use waarborg_domain::register::manuscript::{EditError, Item, Manuscript, Which};
use waarborg_usecase::changes::{self, ChangeError, Open, TellError};
use waarborg_usecase::console;
use waarborg_usecase::mail::{self, MailingError};
use waarborg_usecase::ports::FileFault;

use crate::error::{Said, WebError};
use crate::form::{Fields, Filled};
use crate::page::change as page;
use crate::page::change::{FormView, PLACE, PartView, TextView};
use crate::role;
use crate::show;
use crate::visit::{Visit, html};

/// Every change.
pub(super) async fn list(visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "changes").await?;
    let closed = match visit.desk.register_file.may_write().await {
        Ok(()) => None,
        Err(fault) => Some(file_key(fault)),
    };
    listed(&visit, closed).await
}

async fn listed(visit: &Visit, closed: Option<&'static str>) -> Result<Response, WebError> {
    let changes = changes::list(&visit.desk).await?;
    let rows: Vec<_> = changes
        .iter()
        .map(|change| show::change::row(visit, change))
        .collect();
    let page = page::list(&visit.frame(), &rows, may_write(visit), closed);
    Ok(html(page).into_response())
}

/// Begins one.
pub(super) async fn begin(filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    match changes::begin(&visit.desk, visit.staff()?).await {
        Ok(id) => Ok(to(&visit, &format!("{PLACE}/{id}"))),
        Err(ChangeError::File(fault)) => {
            let page = listed(&visit, Some(file_key(fault))).await?;
            Ok(refused(page))
        }
        Err(error) => Err(error.into()),
    }
}

/// One change and what it would do.
pub(super) async fn read(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    shown(&visit, &open, None).await
}

/// A step.
pub(super) async fn step(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let at = (number(&id)?, seen(&fields)?);
    let act = Act::parse(fields.get("act")).ok_or(WebError::Malformed)?;
    let staff = visit.staff()?;
    let did = match act {
        Act::Rebase => changes::rebase(&visit.desk, staff, at).await,
        act => changes::step(&visit.desk, staff, at, act, fields.get("reason")).await,
    };
    let Err(error) = did else {
        return Ok(to(&visit, &format!("{PLACE}/{id}")));
    };
    let key = fault_key(&error).ok_or_else(|| WebError::from(error))?;
    let open = opened(&visit, &id).await?;
    Ok(refused(shown(&visit, &open, Some(key)).await?))
}

/// Tells the persons concerned of a published change, by mail.
pub(super) async fn tell(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let at = (number(&id)?, seen(&fields)?);
    let language = mail::language(fields.get("language")).ok_or(WebError::Malformed)?;
    let message = fields.get("message");
    let staff = visit.staff()?;
    let Err(error) = changes::tell(&visit.desk, staff, at, message, language).await else {
        return Ok(to(&visit, &format!("{PLACE}/{id}")));
    };
    let key = match &error {
        TellError::Change(error) => fault_key(error),
        TellError::Mail(error) => tell_key(error),
    };
    let key = key.ok_or(match error {
        TellError::Change(error) => WebError::from(error),
        TellError::Mail(_) => WebError::Away,
    })?;
    let open = opened(&visit, &id).await?;
    Ok(refused(shown(&visit, &open, Some(key)).await?))
}

/// What an officer reads where nobody could be told.
fn tell_key(error: &mail::TellError) -> Option<&'static str> {
    Some(match error {
        mail::TellError::NotLegal => "change-tell-not-legal",
        mail::TellError::Unchanged => "change-fault-not-now",
        mail::TellError::Mailing(error) => match error {
            MailingError::NoPost => "change-tell-no-mail",
            MailingError::NoMessage | MailingError::NoSellingPart => "change-tell-no-message",
            MailingError::NoRetention => "change-tell-no-retention",
            MailingError::Nobody => "change-tell-nobody",
            MailingError::Store(_) => return None,
        },
    })
}

/// The notice as it would read.
pub(super) async fn notice(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    let preview = changes::preview(&visit.desk, &open).await?;
    let register = preview.register.ok_or(WebError::Missing)?;
    let day = register.head().effective.unwrap_or(visit.desk.today());
    let notice = show::notice::whole(&visit, &register, day, None);
    let body = show::notice::body(&notice);
    Ok(html(page::notice(&visit.frame(), &id, &notice.title, &body)).into_response())
}

/// The tables of a section.
pub(super) async fn part(
    Path((id, section)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    let section = form::section(&section).ok_or(WebError::Missing)?;
    let Ok(manuscript) = Manuscript::new(open.texts.source.as_str()) else {
        return Ok(to(&visit, &format!("{PLACE}/{id}/text")));
    };
    let which = manuscript.items(&section.name);
    let is_full = section.shape == Shape::Only && !which.is_empty();
    let view = PartView {
        id,
        section: section.name.clone(),
        rows: which
            .into_iter()
            .map(|which| show::change::summary(&visit, &manuscript, section, which))
            .collect(),
        may_add: may_write(&visit) && open.change.stage() == Stage::Draft && !is_full,
    };
    Ok(html(page::part(&visit.frame(), &view)).into_response())
}

/// The form of one table.
pub(super) async fn form(
    Path((id, section, item)): Path<(String, String, String)>,
    visit: Visit,
) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    let section = form::section(&section).ok_or(WebError::Missing)?;
    let asked = Asked {
        section,
        item: Some(item_of(section, &item)?),
    };
    in_form(&visit, &open, &asked, None, None)
}

/// The form of a table that is added.
pub(super) async fn add_form(
    Path((id, section)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    let section = form::section(&section).ok_or(WebError::Missing)?;
    let asked = Asked {
        section,
        item: None,
    };
    in_form(&visit, &open, &asked, None, None)
}

/// Writes what came back of a form, or removes its table.
pub(super) async fn save(
    Path((id, section, item)): Path<(String, String, String)>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let at = (number(&id)?, seen(&fields)?);
    let section = form::section(&section).ok_or(WebError::Missing)?;
    let item = item_of(section, &item)?;
    let (desk, staff) = (&visit.desk, visit.staff()?);
    let did = if fields.get("act") == "remove" {
        changes::remove(desk, staff, at, &item).await
    } else {
        changes::fill(desk, staff, at, (section, &item), |name| {
            sent(&fields, name)
        })
        .await
    };
    let asked = Asked {
        section,
        item: Some(item),
    };
    after_writing(&visit, &id, &asked, &fields, did).await
}

/// Adds a table.
pub(super) async fn add(
    Path((id, section)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let at = (number(&id)?, seen(&fields)?);
    let section = form::section(&section).ok_or(WebError::Missing)?;
    let which = match section.shape {
        Shape::Only => Which::Only,
        Shape::Named => Which::Named(fields.get("new-name").trim().to_owned()),
        Shape::Rows => Which::Row(0),
    };
    let (desk, staff) = (&visit.desk, visit.staff()?);
    let did = changes::add(desk, staff, at, (section, which), |name| {
        sent(&fields, name)
    })
    .await;
    let asked = Asked {
        section,
        item: None,
    };
    after_writing(&visit, &id, &asked, &fields, did).await
}

/// The file as text.
pub(super) async fn text(Path(id): Path<String>, visit: Visit) -> Result<Response, WebError> {
    console::viewed(&visit.desk, visit.staff()?, "change").await?;
    let open = opened(&visit, &id).await?;
    in_text(&visit, &open, None).await
}

/// Writes the whole file.
pub(super) async fn write(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let at = (number(&id)?, seen(&fields)?);
    let source = fields.get("source");
    let did = changes::write(&visit.desk, visit.staff()?, at, source).await;
    let Err(error) = did else {
        return Ok(to(&visit, &format!("{PLACE}/{id}")));
    };
    let key = fault_key(&error).ok_or_else(|| WebError::from(error))?;
    let mut open = opened(&visit, &id).await?;
    source.clone_into(&mut open.texts.source);
    Ok(refused(in_text(&visit, &open, Some(key)).await?))
}

/// What a form is about.
struct Asked {
    section: &'static Section,
    /// `None` for a table that is added.
    item: Option<Item>,
}

/// Back to the section after writing; what went wrong stands on the form, with all that was typed.
async fn after_writing(
    visit: &Visit,
    id: &str,
    asked: &Asked,
    fields: &Fields,
    did: Result<(), ChangeError>,
) -> Result<Response, WebError> {
    let Err(error) = did else {
        let section = &asked.section.name;
        let back = match asked.section.shape {
            Shape::Only => format!("{PLACE}/{id}"),
            Shape::Named | Shape::Rows => format!("{PLACE}/{id}/parts/{section}"),
        };
        return Ok(to(visit, &back));
    };
    let field = match &error {
        ChangeError::Edit(field, _) => field.clone(),
        _ => String::new(),
    };
    let key = fault_key(&error).ok_or_else(|| WebError::from(error))?;
    let open = opened(visit, id).await?;
    let page = in_form(visit, &open, asked, Some(fields), Some((key, field)))?;
    Ok(refused(page))
}

fn in_form(
    visit: &Visit,
    open: &Open,
    asked: &Asked,
    typed: Option<&Fields>,
    fault: Option<(&'static str, String)>,
) -> Result<Response, WebError> {
    let id = open.change.id;
    let Ok(mut manuscript) = Manuscript::new(open.texts.source.as_str()) else {
        return Ok(to(visit, &format!("{PLACE}/{id}/text")));
    };
    let section = asked.section;
    let item = match &asked.item {
        Some(item) if manuscript.has(item, &[]) => item.clone(),
        Some(_) => return Err(WebError::Missing),
        // The form of an empty table.
        None => manuscript
            .add(&section.name, blank(section.shape))
            .map_err(|_| WebError::Missing)?,
    };
    let mut fields = section.fields(&manuscript, &item);
    if let Some(typed) = typed {
        for field in &mut fields {
            if let Some(said) = sent(typed, &field.name()) {
                said.clone_into(&mut field.shown);
            }
        }
    }
    let is_named = section.shape == Shape::Named;
    let view = FormView {
        id: id.to_string(),
        seen: open.change.steps.len(),
        section: section.name.clone(),
        name: match &asked.item {
            Some(item) => show::change::name(visit, &item.which),
            None => typed.map_or_else(String::new, |typed| typed.get("new-name").to_owned()),
        },
        asks_name: asked.item.is_none() && is_named,
        may_remove: asked.item.is_some(),
        item: asked
            .item
            .as_ref()
            .map(|item| show::change::address(&item.which)),
        fields,
        elsewhere: section.elsewhere().map(str::to_owned).collect(),
        fault,
        may_write: may_write(visit) && open.change.stage() == Stage::Draft,
    };
    Ok(html(page::form(&visit.frame(), &view)).into_response())
}

async fn in_text(
    visit: &Visit,
    open: &Open,
    fault: Option<&'static str>,
) -> Result<Response, WebError> {
    let preview = changes::preview(&visit.desk, open).await?;
    let view = TextView {
        id: open.change.id.to_string(),
        seen: open.change.steps.len(),
        source: open.texts.source.clone(),
        faults: show::change::said(&preview.faults, &open.texts.source),
        fault,
        may_write: may_write(visit) && open.change.stage() == Stage::Draft,
    };
    Ok(html(page::text(&visit.frame(), &view)).into_response())
}

async fn shown(
    visit: &Visit,
    open: &Open,
    fault: Option<&'static str>,
) -> Result<Response, WebError> {
    let mut view = show::change::view(visit, visit.staff()?, open).await?;
    view.is_officer = may_write(visit);
    view.fault = fault;
    Ok(html(page::page(&visit.frame(), &view)).into_response())
}

async fn opened(visit: &Visit, id: &str) -> Result<Open, WebError> {
    changes::open(&visit.desk, number(id)?)
        .await
        .map_err(WebError::from)
}

fn number(id: &str) -> Result<Uuid, WebError> {
    id.parse().map_err(|_| WebError::Missing)
}

/// How many steps were there when the page was shown.
fn seen(fields: &Fields) -> Result<usize, WebError> {
    fields.get("seen").parse().map_err(|_| WebError::Malformed)
}

fn sent<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.find(&format!("f.{name}"))
}

/// The table that an address names.
fn item_of(section: &Section, address: &str) -> Result<Item, WebError> {
    let which = match section.shape {
        Shape::Only => Which::Only,
        Shape::Named => Which::Named(address.to_owned()),
        Shape::Rows => {
            let number: usize = address.parse().map_err(|_| WebError::Missing)?;
            Which::Row(number.checked_sub(1).ok_or(WebError::Missing)?)
        }
    };
    Ok(Item {
        section: section.name.clone(),
        which,
    })
}

/// A table that is not there yet.
fn blank(shape: Shape) -> Which {
    match shape {
        Shape::Only => Which::Only,
        Shape::Named => Which::Named("a-name-that-is-not-there-yet".to_owned()),
        Shape::Rows => Which::Row(0),
    }
}

fn may_write(visit: &Visit) -> bool {
    let role = visit.staff.as_ref().map(|staff| staff.role);
    role::rule("POST", PLACE).is_some_and(|rule| rule.who.admits(role))
}

fn to(visit: &Visit, place: &str) -> Response {
    Redirect::to(&visit.frame().link(place)).into_response()
}

fn refused(page: Response) -> Response {
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response.extensions_mut().insert(Said);
    response
}

/// What an officer reads whose step cannot be taken.
fn fault_key(error: &ChangeError) -> Option<&'static str> {
    Some(match error {
        ChangeError::NotNow => "change-fault-not-now",
        ChangeError::NoReason => "change-fault-reason",
        ChangeError::Unchanged => "change-fault-unchanged",
        ChangeError::Stale => "change-fault-stale",
        ChangeError::Faults => "change-fault-faults",
        ChangeError::Lacking => "change-fault-lacking",
        ChangeError::SecondPerson => "change-fault-second",
        ChangeError::Edit(_, EditError::NotToml) => "change-fault-toml",
        ChangeError::Edit(_, EditError::Taken) => "change-fault-taken",
        ChangeError::Edit(_, EditError::BadName) => "change-fault-name",
        ChangeError::Edit(_, EditError::Missing) => "change-fault-gone",
        ChangeError::Edit(_, EditError::WrittenOtherwise) => "change-fault-otherwise",
        ChangeError::File(fault) => file_key(*fault),
        ChangeError::NotOfficer | ChangeError::Missing | ChangeError::Store(_) => return None,
    })
}

fn file_key(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Unreadable => "change-file-unreadable",
        FileFault::ReadOnly => "change-file-read-only",
        FileFault::Failed => "change-file-failed",
        FileFault::Changed => "change-fault-stale",
    }
}
