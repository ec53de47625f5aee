//! LiteLLM's generic guardrail call. It asks before it sends (`input_type` `request`) and when it has an answer, as
//! often as it likes while that streams (`response`).

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};
use waarborg_detect::surrogate::{Scope, Surrogates};
use waarborg_domain::prompt::PromptFault;

use super::super::GatewayState;
use super::super::compat::{Fault, member};
use super::super::error::Problem;
use super::super::headers::Voice;
use super::{Clear, Mark, Question, answered, is_about_the_connection};
use crate::surfaces::{ChatCompletionsSurface, EmbeddingsSurface};

const INPUT_TYPE: Fault = Fault::new("input_type", "error-litellm-input-type");
const TEXTS: Fault = Fault::new("texts", "error-litellm-texts");
const MODEL: Fault = Fault::new("model", "error-guardrail-model");
const MESSAGES: Fault = Fault::new("structured_messages", "error-litellm-messages");
/// What LiteLLM could not put back.
const TOOL_CALLS: Fault = Fault::not_done("tool_calls", "error-litellm-old");

/// Since this version whole messages may come back.
const TAKES_MESSAGES: (u64, u64) = (1, 106);

pub(super) async fn asked(
    State(state): State<GatewayState>,
    model: Option<Path<String>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let model = model.map(|Path(model)| model);
    answered((state, headers, model), body, work, refuse).await
}

fn work(question: Question<'_>) -> BoxFuture<'_, Result<Value, Problem>> {
    Box::pin(async move {
        match member(&question.document, "input_type").and_then(Value::as_str) {
            Some("request") => request(question).await,
            Some("response") => response(&question),
            _ => Err(INPUT_TYPE.into()),
        }
    })
}

/// LiteLLM may be told to go on after an error, but not after a refusal.
fn refuse(problem: &Problem, voice: Voice) -> Response {
    if is_about_the_connection(problem) {
        return problem.answer(voice);
    }
    let reason = problem.sentence(voice.language);
    let document = json!({"action": "BLOCKED", "blocked_reason": reason, "code": problem.code()});
    (StatusCode::OK, axum::Json(document)).into_response()
}

/// What LiteLLM wants to send.
async fn request(mut question: Question<'_>) -> Result<Value, Problem> {
    question
        .state
        .spending
        .admit(&question.desk, &question.key)
        .await?;
    let document = std::mem::take(&mut question.document);
    let asked = Request::read(&document, question.model.is_some())?;
    let Clear {
        document: mut cleared,
        surrogates,
    } = question
        .clear(&ChatCompletionsSurface, asked.chat())
        .await?;
    let messages = cleared.get_mut("messages").map(Value::take);
    let Some(Value::Array(messages)) = messages else {
        return Err(Problem::House);
    };
    let tools = cleared.get_mut("tools").map(Value::take);

    let texts = if let Some(texts) = asked.texts_of(&messages) {
        texts
    } else {
        // They are not those of the messages: LiteLLM has them from somewhere else.
        let clear = question.clear(&EmbeddingsSurface, asked.texts_alone());
        let mut alone = clear.await?.document;
        match alone.get_mut("input").map(Value::take) {
            Some(Value::Array(texts)) => texts,
            _ => return Err(Problem::House),
        }
    };
    let changed_elsewhere = asked.is_changed_elsewhere(&messages);
    if changed_elsewhere && !(asked.has_messages() && takes_messages(&document)) {
        return Err(TOOL_CALLS.into());
    }
    let messages = asked.own_messages(messages).ok_or(TOOL_CALLS)?;

    if let Some(id) = call_id(&document) {
        question.hold(mark(&question, id), surrogates);
    }
    let mut answer = Map::new();
    if texts != asked.texts {
        answer.insert("texts".to_owned(), Value::Array(texts));
    }
    if changed_elsewhere {
        answer.insert("structured_messages".to_owned(), Value::Array(messages));
    }
    if let (Some(tools), true) = (&tools, tools.as_ref() != asked.tools) {
        answer.insert("tools".to_owned(), tools.clone());
    }
    let action = if answer.is_empty() {
        "NONE"
    } else {
        "GUARDRAIL_INTERVENED"
    };
    answer.insert("action".to_owned(), json!(action));
    Ok(Value::Object(answer))
}

/// What a model answered, or wrote until now: values come back. Whatever may still become a surrogate is to wait.
fn response(question: &Question<'_>) -> Result<Value, Problem> {
    let texts = list(&question.document, "texts", TEXTS)?;
    let held = call_id(&question.document).and_then(|id| {
        let mark = mark(question, id);
        question.state.held.find(mark, question.desk.now())
    });
    let Some(surrogates) = held else {
        return Ok(json!({"action": "NONE"}));
    };
    let mut restored = Vec::new();
    let mut waiting = Vec::new();
    for text in texts {
        let (text, n_waiting) = restored_text(&surrogates, text.as_str().ok_or(TEXTS)?);
        restored.push(text);
        waiting.push(n_waiting);
    }
    Ok(
        json!({"action": "GUARDRAIL_INTERVENED", "texts": restored, "stream_holdback_chars": waiting}),
    )
}

/// A text with its values back, and how many characters at its end may change with what follows.
fn restored_text(surrogates: &Surrogates, text: &str) -> (String, usize) {
    let scope = if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        Scope::JsonString
    } else {
        Scope::Text
    };
    let mut restorer = surrogates.restorer(scope);
    let sure = restorer.push(text);
    let rest = restorer.finish();
    (format!("{sure}{rest}"), rest.chars().count())
}

