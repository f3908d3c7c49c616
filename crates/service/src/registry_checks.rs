//! Whether container registries take the credentials that are kept: asked when they come, on demand, and once a day.

use std::time::Duration;

use futures_util::StreamExt;
use latchkey_api::{
    activity::{ActivityKind, Push},
    container_registries::RegistryFailure,
    problem::{ApiResult, ErrorCode, Problem},
    wire::Secret,
};
use latchkey_store::{
    Account, AccountId, ContainerRegistry, DueRegistry, Error, Micros, RegistryNews, RegistryOutcome, TriedRegistry,
};
use zeroize::Zeroizing;

use crate::{
    container_registries::about,
    error::problem,
    events::Origin,
    mail::{Lane, Notice},
    registry_check::{RegistryCredentials, RegistryRefusal},
    service::Service,
};

/// What passwords of registries are sealed for.
pub(crate) const PURPOSE: &str = "container_registry";

/// How long a registry is waited for: shorter than somebody who asked waits for the answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Registries asked at one time by the daily check.
const AT_ONCE: usize = 8;

/// Registries a round takes up.
const ROUND: i64 = 100;

/// A day, give or take an hour: what was authorised together is not checked together for ever.
const SOONEST: Duration = Duration::from_hours(23);
const SPREAD_SECONDS: u32 = 2 * 60 * 60;

/// How failures are stored. They stand in JSON like this as well.
const FAILURES: [(RegistryFailure, &str); 8] = [
    (RegistryFailure::CredentialsRefused, "credentials_refused"),
    (RegistryFailure::Unreachable, "unreachable"),
    (RegistryFailure::CertificateInvalid, "certificate_invalid"),
    (RegistryFailure::NotEncrypted, "not_encrypted"),
    (RegistryFailure::NotARegistry, "not_a_registry"),
    (RegistryFailure::AddressRefused, "address_refused"),
    (RegistryFailure::Unavailable, "unavailable"),
    (RegistryFailure::Unreadable, "unreadable"),
];

