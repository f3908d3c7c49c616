//! Lanczos3 on linear light.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U16, U16x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use crate::region::Region;
use crate::{Linear, Refusal};

/// The `region` of `picture` at `width` x `height`.
pub(crate) fn resize(picture: &Linear, region: Region, width: u32, height: u32) -> Result<Linear, Refusal> {
    // The last bit of a fraction must not reach over the edge.
    let left = region.x.clamp(0.0, f64::from(picture.width) - 1.0);
    let top = region.y.clamp(0.0, f64::from(picture.height) - 1.0);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).crop(
        left,
        top,
        region.width.min(f64::from(picture.width) - left),
        region.height.min(f64::from(picture.height) - top),
    );
    let sides = Sides { from: (picture.width, picture.height), to: (width, height) };
    let samples = if picture.channels == 4 {
        // Alpha, which is multiplied in already, by itself: the library's kinds of pixels with alpha bring a table along that is
        // the largest thing in the program.
        let (light, alpha) = apart(&picture.samples);
        together(&convolve::<U16x3>(&light, sides, &options)?, &convolve::<U16>(&alpha, sides, &options)?)
    } else {
        convolve::<U16x3>(&picture.samples, sides, &options)?
    };
    Ok(Linear { width, height, channels: picture.channels, samples })
}

/// Width and height before and after.
#[derive(Clone, Copy)]
struct Sides {
    from: (u32, u32),
    to: (u32, u32),
}

fn convolve<P>(samples: &[u16], sides: Sides, options: &ResizeOptions) -> Result<Vec<u16>, Refusal>
where
    P: PixelTrait + InnerPixel<Component = u16>,
{
    let (from, to) = (sides.from, sides.to);
    let source =
        TypedImageRef::<P>::from_buffer(from.0, from.1, bytemuck::cast_slice(samples)).map_err(Refusal::broken)?;
    let mut result = vec![0; to.0 as usize * to.1 as usize * P::count_of_components()];
    let mut pixels =
        TypedImage::<P>::from_buffer(to.0, to.1, bytemuck::cast_slice_mut(&mut result)).map_err(Refusal::broken)?;
    Resizer::new().resize_typed(&source, &mut pixels, options).map_err(Refusal::broken)?;
    Ok(result)
}

fn apart(samples: &[u16]) -> (Vec<u16>, Vec<u16>) {
    let pixels = samples.as_chunks::<4>().0;
    (pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect(), pixels.iter().map(|pixel| pixel[3]).collect())
}

fn together(light: &[u16], alpha: &[u16]) -> Vec<u16> {
    let pixels = light.as_chunks::<3>().0.iter().zip(alpha);
    pixels.flat_map(|(&[r, g, b], &a)| [r, g, b, a]).collect()
}
