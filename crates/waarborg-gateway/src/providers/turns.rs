//! Who is asked for one request: the recipient whose turn it is, then the others, and at last once more those whose
//! failure may have passed.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;
use waarborg_usecase::ports::{Ended, ProviderError, ProxyFault, Turns};

use super::steady::Steady;

/// A recipient is waited for only this long.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// The pause before asking somebody again, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// A recipient that may be asked.
pub(super) struct Candidate<'a> {
    pub(super) recipient: &'a str,
    pub(super) steady: &'a Steady,
}

/// The turns of one request.
pub(super) struct InTurn<'a> {
    waiting: VecDeque<Candidate<'a>>,
    asked: Option<Candidate<'a>>,
    /// Those that may be asked again, with when.
    again: VecDeque<(Candidate<'a>, Duration)>,
    n_retries: u32,
    /// Spreads pauses, so that those who failed together do not come back together.
    draw: u64,
}

impl<'a> InTurn<'a> {
    /// The turns of these; of several with a weight, `draw` says who comes first.
    pub(super) fn new(mut candidates: Vec<Candidate<'a>>, draw: &dyn Fn() -> u64) -> Self {
        let draw = if candidates.len() > 1 { draw() } else { 0 };
        let now = Instant::now();
        candidates.sort_by_cached_key(|candidate| {
            let weight = candidate.steady.manner.weight;
            let place = rank(candidate.recipient, weight, draw);
            (candidate.steady.health.is_troubled(now), weight == 0, place)
        });
        Self {
            waiting: candidates.into(),
            asked: None,
            again: VecDeque::new(),
            n_retries: 0,
            draw,
        }
    }

    /// Notes whether who was asked may be asked again.
    fn judge(&mut self, candidate: Candidate<'a>, error: &ProviderError) {
        let manner = &candidate.steady.manner;
        if self.n_retries >= manner.n_retries {
            return;
        }
        let spread = FIRST_PAUSE * u32::try_from(self.draw % 8).unwrap_or(0) / 8;
        let pause = match error {
            ProviderError::Unreachable
            | ProviderError::Proxy(
                ProxyFault::Unreachable
                | ProxyFault::BrokenOff
                | ProxyFault::Refused { status: 502..=504 },
            )
            | ProviderError::BrokenOff
            | ProviderError::Failed(_) => FIRST_PAUSE,
            ProviderError::Refused {
                status: 408 | 429 | 500 | 502..=504 | 529,
                retry_after_s,
                ..
            } => retry_after_s.map_or(FIRST_PAUSE, |seconds| Duration::from_secs(seconds.into())),
            // Who let us wait so long is not waited for again.
            _ => return,
        };
        let pause = (pause + spread) * 2_u32.pow(self.n_retries.min(4));
        if pause <= LONGEST_WAIT {
            self.again.push_back((candidate, pause));
        }
    }

    async fn turn(&mut self, last: Option<Ended<'_>>) -> Option<String> {
        if let (Some(candidate), Some(last)) = (self.asked.take(), last) {
            match last {
                Ended::Closed => {}
                Ended::Failed(error) if concerns_the_request(error) => return None,
                Ended::Failed(error) => self.judge(candidate, error),
            }
        }
        if let Some(next) = self.waiting.pop_front() {
            return Some(self.ask(next));
        }
        while let Some((next, pause)) = self.again.pop_front() {
            if next.steady.health.may_be_asked_again() {
                self.n_retries += 1;
                tokio::time::sleep(pause).await;
                return Some(self.ask(next));
            }
        }
        None
    }

    fn ask(&mut self, next: Candidate<'a>) -> String {
        let recipient = next.recipient.to_owned();
        self.asked = Some(next);
        recipient
    }
}

impl Turns for InTurn<'_> {
    fn next<'a>(
        &'a mut self,
        last: Option<Ended<'a>>,
    ) -> Pin<Box<dyn Future<Output = Option<String>> + Send + 'a>> {
        Box::pin(self.turn(last))
    }
}

/// Whether nobody else would answer it either.
const fn concerns_the_request(error: &ProviderError) -> bool {
    matches!(
        error,
        ProviderError::TooLarge
            | ProviderError::Refused {
                status: 400 | 413 | 415 | 422,
                ..
            }
    )
}

/// The lower, the earlier: each recipient draws its own number from that of the conversation, and a weight of two
/// makes it twice as likely to draw the lowest. Who joins or leaves moves no conversation between the others.
fn rank(recipient: &str, weight: u32, draw: u64) -> u64 {
    if weight == 0 {
        return 0;
    }
    let mut hash = draw ^ 0xcbf2_9ce4_8422_2325;
    for byte in recipient.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    // -ln(u)/w, whose smallest is of each with a chance in proportion to its weight.
    #[expect(
        clippy::cast_precision_loss,
        reason = "the last bits of the draw decide nothing"
    )]
    let unit = ((hash >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    (-unit.ln() / f64::from(weight)).to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversations_are_spread_by_weight_and_stay_where_they_are() {
        let weights = [("een", 3), ("twee", 1)];
        let first = |draw: u64| {
            weights
                .iter()
                .min_by_key(|(name, weight)| rank(name, *weight, draw))
                .unwrap()
                .0
        };
        let draws = (0..10_000_u64).map(|draw| draw.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let n_first = draws.filter(|draw| first(*draw) == "een").count();
        assert!((7_300..7_700).contains(&n_first), "{n_first}");
        assert_eq!(first(7), first(7));
    }
}
