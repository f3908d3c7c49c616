//! The account a command is about: found among those the app knows, with the session the keychain keeps for it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use latchkey_api::{
    desktop::{AccountArgs, Failure, Place, ProfileView, SavedAccount},
    sessions::ClientInfo,
};
use latchkey_service::SystemClock;

use super::{ending::Ending, windowless::Windowless};
use crate::{
    backend::Backends,
    device,
    error::nobody,
    opening,
    places::{AccountKey, LOCAL, Places},
    scene::{State, Who},
    snapshot::Snapshots,
    state::{AppState, Parts},
    tool_environment::ToolEnvironment,
    tray::NoTray,
    vault::{Credentials, KeychainKey, Keys, SnapshotKeys, SystemKeychain, Tokens},
};

/// The folder the app keeps its data in: its identifier in `tauri.conf.json`.
const FOLDER: &str = "app.latchkey.Latchkey";

/// How long the service in this process may take to write what is still in memory.
const CLOSING: Duration = Duration::from_secs(5);

/// An account that is signed in.
pub(super) struct Opened {
    /// The same state the window has.
    pub(super) app: AppState,
    /// Where the account is.
    pub(super) place: Place,
}

impl Opened {
    /// Opens an account, given as `NAME` or `NAME@PLACE`, or the one used last. That it was used here does not make it
    /// the one the window opens with.
    pub(super) async fn open(account: Option<&str>) -> Result<Self, Ending> {
        let app = app()?;
        let known = app.parts.places.known();
        let (place, who) = match account {
            Some(wanted) => {
                let account = named(&app, wanted)?;
                let place = known.place(&account.place).cloned().ok_or_else(not_signed_in)?;
                (place, Who::Account(account.username))
            }
            None => (known.last_place().cloned().ok_or_else(not_signed_in)?, Who::LastUsed),
        };
        let attempt = app.session.attempt();
        let scene = opening::look(&app, place.clone(), who).await;
        app.session.land(attempt, scene.clone());
        match scene.state {
            State::SignedIn(_) => Ok(Self { app, place: scene.place.unwrap_or(place) }),
            State::Unavailable { failure, .. } => Err(failure.into()),
            _ => {
                app.parts.connector.close().await;
                Err(match app.parts.tokens.status().detail {
                    Some(trouble) => Ending::NotSignedIn(format!("{trouble} The session cannot be read.")),
                    None => not_signed_in(),
                })
            }
        }
    }

    /// The profile as it was read last.
    pub(super) fn profile(&self) -> Result<ProfileView, Failure> {
        Ok(self.app.session.ticket().ok_or_else(nobody)?.profile)
    }

    /// The account.
    pub(super) fn account(&self) -> Result<AccountArgs, Failure> {
        let key = self.app.ticket()?.key;
        Ok(AccountArgs { place: key.place, username: key.username })
    }

    /// Writes what is still in memory.
    pub(super) async fn close(&self) {
        close(&self.app).await;
    }
}

/// The app as it is known on this computer, with nobody in it yet.
pub(super) fn app() -> Result<AppState, Ending> {
    let app = AppState::new(parts()?);
    app.parts.places.load()?;
    Ok(app)
}

/// Writes what is still in memory.
pub(super) async fn close(app: &AppState) {
    if tokio::time::timeout(CLOSING, app.parts.connector.close()).await.is_err() {
        tracing::warn!("the account data was not closed in time");
    }
}

/// The account given as `NAME` or `NAME@PLACE`.
pub(super) fn named(app: &AppState, wanted: &str) -> Result<AccountKey, Ending> {
    let unknown = || Ending::NotSignedIn(format!("{wanted} is not signed in on this computer."));
    let account = the_one(app.parts.places.known().accounts(None), wanted)?.ok_or_else(unknown)?;
    Ok(AccountKey { place: account.place, username: account.username })
}

/// The account used last.
pub(super) fn used_last(app: &AppState) -> Result<AccountKey, Ending> {
    let known = app.parts.places.known();
    known.last_place().and_then(|place| known.last_account(&place.id)).ok_or_else(not_signed_in)
}

fn not_signed_in() -> Ending {
    Ending::NotSignedIn("Nobody is signed in. Start latchkey without arguments, and sign in there.".to_owned())
}

