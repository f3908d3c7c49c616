//! The inverse cosine transform with the instructions that every processor of this architecture has: eight numbers of
//! sixteen bits at a time.

use safe_arch::{
    add_i16_m128i, cmp_eq_mask_i16_m128i, m128i, move_mask_i8_m128i, mul_i16_keep_high_m128i, set_splat_i16_m128i,
    shr_imm_i16_m128i, shuffle_ai_f32_all_m128i, sub_i16_m128i, unpack_high_i32_m128i, unpack_high_i64_m128i,
    unpack_low_i16_m128i, unpack_low_i32_m128i, unpack_low_i64_m128i,
};

use super::{COSINE, Residue, SINE};
use crate::decode::webp::tokens::Block;

/// What half of the last division adds to the first column.
const HALF: [i16; 8] = [4, 4, 4, 4, 0, 0, 0, 0];

/// The transform, or nothing where it needs more than sixteen bits.
#[inline]
pub(super) fn inverse(block: &Block) -> Option<Residue> {
    let [upper, lower]: [[i16; 8]; 2] = bytemuck::cast(*block);
    let (upper, lower) = transposed(lines(upper.into(), lower.into()));
    if !(fits(upper) && fits(lower)) {
        return None;
    }
    let (upper, lower) = transposed(lines(add_i16_m128i(upper, HALF.into()), lower));
    let residue = [upper, lower].map(|rows| <[i16; 8]>::from(shr_imm_i16_m128i::<3>(rows)));
    Some(bytemuck::cast(residue))
}

/// Whether all numbers are below 2^13: a line adds up to less than four of its numbers.
#[inline]
fn fits(numbers: m128i) -> bool {
    // All ones or all zeros, and one more than that.
    let signs = shr_imm_i16_m128i::<13>(numbers);
    let above = shr_imm_i16_m128i::<1>(add_i16_m128i(signs, set_splat_i16_m128i(1)));
    move_mask_i8_m128i(cmp_eq_mask_i16_m128i(above, set_splat_i16_m128i(0))) == 0xffff
}

/// Transforms four columns, of which the upper two rows and the lower two are given. The lower two become upside down.
#[inline]
fn lines(upper: m128i, lower: m128i) -> (m128i, m128i) {
    let even = unpack_low_i64_m128i(add_i16_m128i(upper, lower), sub_i16_m128i(upper, lower));
    let odd = unpack_high_i64_m128i(upper, lower);
    let times = |factor: i32| mul_i16_keep_high_m128i(odd, set_splat_i16_m128i(factor as i16));
    let cosine = add_i16_m128i(odd, times(COSINE));
    // The sine has a bit more than a number with a sign: what that leaves out is the number itself.
    let sine = add_i16_m128i(odd, times(SINE - 65_536));
    let sum = add_i16_m128i(cosine, swapped(sine));
    let difference = sub_i16_m128i(sine, swapped(cosine));
    let odd = unpack_low_i64_m128i(sum, difference);
    (add_i16_m128i(even, odd), sub_i16_m128i(even, odd))
}

#[inline]
fn swapped(rows: m128i) -> m128i {
    shuffle_ai_f32_all_m128i::<0b01_00_11_10>(rows)
}

/// Columns for rows, of which the lower two are upside down.
#[inline]
fn transposed((upper, turned): (m128i, m128i)) -> (m128i, m128i) {
    let upper = unpack_low_i16_m128i(upper, unpack_high_i64_m128i(upper, upper));
    let lower = unpack_low_i16_m128i(unpack_high_i64_m128i(turned, turned), turned);
    (unpack_low_i32_m128i(upper, lower), unpack_high_i32_m128i(upper, lower))
}
