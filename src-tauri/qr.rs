//! QR codes as pictures that are sharp at any whole size, and reading such a picture back: what nobody can scan, or
//! scans as something else, is not to be shown.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, types::QrError};
use zeroize::Zeroizing;

/// Empty modules on each side, which readers need to find the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// Pixels a module has where a picture is read back: as small as a screen shows it at least.
const PIXELS: usize = 3;

/// A QR code.
pub struct Drawing {
    /// An SVG document of one unit a module, black on white. It holds no script and no style.
    pub svg: String,
    /// Modules a side, the quiet zone included.
    pub modules: u32,
}

/// Draws a text, so that it can be read with up to 15 percent of it damaged (error correction M).
pub fn draw(text: &str) -> Result<Drawing, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            let length = run.len();
            if run[0] == Color::Dark {
                let (left, top) = (x + QUIET_ZONE, y + QUIET_ZONE);
                // A run of dark modules is one rectangle of a module's height.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += length;
        }
    }
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>"##
    );
    Ok(Drawing { svg, modules: u32::try_from(side).unwrap_or(u32::MAX) })
}

/// A picture of `side` times `side` pixels, row by row; 0 is black, 255 is white.
pub struct Pixels {
    /// Pixels a side.
    pub side: usize,
    /// How light each pixel is.
    pub luma: Vec<u8>,
}

impl Drawing {
    /// Whether the picture, read as a phone reads it, says just this text.
    pub fn says(&self, text: &str) -> bool {
        self.paint().and_then(|pixels| read(&pixels)).is_some_and(|read| *read == *text)
    }

    /// The picture in pixels, by the document itself; `None` where it is not one that [`draw`] writes.
    pub fn paint(&self) -> Option<Pixels> {
        let modules = usize::try_from(self.modules).ok()?;
        if !self.svg.contains(&format!(r#"viewBox="0 0 {modules} {modules}""#)) {
            return None;
        }
        let (_, path) = self.svg.split_once(" d=\"")?;
        let (path, _) = path.split_once('"')?;
        let side = modules * PIXELS;
        let mut luma = vec![255; side * side];
        for run in path.split('M').skip(1) {
            let mut numbers = run.split(|c: char| !c.is_ascii_digit()).map(str::parse::<usize>);
            let [left, top, length] = [numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?];
            let right = left.checked_add(length).filter(|right| *right <= modules && top < modules)?;
            for row in luma.chunks_mut(side).skip(top * PIXELS).take(PIXELS) {
                row[left * PIXELS..right * PIXELS].fill(0);
            }
        }
        Some(Pixels { side, luma })
    }
}

/// What the one QR code in a picture says; `None` where there is none, or several, or it cannot be read. By another
/// program than the one that draws.
pub fn read(pixels: &Pixels) -> Option<Zeroizing<String>> {
    let Pixels { side, luma } = pixels;
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(*side, *side, |x, y| luma[y * side + x]);
    let [found] = &picture.detect_grids()[..] else { return None };
    found.decode().ok().map(|(_, text)| Zeroizing::new(text))
}
