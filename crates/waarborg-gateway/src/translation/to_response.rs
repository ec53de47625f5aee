//! An answer of chat completions, said as one of OpenAI's responses.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waarborg_usecase::ports::ProviderError;

use super::chunks::{Call, Heard, Piece};
use super::content::Said;
use super::{Members, StreamTranslator, number_of, text_of};

/// A whole answer in the other protocol, which repeats some of what was asked.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if the body is no completion.
pub(crate) fn response_of(body: &[u8], repeated: Members) -> Result<Vec<u8>, ProviderError> {
    let unreadable = || ProviderError::Unreadable;
    let completion: Value = serde_json::from_slice(body).map_err(|_| unreadable())?;
    let choice = completion.pointer("/choices/0").ok_or_else(unreadable)?;
    let message = choice.get("message").ok_or_else(unreadable)?;
    let said = Said::of(message)?;
    let mut answer = Answer {
        repeated,
        ..Answer::default()
    };
    answer.begin(&completion);
    let text = said.text + &said.refusal;
    let mut output = Vec::new();
    if !text.is_empty() {
        output.push(answer.message(&text, COMPLETED));
    }
    let calls = message.get("tool_calls").and_then(Value::as_array);
    for call in calls.into_iter().flatten() {
        let function = call.get("function").ok_or_else(unreadable)?;
        let called = Called::of(call, function);
        output.push(called.item(text_of(function, "arguments"), COMPLETED));
    }
    let usage = completion.get("usage").unwrap_or(&Value::Null);
    let ended = Ended::by(text_of(choice, "finish_reason"));
    let response = answer.response(&output, ended.status, ended.why, Some(usage));
    Ok(response.to_string().into_bytes())
}

const COMPLETED: &str = "completed";
const IN_PROGRESS: &str = "in_progress";

/// How an answer ended.
struct Ended {
    status: &'static str,
    why: Option<&'static str>,
}

impl Ended {
    fn by(finish_reason: &str) -> Self {
        let why = match finish_reason {
            "length" => Some("max_output_tokens"),
            "content_filter" => Some("content_filter"),
            _ => None,
        };
        Self {
            status: why.map_or(COMPLETED, |_| "incomplete"),
            why,
        }
    }
}

/// What all documents of one answer say.
#[derive(Default)]
struct Answer {
    id: String,
    model: String,
    repeated: Members,
}

impl Answer {
    fn begin(&mut self, document: &Value) {
        text_of(document, "id").clone_into(&mut self.id);
        text_of(document, "model").clone_into(&mut self.model);
    }

    fn message_id(&self) -> String {
        named("msg_", &self.id)
    }

    fn message(&self, text: &str, status: &str) -> Value {
        let part = json!({"type": "output_text", "text": text, "annotations": []});
        json!({"type": "message", "id": self.message_id(), "status": status, "role": "assistant", "content": [part]})
    }

    fn response(
        &self,
        output: &[Value],
        status: &str,
        why: Option<&str>,
        counted: Option<&Value>,
    ) -> Value {
        let why = why.map(|reason| json!({"reason": reason}));
        let mut response = json!({"id": named("resp_", &self.id), "object": "response", "created_at": 0, "status": status,
            "error": null, "incomplete_details": why, "instructions": null, "max_output_tokens": null, "metadata": {},
            "model": self.model, "output": output, "parallel_tool_calls": true, "previous_response_id": null, "store": false,
            "temperature": null, "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [], "top_p": null,
            "usage": counted.map(usage)});
        if let Some(members) = response.as_object_mut() {
            members.extend(self.repeated.clone());
        }
        response
    }
}

/// A name that begins so, as the makers of the protocol write it.
fn named(beginning: &str, id: &str) -> String {
    let bare = id
        .strip_prefix("msg_")
        .or_else(|| id.strip_prefix("chatcmpl-"));
    format!("{beginning}{}", bare.unwrap_or(id))
}

fn usage(counted: &Value) -> Value {
    let (told, said) = (
        number_of(counted, "prompt_tokens"),
        number_of(counted, "completion_tokens"),
    );
    let cached = counted.pointer("/prompt_tokens_details/cached_tokens");
    let cached = cached.and_then(Value::as_u64).unwrap_or_default();
    json!({"input_tokens": told, "input_tokens_details": {"cached_tokens": cached}, "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": told + said})
}

/// A call of a tool, without what is said to it.
struct Called {
    id: String,
    name: String,
}

impl Called {
    fn of(call: &Value, function: &Value) -> Self {
        Self {
            id: text_of(call, "id").to_owned(),
            name: text_of(function, "name").to_owned(),
        }
    }

    fn item_id(&self) -> String {
        let bare = self.id.strip_prefix("toolu_");
        let bare = bare.or_else(|| self.id.strip_prefix("call_"));
        format!("fc_{}", bare.unwrap_or(&self.id))
    }

