//! Hats, hair ornaments and glasses.

use super::art::Art;
use super::body::head_middle;
use super::geometry::{Path, Point};
use super::paint::Paint;
use crate::garment::{Eyes, Hat};
use crate::palette::Colour;

/// A closed dome: `low` where it sits, `half` its width there, `high` its crown.
fn dome(middle: Point, half: f64, low: f64, high: f64) -> String {
    Path::from(middle.plus(-half, low))
        .curve(middle.plus(-half - 1.0, high), middle.plus(0.0, high))
        .curve(middle.plus(half + 1.0, high), middle.plus(half, low))
        .curve(middle.plus(0.0, low + 5.0), middle.plus(-half, low))
        .close()
}

/// Draws what is worn on the head, over the hair.
pub(super) fn hat(art: &mut Art, kind: Hat, paint: &Paint) {
    let middle = head_middle(art);
    let seam = paint.seam;
    let turn = art.pose.gaze * 5.0;
    match kind {
        Hat::Cap | Hat::Flat => {
            art.fill(&dome(middle, 27.0, -11.0, -47.0), &paint.fill);
            let brim = Path::from(middle.plus(-24.0 + turn, -12.0))
                .curve(middle.plus(turn, -21.0), middle.plus(24.0 + turn, -12.0))
                .curve(
                    middle.plus(29.0 + turn * 1.6, -4.0),
                    middle.plus(20.0 + turn * 1.6, -3.0),
                )
                .curve(
                    middle.plus(turn * 1.6, -10.0),
                    middle.plus(-20.0 + turn * 1.6, -3.0),
                )
                .curve(
                    middle.plus(-29.0 + turn * 1.6, -4.0),
                    middle.plus(-24.0 + turn, -12.0),
                )
                .close();
            art.blot(&brim, paint.colour.darker(20));
            if kind == Hat::Cap {
                art.oval(middle.plus(turn, -27.0), 6.0, 4.6, art.palette.accent);
                art.oval(middle.plus(0.0, -46.0), 3.0, 2.0, seam);
            } else {
                let fold = Path::from(middle.plus(-25.0, -20.0))
                    .curve(middle.plus(0.0, -30.0), middle.plus(25.0, -20.0));
                art.stroke(&fold.text, seam, 1.5);
            }
        }
        Hat::Bucket => {
            art.fill(&dome(middle, 25.0, -15.0, -45.0), &paint.fill);
            let brim = Path::from(middle.plus(-24.0, -18.0))
                .line(middle.plus(24.0, -18.0))
                .line(middle.plus(37.0, -1.0))
                .curve(middle.plus(0.0, 8.0), middle.plus(-37.0, -1.0))
                .close();
            art.fill(&brim, &paint.fill);
            art.shade(&brim, 9);
            let stitch = Path::from(middle.plus(-32.0, -5.0))
                .curve(middle.plus(0.0, 3.0), middle.plus(32.0, -5.0));
            art.stroke(&stitch.text, seam, 1.2);
        }
        Hat::Beanie => {
            art.fill(&dome(middle, 27.0, -10.0, -54.0), &paint.fill);
            for x in [-15.0, -5.0, 5.0, 15.0] {
                let rib = Path::from(middle.plus(x, -22.0))
                    .curve(middle.plus(x, -36.0), middle.plus(x * 0.5, -44.0));
                art.stroke(&rib.text, seam, 1.3);
            }
            let fold = Path::from(middle.plus(-26.0, -14.0))
                .curve(middle.plus(0.0, -9.0), middle.plus(26.0, -14.0));
            art.stroke(&fold.text, paint.colour.darker(13), 11.0);
        }
        Hat::Beret => {
            let path = Path::from(middle.plus(-27.0, -13.0))
                .curve(middle.plus(-44.0, -34.0), middle.plus(-12.0, -44.0))
                .curve(middle.plus(28.0, -52.0), middle.plus(34.0, -26.0))
                .curve(middle.plus(34.0, -14.0), middle.plus(23.0, -17.0))
                .curve(middle.plus(0.0, -26.0), middle.plus(-27.0, -13.0))
                .close();
            art.fill(&path, &paint.fill);
            let stalk = Path::from(middle.plus(2.0, -46.0)).line(middle.plus(4.0, -52.0));
            art.stroke(&stalk.text, paint.colour.darker(20), 3.0);
            let fold = Path::from(middle.plus(-22.0, -19.0))
                .curve(middle.plus(4.0, -32.0), middle.plus(28.0, -22.0));
            art.stroke(&fold.text, seam, 1.4);
        }
        Hat::Raffia | Hat::Fedora => {
            let (wide, straw) = if kind == Hat::Raffia {
                (58.0, Colour(0xE2_C794))
            } else {
                (42.0, paint.colour)
            };
            art.oval(middle.plus(0.0, -14.0), wide, 10.5, straw.darker(8));
            art.blot(&dome(middle, 24.0, -17.0, -50.0), straw);
            let band = Path::from(middle.plus(-23.5, -20.0))
                .curve(middle.plus(0.0, -14.0), middle.plus(23.5, -20.0));
            art.stroke(
                &band.text,
                if kind == Hat::Raffia {
                    paint.colour
                } else {
                    art.palette.light
                },
                6.0,
            );
        }
        Hat::Headband => {
            let band = Path::from(middle.plus(-25.0, -14.0))
                .curve(middle.plus(0.0, -29.0), middle.plus(25.0, -14.0));
            art.stroke(&band.text, paint.colour, 7.0);
        }
        Hat::Ribbon => {
            let knot = middle.plus(19.0, -30.0);
            for side in [-1.0, 1.0] {
                let loop_ = Path::from(knot)
                    .curve(knot.plus(side * 8.0, -16.0), knot.plus(side * 17.0, -8.0))
                    .curve(knot.plus(side * 19.0, 8.0), knot)
                    .close();
                art.blot(&loop_, paint.colour);
                let tail = Path::from(knot)
                    .curve(knot.plus(side * 4.0, 12.0), knot.plus(side * 8.0, 21.0));
                art.stroke(&tail.text, paint.colour.darker(10), 4.0);
            }
            art.oval(knot, 4.0, 4.0, paint.colour.darker(18));
        }
        Hat::Baessi => {
            let band = Path::from(middle.plus(-22.0, -19.0))
                .curve(middle.plus(0.0, -38.0), middle.plus(22.0, -19.0));
            art.stroke(&band.text, paint.colour, 3.4);
            let flower = middle.plus(0.0, -29.0);
            for (x, y) in [(-4.5, 0.0), (4.5, 0.0), (0.0, -4.5), (0.0, 4.5)] {
                art.oval(flower.plus(x, y), 3.6, 3.6, art.palette.accent);
            }
            art.oval(flower, 2.8, 2.8, Colour(0xF0_CF6B));
        }
    }
}

