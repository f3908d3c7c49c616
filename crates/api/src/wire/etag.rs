//! Versions of what is answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A strong entity tag (RFC 9110 section 8.8.3), quotes included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, ts_rs::TS)]
#[serde(transparent)]
pub struct ETag(pub String);

impl ETag {
    /// The members of an `If-Match` or `If-None-Match` (RFC 9110 section 13.1): `*`, or tags with commas between them,
    /// weak ones with their `W/`. `None` where it is neither.
    pub fn list(text: &str) -> Option<Vec<&str>> {
        if text == "*" {
            return Some(vec![text]);
        }
        let (mut tags, mut rest) = (Vec::new(), text);
        loop {
            let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
            let inside = opaque.find('"')?;
            if !opaque[..inside].bytes().all(|byte| byte == b'!' || (b'#'..=b'~').contains(&byte)) {
                return None;
            }
            let (tag, after) = rest.split_at(rest.len() - opaque.len() + inside + 1);
            tags.push(tag);
            match after.trim_start_matches([' ', '\t']) {
                "" => return Some(tags),
                after => rest = after.strip_prefix(',')?.trim_start_matches([' ', '\t']),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_tags_are_read_as_http_writes_them() {
        assert_eq!(ETag::list("*"), Some(vec!["*"]));
        assert_eq!(ETag::list("\"a\""), Some(vec!["\"a\""]));
        assert_eq!(ETag::list("\"a,*,b\" ,\tW/\"\",\"c\""), Some(vec!["\"a,*,b\"", "W/\"\"", "\"c\""]));
        for bad in ["", "a", "\"", "\"a", "\"a\"b", "\"a\",", "\"a\" \"b\"", "\"a b\"", "w/\"a\"", "*, \"a\"", "\"ä\""]
        {
            assert_eq!(ETag::list(bad), None, "{bad}");
        }
    }
}
