//! The session of an account that is signed in on this computer, whether or not it is the one in the window.

use latchkey_api::{
    common::Caller,
    desktop::{AccountArgs, Failure, Place, ShellCode},
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_client::Client;

use crate::{
    error::{ends_session, failure, refused},
    places::AccountKey,
    state::AppState,
};

/// How to act for an account that was meant, while the person may go to another one.
pub struct SavedSession {
    /// The account.
    pub key: AccountKey,
    client: Client,
    token: Secret,
}

impl SavedSession {
    /// The session of an account. Answers `unauthenticated` where it is not signed in here any more.
    pub async fn of(app: &AppState, account: AccountArgs) -> Result<Self, Failure> {
        Self::of_key(app, AccountKey { place: account.place, username: account.username }).await
    }

    /// [`SavedSession::of`], by the account's name on this computer.
    pub(crate) async fn of_key(app: &AppState, key: AccountKey) -> Result<Self, Failure> {
        if let Some(ticket) = app.session.ticket().filter(|ticket| ticket.key == key) {
            return Ok(Self { key, client: ticket.client, token: ticket.token });
        }
        let (place, token) = saved(app, &key).await?;
        let client = app.parts.connector.connect(&place).await?;
        Ok(Self { key, client, token })
    }

    /// Calls the service for the account. What is answered must not enter the page: it may show another account.
    ///
    /// If the session is over, its token is wiped, and a window that shows the account lands on the sign-in screen.
    pub async fn call<T, F>(&self, app: &AppState, call: impl FnOnce(Client, Caller) -> F) -> Result<T, Failure>
    where
        F: Future<Output = ApiResult<T>>,
    {
        let problem = match call(self.client.clone(), Caller::with_token(self.token.expose())).await {
            Ok(answer) => return Ok(answer),
            Err(problem) => problem,
        };
        if let Some(reason) = ends_session(&problem) {
            let is_this = |ticket: &crate::session::Ticket| ticket.key == self.key && ticket.token == self.token;
            match app.session.ticket().filter(is_this) {
                Some(ticket) => app.end(&ticket, reason).await,
                None => app.forget_account(&self.key, &self.token).await,
            }
        }
        Err(refused(problem))
    }
}

/// Where an account is, and its token. Answers `unauthenticated` where it is not signed in here any more.
pub(crate) async fn saved(app: &AppState, key: &AccountKey) -> Result<(Place, Secret), Failure> {
    let gone = || {
        let detail = format!("{} is not signed in on this computer any more.", key.username);
        refused(Problem::new(ErrorCode::Unauthenticated).detail(detail))
    };
    let known = app.parts.places.known();
    let place = known.place(&key.place).filter(|_| known.has(key)).ok_or_else(gone)?;
    let token = app.parts.tokens.read(key).await;
    let token = token.map_err(|error| failure(ShellCode::KeychainUnavailable, error.to_string()))?;
    Ok((place.clone(), token.ok_or_else(gone)?))
}
