//! What every command works on.

use std::{future::Future, path::PathBuf, sync::Arc};

use latchkey_api::{
    common::Caller,
    desktop::{Failure, ProfileView, SignedOutReason, View},
    problem::{ApiResult, Problem},
    profile::Profile,
    sessions::ClientInfo,
    wire::{Secret, Versioned},
};
use latchkey_client::Client;
use latchkey_service::Clock;
use tokio::sync::{Mutex as AsyncMutex, Notify, OnceCell};

use crate::{
    app_settings::ChosenSettings,
    app_window::AppWindow,
    asked::Asked,
    backend::Connector,
    browser::Browser,
    clipboard::{Clipboard, SecretOnClipboard},
    closing::Closing,
    commands::credential_access,
    connection_attempt::AttemptSlot,
    dialogs::Dialogs,
    error::{cancelled, ends_session, nobody, refused},
    events::Events,
    helper_record::HelperRecord,
    native_words::WordsInUse,
    notifications::Notifier,
    opening,
    picture::Pictures,
    places::{AccountKey, Places},
    printer::Printer,
    rest::RestSwitch,
    scene::{Scene, State},
    session::{Attempt, Session, Ticket},
    snapshot::{self, Snapshots},
    tool_environment::ToolEnvironment,
    tray::Tray,
    upload::UploadSlot,
    vault::{Credentials, Keys, Tokens},
};

/// What the app is made of. Tests pass other parts than the desktop's.
pub struct Parts {
    /// Version of the app.
    pub version: String,
    /// What this computer is called.
    pub computer: String,
    /// The person's home directory.
    pub home: PathBuf,
    /// What it says of itself when somebody signs in.
    pub device: ClientInfo,
    /// Makes clients of places.
    pub connector: Arc<dyn Connector>,
    /// The places and accounts that are known.
    pub places: Places,
    /// The session tokens.
    pub tokens: Tokens,
    /// The personal API keys, and passphrases of SSH keys.
    pub keys: Keys,
    /// Credentials of tools.
    pub credentials: Credentials,
    /// What was seen of accounts.
    pub snapshots: Snapshots,
    /// What tools on this computer go by.
    pub tools: ToolEnvironment,
    /// The dialogs for files.
    pub dialogs: Arc<dyn Dialogs>,
    /// The clipboard.
    pub clipboard: Arc<dyn Clipboard>,
    /// The browser.
    pub browser: Arc<dyn Browser>,
    /// The printer.
    pub printer: Arc<dyn Printer>,
    /// The window of the app.
    pub window: Arc<dyn AppWindow>,
    /// The entry in the tray.
    pub tray: Arc<dyn Tray>,
    /// What tells the page.
    pub events: Arc<dyn Events>,
    /// What tells the person while the window is not looked at.
    pub notifier: Arc<dyn Notifier>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// The state of the app.
pub struct AppState {
    /// What the app is made of.
    pub parts: Parts,
    /// What the window shows.
    pub session: Session,
    /// What the shell itself says, in the language of the page.
    pub words: WordsInUse,
    /// What the person chose of the app on this computer.
    pub chosen: ChosenSettings,
    /// What somebody asked to see before the page listened.
    pub asked: Asked,
    /// A secret that has to be taken off the clipboard again.
    pub secret_on_clipboard: SecretOnClipboard,
    /// Pictures that were chosen.
    pub pictures: Pictures,
    /// The REST API of the service in this process.
    pub rest: RestSwitch,
    /// Told once the page has built its first screen.
    pub first_screen: Notify,
    /// How far the window is on its way to being closed.
    pub closing: Closing,
    /// The attempt to connect an account that the window waits for.
    pub connecting: AttemptSlot,
    /// Which account answers tools. Held while their configuration is changed.
    pub helpers: AsyncMutex<HelperRecord>,
    /// The upload on its way.
    pub upload: UploadSlot,
    /// Filled once the place used last was opened.
    pub(crate) started: OnceCell<()>,
}

impl AppState {
    /// An app before its first view.
    pub fn new(parts: Parts) -> Self {
        Self {
            rest: RestSwitch::new(parts.places.beside("rest-api.json"), Arc::clone(&parts.connector)),
            chosen: ChosenSettings::at(parts.places.beside("settings.json")),
            asked: Asked::default(),
            helpers: AsyncMutex::new(HelperRecord::at(parts.places.beside("tools.json"))),
            secret_on_clipboard: SecretOnClipboard::new(Arc::clone(&parts.clipboard)),
            parts,
            session: Session::default(),
            words: WordsInUse::default(),
            pictures: Pictures::default(),
            first_screen: Notify::new(),
            closing: Closing::default(),
            connecting: AttemptSlot::default(),
            upload: UploadSlot::default(),
            started: OnceCell::new(),
        }
    }

    /// What the window shows.
    pub fn view(&self) -> View {
        let scene = self.session.scene();
        let known = self.parts.places.known();
        let phase = scene.phase();
        let accounts = known.accounts(scene.account().map(|account| &account.key));
        View {
            version: self.parts.version.clone(),
            places: known.places(scene.place.as_ref().map(|place| place.id.as_str())),
            place: scene.place,
            instance: scene.instance,
            phase,
            accounts,
            keychain: self.parts.tokens.status(),
        }
    }

