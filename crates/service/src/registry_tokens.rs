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
    person::Key,
    registry_scopes::{Access, granted},
    service::Service,
    tokens::{self, TokenKind},
};

const REFUSED: &str = "Sign in with your username and an API key that has the scope Registry.";

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
    /// Whose key it is: a named one with the scope for the registry, that holds as it would at any other door; or whose
    /// password, of those that are made for the registry. Which of these is not so is not told, and whoever does not know
    /// the user name uses nothing of the key.
    async fn registry_account(
        &self,
        caller: &Caller,
        key: &Credential,
        username: &str,
    ) -> ApiResult<(Account, Option<RateLimit>)> {
        let refused = || Problem::new(ErrorCode::Unauthenticated).detail(REFUSED);
        let token = tokens::present(key.expose()).ok_or_else(refused)?;
        if token.kind == TokenKind::RegistryPassword {
            let account = self.registry_password_account(token, username, refused).await?;
            return Ok((account, None));
        }
        let holder = self.find_key(token).await?.ok_or_else(refused)?;
        if username_key(username) != username_key(&holder.account.username) {
            return Err(refused());
        }
        let rate_limit = self.hold_key(&holder, caller)?;
        let held = match &holder.key {
            Key::Named(key) if key.scope_registry => self.hold_two_factor(&holder.account, false),
            _ => Err(refused()),
        };
        held.map_err(|problem| problem.with(|members| members.rate_limit = rate_limit))?;
        Ok((holder.account, rate_limit))
    }
}
