//! What an application is answered when something does not go on: status, code and words, in OpenAI's error shape.

mod provider;

use std::borrow::Cow;
use std::time::Duration;

use axum::response::{IntoResponse as _, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use waarborg_detect::surrogate::Language;
use waarborg_domain::json::JsonFault;
use waarborg_domain::prompt::{Fixed, PromptFault};
use waarborg_usecase::ports::{Measure, ProviderError, ProviderWords};

use super::batches;
use super::compat;
use super::headers::Voice;
use super::second::{self, SecondPerson};
use super::who::Stranger;
use crate::enclosed::Why;
use crate::form::{FilledFault, Holds};
use crate::surfaces::{FormFault, Shape};
use crate::texts::say;

/// Why a request does not go on. Nothing was sent, unless it is [`Problem::Provider`].
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Problem {
    UnknownRoute,
    /// An address of a provider that is closed here, and the sentence that says why.
    Closed(&'static str),
    OtherMethod,
    NoKey,
    /// Who calls, or who writes, is not known.
    Who(Stranger),
    Busy,
    /// The share of the key is used up.
    UsedUp {
        measure: Measure,
        wait: Duration,
    },
    /// Requests that are under way may use what is left of the share of the key.
    InUse,
    /// The key is bound to other models.
    OtherModel,
    /// The register does not declare the group of the key.
    UnknownGroup,
    NotJson,
    NotForm(Holds),
    /// A form cannot be followed.
    Filled(FilledFault),
    TooLarge {
        limit: usize,
    },
    TooSlow,
    BodyBrokeOff,
    Header(&'static str),
    /// A header of ours that does not exist: what it wished for must not be passed over.
    UnknownHeader,
    Prompt(PromptFault),
    /// A field cannot be followed.
    Form(FormFault),
    /// A picture or file that lies in the request was not read wholly.
    Unread {
        place: String,
        why: Why,
    },
    /// A request in the form of another program cannot be followed.
    Compat(compat::Fault),
    /// By this field the provider is asked to keep something, and the register says that it keeps nothing.
    MayNotStore(&'static str),
    NoModel,
    /// The model is asked in another protocol than its provider speaks.
    OtherWire,
    OtherPurpose,
    /// The register's own stable code, and its row that stands in the way.
    NotAllowed {
        code: &'static str,
        row: Option<String>,
    },
    /// Screening stopped it.
    Stopped(Box<Stopped>),
    /// The detector, the store or the audit log; which one is for the operator.
    House,
    Provider(ProviderError),
    /// Something that a provider keeps cannot be followed.
    Batch(batches::Fault),
    /// The same of what a client wrote as `items`, and which is read as the input of a response.
    InItems(Box<Self>),
}

/// How a problem is told.
pub(super) struct Telling {
    status: StatusCode,
    kind: Cow<'static, str>,
    code: Cow<'static, str>,
    param: Option<String>,
    key: &'static str,
    /// Which of many requests it is about, from one.
    line: Option<usize>,
    places: Vec<(&'static str, String)>,
    /// The sentence that fills the place `why`, and the number in it.
    why: Option<(&'static str, usize)>,
    /// Why the register says so, where it changes the policy.
    reasons: Vec<String>,
    /// What a program may want to know beside the provider's own fields.
    more: serde_json::Map<String, Value>,
}

impl Telling {
    pub(super) fn new(
        status: StatusCode,
        kind: &'static str,
        code: &'static str,
        key: &'static str,
    ) -> Self {
        Self {
            status,
            kind: Cow::Borrowed(kind),
            code: Cow::Borrowed(code),
            param: None,
            key,
            line: None,
            places: Vec::new(),
            why: None,
            reasons: Vec::new(),
            more: serde_json::Map::new(),
        }
    }

    pub(super) fn and(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// With the provider's own words for programs, where it has any.
    fn in_words_of(mut self, words: &ProviderWords) -> Self {
        if let Some(kind) = &words.kind {
            self.kind = Cow::Owned(kind.clone());
        }
        if let Some(code) = &words.code {
            self.code = Cow::Owned(code.clone());
        }
        self.param = words.param.clone().or(self.param);
        self
    }

    pub(super) fn at(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self.with("place", param)
    }

    /// The same of one of many requests: its number, and where it stands.
    pub(super) fn in_line(mut self, number: usize, place: &str) -> Self {
        self.line = Some(number);
        self.param = Some(
            self.param
                .map_or_else(|| place.to_owned(), |param| format!("{place}.{param}")),
        );
        self.and("line", json!(number))
    }

    /// The same where the client wrote `items` and not `input`.
    fn in_items(mut self) -> Self {
        let places = self.places.iter_mut().filter(|(name, _)| *name == "place");
        let places = places.map(|(_, place)| place).chain(&mut self.param);
        for place in places {
            if let Some(rest) = place.strip_prefix("input") {
                *place = format!("items{rest}");
            }
        }
        self
    }

    /// With the sentence that fills the place `why`.
    pub(super) fn because(mut self, key: &'static str) -> Self {
        self.why = Some((key, 0));
        self
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.places.push((name, value.to_owned()));
        self
    }
}

pub(super) const INVALID: &str = "invalid_request_error";

impl Problem {
    /// The answer in the client's error shape.
    pub(super) fn answer(&self, voice: Voice) -> Response {
        let telling = self.telling();
        let mut response = (telling.status, axum::Json(document(&telling, voice))).into_response();
        let headers = response.headers_mut();
        if telling.status == StatusCode::UNAUTHORIZED {
            let scheme = match self {
                Self::Who(stranger) => stranger.scheme(),
                _ => "Bearer",
            };
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(scheme));
        }
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The same as the data of an event, for a stream that has begun.
    pub(super) fn event_data(&self, voice: Voice) -> String {
        let mut document = document(&self.telling(), voice);
        if voice.shape == Shape::Responses {
            // Some clients read the event's own members, others an error inside it.
            let error = document.get("error").cloned().unwrap_or_default();
            if let Some(members) = document.as_object_mut() {
                members.insert("type".to_owned(), json!("error"));
                for member in ["code", "message", "param"] {
                    let value = error.get(member).cloned().unwrap_or_default();
                    members.insert(member.to_owned(), value);
                }
            }
        }
        document.to_string()
    }

    /// What people are told.
    pub(super) fn sentence(&self, language: Language) -> String {
        message(&self.telling(), language)
    }

    /// The stable code, for the log.
    pub(super) fn code(&self) -> Cow<'static, str> {
        self.telling().code
    }

    /// The stable code where it is ours, for traces: a provider's own words go no further than the client.
    pub(super) fn own_code(&self) -> &'static str {
        match self.telling().code {
            Cow::Borrowed(code) => code,
            Cow::Owned(_) => "provider_refused",
        }
    }

    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Busy | Self::Batch(batches::Fault::Outrun) => Some(1),
            Self::InUse => Some(2),
            Self::Who(stranger) => stranger.retry_after_s(),
            Self::UsedUp { wait, .. } => {
                Some(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX))
            }
            Self::House => Some(5),
            Self::Provider(ProviderError::Refused { retry_after_s, .. }) => *retry_after_s,
            Self::Provider(ProviderError::Resting { retry_after_s }) => Some(*retry_after_s),
            _ => None,
        }
    }

    pub(super) fn telling(&self) -> Telling {
        match self {
            Self::UnknownRoute => {
                Telling::new(StatusCode::NOT_FOUND, INVALID, "unknown_url", "error-route")
            }
            Self::Closed(key) => {
                Telling::new(StatusCode::NOT_FOUND, INVALID, "endpoint_not_guarded", key)
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
            Self::Who(stranger) => stranger.telling(),
            Self::Busy => Telling::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_error",
                "too_many_requests",
                "error-busy",
            ),
            Self::UsedUp { measure, .. } => used_up_telling(*measure),
            Self::InUse => in_use_telling(),
            Self::OtherModel => Telling::new(
                StatusCode::FORBIDDEN,
                "permission_error",
                "model_not_permitted",
                "error-other-model",
            )
            .at("model"),
            Self::UnknownGroup => Telling::new(
                StatusCode::FORBIDDEN,
                "permission_error",
                "group_not_declared",
                "error-group",
            ),
            Self::NotJson => media_type_telling("error-content-type"),
            Self::NotForm(holds) => not_form_telling(*holds),
            Self::Filled(fault) => filled_telling(*fault),
            Self::TooLarge { limit } => too_large_telling(*limit),
            Self::TooSlow | Self::BodyBrokeOff => Telling::new(
                StatusCode::REQUEST_TIMEOUT,
                INVALID,
                "request_incomplete",
                "error-slow",
            ),
            Self::Header(name) => header_telling(name),
            Self::UnknownHeader => unknown_header_telling(),
            Self::Prompt(fault) => prompt_telling(fault),
            Self::Form(fault) => form_telling(*fault),
            Self::Unread { place, why } => unread_telling(place, *why),
            Self::Compat(fault) => {
                Telling::new(StatusCode::BAD_REQUEST, INVALID, fault.code, fault.sentence)
                    .at(fault.field)
            }
            Self::MayNotStore(field) => may_not_store_telling(field),
            Self::NoModel => {
                let telling = Telling::new(
                    StatusCode::NOT_FOUND,
                    INVALID,
                    "model_not_found",
                    "error-model",
                );
                telling.at("model")
            }
            Self::OtherWire => Telling::new(
                StatusCode::BAD_REQUEST,
                INVALID,
                "wrong_protocol",
                "error-wire",
            )
            .at("model"),
            Self::OtherPurpose => Telling::new(
                StatusCode::FORBIDDEN,
                "permission_error",
                "purpose_not_permitted",
                "error-purpose",
            ),
            Self::NotAllowed { code, row } => refusal_telling(code, row.as_deref()),
            Self::Stopped(stopped) => stopped.telling(),
            Self::House => Telling::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "server_error",
                "unavailable",
                "error-house",
            ),
            Self::Provider(error) => provider::telling(error),
            Self::Batch(fault) => fault.telling(),
            Self::InItems(problem) => problem.telling().in_items(),
        }
    }
}

/// Why screening stopped a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stopped {
    /// A person's yes would be enough.
    pub(super) only_warns: bool,
    /// Surrogates would have let it go, and none can be written where they must stand.
    pub(super) fixed: Option<Fixed>,
    pub(super) recipient: String,
    pub(super) kinds: String,
    pub(super) request: String,
    pub(super) classes: Vec<&'static str>,
    /// What the register changes in the policy and stopped it: the rule, and why in the reader's language.
    pub(super) changes: Vec<(String, String)>,
    /// The models of this key that would take the same text, with what people call their recipients.
    pub(super) open: Vec<(String, String)>,
    /// What to send along with the person's yes, where that would be enough.
    pub(super) confirm: Option<String>,
    /// A second person's yes would be enough.
    pub(super) second: Option<SecondPerson>,
}