fn mark(question: &Question<'_>, id: &str) -> Mark {
    Mark::new("litellm", question.asker(), id.as_bytes())
}

fn call_id(document: &Map<String, Value>) -> Option<&str> {
    member(document, "litellm_call_id").and_then(Value::as_str)
}

fn takes_messages(document: &Map<String, Value>) -> bool {
    let version = member(document, "litellm_version").and_then(Value::as_str);
    let mut parts = version.unwrap_or_default().split('.');
    let mut number = || parts.next().and_then(|part| part.parse::<u64>().ok());
    let version = (number().unwrap_or_default(), number().unwrap_or_default());
    version >= TAKES_MESSAGES
}

/// What is asked about: the same texts once as a list, and mostly once in the messages that hold them.
struct Request<'a> {
    model: &'a Value,
    texts: Vec<Value>,
    messages: Vec<Value>,
    tool_calls: Vec<Value>,
    tools: Option<&'a Value>,
}

impl<'a> Request<'a> {
    fn read(document: &'a Map<String, Value>, is_model_named: bool) -> Result<Self, Problem> {
        if !list(document, "images", TEXTS)?.is_empty() {
            return Err(PromptFault::Opaque("images".to_owned()).into());
        }
        let named = document.get("model").unwrap_or(&Value::Null);
        if !is_model_named && !named.is_string() {
            return Err(MODEL.into());
        }
        let texts = list(document, "texts", TEXTS)?;
        if !texts.iter().all(Value::is_string) {
            return Err(TEXTS.into());
        }
        let tools = member(document, "tools")
            .filter(|tools| tools.as_array().is_none_or(|list| !list.is_empty()));
        Ok(Self {
            model: named,
            texts: texts.to_vec(),
            messages: list(document, "structured_messages", MESSAGES)?.to_vec(),
            tool_calls: list(document, "tool_calls", TOOL_CALLS)?.to_vec(),
            tools,
        })
    }

    fn has_messages(&self) -> bool {
        !self.messages.is_empty()
    }

    /// All of it as a request to a model. Without messages each text is said by the person.
    fn chat(&self) -> Value {
        let mut document = json!({"model": self.model, "messages": self.all_messages()});
        if let (Some(tools), Some(members)) = (self.tools, document.as_object_mut()) {
            members.insert("tools".to_owned(), tools.clone());
        }
        document
    }

