//! What a flood of sign-ins does to those who only read.

use anyhow::anyhow;

use crate::{
    load::Load,
    plan::{Served, Tempo},
    round::Spread,
    table::{self, Bar, Held},
};

/// Connections that read, one request after another each: about what one core answers.
const READING: u32 = 4;
/// Connections that sign in, which keep more hashes waiting than there are cores.
const SIGNING_IN: u32 = 16;

pub(crate) fn measure(services: &[Served], tempo: Tempo) -> anyhow::Result<Vec<Held>> {
    println!("\n### GET /v1/me over {READING} connections, while {SIGNING_IN} connections sign in without a pause\n");
    println!("| | p99 ms, nobody signs in | p99 ms meanwhile | beside it | a second meanwhile | sign-ins a second |");
    println!("|---|---:|---:|---:|---:|---:|");
    let mut held = Vec::new();
    for served in services {
        let me = Load { connections: READING, ..served.me()? };
        let (mut idle, mut busy, mut rates, mut sign_ins) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for round in 0..tempo.rounds {
            let from = f64::from(round) / f64::from(tempo.rounds);
            idle.push(me.drive(tempo.seconds, from)?.p99 / 1000.0);
            let flood = served.sign_in(SIGNING_IN, 40 + round)?;
            // It begins before, and ends after.
            let flood = std::thread::spawn(move || flood.drive(tempo.seconds + 2, from));
            std::thread::sleep(std::time::Duration::from_secs(1));
            let meanwhile = me.drive(tempo.seconds, from)?;
            busy.push(meanwhile.p99 / 1000.0);
            rates.push(meanwhile.rate());
            let flood = flood.join().map_err(|_| anyhow!("the flood panicked"))??;
            sign_ins.push(flood.rate());
        }
        let ratio = Spread::of(busy.iter().zip(&idle).map(|(busy, idle)| busy / idle));
        println!(
            "| {} | {} | {} | {} | {} | {} |",
            served.engine,
            table::spread(Spread::of(idle), 2),
            table::spread(Spread::of(busy), 2),
            table::spread(ratio, 2),
            table::spread(Spread::of(rates), 0),
            table::spread(Spread::of(sign_ins), 1),
        );
        let what = format!("me, {}: p99 while sign-ins saturate beside its idle p99", served.engine);
        held.push(Held::new(what, Bar::AtMost(3.0), ratio));
    }
    Ok(held)
}
