//! The second contract: what the web view may ask the desktop shell for, and what the shell tells it.
//!
//! Only types stand here, so that the TypeScript bindings are generated without building a window. A token never
//! appears in any of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    accounts::SignUp,
    common::Page,
    instance::{Instance, SignUpPolicy},
    problem::{CloseReason, ErrorCode, FieldError},
    profile::{Profile, ProfilePatch},
    sessions::{Closed, Session},
    wire::{ETag, Secret},
};

/// Every command: name -> (arguments, answer). A refused command answers a [`Failure`].
#[derive(TS)]
#[allow(dead_code, reason = "read by the TypeScript generator alone")]
pub struct Commands {
    /// What the window shows. The first call opens the place used last and restores its session.
    pub get_view: (NoArgs, View),
    /// Tries again what made the place unavailable.
    pub retry: (NoArgs, View),
    /// Asks a server what it is, without choosing it.
    pub check_server: (CheckServer, ServerFound),
    /// Goes to a place; a new one is remembered.
    pub choose_place: (ChoosePlace, View),
    /// Forgets a server and its accounts on this computer.
    pub forget_place: (PlaceArgs, View),
    /// Rates a password while it is typed, by the same estimate (zxcvbn) the service decides by.
    pub rate_password: (RatePassword, PasswordStrength),
    /// Creates an account and signs in.
    pub create_account: (SignUp, View),
    /// Signs in.
    pub sign_in: (SignInArgs, View),
    /// Signs out: closes the session and forgets its token.
    pub sign_out: (NoArgs, View),
    /// Goes to an account that is signed in on this computer.
    pub switch_account: (AccountArgs, View),
    /// Shows the sign-in screen without signing out.
    pub add_account: (NoArgs, View),
    /// Reads the profile.
    pub get_profile: (NoArgs, ProfileView),
    /// Changes the profile that was read with this tag.
    pub update_profile: (UpdateProfile, ProfileView),
    /// The person's own avatar as a `data:` URL; null where the initials stand for it.
    pub get_avatar: (AvatarArgs, Option<String>),
    /// Opens the native picker. Null when it was cancelled.
    pub choose_picture: (NoArgs, Option<ChosenPicture>),
    /// Takes the picture on the clipboard.
    pub paste_picture: (NoArgs, ChosenPicture),
    /// Lets go of a picture.
    pub discard_picture: (PictureArgs, ()),
    /// Crops, resizes and uploads a picture. `avatar_progress` tells how far it is.
    pub use_picture: (UsePicture, ProfileView),
    /// Stops the upload; `use_picture` then answers `cancelled`.
    pub cancel_upload: (NoArgs, ()),
    /// Removes the avatar.
    pub remove_avatar: (NoArgs, ProfileView),
    /// Lists the devices that are signed in.
    pub list_sessions: (ListArgs, Page<Session>),
    /// Signs another device out.
    pub close_session: (SessionArgs, ()),
    /// Signs all other devices out.
    pub close_other_sessions: (NoArgs, Closed),
    /// Puts text on the clipboard.
    pub copy_text: (CopyText, ()),
    /// Opens the server's API documentation in the browser.
    pub open_api_documentation: (NoArgs, ()),
}

/// Every event: name -> payload.
#[derive(TS)]
#[allow(dead_code, reason = "read by the TypeScript generator alone")]
pub struct Events {
    /// The view changed without a command: the session ended, say.
    pub view: View,
    /// How far `use_picture` is.
    pub avatar_progress: AvatarProgress,
    /// A file is dragged over the window or dropped on it.
    pub picture_drag: PictureDrag,
}

/// No arguments.
#[derive(Debug, Deserialize, TS)]
pub struct NoArgs {}

