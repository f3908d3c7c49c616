//! API keys: the personal one, which its owner can read again, and named ones, whose token is answered once.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    api_keys::*,
    common::{Caller, Page, PageQuery},
    problem::{ApiResult, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{Account, AccountId, ApiKeyId, Micros, NewMail, NewPersonalApiKey};
use uuid::Uuid;

use crate::{
    api_key_expiry::End,
    api_key_reminders, cursor,
    environment::date_time,
    error::problem,
    events::Origin,
    identity_rules::{self, Findings},
    mail::{KeyFacts, Lane, Notice},
    service::Service,
    tokens::{Token, TokenKind},
};

/// What the personal key is sealed for.
pub(crate) const PURPOSE: &str = "personal_api_key";

#[async_trait::async_trait]
impl ApiKeysApi for Service {
    async fn get_api_key(&self, caller: &Caller) -> ApiResult<PersonalApiKey> {
        let me = self.admitted(caller, &GET_API_KEY.meta).await?;
        self.personal_api_key_of(me.account.account_id).await
    }

    async fn generate_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        let me = self.admitted(caller, &GENERATE_API_KEY.meta).await?;
        let (account, session) = (&me.account, me.session.session_id);
        let (id, origin, kind) = (account.account_id, Origin::of_session(caller, &me), ActivityKind::ApiKeyGenerated);
        let token = Token::generate(TokenKind::PersonalApiKey, id, self.environment());
        let new = NewPersonalApiKey {
            key_id: ApiKeyId(self.environment().uuid()),
            token_hash: token.hash(),
            sealed: self.seal(PURPOSE, id, token.expose().as_bytes()).await?,
            last_four: token.last_four().into(),
            created_at: self.environment().now(),
        };
        let event = self.event(kind, &origin, &ActivityDetails::default());
        let mail = self.notice(account, &Notice::ApiKeyGenerated, &origin).await?;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        if let Err(error) = self.store().replace_personal_api_key(id, session, new, event, mail).await {
            return Err(self.closed_meanwhile(&me, error).await);
        }
        self.told(id, &origin, kind, mail_id);
        Ok(RevealedApiKey { api_key: Secret::new(token.expose()) })
    }

    async fn reveal_api_key(&self, caller: &Caller) -> ApiResult<RevealedApiKey> {
        let me = self.admitted(caller, &REVEAL_API_KEY.meta).await?;
        let (id, session, kind) = (me.account.account_id, me.session.session_id, ActivityKind::ApiKeyRevealed);
        let found = self.store().personal_api_key(id).await.map_err(problem)?;
        let found = found.ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
        let key = self.unseal(PURPOSE, id, &found.sealed).await?;
        let key = std::str::from_utf8(&key).map_err(Problem::internal)?;
        let origin = Origin::of_session(caller, &me);
        let event = self.event(kind, &origin, &ActivityDetails::default());
        // Recorded before it is shown.
        if let Err(error) = self.store().add_event_of_session(id, session, event).await {
            return Err(self.closed_meanwhile(&me, error).await);
        }
        self.announce(id, Some(session), kind);
        Ok(RevealedApiKey { api_key: Secret::new(key) })
    }

    async fn list_api_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<ApiKey>> {
        let me = self.admitted(caller, &LIST_API_KEYS.meta).await?;
        // Ids are made in the order of time; they alone say where a key stands.
        let after = query.after.as_deref().map(cursor::read).transpose()?.map(|(_, id)| ApiKeyId(id));
        let limit = cursor::rows(query.limit)?;
        let rows = self.store().list_api_keys(me.account.account_id, after, i64::from(limit) + 1).await;
        let rows = rows.map_err(problem)?;
        let (rows, next) = cursor::page(rows, limit, |row| (row.created_at, row.key_id.0));
        Ok(Page { items: rows.iter().map(|row| self.api_key_on_the_wire(row)).collect(), next })
    }

    async fn create_api_key(&self, caller: &Caller, body: CreateApiKey) -> ApiResult<NewApiKey> {
        let me = self.admitted(caller, &CREATE_API_KEY.meta).await?;
        let (account, now) = (&me.account, self.environment().now());
        let (name, scopes, expires_at) = self.new_key(body, now)?;
        let (id, kind) = (account.account_id, ActivityKind::ApiKeyCreated);
        let token = Token::generate(TokenKind::ApiKey, id, self.environment());
        let new = latchkey_store::NewApiKey {
            key_id: ApiKeyId(self.environment().uuid()),
            token_hash: token.hash(),
            name: name.clone(),
            scope_api: scopes.contains(&Scope::Api),
            scope_registry: scopes.contains(&Scope::Registry),
            last_four: token.last_four().into(),
            created_at: now,
            expires_at,
            next_reminder_at: expires_at.and_then(|end| api_key_reminders::next(end, now)),
        };
        let answer = NewApiKey {
            id: new.key_id.0,
            token: Secret::new(token.expose()),
            username: account.username.clone(),
            name: name.clone(),
            scopes,
            last_four: new.last_four.clone(),
            created_at: date_time(now),
            expires_at: expires_at.map(date_time),
        };
        let origin = Origin::of_session(caller, &me);
        let event = self.event(kind, &origin, &about(&name));
        let facts = KeyFacts { last_four: answer.last_four.clone(), scopes: answer.scopes.clone(), expires_at };
        let mail = self.notice_or_none(account, &Notice::ApiKeyCreated(facts), &origin).await;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        match self.store().add_api_key(id, me.session.session_id, new, MAX_API_KEYS, event, mail).await {
            Ok(true) => {}
            Ok(false) => {
                let detail =
                    format!("There are {MAX_API_KEYS} API keys already. Delete one that is not used any more.");
                return Err(Problem::new(ErrorCode::Conflict).detail(detail));
            }
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        self.told(id, &origin, kind, mail_id);
        Ok(answer)
    }

    async fn delete_api_key(&self, caller: &Caller, path: ApiKeyPath) -> ApiResult<()> {
        let me = self.admitted(caller, &DELETE_API_KEY.meta).await?;
        let (id, key, kind) = (me.account.account_id, ApiKeyId(path.id), ActivityKind::ApiKeyDeleted);
        let not_found = || Problem::new(ErrorCode::NotFound);
        let found = self.store().api_key(id, key).await.map_err(problem)?.ok_or_else(not_found)?;
        let event = self.event(kind, &Origin::of_session(caller, &me), &about(&found.name));
        match self.store().delete_api_key(id, me.session.session_id, key, event).await {
            Ok(true) => {}
            Ok(false) => return Err(not_found()),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        self.announce(id, Some(me.session.session_id), kind);
        Ok(())
    }
}

impl Service {
    /// The personal key of an account, without the key.
    pub(crate) async fn personal_api_key_of(&self, account: AccountId) -> ApiResult<PersonalApiKey> {
        let key = self.store().personal_api_key(account).await.map_err(problem)?;
        let prefix = TokenKind::PersonalApiKey.prefix();
        Ok(PersonalApiKey {
            exists: key.is_some(),
            masked: key.as_ref().map(|key| format!("{prefix}••••••••{}", key.last_four)),
            created_at: key.as_ref().map(|key| date_time(key.created_at)),
            last_used_at: key.and_then(|key| key.last_used_at).map(date_time),
        })
    }

    /// All named keys of an account.
    pub(crate) async fn all_api_keys(&self, account: AccountId) -> ApiResult<Vec<ApiKey>> {
        let rows = self.store().list_api_keys(account, None, i64::from(MAX_API_KEYS)).await.map_err(problem)?;
        Ok(rows.iter().map(|row| self.api_key_on_the_wire(row)).collect())
    }

    /// A named key as the wire shows it, with the end it has by the policy of now.
    fn api_key_on_the_wire(&self, key: &latchkey_store::ApiKey) -> ApiKey {
        ApiKey {
            id: key.key_id.0,
            name: key.name.clone(),
            scopes: scopes_of(key),
            last_four: key.last_four.clone(),
            created_at: date_time(key.created_at),
            expires_at: self.end_of(key).map(date_time),
            last_used_at: key.last_used_at.map(date_time),
            last_used_ip: key.last_used_ip.clone(),
        }
    }

    /// A key as it was asked for: its name, scopes, and end.
    fn new_key(&self, body: CreateApiKey, now: Micros) -> ApiResult<(String, Vec<Scope>, Option<Micros>)> {
        let mut findings = Findings::default();
        let name = findings.take("/name", identity_rules::key_name(&body.name));
        let end = End::asked_for(&body).check(self.settings().api_key_max_days, now);
        let scopes = findings.take("/scopes", scopes(body.scopes));
        let expires_at = findings.take("/expires_at", end);
        match (findings.problem(), name, scopes, expires_at) {
            (None, Some(name), Some(scopes), Some(expires_at)) => Ok((name, scopes, expires_at)),
            (problem, ..) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        }
    }

    /// The message about something that needs no sealing. That it cannot be written keeps nobody from a key, say.
    pub(crate) async fn notice_or_none(&self, account: &Account, notice: &Notice, origin: &Origin) -> Option<NewMail> {
        self.notice(account, notice, origin).await.unwrap_or_else(|problem| {
            tracing::warn!(%problem, account = %account.account_id.0, "a notice could not be written");
            None
        })
    }

    /// Once a change is stored: tells the other sessions, and sends the message about it.
    pub(crate) fn told(&self, account: AccountId, origin: &Origin, kind: ActivityKind, mail: Option<Uuid>) {
        self.announce(account, origin.session, kind);
        if let Some(mail) = mail {
            self.send_soon(Lane::Notices, account, mail);
        }
    }
}

/// What a key is for, in the order scopes are always shown in.
pub(crate) fn scopes_of(key: &latchkey_store::ApiKey) -> Vec<Scope> {
    let scopes = [(key.scope_api, Scope::Api), (key.scope_registry, Scope::Registry)];
    scopes.into_iter().filter_map(|(has, scope)| has.then_some(scope)).collect()
}

fn about(name: &str) -> ActivityDetails {
    ActivityDetails { key: Some(name.into()), ..ActivityDetails::default() }
}

type Checked<T> = Result<T, (FieldCode, String)>;

/// At least one scope, none twice; in the order they are always shown in.
fn scopes(mut scopes: Vec<Scope>) -> Checked<Vec<Scope>> {
    let asked = scopes.len();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err((FieldCode::Blank, "Choose what the key may be used for.".into()));
    }
    if scopes.len() < asked {
        return Err((FieldCode::Invalid, "Name each scope once.".into()));
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_one_or_two_different_ones() {
        let both = vec![Scope::Api, Scope::Registry];
        assert_eq!(scopes(vec![Scope::Registry, Scope::Api]), Ok(both));
        assert_eq!(scopes(vec![]).unwrap_err().0, FieldCode::Blank);
        assert_eq!(scopes(vec![Scope::Api, Scope::Api]).unwrap_err().0, FieldCode::Invalid);
    }
}
