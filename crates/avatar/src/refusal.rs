//! Why a picture was not taken, in one sentence a person can act on.

use std::fmt::Display;

use thiserror::Error;

/// A picture that was refused. `Display` is for the person; `Debug` carries the detail for the log.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The file has no bytes.
    #[error("The file is empty. Choose a PNG or JPEG file.")]
    Empty,
    /// The file is of a kind that is known and is not a picture; the field names it with its article.
    #[error("This is {0}, not a picture. Choose a PNG or JPEG file.")]
    NotAPicture(&'static str),
    /// Nothing is known about the file.
    #[error("This file is not a picture that can be read here. Choose a PNG, JPEG, WebP, GIF, BMP or TIFF file.")]
    Unrecognised,
    /// A picture in a format that is not read; the field names it in the plural.
    #[error("{0} cannot be used as an avatar. Save the picture as PNG or JPEG and choose that file.")]
    UnsupportedFormat(&'static str),
    /// The data ends early, contradicts itself or does not decode. The field is for the log.
    #[error(
        "This picture is damaged or incomplete. Choose another file, or open it in an image editor and save it again."
    )]
    Broken(String),
    /// More bytes than [`Limits::bytes`](crate::Limits::bytes).
    #[error("This file has {}, the most allowed is {}. Choose a smaller one.", mib(*.bytes), mib(*.limit))]
    TooLargeFile {
        /// Length of the file.
        bytes: usize,
        /// The limit it went over.
        limit: usize,
    },
    /// More pixels, or more memory for them, than the limits allow.
    #[error("This picture has {width} x {height} pixels, which is too many. Make it smaller and choose it again.")]
    TooManyPixels {
        /// Width as displayed.
        width: u32,
        /// Height as displayed.
        height: u32,
    },
    /// Smaller than [`SMALLEST_SIDE`](crate::SMALLEST_SIDE).
    #[error("This picture has only {width} x {height} pixels. Choose one with at least 16 on each side.")]
    TooSmall {
        /// Width as displayed.
        width: u32,
        /// Height as displayed.
        height: u32,
    },
    /// Built so that decoding would take far longer than its size suggests.
    #[error("This picture is stored in an unusual way that takes too long to open. Save it again as PNG or JPEG.")]
    TooComplex,
    /// The crop is not a square of at least 16 pixels inside the picture.
    #[error("The chosen part lies outside the picture or is too small. Choose the part again.")]
    BadCrop,
    /// The asked format is one this crate only reads, or the asked size is none it writes.
    #[error("An avatar is written as PNG, JPEG or WebP, with 16 to 2048 pixels on each side.")]
    BadOutput,
}

impl Refusal {
    /// A stable code for problem documents and message catalogues.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::NotAPicture(_) | Self::Unrecognised => "not_an_image",
            Self::UnsupportedFormat(_) => "unsupported_format",
            Self::Broken(_) => "broken",
            Self::TooLargeFile { .. } => "too_large_file",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooSmall { .. } => "too_small",
            Self::TooComplex => "too_complex",
            Self::BadCrop => "bad_crop",
            Self::BadOutput => "bad_output",
        }
    }

    pub(crate) fn broken(detail: impl Display) -> Self {
        Self::Broken(detail.to_string())
    }

    pub(crate) fn truncated() -> Self {
        Self::Broken("the data ends early".to_owned())
    }
}

/// Mebibytes with one digit, rounded up so that a file just over a limit never reads as the limit.
fn mib(bytes: usize) -> String {
    let tenths = (bytes as u128 * 10).div_ceil(1 << 20);
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole} MiB"),
        (whole, tenth) => format!("{whole}.{tenth} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_sizes_as_people_do() {
        let refusal = Refusal::TooLargeFile { bytes: (10 << 20) + 1, limit: 10 << 20 };
        assert_eq!(refusal.to_string(), "This file has 10.1 MiB, the most allowed is 10 MiB. Choose a smaller one.");
        assert_eq!(refusal.code(), "too_large_file");
    }
}