    fn item(&self, arguments: &str, status: &str) -> Value {
        json!({"type": "function_call", "id": self.item_id(), "call_id": self.id, "name": self.name, "arguments": arguments, "status": status})
    }
}

/// More than this of what is repeated whole at its end is no answer but an attack on memory, in bytes.
const MOST_SAID: usize = 16 * 1024 * 1024;

/// What an item weighs beside what is said in it, about.
const WEIGHT_OF_AN_ITEM: usize = 256;

/// Says the chunks of a completion as the events of a response.
#[derive(Default)]
pub(crate) struct ChunksToResponse {
    answer: Answer,
    has_begun: bool,
    /// In the order of the output: each is open until the end, as chunks of several may come in turns.
    items: Vec<Item>,
    text: Option<usize>,
    /// The place of each call in the output, by its number.
    calls: BTreeMap<u64, usize>,
    n_said: usize,
    n_events: u64,
    heard: Heard,
}

/// An item of the output, and what was said in it until now.
enum Item {
    Message(String),
    Call(Called, String),
}

impl ChunksToResponse {
    pub(crate) fn new(repeated: Members) -> Self {
        let answer = Answer {
            repeated,
            ..Answer::default()
        };
        Self {
            answer,
            ..Self::default()
        }
    }

    fn event(&mut self, kind: &str, mut event: Value, events: &mut Vec<Value>) {
        if let Some(members) = event.as_object_mut() {
            members.insert("type".to_owned(), format!("response.{kind}").into());
            members.insert("sequence_number".to_owned(), self.n_events.into());
        }
        self.n_events += 1;
        events.push(event);
    }

    fn begin(&mut self, chunk: &Value, events: &mut Vec<Value>) {
        if std::mem::replace(&mut self.has_begun, true) {
            return;
        }
        self.answer.begin(chunk);
        for kind in ["created", IN_PROGRESS] {
            let response = self.answer.response(&[], IN_PROGRESS, None, None);
            self.event(kind, json!({"response": response}), events);
        }
    }

    fn open(&mut self, item: Item, shown: &Value, events: &mut Vec<Value>) -> usize {
        let place = self.items.len();
        self.items.push(item);
        self.n_said += WEIGHT_OF_AN_ITEM;
        let added = json!({"output_index": place, "item": shown});
        self.event("output_item.added", added, events);
        place
    }

    fn say(&mut self, text: &str, events: &mut Vec<Value>) {
        let id = self.answer.message_id();
        let place = if let Some(place) = self.text {
            place
        } else {
            let shown = json!({"type": "message", "id": id, "status": IN_PROGRESS, "role": "assistant", "content": []});
            let place = self.open(Item::Message(String::new()), &shown, events);
            let part = json!({"type": "output_text", "text": "", "annotations": []});
            let added =
                json!({"item_id": id, "output_index": place, "content_index": 0, "part": part});
            self.event("content_part.added", added, events);
            place
        };
        self.text = Some(place);
        if let Some(Item::Message(said)) = self.items.get_mut(place) {
            said.push_str(text);
        }
        self.n_said += text.len();
        let delta = json!({"item_id": id, "output_index": place, "content_index": 0, "delta": text, "logprobs": []});
        self.event("output_text.delta", delta, events);
    }

    fn call(&mut self, call: &Call<'_>, events: &mut Vec<Value>) {
        let place = if let Some(place) = self.calls.get(&call.number) {
            *place
        } else {
            let called = Called {
                id: call.id.to_owned(),
                name: call.name.to_owned(),
            };
            let shown = called.item("", IN_PROGRESS);
            let place = self.open(Item::Call(called, String::new()), &shown, events);
            self.calls.insert(call.number, place);
            place
        };
        let arguments = call.arguments;
        let Some(Item::Call(called, said)) = self.items.get_mut(place) else {
            return;
        };
        if arguments.is_empty() {
            return;
        }
        said.push_str(arguments);
        let delta = json!({"item_id": called.item_id(), "output_index": place, "delta": arguments});
        self.n_said += arguments.len();
        self.event("function_call_arguments.delta", delta, events);
    }

    /// What each item says in all, and the items themselves.
    fn close(&mut self, events: &mut Vec<Value>) -> Vec<Value> {
        let mut output = Vec::new();
        for (place, item) in std::mem::take(&mut self.items).into_iter().enumerate() {
            let whole = match item {
                Item::Message(text) => {
                    let whole = self.answer.message(&text, COMPLETED);
                    let at = || json!({"item_id": self.answer.message_id(), "output_index": place, "content_index": 0});
                    let (mut done, mut part) = (at(), at());
                    if let (Some(done), Some(part)) = (done.as_object_mut(), part.as_object_mut()) {
                        done.insert("text".to_owned(), text.into());
                        done.insert("logprobs".to_owned(), json!([]));
                        let said = whole.pointer("/content/0").cloned().unwrap_or_default();
                        part.insert("part".to_owned(), said);
                    }
                    self.event("output_text.done", done, events);
                    self.event("content_part.done", part, events);
                    whole
                }
                Item::Call(called, arguments) => {
                    let whole = called.item(&arguments, COMPLETED);
                    let done = json!({"item_id": called.item_id(), "output_index": place, "name": called.name, "arguments": arguments});
                    self.event("function_call_arguments.done", done, events);
                    whole
                }
            };
            let done = json!({"output_index": place, "item": whole});
            self.event("output_item.done", done, events);
            output.push(whole);
        }
        output
    }
}

