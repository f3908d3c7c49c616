//! The whole API on one screen.

use std::sync::Arc;

use latchkey_api::{accounts::*, avatar::*, instance::*, profile::*, sessions::*};

use crate::{host::Host, limits::Limits, mount::Routes};

/// Every endpoint of the contract, mounted on a host.
pub fn routes(host: Arc<dyn Host>, limits: Limits) -> Routes {
    Routes::new(host, limits)
        .mount(GET_INSTANCE, |api, caller, _, ()| api.get_instance(caller))
        .mount(CREATE_ACCOUNT, |api, caller, _, body| api.create_account(caller, body))
        .mount(SIGN_IN, |api, caller, _, body| api.sign_in(caller, body))
        .mount(LIST_SESSIONS, |api, caller, query, ()| api.list_sessions(caller, query))
        .mount(GET_SESSION, |api, caller, path, ()| api.get_session(caller, path))
        .mount(CLOSE_SESSION, |api, caller, path, ()| api.close_session(caller, path))
        .mount(CLOSE_OTHER_SESSIONS, |api, caller, _, ()| api.close_other_sessions(caller))
        .mount(GET_PROFILE, |api, caller, _, ()| api.get_profile(caller))
        .mount(UPDATE_PROFILE, |api, caller, if_match, patch| api.update_profile(caller, if_match, patch))
        .mount(PUT_AVATAR, |api, caller, _, image| api.put_avatar(caller, image))
        .mount(DELETE_AVATAR, |api, caller, _, ()| api.delete_avatar(caller))
        .mount(GET_AVATAR, |api, caller, path, ()| api.get_avatar(caller, path))
}
