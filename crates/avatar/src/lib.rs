//! latchkey-avatar
