//! Hostile files: each asks for far more time or memory than it has bytes, lies about itself, or is no picture.

use image::ImageFormat;
use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::picture::{Picture, png_chunk, png_with};

/// A hostile file.
pub(crate) struct Hostile {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// Whether the header alone says that it is not to be taken.
    pub(crate) at_header: bool,
}

/// The corpus.
pub(crate) fn files() -> Vec<Hostile> {
    let at_header = |name, bytes| Hostile { name, bytes, at_header: true };
    let later = |name, bytes| Hostile { name, bytes, at_header: false };
    let small = Picture::photo(60, 45);
    let jpeg = |marker, components: u8, side: u16, scans: usize| {
        let [high, low] = side.to_be_bytes();
        let mut bytes = vec![0xff, 0xd8, 0xff, marker, 0, 8 + 3 * components, 8, high, low, high, low, components];
        bytes.extend((1..=components).flat_map(|id| [id, 0x11, 0]));
        bytes.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0].repeat(scans));
        bytes.extend([0xff, 0xd9]);
        bytes
    };
    let bomb = compress_to_vec_zlib(&vec![0; 64 << 20], 6);
    let black = zeros(5000, 8);
    vec![
        at_header("PNG of 60 000 x 60 000", png(60_000, 60_000, 6, 0, &[])),
        at_header("GIF of 65 535 x 65 535", {
            let mut gif = small.encode(ImageFormat::Gif);
            gif[6..10].copy_from_slice(&[0xff; 4]);
            gif
        }),
        at_header("BMP of 2^31 x 2^31", {
            let mut bmp = small.encode(ImageFormat::Bmp);
            bmp[18..26].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f]);
            bmp
        }),
        at_header("WebP of 16 384 x 16 384", {
            let mut webp = small.encode(ImageFormat::WebP);
            // The 14 bits of each side follow the signature of a lossless stream.
            let at = webp.windows(4).position(|window| window == b"VP8L").unwrap() + 9;
            webp[at..at + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x0f]);
            webp
        }),
        at_header("JPEG of 65 535 x 65 535", jpeg(0xc0, 3, 0xffff, 1)),
        at_header("progressive JPEG of 49 MP with 50 empty scans", jpeg(0xc2, 3, 7000, 50)),
        at_header("JPEG with 200 000 Huffman tables", {
            let mut table = vec![0xff, 0xc4, 0, 20, 0, 1];
            table.extend([0; 16]);
            let whole = small.jpeg(|_| ());
            [&whole[..2], &table.repeat(200_000), &whole[2..]].concat()
        }),
        at_header("JPEG cut short", {
            let whole = Picture::photo(1200, 900).jpeg(|_| ());
            whole[..whole.len() / 2].to_vec()
        }),
        at_header("PNG with a profile of 64 MiB in 64 kB", {
            png_with(&small.png(), &png_chunk(*b"iCCP", &[b"bomb\0\0", bomb.as_slice()].concat()))
        }),
        at_header("10 MiB and a byte", [small.png(), vec![0; 10 << 20]].concat()),
        at_header("ZIP under the name of a picture", b"PK\x03\x04\x14\0\0\0".to_vec()),
        at_header("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()),
        later("JPEG of 49 MP without data", jpeg(0xc0, 3, 7000, 1)),
        later("progressive JPEG of 12 MP with 49 empty scans", jpeg(0xc2, 4, 3464, 49)),
        later("PNG of 49 MP in 16 bits, interlaced", png(7000, 7000, 6, 1, &[])),
        later("PNG of 25 MP in 16 bits, interlaced, all black", png(5000, 5000, 6, 1, &black)),
        later("PNG of 25 MP in 16 bits, all black", png(5000, 5000, 6, 0, &black)),
        later("TIFF of 60 x 60 in a tile of 2^32 x 60", lzw_tiff(60, 60, (322, u32::MAX), &lzw_zeros(1 << 30))),
        later("TIFF of 49 MP in one strip, LZW, all black", lzw_tiff(7000, 7000, (0, 0), &lzw_zeros(7000 * 7000))),
        later("WebP of 49 MP in 36 bytes", one_colour_webp(7000)),
        later("GIF of 60 x 45 on a canvas of 49 MP", {
            let mut gif = small.encode(ImageFormat::Gif);
            gif[6..10].copy_from_slice(&[0x58, 0x1b, 0x58, 0x1b]);
            gif
        }),
    ]
}

