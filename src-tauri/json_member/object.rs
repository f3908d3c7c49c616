//! Where the members of an object stand in a JSON text.

use std::ops::Range;

use serde_json::Value;

use super::JsonError;

/// A member, by where it stands in the text.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// From the quotation mark before its name to the end of its value.
    pub(super) whole: Range<usize>,
    pub(super) value: Range<usize>,
}

/// An object, by where it stands in the text.
pub(super) struct Object {
    /// Behind the brace that opens it, and at the one that closes it.
    pub(super) inside: Range<usize>,
    pub(super) members: Vec<Member>,
}

/// Where the outermost object begins. From here on the text is known to be JSON.
pub(super) fn root(text: &str) -> Result<usize, JsonError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(_)) => Ok(skip_space(text.as_bytes(), 0)),
        _ => Err(JsonError::NotAnObject),
    }
}

pub(super) fn find<'a>(object: &'a Object, name: &str) -> Result<Option<&'a Member>, JsonError> {
    let mut named = object.members.iter().filter(|member| member.name == name);
    match (named.next(), named.next()) {
        (found, None) => Ok(found),
        _ => Err(JsonError::Twice),
    }
}

pub(super) fn object(text: &str, member: &Member) -> Result<Object, JsonError> {
    if text.as_bytes().get(member.value.start) != Some(&b'{') {
        return Err(JsonError::OtherType);
    }
    members(text, member.value.start)
}

/// The members of the object that begins here.
pub(super) fn members(text: &str, open: usize) -> Result<Object, JsonError> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = skip_space(bytes, open + 1);
    while bytes.get(at) == Some(&b'"') {
        let name = at..skip_string(bytes, at);
        let colon = skip_space(bytes, name.end);
        let value = skip_space(bytes, colon + 1);
        let value = value..skip_value(bytes, value);
        at = skip_space(bytes, value.end);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
        let spelled = serde_json::from_str(&text[name.clone()]).map_err(|_| JsonError::NotAnObject)?;
        found.push(Member { name: spelled, whole: name.start..value.end, value });
    }
    Ok(Object { inside: open + 1..at.min(text.len()), members: found })
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}

pub(super) fn skip_string(bytes: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at + 1,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

fn skip_value(bytes: &[u8], begin: usize) -> usize {
    let (mut at, mut depth) = (begin, 0_usize);
    loop {
        match bytes.get(at) {
            Some(b'"') => at = skip_string(bytes, at),
            Some(b'{' | b'[') => (at, depth) = (at + 1, depth + 1),
            Some(b'}' | b']') => (at, depth) = (at + 1, depth.saturating_sub(1)),
            Some(_) => at += 1,
            None => return bytes.len(),
        }
        // A number or a word ends where something else begins.
        let ends = matches!(bytes.get(at), None | Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n'));
        let whole = matches!(bytes.get(begin), Some(b'"' | b'{' | b'['));
        if depth == 0 && (whole || ends) {
            return at;
        }
    }
}
