//! Where traces go: a collector that the register declares, at an address from here or from the environment.

use std::{num::NonZeroU32, path::PathBuf};

use super::reader::{Faults, Table};

/// Where collectors are by custom named, when the file does not say so.
pub(crate) const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// What the register does not say about the collector of traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TracesSettings {
    /// The recipient's name in the register.
    pub(crate) recipient: String,
    /// Its address; else the one in the environment.
    pub(crate) endpoint: Option<String>,
    /// The file that holds what it knows us by.
    pub(crate) key_file: Option<PathBuf>,
    /// Of how many requests one is told.
    pub(crate) one_in: NonZeroU32,
    /// Whether a request goes on with its caller's trace.
    pub(crate) follows_callers: bool,
    /// The line in the file.
    pub(crate) line: usize,
}

impl TracesSettings {
    /// The collector's address.
    pub(crate) fn endpoint(&self) -> Option<String> {
        let chosen = self.endpoint.clone();
        chosen.or_else(|| {
            std::env::var(ENDPOINT)
                .ok()
                .filter(|place| !place.is_empty())
        })
    }
}

/// Where traces go; `None` where there are none.
pub(super) fn traces(root: &mut Table<'_>, faults: &mut Faults<'_>) -> Option<TracesSettings> {
    let mut table = root.table("traces", faults)?;
    let line = faults.line(table.span().start);
    let span = table.span().clone();
    let recipient = table.text("recipient", faults);
    if recipient.is_none() {
        let mend = "write the name of a recipient of register.toml".to_owned();
        let message = "`traces.recipient` is missing".to_owned();
        faults.add("missing", &span, message, mend);
    }
    let endpoint = table.text("endpoint", faults);
    let key_file = table.text("key_file", faults);
    let one_in = table.number("one_in", 1..1_000_001, faults);
    let one_in = one_in.and_then(|number| u32::try_from(number).ok());
    let follows_callers = table.truth("follow_callers", faults).unwrap_or(false);
    table.finish(faults);
    Some(TracesSettings {
        recipient: recipient?.value,
        endpoint: endpoint.map(|found| found.value),
        key_file: key_file.map(|found| PathBuf::from(found.value)),
        one_in: one_in.and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN),
        follows_callers,
        line,
    })
}
