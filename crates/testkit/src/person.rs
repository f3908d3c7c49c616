//! People in the world.

use latchkey_api::{
    AccountApi,
    accounts::SignUp,
    common::Caller,
    password::Reauthentication,
    problem::{ErrorCode, Problem},
    profile::Profile,
    sessions::{ClientInfo, SecondFactor, Session, SignIn, SignedIn},
    two_factor::VerifyTwoFactor,
    wire::Secret,
};

use crate::{authenticator::Authenticator, world::World};

/// The password of everybody here.
pub const PASSWORD: &str = "seven small otters dance";

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The person's calls, with the session token.
    pub caller: Caller,
    /// The session.
    pub session: Session,
    /// The profile at sign-in.
    pub profile: Profile,
}

/// A sign-up that holds the rules.
pub fn sign_up(username: &str) -> SignUp {
    SignUp {
        username: username.into(),
        email: format!("{username}@example.com"),
        name: format!("{username} Example"),
        password: Secret::new(PASSWORD),
    }
}

/// A sign-in with [`PASSWORD`].
pub fn sign_in(login: &str) -> SignIn {
    let client = ClientInfo { name: Some("Latchkey".into()), ..ClientInfo::default() };
    SignIn { login: login.into(), password: Secret::new(PASSWORD), client: Some(client) }
}

impl From<SignedIn> for Person {
    fn from(answer: SignedIn) -> Self {
        let caller = Caller::with_token(answer.token.expose());
        Self { caller, session: answer.session, profile: answer.profile }
    }
}

/// The second step of a sign-in with a code of an authenticator app.
pub fn with_code(transaction: &Secret, code: Secret) -> SecondFactor {
    SecondFactor { transaction: transaction.clone(), code: Some(code), backup_code: None }
}

/// The second step of a sign-in with a backup code.
pub fn with_backup_code(transaction: &Secret, code: Secret) -> SecondFactor {
    SecondFactor { transaction: transaction.clone(), code: None, backup_code: Some(code) }
}

/// Proves [`PASSWORD`] and, where one is given, a code of the authenticator app.
pub fn proof(code: Option<Secret>) -> Reauthentication {
    Reauthentication { password: Secret::new(PASSWORD), code, backup_code: None }
}

/// The transaction of a refusal that asks for the second factor.
///
/// # Panics
/// When it is another refusal.
pub fn transaction(refusal: &Problem) -> Secret {
    assert_eq!(refusal.code(), ErrorCode::SecondFactorRequired, "{refusal}");
    refusal.body().members.transaction.clone().expect("a transaction")
}

impl Person {
    /// Signs in.
    ///
    /// # Panics
    /// When the service refuses.
    pub async fn signs_in(api: &dyn AccountApi, login: &str) -> Self {
        let answer = api.sign_in(&Caller::default(), sign_in(login)).await.expect("sign-in works");
        answer.into()
    }

    /// Switches two-factor authentication on; answers the authenticator app and the backup codes.
    ///
    /// # Panics
    /// When the service refuses.
    pub async fn sets_two_factor_up(&self, world: &World) -> (Authenticator, Vec<Secret>) {
        let setup = world.api.start_two_factor(&self.caller).await.expect("a setup begins");
        let app = Authenticator::scans(&setup);
        let body = VerifyTwoFactor { code: app.code(&world.clock) };
        let codes = world.api.verify_two_factor(&self.caller, body).await.expect("the first code is right");
        (app, codes.backup_codes)
    }

    /// Gives the right password of an account with two-factor authentication; answers the transaction.
    ///
    /// # Panics
    /// When the service does not ask for the second factor.
    pub async fn begins_to_sign_in(api: &dyn AccountApi, login: &str) -> Secret {
        transaction(&api.sign_in(&Caller::default(), sign_in(login)).await.expect_err("a second factor is asked for"))
    }

    /// Signs in with the password and the next code of the authenticator app.
    ///
    /// # Panics
    /// When the service refuses.
    pub async fn signs_in_with(world: &World, login: &str, app: &Authenticator) -> Self {
        let transaction = Self::begins_to_sign_in(&*world.api, login).await;
        let step = with_code(&transaction, app.next_code(&world.clock));
        world.api.sign_in_second_factor(&Caller::default(), step).await.expect("the code is right").into()
    }

    /// Creates an account and signs in.
    ///
    /// # Panics
    /// When the service refuses.
    pub async fn joins(api: &dyn AccountApi, username: &str) -> Self {
        api.create_account(&Caller::default(), sign_up(username)).await.expect("sign-up works");
        Self::signs_in(api, username).await
    }
}
