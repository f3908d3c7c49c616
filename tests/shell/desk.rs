//! A computer with the app on it, without a window.

use std::{ops::Deref, path::PathBuf, sync::Arc, time::Duration};

use latchkey::{
    commands::{account, place},
    dialogs::Scripted,
    follower,
    places::{AccountKey, LOCAL, Places},
    snapshot::Snapshots,
    state::{AppState, Parts},
    tool_environment::ToolEnvironment,
    vault::{Credentials, Keys, SnapshotKeys, Tokens},
};
use latchkey_api::{
    desktop::{
        AccountArgs, Arrival, ChoosePlace, Failure, NoArgs, Phase, ProfileView, RemoveKey, SignInArgs, SignedOutReason,
        View,
    },
    sessions::ClientInfo,
    wire::Secret,
};
use latchkey_testkit::{ManualClock, PASSWORD, World, sign_up};
use tokio::task::JoinHandle;

use crate::{
    fakes::{FakeBrowser, FakeClipboard, FakeKeychain, FakePrinter, FakeTray, FakeWindow, Heard, Notices},
    line::{Line, Plug},
};

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
    pub(crate) tray: Arc<FakeTray>,
    pub(crate) window: Arc<FakeWindow>,
    pub(crate) heard: Arc<Heard>,
    pub(crate) home: Arc<tempfile::TempDir>,
    pub(crate) clock: Arc<ManualClock>,
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
        let (tray, window): (Arc<FakeTray>, Arc<FakeWindow>) = Default::default();
        let clock: Arc<ManualClock> = Arc::default();
        let parts = Parts {
            version: "0.0.0".into(),
            computer: "workbench".into(),
            home: home.path().to_owned(),
            device: ClientInfo { name: Some("Latchkey".into()), ..ClientInfo::default() },
            connector: Arc::new(Plug(Arc::clone(&line))),
            places: Places::at(home.path().join("places.json")),
            tokens: Tokens::new(keychain.clone()),
            keys: Keys::new(keychain.clone()),
            credentials: Credentials::new(keychain.clone()),
            snapshots: Snapshots::new(home.path().join("snapshots"), SnapshotKeys::new(keychain.clone())),
            tools: ToolEnvironment::new(
                home.path().to_owned(),
                home.path().join("latchkey"),
                std::env::var_os("PATH").unwrap(),
            ),
            dialogs: dialogs.clone(),
            clipboard: clipboard.clone(),
            browser: browser.clone(),
            printer: printer.clone(),
            window: window.clone(),
            tray: tray.clone(),
            events: heard.clone(),
            notifier: notices.clone(),
            clock: clock.clone(),
        };
        let app = Arc::new(AppState::new(parts));
        // Its page is there.
        assert_eq!(app.asked.take(), None);
        Self { app, line, keychain, dialogs, clipboard, browser, printer, notices, tray, window, heard, home, clock }
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

/// Until something is so, for ten seconds.
pub(crate) async fn soon(what: &str, so: impl Fn() -> bool) {
    let wait = async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap_or_else(|_| panic!("{what}, within ten seconds"));
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

/// A key of an account of the app's own service, as the page asks for its removal.
pub(crate) fn key_of(username: &str, id: uuid::Uuid) -> RemoveKey {
    RemoveKey { id, account: AccountArgs { place: LOCAL.into(), username: username.into() } }
}
