//! Trousers and shorts.

use super::art::{Art, segment};
use super::geometry::{Limb, edges};
use super::paint::Paint;
use super::skirt;
use crate::garment::{Bottom, Cloth};

/// Where trousers end, as a part of the shin (1 at the ankle), and half widths at hip, knee, hem.
struct Cut {
    end: f64,
    widths: [f64; 3],
}

fn cut(kind: Bottom) -> Cut {
    let (end, widths) = match kind {
        Bottom::Wide => (1.08, [22.0, 27.0, 31.0]),
        Bottom::Cargo => (1.02, [22.5, 25.0, 20.0]),
        Bottom::Bootcut => (1.08, [20.0, 15.5, 25.0]),
        Bottom::Jogger | Bottom::Track => (0.97, [21.5, 19.5, 13.5]),
        Bottom::Parachute => (1.02, [23.0, 30.0, 20.0]),
        Bottom::Carpenter => (1.05, [22.0, 22.0, 22.5]),
        Bottom::Overall => (1.04, [22.5, 23.0, 23.0]),
        Bottom::Leggings => (0.96, [19.5, 12.8, 8.0]),
        Bottom::HanbokPants => (0.99, [24.0, 33.0, 20.0]),
        _ => (1.03, [20.5, 18.0, 16.5]),
    };
    Cut { end, widths }
}

/// Draws what is worn below the waist.
pub(super) fn bottom(art: &mut Art, kind: Bottom, cloth: Cloth, paint: &Paint, loose: f64) {
    match kind {
        Bottom::Mini
        | Bottom::Tennis
        | Bottom::CargoSkirt
        | Bottom::Midi
        | Bottom::ALine
        | Bottom::Pencil
        | Bottom::Long
        | Bottom::Mermaid
        | Bottom::Tiered
        | Bottom::Wrap
        | Bottom::HanbokSkirt => skirt::skirt(art, kind, cloth, paint),
        Bottom::Shorts | Bottom::Bermuda | Bottom::Biker => shorts(art, kind, paint),
        _ => trousers(art, kind, cloth, paint, loose),
    }
}

/// Each leg as the trousers follow it.
fn inside(leg: Limb, end: f64) -> Limb {
    [leg[0], leg[1], leg[1].toward(leg[2], end)]
}

fn trousers(art: &mut Art, kind: Bottom, cloth: Cloth, paint: &Paint, loose: f64) {
    let Cut { end, widths } = cut(kind);
    let limb = 1.0 + (art.build.limb - 1.0) * 0.5;
    let widths = [
        widths[0] * limb,
        widths[1] * limb + loose,
        widths[2] * limb + loose,
    ];
    let front = art.pose.front;
    for side in [1 - front, front] {
        let leg = inside(art.pose.legs[side], end);
        art.tube(leg, widths, paint);
        if side != front {
            art.shade(&super::geometry::ribbon(leg, widths), 7);
        }
        leg_details(art, kind, paint, leg, widths, side);
    }
    hips(art, paint, widths[0]);
    let seam = paint.seam;
    // Fly and pockets.
    art.seam(1.0, &[&[0.0, 262.0], &[0.0, 334.0]], seam, 1.4);
    for side in [1.0, -1.0] {
        let edge = art.build.hip;
        art.seam(
            side,
            &[
                &[edge * 0.55, 263.0],
                &[edge * 0.62, 282.0, edge + 1.0, 290.0],
            ],
            seam,
            1.4,
        );
    }
    match kind {
        Bottom::Jogger | Bottom::Track | Bottom::Parachute => {
            let cord = art.palette.light;
            for side in [1.0, -1.0] {
                art.seam(side, &[&[2.0, 260.0], &[5.0, 272.0, 4.0, 284.0]], cord, 1.8);
            }
        }
        Bottom::HanbokPants => {
            let sash = art.palette.accent;
            art.seam(
                1.0,
                &[&[-8.0, 262.0], &[-14.0, 285.0, -10.0, 312.0]],
                sash,
                5.0,
            );
        }
        Bottom::Overall => bib(art, paint),
        _ if cloth == Cloth::Denim => {
            art.seam(
                1.0,
                &[&[6.0, 263.0], &[7.0, 292.0, 0.0, 298.0]],
                paint.colour.lighter(38),
                1.2,
            );
        }
        _ => {}
    }
}

/// Waistband and hips, over the tops of both legs.
fn hips(art: &mut Art, paint: &Paint, leg: f64) {
    let (waist, hip) = (art.build.waist, art.build.hip);
    let outer = hip - 19.0 + leg;
    let steps: [&[f64]; 4] = [
        &[waist + 1.5, 250.0],
        &[hip + 2.0, 278.0, outer.max(hip + 1.0), 312.0],
        &[outer, 330.0],
        &[6.0, 336.0],
    ];
    art.fill(&art.pose.frame.symmetric(&steps, 253.0, 346.0), &paint.fill);
    art.shade(&art.pose.frame.shaded(&steps[..3]), 7);
    art.seam(
        1.0,
        &[&[-waist - 2.0, 262.0], &[0.0, 266.0, waist + 2.0, 262.0]],
        paint.seam,
        1.4,
    );
}