impl Stopped {
    fn telling(&self) -> Telling {
        let (code, key) = match (self.fixed, self.only_warns, self.open.is_empty()) {
            (None, false, _) if self.second.is_some() => (
                second::CODE,
                self.second.as_ref().map_or("", SecondPerson::key),
            ),
            (Some(Fixed::InPicture), ..) => ("personal_data_in_picture", "error-in-picture"),
            (Some(Fixed::InSound), _, true) => ("sound_not_inspectable", "error-in-sound"),
            (Some(Fixed::InSound), _, false) => ("sound_not_inspectable", "error-in-sound-open"),
            (Some(Fixed::Spoken), ..) => ("personal_data_in_speech", "error-in-speech"),
            (Some(Fixed::Signed), ..) => ("personal_data_in_signed_text", "error-signed"),
            (None, true, _) if self.confirm.is_some() => {
                ("personal_data_needs_approval", "error-warn-confirm")
            }
            (None, true, _) => ("personal_data_needs_approval", "error-warn"),
            (None, false, true) => ("personal_data_blocked", "error-blocked"),
            (None, false, false) => ("personal_data_blocked", "error-blocked-open"),
        };
        let (models, place) = self.open.first().cloned().unwrap_or_default();
        let changes = self.changes.iter();
        let changes: Vec<Value> = changes
            .map(|(rule, why)| json!({"rule": rule, "why": why}))
            .collect();
        let open: Vec<&str> = self.open.iter().map(|(model, _)| model.as_str()).collect();
        let reasons = self.changes.iter().map(|(_, why)| why.clone()).collect();
        let telling = Telling {
            reasons,
            ..Telling::new(StatusCode::UNPROCESSABLE_ENTITY, "policy_error", code, key)
        };
        let telling = match &self.second {
            Some(second) => second.tells(telling),
            None => telling,
        };
        let telling = match &self.confirm {
            Some(confirm) => telling.and("confirm", json!(confirm)),
            None => telling,
        };
        telling
            .with("recipient", &self.recipient)
            .with("kinds", &self.kinds)
            .with("request", &self.request)
            .with("model", &models)
            .with("place", &place)
            .and("stopped_by", json!(self.classes))
            .and("changed_by", json!(changes))
            .and("open_models", json!(open))
    }
}

