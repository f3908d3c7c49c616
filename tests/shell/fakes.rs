//! The parts of a desktop, played for the app.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU32, Ordering},
};

use latchkey::{
    app_window::AppWindow,
    browser::Browser,
    clipboard::{Clipboard, Pixels},
    error::failure,
    events::Events,
    notifications::{Notice, Notifier},
    places::AccountKey,
    printer::Printer,
    tray::Tray,
    vault::{Memory, Vault, VaultError},
};
use latchkey_api::{
    activity::Push,
    desktop::{
        AvatarProgress, ConnectionTrouble, Failure, NativeWords, PictureDrag, Request, ShellCode, SshKeyDrag, View,
    },
    wire::Secret,
};
use tokio::sync::watch;

/// A keychain that can be taken away, and be slow to let go of tokens.
#[derive(Default)]
pub(crate) struct FakeKeychain {
    tokens: Memory,
    gone: AtomicBool,
    held: watch::Sender<bool>,
    /// How many tokens came to the hold.
    waiting: watch::Sender<u32>,
}

impl FakeKeychain {
    pub(crate) fn take_away(&self, gone: bool) {
        self.gone.store(gone, Ordering::SeqCst);
    }

    /// Lets go of no token until [`FakeKeychain::release`].
    pub(crate) fn hold(&self) {
        self.held.send_replace(true);
    }

    pub(crate) fn release(&self) {
        self.held.send_replace(false);
    }

    /// Until it was asked to let go of one.
    pub(crate) async fn until_held(&self) {
        self.waiting.subscribe().wait_for(|waiting| *waiting > 0).await.unwrap();
    }

    /// What it holds.
    pub(crate) async fn token(&self, key: &AccountKey) -> Option<Secret> {
        self.tokens.read(key).await.unwrap()
    }

    fn check(&self) -> Result<(), VaultError> {
        if self.gone.load(Ordering::SeqCst) { Err(VaultError::Absent) } else { Ok(()) }
    }
}

#[async_trait::async_trait]
impl Vault for FakeKeychain {
    async fn read(&self, key: &AccountKey) -> Result<Option<Secret>, VaultError> {
        self.check()?;
        self.tokens.read(key).await
    }

    async fn write(&self, key: &AccountKey, token: &Secret) -> Result<(), VaultError> {
        self.check()?;
        self.tokens.write(key, token).await
    }

    async fn forget(&self, key: &AccountKey) -> Result<(), VaultError> {
        self.check()?;
        self.waiting.send_modify(|waiting| *waiting += 1);
        self.held.subscribe().wait_for(|held| !held).await.unwrap();
        self.tokens.forget(key).await
    }

    async fn names(&self, place: &str) -> Result<Vec<String>, VaultError> {
        self.check()?;
        self.tokens.names(place).await
    }
}

/// What the page was told.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) views: Mutex<Vec<View>>,
    pub(crate) progress: Mutex<Vec<AvatarProgress>>,
    pub(crate) drags: Mutex<Vec<PictureDrag>>,
    pub(crate) key_drags: Mutex<Vec<SshKeyDrag>>,
    pub(crate) troubles: Mutex<Vec<ConnectionTrouble>>,
    pub(crate) pushes: Mutex<Vec<Push>>,
    pub(crate) requests: Mutex<Vec<Request>>,
    /// How often it was told that the server stopped answering.
    pub(crate) losses: AtomicU32,
    /// How often it was told that the window closes.
    pub(crate) closings: AtomicU32,
}

impl Events for Heard {
    fn view(&self, view: &View) {
        self.views.lock().unwrap().push(view.clone());
    }

    fn avatar_progress(&self, progress: AvatarProgress) {
        self.progress.lock().unwrap().push(progress);
    }

    fn picture_drag(&self, drag: &PictureDrag) {
        self.drags.lock().unwrap().push(drag.clone());
    }

    fn ssh_key_drag(&self, drag: &SshKeyDrag) {
        self.key_drags.lock().unwrap().push(drag.clone());
    }

    fn connection_trouble(&self, trouble: &ConnectionTrouble) {
        self.troubles.lock().unwrap().push(trouble.clone());
    }

    fn push(&self, push: &Push) {
        self.pushes.lock().unwrap().push(push.clone());
    }

