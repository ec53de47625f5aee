//! Who calls and who writes: the key that a request carries, and what is signed about the person behind it.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use waarborg_usecase::gateway::Wishes;
use waarborg_usecase::ports::GatewayKey;
use waarborg_usecase::{Desk, keys};

use super::GatewayState;
use super::error::{Problem, Telling};
use super::headers;
use crate::identity::{Known, TokenFault, Unknown};

/// Who calls.
pub(super) struct Caller {
    /// The key that they carry; for one person of many with a number of their own.
    pub(super) key: GatewayKey,
    /// The person, where somebody signs for who it is.
    person: Option<String>,
}

impl Caller {
    /// What the headers ask for. Who is known by a signature stays so, whoever else the application says that writes.
    ///
    /// # Errors
    ///
    /// [`Problem::Header`] for a value that cannot be followed.
    pub(super) fn wishes(&self, headers: &HeaderMap) -> Result<Wishes, Problem> {
        let mut wishes = headers::wishes(headers)?;
        if let Some(known) = &self.person {
            let said = wishes.person.unwrap_or_default();
            wishes.person = Some(format!("{known}\u{1}{said}"));
        }
        Ok(wishes)
    }
}

/// Who calls with this request.
///
/// # Errors
///
/// [`Problem`] if nobody is known by what it carries.
pub(super) async fn caller(
    state: &GatewayState,
    desk: &Desk,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    let key = holder(desk, headers).await?;
    let writer = state.identity.writer(&key, headers, desk.now());
    Ok(known_by(desk, key, writer.map_err(Stranger::from)?))
}

/// The key that this request carries, where nothing goes anywhere and who writes does not matter.
///
/// # Errors
///
/// [`Problem`] if it carries none that opens.
pub(super) async fn holder(desk: &Desk, headers: &HeaderMap) -> Result<GatewayKey, Problem> {
    let carried = carried(headers).ok_or(Problem::NoKey)?;
    let key = keys::check(desk, carried).await?;
    headers::are_known(headers)?;
    Ok(key)
}

fn known_by(desk: &Desk, mut key: GatewayKey, known: Option<Known>) -> Caller {
    let Some(known) = known else {
        return Caller { key, person: None };
    };
    if known.group.is_some() {
        key.bounds.group = known.group;
    }
    if known.is_apart {
        key = keys::of_person(desk, key, &known.person);
    }
    Caller {
        key,
        person: Some(known.person),
    }
}

/// Where Anthropic's clients carry their key.
const API_KEY: &str = "x-api-key";

/// What the request carries to be let in.
fn carried(headers: &HeaderMap) -> Option<&str> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let mut others = headers.get_all(API_KEY).iter();
    // Two different ones: whoever stands before us may have read the other one.
    match (lines.next(), lines.next(), others.next(), others.next()) {
        (Some(bearer), None, None, None) => behind_bearer(bearer),
        (None, None, Some(key), None) => key.to_str().ok().map(str::trim),
        (Some(bearer), None, Some(key), None) => {
            behind_bearer(bearer).filter(|same| key.to_str().is_ok_and(|key| key.trim() == *same))
        }
        _ => None,
    }
}

/// The key of an `Authorization` line.
fn behind_bearer(line: &HeaderValue) -> Option<&str> {
    let (scheme, key) = line.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// Why nobody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stranger {
    /// The key carries prompts only with a token that says who writes.
    NoWriter,
    /// The application that must sign for who writes is not declared.
    NoSuchWriter,
    /// The token that says who writes is not accepted.
    Writer(TokenFault),
}

impl From<Unknown> for Stranger {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::NoWriter => Self::NoWriter,
            Unknown::NoSuchWriter => Self::NoSuchWriter,
            Unknown::Writer(fault) => Self::Writer(fault),
        }
    }
}

impl From<Stranger> for Problem {
    fn from(stranger: Stranger) -> Self {
        Self::Who(stranger)
    }
}

impl Stranger {
    pub(super) fn telling(self) -> Telling {
        let (status, code, key) = match self {
            Self::NoWriter => (
                StatusCode::UNAUTHORIZED,
                "writer_token_missing",
                "error-no-writer",
            ),
            Self::NoSuchWriter => (
                StatusCode::FORBIDDEN,
                "writer_not_declared",
                "error-no-such-writer",
            ),
            Self::Writer(_) => (
                StatusCode::UNAUTHORIZED,
                "invalid_writer_token",
                "error-writer",
            ),
        };
        let kind = if status == StatusCode::UNAUTHORIZED {
            "authentication_error"
        } else {
            "permission_error"
        };
        let telling = Telling::new(status, kind, code, key);
        match self {
            Self::Writer(fault) => telling
                .because(sentence(fault))
                .and("reason", json!(fault.name())),
            Self::NoWriter | Self::NoSuchWriter => telling,
        }
    }
}

/// The sentence that says what is wrong with a token, and what to do.
const fn sentence(fault: TokenFault) -> &'static str {
    match fault {
        TokenFault::TooLong => "token-too-long",
        TokenFault::Malformed => "token-malformed",
        TokenFault::Unsigned => "token-unsigned",
        TokenFault::Algorithm => "token-algorithm",
        TokenFault::Type => "token-type",
        TokenFault::Extension => "token-extension",
        TokenFault::Issuer => "token-issuer",
        TokenFault::UnknownKey => "token-unknown-key",
        TokenFault::Signature => "token-signature",
        TokenFault::Audience => "token-audience",
        TokenFault::Endless => "token-endless",
        TokenFault::Expired => "token-expired",
        TokenFault::NotYet => "token-not-yet",
        TokenFault::Nobody => "token-nobody",
        TokenFault::Groups => "token-groups",
    }
}
