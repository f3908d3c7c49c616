//! Everything that is sealed with a key outside of the database, for sealing it anew with another one.
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Store,
    engine::{Engine, Scope, in_tx, on_pool, on_writer},
    error::Result,
    types::AccountId,
};

/// Rows that are read, and written, at a time: short enough that nobody notices waiting behind them.
const PAGE: usize = 100;

/// A sealed value, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SealedValue {
    /// Whose it is.
    pub account_id: AccountId,
    /// Which one of the account; the account's id again where it has one alone.
    pub id: Uuid,
    /// The value.
    pub sealed: Vec<u8>,
}

macro_rules! sealed_in {
    ($($(#[$doc:meta])* $variant:ident $table:literal $id:literal $column:literal;)*) => {
        /// A table with sealed values. The keys registry tokens are signed with are not among them: they belong to no
        /// account, and there are few.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SealedIn {
            $($(#[$doc])* $variant,)*
        }

        impl SealedIn {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name of the table.
            pub fn table(self) -> &'static str {
                match self {
                    $(Self::$variant => $table,)*
                }
            }

            /// The next ones behind an account and an id, in that order.
            pub(crate) fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!(
                        "SELECT account_id, ", $id, " AS id, ", $column, " AS sealed FROM ", $table,
                        " WHERE (account_id, ", $id, ") > ($1, $2) ORDER BY account_id, ", $id, " LIMIT 100"
                    ),)*
                }
            }

            /// Another value in the place of one that is as it was read.
            pub(crate) fn put(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!(
                        "UPDATE ", $table, " SET ", $column, " = $4 WHERE account_id = $1 AND ", $id, " = $2 AND ",
                        $column, " = $3"
                    ),)*
                }
            }
        }
    };
}
sealed_in! {
    /// Secrets of authenticator apps.
    TwoFactor "two_factor" "account_id" "sealed_secret";
    /// Personal API keys.
    PersonalApiKeys "personal_api_keys" "account_id" "sealed";
    /// Mail that waits.
    Outbox "outbox" "mail_id" "sealed";
    /// Tokens of providers of source code.
    Integrations "integrations" "integration_id" "sealed";
    /// What attempts to get such tokens are about.
    IntegrationAttempts "integration_attempts" "attempt_id" "sealed";
    /// Passwords for container registries.
    ContainerRegistries "container_registries" "registry_id" "sealed";
}

const PUT_SIGNING_KEY: &str = "UPDATE signing_keys SET sealed = $3 WHERE key_id = $1 AND sealed = $2";

impl Store {
    /// The next sealed values of a table behind this one, in the order of accounts and ids; none at its end.
    pub async fn sealed_values(&self, of: SealedIn, after: Option<&SealedValue>) -> Result<Vec<SealedValue>> {
        // No id is nil.
        let (account, id) = after.map_or((AccountId(Uuid::nil()), Uuid::nil()), |value| (value.account_id, value.id));
        on_pool!(self, |c| Ok(sqlx::query_as(of.page()).bind(account).bind(id).fetch_all(c).await?))
    }

    /// Puts other values in the place of these, those alone that are as they were read; answers how many those are.
    pub async fn reseal(&self, of: SealedIn, values: Vec<(SealedValue, Vec<u8>)>) -> Result<u64> {
        let mut done = 0;
        for some in values.chunks(PAGE) {
            let some = some.to_vec();
            done += in_tx!(self, Scope::Rows, |c| {
                let mut done = 0;
                for (SealedValue { account_id, id, sealed }, new) in &some {
                    let put = sqlx::query(of.put()).bind(account_id).bind(id).bind(sealed).bind(new);
                    done += put.execute(&mut *c).await?.rows_affected();
                }
                Ok(done)
            })?;
        }
        self.forget_old_values();
        Ok(done)
    }

    /// The same for a key that registry tokens are signed with.
    pub async fn reseal_signing_key(&self, key_id: &str, sealed: Vec<u8>, new: Vec<u8>) -> Result<bool> {
        let key_id = key_id.to_owned();
        let done = on_writer!(self, |c| {
            let put = sqlx::query(PUT_SIGNING_KEY).bind(&key_id).bind(&sealed).bind(&new);
            Ok(put.execute(c).await?.rows_affected() == 1)
        });
        self.forget_old_values();
        done
    }

    /// What was sealed with another key is not to stay in the log of the file.
    fn forget_old_values(&self) {
        if let Engine::Sqlite(sqlite) = self.engine() {
            sqlite.soil();
        }
    }
}
