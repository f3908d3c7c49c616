//! People in the world.

use latchkey_api::{
    AccountApi,
    accounts::SignUp,
    common::Caller,
    profile::Profile,
    sessions::{ClientInfo, Session, SignIn},
    wire::Secret,
};

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

impl Person {
    /// Signs in.
    ///
    /// # Panics
    /// When the service refuses.
    pub async fn signs_in(api: &dyn AccountApi, login: &str) -> Self {
        let answer = api.sign_in(&Caller::default(), sign_in(login)).await.expect("sign-in works");
        let caller = Caller::with_token(answer.token.expose());
        Self { caller, session: answer.session, profile: answer.profile }
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
