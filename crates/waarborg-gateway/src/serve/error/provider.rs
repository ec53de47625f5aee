//! How a provider's failure is told: its words for programs, and ours for people.

use http::StatusCode;
use waarborg_usecase::ports::{ProviderError, ProviderWords, ProxyFault};

use super::{INVALID, Telling};

/// What a provider's failure is told as.
pub(super) fn telling(error: &ProviderError) -> Telling {
    let server = "server_error";
    match error {
        ProviderError::Unreachable => Telling::new(
            StatusCode::BAD_GATEWAY,
            server,
            "provider_unreachable",
            "error-provider-unreachable",
        ),
        ProviderError::Proxy(fault) => proxy_telling(*fault),
        ProviderError::TooSlow => Telling::new(
            StatusCode::GATEWAY_TIMEOUT,
            server,
            "provider_timeout",
            "error-provider-slow",
        ),
        ProviderError::Refused { status, words, .. } => refused_telling(*status, words),
        ProviderError::Resting { .. } => Telling::new(
            StatusCode::SERVICE_UNAVAILABLE,
            server,
            "provider_resting",
            "error-provider-resting",
        ),
        ProviderError::NotTranslated(field) => Telling::new(
            StatusCode::BAD_REQUEST,
            INVALID,
            "unsupported_field",
            "error-not-translated",
        )
        .at(field),
        ProviderError::Failed(words) => Telling::new(
            StatusCode::BAD_GATEWAY,
            server,
            "provider_broke_off",
            "error-provider-broken",
        )
        .in_words_of(words),
        _ => Telling::new(
            StatusCode::BAD_GATEWAY,
            server,
            "provider_broke_off",
            "error-provider-broken",
        ),
    }
}

/// What a proxy on the way did. It is about the house's own network, so no word of the proxy comes through.
fn proxy_telling(fault: ProxyFault) -> Telling {
    let (status, code, key) = match fault {
        ProxyFault::WantsCredentials => (
            StatusCode::BAD_GATEWAY,
            "proxy_credentials",
            "error-proxy-credentials",
        ),
        ProxyFault::Refused { .. } => (
            StatusCode::BAD_GATEWAY,
            "proxy_refused",
            "error-proxy-refused",
        ),
        ProxyFault::TooSlow => (
            StatusCode::GATEWAY_TIMEOUT,
            "proxy_timeout",
            "error-proxy-slow",
        ),
        ProxyFault::Unreachable | ProxyFault::BrokenOff | ProxyFault::NotTheProtocol => (
            StatusCode::BAD_GATEWAY,
            "proxy_unreachable",
            "error-proxy-unreachable",
        ),
    };
    let telling = Telling::new(status, "server_error", code, key);
    match fault {
        ProxyFault::Refused { status } => telling.with("status", &status.to_string()),
        _ => telling,
    }
}

/// A refusal of the provider: its own words for programs, and ours for people.
fn refused_telling(status: u16, words: &ProviderWords) -> Telling {
    let bad_gateway = StatusCode::BAD_GATEWAY;
    let (told, kind, code, key) = match status {
        429 => (
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_error",
            "provider_busy",
            "error-provider-busy",
        ),
        // The client's own request was the matter; a 5xx would make it try again for nothing.
        400 | 404 | 413 | 415 | 422 => (
            StatusCode::BAD_REQUEST,
            INVALID,
            "provider_refused",
            "error-provider-refused",
        ),
        503 | 529 => (
            bad_gateway,
            "server_error",
            "provider_busy",
            "error-provider-busy",
        ),
        _ => (
            bad_gateway,
            "server_error",
            "provider_refused",
            "error-provider-refused",
        ),
    };
    let reason = words.code.as_deref().or(words.kind.as_deref());
    let reason = reason.map_or_else(
        || status.to_string(),
        |reason| format!("{status}, {reason}"),
    );
    let telling = Telling::new(told, kind, code, key).with("status", &reason);
    match status {
        // It does not know our own key; the client's is another matter.
        401 | 403 => telling,
        _ => telling.in_words_of(words),
    }
}
