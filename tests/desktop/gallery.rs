//! Pictures of the window for people to look at.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use image::{
    DynamicImage, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

use crate::{screen::Screen, stage::Stage};

/// The sizes DESIGN names: as the window opens, and a small one.
const USUAL: (u32, u32) = (1120, 760);
const SMALL: (u32, u32) = (760, 560);

/// Largest picture for the documents, in bytes.
const LARGEST: usize = 150 * 1024;

/// The pictures of one test.
pub(crate) struct Gallery {
    folder: PathBuf,
}

impl Gallery {
    /// An empty gallery.
    pub(crate) fn new(stage: &Stage) -> Self {
        Self { folder: stage.out() }
    }

    /// The file of a picture that was taken.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name).with_extension("png")
    }

    /// Takes the picture of what is shown: light, dark, and small.
    pub(crate) async fn hang(&self, screen: &Screen, name: &str) {
        for (theme, size, suffix) in [("light", USUAL, ""), ("light", SMALL, "-760x560"), ("dark", USUAL, "-dark")] {
            screen.set_theme(Some(theme)).await;
            screen.resize(size.0, size.1).await;
            screen.photograph(&format!("{name}{suffix}")).await;
        }
        screen.set_theme(None).await;
        screen.resize(USUAL.0, USUAL.1).await;
    }

    /// Puts these pictures into the documents, where `LATCHKEY_PICTURES=1` asks for it.
    pub(crate) fn publish(&self, names: &[&str]) {
        if std::env::var_os("LATCHKEY_PICTURES").is_none_or(|wish| wish != "1") {
            return;
        }
        let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
        fs::create_dir_all(&documents).unwrap();
        for name in names {
            let picture = image::open(self.folder.join(name).with_extension("png")).unwrap();
            let png = small_png(&picture);
            assert!(png.len() < LARGEST, "{name}.png has {} bytes", png.len());
            fs::write(documents.join(name).with_extension("png"), png).unwrap();
        }
    }
}

/// The same pixels without transparency, packed as tightly as PNG allows.
fn small_png(picture: &DynamicImage) -> Vec<u8> {
    let picture = picture.to_rgb8();
    [FilterType::NoFilter, FilterType::Up, FilterType::Adaptive]
        .into_iter()
        .map(|filter| {
            let mut file = Cursor::new(Vec::new());
            PngEncoder::new_with_quality(&mut file, CompressionType::Best, filter)
                .write_image(picture.as_raw(), picture.width(), picture.height(), image::ExtendedColorType::Rgb8)
                .unwrap();
            file.into_inner()
        })
        .min_by_key(Vec::len)
        .unwrap()
}
