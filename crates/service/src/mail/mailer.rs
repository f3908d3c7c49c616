//! What sends mail.

use super::Message;

/// Hands messages to a mail server.
#[async_trait::async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one message over; answers what the server said. It comes back within a minute, whatever the server does.
    async fn send(&self, message: &Message) -> Result<String, MailError>;
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct MailError {
    /// It makes no sense to try again.
    pub permanent: bool,
    /// What happened, for the log: no address, no secret, nothing the server says in its own words.
    pub reason: String,
    /// What the server said, or what happened in detail, for an administrator who tries it.
    pub answer: Option<String>,
}

impl MailError {
    /// Trying again may help.
    pub fn transient(reason: impl Into<String>) -> Self {
        Self { permanent: false, reason: reason.into(), answer: None }
    }

    /// This message will never be taken.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self { permanent: true, ..Self::transient(reason) }
    }
}
