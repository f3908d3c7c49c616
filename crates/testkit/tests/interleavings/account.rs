//! The same account at a real service: what the model counts are tokens, codes and keys here.

use chrono::Duration;
use latchkey_api::{
    activity::{ActivityKind, ActivityQuery},
    api_keys::{ApiKeyPath, CreateApiKey, Scope},
    common::Caller,
    instance::TwoFactorPolicy,
    password::{ChangePassword, Reauthentication},
    problem::{ApiResult, ErrorCode},
    sessions::{SecondFactor, SessionPath, SignIn},
    two_factor::{BackupCodeSet, BackupCodeState, CheckBackupCode, TwoFactor, VerifyTwoFactor},
    wire::Secret,
};
use latchkey_service::Policy;
use latchkey_testkit::{Authenticator, PASSWORD, Person, World};
use uuid::Uuid;

use crate::{
    model::{Model, Outcome, at},
    operations::{Code, Factor, Operation},
};

/// Somebody's account.
pub(crate) struct Account {
    username: String,
    password: String,
    pub(crate) sessions: Vec<Person>,
    transactions: Vec<Secret>,
    app: Option<Authenticator>,
    /// Each set with its id, where it was told.
    sets: Vec<(Option<Uuid>, Vec<Secret>)>,
    keys: Vec<(Uuid, Secret)>,
    passwords: u32,
}

/// What something that was done has left in somebody's hands.
pub(crate) enum Made {
    Session(Box<Person>),
    Transaction(Secret),
    App(Authenticator),
    Set(Option<Uuid>, Vec<Secret>),
    Key(Uuid, Secret),
    Password(String),
    /// What a backup code was said to be worth.
    Worth(Factor, BackupCodeState),
    Nothing,
}

impl Account {
    /// Signs up and in.
    pub(crate) async fn joins(world: &World, username: &str) -> Self {
        Self {
            username: username.into(),
            password: PASSWORD.into(),
            sessions: vec![Person::joins(&*world.api, username).await],
            transactions: Vec::new(),
            app: None,
            sets: Vec::new(),
            keys: Vec::new(),
            passwords: 0,
        }
    }

    /// Does it, where there is something to do it with: what was answered, and what somebody has now. `model` is how things
    /// stood before.
    pub(crate) async fn does(&self, world: &World, model: &Model, operation: Operation) -> Option<(Outcome, Made)> {
        let done = self.done(world, model, operation).await?;
        Some(match done {
            Ok(made) => (Ok(()), made),
            Err(problem) => {
                let made = problem.body().members.transaction.clone().map_or(Made::Nothing, Made::Transaction);
                (Err(problem.code()), made)
            }
        })
    }

    async fn done(&self, world: &World, model: &Model, operation: Operation) -> Option<ApiResult<Made>> {
        let (api, nobody) = (&*world.api, Caller::default());
        let caller = |session: usize| &self.sessions[session % self.sessions.len()].caller;
        Some(match operation {
            Operation::SignIn => {
                let body = SignIn { login: self.username.clone(), password: self.password(), client: None };
                api.sign_in(&nobody, body).await.map(|answer| Made::Session(Box::new(answer.into())))
            }
            Operation::SecondStep { transaction, factor } => {
                let transaction = self.transactions[at(transaction, self.transactions.len())?].clone();
                let (code, backup_code) = self.factor(world, model, factor);
                let body = SecondFactor { transaction, code, backup_code };
                api.sign_in_second_factor(&nobody, body).await.map(|answer| Made::Session(Box::new(answer.into())))
            }
            Operation::Reauthenticate { session, factor } => {
                let (code, backup_code) = factor.map_or((None, None), |factor| self.factor(world, model, factor));
                let body = Reauthentication { password: self.password(), code, backup_code };
                api.reauthenticate(caller(session), body).await.map(nothing)
            }
            Operation::Guess { session, times } => {
                let body =
                    Reauthentication { password: self.password(), code: None, backup_code: Some(wrong_backup_code()) };
                let mut last = Ok(Made::Nothing);
                for _ in 0..times {
                    last = api.reauthenticate(caller(session), body.clone()).await.map(nothing);
                }
                last
            }
            Operation::GuessToSignIn { transaction, times } => {
                let transaction = self.transactions[at(transaction, self.transactions.len())?].clone();
                let body = SecondFactor { transaction, code: None, backup_code: Some(wrong_backup_code()) };
                let mut last = Ok(Made::Nothing);
                for _ in 0..times {
                    last = api.sign_in_second_factor(&nobody, body.clone()).await.map(nothing);
                }
                last
            }
            Operation::Start { session } => {
                api.start_two_factor(caller(session)).await.map(|setup| Made::App(Authenticator::scans(&setup)))
            }
            Operation::Verify { session, code } => {
                let body = VerifyTwoFactor { code: self.code(world, model, code) };
                api.verify_two_factor(caller(session), body).await.map(|codes| Made::Set(None, codes.backup_codes))
            }
            Operation::Disable { session } => api.disable_two_factor(caller(session)).await.map(nothing),
            Operation::Generate { session } => {
                let made = api.generate_backup_codes(caller(session)).await;
                made.map(|made| Made::Set(Some(made.set_id), made.backup_codes))
            }
            Operation::Confirm { session, set } => {
                // The first set of all came without an id: it was in use from the beginning.
                let set_id = self.sets[at(set, self.sets.len())?].0?;
                api.confirm_backup_codes(caller(session), BackupCodeSet { set_id }).await.map(nothing)
            }
            Operation::Practise { session, factor, times } => {
                let typed = self.factor(world, model, factor).1.unwrap_or_else(wrong_backup_code);
                let body = CheckBackupCode { backup_code: typed };
                let mut last = Ok(Made::Nothing);
                for _ in 0..times {
                    let checked = api.check_backup_code(caller(session), body.clone()).await;
                    last = checked.map(|checked| Made::Worth(factor, checked.state));
                }
                last
            }
            Operation::Close { session, other } => {
                let id = self.sessions[other % self.sessions.len()].session.id.to_string();
                api.close_session(caller(session), SessionPath { id }).await.map(nothing)
            }
            Operation::CloseOthers { session } => api.close_other_sessions(caller(session)).await.map(nothing),
            Operation::ChangePassword { session, close } => {
                let new = format!("nine purple herons wait {}", self.passwords);
                let body = ChangePassword {
                    current_password: self.password(),
                    new_password: Secret::new(&*new),
                    close_other_sessions: close,
                };
                api.change_password(caller(session), body).await.map(|()| Made::Password(new))
            }
            Operation::CreateKey { session } => {
                let body = CreateApiKey { name: "script".into(), scopes: vec![Scope::Api], expires_at: None };
                api.create_api_key(caller(session), body).await.map(|key| Made::Key(key.id, key.token))
            }
            Operation::DeleteKey { session, key } => {
                let id = self.keys[at(key, self.keys.len())?].0;
                api.delete_api_key(caller(session), ApiKeyPath { id }).await.map(nothing)
            }
            Operation::UseKey { key } => {
                let token = self.keys[at(key, self.keys.len())?].1.expose();
                api.get_two_factor(&Caller::with_token(token)).await.map(nothing)
            }
            Operation::Require(required) => {
                let policy = if required { TwoFactorPolicy::Required } else { TwoFactorPolicy::Optional };
                world.service.set_policy(Policy::TwoFactor(policy)).await.map(nothing)
            }
            Operation::Wait { seconds } => {
                world.clock.advance(Duration::seconds(seconds.into()));
                Ok(Made::Nothing)
            }
        })
    }

