//! Tops: a bodice with a neckline, sleeves along the arms, and what is sewn on.

use super::art::{Art, segment};
use super::geometry::edges;
use super::paint::Paint;
use super::trim;
use crate::garment::{Fit, Top};

/// How a garment ends at the neck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Neckline {
    Round,
    Vee,
    High,
    Collar,
    Hood,
    Wide,
    Straps,
    Tube,
    Wrap,
}

/// How long sleeves are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sleeve {
    None,
    Short,
    Puff,
    Long,
}

/// Where a top ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hem {
    Crop,
    /// At the waist, over what is worn below.
    Over,
    Waist,
    Hip,
}

/// How a top is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) neckline: Neckline,
    pub(super) sleeve: Sleeve,
    /// How far it stands off the body.
    pub(super) ease: f64,
    pub(super) hem: Hem,
}

/// The cut of a kind of top.
pub(super) fn cut(kind: Top, fit: Option<Fit>) -> Cut {
    let (neckline, sleeve, ease, hem) = match kind {
        Top::Tee | Top::GraphicTee => (Neckline::Round, Sleeve::Short, 3.0, Hem::Hip),
        Top::CropTee => (Neckline::Round, Sleeve::Short, 0.5, Hem::Crop),
        Top::LongTee => (Neckline::Round, Sleeve::Long, 2.0, Hem::Hip),
        Top::Shirt => (Neckline::Collar, Sleeve::Long, 3.5, Hem::Hip),
        Top::ResortShirt => (Neckline::Collar, Sleeve::Short, 6.0, Hem::Hip),
        Top::Blouse | Top::BowBlouse => (Neckline::Round, Sleeve::Long, 3.0, Hem::Waist),
        Top::Knit | Top::Cable => (Neckline::Round, Sleeve::Long, 5.0, Hem::Hip),
        Top::VKnit => (Neckline::Vee, Sleeve::Long, 4.0, Hem::Hip),
        Top::Turtleneck => (Neckline::High, Sleeve::Long, 1.5, Hem::Hip),
        Top::Hoodie => (Neckline::Hood, Sleeve::Long, 7.0, Hem::Hip),
        Top::Sweatshirt => (Neckline::Round, Sleeve::Long, 6.0, Hem::Hip),
        Top::Tank => (Neckline::Straps, Sleeve::None, 0.5, Hem::Hip),
        Top::Bustier => (Neckline::Straps, Sleeve::None, 0.0, Hem::Crop),
        Top::Tube => (Neckline::Tube, Sleeve::None, 0.0, Hem::Crop),
        Top::OffShoulder => (Neckline::Tube, Sleeve::Puff, 1.0, Hem::Crop),
        Top::Polo => (Neckline::Collar, Sleeve::Short, 2.5, Hem::Hip),
        Top::Rugby => (Neckline::Collar, Sleeve::Long, 5.5, Hem::Hip),
        Top::KnitVest => (Neckline::Vee, Sleeve::None, 3.0, Hem::Hip),
        Top::Jersey => (Neckline::Vee, Sleeve::Short, 6.0, Hem::Hip),
        Top::HalfZip => (Neckline::High, Sleeve::Long, 4.0, Hem::Hip),
        Top::Jeogori => (Neckline::Wrap, Sleeve::Long, 4.0, Hem::Over),
    };
    let (ease, hem) = match fit {
        Some(Fit::Over) => (ease + 6.0, hem),
        Some(Fit::Slim) => (ease * 0.3, hem),
        Some(Fit::Cropped) if hem == Hem::Hip => (ease, Hem::Crop),
        Some(Fit::Tucked) if hem == Hem::Hip => (ease * 0.6, Hem::Waist),
        _ => (ease, hem),
    };
    Cut {
        neckline,
        sleeve,
        ease,
        hem,
    }
}

/// The trunk of a top.
pub(super) fn bodice(art: &mut Art, cut: &Cut, paint: &Paint) {
    let build = art.build;
    let ease = cut.ease;
    let (low, wide) = match cut.hem {
        Hem::Crop => (240.0, build.waist + 2.0 + ease),
        Hem::Over => (258.0, build.waist + 3.5 + ease),
        Hem::Waist => (262.0, build.waist + 2.0 + ease * 0.4),
        Hem::Hip => (308.0 + ease * 0.9, build.hip + 1.5 + ease * 0.8),
    };
    let shoulder = build.shoulder + ease * 0.8;
    let chest = build.chest + 2.0 + ease;
    let waist = (build.waist + 2.0 + ease * 1.5).min(chest);
    let side: [&[f64]; 3] = [
        &[chest, 206.0],
        &[waist, 248.0, wide, low - 6.0],
        &[wide - 1.0, low],
    ];
    // Cropped ones end where the waist curve begins.
    let side: &[&[f64]] = if cut.hem == Hem::Hip {
        &side
    } else {
        &[side[0], &[chest - 1.0, 224.0, wide, low]]
    };
    let (neck, top): (&[&[f64]], f64) = match cut.neckline {
        Neckline::Straps => (
            &[
                &[9.0, 190.0],
                &[20.0, 192.0, 21.0, 160.0],
                &[27.0, 161.0],
                &[29.0, 184.0, chest - 1.0, 194.0],
            ],
            196.0,
        ),
        Neckline::Tube => (&[&[build.shoulder - 3.0, 185.0]], 190.0),
        Neckline::Wide => (&[&[27.0, 159.0], &[shoulder, 167.0]], 190.0),
        Neckline::Vee => (
            &[
                &[2.0, 192.0],
                &[14.0, 155.0],
                &[shoulder - 8.0, 159.0, shoulder, 172.0],
            ],
            193.0,
        ),
        Neckline::Wrap => (
            &[
                &[3.0, 184.0],
                &[12.0, 153.0],
                &[shoulder - 8.0, 158.0, shoulder, 172.0],
            ],
            185.0,
        ),
        _ => (
            &[&[13.0, 153.0], &[shoulder - 8.0, 158.0, shoulder, 172.0]],
            169.0,
        ),
    };
    let arm: [&[f64]; 1] = [&[chest + 1.0, 186.0, chest, 206.0]];
    let mut steps: Vec<&[f64]> = neck.to_vec();
    if cut.neckline != Neckline::Straps && cut.neckline != Neckline::Tube {
        steps.push(arm[0]);
    }
    steps.extend_from_slice(side);
    art.cloth(&steps, top, low + 4.0, paint);
    if cut.hem == Hem::Hip && cut.neckline != Neckline::Straps {
        // The arms' shadow on the sides.
        art.seam(
            1.0,
            &[&[chest - 0.5, 200.0], &[chest - 5.0, 190.0]],
            paint.seam,
            1.3,
        );
        art.seam(
            -1.0,
            &[&[chest - 0.5, 200.0], &[chest - 5.0, 190.0]],
            paint.seam,
            1.3,
        );
    }
    trim::neck(art, cut.neckline, paint);
}

