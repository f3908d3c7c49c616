//! From the colours of a file to linear light: through its ICC profile where it has a usable one, as sRGB where not.

use std::sync::{Arc, LazyLock};

use moxcms::{ColorProfile, DataColorSpace, Transform8BitExecutor, Transform16BitExecutor, TransformOptions};

use crate::light::{light_of, multiply, sixteen_bits, table};
use crate::samples::{Depth, Layout, Samples, Shape};
use crate::{Linear, Refusal};

/// How samples become light.
pub(crate) struct Colour {
    layout: Layout,
    device: Device,
    curves: Curves,
    /// From the file's primaries to those of sRGB, on linear light; `None` where they are the same.
    matrix: Option<[[f64; 3]; 3]>,
}

/// A table of light for each of red, green and blue.
type Curves = [Arc<Vec<u16>>; 3];

/// What is done to a row before the curves.
enum Device {
    /// The curves take the samples as they are.
    Direct,
    /// Ink without a profile.
    Ink,
    /// A profile that is more than curves and a matrix, evaluated to sRGB.
    Eight(Arc<Transform8BitExecutor>),
    Sixteen(Arc<Transform16BitExecutor>),
}

impl Colour {
    /// The way for pictures of `shape`. A profile that does not parse or does not belong to the kind of pixels is
    /// passed over, as browsers do: the picture is worth more than its colours.
    pub(crate) fn new(shape: Shape, profile: Option<&[u8]>) -> Self {
        let srgb = Self {
            layout: shape.layout,
            device: if shape.layout == Layout::Cmyk { Device::Ink } else { Device::Direct },
            curves: std::array::from_fn(|_| srgb_curve(shape.depth)),
            matrix: None,
        };
        let profile = profile.and_then(|bytes| ColorProfile::new_from_slice(bytes).ok());
        match profile.and_then(|profile| Self::of_profile(shape, &profile)) {
            Some(colour) => colour,
            None => srgb,
        }
    }

    fn of_profile(shape: Shape, profile: &ColorProfile) -> Option<Self> {
        let layout = shape.layout;
        match (profile.color_space, layout) {
            (DataColorSpace::Rgb, Layout::Rgb | Layout::Rgba | Layout::Grey | Layout::GreyAlpha)
                if profile.is_matrix_shaper() =>
            {
                let curves = match shape.depth {
                    Depth::Eight => [
                        curve(profile.build_r_linearize_table::<u8, 256, 8>(true).ok()?.as_slice()),
                        curve(profile.build_g_linearize_table::<u8, 256, 8>(true).ok()?.as_slice()),
                        curve(profile.build_b_linearize_table::<u8, 256, 8>(true).ok()?.as_slice()),
                    ],
                    Depth::Sixteen => [
                        curve(profile.build_r_linearize_table::<u16, 65536, 16>(true).ok()?.as_slice()),
                        curve(profile.build_g_linearize_table::<u16, 65536, 16>(true).ok()?.as_slice()),
                        curve(profile.build_b_linearize_table::<u16, 65536, 16>(true).ok()?.as_slice()),
                    ],
                };
                let matrix = profile.transform_matrix(&ColorProfile::new_srgb()).v;
                matrix.as_flattened().iter().all(|cell| cell.is_finite()).then_some(Self {
                    layout,
                    device: Device::Direct,
                    curves,
                    matrix: (!is_identity(&matrix)).then_some(matrix),
                })
            }
            (DataColorSpace::Gray, Layout::Grey | Layout::GreyAlpha) => {
                let grey = match shape.depth {
                    Depth::Eight => curve(profile.build_gray_linearize_table::<u8, 256, 8>().ok()?.as_slice()),
                    Depth::Sixteen => curve(profile.build_gray_linearize_table::<u16, 65536, 16>().ok()?.as_slice()),
                };
                let curves = std::array::from_fn(|_| Arc::clone(&grey));
                Some(Self { layout, device: Device::Direct, curves, matrix: None })
            }
            (DataColorSpace::Rgb, Layout::Rgb | Layout::Rgba) | (DataColorSpace::Cmyk, Layout::Cmyk) => {
                let from = if layout == Layout::Rgb { moxcms::Layout::Rgb } else { moxcms::Layout::Rgba };
                let to = if layout == Layout::Rgba { moxcms::Layout::Rgba } else { moxcms::Layout::Rgb };
                let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
                let device = match shape.depth {
                    Depth::Eight => Device::Eight(profile.create_transform_8bit(from, &srgb, to, options).ok()?),
                    Depth::Sixteen => Device::Sixteen(profile.create_transform_16bit(from, &srgb, to, options).ok()?),
                };
                Some(Self { layout, device, curves: std::array::from_fn(|_| srgb_curve(shape.depth)), matrix: None })
            }
            _ => None,
        }
    }

