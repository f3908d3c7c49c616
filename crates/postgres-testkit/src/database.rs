//! A database of one test.
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{
    programs::{USER, dump, restore, sql},
    shared::{lock, socket},
};

/// A database on the shared server that is dropped with this.
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// An empty one.
    pub fn empty() -> Self {
        Self::made("")
    }

    /// One like that which `prepare` makes of an empty one: it is done once for each program of tests, and copied.
    pub async fn like(prepare: impl AsyncFnOnce(&str)) -> Self {
        let template = template();
        {
            let _lock = lock(&template);
            let there = format!("SELECT 1 FROM pg_database WHERE datname = '{template}'");
            if sql(&socket(), "postgres", &there).is_empty() {
                let unfinished = Self::empty();
                prepare(&unfinished.url()).await;
                let done = format!("ALTER DATABASE {} RENAME TO {template}", unfinished.name);
                sql(&socket(), "postgres", &done);
            }
        }
        Self::made(&format!(" TEMPLATE {template}"))
    }

    fn made(how: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        // A process before may have had the same number, and have been killed.
        sql(&socket(), "postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        sql(&socket(), "postgres", &format!("CREATE DATABASE {name}{how}"));
        Self { name }
    }

    /// Its address, as `latchkey-server --database` takes it.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@localhost/{}?host={}", self.name, socket().display())
    }

    /// All of it, as `pg_dump --format=custom` writes it.
    pub fn dump(&self) -> Vec<u8> {
        dump(&socket(), &self.name)
    }

    /// Fills it, which is empty, with such a dump.
    pub fn restore(&self, dump: Vec<u8>) {
        restore(&socket(), &self.name, dump);
    }

    /// Runs statements in it; what they answer, a line for each row.
    pub fn sql(&self, statement: &str) -> String {
        sql(&socket(), &self.name, statement)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A test that fails is to say why, and nothing else; what it leaves goes with the server.
        if !std::thread::panicking() {
            sql(&socket(), "postgres", &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The name of this program's template: another build may have other tables.
fn template() -> String {
    let program = std::env::current_exe().expect("this program");
    let changed = std::fs::metadata(&program).and_then(|file| file.modified()).expect("this program's age");
    let mut hasher = DefaultHasher::new();
    (program, changed).hash(&mut hasher);
    format!("template_{:016x}", hasher.finish())
}
