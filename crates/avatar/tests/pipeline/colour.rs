//! Colours through profiles, and ink.

use jpeg_encoder::ColorType;
use moxcms::ColorProfile;

use crate::outputs::pixels;
use crate::picture::{Picture, byte};
use crate::reference::{to_code, to_light};

/// Patches of `colours` in columns.
fn patches(colours: &[[u8; 3]]) -> Picture {
    Picture::of(32 * colours.len() as u32, 32 * colours.len() as u32, |x, _| colours[(x / 32) as usize])
}

/// The colour in the middle of each patch.
fn seen(picture: &Picture, count: u32) -> Vec<[u8; 3]> {
    let step = picture.width / count;
    let pixel = |index| picture.pixel(index * step + step / 2, picture.height / 2);
    (0..count).map(|index| pixel(index).first_chunk().copied().unwrap()).collect()
}

fn assert_near(seen: &[[u8; 3]], expected: &[[u8; 3]], tolerance: u8) {
    for (seen, expected) in seen.iter().zip(expected) {
        let near = seen.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= tolerance);
        assert!(near, "{seen:?} instead of {expected:?}");
    }
}

const COLOURS: [[u8; 3]; 4] = [[200, 100, 50], [40, 160, 90], [128, 128, 128], [255, 255, 255]];

/// Display P3 to sRGB by the published matrix (CSS Color 4, section 10.11), computed here.
fn p3_as_srgb([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [r, g, b].map(|code| to_light(f64::from(code) / 255.0));
    [
        1.224_940_2 * r - 0.224_940_2 * g,
        -0.042_056_9 * r + 1.042_056_9 * g,
        -0.019_637_6 * r - 0.078_636_1 * g + 1.098_273_7 * b,
    ]
    .map(|light| byte(to_code(light.clamp(0.0, 1.0))))
}

#[test]
fn display_p3_becomes_srgb() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let expected = COLOURS.map(p3_as_srgb);
    assert_ne!(expected[0], COLOURS[0]);
    let picture = patches(&COLOURS);
    assert_near(&seen(&pixels(&picture.png_with_profile(profile.clone()), 64), 4), &expected, 1);
    let jpeg = picture.jpeg(|encoder| encoder.add_icc_profile(&profile).unwrap());
    assert_near(&seen(&pixels(&jpeg, 64), 4), &expected, 4);
}

#[test]
fn swapped_primaries_swap_the_channels() {
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    std::mem::swap(&mut profile.red_colorant, &mut profile.blue_colorant);
    let png = patches(&COLOURS).png_with_profile(profile.encode().unwrap());
    assert_near(&seen(&pixels(&png, 64), 4), &COLOURS.map(|[r, g, b]| [b, g, r]), 1);
}

#[test]
fn profiles_hold_for_sixteen_bits_and_alpha() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let expected = COLOURS.map(p3_as_srgb);
    let picture = patches(&COLOURS);
    let with_alpha = Picture::of(picture.width, picture.height, |x, y| {
        let colour = picture.pixel(x, y);
        [colour[0], colour[1], colour[2], 255]
    });
    assert_near(&seen(&pixels(&with_alpha.png_with_profile(profile.clone()), 64), 4), &expected, 1);

    let deep: Vec<u8> = picture.samples.iter().flat_map(|&sample| [sample, sample]).collect();
    let mut png = Vec::new();
    let mut info = png::Info::with_size(picture.width, picture.height);
    info.color_type = png::ColorType::Rgb;
    info.bit_depth = png::BitDepth::Sixteen;
    info.icc_profile = Some(profile.into());
    png::Encoder::with_info(&mut png, info).unwrap().write_header().unwrap().write_image_data(&deep).unwrap();
    assert_near(&seen(&pixels(&png, 64), 4), &expected, 1);
}

#[test]
fn grey_profiles_bend_the_curve() {
    let grey = Picture::of(64, 64, |_, _| [128]);
    let png = grey.png_with_profile(ColorProfile::new_gray_with_gamma(1.0).encode().unwrap());
    let expected = byte(to_code(128.0 / 255.0));
    assert_near(&seen(&pixels(&png, 32), 1), &[[expected; 3]], 1);
}

#[test]
fn profiles_that_do_not_fit_are_passed_over() {
    let picture = patches(&COLOURS);
    for profile in [b"not a profile".to_vec(), vec![0; 4096], ColorProfile::new_gray_with_gamma(1.8).encode().unwrap()]
    {
        assert_near(&seen(&pixels(&picture.png_with_profile(profile), 64), 4), &COLOURS, 1);
    }
}

#[test]
fn ink_becomes_light() {
    let inks: [[u8; 4]; 5] = [[0, 0, 0, 0], [255, 0, 0, 0], [0, 255, 255, 0], [0, 0, 0, 255], [0, 128, 64, 64]];
    let expected = inks
        .map(|[c, m, y, k]| [c, m, y].map(|ink| byte((1.0 - f64::from(ink) / 255.0) * (1.0 - f64::from(k) / 255.0))));
    let picture = Picture::of(160, 160, |x, _| inks[(x / 32) as usize]);
    for kind in [ColorType::Cmyk, ColorType::CmykAsYcck] {
        let jpeg = picture.jpeg_of(kind, |_| ());
        assert_near(&seen(&pixels(&jpeg, 80), 5), &expected, 6);
    }
}
