//! The key the service in the app seals with: in the keychain, or there is no second factor.

use std::{fs, path::Path, sync::Arc};

use latchkey::{
    backend::{Backends, Connector},
    places::this_computer,
    vault::KeychainKey,
};
use latchkey_api::{
    accounts::AccountsApi, common::Caller, problem::ErrorCode, profile::ProfileApi, sessions::SessionsApi,
    two_factor::TwoFactorApi,
};
use latchkey_client::Client;
use latchkey_testkit::{sign_in, sign_up};

use crate::{desk::here, fakes::FakeKeychain};

async fn opens(folder: &Path, keychain: &Arc<FakeKeychain>) -> (Backends, Client) {
    let keys = Arc::new(KeychainKey::new(keychain.clone()));
    let backends = Backends::new("shell-tests".into(), folder.to_owned(), keys);
    let client = backends.connect(&this_computer()).await.unwrap();
    (backends, client)
}

async fn signs_in(client: &Client) -> Caller {
    let signed_in = client.sign_in(&Caller::default(), sign_in("ada")).await.unwrap();
    Caller::with_token(signed_in.token.expose())
}

#[tokio::test]
async fn without_a_keychain_everything_works_but_the_second_factor_and_that_says_why() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("service");
    let keychain = Arc::new(FakeKeychain::default());
    keychain.take_away(true);
    let (backends, client) = opens(&folder, &keychain).await;
    client.create_account(&Caller::default(), sign_up("ada")).await.unwrap();
    let ada = signs_in(&client).await;
    client.get_profile(&ada).await.unwrap();
    assert!(!client.get_two_factor(&ada).await.unwrap().enabled);
    let refused = client.start_two_factor(&ada).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
    let detail = refused.body().detail.clone().unwrap();
    assert!(detail.ends_with("Secrets of your account on this computer are sealed with a key in it."), "{detail}");

    // It is there by now: nothing has to be started again.
    keychain.take_away(false);
    client.start_two_factor(&ada).await.unwrap();
    let key = keychain.token(&here("sealing key")).await.unwrap();
    assert_eq!(key.expose().len(), 64);
    client.start_two_factor(&ada).await.unwrap();
    backends.close().await;
    assert_eq!(keychain.token(&here("sealing key")).await.as_ref(), Some(&key), "it is made once");
    for entry in fs::read_dir(&folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(64).any(|window| window == key.expose().as_bytes()), "no file holds the key");
    }
}

#[tokio::test]
async fn a_key_that_is_gone_is_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("service");
    let (backends, client) = opens(&folder, &Arc::new(FakeKeychain::default())).await;
    client.create_account(&Caller::default(), sign_up("ada")).await.unwrap();
    client.start_two_factor(&signs_in(&client).await).await.unwrap();
    backends.close().await;

    let emptied = Arc::new(FakeKeychain::default());
    let (backends, client) = opens(&folder, &emptied).await;
    let refused = client.start_two_factor(&signs_in(&client).await).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SealingUnavailable);
    assert!(refused.body().detail.as_ref().unwrap().contains("no key of Latchkey any more"), "{refused}");
    assert_eq!(emptied.token(&here("sealing key")).await, None);
    backends.close().await;
}
