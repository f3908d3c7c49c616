//! What somebody asked to see from outside of the window, until the page hears it.

use std::sync::{Mutex, PoisonError};

use latchkey_api::desktop::Request;

use crate::events::Events;

/// Keeps the newest request while there is no page yet that listens.
#[derive(Default)]
pub struct Asked(Mutex<Page>);

enum Page {
    /// It will ask for what came meanwhile.
    NotListening(Option<Request>),
    Listening,
}

impl Default for Page {
    fn default() -> Self {
        Self::NotListening(None)
    }
}

impl Asked {
    /// Somebody asks.
    pub fn ask(&self, events: &dyn Events, request: Request) {
        let mut page = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *page {
            Page::NotListening(waiting) => *waiting = Some(request),
            Page::Listening => {
                drop(page);
                events.request(&request);
            }
        }
    }

    /// The page listens from now on; what came before.
    pub fn take(&self) -> Option<Request> {
        let mut page = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *page, Page::Listening) {
            Page::NotListening(waiting) => waiting,
            Page::Listening => None,
        }
    }
}
