//! Reads and writes the two cookies, both strictly necessary and declared in the register.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, header};
use waarborg_domain::ids::Token;
use waarborg_usecase::Desk;
use waarborg_usecase::console::CONSOLE_COOKIE;
use waarborg_usecase::door::{self, VISIT_COOKIE};

use crate::app::{App, Settings};

/// Every cookie that may be set, by its name in the register.
pub const COOKIES: [&str; 2] = [VISIT_COOKIE, CONSOLE_COOKIE];

/// The name under which a browser keeps a cookie.
#[must_use]
pub fn name(declared: &str, settings: Settings) -> String {
    if settings.is_https {
        format!("__Host-{declared}")
    } else {
        declared.to_owned()
    }
}

/// The token in a cookie of a request. A cookie that is there twice is not read at all.
#[must_use]
pub fn token(headers: &HeaderMap, declared: &str, settings: Settings) -> Option<Token> {
    let wanted = name(declared, settings);
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) => Token::parse(value),
        _ => None,
    }
}

/// Sets a cookie for as long as the register says.
#[must_use]
pub fn set(desk: &Desk, declared: &str, token: &Token, settings: Settings) -> Option<HeaderValue> {
    let now = desk.now();
    let seconds = desk
        .cookie_ends_at(declared, now)
        .duration_since(now)
        .as_secs()
        .max(0);
    line(declared, &token.text(), seconds, settings)
}

/// Takes a cookie away.
#[must_use]
pub fn clear(declared: &str, settings: Settings) -> Option<HeaderValue> {
    line(declared, "", 0, settings)
}

/// Sets the visitor's cookie again on the pages they open, so that it lasts as long as their session does.
pub(crate) async fn renew(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = app.settings();
    let is_page = request.method() == Method::GET && !request.uri().path().starts_with("/assets/");
    let carried = is_page
        .then(|| token(request.headers(), VISIT_COOKIE, settings))
        .flatten();

    let mut response = next.run(request).await;
    let is_set = response.headers().contains_key(header::SET_COOKIE);
    let desk = app.desk();
    if let Some(token) = carried
        && response.status().is_success()
        && !is_set
        // Only for who is known: a dead or made-up cookie is not given a new life.
        && matches!(door::visitor(&desk, &token).await, Ok(Some(_)))
        && let Some(line) = set(&desk, VISIT_COOKIE, &token, settings)
    {
        response.headers_mut().insert(header::SET_COOKIE, line);
    }
    response
}

fn line(declared: &str, value: &str, seconds: i64, settings: Settings) -> Option<HeaderValue> {
    // Lax for visitors: a link in a mail must find them in their own session. Staff come by their own link.
    let site = if declared == CONSOLE_COOKIE {
        "Strict"
    } else {
        "Lax"
    };
    let secure = if settings.is_https { "; Secure" } else { "" };
    let line = format!(
        "{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={site}{secure}",
        name(declared, settings)
    );
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: Settings = Settings {
        is_https: true,
        is_demo: false,
    };

    fn headers(line: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(line).unwrap())])
    }

    #[test]
    fn a_cookie_is_read_back_and_a_doubled_one_is_not() {
        let token_ = Token::new([5; 32]);
        let pair = format!("__Host-{VISIT_COOKIE}={}", token_.text());
        assert_eq!(
            token(&headers(&format!("a=b; {pair}")), VISIT_COOKIE, HTTPS),
            Some(token_)
        );
        assert_eq!(
            token(&headers(&format!("{pair}; {pair}")), VISIT_COOKIE, HTTPS),
            None
        );
        assert_eq!(
            token(&headers(&pair), VISIT_COOKIE, Settings::default()),
            None
        );
    }

    #[test]
    fn a_cookie_is_out_of_reach_for_scripts_and_other_sites() {
        let line = clear(CONSOLE_COOKIE, HTTPS).unwrap();
        let line = line.to_str().unwrap();
        for part in ["__Host-", "HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }
}