/// Draws glasses.
pub(super) fn eyes(art: &mut Art, kind: Eyes) {
    let middle = head_middle(art);
    let turn = art.pose.gaze * 3.4;
    let frame = Colour(0x26_2226);
    let lens = match kind {
        Eyes::Sun => Some(Colour(0x2E_2A30)),
        Eyes::Tinted => Some(art.palette.accent),
        Eyes::Horn => None,
    };
    for side in [-1.0, 1.0] {
        let eye = middle.plus(side * 9.6 + turn, 4.0);
        let rim = Path::from(eye.plus(-7.4, -4.6))
            .line(eye.plus(7.4, -4.6))
            .curve(eye.plus(8.4, 6.4), eye.plus(0.0, 6.4))
            .curve(eye.plus(-8.4, 6.4), eye.plus(-7.4, -4.6))
            .close();
        if let Some(lens) = lens {
            art.blot(&rim, lens);
            let glint = Path::from(eye.plus(-3.6, -1.0)).line(eye.plus(0.4, -3.0));
            art.stroke(&glint.text, lens.lighter(55), 1.3);
        }
        art.stroke(&rim, frame, 1.8);
        let temple = Path::from(eye.plus(side * 7.4, -3.0)).line(middle.plus(side * 22.0, 1.0));
        art.stroke(&temple.text, frame, 1.5);
    }
    let bridge = Path::from(middle.plus(turn - 2.4, 1.4)).line(middle.plus(turn + 2.4, 1.4));
    art.stroke(&bridge.text, frame, 1.7);
}
