//! The service on databases of every schema there ever was; crates/store/tests/fixtures/README.md says what is in them.

use std::{collections::BTreeSet, os::unix::fs::PermissionsExt, path::Path, process::Stdio};

use latchkey_api::{
    common::Caller,
    problem::ErrorCode,
    profile::ProfileApi,
    sessions::{SecondFactor, SessionsApi, SignIn},
    wire::Secret,
};
use latchkey_postgres_testkit::TestDatabase;

use crate::{program::Home, tools};

const PASSWORD: &str = "seven small otters dance";
const KEY: &str = "0ef8e0c64255590c1fade8715566e78aa1328c0333b1472b029ff67a568be06b";
const BACKUP_CODE: &str = "ns69c-v2kuo";

fn fixtures(engine: &str) -> BTreeSet<(u32, std::path::PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/fixtures").join(engine);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<_> = files
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name.strip_prefix("schema-").unwrap().parse().unwrap(), file)
        })
        .collect();
    assert!(found.len() >= 4);
    found
}

async fn signs_people_in(home: &Home, schema: u32, database: &[(&str, &str)]) {
    std::fs::create_dir_all(home.data()).unwrap();
    let key = home.data().join("sealing.key");
    std::fs::write(&key, format!("{KEY}\n")).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let served = home.serve(database);
    let (client, nobody) = (served.client(), Caller::default());
    let sign_in = |login: &str| SignIn { login: login.into(), password: Secret::new(PASSWORD), client: None };
    let bob = client.sign_in(&nobody, sign_in("bob")).await.unwrap();
    let me = Caller::with_token(bob.token.expose());
    assert_eq!(client.get_profile(&me).await.unwrap().value.email, "bob@example.org");
    let ada = client.sign_in(&nobody, sign_in("ada@example.org")).await;
    if schema == 1 {
        assert_eq!(ada.unwrap().profile.username, "ada");
    } else {
        // The hash of the code is keyed with what the file holds.
        let refused = ada.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SecondFactorRequired, "schema {schema}");
        let transaction = refused.body().members.transaction.clone().unwrap();
        let backup_code = Some(Secret::new(BACKUP_CODE));
        let step = SecondFactor { transaction, code: None, backup_code };
        assert_eq!(client.sign_in_second_factor(&nobody, step).await.unwrap().backup_codes_remaining, 9);
    }
    served.signal("TERM");
    assert_eq!(served.end().code, 0);
}

#[tokio::test]
async fn the_service_signs_people_in_from_every_schema_on_sqlite() {
    for (schema, file) in fixtures("sqlite") {
        let home = Home::new();
        std::fs::create_dir_all(home.data()).unwrap();
        let load = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())";
        let mut python = tools::system("python3");
        python.args(["-c", load]).arg(home.data().join("latchkey.sqlite3"));
        let loaded = python.stdin(Stdio::from(std::fs::File::open(&file).unwrap())).status().unwrap();
        assert!(loaded.success());
        signs_people_in(&home, schema, &[]).await;
    }
}

#[tokio::test]
async fn the_service_signs_people_in_from_every_schema_on_postgresql() {
    for (schema, file) in fixtures("postgres") {
        let database = TestDatabase::empty();
        database.sql(&std::fs::read_to_string(file).unwrap());
        let home = Home::new();
        signs_people_in(&home, schema, &[("LATCHKEY_STORAGE__DATABASE", &database.url())]).await;
        let verified = home.run(&["admin", "verify-activity", "--database", &database.url()], "");
        assert_eq!(verified.code, 0, "{}", verified.err);
    }
}
