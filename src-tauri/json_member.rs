//! A member of an object in a JSON text: put in and taken out again with everything else left as it is, byte for byte.
//!
//! The texts are configuration files of the person's: their order, indentation and line ends are theirs.

mod object;

use std::ops::Range;

use serde_json::Value;

use self::object::{Member, Object, find, members, object, root, skip_string};

/// Why a text is not changed, in a sentence that follows the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// It is no JSON, or no object.
    #[error("is not the JSON object it should be")]
    NotAnObject,
    /// What should be an object, or a text, in it is something else.
    #[error("has something in it that is not what it should be")]
    OtherType,
    /// The same member stands there twice.
    #[error("has the same member twice")]
    Twice,
}

/// The text of `section.name`. `None` where it is not there.
pub fn get(text: &str, section: &str, name: &str) -> Result<Option<String>, JsonError> {
    Ok(all(text, section)?.into_iter().find(|(member, _)| member == name).map(|(_, value)| value))
}

/// All texts in a section, in their order.
pub fn all(text: &str, section: &str) -> Result<Vec<(String, String)>, JsonError> {
    let Some(members) = find(&members(text, root(text)?)?, section)?.map(|member| object(text, member)).transpose()?
    else {
        return Ok(Vec::new());
    };
    let mut texts: Vec<(String, String)> = Vec::new();
    for member in members.members {
        if texts.iter().any(|(name, _)| *name == member.name) {
            return Err(JsonError::Twice);
        }
        match serde_json::from_str(&text[member.value]) {
            Ok(Value::String(value)) => texts.push((member.name, value)),
            _ => return Err(JsonError::OtherType),
        }
    }
    Ok(texts)
}

/// Sets `section.name` to a text. A section that is missing is made, at the end.
pub fn set(text: &str, section: &str, name: &str, value: &str) -> Result<String, JsonError> {
    let top = members(text, root(text)?)?;
    let value = quoted(value);
    let Some(inner) = find(&top, section)? else {
        let style = Style::of(text, &top, "\t");
        let (line, end) = style.one_deeper();
        let content = format!("{{{line}{}{}{value}{end}}}", quoted(name), style.colon);
        return Ok(insert(text, &top, &style, section, &content));
    };
    let inner = object(text, inner)?;
    if let Some(there) = find(&inner, name)? {
        return Ok(replaced(text, there.value.clone(), &value));
    }
    let unit = Style::of(text, &top, "\t").unit;
    Ok(insert(text, &inner, &Style::of(text, &inner, &unit), name, &value))
}

/// Takes `section.name` out. The section goes too where it was the last one in it and `with_section`.
pub fn remove(text: &str, section: &str, name: &str, with_section: bool) -> Result<String, JsonError> {
    let top = members(text, root(text)?)?;
    let Some(outer) = find(&top, section)? else { return Ok(text.to_owned()) };
    let inner = object(text, outer)?;
    let Some(there) = find(&inner, name)? else { return Ok(text.to_owned()) };
    if with_section && inner.members.len() == 1 {
        return Ok(without(text, &top, outer));
    }
    Ok(without(text, &inner, there))
}

/// Whether there is nothing in it.
pub fn is_empty(text: &str) -> bool {
    serde_json::from_str(text).is_ok_and(|value: Value| value.as_object().is_some_and(serde_json::Map::is_empty))
}

/// How the members of an object are laid out.
struct Style {
    /// Before a member: a line break and indentation, or nothing.
    before: String,
    /// Before the brace that closes it.
    end: String,
    /// Between name and value.
    colon: String,
    /// One step of indentation.
    unit: String,
}

impl Style {
    /// As the last member is laid out, so that a member that comes after it looks the same.
    fn of(text: &str, object: &Object, unit: &str) -> Self {
        let end = object.members.last().map_or(object.inside.start, |last| last.whole.end);
        let end = text[end..object.inside.end].to_owned();
        if let Some(last) = object.members.last() {
            let before = text[..last.whole.start].trim_end_matches([' ', '\t', '\r', '\n']).len();
            let before = text[before..last.whole.start].to_owned();
            let name = skip_string(text.as_bytes(), last.whole.start);
            let unit = before.rsplit_once('\n').map_or(String::new(), |(_, unit)| unit.to_owned());
            return Self { before, end, colon: text[name..last.value.start].to_owned(), unit };
        }
        let line = text[..object.inside.start].rsplit('\n').next().unwrap_or_default();
        let outer: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let end = if end.contains('\n') { end } else { format!("\n{outer}") };
        Self { before: format!("\n{outer}{unit}"), end, colon: ": ".to_owned(), unit: unit.to_owned() }
    }

    /// What stands before a member of an object in this one, and before its end.
    fn one_deeper(&self) -> (String, String) {
        if self.before.contains('\n') {
            (format!("{}{}", self.before, self.unit), self.before.clone())
        } else {
            (String::new(), String::new())
        }
    }
}

fn insert(text: &str, object: &Object, style: &Style, name: &str, value: &str) -> String {
    let member = format!("{}{}{}{value}", style.before, quoted(name), style.colon);
    match object.members.last() {
        Some(last) => replaced(text, last.whole.end..last.whole.end, &format!(",{member}")),
        None => replaced(text, object.inside.clone(), &format!("{member}{}", style.end)),
    }
}

