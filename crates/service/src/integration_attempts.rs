//! Attempts to connect an account at a provider: how they begin and are given up. What one came to is kept sealed in it,
//! so that whatever breaks off in between, the next question goes on from there.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use latchkey_api::{
    instance::Provider,
    integrations::*,
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_store::{AccountId, IntegrationAttempt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    connect_request::{Asked, full},
    environment::date_time,
    error::{internal, problem},
    integration_providers::{called, word},
    integration_tokens::{Arrived, PURPOSE},
    integration_trouble::{reason, too_often, unavailable},
    person::Me,
    providers::{AuthorizationRequest, DeviceGrant, ProviderError, ProviderSettings},
    service::Service,
};

/// How long a browser has to come back.
const BROWSER: Duration = Duration::from_mins(10);

/// What a device authorisation may last, and how often may be asked, whatever the provider says: seconds.
const DEVICE_SECONDS: std::ops::RangeInclusive<u32> = 1..=3600;
const POLL_SECONDS: std::ops::RangeInclusive<u32> = 1..=60;

/// What an attempt needs to go on.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) flow: Flow,
    /// The tokens, once they came.
    pub(crate) arrived: Option<Arrived>,
}

/// What a flow needs to go on.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) enum Flow {
    Device { device_code: Secret },
    Code { state: Secret, code_verifier: Secret, redirect_uri: String },
}

/// A flow as it is stored.
pub(crate) const fn method_word(method: ConnectMethod) -> &'static str {
    match method {
        ConnectMethod::Device => "device",
        ConnectMethod::AuthorizationCode => "authorization_code",
    }
}

impl Service {
    pub(crate) async fn begin_to_connect(
        &self,
        me: &Me,
        provider: Provider,
        body: &Connect,
    ) -> ApiResult<ConnectionAttempt> {
        let account = me.account.account_id;
        let asked = self.asked(account, provider, body).await?;
        self.shared.throttle.integration_attempt(account, self.environment().now()).await?;
        // Before the provider is asked for what could not be kept.
        self.sealing_ready().await?;
        match asked.method {
            ConnectMethod::Device => self.begin_device(me, asked).await,
            ConnectMethod::AuthorizationCode => self.begin_code(me, asked).await,
        }
    }

    async fn begin_device(&self, me: &Me, asked: Asked) -> ApiResult<ConnectionAttempt> {
        let begun = self.environment().providers.start_device(&asked.at).await;
        let grant = begun.map_err(|error| not_begun(&asked.at, error))?;
        let DeviceGrant { device_code, user_code, verification_uri, verification_uri_complete, .. } = grant;
        let lasts = Duration::from_secs(within(grant.expires_in, &DEVICE_SECONDS).into());
        let interval = within(grant.interval, &POLL_SECONDS);
        let attempt = self.begin(me, &asked, Flow::Device { device_code }, lasts, interval).await?;
        Ok(ConnectionAttempt {
            user_code: Some(user_code),
            verification_uri: Some(verification_uri),
            verification_uri_complete,
            ..attempt
        })
    }

    async fn begin_code(&self, me: &Me, asked: Asked) -> ApiResult<ConnectionAttempt> {
        let random = || Secret::new(URL_SAFE_NO_PAD.encode(*Zeroizing::new(self.environment().bytes::<32>())));
        let (state, code_verifier) = (random(), random());
        let code_challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier.expose()));
        let redirect_uri = asked.redirect_uri.clone();
        let request = AuthorizationRequest {
            redirect_uri: &redirect_uri,
            state: state.expose(),
            code_challenge: &code_challenge,
        };
        let url = self.environment().providers.authorization_url(&asked.at, &request);
        let flow = Flow::Code { state, code_verifier, redirect_uri };
        let attempt = self.begin(me, &asked, flow, BROWSER, 0).await?;
        Ok(ConnectionAttempt { authorization_url: Some(url), ..attempt })
    }

    /// Keeps what was begun.
    async fn begin(
        &self,
        me: &Me,
        asked: &Asked,
        flow: Flow,
        lasts: Duration,
        interval: u32,
    ) -> ApiResult<ConnectionAttempt> {
        let (account, now) = (me.account.account_id, self.environment().now());
        let (provider, host) = (asked.at.provider, asked.at.host().to_owned());
        let wait = Duration::from_secs(interval.into());
        let new = IntegrationAttempt {
            attempt_id: self.environment().uuid(),
            provider: word(provider).into(),
            host: host.clone(),
            method: method_word(asked.method).into(),
            sealed: self.seal_attempt(account, &Kept { flow, arrived: None }).await?,
            reconnect: asked.reconnect,
            poll_seconds: interval.into(),
            next_poll_at: now.saturating_add(wait),
            expires_at: now.saturating_add(lasts),
        };
        let (id, expires_at) = (new.attempt_id, date_time(new.expires_at));
        match self.store().begin_attempt(account, me.session.session_id, new, now, MAX_INTEGRATIONS).await {
            Ok(true) => {}
            Ok(false) => return Err(full()),
            Err(error) => return Err(self.closed_meanwhile(me, error).await),
        }
        Ok(ConnectionAttempt {
            id,
            method: asked.method,
            provider,
            host,
            user_code: None,
            verification_uri: None,
            verification_uri_complete: None,
            authorization_url: None,
            interval,
            expires_at,
        })
    }

    pub(crate) async fn give_attempt_up(&self, me: &Me, id: Uuid) -> ApiResult<()> {
        self.end_attempt(me, id).await?.then_some(()).ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    /// Ends an attempt; tokens it came to are revoked. `false` where there is no such attempt of this session.
    pub(crate) async fn end_attempt(&self, me: &Me, id: Uuid) -> ApiResult<bool> {
        let account = me.account.account_id;
        let ended = self.store().end_attempt(account, me.session.session_id, id).await.map_err(problem)?;
        let Some(ended) = ended else { return Ok(false) };
        let kept = self.open_attempt(account, &ended).await.ok();
        if let Some(arrived) = kept.and_then(|kept| kept.arrived)
            && let Some(at) = self.configured_for(&ended)
        {
            self.revoke_unwanted(account, at, arrived.tokens);
        }
        Ok(true)
    }

    pub(crate) async fn seal_attempt(&self, account: AccountId, kept: &Kept) -> ApiResult<Vec<u8>> {
        let json = Zeroizing::new(serde_json::to_vec(kept).map_err(|error| internal(&error))?);
        self.seal(PURPOSE, account, &json).await
    }

    pub(crate) async fn open_attempt(&self, account: AccountId, attempt: &IntegrationAttempt) -> ApiResult<Kept> {
        let json = self.unseal(PURPOSE, account, &attempt.sealed).await?;
        serde_json::from_slice(&json).map_err(|error| internal(&error))
    }
}

fn within(number: u32, range: &std::ops::RangeInclusive<u32>) -> u32 {
    number.clamp(*range.start(), *range.end())
}

/// The provider did not begin a device authorisation.
fn not_begun(at: &ProviderSettings, error: ProviderError) -> Problem {
    tracing::warn!(%error, host = at.host(), "a device authorisation was not begun");
    match error {
        ProviderError::Unreachable(_) => unavailable(at.provider, at.host()),
        ProviderError::TooOften { retry_after } => too_often(at.provider, at.host(), retry_after),
        ProviderError::Revoked(said) | ProviderError::Refused(said) => {
            let (name, said) = (called(at.provider, at.host()), reason(&said));
            let detail = format!("{name} gave no code ({said}). Ask the System Administrator to look at its settings.");
            Problem::new(ErrorCode::ProviderUnavailable).detail(detail)
        }
    }
}
