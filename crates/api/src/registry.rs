//! Tokens for the container registry that belongs to the service (CNCF distribution, token authentication).
//!
//! Outside of the typed contract, because others wrote that contract: the key comes by HTTP Basic or in a form, scopes
//! are repeated, and whether somebody may do anything at all is said by the token, not by the status.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    common::{Caller, Credential, RateLimit},
    problem::ApiResult,
    wire::Secret,
};

/// Where registries send their clients.
pub const REGISTRY_TOKEN_PATH: &str = "/registry/token";

/// How long a token lasts, in seconds.
pub const REGISTRY_TOKEN_SECONDS: u32 = 5 * 60;

/// Scopes that are looked at in one request, and parameters they come in. Docker asks for a handful.
pub const MAX_REGISTRY_SCOPES: usize = 32;

/// What a registry's client asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegistryRequest {
    /// The user name that came with the key.
    pub username: String,
    /// The registry the token is to be made out to.
    pub service: Option<String>,
    /// Each as in `repository:ada/hello:pull,push`, or several with spaces between them; none where somebody only signs
    /// in.
    pub scopes: Vec<String>,
}

/// A token for the registry.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RegistryToken {
    /// The token: a JSON Web Token (RFC 7519) signed with ES256.
    pub token: Secret,
    /// The same, as OAuth 2.0 names it.
    pub access_token: Secret,
    /// Seconds it lasts.
    pub expires_in: u32,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// How often the key may be used: for the head of the answer.
    #[serde(skip)]
    pub rate_limit: Option<RateLimit>,
}

/// Makes tokens for the registry.
#[async_trait::async_trait]
pub trait RegistryTokens: Send + Sync {
    /// A token that allows what was asked for and is allowed. The key is a named API key, or a password that was made for
    /// a session. Answers `unauthenticated` where it is none, has not the scope `registry`, has ended with its session, or
    /// belongs to somebody else than the user name says; `invalid_parameter` where the token is
    /// to be made out to another registry, or too much is asked for; and `not_found` where no registry belongs to the
    /// service.
    async fn issue_registry_token(
        &self,
        caller: &Caller,
        key: &Credential,
        request: RegistryRequest,
    ) -> ApiResult<RegistryToken>;
}
