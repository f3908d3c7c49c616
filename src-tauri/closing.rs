//! The window on its way to being closed.
//!
//! The page may hold what is not done yet: a removal that waits for its undo, say. So a window that is asked to close
//! tells the page, waits for it to say that all is settled, and then for the commands that are running. Neither wait is
//! longer than a person would bear.

use std::time::Duration;

use tokio::{sync::watch, time::timeout};

use crate::events::Events;

/// How long the page may take to settle what waits.
const SETTLING: Duration = Duration::from_secs(3);

/// How long commands that are running may take to end.
const RUNNING: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Open,
    /// The page was told.
    Asked,
    /// The page has nothing waiting any more.
    Settled,
    /// The app may end.
    Over,
}

/// How far it is.
pub struct Closing {
    step: watch::Sender<Step>,
    running: watch::Sender<usize>,
}

impl Default for Closing {
    fn default() -> Self {
        Self { step: watch::Sender::new(Step::Open), running: watch::Sender::new(0) }
    }
}

impl Closing {
    /// The window is asked to close: tells the page, once. False when it may close by now.
    pub fn ask(&self, events: &dyn Events) -> bool {
        let begun = self.step.send_if_modified(|step| {
            let begun = *step == Step::Open;
            if begun {
                *step = Step::Asked;
            }
            begun
        });
        if begun {
            events.closing();
        }
        *self.step.borrow() != Step::Over
    }

    /// The page has settled what was waiting.
    pub fn settle(&self) {
        self.step.send_if_modified(|step| {
            let earlier = matches!(step, Step::Open | Step::Asked);
            if earlier {
                *step = Step::Settled;
            }
            earlier
        });
    }

    /// A command is running until the answer is dropped.
    #[must_use]
    pub fn running(&self) -> Running<'_> {
        self.running.send_modify(|running| *running += 1);
        Running(&self.running)
    }

    /// Until the window was asked to close, the page has settled what waited, and no command is running, each for no
    /// longer than it may take. From then on nothing holds the window open.
    pub async fn until_over(&self) {
        let (mut step, mut running) = (self.step.subscribe(), self.running.subscribe());
        // The senders are this value's own: no wait here ends by their end.
        let _ = step.wait_for(|step| *step != Step::Open).await;
        if timeout(SETTLING, step.wait_for(|step| *step == Step::Settled)).await.is_err() {
            tracing::warn!("the page does not say that it may be closed");
        }
        if timeout(RUNNING, running.wait_for(|running| *running == 0)).await.is_err() {
            tracing::warn!("a command is still running when the app ends");
        }
        self.step.send_replace(Step::Over);
    }
}

/// A command that is running.
pub struct Running<'a>(&'a watch::Sender<usize>);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}
