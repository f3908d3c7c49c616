//! Near-lossless: fewer distinct values, so that a lossless coder has less to write.

use crate::Refusal;
use crate::light::{Linear, Srgb};
use crate::region::Region;
use crate::resize::resize;

/// The most bits that are taken from a sample before steps are what one sees.
pub(super) const MOST: u32 = 4;

/// The picture with `bits` fewer bits in each sample, except in smooth parts, where steps would show as bands.
///
/// What smooth means grows with the bits: a sample that differs from its neighbours by less than a step is kept, until
/// from four bits on even those go.
pub(super) fn thinned(picture: &Srgb, bits: u32) -> Srgb {
    let mut thin = picture.clone();
    if bits == 0 {
        return thin;
    }
    let (channels, wide) = (picture.channels, picture.width as usize * picture.channels);
    for (index, sample) in thin.samples.iter_mut().enumerate() {
        let neighbours = [
            index.checked_sub(channels).filter(|_| index % wide >= channels),
            Some(index + channels).filter(|next| next % wide >= channels),
            index.checked_sub(wide),
            Some(index + wide),
        ];
        let here = picture.samples[index];
        let smooth = bits < 4
            && neighbours
                .into_iter()
                .flatten()
                .filter_map(|at| picture.samples.get(at))
                .all(|there| there.abs_diff(here) < 1 << bits);
        if !smooth {
            *sample = coarse(here, bits);
        }
    }
    thin
}

/// The picture in squares of one colour with sides of `block` pixels: a `block * block`th of what there is to write.
pub(super) fn blocks(light: &Linear, block: u32) -> Result<Srgb, Refusal> {
    let whole = Region { x: 0.0, y: 0.0, width: light.width.into(), height: light.height.into() };
    let (wide, high) = (light.width.div_ceil(block), light.height.div_ceil(block));
    let small = resize(light, whole, wide, high)?.to_srgb();
    let at = |x: u32, y: u32| ((y / block * wide + x / block) as usize) * small.channels;
    let pixels = (0..light.height).flat_map(|y| (0..light.width).map(move |x| at(x, y)));
    let samples = pixels.flat_map(|at| small.samples[at..at + small.channels].iter().copied()).collect();
    Ok(Srgb { width: light.width, height: light.height, channels: small.channels, samples })
}

/// The nearest value that needs `bits` fewer bits; 0 and 255 stay.
fn coarse(sample: u8, bits: u32) -> u8 {
    let steps = 255_u32 >> bits;
    let step = (u32::from(sample) * steps + 127) / 255;
    ((step * 255 + steps / 2) / steps) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_scale_stay() {
        for bits in 1..=MOST {
            assert_eq!(coarse(0, bits), 0);
            assert_eq!(coarse(255, bits), 255);
            let values: std::collections::BTreeSet<u8> = (0..=255).map(|sample| coarse(sample, bits)).collect();
            assert_eq!(values.len(), 256 >> bits);
        }
    }

    #[test]
    fn gradients_are_kept_and_noise_is_not() {
        let gradient: Vec<u8> = (0..64).flat_map(|_| (0..64_u8).flat_map(|x| [x, x, x, 200])).collect();
        let picture = Srgb { width: 64, height: 64, channels: 4, samples: gradient };
        assert_eq!(thinned(&picture, 3).samples, picture.samples);
        let noise: Vec<u8> = (0..64 * 64 * 4_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let picture = Srgb { samples: noise, ..picture };
        let values: std::collections::BTreeSet<u8> = thinned(&picture, 3).samples.into_iter().collect();
        assert!(values.len() < 64, "{} values left", values.len());
    }
}
