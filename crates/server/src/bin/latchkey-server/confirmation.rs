//! Asks before what cannot be undone.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, bail};

/// Whether a person at the terminal says yes. Without a terminal there is nobody to ask.
pub(crate) fn given(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("there is no terminal to ask at; say --yes");
    }
    let mut out = io::stderr().lock();
    write!(out, "{question} [y/N] ").and_then(|()| out.flush()).context("the terminal cannot be written")?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).context("the answer cannot be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
