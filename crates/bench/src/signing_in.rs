//! Signing in, beside the bare Argon2id of the same parameters and the peers.

use crate::{
    hashing::Hashed,
    load::Load,
    peer::Peer,
    plan::{Served, Tempo, cores, hash},
    round::Spread,
    table::{self, Bar, Held},
};

/// Connections where throughput is looked at: the cores are never without work.
const CONNECTIONS: u32 = 8;

/// Figures of one who signs people in.
struct Figures {
    name: String,
    /// Milliseconds that one sign-in takes while nobody else signs in.
    alone: Vec<f64>,
    /// Sign-ins a second.
    rate: Vec<f64>,
}

impl Figures {
    fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), alone: Vec::new(), rate: Vec::new() }
    }

    fn alone(&mut self, load: &Load, tempo: Tempo, from: f64) -> anyhow::Result<()> {
        let alone = Load { connections: 1, ..load.clone() }.drive(tempo.seconds, from)?;
        self.alone.push(alone.p50 / 1000.0);
        Ok(())
    }

    fn together(&mut self, load: &Load, tempo: Tempo, from: f64) -> anyhow::Result<()> {
        // Elsewhere in the list of people, who may sign in so often from one place.
        self.rate.push(load.drive(tempo.seconds, (from + 0.5) % 1.0)?.rate());
        Ok(())
    }

    fn beside(&self, that: &Self) -> (Spread, Spread) {
        let ratios = |these: &[f64], those: &[f64]| Spread::of(these.iter().zip(those).map(|(this, that)| this / that));
        (ratios(&self.alone, &that.alone), ratios(&self.rate, &that.rate))
    }
}

pub(crate) fn measure(services: &[Served], peers: &[Peer], tempo: Tempo) -> anyhow::Result<Vec<Held>> {
    let mut bare = Figures::new("bare Argon2id");
    let mut of_services: Vec<_> =
        services.iter().map(|one| Figures::new(format!("latchkey, {}", one.engine))).collect();
    let mut of_peers: Vec<_> = peers.iter().map(|peer| Figures::new(&peer.name)).collect();
    for round in 0..tempo.rounds {
        let from = f64::from(round) / f64::from(tempo.rounds);
        let of_these = |peer: &Peer| peer.load(&peer.signing_in, CONNECTIONS);
        let loads: Vec<_> =
            services.iter().map(|served| served.sign_in(CONNECTIONS, round + 1)).collect::<anyhow::Result<_>>()?;
        // What is compared is measured one after the other: a machine that has just had all cores busy is slower for a while.
        let Hashed { median_ms, .. } = hash(1, tempo.seconds)?;
        bare.alone.push(median_ms);
        for (load, figures) in loads.iter().zip(&mut of_services) {
            figures.alone(load, tempo, from)?;
        }
        for (peer, figures) in peers.iter().zip(&mut of_peers) {
            figures.alone(&of_these(peer), tempo, from)?;
        }
        bare.rate.push(hash(cores(), tempo.seconds)?.a_second);
        for (load, figures) in loads.iter().zip(&mut of_services) {
            figures.together(load, tempo, from)?;
        }
        for (peer, figures) in peers.iter().zip(&mut of_peers) {
            figures.together(&of_these(peer), tempo, from)?;
        }
    }
    println!("\n### Signing in: alone, and over {CONNECTIONS} connections\n");
    println!("| | ms alone | beside bare Argon2id | a second | beside bare Argon2id |");
    println!("|---|---:|---:|---:|---:|");
    let mut held = Vec::new();
    for (place, figures) in std::iter::once(&bare).chain(&of_services).chain(&of_peers).enumerate() {
        let (alone, rate) = figures.beside(&bare);
        println!(
            "| {} | {} | {} | {} | {} |",
            figures.name,
            table::spread(Spread::of(figures.alone.iter().copied()), 1),
            table::spread(alone, 2),
            table::spread(Spread::of(figures.rate.iter().copied()), 1),
            table::spread(rate, 2)
        );
        if (1..=services.len()).contains(&place) {
            let name = &figures.name;
            held.push(Held::new(format!("sign-in, {name}: time beside bare Argon2id"), Bar::AtMost(1.1), alone));
            held.push(Held::new(format!("sign-in, {name}: throughput beside bare Argon2id"), Bar::AtLeast(0.9), rate));
        }
    }
    Ok(held)
}
