//! What requests use up: told by the provider where it says so, else estimated from the length; counted per recipient
//! for who runs the installation, and per key where that key has a budget.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_util::Stream;
use serde::Deserialize;
use serde_json::Value;
use waarborg_domain::register::Destination;
use waarborg_usecase::Desk;
use waarborg_usecase::budget::{Ledger, Reserved};
use waarborg_usecase::gateway::Departures;
use waarborg_usecase::ports::{Chunks, GatewayKey, ProviderError, Reply, StoreError};

use super::aside::{Aside, LONG_BODY};
use super::error::Problem;
use crate::enclosed::pictures_in;
use crate::surfaces::{Substance, Surface};
use crate::traces::Journey;
use crate::weights::{self, BYTES_PER_TOKEN};

/// No single answer uses more tokens of a kind. A provider that says so is mistaken.
const MOST_TOKENS: u64 = 1_000_000_000;

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
        Ok(self.ledger.admit(desk, key).await?)
    }

    fn spent(&self, recipient: &str, usage: Usage, cost: u64) {
        let mut recipients = self
            .recipients
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !recipients.contains_key(recipient) {
            recipients.insert(recipient.to_owned(), Spent::default());
        }
        if let Some(spent) = recipients.get_mut(recipient) {
            spent.tokens_in = spent.tokens_in.saturating_add(usage.tokens_in);
            spent.tokens_out = spent.tokens_out.saturating_add(usage.tokens_out);
            spent.millionths_of_a_cent = spent.millionths_of_a_cent.saturating_add(cost);
        }
    }
}

/// What one request may use up: counted in advance when it begins, and put right when nobody counts it any more.
pub(super) struct Claim {
    spending: Arc<Spending>,
    desk: Desk,
    key: GatewayKey,
    reserved: Reserved,
    /// Tokens and cost until now, of every recipient that was asked.
    used: Mutex<(u64, u64)>,
}

impl Claim {
    /// Lets a request begin of which the document is known.
    ///
    /// # Errors
    ///
    /// [`Problem`] if what is left of the key's share is used up, or may be by others that are under way.
    pub(super) async fn begin(
        spending: Arc<Spending>,
        desk: Desk,
        key: GatewayKey,
        weighed: Weighed<'_>,
    ) -> Result<Arc<Self>, Problem> {
        let bounds = &key.bounds;
        let is_bound = bounds.tokens_per_day.is_some() || bounds.cents_per_month.is_some();
        let (tokens, cost) = if is_bound {
            let (usage, cost) = if weighed.body.len() >= LONG_BODY {
                Aside::new(async { used_by(&desk, weighed) }).await
            } else {
                used_by(&desk, weighed)
            };
            (usage.tokens(), cost)
        } else {
            (0, 0)
        };
        let reserved = spending.ledger.reserve(&desk, &key, tokens, cost).await?;
        Ok(Arc::new(Self {
            spending,
            desk,
            key,
            reserved,
            used: Mutex::default(),
        }))
    }

    /// Lets a batch of these documents begin. It counts as one request, and for all that it may use up: whether, and how often,
    /// what it used is fetched, is nobody's to know.
    ///
    /// # Errors
    ///
    /// As [`Claim::begin`].
    pub(super) async fn begin_batch(
        spending: Arc<Spending>,
        desk: Desk,
        key: GatewayKey,
        (surface, documents): (&dyn Surface, impl Iterator<Item = &[u8]> + Send),
    ) -> Result<(Arc<Self>, AtMost), Problem> {
        let mut at_most = AtMost::default();
        let mut cost = 0_u64;
        for body in documents {
            let (usage, costs) = used_by(&desk, Weighed::of(surface, body));
            at_most.0.tokens_in = at_most.0.tokens_in.saturating_add(usage.tokens_in);
            at_most.0.tokens_out = at_most.0.tokens_out.saturating_add(usage.tokens_out);
            cost = cost.saturating_add(costs);
        }
        let bounds = &key.bounds;
        let is_bound = bounds.tokens_per_day.is_some() || bounds.cents_per_month.is_some();
        let (tokens, cost) = if is_bound {
            (at_most.0.tokens(), cost)
        } else {
            (0, 0)
        };
        let reserved = spending.ledger.reserve(&desk, &key, tokens, cost).await?;
        let claim = Arc::new(Self {
            spending,
            desk,
            key,
            reserved,
            used: Mutex::default(),
        });
        Ok((claim, at_most))
    }

    /// A batch was sent to this recipient.
    pub(super) fn used_at_most(&self, recipient: &str, at_most: AtMost) {
        self.used(recipient, at_most.0);
    }

