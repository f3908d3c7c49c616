//! Certificates: the computer's own trust store decides.

use std::{process::Command, sync::Arc};

use latchkey_api::{common::Caller, instance::InstanceApi, problem::ErrorCode};
use latchkey_client::Client;
use rcgen::CertifiedKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

use crate::servers::{SHORT, code, each};

const INSTANCE: &str = r#"{"name":"Safe","version":"1","sign_up":"open","two_factor":"optional",
    "password":{"min_length":12,"min_score":3},"registry":null,"integrations":[],"mail":false}"#;

/// A Latchkey behind TLS with a certificate of its own making; its port, and the certificate.
async fn server() -> (String, String) {
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let address = each(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                INSTANCE.len()
            );
            let _ = stream.write_all(format!("{head}{INSTANCE}").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    let port = address.await.rsplit(':').next().unwrap().to_owned();
    (port, cert.pem())
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (port, _) = server().await;
    assert_eq!(code(&format!("https://localhost:{port}")).await, ErrorCode::CertificateInvalid);
}

#[tokio::test]
async fn a_server_without_tls_is_not_latchkey() {
    let address = each(|mut stream| async move {
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    assert_eq!(code(&format!("https://{}", address.await)).await, ErrorCode::NotLatchkey);
}

const ORIGIN: &str = "LATCHKEY_TEST_ORIGIN";

/// The trust store is read from the environment when a process starts, so that this test runs once more in a process
/// of its own, where the certificate is in the store; there it asks under the right and under a wrong name.
#[tokio::test]
async fn a_certificate_in_the_store_is_trusted_for_its_name_alone() {
    if let Ok(port) = std::env::var(ORIGIN) {
        let right = Client::remote_with(&format!("https://localhost:{port}").parse().unwrap(), "test", SHORT).unwrap();
        assert_eq!(right.get_instance(&Caller::default()).await.unwrap().name, "Safe");
        assert_eq!(code(&format!("https://127.0.0.1:{port}")).await, ErrorCode::CertificateInvalid);
        return;
    }
    let (port, certificate) = server().await;
    let store = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(store.path(), certificate).unwrap();
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "tls::a_certificate_in_the_store_is_trusted_for_its_name_alone"]);
    again.env("SSL_CERT_FILE", store.path()).env_remove("SSL_CERT_DIR").env(ORIGIN, port);
    let ended = tokio::task::spawn_blocking(move || again.output()).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&ended.stderr));
}
