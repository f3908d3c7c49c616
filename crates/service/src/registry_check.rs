//! What the service asks of a container registry: whether it takes a user name and a password.

use latchkey_api::{container_registries::RegistryFailure, wire::Secret};

/// Credentials to try.
#[derive(Clone, Debug)]
pub struct RegistryCredentials<'a> {
    /// The normalised host, with the port where it is not the usual one.
    pub host: &'a str,
    /// The user name.
    pub username: &'a str,
    /// The password.
    pub password: &'a Secret,
}

/// Why a registry did not take them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryRefusal {
    /// What kind of reason.
    pub failure: RegistryFailure,
    /// One sentence for the person that says what to do, as in `ghcr.io refused these credentials. Check the token and
    /// try again.` It holds no secret.
    pub detail: String,
}

/// Asks container registries (OCI distribution specification, section "Determining Support", and the Basic and Bearer
/// challenges of CNCF distribution). Bounded in time and size.
#[async_trait::async_trait]
pub trait RegistryCheck: Send + Sync {
    /// Signs in at `GET /v2/`.
    async fn check(&self, credentials: &RegistryCredentials<'_>) -> Result<(), RegistryRefusal>;
}
