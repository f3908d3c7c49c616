//! An account as its person sees it: what they were told, and what the service says.

use std::collections::{BTreeMap, BTreeSet};

use latchkey_api::{
    activity::{ActivityApi, ActivityQuery},
    api_keys::ApiKeysApi,
    common::{Caller, PageQuery},
    problem::{ApiResult, ErrorCode},
    profile::ProfileApi,
    sessions::SessionsApi,
    ssh_keys::SshKeysApi,
    two_factor::TwoFactorApi,
};
use latchkey_client::Client;

/// Everything of an account that a change can touch. Two of them are equal where nothing is missing and nothing is half
/// done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) api_keys: BTreeSet<String>,
    pub(crate) ssh_keys: BTreeSet<String>,
    pub(crate) avatar: bool,
    /// Backup codes left, where two-factor authentication is on.
    pub(crate) codes: Option<u32>,
    /// Open sessions.
    pub(crate) open: usize,
    /// Tokens of sessions and API keys the person was given, and whether they still work.
    pub(crate) tokens: BTreeMap<String, bool>,
    /// What is recorded, the oldest first.
    pub(crate) events: Vec<&'static str>,
}

impl Account {
    /// What the service says, seen from a session. Only tokens in `known` can be asked about.
    pub(crate) async fn read<'a>(
        client: &Client,
        me: &Caller,
        known: impl Iterator<Item = &'a String>,
    ) -> ApiResult<Self> {
        let all = || PageQuery { limit: Some(100), after: None };
        let profile = client.get_profile(me).await?.value;
        let two_factor = client.get_two_factor(me).await?;
        let api_keys = client.list_api_keys(me, all()).await?.items;
        let ssh_keys = client.list_ssh_keys(me, all()).await?.items;
        let open = client.list_sessions(me, all()).await?.items.len();
        let mut tokens = BTreeMap::new();
        for token in known {
            let works = match client.get_profile(&Caller::with_token(token)).await {
                Ok(_) => true,
                Err(refused) if refused.code().status() == http::StatusCode::UNAUTHORIZED => false,
                Err(failed) => return Err(failed),
            };
            tokens.insert(token.clone(), works);
        }
        Ok(Self {
            name: profile.name,
            api_keys: api_keys.into_iter().map(|key| key.name).collect(),
            ssh_keys: ssh_keys.into_iter().map(|key| key.name).collect(),
            avatar: profile.avatar.custom,
            codes: two_factor.enabled.then_some(two_factor.backup_codes_remaining),
            open,
            tokens,
            events: events(client, me).await?,
        })
    }
}

/// Kinds of all events, the oldest first.
pub(crate) async fn events(client: &Client, me: &Caller) -> ApiResult<Vec<&'static str>> {
    let (mut kinds, mut after) = (Vec::new(), None);
    loop {
        let page = client.list_events(me, ActivityQuery { limit: Some(100), after, category: None }).await?;
        kinds.extend(page.items.iter().map(|event| event.kind.as_str()));
        after = page.next;
        if after.is_none() {
            kinds.reverse();
            return Ok(kinds);
        }
    }
}

/// Whether a refusal says that there is no such person, or session, any more.
pub(crate) fn is_gone(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Unauthenticated | ErrorCode::SessionClosed | ErrorCode::InvalidCredentials)
}
