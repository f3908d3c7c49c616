//! What happened on an account, as its owner reads it.

use latchkey_api::{
    activity::{Activity, ActivityApi, ActivityKind, ActivityQuery, Category, LIST_EVENTS},
    common::{Caller, Page},
    problem::{ApiResult, ErrorCode, Problem},
};
use latchkey_store::{AccountId, Chain, Event};
use uuid::Uuid;

use crate::{environment::date_time, error::problem, events::category, person::Me, service::Service};

/// Rows of a page where the caller does not say.
const PAGE: u8 = 50;

/// Accounts read at a time when chains are verified.
const ACCOUNTS: i64 = 100;

#[async_trait::async_trait]
impl ActivityApi for Service {
    async fn list_events(&self, caller: &Caller, query: ActivityQuery) -> ApiResult<Page<Activity>> {
        let me = self.admitted(caller, &LIST_EVENTS.meta).await?;
        let before = query.after.as_deref().map(read_cursor).transpose()?;
        let limit = query.limit.unwrap_or(PAGE);
        if !(1..=100).contains(&limit) {
            return Err(Problem::new(ErrorCode::InvalidParameter).detail("limit is 1 to 100"));
        }
        let (account, only) = (me.account.account_id, query.category.map(category));
        let rows = self.store().list_events(account, only, before, i64::from(limit) + 1).await.map_err(problem)?;
        let more = rows.len() > usize::from(limit);
        let rows = &rows[..rows.len().min(usize::from(limit))];
        let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
        Ok(Page { items: rows.iter().map(|row| wire(row, &me)).collect(), next })
    }
}

/// What looking through the chains of events found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Accounts looked at.
    pub accounts: u64,
    /// Events that are as they were written, in unbroken chains.
    pub events: u64,
    /// Chains that are not as they were written.
    pub broken: Vec<BrokenChain>,
}

/// A chain of events that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenChain {
    /// Whose.
    pub account: Uuid,
    /// The user name.
    pub username: String,
    /// The place of the first event that is missing or was changed, counted from 1.
    pub place: i64,
}

impl Service {
    /// Looks whether the activity of everybody, or of the account with this user name or e-mail address, is as it was
    /// written. There is no key in the chains: see [`Store::verify_events`](latchkey_store::Store::verify_events) for what
    /// that does not find. Answers `not_found`.
    pub async fn verify_activity(&self, login: Option<&str>) -> ApiResult<Verified> {
        let mut verified = Verified::default();
        if let Some(login) = login {
            let user = self.find_user(login).await?;
            self.verify(AccountId(user.id), user.username, &mut verified).await?;
            return Ok(verified);
        }
        let mut after = None;
        loop {
            let page = self.store().list_accounts(after, ACCOUNTS).await.map_err(problem)?;
            let Some(last) = page.last() else { return Ok(verified) };
            after = Some(last.account_id);
            for account in page {
                self.verify(account.account_id, account.username, &mut verified).await?;
            }
        }
    }

    async fn verify(&self, account: AccountId, username: String, verified: &mut Verified) -> ApiResult<()> {
        let chain = self.store().verify_events(account).await.map_err(problem)?;
        if let Chain::Broken { .. } = chain
            && self.store().account(account).await.map_err(problem)?.is_none()
        {
            // Deleted meanwhile, and its events with it.
            return Ok(());
        }
        verified.accounts += 1;
        match chain {
            Chain::Whole { events } => verified.events += events,
            Chain::Broken { seq } => verified.broken.push(BrokenChain { account: account.0, username, place: seq }),
        }
        Ok(())
    }
}

/// An event as the wire shows it. What a newer version of the service wrote is read as far as it is understood.
pub(crate) fn wire(event: &Event, me: &Me) -> Activity {
    let kind = ActivityKind::ALL.iter().copied().find(|kind| kind.as_str() == event.kind);
    let kind = kind.unwrap_or(ActivityKind::Other);
    Activity {
        id: event.event_id,
        kind,
        category: read_category(&event.category).unwrap_or(kind.category()),
        at: date_time(event.at),
        ip_address: event.ip_address.clone(),
        session_id: event.session_id.map(|session| session.0),
        device: event.device.clone(),
        current_session: event.session_id == Some(me.session.session_id),
        details: serde_json::from_str(&event.details).unwrap_or_default(),
    }
}

fn read_category(text: &str) -> Option<Category> {
    let all = [
        Category::SignIn,
        Category::Password,
        Category::TwoFactor,
        Category::ApiKeys,
        Category::SshKeys,
        Category::Profile,
        Category::Account,
    ];
    all.into_iter().find(|known| category(*known) == text)
}

/// The place of the last event of the page before, as it was written.
fn read_cursor(text: &str) -> ApiResult<i64> {
    let digits = text.len() <= 18 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    let place = Some(text).filter(|_| digits).and_then(|text| text.parse().ok());
    place.ok_or_else(|| Problem::new(ErrorCode::InvalidParameter).detail("after is the next of the page before"))
}

#[cfg(test)]
mod tests {
    use latchkey_api::activity::ActivityDetails;
    use latchkey_store::{Account, Device, Micros, Session, SessionId};

    use super::*;

    const NOW: Micros = Micros(1_790_000_000_000_000);

    fn me() -> Me {
        let session = Session {
            session_id: SessionId(Uuid::from_u128(1)),
            device: Device::default(),
            created_at: NOW,
            last_authentication_at: NOW,
            last_second_factor_at: None,
            last_modified_at: NOW,
            expires_at: NOW,
            closed_at: None,
            close_reason: None,
        };
        let account = Account {
            account_id: AccountId(Uuid::from_u128(2)),
            username: "ada".into(),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            location: None,
            bio: None,
            avatar_etag: None,
            pending_email: None,
            two_factor_since: None,
            version: 1,
            disabled_at: None,
            created_at: NOW,
            updated_at: NOW,
        };
        Me { session, account }
    }

    fn event(kind: &str, category: &str, details: &str) -> Event {
        Event {
            seq: 1,
            event_id: Uuid::from_u128(3),
            kind: kind.into(),
            category: category.into(),
            at: NOW,
            session_id: Some(SessionId(Uuid::from_u128(1))),
            device: None,
            ip_address: None,
            details: details.into(),
            hash: vec![],
        }
    }

    #[test]
    fn what_a_newer_service_wrote_is_read_as_far_as_it_is_understood() {
        let known = wire(&event("backup_code_used", "two_factor", r#"{"remaining":2,"tea":"green"}"#), &me());
        assert_eq!((known.kind, known.category), (ActivityKind::BackupCodeUsed, Category::TwoFactor));
        assert_eq!(known.details, ActivityDetails { remaining: Some(2), ..ActivityDetails::default() });
        assert!(known.current_session);
        let newer = wire(&event("tea_served", "profile", r#"{"remaining":"many"}"#), &me());
        assert_eq!((newer.kind, newer.category), (ActivityKind::Other, Category::Profile));
        assert_eq!(newer.details, ActivityDetails::default());
        let newest = wire(&event("tea_served", "tea", "no JSON"), &me());
        assert_eq!((newest.kind, newest.category), (ActivityKind::Other, Category::Account));
    }

    #[test]
    fn a_cursor_is_a_place() {
        assert_eq!(read_cursor("7").unwrap(), 7);
        for other in ["", "0", "-1", "x", "99999999999999999999"] {
            assert_eq!(read_cursor(other).unwrap_err().code(), ErrorCode::InvalidParameter, "{other}");
        }
    }
}
