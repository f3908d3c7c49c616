//! Rows of any table.
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What a column has, in the words both engines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Bytes,
    Number,
    Truth,
    Text,
}

/// What a column of a row has, or that it has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
    Number(Option<i64>),
    Truth(Option<bool>),
    Text(Option<String>),
}

pub(super) type Row = Vec<Value>;

impl Kind {
    /// By PostgreSQL's name of the type.
    pub(super) fn named(name: &str) -> sqlx::Result<Self> {
        Ok(match name {
            "uuid" => Self::Id,
            "bytea" => Self::Bytes,
            "bigint" => Self::Number,
            "boolean" => Self::Truth,
            "text" => Self::Text,
            other => return Err(sqlx::Error::TypeNotFound { type_name: other.to_owned() }),
        })
    }
}

/// Adds a row to a digest, each value with its length, so that no two rows read alike.
pub(super) fn feed(digest: &mut Sha256, row: &Row) {
    let mut value = |bytes: Option<&[u8]>| match bytes {
        Some(bytes) => {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
        None => digest.update(u64::MAX.to_le_bytes()),
    };
    for field in row {
        match field {
            Value::Id(id) => value(id.as_ref().map(|id| &id.as_bytes()[..])),
            Value::Bytes(bytes) => value(bytes.as_deref()),
            Value::Number(number) => value(number.map(i64::to_le_bytes).as_ref().map(|bytes| &bytes[..])),
            Value::Truth(truth) => value(truth.map(|truth| [u8::from(truth)]).as_ref().map(|bytes| &bytes[..])),
            Value::Text(text) => value(text.as_deref().map(str::as_bytes)),
        }
    }
}

/// Binds a value to a query of any engine.
macro_rules! bind {
    ($query:expr, $value:expr) => {
        match $value {
            Value::Id(value) => $query.bind(*value),
            Value::Bytes(value) => $query.bind(value.as_deref()),
            Value::Number(value) => $query.bind(*value),
            Value::Truth(value) => $query.bind(*value),
            Value::Text(value) => $query.bind(value.as_deref()),
        }
    };
}

/// Reads a row of any engine.
macro_rules! read {
    ($row:expr, $table:expr) => {{
        let (row, table): (_, &Table) = ($row, $table);
        let fields = table.columns.iter().enumerate().map(|(place, (_, kind))| {
            Ok(match kind {
                Kind::Id => Value::Id(row.try_get(place)?),
                Kind::Bytes => Value::Bytes(row.try_get(place)?),
                Kind::Number => Value::Number(row.try_get(place)?),
                Kind::Truth => Value::Truth(row.try_get(place)?),
                Kind::Text => Value::Text(row.try_get(place)?),
            })
        });
        fields.collect::<sqlx::Result<Row>>()
    }};
}

pub(super) use {bind, read};
