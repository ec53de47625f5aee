//! A request to Ollama's `api/chat`, said as one to chat completions.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Lengths, Members, Untranslatable, keep, members, says, text_of};

/// What comes along in `options` and exists in the other protocol, with its name there.
const OPTIONS: [(&str, &str); 5] = [
    ("temperature", "temperature"),
    ("top_p", "top_p"),
    ("seed", "seed"),
    ("presence_penalty", "presence_penalty"),
    ("frequency_penalty", "frequency_penalty"),
];

/// How pictures begin in base64, with their media type.
const PICTURES: [(&str, &str); 4] = [
    ("iVBORw0KGgo", "image/png"),
    ("/9j/", "image/jpeg"),
    ("R0lGOD", "image/gif"),
    ("UklGR", "image/webp"),
];

/// Says a request in the other protocol. Without a word about it the answer is a stream.
///
/// # Errors
///
/// [`Untranslatable`] names the field that cannot be said.
pub(crate) fn from_ollama(body: &[u8], lengths: Lengths) -> Result<Vec<u8>, Untranslatable> {
    let asked = members(body, "messages")?;
    if says(&asked, "logprobs") {
        return Err(Untranslatable("logprobs"));
    }
    let mut out = Members::new();
    keep(&asked, &["model"], &mut out);
    out.insert("messages".to_owned(), Value::Array(turns(&asked)?));
    let streams = asked.get("stream") != Some(&Value::Bool(false));
    out.insert("stream".to_owned(), streams.into());
    if streams {
        // The last line of an answer says how many tokens there were.
        out.insert("stream_options".to_owned(), json!({"include_usage": true}));
    }
    if says(&asked, "tools") {
        keep(&asked, &["tools"], &mut out);
    }
    add_options(&asked, lengths, &mut out);
    add_shape(&asked, &mut out)?;
    Ok(Value::Object(out).to_string().into_bytes())
}

/// The name of a field of chat completions, as who speaks Ollama's format knows it.
pub(crate) fn as_asked_of_ollama(Untranslatable(field): Untranslatable) -> Untranslatable {
    Untranslatable(match field {
        "messages.tool_calls" => "messages",
        "response_format" => "format",
        field => field,
    })
}

fn turns(asked: &Members) -> Result<Vec<Value>, Untranslatable> {
    const FIELD: &str = "messages";
    let said = asked.get(FIELD).and_then(Value::as_array);
    let mut calls = Calls::default();
    let said = said.ok_or(Untranslatable(FIELD))?.iter();
    said.map(|turn| {
        let content = content(turn)?;
        match text_of(turn, "role") {
            role @ ("system" | "user") => Ok(json!({"role": role, "content": content})),
            "assistant" => Ok(calls.made(turn, &content)),
            "tool" => {
                let id = calls.answered(turn).ok_or(Untranslatable(FIELD))?;
                Ok(json!({"role": "tool", "tool_call_id": id, "content": content}))
            }
            _ => Err(Untranslatable(FIELD)),
        }
    })
    .collect()
}

/// A text, with the pictures that lie beside it.
fn content(turn: &Value) -> Result<Value, Untranslatable> {
    let text = json!(text_of(turn, "content"));
    let pictures = turn.get("images").and_then(Value::as_array);
    let Some(pictures) = pictures.filter(|pictures| !pictures.is_empty()) else {
        return Ok(text);
    };
    let mut parts = vec![json!({"type": "text", "text": text})];
    for picture in pictures {
        let data = picture.as_str().unwrap_or_default();
        let known = PICTURES.iter().find(|(begin, _)| data.starts_with(begin));
        let (_, media_type) = known.ok_or(Untranslatable("messages"))?;
        let address = format!("data:{media_type};base64,{data}");
        parts.push(json!({"type": "image_url", "image_url": {"url": address}}));
    }
    Ok(Value::Array(parts))
}

/// The calls of tools in a conversation. In this protocol they need no ids: results come in the order of the calls, or say the name.
#[derive(Default)]
struct Calls {
    n_made: usize,
    /// The ids and names of those without a result.
    open: VecDeque<(String, String)>,
}

impl Calls {
    fn made(&mut self, turn: &Value, content: &Value) -> Value {
        let calls = turn.get("tool_calls").and_then(Value::as_array);
        let calls: Vec<Value> = calls
            .into_iter()
            .flatten()
            .map(|call| self.one(call))
            .collect();
        let mut said = json!({"role": "assistant", "content": content});
        if let (false, Some(members)) = (calls.is_empty(), said.as_object_mut()) {
            if content == "" {
                members.insert("content".to_owned(), Value::Null);
            }
            members.insert("tool_calls".to_owned(), Value::Array(calls));
        }
        said
    }

    fn one(&mut self, call: &Value) -> Value {
        self.n_made += 1;
        let id = match text_of(call, "id") {
            "" => format!("call_{}", self.n_made),
            id => id.to_owned(),
        };
        let nothing = Value::Null;
        let function = call.get("function").unwrap_or(&nothing);
        let name = text_of(function, "name");
        let arguments = match function.get("arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(input) if input.is_object() => input.to_string(),
            _ => "{}".to_owned(),
        };
        self.open.push_back((id.clone(), name.to_owned()));
        json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
    }

