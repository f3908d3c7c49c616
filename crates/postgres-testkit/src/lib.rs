//! A PostgreSQL server for tests.
//!
//! [`TestDatabase`] is a database of one test, on a server that all tests of a run share: whoever comes first starts it,
//! and it ends when nobody has been there for a while. [`Server`] is a server of one test, which may be ended, set up
//! otherwise, or be reached over TCP.
//!
//! Both are made by the programs of the package `postgresql`. Where they are missing, tests fail and say so.
#![allow(clippy::missing_panics_doc, reason = "a test that cannot go on has failed")]

mod database;
mod programs;
mod server;
mod shared;

pub use database::TestDatabase;
pub use server::Server;
