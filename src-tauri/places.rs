//! The places and accounts this computer knows. There is no secret in it.

mod file;

pub use file::Places;

use latchkey_api::desktop::{Place, SavedAccount, Transport};
use serde::{Deserialize, Serialize};

/// The id of the service in this process.
pub const LOCAL: &str = "local";

/// The form of the file this version writes and reads.
const FORM: u32 = 1;

/// The service in this process, as a place.
pub fn this_computer() -> Place {
    Place { id: LOCAL.into(), name: "This computer".into(), host: None, transport: Transport::Local }
}

/// Names one account on this computer, in the keychain too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountKey {
    /// The place's id.
    pub place: String,
    /// The user name.
    pub username: String,
}

impl AccountKey {
    /// Names the account's personal API key in the keychain. No user name has a space in it.
    #[must_use]
    pub fn api_key(&self) -> Self {
        Self { place: self.place.clone(), username: format!("API key of {}", self.username) }
    }

    /// Names the key of the account's snapshot in the keychain.
    #[must_use]
    pub fn snapshot_key(&self) -> Self {
        Self { place: self.place.clone(), username: format!("snapshot key of {}", self.username) }
    }
}

/// What the file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    version: u32,
    /// The place used last comes first.
    places: Vec<KnownPlace>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct KnownPlace {
    #[serde(flatten)]
    place: Place,
    /// What was typed at the last successful sign-in.
    #[serde(default)]
    login: Option<String>,
    /// The account used last comes first.
    #[serde(default)]
    accounts: Vec<KnownAccount>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct KnownAccount {
    username: String,
    name: String,
}

impl Default for Known {
    fn default() -> Self {
        Self { version: FORM, places: Vec::new() }
    }
}

impl Known {
    /// The place used last.
    pub fn last_place(&self) -> Option<&Place> {
        self.places.first().map(|known| &known.place)
    }

    /// A place by its id.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.find(id).map(|known| &known.place)
    }

    /// Every place, the one in the window first.
    pub fn places(&self, current: Option<&str>) -> Vec<Place> {
        let mut places: Vec<Place> = self.places.iter().map(|known| known.place.clone()).collect();
        places.sort_by_key(|place| Some(place.id.as_str()) != current);
        places
    }

    /// Every account that is signed in.
    pub fn accounts(&self, current: Option<&AccountKey>) -> Vec<SavedAccount> {
        let saved = |known: &KnownPlace, account: &KnownAccount| SavedAccount {
            place: known.place.id.clone(),
            place_name: known.place.name.clone(),
            username: account.username.clone(),
            name: account.name.clone(),
            current: current.is_some_and(|key| key.place == known.place.id && key.username == account.username),
        };
        self.places.iter().flat_map(|known| known.accounts.iter().map(|account| saved(known, account))).collect()
    }

    /// Whether an account is signed in.
    pub fn has(&self, account: &AccountKey) -> bool {
        self.find(&account.place)
            .is_some_and(|known| known.accounts.iter().any(|known| known.username == account.username))
    }

    /// The account used last at a place.
    pub fn last_account(&self, place: &str) -> Option<AccountKey> {
        let username = self.find(place)?.accounts.first()?.username.clone();
        Some(AccountKey { place: place.to_owned(), username })
    }

    /// What to begin with on the sign-in screen of a place.
    pub fn login(&self, place: &str) -> Option<String> {
        self.find(place)?.login.clone()
    }

    /// Puts a place first, and takes over its display name.
    pub fn use_place(&mut self, place: &Place) {
        let mut known = match self.places.iter().position(|known| known.place.id == place.id) {
            Some(index) => self.places.remove(index),
            None => KnownPlace { place: place.clone(), login: None, accounts: Vec::new() },
        };
        known.place = place.clone();
        self.places.insert(0, known);
    }

    /// Forgets a place; answers the accounts that were signed in there.
    pub fn forget_place(&mut self, id: &str) -> Vec<AccountKey> {
        let Some(index) = self.places.iter().position(|known| known.place.id == id) else { return Vec::new() };
        let known = self.places.remove(index);
        let key = |account: KnownAccount| AccountKey { place: id.to_owned(), username: account.username };
        known.accounts.into_iter().map(key).collect()
    }

    /// Puts an account first at its place, under its display name.
    pub fn use_account(&mut self, key: &AccountKey, name: &str) {
        let Some(known) = self.find_mut(&key.place) else { return };
        known.login = Some(key.username.clone());
        known.accounts.retain(|account| account.username != key.username);
        known.accounts.insert(0, KnownAccount { username: key.username.clone(), name: name.to_owned() });
    }

    /// Takes an account off the list; the sign-in screen still begins with its user name.
    pub fn forget_account(&mut self, key: &AccountKey) {
        if let Some(known) = self.find_mut(&key.place) {
            known.accounts.retain(|account| account.username != key.username);
        }
    }

    /// Takes an account off the list that is no more: nothing of it stays.
    pub fn forget_deleted(&mut self, key: &AccountKey) {
        if let Some(known) = self.find_mut(&key.place) {
            known.accounts.retain(|account| account.username != key.username);
            known.login = known.login.take().filter(|login| *login != key.username);
        }
    }

    fn find(&self, id: &str) -> Option<&KnownPlace> {
        self.places.iter().find(|known| known.place.id == id)
    }

    fn find_mut(&mut self, id: &str) -> Option<&mut KnownPlace> {
        self.places.iter_mut().find(|known| known.place.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgotten_account_leaves_its_name_on_the_sign_in_screen() {
        let ada = AccountKey { place: LOCAL.into(), username: "ada".into() };
        let mut known = Known::default();
        known.use_place(&this_computer());
        known.use_account(&ada, "Ada");
        known.forget_account(&ada);
        assert_eq!(known.accounts(None), []);
        assert_eq!(known.login(LOCAL).as_deref(), Some("ada"));
        known.use_account(&ada, "Ada");
        known.forget_deleted(&ada);
        assert_eq!((known.accounts(None), known.login(LOCAL)), (vec![], None), "but one that was deleted does not");
        assert_eq!(known.forget_place(LOCAL), []);
        assert_eq!(known.last_place(), None);
    }
}