fn message(telling: &Telling, language: Language) -> String {
    let places: Vec<(&str, &str)> = telling
        .places
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let why = telling
        .why
        .map(|(key, at)| say(language, key, &[("at", &at.to_string())]));
    let mut message = say(language, telling.key, &places);
    if let Some(line) = telling.line {
        let line = say(language, "error-in-line", &[("line", &line.to_string())]);
        message = format!("{line} {message}");
    }
    if let Some(why) = why {
        message = message.replace("{ $why }", &why);
    }
    for why in &telling.reasons {
        message.push(' ');
        message.push_str(&say(language, "error-by-choice", &[("why", why)]));
    }
    message
}

fn document(telling: &Telling, voice: Voice) -> Value {
    let message = message(telling, voice.language);
    let mut error = match voice.shape {
        Shape::OpenAi | Shape::Responses => {
            json!({"message": message, "type": telling.kind, "param": telling.param, "code": telling.code})
        }
        Shape::Anthropic => json!({"type": anthropic_kind(telling), "message": message}),
        Shape::Ollama => json!(message),
    };
    let mut more = telling.more.clone();
    if matches!(voice.shape, Shape::Anthropic | Shape::Ollama) {
        more.insert("code".to_owned(), json!(telling.code));
        more.insert("param".to_owned(), json!(telling.param));
    }
    if let (false, Some(error)) = (more.is_empty(), error.as_object_mut()) {
        error.insert("waarborg".to_owned(), Value::Object(more.clone()));
    }
    match voice.shape {
        // Where the error is a sentence, the rest stands beside it.
        Shape::Ollama => json!({"error": error, "waarborg": more}),
        Shape::OpenAi | Shape::Responses => json!({ "error": error }),
        Shape::Anthropic => json!({"type": "error", "error": error}),
    }
}