/// What the window shows.
#[derive(Clone, Debug, Serialize, TS)]
pub struct View {
    /// Version of the app.
    pub version: String,
    /// Where the account is; null at the first run.
    pub place: Option<Place>,
    /// What that place says of itself; null until it was reached.
    pub instance: Option<Instance>,
    /// The screen.
    pub phase: Phase,
    /// Every place that is known on this computer, this one first.
    pub places: Vec<Place>,
    /// Every account that is signed in on this computer.
    pub accounts: Vec<SavedAccount>,
    /// Whether sessions can be kept.
    pub keychain: Keychain,
}

/// The screen: a state machine with one state a variant.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing was chosen yet: *Use this computer* or *Connect to a server*.
    FirstRun,
    /// The place was chosen and cannot be used; `retry` tries again.
    Unavailable {
        /// Why.
        failure: Failure,
    },
    /// Somebody has to sign in.
    SignedOut {
        /// Why the last session ended, where it was not the person's own doing here.
        reason: Option<SignedOutReason>,
        /// The user name to begin with.
        login: Option<String>,
    },
    /// Somebody is signed in.
    SignedIn {
        /// The profile as it was read last.
        profile: ProfileView,
    },
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind", content = "by")]
pub enum SignedOutReason {
    /// It was closed.
    Closed(CloseReason),
    /// It was not used for long.
    Expired,
    /// The service does not know it.
    Unknown,
    /// The account was disabled.
    Disabled,
}

/// Where an account is: the service in this app, or a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Place {
    /// `local`, or the server's origin.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Host, with port where it is not the usual one; null for this computer.
    pub host: Option<String>,
    /// How it is reached.
    pub transport: Transport,
}

/// How a place is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In this process.
    Local,
    /// Over TLS with a verified certificate.
    Tls,
    /// Without encryption, on this computer.
    Loopback,
    /// Without encryption, over the network.
    Plain,
}

/// An account that is signed in on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedAccount {
    /// The place's id.
    pub place: String,
    /// The place's display name.
    pub place_name: String,
    /// The user name.
    pub username: String,
    /// The display name.
    pub name: String,
    /// Whether it is the one in the window.
    pub current: bool,
}

/// Whether tokens can be kept in the system's keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Keychain {
    /// When false, sessions are kept in memory and end with the app.
    pub available: bool,
    /// Why not, in one sentence.
    pub detail: Option<String>,
}

/// What went wrong, for the table of messages.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Failure {
    /// What went wrong.
    pub code: FailureCode,
    /// One sentence about this occurrence.
    pub detail: Option<String>,
    /// One entry a bad field.
    pub errors: Vec<FieldError>,
    /// What to quote when asking the administrator.
    pub request_id: Option<String>,
    /// Seconds until it makes sense to try again.
    pub retry_after: Option<u32>,
}

/// An error code of the API, or one of the shell's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(untagged)]
pub enum FailureCode {
    /// From the service or the way to it.
    Api(ErrorCode),
    /// From the shell.
    Shell(ShellCode),
}

/// What can go wrong in the shell alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ShellCode {
    /// The person stopped it.
    Cancelled,
    /// The text is no address of a server.
    AddressInvalid,
    /// The address is not encrypted and not on this computer.
    AddressInsecure,
    /// The chosen file cannot be read.
    FileUnreadable,
    /// There is no picture on the clipboard.
    ClipboardEmpty,
    /// The clipboard cannot be used.
    ClipboardUnavailable,
    /// The picture was let go of meanwhile; choose it again.
    PictureGone,
    /// The account data on this computer was made by a newer version of the app.
    StorageNewer,
    /// Another program holds the account data.
    StorageLocked,
    /// The account data cannot be read or written by this person.
    StoragePermission,
    /// The file of the account data is not what it should be.
    StorageDamaged,
    /// No browser could be opened.
    BrowserUnavailable,
}

/// An address to look at.
#[derive(Debug, Deserialize, TS)]
pub struct CheckServer {
    /// As the person typed it; `https://` is assumed.
    pub address: String,
}

/// A server that answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ServerFound {
    /// What to choose it by: scheme, host and port.
    pub origin: String,
    /// Its display name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether accounts can be created there.
    pub sign_up: SignUpPolicy,
    /// How it is reached.
    pub transport: Transport,
}

