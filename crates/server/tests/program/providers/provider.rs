//! A provider of source code that runs beside a test: oidc-provider, dressed as GitHub or GitLab. `server.js` beside this
//! file is the program; this starts it, and plays the people there. Shared by tests of several crates.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Mutex, mpsc::channel},
    time::Duration,
};

use latchkey_api::{instance::Provider as Kind, integrations::ConnectionAttempt};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long it may take until it is ready, on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_mins(1);

/// The client id the provider gave out.
pub(crate) const CLIENT_ID: &str = "latchkey-test";

/// A provider that runs until its test ends.
pub(crate) struct Provider {
    kind: Kind,
    url: String,
    child: Mutex<Child>,
    _folder: TempDir,
}

impl Provider {
    /// Starts one. `settings.js` says what can be set.
    pub(crate) fn start(kind: Kind, settings: &Value) -> Self {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        // Of this crate, or of the desktop app at the root.
        let within = "tests/program/providers/server.js";
        let script = [package.join(within), package.join("crates/server").join(within)];
        let script = script.iter().find(|file| file.is_file()).expect("the program of the provider");
        let installed = script.with_file_name("node_modules/oidc-provider");
        assert!(installed.exists(), "{} is missing: run scripts/test rust once", installed.display());
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("setpriv");
        // It ends with the test, however that ends.
        command.args(["--pdeathsig", "KILL", "--", "node"]).arg(script).arg(name(kind)).arg(folder.path());
        command.arg(settings.to_string()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, receiver) = channel();
        // Read all along, so that the program never waits for somebody to take its log.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Shown where the test fails.
                eprintln!("{line}");
                if let Some(url) = line.strip_prefix("listening on ") {
                    let _ = sender.send(url.to_owned());
                }
            }
        });
        let url = receiver.recv_timeout(PATIENCE);
        let mut provider = Self { kind, url: String::new(), child: Mutex::new(child), _folder: folder };
        provider.url = url.expect("the provider starts; what it says is above");
        provider
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Where it lies, as an administrator configures it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Its host with the port, as the service and `git` name it.
    pub(crate) fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap().split('/').next().unwrap()
    }

    /// The variables a service is configured with to know it.
    pub(crate) fn environment(&self, secret: Option<&str>) -> Vec<(String, String)> {
        let section = format!("LATCHKEY_INTEGRATIONS__{}__", name(self.kind).to_uppercase());
        let of = |setting: &str, value: &str| (format!("{section}{setting}"), value.to_owned());
        let secret = secret.map(|secret| of("CLIENT_SECRET", secret));
        [of("URL", &self.url), of("CLIENT_ID", CLIENT_ID)].into_iter().chain(secret).collect()
    }

    /// Changes settings while it runs.
    pub(crate) fn set(&self, settings: &Value) {
        self.control("settings", settings);
    }

    /// What happened at a pointer, as in `/grants/refresh_token`; null where nothing did.
    pub(crate) fn seen(&self, pointer: &str) -> Value {
        self.control("seen", &json!({})).pointer(pointer).cloned().unwrap_or_default()
    }

    /// Somebody types the code of a device, and decides. Answers what their browser shows then.
    pub(crate) fn decides_device(&self, attempt: &ConnectionAttempt, login: &str, agrees: bool) -> String {
        let (complete, bare) = (attempt.verification_uri_complete.as_deref(), attempt.verification_uri.as_deref());
        let code = attempt.user_code.as_deref().filter(|_| complete.is_none());
        self.decides_at(complete.or(bare).expect("a page for devices"), code, login, agrees)
    }

    /// Somebody follows an authorisation request, and decides. Answers where their browser is sent.
    pub(crate) fn decides(&self, attempt: &ConnectionAttempt, login: &str, agrees: bool) -> Back {
        self.decides_there(attempt.authorization_url.as_deref().expect("a page"), login, agrees)
    }

    /// Somebody opens a page for devices, types the code where one is asked for, and decides. Answers what their browser
    /// shows then.
    pub(crate) fn decides_at(&self, page: &str, code: Option<&str>, login: &str, agrees: bool) -> String {
        let asked = json!({"url": page, "login": login, "agrees": agrees, "code": code});
        self.control("decide", &asked)["page"].as_str().expect("a page").to_owned()
    }

    /// Somebody opens the page of an authorisation request, and decides. Answers where their browser is sent.
    pub(crate) fn decides_there(&self, page: &str, login: &str, agrees: bool) -> Back {
        let answer = self.control("decide", &json!({"url": page, "login": login, "agrees": agrees}));
        Back(answer["location"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned())
    }

    /// Somebody takes back what they granted, in the settings of their account there.
    pub(crate) fn revokes(&self, login: &str) {
        let revoked = self.control("revoke", &json!({"login": login}));
        assert!(revoked["revoked"].as_u64().unwrap() > 0, "there was nothing to take back");
    }

    /// Whether it takes a token.
    pub(crate) fn takes(&self, token: &str) -> bool {
        self.control("token", &json!({"token": token}))["good"].as_bool().unwrap()
    }

    /// Ends it: nobody listens there any more.
    pub(crate) fn stop(&self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }

    fn control(&self, what: &str, body: &Value) -> Value {
        let (mut stream, body) = (TcpStream::connect(self.host()).unwrap(), body.to_string());
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!("POST /control/{what} HTTP/1.0\r\nHost: {}\r\nContent-Length: {}", self.host(), body.len());
        write!(stream, "{head}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, said) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{what}: {answer}");
        serde_json::from_str(said).unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Where a browser is sent back to.
pub(crate) struct Back(pub(crate) String);

impl Back {
    /// A parameter of the query.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let url = url::Url::parse(&self.0).unwrap();
        url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Github => "github",
        Kind::Gitlab => "gitlab",
    }
}
