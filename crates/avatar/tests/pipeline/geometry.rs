//! Crops, orientations, and light.

use latchkey_avatar::{Crop, Format, Limits, Refusal, probe, render};

use crate::outputs::{decoded, pixels};
use crate::picture::{Picture, exif, png_chunk, png_with};
use crate::reference::{psnr, reference};

fn cropped(bytes: &[u8], crop: Crop, size: u32) -> Picture {
    decoded(&render(bytes, Some(crop), size, Some(Format::Png), &Limits::SERVICE).unwrap())
}

#[test]
fn every_orientation_is_shown_upright_and_cropped_where_it_was_seen() {
    let photo = Picture::photo(240, 162);
    let crop = Crop { x: 61.25, y: 17.5, side: 120.75 };
    let expected = reference(&photo, crop.x, crop.y, crop.side, 64);
    for orientation in 1..=8_u16 {
        let stored = photo.stored_for(orientation.into());
        let png = png_with(&stored.png(), &png_chunk(*b"eXIf", &exif(orientation)));
        let jpeg = stored.jpeg(|encoder| encoder.add_exif_metadata(&exif(orientation)).unwrap());
        for (name, bytes, least) in [("PNG", png, 50.0), ("JPEG", jpeg, 38.0)] {
            let seen = probe(&bytes, &Limits::SERVICE).unwrap();
            assert_eq!((seen.width, seen.height), (240, 162), "{name} {orientation}");
            let quality = psnr(&cropped(&bytes, crop, 64), &expected);
            assert!(quality > least, "{name} {orientation}: {quality:.1} dB");
        }
    }
}

#[test]
fn fractions_of_a_crop_count() {
    let photo = Picture::photo(200, 200);
    let bytes = photo.png();
    let crop = Crop { x: 20.4, y: 31.6, side: 100.8 };
    let seen = cropped(&bytes, crop, 64);
    let exact = psnr(&seen, &reference(&photo, crop.x, crop.y, crop.side, 64));
    let blunt = psnr(&seen, &reference(&photo, 20.0, 32.0, 101.0, 64));
    assert!(exact > 50.0, "{exact:.1} dB");
    assert!(exact > blunt + 8.0, "{exact:.1} dB with the fraction, {blunt:.1} dB without");
}

#[test]
fn crops_outside_the_picture_are_refused() {
    let bytes = Picture::photo(100, 80).png();
    let refused = |x, y, side| render(&bytes, Some(Crop { x, y, side }), 64, None, &Limits::SERVICE).unwrap_err();
    assert_eq!(refused(0.0, 0.0, 81.0), Refusal::BadCrop);
    assert_eq!(refused(21.0, 0.0, 80.0), Refusal::BadCrop);
    assert_eq!(refused(0.0, 0.0, 8.0), Refusal::BadCrop);
    assert_eq!(refused(f64::NAN, 0.0, 50.0), Refusal::BadCrop);
    // Turned by EXIF, the picture is 80 wide and 100 high.
    let turned = png_with(&bytes, &png_chunk(*b"eXIf", &exif(6)));
    let crop = Crop { x: 0.0, y: 20.0, side: 80.0 };
    assert!(render(&turned, Some(crop), 64, None, &Limits::SERVICE).is_ok());
    assert_eq!(render(&bytes, Some(crop), 64, None, &Limits::SERVICE), Err(Refusal::BadCrop));
}

/// A checkerboard of single pixels gives half the light, which is code 188, where averaging codes gives 128.
#[test]
fn averages_light_and_not_codes() {
    let board = Picture::of(512, 512, |x, y| [if (x + y) % 2 == 0 { 255 } else { 0 }; 3]);
    for bytes in [board.png(), board.encode(image::ImageFormat::WebP), board.encode(image::ImageFormat::Tiff)] {
        let grey = pixels(&bytes, 64);
        assert!(grey.samples.iter().all(|&sample| sample.abs_diff(188) <= 1), "{:?}", &grey.samples[..12]);
    }
}

/// Transparent pixels have a colour in the file and none on the screen.
#[test]
fn hidden_colours_do_not_bleed() {
    let board = Picture::of(256, 256, |x, y| if (x + y) % 2 == 0 { [200, 40, 20, 255] } else { [0, 255, 0, 0] });
    let seen = pixels(&board.png(), 64);
    for pixel in seen.samples.chunks(4) {
        assert!(pixel[0].abs_diff(200) <= 1 && pixel[1].abs_diff(40) <= 1 && pixel[2].abs_diff(20) <= 1, "{pixel:?}");
        assert!(pixel[3].abs_diff(128) <= 1, "{pixel:?}");
    }
}
