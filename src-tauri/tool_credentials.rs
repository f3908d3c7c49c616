//! What tools sign in with: read from the service for an account that is signed in here, and kept in the keychain for a
//! while, so that a tool that asks often, or while there is no network, is answered all the same.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_api::{
    credentials::{CredentialsApi, GitCredential, GitCredentialRequest, RegistryCredential, RegistryCredentialRequest},
    desktop::{Failure, FailureCode},
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    helper_record::Tool,
    places::AccountKey,
    saved_session::{self, SavedSession},
    state::AppState,
};

/// How long a credential is used again without asking.
const FRESH: TimeDelta = TimeDelta::minutes(5);

/// How long it is used while the service cannot be reached.
const AT_MOST: TimeDelta = TimeDelta::days(1);

/// How long before its end it is not handed out any more.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// How long the service may take: somebody waits at a terminal.
const ANSWER: Duration = Duration::from_secs(20);

/// A credential as the keychain keeps it.
#[derive(Serialize, Deserialize)]
struct Kept<T> {
    read_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    credential: T,
}

impl<T> Kept<T> {
    /// Whether it was read no longer ago than that, and does not end just now. A clock that was set back makes it old.
    fn is_good(&self, now: DateTime<Utc>, since: TimeDelta) -> bool {
        let age = now - self.read_at;
        age >= TimeDelta::zero() && age < since && self.ends_at.is_none_or(|end| now + MARGIN < end)
    }
}

/// What `git` signs in with. `None` where nothing is connected for the host.
pub async fn for_git(
    app: &AppState,
    account: &AccountKey,
    request: GitCredentialRequest,
) -> Result<Option<GitCredential>, Failure> {
    let name = git_name(&request.host, request.username.as_deref());
    let ask = |whose: SavedSession| async move {
        whose
            .call(app, |client, caller| in_time(async move { client.get_git_credential(&caller, request).await }))
            .await
    };
    read(app, account, Tool::Git, &name, |credential: &GitCredential| Some(credential.expires_at), ask).await
}

/// What container tools sign in with. `None` where the registry is not authorised. A password that was made for this one
/// answer, as for the service's own registry, is not kept.
pub async fn for_registry(
    app: &AppState,
    account: &AccountKey,
    host: &str,
) -> Result<Option<RegistryCredential>, Failure> {
    let request = RegistryCredentialRequest { host: host.to_owned() };
    let ask = |whose: SavedSession| async move {
        whose
            .call(app, |client, caller| in_time(async move { client.get_registry_credential(&caller, request).await }))
            .await
    };
    let keep = |credential: &RegistryCredential| credential.expires_at.is_none().then_some(None);
    read(app, account, Tool::Containers, host, keep, ask).await
}

/// Lets go of what is kept of a credential that did not do.
pub async fn forget_git(app: &AppState, account: &AccountKey, host: &str, username: Option<&str>) {
    app.parts.credentials.forget(account, Tool::Git, &git_name(host, None)).await;
    if username.is_some() {
        app.parts.credentials.forget(account, Tool::Git, &git_name(host, username)).await;
    }
}

fn git_name(host: &str, username: Option<&str>) -> String {
    username.map_or_else(|| host.to_owned(), |username| format!("{username}@{host}"))
}

