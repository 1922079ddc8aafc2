//! Hair: what hangs behind the shoulders, and what frames the face.

use super::{MIDDLE, line};
use crate::look::{Cut, Fringe, Hat, Look};

/// How far hair stands out beside the face.
const OUT: i32 = 13;

pub(super) fn behind(art: &mut String, look: &Look) {
    let (hair, shade) = (look.hair, look.hair.darker(18));
    let half = look.face + OUT;
    let (left, right) = (MIDDLE - half, MIDDLE + half);
    match look.cut {
        Cut::Long => line!(
            art,
            "<path d=\"M{left} 214C{left} 70 {right} 70 {right} 214L{} 410Q{MIDDLE} 440 {} 410Z\" fill=\"{shade}\"/>",
            right + 20,
            left - 20
        ),
        Cut::Wavy => line!(
            art,
            "<path d=\"M{left} 210C{left} 66 {right} 66 {right} 210C{} 250 {} 270 {} 302C{} 330 {} 350 {} 396Q{MIDDLE} 436 {} 396C{} 350 {} 330 {} 302C{} 270 {} 250 {left} 210Z\" fill=\"{shade}\"/>",
            right + 22,
            right - 4,
            right + 18,
            right + 34,
            right + 4,
            right + 16,
            left - 16,
            left - 4,
            left - 34,
            left - 18,
            left + 4,
            left - 22
        ),
        Cut::Bob => line!(
            art,
            "<path d=\"M{left} 214C{left} 70 {right} 70 {right} 214L{} 322Q{MIDDLE} 346 {} 322Z\" fill=\"{shade}\"/>",
            right + 10,
            left - 10
        ),
        Cut::Ponytail => line!(
            art,
            "<path d=\"M{} 130C{} 140 {} 260 {} 372C{} 392 {} 380 {} 356C{} 280 {} 220 {} 176Z\" fill=\"{shade}\"/>",
            MIDDLE + 40,
            right + 60,
            right + 70,
            right + 40,
            right + 26,
            right + 4,
            right + 8,
            right + 16,
            right + 12,
            right - 14
        ),
        Cut::Bun => line!(
            art,
            "<circle cx=\"{MIDDLE}\" cy=\"92\" r=\"44\" fill=\"{hair}\"/><path d=\"M{} 88Q{MIDDLE} 60 {} 92\" fill=\"none\" stroke=\"{shade}\" stroke-width=\"5\" stroke-linecap=\"round\"/>",
            MIDDLE - 24,
            MIDDLE + 24
        ),
        Cut::Curly => {
            for (x, y, r) in CURLS {
                for side in [-1, 1] {
                    line!(
                        art,
                        "<circle cx=\"{}\" cy=\"{y}\" r=\"{r}\" fill=\"{hair}\"/>",
                        MIDDLE + side * x * half / 100
                    );
                }
            }
        }
        Cut::Short | Cut::Cropped | Cut::Bald => {}
    }
}

/// Curls: hundredths of the half width from the middle, height, size.
const CURLS: [(i32, i32, i32); 8] = [
    (0, 112, 50),
    (42, 116, 46),
    (76, 140, 42),
    (98, 176, 38),
    (106, 214, 34),
    (102, 250, 28),
    (22, 100, 40),
    (60, 120, 40),
];

pub(super) fn front(art: &mut String, look: &Look) {
    let hair = look.hair;
    let half = look.face + if look.cut == Cut::Cropped { 4 } else { OUT };
    let (left, right) = (MIDDLE - half, MIDDLE + half);
    let top = match look.cut {
        Cut::Bald => return,
        Cut::Cropped => 112,
        Cut::Curly => 104,
        _ => 92,
    };
    // Where hair ends beside the face.
    let side = match look.cut {
        Cut::Long | Cut::Wavy | Cut::Bob => 262,
        Cut::Cropped => 214,
        _ => 232,
    };
    let inner = inner(look, side);
    let above = top - (side - top) / 3;
    line!(
        art,
        "<path d=\"M{left} {side}C{left} {above} {right} {above} {right} {side}{inner}Z\" fill=\"{hair}\"/>"
    );
    if look.cut == Cut::Cropped || look.hat != Hat::None {
        return;
    }
    let shine = hair.lighter(24);
    line!(
        art,
        "<path d=\"M{} 168Q{} 128 {} 118\" fill=\"none\" stroke=\"{shine}\" stroke-width=\"8\" stroke-linecap=\"round\" opacity=\"0.45\"/>",
        MIDDLE - half + 20,
        MIDDLE - half + 34,
        MIDDLE - 24
    );
    if look.cut == Cut::Curly {
        for (x, y) in [(-66, 166), (-34, 150), (0, 156), (34, 150), (66, 166)] {
            line!(
                art,
                "<circle cx=\"{}\" cy=\"{y}\" r=\"25\" fill=\"{hair}\"/>",
                MIDDLE + x
            );
        }
    }
}

/// The line between hair and face, from the right temple to the left.
fn inner(look: &Look, side: i32) -> String {
    let (left, right) = (MIDDLE - look.face, MIDDLE + look.face);
    let fringe = if look.cut == Cut::Cropped {
        Fringe::Open
    } else {
        look.fringe
    };
    match fringe {
        Fringe::Full => format!(
            "L{} {side}Q{} 206 {} 196Q{} 208 {} 200Q{MIDDLE} 210 {} 200Q{} 208 {} 196Q{} 206 {} {side}",
            right - 2,
            right - 6,
            right - 16,
            right - 40,
            MIDDLE + 28,
            MIDDLE - 28,
            left + 40,
            left + 16,
            left + 6,
            left + 2
        ),
        Fringe::Swept => format!(
            "L{} {side}C{} 200 {} 184 {} 148C{} 190 {} 200 {} {side}",
            right - 2,
            right - 4,
            right - 30,
            MIDDLE + 34,
            MIDDLE - 6,
            left + 14,
            left + 2
        ),
        Fringe::Parted => format!(
            "L{} {side}C{} 196 {} 176 {MIDDLE} 142C{} 176 {} 196 {} {side}",
            right - 2,
            right - 2,
            MIDDLE + 48,
            MIDDLE - 48,
            left + 2,
            left + 2
        ),
        Fringe::Open => format!(
            "L{} {side}C{} 186 {} 164 {} 160Q{MIDDLE} 150 {} 160C{} 164 {} 186 {} {side}",
            right - 2,
            right - 4,
            right - 16,
            right - 34,
            left + 34,
            left + 16,
            left + 4,
            left + 2
        ),
    }
}
