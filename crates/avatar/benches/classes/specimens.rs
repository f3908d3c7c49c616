//! The classes of pictures, each as a file that is made here.

use std::fs;
use std::path::Path;
use std::process::Command;

use image::ImageFormat;
use jpeg_encoder::{ColorType, SamplingFactor};

use crate::picture::Picture;

/// A class of pictures.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    /// Name of the file, for programs that go by it.
    pub(crate) file: &'static str,
    /// Makes the file's bytes; the folder is for files on the way.
    pub(crate) make: fn(&Path) -> Vec<u8>,
    /// Whether it is known exactly what its avatar should look like.
    pub(crate) is_comparable: bool,
    pub(crate) has_alpha: bool,
    /// Whether its colours are those of Display P3, as its profile says.
    pub(crate) is_wide: bool,
}

const USUAL: Class =
    Class { name: "", file: "", make: |_| Vec::new(), is_comparable: true, has_alpha: false, is_wide: false };

pub(crate) const CAMERA: &str = "JPEG 24 MP, Display P3";
pub(crate) const LARGE: &str = "JPEG 50 MP";
pub(crate) const PROGRESSIVE: &str = "JPEG 24 MP, progressive";
pub(crate) const PNG: &str = "PNG 12 MP";
pub(crate) const DEEP: &str = "PNG 12 MP, 16 bits";
pub(crate) const WEBP: &str = "WebP 12 MP, lossy";
pub(crate) const TIFF: &str = "TIFF 12 MP";
pub(crate) const LZW: &str = "TIFF 12 MP, LZW";

/// Every class that can be made here: lossy WebP and progressive JPEG as most programs write it are written by `vips`.
pub(crate) fn classes() -> Vec<Class> {
    let mut classes = vec![
        Class {
            name: CAMERA,
            file: "camera.jpg",
            make: |_| {
                let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
                camera(6000, 4000, Some(&profile))
            },
            is_wide: true,
            ..USUAL
        },
        Class { name: "JPEG 24 MP", file: "plain.jpg", make: |_| camera(6000, 4000, None), ..USUAL },
        Class { name: LARGE, file: "large.jpg", make: |_| camera(8660, 5773, None), ..USUAL },
    ];
    let has_vips = Command::new("vips").arg("--version").output().is_ok_and(|output| output.status.success());
    if has_vips {
        classes.push(Class {
            name: PROGRESSIVE,
            file: "progressive.jpg",
            make: |folder| {
                let from = folder.join("baseline.jpg");
                fs::write(&from, camera(6000, 4000, None)).unwrap();
                by_vips(&from, folder, "jpg[Q=90,interlace,subsample_mode=on]")
            },
            ..USUAL
        });
        classes.push(Class {
            name: WEBP,
            file: "lossy.webp",
            make: |folder| {
                let from = folder.join("photo.png");
                fs::write(&from, photo().png()).unwrap();
                by_vips(&from, folder, "webp[Q=90]")
            },
            ..USUAL
        });
    }
    classes.extend([
        Class { name: PNG, file: "photo.png", make: |_| photo().png(), ..USUAL },
        Class { name: DEEP, file: "deep.png", make: |_| deep_png(), ..USUAL },
        Class {
            name: "PNG 12 MP, alpha",
            file: "alpha.png",
            make: |_| alpha_png(),
            is_comparable: false,
            has_alpha: true,
            ..USUAL
        },
        Class {
            name: "WebP 12 MP, lossless",
            file: "lossless.webp",
            make: |_| photo().encode(ImageFormat::WebP),
            ..USUAL
        },
        Class { name: TIFF, file: "photo.tiff", make: |_| photo().encode(ImageFormat::Tiff), ..USUAL },
        Class { name: LZW, file: "lzw.tiff", make: |_| lzw_tiff(), ..USUAL },
        Class { name: "JPEG 12 MP, CMYK", file: "ink.jpg", make: |_| ink(), is_comparable: false, ..USUAL },
        Class { name: "GIF 1 MP", file: "photo.gif", make: |_| gif(), ..USUAL },
    ]);
    classes
}

/// What most telephones take.
fn photo() -> Picture {
    Picture::photo(4000, 3000)
}

fn camera(width: u32, height: u32, profile: Option<&[u8]>) -> Vec<u8> {
    Picture::photo(width, height).jpeg(|encoder| {
        encoder.set_quality(90);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        if let Some(profile) = profile {
            encoder.add_icc_profile(profile).unwrap();
        }
    })
}

/// `from` written anew; `kind` is an extension with options.
fn by_vips(from: &Path, folder: &Path, kind: &str) -> Vec<u8> {
    let to = folder.join("by-vips");
    let status = Command::new("vips").arg("copy").arg(from).arg(format!("{}.{kind}", to.display())).status().unwrap();
    assert!(status.success(), "vips did not write {kind}");
    fs::read(to.with_extension(kind.split('[').next().unwrap_or_default())).unwrap()
}

fn deep_png() -> Vec<u8> {
    let photo = photo();
    let deep: Vec<u16> = photo.samples.iter().map(|&sample| u16::from(sample) * 257).collect();
    let deep = image::ImageBuffer::<image::Rgb<u16>, _>::from_raw(photo.width, photo.height, deep).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    deep.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn alpha_png() -> Vec<u8> {
    let photo = photo();
    Picture::of(photo.width, photo.height, |x, y| {
        let pixel = photo.pixel(x, y);
        [pixel[0], pixel[1], pixel[2], (x * 255 / photo.width) as u8]
    })
    .png()
}

fn ink() -> Vec<u8> {
    let photo = photo();
    let ink = Picture::of(photo.width, photo.height, |x, y| {
        let colour = photo.pixel(x, y);
        [255 - colour[0], 255 - colour[1], 255 - colour[2], 20]
    });
    ink.jpeg_of(ColorType::Cmyk, |_| ())
}

fn lzw_tiff() -> Vec<u8> {
    use tiff::encoder::{Compression, TiffEncoder, colortype::RGB8};
    let photo = photo();
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(Compression::Lzw);
    encoder.write_image::<RGB8>(photo.width, photo.height, &photo.samples).unwrap();
    bytes.into_inner()
}

fn gif() -> Vec<u8> {
    Picture::photo(1200, 900).encode(ImageFormat::Gif)
}
