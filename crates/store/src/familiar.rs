//! Whether a sign-in looks like those before it.
use crate::{
    Store,
    engine::on_pool,
    error::{Error, Result},
    sessions::Device,
    types::{AccountId, SessionId},
};

/// What is known of the device of a new session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Familiar {
    /// Whether somebody signed in before.
    pub before: bool,
    /// Where the sessions of devices of the same name were begun from, each address once.
    pub places: Vec<Option<String>>,
}

// Sessions go some time after they ended; what was written down of their beginning stays.
const BEGAN_BEFORE: &str = "SELECT EXISTS (SELECT 1 FROM sessions WHERE account_id = $1 AND session_id <> $2) \
    OR EXISTS (SELECT 1 FROM events WHERE account_id = $1 AND category = $3 AND kind IN ($4, $5) \
    AND session_id <> $2)";
// The newest places are enough: who signs in from so many is told once more.
const PLACES: &str = "SELECT ip_address FROM sessions WHERE account_id = $1 AND session_id <> $2 \
    AND browser IS NOT DISTINCT FROM $3 AND operating_system IS NOT DISTINCT FROM $4 \
    GROUP BY ip_address ORDER BY MAX(created_at) DESC LIMIT 100";

impl Store {
    /// Whether anybody signed in before this session, by other sessions or by events of these two kinds of a category;
    /// and from where, by devices that are called the same, in sessions that are open or ended lately.
    pub async fn familiar(
        &self,
        account: AccountId,
        session: SessionId,
        device: &Device,
        category: &'static str,
        kinds: [&'static str; 2],
    ) -> Result<Familiar> {
        let (browser, system) = (device.browser.clone(), device.operating_system.clone());
        let before = on_pool!(self, |c| {
            let began = sqlx::query_scalar(BEGAN_BEFORE).bind(account).bind(session).bind(category);
            Ok::<_, Error>(began.bind(kinds[0]).bind(kinds[1]).fetch_one(c).await?)
        })?;
        let places = on_pool!(self, |c| {
            let places = sqlx::query_scalar(PLACES).bind(account).bind(session).bind(&browser).bind(&system);
            Ok::<_, Error>(places.fetch_all(c).await?)
        })?;
        Ok(Familiar { before, places })
    }
}
