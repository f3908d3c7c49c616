//! What happened on an account: its security events, and the stream that tells open sessions of new ones.

use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    common::{Caller, Page},
    endpoint::Endpoint,
    instance::Provider,
    openapi::Described,
    params::NoParams,
    problem::{ApiResult, CloseReason, ErrorCode},
    wire::{Empty, Json, NoContent},
};

macro_rules! activity_kinds {
    ($($name:ident $wire:literal $category:ident $doc:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ActivityKind { $(#[doc = $doc] $name,)* }

        impl ActivityKind {
            /// Every kind.
            pub const ALL: &[ActivityKind] = &[$(ActivityKind::$name),*];

            /// The kind as it is stored and stands in JSON.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $wire,)* } }

            /// What it belongs to.
            pub const fn category(self) -> Category { match self { $(Self::$name => Category::$category,)* } }
        }

        /// A newer service may know more: what this program does not know is `other`.
        impl<'de> Deserialize<'de> for ActivityKind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Ok(ActivityKind::ALL.iter().copied().find(|kind| kind.as_str() == text).unwrap_or(Self::Other))
            }
        }
    };
}

activity_kinds! {
    AccountCreated         "account_created"          Account   "The account was created.",
    AccountDisabled        "account_disabled"         Account   "The System Administrator disabled it.",
    AccountEnabled         "account_enabled"          Account   "The System Administrator enabled it again.",
    DataExported           "data_exported"            Account   "Everything the service holds was exported.",
    SignedIn               "signed_in"                SignIn    "Somebody signed in.",
    SignedInWithBackupCode "signed_in_with_backup_code" SignIn  "Somebody signed in with a backup code.",
    WrongPassword          "wrong_password"           SignIn    "Somebody tried to sign in with a wrong password.",
    WrongSecondFactor      "wrong_second_factor"      SignIn    "The password was right and the second factor wrong.",
    SecondFactorPaused     "second_factor_paused"     SignIn    "Too many wrong codes: the second step is paused.",
    SignedOut              "signed_out"               SignIn    "The person signed out.",
    SessionClosed          "session_closed"           SignIn    "The person closed another session.",
    SessionsClosed         "sessions_closed"          SignIn    "All other sessions were closed.",
    SessionsClosedByAdministrator "sessions_closed_by_administrator" SignIn "The System Administrator closed all sessions.",
    PasswordChanged        "password_changed"         Password  "The password was changed.",
    PasswordResetRequested "password_reset_requested" Password  "A code for a forgotten password was mailed.",
    PasswordReset          "password_reset"           Password  "The password was set anew by a mailed code.",
    PasswordResetByAdministrator "password_reset_by_administrator" Password "The System Administrator set the password.",
    TwoFactorEnabled       "two_factor_enabled"       TwoFactor "Two-factor authentication was switched on.",
    TwoFactorDisabled      "two_factor_disabled"      TwoFactor "Two-factor authentication was switched off.",
    TwoFactorDisabledByAdministrator "two_factor_disabled_by_administrator" TwoFactor "The System Administrator switched two-factor authentication off.",
    BackupCodesGenerated   "backup_codes_generated"   TwoFactor "New backup codes came into use.",
    BackupCodeUsed         "backup_code_used"         TwoFactor "A backup code was spent to prove who one is.",
    ApiKeyGenerated        "api_key_generated"        ApiKeys   "The personal API key was generated; the one before it fails.",
    ApiKeyRevealed         "api_key_revealed"         ApiKeys   "The personal API key was shown.",
    ApiKeyCreated          "api_key_created"          ApiKeys   "A named API key was created.",
    ApiKeyDeleted          "api_key_deleted"          ApiKeys   "A named API key was deleted.",
    SshKeyAdded            "ssh_key_added"            SshKeys   "An SSH key was added.",
    SshKeyRemoved          "ssh_key_removed"          SshKeys   "An SSH key was removed.",
    IntegrationConnected   "integration_connected"    SourceCode "An account at a provider of source code was connected.",
    IntegrationReconnected "integration_reconnected"  SourceCode "A connection was renewed at its provider.",
    IntegrationDisconnected "integration_disconnected" SourceCode "An account at a provider was disconnected.",
    IntegrationFailed      "integration_failed"       SourceCode "A connection was found not to work any more.",
    RegistryAuthorised     "registry_authorised"      Registries "A container registry was authorised.",
    RegistryUpdated        "registry_updated"         Registries "The password for a container registry was updated.",
    RegistryRemoved        "registry_removed"         Registries "A container registry was removed.",
    RegistryFailed         "registry_failed"          Registries "A container registry was found to refuse the password.",
    CredentialsAllowed     "credentials_allowed"      SignIn    "A session was let read credentials for tools.",
    CredentialsRefused     "credentials_refused"      SignIn    "A session may not read credentials any more.",
    ProfileUpdated         "profile_updated"          Profile   "The profile was changed.",
    EmailChangeRequested   "email_change_requested"   Profile   "A new e-mail address waits to be confirmed.",
    EmailChangeCancelled   "email_change_cancelled"   Profile   "A new e-mail address was given up.",
    EmailChanged           "email_changed"            Profile   "The e-mail address was changed.",
    AvatarChanged          "avatar_changed"           Profile   "A picture was uploaded.",
    AvatarRemoved          "avatar_removed"           Profile   "The picture was removed.",
    Other                  "other"                    Account   "Something a newer version of the service knows.",
}

/// What an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Signing in and out, sessions.
    SignIn,
    /// The password.
    Password,
    /// Two-factor authentication and backup codes.
    TwoFactor,
    /// API keys.
    ApiKeys,
    /// SSH keys.
    SshKeys,
    /// Source code integration.
    SourceCode,
    /// Container registries.
    Registries,
    /// The profile.
    Profile,
    /// The account itself.
    Account,
}

