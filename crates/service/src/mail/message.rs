//! A message, as it is handed to a mail server.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::template::Written;

/// A message to one person. Who it is from is the [mailer](super::Mailer)'s.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: the same at each attempt, so that a mail system can tell a message that comes twice.
    pub id: Uuid,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The address it goes to.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The message as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl Message {
    pub(super) fn new(id: Uuid, at: DateTime<Utc>, to: &str, written: Written) -> Self {
        let Written { subject, text, html } = written;
        Self { id, at, to: to.to_owned(), subject, text, html }
    }
}

/// Who it goes to and what it says may hold a code: neither stands in a log.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").field("id", &self.id).finish_non_exhaustive()
    }
}
