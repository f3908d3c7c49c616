//! PostgreSQL for measurements: as Debian ships it, with fsync.

use latchkey_postgres_testkit::Server;

/// Starts a server that ends with what is answered. It stands in the temporary folder.
pub(crate) fn start() -> Server {
    // The kit switches fsync off for tests; what comes later wins.
    let settings = ["fsync=on", "shared_buffers=512MB", "max_wal_size=2GB"];
    Server::start(&settings)
}

/// Makes a database in it.
pub(crate) fn database(server: &Server, name: &str) -> String {
    server.sql("postgres", &format!("CREATE DATABASE {name}"));
    server.url(name)
}
