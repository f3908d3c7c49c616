//! What an avatar should look like: Lanczos3 on linear light in double precision, one output pixel after another,
//! straight from the definitions and sharing nothing with the crate.

use std::f64::consts::PI;

use crate::picture::Picture;

/// Light that has the primaries of sRGB already.
const SAME: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// The square of `side` at `x`, `y` of an RGB picture, at `pixels` x `pixels` pixels.
pub(crate) fn reference(picture: &Picture, x: f64, y: f64, side: f64, pixels: u32) -> Picture {
    reference_of(picture, (x, y, side), pixels, SAME)
}

/// The same of a picture whose light `primaries` turn into that of sRGB.
pub(crate) fn reference_of(
    picture: &Picture,
    (x, y, side): (f64, f64, f64),
    pixels: u32,
    primaries: [[f64; 3]; 3],
) -> Picture {
    assert_eq!(picture.channels, 3);
    let light: Vec<f64> = (0..256).map(|code| to_light(f64::from(code) / 255.0)).collect();
    let columns = taps(x, side, pixels, picture.width);
    let rows = taps(y, side, pixels, picture.height);
    // One row of the source at a time, squeezed to the width that is wanted.
    let squeezed: Vec<[f64; 3]> = (0..picture.height)
        .flat_map(|row| {
            let light = &light;
            columns.iter().map(move |taps| {
                taps.iter().fold([0.0; 3], |sum, &(column, weight)| {
                    let pixel = picture.pixel(column, row);
                    std::array::from_fn(|c| sum[c] + weight * light[usize::from(pixel[c])])
                })
            })
        })
        .collect();
    Picture::of(pixels, pixels, |x, y| {
        let light = rows[y as usize].iter().fold([0.0; 3], |sum, &(row, weight)| {
            let pixel = squeezed[(row * pixels + x) as usize];
            std::array::from_fn(|c: usize| sum[c] + weight * pixel[c])
        });
        let light = primaries.map(|row| row.iter().zip(light).map(|(cell, light)| cell * light).sum::<f64>());
        light.map(|light| crate::picture::byte(to_code(light.clamp(0.0, 1.0))))
    })
}

/// For each output pixel the source pixels it is made of, with weights that sum to one.
fn taps(start: f64, length: f64, size: u32, limit: u32) -> Vec<Vec<(u32, f64)>> {
    let step = length / f64::from(size);
    let stretch = step.max(1.0);
    (0..size)
        .map(|index| {
            let centre = start + (f64::from(index) + 0.5) * step;
            let first = (centre - 3.0 * stretch).floor().max(0.0) as u32;
            let end = ((centre + 3.0 * stretch).ceil() as u32).min(limit);
            let taps: Vec<(u32, f64)> =
                (first..end).map(|at| (at, lanczos3((f64::from(at) + 0.5 - centre) / stretch))).collect();
            let sum: f64 = taps.iter().map(|(_, weight)| weight).sum();
            taps.into_iter().map(|(at, weight)| (at, weight / sum)).collect()
        })
        .collect()
}

fn lanczos3(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        1.0
    } else if x.abs() < 3.0 {
        3.0 * (PI * x).sin() * (PI * x / 3.0).sin() / (PI * x).powi(2)
    } else {
        0.0
    }
}

/// IEC 61966-2-1.
pub(crate) fn to_light(code: f64) -> f64 {
    if code <= 0.04045 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
}

/// IEC 61966-2-1, the other way.
pub(crate) fn to_code(light: f64) -> f64 {
    if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

/// Peak signal-to-noise ratio in decibels; infinite for equal pictures.
pub(crate) fn psnr(picture: &Picture, other: &Picture) -> f64 {
    let shape = |picture: &Picture| (picture.width, picture.height, picture.channels);
    assert_eq!(shape(picture), shape(other));
    let pairs = picture.samples.iter().zip(&other.samples);
    let squares: f64 = pairs.map(|(&one, &two)| f64::from(one.abs_diff(two)).powi(2)).sum();
    10.0 * (255.0_f64.powi(2) * picture.samples.len() as f64 / squares).log10()
}
