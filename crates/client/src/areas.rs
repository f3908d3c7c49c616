//! The traits of the contract, one line a method.

use async_trait::async_trait;
use latchkey_api::{
    accounts::*,
    avatar::*,
    common::{Caller, Page, PageQuery},
    instance::*,
    params::NoParams,
    problem::ApiResult,
    profile::*,
    sessions::*,
    wire::{Upload, Versioned},
};

use crate::Client;

const NONE: NoParams = NoParams {};

#[async_trait]
impl InstanceApi for Client {
    async fn get_instance(&self, caller: &Caller) -> ApiResult<Instance> {
        self.call(GET_INSTANCE, caller, NONE, ()).await
    }
}

#[async_trait]
impl AccountsApi for Client {
    async fn create_account(&self, caller: &Caller, body: SignUp) -> ApiResult<Profile> {
        self.call(CREATE_ACCOUNT, caller, NONE, body).await
    }
}

#[async_trait]
impl SessionsApi for Client {
    async fn sign_in(&self, caller: &Caller, body: SignIn) -> ApiResult<SignedIn> {
        self.call(SIGN_IN, caller, NONE, body).await
    }

    async fn list_sessions(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<Session>> {
        self.call(LIST_SESSIONS, caller, query, ()).await
    }

    async fn get_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<Session> {
        self.call(GET_SESSION, caller, path, ()).await
    }

    async fn close_session(&self, caller: &Caller, path: SessionPath) -> ApiResult<()> {
        self.call(CLOSE_SESSION, caller, path, ()).await
    }

    async fn close_other_sessions(&self, caller: &Caller) -> ApiResult<Closed> {
        self.call(CLOSE_OTHER_SESSIONS, caller, NONE, ()).await
    }
}

#[async_trait]
impl ProfileApi for Client {
    async fn get_profile(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.call(GET_PROFILE, caller, NONE, ()).await
    }

    async fn update_profile(
        &self,
        caller: &Caller,
        if_match: IfMatch,
        patch: ProfilePatch,
    ) -> ApiResult<Versioned<Profile>> {
        self.call(UPDATE_PROFILE, caller, if_match, patch).await
    }
}

#[async_trait]
impl AvatarApi for Client {
    async fn put_avatar(&self, caller: &Caller, image: Upload) -> ApiResult<Versioned<Profile>> {
        self.call(PUT_AVATAR, caller, NONE, image).await
    }

    async fn delete_avatar(&self, caller: &Caller) -> ApiResult<Versioned<Profile>> {
        self.call(DELETE_AVATAR, caller, NONE, ()).await
    }

    async fn get_avatar(&self, caller: &Caller, path: AvatarPath) -> ApiResult<AvatarImage> {
        self.call(GET_AVATAR, caller, path, ()).await
    }
}
