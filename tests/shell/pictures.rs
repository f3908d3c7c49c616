//! From a file, the clipboard or a drop to an avatar.

use std::sync::Arc;

use latchkey::{
    commands::{avatar, picture},
    drag::{self, Dropped},
};
use latchkey_api::{
    desktop::{
        AvatarArgs, AvatarStep, ChosenPicture, CropSquare, NoArgs, PictureArgs, PictureDrag, ShellCode, UsePicture,
    },
    problem::ErrorCode,
    profile::ProfileApi,
};
use latchkey_testkit::{Wiring, World, png};
use tauri::{DragDropEvent, PhysicalPosition};

use crate::desk::{Desk, here};

const MIDDLE: CropSquare = CropSquare { x: 100.0, y: 0.0, side: 400.0 };

async fn chosen(desk: &Desk) -> ChosenPicture {
    let path = desk.file("me.png", &png(600, 400, [200, 30, 30]));
    desk.dialogs.answer(Some(path));
    picture::choose_picture(desk, NoArgs {}).await.unwrap().unwrap()
}

fn with(picture: &ChosenPicture) -> UsePicture {
    UsePicture { id: picture.id.clone(), crop: MIDDLE }
}

#[tokio::test]
async fn a_file_from_the_picker_becomes_the_avatar() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    assert_eq!(avatar::get_avatar(&desk, AvatarArgs { size: 128 }).await.unwrap(), None);
    let picture = chosen(&desk).await;
    assert_eq!((picture.width, picture.height, picture.file_name.as_deref()), (600, 400, Some("me.png")));

    let profile = avatar::use_picture(&desk, with(&picture)).await.unwrap();
    assert!(profile.profile.avatar.custom);
    assert_eq!(desk.profile(), profile);
    let url = avatar::get_avatar(&desk, AvatarArgs { size: 128 }).await.unwrap().unwrap();
    assert!(url.starts_with("data:image/jpeg;base64,") || url.starts_with("data:image/webp;base64,"), "{url:.40}");
    assert!(desk.pictures.get(&picture.id).is_err(), "a picture that is used is let go of");

    let profile = avatar::remove_avatar(&desk, NoArgs {}).await.unwrap();
    assert!(!profile.profile.avatar.custom);
    assert_eq!(avatar::get_avatar(&desk, AvatarArgs { size: 128 }).await.unwrap(), None);
}

#[tokio::test]
async fn progress_goes_from_preparing_to_all_bytes_sent() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::new(&world);
    desk.chooses(world.origin.as_ref().unwrap()).await.unwrap();
    latchkey::commands::account::create_account(&desk, latchkey_testkit::sign_up("ada")).await.unwrap();
    let noise: Vec<u8> = (0..600 * 600 * 3u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect();
    let noise = image::RgbImage::from_raw(600, 600, noise).unwrap();
    let path = desk.home.path().join("noise.png");
    noise.save(&path).unwrap();
    desk.dialogs.answer(Some(path));
    let picture = picture::choose_picture(&desk, NoArgs {}).await.unwrap().unwrap();
    avatar::use_picture(&desk, with(&picture)).await.unwrap();

    let told = desk.heard.progress.lock().unwrap();
    assert_eq!((told[0].step, told[0].total), (AvatarStep::Preparing, 0));
    assert_eq!((told[1].step, told[1].sent), (AvatarStep::Uploading, 0));
    let last = told.last().unwrap();
    assert_eq!((last.step, last.sent), (AvatarStep::Finishing, last.total));
    assert!(told.len() > 5, "noise takes several steps: {told:?}");
    assert!(told.windows(2).all(|pair| pair[0].sent <= pair[1].sent));
    assert!(told[1..].iter().all(|progress| progress.total == last.total));
}

#[tokio::test]
async fn nothing_is_chosen_when_the_picker_is_closed() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    desk.dialogs.answer(None);
    assert_eq!(picture::choose_picture(&desk, NoArgs {}).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_and_the_avatar_stays() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let picture = chosen(&desk).await;
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
    let path = desk.file("holiday.jpg", b"%PDF-1.7\n");
    desk.dialogs.answer(Some(path));
    let refused = picture::choose_picture(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidImage.into());
    assert!(desk.profile().profile.avatar.custom);
}

#[tokio::test]
async fn a_crop_beside_the_picture_is_refused_and_can_be_chosen_again() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let picture = chosen(&desk).await;
    let beside = CropSquare { x: 500.0, y: 0.0, side: 400.0 };
    let refused = avatar::use_picture(&desk, UsePicture { id: picture.id.clone(), crop: beside }).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidImage.into());
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
}

