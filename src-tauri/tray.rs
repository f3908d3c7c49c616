//! The entry in the tray of the desktop: off until somebody wants it, and nothing of it runs until then.
//!
//! On Linux it is a `StatusNotifierItem` on the session bus, by `ksni` over the `zbus` that the keychain is reached with
//! anyway. Tauri's own `tray-icon` would load libayatana-appindicator and its menus through GTK: two more libraries to depend on, to
//! load at each start and to hold in memory, and no word on whether anything shows the entry. That word is what closing the
//! window goes by.

#[cfg(target_os = "linux")]
mod status_notifier;

use std::sync::Arc;

use latchkey_api::desktop::{NativeWords, Section};
use tokio::sync::watch;

#[cfg(target_os = "linux")]
pub use status_notifier::{Picture, StatusNotifier};

/// What was chosen there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayChoice {
    /// To see the window.
    Open,
    /// To see a section.
    Section(Section),
    /// To end the app.
    Quit,
}

/// The sections in its menu: those that are looked at, not the one that ends an account.
pub const SECTIONS: [Section; 9] = [
    Section::Password,
    Section::TwoFactor,
    Section::ApiKeys,
    Section::Sessions,
    Section::CheckUp,
    Section::SshKeys,
    Section::SourceCode,
    Section::Registries,
    Section::Activity,
];

/// The tray of the desktop.
#[async_trait::async_trait]
pub trait Tray: Send + Sync {
    /// Whether something on this desktop shows entries now.
    async fn available(&self) -> bool;

    /// Puts the entry there, or says it in other words. Where nothing shows entries, it waits until something does.
    async fn show(&self, words: Arc<NativeWords>);

    /// Takes it away.
    async fn hide(&self);

    /// Whether it is there to be seen, and when that changes.
    fn shown(&self) -> watch::Receiver<bool>;
}

/// The tray of a system where there is none yet, or of a program without a window.
pub struct NoTray(watch::Sender<bool>);

impl Default for NoTray {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

#[async_trait::async_trait]
impl Tray for NoTray {
    async fn available(&self) -> bool {
        false
    }

    async fn show(&self, _: Arc<NativeWords>) {}

    async fn hide(&self) {}

    fn shown(&self) -> watch::Receiver<bool> {
        self.0.subscribe()
    }
}
