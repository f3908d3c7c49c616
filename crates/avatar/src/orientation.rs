//! The eight EXIF orientations (tag 0x0112, Exif 3.0 section 4.6.5) and what they do to places and pixels.

use crate::region::Region;

/// How the stored rows and columns have to be moved to stand upright: swap the axes, then mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Orientation {
    /// Rows become columns.
    pub(crate) swaps_axes: bool,
    /// Left and right change places, after the swap.
    mirrors_x: bool,
    /// Top and bottom change places, after the swap.
    mirrors_y: bool,
}

impl Orientation {
    /// The orientation of a tag's value; `None` where the value is none of the eight.
    pub(crate) fn from_exif(value: u32) -> Option<Self> {
        let (swaps_axes, mirrors_x, mirrors_y) = match value {
            1 => (false, false, false),
            2 => (false, true, false),
            3 => (false, true, true),
            4 => (false, false, true),
            5 => (true, false, false),
            6 => (true, true, false),
            7 => (true, true, true),
            8 => (true, false, true),
            _ => return None,
        };
        Some(Self { swaps_axes, mirrors_x, mirrors_y })
    }

    /// Width and height as displayed of a picture stored as `width` x `height`, and the other way round.
    pub(crate) fn turn<T>(self, width: T, height: T) -> (T, T) {
        if self.swaps_axes { (height, width) } else { (width, height) }
    }

    /// Where a region of the displayed picture lies in the stored one, whose size is `width` x `height`.
    pub(crate) fn to_stored(self, region: Region, width: u32, height: u32) -> Region {
        let (displayed_width, displayed_height) = self.turn(f64::from(width), f64::from(height));
        let x = if self.mirrors_x { displayed_width - region.x - region.width } else { region.x };
        let y = if self.mirrors_y { displayed_height - region.y - region.height } else { region.y };
        let (x, y) = self.turn(x, y);
        let (width, height) = self.turn(region.width, region.height);
        Region { x, y, width, height }
    }

    /// Stored pixels of `channels` samples each, moved to where they are displayed.
    pub(crate) fn upright(self, pixels: Vec<u16>, width: usize, height: usize, channels: usize) -> Vec<u16> {
        if self == Self::default() {
            return pixels;
        }
        let (displayed_width, displayed_height) = self.turn(width, height);
        let mut upright = Vec::with_capacity(pixels.len());
        for y in 0..displayed_height {
            let from_y = if self.mirrors_y { displayed_height - 1 - y } else { y };
            for x in 0..displayed_width {
                let from_x = if self.mirrors_x { displayed_width - 1 - x } else { x };
                let (column, row) = self.turn(from_x, from_y);
                let at = (row * width + column) * channels;
                upright.extend_from_slice(&pixels[at..at + channels]);
            }
        }
        upright
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter F, stored so that each orientation shows it upright (Exif 3.0, figure of tag 0x0112).
    const STORED: [(u32, &[&str]); 8] = [
        (1, &["##", "# ", "##", "# "]),
        (2, &["##", " #", "##", " #"]),
        (3, &[" #", "##", " #", "##"]),
        (4, &["# ", "##", "# ", "##"]),
        (5, &["####", "# # "]),
        (6, &["# # ", "####"]),
        (7, &[" # #", "####"]),
        (8, &["####", " # #"]),
    ];

    #[test]
    fn every_orientation_shows_the_letter_upright() {
        for (value, rows) in STORED {
            let pixels: Vec<u16> = rows.concat().bytes().map(u16::from).collect();
            let orientation = Orientation::from_exif(value).unwrap();
            let upright = orientation.upright(pixels, rows[0].len(), rows.len(), 1);
            assert_eq!(String::from_utf16(&upright).unwrap(), "### ### ", "orientation {value}");
        }
    }

    #[test]
    fn regions_go_where_their_pixels_are() {
        let (width, height) = (5_u32, 3_u32);
        let pixels: Vec<u16> = (0..15).collect();
        for value in 1..=8 {
            let orientation = Orientation::from_exif(value).unwrap();
            let upright = orientation.upright(pixels.clone(), 5, 3, 1);
            let (displayed_width, displayed_height) = orientation.turn(width, height);
            for y in 0..displayed_height {
                for x in 0..displayed_width {
                    let region = Region { x: f64::from(x), y: f64::from(y), width: 1.0, height: 1.0 };
                    let stored = orientation.to_stored(region, width, height);
                    let shown = upright[(y * displayed_width + x) as usize];
                    assert!((f64::from(shown) - (stored.y * 5.0 + stored.x)).abs() < 1e-9, "orientation {value}");
                }
            }
        }
    }

    #[test]
    fn values_outside_the_standard_mean_nothing() {
        assert_eq!(Orientation::from_exif(0), None);
        assert_eq!(Orientation::from_exif(9), None);
    }
}
