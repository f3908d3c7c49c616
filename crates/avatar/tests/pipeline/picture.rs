//! Pictures made in code, and files of every format made of them.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Interleaved samples of 8 bits.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: usize,
    pub(crate) samples: Vec<u8>,
}

impl Picture {
    /// Something like a photograph: soft light, hard edges, texture and grain, different in every corner.
    pub(crate) fn photo(width: u32, height: u32) -> Self {
        Self::of(width, height, |x, y| {
            let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            let sky = [0.25 + 0.5 * u, 0.35 + 0.4 * v, 0.85 - 0.6 * v];
            let texture = 0.06 * (f64::from(x) * 0.9).sin() * (f64::from(y) * 0.7).cos();
            let grain = (f64::from(hash(x, y) & 0xff) / 255.0 - 0.5) * 0.06;
            let disc = ((u - 0.3).powi(2) + (v - 0.6).powi(2)).sqrt() < 0.2;
            let stripe = (x / 23 + y / 31).is_multiple_of(9);
            let lamp = if disc { [0.3, -0.2, -0.4] } else { [0.0; 3] };
            let beam = if stripe { 0.2 } else { 0.0 };
            std::array::from_fn::<_, 3, _>(|c| byte(sky[c] + lamp[c] + beam + texture + grain))
        })
    }

    /// One pixel after another from `colour`.
    pub(crate) fn of<const CHANNELS: usize>(
        width: u32,
        height: u32,
        colour: impl Fn(u32, u32) -> [u8; CHANNELS],
    ) -> Self {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let samples = pixels.flat_map(|(x, y)| colour(x, y)).collect();
        Self { width, height, channels: CHANNELS, samples }
    }

    pub(crate) fn pixel(&self, x: u32, y: u32) -> &[u8] {
        let at = (y as usize * self.width as usize + x as usize) * self.channels;
        &self.samples[at..at + self.channels]
    }

    fn kind(&self) -> ExtendedColorType {
        match self.channels {
            1 => ExtendedColorType::L8,
            2 => ExtendedColorType::La8,
            3 => ExtendedColorType::Rgb8,
            _ => ExtendedColorType::Rgba8,
        }
    }

    /// A file of any format `image` writes without options: PNG, WebP (lossless), GIF, BMP, TIFF.
    pub(crate) fn encode(&self, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::write_buffer_with_format(&mut bytes, &self.samples, self.width, self.height, self.kind(), format)
            .unwrap();
        bytes.into_inner()
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        self.encode(ImageFormat::Png)
    }

    pub(crate) fn png_with_profile(&self, profile: Vec<u8>) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(profile).unwrap();
        encoder.write_image(&self.samples, self.width, self.height, self.kind()).unwrap();
        bytes
    }

    /// A JPEG of quality 95 without subsampling, as `with` changes it.
    pub(crate) fn jpeg(&self, with: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let kind = match self.channels {
            1 => ColorType::Luma,
            3 => ColorType::Rgb,
            _ => ColorType::Cmyk,
        };
        self.jpeg_of(kind, with)
    }

    pub(crate) fn jpeg_of(&self, kind: ColorType, with: impl FnOnce(&mut Encoder<&mut Vec<u8>>)) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 95);
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
        with(&mut encoder);
        encoder.encode(&self.samples, self.width as u16, self.height as u16, kind).unwrap();
        bytes
    }

    /// The picture stored for an EXIF orientation, so that a reader who follows the tag sees this one.
    pub(crate) fn stored_for(&self, orientation: u32) -> Self {
        let (wide, high) = (self.width, self.height);
        let (width, height) = if orientation >= 5 { (high, wide) } else { (wide, high) };
        let mut stored = Self { width, height, ..self.clone() };
        for y in 0..high {
            for x in 0..wide {
                // Where row 0 and column 0 of the stored picture are seen, tag 0x0112 of Exif 3.0.
                let (column, row) = match orientation {
                    1 => (x, y),
                    2 => (wide - 1 - x, y),
                    3 => (wide - 1 - x, high - 1 - y),
                    4 => (x, high - 1 - y),
                    5 => (y, x),
                    6 => (y, wide - 1 - x),
                    7 => (high - 1 - y, wide - 1 - x),
                    _ => (high - 1 - y, x),
                };
                let at = (row as usize * width as usize + column as usize) * self.channels;
                stored.samples[at..at + self.channels].copy_from_slice(self.pixel(x, y));
            }
        }
        stored
    }
}

/// An EXIF block (a TIFF structure) with a camera's name, the orientation and a GPS position.
pub(crate) fn exif(orientation: u16) -> Vec<u8> {
    let mut block = b"MM\0*\0\0\0\x08".to_vec();
    let [high, low] = orientation.to_be_bytes();
    let entries: [(u16, u16, u32, [u8; 4]); 3] =
        [(0x010f, 2, 12, [0, 0, 0, 50]), (0x0112, 3, 1, [high, low, 0, 0]), (0x8825, 4, 1, [0, 0, 0, 62])];
    block.extend(3_u16.to_be_bytes());
    for (tag, kind, count, value) in entries {
        block.extend(tag.to_be_bytes());
        block.extend(kind.to_be_bytes());
        block.extend(count.to_be_bytes());
        block.extend(value);
    }
    block.extend([0; 4]);
    block.extend(b"SecretCam 1\0");
    // GPS directory: the latitude's reference, which spells out where the person was.
    block.extend(1_u16.to_be_bytes());
    block.extend([0, 29, 0, 2, 0, 0, 0, 11, 0, 0, 0, 80, 0, 0, 0, 0]);
    block.extend(b"2026:11:23\0");
    block
}

/// A PNG chunk with its checksum.
pub(crate) fn png_chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let mut chunk = (body.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(body);
    let checksum = !chunk[4..].iter().fold(u32::MAX, |sum, &byte| {
        (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 })
    });
    chunk.extend(checksum.to_be_bytes());
    chunk
}

/// `png` with `chunk` after its header.
pub(crate) fn png_with(png: &[u8], chunk: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8 + 25;
    [&png[..HEADER], chunk, &png[HEADER..]].concat()
}

pub(crate) fn byte(part: f64) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A number that depends on every bit of both, for grain.
pub(crate) fn hash(x: u32, y: u32) -> u32 {
    let mixed = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x2c1b_3c6d);
    mixed ^ mixed >> 13
}
