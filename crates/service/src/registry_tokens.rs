//! Tokens for the container registry that belongs to the service.

use chrono::Duration;
use latchkey_api::{
    common::{Caller, Credential, RateLimit},
    problem::{ApiResult, ErrorCode, Problem},
    registry::*,
    wire::Secret,
};
use latchkey_store::Account;
use serde::Serialize;

use crate::{
    environment::date_time,
    identity_rules::username_key,
    person::{Key, KeyHolder},
    registry_scopes::{Access, granted},
    service::Service,
    tokens::{self, TokenKind},
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
        let (account, rate_limit) = self.registry_account(caller, key, &request.username).await?;
        let known = |problem: Problem| problem.with(|members| members.rate_limit = rate_limit);
        if request.service.is_some_and(|service| service != registry.info.service) {
            let detail = format!("Tokens are made out to {} only.", registry.info.service);
            return Err(known(Problem::new(ErrorCode::InvalidParameter).detail(detail)));
        }
        let access = granted(&request.scopes, &account.username, &registry.info.host).map_err(known)?;
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
        let token = Secret::new(self.sign(&claims).await.map_err(known)?);
        let access_token = token.clone();
        Ok(RegistryToken { token, access_token, expires_in: REGISTRY_TOKEN_SECONDS, issued_at, rate_limit })
    }
}

impl Service {
    /// Whose key it is: a named one with the scope for the registry, that holds as it would at any other door.
    async fn registry_account(
        &self,
        caller: &Caller,
        key: &Credential,
        username: &str,
    ) -> ApiResult<(Account, Option<RateLimit>)> {
        let refused = |detail: &str| Problem::new(ErrorCode::Unauthenticated).detail(detail);
        let token = tokens::present(key.expose()).filter(|token| token.kind == TokenKind::ApiKey);
        let token =
            token.ok_or_else(|| refused("Sign in with your username and an API key that has the scope Registry."))?;
        let (KeyHolder { key, account }, rate_limit) = self.identify_key(token, caller).await?;
        let held = match key {
            _ if username_key(username) != username_key(&account.username) => {
                Err(refused("The username is not the one this API key belongs to."))
            }
            Key::Named(key) if key.scope_registry => self.hold_two_factor(&account, false),
            _ => Err(refused("This API key has not the scope Registry.")),
        };
        held.map_err(|problem| problem.with(|members| members.rate_limit = rate_limit))?;
        Ok((account, rate_limit))
    }
}
