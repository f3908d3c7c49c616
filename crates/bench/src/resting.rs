//! A service that nobody asks anything: how soon it is ready, and how much memory it takes.

use std::{path::Path, time::Duration};

use crate::{
    process::Place,
    round::Spread,
    table::{Bar, Held},
};

const STARTS: usize = 11;

/// Starts it on a database that is there, time after time.
pub(crate) fn measure(database: &str, data: &Path, place: &Place) -> anyhow::Result<Vec<Held>> {
    let (mut ready, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let server = place.serve(database, data)?;
        ready.push(server.started_in.as_secs_f64() * 1000.0);
        std::thread::sleep(Duration::from_millis(500));
        resident.push(f64::from(server.resident()?) / 1024.0);
        server.stop()?;
    }
    Ok(vec![
        Held::new("ms from start to ready, SQLite", Bar::AtMost(60.0), Spread::of(ready)),
        Held::new("MB resident while idle, SQLite", Bar::AtMost(20.0), Spread::of(resident)),
    ])
}
