//! A fresh proof of who is there, asked for at the terminal.

use std::fs::File;

use latchkey_api::{
    desktop::{Failure, FailureCode},
    freshness::Method,
    password::Reauthentication,
    problem::ErrorCode,
    wire::Secret,
};

use super::{ending::Ending, opened::Opened};
use crate::commands::password;

/// How often somebody may mistype.
const TRIES: u32 = 3;

/// Does something that may ask for a fresh proof. Where it does, the proof is asked for and it is done once more.
pub(super) async fn proved<T>(opened: &Opened, act: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Ending> {
    match act().await {
        Err(asked) if asked.code == FailureCode::Api(ErrorCode::InsufficientUserAuthentication) => {
            prove(opened, &asked.methods).await?;
            Ok(act().await?)
        }
        done => Ok(done?),
    }
}

async fn prove(opened: &Opened, methods: &[Method]) -> Result<(), Ending> {
    if !is_there_a_terminal() {
        return Err(Ending::ProofNeeded);
    }
    let with_code = methods.iter().any(|method| matches!(method, Method::Totp | Method::BackupCode));
    let mut tried = 0;
    loop {
        tried += 1;
        let password = ask("Password: ").await?;
        let typed =
            if with_code { Some(ask("Code of your authenticator app, or a backup code: ").await?) } else { None };
        // Only codes of the app are digits and nothing else.
        let is_of_app = |code: &Secret| code.expose().chars().all(|c| c.is_ascii_digit() || c.is_whitespace());
        let (code, backup_code) = match typed {
            Some(typed) if is_of_app(&typed) => (Some(typed), None),
            other => (None, other),
        };
        let proof = Reauthentication { password, code, backup_code };
        match password::reauthenticate(&opened.app, proof).await {
            Ok(()) => return Ok(()),
            Err(wrong) if is_mistyped(&wrong) => {
                let what = if with_code { "The password or the code" } else { "The password" };
                let ending = Ending::Failed(format!("{what} is not correct."));
                if tried == TRIES {
                    return Err(ending);
                }
                ending.tell();
            }
            Err(refused) => return Err(refused.into()),
        }
    }
}

fn is_mistyped(failure: &Failure) -> bool {
    let codes = [ErrorCode::InvalidField, ErrorCode::InvalidCode, ErrorCode::InvalidCredentials];
    codes.iter().any(|code| failure.code == FailureCode::Api(*code))
}

/// A secret, without echo. Standard input is left alone: a public key may be on its way there.
pub(super) async fn ask(prompt: &'static str) -> Result<Secret, Ending> {
    let asked = tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt)).await;
    let read = asked.map_err(|error| Ending::Failed(error.to_string()))?;
    read.map(Secret::new).map_err(|_| Ending::Failed("Nothing was entered.".to_owned()))
}

/// Whether somebody can be asked, whatever standard input is.
pub(super) fn is_there_a_terminal() -> bool {
    cfg!(not(unix)) || File::options().read(true).write(true).open("/dev/tty").is_ok()
}
