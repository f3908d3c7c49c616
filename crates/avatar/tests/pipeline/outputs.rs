//! What comes out: sizes, formats and weight.

use image::GenericImageView;
use latchkey_avatar::{AvatarSet, Encoded, Format, Limits, Refusal, derive, preview, probe, render};

use crate::picture::{Picture, hash};
use crate::reference::{psnr, reference};

/// The pixels of a file this crate wrote.
pub(crate) fn decoded(file: &Encoded) -> Picture {
    let picture = image::load_from_memory(&file.bytes).unwrap();
    assert_eq!(picture.dimensions(), (file.width, file.height));
    let (width, height) = picture.dimensions();
    if picture.color().has_alpha() {
        Picture { width, height, channels: 4, samples: picture.into_rgba8().into_raw() }
    } else {
        Picture { width, height, channels: 3, samples: picture.into_rgb8().into_raw() }
    }
}

/// An avatar as exact pixels.
pub(crate) fn pixels(bytes: &[u8], size: u32) -> Picture {
    decoded(&render(bytes, None, size, Some(Format::Png), &Limits::SERVICE).unwrap())
}

fn translucent(width: u32, height: u32) -> Picture {
    let photo = Picture::photo(width, height);
    Picture::of(width, height, |x, y| {
        let colour = photo.pixel(x, y);
        [colour[0], colour[1], colour[2], if x < width / 2 { 255 } else { (y % 256) as u8 }]
    })
}

#[test]
fn opaque_pictures_become_jpeg_and_translucent_ones_webp() {
    let opaque = render(&Picture::photo(300, 200).png(), None, 64, None, &Limits::SERVICE).unwrap();
    assert_eq!((opaque.media_type, opaque.width, opaque.height), ("image/jpeg", 64, 64));
    assert_eq!(probe(&opaque.bytes, &Limits::SERVICE).unwrap().format, Format::Jpeg);

    let glass = render(&translucent(300, 200).png(), None, 64, None, &Limits::SERVICE).unwrap();
    assert_eq!(glass.media_type, "image/webp");
    assert_eq!(decoded(&glass).channels, 4);

    // An alpha channel in which nothing is transparent is no reason for a heavier file.
    let mut sham = translucent(300, 200);
    sham.samples.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    assert_eq!(render(&sham.png(), None, 64, None, &Limits::SERVICE).unwrap().media_type, "image/jpeg");
}

#[test]
fn asked_formats_are_kept() {
    let photo = Picture::photo(300, 200);
    let bytes = photo.png();
    let ask = |format| render(&bytes, None, 100, Some(format), &Limits::SERVICE);
    let expected = reference(&photo, 50.0, 0.0, 200.0, 100);
    for (format, least) in [(Format::Png, 50.0), (Format::WebP, 50.0), (Format::Jpeg, 34.0)] {
        let file = ask(format).unwrap();
        assert_eq!(file.media_type, format.media_type());
        let quality = psnr(&decoded(&file), &expected);
        assert!(quality > least, "{format}: {quality:.1} dB");
    }
    for format in [Format::Gif, Format::Bmp, Format::Tiff] {
        assert_eq!(ask(format), Err(Refusal::BadOutput));
    }
    let glass = translucent(300, 300).png();
    let flat = render(&glass, None, 64, Some(Format::Jpeg), &Limits::SERVICE).unwrap();
    let corner = decoded(&flat).pixel(63, 0).to_vec();
    assert!(corner.iter().all(|&sample| sample > 240), "transparent is white in a JPEG, not {corner:?}");
}

#[test]
fn noise_stays_below_the_weight_limit() {
    let noise = Picture::of(512, 512, |x, y| hash(x, y).to_le_bytes());
    let file = render(&noise.png(), None, 512, None, &Limits::SERVICE).unwrap();
    assert_eq!(file.media_type, "image/webp");
    assert!(file.bytes.len() <= 200_000, "{} bytes of WebP", file.bytes.len());

    let noise = Picture::of(512, 512, |x, y| {
        hash(x, y).to_le_bytes().map(|byte| byte | 1).first_chunk::<3>().copied().unwrap()
    });
    let file = render(&noise.png(), None, 512, None, &Limits::SERVICE).unwrap();
    assert_eq!(file.media_type, "image/jpeg");
    assert!(file.bytes.len() <= 200_000, "{} bytes of JPEG", file.bytes.len());
}

#[test]
fn three_sizes_agree() {
    let photo = Picture::photo(900, 700);
    let AvatarSet { large, medium, small } = derive(&photo.png(), None, &Limits::SERVICE).unwrap();
    for (file, side) in [(large, 512), (medium, 128), (small, 64)] {
        assert_eq!((file.width, file.height, file.media_type), (side, side, "image/jpeg"));
        let quality = psnr(&decoded(&file), &reference(&photo, 100.0, 0.0, 700.0, side));
        assert!(quality > 33.0, "{side}: {quality:.1} dB");
    }
}

#[test]
fn previews_show_the_whole_picture_and_never_enlarge() {
    let wide = preview(&Picture::photo(900, 301).png(), 450, &Limits::SERVICE).unwrap();
    assert_eq!((wide.media_type, wide.width, wide.height), ("image/jpeg", 450, 151));
    let small = preview(&Picture::photo(90, 60).png(), 450, &Limits::SERVICE).unwrap();
    assert_eq!((small.width, small.height), (90, 60));
    let glass = preview(&translucent(300, 600).png(), 150, &Limits::SERVICE).unwrap();
    assert_eq!((glass.media_type, glass.width, glass.height), ("image/png", 75, 150));
}

#[test]
fn small_pictures_are_enlarged_to_the_exact_size() {
    let photo = Picture::photo(40, 30);
    let large = pixels(&photo.png(), 512);
    assert_eq!((large.width, large.height), (512, 512));
    let quality = psnr(&large, &reference(&photo, 5.0, 0.0, 30.0, 512));
    assert!(quality > 48.0, "{quality:.1} dB");
}

#[test]
fn sizes_outside_the_range_are_refused() {
    let photo = Picture::photo(64, 64).png();
    for size in [0, 15, 2049, u32::MAX] {
        assert_eq!(render(&photo, None, size, None, &Limits::SERVICE), Err(Refusal::BadOutput));
        assert_eq!(preview(&photo, size, &Limits::SERVICE), Err(Refusal::BadOutput));
    }
}
