//! From luma and two colours to red, green and blue (ITU-R BT.601 in studio range), rounded as decoders of WebP agree on:
//! sums in parts of 64, of products of fourteen bits below the point that were cut to six.

/// Fills a row of pixels.
pub(super) fn row(samples: &[u8], blue: &[u8], red: &[u8], pixels: &mut [u8]) {
    let samples = samples.iter().zip(blue).zip(red);
    for (pixel, ((&sample, &blue), &red)) in pixels.as_chunks_mut().0.iter_mut().zip(samples) {
        *pixel = offsets(blue, red).map(|offset| ((i32::from(luma(sample)) + offset) >> 6).clamp(0, 255) as u8);
    }
}

/// What luma is for each of red, green and blue: 0 to 19 002.
#[inline]
pub(super) fn luma(sample: u8) -> u16 {
    (((u32::from(sample) << 8) * 19_077) >> 16) as u16
}

/// What the colours add to it: at least -17 685 and at most 15 237.
#[inline]
pub(super) fn offsets(blue: u8, red: u8) -> [i32; 3] {
    [part(red, 26_149) - 14_234, 8_708 - part(blue, 6_419) - part(red, 13_320), part(blue, 33_050) - 17_685]
}

fn part(sample: u8, factor: i32) -> i32 {
    (i32::from(sample) * factor) >> 8
}
