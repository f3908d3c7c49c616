//! Where the browser comes back to after somebody agreed at a provider (RFC 8252 section 7.3): a port of this computer
//! that is open for one attempt.
//!
//! Any page in any browser can send requests here. What counts is decided by the service, by `state`; what does not even
//! look like an answer is turned away here: other paths, another `Host`, heads that are long or slow.

use std::{sync::Arc, time::Duration};

use latchkey_api::{
    desktop::{Failure, NativeWords},
    problem::{ErrorCode, Problem},
    wire::Secret,
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
    sync::{Semaphore, mpsc},
    task::{AbortHandle, JoinSet},
};
use url::form_urlencoded;

use crate::{error::refused, redirect_page::reply};

/// The path the provider sends the browser to.
const PATH: &str = "/callback";

/// The most a request's head may have. Codes and states are some hundred bytes.
const HEAD: usize = 16 * 1024;

/// The most `code` may have.
const CODE: usize = 8 * 1024;

/// The most the other parameters may have, which is what the service takes.
const PARAMETER: usize = 512;

/// How long a browser may take to ask, and to take the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the port is open at most, whoever waits for it.
const OPEN: Duration = Duration::from_hours(1);

/// Requests that are looked at at one time.
const CONNECTIONS: usize = 8;

/// What the browser brought back (RFC 6749 section 4.1.2, RFC 9207).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `state`
    pub state: String,
    /// `code`, where the person agreed.
    pub code: Option<Secret>,
    /// `error`, where they did not.
    pub error: Option<String>,
    /// `iss`, where it was sent.
    pub iss: Option<String>,
}

/// The open port. It closes when this is dropped.
pub struct LoopbackRedirect {
    uri: String,
    answers: mpsc::Receiver<Answer>,
    listening: AbortHandle,
}

impl LoopbackRedirect {
    /// Opens a port that nobody else has. Whoever comes is told in these words.
    pub async fn listen(words: Arc<NativeWords>) -> Result<Self, Failure> {
        let open = async {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            let address = listener.local_addr()?;
            Ok::<_, std::io::Error>((listener, address))
        };
        let (listener, address) = open.await.map_err(|error| refused(Problem::internal(error)))?;
        let (told, answers) = mpsc::channel(1);
        let task = tokio::spawn(tokio::time::timeout(OPEN, serve(listener, address.to_string(), words, told)));
        Ok(Self { uri: format!("http://{address}{PATH}"), answers, listening: task.abort_handle() })
    }

    /// What the provider is told to send the browser to.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The next answer. By then the browser shows the page that sends the person back.
    pub async fn next(&mut self) -> Result<Answer, Failure> {
        let gone = || refused(Problem::new(ErrorCode::Internal).detail("This computer does not listen any more."));
        self.answers.recv().await.ok_or_else(gone)
    }
}