/// The types of error that Anthropic's clients know.
fn anthropic_kind(telling: &Telling) -> &str {
    const KNOWN: [&str; 9] = [
        "invalid_request_error",
        "authentication_error",
        "permission_error",
        "not_found_error",
        "request_too_large",
        "rate_limit_error",
        "api_error",
        "overloaded_error",
        "timeout_error",
    ];
    if let Some(kind) = KNOWN.into_iter().find(|kind| *kind == telling.kind)
        && kind != INVALID
    {
        return kind;
    }
    match telling.status.as_u16() {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        504 => "timeout_error",
        503 | 529 => "overloaded_error",
        500.. => "api_error",
        _ => INVALID,
    }
}

fn refusal_telling(code: &'static str, row: Option<&str>) -> Telling {
    let told = row.map_or_else(|| code.to_owned(), |row| format!("{code}: {row}"));
    let key = match code {
        "sound-not-listed" => "error-sound-not-listed",
        _ => "error-register",
    };
    Telling::new(StatusCode::FORBIDDEN, "permission_error", code, key)
        .with("why", &told)
        .and("row", json!(row))
}

fn may_not_store_telling(field: &str) -> Telling {
    Telling::new(
        StatusCode::FORBIDDEN,
        "permission_error",
        "storing_not_permitted",
        "error-store",
    )
    .at(field)
}

fn used_up_telling(measure: Measure) -> Telling {
    let (code, key) = match measure {
        Measure::Requests => ("rate_limit_exceeded", "error-used-requests"),
        Measure::Tokens => ("token_budget_exceeded", "error-used-tokens"),
        Measure::Cost => ("cost_budget_exceeded", "error-used-cost"),
    };
    Telling::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", code, key)
}

