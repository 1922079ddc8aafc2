//! What is behind somebody, and what they wear.

use super::{MIDDLE, line};
use crate::look::{Look, Top};

pub(super) fn backdrop(art: &mut String, look: &Look) {
    let (light, deep) = look.sky;
    line!(
        art,
        "<defs><linearGradient id=\"sky\" x1=\"0\" y1=\"0\" x2=\"0.4\" y2=\"1\"><stop offset=\"0\" stop-color=\"{light}\"/><stop offset=\"1\" stop-color=\"{deep}\"/></linearGradient></defs>\
         <rect width=\"512\" height=\"512\" fill=\"url(#sky)\"/>"
    );
    let soft = light.lighter(45);
    match look.backdrop {
        0 => line!(
            art,
            "<circle cx=\"256\" cy=\"250\" r=\"196\" fill=\"{soft}\" opacity=\"0.75\"/>"
        ),
        1 => line!(
            art,
            "<path d=\"M0 352C120 272 210 412 330 332S470 272 512 302V512H0Z\" fill=\"{soft}\" opacity=\"0.7\"/>"
        ),
        2 => line!(
            art,
            "<circle cx=\"392\" cy=\"126\" r=\"92\" fill=\"{soft}\" opacity=\"0.8\"/><circle cx=\"88\" cy=\"330\" r=\"58\" fill=\"{soft}\" opacity=\"0.6\"/>"
        ),
        _ => line!(
            art,
            "<rect x=\"76\" y=\"56\" width=\"360\" height=\"480\" rx=\"180\" fill=\"{soft}\" opacity=\"0.75\"/>"
        ),
    }
}

pub(super) fn body(art: &mut String, look: &Look) {
    let (skin, cloth) = (look.skin, look.cloth);
    let (shade, fold) = (skin.darker(16), cloth.darker(14));
    let (neck, wide) = (look.neck, look.shoulders);
    let (left, right) = (MIDDLE - wide, MIDDLE + wide);
    let chin = look.chin;
    if look.top == Top::Hood {
        let (out, dark) = (neck + 52, cloth.darker(24));
        line!(
            art,
            "<path d=\"M{} 420C{} 350 {} 336 {MIDDLE} 336S{} 350 {} 420Z\" fill=\"{dark}\"/>",
            MIDDLE - out,
            MIDDLE - out,
            MIDDLE - 40,
            MIDDLE + out,
            MIDDLE + out
        );
    }
    // The neck, its shadow under the chin, the shoulders.
    line!(
        art,
        "<path d=\"M{} 290V{}Q{MIDDLE} {} {} {}V290Z\" fill=\"{skin}\"/>",
        MIDDLE - neck,
        410,
        440,
        MIDDLE + neck,
        410
    );
    line!(
        art,
        "<path d=\"M{} {}Q{MIDDLE} {} {} {}V{}Q{MIDDLE} {} {} {}Z\" fill=\"{shade}\" opacity=\"0.75\"/>",
        MIDDLE - neck,
        chin - 24,
        chin + 10,
        MIDDLE + neck,
        chin - 24,
        chin + 6,
        chin + 46,
        MIDDLE - neck,
        chin + 6
    );
    line!(
        art,
        "<path d=\"M{left} 512C{left} 440 {} 416 {} 396Q{MIDDLE} 446 {} 396C{} 416 {right} 440 {right} 512Z\" fill=\"{cloth}\"/>",
        left + 26,
        MIDDLE - neck - 6,
        MIDDLE + neck + 6,
        right - 26
    );
    line!(
        art,
        "<path d=\"M{} 512C{} 486 {} 470 {} 462M{} 512C{} 486 {} 470 {} 462\" fill=\"none\" stroke=\"{fold}\" stroke-width=\"4\" stroke-linecap=\"round\" opacity=\"0.6\"/>",
        left + 44,
        left + 46,
        left + 50,
        left + 58,
        right - 44,
        right - 46,
        right - 50,
        right - 58
    );
    collar(art, look);
}

fn collar(art: &mut String, look: &Look) {
    let (cloth, neck) = (look.cloth, look.neck);
    let (light, dark) = (cloth.lighter(22), cloth.darker(16));
    let (left, right) = (MIDDLE - neck, MIDDLE + neck);
    match look.top {
        Top::Crew => line!(
            art,
            "<path d=\"M{} 396Q{MIDDLE} 446 {} 396\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"9\" stroke-linecap=\"round\"/>",
            left - 5,
            right + 5
        ),
        Top::Turtleneck => line!(
            art,
            "<path d=\"M{} 374Q{MIDDLE} 392 {} 374V418Q{MIDDLE} 446 {} 418Z\" fill=\"{light}\"/><path d=\"M{} 392Q{MIDDLE} 410 {} 392\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"3\" opacity=\"0.5\"/>",
            left - 6,
            right + 6,
            left - 8,
            left - 4,
            right + 4
        ),
        Top::Collar => line!(
            art,
            "<path d=\"M{} 388L{MIDDLE} 436L{} 470L{} 402Z\" fill=\"{light}\"/><path d=\"M{} 388L{MIDDLE} 436L{} 470L{} 402Z\" fill=\"{light}\"/><path d=\"M{MIDDLE} 438V512\" stroke=\"{dark}\" stroke-width=\"3\" opacity=\"0.5\"/>",
            left - 2,
            MIDDLE - 34,
            left - 24,
            right + 2,
            MIDDLE + 34,
            right + 24
        ),
        Top::Hood => line!(
            art,
            "<path d=\"M{} 394Q{MIDDLE} 452 {} 394\" fill=\"none\" stroke=\"{dark}\" stroke-width=\"14\" stroke-linecap=\"round\"/><path d=\"M{} 432V486M{} 432V478\" stroke=\"{light}\" stroke-width=\"5\" stroke-linecap=\"round\"/>",
            left - 12,
            right + 12,
            MIDDLE - 22,
            MIDDLE + 22
        ),
    }
}