    /// Keeps what was made.
    pub(crate) fn keeps(&mut self, made: Made) {
        match made {
            Made::Session(person) => self.sessions.push(*person),
            Made::Transaction(token) => self.transactions.push(token),
            Made::App(app) => self.app = Some(app),
            Made::Set(id, codes) => self.sets.push((id, codes)),
            Made::Key(id, token) => self.keys.push((id, token)),
            Made::Password(new) => {
                self.password = new;
                self.passwords += 1;
            }
            Made::Worth(..) | Made::Nothing => {}
        }
    }

    /// How two-factor authentication stands, as each session is told; the refusal of those that are closed.
    pub(crate) async fn views(&self, world: &World) -> Vec<Result<TwoFactor, ErrorCode>> {
        let mut views = Vec::new();
        for person in &self.sessions {
            views.push(world.api.get_two_factor(&person.caller).await.map_err(|problem| problem.code()));
        }
        views
    }

    /// Whether each key opens anything.
    pub(crate) async fn open_keys(&self, world: &World) -> Vec<bool> {
        let mut open = Vec::new();
        for (_, token) in &self.keys {
            open.push(world.api.get_two_factor(&Caller::with_token(token.expose())).await.is_ok());
        }
        open
    }

    /// The activity, the oldest first. It is read with a session that is open.
    pub(crate) async fn events(&self, world: &World, session: usize) -> Vec<ActivityKind> {
        let (mut kinds, mut after) = (Vec::new(), None);
        loop {
            let query = ActivityQuery { limit: Some(100), after, category: None };
            let page = world.api.list_events(&self.sessions[session].caller, query).await;
            let page = page.expect("an open session reads it");
            kinds.extend(page.items.iter().map(|event| event.kind));
            after = page.next;
            if after.is_none() {
                kinds.reverse();
                return kinds;
            }
        }
    }

    /// Whether the chain of events is whole, and how many there are.
    pub(crate) async fn counted_events(&self, world: &World) -> usize {
        let verified = world.service.verify_activity(Some(&self.username)).await.expect("it is looked at");
        assert_eq!(verified.broken, [], "the chain is whole");
        usize::try_from(verified.events).expect("a count")
    }

    fn password(&self) -> Secret {
        Secret::new(&*self.password)
    }

    fn factor(&self, world: &World, model: &Model, factor: Factor) -> (Option<Secret>, Option<Secret>) {
        match factor {
            Factor::Code(code) => (Some(self.code(world, model, code)), None),
            Factor::Backup { set, code } => {
                let set = at(set, self.sets.len()).map(|set| &self.sets[set].1);
                (None, Some(set.map_or_else(wrong_backup_code, |codes| codes[code].clone())))
            }
            Factor::WrongBackup => (None, Some(wrong_backup_code())),
        }
    }

    fn code(&self, world: &World, model: &Model, code: Code) -> Secret {
        let Some(app) = &self.app else { return Secret::new("000000") };
        match model.step(code) {
            Some(step) => app.ahead_by(30 * (step - model.current())).code(&world.clock),
            None => app.wrong_code(&world.clock),
        }
    }
}

/// One that nobody was ever given.
fn wrong_backup_code() -> Secret {
    Secret::new("aaaaa-aaaaa")
}

fn nothing<T>(_: T) -> Made {
    Made::Nothing
}
