//! The notice comes first: the person saw it and goes on.

use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};
use waarborg_domain::consent::ConsentAnswer;
use waarborg_usecase::consent;
use waarborg_usecase::door::{self, VISIT_COOKIE};

use crate::cookie;
use crate::error::{Said, WebError};
use crate::form::Filled;
use crate::page::notice::{self, Occasion};
use crate::show;
use crate::visit::{Visit, html};

/// Remembers which version the person saw, and what they consented to besides.
pub(super) async fn acknowledge(filled: Filled) -> Result<Response, WebError> {
    let Filled { mut visit, fields } = filled;
    if fields.get("version") != visit.desk.notice_version() {
        return Ok(html(notice::page(
            &visit.frame(),
            &show::notice::first_layer(&visit, Occasion::Changed),
        ))
        .into_response());
    }

    let token = door::go_on(&visit.desk, visit.visitor.as_ref()).await?;
    if let Some(token) = &token {
        visit.welcome(token).await?;
    }
    if let Some(visitor) = &visit.visitor {
        let service = visit.desk.surfaces.chat.service.clone();
        for purpose in fields.all("consent") {
            consent::answer(
                &visit.desk,
                visitor,
                &service,
                purpose,
                ConsentAnswer::Given,
            )
            .await?;
        }
    }

    let mut response = Redirect::to(&visit.frame().link("/")).into_response();
    let set = token
        .and_then(|token| cookie::set(&visit.desk, VISIT_COOKIE, &token, visit.app.settings()));
    if let Some(line) = set {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
    Ok(response)
}

/// The notice instead of what was asked. What was sent before it was not received.
pub(super) fn first(visit: &Visit, was_sent: WasSent) -> Response {
    let occasion = match (was_sent, &visit.visitor) {
        (WasSent::Something, _) => Occasion::Refused,
        (WasSent::Nothing, Some(_)) => Occasion::Changed,
        (WasSent::Nothing, None) => Occasion::First,
    };
    let status = match was_sent {
        WasSent::Something => StatusCode::PRECONDITION_REQUIRED,
        WasSent::Nothing => StatusCode::OK,
    };
    let page = notice::page(&visit.frame(), &show::notice::first_layer(visit, occasion));
    let mut response = (status, html(page)).into_response();
    response.extensions_mut().insert(Said);
    response
}

/// Whether the person sent something before they saw the notice.
#[derive(Clone, Copy)]
pub(super) enum WasSent {
    /// A message or a form.
    Something,
    /// They only looked.
    Nothing,
}
