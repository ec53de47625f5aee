//! A request to Anthropic's messages, said as one to chat completions.

use serde_json::{Value, json};

use super::Thoughts;
use super::enclosed::parts_of;
use super::{Members, Untranslatable, keep, members, text_of};

/// How a provider wants to be told how long an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lengths {
    /// As OpenAI's own models do.
    Completion,
    /// As most others do.
    Plain,
}

/// A request in the other protocol, and what the answer tells of what was thought.
pub(crate) struct InChat {
    /// The request.
    pub(crate) body: Vec<u8>,
    /// Whether the client asked for thoughts.
    pub(crate) thoughts: Thoughts,
}

/// Says a request in the other protocol.
///
/// # Errors
///
/// [`Untranslatable`] names the field that cannot be said.
pub(crate) fn to_chat(body: &[u8], lengths: Lengths) -> Result<InChat, Untranslatable> {
    let asked = members(body, "messages")?;
    let mut out = Members::new();
    keep(&asked, &["model"], &mut out);
    add_messages(&asked, &mut out)?;
    if let Some(length) = asked.get("max_tokens") {
        let field = match lengths {
            Lengths::Completion => "max_completion_tokens",
            Lengths::Plain => "max_tokens",
        };
        out.insert(field.to_owned(), length.clone());
    }
    keep(&asked, &["temperature", "top_p", "stream"], &mut out);
    if asked.get("stream") == Some(&Value::Bool(true)) {
        // The events of a message say how many tokens there were.
        let options = json!({"include_usage": true});
        out.insert("stream_options".to_owned(), options);
    }
    if let Some(words) = asked.get("stop_sequences").filter(|words| !words.is_null()) {
        out.insert("stop".to_owned(), words.clone());
    }
    let user = asked.get("metadata").and_then(|about| about.get("user_id"));
    if let Some(Value::String(user)) = user {
        out.insert("user".to_owned(), user.clone().into());
    }
    add_tools(&asked, &mut out)?;
    add_shape(&asked, &mut out)?;
    let thinking = asked.get("thinking").unwrap_or(&Value::Null);
    Ok(InChat {
        body: Value::Object(out).to_string().into_bytes(),
        thoughts: match text_of(thinking, "type") {
            "" | "disabled" => Thoughts::LeftOut,
            _ => Thoughts::Told,
        },
    })
}

fn add_messages(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let mut turns: Vec<Value> = Vec::new();
    let system = texts(asked.get("system").unwrap_or(&Value::Null), "system")?;
    if !system.is_empty() {
        turns.push(json!({"role": "system", "content": system}));
    }
    let Some(Value::Array(said)) = asked.get("messages") else {
        return Err(Untranslatable("messages"));
    };
    for turn in said {
        let content = turn.get("content").unwrap_or(&Value::Null);
        match text_of(turn, "role") {
            "user" => add_user(content, &mut turns)?,
            "assistant" => turns.push(assistant(content)?),
            "system" => {
                turns.push(json!({"role": "system", "content": texts(content, "messages")?}));
            }
            _ => return Err(Untranslatable("messages")),
        }
    }
    out.insert("messages".to_owned(), Value::Array(turns));
    Ok(())
}

/// The results of tools come first: they belong to the turn before.
fn add_user(content: &Value, turns: &mut Vec<Value>) -> Result<(), Untranslatable> {
    let Value::Array(blocks) = content else {
        turns.push(json!({"role": "user", "content": texts(content, "messages")?}));
        return Ok(());
    };
    let (results, others): (Vec<&Value>, Vec<&Value>) = blocks
        .iter()
        .partition(|block| text_of(block, "type") == "tool_result");
    for result in results {
        let said = texts(result.get("content").unwrap_or(&Value::Null), "messages")?;
        let id = text_of(result, "tool_use_id");
        turns.push(json!({"role": "tool", "tool_call_id": id, "content": said}));
    }
    if !others.is_empty() {
        let mut parts = Vec::new();
        for block in others {
            match parts_of(block) {
                Some(said) => parts.extend(said),
                None => {
                    parts.push(json!({"type": "text", "text": block_text(block, "messages")?}));
                }
            }
        }
        turns.push(json!({"role": "user", "content": parts}));
    }
    Ok(())
}

/// What a model thought belongs to its own provider, and is left out.
fn assistant(content: &Value) -> Result<Value, Untranslatable> {
    let Value::Array(blocks) = content else {
        return Ok(json!({"role": "assistant", "content": texts(content, "messages")?}));
    };
    let mut text = String::new();
    let mut calls: Vec<Value> = Vec::new();
    for block in blocks {
        match text_of(block, "type") {
            "thinking" | "redacted_thinking" => {}
            "tool_use" => {
                let input = block.get("input").cloned().unwrap_or_else(|| json!({}));
                let function =
                    json!({"name": text_of(block, "name"), "arguments": input.to_string()});
                calls.push(
                    json!({"id": text_of(block, "id"), "type": "function", "function": function}),
                );
            }
            _ => text.push_str(&block_text(block, "messages")?),
        }
    }
    let mut turn = json!({"role": "assistant", "content": text});
    if let (false, Some(members)) = (calls.is_empty(), turn.as_object_mut()) {
        if text.is_empty() {
            members.insert("content".to_owned(), Value::Null);
        }
        members.insert("tool_calls".to_owned(), Value::Array(calls));
    }
    Ok(turn)
}

/// All texts of a string or a list of blocks, as one.
fn texts(content: &Value, field: &'static str) -> Result<String, Untranslatable> {
    match content {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.clone()),
        Value::Array(blocks) => {
            let texts: Result<Vec<String>, Untranslatable> = blocks
                .iter()
                .map(|block| block_text(block, field))
                .collect();
            Ok(texts?.join("\n\n"))
        }
        _ => Err(Untranslatable(field)),
    }
}