/// The account that is meant, if there is one. Of several none is picked: a deletion would hit the wrong one.
fn the_one(accounts: Vec<SavedAccount>, wanted: &str) -> Result<Option<SavedAccount>, Ending> {
    let mut meant: Vec<_> = accounts.into_iter().filter(|account| is_meant(account, wanted)).collect();
    if meant.len() > 1 {
        let host = |account: &SavedAccount| host(&account.place).to_owned();
        let full_name = |account: &SavedAccount| {
            let alone = meant.iter().filter(|other| host(other) == host(account)).count() == 1;
            format!("{}@{}", account.username, if alone { host(account) } else { account.place.clone() })
        };
        let names: Vec<_> = meant.iter().map(full_name).collect();
        return Err(Ending::Ambiguous(format!("{wanted} may be {}. Say which one.", names.join(" or "))));
    }
    Ok(meant.pop())
}

/// What follows the scheme of an origin; `local` has none.
fn host(place: &str) -> &str {
    place.split_once("://").map_or(place, |(_, host)| host)
}

/// By the host, the origin or the display name of the place, and `local` for this computer.
fn is_meant(account: &SavedAccount, wanted: &str) -> bool {
    let (name, place) = wanted.split_once('@').map_or((wanted, None), |(name, place)| (name, Some(place)));
    let at = |place: &str| {
        [account.place.as_str(), host(&account.place), account.place_name.as_str()]
            .into_iter()
            .chain((account.place == LOCAL).then_some("localhost"))
            .any(|known| known.eq_ignore_ascii_case(place))
    };
    account.username.eq_ignore_ascii_case(name) && place.is_none_or(at)
}

fn parts() -> Result<Parts, Ending> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let missing = |what: &str| Ending::Failed(format!("This computer does not say where {what} is."));
    let data: PathBuf = dirs::data_dir().ok_or_else(|| missing("data of programs"))?.join(FOLDER);
    let home = dirs::home_dir().ok_or_else(|| missing("your home directory"))?;
    let keychain = Arc::new(SystemKeychain::default());
    let keys = Arc::new(KeychainKey::new(keychain.clone()));
    Ok(Parts {
        computer: device::computer(),
        tools: ToolEnvironment::of_process(home.clone()),
        home,
        // Nobody signs in here.
        device: ClientInfo::default(),
        connector: Arc::new(Backends::new(device::user_agent(&version), data.join("service"), keys)),
        places: Places::at(data.join("places.json")),
        tokens: Tokens::new(keychain.clone()),
        keys: Keys::new(keychain.clone()),
        credentials: Credentials::new(keychain.clone()),
        // Nothing is written to them here; they go with accounts whose session turns out to be over.
        snapshots: Snapshots::new(data.join("snapshots"), SnapshotKeys::new(keychain)),
        dialogs: Arc::new(Windowless),
        clipboard: Arc::new(Windowless),
        browser: Arc::new(Windowless),
        printer: Arc::new(Windowless),
        window: Arc::new(Windowless),
        tray: Arc::new(NoTray::default()),
        events: Arc::new(Windowless),
        notifier: Arc::new(Windowless),
        clock: Arc::new(SystemClock),
        version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_its_user_name_and_any_name_of_its_place() {
        let account = |place: &str, place_name: &str| SavedAccount {
            place: place.into(),
            place_name: place_name.into(),
            username: "ada".into(),
            name: "Ada".into(),
            current: false,
        };
        let server = account("https://accounts.example.org:8443", "Northwind");
        for wanted in ["ada", "Ada@northwind", "ada@accounts.example.org:8443", "ada@https://accounts.example.org:8443"]
        {
            assert!(is_meant(&server, wanted), "{wanted}");
        }
        for wanted in ["bob", "ada@", "ada@example.org", "ada@local", ""] {
            assert!(!is_meant(&server, wanted), "{wanted}");
        }
        assert!(is_meant(&account(LOCAL, "This computer"), "ada@local"));
        assert!(is_meant(&account(LOCAL, "This computer"), "ada@this computer"));

        let two = || vec![server.clone(), account(LOCAL, "This computer")];
        let Err(Ending::Ambiguous(said)) = the_one(two(), "Ada") else { panic!("two are meant") };
        assert_eq!(said, "Ada may be ada@accounts.example.org:8443 or ada@local. Say which one.");
        assert_eq!(the_one(two(), "ada@local").unwrap().unwrap().place, LOCAL);
        assert!(the_one(two(), "bob").unwrap().is_none());
        let schemes = vec![account("http://a", "A"), account("https://a", "A")];
        let Err(Ending::Ambiguous(said)) = the_one(schemes, "ada@a") else { panic!("two are meant") };
        assert!(said.contains("ada@http://a or ada@https://a"), "{said}");
    }

    #[test]
    fn the_folder_is_the_one_of_the_app() {
        let configuration: serde_json::Value = serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();
        assert_eq!(configuration["identifier"], FOLDER);
    }
}
