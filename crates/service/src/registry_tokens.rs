//! Tokens for the container registry that belongs to the service.

use chrono::Duration;
use latchkey_api::{
    common::{Caller, Credential},
    problem::{ApiResult, ErrorCode, Problem},
    registry::*,
    wire::Secret,
};
use serde::Serialize;

use crate::{
    environment::date_time,
    identity_rules::username_key,
    registry_scopes::{Access, granted},
    service::Service,
};

/// How much a registry's clock may be behind.
const BEHIND: Duration = Duration::seconds(60);

/// The claims of a token (CNCF distribution, token authentication implementation). Times are whole seconds.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: String,
    access: Vec<Access>,
}

#[async_trait::async_trait]
impl RegistryTokens for Service {
    async fn issue_registry_token(
        &self,
        caller: &Caller,
        key: &Credential,
        request: RegistryRequest,
    ) -> ApiResult<RegistryToken> {
        let settings = self.settings();
        let registry = settings.registry.as_ref().ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        let account = self.registry_account(caller, key, &request.username).await?;
        if request.service.is_some_and(|service| service != registry.info.service) {
            let detail = format!("Tokens are made out to {} only.", registry.info.service);
            return Err(Problem::new(ErrorCode::InvalidParameter).detail(detail));
        }
        let access = granted(&request.scopes, &account.username, &registry.info.host)?;
        let issued_at = date_time(self.environment().now());
        let claims = Claims {
            iss: &registry.issuer,
            sub: &account.username,
            aud: &registry.info.service,
            exp: (issued_at + Duration::seconds(REGISTRY_TOKEN_SECONDS.into())).timestamp(),
            nbf: (issued_at - BEHIND).timestamp(),
            iat: issued_at.timestamp(),
            jti: self.environment().uuid().to_string(),
            access,
        };
        let token = Secret::new(self.sign(&claims).await?);
        Ok(RegistryToken { access_token: token.clone(), token, expires_in: REGISTRY_TOKEN_SECONDS, issued_at })
    }
}

impl Service {
    /// Whose key it is.
    async fn registry_account(&self, _: &Caller, _: &Credential, _: &str) -> ApiResult<latchkey_store::Account> {
        Err(Problem::new(ErrorCode::Unauthenticated))
    }
}
