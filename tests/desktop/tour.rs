//! The main job from end to end, on a fresh machine, the way a person does it: create an account, edit the profile,
//! pick a photograph in the desktop's own dialog, crop it, use it, sign out, sign in, start the app again. Every step
//! leaves pictures in light, dark and small: the README and the guide show them.

use serde_json::Value;

use crate::{
    app::App, avatar, gallery::Gallery, native_dialog::NativeDialog, person::ADA, photo, screen::Screen,
    server::Server, stage::Stage,
};

#[tokio::test]
async fn tour() {
    let stage = Stage::set("tour");
    let pictures = stage.home().join("Pictures");
    std::fs::create_dir(&pictures).unwrap();
    let photograph = pictures.join("valley.jpg");
    photo::write(&photograph);
    let told = photo::metadata(&photograph);
    for group in ["EXIF:GPSLatitude", "EXIF:Orientation", "EXIF:Artist", "XMP:Creator", "IPTC:City"] {
        assert!(told.iter().any(|name| name == group), "the photograph has {group}: {told:?}");
    }
    std::fs::write(pictures.join("packing-list.txt"), "Socks, tent, stove.\n").unwrap();

    let app = App::open(&stage).await;
    let gallery = Gallery::new(&stage);
    create_account(app.screen(), &gallery).await;
    edit_profile(app.screen(), &gallery).await;
    choose_avatar(&stage, app.screen(), &gallery).await;
    look_around(app.screen(), &gallery).await;
    sign_out_and_in(app.screen(), &gallery).await;
    app.close().await;

    let app = App::open(&stage).await;
    app.screen().arrives_at(ADA.name).await;
    photo::assert_upright(&avatar::shown(app.screen()).await);
    gallery.hang(app.screen(), "after-restart").await;
    app.close().await;

    what_others_see(&stage);
    gallery.publish(&[
        "first-run",
        "create-account",
        "sign-in",
        "sign-in-dark",
        "profile",
        "profile-dark",
        "profile-760x560",
        "edit-profile",
        "edit-profile-refused",
        "crop",
        "crop-dark",
        "menu",
        "password",
        "sessions",
        "sessions-dark",
    ]);
}

async fn create_account(screen: &Screen, gallery: &Gallery) {
    screen.arrives_at("Where is your account?").await;
    // Nothing is chosen yet, so that nothing happens but a word about it.
    screen.press("button", "Continue").await;
    screen.sees("Choose where your account is first.").await;
    screen.press("button", "Dismiss").await;
    screen.press("radio", "Use this computer").await;
    gallery.hang(screen, "first-run").await;
    screen.press("button", "Continue").await;

    screen.arrives_at("Create account").await;
    screen.fill("Name", ADA.name).await;
    screen.fill("Username", "a").await;
    screen.fill("Email", "ada@example").await;
    screen.fill("Password", "ada").await;
    screen.press("button", "Create account").await;
    assert_eq!(screen.complaint_of("textbox", "Username").await, "Use at least 2 characters.");
    assert_eq!(screen.complaint_of("textbox", "Email").await, "Enter a full address, such as name@example.com.");
    assert_eq!(screen.complaint_of("textbox", "Password").await, "Use at least 12 characters.");
    assert_eq!(screen.focus().await, "textbox \"Username\"", "the first bad field has the focus");
    gallery.hang(screen, "create-account-refused").await;

    screen.fill("Username", ADA.username).await;
    screen.fill("Email", ADA.email).await;
    screen.fill("Password", ADA.password).await;
    screen.sees("strong").await;
    gallery.hang(screen, "create-account").await;
    screen.press("button", "Create account").await;
    screen.arrives_at(ADA.name).await;
    assert!(!screen.text().await.contains("Location"), "a field without a value is not shown");
    gallery.hang(screen, "profile-new").await;
}

async fn edit_profile(screen: &Screen, gallery: &Gallery) {
    screen.press("button", "Edit profile").await;
    screen.arrives_at("Edit profile").await;
    screen.fill("Name", "").await;
    screen.fill("Bio", &"very ".repeat(51)).await;
    screen.press("button", "Update User Information").await;
    assert_eq!(screen.complaint_of("textbox", "Name").await, "Enter your name.");
    assert!(screen.complaint_of("textbox", "Bio").await.contains("Use at most 250 characters."));
    gallery.hang(screen, "edit-profile-refused").await;

    screen.fill("Name", ADA.name).await;
    screen.fill("Location", "Bergen, Norway").await;
    screen
        .fill("Bio", "Platform engineer. Looks after build pipelines, container registries and too many house plants.")
        .await;
    screen.press("button", "Update User Information").await;
    screen.arrives_at(ADA.name).await;
    screen.sees("Profile updated").await;
    screen.sees("Bergen, Norway").await;
    screen.sees("too many house plants").await;
}

