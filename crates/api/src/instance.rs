//! What a stranger may know about a service before signing in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

use crate::{
    common::Caller,
    endpoint::{Auth, Endpoint},
    openapi::Described,
    params::NoParams,
    problem::ApiResult,
    wire::{Empty, Json},
};

/// Whether strangers may create accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignUpPolicy {
    /// Anyone may create an account.
    Open,
    /// Only the System Administrator creates accounts.
    Closed,
}

/// Whether accounts must have two-factor authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorPolicy {
    /// Each person decides.
    Optional,
    /// Nobody may be without it.
    Required,
}

/// What a password must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct PasswordRules {
    /// Fewest characters (Unicode scalar values).
    pub min_length: u8,
    /// Lowest zxcvbn score, 0 to 4.
    pub min_score: u8,
}

/// The container registry that belongs to this service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct RegistryInfo {
    /// The service name that registry tokens are made out to.
    pub service: String,
    /// Host name, with port where it is not the usual one.
    pub host: String,
}

/// A provider of source code that accounts can be connected with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// GitHub
    Github,
    /// GitLab
    Gitlab,
}

/// A service, as it presents itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, TS)]
pub struct Instance {
    /// Display name.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Whether strangers may create accounts.
    pub sign_up: SignUpPolicy,
    /// Whether two-factor authentication is demanded.
    pub two_factor: TwoFactorPolicy,
    /// What a password must be.
    pub password: PasswordRules,
    /// The registry that belongs to the service, if one does.
    #[schema(required)]
    pub registry: Option<RegistryInfo>,
    /// Days a named API key may last at most; null where it may last for ever. A server of before there were keys does
    /// not say.
    #[serde(default)]
    #[schema(required)]
    pub api_key_max_days: Option<u32>,
    /// Providers the administrator has configured.
    pub integrations: Vec<Provider>,
    /// Whether the service sends mail: a new address has to be confirmed, and a forgotten password can be set anew.
    /// A server of before there was mail does not say.
    #[serde(default)]
    #[schema(required)]
    pub mail: bool,
}

/// Says what this service is.
pub const GET_INSTANCE: Endpoint<NoParams, Empty, Json<Instance>> =
    Endpoint::get("get_instance", "/v1/instance").auth(Auth::Nobody).summary("Say what this service is");

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[GET_INSTANCE.described()];

/// What a stranger may know.
#[async_trait::async_trait]
pub trait InstanceApi: Send + Sync {
    /// [`GET_INSTANCE`]
    async fn get_instance(&self, caller: &Caller) -> ApiResult<Instance>;
}
