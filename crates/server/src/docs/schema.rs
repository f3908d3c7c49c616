//! Schemas in words: the type of a value, the fields of an object, an example.

use serde_json::{Value, json};

use super::page::{escape, prose};

/// The name a `$ref` points at.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The schema behind a `$ref`, or the schema itself.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    referred(schema).map_or(schema, |name| &document["components"]["schemas"][name])
}

/// The type of a value as HTML: a word, a link to a named type, a list of constants.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return format!("<a href=\"#type-{name}\">{}</a>", escape(name));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().filter_map(Value::as_str).map(|value| format!("<code>{}</code>", escape(value)));
        return values.collect::<Vec<_>>().join(", ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => with_format(name, schema),
        Value::Array(names) => names
            .iter()
            .filter_map(Value::as_str)
            .map(|name| with_format(name, schema))
            .collect::<Vec<_>>()
            .join(" or "),
        _ => "bytes".to_owned(),
    }
}

fn with_format(name: &str, schema: &Value) -> String {
    match (name, schema["format"].as_str()) {
        ("null", _) => "null".to_owned(),
        ("string", Some("date-time")) => "time (RFC 3339)".to_owned(),
        ("string", Some("uuid")) => "UUID".to_owned(),
        _ => name.to_owned(),
    }
}

/// Bounds of a value, in words.
fn bounds(schema: &Value) -> String {
    let number = |name: &str| schema[name].as_u64();
    let range = |low: Option<u64>, high: Option<u64>, unit: &str| match (low.filter(|low| *low > 0), high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}")),
        (Some(low), None) => Some(format!("at least {low}{unit}")),
        (None, Some(high)) => Some(format!("at most {high}{unit}")),
        (None, None) => None,
    };
    let length = range(number("minLength"), number("maxLength"), " characters");
    let value = range(number("minimum"), number("maximum"), "");
    let all: Vec<String> = length.into_iter().chain(value).collect();
    if all.is_empty() { String::new() } else { format!("<small>{}</small>", all.join(", ")) }
}

/// A row of a table of fields or parameters.
pub(super) fn row(name: &str, place: Option<&str>, required: bool, schema: &Value, description: &str) -> String {
    let need = if required { "required" } else { "optional" };
    let place = place.map(|place| format!("<td>{place}</td>")).unwrap_or_default();
    format!(
        "<tr><th scope=\"row\"><code>{}</code></th>{place}<td>{}{}</td><td>{need}</td><td>{}</td></tr>",
        escape(name),
        kind(schema),
        bounds(schema),
        prose(description),
    )
}

/// The fields of an object as table rows; of an `allOf`, those of all its parts.
pub(super) fn fields(document: &Value, schema: &Value) -> String {
    let schema = resolve(document, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().rev().map(|part| fields(document, part)).collect();
    }
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    let members = schema["properties"].as_object().into_iter().flatten();
    members
        .map(|(name, field)| {
            let described = field["description"].as_str();
            let inner = field["oneOf"].as_array().into_iter().flatten().find_map(|one| one["description"].as_str());
            row(name, None, required(name), field, described.or(inner).unwrap_or_default())
        })
        .collect()
}

/// A value that fits a schema.
pub(super) fn example(document: &Value, schema: &Value) -> Value {
    let schema = resolve(document, schema);
    if let Some(parts) = schema["allOf"].as_array() {
        let members = parts.iter().rev().filter_map(|part| example(document, part).as_object().cloned()).flatten();
        return Value::Object(members.collect());
    }
    if let Some(first) = schema["oneOf"].as_array().and_then(|choices| choices.iter().find(|c| c["type"] != "null")) {
        return example(document, first);
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.first().cloned().unwrap_or_default();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"].get(0).and_then(Value::as_str)).unwrap_or_default();
    match (kind, schema["format"].as_str()) {
        ("string", Some("date-time")) => json!("2026-11-03T10:37:00Z"),
        ("string", Some("uuid")) => json!("019a4b7e-5d1c-7c3e-9f42-6b1d2a7c8e90"),
        ("string", _) => json!("…"),
        ("integer" | "number", _) => json!(schema["minimum"].as_u64().unwrap_or(1)),
        ("boolean", _) => json!(false),
        ("array", _) => json!([example(document, &schema["items"])]),
        ("object", _) => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(members.map(|(name, field)| (name.clone(), example(document, field))).collect())
        }
        _ => Value::Null,
    }
}
