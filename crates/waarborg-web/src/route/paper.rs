//! Letters as a file to keep.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use waarborg_domain::rights::Reference;
use waarborg_usecase::casework::Letter;

use crate::error::{Said, WebError};
use crate::page::letter;
use crate::pdf::{self, Unwritable};
use crate::visit::{Visit, html};

/// The letters of a request as a PDF; where it cannot hold all their signs, a page says so.
pub(super) fn letters(
    visit: &Visit,
    reference: &str,
    letters: &[Letter],
) -> Result<Response, WebError> {
    if letters.is_empty() {
        return Err(WebError::Missing);
    }
    let title = visit
        .words()
        .fill("letter-page", &[("reference", reference)]);
    let Ok(document) = pdf::of(&title, letters).map_err(|Unwritable(_)| ()) else {
        let page = letter::not_as_pdf(&visit.frame(), &title);
        let mut response = (StatusCode::UNPROCESSABLE_ENTITY, html(page)).into_response();
        response.extensions_mut().insert(Said);
        return Ok(response);
    };
    // A reference has letters, digits and hyphens alone.
    let name =
        Reference::parse(reference).map_or_else(String::new, |known| known.as_str().to_owned());
    let name = format!("attachment; filename=\"{name}.pdf\"");
    let kind = HeaderValue::from_static("application/pdf");
    let mut response = ([(header::CONTENT_TYPE, kind)], document).into_response();
    if let Ok(name) = HeaderValue::try_from(name) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
