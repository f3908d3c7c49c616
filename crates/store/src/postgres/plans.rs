//! How PostgreSQL runs the statements that have to stay quick however large the tables are.
//!
//! A plan depends on what is in the tables. What can be held without rows is that each of these has an index to go by:
//! where reading a whole table is forbidden, it is done only where there is no other way.
use latchkey_postgres_testkit::TestDatabase;
use sqlx::{Connection, Executor, PgConnection};

use crate::{
    accounts, actor, api_key_reminders, api_keys, avatars, backup_codes, container_registries, credential_access,
    deletion, events, integration_attempts, integration_checks, integration_tokens, integrations, outbox,
    personal_api_keys, registry_checks, registry_passwords, second_factor, second_factor_attempts, session_check,
    sessions, sign_in_transactions, ssh_keys, two_factor, upkeep,
};

const STATEMENTS: [&str; 85] = [
    api_keys::CHECK,
    api_keys::LIST,
    api_keys::GET,
    api_keys::DELETE,
    actor::NAMED,
    actor::PERSONAL,
    personal_api_keys::CHECK,
    personal_api_keys::GET,
    session_check::CHECK,
    sessions::GET,
    sessions::CLOSE,
    sessions::LIST,
    accounts::FIND_LOGIN,
    accounts::CREDENTIALS,
    avatars::GET,
    deletion::HELD,
    deletion::ANY_HELD,
    events::LIST,
    events::LIST_CATEGORY,
    two_factor::GET,
    second_factor::ADVANCE,
    sign_in_transactions::GET,
    sign_in_transactions::END,
    sign_in_transactions::ADD,
    second_factor_attempts::FORGIVE,
    backup_codes::CONFIRM,
    ssh_keys::LIST,
    ssh_keys::GET,
    ssh_keys::REMOVE,
    ssh_keys::AUTHORIZED,
    ssh_keys::AUTHORIZED_ONE,
    integrations::LIST,
    integrations::GET,
    integrations::OF_SUBJECT,
    integrations::REMOVE,
    integration_tokens::LEASE,
    integration_tokens::RELEASE,
    integration_tokens::REPLACE,
    integration_checks::TAKE,
    integration_checks::WORKS,
    integration_checks::IN_DOUBT,
    integration_checks::BREAKS,
    integration_checks::IS_BROKEN,
    integration_checks::DUE,
    integration_attempts::GET,
    integration_attempts::TAKE,
    integration_attempts::GIVE_BACK,
    integration_attempts::KEEP,
    integration_attempts::END,
    container_registries::COUNT,
    container_registries::LIST,
    container_registries::GET,
    container_registries::FIND,
    container_registries::UPDATE,
    registry_checks::NEWS,
    registry_checks::CHECKED,
    container_registries::REMOVE,
    registry_checks::TAKE,
    registry_checks::DUE,
    credential_access::GET,
    credential_access::HOLDS,
    credential_access::REFUSE,
    credential_access::FORGET,
    registry_passwords::ADD,
    registry_passwords::CROWD,
    registry_passwords::ENDED,
    registry_passwords::CHECK,
    upkeep::EXPIRED,
    upkeep::CLOSED,
    upkeep::TRANSACTIONS,
    upkeep::ATTEMPTS,
    upkeep::SETUPS,
    upkeep::PENDING_SETS,
    second_factor::SPEND,
    upkeep::PASSED,
    upkeep::RESETS,
    upkeep::CONNECTING,
    outbox::DUE,
    outbox::COUNT,
    outbox::DUE_FROM_AHEAD,
    upkeep::REGISTRY_PASSWORDS,
    upkeep::HELD,
    api_key_reminders::DUE,
    api_key_reminders::REMINDERS,
    api_key_reminders::REMIND,
];

/// Those that look for something in all accounts: where accounts are spread over servers, each of them is asked. They are
/// work in the background, which `docs/SCALING.md` names; the last is asked where a service has no sealing key.
const OF_ALL_ACCOUNTS: [&str; 18] = [
    upkeep::EXPIRED,
    upkeep::CLOSED,
    upkeep::TRANSACTIONS,
    upkeep::ATTEMPTS,
    upkeep::SETUPS,
    upkeep::PENDING_SETS,
    upkeep::PASSED,
    upkeep::RESETS,
    upkeep::CONNECTING,
    upkeep::REGISTRY_PASSWORDS,
    upkeep::HELD,
    outbox::DUE,
    outbox::DUE_FROM_AHEAD,
    outbox::COUNT,
    api_key_reminders::DUE,
    registry_checks::DUE,
    integration_checks::DUE,
    deletion::ANY_HELD,
];

#[test]
fn what_people_wait_for_stays_in_one_account() {
    let found: Vec<_> = STATEMENTS.iter().filter(|statement| !stays_in_one_account(statement)).collect();
    for statement in &found {
        assert!(OF_ALL_ACCOUNTS.contains(statement), "{statement}");
    }
    assert_eq!(found.len(), OF_ALL_ACCOUNTS.len(), "each of those named");
}

/// Or is found by the value its table is spread by.
fn stays_in_one_account(statement: &str) -> bool {
    ["account_id = $", "login_key = $", "name_hash = $"].iter().any(|key| statement.contains(key))
        || statement.starts_with("INSERT INTO") && statement.contains("(account_id, ")
}

#[tokio::test]
async fn no_statement_that_must_stay_quick_has_to_read_a_whole_table() {
    let database = TestDatabase::empty();
    crate::Store::open(database.url().parse::<crate::Database>().unwrap()).await.unwrap().close().await;
    let mut c = PgConnection::connect(&database.url()).await.unwrap();
    c.execute("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan").await.unwrap();
    let plan = async |c: &mut PgConnection, statement: &str| {
        let prepare = format!("DEALLOCATE ALL; PREPARE looked_at AS {statement}");
        c.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(prepare))).await.unwrap();
        let number = "SELECT cardinality(parameter_types)::BIGINT FROM pg_prepared_statements WHERE name = 'looked_at'";
        let number: i64 = sqlx::query_scalar(number).persistent(false).fetch_one(&mut *c).await.unwrap();
        let nulls = vec!["NULL"; usize::try_from(number).unwrap()].join(", ");
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN EXECUTE looked_at({nulls})"));
        sqlx::query_scalar::<_, String>(explain).persistent(false).fetch_all(c).await.unwrap().join("\n")
    };
    let sealed = crate::SealedIn::ALL.iter().flat_map(|of| [of.page(), of.put()]);
    for statement in STATEMENTS.into_iter().chain(sealed) {
        let found = plan(&mut c, statement).await;
        assert!(!found.contains("Seq Scan"), "{statement}\n{found}");
    }
    let whole = plan(&mut c, "SELECT 1 FROM accounts WHERE bio = $1").await;
    assert!(whole.contains("Seq Scan on accounts"), "this is how it would be seen: {whole}");
}
