//! A request to chat completions, said as one to Anthropic's messages.

use serde_json::{Value, json};

use super::enclosed::block_of;
use super::{Members, Untranslatable, keep, members, says, text_of, texts};

/// A model of Anthropic must be told how long an answer may be.
const LENGTH_UNASKED: u64 = 4096;

/// What has no counterpart and would change what comes back.
const WITHOUT_COUNTERPART: [&str; 8] = [
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "functions",
    "function_call",
    "audio",
    "prediction",
    "store",
];

/// A request in the other protocol, and what the answer must keep in mind.
pub(crate) struct Translated {
    /// The request.
    pub(crate) body: Vec<u8>,
    /// What its answer must keep in mind.
    pub(crate) answering: Answering,
}

/// What an answer must keep in mind of what was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Answering {
    /// The client wants to know at the end of the stream how many tokens there were.
    pub(super) includes_usage: bool,
    /// The answer is a document, which the model gives to the tool [`ANSWER`].
    pub(super) as_document: bool,
}

/// The tool that a model must call where any JSON object is asked for: the other protocol has no word for that, and a schema names all
/// members of an object. What the model says to a tool is such an object.
pub(super) const ANSWER: &str = "answer";

/// Says a request in the other protocol.
///
/// # Errors
///
/// [`Untranslatable`] names the field that cannot be said.
pub(crate) fn to_messages(body: &[u8]) -> Result<Translated, Untranslatable> {
    let asked = members(body, "messages")?;
    if let Some(field) = WITHOUT_COUNTERPART
        .into_iter()
        .find(|field| says(&asked, field))
    {
        return Err(Untranslatable(field));
    }
    if asked.get("n").and_then(Value::as_u64).unwrap_or(1) > 1 {
        return Err(Untranslatable("n"));
    }

    let mut out = Members::new();
    keep(&asked, &["model"], &mut out);
    let length = ["max_completion_tokens", "max_tokens"]
        .iter()
        .find_map(|field| asked.get(*field)?.as_u64());
    out.insert(
        "max_tokens".to_owned(),
        length.unwrap_or(LENGTH_UNASKED).into(),
    );
    add_messages(&asked, &mut out)?;
    add_tools(&asked, &mut out)?;
    let as_document = add_shape(&asked, &mut out)?;
    keep(&asked, &["stream", "top_p", "top_k"], &mut out);
    if let Some(temperature) = asked.get("temperature").and_then(Value::as_f64) {
        out.insert("temperature".to_owned(), json!(temperature.min(1.0)));
    }
    match asked.get("stop") {
        Some(Value::String(word)) => {
            out.insert("stop_sequences".to_owned(), json!([word]));
        }
        Some(words @ Value::Array(_)) => {
            out.insert("stop_sequences".to_owned(), words.clone());
        }
        _ => {}
    }
    if let Some(Value::String(user)) = asked.get("user") {
        out.insert("metadata".to_owned(), json!({"user_id": user}));
    }

    let includes_usage = asked
        .get("stream_options")
        .and_then(|options| options.get("include_usage"))
        .is_some_and(|wish| *wish == Value::Bool(true));
    Ok(Translated {
        body: Value::Object(out).to_string().into_bytes(),
        answering: Answering {
            includes_usage,
            as_document,
        },
    })
}

fn add_messages(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    const FIELD: &str = "messages";
    let Some(Value::Array(turns)) = asked.get(FIELD) else {
        return Err(Untranslatable(FIELD));
    };
    let mut system: Vec<Value> = Vec::new();
    let mut said: Vec<(&str, Vec<Value>)> = Vec::new();
    for turn in turns {
        let content = turn.get("content").unwrap_or(&Value::Null);
        let blocks = blocks(content)?;
        let (role, blocks) = match text_of(turn, "role") {
            "system" | "developer" => {
                system.extend(blocks);
                continue;
            }
            "user" => ("user", blocks),
            "assistant" => ("assistant", assistant_blocks(turn, blocks)?),
            "tool" => {
                let id = text_of(turn, "tool_call_id");
                let result = json!({"type": "tool_result", "tool_use_id": id, "content": blocks});
                ("user", vec![result])
            }
            _ => return Err(Untranslatable(FIELD)),
        };
        match said.last_mut() {
            Some((last, before)) if *last == role => before.extend(blocks),
            _ => said.push((role, blocks)),
        }
    }

    if !system.is_empty() {
        out.insert("system".to_owned(), Value::Array(system));
    }
    let said = said
        .into_iter()
        .filter(|(_, blocks)| !blocks.is_empty())
        .map(|(role, blocks)| json!({"role": role, "content": blocks}));
    out.insert(FIELD.to_owned(), said.collect());
    Ok(())
}

