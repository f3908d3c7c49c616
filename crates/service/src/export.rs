//! Leaving: everything the service holds about a person, as one document.

use base64::{Engine, engine::general_purpose::STANDARD};
use latchkey_api::{
    activity::{Activity, ActivityDetails, ActivityKind},
    avatar::AvatarSize,
    common::Caller,
    deletion::Export,
    problem::{ApiResult, ErrorCode, Problem},
    sessions::Session,
    two_factor::TwoFactorApi,
};
use latchkey_store::Account;

use crate::{
    activity, environment::date_time, error::problem, events::Origin, identity_rules::username_key, person::Me,
    profile, service::Service, sessions,
};

/// Events in an export, the newest ones. It is put together in memory, and clients read no endless answers; this many
/// are years of a busy account.
const MOST_EVENTS: usize = 20_000;

/// Devices in an export, the last used ones.
const MOST_SESSIONS: i64 = 1_000;

/// Rows read at a time.
const STEP: u16 = 500;

impl Service {
    pub(crate) async fn export(&self, caller: &Caller, me: &Me) -> ApiResult<Export> {
        let (account, now) = (&me.account, self.environment().now());
        let gone = || Problem::new(ErrorCode::Unauthenticated);
        let (origin, kind) = (Origin::of_session(caller, me), ActivityKind::DataExported);
        let event = self.event(kind, &origin, &ActivityDetails::default());
        // Recorded before anything leaves, and so part of what leaves.
        if let Err(error) = self.store().add_event_of_session(account.account_id, me.session.session_id, event).await {
            return Err(self.closed_meanwhile(me, error).await);
        }
        self.announce(account.account_id, Some(me.session.session_id), kind);
        let changed = self.store().password_changed_at(account.account_id).await.map_err(problem)?;
        Ok(Export {
            exported_at: date_time(now),
            profile: profile::wire(account),
            avatar: self.picture(account).await?,
            password_changed_at: date_time(changed.ok_or_else(gone)?),
            two_factor: self.get_two_factor(caller).await?,
            sessions: self.devices(me).await?,
            api_key: self.personal_api_key_of(account.account_id).await?,
            api_keys: self.all_api_keys(account.account_id).await?,
            ssh_keys: self.ssh_keys_of(account.account_id).await?,
            integrations: self.integrations_of(account.account_id).await?,
            container_registries: self.container_registries_of(account.account_id).await?,
            events: self.events_of(me).await?,
        })
    }

    async fn picture(&self, account: &Account) -> ApiResult<Option<String>> {
        let size = i64::from(AvatarSize::Large.pixels());
        let found = self.store().avatar(&username_key(&account.username), size).await.map_err(problem)?;
        let picture = found.and_then(|(_, picture)| picture);
        Ok(picture.map(|picture| format!("data:{};base64,{}", picture.media_type, STANDARD.encode(picture.bytes))))
    }

    async fn devices(&self, me: &Me) -> ApiResult<Vec<Session>> {
        let (account, now) = (me.account.account_id, self.environment().now());
        let rows =
            self.store().list_sessions(account, self.open_sessions(now), None, MOST_SESSIONS).await.map_err(problem)?;
        Ok(rows.into_iter().map(|row| sessions::wire(&self.within_policy(row), me)).collect())
    }

    async fn events_of(&self, me: &Me) -> ApiResult<Vec<Activity>> {
        let (mut all, mut before) = (Vec::new(), None);
        while all.len() < MOST_EVENTS {
            let rows = self.store().list_events(me.account.account_id, None, before, i64::from(STEP)).await;
            let rows = rows.map_err(problem)?;
            all.extend(rows.iter().map(|row| activity::wire(row, me)));
            before = rows.last().map(|row| row.seq);
            if rows.len() < usize::from(STEP) {
                break;
            }
        }
        Ok(all)
    }
}
