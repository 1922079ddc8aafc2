//! What somebody wears on their head and face.

use super::eyes::APART;
use super::{EYES, MIDDLE, line};
use crate::colour::Colour;
use crate::look::{Cut, Glasses, Hat, Look};

pub(super) fn extras(art: &mut String, look: &Look) {
    if look.earrings && !matches!(look.cut, Cut::Long | Cut::Wavy) {
        for side in [-1, 1] {
            let x = MIDDLE + side * (look.face + 5);
            line!(
                art,
                "<circle cx=\"{x}\" cy=\"270\" r=\"6\" fill=\"#f2c14e\"/><circle cx=\"{}\" cy=\"268\" r=\"2\" fill=\"#fff4cf\"/>",
                x - 2
            );
        }
    }
    glasses(art, look);
    hat(art, look);
    if look.ribbon && look.hat == Hat::None {
        let (x, pink, dark) = (MIDDLE + look.face - 14, "#e8607f", "#b83f5f");
        line!(
            art,
            "<path d=\"M{x} 132L{} 108V156ZM{x} 132L{} 108V156Z\" fill=\"{pink}\" stroke=\"{pink}\" stroke-width=\"8\" stroke-linejoin=\"round\"/><circle cx=\"{x}\" cy=\"132\" r=\"9\" fill=\"{dark}\"/>",
            x - 30,
            x + 30
        );
    }
}

fn glasses(art: &mut String, look: &Look) {
    let frame = "#3b3340";
    let lens = match look.glasses {
        Glasses::None => return,
        Glasses::Sun => "fill=\"#2b2a35\" fill-opacity=\"0.92\"",
        Glasses::Round | Glasses::Square => "fill=\"#ffffff\" fill-opacity=\"0.22\"",
    };
    for side in [-1, 1] {
        let x = MIDDLE + side * APART;
        match look.glasses {
            Glasses::Round => line!(
                art,
                "<circle cx=\"{x}\" cy=\"{EYES}\" r=\"29\" {lens} stroke=\"{frame}\" stroke-width=\"5\"/>"
            ),
            _ => line!(
                art,
                "<rect x=\"{}\" y=\"{}\" width=\"58\" height=\"46\" rx=\"13\" {lens} stroke=\"{frame}\" stroke-width=\"5\"/>",
                x - 29,
                EYES - 22
            ),
        }
        line!(
            art,
            "<path d=\"M{} {}L{} {}\" stroke=\"{frame}\" stroke-width=\"5\" stroke-linecap=\"round\"/>",
            x + side * 29,
            EYES - 5,
            MIDDLE + side * (look.face + 3),
            EYES - 9
        );
        line!(
            art,
            "<path d=\"M{} {}L{} {}\" stroke=\"#ffffff\" stroke-width=\"4\" stroke-linecap=\"round\" opacity=\"0.5\"/>",
            x - 14,
            EYES + 6,
            x - 4,
            EYES - 12
        );
    }
    line!(
        art,
        "<path d=\"M{} {}Q{MIDDLE} {} {} {}\" fill=\"none\" stroke=\"{frame}\" stroke-width=\"5\"/>",
        MIDDLE - APART + 28,
        EYES - 4,
        EYES - 13,
        MIDDLE + APART - 28,
        EYES - 4
    );
}

fn hat(art: &mut String, look: &Look) {
    let cloth = if look.cloth == Colour::hex(0xf4_efe6) {
        Colour::hex(0x40_4a63)
    } else {
        look.cloth
    };
    let (dark, light) = (cloth.darker(22), cloth.lighter(18));
    let half = look.face + 18;
    let (left, right) = (MIDDLE - half, MIDDLE + half);
    match look.hat {
        Hat::None => {}
        Hat::Cap => line!(
            art,
            "<path d=\"M{left} 184C{left} 50 {right} 50 {right} 184Q{MIDDLE} 160 {left} 184Z\" fill=\"{cloth}\"/><path d=\"M{} 184Q{MIDDLE} 150 {} 184Q{} 208 {MIDDLE} 204T{} 184Z\" fill=\"{dark}\"/><circle cx=\"{MIDDLE}\" cy=\"86\" r=\"7\" fill=\"{dark}\"/>",
            left - 8,
            right + 8,
            right - 20,
            left - 8
        ),
        Hat::Beanie => line!(
            art,
            "<path d=\"M{left} 176C{left} 34 {right} 34 {right} 176Z\" fill=\"{cloth}\"/><rect x=\"{}\" y=\"150\" width=\"{}\" height=\"42\" rx=\"18\" fill=\"{light}\"/><circle cx=\"{MIDDLE}\" cy=\"64\" r=\"22\" fill=\"{light}\"/>",
            left - 6,
            2 * half + 12
        ),
        Hat::Beret => line!(
            art,
            "<path d=\"M{} 168C{} 60 {} 40 {} 150Q{} 178 {MIDDLE} 168T{} 168Z\" fill=\"{cloth}\"/><path d=\"M{MIDDLE} 84L{} 66\" stroke=\"{dark}\" stroke-width=\"8\" stroke-linecap=\"round\"/>",
            left - 12,
            left - 30,
            right + 20,
            right + 30,
            right,
            left - 12,
            MIDDLE + 6
        ),
    }
}
