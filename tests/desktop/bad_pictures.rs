//! Files that are not the picture they say they are: a sentence in place, and the old avatar stays.

use std::{fs, path::Path};

use image::RgbImage;

use crate::{app::App, avatar, native_dialog::NativeDialog, person::ADA, screen::Screen, stage::Stage};

/// An empty file in a zip archive.
const ZIP: &[u8] = b"PK\x03\x04\x0a\0\0\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0aPK\x01\x02\x1e\x03\x0a\0\0\0\0\0\
    \0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0aPK\x05\x06\0\0\0\0\x01\0\x01\0/\0\0\0\x1f\0\0\0\0\0";

#[tokio::test]
async fn a_bad_picture_is_refused_and_the_old_avatar_stays() {
    let stage = Stage::set("bad_pictures");
    let pictures = stage.home().join("Pictures");
    fs::create_dir(&pictures).unwrap();
    write_pictures(&pictures);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "typed before").await;

    choose(&stage, screen, &pictures.join("good.png")).await;
    screen.arrives_at("Crop avatar").await;
    screen.press("button", "Use as avatar").await;
    screen.sees("Avatar updated").await;
    avatar::shown(screen).await;
    let before = avatar::source(screen).await;

    for (file, sentence) in [
        ("zip.png", "This picture cannot be used"),
        ("truncated.jpg", "This picture cannot be used"),
        ("huge.png", "This picture cannot be used"),
        ("notes.txt", "This picture cannot be used"),
        ("empty.png", "This picture cannot be used"),
    ] {
        choose(&stage, screen, &pictures.join(file)).await;
        screen.sees(sentence).await;
        screen.photograph(file).await;
        assert!(!screen.has("heading", "Crop avatar").await, "{file} is not cropped");
        assert_eq!(avatar::source(screen).await, before, "{file} changed the avatar");
    }

    // A cancelled picker changes nothing, and clears the sentence.
    screen.press("button", "Select Image").await;
    NativeDialog::titled(&stage, "Select Image").cancel();
    screen.until("the button is free again", "return !document.querySelector('[aria-busy]')").await;
    assert!(!screen.has("heading", "Crop avatar").await);
    assert_eq!(avatar::source(screen).await, before);
    assert_eq!(screen.value("Location").await, "typed before");

    // So does a cancelled crop.
    choose(&stage, screen, &pictures.join("good.png")).await;
    screen.arrives_at("Crop avatar").await;
    screen.key("Escape").await;
    screen.gone("heading", "Crop avatar").await;
    assert_eq!(avatar::source(screen).await, before);

    // Remove asks, and brings the initials back.
    screen.press("button", "Remove").await;
    screen.arrives_at("Remove your avatar?").await;
    screen.press("button", "Remove").await;
    screen.sees("Avatar removed").await;
    assert_eq!(avatar::source(screen).await, None);
    assert_eq!(screen.value("Location").await, "typed before");
    app.close().await;
}

async fn choose(stage: &Stage, screen: &Screen, file: &Path) {
    screen.press("button", "Select Image").await;
    let dialog = NativeDialog::titled(stage, "Select Image");
    dialog.point_at(file);
    dialog.accept();
}

fn write_pictures(folder: &Path) {
    let good = RgbImage::from_fn(640, 480, |x, y| image::Rgb([(x / 3) as u8, (y / 2) as u8, 120]));
    good.save(folder.join("good.png")).unwrap();
    good.save(folder.join("truncated.jpg")).unwrap();
    let jpeg = fs::read(folder.join("truncated.jpg")).unwrap();
    fs::write(folder.join("truncated.jpg"), &jpeg[..jpeg.len() / 2]).unwrap();
    fs::write(folder.join("zip.png"), ZIP).unwrap();
    fs::write(folder.join("notes.txt"), "Nothing to see here.\n").unwrap();
    fs::write(folder.join("empty.png"), b"").unwrap();
    // A header that promises ten thousand million pixels.
    let mut huge = Vec::new();
    let mut encoder = png::Encoder::new(&mut huge, 100_000, 100_000);
    encoder.set_color(png::ColorType::Rgb);
    drop(encoder.write_header().unwrap());
    fs::write(folder.join("huge.png"), huge).unwrap();
}
