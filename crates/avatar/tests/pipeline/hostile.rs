//! Files that are broken, huge, lying or not pictures: refused with a sentence, quickly, without a panic.

use std::time::{Duration, Instant};

use image::ImageFormat;
use latchkey_avatar::{Limits, Refusal, derive, preview, probe, render};
use proptest::prelude::*;
use tiff::encoder::{Compression, TiffEncoder, colortype::RGB8};

use crate::picture::{Picture, exif, png_chunk, png_with};
use crate::vp8::{Lossy, chunk};

/// Long enough for a loaded machine and a debug build; what these files ask for takes minutes or gigabytes.
const PATIENCE: Duration = Duration::from_secs(5);

fn refusal(bytes: &[u8]) -> Refusal {
    let start = Instant::now();
    let refusal = render(bytes, None, 64, None, &Limits::SERVICE).unwrap_err();
    assert!(start.elapsed() < PATIENCE, "{refusal:?} took {:?}", start.elapsed());
    refusal
}

fn code(bytes: &[u8]) -> &'static str {
    refusal(bytes).code()
}

/// One small file of each kind.
fn specimens() -> Vec<(&'static str, Vec<u8>)> {
    let photo = Picture::photo(60, 45);
    let alpha = Picture::of(60, 45, |x, y| [x as u8, y as u8, 9, (x * 4) as u8]);
    vec![
        ("PNG", photo.png()),
        ("WebP", photo.encode(ImageFormat::WebP)),
        ("lossy WebP", Lossy { parts: 2, ..Lossy::plain(60, 45) }.file()),
        ("WebP with alpha", alpha.encode(ImageFormat::WebP)),
        ("GIF", photo.encode(ImageFormat::Gif)),
        ("BMP", photo.encode(ImageFormat::Bmp)),
        ("TIFF", photo.encode(ImageFormat::Tiff)),
        ("TIFF with LZW", packed(&photo)),
        ("JPEG", photo.jpeg(|encoder| encoder.add_exif_metadata(&exif(6)).unwrap())),
        ("progressive JPEG", photo.jpeg(|encoder| encoder.set_progressive(true))),
    ]
}

fn packed(photo: &Picture) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes).unwrap().with_compression(Compression::Lzw);
    encoder.write_image::<RGB8>(photo.width, photo.height, &photo.samples).unwrap();
    bytes.into_inner()
}

#[test]
fn cut_files_are_refused_at_every_length() {
    for (name, bytes) in specimens() {
        assert!(render(&bytes, None, 64, None, &Limits::SERVICE).is_ok(), "{name}");
        let step = (bytes.len() / 150).max(1);
        for length in (0..bytes.len()).step_by(step).chain(bytes.len() - 8..bytes.len()) {
            // A bitmap may end in padding, which is not missed.
            let padding = if name == "BMP" { 4 } else { 0 };
            if length + padding < bytes.len() {
                let cut = render(&bytes[..length], None, 64, None, &Limits::SERVICE);
                assert!(cut.is_err(), "{name} cut to {length} of {} bytes was taken", bytes.len());
            }
        }
    }
}

#[test]
fn tiny_files_that_claim_huge_pictures() {
    let header = |width: u32, height: u32| {
        let fields = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
        [
            b"\x89PNG\r\n\x1a\n".as_slice(),
            &png_chunk(*b"IHDR", &fields),
            &png_chunk(*b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]),
            &png_chunk(*b"IEND", &[]),
        ]
        .concat()
    };
    assert_eq!(code(&header(60_000, 60_000)), "too_many_pixels");
    assert_eq!(code(&header(u32::MAX, u32::MAX)), "too_many_pixels");
    assert_eq!(code(&header(0, 100)), "broken");
    assert_eq!(code(&header(100, 0)), "broken");
    assert_eq!(code(&header(15, 100)), "too_small");
    assert_eq!(code(&header(7_000, 7_000)), "broken");

    let mut gif = Picture::photo(60, 45).encode(ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert_eq!(code(&gif), "too_many_pixels");

    let mut bmp = Picture::photo(60, 45).encode(ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
    assert_eq!(code(&bmp), "too_many_pixels");

    for (marker, components) in [(0xc0, 3), (0xc2, 3), (0xc2, 4)] {
        let mut jpeg = vec![0xff, 0xd8, 0xff, marker, 0, 8 + 3 * components, 8, 0xff, 0xff, 0xff, 0xff, components];
        jpeg.extend((0..components).flat_map(|id| [id, 0x11, 0]));
        jpeg.extend([0xff, 0xda, 0, 2, 0xff, 0xd9]);
        assert!(["too_many_pixels", "too_complex"].contains(&code(&jpeg)));
    }

    let mut webp = Picture::of(60, 45, |_, _| [1, 2, 3, 4]).encode(ImageFormat::WebP);
    // The 14 bits of each side follow the signature of a lossless stream.
    let at = webp.windows(4).position(|window| window == b"VP8L").unwrap() + 9;
    webp[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x1f]);
    assert_eq!(code(&webp), "too_many_pixels");
}

