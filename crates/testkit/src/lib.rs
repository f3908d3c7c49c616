//! latchkey-testkit
