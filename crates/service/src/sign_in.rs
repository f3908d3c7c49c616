//! Signing in: the password, then the second factor where two-factor authentication is on.

use std::time::Duration;

use futures_util::future::join;
use latchkey_api::{
    activity::{ActivityDetails, ActivityKind, Push},
    common::Caller,
    freshness::Method,
    problem::{ApiResult, ErrorCode, Problem},
    sessions::{Alert, ClientInfo, SecondFactor, SignIn, SignedIn},
    wire::Secret,
};
use latchkey_store::{
    AccountId, Credentials, Device, Error, LoginKind, NewSession, NewTransaction, SecondStep, SessionId,
};

use crate::{
    backup_codes,
    device::device,
    error::problem,
    events::{self, Origin, label},
    identity_rules::{email_key, username_key},
    mail::Notice,
    passwords::{Password, Verdict},
    person::Me,
    profile,
    request_span::name_account,
    second_factor::{Door, Given, WrongCode},
    service::Service,
    sessions,
    tokens::{self, Token, TokenKind},
};

/// How long the second factor is waited for.
const SECOND_STEP: Duration = Duration::from_mins(5);

/// What somebody signs in with.
struct Login {
    kind: LoginKind,
    key: String,
}

/// What a look at a password found.
struct Looked {
    verdict: Verdict,
    credentials: Option<Credentials>,
    /// Whether the sign-in is familiar, where it would be one and that could be read.
    familiar: ApiResult<bool>,
}

impl Login {
    fn of(text: &str) -> Self {
        if text.contains('@') {
            Self { kind: LoginKind::Email, key: email_key(text) }
        } else {
            Self { kind: LoginKind::Username, key: username_key(text) }
        }
    }
}

impl Service {
    /// The password. A session by the password alone begins only while that is the password and no second factor is
    /// asked for: the store decides it where it writes the session.
    pub(crate) async fn first_step(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        let login = Login::of(&body.login);
        let device = device(caller, body.client.clone());
        let (credentials, familiar) = self.authenticate(caller, &login, &body.password, &device).await?;
        let Credentials { account, password_phc } = credentials;
        let id = account.account_id;
        let forgiving = self.shared.throttle.forgive_sign_in(&login.key, caller.address);
        if account.two_factor_since.is_none() {
            let (token, new) = self.new_session(id, device);
            let event = self.event(ActivityKind::SignedIn, &origin(&new), &ActivityDetails::default());
            // At one time: one after the other, the person would wait for two writes.
            let (forgiven, added) = join(forgiving, self.store().add_session(new, &password_phc, event)).await;
            forgiven?;
            if let Some(session) = added.map_err(problem)? {
                return Ok(self.welcome(&token, Me { session, account }, familiar, 0).await);
            }
        } else {
            forgiving.await?;
        }
        let token = Token::generate(TokenKind::Transaction, id, self.environment());
        let now = self.environment().now();
        let client = body.client.map(|client| serde_json::to_string(&client)).transpose().map_err(Problem::internal)?;
        let new = NewTransaction {
            transaction_hash: token.hash(),
            checked_phc: password_phc,
            client,
            now,
            expires_at: now.saturating_add(SECOND_STEP),
        };
        if !self.store().add_transaction(id, new).await.map_err(problem)? {
            return Err(self.changed_meanwhile(id).await);
        }
        Err(Problem::new(ErrorCode::SecondFactorRequired).with(|members| {
            members.transaction = Some(Secret::new(token.expose()));
            members.methods = Some(vec![Method::Totp, Method::BackupCode]);
        }))
    }

