//! `latchkey-server admin verify-activity`

use anyhow::bail;
use latchkey_service::{Service, Verified};
use serde_json::json;

use crate::{
    admin::{print, refusal},
    arguments::Output,
    say,
};

/// Fails where a chain is not as it was written, so that a script need not read what is printed.
pub(crate) async fn run(service: &Service, login: Option<&str>, output: &Output) -> anyhow::Result<()> {
    let verified = service.verify_activity(login).await.map_err(refusal)?;
    let told = if output.json { tell_json(&verified) } else { tell(&verified) };
    told?;
    match verified.broken.len() {
        0 => Ok(()),
        1 => bail!("the activity of 1 account is not as it was written"),
        n => bail!("the activity of {n} accounts is not as it was written"),
    }
}

fn tell(verified: &Verified) -> anyhow::Result<()> {
    for chain in &verified.broken {
        say(format_args!("{}\tbroken from event {} on", chain.username, chain.place))?;
    }
    let Verified { accounts, events, .. } = verified;
    say(format_args!("{accounts} accounts looked at, {events} events as they were written"))
}

fn tell_json(verified: &Verified) -> anyhow::Result<()> {
    let chain = |chain: &latchkey_service::BrokenChain| json!({"id": chain.account, "username": chain.username, "event": chain.place});
    let broken: Vec<_> = verified.broken.iter().map(chain).collect();
    print(&json!({"accounts": verified.accounts, "events": verified.events, "broken": broken}))
}