/// A place to go to.
#[derive(Debug, Deserialize, TS)]
pub struct ChoosePlace {
    /// `local`, or an origin from [`ServerFound`] or [`Place::id`].
    pub id: String,
    /// The person confirmed that the connection is not encrypted.
    pub accept_plain: bool,
}

/// One place.
#[derive(Debug, Deserialize, TS)]
pub struct PlaceArgs {
    /// Its id.
    pub id: String,
}

/// One saved account.
#[derive(Debug, Deserialize, TS)]
pub struct AccountArgs {
    /// The place's id.
    pub place: String,
    /// The user name.
    pub username: String,
}

/// A password to rate.
#[derive(Debug, Deserialize, TS)]
pub struct RatePassword {
    /// The password.
    pub password: Secret,
    /// What it had better not resemble: the user name, the address, the display name.
    pub identity: Vec<String>,
}

/// How hard a password is to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PasswordStrength {
    /// zxcvbn score, 0 to 4; compare with [`PasswordRules::min_score`](crate::instance::PasswordRules).
    pub score: u8,
}

/// Who signs in.
#[derive(Debug, Deserialize, TS)]
pub struct SignInArgs {
    /// User name or e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret,
}

/// A profile and the version it was read at.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ProfileView {
    /// The profile.
    pub profile: Profile,
    /// Its version.
    pub etag: ETag,
}

/// A change of the profile.
#[derive(Debug, Deserialize, TS)]
pub struct UpdateProfile {
    /// The version the change was made on.
    pub etag: ETag,
    /// The change.
    pub patch: ProfilePatch,
}

/// In which size.
#[derive(Debug, Deserialize, TS)]
pub struct AvatarArgs {
    /// Pixels a side: 64, 128 or 512.
    pub size: u32,
}

/// A picture that was chosen, dropped or pasted, and can be cropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChosenPicture {
    /// Names the picture in later commands.
    pub id: String,
    /// The file's name; null from the clipboard.
    pub file_name: Option<String>,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// The whole picture, upright and small, as a `data:` URL.
    pub preview: String,
}

/// One chosen picture.
#[derive(Debug, Deserialize, TS)]
pub struct PictureArgs {
    /// Its id.
    pub id: String,
}

/// The square of a picture to use, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct CropSquare {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Length of a side.
    pub side: f64,
}

/// A chosen picture and the part of it to use.
#[derive(Debug, Deserialize, TS)]
pub struct UsePicture {
    /// The picture's id.
    pub id: String,
    /// The part.
    pub crop: CropSquare,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AvatarProgress {
    /// What is being done.
    pub step: AvatarStep,
    /// Bytes that went out.
    pub sent: u32,
    /// Bytes in all; 0 while it is not known.
    pub total: u32,
}

/// A step of `use_picture`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AvatarStep {
    /// Cropping and resizing.
    Preparing,
    /// Sending.
    Uploading,
    /// Waiting for the service to take it.
    Finishing,
}

/// A file over the window.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum PictureDrag {
    /// It is over the window.
    Over,
    /// It left.
    Left,
    /// It was dropped and can be cropped.
    Dropped {
        /// The picture.
        picture: ChosenPicture,
    },
    /// It was dropped and cannot be used.
    Refused {
        /// Why.
        failure: Failure,
    },
}

/// Which page of a list.
#[derive(Debug, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ListArgs {
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// One session.
#[derive(Debug, Deserialize, TS)]
pub struct SessionArgs {
    /// Its id.
    pub id: String,
}

/// Text for the clipboard.
#[derive(Debug, Deserialize, TS)]
pub struct CopyText {
    /// The text.
    pub text: String,
}

impl From<ErrorCode> for FailureCode {
    fn from(code: ErrorCode) -> Self {
        Self::Api(code)
    }
}

impl From<ShellCode> for FailureCode {
    fn from(code: ShellCode) -> Self {
        Self::Shell(code)
    }
}
