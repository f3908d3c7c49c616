//! The inverse transforms (RFC 6386, section 14), exact to the bit.

use super::tokens::Block;

/// What is added to four by four predicted samples, row by row.
pub(super) type Residue = [[i16; 4]; 4];

/// The square root of two times the cosine of an eighth of a half turn, less one, in parts of 65 536.
const COSINE: i32 = 20_091;
/// The square root of two times its sine.
const SINE: i32 = 35_468;

/// The inverse cosine transform of four by four coefficients.
#[inline]
pub(super) fn inverse(block: &Block) -> Residue {
    let mut rows = [[0; 4]; 4];
    for column in 0..4 {
        let values = line([0, 4, 8, 12].map(|at| block[at + column]));
        for (row, value) in rows.iter_mut().zip(values) {
            // More than sixteen bits only where no encoder has been.
            row[column] = value as i16;
        }
    }
    rows.map(|row| line(row).map(|value| ((value + 4) >> 3) as i16))
}

#[inline]
fn line(values: [i16; 4]) -> [i32; 4] {
    let [first, second, third, fourth] = values.map(i32::from);
    let even = [first + third, first - third];
    let cosine = |value: i32| value + ((value * COSINE) >> 16);
    let sine = |value: i32| (value * SINE) >> 16;
    let odd = [cosine(second) + sine(fourth), sine(second) - cosine(fourth)];
    [even[0] + odd[0], even[1] + odd[1], even[1] - odd[1], even[0] - odd[0]]
}

/// What a block adds to all of its samples that has no coefficient but its first.
#[inline]
pub(super) fn level(first: i16) -> i16 {
    ((i32::from(first) + 4) >> 3) as i16
}

/// The inverse Walsh-Hadamard transform of the first coefficients of sixteen blocks.
pub(super) fn firsts(block: &Block) -> Block {
    let line = |[first, second, third, fourth]: [i32; 4]| {
        let (outer, inner) = ([first + fourth, first - fourth], [second + third, second - third]);
        [outer[0] + inner[0], outer[1] + inner[1], outer[0] - inner[0], outer[1] - inner[1]]
    };
    let columns = [0, 1, 2, 3].map(|column| line([0, 4, 8, 12].map(|at| i32::from(block[at + column]))));
    let mut result = [0; 16];
    for (row, values) in result.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *values = line(columns.map(|column| column[row])).map(|value| ((value + 3) >> 3) as i16);
    }
    result
}
