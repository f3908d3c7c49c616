//! Lanczos3 on linear light.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U16, U16x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::region::Region;
use crate::{Linear, Refusal};

/// The `region` of `picture` at `width` x `height`.
pub(crate) fn resize(picture: &Linear, region: Region, width: u32, height: u32) -> Result<Linear, Refusal> {
    let channels = picture.channels;
    let mut samples = vec![0; width as usize * height as usize * channels];
    let sides = Sides { from: (picture.width, picture.height), to: (width, height) };
    resize_into(&mut samples, &picture.samples, channels, sides, region)?;
    Ok(Linear { width, height, channels, samples })
}

/// Width and height before and after.
#[derive(Clone, Copy)]
pub(crate) struct Sides {
    pub(crate) from: (u32, u32),
    pub(crate) to: (u32, u32),
}

/// The `region` of the pixels `from`, filling `into`.
pub(crate) fn resize_into(
    into: &mut [u16],
    from: &[u16],
    channels: usize,
    sides: Sides,
    region: Region,
) -> Result<(), Refusal> {
    let (width, height) = (f64::from(sides.from.0), f64::from(sides.from.1));
    // The last bit of a fraction must not reach over the edge.
    let left = region.x.clamp(0.0, width - 1.0);
    let top = region.y.clamp(0.0, height - 1.0);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
        left,
        top,
        region.width.min(width - left),
        region.height.min(height - top),
    );
    if channels == 3 {
        return convolve::<U16x3>(into, from, sides, &options);
    }
    // Alpha, which is multiplied in already, by itself: the library's kinds of pixels with alpha bring a table along that is
    // the largest thing in the program.
    let (light, alpha) = apart(from);
    let pixels = into.len() / 4;
    let (mut small_light, mut small_alpha) = (vec![0; 3 * pixels], vec![0; pixels]);
    convolve::<U16x3>(&mut small_light, &light, sides, &options)?;
    convolve::<U16>(&mut small_alpha, &alpha, sides, &options)?;
    let small = small_light.as_chunks::<3>().0.iter().zip(&small_alpha);
    for (pixel, (&[r, g, b], &a)) in into.as_chunks_mut::<4>().0.iter_mut().zip(small) {
        *pixel = [r, g, b, a];
    }
    Ok(())
}

fn convolve<P>(into: &mut [u16], from: &[u16], sides: Sides, options: &ResizeOptions) -> Result<(), Refusal>
where
    P: PixelTrait + InnerPixel<Component = u16>,
{
    let (before, after) = (sides.from, sides.to);
    let source =
        TypedImageRef::<P>::from_buffer(before.0, before.1, bytemuck::cast_slice(from)).map_err(Refusal::broken)?;
    let mut pixels =
        TypedImage::<P>::from_buffer(after.0, after.1, bytemuck::cast_slice_mut(into)).map_err(Refusal::broken)?;
    Resizer::new().resize_typed(&source, &mut pixels, options).map_err(Refusal::broken)
}

fn apart(samples: &[u16]) -> (Vec<u16>, Vec<u16>) {
    let pixels = samples.as_chunks::<4>().0;
    (pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect(), pixels.iter().map(|pixel| pixel[3]).collect())
}
