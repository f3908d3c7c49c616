//! How SQLite runs the statements that have to stay quick however large the tables are.
use sqlx::Row;

use super::*;
use crate::{
    accounts, actor, api_key_reminders, api_key_uses, api_keys, avatars, backup_codes, container_registries,
    credential_access, deletion, events, integration_attempts, integration_checks, integration_tokens, integrations,
    outbox, personal_api_keys, registry_checks, registry_passwords, second_factor, second_factor_attempts,
    session_check, session_uses, sessions, sign_in_transactions, ssh_keys, throttles, two_factor, upkeep,
};

async fn plan(sqlite: &Sqlite, statement: &str) -> Vec<String> {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let rows = sqlx::query(explain).fetch_all(sqlite.readers()).await.unwrap();
    rows.iter().map(|row| row.get("detail")).collect()
}

#[tokio::test]
async fn statements_that_must_stay_quick_go_straight_to_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("latchkey.db")).await.unwrap();
    let by_session = "SEARCH sessions USING INDEX sqlite_autoindex_sessions_2 (account_id=? AND session_id=?)";
    let by_use = "SEARCH sessions USING INDEX sessions_by_use \
        (account_id=? AND (last_modified_at,session_id)<(?,?))";
    let by_token = "SEARCH s USING PRIMARY KEY (account_id=? AND token_hash=?)";
    let account = "SEARCH a USING PRIMARY KEY (account_id=?)";
    let password = "SEARCH p USING PRIMARY KEY (account_id=?)";
    let login = "SEARCH logins USING PRIMARY KEY (login_key=?)";
    let transaction = "SEARCH sign_in_transactions USING PRIMARY KEY (account_id=? AND transaction_hash=?)";
    let avatar = "SEARCH i USING INDEX sqlite_autoindex_avatars_1 (account_id=? AND size=?) LEFT-JOIN";
    let by_ssh_key = "SEARCH ssh_keys USING INDEX sqlite_autoindex_ssh_keys_2 (account_id=? AND key_id=?)";
    let key = "SEARCH k USING PRIMARY KEY (account_id=? AND token_hash=?)";
    let key_by_id = "SEARCH k USING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id=?)";
    let personal_key = "SEARCH k USING PRIMARY KEY (account_id=?)";
    for (statement, expected) in [
        (api_keys::CHECK, vec![account, key]),
        (api_keys::LIST, vec!["SEARCH api_keys USING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id<?)"]),
        (api_keys::GET, vec!["SEARCH api_keys USING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id=?)"]),
        (
            api_keys::DELETE,
            vec!["SEARCH api_keys USING COVERING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id=?)"],
        ),
        (actor::NAMED, vec![account, key_by_id]),
        (actor::PERSONAL, vec![account, personal_key]),
        (personal_api_keys::CHECK, vec![personal_key, account]),
        (personal_api_keys::GET, vec![personal_key]),
        (session_check::CHECK, vec![by_token, account]),
        (sessions::GET, vec![by_session]),
        (sessions::CLOSE, vec![by_session]),
        (sessions::LIST, vec![by_use]),
        (accounts::FIND_LOGIN, vec![login]),
        (accounts::CREDENTIALS, vec![account, password]),
        (avatars::GET, vec![account, avatar]),
        (deletion::HELD, vec!["SEARCH name_holds USING PRIMARY KEY (name_hash=?)"]),
        (deletion::ANY_HELD, vec!["SEARCH name_holds USING COVERING INDEX name_holds_by_time (held_until>?)"]),
        (events::LIST, vec!["SEARCH events USING PRIMARY KEY (account_id=? AND seq<?)"]),
        (
            events::LIST_CATEGORY,
            vec![
                "SEARCH events USING PRIMARY KEY (account_id=? AND seq=?)",
                "LIST SUBQUERY 1",
                "SEARCH events USING COVERING INDEX events_by_category (account_id=? AND category=? AND seq<?)",
                "CREATE BLOOM FILTER",
            ],
        ),
        (throttles::TAT, vec!["SEARCH throttles USING PRIMARY KEY (throttle_key=?)"]),
        (two_factor::GET, vec!["SEARCH two_factor USING PRIMARY KEY (account_id=?)"]),
        (second_factor::ADVANCE, vec!["SEARCH two_factor USING PRIMARY KEY (account_id=?)"]),
        (sign_in_transactions::GET, vec![transaction]),
        (sign_in_transactions::END, vec![transaction]),
        (sign_in_transactions::ADD, vec![account, password]),
        (
            second_factor_attempts::FORGIVE,
            vec!["SEARCH second_factor_attempts USING PRIMARY KEY (account_id=? AND door=?)"],
        ),
        (backup_codes::CONFIRM, vec!["SEARCH backup_code_sets USING PRIMARY KEY (account_id=? AND set_id=?)"]),
        (ssh_keys::LIST, vec!["SEARCH ssh_keys USING PRIMARY KEY (account_id=?)", "USE TEMP B-TREE FOR ORDER BY"]),
        (ssh_keys::GET, vec![by_ssh_key]),
        (
            ssh_keys::REMOVE,
            vec!["SEARCH ssh_keys USING COVERING INDEX sqlite_autoindex_ssh_keys_2 (account_id=? AND key_id=?)"],
        ),
        (ssh_keys::AUTHORIZED, vec![account, "SEARCH k USING INDEX sqlite_autoindex_ssh_keys_2 (account_id=?)"]),
        (ssh_keys::AUTHORIZED_ONE, vec![account, "SEARCH k USING PRIMARY KEY (account_id=? AND fingerprint=?)"]),
    ] {
        assert_eq!(plan(&sqlite, statement).await, expected, "{statement}");
    }
}

