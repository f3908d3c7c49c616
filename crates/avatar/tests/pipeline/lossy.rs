//! Lossy WebP against another decoder, which has everything at its full size.

use std::io::Cursor;

use image::ImageFormat;
use latchkey_avatar::{Crop, Format, Limits, render};
use proptest::prelude::*;

use crate::outputs::pixels;
use crate::picture::Picture;
use crate::reference::{psnr, reference};
use crate::vp8::Lossy;

fn by_others(bytes: &[u8]) -> Picture {
    let picture = image::ImageReader::with_format(Cursor::new(bytes), ImageFormat::WebP).decode().unwrap().into_rgb8();
    Picture { width: picture.width(), height: picture.height(), channels: 3, samples: picture.into_raw() }
}

/// Asserts that squares from both ends of the picture come out pixel for pixel.
fn is_exact(lossy: &Lossy, bytes: &[u8]) {
    let expected = by_others(bytes);
    let side = expected.width.min(expected.height);
    for (left, top) in [(0, 0), (expected.width - side, expected.height - side)] {
        let crop = Crop { x: left.into(), y: top.into(), side: side.into() };
        let ours = render(bytes, Some(crop), side, Some(Format::Png), &Limits::SERVICE).unwrap();
        let ours = image::load_from_memory(&ours.bytes).unwrap().into_rgb8();
        for (x, y, pixel) in ours.enumerate_pixels() {
            assert_eq!(pixel.0, expected.pixel(left + x, top + y), "{x}, {y} beside {left}, {top} of {lossy:?}");
        }
    }
}

#[test]
fn every_edge_of_a_macroblock_is_exact() {
    for (width, height) in [(16, 16), (17, 33), (31, 16), (16, 47), (48, 32), (129, 65), (65, 130)] {
        for is_simple in [false, true] {
            let lossy = Lossy { is_simple, ..Lossy::plain(width, height) };
            is_exact(&lossy, &lossy.file());
        }
    }
}

#[test]
fn half_of_the_size_is_close() {
    // Both sides odd, so that the last pixels have one column or row of luma.
    for (width, height) in [(301, 401), (401, 301), (303, 303)] {
        let file = Lossy { level: 0, ..Lossy::plain(width, height) }.file();
        let all = by_others(&file);
        let side = all.width.min(all.height);
        let (x, y) = (f64::from(all.width - side) / 2.0, f64::from(all.height - side) / 2.0);
        let quality = psnr(&pixels(&file, 64), &reference(&all, x, y, side.into(), 64));
        assert!(quality >= 50.0, "{width} x {height}: {quality:.1} dB");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_frame_has_comes_out_exact(
        (width, height, seed) in (16..80_u16, 16..80_u16, 1..u64::MAX),
        (parts, quantizer) in (0..4_u32, 0..3_u32),
        (is_simple, level, sharpness, has_differences) in (any::<bool>(), 0..64_u32, 0..8_u32, any::<bool>()),
        segments in any::<Option<bool>>(),
    ) {
        let lossy =
            Lossy { width, height, seed, parts, is_simple, level, sharpness, quantizer, segments, has_differences };
        is_exact(&lossy, &lossy.file());
    }
}
