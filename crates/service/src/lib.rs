//! latchkey-service
