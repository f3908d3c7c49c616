//! Reads a password: without echo from a terminal, else as the first line of standard input. Never from arguments,
//! which every process of the machine can read.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, bail};
use latchkey_api::wire::Secret;

pub(crate) fn read() -> anyhow::Result<Secret> {
    let text = if io::stdin().is_terminal() {
        let text = rpassword::prompt_password("Password: ").context("the password cannot be read")?;
        let again = rpassword::prompt_password("Again: ").context("the password cannot be read")?;
        if text != again {
            bail!("the two passwords are not the same");
        }
        text
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).context("the password cannot be read from standard input")?;
        line.trim_end_matches(['\n', '\r']).to_owned()
    };
    if text.is_empty() {
        bail!("send the password on standard input");
    }
    Ok(Secret::new(text))
}
