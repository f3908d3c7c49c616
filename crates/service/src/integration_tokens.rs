//! The tokens of a connection: sealed, opened, and got anew before they end, by one caller at a time.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use latchkey_api::{integrations::IntegrationFailure, problem::ApiResult, wire::Secret};
use latchkey_store::{AccountId, Integration, Micros, NewTokens};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    error::{internal, problem},
    integration_trouble::Trouble,
    providers::{ProviderError, ProviderSettings, Tokens},
    sealing::same_secret,
    service::Service,
};

/// What tokens are sealed for.
pub(crate) const PURPOSE: &str = "integration";

/// Tokens that end within this time are replaced before they are used.
const SOON: Duration = Duration::from_mins(5);

/// A token that could not be replaced serves on while it is good for so long.
pub(crate) const STILL_GOOD: Duration = Duration::from_mins(1);

/// How long somebody has to get new tokens before another one may.
const LEASE: Duration = Duration::from_secs(30);

/// How long the provider has to answer: less than the lease, so that two never ask with the same token.
const ANSWER: Duration = Duration::from_secs(20);

/// The pauses between two looks whether another node is done, the shortest and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// How often new tokens are tried to be kept. The old ones may be worth nothing by then.
const KEEPING: u32 = 5;

/// Tokens as they are sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeptTokens {
    pub(crate) access_token: Secret,
    pub(crate) refresh_token: Option<Secret>,
}

/// Tokens as they came, with the moment they end at.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) tokens: KeptTokens,
    pub(crate) expires_at: Option<i64>,
    pub(crate) scopes: Option<Vec<String>>,
}

type Refresh = Shared<BoxFuture<'static, Result<Integration, Trouble>>>;

/// Whose connection, and which of its tokens are to be replaced.
type Generation = (AccountId, Uuid, i64);

/// Tokens that are being got just now, by this node.
#[derive(Default)]
pub(crate) struct Refreshes(Mutex<HashMap<Generation, Refresh>>);

impl Refreshes {
    /// What becomes of a refresh: of the one that is under way, or of the one that `begin` begins.
    fn join(&self, of: Generation, begin: impl FnOnce() -> Refresh) -> Refresh {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(of).or_insert_with(begin).clone()
    }

    fn done(&self, of: &Generation) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(of);
    }
}

/// Takes a refresh off the list, however it ends.
struct UnderWay(Service, Generation);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.shared.connections.refreshes.done(&self.1);
    }
}

impl KeptTokens {
    /// What is revoked where another token of the same person stays in use: a provider may take a refresh token for the
    /// whole of what they granted (RFC 7009 section 2.1).
    pub(crate) fn without_the_grant(self) -> Self {
        Self { refresh_token: None, ..self }
    }
}

impl Arrived {
    pub(crate) fn new(tokens: Tokens, now: Micros) -> Self {
        let Tokens { access_token, refresh_token, expires_in, scopes } = tokens;
        let ends = |seconds: u32| now.saturating_add(Duration::from_secs(seconds.into())).0;
        Self { tokens: KeptTokens { access_token, refresh_token }, expires_at: expires_in.map(ends), scopes }
    }
}

impl Service {
    pub(crate) async fn seal_tokens(&self, account: AccountId, tokens: &KeptTokens) -> ApiResult<Vec<u8>> {
        let json = Zeroizing::new(serde_json::to_vec(tokens).map_err(|error| internal(&error))?);
        self.seal(PURPOSE, account, &json).await
    }

    /// Opens the tokens. That there is no key is ours; that they do not open with it is a failure of the connection.
    pub(crate) async fn open_tokens(&self, account: AccountId, sealed: &[u8]) -> Result<KeptTokens, Trouble> {
        self.sealing_ready().await?;
        let unreadable = || Trouble::Failure(IntegrationFailure::Unreadable);
        let json = self.unseal(PURPOSE, account, sealed).await.map_err(|_| unreadable())?;
        serde_json::from_slice(&json).map_err(|_| unreadable())
    }

