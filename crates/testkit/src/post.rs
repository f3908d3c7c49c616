//! A mail server that keeps what it gets, in memory.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use latchkey_service::{MailError, Mailer, Message};
use tokio::sync::Notify;

/// How long a test waits for a message that was sent in the background.
const PATIENCE: Duration = Duration::from_secs(20);

/// Takes every message, or refuses the next ones as it was told.
#[derive(Default)]
pub struct Post {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    delivered: Vec<Message>,
    refusals: Vec<MailError>,
    attempts: usize,
}

impl Post {
    /// Refuses the next message so.
    pub fn refuse_next(&self, error: MailError) {
        self.state().refusals.insert(0, error);
    }

    /// The first message to an address with this in its subject; it is taken away. Waits for it.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&self, to: &str, subject: &str) -> Message {
        let wanted = |message: &Message| message.to == to && message.subject.contains(subject);
        let look = async {
            loop {
                let arrived = self.arrived.notified();
                let found = self.state().delivered.iter().position(wanted);
                if let Some(at) = found {
                    return self.state().delivered.remove(at);
                }
                arrived.await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, look).await.ok();
        found.unwrap_or_else(|| panic!("no mail to {to} about {subject}; there is {:?}", self.subjects()))
    }

    /// The code in the next message to an address with this in its subject.
    ///
    /// # Panics
    /// When no message comes, or it holds none.
    pub async fn code(&self, to: &str, subject: &str) -> String {
        let text = self.next(to, subject).await.text;
        let code = |line: &&str| {
            line.len() > 8 && line.contains('-') && line.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        text.lines().map(str::trim).find(code).expect("a line with a code").to_owned()
    }

    /// Recipients and subjects of what was delivered and not taken away.
    pub fn subjects(&self) -> Vec<(String, String)> {
        self.state().delivered.iter().map(|message| (message.to.clone(), message.subject.clone())).collect()
    }

    /// How often something was to be sent, whatever became of it. Waits until it was that often.
    ///
    /// # Panics
    /// When it does not come to that.
    pub async fn attempts(&self, wanted: usize) -> usize {
        let look = async {
            loop {
                let arrived = self.arrived.notified();
                let attempts = self.state().attempts;
                if attempts >= wanted {
                    return attempts;
                }
                arrived.await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.expect("more attempts")
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Mailer for Post {
    async fn send(&self, message: &Message) -> Result<String, MailError> {
        let mut state = self.state();
        state.attempts += 1;
        let refusal = state.refusals.pop();
        if refusal.is_none() {
            state.delivered.push(message.clone());
        }
        drop(state);
        self.arrived.notify_waiters();
        refusal.map_or_else(|| Ok("250 OK".into()), Err)
    }
}
