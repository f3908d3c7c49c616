//! The square a person cuts out of a picture.

use crate::{Refusal, SMALLEST_SIDE};

/// A square in displayed pixels: `x` to the right and `y` down from the top left corner of the upright picture.
///
/// Fractions count: a crop dialog that zooms hardly ever lands on whole pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crop {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Length of a side.
    pub side: f64,
}

/// How far, in pixels, a crop may stick out of the picture before it is refused: rounding on its way through a user
/// interface, no more.
const SLACK: f64 = 0.5;

impl Crop {
    /// The largest square in the middle of a picture: what is taken where nobody chose.
    #[must_use]
    pub fn centred(width: u32, height: u32) -> Self {
        let side = f64::from(width.min(height));
        Self { x: (f64::from(width) - side) / 2.0, y: (f64::from(height) - side) / 2.0, side }
    }

    /// This crop inside a picture of `width` x `height`, pulled in by at most half a pixel.
    pub(crate) fn within(self, width: u32, height: u32) -> Result<Self, Refusal> {
        let (width, height) = (f64::from(width), f64::from(height));
        // Written so that NaN fails every one.
        let fits = self.x >= -SLACK
            && self.y >= -SLACK
            && self.side >= f64::from(SMALLEST_SIDE) - SLACK
            && self.x + self.side <= width + SLACK
            && self.y + self.side <= height + SLACK;
        if !fits {
            return Err(Refusal::BadCrop);
        }
        let side = self.side.min(width).min(height);
        Ok(Self { x: self.x.clamp(0.0, width - side), y: self.y.clamp(0.0, height - side), side })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_centred_square() {
        assert_eq!(Crop::centred(300, 201), Crop { x: 49.5, y: 0.0, side: 201.0 });
    }

    #[test]
    fn rounding_is_pulled_in_and_more_is_refused() {
        let crop = Crop { x: -1e-9, y: 100.0 + 1e-9, side: 100.0 }.within(200, 200);
        assert_eq!(crop, Ok(Crop { x: 0.0, y: 100.0, side: 100.0 }));
        for (x, y, side) in [
            (-1.0, 0.0, 50.0),
            (0.0, 151.0, 50.0),
            (0.0, 0.0, 201.0),
            (0.0, 0.0, 5.0),
            (0.0, 0.0, -50.0),
            (f64::NAN, 0.0, 50.0),
            (0.0, 0.0, f64::NAN),
            (0.0, f64::INFINITY, 50.0),
        ] {
            assert_eq!(Crop { x, y, side }.within(200, 200), Err(Refusal::BadCrop), "{x} {y} {side}");
        }
    }
}
