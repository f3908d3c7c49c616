//! QR codes as pictures that are sharp at any whole size.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

/// Empty modules on each side, which readers need to find the code (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A QR code.
pub(crate) struct Drawing {
    /// An SVG document of one unit a module, black on white. It holds no script and no style.
    pub(crate) svg: String,
    /// Modules a side, the quiet zone included.
    pub(crate) modules: u32,
}

/// Draws a text, so that it can be read with up to 15 percent of it damaged (error correction M).
pub(crate) fn draw(text: &str) -> Result<Drawing, QrError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawing, read off its path by hand. True is dark.
    fn modules(drawing: &Drawing) -> Vec<Vec<bool>> {
        let side = drawing.modules as usize;
        let mut modules = vec![vec![false; side]; side];
        let path = drawing.svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        for run in path.split('M').skip(1) {
            let numbers: Vec<usize> =
                run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
            let [x, y, length, ..] = numbers[..] else { panic!("a run: {run}") };
            modules[y][x..x + length].fill(true);
        }
        modules
    }

    #[test]
    fn another_reader_reads_what_was_drawn() {
        const PIXELS: usize = 3;
        let text = "otpauth://totp/Northwind:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Northwind\
            &algorithm=SHA1&digits=6&period=30";
        let drawing = draw(text).unwrap();
        let modules = modules(&drawing);
        let pixel = |x: usize, y: usize| if modules[y / PIXELS][x / PIXELS] { 0 } else { 255 };
        let side = drawing.modules as usize * PIXELS;
        let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, pixel);
        let found = picture.detect_grids();
        assert_eq!(found.len(), 1);
        let (about, read) = found[0].decode().unwrap();
        assert_eq!(read, text);
        assert_eq!(about.ecc_level, 0, "the standard writes M as 00");
    }

    #[test]
    fn the_margin_is_empty_and_nothing_but_shapes_is_in_the_document() {
        let drawing = draw("short").unwrap();
        assert_eq!(drawing.modules, 21 + 8);
        let modules = modules(&drawing);
        let edge = |at: usize| !(4..25).contains(&at);
        for (y, row) in modules.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                assert!(!dark || !(edge(x) || edge(y)), "{x} {y}");
            }
        }
        assert!(modules[4][4] && modules[24][4] && modules[4][24], "the finders stand in three corners");
        for word in ["<script", "style", "href", "<image", "http://www.w3.org/2000/svg\" on"] {
            assert!(!drawing.svg.contains(word), "{word}");
        }
        assert!(draw(&"x".repeat(3000)).is_err());
    }
}
