//! What a picture may cost before it is refused. All of it is checked against the header, before anything is allocated.

/// Limits on one picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Length of the file in bytes.
    pub bytes: usize,
    /// Width times height, in pixels, as the header states them.
    pub pixels: u64,
    /// Length of either side, in pixels.
    pub side: u32,
    /// Length of an embedded ICC profile in bytes, inflated.
    pub profile: usize,
    /// Memory one decoder may take for pixels or coefficients, in bytes.
    pub memory: usize,
    /// Scans of a JPEG: a progressive one has about ten.
    pub scans: u32,
    /// Scans of a progressive JPEG times its pixels, which is what a pile of empty scans costs in time.
    pub scan_pixels: u64,
}

impl Limits {
    /// For the person's own computer: anything a camera makes.
    pub const DESKTOP: Self = Self {
        bytes: 60 * MIB,
        pixels: 200_000_000,
        side: 65_535,
        profile: 4 * MIB,
        memory: 800 * MIB,
        scans: 100,
        scan_pixels: 3_000_000_000,
    };

    /// For a service that decodes what strangers send.
    pub const SERVICE: Self = Self {
        bytes: 10 * MIB,
        pixels: 50_000_000,
        side: 32_767,
        profile: MIB,
        memory: 208 * MIB,
        scans: 50,
        scan_pixels: 600_000_000,
    };
}

const MIB: usize = 1024 * 1024;
