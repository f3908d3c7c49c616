//! Source code integration with providers by a script: what a test over the API cannot bring about, as a clock, a provider
//! that hangs and two services on one database.

mod breaking_off;
mod browser;
mod checking;
mod connected_world;
mod connecting;
mod refreshing;
mod revoking;
mod scripted_providers;
