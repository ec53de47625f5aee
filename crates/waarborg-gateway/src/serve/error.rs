//! What an application is answered when something does not go on: status, code and words, in OpenAI's error shape.

use axum::response::{IntoResponse as _, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::json;
use waarborg_detect::surrogate::Language;
use waarborg_domain::json::JsonFault;
use waarborg_domain::prompt::PromptFault;
use waarborg_usecase::gateway::GatewayError;
use waarborg_usecase::guard::GuardError;
use waarborg_usecase::keys::KeyError;
use waarborg_usecase::ports::ProviderError;

use crate::texts::say;

/// Why a request does not go on. Nothing was sent, unless it is [`Problem::Provider`].
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    UnknownRoute,
    OtherMethod,
    NoKey,
    Busy,
    NotJson,
    TooLarge {
        limit: usize,
    },
    TooSlow,
    BodyBrokeOff,
    Header(&'static str),
    Prompt(PromptFault),
    Field(&'static str),
    /// The provider is asked to keep the conversation, and the register says that it keeps nothing.
    MayNotStore,
    NoModel,
    OtherPurpose,
    /// The register's own stable code.
    NotAllowed(&'static str),
    /// Screening stopped it.
    Stopped(Stopped),
    /// The detector, the store or the audit log; which one is for the operator.
    House,
    Provider(ProviderError),
}

/// How a problem is told.
struct Telling {
    status: StatusCode,
    kind: &'static str,
    code: &'static str,
    param: Option<String>,
    key: &'static str,
    places: Vec<(&'static str, String)>,
    /// The sentence that fills the place `why`, and the number in it.
    why: Option<(&'static str, usize)>,
}

impl Telling {
    fn new(status: StatusCode, kind: &'static str, code: &'static str, key: &'static str) -> Self {
        Self {
            status,
            kind,
            code,
            param: None,
            key,
            places: Vec::new(),
            why: None,
        }
    }

    fn at(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self.with("place", param)
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.places.push((name, value.to_owned()));
        self
    }
}

const INVALID: &str = "invalid_request_error";

impl Problem {
    /// The answer in OpenAI's error shape.
    pub(super) fn answer(&self, language: Language) -> Response {
        let telling = self.telling();
        let mut response =
            (telling.status, axum::Json(document(&telling, language))).into_response();
        let headers = response.headers_mut();
        if telling.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The same as the data of an event, for a stream that has begun.
    pub(super) fn event_data(&self, language: Language) -> String {
        document(&self.telling(), language).to_string()
    }

    /// The stable code, for the log.
    pub(super) fn code(&self) -> &'static str {
        self.telling().code
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Busy => Some(1),
            Self::House => Some(5),
            Self::Provider(ProviderError::Refused { retry_after_s, .. }) => *retry_after_s,
            _ => None,
        }
    }

    fn telling(&self) -> Telling {
        match self {
            Self::UnknownRoute => {
                Telling::new(StatusCode::NOT_FOUND, INVALID, "unknown_url", "error-route")
            }
            Self::OtherMethod => Telling::new(
                StatusCode::METHOD_NOT_ALLOWED,
                INVALID,
                "method_not_allowed",
                "error-method",
            ),
            Self::NoKey => Telling::new(
                StatusCode::UNAUTHORIZED,
                "authentication_error",
                "invalid_api_key",
                "error-key",
            ),
            Self::Busy => Telling::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_error",
                "too_many_requests",
                "error-busy",
            ),
            Self::NotJson => Telling::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                INVALID,
                "unsupported_media_type",
                "error-content-type",
            ),
            Self::TooLarge { limit } => {
                let limit = (limit / (1024 * 1024)).to_string();
                Telling::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    INVALID,
                    "request_too_large",
                    "error-too-large",
                )
                .with("limit", &limit)
            }
            Self::TooSlow | Self::BodyBrokeOff => Telling::new(
                StatusCode::REQUEST_TIMEOUT,
                INVALID,
                "request_incomplete",
                "error-slow",
            ),
            Self::Header(name) => Telling::new(
                StatusCode::BAD_REQUEST,
                INVALID,
                "invalid_header",
                "error-header",
            )
            .with("header", name),
            Self::Prompt(fault) => prompt_telling(fault),
            Self::Field(name) => Telling::new(
                StatusCode::BAD_REQUEST,
                INVALID,
                "invalid_field",
                "error-field",
            )
            .at(name),
            Self::MayNotStore => {
                let status = StatusCode::FORBIDDEN;
                Telling::new(
                    status,
                    "permission_error",
                    "storing_not_permitted",
                    "error-store",
                )
                .at("store")
            }
            Self::NoModel => {
                let telling = Telling::new(
                    StatusCode::NOT_FOUND,
                    INVALID,
                    "model_not_found",
                    "error-model",
                );
                telling.at("model")
            }
            Self::OtherPurpose => Telling::new(
                StatusCode::FORBIDDEN,
                "permission_error",
                "purpose_not_permitted",
                "error-purpose",
            ),
            Self::NotAllowed(code) => Telling::new(
                StatusCode::FORBIDDEN,
                "permission_error",
                code,
                "error-register",
            )
            .with("why", code),
            Self::Stopped(stopped) => stopped.telling(),
            Self::House => Telling::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "server_error",
                "unavailable",
                "error-house",
            ),
            Self::Provider(error) => provider_telling(error),
        }
    }
}

