//! The repositories a connection reaches.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::instance::Provider;

/// Who can see a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Whoever is signed in there.
    Internal,
    /// Whoever was let in.
    Private,
}

/// A repository the connection reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Repository {
    /// Its whole name, as in `northwind/tools`.
    pub name: String,
    /// What it is about.
    #[schema(required)]
    pub description: Option<String>,
    /// Who can see it.
    pub visibility: Visibility,
    /// Its default branch; null where it is empty.
    #[schema(required)]
    pub default_branch: Option<String>,
    /// What `git clone` is given, over HTTPS.
    pub clone_url: String,
    /// Its page.
    pub web_url: String,
}

/// Which repositories of which connection.
#[derive(Clone, Debug, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct RepositoriesQuery {
    /// Which provider
    #[param(inline)]
    pub provider: Provider,
    /// Which connection; may be left out where there is one alone
    #[param(nullable = false)]
    pub id: Option<Uuid>,
    /// Only those with this in their name
    #[param(nullable = false, max_length = 100)]
    pub search: Option<String>,
    /// Rows a page, 1 to 100; 50 where nothing is said
    #[param(nullable = false, minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u8>,
    /// The `next` of the page before
    #[param(nullable = false, pattern = r"^[1-9][0-9]{0,5}$")]
    pub after: Option<String>,
}