impl Drop for LoopbackRedirect {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn serve(listener: TcpListener, host: String, words: Arc<NativeWords>, told: mpsc::Sender<Answer>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    // Dropped with this future: what is being looked at ends with the attempt.
    let mut looked_at = JoinSet::new();
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        while looked_at.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((browser, _)) => {
                let (host, words, told) = (host.clone(), Arc::clone(&words), told.clone());
                looked_at.spawn(async move {
                    let _place = place;
                    let _ = tokio::time::timeout(PATIENCE, look(browser, &host, &words, &told)).await;
                });
            }
            Err(error) => {
                tracing::debug!(%error, "a browser that came back was not heard");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn look(
    mut browser: TcpStream,
    host: &str,
    words: &NativeWords,
    told: &mpsc::Sender<Answer>,
) -> std::io::Result<()> {
    let read = read_head(&mut browser).await?;
    let wanted = read.as_deref().ok_or(Refused::TooLong).and_then(|head| parse(head, host));
    let place = match &wanted {
        // Of several at once one is looked at; the browser of the person can be sent again.
        Ok(_) => told.try_reserve().map_err(|_| Refused::Busy),
        Err(refused) => Err(*refused),
    };
    match (wanted, place) {
        (Ok(answer), Ok(place)) => {
            reply(&mut browser, "200 OK", words, &words.redirect.back).await?;
            place.send(answer);
            Ok(())
        }
        (_, Err(refused)) | (Err(refused), _) => {
            reply(&mut browser, refused.status(), words, &words.redirect.nothing).await
        }
    }
}

/// The head of a request. `None` where it is too long.
async fn read_head(browser: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    loop {
        let length = browser.read(&mut piece).await?;
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        // The end may stand across two pieces.
        let before = head.len().saturating_sub(3);
        head.extend_from_slice(&piece[..length]);
        if let Some(end) = head[before..].windows(4).position(|four| four == b"\r\n\r\n") {
            head.truncate(before + end);
            return Ok(Some(head));
        }
        if head.len() > HEAD {
            return Ok(None);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    TooLong,
    Wrong,
    NotThere,
    Method,
    Busy,
}

impl Refused {
    fn status(self) -> &'static str {
        match self {
            Self::TooLong => "431 Request Header Fields Too Large",
            Self::Wrong => "400 Bad Request",
            Self::NotThere => "404 Not Found",
            Self::Method => "405 Method Not Allowed",
            Self::Busy => "503 Service Unavailable",
        }
    }
}

fn parse(head: &[u8], host: &str) -> Result<Answer, Refused> {
    let head = std::str::from_utf8(head).map_err(|_| Refused::Wrong)?;
    let mut lines = head.split("\r\n");
    let mut request = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (request.next(), request.next(), request.next(), request.next())
    else {
        return Err(Refused::Wrong);
    };
    // A name that somebody else's name server leads here is another host.
    let mut hosts = lines.filter_map(|line| line.split_once(':')).filter(|(name, _)| name.eq_ignore_ascii_case("host"));
    if hosts.next().map(|(_, value)| value.trim()) != Some(host) || hosts.next().is_some() {
        return Err(Refused::Wrong);
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path != PATH {
        return Err(if path.starts_with('/') { Refused::NotThere } else { Refused::Wrong });
    }
    if method != "GET" {
        return Err(Refused::Method);
    }
    answer(query).ok_or(Refused::Wrong)
}

/// Each parameter at most once (RFC 6749 section 3.1), and no longer than it may be.
fn answer(query: &str) -> Option<Answer> {
    let [mut state, mut code, mut error, mut iss] = [const { None::<String> }; 4];
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let (place, most) = match &*name {
            "state" => (&mut state, PARAMETER),
            "code" => (&mut code, CODE),
            "error" => (&mut error, PARAMETER),
            "iss" => (&mut iss, PARAMETER),
            _ => continue,
        };
        if value.is_empty() || value.len() > most || place.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    if code.is_some() == error.is_some() {
        return None;
    }
    Some(Answer { state: state?, code: code.map(Secret::new), error, iss })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:4711";

    fn asked(line: &str) -> Result<Answer, Refused> {
        parse(format!("{line}\r\nAccept: */*\r\nHost: {HOST}").as_bytes(), HOST)
    }

    #[test]
    fn an_answer_is_read_and_decoded() {
        let answer = asked("GET /callback?code=a%2Fb+c&state=s&iss=https%3A%2F%2Fgit.example HTTP/1.1").unwrap();
        assert_eq!(answer.code, Some(Secret::new("a/b c")));
        assert_eq!((answer.state.as_str(), answer.error), ("s", None));
        assert_eq!(answer.iss.as_deref(), Some("https://git.example"));
        let denied = asked("GET /callback?error=access_denied&error_description=no&state=s HTTP/1.0").unwrap();
        assert_eq!((denied.code, denied.error.as_deref()), (None, Some("access_denied")));
    }

    #[test]
    fn what_is_no_answer_is_turned_away() {
        let long = "x".repeat(PARAMETER + 1);
        for (line, refused) in [
            ("GET /favicon.ico HTTP/1.1", Refused::NotThere),
            ("GET /callback/ HTTP/1.1", Refused::NotThere),
            ("GET /Callback?state=s&code=c HTTP/1.1", Refused::NotThere),
            ("POST /callback?state=s&code=c HTTP/1.1", Refused::Method),
            ("GET http://127.0.0.1:4711/callback?state=s&code=c HTTP/1.1", Refused::Wrong),
            ("GET /callback HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s HTTP/1.1", Refused::Wrong),
            ("GET /callback?code=c HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s&code= HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s&code=c&error=e HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s&state=s&code=c HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s&code=c&code=d HTTP/1.1", Refused::Wrong),
            ("GET  /callback?state=s&code=c HTTP/1.1", Refused::Wrong),
            ("GET /callback?state=s&code=c HTTP/2", Refused::Wrong),
            ("GET /callback?state=s&code=c", Refused::Wrong),
            ("", Refused::Wrong),
            (&format!("GET /callback?state={long}&code=c HTTP/1.1"), Refused::Wrong),
        ] {
            assert_eq!(asked(line).unwrap_err(), refused, "{line}");
        }
        assert_eq!(
            parse(b"GET /callback?state=s&code=\xff HTTP/1.1\r\nHost: 127.0.0.1:4711", HOST),
            Err(Refused::Wrong)
        );
    }

    #[test]
    fn another_host_is_another_server() {
        for hosts in [
            "",
            "Host: localhost:4711",
            "Host: 127.0.0.1",
            "Host: 127.0.0.1:4712",
            "Host: evil.example",
            "Host: 127.0.0.1:4711.evil.example",
            "Host: 127.0.0.1:4711\r\nHost: evil.example",
        ] {
            let head = format!("GET /callback?state=s&code=c HTTP/1.1\r\n{hosts}");
            assert_eq!(parse(head.as_bytes(), HOST), Err(Refused::Wrong), "{hosts}");
        }
    }
}
