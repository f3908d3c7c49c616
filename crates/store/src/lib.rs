//! latchkey-store
