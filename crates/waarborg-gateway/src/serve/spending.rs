//! What requests use up: told by the provider where it says so, else estimated from the length; counted per recipient
//! for who runs the installation, and per key where that key has a budget.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::Stream;
use serde::Deserialize;
use waarborg_usecase::Desk;
use waarborg_usecase::budget::{BudgetError, Ledger};
use waarborg_usecase::ports::{Chunks, GatewayKey, ProviderError, Reply, StoreError};

use super::error::Problem;

/// About so many bytes are a token, where nobody counts them.
const BYTES_PER_TOKEN: u64 = 4;

/// What was used up since the start, and what each key still has.
#[derive(Debug, Default)]
pub struct Spending {
    ledger: Ledger,
    recipients: Mutex<BTreeMap<String, Spent>>,
}

/// What one recipient did for us.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Tokens that it read.
    pub tokens_in: u64,
    /// Tokens that it wrote.
    pub tokens_out: u64,
    /// What that costs, in millionths of a cent.
    pub millionths_of_a_cent: u64,
}

impl Spending {
    /// What was used up since the start, by recipient.
    #[must_use]
    pub fn by_recipient(&self) -> BTreeMap<String, Spent> {
        self.recipients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Tells the store what keys used up, and hears what other programs on the same store counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; what was not told is told the next time.
    pub async fn share(&self, desk: &Desk) -> Result<(), StoreError> {
        self.ledger.share(desk).await
    }

    /// Lets a request of a key begin.
    pub(super) async fn admit(&self, desk: &Desk, key: &GatewayKey) -> Result<(), Problem> {
        match self.ledger.admit(desk, key).await {
            Ok(()) => Ok(()),
            Err(BudgetError::UsedUp { measure, wait }) => Err(Problem::UsedUp { measure, wait }),
            Err(BudgetError::Store(_)) => Err(Problem::House),
        }
    }

    fn spent(&self, desk: &Desk, key: &GatewayKey, recipient: &str, usage: Usage) {
        let (price_in, price_out) = desk.providers.prices(recipient);
        let cost = usage
            .tokens_in
            .saturating_mul(price_in)
            .saturating_add(usage.tokens_out.saturating_mul(price_out));
        let tokens = usage.tokens_in.saturating_add(usage.tokens_out);
        self.ledger.spend(desk, key, tokens, cost);

        let mut recipients = self
            .recipients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !recipients.contains_key(recipient) {
            recipients.insert(recipient.to_owned(), Spent::default());
        }
        if let Some(spent) = recipients.get_mut(recipient) {
            spent.tokens_in += usage.tokens_in;
            spent.tokens_out += usage.tokens_out;
            spent.millionths_of_a_cent += cost;
        }
    }
}

/// Counts one answer; what it counted is booked when it is dropped, also when the client left half-way.
pub(super) struct Meter {
    pub(super) spending: Arc<Spending>,
    pub(super) desk: Desk,
    pub(super) key: GatewayKey,
    pub(super) recipient: String,
    /// How much was sent, in bytes.
    pub(super) n_sent: usize,
    told: Usage,
    n_came: u64,
}

/// Tokens of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Usage {
    tokens_in: u64,
    tokens_out: u64,
}

impl Meter {
    pub(super) fn new(
        spending: Arc<Spending>,
        desk: Desk,
        key: GatewayKey,
        recipient: String,
        n_sent: usize,
    ) -> Self {
        Self {
            spending,
            desk,
            key,
            recipient,
            n_sent,
            told: Usage::default(),
            n_came: 0,
        }
    }

    /// The same answer, counted as it passes.
    pub(super) fn over(mut self, reply: Reply) -> Reply {
        match reply {
            Reply::Whole(body) => {
                self.read(&body);
                Reply::Whole(body)
            }
            Reply::Stream(chunks) => Reply::Stream(Box::pin(Metered {
                chunks,
                meter: self,
            })),
        }
    }

