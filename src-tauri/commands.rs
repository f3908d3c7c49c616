//! What the page may ask for.
//!
//! Each line below is one command of the contract: the plain function that does it, which takes the state and the
//! arguments and is tested without a window, and the thin wrapper that Tauri calls. There is no other way to add one.

pub mod account;
pub mod avatar;
pub mod outside;
pub mod picture;
pub mod place;
pub mod profile;
pub mod sessions;

use std::sync::Arc;

use latchkey_api::{
    accounts::SignUp,
    common::Page,
    desktop::*,
    sessions::{Closed, Session},
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
    place::get_view(NoArgs) -> View;
    place::retry(NoArgs) -> View;
    place::check_server(CheckServer) -> ServerFound;
    place::choose_place(ChoosePlace) -> View;
    place::forget_place(PlaceArgs) -> View;
    account::rate_password(RatePassword) -> PasswordStrength;
    account::create_account(SignUp) -> View;
    account::sign_in(SignInArgs) -> View;
    account::sign_out(NoArgs) -> View;
    account::switch_account(AccountArgs) -> View;
    account::add_account(NoArgs) -> View;
    profile::get_profile(NoArgs) -> ProfileView;
    profile::update_profile(UpdateProfile) -> ProfileView;
    avatar::get_avatar(AvatarArgs) -> Option<String>;
    picture::choose_picture(NoArgs) -> Option<ChosenPicture>;
    picture::paste_picture(NoArgs) -> ChosenPicture;
    picture::discard_picture(PictureArgs) -> ();
    avatar::use_picture(UsePicture) -> ProfileView;
    avatar::cancel_upload(NoArgs) -> ();
    avatar::remove_avatar(NoArgs) -> ProfileView;
    sessions::list_sessions(ListArgs) -> Page<Session>;
    sessions::close_session(SessionArgs) -> ();
    sessions::close_other_sessions(NoArgs) -> Closed;
    outside::copy_text(CopyText) -> ();
    outside::open_api_documentation(NoArgs) -> ();
}
