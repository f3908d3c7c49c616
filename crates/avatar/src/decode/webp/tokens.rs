//! Coefficients (RFC 6386, section 13), which is where most of the time of a picture goes.

#![expect(clippy::inline_always, reason = "see the bits")]

use super::bits::Bits;
use super::chances::{Branches, Places};
use super::quantizer::Steps;

/// The coefficients of four by four samples, row by row.
pub(super) type Block = [i16; 16];

/// Where a coefficient that comes at a place goes.
const ZIGZAG: [u8; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];

/// Reads a block of zeros full, from the place `at` on. Says where it ended, which is `at` where nothing was in it.
///
/// `context` is how many of the blocks above and to the left had something in them.
#[inline(always)]
pub(super) fn read(
    bits: &mut Bits,
    places: &Places,
    context: usize,
    mut at: usize,
    steps: Steps,
    block: &mut Block,
) -> usize {
    let mut chances = &places[at][context];
    let mut step = steps[at.min(1)];
    while at < 16 {
        if !bits.bit(chances[0]) {
            return at;
        }
        while !bits.bit(chances[1]) {
            at += 1;
            if at == 16 {
                return 16;
            }
            chances = &places[at][0];
            step = steps[1];
        }
        let following = &places[at + 1];
        // At most four bits so far: three more are there.
        let magnitude = if bits.bit(chances[2]) {
            let magnitude = large(bits, chances);
            chances = &following[2];
            magnitude
        } else {
            chances = &following[1];
            1
        };
        let sign = bits.sign();
        let value = (magnitude ^ sign) - sign;
        // More than sixteen bits only where no encoder has been.
        block[usize::from(ZIGZAG[at])] = (value * step) as i16;
        step = steps[1];
        at += 1;
    }
    16
}

/// A magnitude of more than one, with the bits that follow its class refilled for, and one more.
#[inline(always)]
fn large(bits: &mut Bits, chances: &Branches) -> i32 {
    if !bits.bit(chances[3]) {
        if !bits.bit(chances[4]) {
            return 2;
        }
        return 3 + i32::from(bits.bit(chances[5]));
    }
    let large = larger(*bits, chances);
    *bits = large.0;
    large.1
}

/// Magnitudes of five and more: a class and what is on top of its least.
#[inline(never)]
fn larger<'a>(mut bits: Bits<'a>, chances: &Branches) -> (Bits<'a>, i32) {
    let (least, extra): (i32, &[u8]) = if !bits.bit(chances[6]) {
        if bits.bit(chances[7]) { (7, &[165, 145]) } else { (5, &[159]) }
    } else if !bits.bit(chances[8]) {
        if bits.bit(chances[9]) { (19, &[176, 155, 140, 135]) } else { (11, &[173, 148, 140]) }
    } else if bits.bit(chances[10]) {
        (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129])
    } else {
        (35, &[180, 157, 141, 134, 130])
    };
    let mut above = 0;
    for &chance in extra {
        above = above << 1 | i32::from(bits.bit(chance));
    }
    (bits, least + above)
}
