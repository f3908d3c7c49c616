//! QR codes as pictures that are sharp at any whole size.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// Empty modules on each side, which readers need to find the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

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