#[tokio::test]
async fn an_upload_that_is_stopped_answers_cancelled_and_leaves_the_picture() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let picture = chosen(&desk).await;
    desk.line.hold("/v1/me/avatar");
    let app = Arc::clone(&desk.app);
    let args = with(&picture);
    let upload = tokio::spawn(async move { avatar::use_picture(&app, args).await });
    desk.line.until_held(1).await;
    avatar::cancel_upload(&desk, NoArgs {}).await.unwrap();
    assert_eq!(upload.await.unwrap().unwrap_err().code, ShellCode::Cancelled.into());

    desk.line.release();
    let caller = latchkey_api::common::Caller::with_token(desk.keychain.token(&here("ada")).await.unwrap().expose());
    assert!(!world.service.get_profile(&caller).await.unwrap().value.avatar.custom, "nothing arrived");
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
    assert!(desk.profile().profile.avatar.custom);
    avatar::cancel_upload(&desk, NoArgs {}).await.unwrap();
}

#[tokio::test]
async fn an_upload_that_fails_leaves_the_picture_for_another_try() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let picture = chosen(&desk).await;
    for code in [ErrorCode::ConnectionLost, ErrorCode::Internal, ErrorCode::StorageFull] {
        desk.line.fail("/v1/me/avatar", code);
        assert_eq!(avatar::use_picture(&desk, with(&picture)).await.unwrap_err().code, code.into());
        assert!(!desk.profile().profile.avatar.custom);
    }
    desk.line.repair();
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
}

#[tokio::test]
async fn a_picture_on_the_clipboard_can_be_pasted() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let refused = picture::paste_picture(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(refused.code, ShellCode::ClipboardEmpty.into());
    *desk.clipboard.picture.lock().unwrap() = Some((600, 400));
    let picture = picture::paste_picture(&desk, NoArgs {}).await.unwrap();
    assert_eq!((picture.width, picture.height, picture.file_name.as_deref()), (600, 400, None));
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
}

#[tokio::test]
async fn a_picture_that_was_let_go_of_is_gone() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let picture = chosen(&desk).await;
    picture::discard_picture(&desk, PictureArgs { id: picture.id.clone() }).await.unwrap();
    let refused = avatar::use_picture(&desk, with(&picture)).await.unwrap_err();
    assert_eq!(refused.code, ShellCode::PictureGone.into());

    let picture = chosen(&desk).await;
    latchkey::commands::account::sign_out(&desk, NoArgs {}).await.unwrap();
    desk.signs_in("ada").await.unwrap();
    let refused = avatar::use_picture(&desk, with(&picture)).await.unwrap_err();
    assert_eq!(refused.code, ShellCode::PictureGone.into(), "pictures go with the session");
}

#[tokio::test]
async fn one_dropped_picture_is_taken_and_several_are_not() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let path = desk.file("me.png", &png(600, 400, [1, 2, 3]));
    let dropped = drag::dropped(&desk, vec![path.clone()]).await;
    let Some(Dropped::Picture(PictureDrag::Dropped { picture })) = dropped else { panic!("dropped") };
    avatar::use_picture(&desk, with(&picture)).await.unwrap();
    let several = drag::dropped(&desk, vec![path.clone(), path.clone()]).await;
    assert!(matches!(several, Some(Dropped::Picture(PictureDrag::Refused { .. }))));
    let gone = drag::dropped(&desk, vec![path.join("not-there.png")]).await;
    let Some(Dropped::Picture(PictureDrag::Refused { failure })) = gone else { panic!("refused") };
    assert_eq!(failure.code, ShellCode::FileUnreadable.into());
    let unnamed = desk.file("me", &png(600, 400, [1, 2, 3]));
    let dropped = drag::dropped(&desk, vec![unnamed]).await;
    assert!(matches!(dropped, Some(Dropped::Picture(PictureDrag::Dropped { .. }))), "it is one all the same");
}

#[tokio::test]
async fn a_drag_is_told_only_where_there_is_an_avatar_to_change() {
    let world = World::new(Wiring::Direct).await;
    let position = PhysicalPosition::new(1.0, 1.0);
    let enter = DragDropEvent::Enter { paths: vec!["/me.png".into()], position };
    let nobody = Desk::new(&world);
    drag::handle(&nobody.app, &enter);
    assert!(nobody.heard.drags.lock().unwrap().is_empty());

    let desk = Desk::of(&world, "ada").await;
    drag::handle(&desk.app, &enter);
    drag::handle(&desk.app, &DragDropEvent::Over { position });
    drag::handle(&desk.app, &DragDropEvent::Leave);
    assert_eq!(*desk.heard.drags.lock().unwrap(), [PictureDrag::Over, PictureDrag::Left]);
}
