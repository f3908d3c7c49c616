//! What a schema is made of, whatever engine it is written for.
use std::collections::{BTreeMap, BTreeSet};

/// A table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    /// Type in SQLite's words, and whether it is always there.
    pub(crate) columns: BTreeMap<String, (String, bool)>,
    pub(crate) primary_key: (String, Vec<String>),
    pub(crate) uniques: BTreeMap<String, Vec<String>>,
    /// Columns, the other table, its columns; all go with it when it goes.
    pub(crate) foreign_keys: BTreeMap<String, (Vec<String>, String, Vec<String>)>,
    pub(crate) checks: BTreeSet<String>,
    /// Columns, and whether only some rows are in it.
    pub(crate) indexes: BTreeMap<String, (Vec<String>, bool)>,
}
