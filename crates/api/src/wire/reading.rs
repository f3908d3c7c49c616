//! Reads JSON as strictly as the document describes it.
//!
//! serde by itself is laxer: it takes an array of values for an object, and null for an optional field that is absent.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
    forward_to_deserialize_any,
};

use crate::problem::{ErrorCode, Problem};

/// A whole body. 422 with a JSON pointer at the field that does not fit.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(Strict(&mut reader)).map_err(|e| {
        if e.inner().is_data() {
            Problem::misfit(e.path(), &e.inner().to_string())
        } else {
            Problem::new(ErrorCode::InvalidBody).detail(e.inner())
        }
    })?;
    reader.end().map_err(|e| Problem::new(ErrorCode::InvalidBody).detail(e))?;
    Ok(value)
}

/// For an optional field: absent is `None`, and null is read as a value of the type, which it seldom is. Where the type
/// is a struct, only an object is one.
pub(crate) fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(Strict(deserializer)).map(Some)
}

/// Takes an object, and nothing else, for a struct.
struct Strict<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{profile::ProfilePatch, sessions::SignIn};

    #[test]
    fn only_an_object_is_an_object_and_null_is_not_absent() {
        for (bad, pointer) in [
            (r#"["ada", "secret"]"#, ""),
            ("null", ""),
            (r#"{"login": "ada", "password": "secret", "client": ["curl"]}"#, "/client"),
            (r#"{"login": "ada", "password": "secret", "client": null}"#, "/client"),
            (r#"{"login": "ada", "password": "secret", "client": {"name": null}}"#, "/client/name"),
        ] {
            let refused = parse::<SignIn>(bad.as_bytes()).unwrap_err();
            let pointers: Vec<_> = refused.errors().iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(pointers, [pointer], "{bad}");
        }
        let good = parse::<SignIn>(br#"{"login": "ada", "password": "secret", "client": {"name": "curl"}}"#).unwrap();
        assert_eq!(good.client.unwrap().name.as_deref(), Some("curl"));
        assert!(parse::<ProfilePatch>(b"[]").is_err());
        assert_eq!(parse::<ProfilePatch>(br#"{"bio": null}"#).unwrap().bio, Some(None));
    }
}
