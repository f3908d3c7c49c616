//! Lossy WebP files made up bit by bit, since nothing here writes them: the fields of a header, and after them bits at
//! random, which are modes and coefficients like any others.

/// What a file is to have.
#[derive(Debug, Clone)]
pub(crate) struct Lossy {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) seed: u64,
    /// Two to the power of this many parts of coefficients, up to three.
    pub(crate) parts: u32,
    pub(crate) is_simple: bool,
    /// Of the smoothing, up to 63.
    pub(crate) level: u32,
    /// Up to seven.
    pub(crate) sharpness: u32,
    /// Up to 127, but from three on random coefficients go over the sixteen bits within which decoders agree. For the same
    /// reason all differences are below zero.
    pub(crate) quantizer: u32,
    /// Whether four kinds of macroblocks have settings of their own: instead of those of the frame, or on top of them.
    pub(crate) segments: Option<bool>,
    /// Whether the kinds of frame and of macroblock change the level.
    pub(crate) has_differences: bool,
}

impl Lossy {
    /// With nothing special.
    pub(crate) fn plain(width: u16, height: u16) -> Self {
        Self {
            width,
            height,
            seed: 1,
            parts: 0,
            is_simple: false,
            level: 20,
            sharpness: 0,
            quantizer: 2,
            segments: None,
            has_differences: false,
        }
    }

    /// The file.
    pub(crate) fn file(&self) -> Vec<u8> {
        let frame = self.frame();
        [&b"RIFF"[..], &length(4 + 8 + frame.len().next_multiple_of(2)), b"WEBP", &chunk(*b"VP8 ", &frame)].concat()
    }

    /// The file in its extended form, with more chunks before the frame, whose flags are `flags`.
    pub(crate) fn extended(&self, flags: u8, chunks: &[u8]) -> Vec<u8> {
        let side = |side: u16| u32::from(side - 1).to_le_bytes();
        let header = [&[flags, 0, 0, 0], &side(self.width)[..3], &side(self.height)[..3]].concat();
        let body = [&b"WEBP"[..], &chunk(*b"VP8X", &header), chunks, &chunk(*b"VP8 ", &self.frame())].concat();
        [&b"RIFF"[..], &length(body.len()), &body].concat()
    }

    fn frame(&self) -> Vec<u8> {
        let mut random = Random(self.seed);
        let macroblocks = usize::from(self.width.div_ceil(16)) * usize::from(self.height.div_ceil(16));
        let mut first = self.header(&mut random);
        first.extend(random.bytes(40 * macroblocks + 400));
        // A key frame that is shown.
        let tag = (first.len() as u32) << 5 | 1 << 4;
        let sides = [self.width.to_le_bytes(), self.height.to_le_bytes()].concat();
        let mut frame = [&tag.to_le_bytes()[..3], &[0x9d, 0x01, 0x2a], &sides, &first].concat();
        let mut parts: Vec<Vec<u8>> = (0..1 << self.parts).map(|_| random.bytes(1200 * macroblocks)).collect();
        // Eight ones are a number beyond the first range, which nobody writes and decoders read differently.
        for part in &mut parts {
            part[0] &= 0x7f;
        }
        for part in &parts[1..] {
            frame.extend(&length(part.len())[..3]);
        }
        frame.extend(parts.concat());
        frame
    }

    /// The fields (RFC 6386, section 19.2) up to the chances of coefficients.
    fn header(&self, random: &mut Random) -> Vec<u8> {
        let mut bits = Writer::default();
        bits.number(0, 2);
        bits.flag(self.segments.is_some());
        if let Some(is_instead) = self.segments {
            // A map and settings.
            bits.number(0b11, 2);
            bits.flag(is_instead);
            for _ in 0..4 {
                bits.optional(random.below(3), !is_instead, 7);
            }
            for _ in 0..4 {
                bits.optional(random.below(64), random.flag(), 6);
            }
            for _ in 0..3 {
                bits.flag(true);
                bits.number(random.below(256), 8);
            }
        }
        bits.flag(self.is_simple);
        bits.number(self.level, 6);
        bits.number(self.sharpness, 3);
        bits.flag(self.has_differences);
        if self.has_differences {
            bits.flag(true);
            for _ in 0..8 {
                bits.optional(random.below(64), random.flag(), 6);
            }
        }
        bits.number(self.parts, 2);
        bits.number(self.quantizer, 7);
        for _ in 0..5 {
            bits.optional(random.below(16), true, 4);
        }
        bits.flag(false);
        bits.finish()
    }
}

fn length(length: usize) -> [u8; 4] {
    (length as u32).to_le_bytes()
}

/// A chunk of a RIFF file, padded.
pub(crate) fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let padding: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [&kind, &length(body.len()), body, padding].concat()
}

/// The counterpart of the arithmetic decoder (RFC 6386, section 7), for bits that may be either.
///
/// What is written is the lower end of the interval that is left: exact, as a number with as many digits as it takes.
struct Writer {
    bytes: Vec<u8>,
    /// Bits of them that count; the interval reaches from there, with eight bits more, `range` far.
    count: usize,
    range: u8,
}

impl Default for Writer {
    fn default() -> Self {
        Self { bytes: vec![0; 2], count: 0, range: 255 }
    }
}

impl Writer {
    fn flag(&mut self, bit: bool) {
        let split = 1 + (self.range - 1) / 2;
        if bit {
            self.add(split);
            self.range -= split;
        } else {
            self.range = split;
        }
        let shift = self.range.leading_zeros();
        self.range <<= shift;
        self.count += shift as usize;
        self.bytes.resize(self.count / 8 + 2, 0);
    }

    /// Adds to the eight bits after those that count.
    fn add(&mut self, number: u8) {
        let at = self.count / 8;
        let last = u16::from_be_bytes([self.bytes[at], self.bytes[at + 1]]);
        let (sum, carry) = last.overflowing_add(u16::from(number) << (8 - self.count % 8));
        self.bytes[at..].copy_from_slice(&sum.to_be_bytes());
        let mut above = self.bytes[..at].iter_mut().rev();
        let mut carries = carry;
        while carries {
            let byte = above.next().unwrap();
            (*byte, carries) = byte.overflowing_add(1);
        }
    }

    fn number(&mut self, number: u32, count: u32) {
        (0..count).rev().for_each(|bit| self.flag(number >> bit & 1 == 1));
    }

    /// A number with its sign, after a flag that says that there is one.
    fn optional(&mut self, number: u32, is_negative: bool, count: u32) {
        self.flag(true);
        self.number(number, count);
        self.flag(is_negative);
    }

    fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Numbers at random (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as u32 % end
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }
}