    /// A request was sent to this recipient that it answers later: it counts for all that it may use up.
    pub(super) fn used_later(&self, recipient: &str, n_bytes: usize, most: Option<u64>) {
        let usage = Usage {
            tokens_in: n_bytes as u64 / BYTES_PER_TOKEN,
            tokens_out: most.unwrap_or(TOKENS_UNASKED).min(MOST_TOKENS),
        };
        self.used(recipient, usage);
    }

    fn used(&self, recipient: &str, usage: Usage) {
        let cost = usage.cost(self.desk.providers.prices(recipient));
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.0 = used.0.saturating_add(usage.tokens());
        used.1 = used.1.saturating_add(cost);
        self.spending.spent(recipient, usage, cost);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let reserved = std::mem::take(&mut self.reserved);
        let used = self.used.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (tokens, cost) = *used;
        self.spending
            .ledger
            .settle(self.key.id, reserved, tokens, cost);
    }
}

/// What a batch may use up.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct AtMost(Usage);

/// What a request asks for that says how much it may use up. Any of it may hold something else.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    model: Value,
    max_tokens: Value,
    max_completion_tokens: Value,
    max_output_tokens: Value,
    options: Value,
    n: Value,
    best_of: Value,
}

impl Wanted {
    /// How many tokens all answers may have together. Of several fields the largest counts: which one a provider follows,
    /// it alone knows.
    fn tokens_out(&self) -> u64 {
        let lengths = [
            &self.max_completion_tokens,
            &self.max_tokens,
            &self.max_output_tokens,
            self.options.get("num_predict").unwrap_or(&Value::Null),
        ];
        let length = lengths.into_iter().filter_map(Value::as_u64).max();
        let n_answers = self.n.as_u64().max(self.best_of.as_u64());
        let n_answers = n_answers.unwrap_or(1).clamp(1, 128);
        let written = length.unwrap_or(TOKENS_UNASKED).min(MOST_TOKENS);
        written.saturating_mul(n_answers).min(MOST_TOKENS)
    }
}

/// So long is an answer, where the request does not say how long it may be.
const TOKENS_UNASKED: u64 = 1000;

/// A request that nobody looked into yet.
#[derive(Clone, Copy)]
pub(super) struct Weighed<'a> {
    /// In which format it is.
    surface: &'a dyn Surface,
    /// Its document.
    body: &'a [u8],
    /// As how many bytes of text counts what lies beside the document.
    n_beside: usize,
}

impl<'a> Weighed<'a> {
    pub(super) const fn of(surface: &'a dyn Surface, body: &'a [u8]) -> Self {
        Self {
            surface,
            body,
            n_beside: 0,
        }
    }

    /// The same with something beside it that counts as so many bytes of text.
    pub(super) const fn beside(self, n_beside: usize) -> Self {
        Self { n_beside, ..self }
    }

    /// As how many bytes of text it counts for a model.
    fn n_bytes_of_text(&self, model: &str) -> usize {
        let pictures = pictures_in(self.body, self.surface.encloses());
        let weight = weights::weight_of(&pictures, model, self.surface.substance());
        weight.applied_to(self.body.len()) + self.n_beside
    }
}

/// What a request may use up, and what that costs at the dearest recipient of its model.
fn used_by(desk: &Desk, weighed: Weighed<'_>) -> (Usage, u64) {
    let wanted: Wanted = serde_json::from_slice(weighed.body).unwrap_or_default();
    let model = wanted.model.as_str().unwrap_or_default();
    let usage = Usage {
        tokens_in: weighed.n_bytes_of_text(model) as u64 / BYTES_PER_TOKEN,
        tokens_out: wanted.tokens_out(),
    };
    // It may be routed to any model of one's own.
    let own = desk.providers.models().iter().filter_map(|model| {
        let recipient = desk.register.recipient(&model.recipient)?;
        (recipient.destination == Destination::Own).then_some(model.recipient.as_str())
    });
    let recipients = desk.providers.recipients_of(model).into_iter().chain(own);
    let costs = recipients.map(|recipient| usage.cost(desk.providers.prices(recipient)));
    (usage, costs.max().unwrap_or_default())
}

/// Counts a request from the moment that it leaves until its answer begins. A client that goes away in between has
/// used up at least what was sent.
pub(super) struct Booking {
    claim: Arc<Claim>,
    /// To whom it left, and how many bytes.
    left: Mutex<Option<(String, usize)>>,
}

impl Booking {
    pub(super) const fn new(claim: Arc<Claim>) -> Self {
        Self {
            claim,
            left: Mutex::new(None),
        }
    }

    /// From here on the answer is counted.
    pub(super) fn settle(&self) {
        self.put(None);
    }

    fn put(&self, left: Option<(String, usize)>) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = left;
    }
}

