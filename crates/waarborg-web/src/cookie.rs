//! Reads and writes cookies: two that are strictly necessary, and what somebody chose from the register's list.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, header};
use waarborg_domain::cookies::{CHOICES_COOKIE, Choices, LANGUAGE_COOKIE, is_refused_by_signal};
use waarborg_domain::ids::Token;
use waarborg_domain::register::{CookieClass, Register};
use waarborg_usecase::Desk;
use waarborg_usecase::console::CONSOLE_COOKIE;
use waarborg_usecase::door::{self, VISIT_COOKIE};

use crate::app::{App, Settings};
use crate::words::Tongue;

/// Every cookie that is set without being asked, by its name in the register.
const NECESSARY: [&str; 2] = [VISIT_COOKIE, CONSOLE_COOKIE];

/// Every cookie that this register must declare. One that people choose is set only where it is declared.
pub fn needed(register: &Register) -> impl Iterator<Item = &'static str> {
    let asks = !register.cookie_kinds().is_empty();
    NECESSARY.into_iter().chain(asks.then_some(CHOICES_COOKIE))
}

/// What somebody chose, as far as their browser says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen {
    /// What they chose from the list that holds now.
    pub(crate) now: Option<Choices>,
    /// What they chose once, from whichever list.
    pub(crate) once: Option<Choices>,
    /// Their browser sends Global Privacy Control.
    pub(crate) signal: bool,
}

impl Chosen {
    /// Reads what a request says.
    pub(crate) fn read(headers: &HeaderMap, desk: &Desk, settings: Settings) -> Self {
        let once = value(headers, CHOICES_COOKIE, settings).and_then(Choices::parse);
        let list = desk.register.cookie_list_version();
        Self {
            now: once.clone().filter(|choices| choices.list == list),
            once,
            signal: headers
                .get("sec-gpc")
                .is_some_and(|value| value.as_bytes() == b"1"),
        }
    }

    /// Whether cookies of this kind may be set.
    pub(crate) fn allows(&self, kind: CookieClass) -> bool {
        if self.signal && is_refused_by_signal(kind) {
            return false;
        }
        kind == CookieClass::Necessary
            || self
                .now
                .as_ref()
                .is_some_and(|choices| choices.allowed.contains(&kind))
    }
}

/// The language that somebody had remembered.
pub(crate) fn language(headers: &HeaderMap, chosen: &Chosen, settings: Settings) -> Option<Tongue> {
    if !chosen.allows(CookieClass::Functional) {
        return None;
    }
    value(headers, LANGUAGE_COOKIE, settings).and_then(Tongue::parse)
}

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
    value(headers, declared, settings).and_then(Token::parse)
}

/// The value of a cookie of a request, if it is there once.
fn value<'h>(headers: &'h HeaderMap, declared: &str, settings: Settings) -> Option<&'h str> {
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
        (Some(value), None) => Some(value),
        _ => None,
    }
}

/// Sets a cookie for as long as the register says.
#[must_use]
pub fn set(desk: &Desk, declared: &str, token: &Token, settings: Settings) -> Option<HeaderValue> {
    keep(desk, declared, &token.text(), settings)
}

/// Remembers what somebody chose.
pub(crate) fn remember(desk: &Desk, choices: &Choices, settings: Settings) -> Option<HeaderValue> {
    keep(desk, CHOICES_COOKIE, &choices.text(), settings)
}

fn keep(desk: &Desk, declared: &str, value: &str, settings: Settings) -> Option<HeaderValue> {
    let now = desk.now();
    let seconds = desk
        .cookie_ends_at(declared, now)
        .duration_since(now)
        .as_secs()
        .max(0);
    // A cookie without a length of time is one until the browser closes.
    line(declared, value, (seconds > 0).then_some(seconds), settings)
}

/// Takes a cookie away.
#[must_use]
pub fn clear(declared: &str, settings: Settings) -> Option<HeaderValue> {
    line(declared, "", Some(0), settings)
}

/// Sets the visitor's cookie again on the pages they open, so that it lasts as long as their session does; and remembers
/// the language that they chose in an address, if they want that.
pub(crate) async fn renew(State(app): State<App>, request: Request, next: Next) -> Response {
    let settings = app.settings();
    let is_page = request.method() == Method::GET && !request.uri().path().starts_with("/assets/");
    let carried = is_page
        .then(|| token(request.headers(), VISIT_COOKIE, settings))
        .flatten();
    let desk = app.desk();
    let tongue = is_page
        .then(|| chosen_tongue(&request, &desk, settings))
        .flatten();

    let mut response = next.run(request).await;
    let is_set = response.headers().contains_key(header::SET_COOKIE);
    if !response.status().is_success() || is_set {
        return response;
    }
    if let Some(token) = carried
        // Only for who is known: a dead or made-up cookie is not given a new life.
        && matches!(door::visitor(&desk, &token).await, Ok(Some(_)))
        && let Some(line) = set(&desk, VISIT_COOKIE, &token, settings)
    {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    if let Some(tongue) = tongue
        && let Some(line) = keep(&desk, LANGUAGE_COOKIE, tongue.code(), settings)
    {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}

/// The language in an address, if the register declares a cookie for it and the person wants that kind.
fn chosen_tongue(request: &Request, desk: &Desk, settings: Settings) -> Option<Tongue> {
    let asked = request.uri().query().and_then(Tongue::asked)?;
    let declared = desk
        .register
        .cookies()
        .iter()
        .find(|cookie| cookie.name == LANGUAGE_COOKIE)?;
    let chosen = Chosen::read(request.headers(), desk, settings);
    chosen.allows(declared.class).then_some(asked)
}

fn line(
    declared: &str,
    value: &str,
    seconds: Option<i64>,
    settings: Settings,
) -> Option<HeaderValue> {
    // Lax for visitors: a link in a mail must find them in their own session. Staff come by their own link.
    let site = if declared == CONSOLE_COOKIE {
        "Strict"
    } else {
        "Lax"
    };
    let age = seconds.map_or_else(String::new, |seconds| format!(" Max-Age={seconds};"));
    let secure = if settings.is_https { "; Secure" } else { "" };
    let line = format!(
        "{}={value}; Path=/;{age} HttpOnly; SameSite={site}{secure}",
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
