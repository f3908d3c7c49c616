//! Leaving: deleting the account.

use std::time::Duration;

use latchkey_api::{
    common::Caller,
    deletion::{DELETE_ACCOUNT, DeleteAccount, Deletion, DeletionApi, EXPORT_ACCOUNT, Export, GET_DELETION},
    problem::{ApiResult, CloseReason, ErrorCode, FieldCode, Problem},
    wire::Secret,
};
use latchkey_store::{Account, Error, Farewell, Micros, NameHold, NewMail, SecondFactor};

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

/// Days until somebody can take the user name of a deleted account: long enough that nobody mistakes a stranger for the
/// person who left.
const NAME_HELD_DAYS: u32 = 30;

/// The same where there is a registry, in which what the person pushed stays under their name: a hundred years, longer
/// than anybody will ask.
const NAME_HELD_DAYS_WITH_REGISTRY: u32 = 36_525;

const WRONG_PASSWORD: &str = "This is not your password.";

const DAY: Duration = Duration::from_hours(24);

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

    fn name_held_days(&self) -> u32 {
        if self.settings().registry.is_some() { NAME_HELD_DAYS_WITH_REGISTRY } else { NAME_HELD_DAYS }
    }

    /// Holds the user name. Without a key there is nothing to hold it by that would not give it away; that is so in an
    /// app without a keychain, whose person has the service alone. Where there was a key and it cannot be had, it is
    /// answered so: the name of somebody who leaves is not given away by the way.
    async fn name_hold(&self, account: &Account) -> ApiResult<Option<NameHold>> {
        match self.held_name(&username_key(&account.username)).await {
            Ok(name_hash) => {
                let until = self.environment().now().saturating_add(self.name_held_days() * DAY);
                Ok(Some(NameHold { name_hash, until }))
            }
            Err(problem) if problem.code() == ErrorCode::SealingUnavailable && !self.ever_sealed().await? => {
                tracing::warn!(%problem, "user names cannot be held");
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }

    /// The keyed hash that a user name to be taken is held by; none where no name is held. Where one is, it may be this
    /// one, and without the key nobody can tell.
    pub(crate) async fn held_name_hash(&self, username_key: &str, now: Micros) -> ApiResult<Option<[u8; 32]>> {
        // No key is asked for, and perhaps made, only because somebody signs up.
        if !self.store().any_name_held(now).await.map_err(problem)? {
            return Ok(None);
        }
        self.held_name(username_key).await.map(Some)
    }

    async fn held_name(&self, username_key: &str) -> ApiResult<[u8; 32]> {
        self.keyed_hash("held names", &[username_key.as_bytes()]).await
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
    use std::sync::Arc;

    use latchkey_api::{
        accounts::{AccountsApi, SignUp},
        sessions::{SessionsApi, SignIn},
    };

    use super::*;
    use crate::{Environment, FixedKey, Settings};

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

    /// Whether a name is held cannot be told, and none is given away because of that.
    #[tokio::test]
    async fn where_the_key_was_lost_names_stay_held_and_nobody_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.db");
        let password = || Secret::new("seven small otters dance");
        let person = |name: &str| SignUp {
            username: name.into(),
            email: format!("{name}@example.org"),
            name: name.into(),
            password: password(),
        };
        let leaves = async |service: &Service, name: &str| {
            let sign_in = SignIn { login: name.into(), password: password(), client: None };
            let me = service.sign_in(&Caller::default(), sign_in).await.unwrap();
            let farewell = DeleteAccount { username: name.into(), password: password(), code: None };
            service.delete_account(&Caller::with_token(me.token.expose()), farewell).await
        };
        let keys = Arc::new(FixedKey([7; 32]));
        let environment = Environment { keys, ..Environment::system() };
        let service = Service::open(&path, Settings::default(), environment).await.unwrap();
        for name in ["ada", "bob"] {
            service.create_account(&Caller::default(), person(name)).await.unwrap();
        }
        leaves(&service, "ada").await.unwrap();
        service.close().await;
        let without = Service::open(&path, Settings::default(), Environment::system()).await.unwrap();
        for name in ["ada", "zoe"] {
            let refused = without.create_account(&Caller::default(), person(name)).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::SealingUnavailable, "{name}");
        }
        assert_eq!(leaves(&without, "bob").await.unwrap_err().code(), ErrorCode::SealingUnavailable);
    }

    /// As in the app on a computer without a keychain.
    #[tokio::test]
    async fn without_a_key_an_account_is_deleted_and_its_name_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latchkey.db");
        let service = Service::open(&path, Settings::default(), Environment::system()).await.unwrap();
        let password = || Secret::new("seven small otters dance");
        let person = || SignUp {
            username: "ada".into(),
            email: "ada@example.org".into(),
            name: "Ada".into(),
            password: password(),
        };
        service.create_account(&Caller::default(), person()).await.unwrap();
        let sign_in = SignIn { login: "ada".into(), password: password(), client: None };
        let me = service.sign_in(&Caller::default(), sign_in).await.unwrap();
        let farewell = DeleteAccount { username: "ada".into(), password: password(), code: None };
        service.delete_account(&Caller::with_token(me.token.expose()), farewell).await.unwrap();
        service.create_account(&Caller::default(), person()).await.unwrap();
    }
}
