//! What is written down and told of everything that touches an account's security.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Duration, Utc};
use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    activity::{ActivityKind, Category, Push},
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, Scope},
    common::Caller,
    password::{ChangePassword, PasswordApi, Reauthentication},
    problem::{CloseReason, ErrorCode},
    profile::{IfMatch, ProfileApi, ProfilePatch},
    sessions::{SecondFactor, SessionPath, SessionsApi, SignIn, SignedIn},
    two_factor::{BackupCodeSet, TwoFactorApi, VerifyTwoFactor},
    wire::{ETag, Secret},
};
use latchkey_store::{AccountId, Chain, SessionId};
use tempfile::TempDir;

use crate::{Clock, Environment, FixedKey, HashCost, Service, Settings, totp};

const PASSWORD: &str = "seven small otters dance";

struct Hands(Mutex<DateTime<Utc>>);

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

struct World {
    service: Service,
    clock: Arc<Hands>,
    account: AccountId,
    folder: TempDir,
}

impl World {
    async fn new(throttles: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hands(Mutex::new(DateTime::from_timestamp(1_768_219_200, 0).unwrap())));
        let service = open(&folder, &clock, throttles, 1).await;
        let [username, name] = ["ada", "Ada"].map(str::to_owned);
        let ada = SignUp { username, name, email: "ada@example.com".into(), password: Secret::new(PASSWORD) };
        let account = AccountId(service.create_account(&Caller::default(), ada).await.unwrap().id);
        Self { service, clock, account, folder }
    }

    fn advance(&self, seconds: i64) {
        *self.clock.0.lock().unwrap() += Duration::seconds(seconds);
    }

    async fn signs_in(&self) -> (Caller, SignedIn) {
        let answer = self.service.sign_in(&Caller::default(), sign_in(PASSWORD)).await.unwrap();
        (Caller::with_token(answer.token.expose()), answer)
    }

    async fn transaction(&self) -> Secret {
        let refused = self.service.sign_in(&Caller::default(), sign_in(PASSWORD)).await.unwrap_err();
        refused.body().members.transaction.clone().unwrap()
    }

    /// Switches two-factor authentication on; answers the backup codes.
    async fn sets_up(&self, caller: &Caller) -> Vec<Secret> {
        let setup = self.service.start_two_factor(caller).await.unwrap();
        let secret = data_encoding::BASE32_NOPAD.decode(setup.secret.expose().as_bytes()).unwrap();
        let seconds = self.service.environment().now().0.div_euclid(1_000_000);
        let code = Secret::new(totp::totp_code(&secret, seconds, NonZeroU32::new(30).unwrap(), 6).as_str());
        self.service.verify_two_factor(caller, VerifyTwoFactor { code }).await.unwrap().backup_codes
    }

    /// What was written down since the last look, with its details, the oldest first.
    async fn recorded(&self, since: &mut i64) -> Vec<(String, String)> {
        let rows = self.service.store().list_events(self.account, None, None, 100).await.unwrap();
        let new: Vec<_> = rows.into_iter().take_while(|row| row.seq > *since).collect();
        *since = new.first().map_or(*since, |row| row.seq);
        let chain = self.service.store().verify_events(self.account).await.unwrap();
        assert!(matches!(chain, Chain::Whole { .. }));
        new.into_iter().rev().map(|row| (row.kind, row.details)).collect()
    }
}

async fn open(folder: &TempDir, clock: &Arc<Hands>, throttles: bool, passes: u32) -> Service {
    let hash_cost = HashCost { memory_kib: 64, passes, lanes: 1 };
    let settings = Settings { throttles, hash_cost, ..Settings::default() };
    let keys = Arc::new(FixedKey([7; 32]));
    let environment = Environment { clock: clock.clone(), keys, ..Environment::system() };
    Service::open(&folder.path().join("latchkey.db"), settings, environment).await.unwrap()
}

fn sign_in(password: &str) -> SignIn {
    SignIn { login: "ada".into(), password: Secret::new(password), client: None }
}

fn kinds(kinds: &[(ActivityKind, &str)]) -> Vec<(String, String)> {
    kinds.iter().map(|(kind, details)| (kind.as_str().to_owned(), (*details).to_owned())).collect()
}

fn with_code(transaction: &Secret, code: &str) -> SecondFactor {
    SecondFactor { transaction: transaction.clone(), code: Some(Secret::new(code)), backup_code: None }
}

