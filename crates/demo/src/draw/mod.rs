//! The drawing of an outfit: a flat fashion figure that wears what the tags name.
//!
//! The picture follows from the outfit alone. Tags decide the pieces, their cloth, cut and tone,
//! the palette decides the colours, and a number of the outfit's own decides the rest: build,
//! pose, skin, hair and backdrop.

mod art;
mod backdrop;
mod bag;
mod body;
mod bottom;
mod dress;
mod figure;
mod geometry;
mod hair;
mod hat;
mod lapel;
mod neck;
mod outer;
mod paint;
mod pose;
mod shoe;
mod skirt;
mod tailoring;
mod top;
mod trim;
mod wardrobe;

use crate::outfit::DemoOutfit;

/// The outfit as an SVG document, 480 by 640, under 12 kB, without scripts and references.
///
/// Each piece is a group whose class is the tag that names it; the title lists all tags. The same
/// outfit always gives the same bytes.
#[must_use]
pub fn draw(outfit: &DemoOutfit) -> String {
    figure::figure(outfit)
}