#[tokio::test]
async fn sealed_values_are_paged_and_put_by_their_keys() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("latchkey.db")).await.unwrap();
    for &of in crate::SealedIn::ALL {
        for statement in [of.page(), of.put()] {
            let [step] = &plan(&sqlite, statement).await[..] else { panic!("one step: {statement}") };
            let by_key = format!("SEARCH {} USING PRIMARY KEY (", of.table());
            assert!(step.starts_with(&by_key), "{statement}: {step}");
        }
    }
}

#[tokio::test]
async fn statements_about_connections_go_straight_to_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("latchkey.db")).await.unwrap();
    let integration = "SEARCH integrations USING PRIMARY KEY (account_id=? AND integration_id=?)";
    let attempt = "SEARCH integration_attempts USING PRIMARY KEY (account_id=? AND attempt_id=?)";
    let registry = "SEARCH container_registries USING PRIMARY KEY (account_id=? AND registry_id=?)";
    let access = "SEARCH credential_access USING PRIMARY KEY (account_id=? AND session_id=?)";
    let account = "SEARCH a USING PRIMARY KEY (account_id=?)";
    for (statement, expected) in [
        (
            integrations::LIST,
            vec!["SEARCH integrations USING PRIMARY KEY (account_id=?)", "USE TEMP B-TREE FOR ORDER BY"],
        ),
        (integrations::GET, vec![integration]),
        (
            integrations::OF_SUBJECT,
            vec![
                "SEARCH integrations USING INDEX sqlite_autoindex_integrations_2 \
                 (account_id=? AND provider=? AND host=? AND subject=?)",
            ],
        ),
        (integrations::REMOVE, vec![integration]),
        (integration_tokens::LEASE, vec![integration]),
        (integration_tokens::RELEASE, vec![integration]),
        (integration_tokens::REPLACE, vec![integration]),
        (integration_checks::TAKE, vec![integration]),
        (integration_checks::WORKS, vec![integration]),
        (integration_checks::IN_DOUBT, vec![integration]),
        (integration_checks::BREAKS, vec![integration]),
        (integration_checks::IS_BROKEN, vec![integration]),
        (
            integration_checks::DUE,
            vec!["SEARCH integrations USING COVERING INDEX integrations_by_check (next_check_at<?)"],
        ),
        (integration_attempts::GET, vec![attempt]),
        (integration_attempts::TAKE, vec![attempt]),
        (integration_attempts::GIVE_BACK, vec![attempt]),
        (integration_attempts::KEEP, vec![attempt]),
        (integration_attempts::END, vec![attempt]),
        (
            container_registries::COUNT,
            vec![
                "SEARCH container_registries USING COVERING INDEX sqlite_autoindex_container_registries_2 (account_id=?)",
            ],
        ),
        (
            container_registries::LIST,
            vec!["SEARCH container_registries USING PRIMARY KEY (account_id=? AND registry_id<?)"],
        ),
        (container_registries::GET, vec![registry]),
        (
            container_registries::FIND,
            vec![
                "SEARCH container_registries USING INDEX sqlite_autoindex_container_registries_2 (account_id=? AND host=?)",
            ],
        ),
        (container_registries::UPDATE, vec![registry]),
        (registry_checks::NEWS, vec![registry]),
        (registry_checks::CHECKED, vec![registry]),
        (container_registries::REMOVE, vec![registry]),
        (registry_checks::TAKE, vec![registry]),
        (
            registry_checks::DUE,
            vec!["SEARCH container_registries USING COVERING INDEX container_registries_by_check (next_check_at<?)"],
        ),
        (credential_access::GET, vec![access]),
        (
            credential_access::HOLDS,
            vec![
                "SEARCH s USING INDEX sqlite_autoindex_sessions_2 (account_id=? AND session_id=?)",
                "SEARCH c USING PRIMARY KEY (account_id=? AND session_id=?)",
            ],
        ),
        (credential_access::REFUSE, vec![access]),
        (credential_access::FORGET, vec!["SEARCH registry_passwords USING PRIMARY KEY (account_id=?)"]),
        (registry_passwords::ADD, vec![access]),
        (registry_passwords::ENDED, vec!["SEARCH registry_passwords USING PRIMARY KEY (account_id=?)"]),
        (
            registry_passwords::CHECK,
            vec![
                account,
                "SEARCH p USING PRIMARY KEY (account_id=? AND token_hash=?)",
                "SEARCH s USING INDEX sqlite_autoindex_sessions_2 (account_id=? AND session_id=?)",
            ],
        ),
    ] {
        assert_eq!(plan(&sqlite, statement).await, expected, "{statement}");
    }
}

