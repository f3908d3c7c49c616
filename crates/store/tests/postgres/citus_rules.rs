//! What Citus asks of a schema that is to be spread, read off the tables there are (its documentation: "Creating and
//! modifying distributed objects", "SQL support and workarounds").
use crate::home::Home;

/// Found by their own value, and lying by it.
const BY_THEIR_OWN: [(&str, &str); 5] = [
    ("logins", "login_key"),
    ("throttles", "throttle_key"),
    ("name_holds", "name_hash"),
    ("instance_settings", "name"),
    ("signing_keys", "key_id"),
];

fn column_of(table: &str) -> &'static str {
    BY_THEIR_OWN.iter().find(|(name, _)| *name == table).map_or("account_id", |(_, column)| *column)
}

#[tokio::test]
async fn every_unique_index_has_the_column_that_its_table_is_spread_by() {
    let home = Home::new().await;
    let indexes = home.sql(
        "SELECT indrelid::regclass, indexrelid::regclass, (SELECT string_agg(attname, ' ') FROM pg_attribute \
         WHERE attrelid = indrelid AND attnum = ANY (indkey)), indexprs IS NULL FROM pg_index JOIN pg_class ON oid = indrelid \
         WHERE relnamespace = 'public'::regnamespace AND indisunique AND relname <> '_sqlx_migrations'",
    );
    assert!(indexes.lines().count() > 25);
    for line in indexes.lines() {
        let [table, index, columns, plain] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        assert!(columns.split(' ').any(|column| column == column_of(table)), "{index} of {table}: {columns}");
        assert_eq!(plain, "t", "{index} is over columns, not expressions");
    }
}

#[tokio::test]
async fn foreign_keys_stay_with_one_account() {
    let home = Home::new().await;
    let keys = home.sql(
        "SELECT conname, conrelid::regclass, confrelid::regclass, (SELECT attname FROM pg_attribute WHERE attrelid = conrelid \
         AND attnum = conkey[1]), (SELECT attname FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1]) \
         FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace",
    );
    assert!(keys.lines().count() > 15);
    for line in keys.lines() {
        let [name, from, to, ours, theirs] = line.split('|').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(
            (column_of(from), column_of(to)),
            ("account_id", "account_id"),
            "{name} joins tables that lie together"
        );
        assert_eq!((ours, theirs), ("account_id", "account_id"), "{name}");
    }
}

#[tokio::test]
async fn columns_that_tables_are_spread_by_are_of_one_type_and_always_there() {
    let home = Home::new().await;
    let accounts = home.sql(
        "SELECT attrelid::regclass, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute JOIN pg_class c \
         ON c.oid = attrelid WHERE attname = 'account_id' AND c.relkind = 'r' AND relnamespace = 'public'::regnamespace",
    );
    assert!(accounts.lines().count() > 20);
    for line in accounts.lines() {
        let mut parts = line.split('|');
        let table = parts.next().unwrap();
        assert_eq!(parts.collect::<Vec<_>>(), ["uuid", "t"], "{table}");
    }
}

/// What cannot be spread, or would have all accounts wait for one server.
#[tokio::test]
async fn there_is_nothing_that_cannot_be_spread() {
    let home = Home::new().await;
    let found = home.sql(
        "SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal \
         UNION ALL SELECT 'sequence', relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace \
         UNION ALL SELECT 'view', relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace \
         UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
         UNION ALL SELECT 'type', typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') \
         UNION ALL SELECT 'exclusion', conname FROM pg_constraint WHERE contype = 'x' \
         UNION ALL SELECT 'deferred', conname FROM pg_constraint WHERE condeferrable \
         UNION ALL SELECT 'rule', rulename FROM pg_rewrite WHERE ev_class IN \
         (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
         UNION ALL SELECT 'inherited', inhrelid::regclass::TEXT FROM pg_inherits WHERE inhparent IN \
         (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') \
         UNION ALL SELECT 'generated', attname FROM pg_attribute WHERE attrelid IN \
         (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace) \
         AND (attgenerated <> '' OR attidentity <> '')",
    );
    assert_eq!(found, "");
}
