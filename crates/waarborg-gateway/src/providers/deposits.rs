//! What a provider keeps: what is sent to it in one piece, and what it answers about it.

use http::Method;
use serde::Deserialize;
use waarborg_domain::prompt::{Prompt, Screened, Wire};
use waarborg_usecase::ports::{ErrandAct, ProviderError, Reply};

use super::error;
use super::events::{EventRules, Framing, Step, documents};
use crate::upstream::{Answer, Upstream};

/// The longest name that a provider gives to something.
const LONGEST_NAME: usize = 128;

/// The name by which a provider knows what it made. It comes back into an address, so it is letters and digits.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if there is none.
pub(super) fn name_in(document: &[u8]) -> Result<String, ProviderError> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }

    let named: Named = serde_json::from_slice(document).map_err(|_| ProviderError::Unreadable)?;
    is_name(&named.id)
        .then_some(named.id)
        .ok_or(ProviderError::Unreadable)
}

/// Whether a provider may call something so.
pub(crate) fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The requests of a batch of Anthropic's. What a client calls them stays here: each has its number.
pub(super) fn message_batch(prompts: Vec<Prompt<Screened>>) -> Vec<u8> {
    let n_bytes: usize = prompts.iter().map(|prompt| prompt.body().len() + 48).sum();
    let mut body = Vec::with_capacity(n_bytes + 16);
    body.extend_from_slice(b"{\"requests\":[");
    for (place, prompt) in prompts.into_iter().enumerate() {
        if place > 0 {
            body.push(b',');
        }
        let number = format!("{{\"custom_id\":\"{}\",\"params\":", place + 1);
        body.extend_from_slice(number.as_bytes());
        body.extend_from_slice(&prompt.into_body());
        body.push(b'}');
    }
    body.extend_from_slice(b"]}");
    body
}

/// A file with the requests of a batch of OpenAI's, one on a line, each for its address.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if a request is one that such a file does not hold.
pub(super) fn file(
    prompts: Vec<Prompt<Screened>>,
    path: fn(Wire) -> Option<&'static str>,
) -> Result<Vec<u8>, ProviderError> {
    let n_bytes: usize = prompts.iter().map(|prompt| prompt.body().len() + 96).sum();
    let mut file = Vec::with_capacity(n_bytes);
    for (place, prompt) in prompts.into_iter().enumerate() {
        let path = path(prompt.wire()).ok_or(ProviderError::Unreadable)?;
        let number = place + 1;
        let head = format!(
            "{{\"custom_id\":\"{number}\",\"method\":\"POST\",\"url\":\"/v1{path}\",\"body\":"
        );
        file.extend_from_slice(head.as_bytes());
        file.extend_from_slice(&prompt.into_body());
        file.extend_from_slice(b"}\n");
    }
    Ok(file)
}

/// How a document begins in which items are written as the input of a response, and as a conversation takes them.
pub(crate) const AS_INPUT: &str = "{\"input\":";
const AS_ITEMS: &str = "{\"items\":";

/// What is said in a conversation, as its provider takes it.
///
/// # Errors
///
/// [`ProviderError::Unreadable`] if it is not written as the input of a response, and nothing beside.
pub(super) fn items(mut body: Vec<u8>) -> Result<Vec<u8>, ProviderError> {
    if !body.starts_with(AS_INPUT.as_bytes()) {
        return Err(ProviderError::Unreadable);
    }
    body.splice(..AS_INPUT.len(), AS_ITEMS.bytes());
    Ok(body)
}

/// Asks about something that is kept at this path.
///
/// # Errors
///
/// [`ProviderError`].
pub(super) async fn run(
    upstream: &Upstream,
    path: &str,
    act: ErrandAct,
    (read, cancel): (&str, &str),
) -> Result<Reply, ProviderError> {
    let (method, path) = match act {
        ErrandAct::Look => (Method::GET, path.to_owned()),
        ErrandAct::Read => (Method::GET, format!("{path}/{read}")),
        ErrandAct::Cancel => (Method::POST, format!("{path}/{cancel}")),
        ErrandAct::Delete => (Method::DELETE, path.to_owned()),
    };
    let answer = upstream.ask(method, &path).await.map_err(error)?;
    if act == ErrandAct::Read {
        return Ok(Reply::Stream(lines(answer, upstream.limits().bytes)));
    }
    Ok(Reply::Whole(answer.whole().await.map_err(error)?))
}

fn lines(answer: Answer, limit: usize) -> waarborg_usecase::ports::Chunks {
    documents(answer, limit, Framing::Lines, Lines)
}

/// Every line goes on. Where the connection says that it ends, it ends.
struct Lines;

impl EventRules for Lines {
    fn judge(&mut self, _: &str) -> Result<Step, ProviderError> {
        Ok(Step::Pass)
    }

    fn may_close(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_can_stand_in_an_address() {
        let named = name_in(br#"{"id":"msgbatch_013Zva-2","type":"message_batch"}"#);
        assert_eq!(named.as_deref(), Ok("msgbatch_013Zva-2"));
        for document in [
            r#"{"id":"../models"}"#,
            r#"{"id":"a?b"}"#,
            r#"{"id":""}"#,
            r#"{"id":7}"#,
            "{}",
            "geen",
        ] {
            let named = name_in(document.as_bytes());
            assert_eq!(named, Err(ProviderError::Unreadable), "{document}");
        }
        assert!(!is_name(&"a".repeat(129)));
    }
}
