//! What goes wrong around the program: it is killed, its database goes away, the disk fills, the clock jumps, those it
//! asks do not answer, and those who ask it do not behave. `docs/FAULTS.md` says what is done and what it came to.

#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside of #[test] functions")]
#![expect(clippy::print_stdout, reason = "figures of the long run")]

mod account;
mod backing_up;
mod chance;
mod change;
mod checker;
mod clock_jumps;
mod contested;
mod disk_full;
mod handover;
mod hanging_peers;
mod kills;
mod load;
mod peer;
mod people;
mod postgres;
mod proxy;
mod raw;
mod restoring;
mod rows;
mod running;
mod slow_clients;
mod steps;

#[path = "../program/clock.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod clock;
#[path = "../program/program.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod program;
#[path = "../program/tools.rs"]
#[allow(dead_code, reason = "the tests of the program use the rest")]
mod tools;
