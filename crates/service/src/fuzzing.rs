//! Doors for the fuzz targets of `crates/fuzzing` to what is private here and reads what strangers write. They are there
//! with the feature `fuzzing` alone, which no program has.

use latchkey_api::{common::Caller, problem::ApiResult, sessions::ClientInfo};
use latchkey_store::{AccountId, Micros};
use serde_json::Value;
use uuid::Uuid;

pub use latchkey_store::Device;

use crate::{
    Environment, Token, TokenKind, backup_codes, device, registry_hosts, registry_scopes,
    tokens::{self, PresentedToken},
    totp,
};

/// What a code of an authenticator app was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The one of this time step.
    Right(i64),
    /// Right, and accepted before.
    Used,
    /// Wrong; by so many seconds the clock it was made with is ahead, where that is why.
    Wrong(Option<i32>),
}

/// A new token.
pub fn new_token(kind: TokenKind, account: Uuid, environment: &Environment) -> Token {
    Token::generate(kind, AccountId(account), environment)
}

/// Reads a token: its kind, its account and what it is found by.
pub fn token(text: &str) -> Option<(TokenKind, Uuid, [u8; 32])> {
    tokens::present(text).map(|PresentedToken { kind, account, hash }| (kind, account.0, hash))
}

/// What a token of this kind begins with.
pub const fn prefix(kind: TokenKind) -> &'static str {
    kind.prefix()
}

/// What is granted of registry scopes, as it stands in the token.
pub fn registry_access(scopes: &[String], username: &str, host: &str) -> ApiResult<Vec<Value>> {
    let granted = registry_scopes::granted(scopes, username, host)?;
    Ok(granted.iter().map(|access| serde_json::to_value(access).unwrap_or_default()).collect())
}

/// The host of a registry, normalised; the sentence of the refusal otherwise.
pub fn registry_host(text: &str) -> Result<String, String> {
    registry_hosts::normalise(text).map_err(|(_, detail)| detail)
}

/// What is known about a device by its user agent, or by what an app says.
pub fn device(user_agent: &str, client: Option<ClientInfo>) -> Device {
    device::device(&Caller { user_agent: Some(user_agent.into()), ..Caller::default() }, client)
}

/// A backup code in the form it is hashed in.
pub fn backup_code(typed: &str) -> Option<String> {
    backup_codes::normalised(typed).map(|code| code.to_string())
}

/// Compares what was typed with the codes of a secret, at so many seconds since 1970.
pub fn totp(secret: &[u8], typed: &str, last_step: i64, seconds: i64) -> Code {
    match totp::check(secret, typed, last_step, Micros(seconds.saturating_mul(1_000_000))) {
        totp::Verdict::Right { step } => Code::Right(step),
        totp::Verdict::Used => Code::Used,
        totp::Verdict::Wrong { clock_offset } => Code::Wrong(clock_offset),
    }
}
