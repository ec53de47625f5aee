//! What an application may see of the audit log: its own requests, by their kinds and counts, never content.

use serde_json::{Map, Value};

use crate::desk::Desk;
use crate::ports::{GatewayKey, StoreError};

/// A request of an application, as the log has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// When, in UTC.
    pub at: String,
    /// Whether something left.
    pub has_left: bool,
    /// For which purpose.
    pub purpose: Option<String>,
    /// What screening decided.
    pub verdict: Option<String>,
    /// How many findings of which kind.
    pub findings: Map<String, Value>,
    /// To whom, or to whom it would have gone.
    pub recipient: Option<String>,
    /// Under which register.
    pub register: Option<String>,
    /// What was sought, where that was not all.
    pub sought: Option<String>,
    /// Whether it went to a model of one's own in place of the one that was asked for.
    pub is_routed: bool,
    /// Whether who wrote it said yes to what the policy warns of.
    pub is_confirmed: bool,
}

/// Some of them, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The requests.
    pub departures: Vec<Departure>,
    /// Where to go on, if there may be older ones.
    pub next: Option<u64>,
}

/// The requests of a key before a place in the log, newest first, at most so many.
///
/// # Errors
///
/// [`StoreError`] if the store cannot answer.
pub async fn of_key(
    desk: &Desk,
    key: &GatewayKey,
    before: Option<u64>,
    n: u32,
) -> Result<Page, StoreError> {
    let lines = desk.store.trail_of_key(key.id, before, n).await?;
    let payloads = lines
        .lines
        .iter()
        .filter_map(|line| line.payload.as_deref());
    Ok(Page {
        departures: payloads.filter_map(departure).collect(),
        next: lines.next,
    })
}

/// What a line says, if it is about a request.
fn departure(payload: &str) -> Option<Departure> {
    let line: Value = serde_json::from_str(payload).ok()?;
    let word = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
    let is_said = |name: &str| line.get(name).and_then(Value::as_bool) == Some(true);
    let has_left = match word("act")?.as_str() {
        "prompt.sent" => true,
        "prompt.refused" => false,
        _ => return None,
    };
    Some(Departure {
        at: word("at")?,
        has_left,
        purpose: word("purpose"),
        verdict: word("verdict"),
        findings: line
            .get("findings")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default(),
        recipient: word("recipient"),
        register: word("register"),
        sought: word("detail"),
        is_routed: is_said("routed"),
        is_confirmed: is_said("confirmed"),
    })
}
