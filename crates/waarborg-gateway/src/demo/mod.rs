//! The demonstration model: a fixed program that speaks the chat-completions protocol.
//!
//! It reads the screened document like any provider, answers in the person's language, repeats
//! the surrogates it saw in the spellings that models use, and says that it is no AI. The same
//! request always gets the same answer.

mod filling;
mod reading;
mod writing;

use serde_json::{Value, json};

use reading::{Reading, Tool};

/// The demonstration model's name.
pub const MODEL: &str = "waarborg-demo";

/// An answer before it is put on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    id: String,
    model: String,
    created: i64,
    choices: Vec<Choice>,
    n_prompt_words: usize,
    includes_usage: bool,
    streams: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    text: String,
    calls: Vec<Call>,
    finish_reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    id: String,
    name: String,
    arguments: String,
}

/// Answers a request; `created` is the time of the answer in seconds since 1970.
#[must_use]
pub fn reply(document: &Value, created: i64) -> Reply {
    let reading = Reading::of(document);
    let mark = fingerprint(&document.to_string());
    let choices = (0..reading.n_choices)
        .map(|number| choice(&reading, number, mark))
        .collect();

    Reply {
        id: format!("chatcmpl-demo-{mark:016x}"),
        model: reading.model.to_owned(),
        created,
        choices,
        n_prompt_words: reading.n_prompt_words,
        includes_usage: reading.includes_usage,
        streams: reading.streams,
    }
}

fn choice(reading: &Reading<'_>, number: u64, mark: u64) -> Choice {
    if !reading.tools.is_empty() {
        let calls = reading
            .tools
            .iter()
            .zip(0_u64..)
            .map(|(tool, place)| call(reading, tool, mark ^ place))
            .collect();
        return Choice {
            text: String::new(),
            calls,
            finish_reason: "tool_calls",
        };
    }
    let whole = if reading.wants_json {
        let schema = reading
            .schema
            .cloned()
            .unwrap_or_else(|| json!({"properties":{"text":{"type":"string"}}}));
        filling::fill(&schema, &reading.surrogates, &reading.question).to_string()
    } else {
        writing::text(reading, number)
    };
    let (text, is_cut) = first_words(&whole, reading.max_words);
    Choice {
        text,
        calls: Vec::new(),
        finish_reason: if is_cut { "length" } else { "stop" },
    }
}

fn call(reading: &Reading<'_>, tool: &Tool<'_>, mark: u64) -> Call {
    let no_parameters = json!({"type":"object"});
    let schema = tool.parameters.unwrap_or(&no_parameters);
    Call {
        id: format!("call_demo{}", letters(mark)),
        name: tool.name.to_owned(),
        arguments: filling::fill(schema, &reading.surrogates, &reading.question).to_string(),
    }
}

impl Reply {
    /// Whether the request asked for a stream.
    #[must_use]
    pub const fn streams(&self) -> bool {
        self.streams
    }

    /// The answer as one document.
    #[must_use]
    pub fn body(&self) -> String {
        let choices: Vec<Value> = self
            .choices
            .iter()
            .zip(0..)
            .map(|(choice, index)| {
                let message = match choice.calls.as_slice() {
                    [] => json!({"role":"assistant","content":choice.text,"refusal":null}),
                    calls => {
                        let calls: Vec<Value> = calls.iter().map(call_document).collect();
                        json!({"role":"assistant","content":null,"refusal":null,"tool_calls":calls})
                    }
                };
                json!({"index":index,"message":message,"logprobs":null,"finish_reason":choice.finish_reason})
            })
            .collect();
        json!({"id":self.id,"object":"chat.completion","created":self.created,"model":self.model,
            "choices":choices,"usage":self.usage()})
        .to_string()
    }

