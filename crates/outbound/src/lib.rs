//! What the service asks of others: OAuth providers, their APIs, container registries.
//!
//! [`Outbound`] is the one HTTP client of the service. It connects to what people name, so every call is bounded in time
//! and size, follows no redirection, and looks at the address before it connects.
