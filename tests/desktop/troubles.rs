//! What goes wrong on the way to a server while a person works: each has its own message, and a way on.

use image::RgbImage;

use crate::{
    app::App,
    avatar,
    native_dialog::NativeDialog,
    person::ADA,
    relay::{Relay, Way},
    server::Server,
    stage::Stage,
};

#[tokio::test]
async fn an_upload_that_fails_can_be_tried_again() {
    let stage = Stage::set("troubles");
    let server = Server::start(&stage);
    let relay = Relay::to(server.address());
    ADA.joins(&server);
    let picture = stage.home().join("noise.png");
    // Noise does not get small, so that the upload takes more than one piece.
    let noise = RgbImage::from_fn(600, 600, |x, y| {
        let mixed = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
        image::Rgb([(mixed >> 24) as u8, (mixed >> 16) as u8, (mixed >> 8) as u8])
    });
    noise.save(&picture).unwrap();

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Connect to a server").await;
    screen.fill("Server URL", &relay.origin()).await;
    screen.sees(", version ").await;
    screen.press("button", "Continue").await;
    screen.get("textbox", "Username or email").await;
    ADA.signs_in(screen, ADA.username).await;
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "typed before").await;
    screen.press("button", "Select Image").await;
    let dialog = NativeDialog::titled(&stage, "Select Image");
    dialog.point_at(&picture);
    dialog.accept();
    screen.arrives_at("Crop avatar").await;

    relay.becomes(Way::CutsUploads);
    screen.press("button", "Use as avatar").await;
    screen.sees("The connection was lost").await;
    screen.photograph("connection-lost").await;
    assert_eq!(avatar::source(screen).await, None, "the initials are still there");

    relay.becomes(Way::Answers500);
    screen.press("button", "Use as avatar").await;
    screen.sees("Something went wrong").await;

    // One that hangs is stopped by hand, and the picture is still there to be tried again.
    relay.becomes(Way::HoldsUploads);
    screen.press("button", "Use as avatar").await;
    screen.get("progressbar", "Avatar upload").await;
    screen.photograph("uploading").await;
    screen.press("button", "Cancel").await;
    screen.get("button", "Use as avatar").await;
    assert!(!screen.has("progressbar", "Avatar upload").await);

    relay.becomes(Way::Clear);
    screen.press("button", "Use as avatar").await;
    screen.sees("Avatar updated").await;
    avatar::shown(screen).await;
    assert_eq!(screen.value("Location").await, "typed before");

    // A form that cannot be sent keeps what was typed.
    relay.becomes(Way::Answers500);
    screen.press("button", "Update User Information").await;
    screen.sees("Something went wrong").await;
    assert_eq!(screen.value("Location").await, "typed before");
    relay.becomes(Way::Clear);
    screen.press("button", "Update User Information").await;
    screen.sees("Profile updated").await;
    app.close().await;
}
