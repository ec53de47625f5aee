//! The sealed form of a turn: what the person sees, what the model saw, and what the person waived.

use serde_json::{Value, json};
use waarborg_detect::Kind;
use waarborg_domain::prompt::Waived;

pub(super) struct Content {
    pub(super) text: String,
    pub(super) as_sent: String,
    pub(super) waived: Vec<(Kind, String)>,
}

pub(super) fn write(text: &str, as_sent: &str, waived: &Waived) -> String {
    let waived: Vec<Value> = waived
        .values
        .iter()
        .map(|(kind, value)| json!([kind.label(), value]))
        .collect();
    json!({"text": text, "as_sent": as_sent, "waived": waived}).to_string()
}

pub(super) fn read(sealed: &str) -> Content {
    let value: Value = serde_json::from_str(sealed).unwrap_or_default();
    let part = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let pair = |pair: &Value| {
        let kind = Kind::parse(pair.get(0)?.as_str()?)?;
        Some((kind, pair.get(1)?.as_str()?.to_owned()))
    };
    let waived = value
        .get("waived")
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(pair).collect());
    Content {
        text: part("text"),
        as_sent: part("as_sent"),
        waived: waived.unwrap_or_default(),
    }
}

/// A sealed turn with every value in it mended, where `mend` finds something to mend.
pub(super) fn corrected(sealed: &str, mend: impl Fn(&str) -> Option<String>) -> Option<String> {
    let content = read(sealed);
    let text = mend(&content.text);
    let as_sent = mend(&content.as_sent);
    if text.is_none() && as_sent.is_none() {
        return None;
    }
    let mut waived = Waived::default();
    for (kind, value) in content.waived {
        let value = mend(&value).unwrap_or(value);
        waived.values.insert((kind, value));
    }
    let text = text.unwrap_or(content.text);
    Some(write(&text, &as_sent.unwrap_or(content.as_sent), &waived))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_read_back() {
        let mut waived = Waived::default();
        waived.values.insert((Kind::Person, "Jan".into()));
        let content = read(&write("Ik ben Jan", "Ik ben [PERSOON_4]", &waived));
        assert_eq!(
            (content.text.as_str(), content.as_sent.as_str()),
            ("Ik ben Jan", "Ik ben [PERSOON_4]")
        );
        assert_eq!(content.waived, [(Kind::Person, "Jan".to_owned())]);
    }
}
