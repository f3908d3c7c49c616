//! Signing in, and the devices that are signed in.

use latchkey_api::{
    common::{Caller, Page, PageQuery},
    problem::{ApiResult, ErrorCode, Problem},
    sessions::{Closed, Session, SessionPath, SessionsApi, SignIn, SignedIn},
    wire::Secret,
};
use latchkey_store::{CloseReason, Credentials, LoginKind, Micros, NewSession, SessionId};
use uuid::Uuid;

use crate::{
    device::device,
    environment::date_time,
    error::problem,
    gate::Me,
    identity_rules::{email_key, username_key},
    passwords::{Password, Verdict},
    profile,
    service::Service,
    tokens::{Token, TokenKind},
};

/// Rows of a page where the caller does not say.
const PAGE: u8 = 50;

#[async_trait::async_trait]
impl SessionsApi for Service {
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        let credentials = self.authenticate(caller, &body).await?;
        self.begin_session(caller, credentials, body).await
    }

    async fn sign_in_second_factor(&self, _: &Caller, _: latchkey_api::sessions::SecondFactor) -> ApiResult<SignedIn> {
        Err(Problem::new(ErrorCode::Internal))
    }

    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>> {
        let me = self.admitted(caller).await?;
        let after = query.after.as_deref().map(read_cursor).transpose()?;
        let limit = query.limit.unwrap_or(PAGE);
        if !(1..=100).contains(&limit) {
            return Err(Problem::new(ErrorCode::InvalidParameter).detail("limit is 1 to 100"));
        }
        let (account, now) = (me.account.account_id, self.environment().now());
        let rows = self.store().list_sessions(account, now, after, i64::from(limit) + 1).await.map_err(problem)?;
        let more = rows.len() > usize::from(limit);
        let rows = &rows[..rows.len().min(usize::from(limit))];
        let next = rows.last().filter(|_| more).map(|row| cursor(row.last_modified_at, row.session_id));
        Ok(Page { items: rows.iter().map(|row| wire(row, &me)).collect(), next })
    }

    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session> {
        let me = self.admitted(caller).await?;
        let id = session_id(&path, &me)?;
        let now = self.environment().now();
        let found = self.store().get_session(me.account.account_id, id).await.map_err(problem)?;
        let open = found.filter(|session| session.closed_at.is_none() && session.expires_at > now);
        open.map(|session| wire(&session, &me)).ok_or_else(|| Problem::new(ErrorCode::NotFound))
    }

    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()> {
        let me = self.admitted(caller).await?;
        let id = session_id(&path, &me)?;
        let own = id == me.session.session_id;
        let reason = if own { CloseReason::SignedOut } else { CloseReason::ClosedByOwner };
        let now = self.environment().now();
        let closed = self.store().close_session(me.account.account_id, id, reason, now).await.map_err(problem)?;
        // Signing out twice at once is no error: the session is closed either way.
        if closed || own { Ok(()) } else { Err(Problem::new(ErrorCode::NotFound)) }
    }

    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed> {
        let me = self.admitted(caller).await?;
        let (account, keep, now) = (me.account.account_id, me.session.session_id, self.environment().now());
        let closed = self.store().close_other_sessions(account, keep, CloseReason::ClosedByOwner, now).await;
        Ok(Closed { closed: u32::try_from(closed.map_err(problem)?).unwrap_or(u32::MAX) })
    }
}

impl Service {
    /// Finds whose password it is. An unknown login costs the same time as a wrong password and answers the same.
    async fn authenticate(&self, caller: &Caller, body: &SignIn) -> ApiResult<Credentials> {
        let wrong = || Problem::new(ErrorCode::InvalidCredentials);
        let (kind, login) = if body.login.contains('@') {
            (LoginKind::Email, email_key(&body.login))
        } else {
            (LoginKind::Username, username_key(&body.login))
        };
        let environment = self.environment();
        let account = self.store().find_login(kind, &login).await.map_err(problem)?;
        self.shared.throttle.sign_in(&login, account, caller.address, environment.now()).await?;
        let password = Password::new(&body.password).ok_or_else(wrong)?;
        let credentials = match account {
            Some(account) => self.store().credentials(account).await.map_err(problem)?,
            None => None,
        };
        let phc = credentials.as_ref().map(|found| found.password_phc.clone());
        let verdict = self.shared.hasher.verify(password, phc).await?;
        let credentials = credentials.filter(|_| verdict != Verdict::Wrong).ok_or_else(wrong)?;
        if credentials.account.disabled_at.is_some() {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        if verdict == Verdict::RightButOutdated {
            self.rehash(&credentials, &body.password).await?;
        }
        self.shared.throttle.forgive_sign_in(&login, caller.address).await?;
        Ok(credentials)
    }

    /// Stores the password at today's cost, unless it was changed meanwhile.
    async fn rehash(&self, credentials: &Credentials, secret: &Secret) -> ApiResult<()> {
        let Some(password) = Password::new(secret) else { return Ok(()) };
        let environment = self.environment();
        let phc = self.shared.hasher.hash(password, environment).await?;
        let id = credentials.account.account_id;
        let changed = self.store().set_password_phc(id, &credentials.password_phc, &phc, environment.now()).await;
        changed.map(|_| ()).map_err(problem)
    }

    async fn begin_session(&self, caller: &Caller, credentials: Credentials, body: SignIn) -> ApiResult<SignedIn> {
        let (environment, settings) = (self.environment(), self.settings());
        let account = credentials.account;
        let token = Token::generate(TokenKind::Session, account.account_id, environment);
        let now = environment.now();
        let new = NewSession {
            account_id: account.account_id,
            session_id: SessionId(environment.uuid()),
            token_hash: token.hash(),
            device: device(caller, body.client),
            created_at: now,
            expires_at: now.saturating_add(settings.session_idle.min(settings.session_lifetime)),
        };
        let session = self.store().add_session(new).await.map_err(problem)?;
        // Disabled or gone between the password and here.
        let session = session.ok_or_else(|| Problem::new(ErrorCode::AccountDisabled))?;
        tracing::info!(account = %account.account_id.0, session = %session.session_id.0, "signed in");
        let me = Me { session, account };
        Ok(SignedIn {
            token: Secret::new(token.expose()),
            session: wire(&me.session, &me),
            profile: profile::wire(&me.account),
            backup_codes_remaining: 0,
            alerts: Vec::new(),
        })
    }
}

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

fn cursor(at: Micros, id: SessionId) -> String {
    format!("{:x}.{}", at.0, id.0.simple())
}

fn read_cursor(text: &str) -> ApiResult<(Micros, SessionId)> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((Micros(i64::from_str_radix(at, 16).ok()?), SessionId(Uuid::parse_str(id).ok()?)))
    };
    read().ok_or_else(|| Problem::new(ErrorCode::InvalidParameter).detail("after is the next of the page before"))
}
