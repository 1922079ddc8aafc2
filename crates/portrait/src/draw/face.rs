//! The head, and all of the face but the eyes.

use super::{EYES, MIDDLE, line};
use crate::colour::Colour;
use crate::look::{Look, Mood};

/// The outline of the face.
pub(super) fn outline(look: &Look) -> String {
    let (left, right) = (MIDDLE - look.face, MIDDLE + look.face);
    let (jaw, chin) = (look.jaw, look.chin);
    format!(
        "M{left} 222C{left} 104 {right} 104 {right} 222C{right} 272 {} {chin} {MIDDLE} {chin}C{} {chin} {left} 272 {left} 222Z",
        MIDDLE + jaw,
        MIDDLE - jaw
    )
}

pub(super) fn head(art: &mut String, look: &Look) {
    let (skin, shade) = (look.skin, look.skin.darker(14));
    for side in [-1, 1] {
        let ear = MIDDLE + side * (look.face + 2);
        line!(
            art,
            "<ellipse cx=\"{ear}\" cy=\"242\" rx=\"14\" ry=\"21\" fill=\"{skin}\"/><path d=\"M{} 232Q{} 242 {} 254\" fill=\"none\" stroke=\"{shade}\" stroke-width=\"4\" stroke-linecap=\"round\"/>",
            ear + side * 3,
            ear + side * 8,
            ear + side * 2
        );
    }
    line!(art, "<path d=\"{}\" fill=\"{skin}\"/>", outline(look));
    let blush = skin.towards(Colour::hex(0xe8_6a6a), 45);
    for side in [-1, 1] {
        let cheek = MIDDLE + side * (look.face - 28);
        line!(
            art,
            "<ellipse cx=\"{cheek}\" cy=\"272\" rx=\"19\" ry=\"12\" fill=\"{blush}\" opacity=\"0.38\"/>"
        );
    }
}

pub(super) fn features(art: &mut String, look: &Look) {
    let shade = look.skin.darker(24);
    let tip = EYES + 34 + look.nose / 3;
    line!(
        art,
        "<path d=\"M{} {}Q{} {} {} {tip}Q{MIDDLE} {} {} {}\" fill=\"none\" stroke=\"{shade}\" stroke-width=\"4.5\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>",
        MIDDLE + 2,
        tip - 10 - look.nose,
        MIDDLE - 4,
        tip - 6,
        MIDDLE - look.nose * 2 / 3,
        tip + 7,
        MIDDLE + look.nose / 2,
        tip + 1
    );
    if look.freckles {
        for (x, y) in [
            (-46, 262),
            (-36, 270),
            (-56, 271),
            (46, 262),
            (36, 270),
            (56, 271),
            (-27, 262),
            (27, 262),
        ] {
            line!(
                art,
                "<circle cx=\"{}\" cy=\"{y}\" r=\"2.4\" fill=\"{shade}\" opacity=\"0.55\"/>",
                MIDDLE + x
            );
        }
    }
    if look.wrinkles {
        line!(
            art,
            "<path d=\"M{} 282Q{} 294 {} 304M{} 282Q{} 294 {} 304M222 196Q256 190 290 196\" fill=\"none\" stroke=\"{shade}\" stroke-width=\"3\" stroke-linecap=\"round\" opacity=\"0.5\"/>",
            MIDDLE - 38,
            MIDDLE - 45,
            MIDDLE - 41,
            MIDDLE + 38,
            MIDDLE + 45,
            MIDDLE + 41
        );
    }
    if look.beard {
        beard(art, look);
    }
    mouth(art, look);
}

fn beard(art: &mut String, look: &Look) {
    let (hair, chin, jaw) = (look.hair, look.chin, look.jaw);
    let (left, right) = (MIDDLE - look.face + 2, MIDDLE + look.face - 2);
    line!(
        art,
        "<path d=\"M{left} 250C{left} 290 {} {} {MIDDLE} {}C{} {} {right} 290 {right} 250C{} 292 {} 286 {MIDDLE} 286S{} 292 {left} 250Z\" fill=\"{hair}\" opacity=\"0.92\"/>",
        MIDDLE - jaw,
        chin + 5,
        chin + 6,
        MIDDLE + jaw,
        chin + 5,
        right - 10,
        MIDDLE + 36,
        left + 10
    );
}

fn mouth(art: &mut String, look: &Look) {
    let lips = look.lips;
    let y = (EYES + look.chin) / 2 + 18;
    let thick = if look.full_lips { 9 } else { 6 };
    let arc = |half: i32, dip: i32| {
        format!(
            "M{} {y}Q{MIDDLE} {} {} {y}",
            MIDDLE - half,
            y + dip,
            MIDDLE + half
        )
    };
    match look.mood {
        Mood::Laughing => {
            let dark = lips.darker(52);
            line!(
                art,
                "<path d=\"M{} {}Q{MIDDLE} {} {} {}Q{} {} {MIDDLE} {}Q{} {} {} {}Z\" fill=\"{dark}\"/>",
                MIDDLE - 30,
                y - 5,
                y + 2,
                MIDDLE + 30,
                y - 5,
                MIDDLE + 24,
                y + 23,
                y + 24,
                MIDDLE - 24,
                y + 23,
                MIDDLE - 30,
                y - 5
            );
            line!(
                art,
                "<path d=\"M{} {}Q{MIDDLE} {} {} {}Q{MIDDLE} {} {} {}Z\" fill=\"#fffaf5\"/>",
                MIDDLE - 24,
                y - 2,
                y + 4,
                MIDDLE + 24,
                y - 2,
                y + 16,
                MIDDLE - 24,
                y - 2
            );
            line!(
                art,
                "<ellipse cx=\"{MIDDLE}\" cy=\"{}\" rx=\"12\" ry=\"5\" fill=\"{lips}\"/>",
                y + 19
            );
        }
        Mood::Smiling => line!(
            art,
            "<path d=\"{}\" fill=\"none\" stroke=\"{lips}\" stroke-width=\"{thick}\" stroke-linecap=\"round\"/>",
            arc(25, 22)
        ),
        Mood::Calm => line!(
            art,
            "<path d=\"{}\" fill=\"none\" stroke=\"{lips}\" stroke-width=\"{thick}\" stroke-linecap=\"round\"/>",
            arc(18, 8)
        ),
        Mood::Serious => line!(
            art,
            "<path d=\"{}\" fill=\"none\" stroke=\"{lips}\" stroke-width=\"{thick}\" stroke-linecap=\"round\"/>",
            arc(19, -2)
        ),
    }
    if look.full_lips && look.mood != Mood::Laughing {
        line!(
            art,
            "<path d=\"M{} {}Q{MIDDLE} {} {} {}\" fill=\"none\" stroke=\"{}\" stroke-width=\"6\" stroke-linecap=\"round\" opacity=\"0.7\"/>",
            MIDDLE - 9,
            y + 13,
            y + 19,
            MIDDLE + 9,
            y + 13,
            lips.lighter(25)
        );
    }
}