    /// The second factor. A wrong one leaves the transaction as it is; a right one ends it.
    pub(crate) async fn second_step(&self, caller: &Caller, body: SecondFactor) -> ApiResult<SignedIn> {
        let ended = || Problem::new(ErrorCode::TransactionEnded);
        let given = Given::one_of(body.code, body.backup_code)?;
        let token = tokens::present(body.transaction.expose()).filter(|token| token.kind == TokenKind::Transaction);
        let token = token.ok_or_else(ended)?;
        let (id, now, door) = (token.account, self.environment().now(), Door::sign_in());
        let client = self.store().transaction(id, &token.hash, now).await.map_err(problem)?.ok_or_else(ended)?;
        name_account(id);
        let account = self.store().account(id).await.map_err(problem)?.ok_or_else(ended)?;
        if account.disabled_at.is_some() {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        let client: Option<ClientInfo> = client.and_then(|client| serde_json::from_str(&client).ok());
        let (session_token, new) = self.new_session(id, device(caller, client));
        let checked = self.check_second_factor(id, &door, &given).await?;
        let wrong = match checked.verdict {
            Err(wrong) => wrong,
            Ok(factor) => {
                let by_backup_code = factor.is_backup_code();
                let event = if by_backup_code {
                    self.counted_event(ActivityKind::SignedInWithBackupCode, &origin(&new), events::remaining)
                } else {
                    self.counted_event(ActivityKind::SignedIn, &origin(&new), |_| ActivityDetails::default())
                };
                match self.store().finish_sign_in(token.hash, factor, door.name(), new, event).await {
                    Ok(SecondStep::SignedIn(session, left)) => {
                        let left = u32::try_from(left).unwrap_or_default();
                        let me = Me { session, account };
                        if by_backup_code {
                            self.backup_code_was_used(&me.account, left, &Origin::of_session(caller, &me)).await;
                        }
                        let familiar = self.is_familiar(id, Some(me.session.session_id), &me.session.device).await;
                        return Ok(self.welcome(&session_token, me, familiar, left).await);
                    }
                    Ok(SecondStep::Wrong) => WrongCode::plain(now),
                    Err(Error::Raced) => return Err(ended()),
                    Err(error) => return Err(problem(error)),
                }
            }
        };
        self.note_wrong_second_factor(id, checked.last, &Origin::of_caller(caller)).await?;
        Err(wrong.invalid_code())
    }

    /// Finds whose password it is, and whether [that is familiar](Self::is_familiar) where no second factor is asked for. An
    /// unknown login costs the same time as a wrong password and answers the same.
    async fn authenticate(
        &self,
        caller: &Caller,
        login: &Login,
        secret: &Secret,
        device: &Device,
    ) -> ApiResult<(Credentials, ApiResult<bool>)> {
        let wrong = || Problem::new(ErrorCode::InvalidCredentials);
        let account = self.store().find_login(login.kind, &login.key).await.map_err(problem)?;
        let account = account.inspect(|account| name_account(*account));
        let (throttle, now) = (&self.shared.throttle, self.environment().now());
        let counting = throttle.sign_in(&login.key, account, caller.address, now);
        let looking = self.look_at_password(account, secret, device);
        let Looked { verdict, credentials, familiar } = if throttle.has_room_to_sign_in(&login.key, caller.address, now)
        {
            // At one time, because counting waits for the disk. Nothing is told of a password that was one too many.
            let (looked, counted) = join(looking, counting).await;
            counted?;
            looked?
        } else {
            counting.await?;
            looking.await?
        };
        let known = credentials.filter(|_| verdict != Verdict::Wrong);
        let Some(credentials) = known else {
            self.note_strangers_wrong_password(account, &Origin::of_caller(caller)).await?;
            return Err(wrong());
        };
        if credentials.account.disabled_at.is_some() {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        if verdict == Verdict::RightButOutdated {
            return Ok((self.rehash(credentials, secret).await?.ok_or_else(wrong)?, familiar));
        }
        Ok((credentials, familiar))
    }

    /// Whether that is the account's password, and the account. For nobody's it takes as long, and says no.
    async fn look_at_password(
        &self,
        account: Option<AccountId>,
        secret: &Secret,
        device: &Device,
    ) -> ApiResult<Looked> {
        let password = Password::new(secret).ok_or_else(|| Problem::new(ErrorCode::InvalidCredentials))?;
        let credentials = match account {
            Some(account) => self.store().credentials(account).await.map_err(problem)?,
            None => None,
        };
        let phc = credentials.as_ref().map(|found| found.password_phc.clone());
        let begins = credentials.as_ref().filter(|found| found.account.two_factor_since.is_none());
        let looking_back = async {
            match begins {
                Some(found) => self.is_familiar(found.account.account_id, None, device).await,
                None => Ok(true),
            }
        };
        // While another thread hashes, which takes longer.
        let (verdict, familiar) = join(self.shared.hasher.verify(password, phc), looking_back).await;
        Ok(Looked { verdict: verdict?, credentials, familiar })
    }

    /// Writes down that somebody who is not signed in gave a wrong password, as far as there is room for it. It takes as
    /// long where there is no such account.
    async fn note_strangers_wrong_password(&self, account: Option<AccountId>, origin: &Origin) -> ApiResult<()> {
        let now = self.environment().now();
        let within = self.shared.throttle.wrong_password(account, now).await?;
        match account.filter(|_| within) {
            Some(account) => self.note_wrong_password(account, origin).await,
            None => self.shared.throttle.wait_for_a_write(now).await,
        }
    }

    /// Writes down that somebody gave a wrong password.
    pub(crate) async fn note_wrong_password(&self, account: AccountId, origin: &Origin) -> ApiResult<()> {
        let kind = ActivityKind::WrongPassword;
        let event = self.event(kind, origin, &ActivityDetails::default());
        self.store().add_event(account, event).await.map_err(problem)?;
        self.announce(account, origin.session, kind);
        Ok(())
    }

    /// Stores the password at today's cost. Where somebody else replaced the hash meanwhile, the password is compared
    /// with the new one; `None` where it is another password by now.
    async fn rehash(&self, credentials: Credentials, secret: &Secret) -> ApiResult<Option<Credentials>> {
        let password = || Password::new(secret).ok_or_else(|| Problem::new(ErrorCode::InvalidCredentials));
        let id = credentials.account.account_id;
        let phc = self.shared.hasher.hash(password()?, self.environment()).await?;
        if self.store().rehash_password(id, &credentials.password_phc, &phc).await.map_err(problem)? {
            return Ok(Some(Credentials { password_phc: phc, ..credentials }));
        }
        let Some(now) = self.store().credentials(id).await.map_err(problem)? else { return Ok(None) };
        let verdict = self.shared.hasher.verify(password()?, Some(now.password_phc.clone())).await?;
        Ok((verdict != Verdict::Wrong).then_some(now))
    }

    fn new_session(&self, account: AccountId, device: Device) -> (Token, NewSession) {
        let (environment, settings) = (self.environment(), self.settings());
        let token = Token::generate(TokenKind::Session, account, environment);
        let now = environment.now();
        let new = NewSession {
            account_id: account,
            session_id: SessionId(environment.uuid()),
            token_hash: token.hash(),
            device,
            created_at: now,
            expires_at: now.saturating_add(settings.session_idle.min(settings.session_lifetime)),
        };
        (token, new)
    }

    /// Neither a session nor a transaction could begin: disabled, gone, or another password since it was checked.
    async fn changed_meanwhile(&self, account: AccountId) -> Problem {
        match self.store().account(account).await.map_err(problem) {
            Ok(Some(account)) if account.disabled_at.is_none() => Problem::new(ErrorCode::InvalidCredentials),
            Ok(_) => Problem::new(ErrorCode::AccountDisabled),
            Err(problem) => problem,
        }
    }

    /// The answer for a session that has begun, and the news of it for the others. News that cannot be told keep nobody
    /// from getting in.
    async fn welcome(&self, token: &Token, me: Me, familiar: ApiResult<bool>, backup_codes_remaining: u32) -> SignedIn {
        let (account, session) = (&me.account, &me.session);
        tracing::info!(account = %account.account_id.0, session = %session.session_id.0, "signed in");
        let push = Push::SignInNew {
            session_id: session.session_id.0,
            device: label(&session.device),
            ip_address: session.device.ip_address.clone(),
        };
        self.tell(account.account_id, Some(session.session_id), &push);
        match familiar {
            Ok(true) => {}
            Ok(false) => self.notify_by_mail(account, Notice::NewSignIn, &Origin::of_device(&session.device)).await,
            Err(problem) => tracing::warn!(%problem, "nobody is told of a new sign-in"),
        }
        let low = account.two_factor_since.is_some() && backup_codes::are_low(backup_codes_remaining);
        SignedIn {
            token: Secret::new(token.expose()),
            session: sessions::wire(session, &me),
            profile: profile::wire(account),
            backup_codes_remaining,
            alerts: low.then_some(Alert::BackupCodesLow).into_iter().collect(),
        }
    }
}

/// A sign-in is done by the session it begins.
fn origin(new: &NewSession) -> Origin {
    Origin { session: Some(new.session_id), ..Origin::of_device(&new.device) }
}
