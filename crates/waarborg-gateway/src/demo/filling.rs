//! Fills a JSON Schema with the surrogates that the demonstration model saw.

use serde_json::{Map, Number, Value};

const DEEPEST: usize = 8;

/// A value that fits `schema`; its strings are the surrogates in turn, else `otherwise`.
pub(super) fn fill(schema: &Value, surrogates: &[String], otherwise: &str) -> Value {
    let mut left = surrogates.iter().cycle().map(String::as_str);
    fill_level(
        schema,
        schema,
        &mut || left.next().unwrap_or(otherwise).to_owned(),
        DEEPEST,
    )
}

fn fill_level(
    schema: &Value,
    root: &Value,
    next: &mut dyn FnMut() -> String,
    levels: usize,
) -> Value {
    let Some(levels) = levels.checked_sub(1) else {
        return Value::Null;
    };
    if let Some(target) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|path| path.strip_prefix('#'))
    {
        return root
            .pointer(target)
            .map_or(Value::Null, |schema| fill_level(schema, root, next, levels));
    }
    if let Some(value) = schema.get("const").or_else(|| schema.get("enum")?.get(0)) {
        return value.clone();
    }
    if let Some(first) = schema
        .get("anyOf")
        .or_else(|| schema.get("oneOf"))
        .and_then(|options| options.get(0))
    {
        return fill_level(first, root, next, levels);
    }
    match type_of(schema) {
        "object" => {
            let members = schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten();
            let filled =
                members.map(|(key, schema)| (key.clone(), fill_level(schema, root, next, levels)));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        "array" => {
            let items = schema
                .get("items")
                .map(|schema| fill_level(schema, root, next, levels));
            Value::Array(items.into_iter().collect())
        }
        "integer" | "number" => schema
            .get("minimum")
            .cloned()
            .unwrap_or(Value::Number(Number::from(1))),
        "boolean" => Value::Bool(true),
        "null" => Value::Null,
        _ => Value::String(next()),
    }
}

fn type_of(schema: &Value) -> &str {
    let named = match schema.get("type") {
        Some(Value::String(name)) => Some(name.as_str()),
        Some(Value::Array(names)) => names.first().and_then(Value::as_str),
        _ => None,
    };
    named.unwrap_or(if schema.get("properties").is_some() {
        "object"
    } else {
        "string"
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_is_filled_with_what_was_seen() {
        let schema = json!({"type":"object","properties":{
            "naam":{"type":"string"},"leeftijd":{"type":"integer"},"lijst":{"type":"array","items":{"$ref":"#/$defs/x"}},
            "soort":{"enum":["a","b"]}},"$defs":{"x":{"type":["string","null"]}}});
        let seen = ["[PERSOON_41726]".to_owned(), "[EMAIL_12345]".to_owned()];
        assert_eq!(
            fill(&schema, &seen, "-"),
            json!({"naam":"[PERSOON_41726]","leeftijd":1,"lijst":["[EMAIL_12345]"],"soort":"a"})
        );
        assert_eq!(fill(&json!({}), &[], "-"), json!("-"));
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let schema = json!({"type":"object","properties":{"kind":{"$ref":"#"}}});
        assert!(fill(&schema, &[], "-").to_string().len() < 200);
    }
}