fn in_use_telling() -> Telling {
    let status = StatusCode::TOO_MANY_REQUESTS;
    Telling::new(status, "rate_limit_error", "budget_in_use", "error-in-use")
}

fn too_large_telling(limit: usize) -> Telling {
    let limit = (limit / (1024 * 1024)).to_string();
    Telling::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        INVALID,
        "request_too_large",
        "error-too-large",
    )
    .with("limit", &limit)
}

fn header_telling(name: &str) -> Telling {
    let (bad, code) = (StatusCode::BAD_REQUEST, "invalid_header");
    match super::headers::values(name) {
        [] => Telling::new(bad, INVALID, code, "error-header").with("header", name),
        values => Telling::new(bad, INVALID, code, "error-header-values")
            .with("header", name)
            .with("values", &values.join(", "))
            .and("values", json!(values)),
    }
}

fn unknown_header_telling() -> Telling {
    Telling::new(
        StatusCode::BAD_REQUEST,
        INVALID,
        "unknown_header",
        "error-unknown-header",
    )
    .with("headers", &super::headers::WISHES.join(", "))
    .and("headers", json!(super::headers::WISHES))
}

fn form_telling(fault: FormFault) -> Telling {
    let (code, key, field) = match fault {
        FormFault::Field(field) => ("invalid_field", "error-field", field),
        FormFault::NotDone(field) => ("unsupported_field", "error-not-done", field),
        FormFault::Tokens(field) => ("content_not_inspectable", "error-tokens", field),
        FormFault::Refers(reference) => {
            let place = format!("input.{}", reference.item);
            let bad = StatusCode::BAD_REQUEST;
            let code = "reference_not_inspectable";
            return Telling::new(bad, INVALID, code, "error-reference").at(&place);
        }
        FormFault::Beside(field, other) => {
            let bad = StatusCode::BAD_REQUEST;
            // As the makers of the format call it.
            let code = "mutually_exclusive_parameters";
            let telling = Telling::new(bad, INVALID, code, "error-beside");
            return telling.at(field).with("other", other);
        }
    };
    Telling::new(StatusCode::BAD_REQUEST, INVALID, code, key).at(field)
}

fn media_type_telling(key: &'static str) -> Telling {
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Telling::new(status, INVALID, "unsupported_media_type", key)
}

fn not_form_telling(holds: Holds) -> Telling {
    media_type_telling(match holds {
        Holds::Sound => "error-content-type-form",
        Holds::Pictures => "error-content-type-pictures",
    })
}

fn filled_telling(fault: FilledFault) -> Telling {
    let bad = StatusCode::BAD_REQUEST;
    match fault {
        FilledFault::Form(fault) => {
            let mut telling = Telling::new(bad, INVALID, "invalid_form", "error-form");
            telling.why = Some((fault.sentence(), 0));
            telling.and("reason", json!(fault.code()))
        }
        FilledFault::Field(field) => form_telling(FormFault::Field(field)),
        FilledFault::NoFile(holds, field) => {
            let key = match holds {
                Holds::Sound => "error-no-file",
                Holds::Pictures => "error-no-picture",
            };
            Telling::new(bad, INVALID, "invalid_field", key).at(field)
        }
        FilledFault::NotSound => {
            Telling::new(bad, INVALID, "invalid_field", "error-not-sound").at("file")
        }
        FilledFault::OtherFile(holds) => {
            let key = match holds {
                Holds::Sound => "error-other-file",
                Holds::Pictures => "error-other-picture",
            };
            Telling::new(bad, INVALID, "content_not_inspectable", key)
        }
    }
}

fn unread_telling(place: &str, why: Why) -> Telling {
    let bad = StatusCode::BAD_REQUEST;
    let mut telling = Telling::new(bad, INVALID, "content_not_inspectable", "error-file").at(place);
    telling.why = Some((why.sentence(), 0));
    telling.and("reason", json!(why.code()))
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
        PromptFault::Disguised(place) => {
            Telling::new(bad, INVALID, "ambiguous_key", "error-disguised").at(place)
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