    /// The id of the call to which a result belongs.
    fn answered(&mut self, turn: &Value) -> Option<String> {
        let (id, name) = (text_of(turn, "tool_call_id"), text_of(turn, "tool_name"));
        let is_it = |(known, called): &(String, String)| match (id, name) {
            ("", "") => true,
            ("", name) => called == name,
            (id, _) => known == id,
        };
        let place = self.open.iter().position(is_it)?;
        self.open.remove(place).map(|(id, _)| id)
    }
}

fn add_options(asked: &Members, lengths: Lengths, out: &mut Members) {
    let Some(options) = asked.get("options").and_then(Value::as_object) else {
        return;
    };
    for (option, field) in OPTIONS {
        if let Some(value) = options.get(option).filter(|value| value.is_number()) {
            out.insert(field.to_owned(), value.clone());
        }
    }
    // Below nought it means as long as it likes.
    if let Some(length) = options.get("num_predict").and_then(Value::as_u64) {
        let field = match lengths {
            Lengths::Completion => "max_completion_tokens",
            Lengths::Plain => "max_tokens",
        };
        out.insert(field.to_owned(), length.into());
    }
    if let Some(words @ Value::Array(_)) = options.get("stop") {
        out.insert("stop".to_owned(), words.clone());
    }
}

/// The word `json`, or a schema; empty it means nothing.
fn add_shape(asked: &Members, out: &mut Members) -> Result<(), Untranslatable> {
    let format = match asked.get("format") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(word)) if word.is_empty() => return Ok(()),
        Some(Value::String(word)) if word == "json" => json!({"type": "json_object"}),
        Some(schema @ Value::Object(_)) => {
            json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}})
        }
        Some(_) => return Err(Untranslatable("format")),
    };
    out.insert("response_format".to_owned(), format);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(asked: &Value) -> Result<Value, Untranslatable> {
        let body = from_ollama(asked.to_string().as_bytes(), Lengths::Plain)?;
        Ok(serde_json::from_slice(&body).unwrap())
    }

    #[test]
    fn a_conversation_with_tools_is_said_turn_by_turn() {
        let call = |name: &str| json!({"function": {"name": name, "arguments": {"wie": "x"}}});
        let asked = json!({"model": "m", "messages": [
                {"role": "system", "content": "Wees kort."},
                {"role": "user", "content": "Dag", "images": ["iVBORw0KGgoAAAA"]},
                {"role": "assistant", "content": "", "thinking": "t", "tool_calls": [call("zoek"), call("tel"), call("zoek")]},
                {"role": "tool", "tool_name": "tel", "content": "twee"},
                {"role": "tool", "content": "een"},
                {"role": "tool", "tool_call_id": "call_3", "content": "drie"},
                {"role": "assistant", "content": "Klaar."}],
            "tools": [{"type": "function", "function": {"name": "zoek", "parameters": {"type": "object"}}}],
            "options": {"temperature": 0.5, "seed": 7, "num_predict": 9, "stop": ["einde"], "num_ctx": 4096},
            "format": {"type": "object"}, "keep_alive": "5m", "think": true});
        let made = |id: &str, name: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": "{\"wie\":\"x\"}"}});
        assert_eq!(
            said(&asked).unwrap(),
            json!({"model": "m", "messages": [
                {"role": "system", "content": "Wees kort."},
                {"role": "user", "content": [{"type": "text", "text": "Dag"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgoAAAA"}}]},
                {"role": "assistant", "content": null, "tool_calls": [made("call_1", "zoek"), made("call_2", "tel"), made("call_3", "zoek")]},
                {"role": "tool", "tool_call_id": "call_2", "content": "twee"},
                {"role": "tool", "tool_call_id": "call_1", "content": "een"},
                {"role": "tool", "tool_call_id": "call_3", "content": "drie"},
                {"role": "assistant", "content": "Klaar."}],
                "stream": true, "stream_options": {"include_usage": true}, "temperature": 0.5, "seed": 7, "max_tokens": 9,
                "stop": ["einde"], "tools": [{"type": "function", "function": {"name": "zoek", "parameters": {"type": "object"}}}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}})
        );
        let whole = json!({"model": "m", "stream": false, "messages": [], "options": {"num_predict": -1}, "format": ""});
        assert_eq!(
            said(&whole).unwrap(),
            json!({"model": "m", "stream": false, "messages": []})
        );
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        let turn = |turn: Value| json!([turn]);
        for (field, value) in [
            ("logprobs", json!(true)),
            ("format", json!("xml")),
            ("messages", json!("x")),
            ("messages", turn(json!({"role": "iemand", "content": "x"}))),
            (
                "messages",
                turn(json!({"role": "tool", "content": "van niets"})),
            ),
            (
                "messages",
                turn(json!({"role": "user", "content": "x", "images": ["AAAA"]})),
            ),
        ] {
            let mut asked = json!({"model": "m", "messages": []});
            asked[field] = value;
            assert_eq!(said(&asked), Err(Untranslatable(field)));
        }
        let field = as_asked_of_ollama(Untranslatable("response_format"));
        assert_eq!(field, Untranslatable("format"));
    }
}
