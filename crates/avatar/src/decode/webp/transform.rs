//! The inverse transforms (RFC 6386, section 14), exact to the bit.

#[cfg(target_arch = "x86_64")]
mod sse2;

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
    #[cfg(target_arch = "x86_64")]
    if let Some(residue) = sse2::inverse(block) {
        return residue;
    }
    inverse_one_by_one(block)
}

/// The same for every block, and on every processor.
fn inverse_one_by_one(block: &Block) -> Residue {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the coefficients: those of encoders, any, and of all sizes in one block.
        #[test]
        fn eight_at_a_time_are_what_one_by_one_are(
            few in proptest::array::uniform16(-2048_i16..2048),
            any in proptest::array::uniform16(any::<i16>()),
            shifts in proptest::array::uniform16(0_u32..16),
        ) {
            let sizes = std::array::from_fn(|at| any[at] >> shifts[at]);
            for block in [few, any, sizes] {
                prop_assert_eq!(inverse(&block), inverse_one_by_one(&block));
            }
        }
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn more_than_sixteen_bits_are_left_to_the_other_way() {
        let block = |value| [value, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        for fits in [0, 8191, -8192] {
            assert!(sse2::inverse(&block(fits)).is_some(), "{fits}");
        }
        for too_large in [8192, -8193, i16::MAX, i16::MIN] {
            assert!(sse2::inverse(&block(too_large)).is_none(), "{too_large}");
        }
        // Small ones that add up.
        assert!(sse2::inverse(&[4000; 16]).is_none());
    }
}
