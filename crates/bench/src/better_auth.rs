//! better-auth on Node's HTTP server and `node:sqlite`.

use std::{path::Path, process::Command};

use serde_json::json;

use crate::{
    hashing::PASSWORD,
    load,
    peer::{Peer, people},
    process::{Place, Server},
    requests::{get, post},
};

/// Starts it with 50 people, with the hash it ships (`scrypt`) or with `argon2id` at the service's cost.
pub(crate) fn start(place: &Place, peers: &Path, hash: &str) -> anyhow::Result<Peer> {
    let installed = peers.join("better-auth");
    let folder = place.folder(&format!("better-auth-{hash}"))?;
    let mut node = Command::new(installed.join("node_modules/node/bin/node"));
    node.arg(installed.join("server.js")).env("FOLDER", &folder).env("HASH", hash).env("PASSWORD", PASSWORD);
    let server = Server::start(node.env("NODE_ENV", "production"), &folder.join("log"))?;

    let people = people(&folder.join("people.tsv"))?;
    let (reading, signing_in) = (folder.join("reading"), folder.join("signing-in"));
    let cookie = |session: &str| format!("Cookie: {session}");
    load::write(&reading, people.iter().map(|one| get("/api/auth/get-session", &[&cookie(&one.session)])))?;
    let body = |login: &str| json!({ "email": login, "password": PASSWORD });
    let sign_in = |login: &str| post("/api/auth/sign-in/email", &["Origin: http://bench"], &body(login));
    load::write(&signing_in, people.iter().map(|one| sign_in(&one.login)))?;
    Ok(Peer::new(format!("better-auth, {hash}"), server, reading, signing_in))
}
