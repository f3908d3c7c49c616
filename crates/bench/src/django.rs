//! django-allauth, headless, by gunicorn with a worker for each core, on SQLite.

use std::{path::Path, process::Command};

use serde_json::json;

use crate::{
    hashing::PASSWORD,
    load,
    peer::{Peer, people},
    process::{Place, Server, run},
    requests::{get, post},
};

/// Starts it with 50 people, with the hash it ships (`pbkdf2`) or with `argon2id` at the service's cost.
pub(crate) fn start(place: &Place, peers: &Path, python: &Path, hash: &str) -> anyhow::Result<Peer> {
    let installed = peers.join("django-allauth");
    let folder = place.folder(&format!("django-allauth-{hash}"))?;
    let program = |name: &str| {
        let mut command = Command::new(python.join("bin").join(name));
        command.current_dir(&installed).env("FOLDER", &folder).env("HASH", hash).env("PASSWORD", PASSWORD);
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    };
    run(program("python").arg("seed.py"))?;
    let mut gunicorn = program("python");
    let server = Server::start(gunicorn.arg("serve.py"), &folder.join("log"))?;

    let people = people(&folder.join("people.tsv"))?;
    let (reading, signing_in) = (folder.join("reading"), folder.join("signing-in"));
    let token = |session: &str| format!("X-Session-Token: {session}");
    load::write(&reading, people.iter().map(|one| get("/_allauth/app/v1/auth/session", &[&token(&one.session)])))?;
    let body = |login: &str| json!({ "username": login, "password": PASSWORD });
    let sign_in = |login: &str| post("/_allauth/app/v1/auth/login", &[], &body(login));
    load::write(&signing_in, people.iter().map(|one| sign_in(&one.login)))?;
    Ok(Peer::new(format!("django-allauth, {hash}"), server, reading, signing_in))
}