/// `keep` answers when a credential ends, if it is to be kept.
async fn read<T, F>(
    app: &AppState,
    account: &AccountKey,
    tool: Tool,
    name: &str,
    keep: impl Fn(&T) -> Option<Option<DateTime<Utc>>>,
    ask: impl FnOnce(SavedSession) -> F,
) -> Result<Option<T>, Failure>
where
    T: Serialize + DeserializeOwned,
    F: Future<Output = Result<T, Failure>>,
{
    // Asked at once: a keychain that does not answer is waited for once.
    let (session, kept) =
        tokio::join!(saved_session::saved(app, account), app.parts.credentials.read(account, tool, name));
    session?;
    let now = app.parts.clock.now();
    let is_kept = kept.is_some();
    let kept: Option<Kept<T>> = kept.and_then(|kept| serde_json::from_str(kept.expose()).ok());
    let kept = kept.filter(|kept| kept.is_good(now, AT_MOST));
    if is_kept && kept.is_none() {
        app.parts.credentials.forget(account, tool, name).await;
    }
    if kept.as_ref().is_some_and(|kept| kept.is_good(now, FRESH)) {
        return Ok(kept.map(|kept| kept.credential));
    }
    let asked = match SavedSession::of_key(app, account.clone()).await {
        Ok(whose) => ask(whose).await,
        Err(failure) => Err(failure),
    };
    match asked {
        Ok(credential) => {
            let Some(ends_at) = keep(&credential) else { return Ok(Some(credential)) };
            let kept = Kept { read_at: now, ends_at, credential };
            keep_while_signed_in(app, account, tool, name, &kept).await;
            Ok(Some(kept.credential))
        }
        Err(failure) if says_no(&failure) => {
            app.parts.credentials.forget(account, tool, name).await;
            if failure.code == ErrorCode::NotFound.into() { Ok(None) } else { Err(failure) }
        }
        Err(failure) => kept.map(|kept| Some(kept.credential)).ok_or(failure),
    }
}

/// One that comes when its account no longer is signed in here goes nowhere.
async fn keep_while_signed_in(
    app: &AppState,
    account: &AccountKey,
    tool: Tool,
    name: &str,
    kept: &Kept<impl Serialize>,
) {
    if let Ok(text) = serde_json::to_string(kept) {
        let text = Secret::new(text);
        let keep = app.parts.credentials.keep(account, tool, name, &text);
        app.parts.tokens.while_kept(account, keep).await;
    }
}

/// Whether the service was reached, and will not answer this.
fn says_no(failure: &Failure) -> bool {
    match failure.code {
        FailureCode::Api(code) => code.status().is_client_error() && code != ErrorCode::TooManyRequests,
        FailureCode::Shell(_) => false,
    }
}

async fn in_time<T>(call: impl Future<Output = ApiResult<T>>) -> ApiResult<T> {
    tokio::time::timeout(ANSWER, call).await.unwrap_or_else(|_| Err(Problem::new(ErrorCode::TimedOut)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::refused;

    #[test]
    fn what_is_kept_is_used_for_a_while_and_never_to_its_end() {
        let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(1000);
        let is_good = |age: TimeDelta, left: Option<TimeDelta>, since| {
            Kept { read_at: now - age, ends_at: left.map(|left| now + left), credential: () }.is_good(now, since)
        };
        let (seconds, hours) = (TimeDelta::seconds, TimeDelta::hours);
        assert!(is_good(seconds(299), None, FRESH) && !is_good(seconds(300), None, FRESH));
        assert!(is_good(hours(23), None, AT_MOST) && !is_good(hours(24), None, AT_MOST));
        assert!(is_good(seconds(1), Some(seconds(61)), FRESH) && !is_good(seconds(1), Some(seconds(60)), FRESH));
        assert!(!is_good(seconds(-1), None, AT_MOST), "from the future");
    }

    #[test]
    fn trouble_on_the_way_is_no_answer() {
        let code = |code: ErrorCode| refused(Problem::new(code));
        for no in [
            ErrorCode::NotFound,
            ErrorCode::CredentialsNotAllowed,
            ErrorCode::ConnectionBroken,
            ErrorCode::SessionClosed,
        ] {
            assert!(says_no(&code(no)), "{no}");
        }
        for trouble in [
            ErrorCode::Offline,
            ErrorCode::TimedOut,
            ErrorCode::Internal,
            ErrorCode::TooManyRequests,
            ErrorCode::ProviderUnavailable,
        ] {
            assert!(!says_no(&code(trouble)), "{trouble}");
        }
    }
}
