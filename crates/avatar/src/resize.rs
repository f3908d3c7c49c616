//! Lanczos3 on linear light.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::region::Region;
use crate::{Linear, Refusal};

/// The `region` of `picture` at `width` x `height`.
pub(crate) fn resize(picture: &Linear, region: Region, width: u32, height: u32) -> Result<Linear, Refusal> {
    let kind = if picture.channels == 4 { PixelType::U16x4 } else { PixelType::U16x3 };
    let source = ImageRef::new(picture.width, picture.height, bytemuck::cast_slice(&picture.samples), kind)
        .map_err(Refusal::broken)?;
    let mut result = Image::new(width, height, kind);
    // The last bit of a fraction must not reach over the edge.
    let left = region.x.clamp(0.0, f64::from(picture.width) - 1.0);
    let top = region.y.clamp(0.0, f64::from(picture.height) - 1.0);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .crop(
            left,
            top,
            region.width.min(f64::from(picture.width) - left),
            region.height.min(f64::from(picture.height) - top),
        )
        // Alpha is multiplied in already.
        .use_alpha(false);
    Resizer::new().resize(&source, &mut result, &options).map_err(Refusal::broken)?;
    let samples = bytemuck::pod_collect_to_vec(result.buffer());
    Ok(Linear { width, height, channels: picture.channels, samples })
}