    /// The answer as the data of events, `[DONE]` included. The choices take turns.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        let mut lanes: Vec<std::vec::IntoIter<String>> = self
            .choices
            .iter()
            .zip(0_u64..)
            .map(|(choice, index)| self.choice_events(choice, index).into_iter())
            .collect();
        let mut events = Vec::new();
        loop {
            let round: Vec<String> = lanes.iter_mut().filter_map(Iterator::next).collect();
            if round.is_empty() {
                break;
            }
            events.extend(round);
        }
        if self.includes_usage {
            events.push(self.chunk(&json!([]), &self.usage()));
        }
        events.push("[DONE]".to_owned());
        events
    }

    fn choice_events(&self, choice: &Choice, index: u64) -> Vec<String> {
        let delta = |delta: Value, finish_reason: Value| {
            let choices = json!([{"index":index,"delta":delta,"logprobs":null,"finish_reason":finish_reason}]);
            self.chunk(&choices, &Value::Null)
        };
        let mut events = vec![delta(json!({"role":"assistant","content":""}), Value::Null)];
        for piece in pieces(&choice.text) {
            events.push(delta(json!({"content":piece}), Value::Null));
        }
        for (call, place) in choice.calls.iter().zip(0..) {
            let head = json!({"index":place,"id":call.id,"type":"function",
                "function":{"name":call.name,"arguments":""}});
            events.push(delta(json!({"tool_calls":[head]}), Value::Null));
            for piece in pieces(&call.arguments) {
                let part = json!({"index":place,"function":{"arguments":piece}});
                events.push(delta(json!({"tool_calls":[part]}), Value::Null));
            }
        }
        events.push(delta(json!({}), json!(choice.finish_reason)));
        events
    }

    fn chunk(&self, choices: &Value, usage: &Value) -> String {
        if self.includes_usage {
            return json!({"id":self.id,"object":"chat.completion.chunk","created":self.created,
                "model":self.model,"choices":choices,"usage":usage})
            .to_string();
        }
        json!({"id":self.id,"object":"chat.completion.chunk","created":self.created,
            "model":self.model,"choices":choices})
        .to_string()
    }

    /// Counted in words: this model has no tokens.
    fn usage(&self) -> Value {
        let n_written: usize = self
            .choices
            .iter()
            .map(|choice| {
                let arguments = choice.calls.iter().map(|call| call.arguments.as_str());
                arguments
                    .chain([choice.text.as_str()])
                    .map(|text| text.split_whitespace().count())
                    .sum::<usize>()
            })
            .sum();
        json!({"prompt_tokens":self.n_prompt_words,"completion_tokens":n_written,
            "total_tokens":self.n_prompt_words + n_written})
    }
}

fn call_document(call: &Call) -> Value {
    json!({"id":call.id,"type":"function","function":{"name":call.name,"arguments":call.arguments}})
}

/// The text in pieces of three to seven characters, so that surrogates come apart.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.chars().peekable();
    let mut size = 3;
    while rest.peek().is_some() {
        pieces.push(rest.by_ref().take(size).collect());
        size = if size == 7 { 3 } else { size + 1 };
    }
    pieces
}

/// The beginning of a text up to `n` words, and whether something is missing.
fn first_words(text: &str, n: usize) -> (String, bool) {
    let mut n_words = 0;
    let mut is_inside = false;
    for (at, character) in text.char_indices() {
        let starts = !character.is_whitespace() && !is_inside;
        is_inside = !character.is_whitespace();
        if starts && n_words == n {
            return (
                text.get(..at).unwrap_or_default().trim_end().to_owned(),
                true,
            );
        }
        n_words += usize::from(starts);
    }
    (text.to_owned(), false)
}