impl Departures for Booking {
    fn leaves(&self, recipient: &str, n_bytes: usize) {
        self.put(Some((recipient.to_owned(), n_bytes)));
    }

    fn failed(&self) {
        self.put(None);
    }
}

impl Drop for Booking {
    fn drop(&mut self) {
        let left = self.left.get_mut();
        if let Some((recipient, n_bytes)) = left.unwrap_or_else(PoisonError::into_inner).take() {
            let usage = Usage {
                tokens_in: n_bytes as u64 / BYTES_PER_TOKEN,
                tokens_out: 0,
            };
            self.claim.used(&recipient, usage);
        }
    }
}

/// Counts one answer; what it counted is booked when it is dropped, also when the client left half-way.
pub(super) struct Meter {
    claim: Arc<Claim>,
    recipient: String,
    /// How much was sent, in bytes.
    n_sent: usize,
    told: Usage,
    substance: Substance,
    /// How much came, in bytes of words.
    n_came: u64,
    /// Whether what was told is of the whole answer: it came to its end, or its end was told.
    is_whole: bool,
    journey: Option<Arc<Journey>>,
}

/// Tokens of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Usage {
    tokens_in: u64,
    tokens_out: u64,
}

impl Usage {
    fn tokens(self) -> u64 {
        self.tokens_in.saturating_add(self.tokens_out)
    }

    /// In millionths of a cent, at prices per million tokens.
    fn cost(self, (price_in, price_out): (u64, u64)) -> u64 {
        let read = self.tokens_in.saturating_mul(price_in);
        read.saturating_add(self.tokens_out.saturating_mul(price_out))
    }
}

impl Meter {
    pub(super) fn new(claim: Arc<Claim>, recipient: String, n_sent: usize) -> Self {
        Self {
            claim,
            recipient,
            n_sent,
            told: Usage::default(),
            substance: Substance::Words,
            n_came: 0,
            is_whole: false,
            journey: None,
        }
    }

    /// The same for an answer that consists of this.
    pub(super) fn of(mut self, substance: Substance) -> Self {
        self.substance = substance;
        self
    }

    /// The same; what the provider tells is told there too.
    pub(super) fn told_to(mut self, journey: Option<Arc<Journey>>) -> Self {
        self.journey = journey;
        self
    }

    /// The same answer, counted as it passes.
    pub(super) fn over(mut self, reply: Reply) -> Reply {
        match reply {
            Reply::Whole(body) => {
                self.read(&body);
                self.is_whole = true;
                Reply::Whole(body)
            }
            Reply::Plain(text) => {
                self.n_came = text.len() as u64;
                self.is_whole = true;
                Reply::Plain(text)
            }
            Reply::Stream(chunks) => Reply::Stream(self.along(chunks)),
            Reply::Sound { media_type, pieces } => {
                // A second of speech is some twenty tokens and fifteen letters.
                self.n_came = self.n_sent as u64 * BYTES_PER_TOKEN;
                Reply::Sound {
                    media_type,
                    pieces: self.along(pieces),
                }
            }
        }
    }

    fn along(self, chunks: Chunks) -> Chunks {
        Box::pin(Metered {
            chunks,
            meter: self,
        })
    }

    fn read(&mut self, document: &[u8]) {
        let n_came = match self.substance {
            Substance::Words => document.len() as u64,
            Substance::Pictures => n_pictures(document) * TOKENS_UNASKED * BYTES_PER_TOKEN,
            // Nobody tells anything in it.
            Substance::Sound => return,
        };
        self.n_came = self.n_came.saturating_add(n_came);
        if let Some((usage, place)) = usage_in(document) {
            self.is_whole |= place == Place::End && usage.tokens_out > 0;
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
            tokens_out: if self.is_whole && self.told != Usage::default() {
                self.told.tokens_out
            } else {
                self.told.tokens_out.max(self.n_came / BYTES_PER_TOKEN)
            },
        };
        self.claim.used(&self.recipient, usage);
        if let Some(journey) = &self.journey
            && self.told != Usage::default()
        {
            journey.used(self.told.tokens_in, self.told.tokens_out);
        }
    }
}

/// How many pictures a document ends. One counts as an answer of which nobody said how long it may be.
fn n_pictures(document: &[u8]) -> u64 {
    let n_of = |word: &[u8]| memchr::memmem::find_iter(document, word).count() as u64;
    let sketches: [&[u8]; 2] = [
        b"\"image_generation.partial_image\"",
        b"\"image_edit.partial_image\"",
    ];
    if sketches.into_iter().any(|sketch| n_of(sketch) > 0) {
        return 0;
    }
    n_of(b"\"b64_json\"").max(n_of(b"\"url\""))
}

