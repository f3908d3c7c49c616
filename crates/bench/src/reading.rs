//! The session check: `GET /v1/me` beside the bare references and the peers.

use crate::{
    peer::Peer,
    plan::{Served, Tempo, of_bare},
    process::{Place, Server},
    round::{Spread, Subject, in_turns, ratio},
    table::{self, Bar, Held},
};

const CONNECTIONS: u32 = 32;

pub(crate) fn measure(
    bare: &Server,
    services: &[Served],
    peers: &[Peer],
    place: &Place,
    tempo: Tempo,
) -> anyhow::Result<Vec<Held>> {
    let folder = place.folder("bare")?;
    let mut subjects = vec![Subject::new("(a) a bare route", of_bare(bare, &folder, "nothing")?)];
    for served in services {
        let engine = served.engine;
        subjects.push(Subject::new(format!("(b) one read, {engine}"), of_bare(bare, &folder, &engine.to_lowercase())?));
        subjects.push(Subject::new(format!("GET /v1/me, {engine}"), served.me()?));
    }
    // Reading asks no hash: each peer once.
    for peer in peers.iter().filter(|peer| !peer.name.ends_with("argon2id")) {
        subjects.push(Subject::new(&peer.name, peer.load(&peer.reading, CONNECTIONS)));
    }
    in_turns(&mut subjects, tempo.rounds, tempo.seconds)?;
    table::subjects("Reading the current session, 32 connections", &subjects);

    let mut held = Vec::new();
    for (place, served) in services.iter().enumerate() {
        let (reference, me) = (&subjects[1 + 2 * place], &subjects[2 + 2 * place]);
        let engine = served.engine;
        held.push(Held::new(format!("me, {engine}: beside (b)"), Bar::AtLeast(0.7), ratio(me, reference)));
        let tail = Spread::of(me.seen.iter().map(|seen| seen.p99 / seen.p50));
        held.push(Held::new(format!("me, {engine}: p99 beside its p50"), Bar::AtMost(3.0), tail));
        let tail = Spread::of(reference.seen.iter().map(|seen| seen.p99 / seen.p50));
        println!("\n(b) on {engine}: p99 beside its p50 {}", table::spread(tail, 2));
    }
    if let Some(better_auth) = subjects.iter().find(|subject| subject.name.starts_with("better-auth")) {
        held.push(Held::new("me, SQLite: beside better-auth", Bar::AtLeast(25.0), ratio(&subjects[2], better_auth)));
    }
    Ok(held)
}