/// The comma goes that came with it: the one before it, or the one behind the first.
fn without(text: &str, object: &Object, member: &Member) -> String {
    let at = object.members.iter().position(|other| other.whole == member.whole).unwrap_or_default();
    let gone = match (at.checked_sub(1).and_then(|at| object.members.get(at)), object.members.get(at + 1)) {
        (Some(before), _) => before.whole.end..member.whole.end,
        (None, Some(next)) => member.whole.start..next.whole.start,
        (None, None) => object.inside.clone(),
    };
    replaced(text, gone, "")
}

fn replaced(text: &str, at: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..at.start], &text[at.end..])
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECTION: &str = "credHelpers";

    #[test]
    fn a_member_looks_like_its_neighbours_and_leaves_no_trace() {
        for (before, after) in [
            ("{}", "{\n\t\"credHelpers\": {\n\t\t\"ghcr.io\": \"latchkey\"\n\t}\n}"),
            ("{\n}\n", "{\n\t\"credHelpers\": {\n\t\t\"ghcr.io\": \"latchkey\"\n\t}\n}\n"),
            (r#"{"auths":{}}"#, r#"{"auths":{},"credHelpers":{"ghcr.io":"latchkey"}}"#),
            (
                "{\n  \"auths\" : {\n    \"a\": {}\n  }\n}\n",
                "{\n  \"auths\" : {\n    \"a\": {}\n  },\n  \"credHelpers\" : {\n    \"ghcr.io\" : \"latchkey\"\n  }\n}\n",
            ),
            (
                "{\r\n\t\"x\": [1, {\"credHelpers\": 2}],\r\n\t\"y\": \"}\\\"\"\r\n}",
                "{\r\n\t\"x\": [1, {\"credHelpers\": 2}],\r\n\t\"y\": \"}\\\"\",\r\n\t\"credHelpers\": {\r\n\t\t\"ghcr.io\": \
                 \"latchkey\"\r\n\t}\r\n}",
            ),
        ] {
            assert_eq!(set(before, SECTION, "ghcr.io", "latchkey").unwrap(), after);
            assert_eq!(get(after, SECTION, "ghcr.io").unwrap().as_deref(), Some("latchkey"));
            let undone = remove(after, SECTION, "ghcr.io", true).unwrap();
            let same = if before.starts_with("{\n}") { "{}\n" } else { before };
            assert_eq!(undone, same);
        }
        // A section of the person's own.
        for before in [
            "{\n\t\"credHelpers\": {\n\t\t\"gcr.io\": \"gcloud\"\n\t},\n\t\"z\": null\n}",
            r#"{ "credHelpers" : { "gcr.io": "gcloud" }, "z":1.50 }"#,
        ] {
            let one = set(before, SECTION, "ghcr.io", "latchkey").unwrap();
            let two = set(&one, SECTION, "quay.io", "latchkey").unwrap();
            assert_eq!(all(&two, SECTION).unwrap().len(), 3);
            let one = remove(&two, SECTION, "ghcr.io", true).unwrap();
            assert_eq!(remove(&one, SECTION, "quay.io", true).unwrap(), before);
            let other = remove(&two, SECTION, "gcr.io", true).unwrap();
            assert_eq!(all(&other, SECTION).unwrap().len(), 2, "the first of several goes too: {other}");
        }
    }

    #[test]
    fn another_value_is_put_in_its_place_and_back() {
        let before = "{\"credHelpers\": {\"ghcr.io\":   \"pass\", \"a\": \"b\"}}";
        let ours = set(before, SECTION, "ghcr.io", "latchkey").unwrap();
        assert_eq!(ours, before.replace("pass", "latchkey"));
        assert_eq!(set(&ours, SECTION, "ghcr.io", "pass").unwrap(), before);
    }

    #[test]
    fn what_is_not_what_it_should_be_is_refused() {
        for (text, error) in [
            ("", JsonError::NotAnObject),
            ("[]", JsonError::NotAnObject),
            ("{\"a\": 1,}", JsonError::NotAnObject),
            ("// mine\n{}", JsonError::NotAnObject),
            ("{\"credHelpers\": []}", JsonError::OtherType),
            ("{\"credHelpers\": {\"a\": \"x\"}, \"credHelpers\": {}}", JsonError::Twice),
            ("{\"credHelpers\": {\"ghcr.io\": \"x\", \"ghcr.i\\u006f\": \"y\"}}", JsonError::Twice),
        ] {
            assert_eq!(set(text, SECTION, "ghcr.io", "latchkey"), Err(error), "{text}");
        }
        assert_eq!(all("{\"credHelpers\": {\"a\": 1}}", SECTION), Err(JsonError::OtherType));
        assert_eq!(all("{\"credHelpers\": {\"a\": \"1\", \"a\": \"1\"}}", SECTION), Err(JsonError::Twice));
        assert_eq!(all("{}", SECTION), Ok(Vec::new()));
        assert!(is_empty(" {\n} ") && !is_empty("{\"a\":1}") && !is_empty(""));
    }
}
