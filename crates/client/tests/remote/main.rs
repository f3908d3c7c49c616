//! The client against real sockets, and what it makes of servers that fail or are something else.

mod answers;
mod connections;
mod servers;
mod tls;
mod uploads;
