//! `/metrics` for who runs the installation: on the door itself, or on an address of its own; with a token if one is set.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use secrecy::{ExposeSecret as _, SecretString};

use super::watching::{self, Counters};
use crate::{configuration, installation::Installation, stop::Stop};

/// The route; who has no token is told nothing.
///
/// # Errors
///
/// [`Stop`] when the file of the token cannot be read or is empty.
pub(super) fn router(
    installation: &Arc<Installation>,
    counters: &Arc<Counters>,
) -> Result<Router, Stop> {
    let counters = Arc::clone(counters);
    let house = Arc::clone(&installation.house);
    let spending = Arc::clone(&installation.spending);
    let shown = move || async move {
        watching::metrics(&counters, &house.desk().providers.standings(), &spending)
    };
    let router = Router::new().route("/metrics", get(shown));
    let Some(file) = &installation.settings.metrics.token_file else {
        return Ok(router);
    };
    let file = installation.home.dir.join(file);
    let token = configuration::secret(&file)?.ok_or_else(|| {
        Stop::unusable(
            format!("{} is empty", file.display()),
            "write the token into it that Prometheus carries, or remove metrics_token_file",
        )
    })?;
    Ok(router.layer(from_fn_with_state(Arc::new(token), with_token)))
}

async fn with_token(
    State(token): State<Arc<SecretString>>,
    request: Request,
    next: Next,
) -> Response {
    if is_carried(request.headers(), &token) {
        next.run(request).await
    } else {
        let ask = [(header::WWW_AUTHENTICATE, "Bearer")];
        (StatusCode::UNAUTHORIZED, ask).into_response()
    }
}

/// Compares without telling by its time how much was right. The token leaves its wrapper for this only.
fn is_carried(headers: &HeaderMap, token: &SecretString) -> bool {
    let carried = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let token = token.expose_secret().as_bytes();
    let pairs = carried.bytes().zip(token);
    let difference = pairs.fold(0, |found, (left, right)| found | (left ^ right));
    carried.len() == token.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_opens() {
        let token = SecretString::from("geheim-7");
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            is_carried(&headers, &token)
        };
        assert!(with("Bearer geheim-7"));
        for wrong in [
            "Bearer geheim-8",
            "Bearer geheim-",
            "Bearer ",
            "geheim-7",
            "Basic geheim-7",
            "Bearer geheim-77",
        ] {
            assert!(!with(wrong), "{wrong}");
        }
        assert!(!is_carried(&HeaderMap::new(), &token));
    }
}
