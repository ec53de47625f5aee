//! What the demonstration model reads in a request.

use std::collections::BTreeSet;

use serde_json::Value;
use waarborg_detect::surrogate::Language;

use crate::texts;

/// A request as far as the demonstration model understands it.
#[derive(Debug)]
pub(super) struct Reading<'d> {
    pub(super) model: &'d str,
    pub(super) language: Language,
    /// The text of the last message of the person.
    pub(super) question: String,
    /// The result of the tool that was called last, if the conversation stands there.
    pub(super) tool_result: Option<String>,
    /// What looks like a surrogate anywhere in the messages, in order, each once.
    pub(super) surrogates: Vec<String>,
    pub(super) n_choices: u64,
    pub(super) n_prompt_words: usize,
    pub(super) max_words: usize,
    pub(super) includes_usage: bool,
    pub(super) streams: bool,
    pub(super) schema: Option<&'d Value>,
    pub(super) wants_json: bool,
    pub(super) tools: Vec<Tool<'d>>,
}

/// A tool that the request declares and the person asks for.
#[derive(Debug)]
pub(super) struct Tool<'d> {
    pub(super) name: &'d str,
    pub(super) parameters: Option<&'d Value>,
}

const MAX_CHOICES: u64 = 16;

impl<'d> Reading<'d> {
    pub(super) fn of(document: &'d Value) -> Self {
        let messages = document
            .get("messages")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let question = messages
            .iter()
            .rev()
            .find(|message| role(message) == "user")
            .map(text_of)
            .unwrap_or_default();
        let last = messages.last();
        let tool_result = last
            .filter(|message| matches!(role(message), "tool" | "function"))
            .map(text_of);
        let all = messages.iter().map(text_of).collect::<Vec<_>>().join("\n");
        let format = document.get("response_format");
        let schema = format.and_then(|format| format.pointer("/json_schema/schema"));
        let kind = format
            .and_then(|format| format.get("type"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        let limit = document
            .get("max_completion_tokens")
            .or_else(|| document.get("max_tokens"));

        Self {
            model: document
                .get("model")
                .and_then(Value::as_str)
                .unwrap_or(super::MODEL),
            language: texts::language_of(&question),
            n_prompt_words: all.split_whitespace().count(),
            surrogates: surrogates_in(&all),
            n_choices: document
                .get("n")
                .and_then(Value::as_u64)
                .unwrap_or(1)
                .clamp(1, MAX_CHOICES),
            max_words: limit
                .and_then(Value::as_u64)
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or(usize::MAX),
            includes_usage: document
                .pointer("/stream_options/include_usage")
                .and_then(Value::as_bool)
                == Some(true),
            streams: document.get("stream").and_then(Value::as_bool) == Some(true),
            wants_json: matches!(kind, "json_object" | "json_schema"),
            tools: if tool_result.is_some() {
                Vec::new()
            } else {
                asked_tools(document, &question)
            },
            schema,
            tool_result,
            question,
        }
    }
}

fn role(message: &Value) -> &str {
    message
        .get("role")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The text of a message, whichever way it is written; of a call to a tool its arguments.
fn text_of(message: &Value) -> String {
    let content = match message.get("content") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text")?.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    };
    let calls = message
        .get("tool_calls")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let arguments = calls
        .iter()
        .filter_map(|call| call.pointer("/function/arguments")?.as_str());
    std::iter::once(content.as_str())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join("\n")
}

/// The tools that the request's `tool_choice` orders, or that the person's words point to.
fn asked_tools<'d>(document: &'d Value, question: &str) -> Vec<Tool<'d>> {
    let declared = document
        .get("tools")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let tools = declared.iter().filter_map(|tool| {
        let function = tool.get("function")?;
        Some(Tool {
            name: function.get("name")?.as_str()?,
            parameters: function.get("parameters"),
        })
    });
    let choice = document.get("tool_choice");
    let ordered = choice
        .and_then(|choice| choice.pointer("/function/name"))
        .and_then(Value::as_str);
    if let Some(name) = ordered {
        return tools.filter(|tool| tool.name == name).take(1).collect();
    }
    let has_parallel_calls =
        document.get("parallel_tool_calls").and_then(Value::as_bool) != Some(false);
    let most = if has_parallel_calls { usize::MAX } else { 1 };
    match choice.and_then(Value::as_str) {
        Some("none") => Vec::new(),
        Some("required") => tools.take(1).collect(),
        _ => {
            let question = question.to_lowercase();
            tools
                .filter(|tool| is_asked_for(tool.name, &question))
                .take(most)
                .collect()
        }
    }
}

/// Whether a word of the tool's name stands in the question.
fn is_asked_for(name: &str, question: &str) -> bool {
    const SHORTEST: usize = 4;
    let name = name.to_lowercase();
    name.split(['_', '-', '.'])
        .any(|word| word.len() >= SHORTEST && question.contains(word))
}

/// Everything of the form `[WORD_12345]`, each once, in order.
fn surrogates_in(text: &str) -> Vec<String> {
    /// No surrogate is longer, without its brackets.
    const LONGEST: usize = 64;
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    for (at, _) in text.match_indices('[') {
        let end = text.floor_char_boundary(at + 1 + LONGEST);
        let near = text.get(at + 1..end).unwrap_or_default();
        let Some((word, number)) = near
            .split_once(']')
            .and_then(|(inside, _)| inside.split_once('_'))
        else {
            continue;
        };
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_number = number.len() >= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_word && is_number && known.insert((word, number)) {
            found.push(format!("[{word}_{number}]"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn surrogates_are_read_in_order_and_once() {
        let text =
            "Ik ben [PERSOON_41726], [x] [BSN_12345] [PERSOON_41726] [klein_12345] [PERSOON_";
        assert_eq!(surrogates_in(text), ["[PERSOON_41726]", "[BSN_12345]"]);
    }

    #[test]
    fn a_tool_is_called_when_it_is_ordered_or_asked_for() {
        let request = |choice: Value, question: &str| {
            json!({"messages":[{"role":"user","content":question}],"tool_choice":choice,
                "tools":[{"type":"function","function":{"name":"zoek_klant"}},
                         {"type":"function","function":{"name":"maak_afspraak"}}]})
        };
        let names = |document: &Value| -> Vec<String> {
            Reading::of(document)
                .tools
                .iter()
                .map(|tool| tool.name.to_owned())
                .collect()
        };
        assert_eq!(
            names(&request(json!("auto"), "hallo")),
            Vec::<String>::new()
        );
        assert_eq!(
            names(&request(json!("auto"), "Zoek mij op")),
            ["zoek_klant"]
        );
        assert_eq!(
            names(&request(json!("auto"), "Zoek en maak een afspraak")),
            ["zoek_klant", "maak_afspraak"]
        );
        assert_eq!(names(&request(json!("required"), "hallo")), ["zoek_klant"]);
        assert_eq!(names(&request(json!("none"), "zoek")), Vec::<String>::new());
        let ordered = json!({"type":"function","function":{"name":"maak_afspraak"}});
        assert_eq!(names(&request(ordered, "hallo")), ["maak_afspraak"]);
    }
}
