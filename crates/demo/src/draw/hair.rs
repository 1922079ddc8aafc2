//! Hair: what falls behind the shoulders, and what frames the face.

use super::art::Art;
use super::body::head_middle;
use super::geometry::{Path, Point};
use crate::outfit::Gender;

/// A way to wear it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hair {
    Long,
    Waves,
    Bob,
    Bun,
    Ponytail,
    Braid,
    Pixie,
    Dandy,
    Parted,
    Buzz,
    Curls,
    Mullet,
}

impl Hair {
    pub(super) const fn of(wearer: Gender) -> &'static [Self] {
        match wearer {
            Gender::F => &[
                Self::Long,
                Self::Waves,
                Self::Bob,
                Self::Bun,
                Self::Ponytail,
                Self::Braid,
                Self::Long,
                Self::Pixie,
            ],
            Gender::M => &[
                Self::Dandy,
                Self::Parted,
                Self::Buzz,
                Self::Curls,
                Self::Mullet,
                Self::Parted,
            ],
        }
    }
}

/// Turns a list of offsets into a smooth closed shape: `[x, y]` straight, `[cx, cy, x, y]` curved.
fn shape(middle: Point, steps: &[&[f64]]) -> String {
    let mut path = Path::default();
    for step in steps {
        path = match **step {
            [x, y] if path.text.is_empty() => Path::from(middle.plus(x, y)),
            [x, y] => path.line(middle.plus(x, y)),
            [cx, cy, x, y] => path.curve(middle.plus(cx, cy), middle.plus(x, y)),
            _ => path,
        };
    }
    path.close()
}

/// The part that lies behind neck and shoulders.
pub(super) fn back(art: &mut Art, hair: Hair) {
    let middle = head_middle(art);
    let dark = art.hair.darker(20);
    let path = match hair {
        Hair::Long => shape(
            middle,
            &[
                &[-25.0, -8.0],
                &[-28.0, -36.0, 0.0, -37.0],
                &[28.0, -36.0, 26.0, -6.0],
                &[26.0, 50.0, 34.0, 102.0],
                &[0.0, 112.0, -34.0, 102.0],
                &[-26.0, 50.0, -25.0, -8.0],
            ],
        ),
        Hair::Waves => shape(
            middle,
            &[
                &[-25.0, -8.0],
                &[-28.0, -36.0, 0.0, -37.0],
                &[28.0, -36.0, 26.0, -6.0],
                &[38.0, 22.0, 31.0, 40.0],
                &[44.0, 58.0, 36.0, 78.0],
                &[20.0, 92.0, 0.0, 74.0],
                &[-20.0, 92.0, -36.0, 78.0],
                &[-44.0, 58.0, -31.0, 40.0],
                &[-38.0, 22.0, -25.0, -8.0],
            ],
        ),
        Hair::Bob => shape(
            middle,
            &[
                &[-25.0, -8.0],
                &[-28.0, -36.0, 0.0, -37.0],
                &[28.0, -36.0, 26.0, -6.0],
                &[30.0, 18.0, 29.0, 36.0],
                &[16.0, 42.0, 0.0, 36.0],
                &[-16.0, 42.0, -29.0, 36.0],
                &[-30.0, 18.0, -25.0, -8.0],
            ],
        ),
        Hair::Ponytail => shape(
            middle,
            &[
                &[12.0, -28.0],
                &[42.0, -30.0, 40.0, 14.0],
                &[42.0, 46.0, 28.0, 72.0],
                &[30.0, 20.0, 12.0, -12.0],
            ],
        ),
        Hair::Bun => shape(
            middle,
            &[
                &[-14.0, -36.0],
                &[-16.0, -56.0, 0.0, -56.0],
                &[16.0, -56.0, 14.0, -36.0],
                &[0.0, -24.0, -14.0, -36.0],
            ],
        ),
        Hair::Mullet => shape(
            middle,
            &[
                &[-24.0, -8.0],
                &[0.0, -40.0, 24.0, -8.0],
                &[26.0, 20.0, 24.0, 40.0],
                &[0.0, 46.0, -24.0, 40.0],
                &[-26.0, 20.0, -24.0, -8.0],
            ],
        ),
        Hair::Braid => shape(
            middle,
            &[
                &[-24.0, -8.0],
                &[0.0, -40.0, 24.0, -8.0],
                &[27.0, 20.0, 20.0, 30.0],
                &[0.0, 36.0, -20.0, 30.0],
                &[-27.0, 20.0, -24.0, -8.0],
            ],
        ),
        Hair::Pixie | Hair::Dandy | Hair::Parted | Hair::Buzz | Hair::Curls => return,
    };
    art.blot(&path, dark);
}

