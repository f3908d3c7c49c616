//! Where a PostgreSQL server is, and how it is spoken to.
use std::{borrow::Cow, fmt, io::ErrorKind, net::IpAddr, num::NonZeroU32, str::FromStr};

use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

use crate::{database::InvalidDatabase, error::postgres_code, open_error::OpenError};

/// Connections a store has at most, where nothing else is said.
const CONNECTIONS: NonZeroU32 = NonZeroU32::new(16).unwrap();

/// What the server ends by itself. A value of the address, or of `PGOPTIONS`, stands in its place.
const LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "10s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s")];

/// What an address may say behind its question mark.
const PARAMETERS: [&str; 8] =
    ["sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "options", "host", POOLER];
const POOLER: &str = "pooler";

/// What stands between this program and the server, and lends it connections: PgBouncer, or one like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooler {
    /// One for as long as this program keeps it. It takes no limits when it connects: they are set afterwards.
    Session,
    /// Another one for each transaction. Nothing lasts longer: no prepared statement, no limit, no `LISTEN`.
    Transaction,
}

/// A database on a PostgreSQL server. Its text, also that of errors about it, has no password.
#[derive(Clone)]
pub struct PostgresAddress {
    options: Box<PgConnectOptions>,
    connections: NonZeroU32,
    pooler: Option<Pooler>,
}

impl PostgresAddress {
    /// How many connections a store has at most.
    #[must_use]
    pub fn with_connections(self, connections: NonZeroU32) -> Self {
        Self { connections, ..self }
    }

    /// The password, where it does not stand in the address.
    #[must_use]
    pub fn with_password(self, password: &str) -> Self {
        Self { options: Box::new(self.options.password(password)), ..self }
    }

    pub(crate) fn connections(&self) -> u32 {
        self.connections.get()
    }

    pub(crate) fn pooler(&self) -> Option<Pooler> {
        self.pooler
    }

    /// For the statements of the store.
    pub(crate) fn options(&self) -> PgConnectOptions {
        let said = self.options.get_options().unwrap_or_default();
        let limits = LIMITS.iter().filter(|(name, _)| !said.contains(name));
        let options = self.options_of_maintenance();
        if self.pooler.is_some() { options } else { options.options(limits.copied()) }
    }

    /// The limits as statements, where a pooler takes none when it connects; `how` is `SET`, or `SET LOCAL` for one
    /// transaction.
    pub(crate) fn limits(how: &str) -> String {
        LIMITS.map(|(name, value)| format!("{how} {name} = '{value}'; ")).concat()
    }

    /// For work that takes as long as it takes.
    pub(crate) fn options_of_maintenance(&self) -> PgConnectOptions {
        let options = PgConnectOptions::clone(&self.options).disable_statement_logging();
        // Poolers refuse what they do not know how to hand on, such as this; no number here has digits behind a point.
        let options = if self.pooler.is_some() { options.extra_float_digits(None) } else { options };
        let statements = if self.pooler == Some(Pooler::Transaction) { 0 } else { 256 };
        options.statement_cache_capacity(statements)
    }

    pub(crate) fn open_error(&self, source: sqlx::Error) -> OpenError {
        let database = self.to_string();
        let code = postgres_code(&source).map(str::to_owned);
        let said = source.as_database_error().map(|error| error.message().to_owned()).unwrap_or_default();
        match (&source, code.as_deref()) {
            (sqlx::Error::Tls(_), _) => OpenError::Tls { database, source },
            // So rustls tells of a certificate it does not take.
            (sqlx::Error::Io(error), _) if error.kind() == ErrorKind::InvalidData => {
                OpenError::Tls { database, source }
            }
            (sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut, _) => OpenError::Unreachable { database, source },
            (_, Some("28000" | "28P01")) => OpenError::Refused { database, said },
            (_, Some("3D000")) => OpenError::NoDatabase { database },
            (_, Some("42501")) => OpenError::Privilege { database, said },
            // Too many connections; starting, stopping, recovering.
            (_, Some("53300" | "57P01" | "57P02" | "57P03")) => OpenError::NotNow { database, said },
            (_, Some("25006")) => OpenError::ReadOnly { path: database.into() },
            (_, Some("53100")) => OpenError::Full { path: database.into() },
            _ => OpenError::Other { path: database.into(), source },
        }
    }
}

impl FromStr for PostgresAddress {
    type Err = InvalidDatabase;

