//! A world to test in.
//!
//! [`World`] is an account service in a folder of its own, with a clock that stands still until it is moved. The same
//! stories run over three [wirings](Wiring): the service called directly, the client over the in-process router (what
//! the desktop app uses), and the client over a real socket (what a server's users use).

mod authenticator;
mod clock;
mod person;
mod pictures;
mod post;
mod registries;
mod source_code;
mod world;

pub use authenticator::Authenticator;
pub use clock::ManualClock;
pub use person::{PASSWORD, Person, proof, sign_in, sign_up, transaction, with_backup_code, with_code};
pub use pictures::png;
pub use post::Post;
pub use registries::{Asked, Registries};
pub use source_code::{SOURCE_CODE_HOST, SourceCode};
pub use world::{Wiring, World, WorldBuilder};
