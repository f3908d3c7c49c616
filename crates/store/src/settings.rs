//! Values that belong to the whole server, such as its id.
use crate::{
    Store,
    engine::{in_tx, on_pool},
    error::Result,
};

const GET: &str = "SELECT value FROM instance_settings WHERE name = $1";
const ADD: &str = "INSERT INTO instance_settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

impl Store {
    /// The setting of this name.
    pub async fn get_setting(&self, name: &str) -> Result<Option<String>> {
        on_pool!(self, |c| Ok(sqlx::query_scalar(GET).bind(name).fetch_optional(c).await?))
    }

    /// Stores a setting unless there is one of this name, and answers what is stored now: of several
    /// callers all get the value of the first.
    pub async fn put_setting_if_absent(&self, name: &str, value: &str) -> Result<String> {
        let (name, value) = (name.to_owned(), value.to_owned());
        in_tx!(self, |c| {
            sqlx::query(ADD).bind(&name).bind(&value).execute(&mut *c).await?;
            Ok(sqlx::query_scalar(GET).bind(&name).fetch_one(&mut *c).await?)
        })
    }
}
