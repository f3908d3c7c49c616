//! latchkey-client
