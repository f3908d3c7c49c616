//! A server that is gone and comes back, asks for passwords, or shows a certificate.
use latchkey_postgres_testkit::Server;
use latchkey_store::*;

use crate::world::*;

async fn open(url: &str) -> Result<Store, OpenError> {
    Store::open(url.parse::<Database>().unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_is_used_again() {
    let mut server = Server::start(&[]);
    server.sql("postgres", "CREATE DATABASE latchkey");
    let store = open(&server.url("latchkey")).await.unwrap();
    let ada = store.sign_up(person("ada")).await.unwrap();
    // So that there are several connections.
    let look = |store: Store| {
        at_once(16, move |_| {
            let store = store.clone();
            async move { store.account(ada.account_id).await }
        })
    };
    let ada = ada.clone();
    assert!(look(store.clone()).await.into_iter().all(|found| found.unwrap() == Some(ada.clone())));
    server.stop();
    for gone in [store.ping().await, store.add_event(ada.account_id, event("signed_in", NOW)).await.map(drop)] {
        assert!(matches!(gone, Err(Error::Unreachable(_))), "{gone:?}");
    }
    server.resume();
    // Connections that lay idle are looked at before they are used again.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    store.ping().await.unwrap();
    assert!(store.add_event(ada.account_id, event("signed_in", NOW)).await.unwrap());
    assert!(look(store.clone()).await.into_iter().all(|found| found.unwrap() == Some(ada.clone())));
    store.close().await;

    server.set(&["default_transaction_read_only=on"]);
    let follower = open(&server.url("latchkey")).await.unwrap();
    assert!(matches!(follower.ping().await, Err(Error::ReadOnly)));
    assert!(matches!(follower.add_event(ada.account_id, event("signed_in", NOW)).await, Err(Error::ReadOnly)));
    assert_eq!(follower.account(ada.account_id).await.unwrap(), Some(ada));
}

#[tokio::test]
async fn passwords_and_certificates_are_checked() {
    let mut server = Server::start(&[]);
    server.sql("postgres", "CREATE DATABASE latchkey");
    server.sql("postgres", "CREATE ROLE ada LOGIN PASSWORD 'correct' SUPERUSER");
    let url = |password: &str, host: &str, more: &str| {
        format!("postgres://ada:{password}@{host}:{}/latchkey{more}", server.port())
    };
    open(&url("correct", "127.0.0.1", "")).await.unwrap().close().await;
    let error = open(&url("hunter2", "127.0.0.1", "")).await.err().expect("refused");
    assert!(matches!(&error, OpenError::Refused { .. }) && !error.to_string().contains("hunter2"), "{error:?}");
    // From an address that does not carry one, a password is given beside.
    let Database::Postgres(address) = url("", "127.0.0.1", "").parse().unwrap() else { panic!("a server") };
    Store::open(Database::Postgres(address.with_password("correct"))).await.unwrap().close().await;

    let error = open(&url("correct", "127.0.0.1", "?sslmode=verify-full")).await.err().expect("no TLS yet");
    assert!(matches!(error, OpenError::Tls { .. }), "{error:?}");

    let authority = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (server.home().join("server.crt"), server.home().join("server.key"));
    std::fs::write(&certificate, authority.cert.pem()).unwrap();
    std::fs::write(&key, authority.signing_key.serialize_pem()).unwrap();
    for file in [&certificate, &key] {
        Server::hand_over(file);
    }
    let files = [format!("ssl_cert_file={}", certificate.display()), format!("ssl_key_file={}", key.display())];
    server.set(&["ssl=on", &files[0], &files[1]]);
    let url = |host: &str, more: &str| format!("postgres://ada:correct@{host}:{}/latchkey{more}", server.port());
    let trusted = format!("?sslmode=verify-full&sslrootcert={}", certificate.display());
    let store = open(&url("localhost", &trusted)).await.unwrap();
    assert!(store.list_accounts(None, 1).await.unwrap().is_empty());
    let encrypted = "SELECT COUNT(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
        WHERE ssl AND application_name = 'latchkey'";
    assert_eq!(server.sql("latchkey", encrypted), "t");
    store.close().await;
    // Another name than that in the certificate, and a certificate that nobody vouches for.
    for refused in [url("127.0.0.1", &trusted), url("localhost", "?sslmode=verify-full")] {
        let error = open(&refused).await.err().expect("refused");
        assert!(matches!(&error, OpenError::Tls { .. }), "{error:?}");
        assert!(error.to_string().contains("sslrootcert"), "{error}");
    }
}