    /// Channels of the light: 4 where there is alpha, else 3.
    pub(crate) fn channels(&self) -> usize {
        if self.layout.has_alpha() { 4 } else { 3 }
    }

    /// The light of each 8-bit sample of red, green and blue, where that is all there is to it.
    pub(crate) fn curves(&self) -> Option<[&[u16; 256]; 3]> {
        match (&self.device, self.layout, self.curves.each_ref().map(|curve| curve.as_slice().try_into().ok())) {
            (Device::Direct, Layout::Rgb, [Some(red), Some(green), Some(blue)]) => Some([red, green, blue]),
            _ => None,
        }
    }

    /// Replaces `light` by the light of `samples`, still in the file's own primaries; alpha is multiplied in.
    pub(crate) fn linearise(&self, samples: Samples, light: &mut Vec<u16>) -> Result<(), Refusal> {
        match samples {
            Samples::Eight(samples) => match &self.device {
                Device::Eight(transform) => {
                    let mut srgb = vec![0; samples.len() / self.layout.channels() * self.channels()];
                    transform.transform(samples, &mut srgb).map_err(Refusal::broken)?;
                    self.look_up(&srgb, self.transformed(), light);
                }
                Device::Ink => self.look_up(&paper::<u8>(samples, u8::MAX), Layout::Rgb, light),
                _ => self.look_up(samples, self.layout, light),
            },
            Samples::Sixteen(samples) => match &self.device {
                Device::Sixteen(transform) => {
                    let mut srgb = vec![0; samples.len() / self.layout.channels() * self.channels()];
                    transform.transform(samples, &mut srgb).map_err(Refusal::broken)?;
                    self.look_up(&srgb, self.transformed(), light);
                }
                Device::Ink => self.look_up(&paper::<u16>(samples, u16::MAX), Layout::Rgb, light),
                _ => self.look_up(samples, self.layout, light),
            },
        }
        Ok(())
    }

    fn transformed(&self) -> Layout {
        if self.layout.has_alpha() { Layout::Rgba } else { Layout::Rgb }
    }

    fn look_up<S: Sample>(&self, samples: &[S], layout: Layout, light: &mut Vec<u16>) {
        let [red, green, blue] = self.curves.each_ref().map(|curve| S::of_table(curve));
        let look = |r: S, g: S, b: S| [r.in_table(red), g.in_table(green), b.in_table(blue)];
        // Only grows: what is in it is overwritten.
        light.resize(samples.len() / layout.channels() * self.channels(), 0);
        match layout {
            Layout::Grey => {
                for (light, &grey) in light.as_chunks_mut().0.iter_mut().zip(samples) {
                    *light = look(grey, grey, grey);
                }
            }
            Layout::Rgb | Layout::Cmyk => {
                for (light, &[r, g, b]) in light.as_chunks_mut().0.iter_mut().zip(samples.as_chunks().0) {
                    *light = look(r, g, b);
                }
            }
            Layout::GreyAlpha => {
                for (light, &[grey, alpha]) in light.as_chunks_mut().0.iter_mut().zip(samples.as_chunks().0) {
                    *light = premultiplied(look(grey, grey, grey), alpha.widened());
                }
            }
            Layout::Rgba => {
                for (light, &[r, g, b, alpha]) in light.as_chunks_mut().0.iter_mut().zip(samples.as_chunks().0) {
                    *light = premultiplied(look(r, g, b), alpha.widened());
                }
            }
        }
    }

