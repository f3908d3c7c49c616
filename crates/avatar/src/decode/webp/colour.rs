//! From luma and two colours to red, green and blue (ITU-R BT.601 in studio range), rounded as decoders of WebP agree on.

/// Fills a row of pixels.
pub(super) fn row(luma: &[u8], blue: &[u8], red: &[u8], pixels: &mut [u8]) {
    let samples = luma.iter().zip(blue).zip(red);
    for (pixel, ((&luma, &blue), &red)) in pixels.as_chunks_mut().0.iter_mut().zip(samples) {
        *pixel = rgb(luma, blue, red);
    }
}

/// In parts of 64, after products of fourteen bits below the point were cut to six.
fn rgb(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    let part = |sample: u8, factor: i32| (i32::from(sample) * factor) >> 8;
    let luma = part(luma, 19_077);
    [
        luma + part(red, 26_149) - 14_234,
        luma - part(blue, 6_419) - part(red, 13_320) + 8_708,
        luma + part(blue, 33_050) - 17_685,
    ]
    .map(|sum| (sum >> 6).clamp(0, 255) as u8)
}