/// Both sleeves.
pub(super) fn sleeves(art: &mut Art, cut: &Cut, paint: &Paint) {
    for side in [0, 1] {
        sleeve(art, cut, paint, side);
    }
}

fn sleeve(art: &mut Art, cut: &Cut, paint: &Paint, side: usize) {
    let thick = art.build.limb;
    let ease = cut.ease;
    let [shoulder, elbow, wrist] = art.pose.arms[side];
    let sign = if side == 0 { -1.0 } else { 1.0 };
    let shoulder = shoulder.plus(sign * ease * 0.2, 4.0);
    let round = 11.5 * thick + ease * 0.45;
    match cut.sleeve {
        Sleeve::None => {}
        Sleeve::Short => {
            let end = shoulder.toward(elbow, 0.66 + ease * 0.02);
            let limb = [shoulder, shoulder.toward(end, 0.5), end];
            let widths = [round, round + 0.8, 11.5 * thick + ease * 0.55];
            art.sleeve(limb, widths, paint);
            let [left, right] = edges(limb, widths);
            let hem = segment(left[2].toward(left[0], 0.1), right[2].toward(right[0], 0.1));
            art.stroke(&hem, paint.seam, 1.3);
        }
        Sleeve::Puff => {
            let middle = shoulder.toward(elbow, 0.3);
            art.oval(
                middle.plus(sign * 2.0, -3.0),
                18.0 * thick,
                20.0,
                paint.colour,
            );
            let cuff = shoulder.toward(elbow, 0.56);
            art.stroke(
                &segment(cuff.plus(-11.0, 0.0), cuff.plus(11.0, 1.0)),
                paint.seam,
                2.2,
            );
            art.stroke(
                &segment(middle.plus(-4.0, -16.0), middle.plus(-2.0, 2.0)),
                paint.seam,
                1.1,
            );
            art.stroke(
                &segment(middle.plus(5.0, -14.0), middle.plus(4.0, 4.0)),
                paint.seam,
                1.1,
            );
        }
        Sleeve::Long => {
            let end = elbow.toward(wrist, 0.95);
            let limb = [shoulder, elbow, end];
            let cuff = 7.6 * thick + ease * 0.4;
            let widths = [round, 9.8 * thick + ease * 0.55, cuff];
            art.sleeve(limb, widths, paint);
            let [left, right] = edges(limb, widths);
            let hem = segment(
                left[2].toward(left[1], 0.13),
                right[2].toward(right[1], 0.13),
            );
            art.stroke(&hem, paint.seam, 1.4);
        }
    }
}

/// Draws a top; its sleeves only where no jacket will hide them.
pub(super) fn top(art: &mut Art, kind: Top, cut: &Cut, paint: &Paint, sleeves_seen: bool) {
    let mut cut = *cut;
    if kind == Top::KnitVest {
        // A vest is worn over a shirt.
        let shirt = Paint::plain(art.palette.light.lighter(30));
        let under = Cut {
            neckline: Neckline::Collar,
            sleeve: Sleeve::Long,
            ease: 2.0,
            hem: Hem::Waist,
        };
        bodice(art, &under, &shirt);
        if sleeves_seen {
            sleeves(art, &under, &shirt);
        }
        cut.neckline = Neckline::Vee;
    }
    bodice(art, &cut, paint);
    if sleeves_seen {
        sleeves(art, &cut, paint);
        if matches!(kind, Top::Blouse | Top::BowBlouse) {
            for side in [0, 1] {
                let [shoulder, elbow, _] = art.pose.arms[side];
                let puff = shoulder.toward(elbow, 0.2);
                let out = if side == 0 { -3.0 } else { 3.0 };
                art.oval(puff.plus(out, -4.0), 15.0, 16.0, paint.colour);
                art.stroke(
                    &segment(puff.plus(out, -14.0), puff.plus(out, 0.0)),
                    paint.seam,
                    1.1,
                );
            }
        }
    }
    if kind == Top::KnitVest {
        trim::collar(art, &Paint::plain(art.palette.light.lighter(30)));
    }
    trim::details(art, kind, &cut, paint);
}
