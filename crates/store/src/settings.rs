//! Values that belong to the whole server, such as its id.
use crate::{
    Store,
    engine::{Scope, in_tx, on_pool, on_writer},
    error::Result,
};

const GET: &str = "SELECT value FROM instance_settings WHERE name = $1";
const ADD: &str = "INSERT INTO instance_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
pub(crate) const PUT: &str = "INSERT INTO instance_settings (name, value) VALUES ($1, $2) \
    ON CONFLICT (name) DO UPDATE SET value = excluded.value";
const REPLACE: &str = "UPDATE instance_settings SET value = $3 WHERE name = $1 AND value = $2";
const REMOVE: &str = "DELETE FROM instance_settings WHERE name = $1";
// What begins with a word and a dot lies between the dot and the character behind it.
const WITHIN: &str = "SELECT name, value FROM instance_settings WHERE name > $1 || '.' AND name < $1 || '/'";

impl Store {
    /// The setting of this name.
    pub async fn get_setting(&self, name: &str) -> Result<Option<String>> {
        on_pool!(self, |c| Ok(sqlx::query_scalar(GET).bind(name).fetch_optional(c).await?))
    }

    /// Stores a setting unless there is one of this name, and answers what is stored now: of several
    /// callers all get the value of the first.
    pub async fn put_setting_if_absent(&self, name: &str, value: &str) -> Result<String> {
        let (name, value) = (name.to_owned(), value.to_owned());
        in_tx!(self, Scope::Server, |c| {
            sqlx::query(ADD).bind(&name).bind(&value).execute(&mut *c).await?;
            Ok(sqlx::query_scalar(GET).bind(&name).fetch_one(&mut *c).await?)
        })
    }

    /// Stores a setting, whatever was stored before.
    pub async fn put_setting(&self, name: &str, value: &str) -> Result<()> {
        let (name, value) = (name.to_owned(), value.to_owned());
        on_writer!(self, |c| {
            sqlx::query(PUT).bind(&name).bind(&value).execute(c).await?;
            Ok(())
        })
    }

    /// Puts another value in the place of one, and stores other settings with it: all or nothing. `false` where the value is
    /// not the one that is named any more.
    pub async fn replace_setting(
        &self,
        name: &str,
        old: &str,
        new: &str,
        others: Vec<(&'static str, String)>,
    ) -> Result<bool> {
        let (name, old, new) = (name.to_owned(), old.to_owned(), new.to_owned());
        in_tx!(self, Scope::Server, |c| {
            let replaced = sqlx::query(REPLACE).bind(&name).bind(&old).bind(&new).execute(&mut *c).await?;
            if replaced.rows_affected() == 0 {
                return Ok(false);
            }
            for (name, value) in &others {
                sqlx::query(PUT).bind(name).bind(value).execute(&mut *c).await?;
            }
            Ok(true)
        })
    }

    /// Removes a setting; says whether there was one.
    pub async fn remove_setting(&self, name: &str) -> Result<bool> {
        let name = name.to_owned();
        on_writer!(self, |c| Ok(sqlx::query(REMOVE).bind(&name).execute(c).await?.rows_affected() == 1))
    }

    /// Names and values of all settings whose name begins with `section` and a dot.
    pub async fn settings_within(&self, section: &str) -> Result<Vec<(String, String)>> {
        on_pool!(self, |c| Ok(sqlx::query_as(WITHIN).bind(section).fetch_all(c).await?))
    }
}
