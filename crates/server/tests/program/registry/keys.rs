//! API keys at a container registry, by the programs people really use.

use std::time::Duration;

use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    api_keys::{ApiKeyPath, ApiKeysApi, CreateApiKey, NewApiKey, Scope},
    common::{Caller, PageQuery},
    sessions::{SessionsApi, SignIn},
};
use latchkey_client::Client;

use super::{
    distribution::Registry,
    skopeo::{As, Skopeo},
};
use crate::{
    program::Home,
    serving::{ada, sign_in},
    tools::eventually,
};

pub(crate) async fn signs_up(client: &Client, account: SignUp) -> Caller {
    let nobody = Caller::default();
    let login = SignIn { login: account.username.clone(), ..sign_in() };
    client.create_account(&nobody, account).await.unwrap();
    Caller::with_token(client.sign_in(&nobody, login).await.unwrap().token.expose())
}

async fn key(client: &Client, who: &Caller, scopes: &[Scope]) -> NewApiKey {
    let new = CreateApiKey { name: "Registry".into(), scopes: scopes.to_vec(), expires_at: None };
    client.create_api_key(who, new).await.unwrap()
}

fn of(key: &NewApiKey) -> As<'_> {
    As(&key.username, key.token.expose())
}

/// skopeo says `unauthorized` where the service refused, and `denied` where the registry did.
fn refused<T: std::fmt::Debug>(answer: Result<T, String>) -> String {
    answer.unwrap_err().to_lowercase()
}

#[tokio::test]
async fn a_key_signs_in_pushes_and_pulls_until_it_is_deleted() {
    let home = Home::new();
    let registry = Registry::start(&home);
    let client = registry.served.client();
    let me = signs_up(&client, ada()).await;
    let key = key(&client, &me, &[Scope::Registry]).await;

    let skopeo = Skopeo::new(registry.address);
    skopeo.login(of(&key)).unwrap();
    skopeo.push("ada/hello", None).unwrap();
    assert_eq!(skopeo.pull("ada/hello", None).unwrap(), skopeo.image());
    assert_eq!(skopeo.tags("ada/hello").unwrap(), ["v1"]);
    skopeo.push("ada/tools/deep/hello", None).unwrap();

    // The mark is written every 15 seconds.
    let used = eventually(Duration::from_secs(40), async || {
        let keys = client.list_api_keys(&me, PageQuery::default()).await.unwrap();
        keys.items[0].last_used_at.is_some().then(|| keys.items[0].clone())
    });
    assert_eq!(used.await.last_used_ip.as_deref(), Some("127.0.0.1"));

    client.delete_api_key(&me, ApiKeyPath { id: key.id }).await.unwrap();
    assert!(refused(skopeo.pull("ada/hello", None)).contains("unauthorized"));
    assert!(refused(skopeo.push("ada/hello", None)).contains("unauthorized"));
    assert!(refused(skopeo.login(of(&key))).contains("invalid username/password"));
}

#[tokio::test]
async fn no_other_key_opens_the_registry() {
    let home = Home::new();
    let registry = Registry::start(&home);
    let client = registry.served.client();
    let me = signs_up(&client, ada()).await;
    let (good, api) = (key(&client, &me, &[Scope::Registry]).await, key(&client, &me, &[Scope::Api]).await);
    let personal = client.generate_api_key(&me).await.unwrap().api_key;
    let skopeo = Skopeo::new(registry.address);
    skopeo.push("ada/hello", Some(of(&good))).unwrap();

    let stranger = "eve";
    for (why, who) in [
        ("a key for the API", of(&api)),
        ("the personal key", As("ada", personal.expose())),
        ("somebody else's name", As(stranger, good.token.expose())),
        ("no key", As("ada", "korrektes Pferd Batterie Klammer")),
        ("a damaged key", As("ada", &good.token.expose()[1..])),
    ] {
        assert!(refused(skopeo.login(who)).contains("invalid username/password"), "{why}");
        assert!(refused(skopeo.pull("ada/hello", Some(who))).contains("unauthorized"), "{why}");
        assert!(refused(skopeo.push("ada/hello", Some(who))).contains("unauthorized"), "{why}");
    }
    assert_eq!(skopeo.pull("ada/hello", Some(of(&good))).unwrap(), skopeo.image());
}

#[tokio::test]
async fn a_key_opens_the_namespace_of_its_owner_only() {
    let home = Home::new();
    let registry = Registry::start(&home);
    let client = registry.served.client();
    let grace = SignUp { username: "Grace".into(), email: "grace@example.org".into(), name: "Grace".into(), ..ada() };
    let (adas, graces) = (signs_up(&client, ada()).await, signs_up(&client, grace).await);
    let both = [Scope::Api, Scope::Registry];
    let (ada, grace) = (key(&client, &adas, &both).await, key(&client, &graces, &both).await);
    let skopeo = Skopeo::new(registry.address);
    // Repositories are in lower case, whatever the user name is in.
    skopeo.push("grace/hello", Some(of(&grace))).unwrap();

    for other in ["grace/hello", "gracey/hello", "hello", "adah/hello"] {
        assert!(refused(skopeo.push(other, Some(of(&ada)))).contains("denied"), "{other}");
    }
    assert!(refused(skopeo.pull("grace/hello", Some(of(&ada)))).contains("denied"));
    assert!(refused(skopeo.pull("grace/hello", None)).contains("unauthorized"));
    assert_eq!(skopeo.pull("grace/hello", Some(of(&grace))).unwrap(), skopeo.image());
}

#[tokio::test]
async fn a_key_that_has_ended_opens_nothing() {
    let home = Home::new();
    let registry = Registry::start(&home);
    let client = registry.served.client();
    let me = signs_up(&client, ada()).await;
    let now = key(&client, &me, &[Scope::Api]).await.created_at;
    let expires_at = Some(Some(now + Duration::from_secs(20)));
    let new = CreateApiKey { name: "Brief".into(), scopes: vec![Scope::Registry], expires_at };
    let brief = client.create_api_key(&me, new).await.unwrap();
    let skopeo = Skopeo::new(registry.address);
    skopeo.login(of(&brief)).unwrap();
    skopeo.push("ada/hello", None).unwrap();

    let refusal = eventually(Duration::from_mins(1), async || skopeo.pull("ada/hello", None).err());
    assert!(refusal.await.to_lowercase().contains("unauthorized"));
    assert!(refused(skopeo.login(of(&brief))).contains("invalid username/password"));
}
