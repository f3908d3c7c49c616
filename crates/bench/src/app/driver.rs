//! Creates the account that is signed in, in the app's own window, over WebDriver.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::desk::Desk;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a person does, step by step. Each is tried until it answers true.
const STEPS: [&str; 5] = [
    "const choice = document.querySelector('input[type=radio]'); choice?.click(); return choice?.checked === true",
    "const next = document.querySelector('button[type=submit]');
     if (document.querySelector('input[type=radio]') === null) return true; next?.click(); return false",
    "return document.querySelector('[autocomplete=new-password]') !== null",
    "const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
     const typed = { name: 'Ada Lindqvist', username: 'ada', email: 'ada@example.com',
         'new-password': 'seven small otters dance' };
     for (const [field, value] of Object.entries(typed)) {
         const input = document.querySelector(`[autocomplete=${field}]`);
         set.call(input, value);
         input.dispatchEvent(new Event('input', { bubbles: true }));
     }
     document.querySelector('button[type=submit]').click();
     return true",
    "return document.querySelector('main h1')?.textContent.includes('Ada Lindqvist') === true",
];

/// Creates an account on this computer, and leaves it signed in.
pub(crate) fn create_account(desk: &Desk, program: &Path, home: &Path) -> anyhow::Result<()> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut command = desk.command(Path::new("WebKitWebDriver"), home);
    command.args(["--host=127.0.0.1", &format!("--port={port}")]).env("TAURI_WEBVIEW_AUTOMATION", "true");
    let mut driver = command.spawn().context("WebKitWebDriver cannot be started")?;
    let outcome = go(port, program, &mut driver);
    let _ = crate::process::run(Command::new("kill").arg(driver.id().to_string()));
    driver.wait()?;
    outcome
}

fn go(port: u16, program: &Path, driver: &mut Child) -> anyhow::Result<()> {
    let given_up = Instant::now() + PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        ensure!(driver.try_wait()?.is_none() && Instant::now() < given_up, "WebKitWebDriver does not listen");
        thread::sleep(Duration::from_millis(10));
    }
    let options = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
    let session = ask(port, "POST", "/session", &json!({ "capabilities": { "alwaysMatch": options } }))?;
    let session = session["sessionId"].as_str().with_context(|| format!("no session: {session}"))?.to_owned();
    for step in STEPS {
        let path = format!("/session/{session}/execute/sync");
        let given_up = Instant::now() + PATIENCE;
        while ask(port, "POST", &path, &json!({ "script": step, "args": [] }))? != json!(true) {
            ensure!(Instant::now() < given_up, "the app does not come to: {step}");
            thread::sleep(Duration::from_millis(100));
        }
    }
    ask(port, "DELETE", &format!("/session/{session}"), &json!({}))?;
    Ok(())
}

/// One command, and the value it is answered with.
fn ask(port: u16, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
    let body = body.to_string();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (_, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    let answer: Value = serde_json::from_str(body).with_context(|| body.to_owned())?;
    Ok(answer["value"].clone())
}