/// A PNG with 16 bits for each sample from its header and its inflated rows.
fn png(width: u32, height: u32, colour: u8, interlace: u8, zlib: &[u8]) -> Vec<u8> {
    let fields = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[16, colour, 0, 0, interlace]].concat();
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &png_chunk(*b"IHDR", &fields),
        &png_chunk(*b"IDAT", zlib),
        &png_chunk(*b"IEND", &[]),
    ]
    .concat()
}

/// Zeros for a picture of `side` by `side` with `bytes` for each pixel, and more for its filters.
fn zeros(side: usize, bytes: usize) -> Vec<u8> {
    compress_to_vec_zlib(&vec![0; side * (side * bytes + 1) + 8 * side], 6)
}

/// A grey TIFF (TIFF 6.0) of one strip, or of one tile with this tag for its width, from its LZW data.
fn lzw_tiff(width: u32, height: u32, (tile, tile_width): (u32, u32), data: &[u8]) -> Vec<u8> {
    const DATA: u32 = 8;
    let length = data.len() as u32;
    let start = [(256, width), (257, height), (258, 8), (259, 5), (262, 1)];
    let strip = [(273, DATA), (278, height), (279, length)];
    let tiled = [(tile, tile_width), (323, height), (324, DATA), (325, length)];
    let entries = [&start[..], if tile == 0 { &strip } else { &tiled }].concat();
    let mut file = [b"II*\0", &(DATA + length).to_le_bytes()[..], data, &(entries.len() as u16).to_le_bytes()].concat();
    for (tag, value) in entries {
        // One value of 32 bits.
        file.extend([tag | 4 << 16, 1, value].map(u32::to_le_bytes).concat());
    }
    file.extend([0; 4]);
    file
}

/// As few LZW codes as stand for so many zeros: each for one more than the one before, until the table is full.
fn lzw_zeros(mut bytes: usize) -> Vec<u8> {
    let (mut data, mut buffer, mut held) = (Vec::new(), 0_u64, 0);
    let mut put = |code: u64, width: u32| {
        buffer = buffer << width | code;
        held += width;
        while held >= 8 {
            held -= 8;
            data.push((buffer >> held) as u8);
        }
    };
    while bytes > 0 {
        put(256, 9);
        put(0, 9);
        for (code, text) in (258..4094).zip(2..) {
            // A width is used up one code early.
            put(code, u64::BITS - (code + 1).leading_zeros());
            bytes = bytes.saturating_sub(text);
        }
        put(256, 12);
    }
    put(257, 9);
    put(0, 9);
    data
}

/// A lossless WebP (RFC 9649, section 3) of `side` by `side` whose five codes have one symbol each, so that no pixel needs a
/// bit.
fn one_colour_webp(side: u32) -> Vec<u8> {
    const ALPHA: u32 = 1 << 28;
    let sides = (side - 1) | (side - 1) << 14 | ALPHA;
    // No transform, no cache, no groups of codes, then five times: simple, one symbol, of one bit, zero.
    let codes = [0x88, 0x88, 0x08];
    let stream = [&[0x2f][..], &sides.to_le_bytes(), &codes, &[0; 8]].concat();
    let length = |bytes: usize| (bytes as u32).to_le_bytes();
    [b"RIFF", &length(12 + stream.len())[..], b"WEBPVP8L", &length(stream.len()), &stream].concat()
}
