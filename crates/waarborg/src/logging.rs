//! The log, on standard error or in files: only fields that the register declares, and only values that cannot be content.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write as _},
    io::{self, Write as _},
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};
use waarborg_domain::{claim::Period, register::Register};

use crate::{
    clock::WallClock,
    log_files::LogFiles,
    settings::{LogFormat, LogSetting},
};

/// Every field that this program writes to its log, with the stream that it goes to; the register must declare them all.
pub(crate) const FIELDS: &[(&str, &str)] = &[
    ("access", "duration_ms"),
    ("access", "method"),
    ("access", "request.id"),
    ("access", "route"),
    ("access", "status"),
    ("access", "verdict"),
    ("error", "code"),
    ("error", "fault"),
    ("error", "n_faults"),
    ("error", "outcome"),
    ("error", "request.id"),
    ("operation", "address"),
    ("operation", "n_claims"),
    ("operation", "n_findings"),
    ("operation", "n_late"),
    ("operation", "n_lines"),
    ("operation", "n_records"),
    ("operation", "register.version"),
    ("operation", "request.id"),
    ("operation", "verdict"),
];

/// The longest value of a text field; ids, routes and versions are shorter.
const LONGEST_VALUE: usize = 96;

/// What the register declares now, by the stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared(Arc<RwLock<BTreeMap<String, Stream>>>);

#[derive(Debug)]
struct Stream {
    fields: BTreeSet<String>,
    period: Period,
}

impl Declared {
    /// What this register declares counts from now on.
    pub(crate) fn take_from(&self, register: &Register) {
        let declared = register.log_streams().map(|stream| {
            let fields = stream.fields.iter().cloned().collect();
            let period = stream.period;
            (stream.name.clone(), Stream { fields, period })
        });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = declared.collect();
    }

    /// How long lines of a stream live; `None` for one that is not declared.
    pub(crate) fn period(&self, stream: &str) -> Option<Period> {
        let declared = self.0.read().unwrap_or_else(PoisonError::into_inner);
        declared.get(stream).map(|stream| stream.period)
    }

    fn has(&self, stream: &str, field: &str) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(stream)
            .is_some_and(|stream| stream.fields.contains(field))
    }
}

/// Sends the events of this process to these files, or else to standard error.
///
/// Only the first call of a process has an effect.
pub(crate) fn start(
    setting: LogSetting,
    files: Option<Arc<LogFiles>>,
    declared: Declared,
    clock: Arc<WallClock>,
) {
    let log = DeclaredLog {
        setting,
        files,
        declared,
        clock,
    };
    let _ = tracing_subscriber::registry().with(log).try_init();
}

/// Writes one line per event and drops what the register does not declare.
struct DeclaredLog {
    setting: LogSetting,
    files: Option<Arc<LogFiles>>,
    declared: Declared,
    clock: Arc<WallClock>,
}

