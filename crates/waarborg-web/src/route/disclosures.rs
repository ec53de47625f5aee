//! Disclosures in the console: whom data of a person was given to in a single case, and two people for each.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use waarborg_domain::ids::SubjectId;
use waarborg_usecase::disclosures::{self, Disclosure, DisclosureError, Standing, ToDisclose};

use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::disclosures as page;
use crate::page::disclosures::{CaseView, DisclosureView, Found, View};
use crate::show::{capital, category, moment};
use crate::visit::{Visit, html};

/// Whose disclosures are asked for.
#[derive(Deserialize)]
pub(super) struct Whose {
    #[serde(default)]
    number: String,
}

/// What waits, and the disclosures about one person.
pub(super) async fn list(visit: Visit, Query(whose): Query<Whose>) -> Result<Response, WebError> {
    waarborg_usecase::console::viewed(&visit.desk, visit.staff()?, "disclosures").await?;
    shown(&visit, &whose.number, None).await
}

/// Proposes one.
pub(super) async fn propose(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let number = fields.get("number").trim();
    if number.is_empty() {
        return Err(WebError::Malformed);
    }
    let asked = ToDisclose {
        rule: fields.get("rule").to_owned(),
        categories: fields.all("category").map(str::to_owned).collect(),
        to: fields.get("to").to_owned(),
        why: fields.get("why").to_owned(),
    };
    let did = match number.parse() {
        Ok(subject) => {
            let staff = visit.staff()?;
            let proposed = disclosures::propose(&visit.desk, staff, SubjectId(subject), asked);
            proposed.await.map(|_| ())
        }
        Err(_) => Err(DisclosureError::Nobody),
    };
    back(&visit, number, did).await
}

/// The second person agrees.
pub(super) async fn agree(
    Path((number, id)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, WebError> {
    let visit = filled.visit;
    let (subject, id) = ids(&number, &id)?;
    let did = disclosures::agree(&visit.desk, visit.staff()?, subject, id).await;
    back(&visit, &number, did).await
}

/// Takes one back that waits.
pub(super) async fn take_back(
    Path((number, id)): Path<(String, String)>,
    filled: Filled,
) -> Result<Response, WebError> {
    let visit = filled.visit;
    let (subject, id) = ids(&number, &id)?;
    let did = disclosures::take_back(&visit.desk, visit.staff()?, subject, id).await;
    back(&visit, &number, did).await
}

fn ids(number: &str, id: &str) -> Result<(SubjectId, uuid::Uuid), WebError> {
    let subject = number.parse().map_err(|_| WebError::Missing)?;
    Ok((
        SubjectId(subject),
        id.parse().map_err(|_| WebError::Missing)?,
    ))
}

async fn back(
    visit: &Visit,
    number: &str,
    did: Result<(), DisclosureError>,
) -> Result<Response, WebError> {
    let fault = match did {
        Ok(()) => {
            let page = visit.frame().link("/console/disclosures");
            let joined = if page.contains('?') { '&' } else { '?' };
            return Ok(Redirect::to(&format!("{page}{joined}number={number}")).into_response());
        }
        Err(DisclosureError::Nobody) => "case-fault-nobody",
        Err(DisclosureError::NotTheirs) => "case-fault-same",
        Err(DisclosureError::Unsaid) => "disclosure-fault-unsaid",
        Err(DisclosureError::Undeclared | DisclosureError::Refused) => {
            "disclosure-fault-undeclared"
        }
        Err(DisclosureError::Restricted) => "disclosure-fault-restricted",
        Err(DisclosureError::NoConsent) => "disclosure-fault-consent",
        Err(DisclosureError::NotOfficer) => return Err(WebError::Forbidden),
        Err(DisclosureError::Store(store)) => return Err(store.into()),
    };
    let page = shown(visit, number, Some(fault)).await?;
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    response.extensions_mut().insert(Said);
    Ok(response)
}

async fn shown(
    visit: &Visit,
    number: &str,
    fault: Option<&'static str>,
) -> Result<Response, WebError> {
    let staff = visit.staff()?;
    let number = number.trim();
    let mut fault = fault;
    let mut found = None;
    if let Ok(subject) = number.parse() {
        let subject = SubjectId(subject);
        match disclosures::looked_up(&visit.desk, staff, subject).await {
            Ok(known) => {
                let rows = known.into_iter().map(|one| view(visit, subject, one));
                found = Some(Found {
                    number: number.to_owned(),
                    rows: rows.collect(),
                });
            }
            Err(DisclosureError::Store(store)) => return Err(store.into()),
            Err(DisclosureError::NotOfficer) => return Err(WebError::Forbidden),
            Err(_) => fault = fault.or(Some("case-fault-nobody")),
        }
    } else if !number.is_empty() {
        fault = fault.or(Some("case-fault-nobody"));
    }
    let waiting = disclosures::waiting(&visit.desk).await?;
    let mut numbers: Vec<String> = Vec::new();
    for (subject, _) in waiting {
        let number = subject.to_string();
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let view = View {
        cases: cases(visit),
        waiting: numbers,
        found,
    };
    Ok(html(page::page(&visit.frame(), &view, fault)).into_response())
}

/// The cases of the register, each with the categories that it may be about.
fn cases(visit: &Visit) -> Vec<CaseView> {
    let words = visit.words();
    let language = words.tongue().code();
    let mut declared: Vec<_> = visit.desk.register.disclosures().collect();
    declared.sort_by_key(|rule| rule.place);
    let cases = declared.into_iter().map(|rule| CaseView {
        rule: rule.name.clone(),
        to: capital(rule.label.in_language(language).unwrap_or(&rule.name)),
        case: words.say(&case_key(rule.case.as_str())),
        categories: rule
            .categories
            .iter()
            .map(|name| {
                let label = category(&visit.desk, &words, name.as_str());
                (name.to_string(), label)
            })
            .collect(),
    });
    cases.collect()
}

fn view(visit: &Visit, subject: SubjectId, disclosure: Disclosure) -> DisclosureView {
    let words = visit.words();
    let desk = &visit.desk;
    let case = desk.register.disclosure(&disclosure.what.rule);
    let categories: Vec<String> = disclosure
        .what
        .categories
        .iter()
        .map(|name| category(desk, &words, name))
        .collect();
    let staff = visit.staff().ok();
    DisclosureView {
        path: format!("/console/disclosures/{subject}/{}", disclosure.id),
        ground: case.map_or_else(
            || disclosure.what.rule.clone(),
            |rule| words.say(&case_key(rule.case.as_str())),
        ),
        categories: categories.join(", "),
        to: disclosure.what.to,
        why: disclosure.what.why,
        at: moment(desk, &words, disclosure.at),
        waits: disclosure.standing == Standing::Waits,
        standing: standing_key(disclosure.standing),
        is_own: staff.is_some_and(|staff| staff.session.id == disclosure.proposed_by),
    }
}

/// The key of a case.
pub(crate) fn case_key(case: &str) -> String {
    format!("disclosure-{}", case.replace('_', "-"))
}

fn standing_key(standing: Standing) -> &'static str {
    match standing {
        Standing::Waits => "disclosure-waits",
        Standing::Made => "disclosure-made",
        Standing::TakenBack => "disclosure-taken-back",
    }
}
