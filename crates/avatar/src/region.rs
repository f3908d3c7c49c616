//! A rectangle with fractional edges.

/// A rectangle in pixels, measured from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Region {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Region {
    /// The same rectangle in a picture whose pixels are `by` times as large.
    pub(crate) fn shrunk(self, by: f64) -> Self {
        Self { x: self.x / by, y: self.y / by, width: self.width / by, height: self.height / by }
    }
}
