//! Which account answers a tool that asks for credentials.

use std::time::Duration;

use super::{ending::Ending, opened};
use crate::{helper_record::Tool, places::AccountKey, state::AppState};

/// How long a tool waits for an answer at most. The keychain may ask for a password meanwhile.
const PATIENCE: Duration = Duration::from_mins(1);

/// The account that was named; the one that was set up for the host; the one used last.
pub(super) fn the_account(
    app: &AppState,
    wanted: Option<&str>,
    tool: Tool,
    host: Option<&str>,
) -> Result<AccountKey, Ending> {
    if let Some(wanted) = wanted {
        return opened::named(app, wanted);
    }
    let record = recorded(app)?;
    let set_up = host.and_then(|host| record.account(tool, host));
    set_up.map_or_else(|| opened::used_last(app), Ok)
}

/// All accounts that were set up for a tool; the one that was named, or the one used last, where none was.
pub(super) fn the_accounts(app: &AppState, wanted: Option<&str>, tool: Tool) -> Result<Vec<AccountKey>, Ending> {
    let all = recorded(app)?.accounts(tool);
    if wanted.is_some() || all.is_empty() { Ok(vec![the_account(app, wanted, tool, None)?]) } else { Ok(all) }
}

fn recorded(app: &AppState) -> Result<crate::helper_record::Record, Ending> {
    // Nothing else holds it in this process.
    let helpers = app.helpers.try_lock().map_err(|error| Ending::Failed(error.to_string()))?;
    Ok(helpers.read()?)
}

/// Answers in time, or says that it did not.
pub(super) async fn in_time<T>(answer: impl Future<Output = Result<T, Ending>>) -> Result<T, Ending> {
    let late = || Ending::Unreachable("Latchkey did not get an answer in time.".to_owned());
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| Err(late()))
}
