//! Two-factor authentication: setting it up, switching it off, and new backup codes.

use std::time::Duration;

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    instance::TwoFactorPolicy,
    problem::{ApiResult, CloseReason as Why, ErrorCode, Problem},
    two_factor::*,
    wire::Secret,
};
use latchkey_store::{Account, Confirmation, Enabling};
use zeroize::Zeroizing;

use crate::{
    backup_codes,
    environment::date_time,
    error::problem,
    events::{self, Origin},
    mail::Notice,
    second_factor::{Door, WrongCode},
    service::Service,
    totp,
};

/// How long the first code is waited for.
const SETUP: Duration = Duration::from_mins(15);

#[async_trait::async_trait]
impl TwoFactorApi for Service {
    async fn get_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactor> {
        let person = self.admitted_person(caller, &GET_TWO_FACTOR.meta).await?;
        self.two_factor_of(person.account()).await
    }

    async fn start_two_factor(&self, caller: &Caller) -> ApiResult<TwoFactorSetup> {
        let me = self.admitted(caller, &START_TWO_FACTOR.meta).await?;
        let id = me.account.account_id;
        let secret = Zeroizing::new(self.environment().bytes::<{ totp::SECRET_BYTES }>());
        let sealed = self.seal(totp::PURPOSE, id, &*secret).await?;
        let (session, now) = (Some(me.session.session_id), self.environment().now());
        let expires_at = now.saturating_add(SETUP);
        match self.store().begin_two_factor(id, session, sealed, now, expires_at).await {
            Ok(true) => {}
            Ok(false) => return Err(conflict("Two-factor authentication is on already.")),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        let uri = totp::uri(&*secret, &self.settings().name, &me.account.username);
        Ok(TwoFactorSetup {
            secret: Secret::new(totp::base32(&*secret).as_str()),
            otpauth_uri: Secret::new(uri.as_str()),
            expires_at: date_time(expires_at),
        })
    }

    async fn verify_two_factor(&self, caller: &Caller, body: VerifyTwoFactor) -> ApiResult<BackupCodes> {
        let me = self.admitted(caller, &VERIFY_TWO_FACTOR.meta).await?;
        let (account, session, now) = (&me.account, me.session.session_id, self.environment().now());
        let id = account.account_id;
        let begin = || conflict("This setup has ended. Begin again.");
        let app = self.store().authenticator_app(id).await.map_err(problem)?.ok_or_else(begin)?;
        if app.enabled_at.is_some() {
            return Err(conflict("Two-factor authentication is on already."));
        }
        if app.expires_at.is_none_or(|expires_at| expires_at <= now) {
            return Err(begin());
        }
        let secret = self.unseal(totp::PURPOSE, id, &app.sealed_secret).await?;
        self.count_second_factor(id, &Door::session(session)).await?;
        let verdict = totp::check(&secret, body.code.expose(), app.last_step, now);
        let step = WrongCode::of(verdict, now).map_err(|wrong| wrong.incorrect("/code"))?;
        let codes = backup_codes::generate(self.environment());
        let origin = Origin::of_session(caller, &me);
        let new = Enabling {
            by: session,
            sealed_secret: app.sealed_secret,
            step,
            set: self.environment().uuid(),
            code_hashes: self.backup_code_hashes(id, &codes).await?,
            now,
            event: self.counted_event(ActivityKind::TwoFactorEnabled, &origin, events::closed),
        };
        match self.store().enable_two_factor(id, new).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(begin()),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        tracing::info!(account = %id.0, "two-factor authentication is on");
        self.tell_end_of_all(id, Some(session), Why::TwoFactorChanged);
        self.announce(id, Some(session), ActivityKind::TwoFactorEnabled);
        self.notify_by_mail(account, Notice::TwoFactorEnabled, &origin).await;
        Ok(BackupCodes { backup_codes: codes })
    }

    async fn disable_two_factor(&self, caller: &Caller) -> ApiResult<()> {
        let me = self.admitted(caller, &DISABLE_TWO_FACTOR.meta).await?;
        if self.settings().two_factor == TwoFactorPolicy::Required {
            return Err(Problem::new(ErrorCode::RequiredByPolicy));
        }
        let (id, session) = (me.account.account_id, me.session.session_id);
        let origin = Origin::of_session(caller, &me);
        let event = self.counted_event(ActivityKind::TwoFactorDisabled, &origin, events::closed);
        let now = self.environment().now();
        match self.store().disable_two_factor(id, Some(session), now, event).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(conflict("Two-factor authentication is off.")),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        tracing::info!(account = %id.0, "two-factor authentication is off");
        self.tell_end_of_all(id, Some(session), Why::TwoFactorChanged);
        self.announce(id, Some(session), ActivityKind::TwoFactorDisabled);
        self.notify_by_mail(&me.account, Notice::TwoFactorDisabled { by_administrator: false }, &origin).await;
        Ok(())
    }

    async fn generate_backup_codes(&self, caller: &Caller) -> ApiResult<PendingBackupCodes> {
        let me = self.admitted(caller, &GENERATE_BACKUP_CODES.meta).await?;
        let id = me.account.account_id;
        let (set_id, now) = (self.environment().uuid(), self.environment().now());
        let codes = backup_codes::generate(self.environment());
        let hashes = self.backup_code_hashes(id, &codes).await?;
        match self.store().add_backup_codes(id, Some(me.session.session_id), set_id, hashes, now).await {
            Ok(true) => Ok(PendingBackupCodes { set_id, backup_codes: codes }),
            Ok(false) => Err(conflict("Two-factor authentication is off.")),
            Err(error) => Err(self.closed_meanwhile(&me, error).await),
        }
    }

    async fn confirm_backup_codes(&self, caller: &Caller, path: BackupCodeSet) -> ApiResult<()> {
        let me = self.admitted(caller, &CONFIRM_BACKUP_CODES.meta).await?;
        let (id, now, kind) = (me.account.account_id, self.environment().now(), ActivityKind::BackupCodesGenerated);
        let origin = Origin::of_session(caller, &me);
        let event = self.event(kind, &origin, &ActivityDetails::default());
        match self.store().confirm_backup_codes(id, origin.session, path.set_id, now, event).await {
            Err(error) => Err(self.closed_meanwhile(&me, error).await),
            Ok(Confirmation::Unknown) => Err(Problem::new(ErrorCode::NotFound)),
            Ok(Confirmation::Again) => Ok(()),
            Ok(Confirmation::Done) => {
                self.announce(id, Some(me.session.session_id), kind);
                self.notify_by_mail(&me.account, Notice::BackupCodesGenerated, &origin).await;
                Ok(())
            }
        }
    }

    async fn check_backup_code(&self, caller: &Caller, body: CheckBackupCode) -> ApiResult<CheckedBackupCode> {
        self.practise(caller, body).await
    }
}

impl Service {
    /// How two-factor authentication of an account stands.
    pub(crate) async fn two_factor_of(&self, account: &Account) -> ApiResult<TwoFactor> {
        let enabled = account.two_factor_since.is_some();
        let required = self.settings().two_factor == TwoFactorPolicy::Required;
        let codes = self.store().backup_codes(account.account_id).await.map_err(problem)?;
        let remaining = if enabled { u32::try_from(codes.remaining).unwrap_or_default() } else { 0 };
        Ok(TwoFactor {
            enabled,
            enabled_at: account.two_factor_since.map(date_time),
            required_by_policy: required,
            can_disable: enabled && !required,
            backup_codes_remaining: remaining,
            backup_codes_low: enabled && backup_codes::are_low(remaining),
            backup_codes_created_at: codes.created_at.filter(|_| enabled).map(date_time),
        })
    }
}

fn conflict(detail: &str) -> Problem {
    Problem::new(ErrorCode::Conflict).detail(detail)
}
