//! What the page may ask for.
//!
//! Each line below is one command of the contract: the plain function that does it, which takes the state and the
//! arguments and is tested without a window, and the thin wrapper that Tauri calls. There is no other way to add one.

pub mod account;
pub mod activity;
pub mod api_keys;
pub mod app_settings;
pub mod avatar;
pub mod backup_codes;
pub mod connecting;
pub mod container_helper;
pub(crate) mod credential_access;
pub mod deletion;
pub mod documentation;
pub mod email;
pub mod git_helper;
pub mod integrations;
pub mod outside;
pub mod password;
pub mod picture;
pub mod place;
pub mod profile;
pub mod registries;
pub mod rest_api;
pub mod second_factor;
pub mod sessions;
pub mod ssh_generation;
pub mod ssh_keys;
pub mod two_factor;

use std::sync::Arc;

use latchkey_api::{
    accounts::SignUp,
    activity::Activity,
    api_keys::{ApiKey, CreateApiKey, NewApiKey},
    common::Page,
    container_registries::{AuthoriseRegistry, ContainerRegistry},
    deletion::{DeleteAccount, Deletion},
    desktop::*,
    documentation::ApiDocumentation,
    integrations::{AttemptState, Disconnected, Integration, Repository},
    password::{ChangePassword, PasswordReset, PasswordResetRequest, PasswordStatus, Reauthentication},
    sessions::{Closed, Session},
    ssh_keys::{AddSshKey, SshKey},
    two_factor::{CheckBackupCode, CheckedBackupCode, TwoFactor},
};
use tauri::{Runtime, State, ipc::Invoke};

use crate::state::AppState;

macro_rules! commands {
    ($($area:ident::$name:ident($args:ty) -> $answer:ty;)*) => {
        mod wrappers {
            use super::*;

            $(
                #[tauri::command]
                pub(super) async fn $name(state: State<'_, Arc<AppState>>, args: $args) -> Result<$answer, Failure> {
                    let _running = state.closing.running();
                    $area::$name(&state, args).await
                }
            )*
        }

        /// The names of all commands, as the page calls them.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Answers the page's calls.
        pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(wrappers::$name),*]
        }
    };
}

