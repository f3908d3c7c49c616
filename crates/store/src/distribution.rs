//! Spreading the tables over the servers of a Citus cluster.
//!
//! Tables of accounts are distributed by the account, all alike, so that everything of one account is on one server. What
//! is found by another value is distributed by that value. What the whole service reads and hardly writes is on every
//! server.
use sqlx::{Connection, PgConnection};

use crate::{
    copy::tables,
    database::Database,
    open_error::OpenError,
    postgres::{self, PostgresAddress},
};

/// Tables of a few rows that belong to the whole service.
const ON_EVERY_SERVER: [&str; 2] = ["instance_settings", "signing_keys"];

/// The table that those of accounts lie beside.
const ACCOUNTS: &str = "accounts";
const ACCOUNT: &str = "account_id";

const IS_CITUS: &str = "SELECT to_regclass('pg_dist_partition') IS NOT NULL \
    AND EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'create_distributed_table')";
// `n` is a table on every server; `h` one by the hash of a column.
const FOUND: &str = "SELECT partmethod::TEXT, CASE WHEN partkey IS NULL THEN NULL \
    ELSE column_to_column_name(logicalrelid, partkey::TEXT) END, colocationid::BIGINT \
    FROM pg_dist_partition WHERE logicalrelid = to_regclass($1)";
const DISTRIBUTE: &str = "SELECT create_distributed_table($1::TEXT::regclass, $2, colocate_with => $3)";
const REPLICATE: &str = "SELECT create_reference_table($1::TEXT::regclass)";

/// Where the rows of a table lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Each on the server that has its value of this column.
    By(String),
    /// All of them on every server.
    Everywhere,
}

/// A table that is spread now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributedTable {
    /// Its name.
    pub name: String,
    /// Where its rows lie.
    pub placement: Placement,
    /// Whether it was so before.
    pub before: bool,
}

/// Why the tables are not spread. The text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DistributeError {
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file lies on one computer.
    #[error(
        "{0} is a file of SQLite and stays on this computer. Copy it to PostgreSQL with latchkey-server copy first."
    )]
    File(String),
    /// The server has no Citus.
    #[error(
        "{database} has no extension citus. Install Citus on every server of the cluster, with shared_preload_libraries = \
         'citus', run CREATE EXTENSION citus in this database and add the workers with citus_add_node; then try again. \
         Nothing was spread."
    )]
    NoCitus {
        /// The database.
        database: String,
    },
    /// Somebody spread a table in another way.
    #[error(
        "The table {table} is spread already, and in another way than this program needs: {needed}. Take it back with \
         undistribute_table, and try again."
    )]
    Otherwise {
        /// The table.
        table: String,
        /// How it has to be.
        needed: String,
    },
    /// The database refused.
    #[error("The table {table} could not be spread: {source}. Those before it are; run the command again to go on.")]
    Refused {
        /// The table.
        table: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

/// Brings the schema up to date and spreads every table that is not spread yet; gives each to `tell`. Tables that a
/// later version adds are spread by calling it again. Writes of a table wait while it is spread.
pub async fn distribute(database: &Database, mut tell: impl FnMut(&DistributedTable)) -> Result<(), DistributeError> {
    let address = match database {
        Database::Sqlite(_) => return Err(DistributeError::File(database.to_string())),
        Database::Postgres(address) => address,
    };
    let mut c = postgres::make(address).await?;
    let told = |source| DistributeError::Open(address.open_error(source));
    if !sqlx::query_scalar::<_, bool>(IS_CITUS).fetch_one(&mut c).await.map_err(told)? {
        return Err(DistributeError::NoCitus { database: address.to_string() });
    }
    // Each behind those it refers to, so that accounts are spread before what belongs to them.
    for table in tables::read(&mut c).await.map_err(told)? {
        tell(&spread(&mut c, address, &table).await?);
    }
    let _ = c.close().await;
    Ok(())
}

/// How a table is to be spread, by its name and the first column of its key.
pub(crate) fn placement(name: &str, key: &str) -> Placement {
    if ON_EVERY_SERVER.contains(&name) { Placement::Everywhere } else { Placement::By(key.to_owned()) }
}

async fn spread(
    c: &mut PgConnection,
    address: &PostgresAddress,
    table: &tables::Table,
) -> Result<DistributedTable, DistributeError> {
    let name = table.name.clone();
    let refused = |source| DistributeError::Refused { table: name.clone(), source };
    let Some(key) = table.key_column() else {
        return Err(DistributeError::Open(OpenError::ForeignTables { database: address.to_string() }));
    };
    let placement = placement(&name, key);
    let beside = if key == ACCOUNT && name != ACCOUNTS { ACCOUNTS } else { "none" };
    let found = found(c, &name).await.map_err(refused)?;
    if let Some(found) = &found {
        let accounts = self::found(c, ACCOUNTS).await.map_err(refused)?.map(|accounts| accounts.2);
        let as_needed = match &placement {
            Placement::Everywhere => found.0 == "n",
            Placement::By(key) => {
                found.0 == "h" && found.1.as_ref() == Some(key) && (beside == "none" || Some(found.2) == accounts)
            }
        };
        if !as_needed {
            let needed = match &placement {
                Placement::Everywhere => "as a reference table".to_owned(),
                Placement::By(key) if beside == "none" => format!("by {key}"),
                Placement::By(key) => format!("by {key}, beside {beside}"),
            };
            return Err(DistributeError::Otherwise { table: name, needed });
        }
    } else {
        let done = match &placement {
            Placement::Everywhere => sqlx::query(REPLICATE).bind(&name),
            Placement::By(key) => sqlx::query(DISTRIBUTE).bind(&name).bind(key).bind(beside),
        };
        done.execute(c).await.map_err(refused)?;
    }
    Ok(DistributedTable { name, placement, before: found.is_some() })
}

async fn found(c: &mut PgConnection, table: &str) -> sqlx::Result<Option<(String, Option<String>, i64)>> {
    sqlx::query_as(FOUND).bind(table).fetch_optional(c).await
}
