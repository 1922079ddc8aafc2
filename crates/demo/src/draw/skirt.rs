//! Skirts, by themselves and below dresses.

use super::art::Art;
use super::paint::Paint;
use crate::garment::{Bottom, Cloth};

/// How a skirt falls: where its hem is, how wide there, and how it flares on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fall {
    pub(super) hem: f64,
    pub(super) wide: f64,
    /// Half the width beyond the hips at mid length; more is rounder.
    pub(super) round: f64,
}

impl Fall {
    /// The same, held in by what is worn over it.
    pub(super) fn held(self, fullness: f64) -> Self {
        Self {
            wide: self.wide * fullness,
            round: self.round * fullness,
            ..self
        }
    }
}

/// The fall of a kind of skirt.
fn fall(kind: Bottom) -> Fall {
    let (hem, wide, round) = match kind {
        Bottom::Mini | Bottom::CargoSkirt => (378.0, 49.0, 46.0),
        Bottom::Tennis => (384.0, 66.0, 52.0),
        Bottom::Midi => (486.0, 76.0, 56.0),
        Bottom::ALine => (452.0, 86.0, 60.0),
        Bottom::Pencil => (436.0, 37.0, 44.0),
        Bottom::Mermaid => (520.0, 62.0, 34.0),
        Bottom::Tiered => (508.0, 90.0, 58.0),
        Bottom::Wrap => (492.0, 66.0, 54.0),
        Bottom::HanbokSkirt => (516.0, 108.0, 84.0),
        _ => (528.0, 62.0, 50.0),
    };
    Fall { hem, wide, round }
}

/// Draws a skirt from the waist.
pub(super) fn skirt(art: &mut Art, kind: Bottom, cloth: Cloth, paint: &Paint) {
    let fall = fall(kind).held(art.fullness);
    drape(art, 250.0, fall, paint);
    let waist = art.build.waist;
    let seam = paint.seam;
    match kind {
        Bottom::Tennis | Bottom::Midi => pleats(art, fall, paint),
        Bottom::Tiered => tiers(art, fall, paint),
        Bottom::HanbokSkirt => gathers(art, fall, paint, 250.0),
        Bottom::CargoSkirt => {
            for side in [1.0, -1.0] {
                let pocket: [&[f64]; 5] = [
                    &[18.0, 318.0],
                    &[44.0, 316.0],
                    &[46.0, 352.0],
                    &[20.0, 354.0],
                    &[18.0, 318.0],
                ];
                let path = art.pose.frame.trace(side, &pocket).text;
                art.shade(&path, 8);
                art.stroke(&path, seam, 1.5);
                art.seam(side, &[&[18.0, 328.0], &[45.0, 326.0]], seam, 2.2);
            }
        }
        Bottom::Wrap => {
            art.seam(
                1.0,
                &[&[20.0, 256.0], &[8.0, 380.0, -22.0, fall.hem - 4.0]],
                seam,
                1.8,
            );
            art.seam(
                1.0,
                &[&[20.0, 258.0], &[36.0, 276.0, 30.0, 304.0]],
                paint.colour.darker(18),
                5.0,
            );
        }
        Bottom::Mermaid => {
            for x in [-0.5, 0.0, 0.5] {
                let end = fall.wide * x * 1.4;
                art.seam(
                    1.0,
                    &[&[x * 46.0, 430.0], &[x * 52.0, 470.0, end, fall.hem - 4.0]],
                    seam,
                    1.3,
                );
            }
        }
        Bottom::Mini if cloth == Cloth::Denim => {
            art.seam(
                1.0,
                &[&[0.0, 262.0], &[0.0, 374.0]],
                paint.colour.lighter(36),
                1.4,
            );
            art.seam(
                1.0,
                &[&[-47.0, 370.0], &[0.0, 376.0, 47.0, 370.0]],
                paint.colour.lighter(36),
                1.3,
            );
        }
        Bottom::Pencil => art.seam(
            1.0,
            &[&[18.0, fall.hem - 40.0], &[18.0, fall.hem]],
            seam,
            1.8,
        ),
        _ if cloth == Cloth::Satin => sheen(art, fall, paint),
        _ => {
            for x in [-0.45, 0.1, 0.55] {
                art.seam(
                    1.0,
                    &[
                        &[x * waist, 290.0],
                        &[x * fall.round, 340.0, x * fall.wide, fall.hem - 6.0],
                    ],
                    seam,
                    1.1,
                );
            }
        }
    }
    if kind == Bottom::HanbokSkirt {
        let band: [&[f64]; 2] = [&[waist + 2.0, 246.0], &[waist + 4.0, 262.0]];
        let light = Paint::plain(art.palette.light);
        art.cloth(&band, 249.0, 266.0, &light);
    } else {
        art.seam(
            1.0,
            &[&[-waist - 2.0, 261.0], &[0.0, 265.0, waist + 2.0, 261.0]],
            seam,
            1.4,
        );
    }
}

