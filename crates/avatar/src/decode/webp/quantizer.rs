//! What the steps of coefficients are (RFC 6386, sections 9.6 and 14.1).

use super::bits::Bits;

/// By what coefficients are multiplied: the first of a block, and the others.
pub(super) type Steps = [i32; 2];

/// The steps of the macroblocks of a segment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quantizer {
    pub(super) luma: Steps,
    /// Of the block of first coefficients.
    pub(super) firsts: Steps,
    pub(super) chroma: Steps,
}

/// The indices a frame header gives.
pub(super) struct Indices {
    pub(super) base: i32,
    luma_first: i32,
    firsts: [i32; 2],
    chroma: [i32; 2],
}

impl Indices {
    pub(super) fn read(header: &mut Bits) -> Self {
        let base = header.number(7).cast_signed();
        let mut difference = || header.optional(4);
        let luma_first = difference();
        let firsts = [difference(), difference()];
        Self { base, luma_first, firsts, chroma: [difference(), difference()] }
    }

    /// The steps around `base`.
    pub(super) fn steps(&self, base: i32) -> Quantizer {
        let step = |table: &[i32; 128], difference: i32| table[(base + difference).clamp(0, 127) as usize];
        Quantizer {
            luma: [step(&FIRST, self.luma_first), step(&OTHER, 0)],
            firsts: [2 * step(&FIRST, self.firsts[0]), (step(&OTHER, self.firsts[1]) * 155 / 100).max(8)],
            chroma: [step(&FIRST, self.chroma[0]).min(132), step(&OTHER, self.chroma[1])],
        }
    }
}

const FIRST: [i32; 128] = [
    4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 20, 21, 21, 22, 22, 23, 23, 24, 25, 25, 26,
    27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 46, 47, 48, 49, 50, 51, 52, 53,
    54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 76, 77, 78, 79, 80, 81,
    82, 83, 84, 85, 86, 87, 88, 89, 91, 93, 95, 96, 98, 100, 101, 102, 104, 106, 108, 110, 112, 114, 116, 118, 122,
    124, 126, 128, 130, 132, 134, 136, 138, 140, 143, 145, 148, 151, 154, 157,
];

const OTHER: [i32; 128] = [
    4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
    34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 62, 64, 66,
    68, 70, 72, 74, 76, 78, 80, 82, 84, 86, 88, 90, 92, 94, 96, 98, 100, 102, 104, 106, 108, 110, 112, 114, 116, 119,
    122, 125, 128, 131, 134, 137, 140, 143, 146, 149, 152, 155, 158, 161, 164, 167, 170, 173, 177, 181, 185, 189, 193,
    197, 201, 205, 209, 213, 217, 221, 225, 229, 234, 239, 245, 249, 254, 259, 264, 269, 274, 279, 284,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_their_indices() {
        let indices = Indices { base: 0, luma_first: -3, firsts: [1, 2], chroma: [15, -15] };
        let steps = |base| {
            let Quantizer { luma, firsts, chroma } = indices.steps(base);
            [luma, firsts, chroma]
        };
        assert_eq!(steps(0), [[4, 4], [10, 9], [17, 4]]);
        assert_eq!(steps(60), [[52, 70], [112, 114], [70, 49]]);
        // Beyond the end of the tables, and over the most for the first coefficients of colours.
        assert_eq!(steps(127), [[148, 284], [314, 440], [132, 213]]);
    }
}
