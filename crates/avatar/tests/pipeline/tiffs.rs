//! TIFF files of every shape: what LZW made smaller comes out as what is stored as it is.

use latchkey_avatar::{Format, Limits, Refusal, render};
use weezl::{BitOrder, encode::Encoder};

const LZW: u16 = 5;

/// A file of one picture, whose samples are made up.
#[derive(Clone, Copy, Debug)]
struct Shape {
    width: u32,
    height: u32,
    channels: u16,
    bits: u16,
    compression: u16,
    predictor: u16,
    photometric: u16,
    is_planar: bool,
    is_big_endian: bool,
    /// Width and height of a tile; width 0: rows of a strip.
    chunk: (u32, u32),
}

impl Shape {
    const PLAIN: Self = Self {
        width: 83,
        height: 61,
        channels: 3,
        bits: 8,
        compression: 1,
        predictor: 1,
        photometric: 2,
        is_planar: false,
        is_big_endian: false,
        chunk: (0, 13),
    };

    fn sample(&self, x: u32, y: u32, channel: u16) -> u16 {
        let [x, y, channel] = [x, y, channel.into()].map(f64::from);
        let wave = (x * 0.13 + channel).sin() * (y * 0.09 - channel).cos() * 0.5 + 0.5;
        let most = f64::from(u16::MAX >> (16 - self.bits));
        (wave * most).round() as u16
    }

    fn bytes<const N: usize>(&self, little: [u8; N]) -> [u8; N] {
        let mut bytes = little;
        if self.is_big_endian {
            bytes.reverse();
        }
        bytes
    }

    /// The channels `from..to` of a strip or a tile.
    fn chunk(&self, left: u32, top: u32, (from, to): (u16, u16)) -> Vec<u8> {
        let (wide, high) = match self.chunk {
            (0, high) => (self.width, high.min(self.height - top)),
            tile => tile,
        };
        let mut bytes = Vec::new();
        for y in top..top + high {
            let row: Vec<u16> =
                (left..left + wide).flat_map(|x| (from..to).map(move |channel| self.sample(x, y, channel))).collect();
            for (index, sample) in row.iter().enumerate() {
                let before = index.checked_sub((to - from).into()).map_or(0, |at| row[at]);
                let stored = if self.predictor == 2 { sample.wrapping_sub(before) } else { *sample };
                match self.bits {
                    8 => bytes.push(stored as u8),
                    _ => bytes.extend(self.bytes(stored.to_le_bytes())),
                }
            }
        }
        if self.compression == LZW {
            return Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(&bytes).unwrap();
        }
        bytes
    }

    fn chunks(&self) -> Vec<Vec<u8>> {
        let (wide, high) = (if self.chunk.0 == 0 { self.width } else { self.chunk.0 }, self.chunk.1);
        let planes = if self.is_planar { self.channels } else { 1 };
        let mut chunks = Vec::new();
        for plane in 0..planes {
            let channels = if self.is_planar { (plane, plane + 1) } else { (0, self.channels) };
            for top in (0..self.height).step_by(high as usize) {
                for left in (0..self.width).step_by(wide as usize) {
                    chunks.push(self.chunk(left, top, channels));
                }
            }
        }
        chunks
    }

    fn file(&self) -> Vec<u8> {
        self.file_of(&self.chunks())
    }

    fn file_of(&self, chunks: &[Vec<u8>]) -> Vec<u8> {
        let start: &[u8] = if self.is_big_endian { b"MM" } else { b"II" };
        let mut file = [start, &self.bytes(42_u16.to_le_bytes()), &[0; 4]].concat();
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        for chunk in chunks {
            offsets.push(file.len() as u32);
            lengths.push(chunk.len() as u32);
            file.extend_from_slice(chunk);
        }
        let short = |value: u16| vec![u32::from(value)];
        let mut entries = vec![
            (256, 4, vec![self.width]),
            (257, 4, vec![self.height]),
            (258, 3, vec![self.bits.into(); self.channels.into()]),
            (259, 3, short(self.compression)),
            (262, 3, short(self.photometric)),
        ];
        let is_tiled = self.chunk.0 > 0;
        if !is_tiled {
            entries.push((273, 4, offsets.clone()));
        }
        entries.push((277, 3, short(self.channels)));
        if !is_tiled {
            entries.extend([(278, 4, vec![self.chunk.1]), (279, 4, lengths.clone())]);
        }
        entries.extend([(284, 3, short(1 + u16::from(self.is_planar))), (317, 3, short(self.predictor))]);
        if is_tiled {
            entries.extend([
                (322, 4, vec![self.chunk.0]),
                (323, 4, vec![self.chunk.1]),
                (324, 4, offsets),
                (325, 4, lengths),
            ]);
        }
        if self.channels == 4 && self.photometric == 2 {
            entries.push((338, 3, short(2)));
        }
        self.with_directory(file, &entries)
    }