/// The cloth of a skirt from `top` down, with a gently waved hem.
pub(super) fn drape(art: &mut Art, top: f64, fall: Fall, paint: &Paint) {
    let (waist, hip) = (art.build.waist, art.build.hip);
    let Fall { hem, wide, round } = fall;
    let middle = (306.0 + hem) / 2.0;
    let steps: [&[f64]; 4] = [
        &[waist + 1.5, top],
        &[hip.max(round * 0.72), 278.0, hip.max(round * 0.86), 308.0],
        &[round, middle, wide, hem - 3.0],
        &[wide * 0.72, hem + 4.0, wide * 0.4, hem + 2.0],
    ];
    art.cloth(&steps, top + 3.0, hem + 7.0, paint);
}

/// Pressed folds all around.
pub(super) fn pleats(art: &mut Art, fall: Fall, paint: &Paint) {
    let waist = art.build.waist;
    for step in -4..=4 {
        let part = f64::from(step) / 4.6;
        let line: [&[f64]; 2] = [
            &[part * waist, 264.0],
            &[
                part * fall.round * 0.98,
                310.0,
                part * fall.wide,
                fall.hem - 1.0,
            ],
        ];
        art.seam(1.0, &line, paint.seam, 1.4);
    }
}

/// Flounces one below the other.
pub(super) fn tiers(art: &mut Art, fall: Fall, paint: &Paint) {
    let height = (fall.hem - 300.0) / 3.0;
    for tier in 1..3 {
        let y = 300.0 + height * f64::from(tier);
        let part = (y - 260.0) / (fall.hem - 260.0);
        let wide = art.build.hip + (fall.wide - art.build.hip) * part - 1.0;
        art.seam(
            1.0,
            &[&[-wide, y], &[0.0, y + 12.0, wide, y]],
            paint.seam,
            2.0,
        );
        for step in -3..=3 {
            let x = f64::from(step) / 3.5 * wide;
            art.seam(
                1.0,
                &[&[x, y + 9.0], &[x * 1.06, y + 24.0]],
                paint.seam,
                1.2,
            );
        }
    }
}

/// Soft folds from a gathered waist, as of a hanbok skirt.
pub(super) fn gathers(art: &mut Art, fall: Fall, paint: &Paint, top: f64) {
    let waist = art.build.waist;
    for step in -4..=4 {
        let part = f64::from(step) / 4.8;
        let long = if step % 2 == 0 { 0.9 } else { 0.58 };
        let end = top + (fall.hem - top) * long;
        let line: [&[f64]; 2] = [
            &[part * waist, top + 14.0],
            &[
                part * fall.round * 1.05,
                top + 80.0,
                part * fall.wide * (0.4 + long * 0.55),
                end,
            ],
        ];
        art.seam(1.0, &line, paint.seam, 1.3);
    }
}

/// Light running down satin.
pub(super) fn sheen(art: &mut Art, fall: Fall, paint: &Paint) {
    let glow = paint.colour.lighter(30);
    for (x, from, width) in [(-0.4, 290.0, 4.0), (-0.24, 330.0, 2.2), (0.34, 310.0, 2.4)] {
        let line: [&[f64]; 2] = [
            &[x * 40.0, from],
            &[
                x * fall.round * 1.2,
                380.0,
                x * fall.wide * 1.1,
                fall.hem - 26.0,
            ],
        ];
        art.seam(1.0, &line, glow, width);
    }
}
