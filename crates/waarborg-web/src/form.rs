//! What people and our own script send: read once, checked to come from our own page.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts as _, Json, Request};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::WebError;
use crate::header;
use crate::visit::Visit;

/// The header in which our script sends the form's token.
const TOKEN_HEADER: &str = "x-form-token";

/// A form that came from our own page.
pub(crate) struct Filled {
    /// Who sent it.
    pub(crate) visit: Visit,
    /// Its fields.
    pub(crate) fields: Fields,
}

/// The fields of a form, in order.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first field with this name; empty if there is none.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The first field with this name, if it was sent.
    #[must_use]
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Every field with this name.
    pub(crate) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl FromRequest<App> for Filled {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        let is_ours = header::same_origin(&parts.headers);
        let request = Request::from_parts(parts, body);
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, app)
            .await
            .map_err(|rejection| unreadable(&rejection.into_response()))?;
        let fields = Fields(fields);
        let token = fields.all("form_token").next();
        if !is_ours || !visit.is_own_form(token) {
            return Err(WebError::Forbidden);
        }
        Ok(Self { visit, fields })
    }
}

/// A document that our own script sent.
pub(crate) struct Posted<T> {
    /// Who sent it.
    pub(crate) visit: Visit,
    /// The document.
    pub(crate) document: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, app).await?;
        visit.person()?;
        let token = parts
            .headers
            .get(TOKEN_HEADER)
            .and_then(|value| value.to_str().ok());
        if !header::same_origin(&parts.headers) || !visit.is_own_form(token) {
            return Err(WebError::Forbidden);
        }
        let Json(document) = Json::<T>::from_request(Request::from_parts(parts, body), app)
            .await
            .map_err(|rejection| unreadable(&rejection.into_response()))?;
        Ok(Self { visit, document })
    }
}

fn unreadable(rejection: &Response) -> WebError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        WebError::TooLarge
    } else {
        WebError::Malformed
    }
}
