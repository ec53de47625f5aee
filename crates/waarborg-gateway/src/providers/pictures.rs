//! Pictures that a provider is to change, on their way there in a form, and pictures that come back in a stream.

use std::borrow::Cow;

use serde::Deserialize;
use waarborg_domain::prompt::{Prompt, Screened};
use waarborg_usecase::ports::ProviderError;

use super::error;
use super::events::{EventRules, Step};
use crate::form::{Written, with_pictures};
use crate::said;
use crate::upstream::{Answer, Upstream};

/// Sends pictures with their fields as a form.
pub(super) async fn asked_in_form(
    upstream: &Upstream,
    path: &str,
    prompt: &Prompt<Screened>,
) -> Result<Answer, ProviderError> {
    let form = with_pictures(prompt.body());
    let Written {
        content_type,
        pieces,
    } = form.ok_or(ProviderError::Unreadable)?;
    let accept = if prompt.streams() {
        "text/event-stream"
    } else {
        "application/json"
    };
    let answer = upstream.post_form(path, (content_type, pieces), accept);
    answer.await.map_err(error)
}

/// What must be true of every event of a picture.
#[derive(Deserialize)]
struct Head<'d> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'d, str>,
}

/// Every picture says itself when it is done; how many there are, only the end of the stream says.
#[derive(Default)]
pub(super) struct PicturesRules {
    is_done: bool,
}

impl EventRules for PicturesRules {
    fn judge(&mut self, data: &str) -> Result<Step, ProviderError> {
        if data == "[DONE]" {
            return Ok(Step::End);
        }
        let head: Head<'_> = serde_json::from_str(data).map_err(|_| ProviderError::Unreadable)?;
        if head.kind == "error" {
            return Err(ProviderError::Failed(said::read(data.as_bytes())));
        }
        self.is_done = matches!(
            &*head.kind,
            "image_generation.completed" | "image_edit.completed"
        );
        Ok(Step::Pass)
    }

    fn may_close(&self) -> bool {
        self.is_done
    }
}
