//! Nodes of two versions serve side by side: migrations add, or their names say whom they leave behind.
use std::{collections::BTreeSet, path::Path};

/// Before these there was nobody to be left behind.
const FIRST: i64 = 5;

/// Why a migration could trouble a program that does not know it; `None` where it only adds.
fn objection(sql: &str) -> Option<String> {
    let text: String =
        sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
    let (mut tables, mut columns) = (BTreeSet::new(), BTreeSet::new());
    for statement in text.split(';') {
        let words: Vec<String> = statement.split_whitespace().map(str::to_uppercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let adds = match words[..] {
            ["CREATE", "TABLE", name, ..] => {
                tables.insert(name.to_owned());
                true
            }
            // One that is unique could refuse what others write, unless they do not know the table.
            [] | ["CREATE", "INDEX", ..] => true,
            ["CREATE", "UNIQUE", "INDEX", _, "ON", table, ..] | ["INSERT", "INTO", table, ..] => tables.contains(table),
            ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ref rest @ ..] => {
                columns.insert((table.to_owned(), column.to_owned()));
                let has = |word: &str| rest.contains(&word);
                let always = has("NOT") && has("NULL");
                (!always || has("DEFAULT"))
                    && !["UNIQUE", "REFERENCES", "CHECK", "PRIMARY", "GENERATED"].into_iter().any(has)
                    && !statement.contains(',')
            }
            ["UPDATE", table, "SET", column, "=", ..] => columns.contains(&(table.to_owned(), column.to_owned())),
            _ => false,
        };
        if !adds {
            return Some(words.join(" "));
        }
    }
    None
}

/// The schema that a program has to know at least, by the name of a migration.
fn needed(name: &str) -> Option<i64> {
    let mut words = name.trim_end_matches(".sql").rsplit('_');
    let (number, needs) = (words.next()?, words.next()?);
    (needs == "needs").then(|| number.parse().unwrap_or_else(|_| panic!("{name} needs a number")))
}

#[test]
fn migrations_add_or_say_whom_they_leave_behind() {
    for engine in ["postgres", "sqlite"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            let version: i64 = name.split('_').next().unwrap().parse().unwrap();
            if version < FIRST {
                continue;
            }
            match (needed(&name), objection(&std::fs::read_to_string(file.path()).unwrap())) {
                (Some(needed), _) => assert!((FIRST..=version).contains(&needed), "{name}"),
                (None, Some(statement)) => panic!(
                    "{engine}/{name} troubles programs that do not know it: {statement}. See docs/adr/0010-many-nodes.md"
                ),
                (None, None) => {}
            }
        }
    }
}

#[test]
fn what_takes_away_is_told_from_what_adds() {
    for adds in [
        "-- DROP TABLE in a comment; is none\nCREATE TABLE a (b BIGINT NOT NULL, CONSTRAINT a_pkey PRIMARY KEY (b));",
        "CREATE TABLE a (b BIGINT); CREATE UNIQUE INDEX a_b ON a (b); INSERT INTO a SELECT 1;",
        "ALTER TABLE accounts ADD COLUMN a TEXT; UPDATE accounts SET a = bio;",
        "ALTER TABLE accounts ADD COLUMN a BIGINT NOT NULL DEFAULT 0;\nCREATE INDEX by_a ON accounts (a) WHERE a > 0;",
    ] {
        assert_eq!(objection(adds), None, "{adds}");
    }
    for takes in [
        "DROP TABLE avatars",
        "ALTER TABLE accounts DROP COLUMN bio",
        "ALTER TABLE accounts RENAME COLUMN bio TO about",
        "ALTER TABLE accounts ADD COLUMN a BIGINT NOT NULL",
        "ALTER TABLE accounts ADD COLUMN a BIGINT UNIQUE",
        "ALTER TABLE accounts ADD COLUMN a TEXT, DROP COLUMN bio",
        "ALTER TABLE accounts ALTER COLUMN bio SET NOT NULL",
        "ALTER TABLE accounts ADD CONSTRAINT c CHECK (version > 0)",
        "CREATE UNIQUE INDEX one ON accounts (name)",
        "CREATE TRIGGER t AFTER INSERT ON accounts EXECUTE FUNCTION f()",
        "INSERT INTO instance_settings VALUES ('a', 'b')",
        "UPDATE accounts SET bio = NULL",
        "DELETE FROM sessions",
    ] {
        assert!(objection(takes).is_some(), "{takes}");
    }
    assert_eq!((needed("0009_no_more_bios_needs_7.sql"), needed("0009_what_everybody_needs.sql")), (Some(7), None));
}