/// The text of a block, or of a document that is text.
fn block_text(block: &Value, field: &'static str) -> Result<String, Untranslatable> {
    match text_of(block, "type") {
        "text" => Ok(text_of(block, "text").to_owned()),
        "document" => {
            let source = block.get("source").unwrap_or(&Value::Null);
            let data = match text_of(source, "type") {
                "text" => text_of(source, "data").to_owned(),
                "content" => texts(source.get("content").unwrap_or(&Value::Null), field)?,
                _ => return Err(Untranslatable(field)),
            };
            let heads = ["title", "context"].map(|name| text_of(block, name));
            let heads = heads.into_iter().filter(|head| !head.is_empty());
            let parts: Vec<&str> = heads.chain([data.as_str()]).collect();
            Ok(parts.join("\n\n"))
        }
        _ => Err(Untranslatable(field)),
    }
}

fn add_tools(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let Some(tools) = asked.get("tools").and_then(Value::as_array) else {
        return Ok(());
    };
    if tools.is_empty() {
        return Ok(());
    }
    let tools: Result<Vec<Value>, Untranslatable> = tools
        .iter()
        .map(|tool| {
            if !matches!(text_of(tool, "type"), "" | "custom") {
                return Err(Untranslatable("tools"));
            }
            let mut function = Members::new();
            if let Some(tool) = tool.as_object() {
                keep(tool, &["name", "description"], &mut function);
            }
            let schema = tool.get("input_schema").cloned().unwrap_or_default();
            function.insert("parameters".to_owned(), schema);
            Ok(json!({"type": "function", "function": function}))
        })
        .collect();
    out.insert("tools".to_owned(), Value::Array(tools?));

    let choice = asked.get("tool_choice").unwrap_or(&Value::Null);
    let said = match text_of(choice, "type") {
        "" => None,
        "auto" => Some(json!("auto")),
        "any" => Some(json!("required")),
        "none" => Some(json!("none")),
        "tool" => Some(json!({"type": "function", "function": {"name": text_of(choice, "name")}})),
        _ => return Err(Untranslatable("tool_choice")),
    };
    if let Some(said) = said {
        out.insert("tool_choice".to_owned(), said);
    }
    if choice.get("disable_parallel_tool_use") == Some(&Value::Bool(true)) {
        out.insert("parallel_tool_calls".to_owned(), false.into());
    }
    Ok(())
}

fn add_shape(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let format = asked
        .get("output_config")
        .and_then(|config| config.get("format"))
        .or_else(|| asked.get("output_format"))
        .filter(|format| !format.is_null());
    let Some(format) = format else {
        return Ok(());
    };
    let schema = format
        .get("schema")
        .filter(|_| text_of(format, "type") == "json_schema")
        .ok_or(Untranslatable("output_config"))?;
    let named = json!({"name": "answer", "schema": schema, "strict": true});
    let format = json!({"type": "json_schema", "json_schema": named});
    out.insert("response_format".to_owned(), format);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(asked: &Value) -> Result<Value, Untranslatable> {
        let body = to_chat(asked.to_string().as_bytes(), Lengths::Plain)?.body;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_conversation_with_tools_is_said_turn_by_turn() {
        let asked = json!({"model": "m", "max_tokens": 9, "system": [{"type": "text", "text": "Wees"}, {"type": "text", "text": "kort."}],
            "messages": [
                {"role": "user", "content": "Dag"},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "t", "signature": "s"}, {"type": "text", "text": "Ik zoek."},
                    {"type": "tool_use", "id": "toolu_1", "name": "zoek", "input": {"wie": "x"}}]},
                {"role": "user", "content": [{"type": "text", "text": "En nu?"},
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "een"}]},
                    {"type": "document", "title": "Stuk", "source": {"type": "text", "media_type": "text/plain", "data": "tekst"}}]}],
            "tools": [{"name": "zoek", "description": "zoekt", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "any", "disable_parallel_tool_use": true}, "stop_sequences": ["einde"], "stream": true,
            "metadata": {"user_id": "u-1"}, "top_k": 3, "thinking": {"type": "enabled", "budget_tokens": 1024}});
        let function = json!({"name": "zoek", "arguments": "{\"wie\":\"x\"}"});
        assert_eq!(
            said(&asked).unwrap(),
            json!({"model": "m", "messages": [
                {"role": "system", "content": "Wees\n\nkort."},
                {"role": "user", "content": "Dag"},
                {"role": "assistant", "content": "Ik zoek.", "tool_calls": [{"id": "toolu_1", "type": "function", "function": function}]},
                {"role": "tool", "tool_call_id": "toolu_1", "content": "een"},
                {"role": "user", "content": [{"type": "text", "text": "En nu?"}, {"type": "text", "text": "Stuk\n\ntekst"}]}],
                "max_tokens": 9, "stream": true, "stream_options": {"include_usage": true}, "stop": ["einde"], "user": "u-1",
                "tools": [{"type": "function", "function": {"name": "zoek", "description": "zoekt", "parameters": {"type": "object"}}}],
                "tool_choice": "required", "parallel_tool_calls": false})
        );
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        for (field, value) in [
            ("tools", json!([{"type": "bash_20250124", "name": "bash"}])),
            ("output_config", json!({"format": {"type": "anders"}})),
            (
                "messages",
                json!([{"role": "user", "content": [{"type": "image"}]}]),
            ),
        ] {
            let mut asked = json!({"model": "m", "messages": []});
            asked[field] = value;
            assert_eq!(said(&asked), Err(Untranslatable(field)));
        }
    }
}
