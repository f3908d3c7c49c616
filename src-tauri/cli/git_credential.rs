//! The helper `git` asks what to sign in with (gitcredentials(7), git-credential(1)). It hands out; it takes nothing in.

use std::io::{self, IsTerminal, Read};

use latchkey_api::credentials::{GitCredential, GitCredentialRequest};
use zeroize::Zeroizing;

use super::{
    ending::Ending,
    print::Printer,
    tool_account::{in_time, the_account},
};
use crate::{git_config::is_loopback, helper_record::Tool, state::AppState, tool_credentials};

/// The most that is read. What `git` asks is some hundred bytes.
const LIMIT: u64 = 64 * 1024;

/// What `git` asks about.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    host: String,
    username: Option<String>,
}

/// Answers `git`. Where there is nothing to answer nothing is said, and `git` asks the person.
pub(super) async fn run(
    app: &AppState,
    account: Option<&str>,
    printer: &Printer,
    operation: &str,
) -> Result<(), Ending> {
    match operation {
        "get" => {
            let Some(asked) = asked().await? else { return Ok(()) };
            let Some(credential) = in_time(get(app, account, asked)).await? else { return Ok(()) };
            printer.bytes(answer(&credential)?.as_bytes())
        }
        "erase" => {
            tell_a_person(printer, "Latchkey hands out what your connections hold. To disconnect one, open Latchkey.");
            let Some(Asked { host, username }) = asked().await? else { return Ok(()) };
            // It did not do: the service is asked anew the next time.
            let Ok(account) = the_account(app, account, Tool::Git, Some(&host)) else { return Ok(()) };
            let forget = async {
                tool_credentials::forget_git(app, &account, &host, username.as_deref()).await;
                Ok(())
            };
            in_time(forget).await
        }
        "store" => {
            tell_a_person(printer, "Latchkey hands out what your connections hold, and keeps no other credentials.");
            Ok(())
        }
        // What a later version of git may ask (gitcredentials(7)).
        _ => Ok(()),
    }
}

async fn get(app: &AppState, account: Option<&str>, asked: Asked) -> Result<Option<GitCredential>, Ending> {
    let account = the_account(app, account, Tool::Git, Some(&asked.host))?;
    let request = GitCredentialRequest { host: asked.host, username: asked.username };
    Ok(tool_credentials::for_git(app, &account, request).await?)
}

/// `git` asks of itself; a person may type it.
fn tell_a_person(printer: &Printer, sentence: &str) {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        printer.say(sentence);
    }
}

async fn asked() -> Result<Option<Asked>, Ending> {
    let read = tokio::task::spawn_blocking(|| {
        let mut bytes = Zeroizing::new(Vec::new());
        io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = read.await.map_err(|error| Ending::Failed(error.to_string()))??;
    if bytes.len() as u64 > LIMIT {
        return Err(Ending::Failed("That is more than git asks.".to_owned()));
    }
    Ok(parse(&bytes))
}

/// Lines `KEY=VALUE` up to an empty one. The last of several counts, as git has it. `None` where it is nothing to answer:
/// another protocol, no host, or a value that could be taken for two lines.
fn parse(bytes: &[u8]) -> Option<Asked> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (mut protocol, mut host, mut username) = (None, None, None);
    for line in text.split('\n').take_while(|line| !line.is_empty()) {
        let (key, value) = line.split_once('=')?;
        if value.contains(['\0', '\r']) {
            return None;
        }
        match key {
            "protocol" => protocol = Some(value),
            "host" => host = Some(value),
            "username" => username = Some(value),
            _ => {}
        }
    }
    let (protocol, host) = (protocol?, host.filter(|host| !host.is_empty())?.to_ascii_lowercase());
    let usual_port = match protocol {
        "https" => ":443",
        "http" if is_loopback(&host) => ":80",
        _ => return None,
    };
    let host = host.strip_suffix(usual_port).unwrap_or(&host).to_owned();
    let username = username.filter(|name| !name.is_empty() && name.chars().count() <= 255).map(str::to_owned);
    Some(Asked { host, username })
}

fn answer(credential: &GitCredential) -> Result<Zeroizing<String>, Ending> {
    let is_line = |text: &str| !text.is_empty() && !text.contains(['\n', '\r', '\0']);
    let GitCredential { username, password, expires_at, .. } = credential;
    if !is_line(username) || !is_line(password.expose()) {
        return Err(Ending::Failed("The provider's token is nothing that git could be told.".to_owned()));
    }
    let end = expires_at.map(|end| format!("password_expiry_utc={}\n", end.timestamp())).unwrap_or_default();
    Ok(Zeroizing::new(format!("username={username}\npassword={}\n{end}", password.expose())))
}

#[cfg(test)]
mod tests {
    use latchkey_api::{instance::Provider, wire::Secret};

    use super::*;

    #[test]
    fn what_git_asks_is_read() {
        let asked = parse(
            b"capability[]=authtype\nprotocol=https\nhost=Git.Example:443\npath=a=b.git\nusername=maren\nwwwauth[]=Basic \
              realm=\"x\"\n\nhost=other.example\n",
        );
        assert_eq!(asked, Some(Asked { host: "git.example".into(), username: Some("maren".into()) }));
        let asked = parse(b"protocol=https\nhost=git.example:8443\nusername=\n");
        assert_eq!(asked, Some(Asked { host: "git.example:8443".into(), username: None }));
        for loopback in ["127.0.0.1:3000", "[::1]:3000", "localhost"] {
            assert!(parse(format!("protocol=http\nhost={loopback}\n\n").as_bytes()).is_some(), "{loopback}");
        }
    }

    #[test]
    fn what_is_nothing_to_answer_is_left_alone() {
        for nothing in [
            &b""[..],
            b"\n",
            b"protocol=https\n\n",
            b"host=git.example\n\n",
            b"protocol=https\nhost=\n\n",
            b"protocol=http\nhost=git.example\n\n",
            b"protocol=http\nhost=127.0.0.1.git.example\n\n",
            b"protocol=ssh\nhost=git.example\n\n",
            b"protocol=https\nhost\n\n",
            b"protocol=https\nhost=git.example\r\n\r\n",
            b"protocol=https\nhost=git.example\0evil.example\n\n",
            b"protocol=https\nhost=\xff\n\n",
        ] {
            assert_eq!(parse(nothing), None, "{}", String::from_utf8_lossy(nothing));
        }
    }

    #[test]
    fn an_answer_is_lines_and_no_value_is_two() {
        let credential = |username: &str, password: &str| GitCredential {
            provider: Provider::Gitlab,
            username: username.into(),
            password: Secret::new(password),
            expires_at: chrono::DateTime::from_timestamp(1_900_000_000, 5),
        };
        let answered = answer(&credential("oauth2", "t0ken=")).unwrap();
        assert_eq!(*answered, "username=oauth2\npassword=t0ken=\npassword_expiry_utc=1900000000\n");
        let for_ever = GitCredential { expires_at: None, ..credential("oauth2", "t0ken") };
        assert_eq!(*answer(&for_ever).unwrap(), "username=oauth2\npassword=t0ken\n");
        for (username, password) in [("a\nhost=evil.example", "b"), ("a", "b\0"), ("", "b"), ("a", "b\r")] {
            answer(&credential(username, password)).unwrap_err();
        }
    }
}
