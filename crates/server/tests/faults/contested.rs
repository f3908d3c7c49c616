//! A profile that several people edit at once, each on the version they read: no edit may undo another unseen.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use latchkey_api::{
    common::Caller,
    problem::{ErrorCode, Problem},
    profile::{IfMatch, ProfileApi, ProfilePatch},
};
use latchkey_client::Client;

/// An edit that was acknowledged.
struct Edit {
    before: String,
    after: String,
    bio: String,
}

/// The profile, and what was said of it since it was looked at.
pub(crate) struct Contested {
    me: Caller,
    edits: Mutex<Vec<Edit>>,
    /// What those edits wrote whose answers were lost.
    lost: Mutex<Vec<String>>,
    begun: Mutex<String>,
    next: AtomicUsize,
}

impl Contested {
    pub(crate) async fn new(client: &Client, me: Caller) -> Self {
        let begun = Mutex::new(client.get_profile(&me).await.unwrap().etag.0);
        Self { me, edits: Mutex::default(), lost: Mutex::default(), begun, next: AtomicUsize::new(0) }
    }

    /// Reads and edits. `Ok` says whether nobody was faster.
    pub(crate) async fn edit(&self, client: &Client) -> Result<bool, Problem> {
        let bio = format!("edit {}", self.next.fetch_add(1, Ordering::Relaxed));
        let etag = client.get_profile(&self.me).await?.etag;
        let patch = ProfilePatch { bio: Some(Some(bio.clone())), ..ProfilePatch::default() };
        match client.update_profile(&self.me, IfMatch { if_match: etag.clone() }, patch).await {
            Ok(edited) => {
                self.edits.lock().unwrap().push(Edit { before: etag.0, after: edited.etag.0, bio });
                Ok(true)
            }
            Err(refused) if refused.code() == ErrorCode::Stale => Ok(false),
            Err(problem) => {
                self.lost.lock().unwrap().push(bio);
                Err(problem)
            }
        }
    }

    /// What the acknowledged edits and the profile do not agree in. Then it begins anew.
    pub(crate) async fn settle(&self, client: &Client) -> Result<(), String> {
        let now = client.get_profile(&self.me).await.map_err(|problem| problem.to_string())?;
        let (edits, lost) =
            (std::mem::take(&mut *self.edits.lock().unwrap()), std::mem::take(&mut *self.lost.lock().unwrap()));
        let begun = std::mem::replace(&mut *self.begun.lock().unwrap(), now.etag.0.clone());
        judge(&edits, &lost, &begun, &now.etag.0, now.value.bio.as_deref())
    }
}

fn judge(edits: &[Edit], lost: &[String], begun: &str, tag: &str, bio: Option<&str>) -> Result<(), String> {
    let befores: BTreeSet<_> = edits.iter().map(|edit| edit.before.as_str()).collect();
    let afters: BTreeSet<_> = edits.iter().map(|edit| edit.after.as_str()).collect();
    if befores.len() != edits.len() || afters.len() != edits.len() {
        return Err("two edits of the same version were acknowledged".into());
    }
    if befores.contains(tag) {
        return Err("the last edit that was acknowledged is lost".into());
    }
    // What was edited without anybody having been told of it was written by an edit whose answer was lost.
    if befores.iter().filter(|&&before| before != begun && !afters.contains(before)).count() > lost.len() {
        return Err("somebody edited a version that nobody wrote".into());
    }
    let written = match edits.iter().find(|edit| edit.after == tag) {
        Some(edit) => bio == Some(&edit.bio),
        None if tag == begun => edits.is_empty(),
        None => lost.iter().any(|lost| bio == Some(lost)),
    };
    if written { Ok(()) } else { Err(format!("the profile says {bio:?}, which is not what its version was given")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(before: &str, after: &str) -> Edit {
        Edit { before: before.into(), after: after.into(), bio: format!("to {after}") }
    }

    #[test]
    fn edits_in_a_row_are_fine_and_lost_or_forked_ones_are_not() {
        let row = [edit("1", "2"), edit("2", "3")];
        let of = |edits: &[Edit], lost: &[&str], tag, bio| {
            let lost: Vec<_> = lost.iter().map(|&bio| bio.to_owned()).collect();
            judge(edits, &lost, "1", tag, Some(bio))
        };
        of(&row, &[], "3", "to 3").unwrap();
        of(&row, &["x"], "4", "x").unwrap();
        of(&[edit("1", "2"), edit("3", "4")], &["x"], "4", "to 4").unwrap();
        assert!(of(&row, &[], "2", "to 2").is_err(), "the last is lost");
        assert!(of(&row, &[], "1", "").is_err(), "all are lost");
        assert!(of(&row, &["x"], "4", "to 3").is_err(), "a version with the text of another");
        assert!(of(&[edit("1", "2"), edit("1", "3")], &[], "3", "to 3").is_err(), "a fork");
        assert!(of(&[edit("1", "2"), edit("3", "4")], &[], "4", "to 4").is_err(), "a version from nowhere");
    }
}