/// A text that says nothing is refused by the provider, and so is left out.
fn blocks(content: &Value) -> Result<Vec<Value>, Untranslatable> {
    let text_blocks = |content: &Value| -> Result<Vec<Value>, Untranslatable> {
        let texts = texts(content, "messages")?.into_iter();
        Ok(texts
            .filter(|text| !text.is_empty())
            .map(|text| json!({"type": "text", "text": text}))
            .collect())
    };
    let Value::Array(parts) = content else {
        return text_blocks(content);
    };
    let mut blocks = Vec::new();
    for part in parts {
        match block_of(part) {
            Some(block) => blocks.push(block),
            None => blocks.extend(text_blocks(&json!([part]))?),
        }
    }
    Ok(blocks)
}

fn assistant_blocks(turn: &Value, mut blocks: Vec<Value>) -> Result<Vec<Value>, Untranslatable> {
    if let Some(refusal) = turn.get("refusal").and_then(Value::as_str) {
        blocks.push(json!({"type": "text", "text": refusal}));
    }
    let calls = turn.get("tool_calls").and_then(Value::as_array);
    for call in calls.into_iter().flatten() {
        let function = call
            .get("function")
            .ok_or(Untranslatable("messages.tool_calls"))?;
        let arguments = text_of(function, "arguments").trim();
        let input: Value = if arguments.is_empty() {
            json!({})
        } else {
            serde_json::from_str(arguments).map_err(|_| Untranslatable("messages.tool_calls"))?
        };
        let (id, name) = (text_of(call, "id"), text_of(function, "name"));
        blocks.push(json!({"type": "tool_use", "id": id, "name": name, "input": input}));
    }
    Ok(blocks)
}

fn add_tools(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let Some(tools) = asked.get("tools").and_then(Value::as_array) else {
        return Ok(());
    };
    if tools.is_empty() {
        return Ok(());
    }
    let tools: Result<Vec<Value>, Untranslatable> = tools.iter().map(tool).collect();
    out.insert("tools".to_owned(), Value::Array(tools?));

    let mut choice = match asked.get("tool_choice") {
        None | Some(Value::Null) => None,
        Some(Value::String(word)) => match word.as_str() {
            "auto" => Some(json!({"type": "auto"})),
            "none" => Some(json!({"type": "none"})),
            "required" => Some(json!({"type": "any"})),
            _ => return Err(Untranslatable("tool_choice")),
        },
        Some(choice) => {
            let name = choice.pointer("/function/name").and_then(Value::as_str);
            let name = name.ok_or(Untranslatable("tool_choice"))?;
            Some(json!({"type": "tool", "name": name}))
        }
    };
    if asked.get("parallel_tool_calls") == Some(&Value::Bool(false)) {
        let choice = choice.get_or_insert_with(|| json!({"type": "auto"}));
        if let Some(members) = choice
            .as_object_mut()
            .filter(|members| members.get("type") != Some(&json!("none")))
        {
            members.insert("disable_parallel_tool_use".to_owned(), true.into());
        }
    }
    if let Some(choice) = choice {
        out.insert("tool_choice".to_owned(), choice);
    }
    Ok(())
}

fn tool(tool: &Value) -> Result<Value, Untranslatable> {
    let function = tool.get("function").ok_or(Untranslatable("tools"))?;
    let mut out = Members::new();
    if let Some(function) = function.as_object() {
        keep(function, &["name", "description"], &mut out);
    }
    let schema = function
        .get("parameters")
        .filter(|schema| schema.is_object())
        .cloned();
    let schema = schema.unwrap_or_else(|| json!({"type": "object", "properties": {}}));
    out.insert("input_schema".to_owned(), schema);
    Ok(Value::Object(out))
}