    /// Brings light from the file's primaries to those of sRGB. Done last, on the few pixels that are left: the matrix
    /// is linear, so it makes no difference when, only how often.
    pub(crate) fn adapt(&self, picture: &mut Linear) {
        let Some(matrix) = &self.matrix else { return };
        for pixel in picture.samples.chunks_exact_mut(picture.channels) {
            let light = [f64::from(pixel[0]), f64::from(pixel[1]), f64::from(pixel[2])];
            let most = pixel.get(3).copied().unwrap_or(u16::MAX);
            for (sample, [r, g, b]) in pixel.iter_mut().zip(matrix) {
                let adapted = r * light[0] + g * light[1] + b * light[2];
                *sample = sixteen_bits(adapted / 65_535.0).min(most);
            }
        }
    }
}

/// A sample of either depth.
trait Sample: Copy + Into<u32> {
    type Table: ?Sized;
    fn of_table(table: &[u16]) -> &Self::Table;
    fn in_table(self, table: &Self::Table) -> u16;
    fn widened(self) -> u16;
    fn narrowed(value: u32) -> Self;
}

impl Sample for u8 {
    // A table of known length, which takes the bounds check out of the innermost loop.
    type Table = [u16; 256];

    fn of_table(table: &[u16]) -> &Self::Table {
        table.first_chunk().unwrap_or(&[0; 256])
    }

    fn in_table(self, table: &Self::Table) -> u16 {
        table[usize::from(self)]
    }

    fn widened(self) -> u16 {
        u16::from(self) * 257
    }

    fn narrowed(value: u32) -> Self {
        value as u8
    }
}

impl Sample for u16 {
    type Table = [u16];

    fn of_table(table: &[u16]) -> &Self::Table {
        table
    }

    fn in_table(self, table: &Self::Table) -> u16 {
        table[usize::from(self)]
    }

    fn widened(self) -> u16 {
        self
    }

    fn narrowed(value: u32) -> Self {
        value as u16
    }
}

fn premultiplied([r, g, b]: [u16; 3], alpha: u16) -> [u16; 4] {
    if alpha == u16::MAX {
        [r, g, b, alpha]
    } else {
        [multiply(r, alpha), multiply(g, alpha), multiply(b, alpha), alpha]
    }
}

/// Ink on white paper without knowing the ink: each colour lets through what it and black leave.
fn paper<S: Sample>(inks: &[S], full: S) -> Vec<S> {
    let full = full.into();
    inks.as_chunks()
        .0
        .iter()
        .flat_map(|&[cyan, magenta, yellow, black]: &[S; 4]| {
            let left = full - black.into();
            [cyan, magenta, yellow].map(|ink| S::narrowed((left * (full - ink.into()) + full / 2) / full))
        })
        .collect()
}

fn srgb_curve(depth: Depth) -> Arc<Vec<u16>> {
    static EIGHT: LazyLock<Arc<Vec<u16>>> = LazyLock::new(|| Arc::new(table(256, light_of)));
    static SIXTEEN: LazyLock<Arc<Vec<u16>>> = LazyLock::new(|| Arc::new(table(65_536, light_of)));
    match depth {
        Depth::Eight => Arc::clone(&EIGHT),
        Depth::Sixteen => Arc::clone(&SIXTEEN),
    }
}

fn curve(light: &[f32]) -> Arc<Vec<u16>> {
    Arc::new(light.iter().map(|&light| sixteen_bits(light.into())).collect())
}

/// Profiles of sRGB differ in the last digits of their primaries.
fn is_identity(matrix: &[[f64; 3]; 3]) -> bool {
    matrix.iter().enumerate().all(|(row, cells)| {
        cells.iter().enumerate().all(|(column, cell)| (cell - f64::from(u8::from(row == column))).abs() < 0.001)
    })
}
