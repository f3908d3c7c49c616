//! Leaving: deleting the account.

use std::time::Duration;

use latchkey_api::{
    common::Caller,
    deletion::{DELETE_ACCOUNT, DeleteAccount, Deletion, DeletionApi, EXPORT_ACCOUNT, Export, GET_DELETION},
    problem::{ApiResult, CloseReason, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{Account, Micros, NameHold};

use crate::{
    error::problem,
    events::Origin,
    gate::Me,
    identity_rules::{Findings, username_key},
    mail::Notice,
    passwords::{Password, Verdict},
    service::Service,
};

/// Days until somebody can take the user name of a deleted account: long enough that nobody mistakes a stranger for the
/// person who left.
const NAME_HELD_DAYS: u32 = 30;

const DAY: Duration = Duration::from_hours(24);

#[async_trait::async_trait]
impl DeletionApi for Service {
    async fn get_deletion(&self, caller: &Caller) -> ApiResult<Deletion> {
        let me = self.enter(caller, &GET_DELETION.meta).await?;
        let account = &me.account;
        let has = self.store().belongings(account.account_id, self.environment().now()).await.map_err(problem)?;
        let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
        Ok(Deletion {
            username: account.username.clone(),
            avatar: account.avatar_etag.is_some(),
            sessions: count(has.sessions),
            events: count(has.events),
            backup_codes: count(has.backup_codes),
            code_required: account.two_factor_since.is_some(),
            username_held_days: NAME_HELD_DAYS,
        })
    }

    async fn delete_account(&self, caller: &Caller, body: DeleteAccount) -> ApiResult<()> {
        let me = self.enter(caller, &DELETE_ACCOUNT.meta).await?;
        self.check_farewell(&me, &body).await?;
        let account = &me.account;
        let hold = self.name_hold(account).await;
        let mail = self.farewell(account, &Origin::of_session(caller, &me)).await;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        if !self.store().delete_account(account.account_id, hold, mail).await.map_err(problem)? {
            return Err(Problem::new(ErrorCode::Unauthenticated));
        }
        mail_id.into_iter().for_each(|mail_id| self.send_soon(account.account_id, mail_id));
        tracing::info!(account = %account.account_id.0, "account deleted");
        self.shared.hub.end_all(account.account_id, None, Some(CloseReason::AccountDeleted));
        self.clean_files().await;
        Ok(())
    }

    async fn export_account(&self, caller: &Caller) -> ApiResult<Export> {
        let me = self.enter(caller, &EXPORT_ACCOUNT.meta).await?;
        self.export(caller, &me).await
    }
}

impl Service {
    /// Whether it is really the person, and really meant. The code is looked at last: it is spent by that.
    async fn check_farewell(&self, me: &Me, body: &DeleteAccount) -> ApiResult<()> {
        let (account, now) = (&me.account, self.environment().now());
        self.shared.throttle.farewell(me.session.session_id, now).await?;
        let mut findings = Findings::default();
        if username_key(&body.username) != username_key(&account.username) {
            findings.add("/username", FieldCode::Incorrect, "Type your username as it is shown.");
        }
        if !self.is_password_of(account, &body.password).await? {
            findings.add("/password", FieldCode::Incorrect, "This is not your password.");
        }
        if account.two_factor_since.is_some() && body.code.is_none() {
            findings.add("/code", FieldCode::Missing, "Enter a code of your authenticator app, or a backup code.");
        }
        if let Some(problem) = findings.problem() {
            return Err(problem);
        }
        if let Some(code) = body.code.as_ref().filter(|_| account.two_factor_since.is_some()) {
            self.check_farewell_code(me, code).await?;
        }
        Ok(())
    }

    async fn is_password_of(&self, account: &Account, password: &Secret) -> ApiResult<bool> {
        let Some(password) = Password::new(password) else { return Ok(false) };
        let found = self.store().credentials(account.account_id).await.map_err(problem)?;
        let verdict = self.shared.hasher.verify(password, found.map(|found| found.password_phc)).await?;
        Ok(verdict != Verdict::Wrong)
    }

    async fn check_farewell_code(&self, _: &Me, _: &Secret) -> ApiResult<()> {
        Err(Problem::new(ErrorCode::SealingUnavailable))
    }

    /// The last message to the person. That it cannot be written keeps nobody from leaving.
    async fn farewell(&self, account: &Account, origin: &Origin) -> Option<NewMail> {
        let mail = self.notice(account, &Notice::AccountDeleted, origin).await;
        mail.unwrap_or_else(|problem| {
            tracing::warn!(%problem, "a farewell could not be written");
            None
        })
    }

    /// Holds the user name. Without a key there is nothing to hold it by that would not give it away; that is so in an
    /// app without a keychain, whose person has the service alone.
    async fn name_hold(&self, account: &Account) -> Option<NameHold> {
        let name_hash = self.held_name(&username_key(&account.username)).await?;
        Some(NameHold { name_hash, until: self.environment().now().saturating_add(NAME_HELD_DAYS * DAY) })
    }

    /// The keyed hash that a user name to be taken is held by. None where no name is held, or where there is no key.
    pub(crate) async fn held_name_hash(&self, username_key: &str, now: Micros) -> ApiResult<Option<[u8; 32]>> {
        // No key is asked for, and perhaps made, only because somebody signs up.
        if !self.store().any_name_held(now).await.map_err(problem)? {
            return Ok(None);
        }
        Ok(self.held_name(username_key).await)
    }

    async fn held_name(&self, username_key: &str) -> Option<[u8; 32]> {
        let hash = self.keyed_hash("held names", &[username_key.as_bytes()]).await;
        hash.inspect_err(|problem| tracing::warn!(%problem, "user names cannot be held")).ok()
    }

    /// Removes what deleted rows left in the files. Where somebody still reads the old state, the upkeep tries again.
    pub(crate) async fn clean_files(&self) {
        match self.store().clean_files().await {
            Ok(true) => {}
            Ok(false) => tracing::debug!("the log is being read; it will be emptied later"),
            Err(error) => tracing::warn!(%error, "the log of the database could not be emptied"),
        }
    }
}