#[tokio::test]
async fn batches_read_no_more_than_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Sqlite::open(&folder.path().join("latchkey.db")).await.unwrap();
    for (statement, index) in [
        (upkeep::EXPIRED, "SEARCH sessions USING INDEX sessions_by_expiry (expires_at<?)"),
        (upkeep::CLOSED, "SEARCH sessions USING COVERING INDEX sessions_by_closing (closed_at>? AND closed_at<?)"),
        (
            upkeep::TRANSACTIONS,
            "SEARCH sign_in_transactions USING COVERING INDEX sign_in_transactions_by_expiry (expires_at<?)",
        ),
        (
            upkeep::ATTEMPTS,
            "SEARCH second_factor_attempts USING COVERING INDEX second_factor_attempts_by_time (updated_at<?)",
        ),
        (upkeep::SETUPS, "SEARCH two_factor USING INDEX two_factor_by_expiry (expires_at<?)"),
        (upkeep::PENDING_SETS, "SEARCH backup_code_sets USING INDEX backup_code_sets_pending (created_at<?)"),
        (second_factor::SPEND, "SEARCH backup_codes USING PRIMARY KEY (account_id=? AND set_id=? AND code_hash=?)"),
        (upkeep::PASSED, "SEARCH throttles USING COVERING INDEX throttles_by_tat (tat<?)"),
        (upkeep::RESETS, "SEARCH password_resets USING COVERING INDEX password_resets_by_expiry (expires_at<?)"),
        (
            upkeep::CONNECTING,
            "SEARCH integration_attempts USING COVERING INDEX integration_attempts_by_end (expires_at<?)",
        ),
        (outbox::COUNT, "SEARCH outbox USING COVERING INDEX outbox_by_next_attempt (has_code=?)"),
        (outbox::DUE, "SEARCH outbox USING COVERING INDEX outbox_by_next_attempt (has_code=? AND next_attempt_at<?)"),
        (
            outbox::DUE_FROM_AHEAD,
            "SEARCH outbox USING COVERING INDEX outbox_by_next_attempt (has_code=? AND next_attempt_at>?)",
        ),
        (
            upkeep::REGISTRY_PASSWORDS,
            "SEARCH registry_passwords USING COVERING INDEX registry_passwords_by_end (expires_at<?)",
        ),
        (upkeep::HELD, "SEARCH name_holds USING COVERING INDEX name_holds_by_time (held_until<?)"),
        (api_key_reminders::DUE, "SEARCH api_keys USING COVERING INDEX api_keys_by_reminder (next_reminder_at<?)"),
        (api_key_reminders::REMINDERS, "SEARCH api_keys USING PRIMARY KEY (account_id=?)"),
        (
            api_key_reminders::REMIND,
            "SEARCH api_keys USING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id=?)",
        ),
        (
            &api_key_uses::touch("api_keys", 64),
            "SEARCH api_keys USING INDEX sqlite_autoindex_api_keys_2 (account_id=? AND key_id=?)",
        ),
        (&api_key_uses::touch("personal_api_keys", 64), "SEARCH personal_api_keys USING PRIMARY KEY (account_id=?)"),
        (
            &session_uses::touch(64),
            "SEARCH sessions USING INDEX sqlite_autoindex_sessions_2 (account_id=? AND session_id=?)",
        ),
        (&ssh_keys::touch(64), "SEARCH ssh_keys USING INDEX sqlite_autoindex_ssh_keys_2 (account_id=? AND key_id=?)"),
    ] {
        let plan = plan(&sqlite, statement).await;
        assert!(plan.iter().any(|step| step == index), "{statement}: {plan:#?}");
        let scans = |table| plan.iter().any(|step| step.starts_with(&format!("SCAN {table}")));
        let unscanned = ["sessions", "throttles", "api_keys", "personal_api_keys", "ssh_keys"];
        assert!(!unscanned.into_iter().any(scans), "{statement}: {plan:#?}");
    }
}
