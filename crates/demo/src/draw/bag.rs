//! Bags, in the hand, on the shoulder, across the body or on the back.

use super::art::Art;
use super::geometry::{Path, Point, at};
use super::paint::Paint;
use crate::garment::Bag;

/// Whether it hangs from the left hand, which then must be free.
pub(super) const fn in_hand(bag: Bag) -> bool {
    matches!(
        bag,
        Bag::Tote | Bag::Eco | Bag::Briefcase | Bag::Rattan | Bag::Pouch | Bag::Duffel
    )
}

/// What lies behind the body: the sack of a backpack.
pub(super) fn behind(art: &mut Art, bag: Bag, paint: &Paint) {
    if bag == Bag::Backpack {
        let wide = art.build.shoulder + 5.0;
        let steps: [&[f64]; 4] = [
            &[22.0, 156.0],
            &[wide, 156.0, wide + 3.0, 190.0],
            &[wide + 8.0, 270.0, wide - 4.0, 296.0],
            &[wide - 14.0, 306.0],
        ];
        art.cloth(&steps, 150.0, 310.0, paint);
    }
}

/// The bag itself and its strap.
pub(super) fn bag(art: &mut Art, bag: Bag, paint: &Paint) {
    let strap = paint.colour.darker(18);
    if in_hand(bag) {
        let grip = art.pose.arms[0][2].plus(-1.0, 9.0);
        return carried(art, bag, paint, grip);
    }
    match bag {
        Bag::Backpack => {
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[25.0, 157.0], &[31.0, 200.0, art.build.chest - 1.0, 238.0]],
                    paint.colour,
                    7.5,
                );
                art.seam(side, &[&[24.0, 206.0], &[31.0, 206.0]], strap, 2.4);
            }
        }
        Bag::Shoulder | Bag::Chain => {
            let x = -art.build.chest - 12.0;
            art.seam(
                1.0,
                &[&[-25.0, 157.0], &[x + 4.0, 196.0, x + 2.0, 252.0]],
                if bag == Bag::Chain {
                    crate::palette::Colour(0xCF_B26A)
                } else {
                    strap
                },
                3.2,
            );
            let corner = art.pose.frame.place(x - 19.0, 248.0);
            flap(art, corner, 42.0, 28.0, paint);
        }
        _ => {
            let (wide, high) = if bag == Bag::Messenger {
                (58.0, 42.0)
            } else {
                (40.0, 30.0)
            };
            let x = -art.build.hip + 2.0;
            art.seam(
                1.0,
                &[&[26.0, 157.0], &[4.0, 214.0, x + 10.0, 282.0]],
                strap,
                5.0,
            );
            let corner = art.pose.frame.place(x - wide * 0.62, 276.0);
            flap(art, corner, wide, high, paint);
        }
    }
}

/// A bag with a flap, from its upper left corner.
fn flap(art: &mut Art, corner: Point, wide: f64, high: f64, paint: &Paint) {
    let round = |art: &mut Art, top: f64, bottom: f64| {
        let path = Path::from(corner.plus(0.0, top))
            .line(corner.plus(wide, top))
            .line(corner.plus(wide + 1.0, bottom - 7.0))
            .curve(
                corner.plus(wide + 1.0, bottom),
                corner.plus(wide - 7.0, bottom),
            )
            .line(corner.plus(7.0, bottom))
            .curve(corner.plus(-1.0, bottom), corner.plus(-1.0, bottom - 7.0))
            .close();
        art.fill(&path, &paint.fill);
        path
    };
    round(art, 0.0, high);
    let path = round(art, 0.0, high * 0.56);
    art.shade(&path, 12);
    art.oval(
        corner.plus(wide / 2.0, high * 0.56),
        3.0,
        3.0,
        art.palette.light,
    );
}

fn carried(art: &mut Art, bag: Bag, paint: &Paint, grip: Point) {
    let (wide, high, drop) = match bag {
        Bag::Tote => (62.0, 54.0, 26.0),
        Bag::Eco => (60.0, 66.0, 34.0),
        Bag::Briefcase => (72.0, 48.0, 9.0),
        Bag::Rattan => (60.0, 44.0, 22.0),
        Bag::Duffel => (84.0, 42.0, 20.0),
        _ => (44.0, 46.0, 26.0),
    };
    let top = grip.y + drop;
    let half = wide / 2.0;
    let place = |x: f64, y: f64| at(grip.x + x, top + y);
    let handle = Path::from(place(-half * 0.45, 2.0))
        .curve(at(grip.x - half * 0.4, grip.y - 2.0), grip)
        .curve(
            at(grip.x + half * 0.4, grip.y - 2.0),
            place(half * 0.45, 2.0),
        );
    art.stroke(&handle.text, paint.colour.darker(22), 3.6);
    let (upper, lower) = match bag {
        Bag::Tote => (half, half * 0.86),
        Bag::Rattan => (half, half * 0.72),
        Bag::Pouch => (half * 0.56, half),
        _ => (half, half),
    };
    let path = Path::from(place(-upper, 0.0))
        .line(place(upper, 0.0))
        .line(place(lower, high - 9.0))
        .curve(place(lower, high), place(lower - 9.0, high))
        .line(place(9.0 - lower, high))
        .curve(place(-lower, high), place(-lower, high - 9.0))
        .close();
    art.fill(&path, &paint.fill);
    art.shade(
        &Path::from(place(upper * 0.5, 0.0))
            .line(place(upper, 0.0))
            .line(place(lower, high - 9.0))
            .curve(place(lower, high), place(lower - 9.0, high))
            .line(place(lower * 0.45, high))
            .close(),
        10,
    );
    let seam = paint.seam;
    match bag {
        Bag::Rattan => {
            for step in 1..4 {
                let y = high / 4.0 * f64::from(step);
                art.stroke(
                    &Path::from(place(4.0 - lower, y))
                        .line(place(lower - 4.0, y))
                        .text,
                    seam,
                    1.6,
                );
            }
            for step in -2..=2 {
                let x = f64::from(step) * 11.0;
                art.stroke(
                    &Path::from(place(x, 2.0))
                        .line(place(x * 0.8, high - 2.0))
                        .text,
                    seam,
                    1.2,
                );
            }
        }
        Bag::Pouch => {
            art.stroke(
                &Path::from(place(-upper, 7.0)).line(place(upper, 7.0)).text,
                art.palette.accent,
                4.0,
            );
            art.oval(place(0.0, 27.0), 6.0, 6.0, art.palette.accent);
        }
        Bag::Eco => {
            art.oval(place(0.0, 32.0), 11.0, 11.0, art.palette.accent);
        }
        Bag::Briefcase => {
            art.stroke(
                &Path::from(place(-half, 18.0)).line(place(half, 18.0)).text,
                seam,
                1.8,
            );
            art.oval(place(0.0, 18.0), 4.0, 3.0, art.palette.light);
        }
        Bag::Duffel => {
            for x in [-half * 0.5, half * 0.5] {
                art.stroke(
                    &Path::from(place(x, 0.0)).line(place(x, high)).text,
                    seam,
                    3.0,
                );
            }
        }
        _ => art.stroke(
            &Path::from(place(-upper + 2.0, 6.0))
                .line(place(upper - 2.0, 6.0))
                .text,
            seam,
            1.6,
        ),
    }
}