impl StreamTranslator for ChunksToResponse {
    fn document(&mut self, data: &[u8]) -> Result<Vec<Value>, ProviderError> {
        let chunk = self.heard.chunk(data)?;
        let mut events = Vec::new();
        self.begin(&chunk.document, &mut events);
        for piece in chunk.pieces()? {
            match piece {
                Piece::Thought(_) => {}
                Piece::Text(text) => self.say(text, &mut events),
                Piece::Call(call) => self.call(&call, &mut events),
            }
        }
        if self.n_said > MOST_SAID {
            return Err(ProviderError::TooLarge);
        }
        Ok(events)
    }

    fn end(&mut self) -> Vec<Value> {
        let mut events = Vec::new();
        self.begin(&Value::Null, &mut events);
        let output = self.close(&mut events);
        let Ended { status, why } = Ended::by(&self.heard.finish_reason);
        let usage = std::mem::take(&mut self.heard.usage);
        let response = self.answer.response(&output, status, why, Some(&usage));
        self.event(status, json!({"response": response}), &mut events);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_at_the_end_has_a_bound() {
        let mut translator = ChunksToResponse::default();
        let mut say = |delta: Value| {
            let chunk = json!({"id": "x", "choices": [{"index": 0, "delta": delta}]});
            translator.document(chunk.to_string().as_bytes())
        };
        let call = |number: u64, arguments: &str| json!({"tool_calls": [{"index": number, "id": "x", "function": {"name": "zoek", "arguments": arguments}}]});
        let long = "a".repeat(1 << 20);
        assert!((0..15).all(|number| say(call(number % 3, &long)).is_ok()));
        assert!((0..2).any(|_| say(json!({"content": long})).is_err()));
    }

    #[test]
    fn calls_that_come_in_turns_are_told_as_they_come_and_whole_at_the_end() {
        let mut translator = ChunksToResponse::new(Members::new());
        let piece = |number: u64, arguments: &str| {
            let function = json!({"name": format!("tool_{number}"), "arguments": arguments});
            json!({"tool_calls": [{"index": number, "id": format!("call_{number}"), "function": function}]})
        };
        let mut events = Vec::new();
        for delta in [
            json!({"content": "Even "}),
            piece(0, "{\"a\""),
            piece(1, ""),
            json!({"content": "kijken."}),
            piece(1, "{}"),
            piece(0, ":1}"),
        ] {
            let chunk = json!({"id": "chatcmpl-9", "model": "m", "choices": [{"index": 0, "delta": delta}]});
            events.extend(translator.document(chunk.to_string().as_bytes()).unwrap());
        }
        let last = json!({"id": "chatcmpl-9", "choices": [{"index": 0, "delta": {}, "finish_reason": "length"}],
            "usage": {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}}});
        events.extend(translator.document(last.to_string().as_bytes()).unwrap());
        events.extend(translator.end());

        let numbers: Vec<u64> = events
            .iter()
            .map(|event| number_of(event, "sequence_number"))
            .collect();
        assert!(numbers.iter().copied().eq(0..events.len() as u64));
        let response = &events.last().unwrap()["response"];
        assert_eq!(events.last().unwrap()["type"], "response.incomplete");
        assert_eq!(
            response["incomplete_details"]["reason"],
            "max_output_tokens"
        );
        assert_eq!(response["id"], "resp_9");
        assert_eq!(
            response["usage"],
            json!({"input_tokens": 3, "input_tokens_details": {"cached_tokens": 2}, "output_tokens": 4,
                "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 7})
        );
        let output = response["output"].as_array().unwrap();
        assert_eq!(output[0]["content"][0]["text"], "Even kijken.");
        assert_eq!(
            (&output[1]["call_id"], &output[1]["arguments"]),
            (&json!("call_0"), &json!("{\"a\":1}"))
        );
        assert_eq!(output[2]["arguments"], "{}");
        // What comes in pieces adds up to what is repeated whole.
        for (place, item) in output.iter().enumerate() {
            let of = |event: &&Value| event["output_index"] == place;
            let pieces: String = events
                .iter()
                .filter(of)
                .filter_map(|event| event["delta"].as_str())
                .collect();
            let whole = item["arguments"]
                .as_str()
                .or(item["content"][0]["text"].as_str());
            assert_eq!(Some(pieces.as_str()), whole);
            let done = events
                .iter()
                .filter(of)
                .find(|event| event["type"] == "response.output_item.done");
            assert_eq!(&done.unwrap()["item"], item);
        }
    }
}