    fn read(&mut self, document: &[u8]) {
        self.n_came += document.len() as u64;
        if let Some(usage) = usage_in(document) {
            // Some tell as they go, and each time all of it.
            self.told.tokens_in = self.told.tokens_in.max(usage.tokens_in);
            self.told.tokens_out = self.told.tokens_out.max(usage.tokens_out);
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let estimated = |told: u64, n_bytes: u64| {
            if told > 0 {
                told
            } else {
                n_bytes / BYTES_PER_TOKEN
            }
        };
        let usage = Usage {
            tokens_in: estimated(self.told.tokens_in, self.n_sent as u64),
            tokens_out: if self.told == Usage::default() {
                self.n_came / BYTES_PER_TOKEN
            } else {
                self.told.tokens_out
            },
        };
        self.spending
            .spent(&self.desk, &self.key, &self.recipient, usage);
    }
}

struct Metered {
    chunks: Chunks,
    meter: Meter,
}

impl Stream for Metered {
    type Item = Result<Vec<u8>, ProviderError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = self.chunks.as_mut().poll_next(context);
        if let Poll::Ready(Some(Ok(document))) = &chunk {
            self.meter.read(document);
        }
        chunk
    }
}

/// Where the formats tell what was used.
#[derive(Default, Deserialize)]
struct Told {
    #[serde(default)]
    usage: Option<Counted>,
    #[serde(default)]
    message: Option<Inner>,
    #[serde(default)]
    response: Option<Inner>,
    #[serde(default)]
    prompt_eval_count: Option<u64>,
    #[serde(default)]
    eval_count: Option<u64>,
}

#[derive(Deserialize)]
struct Inner {
    #[serde(default)]
    usage: Option<Counted>,
}

#[derive(Clone, Copy, Default, Deserialize)]
struct Counted {
    #[serde(default, rename = "input_tokens", alias = "prompt_tokens")]
    read: Option<u64>,
    #[serde(default, rename = "output_tokens", alias = "completion_tokens")]
    written: Option<u64>,
    #[serde(default, rename = "cache_read_input_tokens")]
    from_cache: Option<u64>,
    #[serde(default, rename = "cache_creation_input_tokens")]
    into_cache: Option<u64>,
}

/// What a document tells of tokens, if it does. Most pieces of a stream do not, and are not parsed.
fn usage_in(document: &[u8]) -> Option<Usage> {
    let mentions = |word: &[u8]| memchr::memmem::find(document, word).is_some();
    if !mentions(b"\"usage\"") && !mentions(b"\"eval_count\"") {
        return None;
    }
    let told: Told = serde_json::from_slice(document).ok()?;
    let inner = told.message.or(told.response);
    let counted = told.usage.or_else(|| inner.and_then(|inner| inner.usage));
    let counted = counted.unwrap_or_default();
    let sum = |counts: &[Option<u64>]| counts.iter().flatten().sum();
    Some(Usage {
        tokens_in: sum(&[
            counted.read,
            counted.from_cache,
            counted.into_cache,
            told.prompt_eval_count,
        ]),
        tokens_out: sum(&[counted.written, told.eval_count]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: Option<(u64, u64)>) {
        let usage = usage_in(document.as_bytes());
        let usage = usage.map(|usage| (usage.tokens_in, usage.tokens_out));
        assert_eq!(usage, expected, "{document}");
    }

    #[test]
    fn what_was_used_is_read_in_every_format() {
        check(
            r#"{"id":"x","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15}}"#,
            Some((12, 3)),
        );
        check(
            r#"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":1}}}"#,
            Some((12, 1)),
        );
        check(
            r#"{"type":"message_delta","delta":{},"usage":{"output_tokens":9}}"#,
            Some((0, 9)),
        );
        check(
            r#"{"type":"response.completed","response":{"usage":{"input_tokens":4,"output_tokens":2}}}"#,
            Some((4, 2)),
        );
        check(
            r#"{"done":true,"prompt_eval_count":26,"eval_count":8}"#,
            Some((26, 8)),
        );
        check(r#"{"choices":[{"delta":{"content":"hoi"}}]}"#, None);
        check(r#"{"choices":[],"usage":null}"#, Some((0, 0)));
        check(r#"{"choices":[{"delta":{"content":"\"usage\""}}]}"#, None);
    }
}
