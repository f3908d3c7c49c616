//! Pictures on their way to becoming an avatar.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Failure;

/// In which size.
#[derive(Debug, Deserialize, TS)]
pub struct AvatarArgs {
    /// Pixels a side: 64, 128 or 512.
    pub size: u32,
}

/// A picture that was chosen, dropped or pasted, and can be cropped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChosenPicture {
    /// Names the picture in later commands.
    pub id: String,
    /// The file's name; null from the clipboard.
    pub file_name: Option<String>,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// The whole picture, upright and small, as a `data:` URL.
    pub preview: String,
}

/// One chosen picture.
#[derive(Debug, Deserialize, TS)]
pub struct PictureArgs {
    /// Its id.
    pub id: String,
}

/// The square of a picture to use, in pixels of the upright picture.
#[derive(Clone, Copy, Debug, Deserialize, TS)]
pub struct CropSquare {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Length of a side.
    pub side: f64,
}

/// A chosen picture and the part of it to use.
#[derive(Debug, Deserialize, TS)]
pub struct UsePicture {
    /// The picture's id.
    pub id: String,
    /// The part.
    pub crop: CropSquare,
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AvatarProgress {
    /// What is being done.
    pub step: AvatarStep,
    /// Bytes that went out.
    pub sent: u32,
    /// Bytes in all; 0 while it is not known.
    pub total: u32,
}

/// A step of `use_picture`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AvatarStep {
    /// Cropping and resizing.
    Preparing,
    /// Sending.
    Uploading,
    /// Waiting for the service to take it.
    Finishing,
}

/// A file over the window.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum PictureDrag {
    /// It is over the window.
    Over,
    /// It left.
    Left,
    /// It was dropped and can be cropped.
    Dropped {
        /// The picture.
        picture: ChosenPicture,
    },
    /// It was dropped and cannot be used.
    Refused {
        /// Why.
        failure: Failure,
    },
}