/// FNV-1a: the same request gets the same name, nothing more is needed of it.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A number in letters, so that nobody takes it for somebody's number.
fn letters(number: u64) -> String {
    let mut rest = number;
    (0..12)
        .map(|_| {
            let letter = char::from(b'a' + u8::try_from(rest % 26).unwrap_or_default());
            rest /= 26;
            letter
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(question: &str) -> Value {
        json!({"model":"waarborg-demo","messages":[{"role":"user","content":question}]})
    }

    fn streamed_text(reply: &Reply, index: u64) -> String {
        reply
            .events()
            .iter()
            .filter(|event| *event != "[DONE]")
            .map(|event| serde_json::from_str::<Value>(event).unwrap())
            .filter_map(|chunk| {
                let choice = chunk["choices"]
                    .as_array()?
                    .iter()
                    .find(|choice| choice["index"] == index)?
                    .clone();
                Some(choice["delta"]["content"].as_str()?.to_owned())
            })
            .collect()
    }

    #[test]
    fn it_says_in_the_language_of_the_question_that_it_is_no_ai() {
        assert!(
            reply(&ask("Hoe vraag ik een paspoort aan?"), 0).choices[0]
                .text
                .contains("Ik ben geen AI")
        );
        assert!(
            reply(&ask("How do I get a passport?"), 0).choices[0]
                .text
                .contains("I am not an AI")
        );
    }

    #[test]
    fn it_repeats_what_it_saw_in_several_spellings() {
        let text = &reply(
            &ask("Ik ben [PERSOON_41726] en mijn mail is [EMAIL_12345]."),
            0,
        )
        .choices[0]
            .text;
        for spelling in ["[PERSOON_41726]", "**[PERSOON_41726]**", " EMAIL_12345"] {
            assert!(text.contains(spelling), "{spelling} in {text}");
        }
    }

    #[test]
    fn the_stream_holds_the_same_text_as_the_document() {
        let mut document = ask("Ik ben [PERSOON_41726]");
        document["n"] = json!(3);
        document["stream_options"] = json!({"include_usage":true});
        let reply = reply(&document, 7);
        let body: Value = serde_json::from_str(&reply.body()).unwrap();
        for index in 0..3_u64 {
            let place = usize::try_from(index).unwrap();
            assert_eq!(
                body["choices"][place]["message"]["content"],
                streamed_text(&reply, index)
            );
        }
        let events = reply.events();
        assert_eq!(events.last().unwrap(), "[DONE]");
        let usage: Value = serde_json::from_str(&events[events.len() - 2]).unwrap();
        assert_eq!(usage["choices"], json!([]));
        assert_eq!(usage["usage"], body["usage"]);
    }

    #[test]
    fn it_calls_a_tool_with_what_it_saw_and_reports_the_result() {
        let mut document = ask("Zoek [PERSOON_41726] op");
        document["tools"] = json!([{"type":"function","function":{"name":"zoek_klant","parameters":
            {"type":"object","properties":{"naam":{"type":"string"}}}}}]);
        let first = reply(&document, 0);
        assert_eq!(
            first.choices[0].calls[0].arguments,
            r#"{"naam":"[PERSOON_41726]"}"#
        );
        assert_eq!(first.choices[0].finish_reason, "tool_calls");
        let messages = document["messages"].as_array_mut().unwrap();
        messages.push(json!({"role":"tool","tool_call_id":"x","content":"gevonden: 1"}));
        let second = reply(&document, 0);
        assert!(second.choices[0].text.contains("gevonden: 1"));
    }

    #[test]
    fn it_stops_at_the_length_that_was_asked() {
        let mut document = ask("hallo");
        document["max_tokens"] = json!(3);
        let reply = reply(&document, 0);
        assert_eq!(reply.choices[0].text, "Dit is het");
        assert_eq!(reply.choices[0].finish_reason, "length");
    }

    #[test]
    fn structured_output_is_json_of_the_asked_shape() {
        let mut document = ask("Ik ben [PERSOON_41726]");
        document["response_format"] = json!({"type":"json_schema","json_schema":{"name":"x","schema":
            {"type":"object","properties":{"naam":{"type":"string"}}}}});
        assert_eq!(
            reply(&document, 0).choices[0].text,
            r#"{"naam":"[PERSOON_41726]"}"#
        );
    }

    #[test]
    fn any_document_gets_an_answer() {
        for document in [
            json!(null),
            json!([]),
            json!({"messages":7}),
            json!({"messages":[null, 1, {"content":[3]}]}),
        ] {
            assert!(reply(&document, 0).body().contains("chat.completion"));
        }
    }
}