async fn choose_avatar(stage: &Stage, screen: &Screen, gallery: &Gallery) {
    let pictures = stage.home().join("Pictures");
    screen.press("button", "Edit profile").await;
    screen.press("button", "Select Image").await;
    let dialog = NativeDialog::titled(stage, "Select Image");
    dialog.point_at(&pictures.join("packing-list.txt"));
    dialog.accept();
    screen.sees("This picture cannot be used").await;
    gallery.hang(screen, "picture-refused").await;

    screen.press("button", "Select Image").await;
    let dialog = NativeDialog::titled(stage, "Select Image");
    dialog.point_at(&pictures.join("valley.jpg"));
    stage.photograph(&stage.out().join("native-dialog.png"));
    dialog.accept();

    screen.arrives_at("Crop avatar").await;
    let image = screen.get("application", "Image, zoom 100 percent. Arrow keys move it.").await;
    assert_eq!(screen.focus().await, "application \"Image, zoom 100 percent. Arrow keys move it.\"");
    for _ in 0..2 {
        screen.key("+").await;
    }
    screen.get("slider", "Zoom").await;
    screen.sees("120%").await;
    let before = avatar::place_of_picture(screen).await;
    screen.drag(&image, -12, 9).await;
    let dragged = avatar::place_of_picture(screen).await;
    assert!(
        (dragged.0 - before.0 + 12.0).abs() < 1.5 && (dragged.1 - before.1 - 9.0).abs() < 1.5,
        "{before:?} {dragged:?}"
    );
    screen.focus_on(&image).await;
    screen.key("ArrowRight").await;
    let moved = avatar::place_of_picture(screen).await;
    assert!((moved.0 - dragged.0 - 1.0).abs() < 0.5, "an arrow key moves by one pixel: {dragged:?} {moved:?}");
    gallery.hang(screen, "crop").await;

    avatar::watch_progress(screen).await;
    screen.press("button", "Use as avatar").await;
    screen.gone("heading", "Crop avatar").await;
    screen.sees("Avatar updated").await;
    assert_ne!(avatar::watched_progress(screen).await, Value::Array(vec![]), "the progress was shown");
    gallery.hang(screen, "edit-profile").await;
    screen.press("button", "Back to profile").await;
    screen.arrives_at(ADA.name).await;
    photo::assert_upright(&avatar::shown(screen).await);
    screen.is_rid_of_toast().await;
    gallery.hang(screen, "profile").await;
}

async fn look_around(screen: &Screen, gallery: &Gallery) {
    screen.press("button", ADA.name).await;
    gallery.hang(screen, "menu").await;
    // Once as a person changes it; the pictures set it without the menu.
    screen.press("menuitemradio", "Dark").await;
    screen.until("the theme is dark", "return document.documentElement.dataset.theme === 'dark'").await;
    screen.press("menuitemradio", "System").await;
    screen.press("menuitem", "Account").await;
    screen.arrives_at("Password").await;
    gallery.hang(screen, "password").await;
    ADA.opens(screen, "Sessions").await;
    screen.sees("This device").await;
    screen.sees("Last Authentication").await;
    gallery.hang(screen, "sessions").await;
    ADA.opens(screen, "Security check-up").await;
    screen.sees("One thing to see to").await;
    gallery.hang(screen, "check-up").await;
}

async fn sign_out_and_in(screen: &Screen, gallery: &Gallery) {
    ADA.chooses(screen, "Sign out").await;
    screen.arrives_at("Sign in").await;
    screen.fill("Username or email", ADA.email).await;
    screen.fill("Password", "seven small otters sing").await;
    screen.press("button", "Sign in").await;
    let complaint = screen.complaint_of("textbox", "Password").await;
    assert_eq!(complaint, "Username or password is not correct.");
    gallery.hang(screen, "sign-in-refused").await;
    screen.fill("Password", ADA.password).await;
    gallery.hang(screen, "sign-in").await;
    screen.press("button", "Sign in").await;
    screen.arrives_at(ADA.name).await;
}

/// What the service gives away of the picture, asked over its REST API: the avatar, and nothing of the photograph's
/// metadata. The same database is opened by `latchkey-server`, because the service in the app has no port.
fn what_others_see(stage: &Stage) {
    let database = stage.home().join(".local/share/app.latchkey.Latchkey/service/latchkey.sqlite");
    let server = Server::start_on(stage, &database, "127.0.0.1:0");
    for size in ["64", "128", "512"] {
        let answer = server.script().get(&format!("/v1/users/ada/avatar?size={size}"));
        assert_eq!(answer.status, 200);
        let file = stage.out().join(format!("served-{size}"));
        std::fs::write(&file, &answer.body).unwrap();
        let picture = image::load_from_memory(&answer.body).unwrap().to_rgb8();
        assert_eq!((picture.width().to_string(), picture.height().to_string()), (size.to_owned(), size.to_owned()));
        assert_eq!(photo::metadata(&file), Vec::<String>::new(), "metadata in what is served");
        if size == "512" {
            photo::assert_upright(&picture);
        }
    }
    server.stop();
}