/// The part over the head, and locks that fall in front of the shoulders.
pub(super) fn front(art: &mut Art, hair: Hair, variant: u64) {
    let middle = head_middle(art);
    let colour = art.hair;
    let bangs: &[&[f64]] = match (hair, variant % 3) {
        (Hair::Buzz, _) => &[
            &[-23.5, -2.0],
            &[-26.0, -35.0, 0.0, -35.5],
            &[26.0, -35.0, 23.5, -2.0],
            &[22.0, -14.0, 16.0, -17.0],
            &[0.0, -21.0, -16.0, -17.0],
            &[-22.0, -14.0, -23.5, -2.0],
        ],
        (Hair::Dandy, _) | (Hair::Pixie, 0) => &[
            &[-24.0, 6.0],
            &[-30.0, -39.0, 1.0, -40.0],
            &[31.0, -38.0, 24.0, 6.0],
            &[22.0, -4.0, 20.0, -9.0],
            &[12.0, -5.0, 4.0, -9.0],
            &[-4.0, -5.0, -10.0, -9.0],
            &[-18.0, -6.0, -21.0, -10.0],
            &[-22.0, -2.0, -24.0, 6.0],
        ],
        (Hair::Parted | Hair::Mullet | Hair::Pixie, _) => &[
            &[-24.0, 6.0],
            &[-32.0, -34.0, -6.0, -40.0],
            &[32.0, -44.0, 24.5, 6.0],
            &[23.0, -8.0, 17.0, -13.0],
            &[2.0, -16.0, -6.0, -25.0],
            &[-12.0, -10.0, -21.0, -9.0],
            &[-23.0, -2.0, -24.0, 6.0],
        ],
        // A see-through fringe, straight across.
        (_, 0) => &[
            &[-25.0, 12.0],
            &[-30.0, -38.0, 0.0, -38.5],
            &[30.0, -38.0, 25.0, 12.0],
            &[21.0, -2.0, 20.0, -8.0],
            &[12.0, -4.0, 0.0, -6.0],
            &[-12.0, -4.0, -20.0, -8.0],
            &[-21.0, -2.0, -25.0, 12.0],
        ],
        // Parted at the side.
        (_, 1) => &[
            &[-25.0, 14.0],
            &[-30.0, -38.0, 0.0, -38.5],
            &[30.0, -38.0, 25.0, 14.0],
            &[24.0, -12.0, 8.0, -28.0],
            &[-4.0, -12.0, -20.0, -8.0],
            &[-22.0, 0.0, -25.0, 14.0],
        ],
        // Parted in the middle.
        _ => &[
            &[-25.0, 16.0],
            &[-30.0, -38.0, 0.0, -38.5],
            &[30.0, -38.0, 25.0, 16.0],
            &[24.0, -10.0, 0.0, -29.0],
            &[-24.0, -10.0, -25.0, 16.0],
        ],
    };
    art.blot(&shape(middle, bangs), colour);
    match hair {
        Hair::Curls => curls(art, middle),
        Hair::Long | Hair::Waves if variant.is_multiple_of(2) => {
            for side in [-1.0, 1.0] {
                let lock: [&[f64]; 4] = [
                    &[side * 25.0, -6.0],
                    &[side * 29.0, 30.0, side * 32.0, 84.0],
                    &[side * 26.0, 90.0, side * 21.0, 80.0],
                    &[side * 24.0, 30.0, side * 21.0, -2.0],
                ];
                art.blot(&shape(middle, &lock), colour);
            }
        }
        Hair::Braid => {
            for step in 0..6 {
                let down = f64::from(step) * 13.0;
                let wide = 7.6 - f64::from(step) * 0.5;
                let tone = if step % 2 == 0 {
                    colour
                } else {
                    colour.darker(14)
                };
                art.oval(
                    middle.plus(-24.0 - down * 0.06, 28.0 + down),
                    wide,
                    8.0,
                    tone,
                );
            }
            let tie = art.palette.accent;
            art.oval(middle.plus(-28.4, 100.0), 5.0, 3.4, tie);
            art.oval(middle.plus(-29.0, 108.0), 4.4, 7.5, colour);
        }
        _ => {}
    }
    // A gloss on the crown.
    let gloss = Path::from(middle.plus(-15.0, -25.0))
        .curve(middle.plus(-9.0, -32.5), middle.plus(2.0, -33.0));
    art.stroke(&gloss.text, colour.lighter(20), 2.2);
}

fn curls(art: &mut Art, middle: Point) {
    let colour = art.hair;
    let curls = [
        (-21.0, -10.0),
        (-17.0, -23.0),
        (-6.0, -31.0),
        (7.0, -32.0),
        (18.0, -24.0),
        (22.0, -10.0),
        (-9.0, -17.0),
        (4.0, -18.0),
        (14.0, -14.0),
    ];
    for (index, (x, y)) in curls.into_iter().enumerate() {
        let tone = if index % 3 == 2 {
            colour.lighter(8)
        } else {
            colour
        };
        art.oval(middle.plus(x, y), 8.6, 8.0, tone);
    }
}
