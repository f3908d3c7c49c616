//! Whom the gate lets in: somebody in a session, or a program that holds one of their API keys.

use std::sync::Arc;

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::{Account, Actor, ApiKey, ApiKeyId, Error, Micros, PersonalApiKey, Session};

use crate::{error::problem, service::Service};

/// What the activity calls the key that has no name.
pub(crate) const PERSONAL_API_KEY: &str = "Personal API key";

/// The person behind a session token, with the session and the account as they were read.
pub(crate) struct Me {
    pub(crate) session: Session,
    pub(crate) account: Account,
}

/// What holds a key of a person, with the key and the account as they were read.
pub(crate) struct KeyHolder {
    pub(crate) key: Key,
    pub(crate) account: Account,
}

/// An API key.
pub(crate) enum Key {
    /// The personal one: for the API, without an end.
    Personal(PersonalApiKey),
    /// One with a name.
    Named(ApiKey),
}

/// Who was let in.
#[derive(Clone)]
pub(crate) enum Person {
    /// In a session.
    Session(Arc<Me>),
    /// With a key.
    Key(Arc<KeyHolder>),
}

impl Key {
    pub(crate) fn id(&self) -> ApiKeyId {
        match self {
            Self::Personal(key) => key.key_id,
            Self::Named(key) => key.key_id,
        }
    }

    pub(crate) fn is_personal(&self) -> bool {
        matches!(self, Self::Personal(_))
    }

    pub(crate) fn last_used_at(&self) -> Option<Micros> {
        match self {
            Self::Personal(key) => key.last_used_at,
            Self::Named(key) => key.last_used_at,
        }
    }

    /// Whether it serves for the API.
    pub(crate) fn is_for_the_api(&self) -> bool {
        match self {
            Self::Personal(_) => true,
            Self::Named(key) => key.scope_api,
        }
    }

    /// What the activity says did something.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Personal(_) => PERSONAL_API_KEY.into(),
            Self::Named(key) => format!("API key {}", key.name),
        }
    }

    fn actor(&self) -> Actor {
        match self {
            Self::Personal(key) => Actor::PersonalApiKey(key.key_id),
            Self::Named(key) => Actor::ApiKey(key.key_id),
        }
    }
}

impl Person {
    pub(crate) fn account(&self) -> &Account {
        match self {
            Self::Session(me) => &me.account,
            Self::Key(holder) => &holder.account,
        }
    }

    /// Whom the store holds while something is written.
    pub(crate) fn actor(&self) -> Actor {
        match self {
            Self::Session(me) => me.session.session_id.into(),
            Self::Key(holder) => holder.key.actor(),
        }
    }

    /// Somebody in a session; with a key it is answered `session_required`.
    pub(crate) fn in_session(&self) -> ApiResult<&Arc<Me>> {
        match self {
            Self::Session(me) => Ok(me),
            Self::Key(_) => Err(Problem::new(ErrorCode::SessionRequired)),
        }
    }
}

impl Service {
    /// What somebody is told whose session or key ended while they did something with it.
    pub(crate) async fn ended_meanwhile(&self, person: &Person, error: Error) -> Problem {
        let holder = match person {
            Person::Session(me) => return self.closed_meanwhile(me, error).await,
            Person::Key(holder) => holder,
        };
        if !matches!(error, Error::Raced) {
            return problem(error);
        }
        let id = holder.account.account_id;
        let account = match self.store().account(id).await.map_err(problem) {
            Ok(account) => account,
            Err(problem) => return problem,
        };
        if account.is_some_and(|account| account.disabled_at.is_some()) {
            return Problem::new(ErrorCode::AccountDisabled);
        }
        match &holder.key {
            Key::Personal(_) => Problem::new(ErrorCode::Unauthenticated),
            Key::Named(key) => match self.store().api_key(id, key.key_id).await.map_err(problem) {
                Ok(Some(_)) => Problem::new(ErrorCode::ApiKeyExpired),
                Ok(None) => Problem::new(ErrorCode::Unauthenticated),
                Err(problem) => problem,
            },
        }
    }
}
