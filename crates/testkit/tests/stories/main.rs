//! The account's stories, each over every wiring.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod activity;
mod api_key_rate;
mod api_key_reminders;
mod api_keys;
mod backup_code_practice;
mod backup_codes;
mod container_registries;
mod container_registry_races;
mod credentials;
mod deletion;
mod email;
mod every_endpoint;
mod export;
mod integrations;
mod keys_at_the_gate;
mod mail;
mod parked;
mod password;
mod password_reset;
mod policies;
mod policy;
mod profile;
mod proof;
mod registry;
mod registry_checks;
mod registry_forms;
mod registry_keys;
mod registry_passwords;
mod revoked_keys;
mod sealing_keys;
mod second_step;
mod sessions;
mod signing_in;
mod ssh_keys;
mod stream;
mod two_factor;

use latchkey_api::{
    common::Caller,
    problem::{ErrorCode, FieldCode, Problem},
    sessions::{SessionPath, SignIn},
    wire::Secret,
};

/// Runs stories over every wiring; those of files, over those that have one.
macro_rules! stories {
    (@sqlite $($name:ident;)*) => {
        mod direct { $(#[tokio::test] async fn $name() { super::$name(latchkey_testkit::Wiring::Direct).await; })* }
        mod in_process { $(#[tokio::test] async fn $name() { super::$name(latchkey_testkit::Wiring::InProcess).await; })* }
        mod socket { $(#[tokio::test] async fn $name() { super::$name(latchkey_testkit::Wiring::Socket).await; })* }
    };
    ($($name:ident;)* $(@files $($file:ident;)*)?) => {
        mod postgres { $(#[tokio::test] async fn $name() { super::$name(latchkey_testkit::Wiring::Postgres).await; })* }
        $crate::stories!(@sqlite $($name;)* $($($file;)*)?);
    };
}
use stories;

fn nobody() -> Caller {
    Caller::default()
}

fn password(login: &str, password: &str) -> SignIn {
    SignIn { login: login.into(), password: Secret::new(password), client: None }
}

fn code<T>(result: Result<T, Problem>) -> ErrorCode {
    result.err().expect("a refusal").code()
}

fn pointers(problem: &Problem) -> Vec<(String, FieldCode)> {
    problem.errors().iter().map(|error| (error.pointer.clone(), error.code)).collect()
}

fn current() -> SessionPath {
    SessionPath { id: "current".into() }
}
