//! `distribute`, and what Citus asks of a schema.
//!
//! Citus itself is not run here: its functions are played by some of the same names, arguments and catalog, which refuse
//! what Citus refuses (`citus.sql`).
use latchkey_store::*;

use crate::home::Home;

const STAND_IN: &str = include_str!("citus.sql");

async fn spread(url: &str) -> (Vec<DistributedTable>, Result<(), DistributeError>) {
    let mut tables = Vec::new();
    let ended = distribute(&url.parse().unwrap(), |table| tables.push(table.clone())).await;
    (tables, ended)
}

impl Home {
    /// With Citus played in a schema of its own, as it is in `pg_catalog`.
    fn with_citus(&self) -> String {
        self.sql(STAND_IN);
        format!("{}&options=-c%20search_path%3Dpublic,citus", self.url())
    }
}

#[tokio::test]
async fn tables_of_accounts_lie_together_and_others_by_their_own_key() {
    let home = Home::new().await;
    let url = home.with_citus();
    let (tables, ended) = spread(&url).await;
    ended.unwrap();
    assert_eq!(tables.len(), home.tables().await.len());
    assert!(tables.iter().all(|table| !table.before));
    for table in &tables {
        let expected = match table.name.as_str() {
            "logins" => Placement::By("login_key".into()),
            "throttles" => Placement::By("throttle_key".into()),
            "name_holds" => Placement::By("name_hash".into()),
            "instance_settings" | "signing_keys" => Placement::Everywhere,
            _ => Placement::By("account_id".into()),
        };
        assert_eq!(table.placement, expected, "{}", table.name);
    }
    let groups = "SELECT COUNT(DISTINCT colocationid) FROM citus.pg_dist_partition WHERE partkey = 'account_id'";
    assert_eq!(home.sql(groups), "1");
    // Once more changes nothing, and what a later version adds is spread then.
    home.sql(
        "CREATE TABLE passkeys (account_id UUID NOT NULL, passkey_id UUID NOT NULL, PRIMARY KEY (account_id, passkey_id), \
         FOREIGN KEY (account_id) REFERENCES accounts (account_id) ON DELETE CASCADE)",
    );
    let (again, ended) = spread(&url).await;
    ended.unwrap();
    let new: Vec<_> = again.iter().filter(|table| !table.before).map(|table| table.name.as_str()).collect();
    assert_eq!(new, ["passkeys"]);
}

#[tokio::test]
async fn a_server_without_citus_is_told_what_to_do() {
    let home = Home::new().await;
    let (tables, ended) = spread(&home.url()).await;
    let error = ended.unwrap_err();
    assert!(tables.is_empty() && matches!(error, DistributeError::NoCitus { .. }), "{error:?}");
    assert!(error.to_string().contains("CREATE EXTENSION citus"), "{error}");
    let file = spread("sqlite:/nowhere/latchkey.db").await.1.unwrap_err();
    assert!(matches!(file, DistributeError::File(_)), "{file:?}");
}

#[tokio::test]
async fn what_somebody_spread_otherwise_is_left_and_named() {
    for (statement, table) in [
        ("SELECT create_reference_table('logins')", "logins"),
        (
            "SELECT create_distributed_table('accounts', 'account_id', colocate_with => 'none'); \
          SELECT create_distributed_table('outbox', 'account_id', colocate_with => 'none')",
            "outbox",
        ),
    ] {
        let home = Home::new().await;
        let url = home.with_citus();
        home.sql(&format!("SET search_path = public, citus; {statement}"));
        let error = spread(&url).await.1.unwrap_err();
        assert!(matches!(&error, DistributeError::Otherwise { table: found, .. } if found == table), "{error:?}");
    }
}

/// What shows that the one who plays Citus refuses anything: a key without the column, and a reference to another account.
#[tokio::test]
async fn a_schema_that_breaks_the_rules_is_refused() {
    for (statement, words) in [
        ("ALTER TABLE outbox ADD CONSTRAINT one UNIQUE (mail_id)", "distribution column"),
        (
            "CREATE TABLE found (account_id UUID NOT NULL, a UUID NOT NULL, PRIMARY KEY (account_id, a), \
          FOREIGN KEY (a) REFERENCES accounts (account_id))",
            "foreign key",
        ),
    ] {
        let home = Home::new().await;
        let url = home.with_citus();
        home.sql(statement);
        let error = spread(&url).await.1.unwrap_err();
        assert!(matches!(&error, DistributeError::Refused { .. }) && error.to_string().contains(words), "{error}");
    }
}
