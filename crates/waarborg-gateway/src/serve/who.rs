//! Who calls and who writes: the key that a request carries, and what is signed about the person behind it.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use waarborg_domain::ids::GatewayKeyId;
use waarborg_usecase::gateway::Wishes;
use waarborg_usecase::keys::KeyError;
use waarborg_usecase::ports::GatewayKey;
use waarborg_usecase::{Desk, keys};

use super::GatewayState;
use super::error::{Problem, Telling};
use super::headers;
use crate::identity::{Admitted, Known, TokenFault, Unknown};

/// Who calls.
pub(super) struct Caller {
    /// The key that they carry, or that is opened for them; for one person of many with a number of their own.
    pub(super) key: GatewayKey,
    /// The person, where somebody signs for who it is.
    pub(super) person: Option<String>,
    /// Whether the key is that of many who each come in by a token of their own.
    is_of_many: bool,
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

    /// Whether they may see what was done with their key.
    ///
    /// # Errors
    ///
    /// [`Stranger::OneOfMany`] if that was done by others too.
    pub(super) fn may_look_back(&self) -> Result<(), Problem> {
        if self.is_of_many && self.key.stands_for.is_none() {
            return Err(Stranger::OneOfMany.into());
        }
        Ok(())
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
    let (mut key, admitted) = let_in(state, desk, headers).await?;
    let writer = state.identity.writer(&key, headers, desk.now());
    let writer = writer.map_err(Stranger::from)?;
    let is_of_many = admitted.is_some();

    let mut person: Option<String> = None;
    let mut is_apart = false;
    for known in [admitted, writer].into_iter().flatten() {
        person = Some(person.unwrap_or_default() + &known.person);
        is_apart |= known.is_apart;
        if known.group.is_some() {
            key.bounds.group = known.group;
        }
    }
    if let (Some(person), true) = (&person, is_apart) {
        key = keys::of_person(desk, key, person);
    }
    Ok(Caller {
        key,
        person,
        is_of_many,
    })
}

/// The key that this request carries, where nothing goes anywhere and who writes does not matter.
///
/// # Errors
///
/// [`Problem`] if it carries none that opens.
pub(super) async fn holder(
    state: &GatewayState,
    desk: &Desk,
    headers: &HeaderMap,
) -> Result<GatewayKey, Problem> {
    let_in(state, desk, headers).await.map(|(key, _)| key)
}

/// The key that opens for this request, and who it is that came in by a token.
async fn let_in(
    state: &GatewayState,
    desk: &Desk,
    headers: &HeaderMap,
) -> Result<(GatewayKey, Option<Known>), Problem> {
    let carried = carried(headers).ok_or(Problem::NoKey)?;
    if !state.identity.takes(carried) {
        let key = keys::check(desk, carried).await?;
        headers::are_known(headers)?;
        return Ok((key, None));
    }

    let admitted = state.identity.admit(carried, desk.now()).await;
    let Admitted { keys, known } = admitted.map_err(Stranger::from)?;
    headers::are_known(headers)?;
    let purpose = headers::purpose(headers)?;
    let key = opened(desk, &keys, purpose.as_deref()).await?;
    Ok((key, Some(known)))
}

/// Of the keys that a token opens the first, or the first for the purpose that the request names.
async fn opened(
    desk: &Desk,
    ids: &[GatewayKeyId],
    purpose: Option<&str>,
) -> Result<GatewayKey, Problem> {
    let mut first = None;
    for id in ids {
        let key = match keys::by_id(desk, *id).await {
            Err(KeyError::Closed) => return Err(Stranger::OpensNothing.into()),
            key => key?,
        };
        if purpose.is_none_or(|purpose| purpose == key.purpose) {
            return Ok(key);
        }
        first = first.or(Some(key));
    }
    // Which purpose was meant, its own check says.
    first.ok_or_else(|| Stranger::OpensNothing.into())
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
    /// The token that is carried in place of a key is not accepted.
    Token(TokenFault),
    /// The keys of its issuer cannot be had.
    NoKeys,
    /// It is right, and opens nothing here.
    OpensNothing,
    /// It opens what others use too, and they would be seen.
    OneOfMany,
}

impl From<Unknown> for Stranger {
    fn from(unknown: Unknown) -> Self {
        match unknown {
            Unknown::NoWriter => Self::NoWriter,
            Unknown::NoSuchWriter => Self::NoSuchWriter,
            Unknown::Writer(fault) => Self::Writer(fault),
            Unknown::Token(fault) => Self::Token(fault),
            Unknown::NoKeys => Self::NoKeys,
            Unknown::OpensNothing => Self::OpensNothing,
        }
    }
}

impl From<Stranger> for Problem {
    fn from(stranger: Stranger) -> Self {
        Self::Who(stranger)
    }
}

/// After how many seconds the keys of an issuer may be there.
const KEYS_AGAIN_S: u32 = 30;

impl Stranger {
    pub(super) fn telling(self) -> Telling {
        let (status, code, key) = match self {
            Self::NoWriter => (401, "writer_token_missing", "error-no-writer"),
            Self::NoSuchWriter => (403, "writer_not_declared", "error-no-such-writer"),
            Self::Writer(_) => (401, "invalid_writer_token", "error-writer"),
            Self::Token(_) => (401, "invalid_token", "error-token"),
            Self::NoKeys => (503, "issuer_unavailable", "error-issuer-away"),
            Self::OpensNothing => (403, "token_opens_nothing", "error-token-opens-nothing"),
            Self::OneOfMany => (403, "trail_not_own", "error-trail-of-many"),
        };
        let (status, kind) = match status {
            401 => (StatusCode::UNAUTHORIZED, "authentication_error"),
            403 => (StatusCode::FORBIDDEN, "permission_error"),
            _ => (StatusCode::SERVICE_UNAVAILABLE, "server_error"),
        };
        let telling = Telling::new(status, kind, code, key);
        match self {
            Self::Writer(fault) | Self::Token(fault) => telling
                .because(sentence(fault))
                .and("reason", json!(fault.name())),
            _ => telling,
        }
    }

    /// What is asked for in place of it (RFC 6750, 3).
    pub(super) const fn scheme(self) -> &'static str {
        match self {
            Self::Token(_) => "Bearer error=\"invalid_token\"",
            _ => "Bearer",
        }
    }

    /// After how long it may go.
    pub(super) const fn retry_after_s(self) -> Option<u32> {
        match self {
            Self::NoKeys => Some(KEYS_AGAIN_S),
            _ => None,
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
