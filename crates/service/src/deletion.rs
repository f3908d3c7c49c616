//! Leaving: deleting the account.

use std::time::Duration;

use latchkey_api::{
    common::Caller,
    deletion::{DELETE_ACCOUNT, DeleteAccount, Deletion, DeletionApi, EXPORT_ACCOUNT, Export, GET_DELETION},
    problem::{ApiResult, CloseReason, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{Account, Error, Farewell, NewMail, SecondFactor};

use crate::{
    error::problem,
    events::Origin,
    gate,
    identity_rules::{Findings, username_key},
    mail::{Lane, Notice},
    person::Me,
    second_factor::{Door, Given, WrongCode},
    service::Service,
};

const DAY: Duration = Duration::from_hours(24);

const WRONG_PASSWORD: &str = "This is not your password.";

#[async_trait::async_trait]
impl DeletionApi for Service {
    async fn get_deletion(&self, caller: &Caller) -> ApiResult<Deletion> {
        let me = self.admitted(caller, &GET_DELETION.meta).await?;
        let account = &me.account;
        let now = self.environment().now();
        let keys_ended = self.settings().api_key_max_days.map(|days| now.saturating_sub(days * DAY));
        let has = self.store().belongings(account.account_id, now, keys_ended).await.map_err(problem)?;
        let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
        Ok(Deletion {
            username: account.username.clone(),
            avatar: account.avatar_etag.is_some(),
            sessions: count(has.sessions),
            api_keys: count(has.api_keys),
            ssh_keys: count(has.ssh_keys),
            integrations: count(has.integrations),
            container_registries: count(has.container_registries),
            events: count(has.events),
            backup_codes: count(has.backup_codes),
            code_required: account.two_factor_since.is_some(),
            username_held_days: self.name_held_days(),
        })
    }

    async fn delete_account(&self, caller: &Caller, body: DeleteAccount) -> ApiResult<()> {
        let me = self.admitted(caller, &DELETE_ACCOUNT.meta).await?;
        let (account, origin) = (&me.account, Origin::of_session(caller, &me));
        let checked_phc = self.check_farewell(&me, &body, &origin).await?;
        let code = body.code.filter(|_| account.two_factor_since.is_some());
        let (second_factor, last) = self.check_farewell_code(&me, code, &origin).await?;
        let mail = self.farewell(account, &origin).await;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let now = self.environment().now();
        let farewell = Farewell {
            session: me.session.session_id,
            checked_phc,
            second_factor,
            hold: self.name_hold(account).await?,
            mail,
            now,
        };
        // Read before they are gone, to have the providers forget them afterwards.
        let connections = self.store().list_integrations(account.account_id).await.map_err(problem)?;
        match self.store().delete_account(account.account_id, farewell).await {
            Ok(true) => {}
            Ok(false) => {
                self.note_wrong_second_factor(account.account_id, last, &origin).await?;
                return Err(WrongCode::plain(now).incorrect("/code"));
            }
            Err(Error::Raced) => return Err(self.not_any_more(&me).await),
            Err(error) => return Err(problem(error)),
        }
        tracing::info!(account = %account.account_id.0, "account deleted");
        if let Some(mail_id) = mail_id {
            self.send_soon(Lane::Notices, account.account_id, mail_id);
        }
        self.tell_end_of_all(account.account_id, None, CloseReason::AccountDeleted);
        self.forget_soon(account.account_id, connections);
        self.clean_files().await;
        Ok(())
    }

    async fn export_account(&self, caller: &Caller) -> ApiResult<Export> {
        let me = self.admitted(caller, &EXPORT_ACCOUNT.meta).await?;
        self.export(caller, &me).await
    }
}

impl Service {
    /// Whether it is really meant, by somebody who knows the password: the hash it was compared with.
    async fn check_farewell(&self, me: &Me, body: &DeleteAccount, origin: &Origin) -> ApiResult<String> {
        let mut findings = Findings::default();
        if username_key(&body.username) != username_key(&me.account.username) {
            findings.add("/username", FieldCode::Incorrect, "Type your username as it is shown.");
        }
        let checked_phc = self.password_is(me, &body.password, origin).await?;
        if checked_phc.is_none() {
            findings.add("/password", FieldCode::Incorrect, WRONG_PASSWORD);
        }
        if me.account.two_factor_since.is_some() && body.code.is_none() {
            findings.add("/code", FieldCode::Missing, "Enter a code of your authenticator app, or a backup code.");
        }
        match (findings.problem(), checked_phc) {
            (None, Some(checked_phc)) => Ok(checked_phc),
            (problem, _) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        }
    }

    /// The second factor to spend, and whether it was the last try. Looked at when everything else is right: each serves
    /// once.
    async fn check_farewell_code(
        &self,
        me: &Me,
        code: Option<Secret>,
        origin: &Origin,
    ) -> ApiResult<(Option<SecondFactor>, bool)> {
        let Some(code) = code else { return Ok((None, false)) };
        let account = me.account.account_id;
        let checked = self.check_second_factor(account, &Door::session(me.session.session_id), &given(code)).await?;
        match checked.verdict {
            Ok(factor) => Ok((Some(factor), checked.last)),
            Err(wrong) => {
                self.note_wrong_second_factor(account, checked.last, origin).await?;
                Err(wrong.incorrect("/code"))
            }
        }
    }

    /// What a person is told where something they had proved does not hold any more.
    async fn not_any_more(&self, me: &Me) -> Problem {
        let found = self.store().get_session(me.account.account_id, me.session.session_id).await;
        let session = match found.map_err(problem) {
            Ok(Some(session)) => session,
            Ok(None) => return Problem::new(ErrorCode::Unauthenticated),
            Err(problem) => return problem,
        };
        if let Some(reason) = session.close_reason {
            return gate::closed(reason);
        }
        let mut findings = Findings::default();
        findings.add("/password", FieldCode::Incorrect, WRONG_PASSWORD);
        findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal))
    }

    /// The last message to the person. That it cannot be written keeps nobody from leaving.
    async fn farewell(&self, account: &Account, origin: &Origin) -> Option<NewMail> {
        let mail = self.notice(account, &Notice::AccountDeleted, origin).await;
        mail.unwrap_or_else(|problem| {
            tracing::warn!(%problem, "a farewell could not be written");
            None
        })
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

/// The one field takes either; they do not look alike.
fn given(code: Secret) -> Given {
    let mut characters = code.expose().chars().filter(|c| !c.is_whitespace());
    let is_of_the_app =
        characters.by_ref().take(6).filter(char::is_ascii_digit).count() == 6 && characters.next().is_none();
    if is_of_the_app { Given::Code(code) } else { Given::BackupCode(code) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_the_app_is_six_digits_and_nothing_else() {
        for (text, of_the_app) in [
            ("123456", true),
            (" 123 456 ", true),
            ("12345", false),
            ("1234567", false),
            ("abcde-fghij", false),
            ("", false),
        ] {
            assert_eq!(matches!(given(Secret::new(text)), Given::Code(_)), of_the_app, "{text:?}");
        }
    }
}
