//! The picture that stands for the person.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use latchkey_api::{
    avatar::{AvatarApi, AvatarPath, AvatarSize},
    desktop::{AvatarArgs, AvatarProgress, AvatarStep, Failure, NoArgs, ProfileView, UsePicture},
    problem::{ErrorCode, Problem},
    wire::Upload,
};
use latchkey_client::{Client, ProgressFn};

use super::profile::get_profile;
use crate::{
    error::{cancelled, refused},
    events::Events,
    picture::{data_url, off_thread},
    session::Ticket,
    state::AppState,
};

/// How long the profile is asked for after an upload was stopped in its last moment.
const SECOND_LOOK: Duration = Duration::from_secs(3);

/// The person's own avatar as a `data:` URL; `None` where the initials stand for it.
pub async fn get_avatar(app: &AppState, args: AvatarArgs) -> Result<Option<String>, Failure> {
    let ticket = app.ticket()?;
    if !ticket.profile.profile.avatar.custom {
        return Ok(None);
    }
    let size = AvatarSize::ALL.into_iter().find(|size| size.pixels() == args.size);
    let Some(size) = size else {
        return Err(refused(Problem::new(ErrorCode::InvalidParameter).detail("An avatar has 64, 128 or 512 pixels.")));
    };
    let path = AvatarPath { username: ticket.profile.profile.username.clone(), size: Some(size) };
    let read = |client: Client, caller| async move { client.get_avatar(&caller, path).await };
    let image = app.call_as(&ticket, ticket.client.clone(), read).await?;
    // The initials are drawn by the page itself, in its own type.
    let is_picture = ["image/jpeg", "image/png", "image/webp"].contains(&image.media_type.as_str());
    let picture = is_picture.then(|| data_url(&image.media_type, &image.bytes));
    if let (Some(picture), true) = (&picture, app.session.holds(&ticket)) {
        app.parts.snapshots.keep(&ticket.key, |newer| {
            newer.avatar.insert(args.size, picture.clone());
        });
    }
    Ok(picture)
}

/// Crops, resizes and uploads a picture. What fails leaves the old avatar, and the picture for another try.
pub async fn use_picture(app: &AppState, args: UsePicture) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let picture = app.pictures.get(&args.id)?;
    let meter = Meter::new(Arc::clone(&app.parts.events));
    let upload = async {
        meter.tell(AvatarStep::Preparing, 0, 0);
        let square = off_thread(move || picture.square(args.crop)).await?;
        let image = Upload { media_type: square.media_type.to_owned(), bytes: square.bytes.into() };
        meter.tell(AvatarStep::Uploading, 0, image.bytes.len() as u64);
        let client = ticket.client.with_progress(meter.reader());
        let put = |client: Client, caller| async move { client.put_avatar(&caller, image).await };
        app.call_as(&ticket, client, put).await
    };
    let Some(done) = app.upload.run(upload).await else {
        meter.stop();
        look_again(app, &ticket, &meter).await;
        return Err(cancelled());
    };
    meter.stop();
    let profile = app.take_profile(&ticket, done?)?;
    app.pictures.discard(&args.id);
    Ok(profile)
}

/// Stops the upload.
#[expect(clippy::unused_async, reason = "commands are asynchronous, as their callers are")]
pub async fn cancel_upload(app: &AppState, _: NoArgs) -> Result<(), Failure> {
    app.upload.cancel();
    Ok(())
}

/// Removes the avatar.
pub async fn remove_avatar(app: &AppState, _: NoArgs) -> Result<ProfileView, Failure> {
    let ticket = app.ticket()?;
    let remove = |client: Client, caller| async move { client.delete_avatar(&caller).await };
    let answer = app.call_as(&ticket, ticket.client.clone(), remove).await?;
    app.take_profile(&ticket, answer)
}

/// An upload that was stopped after its last byte may have arrived: the page is told if it has.
async fn look_again(app: &AppState, ticket: &Ticket, meter: &Meter) {
    if !meter.all_sent() {
        return;
    }
    if let Ok(Ok(profile)) = tokio::time::timeout(SECOND_LOOK, get_profile(app, NoArgs {})).await
        && profile.etag != ticket.profile.etag
    {
        app.parts.events.view(&app.view());
    }
}

/// Tells the page how far an upload is, until it is stopped.
struct Meter(Arc<Dial>);

struct Dial {
    events: Arc<dyn Events>,
    stopped: AtomicBool,
    all_sent: AtomicBool,
}

impl Meter {
    fn new(events: Arc<dyn Events>) -> Self {
        Self(Arc::new(Dial { events, stopped: AtomicBool::new(false), all_sent: AtomicBool::new(false) }))
    }

    fn tell(&self, step: AvatarStep, sent: u64, total: u64) {
        self.0.tell(step, sent, total);
    }

    /// What the client calls. A connection may still hand over bytes after its call was dropped.
    fn reader(&self) -> ProgressFn {
        let dial = Arc::clone(&self.0);
        Arc::new(move |sent, total| {
            dial.all_sent.store(sent == total, Ordering::SeqCst);
            let step = if sent == total { AvatarStep::Finishing } else { AvatarStep::Uploading };
            dial.tell(step, sent, total);
        })
    }

    fn stop(&self) {
        self.0.stopped.store(true, Ordering::SeqCst);
    }

    fn all_sent(&self) -> bool {
        self.0.all_sent.load(Ordering::SeqCst)
    }
}

impl Dial {
    fn tell(&self, step: AvatarStep, sent: u64, total: u64) {
        if self.stopped.load(Ordering::SeqCst) {
            return;
        }
        let bytes = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        self.events.avatar_progress(AvatarProgress { step, sent: bytes(sent), total: bytes(total) });
    }
}
