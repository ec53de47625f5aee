//! The headers of every answer: what a browser may load, keep and tell others.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// Nothing but our own files; no inline script or style; nobody may frame us; and a browser that
/// knows trusted types refuses to make HTML from text at all.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
require-trusted-types-for 'script'; trusted-types 'none'";

const FIXED: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // Not "no-referrer": browsers then send our own forms with an origin "null".
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), browsing-topics=(), payment=(), usb=()",
    ),
    (
        HeaderName::from_static("x-permitted-cross-domain-policies"),
        "none",
    ),
];

/// Adds the headers to an answer. What is not said to be kept is not kept.
pub async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Did a browser send this request from a page of ours? A request that says nothing about its
/// origin is judged by its form token.
#[must_use]
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site")
        && !matches!(site, "same-origin" | "none")
    {
        return false;
    }
    // An origin "null", which a page in a closed frame sends, names no host and is not ours.
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, named)| named.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], expected: bool) {
        let map = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        assert_eq!(same_origin(&map), expected, "{headers:?}");
    }

    #[test]
    fn a_form_on_another_site_is_not_ours() {
        check(
            &[
                ("host", "a.nl"),
                ("origin", "https://a.nl"),
                ("sec-fetch-site", "same-origin"),
            ],
            true,
        );
        check(
            &[("host", "a.nl"), ("origin", "https://evil.example")],
            false,
        );
        check(&[("host", "a.nl"), ("origin", "null")], false);
        check(&[("host", "a.nl"), ("sec-fetch-site", "cross-site")], false);
        check(&[("host", "a.nl"), ("sec-fetch-site", "same-site")], false);
        check(&[("host", "a.nl")], true);
    }

    #[test]
    fn the_policy_allows_no_inline_code_and_no_other_host() {
        for forbidden in ["unsafe", "http:", "https:", "*", "data:"] {
            assert!(!POLICY.contains(forbidden), "{forbidden}");
        }
    }
}