#[test]
fn lossy_frames_that_do_not_agree_with_their_file() {
    let lossy = Lossy { parts: 1, ..Lossy::plain(60, 45) };
    let file = lossy.file();
    let at = file.windows(3).position(|window| window == [0x9d, 0x01, 0x2a]).unwrap();
    let with = |place: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[place..place + bytes.len()].copy_from_slice(bytes);
        file
    };
    assert_eq!(code(&with(at + 3, &[0xff, 0x3f, 0xff, 0x3f])), "too_many_pixels");
    assert_eq!(code(&with(at + 3, &[0, 0])), "broken");
    // Larger than there are bits for.
    assert_eq!(code(&with(at + 3, &[0, 2, 0, 2])), "broken");
    // Not a key frame; a version that is none; the first part beyond the end, and without a byte.
    for tag in [[0x11, 1, 0], [0x1e, 1, 0], [0xf0, 0xff, 0xff], [0x10, 0, 0]] {
        assert_eq!(code(&with(at - 3, &tag)), "broken", "{tag:x?}");
    }
    // The part of coefficients beyond the end, and without a byte.
    let first = u32::from_le_bytes([file[at - 3], file[at - 2], file[at - 1], 0]) as usize >> 5;
    for length in [[0xff; 3], [0; 3]] {
        assert_eq!(code(&with(at + 7 + first, &length)), "broken", "{length:x?}");
    }
    // Another size in the extended header.
    assert!(render(&lossy.extended(0, &[]), None, 64, None, &Limits::SERVICE).is_ok());
    let mut other = lossy.extended(0, &[]);
    other[24] += 1;
    assert_eq!(code(&other), "broken");
    // Transparency goes another way, and that way finds nothing in this chunk.
    assert_eq!(code(&lossy.extended(0x10, &chunk(*b"ALPH", &[]))), "broken");
}

#[test]
fn lossy_frames_without_bits_for_their_last_row() {
    let file = Lossy::plain(60, 45).file();
    let is_refused = |&cut: &usize| render(&shortened(&file, cut), None, 64, None, &Limits::SERVICE).is_err();
    // More bits are in it than its coefficients take.
    let least = (0..file.len() - 20).collect::<Vec<_>>().partition_point(is_refused);
    assert!(least < file.len() - 20, "nothing is refused");
    for cut in (0..least).step_by(least / 100) {
        assert_eq!(code(&shortened(&file, cut)), "broken", "{cut} of {least} bytes that count");
    }
}

/// A file with one chunk that says that it ends after `length` bytes, as it does.
fn shortened(file: &[u8], length: usize) -> Vec<u8> {
    let body = chunk(*b"VP8 ", &file[20..20 + length]);
    [&b"RIFF"[..], &(body.len() as u32 + 4).to_le_bytes(), b"WEBP", &body].concat()
}