    /// `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`, with a path as `?host=` for a Unix socket. What is not
    /// said is taken from the variables of libpq (`PGPASSWORD`, `PGSSLMODE`, …) and from `~/.pgpass`.
    ///
    /// Where nothing says how the connection is protected, that to another computer is encrypted, with a certificate
    /// that names it. Through a pooler, `?pooler=session` or `?pooler=transaction` says how it lends connections.
    fn from_str(text: &str) -> Result<Self, InvalidDatabase> {
        let mut url = Url::parse(text).map_err(|_| InvalidDatabase::Form)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") || url.fragment().is_some() {
            return Err(InvalidDatabase::Form);
        }
        for (name, _) in url.query_pairs() {
            if !PARAMETERS.contains(&&*name) {
                return Err(InvalidDatabase::Parameter(name.into_owned()));
            }
        }
        if url.path().trim_start_matches('/').is_empty() {
            return Err(InvalidDatabase::NoName);
        }
        let pooler = match url.query_pairs().find(|(name, _)| name == POOLER).as_ref().map(|(_, kind)| &**kind) {
            None => None,
            Some("session") => Some(Pooler::Session),
            Some("transaction") => Some(Pooler::Transaction),
            Some(_) => return Err(InvalidDatabase::Form),
        };
        let others: Vec<_> = url.query_pairs().filter(|(name, _)| name != POOLER).map(own).collect();
        url.query_pairs_mut().clear().extend_pairs(others);
        let mut options = PgConnectOptions::from_url(&url).map_err(|_| InvalidDatabase::Form)?;
        let says = |name: &str| url.query_pairs().any(|(key, _)| key == name);
        if !says("sslmode") && std::env::var_os("PGSSLMODE").is_none() && !is_here(&options) {
            options = options.ssl_mode(PgSslMode::VerifyFull);
        }
        if options.get_application_name().is_none() {
            options = options.application_name("latchkey");
        }
        Ok(Self { options: Box::new(options), connections: CONNECTIONS, pooler })
    }
}

fn own((name, value): (Cow<'_, str>, Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

/// Whether the server is on this computer.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host().trim_matches(['[', ']']);
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (options, name) = (&self.options, self.options.get_database().unwrap_or_default());
        match options.get_socket() {
            Some(folder) => write!(f, "postgres://{}/{name}?host={}", options.get_username(), folder.display()),
            None => {
                write!(f, "postgres://{}@{}:{}/{name}", options.get_username(), options.get_host(), options.get_port())
            }
        }
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> PostgresAddress {
        text.parse().unwrap()
    }

    #[test]
    fn passwords_are_in_no_text() {
        let address = read("postgres://ada:s%65cret@db.example.org:6432/latchkey?application_name=books");
        assert_eq!(address.to_string(), "postgres://ada@db.example.org:6432/latchkey");
        assert!(!format!("{address:?} {}", address.clone().with_password("hunter2")).contains("hunter2"));
        let socket = read("postgres://ada:secret@localhost/latchkey?host=/run/postgresql");
        assert_eq!(socket.to_string(), "postgres://ada/latchkey?host=/run/postgresql");
    }

    #[test]
    fn other_computers_are_reached_over_tls_only_unless_somebody_says_otherwise() {
        let mode = |text: &str| format!("{:?}", read(text).options.get_ssl_mode());
        assert_eq!(mode("postgres://ada@db.example.org/d"), "VerifyFull");
        assert_eq!(mode("postgres://ada@192.0.2.7/d"), "VerifyFull");
        assert_eq!(mode("postgres://ada@db.example.org/d?sslmode=disable"), "Disable");
        for here in ["localhost/d", "127.0.0.1/d", "[::1]/d", "/d?host=/run/postgresql"] {
            assert_eq!(mode(&format!("postgres://{here}")), "Prefer", "{here}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_without_being_repeated() {
        for text in ["postgres://", "postgres://h/d#f", "mysql://h/d", "postgres://u:p@h/d?sslmode=secure"] {
            assert!(matches!(text.parse::<PostgresAddress>(), Err(InvalidDatabase::Form | InvalidDatabase::NoName)));
        }
        let error = "postgres://h/d?passwd=hunter2".parse::<PostgresAddress>().unwrap_err();
        assert!(error.to_string().contains("passwd") && !error.to_string().contains("hunter2"));
    }

    #[test]
    fn a_pooler_is_asked_for_nothing_it_refuses() {
        assert_eq!(read("postgres://ada@localhost/d").pooler(), None);
        let address = read("postgres://ada@localhost/d?pooler=transaction&application_name=books");
        assert_eq!(address.pooler(), Some(Pooler::Transaction));
        assert_eq!(address.options().get_options(), None);
        assert_eq!(address.options().get_application_name(), Some("books"));
        assert_eq!(read("postgres://ada@localhost/d?pooler=session").pooler(), Some(Pooler::Session));
        assert!(PostgresAddress::limits("SET LOCAL").starts_with("SET LOCAL statement_timeout = '10s'; "));
        assert_eq!("postgres://h/d?pooler=statement".parse::<PostgresAddress>().unwrap_err(), InvalidDatabase::Form);
    }

    #[test]
    fn limits_can_be_set_in_the_address() {
        let said = |text: &str| read(text).options().get_options().unwrap_or_default().to_owned();
        assert!(said("postgres://localhost/d").contains("statement_timeout=10s"));
        let own = said("postgres://localhost/d?options=-c%20statement_timeout%3D3s");
        assert!(own.contains("statement_timeout=3s") && !own.contains("10s") && own.contains("lock_timeout=5s"));
    }
}
