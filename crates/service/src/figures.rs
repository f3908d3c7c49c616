//! What the service tells of itself to whoever watches it: numbers, and nothing of anybody.

use latchkey_api::problem::{ApiResult, Problem};
use latchkey_figures::{Counter, Distribution, Gauge};
use latchkey_store::StoreFigures;

use crate::{mail::Lane, service::Service, throttle};

/// How signing in ends. What is in no word here is `other`.
pub(crate) const OUTCOMES: [&str; 10] = [
    "signed_in",
    "second_factor_required",
    "invalid_credentials",
    "invalid_code",
    "validation_failed",
    "transaction_ended",
    "account_disabled",
    "too_many_requests",
    "busy",
    OTHER,
];

const OTHER: &str = "other";

/// Messages that are counted at most: more is more than anybody looks at.
const MAIL: i64 = 10_000;

/// How signing in ended, by the words of [`OUTCOMES`].
#[derive(Default)]
pub(crate) struct Outcomes([Counter; OUTCOMES.len()]);

impl Outcomes {
    pub(crate) fn count<T>(&self, result: &ApiResult<T>) {
        let word = match result {
            Ok(_) => OUTCOMES[0],
            Err(problem) => problem.code().as_str(),
        };
        let place = OUTCOMES.iter().position(|known| *known == word);
        self.0[place.unwrap_or(OUTCOMES.len() - 1)].count();
    }

    fn read(&self) -> Vec<(&'static str, u64)> {
        OUTCOMES.into_iter().zip(self.0.iter().map(Counter::get)).collect()
    }
}

/// What the areas count.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) passwords: Outcomes,
    pub(crate) second_factors: Outcomes,
    pub(crate) rate_limited_keys: Counter,
    pub(crate) rate_limited_sessions: Counter,
    pub(crate) paused_second_factors: Counter,
    pub(crate) mail_sent: Counter,
    pub(crate) mail_retried: Counter,
    pub(crate) mail_given_up: Counter,
    /// Seconds since 1970.
    pub(crate) upkeep: Gauge,
    pub(crate) sweep: Gauge,
}

/// The pool that hashes passwords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashFigures {
    /// Work that runs at one time at most.
    pub limit: u64,
    /// Work that runs.
    pub running: u64,
    /// Callers that wait for their turn.
    pub waiting: u64,
    /// Callers that were sent away because too many waited.
    pub refused: u64,
    /// Microseconds that work took, without waiting.
    pub took: Distribution,
}

/// Messages in the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingMail {
    /// With a code that somebody waits for.
    pub codes: u64,
    /// The rest.
    pub notices: u64,
}

/// The service at this moment, and what it did since it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The database.
    pub store: StoreFigures,
    /// Hashing passwords.
    pub hashing: HashFigures,
    /// How passwords at the sign-in were answered: a word of few, and how often.
    pub passwords: Vec<(&'static str, u64)>,
    /// How second factors at the sign-in were answered.
    pub second_factors: Vec<(&'static str, u64)>,
    /// Attempts that were slowed down, by the limit.
    pub throttled: Vec<(&'static str, u64)>,
    /// Requests refused because an API key had used up its quota.
    pub rate_limited_keys: u64,
    /// Requests refused because a session had used up its quota.
    pub rate_limited_sessions: u64,
    /// Messages in the outbox, up to ten thousand of a kind; `None` where they could not be counted. The outbox is one for
    /// all nodes.
    pub mail_waiting: Option<WaitingMail>,
    /// Messages the mail server took.
    pub mail_sent: u64,
    /// Attempts that failed and are made again.
    pub mail_retried: u64,
    /// Messages that were given up.
    pub mail_given_up: u64,
    /// When the last round of upkeep ended, in seconds since 1970; 0 before the first one.
    pub upkeep: u64,
    /// When the last sweep of what has ended was done, likewise.
    pub sweep: u64,
}

impl Service {
    /// What to show of the service now. Asks the database how much mail waits, and for nothing else.
    pub async fn figures(&self) -> Figures {
        let counts = &self.shared.counts;
        let mut throttled = self.shared.throttle.refused();
        throttled.push((throttle::SECOND_FACTOR, counts.paused_second_factors.get()));
        let mail_waiting = tokio::try_join!(self.mail_of(Lane::Codes), self.mail_of(Lane::Notices));
        Figures {
            store: self.store().figures(),
            hashing: self.shared.hasher.figures(),
            passwords: counts.passwords.read(),
            second_factors: counts.second_factors.read(),
            throttled,
            rate_limited_keys: counts.rate_limited_keys.get(),
            rate_limited_sessions: counts.rate_limited_sessions.get(),
            mail_waiting: mail_waiting.ok().map(|(codes, notices)| WaitingMail { codes, notices }),
            mail_sent: counts.mail_sent.get(),
            mail_retried: counts.mail_retried.get(),
            mail_given_up: counts.mail_given_up.get(),
            upkeep: counts.upkeep.get(),
            sweep: counts.sweep.get(),
        }
    }

    async fn mail_of(&self, lane: Lane) -> Result<u64, Problem> {
        let waiting = self.store().count_mail(lane.has_code(), MAIL).await.map_err(crate::error::problem)?;
        Ok(waiting.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use latchkey_api::problem::ErrorCode;

    use super::*;

    #[test]
    fn outcomes_are_told_by_a_word_of_few() {
        let outcomes = Outcomes::default();
        outcomes.count(&Ok(()));
        for code in [ErrorCode::InvalidCredentials, ErrorCode::InvalidCredentials, ErrorCode::StorageFull] {
            outcomes.count::<()>(&Err(Problem::new(code)));
        }
        let counted: Vec<_> = outcomes.read().into_iter().filter(|(_, number)| *number > 0).collect();
        assert_eq!(counted, [("signed_in", 1), ("invalid_credentials", 2), (OTHER, 1)]);
    }
}