    /// Tokens to ask with, with the connection they are of: new ones where the old ones end soon and can be replaced.
    pub(crate) async fn fresh_tokens(
        &self,
        account: AccountId,
        row: Integration,
        at: &ProviderSettings,
    ) -> Result<(Integration, KeptTokens), Trouble> {
        let now = self.environment().now();
        let ends_within = |span| row.expires_at.is_some_and(|end| end <= now.saturating_add(span));
        let tokens = self.open_tokens(account, &row.sealed).await?;
        if !ends_within(SOON) {
            return Ok((row, tokens));
        }
        if tokens.refresh_token.is_none() {
            if ends_within(Duration::ZERO) {
                return Err(Trouble::Failure(IntegrationFailure::Revoked));
            }
            return Ok((row, tokens));
        }
        match self.new_tokens(account, &row, at).await {
            Ok(new) => Ok(new),
            // Whoever cannot be reached, is full or busy: the old ones serve on, as long as they do.
            Err(Trouble::Failure(IntegrationFailure::Unreachable) | Trouble::TooOften(_) | Trouble::Ours(_))
                if !ends_within(STILL_GOOD) =>
            {
                Ok((row, tokens))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// New tokens in the place of those of this row. Of all that ask at once, one asks the provider, and the others are
    /// told what came of it.
    pub(crate) async fn new_tokens(
        &self,
        account: AccountId,
        row: &Integration,
        at: &ProviderSettings,
    ) -> Result<(Integration, KeptTokens), Trouble> {
        let of = (account, row.integration_id, row.generation);
        let refresh = self.shared.connections.refreshes.join(of, || self.begin_refresh(of, row.clone(), at.clone()));
        let row = refresh.await?;
        let tokens = self.open_tokens(account, &row.sealed).await?;
        Ok((row, tokens))
    }

    /// In a task of its own: whoever asked may go away, and the tokens that came must not get lost.
    fn begin_refresh(&self, of: Generation, row: Integration, at: ProviderSettings) -> Refresh {
        let service = self.clone();
        let under_way = UnderWay(self.clone(), of);
        let task = self.undisturbed(&row.host.clone(), async move {
            let _under_way = under_way;
            service.refresh(of, row, &at).await
        });
        async move { task.await.unwrap_or_else(|problem| Err(problem.into())) }.boxed().shared()
    }

    async fn refresh(
        &self,
        (account, id, generation): Generation,
        row: Integration,
        at: &ProviderSettings,
    ) -> Result<Integration, Trouble> {
        let Some(refresh_token) = self.open_tokens(account, &row.sealed).await?.refresh_token else {
            return Err(Trouble::Failure(IntegrationFailure::Revoked));
        };
        let until = match self.take_turn(account, id, generation).await? {
            Turn::Ours(until) => until,
            Turn::Done(row) => return Ok(*row),
        };
        let answer = tokio::time::timeout(ANSWER, self.environment().providers.refresh(at, &refresh_token)).await;
        match answer.unwrap_or_else(|_| Err(ProviderError::Unreachable("no answer in time".into()))) {
            Ok(tokens) => {
                let mut arrived = Arrived::new(tokens, self.environment().now());
                // RFC 6749 section 6: without a new one, the old one stays good.
                arrived.tokens.refresh_token.get_or_insert(refresh_token);
                self.keep_new_tokens(account, &row, at, arrived).await
            }
            Err(error) => {
                tracing::warn!(%error, integration = %id, "tokens could not be refreshed");
                self.store().release_tokens(account, id, generation, until).await.map_err(problem)?;
                Err(error.into())
            }
        }
    }

    /// Waits until it is our turn to ask, or somebody else has the tokens.
    async fn take_turn(&self, account: AccountId, id: Uuid, generation: i64) -> Result<Turn, Trouble> {
        let (mut pause, mut waited) = (PAUSES.0, Duration::ZERO);
        loop {
            let now = self.environment().now();
            let until = now.saturating_add(LEASE);
            if self.store().lease_tokens(account, id, generation, now, until).await.map_err(problem)? {
                return Ok(Turn::Ours(until));
            }
            let row = self.store().get_integration(account, id).await.map_err(problem)?.ok_or(Trouble::Gone)?;
            if row.generation != generation {
                return Ok(Turn::Done(Box::new(row)));
            }
            // Longer than the other one's lease: its clock, or ours, is wrong.
            if waited > LEASE {
                return Err(Trouble::Failure(IntegrationFailure::Unreachable));
            }
            tokio::time::sleep(pause).await;
            waited += pause;
            pause = PAUSES.1.min(pause * 2);
        }
    }

    /// Keeps tokens that came, before anything else is done with them: the ones before may be worth nothing any more.
    async fn keep_new_tokens(
        &self,
        account: AccountId,
        row: &Integration,
        at: &ProviderSettings,
        arrived: Arrived,
    ) -> Result<Integration, Trouble> {
        let (id, generation) = (row.integration_id, row.generation);
        let new = NewTokens {
            sealed: self.seal_tokens(account, &arrived.tokens).await?,
            refreshable: arrived.tokens.refresh_token.is_some(),
            expires_at: arrived.expires_at.map(Micros),
            scopes: arrived.scopes.map(|scopes| scopes.join(" ")),
        };
        let (mut pause, mut tries) = (PAUSES.0, 1);
        let kept = loop {
            match self.store().replace_tokens(account, id, generation, new.clone()).await {
                Ok(kept) => break kept,
                Err(error) if tries == KEEPING => return Err(problem(error).into()),
                Err(error) => tracing::error!(%error, integration = %id, "new tokens are not kept yet"),
            }
            tokio::time::sleep(pause).await;
            (pause, tries) = (PAUSES.1.min(pause * 2), tries + 1);
        };
        if let Some(row) = kept {
            return Ok(row);
        }
        let row = self.store().get_integration(account, id).await.map_err(problem)?;
        // A try that was told to have failed may have kept them all the same.
        if let Some(row) = row.as_ref().filter(|row| same_secret(&row.sealed, &new.sealed)) {
            return Ok(row.clone());
        }
        // Disconnected or connected anew meanwhile: these tokens are nobody's.
        self.revoke_unwanted(account, at.clone(), arrived.tokens);
        row.ok_or(Trouble::Gone)
    }
}

/// Whose turn it is to get new tokens.
enum Turn {
    /// Ours, until then.
    Ours(Micros),
    /// Nobody's: there are new ones.
    Done(Box<Integration>),
}