fn leg_details(
    art: &mut Art,
    kind: Bottom,
    paint: &Paint,
    leg: Limb,
    widths: [f64; 3],
    side: usize,
) {
    let seam = paint.seam;
    // Legs run downwards: their right edge, seen along them, is at the left of the picture.
    let [left, right] = edges(leg, widths);
    let (outer, inner) = if side == 0 {
        (left, right)
    } else {
        (right, left)
    };
    match kind {
        Bottom::Cargo | Bottom::Parachute | Bottom::Carpenter => {
            let out = if side == 0 { -1.0 } else { 1.0 };
            let top = outer[0].toward(outer[1], 0.62);
            let far = outer[1].toward(outer[2], 0.1);
            let bulge = if kind == Bottom::Cargo { 5.0 } else { 1.5 };
            let pocket = super::geometry::Path::from(top.plus(out * bulge * 0.4, 0.0))
                .line(top.plus(-out * 23.0, 2.0))
                .line(far.plus(-out * 24.0, 2.0))
                .line(far.plus(out * bulge, 0.0))
                .line(top.plus(out * bulge, 8.0))
                .close();
            art.fill(&pocket, &paint.fill);
            art.shade(&pocket, 8);
            art.stroke(&pocket, seam, 1.5);
            let flap = segment(top.plus(out * bulge, 13.0), top.plus(-out * 23.0, 15.0));
            art.stroke(&flap, seam, 2.2);
        }
        Bottom::Track => {
            for inset in [0.13, 0.24] {
                let line = [0, 1, 2].map(|joint| outer[joint].toward(inner[joint], inset));
                let path = super::geometry::Path::from(line[0])
                    .curve(line[1], line[2])
                    .text;
                art.stroke(&path, art.palette.light, 2.6);
            }
        }
        Bottom::Wide | Bottom::Straight | Bottom::Bootcut => {
            // The crease.
            let path = segment(leg[1].toward(leg[0], 0.5), leg[1].toward(leg[2], 0.86));
            art.stroke(&path, seam, 1.0);
        }
        _ => {}
    }
    if matches!(
        kind,
        Bottom::Jogger | Bottom::Cargo | Bottom::Parachute | Bottom::HanbokPants
    ) {
        let cuff = segment(left[2].plus(2.0, -5.0), right[2].plus(-2.0, -5.0));
        let tone = if kind == Bottom::HanbokPants {
            art.palette.accent
        } else {
            seam
        };
        art.stroke(&cuff, tone, 2.6);
    } else {
        let hem = segment(
            left[2].toward(left[1], 0.05),
            right[2].toward(right[1], 0.05),
        );
        art.stroke(&hem, seam, 1.2);
    }
}

fn shorts(art: &mut Art, kind: Bottom, paint: &Paint) {
    let (end, widths) = match kind {
        Bottom::Bermuda => (0.92, [22.0, 24.0, 25.0]),
        Bottom::Biker => (0.7, [20.0, 18.0, 15.5]),
        _ => (0.48, [22.0, 25.0, 27.0]),
    };
    let limb = 1.0 + (art.build.limb - 1.0) * 0.6;
    let widths = widths.map(|width| width * limb);
    let front = art.pose.front;
    for side in [1 - front, front] {
        let leg = art.pose.legs[side];
        let knee = leg[0].toward(leg[1], end);
        let leg = [leg[0], leg[0].toward(knee, 0.55), knee];
        art.tube(leg, widths, paint);
        let [left, right] = edges(leg, widths);
        let hem = segment(left[2].plus(0.0, -4.0), right[2].plus(0.0, -4.0));
        art.stroke(&hem, paint.seam, 1.3);
    }
    hips(art, paint, widths[0]);
    art.seam(1.0, &[&[0.0, 262.0], &[0.0, 336.0]], paint.seam, 1.4);
    if kind == Bottom::Shorts {
        let cord = art.palette.light;
        art.seam(
            1.0,
            &[&[-3.0, 266.0], &[-6.0, 276.0, -4.0, 286.0]],
            cord,
            1.6,
        );
        art.seam(1.0, &[&[3.0, 266.0], &[6.0, 276.0, 4.0, 284.0]], cord, 1.6);
    }
}

fn bib(art: &mut Art, paint: &Paint) {
    let waist = art.build.waist;
    let steps: [&[f64]; 3] = [&[20.0, 204.0], &[21.0, 236.0], &[waist + 1.0, 258.0]];
    art.cloth(&steps, 207.0, 260.0, paint);
    for side in [1.0, -1.0] {
        art.seam(side, &[&[17.0, 210.0], &[22.0, 163.0]], paint.colour, 6.0);
        let button = art.pose.frame.place(17.0 * side, 211.0);
        art.oval(button, 2.8, 2.8, art.palette.light);
    }
    art.seam(
        1.0,
        &[
            &[-12.0, 219.0],
            &[12.0, 219.0],
            &[12.0, 240.0],
            &[-12.0, 240.0],
            &[-12.0, 219.0],
        ],
        paint.seam,
        1.4,
    );
}
