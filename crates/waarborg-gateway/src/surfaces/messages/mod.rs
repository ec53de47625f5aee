//! Anthropic's `messages` and `messages/count_tokens` at the door.

mod restore;
mod stream;

use std::sync::Arc;

use http::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use waarborg_detect::surrogate::Surrogates;
use waarborg_domain::json::{LeafKind, scan};
use waarborg_domain::prompt::{Protocol, Wire};

use super::{EventRestorer, Form, FormFault, Names, Shape, Surface};
use crate::enclosed::Encloses;
use crate::protocol::Messages;
use crate::restore::{AnswerFault, AnswerText, LIMITS};

/// `POST /v1/messages`.
pub(crate) struct MessagesSurface;

/// The features behind `anthropic-beta` that change nothing of what a request or an answer may hold, or only what is
/// inspected anyway. Those that would take data past us (files, batches, connectors, tools that the provider runs) and
/// those that we do not know are not asked for.
const FEATURES: [&str; 28] = [
    "prompt-caching-2024-07-31",
    "extended-cache-ttl-2025-04-11",
    "cache-diagnosis-2026-04-07",
    "token-counting-2024-11-01",
    "token-efficient-tools-2025-02-19",
    "token-efficient-tools-2026-03-28",
    "tool-examples-2025-10-29",
    "search-results-2025-06-09",
    "fine-grained-tool-streaming-2025-05-14",
    "interleaved-thinking-2025-05-14",
    "dev-full-thinking-2025-05-14",
    "thinking-token-count-2026-05-13",
    "max-tokens-3-5-sonnet-2024-07-15",
    "output-128k-2025-02-19",
    "output-300k-2026-03-24",
    "context-1m-2025-08-07",
    "context-management-2025-06-27",
    "compact-2026-01-12",
    "effort-2025-11-24",
    "redact-thinking-2026-02-12",
    "model-context-window-exceeded-2025-08-26",
    "structured-outputs-2025-11-13",
    "structured-outputs-2025-12-15",
    "fast-mode-2026-02-01",
    "task-budgets-2026-03-13",
    "computer-use-2025-01-24",
    "computer-use-2025-11-24",
    "claude-code-20250219",
];

/// `POST /v1/messages/count_tokens`.
pub(crate) struct CountTokensSurface;

impl Surface for MessagesSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        protocol(names, Wire::Messages)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::MessagesPicture, Encloses::MessagesFile]
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        surrogates: &Surrogates,
        text: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        restore::MESSAGE.restore(body, surrogates, text)
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::MessageRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::Anthropic
    }

    fn features(&self, headers: &HeaderMap) -> Vec<&'static str> {
        features(headers)
    }
}

impl Surface for CountTokensSurface {
    fn protocol<'a>(&self, names: Names<'a>) -> Box<dyn Protocol + Send + Sync + 'a> {
        protocol(names, Wire::CountTokens)
    }

    fn encloses(&self) -> &'static [Encloses] {
        &[Encloses::MessagesPicture, Encloses::MessagesFile]
    }

    fn read(&self, body: &[u8]) -> Result<Form, FormFault> {
        read(body)
    }

    fn restore(
        &self,
        body: Vec<u8>,
        _: &Surrogates,
        _: AnswerText,
    ) -> Result<Vec<u8>, AnswerFault> {
        let leaves = scan(&body, &LIMITS)?;
        let has_count = leaves
            .iter()
            .any(|leaf| leaf.kind == LeafKind::Key && leaf.path.is(&["input_tokens"]));
        if has_count {
            Ok(body)
        } else {
            Err(AnswerFault::Shape)
        }
    }

    fn restorer(&self, surrogates: Arc<Surrogates>, text: AnswerText) -> Box<dyn EventRestorer> {
        Box::new(stream::MessageRestorer::new(surrogates, text))
    }

    fn shape(&self) -> Shape {
        Shape::Anthropic
    }

    fn features(&self, headers: &HeaderMap) -> Vec<&'static str> {
        features(headers)
    }
}

/// The features that a client asks for and that we know, each once, in the order of our list.
fn features(headers: &HeaderMap) -> Vec<&'static str> {
    let lines = headers.get_all("anthropic-beta").iter();
    let asked: Vec<&str> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let known = FEATURES.into_iter();
    known.filter(|feature| asked.contains(feature)).collect()
}

fn protocol(names: Names<'_>, wire: Wire) -> Box<dyn Protocol + Send + Sync + '_> {
    Box::new(Messages {
        finder: names.finder,
        models: names.models,
        wire,
    })
}

fn read(body: &[u8]) -> Result<Form, FormFault> {
    #[derive(Deserialize)]
    struct Fields {
        #[serde(rename = "messages")]
        _messages: Vec<IgnoredAny>,
        #[serde(default)]
        output_format: Value,
        #[serde(default)]
        output_config: Value,
    }

    let fields: Fields = serde_json::from_slice(body).map_err(|_| FormFault::Field("messages"))?;
    let formats = [
        fields.output_format.get("type"),
        fields.output_config.pointer("/format/type"),
    ];
    let is_json = |kind: &Value| kind.as_str().is_some_and(|kind| kind.starts_with("json"));
    Ok(Form {
        text: if formats.into_iter().flatten().any(is_json) {
            AnswerText::Json
        } else {
            AnswerText::Plain
        },
        ..Form::default()
    })
}
