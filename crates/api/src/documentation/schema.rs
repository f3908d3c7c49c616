//! Schemas in words: the type of a value, the fields of an object.

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// A field of a body, or a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentedField {
    /// Its name.
    pub name: String,
    /// What kind of value it is, with code between back-ticks.
    pub kind: String,
    /// The named type in `kind`, where there is one.
    pub type_name: Option<String>,
    /// Whether it has to be there.
    pub required: bool,
    /// What it means, with code between back-ticks.
    pub about: String,
}

/// What bodies and answers are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentedType {
    /// Its name.
    pub name: String,
    /// What it is, with code between back-ticks.
    pub about: String,
    /// What kind of value it is, where it has no fields.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<DocumentedField>,
}

impl DocumentedField {
    /// Puts a schema into words.
    pub(super) fn of(name: &str, schema: &Value, required: bool, about: &str) -> Self {
        let bounds = bounds(schema).map(|bounds| format!(", {bounds}")).unwrap_or_default();
        Self {
            name: name.to_owned(),
            kind: kind(schema) + &bounds,
            type_name: named(schema).map(str::to_owned),
            required,
            about: about.to_owned(),
        }
    }
}

/// All named types of a document.
pub(super) fn types(document: &Value) -> Vec<DocumentedType> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let described = schemas.map(|(name, schema)| DocumentedType {
        name: name.clone(),
        about: schema["description"].as_str().unwrap_or_default().to_owned(),
        kind: kind(schema),
        fields: fields(document, schema),
    });
    described.collect()
}

/// The name a `$ref` points at.
pub(super) fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The fields of an object; of an `allOf`, those of all its parts.
pub(super) fn fields(document: &Value, schema: &Value) -> Vec<DocumentedField> {
    let schema = referred(schema).map_or(schema, |name| &document["components"]["schemas"][name]);
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().rev().flat_map(|part| fields(document, part)).collect();
    }
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    let members = schema["properties"].as_object().into_iter().flatten();
    let described = members.map(|(name, field)| {
        let inner = field["oneOf"].as_array().into_iter().flatten().find_map(|one| one["description"].as_str());
        let about = field["description"].as_str().or(inner).unwrap_or_default();
        DocumentedField::of(name, field, required(name), about)
    });
    described.collect()
}

/// The one named type in a schema.
fn named(schema: &Value) -> Option<&str> {
    let choices = || schema["oneOf"].as_array().into_iter().flatten();
    let items = || schema.get("items").and_then(named);
    referred(schema).or_else(|| choices().find_map(named)).or_else(items)
}

/// A word, the name of a type, a list of constants.
fn kind(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return name.to_owned();
    }
    let all = |schemas: &[Value]| schemas.iter().map(kind).collect::<Vec<_>>().join(" or ");
    if let Some(choices) = schema["oneOf"].as_array() {
        return all(choices);
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<_> = values.iter().filter_map(Value::as_str).map(|value| format!("`{value}`")).collect();
        return values.join(", ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => with_format(name, schema),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str).map(|name| with_format(name, schema));
            names.collect::<Vec<_>>().join(" or ")
        }
        _ => "bytes".to_owned(),
    }
}

fn with_format(name: &str, schema: &Value) -> String {
    match (name, schema["format"].as_str()) {
        ("null", _) => "null",
        ("string", Some("date-time")) => "time (RFC 3339)",
        ("string", Some("uuid")) => "UUID",
        ("string", Some("password")) => "secret string",
        _ => name,
    }
    .to_owned()
}

/// Bounds of a value, in words.
fn bounds(schema: &Value) -> Option<String> {
    let number = |name: &str| schema[name].as_u64();
    let range = |low: Option<u64>, high: Option<u64>, unit: &str| match (low.filter(|low| *low > 0), high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}")),
        (Some(low), None) => Some(format!("at least {low}{unit}")),
        (None, Some(high)) => Some(format!("at most {high}{unit}")),
        (None, None) => None,
    };
    let length = range(number("minLength"), number("maxLength"), " characters");
    length.or_else(|| range(number("minimum"), number("maximum"), ""))
}
