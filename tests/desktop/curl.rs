//! curl, as somebody types it in a shell: no code of Latchkey's own between an API key and the REST API.

use std::{
    process::Output,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::stage::Stage;

/// What curl ends with when nobody listens (`man curl`, exit codes).
const REFUSED: i32 = 7;

/// Somebody with a key at a shell.
pub(crate) struct Curl<'a> {
    stage: &'a Stage,
    origin: String,
    key: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The entity tag, empty where there is none.
    pub(crate) etag: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl<'a> Curl<'a> {
    /// A key to use at this address.
    pub(crate) fn new(stage: &'a Stage, origin: &str, key: &str) -> Self {
        Self { stage, origin: origin.to_owned(), key: key.to_owned() }
    }

    /// Reads the profile.
    pub(crate) fn me(&self) -> Answer {
        self.ask("/v1/me", &[])
    }

    /// Changes the profile as it stands now.
    pub(crate) fn edits_profile(&self, change: &Value) -> Answer {
        let condition = format!("If-Match: {}", self.me().etag);
        let kind = "Content-Type: application/merge-patch+json";
        self.ask("/v1/me", &["-X", "PATCH", "-H", &condition, "-H", kind, "-d", &change.to_string()])
    }

    /// Asks for a path, with these options.
    pub(crate) fn ask(&self, path: &str, options: &[&str]) -> Answer {
        let done = self.run(path, options);
        assert!(done.status.success(), "curl: {}", String::from_utf8_lossy(&done.stderr));
        let said = String::from_utf8(done.stdout).unwrap();
        let (body, end) = said.rsplit_once('\n').unwrap();
        let (status, etag) = end.split_once(' ').unwrap();
        Answer { status: status.parse().unwrap(), etag: etag.to_owned(), body: body.to_owned() }
    }

    /// Whether nobody listens at the address.
    pub(crate) fn is_refused(&self) -> bool {
        self.run("/v1/me", &[]).status.code() == Some(REFUSED)
    }

    /// Waits until the profile is answered with this status.
    pub(crate) async fn until(&self, status: u16) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.me();
            if answer.status == status {
                return;
            }
            assert!(Instant::now() < deadline, "no {status}: {answer:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn run(&self, path: &str, options: &[&str]) -> Output {
        let mut command = self.stage.command("curl");
        command.args(["-sS", "--max-time", "20", "-w", "\\n%{http_code} %header{etag}"]).args(options);
        command.arg("-H").arg(format!("Authorization: Bearer {}", self.key));
        command.arg(format!("{}{path}", self.origin)).output().unwrap()
    }
}
