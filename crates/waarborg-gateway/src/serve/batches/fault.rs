//! Why something that a provider is to keep, or keeps, is not given to it, shown or read.

use http::StatusCode;
use serde_json::json;
use waarborg_usecase::batches::{BatchError, MOST_KEPT, TERM};
use waarborg_usecase::gateway::thread::MOST_BYTES;
use waarborg_usecase::ports::KeptKind;

use super::super::error::{INVALID, Problem, Telling};
use crate::surfaces::CONVERSATION;

/// Why it does not go on. Nothing was sent.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::serve) enum Fault {
    /// One of its requests does not go.
    Line {
        /// Which one, from one.
        number: usize,
        /// Where it stands: a member, or the lines of a file.
        within: &'static str,
        problem: Box<Problem>,
    },
    /// The name that the client gives to one of its requests is none, or stands there twice.
    Name {
        /// Which one, from one.
        number: usize,
        /// Where it stands.
        within: &'static str,
    },
    /// It has no requests, or more than are taken.
    NumberOfLines { most: usize },
    /// The register does not say how long a map is kept.
    NoTerm,
    /// The register does not say that the recipient keeps what it gets.
    MayNotStore { recipient: String },
    /// Its models are not all asked of one recipient.
    SeveralRecipients,
    /// The recipient takes none in this format.
    NoBatches,
    /// A file comes in a form.
    NotForm,
    /// A file is for something else than a batch.
    Purpose,
    /// A file that the client sent itself is not given back.
    OwnFile,
    /// The key has too many.
    TooMany,
    /// There is none by this name for this key.
    NoSuch,
    /// Its map was destroyed.
    MapGone,
    /// There is no response by this name for this key and this person, from which a request could go on.
    NoPrevious,
    /// Another gateway sent the response before this one, so what was replaced in it is not known.
    PreviousElsewhere,
    /// There is none, where it is asked for itself.
    NoResponse,
    /// There is no conversation by this name for this key and this person.
    NoConversation,
    /// There is no item by this name in a conversation.
    NoItem,
    /// Other requests went on in the same conversation all the time.
    Outrun,
    /// The map of a response or a conversation was destroyed.
    Gone(KeptKind),
    /// In a map one surrogate stands for two things.
    Contradiction,
    /// What was replaced in the conversation is more than is kept of one.
    TooMuchToKeep,
    /// The register does not say how long the map of a response is kept.
    NoTermOfResponse {
        /// By which field the provider is to keep it, or to go on from what it keeps.
        field: &'static str,
    },
    /// The register does not say how long the map of a conversation is kept, and no field asked for one.
    NoTermOfConversation,
    /// The register does not say that this recipient keeps what it gets, so that a conversation may stand there.
    ConversationMayNotStand { recipient: String },
    /// The provider of the model that was named keeps no conversations.
    KeepsNoConversations,
    /// No provider of a model that this key may ask keeps any.
    NobodyKeepsConversations,
    /// The provider of the model keeps no answers that can be asked for again.
    KeepsNoResponses {
        /// By which field it is to keep one, or to go on from one.
        field: &'static str,
    },
    /// A field that this address does not know.
    UnknownField {
        /// What it is called, where that says nothing of anybody.
        name: Option<String>,
        /// Those that may stand there.
        known: &'static [&'static str],
    },
}

const PERMISSION: &str = "permission_error";

/// The sentence of a response that is not there, whatever it was asked for.
const NO_RESPONSE: &str = "error-response-none";

impl Fault {
    pub(in crate::serve) fn telling(&self) -> Telling {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::Line {
                number,
                within,
                problem,
            } => {
                let place = format!("{within}.{}", number - 1);
                problem.telling().in_line(*number, &place)
            }
            Self::Name { number, within } => {
                let telling = Telling::new(bad, INVALID, "invalid_field", "error-batch-name");
                let place = format!("{within}.{}", number - 1);
                telling.at("custom_id").in_line(*number, &place)
            }
            Self::NumberOfLines { most } => Telling::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                INVALID,
                "batch_too_large",
                "error-batch-lines",
            )
            .with("most", &most.to_string())
            .and("most", json!(most)),
            Self::MayNotStore { recipient } => may_not_store(recipient, "error-batch-store"),
            Self::SeveralRecipients => {
                Telling::new(bad, INVALID, "several_recipients", "error-batch-recipients")
                    .at("model")
            }
            Self::NoBatches => {
                Telling::new(bad, INVALID, "wrong_protocol", "error-batch-wire").at("model")
            }
            Self::NotForm => Telling::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                INVALID,
                "unsupported_media_type",
                "error-file-form",
            ),
            Self::Purpose => {
                Telling::new(bad, INVALID, "unsupported_purpose", "error-file-purpose")
                    .at("purpose")
            }
            Self::OwnFile => Telling::new(bad, INVALID, "content_not_returned", "error-file-own"),
            Self::TooMany => Telling::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limit_error",
                "too_many_batches",
                "error-batch-many",
            )
            .with("most", &MOST_KEPT.to_string()),
            Self::NoSuch => {
                let status = StatusCode::NOT_FOUND;
                Telling::new(status, INVALID, "batch_not_found", "error-batch-none")
            }
            Self::MapGone => {
                let status = StatusCode::GONE;
                Telling::new(status, INVALID, "kept_map_destroyed", "error-batch-gone")
            }
            Self::NoPrevious => no_previous(NO_RESPONSE),
            Self::PreviousElsewhere => no_previous("error-response-elsewhere"),
            Self::NoResponse => {
                let status = StatusCode::NOT_FOUND;
                Telling::new(status, INVALID, "response_not_found", NO_RESPONSE)
            }
            Self::NoConversation
            | Self::NoItem
            | Self::Outrun
            | Self::NoTermOfConversation
            | Self::ConversationMayNotStand { .. }
            | Self::KeepsNoConversations
            | Self::NobodyKeepsConversations => self.telling_of_conversation(),
            Self::KeepsNoResponses { field } => Telling::new(
                bad,
                INVALID,
                "unsupported_field",
                "error-keeps-no-responses",
            )
            .at(field),
            Self::UnknownField { name, known } => unknown_field(name.as_deref(), known),
            Self::Gone(_) | Self::Contradiction | Self::TooMuchToKeep => self.telling_of_map(),
            Self::NoTerm => no_term("error-batch-term"),
            Self::NoTermOfResponse { field } => no_term("error-response-term").at(field),
        }
    }
}

