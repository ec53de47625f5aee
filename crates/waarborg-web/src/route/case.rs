//! One request in the console: read and moved on by an officer, and the log says by whom.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use waarborg_domain::rights::{Request, Stage};
use waarborg_usecase::ports::Part;
use waarborg_usecase::requests;

use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::case as page;
use crate::page::case::CaseView;
use crate::show;
use crate::visit::{Visit, html};

/// What a request says. Reading it is written in the log before anything is shown.
pub(super) async fn read(
    visit: Visit,
    Path(reference): Path<String>,
) -> Result<Response, WebError> {
    let request = find(&visit, &reference).await?;
    let view = view(&visit, &request).await?;
    Ok(html(page::page(&visit.frame(), &view)).into_response())
}

/// Moves a request on. What closes it must be confirmed: a closed request stays closed.
pub(super) async fn move_on(
    Path(reference): Path<String>,
    filled: Filled,
) -> Result<Response, WebError> {
    let Filled { visit, fields } = filled;
    let request = find(&visit, &reference).await?;
    let stage = Stage::parse(fields.get("stage"))
        .filter(|stage| request.stage.may_become(*stage))
        .ok_or(WebError::Malformed)?;
    if stage.is_closed() && fields.get("sure") != "yes" {
        let mut view = view(&visit, &request).await?;
        view.is_unconfirmed = true;
        let page = html(page::page(&visit.frame(), &view));
        let mut response = (StatusCode::UNPROCESSABLE_ENTITY, page).into_response();
        response.extensions_mut().insert(Said);
        return Ok(response);
    }

    requests::move_to(&visit.desk, visit.staff()?.actor(), &request, stage).await?;
    let here = format!("/console/requests/{}", request.reference);
    Ok(Redirect::to(&visit.frame().link(&here)).into_response())
}

async fn find(visit: &Visit, reference: &str) -> Result<Request, WebError> {
    let listed = requests::list(&visit.desk).await?;
    let mut listed = listed.into_iter();
    listed
        .find(|request| request.reference.as_str() == reference)
        .ok_or(WebError::Missing)
}

async fn view(visit: &Visit, request: &Request) -> Result<CaseView, WebError> {
    let officer = visit.staff()?.actor();
    let said = requests::read_case(&visit.desk, officer, request.id).await?;
    let heading = |part: Part| match part {
        Part::Words => Some("case-words"),
        Part::Contact => Some("case-contact"),
        Part::Outcome => Some("case-outcome"),
        Part::Said | Part::Answered | Part::Case => None,
    };
    Ok(CaseView {
        reference: request.reference.as_str().to_owned(),
        right: request.right,
        channel: request.channel,
        stage: request.stage,
        received: show::day(&visit.desk, request.received_at),
        aim: request.due.aim,
        latest: request.due.latest,
        said: said
            .into_iter()
            .filter_map(|(part, text)| Some((heading(part)?, text)))
            .collect(),
        next: Stage::ALL
            .iter()
            .copied()
            .filter(|stage| *stage != request.stage && request.stage.may_become(*stage))
            .collect(),
        is_unconfirmed: false,
    })
}
