//! Everything at once that lets programs act for an account without a session.
use crate::{
    NewMail, Store,
    engine::in_tx,
    error::Result,
    events::{NewEvent, record},
    outbox::enqueue,
    types::AccountId,
};

/// What was deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevokedKeys {
    /// Whether there was a personal API key.
    pub personal: bool,
    /// Names of the API keys.
    pub api_keys: Vec<String>,
    /// Names and fingerprints of the SSH keys.
    pub ssh_keys: Vec<(String, Vec<u8>)>,
}

/// Makes the events of what only the transaction knows.
pub type RevokedEvents = Box<dyn Fn(&RevokedKeys) -> Vec<NewEvent> + Send + Sync>;

const PERSONAL: &str = "DELETE FROM personal_api_keys WHERE account_id = $1";
const NAMED: &str = "DELETE FROM api_keys WHERE account_id = $1 RETURNING name";
const SSH: &str = "DELETE FROM ssh_keys WHERE account_id = $1 RETURNING name, fingerprint";

impl Store {
    /// Deletes all API keys and SSH keys of an account, with an event each. Where there were none there is no mail.
    pub async fn revoke_keys(
        &self,
        account: AccountId,
        events: RevokedEvents,
        mail: Option<NewMail>,
    ) -> Result<RevokedKeys> {
        in_tx!(self, account, |c| {
            let personal = sqlx::query(PERSONAL).bind(account).execute(&mut *c).await?.rows_affected() > 0;
            let api_keys = sqlx::query_scalar(NAMED).bind(account).fetch_all(&mut *c).await?;
            let ssh_keys = sqlx::query_as(SSH).bind(account).fetch_all(&mut *c).await?;
            let revoked = RevokedKeys { personal, api_keys, ssh_keys };
            if revoked == RevokedKeys::default() {
                return Ok(revoked);
            }
            for event in events(&revoked) {
                record!(c, account, &event);
            }
            if let Some(mail) = &mail {
                enqueue!(c, account, mail);
            }
            Ok(revoked)
        })
    }
}
