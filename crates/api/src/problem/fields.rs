//! What is wrong with single fields of a body.

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use super::Problem;

macro_rules! field_codes {
    ($($name:ident $wire:literal $doc:literal,)*) => {
        /// What is wrong with one field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum FieldCode { $(#[doc = $doc] $name,)* }

        /// What this program does not know yet is read as `invalid`; the detail still says what it is.
        impl<'de> Deserialize<'de> for FieldCode {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Ok(match &*text { $($wire => Self::$name,)* _ => Self::Invalid })
            }
        }
    };
}

field_codes! {
    Missing      "missing"       "The field has to be there.",
    UnknownField "unknown_field" "There is no such field.",
    Invalid      "invalid"       "The value has the wrong type or form.",
    Blank        "blank"         "Nothing but white space.",
    TooShort     "too_short"     "Fewer characters than allowed.",
    TooLong      "too_long"      "More characters than allowed.",
    TooWeak      "too_weak"      "A password that is easily guessed.",
    Common       "common"        "A password from the list of common ones.",
    LikeIdentity "like_identity" "A password like the person's own name or address.",
    Reserved     "reserved"      "A name the service keeps for itself.",
    Taken        "taken"         "Somebody else has it.",
    Incorrect    "incorrect"     "It is not the right one.",
    Unchanged    "unchanged"     "It is the same as before.",
}

/// What is wrong with one field of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What is wrong.
    pub code: FieldCode,
    /// One sentence that says what to do.
    pub detail: String,
}

impl Problem {
    /// A body that does not deserialise, with the pointer at the place.
    pub(crate) fn misfit(path: &serde_path_to_error::Path, message: &str) -> Self {
        use serde_path_to_error::Segment;
        use std::fmt::Write;
        let mut pointer = String::new();
        for segment in path {
            match segment {
                Segment::Seq { index } => {
                    let _ = write!(pointer, "/{index}");
                }
                Segment::Map { key } => push_token(&mut pointer, key),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
        }
        let code = if message.starts_with("unknown field") {
            FieldCode::UnknownField
        } else if message.starts_with("missing field") {
            FieldCode::Missing
        } else {
            FieldCode::Invalid
        };
        // serde stops at the parent of a field that is not there.
        if code == FieldCode::Missing
            && let Some(name) = message.split('`').nth(1)
        {
            push_token(&mut pointer, name);
        }
        let detail = match code {
            FieldCode::Missing => "This field is missing.".to_owned(),
            FieldCode::UnknownField => "There is no such field.".to_owned(),
            _ => format!("Expected another kind of value: {message}."),
        };
        Self::fields(vec![FieldError { pointer, code, detail }])
    }
}

fn push_token(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}
