//! What a request costs a process in processor time, which a busy machine spoils less than latency.

use std::time::Duration;

use crate::load::{self, Target};
use crate::process::Running;
use crate::{Outcome, detection};

/// At so many connections at once.
const CONNECTIONS: usize = 8;

/// Microseconds of processor time per request of one process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// What a person calls it.
    pub(crate) name: &'static str,
    /// A prompt of one kilobyte.
    pub(crate) short: f64,
    /// A prompt of sixteen kilobytes.
    pub(crate) long: f64,
}

/// Who is asked, and how.
pub(crate) struct Asked<'a> {
    /// What a person calls it.
    pub(crate) name: &'static str,
    /// Whose time counts.
    pub(crate) process: &'a Running,
    /// The gateway key.
    pub(crate) key: &'a str,
    /// Whether the text was in the conversation before.
    pub(crate) goes_on: bool,
}

impl Asked<'_> {
    fn target(&self, text: &str) -> Target {
        let make = if self.goes_on {
            Target::goes_on
        } else {
            Target::chat
        };
        make(&self.process.address, self.key, text)
    }
}

/// The best of some rounds: what disturbs a round only ever adds to it.
pub(crate) async fn measure(
    asked: &[Asked<'_>],
    rounds: usize,
    span: Duration,
) -> Outcome<Vec<Cost>> {
    let mut costs = Vec::new();
    for asked in asked {
        costs.push(Cost {
            name: asked.name,
            short: f64::MAX,
            long: f64::MAX,
        });
        let (short, long) = (
            detection::letter(1, detection::SHORT),
            detection::letter(1, detection::LONG),
        );
        let (short, long) = (asked.target(&short), asked.target(&long));
        let process = asked.process;
        let Some(cost) = costs.last_mut() else {
            continue;
        };
        for _ in 0..rounds {
            cost.short = cost.short.min(per_request(process, &short, span).await?);
            cost.long = cost.long.min(per_request(process, &long, span).await?);
        }
    }
    Ok(costs)
}

/// Microseconds of processor time per request of one process, after a warm-up.
pub(crate) async fn per_request(
    process: &Running,
    target: &Target,
    span: Duration,
) -> Outcome<f64> {
    load::answers(target, CONNECTIONS, span / 5).await?;
    let before = process.processor_time()?;
    let answers = load::answers(target, CONNECTIONS, span).await?;
    let taken = process.processor_time()?.saturating_sub(before);
    Ok(taken.as_secs_f64() * 1e6 / f64::from(answers.max(1)))
}