    fn with_directory(&self, mut file: Vec<u8>, entries: &[(u16, u16, Vec<u32>)]) -> Vec<u8> {
        let mut directory = self.bytes((entries.len() as u16).to_le_bytes()).to_vec();
        for (tag, kind, values) in entries {
            let mut stored: Vec<u8> = match kind {
                3 => values.iter().flat_map(|&value| self.bytes((value as u16).to_le_bytes())).collect(),
                _ => values.iter().flat_map(|&value| self.bytes(value.to_le_bytes())).collect(),
            };
            if stored.len() > 4 {
                let at = file.len() as u32;
                file.extend_from_slice(&stored);
                stored = self.bytes(at.to_le_bytes()).to_vec();
            }
            stored.resize(4, 0);
            directory.extend(self.bytes(tag.to_le_bytes()));
            directory.extend(self.bytes(kind.to_le_bytes()));
            directory.extend(self.bytes((values.len() as u32).to_le_bytes()));
            directory.extend(stored);
        }
        let at = self.bytes((file.len() as u32).to_le_bytes());
        file[4..8].copy_from_slice(&at);
        file.extend(directory);
        file.extend([0; 4]);
        file
    }
}

/// Every sample: as large as it is, and with transparency.
fn shown(file: &[u8]) -> Result<Vec<u8>, Refusal> {
    render(file, None, 61, Some(Format::Png), &Limits::SERVICE).map(|avatar| avatar.bytes)
}

#[test]
fn lzw_of_every_shape_comes_out_as_what_is_stored_as_it_is() {
    let mut shapes = Vec::new();
    for (channels, photometric) in [(1, 1), (1, 0), (3, 2), (4, 2), (4, 5)] {
        for bits in [8, 16] {
            for chunk in [(0, 13), (0, 1000), (16, 32), (48, 16), (128, 64), (128, 16)] {
                for (is_planar, is_big_endian) in [(false, false), (false, true), (true, false), (true, true)] {
                    let shape = Shape { channels, bits, photometric, is_planar, is_big_endian, chunk, ..Shape::PLAIN };
                    shapes.push(shape);
                }
            }
        }
    }
    for plain in shapes {
        let expected = shown(&plain.file()).unwrap_or_else(|refusal| panic!("{plain:?}: {refusal:?}"));
        for predictor in [1, 2] {
            let packed = Shape { compression: LZW, predictor, ..plain };
            assert!(shown(&packed.file()).as_ref() == Ok(&expected), "{packed:?}");
        }
    }
}

#[test]
fn strips_that_are_damaged_cut_or_elsewhere_are_refused() {
    for chunk in [(0, 13), (48, 16)] {
        let shape = Shape { compression: LZW, chunk, ..Shape::PLAIN };
        let whole = shape.chunks();
        assert!(shown(&shape.file_of(&whole)).is_ok());
        let broken = |damage: &dyn Fn(&mut Vec<u8>)| {
            let mut chunks = whole.clone();
            damage(&mut chunks[1]);
            shown(&shape.file_of(&chunks)).unwrap_err().code()
        };
        assert_eq!(broken(&|data| data.truncate(data.len() / 2)), "broken");
        assert_eq!(broken(&Vec::clear), "broken");
        assert_eq!(broken(&|data| data[0] = 0), "broken", "no clear code");
        // The second code stands for nothing yet.
        assert_eq!(broken(&|data| data[2..4].fill(0xff)), "broken");
        let file = shape.file_of(&whole);
        let (offsets, lengths) = if chunk.0 == 0 { (273_u16, 279_u16) } else { (324, 325) };
        let place = |tag: u16| {
            let entry = [&tag.to_le_bytes()[..], &4_u16.to_le_bytes()].concat();
            let entry = file.windows(4).rposition(|window| window == entry).unwrap();
            u32::from_le_bytes(file[entry + 8..entry + 12].try_into().unwrap()) as usize
        };
        for (tag, value) in [(offsets, u32::MAX), (offsets, file.len() as u32), (lengths, u32::MAX), (lengths, 0)] {
            let mut wild = file.clone();
            wild[place(tag)..place(tag) + 4].copy_from_slice(&value.to_le_bytes());
            assert_eq!(shown(&wild).unwrap_err().code(), "broken", "{tag} is {value}");
        }
    }
}

#[test]
fn tiles_far_wider_than_the_picture_are_refused() {
    for (compression, predictor) in [(1, 1), (LZW, 1), (LZW, 2)] {
        let shape = Shape { compression, predictor, ..Shape::PLAIN };
        let chunks = Shape { chunk: (128, 16), ..shape }.chunks();
        for wide in [1 << 20, u32::MAX] {
            let file = Shape { chunk: (wide, 16), ..shape }.file_of(&chunks);
            assert_eq!(shown(&file), Err(Refusal::TooComplex), "{wide}");
        }
    }
}
