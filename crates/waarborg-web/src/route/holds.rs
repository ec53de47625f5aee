//! Legal holds in the console.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use waarborg_domain::hold::{Hold, HoldGround};
use waarborg_domain::ids::{ObjectId, SubjectId};
use waarborg_usecase::holds::{self, HoldError};

use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::holds as page;
use crate::page::holds::{HoldState, HoldView};
use crate::visit::{Visit, html};

/// Every hold.
pub(super) async fn list(visit: Visit) -> Result<Response, WebError> {
    waarborg_usecase::console::viewed(&visit.desk, visit.staff()?, "holds").await?;
    shown(&visit, None).await
}

/// Proposes one.
pub(super) async fn propose(filled: Filled) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let ground = HoldGround::parse(fields.get("ground")).ok_or(WebError::Malformed)?;
    let ends_on = fields
        .get("until")
        .parse()
        .map_err(|_| WebError::Malformed)?;
    let object = fields.get("object").trim();
    let object = match object {
        "" => None,
        id => Some(ObjectId(id.parse().map_err(|_| WebError::Malformed)?)),
    };
    let did = match fields.get("number").trim().parse() {
        Ok(number) => {
            let what = (SubjectId(number), object);
            holds::propose(&visit.desk, visit.staff()?, what, ground, ends_on).await
        }
        Err(_) => Err(HoldError::Nobody),
    };
    back(&visit, did).await
}

/// The second person agrees.
pub(super) async fn agree(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    let id = id.parse().map_err(|_| WebError::Missing)?;
    let did = holds::agree(&visit.desk, visit.staff()?, id).await;
    back(&visit, did).await
}

/// Lifts one.
pub(super) async fn lift(Path(id): Path<String>, filled: Filled) -> Result<Response, WebError> {
    let visit = filled.visit;
    let id = id.parse().map_err(|_| WebError::Missing)?;
    let did = holds::lift(&visit.desk, visit.staff()?, id).await;
    back(&visit, did).await
}

async fn back(visit: &Visit, did: Result<(), HoldError>) -> Result<Response, WebError> {
    let fault = match did {
        Ok(()) => return Ok(Redirect::to(&visit.frame().link("/console/holds")).into_response()),
        Err(HoldError::Nobody) => "case-fault-nobody",
        Err(HoldError::Passed) => "hold-fault-passed",
        Err(HoldError::NotTheirs) => "case-fault-same",
        Err(HoldError::NotOfficer) => return Err(WebError::Forbidden),
        Err(HoldError::Store(store)) => return Err(store.into()),
    };
    let page = shown(visit, Some(fault)).await?;
    let mut response = (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
    response.extensions_mut().insert(Said);
    Ok(response)
}

async fn shown(visit: &Visit, fault: Option<&'static str>) -> Result<Response, WebError> {
    let staff = visit.staff()?;
    let now = visit.desk.now();
    let view = |hold: Hold| HoldView {
        id: hold.id.to_string(),
        subject: hold.subject.to_string(),
        object: hold.object.map(|object| object.to_string()),
        ground: hold.ground,
        ends_on: hold.ends_on,
        state: if hold.holds_at(now) {
            HoldState::Holds
        } else if hold.agreed.is_none() && hold.lifted_at.is_none() {
            HoldState::Waits
        } else {
            HoldState::Over
        },
        is_own: hold.proposed_by == staff.session.id,
    };
    let holds = holds::list(&visit.desk).await?;
    let views: Vec<HoldView> = holds.into_iter().map(view).collect();
    Ok(html(page::page(
        &visit.frame(),
        &views,
        visit.desk.today(),
        fault,
    ))
    .into_response())
}
