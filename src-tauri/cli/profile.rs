//! Who is signed in, and the profile.

use latchkey_api::{
    desktop::{NoArgs, ProfileView, UpdateProfile},
    profile::{Profile, ProfilePatch},
};

use super::{
    arguments::{ProfileChange, ProfileCommand},
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, pairs},
};
use crate::{commands::profile, saved_file::server_name};

/// Says who is signed in, and where.
pub(super) fn whoami(opened: &Opened, printer: &Printer) -> Result<(), Ending> {
    let ProfileView { profile, .. } = opened.profile()?;
    printer.show(&profile, || {
        pairs(&[
            ("User name", profile.username.clone()),
            ("Name", profile.name.clone()),
            ("Account", server_name(&opened.place)),
        ])
    })
}

/// Shows or changes the profile.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: ProfileCommand) -> Result<(), Ending> {
    let ProfileView { profile, .. } = match command {
        ProfileCommand::Show => profile::get_profile(&opened.app, NoArgs {}).await?,
        ProfileCommand::Set(change) => {
            let etag = opened.profile()?.etag;
            profile::update_profile(&opened.app, UpdateProfile { etag, patch: patch(change) }).await?
        }
    };
    printer.show(&profile, || lines(&profile))
}

fn patch(change: ProfileChange) -> ProfilePatch {
    let ProfileChange { name, location, bio } = change;
    ProfilePatch { name, location: location.map(Some), bio: bio.map(Some), ..ProfilePatch::default() }
}

fn lines(profile: &Profile) -> String {
    let two_factor = if profile.two_factor_enabled { "on" } else { "off" };
    let mut all = vec![
        ("User name", profile.username.clone()),
        ("Name", profile.name.clone()),
        ("E-mail", profile.email.clone()),
        ("Location", profile.location.clone().unwrap_or_default()),
        ("Bio", profile.bio.clone().unwrap_or_default()),
        ("Two-factor", two_factor.to_owned()),
        ("Created", moment(profile.created_at)),
        ("Changed", moment(profile.updated_at)),
    ];
    if let Some(pending) = &profile.pending_email {
        all.insert(3, ("To confirm", pending.clone()));
    }
    pairs(&all)
}