struct Metered {
    chunks: Chunks,
    meter: Meter,
}

impl Stream for Metered {
    type Item = Result<Vec<u8>, ProviderError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = self.chunks.as_mut().poll_next(context);
        match &chunk {
            Poll::Ready(Some(Ok(document))) => self.meter.read(document),
            Poll::Ready(None) => self.meter.is_whole = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        chunk
    }
}

/// Where the formats tell what was used. Any of these may hold something else in another format.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Told {
    usage: Value,
    message: Value,
    response: Value,
    prompt_eval_count: Value,
    eval_count: Value,
}

/// Of what a document tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The answer begins; what was written until now is next to nothing.
    Head,
    /// All that was written until now.
    End,
}

/// What a document tells of tokens, if it does. Most pieces of a stream do not, and are not parsed.
fn usage_in(document: &[u8]) -> Option<(Usage, Place)> {
    let mentions = |word: &[u8]| memchr::memmem::find(document, word).is_some();
    if !mentions(b"\"usage\"") && !mentions(b"eval_count\"") {
        return None;
    }
    let told: Told = serde_json::from_slice(document).ok()?;
    let counted = [
        (Some(&told.usage), Place::End),
        (told.response.get("usage"), Place::End),
        (told.message.get("usage"), Place::Head),
    ];
    let counted = counted
        .into_iter()
        .find_map(|(usage, place)| Some((usage.filter(|usage| usage.is_object())?, place)));
    let (usage, place) = counted.unwrap_or((&Value::Null, Place::End));

    let named = |name: &str| usage.get(name).map_or(0, count);
    let apart = [
        named("input_tokens"),
        named("cache_read_input_tokens"),
        named("cache_creation_input_tokens"),
    ];
    // Who tells both tells the same twice; what comes from a cache is part of the one and stands beside the other.
    let tokens_in = named("prompt_tokens").max(sum(&apart));
    let tokens_out = named("completion_tokens").max(named("output_tokens"));
    let usage = Usage {
        tokens_in: sum(&[tokens_in, count(&told.prompt_eval_count)]),
        tokens_out: sum(&[tokens_out, count(&told.eval_count)]),
    };
    Some((usage, place))
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default().min(MOST_TOKENS)
}

fn sum(counts: &[u64]) -> u64 {
    let all = counts.iter().copied().fold(0, u64::saturating_add);
    all.min(MOST_TOKENS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: Option<(u64, u64)>) {
        let usage = usage_in(document.as_bytes());
        let usage = usage.map(|(usage, _)| (usage.tokens_in, usage.tokens_out));
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
        check(
            r#"{"model":"m","embeddings":[[0.1]],"prompt_eval_count":26}"#,
            Some((26, 0)),
        );
        check(
            r#"{"model":"m","response":"Dag","done":true,"prompt_eval_count":26,"eval_count":8}"#,
            Some((26, 8)),
        );
        check(
            r#"{"usage":{"prompt_tokens":12,"input_tokens":12,"completion_tokens":3,"output_tokens":3}}"#,
            Some((12, 3)),
        );
        check(
            r#"{"usage":{"prompt_tokens":12,"input_tokens":5,"cache_read_input_tokens":7,"output_tokens":"3"}}"#,
            Some((12, 0)),
        );
        check(r#"{"choices":[{"delta":{"content":"\"usage\""}}]}"#, None);
    }

    #[test]
    fn the_longest_answer_that_a_request_names_counts() {
        for (body, tokens) in [
            (r#"{"max_tokens":1,"options":{"num_predict":5000}}"#, 5000),
            (r#"{"max_tokens":700,"max_completion_tokens":10}"#, 700),
            (r#"{"max_tokens":10,"n":2,"best_of":5}"#, 50),
            (r#"{"max_tokens":"10","n":-1}"#, TOKENS_UNASKED),
            (
                r#"{"max_tokens":18446744073709551615,"n":128}"#,
                MOST_TOKENS,
            ),
        ] {
            let wanted: Wanted = serde_json::from_str(body).unwrap();
            assert_eq!(wanted.tokens_out(), tokens, "{body}");
        }
    }

    #[test]
    fn no_count_of_a_provider_is_believed_without_end() {
        let most = MOST_TOKENS;
        check(
            r#"{"usage":{"input_tokens":18446744073709551615,"cache_read_input_tokens":18446744073709551615,"output_tokens":9223372036854775807}}"#,
            Some((most, most)),
        );
        check(
            r#"{"prompt_eval_count":18446744073709551615,"usage":{"prompt_tokens":18446744073709551615},"eval_count":-1}"#,
            Some((most, 0)),
        );
    }
}