/// Whether the answer is to be a document, which the model says to a tool.
fn add_shape(asked: &Members, out: &mut Members) -> Result<bool, Untranslatable> {
    let Some(format) = asked
        .get("response_format")
        .filter(|format| !format.is_null())
    else {
        return Ok(false);
    };
    let schema = format.pointer("/json_schema/schema");
    match (text_of(format, "type"), schema) {
        ("text", _) => Ok(false),
        ("json_schema", Some(schema)) => {
            let format = json!({"type": "json_schema", "schema": schema});
            out.insert("output_config".to_owned(), json!({ "format": format }));
            Ok(false)
        }
        // Who must call one tool cannot choose another.
        ("json_object", _) if !out.contains_key("tools") => {
            let tool = json!({"name": ANSWER, "description": "Takes the answer, as a JSON object.",
                "input_schema": {"type": "object"}});
            let choice = json!({"type": "tool", "name": ANSWER, "disable_parallel_tool_use": true});
            out.insert("tools".to_owned(), json!([tool]));
            out.insert("tool_choice".to_owned(), choice);
            Ok(true)
        }
        _ => Err(Untranslatable("response_format")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: &Value, expected: &Value) {
        let body = to_messages(asked.to_string().as_bytes()).unwrap().body;
        let said: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(&said, expected);
    }

    #[test]
    fn a_conversation_with_tools_is_said_turn_by_turn() {
        let call = |id: &str| json!({"id": id, "type": "function", "function": {"name": "zoek", "arguments": "{\"wie\":\"x\"}"}});
        check(
            &json!({"model": "m", "messages": [
                {"role": "system", "content": "Wees kort."},
                {"role": "user", "content": [{"type": "text", "text": "Dag"}]},
                {"role": "assistant", "content": null, "tool_calls": [call("call_1"), call("call_2")]},
                {"role": "tool", "tool_call_id": "call_1", "content": "een"},
                {"role": "tool", "tool_call_id": "call_2", "content": "twee"},
                {"role": "user", "content": "En nu?"}],
                "tools": [{"type": "function", "function": {"name": "zoek", "description": "zoekt", "parameters": {"type": "object"}}}],
                "tool_choice": {"type": "function", "function": {"name": "zoek"}}, "parallel_tool_calls": false,
                "max_completion_tokens": 9, "temperature": 1.5, "stop": "einde", "user": "u-1", "seed": 7, "stream": true}),
            &json!({"model": "m", "max_tokens": 9, "system": [{"type": "text", "text": "Wees kort."}], "messages": [
                {"role": "user", "content": [{"type": "text", "text": "Dag"}]},
                {"role": "assistant", "content": [
                    {"type": "tool_use", "id": "call_1", "name": "zoek", "input": {"wie": "x"}},
                    {"type": "tool_use", "id": "call_2", "name": "zoek", "input": {"wie": "x"}}]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "call_1", "content": [{"type": "text", "text": "een"}]},
                    {"type": "tool_result", "tool_use_id": "call_2", "content": [{"type": "text", "text": "twee"}]},
                    {"type": "text", "text": "En nu?"}]}],
                "tools": [{"name": "zoek", "description": "zoekt", "input_schema": {"type": "object"}}],
                "tool_choice": {"type": "tool", "name": "zoek", "disable_parallel_tool_use": true},
                "stream": true, "temperature": 1.0, "stop_sequences": ["einde"], "metadata": {"user_id": "u-1"}}),
        );
    }

    #[test]
    fn any_object_is_asked_for_as_what_a_tool_is_told() {
        let asked = json!({"model": "m", "messages": [{"role": "user", "content": "JSON"}], "max_tokens": 9,
            "response_format": {"type": "json_object"}});
        check(
            &asked,
            &json!({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "text", "text": "JSON"}]}],
                "tools": [{"name": "answer", "description": "Takes the answer, as a JSON object.", "input_schema": {"type": "object"}}],
                "tool_choice": {"type": "tool", "name": "answer", "disable_parallel_tool_use": true}}),
        );
        let translated = to_messages(asked.to_string().as_bytes()).unwrap();
        assert!(translated.answering.as_document);
        // Who has tools of their own may not want to call any.
        let mut asked = asked;
        asked["tools"] = json!([{"type": "function", "function": {"name": "zoek"}}]);
        let refused = to_messages(asked.to_string().as_bytes()).err();
        assert_eq!(refused, Some(Untranslatable("response_format")));
    }

    #[test]
    fn a_shape_is_said_and_what_has_no_counterpart_is_named() {
        let asked = |field: &str, value: Value| {
            let mut asked = json!({"model": "m", "messages": []});
            asked[field] = value;
            to_messages(asked.to_string().as_bytes())
                .map(|translated| String::from_utf8(translated.body).unwrap())
                .map_err(|Untranslatable(field)| field)
        };
        let schema = json!({"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}});
        let said = asked("response_format", schema).unwrap();
        assert!(
            said.contains(
                r#""output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}"#
            ),
            "{said}"
        );
        for (field, value) in [
            ("n", json!(2)),
            ("logprobs", json!(true)),
            ("logit_bias", json!({"1": 2})),
            ("functions", json!([{"name": "x"}])),
            ("response_format", json!({"type": "anders"})),
            (
                "messages",
                json!([{"role": "user", "content": [{"type": "image_url"}]}]),
            ),
            ("messages", json!("x")),
            (
                "tools",
                json!([{"type": "custom", "custom": {"name": "x"}}]),
            ),
        ] {
            assert_eq!(asked(field, value), Err(field));
        }
        for (field, value) in [
            ("n", json!(1)),
            ("logprobs", json!(false)),
            ("seed", json!(1)),
        ] {
            assert!(asked(field, value).is_ok(), "{field}");
        }
    }
}