impl Service {
    /// Whether a registry takes credentials.
    pub(crate) async fn try_registry(
        &self,
        host: &str,
        username: &str,
        password: &Secret,
    ) -> Result<(), RegistryRefusal> {
        let credentials = RegistryCredentials { host, username, password };
        let asked = self.environment().registries.check(&credentials);
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| {
            let detail = format!("{host} did not answer in time. Check the host, or try again later.");
            Err(RegistryRefusal { failure: RegistryFailure::Unreachable, detail })
        })
    }

    /// What is written of a try that ends now.
    pub(crate) fn outcome(&self, refusal: Option<RegistryRefusal>) -> RegistryOutcome {
        let now = self.environment().now();
        let (failure, detail) = refusal.map(|refusal| (write(refusal.failure).to_owned(), refusal.detail)).unzip();
        RegistryOutcome { checked_at: now, failure, detail, next_check_at: self.next_check(now) }
    }

    /// Tries the credentials that are kept, and writes what became of it. That they are not taken any more is recorded and
    /// told, by mail as well where `to` is whom to write to; that nobody could be asked is not. Inside: `None` where the
    /// registry is gone or has other credentials by now.
    pub(crate) async fn recheck(
        &self,
        account: AccountId,
        known: &ContainerRegistry,
        origin: &Origin,
        to: Option<&Account>,
    ) -> ApiResult<Result<Option<ContainerRegistry>, Error>> {
        let refusal = match self.kept_password(account, known).await? {
            Some(password) => self.try_registry(&known.host, &known.username, &password).await.err(),
            None => Some(RegistryRefusal { failure: RegistryFailure::Unreadable, detail: unreadable(&known.host) }),
        };
        let was = known.failure.as_deref().map(read);
        let failure = refusal.as_ref().map(|refusal| refusal.failure);
        let kind = ActivityKind::RegistryFailed;
        let (mut event, mut mail) = (None, None);
        if is_news(was, failure) {
            event = Some(self.event(kind, origin, &about(known)));
            if let Some(to) = to {
                mail = self.notice_or_none(to, &Notice::RegistryFailed, origin).await;
            }
        }
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let news = event.map(|event| RegistryNews { event, mail });
        let tried =
            TriedRegistry { registry_id: known.registry_id, generation: known.generation, was: known.failure.clone() };
        let mut outcome = self.outcome(refusal);
        // By day nobody asks: that it could not be asked today does not make it news tomorrow what was known yesterday.
        if to.is_some() && lasts(was) && failure.is_some() && !lasts(failure) {
            (outcome.failure, outcome.detail) = (known.failure.clone(), known.detail.clone());
        }
        let written = self.store().container_registry_was_tried(account, origin.session, tried, outcome, news).await;
        if let (Ok(Some(_)), Some(mail)) = (&written, mail_id) {
            self.send_soon(Lane::Notices, account, mail);
        }
        if matches!(written, Ok(Some(_))) && was != failure {
            // Lists that show it are to be read again, event or not.
            self.tell(account, origin.session, &Push::ActivityNew { category: kind.category() });
        }
        Ok(written)
    }

    /// The password that is kept; `None` where there is a key to open it with and it does not open.
    pub(crate) async fn kept_password(&self, account: AccountId, row: &ContainerRegistry) -> ApiResult<Option<Secret>> {
        match self.unseal(PURPOSE, account, &row.sealed).await {
            Ok(opened) => Ok(password_for(&opened, &row.host, &row.username)),
            Err(problem) if problem.code() == ErrorCode::SealingUnavailable => {
                self.sealing_ready().await?;
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Tries what is due, in the background.
    pub(crate) fn check_due_registries(&self) {
        let service = self.clone();
        self.shared.registry_checks.begin(async move {
            if let Err(problem) = service.check_round().await {
                tracing::warn!(%problem, "container registries were not checked");
            }
        });
    }

    async fn check_round(&self) -> ApiResult<()> {
        let due = self.store().due_container_registries(self.environment().now(), ROUND).await.map_err(problem)?;
        if due.is_empty() {
            return Ok(());
        }
        // Without the key nothing can be tried, and what is due stays due.
        self.sealing_ready().await?;
        futures_util::stream::iter(due)
            .for_each_concurrent(AT_ONCE, async |due| {
                if let Err(problem) = self.check_due(due).await {
                    tracing::warn!(%problem, registry = %due.registry_id, "a container registry was not checked");
                }
            })
            .await;
        Ok(())
    }

    /// Moves it on first: of several nodes one tries it, and one that ends meanwhile leaves it for the next day.
    async fn check_due(&self, due: DueRegistry) -> ApiResult<()> {
        let next = self.next_check(self.environment().now());
        let taken = self.store().take_due_container_registry(due, next).await.map_err(problem)?;
        let Some(registry) = taken else { return Ok(()) };
        let account = self.store().account(due.account_id).await.map_err(problem)?;
        let Some(account) = account.filter(|account| account.disabled_at.is_none()) else { return Ok(()) };
        self.recheck(due.account_id, &registry, &Origin::default(), Some(&account)).await?.map_err(problem)?;
        Ok(())
    }

    fn next_check(&self, now: Micros) -> Micros {
        let random = u32::from_le_bytes(self.environment().bytes()) % SPREAD_SECONDS;
        now.saturating_add(SOONEST + Duration::from_secs(random.into()))
    }
}

/// What is sealed of credentials: with the host and the user name they are for, so that whoever can write the database
/// and has no key has them sent nowhere else.
pub(crate) fn bound(host: &str, username: &str, password: &Secret) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([host, username, password.expose()].join("\n").into_bytes())
}

fn password_for(opened: &[u8], host: &str, username: &str) -> Option<Secret> {
    let mut parts = std::str::from_utf8(opened).ok()?.splitn(3, '\n');
    let for_these = parts.next()? == host && parts.next()? == username;
    parts.next().filter(|_| for_these).map(Secret::new)
}

/// The refusal of a password that is kept and cannot be opened.
pub(crate) fn unreadable_problem(host: &str) -> Problem {
    Problem::new(ErrorCode::SealingUnavailable).detail(unreadable(host))
}

fn unreadable(host: &str) -> String {
    format!("What is kept of the password for {host} cannot be opened. Update the password.")
}

/// Whether a failure is news: it says something of the credentials or the registry, and what was known did not. That
/// nobody could be asked is none, and neither does it make news of what was known before.
fn is_news(was: Option<RegistryFailure>, now: Option<RegistryFailure>) -> bool {
    lasts(now) && !lasts(was)
}

/// Whether a failure says something of the credentials or the registry.
fn lasts(failure: Option<RegistryFailure>) -> bool {
    failure.is_some_and(|failure| !matches!(failure, RegistryFailure::Unreachable | RegistryFailure::Unavailable))
}

fn write(failure: RegistryFailure) -> &'static str {
    FAILURES.into_iter().find(|(known, _)| *known == failure).map_or("unavailable", |(_, text)| text)
}

/// A failure as it is stored. Another version of the service may know more of them.
pub(crate) fn read(text: &str) -> RegistryFailure {
    FAILURES.into_iter().find(|(_, known)| *known == text).map_or(RegistryFailure::Unavailable, |(failure, _)| failure)
}

#[cfg(test)]
mod tests;
