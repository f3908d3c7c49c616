//! The avatar as the window shows it, and the picture that becomes one.

use base64::{Engine, engine::general_purpose::STANDARD};
use image::RgbImage;
use serde_json::Value;

use crate::screen::Screen;

/// The avatar on the profile page. It is asked for again until a picture has taken the place of the initials.
pub(crate) async fn shown(screen: &Screen) -> RgbImage {
    screen.until("the avatar is a picture", "return !!document.querySelector('main .ava img')?.complete").await;
    let source = source(screen).await.unwrap();
    let (kind, data) = source.split_once(";base64,").unwrap_or_else(|| panic!("a data: URL, not {source:.60}"));
    assert!(kind.starts_with("data:image/"), "{kind}");
    image::load_from_memory(&STANDARD.decode(data).unwrap()).unwrap().to_rgb8()
}

/// The URL of the avatar on the page; `None` where the initials stand for it.
pub(crate) async fn source(screen: &Screen) -> Option<String> {
    let source = screen.run("return document.querySelector('main .ava img')?.src ?? null", vec![]).await;
    source.as_str().map(str::to_owned)
}

/// Where the picture that is being cropped lies, in CSS pixels.
pub(crate) async fn place_of_picture(screen: &Screen) -> (f64, f64) {
    let script = "const box = document.querySelector('dialog[open] .stage img').getBoundingClientRect();
        return [box.x, box.y];";
    let place = screen.run(script, vec![]).await;
    (place[0].as_f64().unwrap(), place[1].as_f64().unwrap())
}

/// Writes down every state of the progress bar from now on: it may be gone before anybody can ask.
pub(crate) async fn watch_progress(screen: &Screen) {
    let script = "window.seenProgress = [];
        new MutationObserver(() => {
          const bar = document.querySelector('[role=progressbar]');
          if (bar) window.seenProgress.push(bar.getAttribute('aria-valuetext'));
        }).observe(document.body, { childList: true, subtree: true, attributes: true });";
    screen.run(script, vec![]).await;
}

/// What the progress bar said since it is watched.
pub(crate) async fn watched_progress(screen: &Screen) -> Value {
    screen.run("return window.seenProgress", vec![]).await
}
