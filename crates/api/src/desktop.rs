//! The second contract: what the web view may ask the desktop shell for, and what the shell tells it.
//!
//! Only types stand here, so that the TypeScript bindings are generated without building a window. A session token never
//! appears in any of them.

mod account;
mod app_settings;
mod connections;
mod failure;
mod keys;
mod native;
mod pictures;
mod places;
mod sections;
mod security;
mod snapshot;
mod view;

use serde::Deserialize;
use ts_rs::TS;

pub use self::{
    account::*, app_settings::*, connections::*, failure::*, keys::*, native::*, pictures::*, places::*, sections::*,
    security::*, snapshot::*, view::*,
};
use crate::{
    accounts::SignUp,
    activity::{Activity, Push},
    api_keys::{ApiKey, CreateApiKey, NewApiKey},
    common::Page,
    container_registries::{AuthoriseRegistry, ContainerRegistry},
    deletion::{DeleteAccount, Deletion},
    documentation::ApiDocumentation,
    integrations::{AttemptState, Disconnected, Integration, Repository},
    password::{ChangePassword, PasswordReset, PasswordResetRequest, PasswordStatus, Reauthentication},
    sessions::{Closed, Session},
    ssh_keys::{AddSshKey, SshKey},
    two_factor::{CheckBackupCode, CheckedBackupCode, TwoFactor},
};