    fn lost(&self) {
        self.losses.fetch_add(1, Ordering::SeqCst);
    }

    fn request(&self, request: &Request) {
        self.requests.lock().unwrap().push(request.clone());
    }

    fn closing(&self) {
        self.closings.fetch_add(1, Ordering::SeqCst);
    }
}

#[derive(Default)]
pub(crate) struct FakeClipboard {
    pub(crate) text: Mutex<Option<String>>,
    /// What clipboard managers were asked not to keep.
    pub(crate) secrets: Mutex<Vec<String>>,
    pub(crate) picture: Mutex<Option<(u32, u32)>>,
    pub(crate) gone: AtomicBool,
}

impl Clipboard for FakeClipboard {
    fn write_text(&self, text: &str) -> Result<(), Failure> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(failure(ShellCode::ClipboardUnavailable, None));
        }
        *self.text.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }

    fn write_secret(&self, secret: &Secret) -> Result<(), Failure> {
        self.write_text(secret.expose())?;
        self.secrets.lock().unwrap().push(secret.expose().to_owned());
        Ok(())
    }

    fn clear_if(&self, secret: &Secret) {
        let mut text = self.text.lock().unwrap();
        if text.as_deref() == Some(secret.expose()) {
            *text = None;
        }
    }

    fn read_picture(&self) -> Result<Pixels, Failure> {
        let (width, height) = self.picture.lock().unwrap().ok_or_else(|| failure(ShellCode::ClipboardEmpty, None))?;
        Ok(Pixels { width, height, rgba: [200, 120, 40, 255].repeat((width * height) as usize) })
    }
}

#[derive(Default)]
pub(crate) struct FakeBrowser {
    pub(crate) opened: Mutex<Vec<String>>,
    pub(crate) gone: AtomicBool,
}

impl Browser for FakeBrowser {
    fn open(&self, url: &str) -> Result<(), Failure> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(failure(ShellCode::BrowserUnavailable, format!("Open {url} in a browser of yours.")));
        }
        self.opened.lock().unwrap().push(url.to_owned());
        Ok(())
    }
}

#[derive(Default)]
pub(crate) struct FakePrinter {
    pub(crate) printed: Mutex<u32>,
    pub(crate) gone: AtomicBool,
}

#[async_trait::async_trait]
impl Printer for FakePrinter {
    async fn print(&self) -> Result<(), Failure> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(failure(ShellCode::PrinterUnavailable, None));
        }
        *self.printed.lock().unwrap() += 1;
        Ok(())
    }
}

/// Notifications the person would have seen.
#[derive(Default)]
pub(crate) struct Notices(pub(crate) Mutex<Vec<Notice>>, pub(crate) AtomicBool);

#[async_trait::async_trait]
impl Notifier for Notices {
    fn show(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }

    async fn available(&self) -> bool {
        !self.1.load(Ordering::SeqCst)
    }
}

/// A tray that a desktop may lack.
pub(crate) struct FakeTray {
    pub(crate) gone: AtomicBool,
    pub(crate) words: Mutex<Option<Arc<NativeWords>>>,
    shown: watch::Sender<bool>,
}

impl Default for FakeTray {
    fn default() -> Self {
        Self { gone: AtomicBool::default(), words: Mutex::default(), shown: watch::Sender::new(false) }
    }
}

#[async_trait::async_trait]
impl Tray for FakeTray {
    async fn available(&self) -> bool {
        !self.gone.load(Ordering::SeqCst)
    }

    async fn show(&self, words: Arc<NativeWords>) {
        *self.words.lock().unwrap() = Some(words);
        self.shown.send_replace(true);
    }

    async fn hide(&self) {
        *self.words.lock().unwrap() = None;
        self.shown.send_replace(false);
    }

    fn shown(&self) -> watch::Receiver<bool> {
        self.shown.subscribe()
    }
}

/// How often the window was asked to close, and the app to end.
#[derive(Default)]
pub(crate) struct FakeWindow {
    pub(crate) closed: AtomicU32,
    pub(crate) quitted: AtomicU32,
}

impl AppWindow for FakeWindow {
    fn press_close(&self) {
        self.closed.fetch_add(1, Ordering::SeqCst);
    }

    fn quit(&self) {
        self.quitted.fetch_add(1, Ordering::SeqCst);
    }
}
