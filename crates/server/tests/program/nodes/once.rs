//! What may happen once happens once, whichever nodes are asked at the same time.

use data_encoding::BASE32_NOPAD;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use latchkey_api::{
    accounts::{AccountsApi, SignUp},
    common::Caller,
    instance::Provider as Kind,
    integrations::IntegrationsApi,
    password::{PasswordApi, PasswordResetRequest},
    problem::{ApiResult, ErrorCode, Problem},
    sessions::{SecondFactor, SessionsApi, SignedIn},
    two_factor::{TwoFactorApi, VerifyTwoFactor},
    wire::Secret,
};
use latchkey_client::Client;
use sha1::Sha1;

use serde_json::json;

use super::{Nodes, ada_joins};
use crate::{
    providers::{LOGIN, Provider, SECRET, There},
    serving::{ada, sign_in},
    smtp_server::{PASSWORD, SmtpServer},
};

/// How many ask at once, by turns at the one and at the other node: fewer than are throttled.
const AT_ONCE: usize = 4;

async fn at_once<T>(clients: &[Client; 2], call: impl AsyncFn(&Client, usize) -> T) -> Vec<T> {
    join_all((0..AT_ONCE).map(|turn| call(&clients[turn % 2], turn))).await
}

/// What an authenticator app shows now, or some steps later (RFC 6238).
#[expect(clippy::disallowed_methods, reason = "the program goes by the clock of this computer")]
fn code(secret: &[u8], steps: i64) -> Secret {
    let step = chrono::Utc::now().timestamp() / 30 + steps;
    let mut hmac = Hmac::<Sha1>::new_from_slice(secret).unwrap();
    hmac.update(&step.to_be_bytes());
    let digest = hmac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    Secret::new(format!("{:06}", number % 1_000_000))
}

/// Of those who asked, one got in; the others were told that the code is used up, or wrong.
fn one_got_in(answers: &[ApiResult<SignedIn>]) {
    let in_there = answers.iter().filter(|answer| answer.is_ok()).count();
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).map(Problem::code).collect();
    assert_eq!((in_there, refused.len()), (1, AT_ONCE - 1), "{refused:?}");
    assert!(refused.iter().all(|code| *code == ErrorCode::InvalidCode), "{refused:?}");
}

#[tokio::test]
async fn a_code_or_a_backup_code_at_both_nodes_signs_in_once() {
    let nodes = Nodes::new();
    let clients = nodes.clients();
    let me = ada_joins(&clients).await;
    let setup = clients[0].start_two_factor(&me).await.unwrap();
    let secret = BASE32_NOPAD.decode(setup.secret.expose().as_bytes()).unwrap();
    // With the code before, so that the one of now is not used up.
    let body = VerifyTwoFactor { code: code(&secret, -1) };
    let codes = clients[1].verify_two_factor(&me, body).await.unwrap().backup_codes;

    let transactions = |clients: [Client; 2]| async move {
        let mut begun = Vec::new();
        for turn in 0..AT_ONCE {
            let refused = clients[turn % 2].sign_in(&Caller::default(), sign_in()).await.unwrap_err();
            assert_eq!(refused.code(), ErrorCode::SecondFactorRequired, "{refused}");
            begun.push(refused.body().members.transaction.clone().unwrap());
        }
        begun
    };
    // The second step may be at the other node.
    let begun = transactions(nodes.clients()).await;
    let now = code(&secret, 0);
    let answers = at_once(&clients, async |client, turn| {
        let transaction = begun[AT_ONCE - 1 - turn].clone();
        let step = SecondFactor { transaction, code: Some(now.clone()), backup_code: None };
        client.sign_in_second_factor(&Caller::default(), step).await
    });
    one_got_in(&answers.await);

    let begun = transactions(nodes.clients()).await;
    let answers = at_once(&clients, async |client, turn| {
        let step = SecondFactor {
            transaction: begun[AT_ONCE - 1 - turn].clone(),
            code: None,
            backup_code: Some(codes[0].clone()),
        };
        client.sign_in_second_factor(&Caller::default(), step).await
    });
    one_got_in(&answers.await);
}

#[tokio::test]
async fn a_name_is_given_once() {
    let nodes = Nodes::new();
    let clients = nodes.clients();
    let answers = at_once(&clients, async |client, turn| {
        let person = SignUp { email: format!("ada{turn}@example.org"), ..ada() };
        client.create_account(&Caller::default(), person).await
    });
    let answers = answers.await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    for refused in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(
            (refused.code(), &*refused.errors()[0].pointer),
            (ErrorCode::InvalidField, "/username"),
            "{refused}"
        );
    }
    assert_eq!(nodes.command(&["admin", "user", "list"]).lines().count(), 1);
    assert_eq!(nodes.database.sql("SELECT COUNT(*) FROM logins"), "2", "nothing is left of the others");
}

/// What could not be sent is due when two nodes start, and both look after it in their first round of upkeep.
#[tokio::test]
async fn each_message_is_sent_once() {
    const PEOPLE: usize = 6;
    let smtp = SmtpServer::down();
    let (url, ca_file) = (smtp.url(PASSWORD), smtp.ca_file());
    let mail = [
        ("LATCHKEY_SMTP__URL", &*url),
        ("LATCHKEY_SMTP__FROM", "accounts@example.org"),
        ("LATCHKEY_SMTP__CA_FILE", &*ca_file),
    ];
    let before = Nodes::with(&mail);
    let client = before.clients()[0].clone();
    for number in 0..PEOPLE {
        let (username, email) = (format!("ada{number}"), format!("ada{number}@example.org"));
        client.create_account(&Caller::default(), SignUp { username: username.clone(), email, ..ada() }).await.unwrap();
        client.request_password_reset(&Caller::default(), PasswordResetRequest { login: username }).await.unwrap();
    }
    let tried = format!("SELECT COUNT(*) FROM outbox WHERE attempts > 0 HAVING COUNT(*) = {PEOPLE}");
    while before.database.sql(&tried).is_empty() {}
    before.database.sql("UPDATE outbox SET next_attempt_at = 0");
    let nodes = before.again(&mail, || smtp.up());
    let (nodes, smtp) = nodes;
    while nodes.database.sql("SELECT COUNT(*) FROM outbox") != "0" {}
    assert_eq!(smtp.kept(), PEOPLE);
}

/// The provider ends everything where a refresh token comes twice.
#[tokio::test]
async fn tokens_are_refreshed_once() {
    let settings = json!({"client_secret": SECRET, "access_token_ttl": 240});
    let provider = Provider::start(Kind::Gitlab, &settings);
    let environment = provider.environment(Some(SECRET));
    let mut environment: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    environment.push(("LATCHKEY_POLICY__THROTTLES", "off"));
    let nodes = Nodes::with(&environment);
    let clients = nodes.clients();
    let me = ada_joins(&clients).await;
    let Nodes { home, database, served: [here, other] } = nodes;
    let there = There { provider, client: clients[0].clone(), me, served: here, home };
    there.connects(LOGIN).await;
    there.provider.set(&json!({"access_token_ttl": 7200}));
    let answers = at_once(&clients, async |client, _| client.list_repositories(&there.me, there.all()).await);
    for answer in answers.await {
        assert_eq!(answer.unwrap().items.len(), 4);
    }
    assert_eq!(there.provider.seen("/grants/refresh_token"), json!(1));
    drop((there, other, database));
}