#[tokio::test]
async fn signing_in_and_out() {
    let (world, mut seen) = (World::new(false).await, 0);
    let (laptop, on_laptop) = world.signs_in().await;
    let mut heard = world.service.shared.hub.listen(world.account, SessionId(on_laptop.session.id)).unwrap();
    let wrong = world.service.sign_in(&Caller::default(), sign_in("a guess")).await.unwrap_err();
    assert_eq!(wrong.code(), ErrorCode::InvalidCredentials);
    let (phone, on_phone) = world.signs_in().await;
    world.signs_in().await;
    world.service.close_session(&phone, SessionPath { id: "current".into() }).await.unwrap();
    let (_, other) = world.signs_in().await;
    world.service.close_session(&laptop, SessionPath { id: other.session.id.to_string() }).await.unwrap();
    world.service.close_other_sessions(&laptop).await.unwrap();
    world.service.close_other_sessions(&laptop).await.unwrap();
    world.service.close_user_sessions("ada").await.unwrap();
    let expected = kinds(&[
        (ActivityKind::AccountCreated, "{}"),
        (ActivityKind::SignedIn, "{}"),
        (ActivityKind::WrongPassword, "{}"),
        (ActivityKind::SignedIn, "{}"),
        (ActivityKind::SignedIn, "{}"),
        (ActivityKind::SignedOut, "{}"),
        (ActivityKind::SignedIn, "{}"),
        (ActivityKind::SessionClosed, "{}"),
        (ActivityKind::SessionsClosed, r#"{"count":1}"#),
        (ActivityKind::SessionsClosedByAdministrator, r#"{"count":1}"#),
    ]);
    assert_eq!(world.recorded(&mut seen).await, expected);
    assert_eq!(heard.try_recv(), Ok(Push::ActivityNew { category: Category::SignIn }), "the wrong password");
    let new = Push::SignInNew { session_id: on_phone.session.id, device: None, ip_address: None };
    assert_eq!(heard.try_recv(), Ok(new));
    let rest: Vec<_> = std::iter::from_fn(|| heard.try_recv().ok()).collect();
    assert_eq!(rest.last(), Some(&Push::SessionClosed { reason: Some(CloseReason::ClosedByAdministrator) }));
}

#[tokio::test]
async fn the_second_factor_from_its_setup_to_its_end() {
    let (world, mut seen) = (World::new(true).await, 0);
    let (phone, on_phone) = world.signs_in().await;
    let (laptop, on_laptop) = world.signs_in().await;
    let mut at_phone = world.service.shared.hub.listen(world.account, SessionId(on_phone.session.id)).unwrap();
    let mut at_laptop = world.service.shared.hub.listen(world.account, SessionId(on_laptop.session.id)).unwrap();
    world.recorded(&mut seen).await;
    let codes = world.sets_up(&laptop).await;
    assert_eq!(at_phone.try_recv(), Ok(Push::SessionClosed { reason: Some(CloseReason::TwoFactorChanged) }));
    assert!(world.service.get_two_factor(&phone).await.is_err());
    let transaction = world.transaction().await;
    for _ in 0..11 {
        let _ = world.service.sign_in_second_factor(&Caller::default(), with_code(&transaction, "")).await;
    }
    world.advance(901);
    for (n, code) in codes[..8].iter().enumerate() {
        let backup_code = Some(code.clone());
        if n % 2 == 0 {
            let proof = Reauthentication { password: Secret::new(PASSWORD), code: None, backup_code };
            world.service.reauthenticate(&laptop, proof).await.unwrap();
        } else {
            let step = SecondFactor { transaction: world.transaction().await, code: None, backup_code };
            world.service.sign_in_second_factor(&Caller::default(), step).await.unwrap();
        }
    }
    let set_id = world.service.generate_backup_codes(&laptop).await.unwrap().set_id;
    world.service.confirm_backup_codes(&laptop, BackupCodeSet { set_id }).await.unwrap();
    world.service.confirm_backup_codes(&laptop, BackupCodeSet { set_id }).await.unwrap();
    world.service.disable_two_factor(&laptop).await.unwrap();
    let mut expected = vec![(ActivityKind::TwoFactorEnabled, r#"{"count":1}"#)];
    expected.extend([(ActivityKind::WrongSecondFactor, "{}"); 10]);
    expected.push((ActivityKind::SecondFactorPaused, "{}"));
    let by = [ActivityKind::BackupCodeUsed, ActivityKind::SignedInWithBackupCode];
    let left: Vec<_> = (2..10).rev().map(|left| format!(r#"{{"remaining":{left}}}"#)).collect();
    expected.extend(left.iter().enumerate().map(|(n, left)| (by[n % 2], left.as_str())));
    expected.push((ActivityKind::BackupCodesGenerated, "{}"));
    expected.push((ActivityKind::TwoFactorDisabled, r#"{"count":4}"#));
    assert_eq!(world.recorded(&mut seen).await, kinds(&expected));
    let low: Vec<_> = std::iter::from_fn(|| at_laptop.try_recv().ok())
        .filter_map(|push| if let Push::BackupCodesLow { remaining } = push { Some(remaining) } else { None })
        .collect();
    assert_eq!(low, [3, 2]);
}

#[tokio::test]
async fn changes_of_the_password_and_what_an_administrator_does() {
    let (world, mut seen) = (World::new(false).await, 0);
    world.signs_in().await;
    let (laptop, _) = world.signs_in().await;
    world.recorded(&mut seen).await;
    let change = ChangePassword {
        current_password: Secret::new(PASSWORD),
        new_password: Secret::new("nine purple herons wait"),
        close_other_sessions: true,
    };
    world.service.change_password(&laptop, change).await.unwrap();
    world.sets_up(&laptop).await;
    world.service.disable_user_two_factor("ada").await.unwrap();
    world.service.reset_user_password("ada", &Secret::new(PASSWORD)).await.unwrap();
    for _ in 0..2 {
        world.service.disable_user("ada").await.unwrap();
    }
    for _ in 0..2 {
        world.service.enable_user("ada").await.unwrap();
    }
    let expected = kinds(&[
        (ActivityKind::PasswordChanged, r#"{"count":1}"#),
        (ActivityKind::TwoFactorEnabled, r#"{"count":0}"#),
        (ActivityKind::TwoFactorDisabledByAdministrator, r#"{"count":1}"#),
        (ActivityKind::PasswordResetByAdministrator, r#"{"count":0}"#),
        (ActivityKind::AccountDisabled, "{}"),
        (ActivityKind::AccountEnabled, "{}"),
    ]);
    assert_eq!(world.recorded(&mut seen).await, expected);
}

#[tokio::test]
async fn another_hash_of_the_same_password_is_no_change_of_it() {
    let world = World::new(false).await;
    let (laptop, _) = world.signs_in().await;
    let before = world.service.get_password_status(&laptop).await.unwrap();
    world.service.close().await;
    world.advance(60);
    let dearer = open(&world.folder, &world.clock, false, 2).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let service = dearer.clone();
        tasks.spawn(async move { service.sign_in(&Caller::default(), sign_in(PASSWORD)).await });
    }
    // Each finds the old hash, one replaces it, and all get in.
    while let Some(answer) = tasks.join_next().await {
        answer.unwrap().unwrap();
    }
    let phc = dearer.store().credentials(world.account).await.unwrap().unwrap().password_phc;
    assert!(phc.contains("t=2"), "{phc}");
    assert_eq!(dearer.get_password_status(&laptop).await.unwrap(), before);
}

#[tokio::test]
async fn keys_and_what_is_done_with_them() {
    let (world, mut seen) = (World::new(false).await, 0);
    let (laptop, _) = world.signs_in().await;
    let (_, on_phone) = world.signs_in().await;
    let mut at_phone = world.service.shared.hub.listen(world.account, SessionId(on_phone.session.id)).unwrap();
    world.recorded(&mut seen).await;
    let personal = world.service.generate_api_key(&laptop).await.unwrap().api_key;
    world.service.reveal_api_key(&laptop).await.unwrap();
    let body = CreateApiKey { name: "Nightly".into(), scopes: vec![Scope::Api], expires_at: None };
    let named = world.service.create_api_key(&laptop, body).await.unwrap();
    for (key, bio) in [(&personal, "one"), (&named.token, "two")] {
        let any = IfMatch { if_match: ETag("*".into()) };
        let patch = ProfilePatch { bio: Some(Some(bio.into())), ..ProfilePatch::default() };
        world.service.update_profile(&Caller::with_token(key.expose()), any, patch).await.unwrap();
    }
    world.service.delete_api_key(&laptop, ApiKeyPath { id: named.id }).await.unwrap();
    let again = world.service.delete_api_key(&laptop, ApiKeyPath { id: named.id }).await.unwrap_err();
    assert_eq!(again.code(), ErrorCode::NotFound);
    let rows = world.service.store().list_events(world.account, None, None, 3).await.unwrap();
    let by: Vec<_> = rows.iter().map(|row| (row.session_id.is_some(), row.device.as_deref())).collect();
    assert_eq!(by, [(true, None), (false, Some("API key Nightly")), (false, Some("Personal API key"))]);
    let expected = kinds(&[
        (ActivityKind::ApiKeyGenerated, "{}"),
        (ActivityKind::ApiKeyRevealed, "{}"),
        (ActivityKind::ApiKeyCreated, r#"{"key":"Nightly"}"#),
        (ActivityKind::ProfileUpdated, r#"{"fields":["bio"]}"#),
        (ActivityKind::ProfileUpdated, r#"{"fields":["bio"]}"#),
        (ActivityKind::ApiKeyDeleted, r#"{"key":"Nightly"}"#),
    ]);
    assert_eq!(world.recorded(&mut seen).await, expected);
    let told: Vec<_> = std::iter::from_fn(|| at_phone.try_recv().ok()).collect();
    let of = |category| Push::ActivityNew { category };
    let [keys, profile] = [of(Category::ApiKeys), of(Category::Profile)];
    let expected = [keys.clone(), keys.clone(), keys.clone(), profile.clone(), profile, keys];
    assert_eq!(told, expected);
}
