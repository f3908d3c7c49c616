//! Settings: where they come from, and what is said of wrong ones.

use latchkey_api::{
    common::Caller,
    instance::{InstanceApi, Provider},
};

use crate::program::{Home, ended, program};

/// Runs `migrate` with settings; what it says on standard error.
fn migrate(home: &Home, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let mut command = program();
    command.arg("migrate").args(arguments).envs(environment.iter().copied());
    if !arguments.contains(&"--data") && !arguments.contains(&"--database") {
        command.arg("--data").arg(home.data());
    }
    let ended = ended(&mut command, "");
    (ended.code, ended.err.trim_end().to_owned())
}

#[test]
fn each_wrong_setting_is_named_with_its_origin_and_what_is_allowed() {
    let home = Home::new();
    let cases: &[(&str, &str, &[&str])] = &[
        ("LATCHKEY_POLICY__SIGN_UP", "maybe", &["policy.sign_up", r#"found "maybe""#, "open and closed"]),
        ("LATCHKEY_POLICY__TWO_FACTOR", "yes", &["policy.two_factor", r#"found "yes""#, "optional and required"]),
        ("LATCHKEY_POLICY__THROTTLES", "perhaps", &["policy.throttles", "on and off"]),
        ("LATCHKEY_POLICY__PASSWORD_MIN_LENGTH", "4", &["policy.password_min_length", "8 to 128"]),
        ("LATCHKEY_POLICY__PASSWORD_MIN_LENGTH", "long", &["policy.password_min_length", "a whole number"]),
        ("LATCHKEY_POLICY__PASSWORD_MIN_SCORE", "5", &["policy.password_min_score", "0 to 4"]),
        ("LATCHKEY_POLICY__SESSION_IDLE", "soon", &["policy.session_idle", "30days"]),
        ("LATCHKEY_POLICY__SESSION_LIFETIME", "1h", &["policy.session_lifetime", "at least policy.session_idle"]),
        ("LATCHKEY_POLICY__API_KEY_MAX_DAYS", "3651", &["policy.api_key_max_days", "1 to 3650 days, and never"]),
        ("LATCHKEY_POLICY__API_KEY_MAX_DAYS", "ever", &["policy.api_key_max_days", r#"found "ever""#, "or never"]),
        ("LATCHKEY_POLICY__API_KEY_RATE", "0", &["policy.api_key_rate", "1 to 1000000"]),
        ("LATCHKEY_POLICY__API_KEY_RATE", "1000001", &["policy.api_key_rate", "1 to 1000000"]),
        ("LATCHKEY_POLICY__API_KEY_RATE", "often", &["policy.api_key_rate", "a whole number"]),
        ("LATCHKEY_POLICY__SESSION_RATE", "0", &["policy.session_rate", "1 to 1000000"]),
        ("LATCHKEY_POLICY__SIGNUP", "open", &["policy.signup", "no such setting", "sign_up"]),
        ("LATCHKEY_POLITICS__SIGN_UP", "open", &["politics", "no such setting", "policy"]),
        ("LATCHKEY_SERVER__LISTEN", "here", &["server.listen", "127.0.0.1:8787"]),
        ("LATCHKEY_SERVER__TRUSTED_PROXIES", "tomato", &["server.trusted_proxies", "tomato", "10.0.0.0/8"]),
        ("LATCHKEY_SERVER__MAX_CONNECTIONS", "0", &["server.max_connections", "1 and more"]),
        ("LATCHKEY_SERVER__METRICS", "9100", &["server.metrics", "127.0.0.1:9100"]),
        ("LATCHKEY_REGISTRY__SERVICE", "Two\nlines", &["registry.service", "1 to 255"]),
        ("LATCHKEY_REGISTRY__SERVICE", " ", &["registry.service", "1 to 255"]),
        ("LATCHKEY_REGISTRY__HOST", "localhost:5000", &["registry.host", "registry.service has to be set as well"]),
        ("LATCHKEY_REGISTRY__HOST", "https://localhost", &["registry.host", "registry.example.org:5000"]),
        ("LATCHKEY_REGISTRY__ISSUER", "", &["registry.issuer", "1 to 64"]),
        ("LATCHKEY_REGISTRY__REALM", "x", &["registry.realm", "no such setting", "service"]),
        ("LATCHKEY_INTEGRATIONS__GITHUB__CLIENT_ID", "a b", &["integrations.github.client_id", "visible ASCII"]),
        ("LATCHKEY_INTEGRATIONS__GITHUB__URL", "http://github.com", &["integrations.github.url", "https only"]),
        ("LATCHKEY_INTEGRATIONS__WORK__PROVIDER", "gitea", &["integrations.work.provider", "github and gitlab"]),
        (
            "LATCHKEY_INTEGRATIONS__GITHUB__CLIENT",
            "abc",
            &["integrations.github.client", "no such setting", "client_id"],
        ),
        ("LATCHKEY_OUTBOUND__PRIVATE_NETWORKS", "deny", &["outbound.private_networks", "allow and refuse"]),
        ("LATCHKEY_OUTBOUND__PROXY", "x", &["outbound.proxy", "no such setting", "extra_ca"]),
        ("LATCHKEY_INSTANCE__NAME", " ", &["instance.name", "1 to 100"]),
        ("LATCHKEY_INSTANCE__NAME", "Two\nlines", &["instance.name", "one line"]),
        ("LATCHKEY_LOG__LEVEL", "verbose", &["log.level", "debug and trace"]),
        ("LATCHKEY_LOG__FORMAT", "xml", &["log.format", "text and json"]),
    ];
    for (name, value, words) in cases {
        let (code, text) = migrate(&home, &[], &[(name, value)]);
        assert_eq!(code, 2, "{name}={value}: {text}");
        for word in [&[*name], *words].concat() {
            assert!(text.contains(word), "{name}={value}: {text:?} lacks {word:?}");
        }
        assert_eq!(text.lines().count(), 1, "{text}");
    }
    assert!(!home.data().exists(), "nothing is touched before the settings are right");
}

#[test]
fn a_file_is_named_too() {
    let home = Home::new();
    let migrate = |text: &str| {
        let file = home.file("server.toml", text);
        migrate(&home, &["--config", file.to_str().unwrap()], &[])
    };
    for (text, words) in [
        ("[policy]\nsign_up = \"maybe\"", ["policy.sign_up in ", "server.toml", "open and closed"]),
        ("[policy]\nsign_ups = \"open\"", ["policy.sign_ups in ", "server.toml", "no such setting"]),
        ("[policy\n", ["the configuration", "server.toml", "1"]),
    ] {
        let (code, said) = migrate(text);
        assert_eq!(code, 2, "{said}");
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    let (code, said) = self::migrate(&home, &["--config", "/nowhere/server.toml"], &[]);
    assert!(code == 2 && said.contains("/nowhere/server.toml") && said.contains("No such file"), "{said}");
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let home = Home::new();
    let at = |name: &str| home.data().join(name).to_str().unwrap().to_owned();
    std::fs::create_dir(home.data()).unwrap();
    let database = |name: &str| format!("sqlite:{}", at(name));
    let file = home.file("server.toml", &format!("[storage]\ndatabase = \"{}\"", database("file.db")));
    let config = ["--config", file.to_str().unwrap()];
    let environment = database("environment.db");
    let flag = database("flag.db");
    let migrate = |more: &[&str], environment: &[(&str, &str)]| {
        let mut command = program();
        let ended = ended(command.args(config).arg("migrate").args(more).envs(environment.iter().copied()), "");
        assert_eq!(ended.well(), "The database is up to date.\n");
    };
    migrate(&[], &[]);
    assert!(std::fs::exists(at("file.db")).unwrap());
    migrate(&[], &[("LATCHKEY_STORAGE__DATABASE", &environment)]);
    assert!(std::fs::exists(at("environment.db")).unwrap() && !std::fs::exists(at("flag.db")).unwrap());
    migrate(&["--database", &flag], &[("LATCHKEY_STORAGE__DATABASE", &environment)]);
    assert!(std::fs::exists(at("flag.db")).unwrap());
}

#[test]
fn databases_that_cannot_be_used_are_refused_with_what_to_do() {
    let home = Home::new();
    for (url, code, words) in [
        ("postgres://u:hidden@db.example.org/latchkey?passwd=hidden", 2, "there is no parameter passwd"),
        ("postgres://u:hidden@db.example.org", 2, "the name of the database is missing"),
        ("postgres://u:hidden@127.0.0.1:1/latchkey", 2, "storage.sealing_key_file"),
        ("mysql:x", 2, "expected sqlite:PATH"),
        ("sqlite:/proc/nowhere/x.db", 1, "/proc/nowhere"),
    ] {
        let (found, text) = migrate(&home, &["--database", url], &[]);
        assert_eq!(found, code, "{url}: {text}");
        assert!(text.contains(words) && !text.contains("hidden"), "{url}: {text}");
    }
    // Port 1 is nobody's.
    let gone = home.run(&["migrate", "--database", "postgres://u:hidden@127.0.0.1:1/latchkey"], "");
    assert!(gone.code == 1 && gone.err.contains("cannot be reached") && !gone.err.contains("hidden"), "{}", gone.err);
    let text = home.file("letter.txt", &"no database ".repeat(1000));
    let (code, said) = migrate(&home, &["--database", &format!("sqlite:{}", text.display())], &[]);
    assert!(code == 1 && said.contains("not a Latchkey database"), "{said}");
    let ended = ended(program().arg("migrate"), "");
    assert!(ended.code == 2 && ended.err.contains("--data DIR"), "{}", ended.err);
}

/// The folder and the file are for the service's user alone.
#[test]
fn data_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    home.run(&["migrate"], "").well();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&home.data()), mode(&home.data().join("latchkey.sqlite3"))), (0o700, 0o600));
}

#[test]
fn providers_are_checked_before_anything_is_touched_and_their_secrets_are_not_shown() {
    let home = Home::new();
    let secret = home.file("secret", "hunter2 hunter2\n");
    let secret = secret.to_str().unwrap();
    let provider = |rest: &str| format!("[integrations.work]\nprovider = \"gitlab\"\nclient_id = \"abc\"\n{rest}");
    for (text, words) in [
        (provider("url = \"http://git.example.org\""), ["integrations.work.url", "https only"]),
        (provider("url = \"https://ada:hunter2@git.example.org\""), ["integrations.work.url", "no place"]),
        (
            provider("url = \"https://git.example.org/?x\""),
            ["integrations.work.url", "such as https://git.example.org"],
        ),
        (provider("url = \"gitlab.com\""), ["integrations.work.url", "such as https://git.example.org"]),
        (provider("client_id = \"two\""), ["the configuration", "duplicate key"]),
        (provider("client_secret = \"hunter2 hunter2\""), ["integrations.work.client_secret", "visible ASCII"]),
        (provider("client_secret = [\"hunter2\"]"), ["integrations.work.client_secret", "expected a text"]),
        (provider(&format!("client_secret_file = \"{secret}\"")), ["integrations.work.client_secret_file", secret]),
        (provider("client_secret_file = \"/nowhere/secret\""), ["/nowhere/secret", "No such file"]),
        (
            provider("client_secret_file = \"/nowhere/secret\"\nclient_secret = \"hunter2\""),
            ["integrations.work.client_secret_file", "keep one of them"],
        ),
        (provider("scopes = [\"read api\"]"), ["integrations.work.scopes", "list of at most 50"]),
        (provider("scopes = 7"), ["integrations.work.scopes", "list of scopes"]),
        (
            provider("[integrations.gitlab]\nclient_id = \"abc\"\nurl = \"https://GITLAB.com:443/\""),
            ["integrations.work.url", "integrations.gitlab has the same host"],
        ),
        (
            "[integrations.github]\nclient_id = \"abc\"\nurl = \"https://example.org/github\"".to_owned(),
            ["integrations.github.url", "never below a path"],
        ),
        ("[outbound]\nextra_ca = \"/nowhere/ca.pem\"".to_owned(), ["outbound.extra_ca", "/nowhere/ca.pem"]),
        (format!("[outbound]\nextra_ca = \"{secret}\""), ["outbound.extra_ca", "has no certificate"]),
    ] {
        let file = home.file("server.toml", &text);
        let (code, said) = migrate(&home, &["--config", file.to_str().unwrap()], &[]);
        assert_eq!(code, 2, "{text}: {said}");
        assert!(words.iter().all(|word| said.contains(word)), "{text}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    assert!(!home.data().exists(), "nothing is touched before the settings are right");

    // What is missing names the place to say it in.
    for (name, missing) in [("GITHUB__URL", "GITHUB__CLIENT_ID"), ("WORK__CLIENT_ID", "WORK__PROVIDER")] {
        let name = format!("LATCHKEY_INTEGRATIONS__{name}");
        let (code, said) = migrate(&home, &[], &[(&name, "https://github.com")]);
        assert!(code == 2 && said.contains(&format!("LATCHKEY_INTEGRATIONS__{missing}: say which")), "{said}");
    }

    let secret = home.file("good", "hunter2\n");
    let text =
        provider(&format!("url = \"https://git.example.org/code/\"\nclient_secret_file = \"{}\"", secret.display()));
    let file = home.file("server.toml", &text);
    let environment =
        [("LATCHKEY_INTEGRATIONS__GITHUB__CLIENT_ID", "abc"), ("LATCHKEY_INTEGRATIONS__GITHUB__SCOPES", "repo gist")];
    let (code, said) = migrate(&home, &["--config", file.to_str().unwrap()], &environment);
    assert_eq!(code, 0, "{said}");
}

#[tokio::test]
async fn providers_that_are_configured_are_named_to_everybody() {
    let home = Home::new();
    let served = home.serve(&[
        ("LATCHKEY_INTEGRATIONS__WORK__CLIENT_ID", "abc"),
        ("LATCHKEY_INTEGRATIONS__WORK__PROVIDER", "gitlab"),
        ("LATCHKEY_INTEGRATIONS__WORK__URL", "http://127.0.0.1:4000"),
        ("LATCHKEY_INTEGRATIONS__GITLAB__CLIENT_ID", "abc"),
    ]);
    let instance = served.client().get_instance(&Caller::default()).await.unwrap();
    assert_eq!(instance.integrations, [Provider::Gitlab]);
}