    fn all_messages(&self) -> Vec<Value> {
        let said = |text: &Value| json!({"role": "user", "content": text});
        let mut messages: Vec<Value> = if self.has_messages() {
            self.messages.clone()
        } else {
            self.texts.iter().map(said).collect()
        };
        let calls = self.calls_apart();
        if !calls.is_empty() {
            messages.push(json!({"role": "assistant", "content": null, "tool_calls": calls}));
        }
        messages
    }

    /// The calls that stand in no message.
    fn calls_apart(&self) -> Vec<&Value> {
        let of = |message: &Value| message.get("tool_calls").and_then(Value::as_array).cloned();
        let told = self.messages.iter().filter_map(of).flatten();
        let told: BTreeSet<String> = told.map(|call| as_told(&call)).collect();
        let is_apart = |call: &&Value| !told.contains(&as_told(call));
        self.tool_calls.iter().filter(is_apart).collect()
    }

    /// The messages as LiteLLM knows them, without what stood beside them; `None` if something in that was replaced, which
    /// LiteLLM could not put back.
    fn own_messages(&self, mut screened: Vec<Value>) -> Option<Vec<Value>> {
        let n_own = screened.len() - usize::from(!self.calls_apart().is_empty());
        let apart = screened.split_off(n_own);
        let before = self.all_messages().split_off(n_own);
        (apart == before).then_some(screened)
    }

    /// The texts as something to look into by itself.
    fn texts_alone(&self) -> Value {
        json!({"model": self.model, "input": self.texts})
    }

    /// The texts as they stand in messages that were screened; `None` if they are not in there in their order.
    fn texts_of(&self, screened: &[Value]) -> Option<Vec<Value>> {
        let messages = self.all_messages();
        let before = messages.iter().flat_map(texts_in);
        let after = screened.iter().flat_map(texts_in);
        let mut pairs = before.zip(after);
        let mut texts = Vec::with_capacity(self.texts.len());
        for text in &self.texts {
            let (_, screened) = pairs.find(|(before, _)| *before == text)?;
            texts.push(screened.clone());
        }
        Some(texts)
    }

    /// Whether something was replaced that is not among the texts.
    fn is_changed_elsewhere(&self, screened: &[Value]) -> bool {
        let before = self.all_messages();
        let without_texts = |message: &Value| {
            let mut message = message.clone();
            for text in texts_in_mut(&mut message) {
                *text = Value::Null;
            }
            message
        };
        !before
            .iter()
            .map(without_texts)
            .eq(screened.iter().map(without_texts))
    }
}

/// A call by what it says: LiteLLM writes the same one with its members in another order, and with empty ones.
fn as_told(call: &Value) -> String {
    fn without_empty(value: &Value) -> Value {
        match value {
            Value::Object(members) => members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name.clone(), without_empty(value)))
                .collect(),
            Value::Array(list) => list.iter().map(without_empty).collect(),
            other => other.clone(),
        }
    }
    let mut call = without_empty(call);
    call.sort_all_objects();
    call.to_string()
}

/// What LiteLLM takes for the texts of a message: its content, or the texts of the parts of that.
fn texts_in(message: &Value) -> Vec<&Value> {
    match message.get("content") {
        Some(text @ Value::String(_)) => vec![text],
        Some(Value::Array(parts)) => {
            let texts = parts.iter().filter_map(|part| part.get("text"));
            texts.filter(|text| text.is_string()).collect()
        }
        _ => Vec::new(),
    }
}

fn texts_in_mut(message: &mut Value) -> Vec<&mut Value> {
    match message.get_mut("content") {
        Some(text @ Value::String(_)) => vec![text],
        Some(Value::Array(parts)) => {
            let texts = parts.iter_mut().filter_map(|part| part.get_mut("text"));
            texts.filter(|text| text.is_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// A list, which may be left out.
fn list<'a>(
    document: &'a Map<String, Value>,
    name: &str,
    fault: Fault,
) -> Result<&'a [Value], Fault> {
    match member(document, name) {
        None => Ok(&[]),
        Some(value) => value.as_array().map(Vec::as_slice).ok_or(fault),
    }
}
