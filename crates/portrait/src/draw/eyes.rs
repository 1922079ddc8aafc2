//! Eyes and brows.

use super::{EYES, MIDDLE, line};
use crate::look::{Look, Mood};

/// How far an eye is from the middle.
pub(super) const APART: i32 = 37;

pub(super) fn eyes(art: &mut String, look: &Look) {
    let brow = look.hair.darker(18);
    let (high, tilt) = match look.mood {
        Mood::Laughing => (5, -3),
        Mood::Smiling => (3, -2),
        Mood::Calm => (0, 0),
        Mood::Serious => (-3, 5),
    };
    for side in [-1, 1] {
        let x = MIDDLE + side * APART;
        eye(art, look, side, x);
        let y = EYES - look.eye_size - 17 - high;
        line!(
            art,
            "<path d=\"M{} {}Q{} {} {} {}\" fill=\"none\" stroke=\"{brow}\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
            x - side * 17,
            y + tilt,
            x,
            y - 8,
            x + side * 18,
            y + 2
        );
    }
}

fn eye(art: &mut String, look: &Look, side: i32, x: i32) {
    let (size, ink) = (look.eye_size, look.hair.darker(40));
    if look.mood == Mood::Laughing && size < 13 {
        // Laughing closes them.
        line!(
            art,
            "<path d=\"M{} {}Q{x} {} {} {}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"6\" stroke-linecap=\"round\"/>",
            x - 16,
            EYES + 5,
            EYES - 13,
            x + 16,
            EYES + 5
        );
        return;
    }
    let wide = size + 6;
    let iris = size - 1;
    let eye = look.eye;
    line!(
        art,
        "<ellipse cx=\"{x}\" cy=\"{EYES}\" rx=\"{wide}\" ry=\"{size}\" fill=\"#fffdfb\"/>"
    );
    line!(
        art,
        "<circle cx=\"{x}\" cy=\"{EYES}\" r=\"{iris}\" fill=\"{eye}\"/><circle cx=\"{x}\" cy=\"{EYES}\" r=\"{}\" fill=\"#1d1620\"/>",
        iris * 3 / 5
    );
    line!(
        art,
        "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"#ffffff\"/>",
        x + iris / 3,
        EYES - iris / 3,
        (iris / 3).max(3)
    );
    // The upper lid, and lashes at its outer end.
    line!(
        art,
        "<path d=\"M{} {}Q{x} {} {} {}\" fill=\"none\" stroke=\"{ink}\" stroke-width=\"5\" stroke-linecap=\"round\"/>",
        x - wide,
        EYES - 1,
        EYES - size * 2 + 1,
        x + wide,
        EYES - 1
    );
    if look.lashes {
        let end = x + side * wide;
        line!(
            art,
            "<path d=\"M{end} {}L{} {}M{} {}L{} {}\" stroke=\"{ink}\" stroke-width=\"4\" stroke-linecap=\"round\"/>",
            EYES - 1,
            end + side * 7,
            EYES - 6,
            end - side * 4,
            EYES - 5,
            end + side * 2,
            EYES - 12
        );
    }
}
