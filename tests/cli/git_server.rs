//! Repositories over HTTP by `git http-backend`, for whoever shows the right token.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_desktop_testkit::{command, output_of};

/// What the one repository holds.
pub(crate) const CONTENT: &str = "Only for those who have a token.\n";

/// A server that goes with its test's process.
pub(crate) struct GitServer {
    /// Host and port.
    pub(crate) host: String,
    /// The passwords that were shown.
    pub(crate) shown: Arc<Mutex<Vec<String>>>,
    _folder: tempfile::TempDir,
}

impl GitServer {
    /// One that takes this token as a password, under any name.
    pub(crate) fn start(token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        make(&folder.path().join("maren/tools.git"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let (root, token, told) = (folder.path().to_owned(), token.to_owned(), Arc::clone(&shown));
        thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                let (root, token, told) = (root.clone(), token.clone(), Arc::clone(&told));
                thread::spawn(move || serve(browser, &root, &token, &told));
            }
        });
        Self { host, shown, _folder: folder }
    }

    /// What `git clone` is given.
    pub(crate) fn repository(&self) -> String {
        format!("http://{}/maren/tools.git", self.host)
    }
}

fn make(repository: &Path) {
    output_of(command("git").args(["init", "--quiet", "--bare", "--initial-branch=main"]).arg(repository));
    let commit = format!(
        "commit refs/heads/main\ncommitter Maren <maren@example.com> 1767600000 +0000\ndata 5\nfirst\nM 100644 inline \
         README.md\ndata {}\n{CONTENT}",
        CONTENT.len()
    );
    let mut import = command("git");
    import.arg("-C").arg(repository).args(["fast-import", "--quiet"]).stdin(Stdio::piped());
    let mut import = import.spawn().unwrap();
    import.stdin.take().unwrap().write_all(commit.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

fn serve(mut client: TcpStream, root: &PathBuf, token: &str, told: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(client.try_clone().unwrap());
    let mut request = String::new();
    if lines.read_line(&mut request).unwrap_or_default() == 0 {
        return;
    }
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ").map(|(a, b)| (a.to_lowercase(), b.to_owned()))
        else {
            break;
        };
        headers.push((name, value));
    }
    let header = |wanted: &str| headers.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let password = header("authorization").and_then(|value| value.strip_prefix("Basic ")).map(|value| {
        let pair = String::from_utf8(STANDARD.decode(value).unwrap()).unwrap();
        pair.split_once(':').unwrap().1.to_owned()
    });
    told.lock().unwrap().extend(password.clone());
    if password.as_deref() != Some(token) {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\nContent-Length: 0\r\n\
                       Connection: close\r\n\r\n";
        client.write_all(refusal.as_bytes()).unwrap();
        return;
    }
    let (method, target) = request.split_once(' ').unwrap();
    let (path, query) =
        target.split(' ').next().unwrap().split_once('?').unwrap_or((target.split(' ').next().unwrap(), ""));
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    lines.read_exact(&mut body).unwrap();
    let mut backend = Command::new("git");
    backend.arg("http-backend").env("GIT_PROJECT_ROOT", root).env("GIT_HTTP_EXPORT_ALL", "1");
    backend.env("PATH_INFO", path).env("QUERY_STRING", query).env("REQUEST_METHOD", method).env("REMOTE_USER", "maren");
    for (variable, name) in [
        ("CONTENT_TYPE", "content-type"),
        ("HTTP_CONTENT_ENCODING", "content-encoding"),
        ("GIT_PROTOCOL", "git-protocol"),
    ] {
        backend.env(variable, header(name).unwrap_or_default());
    }
    let mut backend = backend.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    backend.stdin.take().unwrap().write_all(&body).unwrap();
    let said = backend.wait_with_output().unwrap().stdout;
    let end = said.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
    client.write_all(format!("HTTP/1.1 {status}\r\nConnection: close\r\n{head}").as_bytes()).unwrap();
    client.write_all(&said[end..]).unwrap();
}