/// More about an event, each member with the kinds it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[ts(optional_fields)]
pub struct ActivityDetails {
    /// Names of the profile fields that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fields: Option<Vec<String>>,
    /// The e-mail address it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub email: Option<String>,
    /// The device whose session was closed, as in `Safari on iOS 18.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device: Option<String>,
    /// The name of the API key or SSH key it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// The fingerprint of the SSH key it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fingerprint: Option<String>,
    /// The provider of source code it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provider: Option<Provider>,
    /// The host of the provider or of the container registry it was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub host: Option<String>,
    /// The person's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub login: Option<String>,
    /// How many sessions were closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count: Option<u32>,
    /// How many backup codes are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub remaining: Option<u32>,
}

/// Something that happened on the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
pub struct Activity {
    /// The event's id.
    pub id: Uuid,
    /// What happened.
    pub kind: ActivityKind,
    /// What it belongs to.
    pub category: Category,
    /// When.
    pub at: DateTime<Utc>,
    /// From which address; null from the service's own computer.
    #[schema(required)]
    pub ip_address: Option<String>,
    /// The session that did it; null where none did.
    #[schema(required)]
    pub session_id: Option<Uuid>,
    /// The device that did it, as in `Firefox on Linux`, or the API key, as in `API key Nightly backups`; null where it
    /// is not known.
    #[schema(required)]
    pub device: Option<String>,
    /// Whether the session that asks did it.
    pub current_session: bool,
    /// More about it.
    pub details: ActivityDetails,
}

/// Which page of the activity.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ActivityQuery {
    /// Rows a page, 1 to 100; 50 where nothing is said
    #[param(nullable = false, minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u8>,
    /// The `next` of the page before
    #[param(nullable = false, pattern = "^[1-9][0-9]{0,17}$")]
    pub after: Option<String>,
    /// Only what belongs to this
    #[param(value_type = Category, required = false, inline)]
    pub category: Option<Category>,
}

/// Lists what happened on the account, the newest first.
pub const LIST_EVENTS: Endpoint<ActivityQuery, Empty, Json<Page<Activity>>> =
    Endpoint::get("list_events", "/v1/me/events").summary("List what happened on the account");

/// The stream of [`Push`]es: server-sent events, outside of the typed contract. Only its gate is declared here.
pub const STREAM_EVENTS: Endpoint<NoParams, Empty, NoContent> = Endpoint::get("stream_events", "/v1/me/events/stream")
    .during_setup()
    .summary("Hear what happens on the account while it happens")
    .errors(&[ErrorCode::TooManyRequests]);

/// The endpoints of this area.
pub const ENDPOINTS: &[Described] = &[LIST_EVENTS.described()];

/// What happened on an account.
#[async_trait::async_trait]
pub trait ActivityApi: Send + Sync {
    /// [`LIST_EVENTS`]
    async fn list_events(&self, caller: &Caller, query: ActivityQuery) -> ApiResult<Page<Activity>>;
}

/// What open sessions are told as it happens. On the wire: `event: session.closed` and `data:` with the JSON of this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, TS)]
#[serde(tag = "event")]
pub enum Push {
    /// The session that listens has ended; nothing follows.
    #[serde(rename = "session.closed")]
    SessionClosed {
        /// Why; null where it expired or its account is gone.
        reason: Option<CloseReason>,
    },
    /// Somebody signed in on another device.
    #[serde(rename = "sign_in.new")]
    SignInNew {
        /// Its session.
        session_id: Uuid,
        /// The device, as in `Firefox on Linux`; null where it is not known.
        device: Option<String>,
        /// Its address; null on the service's own computer.
        ip_address: Option<String>,
    },
    /// Few backup codes are left.
    #[serde(rename = "backup_codes.low")]
    BackupCodesLow {
        /// How many.
        remaining: u32,
    },
    /// Something else happened that lists and pages may show: read again what belongs to it.
    #[serde(rename = "activity.new")]
    ActivityNew {
        /// What it belongs to.
        category: Category,
    },
}

impl Push {
    /// The name of the event on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SessionClosed { .. } => "session.closed",
            Self::SignInNew { .. } => "sign_in.new",
            Self::BackupCodesLow { .. } => "backup_codes.low",
            Self::ActivityNew { .. } => "activity.new",
        }
    }
}

/// Tells open sessions what happens.
#[async_trait::async_trait]
pub trait Pushes: Send + Sync {
    /// What happens from now on, for the session of the caller. The stream ends after `session.closed`, or when the
    /// service stops. Answers what the gate answers.
    async fn stream_events(&self, caller: &Caller) -> ApiResult<BoxStream<'static, Push>>;
}