impl Fault {
    /// Of a map with which nobody can go on.
    fn telling_of_map(&self) -> Telling {
        let (status, code, sentence) = match self {
            Self::Gone(KeptKind::Conversation) => (
                StatusCode::GONE,
                "kept_map_destroyed",
                "error-conversation-gone",
            ),
            Self::Contradiction => (
                StatusCode::CONFLICT,
                "kept_map_contradicts",
                "error-kept-contradicts",
            ),
            Self::TooMuchToKeep => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "kept_map_too_large",
                "error-response-large",
            ),
            _ => (
                StatusCode::GONE,
                "kept_map_destroyed",
                "error-response-gone",
            ),
        };
        let most = (MOST_BYTES / (1024 * 1024)).to_string();
        Telling::new(status, INVALID, code, sentence).with("most", &most)
    }

    /// Of a conversation that is not there, or not now, or cannot be.
    fn telling_of_conversation(&self) -> Telling {
        let wire = |sentence| {
            let bad = StatusCode::BAD_REQUEST;
            Telling::new(bad, INVALID, "wrong_protocol", sentence)
        };
        let (status, code, sentence) = match self {
            Self::NoTermOfConversation => return no_term("error-conversation-term"),
            Self::ConversationMayNotStand { recipient } => {
                return may_not_store(recipient, "error-conversation-store");
            }
            Self::KeepsNoConversations => return wire("error-conversation-wire").at("model"),
            Self::NobodyKeepsConversations => return wire("error-conversation-nobody"),
            Self::NoItem => {
                let code = "item_not_found";
                return Telling::new(
                    StatusCode::NOT_FOUND,
                    INVALID,
                    code,
                    "error-conversation-item",
                );
            }
            Self::Outrun => (
                StatusCode::CONFLICT,
                "conversation_locked",
                "error-conversation-locked",
            ),
            _ => (
                StatusCode::NOT_FOUND,
                "conversation_not_found",
                "error-conversation-none",
            ),
        };
        Telling::new(status, INVALID, code, sentence).at(CONVERSATION)
    }
}

/// As the makers of this format tell it, so that their clients know it.
fn no_previous(sentence: &'static str) -> Telling {
    let status = StatusCode::BAD_REQUEST;
    Telling::new(status, INVALID, "previous_response_not_found", sentence)
        .at("previous_response_id")
}

/// The row of the register by which a recipient would keep what it gets.
fn may_not_store(recipient: &str, sentence: &'static str) -> Telling {
    let row = format!("[recipient.{recipient}] stores_input");
    let status = StatusCode::FORBIDDEN;
    Telling::new(status, PERMISSION, "storing_not_permitted", sentence)
        .with("row", &row)
        .and("row", json!(row))
}

fn unknown_field(name: Option<&str>, known: &[&str]) -> Telling {
    let sentence = match name {
        Some(_) => "error-unknown-field",
        None => "error-unknown-field-unnamed",
    };
    let bad = StatusCode::BAD_REQUEST;
    let telling = Telling::new(bad, INVALID, "invalid_field", sentence)
        .with("fields", &known.join(", "))
        .and("fields", json!(known));
    match name {
        Some(name) => telling.at(name),
        None => telling,
    }
}

fn no_term(sentence: &'static str) -> Telling {
    let row = format!("[term.{TERM}]");
    let status = StatusCode::FORBIDDEN;
    Telling::new(status, PERMISSION, "kept_map_not_declared", sentence)
        .with("row", &row)
        .and("row", json!(row))
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Batch(fault)
    }
}

/// What a use case says of a batch whose requests stand there.
pub(in crate::serve) fn problem(error: BatchError, within: &'static str) -> Problem {
    let fault = match error {
        BatchError::Gateway(error) => return error.into(),
        BatchError::Line { number, error } => Fault::Line {
            number,
            within,
            problem: Box::new(error.into()),
        },
        BatchError::NoTerm => Fault::NoTerm,
        BatchError::MayNotStore { recipient } => Fault::MayNotStore { recipient },
        BatchError::SeveralRecipients => Fault::SeveralRecipients,
        BatchError::NoBatches => Fault::NoBatches,
        BatchError::TooManyKept => Fault::TooMany,
        BatchError::NoSuch => Fault::NoSuch,
        BatchError::MapGone => Fault::MapGone,
    };
    fault.into()
}
