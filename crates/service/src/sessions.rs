//! The devices that are signed in.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::{Caller, Page, PageQuery},
    problem::{ApiResult, CloseReason as Why, ErrorCode, Problem},
    sessions::*,
};
use latchkey_store::{CloseReason, Micros, Open, SessionId};
use uuid::Uuid;

use crate::{
    cursor,
    environment::date_time,
    error::problem,
    events::{self, Origin, label},
    person::Me,
    service::Service,
};

#[async_trait::async_trait]
impl SessionsApi for Service {
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        let result = self.first_step(caller, body).await;
        self.shared.counts.passwords.count(&result);
        result
    }

    async fn sign_in_second_factor(&self, caller: &Caller, body: SecondFactor) -> ApiResult<SignedIn> {
        let result = self.second_step(caller, body).await;
        self.shared.counts.second_factors.count(&result);
        result
    }

    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>> {
        let me = self.admitted(caller, &LIST_SESSIONS.meta).await?;
        let after = query.after.as_deref().map(cursor::read).transpose()?.map(|(at, id)| (at, SessionId(id)));
        let limit = cursor::rows(query.limit)?;
        let (account, now) = (me.account.account_id, self.environment().now());
        let open = self.open_sessions(now);
        let rows = self.store().list_sessions(account, open, after, i64::from(limit) + 1).await.map_err(problem)?;
        let (rows, next) = cursor::page(rows, limit, |row| (row.last_modified_at, row.session_id.0));
        Ok(Page { items: rows.iter().map(|row| wire(&self.within_policy(row.clone()), &me)).collect(), next })
    }

    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session> {
        let me = self.admitted(caller, &GET_SESSION.meta).await?;
        let id = session_id(&path, &me)?;
        let now = self.environment().now();
        let found = self.store().get_session(me.account.account_id, id).await.map_err(problem)?;
        let found = found.map(|session| self.within_policy(session));
        let open = found.filter(|session| session.closed_at.is_none() && session.expires_at > now);
        open.map(|session| wire(&session, &me)).ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()> {
        let me = self.admitted(caller, &CLOSE_SESSION.meta).await?;
        let (account, id, now) = (me.account.account_id, session_id(&path, &me)?, self.environment().now());
        let own = id == me.session.session_id;
        let (reason, kind, told) = if own {
            (CloseReason::SignedOut, ActivityKind::SignedOut, Why::SignedOut)
        } else {
            (CloseReason::ClosedByOwner, ActivityKind::SessionClosed, Why::ClosedElsewhere)
        };
        let mut details = ActivityDetails::default();
        if !own {
            let other = self.store().get_session(account, id).await.map_err(problem)?;
            details.device = other.and_then(|session| label(&session.device));
        }
        let event = self.event(kind, &Origin::of_session(caller, &me), &details);
        // Signing out by a session that is closed already is no error; closing another one by it is.
        let by = (!own).then_some(me.session.session_id);
        let closed = match self.store().close_session(account, by, id, reason, now, event).await {
            Ok(closed) => closed,
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        if closed {
            self.tell_end(account, id, told);
            self.announce(account, Some(me.session.session_id), kind);
        }
        // Signing out twice at once is no error: the session is closed either way.
        if closed || own { Ok(()) } else { Err(Problem::new(ErrorCode::NotFound)) }
    }

    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed> {
        let me = self.admitted(caller, &CLOSE_OTHER_SESSIONS.meta).await?;
        let (account, keep, now) = (me.account.account_id, me.session.session_id, self.environment().now());
        let event = self.counted_event(ActivityKind::SessionsClosed, &Origin::of_session(caller, &me), events::closed);
        let closed = self.store().close_sessions(account, Some(keep), CloseReason::ClosedByOwner, now, event).await;
        let closed = match closed {
            Ok(closed) => u32::try_from(closed).unwrap_or(u32::MAX),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        self.tell_end_of_all(account, Some(keep), Why::ClosedElsewhere);
        if closed > 0 {
            self.announce(account, Some(keep), ActivityKind::SessionsClosed);
        }
        Ok(Closed { closed })
    }
}

impl Service {
    /// A session with the end it has by the policy of now, which may have become shorter since it began.
    pub(crate) fn within_policy(&self, session: latchkey_store::Session) -> latchkey_store::Session {
        let settings = self.settings();
        let unused = session.last_modified_at.saturating_add(settings.session_idle);
        let end = session.created_at.saturating_add(settings.session_lifetime);
        latchkey_store::Session { expires_at: session.expires_at.min(unused).min(end), ..session }
    }

    /// The sessions that are open by the policy of now, as [`Service::within_policy`] judges a single one.
    pub(crate) fn open_sessions(&self, now: Micros) -> Open {
        let settings = self.settings();
        let used_after = now.saturating_sub(settings.session_idle);
        Open { now, used_after, begun_after: now.saturating_sub(settings.session_lifetime) }
    }
}

/// A session as the wire shows it.
pub(crate) fn wire(session: &latchkey_store::Session, me: &Me) -> Session {
    let device = session.device.clone();
    Session {
        id: session.session_id.0,
        current: session.session_id == me.session.session_id,
        browser: device.browser,
        browser_version: device.browser_version,
        operating_system: device.operating_system,
        model: device.model,
        ip_address: device.ip_address,
        engine: device.engine,
        cpu_architecture: device.cpu_architecture,
        created_at: date_time(session.created_at),
        last_authentication_at: date_time(session.last_authentication_at),
        last_modified_at: date_time(session.last_modified_at),
        expires_at: date_time(session.expires_at),
    }
}

/// An id of another form is the id of no session.
fn session_id(path: &SessionPath, me: &Me) -> ApiResult<SessionId> {
    if path.id == "current" {
        return Ok(me.session.session_id);
    }
    Uuid::parse_str(&path.id).map(SessionId).map_err(|_| Problem::new(ErrorCode::NotFound))
}
