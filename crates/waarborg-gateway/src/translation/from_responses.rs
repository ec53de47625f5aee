//! A request to OpenAI's responses, said as one to chat completions.

use serde_json::{Value, json};

use super::{Members, Untranslatable, keep, members, says, text_of};

/// What has no counterpart and would change what comes back, or asks for something that is kept.
const WITHOUT_COUNTERPART: [&str; 5] = [
    "previous_response_id",
    "conversation",
    "background",
    "prompt",
    "top_logprobs",
];

/// What an answer repeats of what was asked.
const REPEATED: [&str; 9] = [
    "instructions",
    "max_output_tokens",
    "metadata",
    "parallel_tool_calls",
    "temperature",
    "text",
    "tool_choice",
    "tools",
    "top_p",
];

/// A request in the other protocol, and what the answer repeats of it.
pub(crate) struct Asked {
    /// The request.
    pub(crate) body: Vec<u8>,
    /// What the answer repeats.
    pub(crate) repeated: Members,
}

/// Says a request in the other protocol.
///
/// # Errors
///
/// [`Untranslatable`] names the field that cannot be said.
pub(crate) fn from_responses(body: &[u8]) -> Result<Asked, Untranslatable> {
    let asked = members(body, "input")?;
    if let Some(field) = WITHOUT_COUNTERPART
        .into_iter()
        .find(|field| says(&asked, field))
    {
        return Err(Untranslatable(field));
    }
    add_nothing_to_the_answer(&asked)?;
    let mut out = Members::new();
    keep(&asked, &["model"], &mut out);
    out.insert("messages".to_owned(), Value::Array(turns(&asked)?));
    if let Some(length) = asked
        .get("max_output_tokens")
        .filter(|length| !length.is_null())
    {
        out.insert("max_completion_tokens".to_owned(), length.clone());
    }
    keep(
        &asked,
        &["temperature", "top_p", "stream", "parallel_tool_calls"],
        &mut out,
    );
    if asked.get("stream") == Some(&Value::Bool(true)) {
        // The last event of a response says how many tokens there were.
        out.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    let user = ["safety_identifier", "user"]
        .into_iter()
        .find_map(|field| asked.get(field)?.as_str());
    if let Some(user) = user {
        out.insert("user".to_owned(), user.into());
    }
    add_tools(&asked, &mut out)?;
    add_shape(&asked, &mut out)?;
    let mut repeated = Members::new();
    keep(&asked, &REPEATED, &mut repeated);
    Ok(Asked {
        body: Value::Object(out).to_string().into_bytes(),
        repeated,
    })
}

/// The name of a field of chat completions, as who speaks responses knows it.
pub(crate) fn as_asked(Untranslatable(field): Untranslatable) -> Untranslatable {
    Untranslatable(match field {
        "messages" | "messages.tool_calls" => "input",
        "response_format" => "text",
        field => field,
    })
}

/// Of all that may be asked for beside the answer only sealed thoughts can be left out unseen.
fn add_nothing_to_the_answer(asked: &Members) -> Result<(), Untranslatable> {
    let wanted = asked.get("include").and_then(Value::as_array);
    let mut wanted = wanted.into_iter().flatten();
    if wanted.all(|what| what == "reasoning.encrypted_content") {
        Ok(())
    } else {
        Err(Untranslatable("include"))
    }
}

fn turns(asked: &Members) -> Result<Vec<Value>, Untranslatable> {
    const FIELD: &str = "input";
    let mut turns: Vec<Value> = Vec::new();
    if let Some(Value::String(instructions)) = asked.get("instructions") {
        turns.push(json!({"role": "system", "content": instructions}));
    }
    let items = match asked.get(FIELD) {
        Some(Value::String(text)) => {
            turns.push(json!({"role": "user", "content": text}));
            return Ok(turns);
        }
        Some(Value::Array(items)) => items,
        _ => return Err(Untranslatable(FIELD)),
    };
    for item in items {
        match text_of(item, "type") {
            "" | "message" => turns.push(message(item)?),
            "function_call" => add_call(item, &mut turns),
            "function_call_output" => {
                let said = parts(item.get("output").unwrap_or(&Value::Null))?;
                let id = text_of(item, "call_id");
                turns.push(json!({"role": "tool", "tool_call_id": id, "content": said}));
            }
            // What a model thought belongs to its own provider, and is left out.
            "reasoning" => {}
            _ => return Err(Untranslatable(FIELD)),
        }
    }
    Ok(turns)
}

fn message(item: &Value) -> Result<Value, Untranslatable> {
    let role = text_of(item, "role");
    if !matches!(role, "user" | "assistant" | "system" | "developer") {
        return Err(Untranslatable("input"));
    }
    let content = parts(item.get("content").unwrap_or(&Value::Null))?;
    Ok(json!({"role": role, "content": content}))
}

/// The calls of one turn stand together in it.
fn add_call(item: &Value, turns: &mut Vec<Value>) {
    let arguments = match text_of(item, "arguments") {
        "" => "{}",
        arguments => arguments,
    };
    let function = json!({"name": text_of(item, "name"), "arguments": arguments});
    let call = json!({"id": text_of(item, "call_id"), "type": "function", "function": function});
    let last = turns.last_mut().and_then(Value::as_object_mut);
    let last = last.filter(|turn| turn.get("role").is_some_and(|role| role == "assistant"));
    match last {
        Some(turn) => {
            let calls = turn
                .entry("tool_calls")
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Some(calls) = calls.as_array_mut() {
                calls.push(call);
            }
        }
        None => turns.push(json!({"role": "assistant", "content": null, "tool_calls": [call]})),
    }
}

/// A text, or a list of parts.
fn parts(content: &Value) -> Result<Value, Untranslatable> {
    match content {
        Value::String(_) => Ok(content.clone()),
        Value::Array(parts) => parts.iter().map(part).collect(),
        _ => Err(Untranslatable("input")),
    }
}

fn part(part: &Value) -> Result<Value, Untranslatable> {
    let member = |name: &str| part.get(name).filter(|value| value.is_string());
    let said = match text_of(part, "type") {
        "input_text" | "output_text" | "text" => {
            member("text").map(|text| json!({"type": "text", "text": text}))
        }
        "refusal" => member("refusal").map(|text| json!({"type": "text", "text": text})),
        "input_image" => member("image_url")
            .map(|address| json!({"type": "image_url", "image_url": {"url": address}})),
        "input_file" => member("file_data").map(|data| {
            let mut file = json!({"file_data": data});
            if let (Some(name), Some(file)) = (member("filename"), file.as_object_mut()) {
                file.insert("filename".to_owned(), name.clone());
            }
            json!({"type": "file", "file": file})
        }),
        _ => None,
    };
    said.ok_or(Untranslatable("input"))
}

fn add_tools(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let tools = asked.get("tools").and_then(Value::as_array);
    let Some(tools) = tools.filter(|tools| !tools.is_empty()) else {
        return Ok(());
    };
    let tools: Result<Vec<Value>, Untranslatable> = tools.iter().map(tool).collect();
    out.insert("tools".to_owned(), Value::Array(tools?));
    let choice = match asked.get("tool_choice") {
        None | Some(Value::Null) => return Ok(()),
        Some(word @ Value::String(_)) => word.clone(),
        Some(choice) if text_of(choice, "type") == "function" => {
            json!({"type": "function", "function": {"name": text_of(choice, "name")}})
        }
        Some(_) => return Err(Untranslatable("tool_choice")),
    };
    out.insert("tool_choice".to_owned(), choice);
    Ok(())
}

fn tool(tool: &Value) -> Result<Value, Untranslatable> {
    let members = tool.as_object();
    let members = members.filter(|_| text_of(tool, "type") == "function");
    let members = members.ok_or(Untranslatable("tools"))?;
    let mut function = Members::new();
    let fields = ["name", "description", "parameters", "strict"];
    keep(members, &fields, &mut function);
    Ok(json!({"type": "function", "function": function}))
}

fn add_shape(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let format = asked.get("text").and_then(|text| text.get("format"));
    let Some(format) = format.filter(|format| !format.is_null()) else {
        return Ok(());
    };
    match (text_of(format, "type"), format.as_object()) {
        ("text", _) => {}
        ("json_schema", Some(members)) => {
            let mut shape = Members::new();
            let fields = ["name", "description", "schema", "strict"];
            keep(members, &fields, &mut shape);
            let format = json!({"type": "json_schema", "json_schema": shape});
            out.insert("response_format".to_owned(), format);
        }
        ("json_object", _) => {
            let format = json!({"type": "json_object"});
            out.insert("response_format".to_owned(), format);
        }
        _ => return Err(Untranslatable("text")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(asked: &Value) -> Result<Value, Untranslatable> {
        let asked = from_responses(asked.to_string().as_bytes())?;
        Ok(serde_json::from_slice(&asked.body).unwrap())
    }

    #[test]
    fn a_conversation_with_tools_is_said_turn_by_turn() {
        let asked = json!({"model": "m", "instructions": "Wees kort.", "max_output_tokens": 9, "store": false,
            "input": [
                {"role": "user", "content": "Dag"},
                {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "AAAA"},
                {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "Ik zoek."}]},
                {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "zoek", "arguments": "{\"wie\":\"x\"}"},
                {"type": "function_call", "call_id": "call_2", "name": "tel", "arguments": ""},
                {"type": "function_call_output", "call_id": "call_1", "output": "een"},
                {"type": "function_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "twee"}]},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "En dit?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
                    {"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}]}],
            "tools": [{"type": "function", "name": "zoek", "description": "zoekt", "strict": true, "parameters": {"type": "object"}}],
            "tool_choice": {"type": "function", "name": "zoek"}, "parallel_tool_calls": false, "stream": true, "temperature": 0.5,
            "text": {"format": {"type": "json_schema", "name": "antwoord", "schema": {"type": "object"}}, "verbosity": "low"},
            "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low"}, "user": "u-1", "truncation": "auto"});
        let call = |id: &str, name: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}});
        assert_eq!(
            said(&asked).unwrap(),
            json!({"model": "m", "messages": [
                {"role": "system", "content": "Wees kort."},
                {"role": "user", "content": "Dag"},
                {"role": "assistant", "content": [{"type": "text", "text": "Ik zoek."}],
                    "tool_calls": [call("call_1", "zoek", "{\"wie\":\"x\"}"), call("call_2", "tel", "{}")]},
                {"role": "tool", "tool_call_id": "call_1", "content": "een"},
                {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "twee"}]},
                {"role": "user", "content": [{"type": "text", "text": "En dit?"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
                    {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,AAAA"}}]}],
                "max_completion_tokens": 9, "temperature": 0.5, "stream": true, "stream_options": {"include_usage": true},
                "parallel_tool_calls": false, "user": "u-1",
                "tools": [{"type": "function", "function": {"name": "zoek", "description": "zoekt", "strict": true, "parameters": {"type": "object"}}}],
                "tool_choice": {"type": "function", "function": {"name": "zoek"}},
                "response_format": {"type": "json_schema", "json_schema": {"name": "antwoord", "schema": {"type": "object"}}}})
        );
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        for (field, value) in [
            ("previous_response_id", json!("resp_1")),
            ("background", json!(true)),
            ("top_logprobs", json!(2)),
            ("include", json!(["message.output_text.logprobs"])),
            ("tools", json!([{"type": "custom", "name": "x"}])),
            ("text", json!({"format": {"type": "anders"}})),
            (
                "input",
                json!([{"type": "custom_tool_call", "call_id": "call_1", "name": "x", "input": "y"}]),
            ),
            ("input", json!([{"role": "iemand", "content": "x"}])),
            (
                "input",
                json!([{"role": "user", "content": [{"type": "input_audio"}]}]),
            ),
            ("input", json!(7)),
        ] {
            let mut asked = json!({"model": "m", "input": "hoi"});
            asked[field] = value;
            assert_eq!(said(&asked), Err(Untranslatable(field)));
        }
        let mut asked =
            json!({"model": "m", "input": "hoi", "tools": [{"type": "function", "name": "x"}]});
        asked["tool_choice"] = json!({"type": "allowed_tools"});
        assert_eq!(said(&asked), Err(Untranslatable("tool_choice")));
        assert_eq!(
            as_asked(Untranslatable("messages")),
            Untranslatable("input")
        );
    }
}
