//! How like an avatar is to what it should be.

use crate::picture::Picture;
use crate::{SIZE, reference};

/// The centred square of a picture as it should be, in sRGB. `is_wide` says that its colours are those of Display P3.
pub(crate) fn expected(bytes: &[u8], is_wide: bool) -> Picture {
    let picture = decoded(bytes);
    let side = picture.width.min(picture.height);
    let (x, y) = (f64::from(picture.width - side) / 2.0, f64::from(picture.height - side) / 2.0);
    if is_wide {
        reference::reference_of(&picture, (x, y, side.into()), SIZE, P3)
    } else {
        reference::reference(&picture, x, y, side.into(), SIZE)
    }
}

/// PSNR in decibels and SSIM.
pub(crate) fn likeness(png: &[u8], expected: &Picture) -> (f64, f64) {
    let picture = decoded(png);
    (reference::psnr(&picture, expected), ssim(&luma(&picture), &luma(expected)))
}

/// From light with the primaries of Display P3 to light with those of sRGB, both with white at D65 (CSS Color 4, section
/// 18: the product of its two matrices).
const P3: [[f64; 3]; 3] = [
    [1.224_940_176, -0.224_940_176, 0.0],
    [-0.042_056_955, 1.042_056_955, 0.0],
    [-0.019_637_554, -0.078_636_046, 1.098_273_600],
];

fn decoded(bytes: &[u8]) -> Picture {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap();
    reader.no_limits();
    let picture = reader.decode().unwrap().into_rgb8();
    Picture { width: picture.width(), height: picture.height(), channels: 3, samples: picture.into_raw() }
}

/// Luma of ITU-R BT.601.
fn luma(picture: &Picture) -> Vec<f64> {
    let pixels = picture.samples.as_chunks::<3>().0.iter();
    pixels.map(|&[r, g, b]| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)).collect()
}

/// Structural similarity (Wang et al. 2004): windows of 11 by 11 with a Gaussian of 1.5, K1 of 0.01 and K2 of 0.03.
fn ssim(one: &[f64], two: &[f64]) -> f64 {
    let product =
        |one: &[f64], two: &[f64]| blurred(&one.iter().zip(two).map(|(one, two)| one * two).collect::<Vec<_>>());
    let (mean_one, mean_two) = (blurred(one), blurred(two));
    let (square_one, square_two, both) = (product(one, one), product(two, two), product(one, two));
    let (c1, c2) = ((0.01_f64 * 255.0).powi(2), (0.03_f64 * 255.0).powi(2));
    let places = mean_one.len();
    let sum: f64 = (0..places)
        .map(|at| {
            let (m1, m2) = (mean_one[at], mean_two[at]);
            let (v1, v2, v12) = (square_one[at] - m1 * m1, square_two[at] - m2 * m2, both[at] - m1 * m2);
            (2.0 * m1 * m2 + c1) * (2.0 * v12 + c2) / ((m1 * m1 + m2 * m2 + c1) * (v1 + v2 + c2))
        })
        .sum();
    sum / places as f64
}

/// Averages of the windows that lie within the picture.
fn blurred(samples: &[f64]) -> Vec<f64> {
    let weights: Vec<f64> = (-5..=5).map(|at| (-f64::from(at * at) / (2.0 * 1.5 * 1.5)).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let side = SIZE as usize;
    let inner = side + 1 - weights.len();
    let across: Vec<f64> = (0..side * inner)
        .map(|at| {
            let start = at / inner * side + at % inner;
            weights.iter().zip(&samples[start..]).map(|(weight, sample)| weight * sample).sum::<f64>() / sum
        })
        .collect();
    (0..inner * inner)
        .map(|at| {
            weights.iter().zip(across[at..].iter().step_by(inner)).map(|(weight, sample)| weight * sample).sum::<f64>()
                / sum
        })
        .collect()
}
