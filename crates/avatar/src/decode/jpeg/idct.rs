//! The inverse cosine transform (ITU-T T.81, A.3.3), to eight samples a side or to four, two or one.
//!
//! A smaller side samples the same cosines at fewer places and leaves out those that would alias, which is the picture
//! at a half, a quarter or an eighth of its size.

/// Coefficients of a block in rows, dequantised and multiplied by [`norm`] of their row and column.
pub(super) type Block = [[f32; 8]; 8];

/// The factor of a coefficient in row or column `index`: half of C(u) of T.81, A.3.3.
pub(super) fn norm(index: usize) -> f32 {
    if index == 0 { std::f32::consts::FRAC_1_SQRT_2 / 2.0 } else { 0.5 }
}

/// Samples of a block with `W` columns and `H` rows. `rows` has a bit for each row of `block` that is not all zero.
pub(super) fn samples<const W: usize, const H: usize>(block: &Block, rows: u8) -> [[u8; W]; H] {
    let mut columns = [[0.0_f32; W]; H];
    for (v, row) in block.iter().enumerate().take(H) {
        if rows & 1 << v != 0 {
            let basis = &Basis::<H>::ROWS[v];
            for (sums, &factor) in columns.iter_mut().zip(basis) {
                for (sum, &coefficient) in sums.iter_mut().zip(row) {
                    *sum += factor * coefficient;
                }
            }
        }
    }
    columns.map(|row| {
        let mut sums = [128.0_f32; W];
        for (&coefficient, basis) in row.iter().zip(&Basis::<W>::ROWS) {
            for (sum, &factor) in sums.iter_mut().zip(basis) {
                *sum += coefficient * factor;
            }
        }
        sums.map(byte)
    })
}

/// The sample of a block that has nothing but its mean.
pub(super) fn flat(block: &Block) -> u8 {
    byte(block[0][0] + 128.0)
}

/// Rounds to nearest. Adding 2^23 leaves the integer in the lowest bits of the float, which vectors do at once.
fn byte(sample: f32) -> u8 {
    (sample.clamp(0.0, 255.0) + 8_388_608.0).to_bits() as u8
}

/// The cosines for `N` samples: for each frequency its value at every place.
struct Basis<const N: usize>;

impl<const N: usize> Basis<N> {
    const ROWS: [[f32; N]; N] = {
        let mut rows = [[0.0; N]; N];
        let mut u = 0;
        while u < N {
            let mut n = 0;
            while n < N {
                rows[u][n] = cosine((2 * n + 1) * u * (8 / N));
                n += 1;
            }
            u += 1;
        }
        rows
    };
}

/// The cosine of a number of sixteenths of pi.
const fn cosine(sixteenths: usize) -> f32 {
    const QUARTER: [f32; 9] = [
        1.0,
        0.980_785_3,
        0.923_879_5,
        0.831_469_6,
        std::f32::consts::FRAC_1_SQRT_2,
        0.555_570_25,
        0.382_683_43,
        0.195_090_32,
        0.0,
    ];
    let turned = sixteenths % 32;
    let mirrored = if turned > 16 { 32 - turned } else { turned };
    if mirrored > 8 { -QUARTER[16 - mirrored] } else { QUARTER[mirrored] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    /// T.81, A.3.3, as it is written there.
    fn definition(coefficients: &[[f64; 8]; 8], x: f64, y: f64) -> f64 {
        let c = |u: usize| if u == 0 { 1.0 / 2.0_f64.sqrt() } else { 1.0 };
        let mut sum = 0.0;
        for (v, row) in coefficients.iter().enumerate() {
            for (u, coefficient) in row.iter().enumerate() {
                let wave = |place: f64, frequency: usize| ((2.0 * place + 1.0) * frequency as f64 * PI / 16.0).cos();
                sum += c(u) * c(v) * coefficient * wave(x, u) * wave(y, v);
            }
        }
        sum / 4.0
    }

    fn block(frequencies: usize) -> ([[f64; 8]; 8], Block) {
        let mut exact = [[0.0; 8]; 8];
        let mut block = [[0.0; 8]; 8];
        for (v, row) in exact.iter_mut().enumerate().take(frequencies) {
            for (u, coefficient) in row.iter_mut().enumerate().take(frequencies) {
                *coefficient = ((u * 37 + v * 59 + 11) % 41) as f64 - 20.0;
                block[v][u] = *coefficient as f32 * norm(u) * norm(v);
            }
        }
        (exact, block)
    }

    #[test]
    fn eight_samples_are_the_definition() {
        let (exact, block) = block(8);
        for (y, row) in samples::<8, 8>(&block, 0xff).iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                let expected = (definition(&exact, x as f64, y as f64) + 128.0).clamp(0.0, 255.0);
                assert!((f64::from(sample) - expected).abs() <= 0.501, "{x}, {y}: {sample} for {expected}");
            }
        }
    }

    #[test]
    fn fewer_samples_lie_between() {
        let (exact, block) = block(4);
        for (y, row) in samples::<4, 4>(&block, 0xff).iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                let expected = definition(&exact, x as f64 * 2.0 + 0.5, y as f64 * 2.0 + 0.5) + 128.0;
                assert!((f64::from(sample) - expected.clamp(0.0, 255.0)).abs() <= 0.501, "{x}, {y}");
            }
        }
        let mean = exact[0][0] / 8.0 + 128.0;
        assert!((f64::from(samples::<1, 1>(&block, 1)[0][0]) - mean).abs() <= 0.501);
        assert!((f64::from(flat(&block)) - mean).abs() <= 0.501);
    }

    #[test]
    fn what_lies_outside_is_cut() {
        let mut block = [[0.0; 8]; 8];
        block[0][0] = 1000.0;
        assert_eq!(flat(&block), 255);
        block[0][0] = -1000.0;
        assert_eq!(samples::<2, 8>(&block, 1), [[0; 2]; 8]);
    }
}