commands! {
    outside::show_window(NoArgs) -> ();
    place::get_view(NoArgs) -> View;
    place::retry(NoArgs) -> View;
    place::check_server(CheckServer) -> ServerFound;
    place::choose_place(ChoosePlace) -> View;
    place::forget_place(PlaceArgs) -> View;
    account::rate_password(RatePassword) -> PasswordStrength;
    account::create_account(SignUp) -> View;
    account::sign_in(SignInArgs) -> View;
    second_factor::verify_second_factor(SecondFactorArgs) -> View;
    second_factor::leave_second_factor(NoArgs) -> View;
    password::request_password_reset(PasswordResetRequest) -> ();
    password::reset_password(PasswordReset) -> View;
    account::sign_out(NoArgs) -> View;
    account::switch_account(AccountArgs) -> View;
    account::add_account(NoArgs) -> View;
    profile::get_profile(NoArgs) -> ProfileView;
    profile::update_profile(UpdateProfile) -> ProfileView;
    avatar::get_avatar(AvatarArgs) -> Option<String>;
    email::confirm_email(ConfirmEmailArgs) -> ProfileView;
    email::cancel_email_change(NoArgs) -> ProfileView;
    picture::choose_picture(NoArgs) -> Option<ChosenPicture>;
    picture::paste_picture(NoArgs) -> ChosenPicture;
    picture::discard_picture(PictureArgs) -> ();
    avatar::use_picture(UsePicture) -> ProfileView;
    avatar::cancel_upload(NoArgs) -> ();
    avatar::remove_avatar(NoArgs) -> ProfileView;
    sessions::list_sessions(ListArgs) -> Page<Session>;
    sessions::close_session(SessionArgs) -> ();
    sessions::close_other_sessions(NoArgs) -> Closed;
    password::reauthenticate(Reauthentication) -> ();
    password::get_password_status(NoArgs) -> PasswordStatus;
    password::change_password(ChangePassword) -> ();
    two_factor::get_two_factor(NoArgs) -> TwoFactor;
    two_factor::start_two_factor(NoArgs) -> TwoFactorSetupView;
    two_factor::get_expected_code(ExpectedCodeArgs) -> ExpectedCode;
    two_factor::verify_two_factor(VerifyTwoFactorArgs) -> BackupCodesView;
    two_factor::disable_two_factor(NoArgs) -> ();
    backup_codes::generate_backup_codes(NoArgs) -> BackupCodesView;
    backup_codes::confirm_backup_codes(BackupCodeSetArgs) -> ();
    backup_codes::check_backup_code(CheckBackupCode) -> CheckedBackupCode;
    backup_codes::save_backup_codes(SaveBackupCodes) -> Option<SavedFile>;
    outside::print_page(NoArgs) -> ();
    api_keys::get_api_key(NoArgs) -> ApiKeyView;
    api_keys::generate_api_key(NoArgs) -> ApiKeyView;
    api_keys::copy_api_key(NoArgs) -> CopiedSecret;
    api_keys::list_api_keys(ListArgs) -> Page<ApiKey>;
    api_keys::create_api_key(CreateApiKey) -> NewApiKey;
    api_keys::delete_api_key(RemoveKey) -> ();
    rest_api::get_rest_api(NoArgs) -> RestApi;
    rest_api::set_rest_api(SetRestApi) -> RestApi;
    ssh_keys::list_ssh_keys(ListArgs) -> Page<SshKeyView>;
    ssh_keys::read_ssh_key(ReadSshKey) -> SshKeyPreview;
    ssh_keys::choose_ssh_key(NoArgs) -> Option<SshKeyPreview>;
    ssh_keys::add_ssh_key(AddSshKey) -> SshKey;
    ssh_keys::remove_ssh_key(RemoveKey) -> ();
    ssh_generation::get_ssh_folder(NoArgs) -> SshFolder;
    ssh_generation::choose_ssh_folder(NoArgs) -> Option<SshFolder>;
    ssh_generation::generate_ssh_key(GenerateSshKey) -> GeneratedSshKey;
    ssh_generation::undo_ssh_config(SshConfigChange) -> ();
    ssh_keys::copy_ssh_passphrase(SshKeyArgs) -> CopiedSecret;
    integrations::list_integrations(NoArgs) -> Page<Integration>;
    connecting::connect_integration(ConnectIntegration) -> ConnectionStarted;
    connecting::open_connection_page(AttemptArgs) -> PageOpened;
    connecting::wait_for_connection(AttemptArgs) -> AttemptState;
    connecting::cancel_connection(AttemptArgs) -> ();
    integrations::check_integration(IntegrationArgs) -> Integration;
    integrations::open_integration_page(IntegrationArgs) -> ();
    integrations::disconnect_integration(IntegrationArgs) -> Disconnected;
    integrations::list_repositories(ListRepositories) -> Page<Repository>;
    integrations::open_repository(OpenRepository) -> ();
    git_helper::get_git_helper(NoArgs) -> GitHelper;
    git_helper::set_git_helper(SetHelper) -> GitHelper;
    registries::list_container_registries(ListArgs) -> Page<ContainerRegistry>;
    registries::authorise_registry(AuthoriseRegistry) -> ContainerRegistry;
    registries::update_registry(UpdateRegistryArgs) -> ContainerRegistry;
    registries::check_registry(RegistryArgs) -> ContainerRegistry;
    registries::remove_registry(RemoveKey) -> ();
    container_helper::get_container_helper(NoArgs) -> ContainerHelper;
    container_helper::set_container_helper(SetHelper) -> ContainerHelper;
    activity::list_activity(ListActivity) -> Page<Activity>;
    activity::save_activity(NoArgs) -> Option<SavedFile>;
    deletion::get_deletion(NoArgs) -> Deletion;
    deletion::save_export(NoArgs) -> Option<SavedFile>;
    deletion::delete_account(DeleteAccount) -> View;
    outside::copy_text(CopyText) -> ();
    outside::copy_secret(CopySecret) -> CopiedSecret;
    documentation::get_api_documentation(NoArgs) -> ApiDocumentation;
    outside::open_api_documentation(NoArgs) -> ();
    outside::use_words(NativeWords) -> ();
    outside::take_request(NoArgs) -> Option<Request>;
    app_settings::get_app_settings(NoArgs) -> AppSettings;
    app_settings::set_app_setting(SetAppSetting) -> AppSettings;
    outside::press_close(NoArgs) -> ();
    outside::quit(NoArgs) -> ();
    outside::close_window(NoArgs) -> ();
}
