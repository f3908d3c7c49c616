//! Practising with backup codes: whether one works is said, and nothing comes of it.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::Caller,
    problem::{ApiResult, ErrorCode, Problem},
    two_factor::{BackupCodeState, CHECK_BACKUP_CODE, CheckBackupCode, CheckedBackupCode},
};
use latchkey_store::{Practice, Practised};

use crate::{
    events::Origin,
    second_factor::{Door, LIMIT},
    service::Service,
};

impl Service {
    /// Says what a code is worth. Whoever has stolen a session must not be able to guess here either: wrong ones are counted
    /// at the session's own door, with those of fresh proofs, and the one that shuts it is in the activity. A single one is
    /// not: it is a slip of the pen.
    pub(crate) async fn practise(&self, caller: &Caller, body: CheckBackupCode) -> ApiResult<CheckedBackupCode> {
        let me = self.admitted(caller, &CHECK_BACKUP_CODE.meta).await?;
        if me.account.two_factor_since.is_none() {
            return Err(off());
        }
        let (id, session, now) = (me.account.account_id, me.session.session_id, self.environment().now());
        let (kind, origin) = (ActivityKind::SecondFactorPaused, Origin::of_session(caller, &me));
        let practice = Practice {
            by: session,
            code_hash: self.backup_code_hash(id, &body.backup_code).await?,
            door: Door::session(session).name().to_owned(),
            limit: self.settings().throttles.then_some(LIMIT),
            now,
            event: self.event(kind, &origin, &ActivityDetails::default()),
        };
        let state = match self.store().practise_backup_code(id, practice).await {
            Ok(Practised::Works) => BackupCodeState::Works,
            Ok(Practised::Used) => BackupCodeState::Used,
            Ok(Practised::Unknown { last }) => {
                if last {
                    self.announce(id, Some(session), kind);
                }
                BackupCodeState::Unknown
            }
            // It was switched off meanwhile.
            Ok(Practised::Off) => return Err(off()),
            Ok(Practised::Paused { until }) => return Err(self.second_factor_paused(until, now)),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        Ok(CheckedBackupCode { state })
    }
}

fn off() -> Problem {
    Problem::new(ErrorCode::Conflict).detail("Two-factor authentication is off.")
}
