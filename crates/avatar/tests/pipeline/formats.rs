//! Every format in, the same avatar out.

use image::ImageFormat;
use jpeg_encoder::SamplingFactor;
use latchkey_avatar::{Format, Limits, probe};

use crate::outputs::pixels;
use crate::picture::Picture;
use crate::reference::{psnr, reference};

const SIZE: u32 = 96;

/// Asserts that `bytes` are of `format` and come out like the middle of `picture`.
fn agrees(name: &str, bytes: &[u8], format: Format, picture: &Picture, least: f64) {
    let found = probe(bytes, &Limits::SERVICE).unwrap();
    assert_eq!((found.format, found.width, found.height), (format, picture.width, picture.height), "{name}");
    let side = picture.width.min(picture.height);
    let (x, y) = (f64::from(picture.width - side) / 2.0, f64::from(picture.height - side) / 2.0);
    let quality = psnr(&pixels(bytes, SIZE), &reference(picture, x, y, f64::from(side), SIZE));
    assert!(quality >= least, "{name}: {quality:.2} dB, {least} wanted");
}

#[test]
fn lossless_formats_come_out_exact() {
    let photo = Picture::photo(601, 403);
    for (format, written) in [
        (Format::Png, ImageFormat::Png),
        (Format::WebP, ImageFormat::WebP),
        (Format::Bmp, ImageFormat::Bmp),
        (Format::Tiff, ImageFormat::Tiff),
    ] {
        agrees(&format.to_string(), &photo.encode(written), format, &photo, 52.0);
    }
}

#[test]
fn gif_shows_its_first_frame() {
    let flat = Picture::of(300, 200, |x, y| if (x / 40 + y / 30) % 2 == 0 { [250, 20, 30] } else { [10, 90, 200] });
    let rgba = |picture: &Picture| {
        let samples = picture.samples.chunks(3).flat_map(|c| [c[0], c[1], c[2], 255]).collect();
        image::RgbaImage::from_raw(picture.width, picture.height, samples).unwrap()
    };
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        let other = Picture::of(300, 200, |_, _| [0, 0, 0]);
        encoder.encode_frame(image::Frame::new(rgba(&flat))).unwrap();
        encoder.encode_frame(image::Frame::new(rgba(&other))).unwrap();
    }
    assert!(probe(&bytes, &Limits::SERVICE).unwrap().animated);
    agrees("GIF", &bytes, Format::Gif, &flat, 40.0);
}

#[test]
fn sixteen_bit_grey_and_palette_png() {
    let photo = Picture::photo(400, 300);
    let deep: Vec<u8> = photo.samples.iter().flat_map(|&sample| [sample, sample]).collect();
    agrees(
        "16-bit",
        &png_of(&photo, png::ColorType::Rgb, png::BitDepth::Sixteen, None, &deep),
        Format::Png,
        &photo,
        52.0,
    );

    let grey = Picture::of(400, 300, |x, y| [photo.pixel(x, y)[1]; 3]);
    let one: Vec<u8> = grey.samples.iter().step_by(3).copied().collect();
    agrees(
        "grey",
        &png_of(&grey, png::ColorType::Grayscale, png::BitDepth::Eight, None, &one),
        Format::Png,
        &grey,
        52.0,
    );

    let palette: Vec<u8> = (0..=255_u8).flat_map(|index| [index, 255 - index, index / 2]).collect();
    let indexed = Picture::of(400, 300, |x, y| {
        let index = photo.pixel(x, y)[0];
        [index, 255 - index, index / 2]
    });
    let indices: Vec<u8> = photo.samples.iter().step_by(3).copied().collect();
    let bytes = png_of(&photo, png::ColorType::Indexed, png::BitDepth::Eight, Some(palette), &indices);
    agrees("palette", &bytes, Format::Png, &indexed, 52.0);

    let bit = Picture::of(400, 300, |x, y| [if x % 8 < 4 && y > 50 { 255 } else { 0 }; 3]);
    let packed: Vec<u8> = (0..300).flat_map(|y| [if y > 50 { 0xf0 } else { 0 }; 50]).collect();
    agrees(
        "1 bit",
        &png_of(&bit, png::ColorType::Grayscale, png::BitDepth::One, None, &packed),
        Format::Png,
        &bit,
        50.0,
    );
}

fn png_of(
    picture: &Picture,
    colour: png::ColorType,
    depth: png::BitDepth,
    palette: Option<Vec<u8>>,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width, picture.height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    bytes
}

#[test]
fn every_kind_of_jpeg() {
    let photo = Picture::photo(600, 403);
    let grey = Picture::of(600, 403, |x, y| [photo.pixel(x, y)[1]]);
    let grey_seen = Picture::of(600, 403, |x, y| [photo.pixel(x, y)[1]; 3]);
    let kinds = [
        ("4:4:4", photo.jpeg(|_| ()), &photo, 42.0),
        ("4:2:2", photo.jpeg(|e| e.set_sampling_factor(SamplingFactor::R_4_2_2)), &photo, 39.0),
        ("4:4:0", photo.jpeg(|e| e.set_sampling_factor(SamplingFactor::R_4_4_0)), &photo, 39.0),
        ("4:2:0", photo.jpeg(|e| e.set_sampling_factor(SamplingFactor::R_4_2_0)), &photo, 38.0),
        ("restart markers", photo.jpeg(|e| e.set_restart_interval(7)), &photo, 42.0),
        ("optimised tables", photo.jpeg(|e| e.set_optimized_huffman_tables(true)), &photo, 42.0),
        ("progressive", photo.jpeg(|e| e.set_progressive(true)), &photo, 42.0),
        (
            "progressive 4:2:0",
            photo.jpeg(|e| {
                e.set_sampling_factor(SamplingFactor::R_4_2_0);
                e.set_progressive(true);
            }),
            &photo,
            38.0,
        ),
        ("grey", grey.jpeg(|_| ()), &grey_seen, 42.0),
    ];
    for (name, bytes, seen, least) in kinds {
        agrees(name, &bytes, Format::Jpeg, seen, least);
    }
}

#[test]
fn tiff_by_strips_of_every_kind() {
    use tiff::encoder::{Compression, DeflateLevel, TiffEncoder, colortype};
    let photo = Picture::photo(300, 211);
    for (name, compression) in [
        ("uncompressed", Compression::Uncompressed),
        ("LZW", Compression::Lzw),
        ("PackBits", Compression::Packbits),
        ("deflate", Compression::Deflate(DeflateLevel::Fast)),
    ] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(compression);
        let mut image = encoder.new_image::<colortype::RGB8>(300, 211).unwrap();
        image.rows_per_strip(17).unwrap();
        image.write_data(&photo.samples).unwrap();
        agrees(name, bytes.get_ref(), Format::Tiff, &photo, 52.0);
    }
    let deep: Vec<u16> = photo.samples.iter().map(|&sample| u16::from(sample) * 257).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    TiffEncoder::new(&mut bytes).unwrap().write_image::<colortype::RGB16>(300, 211, &deep).unwrap();
    agrees("16-bit", bytes.get_ref(), Format::Tiff, &photo, 52.0);
}