    /// Lands a transition and answers the view. Answers `cancelled` if a later one began meanwhile.
    pub fn land(&self, attempt: Attempt, scene: Scene) -> Result<View, Failure> {
        let reached = match scene.state {
            State::SignedOut { .. } | State::SecondFactor(_) | State::SignedIn(_) => scene.place.clone(),
            State::FirstRun | State::Unavailable { .. } => None,
        };
        let account = scene.account().map(|account| (account.key.clone(), account.profile.profile.name.clone()));
        if !self.session.land(attempt, scene) {
            return Err(cancelled());
        }
        self.upload.cancel();
        self.connecting.give_up();
        self.pictures.clear();
        if let Some(place) = reached {
            self.parts.places.change(|known| {
                known.use_place(&place);
                if let Some((key, name)) = &account {
                    known.use_account(key, name);
                }
            });
        }
        self.keep_what_was_read();
        Ok(self.view())
    }

    /// Keeps the profile of the account in the window, and what its place says of itself, where they were just read.
    fn keep_what_was_read(&self) {
        let Some(ticket) = self.session.ticket().filter(|ticket| !ticket.saved) else { return };
        snapshot::keep(self, &ticket, &ticket.profile, |newer| &mut newer.profile);
        if let Some(instance) = self.session.scene().instance {
            snapshot::keep(self, &ticket, &instance, |newer| &mut newer.instance);
        }
    }

    /// Looks whether a keychain that was absent is there by now, and tells the page if so.
    pub async fn look_for_keychain(&self) {
        if self.parts.tokens.look_again().await {
            self.parts.events.view(&self.view());
        }
    }

    /// A ticket for the account in the window. Answers `unauthenticated` if nobody is signed in.
    pub fn ticket(&self) -> Result<Ticket, Failure> {
        self.session.ticket().ok_or_else(nobody)
    }

    /// Calls the service for the account in the window.
    ///
    /// If the answer says that the session is over, the token is wiped and the window lands on the sign-in screen. If
    /// the window shows another account by now, the answer is `cancelled`.
    pub async fn call<T, F>(&self, call: impl FnOnce(Client, Caller) -> F) -> Result<T, Failure>
    where
        F: Future<Output = ApiResult<T>>,
    {
        let ticket = self.ticket()?;
        self.call_as(&ticket, ticket.client.clone(), call).await
    }

    /// [`AppState::call`] with a ticket taken before, and a client of one's own.
    pub async fn call_as<T, F>(
        &self,
        ticket: &Ticket,
        client: Client,
        call: impl FnOnce(Client, Caller) -> F,
    ) -> Result<T, Failure>
    where
        F: Future<Output = ApiResult<T>>,
    {
        match call(client, ticket.caller()).await {
            Ok(answer) if self.session.holds(ticket) => Ok(answer),
            Ok(_) => Err(cancelled()),
            Err(problem) => Err(self.fail(ticket, problem).await),
        }
    }

    /// Takes over the profile a call answered.
    pub fn take_profile(&self, ticket: &Ticket, answer: Versioned<Profile>) -> Result<ProfileView, Failure> {
        let fresh = ProfileView { profile: answer.value, etag: answer.etag };
        if !self.session.take_profile(ticket, &fresh) {
            return Err(cancelled());
        }
        if fresh.profile.name != ticket.profile.profile.name {
            self.parts.places.change(|known| known.use_account(&ticket.key, &fresh.profile.name));
        }
        snapshot::keep(self, ticket, &fresh, |newer| &mut newer.profile);
        Ok(fresh)
    }

    /// The service was reached for the first time since the ticket's account was opened: what it says of itself is read,
    /// and the page is told.
    pub(crate) async fn came_back(&self, ticket: &Ticket) {
        if let Some(instance) = opening::ask_soon(&ticket.client).await {
            self.session.take_instance(&ticket.key.place, instance.clone());
            snapshot::keep(self, ticket, &instance, |newer| &mut newer.instance);
        }
        if self.session.holds(ticket) {
            self.parts.events.view(&self.view());
        }
    }

    /// What a call for the ticket's account was refused with. If the session is over, it ends here too.
    pub(crate) async fn fail(&self, ticket: &Ticket, problem: Problem) -> Failure {
        if let Some(reason) = ends_session(&problem) {
            self.end(ticket, reason).await;
        }
        refused(problem)
    }

    /// Ends the ticket's session: the window lands on the sign-in screen with the reason, and the token is wiped.
    ///
    /// In this order: a keychain may be slow, or ask the person to unlock it, and what is over leaves the screen at
    /// once. The page is told again when the account is off the list.
    pub(crate) async fn end(&self, ticket: &Ticket, reason: SignedOutReason) {
        let landed = self.session.end(ticket, reason);
        if landed {
            self.upload.cancel();
            self.connecting.give_up();
            self.pictures.clear();
            self.parts.events.view(&self.view());
        }
        self.forget_account(&ticket.key, &ticket.token).await;
        if landed {
            self.parts.events.view(&self.view());
        }
    }

    /// Lets go of an account's token and of what was seen of it, takes the account off the list, and out of the
    /// configuration of tools, unless it was signed in anew meanwhile.
    pub(crate) async fn forget_account(&self, key: &AccountKey, token: &Secret) {
        let off_the_list = || {
            self.parts.places.change(|known| known.forget_account(key));
            self.parts.snapshots.forget(key);
        };
        if self.parts.tokens.forget_this(key, token, off_the_list).await {
            credential_access::undo(self, key).await;
        }
    }
}
