//! Passwords for the service's own registry: made for one session, and good for five minutes.

use std::time::Duration;

use latchkey_api::{
    credentials::{REGISTRY_PASSWORD_SECONDS, RegistryCredential},
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_store::{Account, NewRegistryPassword};

use crate::{
    environment::date_time,
    error::problem,
    gate::hold_enabled,
    identity_rules::username_key,
    person::Me,
    request_span::name_account,
    service::Service,
    tokens::{PresentedToken, Token, TokenKind},
};

const LIFE: Duration = Duration::from_secs(REGISTRY_PASSWORD_SECONDS as u64);

impl Service {
    /// Makes one for a session.
    pub(crate) async fn make_registry_password(&self, me: &Me, host: String) -> ApiResult<RegistryCredential> {
        let (account, now) = (me.account.account_id, self.environment().now());
        let token = Token::generate(TokenKind::RegistryPassword, account, self.environment());
        let expires_at = now.saturating_add(LIFE);
        let new = NewRegistryPassword {
            token_hash: token.hash(),
            session_id: me.session.session_id,
            created_at: now,
            expires_at,
        };
        match self.store().add_registry_password(account, new).await {
            Ok(true) => {}
            Ok(false) => return Err(Problem::new(ErrorCode::CredentialsNotAllowed)),
            Err(error) => return Err(self.closed_meanwhile(me, error).await),
        }
        Ok(RegistryCredential {
            host,
            username: me.account.username.clone(),
            password: Secret::new(token.expose()),
            expires_at: Some(date_time(expires_at)),
        })
    }

    /// Whose password it is, while it and the session it was made for last, by the policy of now. Which of these is not so
    /// is not told: then it is `refused`.
    pub(crate) async fn registry_password_account(
        &self,
        token: PresentedToken,
        username: &str,
        refused: impl Fn() -> Problem,
    ) -> ApiResult<Account> {
        let found = self.store().check_registry_password(token.account, &token.hash).await.map_err(problem)?;
        let found = found.inspect(|found| name_account(found.account.account_id));
        let found = found.filter(|found| username_key(username) == username_key(&found.account.username));
        let found = found.ok_or_else(&refused)?;
        hold_enabled(&found.account)?;
        let (session, now) = (self.within_policy(found.session), self.environment().now());
        if found.expires_at <= now || session.closed_at.is_some() || session.expires_at <= now {
            return Err(refused());
        }
        self.hold_two_factor(&found.account, false)?;
        Ok(found.account)
    }
}