/// Why screening stopped a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stopped {
    /// A person's yes would be enough.
    pub(super) only_warns: bool,
    pub(super) recipient: String,
    pub(super) kinds: String,
    pub(super) request: String,
}

impl Stopped {
    fn telling(&self) -> Telling {
        let (code, key) = if self.only_warns {
            ("personal_data_needs_approval", "error-warn")
        } else {
            ("personal_data_blocked", "error-blocked")
        };
        Telling::new(StatusCode::UNPROCESSABLE_ENTITY, "policy_error", code, key)
            .with("recipient", &self.recipient)
            .with("kinds", &self.kinds)
            .with("request", &self.request)
    }
}

fn document(telling: &Telling, language: Language) -> serde_json::Value {
    let places: Vec<(&str, &str)> = telling
        .places
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let why = telling
        .why
        .map(|(key, at)| say(language, key, &[("at", &at.to_string())]));
    let mut message = say(language, telling.key, &places);
    if let Some(why) = why {
        message = message.replace("{ $why }", &why);
    }
    json!({"error": {"message": message, "type": telling.kind, "param": telling.param, "code": telling.code}})
}

fn prompt_telling(fault: &PromptFault) -> Telling {
    let bad = StatusCode::BAD_REQUEST;
    match fault {
        PromptFault::Json(JsonFault::TooLong { limit }) => {
            Problem::TooLarge { limit: *limit }.telling()
        }
        PromptFault::Json(fault) => {
            let mut telling = Telling::new(bad, INVALID, "invalid_json", "error-json");
            telling.why = Some(json_why(fault));
            telling
        }
        PromptFault::Head => Telling::new(bad, INVALID, "invalid_field", "error-field").at("model"),
        PromptFault::Opaque(place) => {
            Telling::new(bad, INVALID, "content_not_inspectable", "error-opaque").at(place)
        }
        PromptFault::Bound(place) => {
            Telling::new(bad, INVALID, "personal_data_in_name", "error-bound").at(place)
        }
    }
}

/// The sentence for a fault of the JSON, and the number in it.
fn json_why(fault: &JsonFault) -> (&'static str, usize) {
    match fault {
        JsonFault::NotUtf8 { at } => ("json-not-utf8", *at),
        JsonFault::TooDeep { limit } => ("json-too-deep", *limit),
        JsonFault::TooMany { limit } => ("json-too-many", *limit),
        JsonFault::DuplicateKey { at } => ("json-duplicate-key", *at),
        JsonFault::LoneSurrogate { at } => ("json-lone-surrogate", *at),
        JsonFault::Syntax { at } => ("json-syntax", *at),
        _ => ("json-syntax", 0),
    }
}

fn provider_telling(error: &ProviderError) -> Telling {
    let server = "server_error";
    match error {
        ProviderError::Unreachable => Telling::new(
            StatusCode::BAD_GATEWAY,
            server,
            "provider_unreachable",
            "error-provider-unreachable",
        ),
        ProviderError::TooSlow => Telling::new(
            StatusCode::GATEWAY_TIMEOUT,
            server,
            "provider_timeout",
            "error-provider-slow",
        ),
        ProviderError::Refused { status: 429, .. } => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            Telling::new(
                status,
                "rate_limit_error",
                "provider_busy",
                "error-provider-busy",
            )
            .with("status", "429")
        }
        ProviderError::Refused {
            status: status @ (400 | 404 | 413 | 415 | 422),
            ..
        } => {
            // The client's own request was the matter; a 5xx would make it try again for nothing.
            Telling::new(
                StatusCode::BAD_REQUEST,
                INVALID,
                "provider_refused",
                "error-provider-refused",
            )
            .with("status", &status.to_string())
        }
        ProviderError::Refused { status, .. } => {
            let busy = *status == 503 || *status == 529;
            let (code, key) = if busy {
                ("provider_busy", "error-provider-busy")
            } else {
                ("provider_refused", "error-provider-refused")
            };
            Telling::new(StatusCode::BAD_GATEWAY, server, code, key)
                .with("status", &status.to_string())
        }
        _ => Telling::new(
            StatusCode::BAD_GATEWAY,
            server,
            "provider_broke_off",
            "error-provider-broken",
        ),
    }
}

impl From<PromptFault> for Problem {
    fn from(fault: PromptFault) -> Self {
        Self::Prompt(fault)
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::NotAllowed(refusal) => Self::NotAllowed(refusal.code()),
            KeyError::Closed => Self::NoKey,
            KeyError::Store(_) => Self::House,
        }
    }
}

impl From<GatewayError> for Problem {
    fn from(error: GatewayError) -> Self {
        match error {
            GatewayError::NoModel => Self::NoModel,
            GatewayError::OtherPurpose => Self::OtherPurpose,
            GatewayError::OtherPolicy => Self::Header("x-waarborg-policy"),
            GatewayError::NotAllowed(refusal) => Self::NotAllowed(refusal.code()),
            GatewayError::Finder | GatewayError::Store(_) => Self::House,
            GatewayError::Provider(error) => Self::Provider(error),
        }
    }
}

impl From<GuardError> for Problem {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::NoModel => Self::NoModel,
            GuardError::NotAllowed(refusal) => Self::NotAllowed(refusal.code()),
            GuardError::Finder => Self::House,
        }
    }
}