#[test]
fn chunks_that_inflate_without_end() {
    let zeros = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; 64 << 20], 9);
    assert!(zeros.len() < 100_000);
    let png = Picture::photo(60, 45).png();
    let profile = png_with(&png, &png_chunk(*b"iCCP", &[b"bomb\0\0", zeros.as_slice()].concat()));
    assert_eq!(code(&profile), "broken");
    // Text is not wanted, so it is not inflated and does no harm.
    let text = png_with(&png, &png_chunk(*b"iTXt", &[b"bomb\0\x01\0\0\0", zeros.as_slice()].concat()));
    let text = png_with(&text, &png_chunk(*b"zTXt", &[b"bomb\0\0", zeros.as_slice()].concat()));
    let start = Instant::now();
    assert!(render(&text, None, 64, None, &Limits::SERVICE).is_ok());
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn jpeg_of_countless_scans() {
    let jpeg = Picture::photo(60, 45).jpeg(|encoder| encoder.set_progressive(true));
    // The last scan of the file, repeated.
    let scan = jpeg.windows(2).rposition(|window| window == [0xff, 0xda]).unwrap();
    let end = jpeg.len() - 2;
    let bomb = [&jpeg[..end], &jpeg[scan..end].repeat(20_000), &jpeg[end..]].concat();
    assert_eq!(refusal(&bomb), Refusal::TooComplex);
}

#[test]
fn oversized_profiles_are_refused() {
    let jpeg = Picture::photo(60, 45).jpeg(|encoder| encoder.add_icc_profile(&vec![7; 2 << 20]).unwrap());
    assert_eq!(code(&jpeg), "broken");
    assert!(probe(&jpeg, &Limits::DESKTOP).is_ok());
}

#[test]
fn tiff_that_points_into_nowhere() {
    let tiff = Picture::photo(60, 45).encode(ImageFormat::Tiff);
    for at in 4..tiff.len().min(8) {
        let mut wild = tiff.clone();
        wild[at] = 0xff;
        assert_eq!(code(&wild), "broken");
    }
    let directory = u32::from_le_bytes(tiff[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes(tiff[directory..directory + 2].try_into().unwrap()));
    for entry in 0..count {
        for field in 2..12 {
            let mut wild = tiff.clone();
            wild[directory + 2 + 12 * entry + field] = 0xff;
            let start = Instant::now();
            let _ = render(&wild, None, 64, None, &Limits::SERVICE);
            assert!(start.elapsed() < PATIENCE, "entry {entry}, byte {field}");
        }
    }
    // A directory that is its own successor, and one that claims 65535 entries.
    let mut endless = tiff.clone();
    endless[directory..directory + 2].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(code(&endless), "broken");
}

#[test]
fn other_files_under_a_picture_name() {
    assert_eq!(code(b""), "not_an_image");
    assert_eq!(code(b"PK\x03\x04\x14\0\0\0"), "not_an_image");
    assert_eq!(code(b"<!doctype html><title>x</title>"), "not_an_image");
    assert_eq!(code(b"%PDF-1.7\n"), "not_an_image");
    assert_eq!(code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unsupported_format");
    assert_eq!(code(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "unsupported_format");
    let large = vec![0x89; Limits::SERVICE.bytes + 1];
    assert_eq!(code(&large), "too_large_file");
}

#[test]
fn every_entrance_refuses_alike() {
    let cut = &Picture::photo(60, 45).png()[..500];
    let expected = Refusal::Broken("the data ends early".to_owned());
    assert_eq!(probe(cut, &Limits::SERVICE), Err(expected.clone()));
    assert_eq!(preview(cut, 100, &Limits::SERVICE), Err(expected.clone()));
    assert_eq!(derive(cut, None, &Limits::SERVICE), Err(expected));
}

/// Tight, so that a lucky header does not make a test slow.
const SMALL: Limits = Limits { pixels: 1_000_000, memory: 16 << 20, ..Limits::SERVICE };

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(head in 0..9_usize, tail in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let heads: [&[u8]; 9] = [
            b"", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\x02\0\0\0", b"\xff\xd8\xff\xc0\0\x11\x08\0\x40\0\x40\x03",
            b"RIFF\xff\x00\0\0WEBPVP8L", b"GIF89a\x40\0\x40\0\x80\0\0", b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x40\0\0\0\x40\0\0\0",
            b"RIFF\0\x02\0\0WEBPVP8 \xf4\x01\0\0\x10\x0a\0\x9d\x01\x2a\x40\0\x40\0",
            b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08",
        ];
        let _ = render(&[heads[head], &tail].concat(), None, 64, None, &SMALL);
    }

    #[test]
    fn damaged_files_never_panic(kind in 0..10_usize, damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let (_, mut bytes) = specimens().swap_remove(kind);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = preview(&bytes, 64, &SMALL);
    }
}
