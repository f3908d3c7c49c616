//! Whether a sign-in is like earlier ones, so that nobody needs to be told of it.

use latchkey_api::{activity::ActivityKind, problem::ApiResult};
use latchkey_store::{AccountId, Device, SessionId};
use uuid::Uuid;

use crate::{error::problem, events::category, service::Service, throttle::network_of};

impl Service {
    /// Whether nobody needs to be told of a session that begins: it is the first one ever, or one of a device of the same
    /// name was begun from the same network. `session` is the one itself where it has been written.
    pub(crate) async fn is_familiar(
        &self,
        account: AccountId,
        session: Option<SessionId>,
        device: &Device,
    ) -> ApiResult<bool> {
        let kinds = [ActivityKind::SignedIn, ActivityKind::SignedInWithBackupCode];
        let (category, kinds) = (category(kinds[0].category()), kinds.map(ActivityKind::as_str));
        let session = session.unwrap_or(SessionId(Uuid::nil()));
        let known = self.store().familiar(account, session, device, category, kinds).await.map_err(problem)?;
        let here = network_of(device.ip_address.as_deref());
        Ok(!known.before || known.places.iter().any(|place| network_of(place.as_deref()) == here))
    }
}
