//! Linear light: a picture whose samples are proportional to the light they stand for, so that they may be averaged.

use std::sync::LazyLock;

/// Pixels in linear light with sRGB primaries, 16 bits for each sample; 3 channels, or 4 with alpha multiplied in.
#[derive(Debug, Clone)]
pub(crate) struct Linear {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u16>,
}

/// Pixels in sRGB, 8 bits for each sample, alpha not multiplied in.
#[derive(Debug, Clone)]
pub(crate) struct Srgb {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 3 or 4.
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
}

impl Linear {
    /// These pixels as they are stored and shown. Without transparency in any pixel there is no alpha either.
    pub(crate) fn to_srgb(&self) -> Srgb {
        let opaque = self.channels == 3 || self.samples.iter().skip(3).step_by(4).all(|&alpha| alpha >= OPAQUE);
        let channels = if opaque { 3 } else { 4 };
        let mut samples = Vec::with_capacity(self.width as usize * self.height as usize * channels);
        for pixel in self.samples.chunks_exact(self.channels) {
            let alpha = pixel.get(3).copied().unwrap_or(u16::MAX);
            samples.extend(pixel[..3].iter().map(|&light| encode(divide(light, alpha))));
            if !opaque {
                samples.push(eight_bits(alpha));
            }
        }
        Srgb { width: self.width, height: self.height, channels, samples }
    }
}

/// Alpha that rounds to opaque in 8 bits.
const OPAQUE: u16 = 65_407;

/// sRGB (IEC 61966-2-1) of a code value to light, both from 0 to 1.
pub(crate) fn light_of(code: f64) -> f64 {
    if code <= 0.040_45 { code / 12.92 } else { ((code + 0.055) / 1.055).powf(2.4) }
}

/// The 8-bit sRGB code of 16-bit light.
pub(crate) fn encode(light: u16) -> u8 {
    // Between two codes lies the light of the code half-way, which is found 255 times and not 65 536 times.
    static CODES: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut codes = Vec::with_capacity(65_536);
        for code in 0..255_u8 {
            let end = (light_of((f64::from(code) + 0.5) / 255.0) * 65_535.0).ceil() as usize;
            codes.resize(end, code);
        }
        codes.resize(65_536, 255);
        codes
    });
    CODES[usize::from(light)]
}

/// A table from every code of a scale with `codes` steps to 16-bit light, by `curve`.
pub(crate) fn table(codes: usize, curve: impl Fn(f64) -> f64) -> Vec<u16> {
    let top = (codes - 1) as f64;
    (0..codes).map(|code| sixteen_bits(curve(code as f64 / top))).collect()
}

/// 0 to 1 as 16 bits; what lies outside is cut.
pub(crate) fn sixteen_bits(part: f64) -> u16 {
    (part.clamp(0.0, 1.0) * 65_535.0).round() as u16
}

/// `light` times `alpha`, rounded.
pub(crate) fn multiply(light: u16, alpha: u16) -> u16 {
    let product = u32::from(light) * u32::from(alpha) + 0x7fff;
    // Division by 65535 for every product of two 16-bit numbers.
    ((product + (product >> 16) + 1) >> 16) as u16
}

fn divide(light: u16, alpha: u16) -> u16 {
    match alpha {
        u16::MAX => light,
        0 => 0,
        // A resize overshoots at edges, by which light may outgrow its alpha.
        _ => (u32::from(light.min(alpha)) * 65_535 / u32::from(alpha)) as u16,
    }
}

fn eight_bits(sixteen: u16) -> u8 {
    ((u32::from(sixteen) * 255 + 32_767) / 65_535) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bit_codes_survive_the_way_there_and_back() {
        let table = table(256, light_of);
        for code in 0..=255_u8 {
            assert_eq!(encode(table[usize::from(code)]), code);
        }
    }

    #[test]
    fn light_has_the_nearest_code() {
        for light in 0..=u16::MAX {
            let part = f64::from(light) / 65_535.0;
            let exact = if part <= 0.003_130_8 { part * 12.92 } else { 1.055 * part.powf(1.0 / 2.4) - 0.055 };
            assert!((f64::from(encode(light)) - exact * 255.0).abs() < 0.501, "{light}");
        }
    }

    #[test]
    fn multiplication_rounds_to_nearest() {
        for (light, alpha) in
            [(0, 0), (65_535, 65_535), (65_535, 1), (32_768, 32_768), (1, 32_767), (1, 32_768), (60_000, 5)]
        {
            let exact = f64::from(light) * f64::from(alpha) / 65_535.0;
            assert!((f64::from(multiply(light, alpha)) - exact).abs() <= 0.5 + 1e-9, "{light} * {alpha}");
        }
    }

    #[test]
    fn nearly_opaque_is_opaque() {
        let pixel = |alpha| Linear { width: 1, height: 1, channels: 4, samples: vec![100, 100, 100, alpha] }.to_srgb();
        assert_eq!(pixel(OPAQUE).channels, 3);
        assert_eq!(pixel(OPAQUE - 1).channels, 4);
        assert_eq!(pixel(OPAQUE - 1).samples[3], 254);
    }
}
