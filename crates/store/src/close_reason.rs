//! Why a session ended, as a word in the database.
use rusqlite::types::{FromSql, FromSqlResult, ValueRef};
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

macro_rules! close_reasons {
    ($($(#[$doc:meta])* $variant:ident $word:literal;)*) => {
        /// Why a session was closed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CloseReason {
            $($(#[$doc])* $variant,)*
            /// A reason this version does not know: a newer node of the same service wrote it.
            Unknown,
        }

        impl CloseReason {
            /// Every reason with its word.
            pub const ALL: &[(Self, &str)] = &[$((Self::$variant, $word)),*];

            /// The word that is stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Unknown => "unknown",
                }
            }
        }
    };
}
close_reasons! {
    /// The person signed out on this device.
    SignedOut "signed_out";
    /// The person closed it from another session.
    ClosedByOwner "closed_by_owner";
    /// The password was changed from another session.
    PasswordChanged "password_changed";
    /// Two-factor authentication was switched on or off from another session.
    TwoFactorChanged "two_factor_changed";
    /// An administrator closed it.
    ClosedByAdministrator "closed_by_administrator";
    /// An administrator disabled the account.
    AccountDisabled "account_disabled";
}

impl From<&str> for CloseReason {
    fn from(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Unknown, |(reason, _)| *reason)
    }
}

impl FromSql for CloseReason {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(Self::from)
    }
}

impl<DB: Database> Type<DB> for CloseReason
where
    str: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <str as Type<DB>>::type_info()
    }

    fn compatible(info: &DB::TypeInfo) -> bool {
        <str as Type<DB>>::compatible(info)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for CloseReason
where
    &'static str: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        self.as_str().encode(buffer)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for CloseReason
where
    &'r str: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <&'r str>::decode(value).map(Self::from)
    }
}