/// Every command: name -> (arguments, answer). A refused command answers a [`Failure`].
#[derive(TS)]
#[allow(dead_code, reason = "read by the TypeScript generator alone")]
pub struct Commands {
    /// Says that the first screen is built: the window may appear. Later calls change nothing.
    pub show_window: (NoArgs, ()),
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
    /// Signs in. With two-factor authentication the view is `second_factor` then.
    pub sign_in: (SignInArgs, View),
    /// Signs in with the second factor.
    pub verify_second_factor: (SecondFactorArgs, View),
    /// Goes back from the second factor to the password.
    pub leave_second_factor: (NoArgs, View),
    /// Has a code mailed for a forgotten password.
    pub request_password_reset: (PasswordResetRequest, ()),
    /// Sets a new password with that code. The view is `signed_out` then, with the login filled in.
    pub reset_password: (PasswordReset, View),
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
    /// Puts a new e-mail address in the place of the old one, with the mailed code.
    pub confirm_email: (ConfirmEmailArgs, ProfileView),
    /// Gives a new e-mail address up.
    pub cancel_email_change: (NoArgs, ProfileView),
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
    /// Proves once more who is there. What was refused with `insufficient_user_authentication` works then.
    pub reauthenticate: (Reauthentication, ()),
    /// Says when the password was last changed.
    pub get_password_status: (NoArgs, PasswordStatus),
    /// Changes the password.
    pub change_password: (ChangePassword, ()),
    /// Says how two-factor authentication stands.
    pub get_two_factor: (NoArgs, TwoFactor),
    /// Begins to set two-factor authentication up.
    pub start_two_factor: (NoArgs, TwoFactorSetupView),
    /// The code the authenticator app should show now. Refused with `conflict` once it is set up.
    pub get_expected_code: (ExpectedCodeArgs, ExpectedCode),
    /// Switches two-factor authentication on with a first code.
    pub verify_two_factor: (VerifyTwoFactorArgs, BackupCodesView),
    /// Switches two-factor authentication off.
    pub disable_two_factor: (NoArgs, ()),
    /// Makes new backup codes.
    pub generate_backup_codes: (NoArgs, BackupCodesView),
    /// Puts new backup codes into use: the person has saved them.
    pub confirm_backup_codes: (BackupCodeSetArgs, ()),
    /// Says what a backup code is worth, without spending it.
    pub check_backup_code: (CheckBackupCode, CheckedBackupCode),
    /// Opens the native save dialog and writes backup codes to a file for the person alone. Null when it was cancelled.
    pub save_backup_codes: (SaveBackupCodes, Option<SavedFile>),
    /// Opens the native print dialog for what the page has laid out for paper.
    pub print_page: (NoArgs, ()),
    /// Describes the personal API key.
    pub get_api_key: (NoArgs, ApiKeyView),
    /// Generates the personal API key; the keychain keeps it. The one before fails from then on.
    pub generate_api_key: (NoArgs, ApiKeyView),
    /// Puts the personal API key on the clipboard for a minute. Asks for a fresh proof unless the keychain holds it.
    pub copy_api_key: (NoArgs, CopiedSecret),
    /// Lists the named API keys.
    pub list_api_keys: (ListArgs, Page<ApiKey>),
    /// Creates a named API key. Its token is answered this once.
    pub create_api_key: (CreateApiKey, NewApiKey),
    /// Deletes a named API key of an account that is signed in on this computer.
    pub delete_api_key: (RemoveKey, ()),
    /// Says whether the service in this app serves its REST API on this computer.
    pub get_rest_api: (NoArgs, RestApi),
    /// Switches it on or off.
    pub set_rest_api: (SetRestApi, RestApi),
    /// Lists the SSH keys.
    pub list_ssh_keys: (ListArgs, Page<SshKeyView>),
    /// Reads a public key on this computer; nothing is sent. What is refused says so at `/public_key`.
    pub read_ssh_key: (ReadSshKey, SshKeyPreview),
    /// Opens the native picker for a public key. Null when it was cancelled.
    pub choose_ssh_key: (NoArgs, Option<SshKeyPreview>),
    /// Adds a public key.
    pub add_ssh_key: (AddSshKey, SshKey),
    /// Removes an SSH key of an account that is signed in on this computer.
    pub remove_ssh_key: (RemoveKey, ()),
    /// Says where a new pair of keys would go: the person's `.ssh`.
    pub get_ssh_folder: (NoArgs, SshFolder),
    /// Opens the native picker for another folder. Null when it was cancelled.
    pub choose_ssh_folder: (NoArgs, Option<SshFolder>),
    /// Generates a pair of keys, saves it, and adds the public half. What does not fit says so at the field.
    pub generate_ssh_key: (GenerateSshKey, GeneratedSshKey),
    /// Takes a `Host` block out of the configuration of `ssh` again.
    pub undo_ssh_config: (SshConfigChange, ()),
    /// Puts the passphrase of a private key on the clipboard for a minute.
    pub copy_ssh_passphrase: (SshKeyArgs, CopiedSecret),
    /// Lists connections with providers of source code, and providers that could be connected.
    pub list_integrations: (NoArgs, Page<Integration>),
    /// Begins to connect an account at a provider.
    pub connect_integration: (ConnectIntegration, ConnectionStarted),
    /// Copies the code of an attempt and opens the provider's page for it, or opens the browser once more.
    pub open_connection_page: (AttemptArgs, PageOpened),
    /// Waits until an attempt has ended. `connection_trouble` tells what is in the way meanwhile.
    pub wait_for_connection: (AttemptArgs, AttemptState),
    /// Gives an attempt up; `wait_for_connection` then answers `cancelled`.
    pub cancel_connection: (AttemptArgs, ()),
    /// Looks whether a connection works.
    pub check_integration: (IntegrationArgs, Integration),
    /// Opens the provider's page where the person sees what they granted.
    pub open_integration_page: (IntegrationArgs, ()),
    /// Disconnects an account at a provider.
    pub disconnect_integration: (IntegrationArgs, Disconnected),
    /// Lists the repositories a connection reaches.
    pub list_repositories: (ListRepositories, Page<Repository>),
    /// Opens a repository's page in the browser.
    pub open_repository: (OpenRepository, ()),
    /// Says whether `git` on this computer asks Latchkey.
    pub get_git_helper: (NoArgs, GitHelper),
    /// Has `git` ask Latchkey, or undoes that.
    pub set_git_helper: (SetHelper, GitHelper),
    /// Lists the container registries.
    pub list_container_registries: (ListArgs, Page<ContainerRegistry>),
    /// Authorises a container registry.
    pub authorise_registry: (AuthoriseRegistry, ContainerRegistry),
    /// Updates the password for a container registry.
    pub update_registry: (UpdateRegistryArgs, ContainerRegistry),
    /// Tries the credentials for a container registry again.
    pub check_registry: (RegistryArgs, ContainerRegistry),
    /// Removes a container registry of an account that is signed in on this computer.
    pub remove_registry: (RemoveKey, ()),
    /// Says whether container tools on this computer ask Latchkey.
    pub get_container_helper: (NoArgs, ContainerHelper),
    /// Has container tools ask Latchkey, or undoes that.
    pub set_container_helper: (SetHelper, ContainerHelper),
    /// Lists what happened on the account.
    pub list_activity: (ListActivity, Page<Activity>),
    /// Opens the native save dialog and writes the whole activity as JSON. Null when it was cancelled.
    pub save_activity: (NoArgs, Option<SavedFile>),
    /// Says what deleting the account removes.
    pub get_deletion: (NoArgs, Deletion),
    /// Opens the native save dialog and writes everything the service holds as JSON. Null when it was cancelled.
    pub save_export: (NoArgs, Option<SavedFile>),
    /// Deletes the account for good.
    pub delete_account: (DeleteAccount, View),
    /// Puts text on the clipboard.
    pub copy_text: (CopyText, ()),
    /// Puts a secret on the clipboard for a minute, and asks clipboard managers not to keep it.
    pub copy_secret: (CopySecret, CopiedSecret),
    /// The documentation of the API, with lines for the place in the window.
    pub get_api_documentation: (NoArgs, ApiDocumentation),
    /// Opens the server's API documentation in the browser.
    pub open_api_documentation: (NoArgs, ()),
    /// Has the shell say what it says itself, outside of the page, in these words. Refused where one of them cannot be.
    pub use_words: (NativeWords, ()),
    /// What somebody asked to see before the page listened: a link the app was started with, say. From then on `request`
    /// tells.
    pub take_request: (NoArgs, Option<Request>),
    /// How the settings of the app stand.
    pub get_app_settings: (NoArgs, AppSettings),
    /// Switches one of them, and answers how they stand then.
    pub set_app_setting: (SetAppSetting, AppSettings),
    /// Does what the cross of the window does: closes it, and ends the app unless its entry in the tray is there.
    pub press_close: (NoArgs, ()),
    /// Ends the app, once the page has settled what is waiting.
    pub quit: (NoArgs, ()),
    /// Closes the window: the page has settled what was waiting in it.
    pub close_window: (NoArgs, ()),
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
    /// A file that is no picture is dragged over the window or dropped on it.
    pub ssh_key_drag: SshKeyDrag,
    /// What `wait_for_connection` ran into while it waits.
    pub connection_trouble: ConnectionTrouble,
    /// Something happened on the account in the window.
    pub push: Push,
    /// The server stopped answering while somebody is signed in. Whether it does is for the page to find out.
    pub lost: (),
    /// Somebody asked, outside of the window, to see a part of the account.
    pub request: Request,
    /// The window is about to close. The page settles what waits in it, removals say, and calls `close_window`; after three
    /// seconds the window closes all the same.
    pub closing: (),
}

/// No arguments.
#[derive(Debug, Deserialize, TS)]
pub struct NoArgs {}
