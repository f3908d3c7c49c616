//! What goes wrong around the program: it is killed, its database goes away, the disk fills, the clock jumps, those it
//! asks do not answer, and those who ask it do not behave. `docs/FAULTS.md` says what is done and what it came to.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]

mod account;
mod chance;
mod change;
mod checker;
mod contested;
mod kills;
mod load;
mod people;
mod rows;
mod running;

#[path = "../program/clock.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod clock;
#[path = "../program/program.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod program;
#[path = "../program/tools.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod tools;