impl<S: Subscriber> Layer<S> for DeclaredLog {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.is_event() && *metadata.level() <= self.setting.level
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let now = self.clock.wall();
        let text = Line::of(event, &self.declared).show(self.setting.format, event.metadata(), now);
        if let Some(files) = &self.files
            && files.write(stream_of(event.metadata()), now, &text).is_ok()
        {
            return;
        }
        // No files, or they cannot be written. Standard error may be closed; the work goes on all the same.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// The stream of the register that an event belongs to.
fn stream_of(metadata: &Metadata<'_>) -> &'static str {
    if metadata.target() == "waarborg::access" {
        "access"
    } else if *metadata.level() <= Level::WARN {
        "error"
    } else {
        "operation"
    }
}

/// The parts of one event that may be written.
struct Line<'d> {
    declared: &'d Declared,
    stream: &'static str,
    message: Option<String>,
    fields: Vec<(&'static str, Value)>,
}

impl<'d> Line<'d> {
    fn of(event: &Event<'_>, declared: &'d Declared) -> Self {
        let stream = stream_of(event.metadata());
        let mut line = Self {
            declared,
            stream,
            message: None,
            fields: Vec::new(),
        };
        // Messages of other people's crates may carry anything; ours are literals, which `tidy` checks.
        if event.metadata().target().starts_with("waarborg") {
            event.record(&mut line);
        }
        line
    }

    fn put(&mut self, field: &Field, value: Value) {
        if self.declared.has(self.stream, field.name()) {
            self.fields.push((field.name(), value));
        }
    }

    fn show(self, format: LogFormat, about: &Metadata<'_>, at: Timestamp) -> String {
        let message = self
            .message
            .unwrap_or_else(|| "an event of a part that may not write".to_owned());
        match format {
            LogFormat::Json => {
                let mut object = Map::new();
                object.insert("time".to_owned(), Value::String(format!("{at:.3}")));
                object.insert("level".to_owned(), Value::String(about.level().to_string()));
                object.insert("stream".to_owned(), Value::String(self.stream.to_owned()));
                object.insert(
                    "target".to_owned(),
                    Value::String(about.target().to_owned()),
                );
                object.insert("message".to_owned(), Value::String(message));
                let fields = self.fields.into_iter();
                object.extend(fields.map(|(name, value)| (name.to_owned(), value)));
                format!("{}\n", Value::Object(object))
            }
            LogFormat::Text => {
                let mut text = format!("{at:.3} {:5} {message}", about.level());
                for (name, value) in self.fields {
                    // Writing to a String does not fail.
                    let _ = match value.as_str() {
                        Some(shown) => write!(text, " {name}={shown}"),
                        None => write!(text, " {name}={value}"),
                    };
                }
                text.push('\n');
                text
            }
        }
    }
}

impl Visit for Line<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, Value::from(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::from(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = Some(value.to_owned());
        } else if is_code(value) {
            self.put(field, Value::from(value));
        } else {
            self.put(field, Value::from("(withheld)"));
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        // Writing to a String fails only when the value's own formatting does; then what came is shown.
        let _ = write!(text, "{value:?}");
        self.record_str(field, &text);
    }
}

/// Ids, routes, versions and addresses pass; anything that could be a sentence, a mail address or a header does not.
fn is_code(value: &str) -> bool {
    value.len() <= LONGEST_VALUE
        && value.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'+' | b'.'
                        | b'_'
                        | b':'
                        | b'/'
                        | b'-'
                        | b'{'
                        | b'}'
                        | b'['
                        | b']'
                        | b'='
                        | b';'
                        | b'*'
                )
        })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Runs the events of `act` and gives back the lines that would be written.
    fn written(declared: &[(&str, &str)], act: impl FnOnce()) -> Vec<String> {
        struct Kept(Arc<Mutex<Vec<String>>>, Declared);
        impl<S: Subscriber> Layer<S> for Kept {
            fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
                let line = Line::of(event, &self.1);
                let text = line.show(LogFormat::Json, event.metadata(), Timestamp::UNIX_EPOCH);
                self.0.lock().unwrap().push(text);
            }
        }
        let lines = Arc::new(Mutex::new(Vec::new()));
        let mut streams: BTreeMap<String, Stream> = BTreeMap::new();
        for (stream, field) in declared {
            let stream = streams.entry((*stream).to_owned()).or_insert(Stream {
                fields: BTreeSet::new(),
                period: Period::Days(14),
            });
            stream.fields.insert((*field).to_owned());
        }
        let declared = Declared(Arc::new(RwLock::new(streams)));
        let subscriber = tracing_subscriber::registry().with(Kept(Arc::clone(&lines), declared));
        tracing::subscriber::with_default(subscriber, act);
        Arc::try_unwrap(lines).unwrap().into_inner().unwrap()
    }

    #[test]
    fn a_field_that_the_register_does_not_declare_is_dropped() {
        let lines = written(&[("operation", "route")], || {
            tracing::info!(
                route = "/privacy",
                person = "Jansen",
                "a request was answered"
            );
        });
        assert!(lines[0].contains("/privacy"));
        assert!(!lines[0].contains("Jansen"));
        assert!(!lines[0].contains("person"));
    }

    #[test]
    fn a_declared_field_withholds_what_could_be_content() {
        let lines = written(&[("operation", "route")], || {
            tracing::info!(route = "mijn BSN is 111222333", "a request was answered");
            tracing::info!(route = "piet@example.org", "a request was answered");
        });
        assert!(lines.iter().all(|line| line.contains("(withheld)")));
        assert!(!lines.join("").contains("111222333"));
        assert!(!lines.join("").contains("piet"));
    }

    #[test]
    fn other_crates_write_no_text() {
        let lines = written(&[("operation", "route")], || {
            tracing::info!(target: "hyper::proto", "body was mijn geheim");
        });
        assert!(!lines.join("").contains("geheim"));
    }

    /// Every event in the source of every crate: its stream, its fields and its message.
    fn events_of(source: &str) -> Vec<(&'static str, Vec<String>, String)> {
        let mut events = Vec::new();
        for (level, stream) in [
            ("error", "error"),
            ("warn", "error"),
            ("info", "operation"),
            ("debug", "operation"),
            ("trace", "operation"),
        ] {
            for body in source.split(&format!("tracing::{level}!(")).skip(1) {
                let mut parts = vec![String::new()];
                let (mut depth, mut is_text, mut before) = (0, false, ' ');
                for letter in body.chars() {
                    match letter {
                        '"' if before != '\\' => is_text = !is_text,
                        '(' | '[' if !is_text => depth += 1,
                        ')' | ']' if !is_text && depth == 0 => break,
                        ')' | ']' if !is_text => depth -= 1,
                        ',' if !is_text && depth == 0 => {
                            parts.push(String::new());
                            continue;
                        }
                        _ => {}
                    }
                    before = letter;
                    parts.last_mut().unwrap().push(letter);
                }
                let mut event = (stream, Vec::new(), String::new());
                for part in parts
                    .iter()
                    .map(|part| part.trim())
                    .filter(|part| !part.is_empty())
                {
                    if let Some(target) = part.strip_prefix("target:") {
                        assert_eq!(target.trim(), "\"waarborg::access\"");
                        event.0 = "access";
                    } else if part.starts_with('"') {
                        event.2 = part.to_owned();
                    } else {
                        event.1.push(
                            part.split(" = ")
                                .next()
                                .unwrap()
                                .trim_start_matches(['%', '?'])
                                .to_owned(),
                        );
                    }
                }
                events.push(event);
            }
        }
        events
    }

    fn sources(dir: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !path.ends_with("logging.rs")
            {
                found.push(path);
            }
        }
    }

    #[test]
    fn every_event_of_every_crate_writes_declared_fields_and_a_fixed_message() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap();
        let mut files = Vec::new();
        for one in std::fs::read_dir(crates).unwrap().flatten() {
            sources(&one.path().join("src"), &mut files);
        }
        let mut n_events = 0;
        for file in files {
            for (stream, fields, message) in events_of(&std::fs::read_to_string(&file).unwrap()) {
                n_events += 1;
                let place = file.display();
                assert!(
                    message.starts_with('"') && !message.contains('{'),
                    "{place}: the message is not fixed: {message}"
                );
                for field in fields {
                    assert!(
                        FIELDS.contains(&(stream, field.as_str())),
                        "{place}: {stream} would write {field}"
                    );
                }
            }
        }
        assert!(n_events > 10, "only {n_events} events were found");
    }
}
