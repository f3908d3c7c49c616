//! A computer with the app on it, without a window.

use std::{
    ops::Deref,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use latchkey::{
    browser::Browser,
    clipboard::{Clipboard, Pixels},
    commands::{account, place},
    dialogs::Scripted,
    error::failure,
    events::Events,
    follower,
    notifications::{Notice, Notifier},
    places::{AccountKey, LOCAL, Places},
    printer::Printer,
    state::{AppState, Parts},
    vault::{Memory, Tokens, Vault, VaultError},
};
use latchkey_api::{
    activity::Push,
    desktop::{
        Arrival, AvatarProgress, ChoosePlace, Failure, NoArgs, Phase, PictureDrag, ProfileView, Request, ShellCode,
        SignInArgs, SignedOutReason, View,
    },
    sessions::ClientInfo,
    wire::Secret,
};
use latchkey_testkit::{ManualClock, PASSWORD, World, sign_up};

use tokio::{sync::watch, task::JoinHandle};

use crate::line::{Line, Plug};

/// The app on a computer of its own.
pub(crate) struct Desk {
    pub(crate) app: Arc<AppState>,
    pub(crate) line: Arc<Line>,
    pub(crate) keychain: Arc<FakeKeychain>,
    pub(crate) dialogs: Arc<Scripted>,
    pub(crate) clipboard: Arc<FakeClipboard>,
    pub(crate) browser: Arc<FakeBrowser>,
    pub(crate) printer: Arc<FakePrinter>,
    pub(crate) notices: Arc<Notices>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) home: Arc<tempfile::TempDir>,
}

impl Deref for Desk {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.app
    }
}

impl Desk {
    /// A computer where the app never ran.
    pub(crate) fn new(world: &World) -> Self {
        Self::with(Line::to(world.service.clone()), Arc::default(), Arc::new(tempfile::tempdir().unwrap()))
    }

    /// A computer where somebody just created an account in the service of the app.
    pub(crate) async fn of(world: &World, username: &str) -> Self {
        let desk = Self::new(world);
        desk.chooses(LOCAL).await.unwrap();
        account::create_account(&desk, sign_up(username)).await.unwrap();
        desk
    }

    /// The same computer after the app was ended and started again.
    pub(crate) fn restart(&self) -> Self {
        Self::with(Arc::clone(&self.line), Arc::clone(&self.keychain), Arc::clone(&self.home))
    }

    fn with(line: Arc<Line>, keychain: Arc<FakeKeychain>, home: Arc<tempfile::TempDir>) -> Self {
        let (dialogs, clipboard): (Arc<Scripted>, Arc<FakeClipboard>) = Default::default();
        let (browser, heard): (Arc<FakeBrowser>, Arc<Heard>) = Default::default();
        let (printer, notices): (Arc<FakePrinter>, Arc<Notices>) = Default::default();
        let parts = Parts {
            version: "0.0.0".into(),
            device: ClientInfo { name: Some("Latchkey".into()), ..ClientInfo::default() },
            connector: Arc::new(Plug(Arc::clone(&line))),
            places: Places::at(home.path().join("places.json")),
            tokens: Tokens::new(keychain.clone()),
            dialogs: dialogs.clone(),
            clipboard: clipboard.clone(),
            browser: browser.clone(),
            printer: printer.clone(),
            events: heard.clone(),
            notifier: notices.clone(),
            clock: Arc::new(ManualClock::default()),
        };
        let app = Arc::new(AppState::new(parts));
        Self { app, line, keychain, dialogs, clipboard, browser, printer, notices, heard, home }
    }

    /// Follows what happens on the account in the window, until the answer is dropped.
    pub(crate) fn follows(&self) -> Following {
        Following(tokio::spawn(follower::follow(Arc::clone(&self.app))))
    }

    pub(crate) async fn first_view(&self) -> View {
        place::get_view(self, NoArgs {}).await.unwrap()
    }

    pub(crate) async fn chooses(&self, id: &str) -> Result<View, Failure> {
        place::choose_place(self, ChoosePlace { id: id.into(), accept_plain: false }).await
    }

    pub(crate) async fn signs_in(&self, login: &str) -> Result<View, Failure> {
        account::sign_in(self, SignInArgs { login: login.into(), password: Secret::new(PASSWORD) }).await
    }

    /// The profile in the window.
    pub(crate) fn profile(&self) -> ProfileView {
        match self.view().phase {
            Phase::SignedIn { profile, .. } => profile,
            other => panic!("somebody is signed in: {other:?}"),
        }
    }

    /// Why, and with which name, the window shows the sign-in screen.
    pub(crate) fn signed_out(&self) -> (Option<SignedOutReason>, Option<String>) {
        match self.view().phase {
            Phase::SignedOut { reason, login } => (reason, login),
            other => panic!("nobody is signed in: {other:?}"),
        }
    }

    pub(crate) fn unavailable(&self) -> Failure {
        match self.view().phase {
            Phase::Unavailable { failure } => failure,
            other => panic!("the place is not available: {other:?}"),
        }
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// Ends with the test.
pub(crate) struct Following(JoinHandle<()>);

impl Drop for Following {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Until something is so, for two seconds.
pub(crate) async fn soon(what: &str, so: impl Fn() -> bool) {
    let wait = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(2), wait).await.unwrap_or_else(|_| panic!("{what}, within two seconds"));
}

/// What a view says of the sign-in.
pub(crate) fn arrival(view: &View) -> Option<Arrival> {
    match &view.phase {
        Phase::SignedIn { arrival, .. } => arrival.clone(),
        other => panic!("somebody is signed in: {other:?}"),
    }
}

/// The key of an account of the app's own service.
pub(crate) fn here(username: &str) -> AccountKey {
    AccountKey { place: LOCAL.into(), username: username.into() }
}

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
}

/// What the page was told.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) views: Mutex<Vec<View>>,
    pub(crate) progress: Mutex<Vec<AvatarProgress>>,
    pub(crate) drags: Mutex<Vec<PictureDrag>>,
    pub(crate) pushes: Mutex<Vec<Push>>,
    pub(crate) requests: Mutex<Vec<Request>>,
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

    fn push(&self, push: &Push) {
        self.pushes.lock().unwrap().push(push.clone());
    }

    fn request(&self, request: &Request) {
        self.requests.lock().unwrap().push(request.clone());
    }
}

#[derive(Default)]
pub(crate) struct FakeClipboard {
    pub(crate) text: Mutex<Option<String>>,
    /// What clipboard managers were asked not to keep.
    pub(crate) secrets: Mutex<Vec<String>>,
    pub(crate) picture: Mutex<Option<(u32, u32)>>,
}

impl Clipboard for FakeClipboard {
    fn write_text(&self, text: &str) -> Result<(), Failure> {
        *self.text.lock().unwrap() = Some(text.to_owned());
        Ok(())
    }

    fn write_secret(&self, secret: &Secret) -> Result<(), Failure> {
        self.secrets.lock().unwrap().push(secret.expose().to_owned());
        self.write_text(secret.expose())
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
}

impl Browser for FakeBrowser {
    fn open(&self, url: &str) -> Result<(), Failure> {
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
pub(crate) struct Notices(pub(crate) Mutex<Vec<Notice>>);

impl Notifier for Notices {
    fn show(&self, notice: Notice) {
        self.0.lock().unwrap().push(notice);
    }
}
