//! The REST API of the service in this process, for scripts and programs of this computer. It is off until the person
//! switches it on, and keeps its port from then on.

mod choice;

use std::{
    io::{self, ErrorKind},
    net::Ipv4Addr,
    path::PathBuf,
    sync::{Arc, Mutex as StdMutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use latchkey_api::{
    desktop::{Failure, RestApi, ShellCode},
    problem::{ErrorCode, FieldCode, Problem},
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
    task::JoinHandle,
};

use self::choice::Choice;
use crate::{
    backend::Connector,
    choice_file,
    error::{failure, refused},
    public_key_file::field,
};

/// Ports below are the system's.
const LOWEST: u16 = 1024;

/// The switch.
pub struct RestSwitch {
    file: PathBuf,
    connector: Arc<dyn Connector>,
    /// What the person chose, once it was read: it holds, whether it can be written or not.
    choice: StdMutex<Option<Choice>>,
    /// Held by whoever switches.
    running: Mutex<Option<Running>>,
    trouble: StdMutex<Option<Failure>>,
}

struct Running {
    port: u16,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Running {
    async fn end(self) {
        let _ = self.stop.send(());
        let _ = self.serving.await;
    }
}

impl RestSwitch {
    /// A switch that is remembered in a file, which need not exist.
    pub fn new(file: PathBuf, connector: Arc<dyn Connector>) -> Self {
        Self { file, connector, choice: StdMutex::default(), running: Mutex::default(), trouble: StdMutex::default() }
    }

    /// How it stands.
    pub async fn status(&self) -> RestApi {
        let running = self.running.lock().await;
        let port = running.as_ref().map(|running| running.port);
        drop(running);
        let choice = self.choice();
        let failure = self.lock_trouble().clone().filter(|_| choice.enabled && port.is_none());
        RestApi { enabled: choice.enabled, port: port.or(choice.port), url: port.map(url), failure }
    }

    /// Starts it if it was on when the app ended. A failure waits for whoever asks how it stands.
    pub async fn resume(&self) {
        let mut running = self.running.lock().await;
        let choice = self.choice();
        if choice.enabled && running.is_none() {
            *running = self.start(choice.port).await;
        }
    }

    /// Switches it.
    ///
    /// A port that does not fit says so at `/port`; while it runs at another one, so does a port that is taken, and
    /// nothing changes. Otherwise what cannot be started stays switched on, and [`RestSwitch::status`] says why it
    /// does not run.
    pub async fn set(&self, enabled: bool, port: Option<u16>) -> Result<(), Failure> {
        if port.is_some_and(|port| port < LOWEST) {
            let detail = format!("Choose a port from {LOWEST} to {}.", u16::MAX);
            return Err(field("/port", FieldCode::Invalid, detail));
        }
        let mut running = self.running.lock().await;
        let wanted = port.or(self.choice().port);
        let now = match (enabled, running.take()) {
            (false, before) => {
                if let Some(before) = before {
                    before.end().await;
                }
                None
            }
            (true, Some(before)) if wanted == Some(before.port) => Some(before),
            (true, Some(before)) => {
                let Some(fresh) = self.start(wanted).await else {
                    *running = Some(before);
                    let trouble =
                        self.lock_trouble().take().unwrap_or_else(|| refused(Problem::new(ErrorCode::Conflict)));
                    if trouble.code != ErrorCode::Conflict.into() {
                        return Err(trouble);
                    }
                    return Err(field("/port", FieldCode::Taken, trouble.detail.unwrap_or_default()));
                };
                before.end().await;
                Some(fresh)
            }
            (true, None) => self.start(wanted).await,
        };
        let choice = Choice { enabled, port: now.as_ref().map(|running| running.port).or(wanted) };
        *running = now;
        *self.choice.lock().unwrap_or_else(PoisonError::into_inner) = Some(choice);
        choice_file::write(&self.file, &choice).map_err(|error| {
            tracing::warn!(%error, "the switch of the REST API is not remembered");
            let detail = format!("{} cannot be written: {error}. It holds until Latchkey ends.", self.file.display());
            failure(ShellCode::FileUnwritable, detail)
        })
    }

    /// The file is read once: from then on it is for the next start alone.
    fn choice(&self) -> Choice {
        let mut choice = self.choice.lock().unwrap_or_else(PoisonError::into_inner);
        *choice.get_or_insert_with(|| choice_file::read(&self.file))
    }

    /// Where it is, while it runs.
    pub async fn url(&self) -> Option<String> {
        self.running.lock().await.as_ref().map(|running| url(running.port))
    }

    /// Stops it, when the app ends. It stays switched on.
    pub async fn close(&self) {
        if let Some(running) = self.running.lock().await.take() {
            running.end().await;
        }
    }

    async fn start(&self, port: Option<u16>) -> Option<Running> {
        let started = self.try_start(port).await;
        *self.lock_trouble() = started.as_ref().err().cloned();
        started.ok()
    }

    async fn try_start(&self, port: Option<u16>) -> Result<Running, Failure> {
        // On the loopback interface alone.
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await.map_err(|error| explain(&error, port))?;
        let port = listener.local_addr().map_err(|error| refused(Problem::internal(error)))?.port();
        let (stop, stopped) = oneshot::channel();
        let serving = self.connector.serve(listener, stopped.map(|_| ()).boxed()).await?;
        Ok(Running { port, stop, serving: tokio::spawn(serving) })
    }

    fn lock_trouble(&self) -> MutexGuard<'_, Option<Failure>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

fn explain(error: &io::Error, port: Option<u16>) -> Failure {
    let port = port.map_or_else(|| "any port".to_owned(), |port| format!("port {port}"));
    match error.kind() {
        ErrorKind::AddrInUse => refused(
            Problem::new(ErrorCode::Conflict).detail(format!("Another program uses {port}. Choose another one.")),
        ),
        ErrorKind::PermissionDenied => {
            let detail = format!("This computer does not let Latchkey use {port}. Choose another one.");
            field("/port", FieldCode::Invalid, detail)
        }
        // No other port would help.
        _ => refused(Problem::new(ErrorCode::Internal).detail(format!("Latchkey cannot use {port}: {error}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_that_another_program_uses_is_taken() {
        let code = |number: i32| explain(&io::Error::from_raw_os_error(number), Some(8123));
        // EADDRINUSE, EACCES, EMFILE
        assert_eq!(code(98).code, ErrorCode::Conflict.into());
        let refused = code(13);
        assert_eq!((&*refused.errors[0].pointer, refused.errors[0].code), ("/port", FieldCode::Invalid));
        let full = code(24);
        assert_eq!(full.code, ErrorCode::Internal.into());
        assert!(full.detail.unwrap().contains("port 8123: "));
    }
}
