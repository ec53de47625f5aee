//! What a completion says of itself, which those who serve models write in ways of their own.

use serde_json::Value;

/// Whether a choice ended for this reason. Some write an empty one in every chunk of what goes on.
pub(crate) fn has_ended(finish_reason: &Value) -> bool {
    match finish_reason {
        Value::Null => false,
        Value::String(reason) => !reason.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_choice_ends_where_a_reason_is_told() {
        for (reason, expected) in [
            (Value::Null, false),
            (json!(""), false),
            (json!("stop"), true),
            (json!(1), true),
        ] {
            assert_eq!(has_ended(&reason), expected, "{reason}");
        }
    }
}
