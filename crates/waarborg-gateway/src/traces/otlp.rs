//! Spans in the JSON form of OpenTelemetry's protocol (OTLP 1.x over HTTP).

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::span::{Attribute, Span};

/// The document that a collector takes at `/v1/traces`.
pub(super) fn document(spans: &[Span]) -> Value {
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({"resourceSpans": [{
        "resource": {"attributes": [
            attribute("service.name", &Attribute::Word("waarborg")),
            attribute("service.version", &Attribute::Word(env!("CARGO_PKG_VERSION"))),
        ]},
        "scopeSpans": [{
            "scope": {"name": "waarborg.gateway", "version": env!("CARGO_PKG_VERSION")},
            "spans": spans,
        }],
    }]})
}

fn span(span: &Span) -> Value {
    let attributes = span.attributes.iter();
    let attributes: Vec<Value> = attributes
        .map(|(name, value)| attribute(name, value))
        .collect();
    // 0 says nothing of how it went, 2 that it failed.
    let status = if span.has_failed { 2 } else { 0 };
    let mut document = json!({
        "traceId": hexadecimal(&span.trace),
        "spanId": hexadecimal(&span.id),
        "name": span.name,
        "kind": span.kind as u8,
        "startTimeUnixNano": span.began_at_ns.to_string(),
        "endTimeUnixNano": span.ended_at_ns.to_string(),
        "attributes": attributes,
        "status": {"code": status},
    });
    if let (Some(parent), Some(members)) = (span.parent, document.as_object_mut()) {
        members.insert("parentSpanId".to_owned(), json!(hexadecimal(&parent)));
    }
    document
}

fn attribute(name: &str, value: &Attribute) -> Value {
    let value = match value {
        Attribute::Word(word) => json!({"stringValue": word}),
        Attribute::Name(name) => json!({"stringValue": name}),
        // Numbers of 64 bits are texts in this form.
        Attribute::Count(number) => json!({"intValue": number.to_string()}),
    };
    json!({"key": name, "value": value})
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
