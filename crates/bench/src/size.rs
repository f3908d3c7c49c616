//! The same work on a small and on a large database.

use crate::{
    fill::Fill,
    load::Load,
    plan::{Served, Tempo},
    process::Place,
    requests,
    round::{Subject, in_turns, ratio},
    table::{self, Bar, Held},
};

const LEAST: f64 = 0.85;

/// `small` beside one of so many accounts, which is made where it is missing and kept.
pub(crate) fn measure(small: &Served, accounts: u32, place: &Place, tempo: Tempo) -> anyhow::Result<Vec<Held>> {
    let folder = place.folder(&format!("sqlite-{accounts}"))?;
    let file = folder.join("latchkey.sqlite3");
    let database = format!("sqlite:{}", file.display());
    // A file under another name until it is whole.
    let unfinished = folder.join("unfinished.sqlite3");
    if !file.exists() {
        let name = format!("sqlite:{}", unfinished.display());
        let _ = std::fs::remove_file(&unfinished);
        let begun = std::time::Instant::now();
        place.migrate(&name, &folder)?;
        Fill { database: name, accounts, sessions: 5 }.run()?;
        std::fs::rename(&unfinished, &file)?;
        println!("\n{accounts} accounts were made in {:.0} s", begun.elapsed().as_secs_f64());
    }
    let megabytes = file.metadata()?.len() / 1_000_000;
    place.migrate(&database, &folder)?;
    let server = place.serve(&database, &folder)?;
    let large = Served { engine: small.engine, server, folder, people: accounts };

    let mut held = Vec::new();
    println!("\n### {} and {accounts} accounts ({megabytes} MB) with five sessions each, SQLite", small.people);
    for (what, loads) in [
        ("GET /v1/me", [small.me()?, large.me()?]),
        ("GET /v1/me/sessions", [list(small)?, list(&large)?]),
        ("POST /v1/sessions", [small.sign_in(8, 80)?, large.sign_in(8, 80)?]),
    ] {
        let mut subjects: Vec<_> = [small.people, large.people]
            .into_iter()
            .zip(loads)
            .map(|(people, load)| Subject::new(format!("{people} accounts"), load))
            .collect();
        in_turns(&mut subjects, tempo.rounds, tempo.seconds)?;
        table::subjects(what, &subjects);
        held.push(Held::new(
            format!("{what}: {accounts} accounts beside {}", small.people),
            Bar::AtLeast(LEAST),
            ratio(&subjects[1], &subjects[0]),
        ));
    }
    large.server.stop()?;
    Ok(held)
}

fn list(served: &Served) -> anyhow::Result<Load> {
    served.requests("list", |person| requests::as_person(person, "/v1/me/sessions"))
}
