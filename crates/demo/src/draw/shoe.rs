//! Shoes, seen from the front and a little aside, toes outward.

use super::art::Art;
use super::geometry::{Path, Point, ribbon};
use super::paint::Paint;
use crate::garment::{Legs, Shoes};
use crate::palette::Colour;

/// A shoe's shape, in offsets from the ankle with the toes to the right.
struct Foot {
    ankle: Point,
    out: f64,
}

impl Foot {
    fn shape(&self, steps: &[&[f64]]) -> Path {
        let mut path = Path::default();
        for step in steps {
            let place = |x: f64, y: f64| self.ankle.plus(x * self.out, y);
            path = match **step {
                [x, y] if path.text.is_empty() => Path::from(place(x, y)),
                [x, y] => path.line(place(x, y)),
                [cx, cy, x, y] => path.curve(place(cx, cy), place(x, y)),
                _ => path,
            };
        }
        path
    }
}

/// Both shoes, the back one first.
pub(super) fn shoes(art: &mut Art, kind: Shoes, paint: &Paint) {
    let front = art.pose.front;
    for side in [1 - front, front] {
        let foot = Foot {
            ankle: art.pose.legs[side][2],
            out: if side == 0 { -1.0 } else { 1.0 },
        };
        shoe(art, kind, paint, &foot, side);
    }
}

fn shoe(art: &mut Art, kind: Shoes, paint: &Paint, foot: &Foot, side: usize) {
    let colour = paint.colour;
    let white = Colour(0xF7_F5F0);
    let skin = art.skin;
    // The foot itself, for shoes that show it.
    let bare: [&[f64]; 7] = [
        &[-7.5, -8.0],
        &[7.5, -8.0],
        &[8.0, 6.0, 18.0, 13.0],
        &[25.0, 18.0, 22.0, 24.0],
        &[-7.0, 24.0],
        &[-11.0, 18.0, -7.5, 6.0],
        &[-7.5, -8.0],
    ];
    let low: [&[f64]; 6] = [
        &[-9.5, 0.0],
        &[9.0, -1.0],
        &[12.0, 9.0, 22.0, 13.0],
        &[30.0, 16.0, 29.0, 24.0],
        &[-11.0, 24.0],
        &[-13.0, 10.0, -9.5, 0.0],
    ];
    let sole = |art: &mut Art, thick: f64, tone: Colour| {
        let path = foot
            .shape(&[
                &[-12.5, 24.0 - thick],
                &[29.0, 24.0 - thick],
                &[32.0, 25.0 - thick * 0.5, 30.0, 26.0],
                &[-11.5, 26.0],
                &[-14.5, 25.0 - thick * 0.5, -12.5, 24.0 - thick],
            ])
            .close();
        art.blot(&path, tone);
    };
    let laces = |art: &mut Art, tone: Colour| {
        for step in 0..3 {
            let y = 3.5 + f64::from(step) * 4.2;
            let x = 5.0 + f64::from(step) * 4.4;
            art.stroke(
                &foot.shape(&[&[x - 5.5, y + 1.5], &[x + 2.5, y - 1.2]]).text,
                tone,
                1.7,
            );
        }
    };
    match kind {
        Shoes::Sneakers | Shoes::Canvas | Shoes::Running | Shoes::Trail | Shoes::Chunky => {
            art.blot(&foot.shape(&low).close(), colour);
            match kind {
                Shoes::Canvas => {
                    let cap = [&[19.0, 13.0][..], &[29.0, 14.0, 29.0, 24.0], &[18.0, 24.0]];
                    art.blot(&foot.shape(&cap).close(), white);
                    sole(art, 3.5, white);
                }
                Shoes::Running | Shoes::Trail => {
                    let swoop = foot.shape(&[&[-10.0, 16.0], &[6.0, 18.0, 17.0, 10.0]]);
                    art.stroke(&swoop.text, art.palette.accent, 3.0);
                    sole(
                        art,
                        5.5,
                        if kind == Shoes::Trail {
                            Colour(0x3A_3A38)
                        } else {
                            white
                        },
                    );
                }
                Shoes::Chunky => {
                    let panel = [&[-10.0, 10.0][..], &[8.0, 8.0, 16.0, 24.0], &[-11.0, 24.0]];
                    art.blot(&foot.shape(&panel).close(), art.palette.second.lighter(20));
                    sole(art, 8.0, white);
                    art.stroke(
                        &foot.shape(&[&[-12.0, 21.0], &[29.0, 21.0]]).text,
                        white.darker(14),
                        1.3,
                    );
                }
                _ => {
                    let heel = [&[-10.0, 4.0][..], &[-4.0, 4.0], &[-4.0, 14.0, -11.0, 16.0]];
                    art.blot(&foot.shape(&heel).close(), art.palette.accent);
                    sole(art, 4.5, white);
                }
            }
            laces(
                art,
                if colour.luma() > 170 {
                    colour.darker(30)
                } else {
                    white
                },
            );
        }
        Shoes::HighTop | Shoes::Hiking | Shoes::Combat | Shoes::Chelsea => {
            let top = if kind == Shoes::Combat { -30.0 } else { -17.0 };
            let boot = foot.shape(&[
                &[-10.5, top],
                &[10.0, top],
                &[10.0, 6.0, 20.0, 11.0],
                &[30.0, 14.0, 29.0, 24.0],
                &[-11.5, 24.0],
                &[-12.5, 6.0, -10.5, top],
            ]);
            art.blot(&boot.close(), colour);
            if kind == Shoes::Chelsea {
                let gusset = [
                    &[-4.0, top][..],
                    &[5.0, top],
                    &[3.0, 4.0, 0.0, 6.0],
                    &[-4.0, 2.0, -4.0, top],
                ];
                art.blot(&foot.shape(&gusset).close(), paint.seam);
                sole(art, 3.0, colour.darker(50));
            } else {
                let mut y = top + 5.0;
                while y < 8.0 {
                    art.stroke(
                        &foot.shape(&[&[-3.0, y + 1.5], &[6.5, y]]).text,
                        if kind == Shoes::HighTop {
                            white
                        } else {
                            paint.seam
                        },
                        1.7,
                    );
                    y += 5.0;
                }
                sole(
                    art,
                    5.0,
                    if kind == Shoes::HighTop {
                        white
                    } else {
                        Colour(0x2C_2725)
                    },
                );
            }
        }
        Shoes::LongBoots | Shoes::FurBoots => {
            let leg = art.pose.legs[side];
            let up = if kind == Shoes::LongBoots { 0.16 } else { 0.62 };
            let start = leg[1].toward(leg[2], up);
            let shaft = [start, start.toward(leg[2], 0.5), leg[2].plus(0.0, 6.0)];
            let thick = if kind == Shoes::LongBoots {
                [14.0, 12.5, 9.5]
            } else {
                [16.5, 15.5, 14.0]
            };
            art.blot(&foot.shape(&low).close(), colour);
            art.tube(shaft, thick, paint);
            if kind == Shoes::FurBoots {
                let fur = [start.plus(0.0, -4.0), start, start.plus(0.0, 8.0)];
                art.blot(&ribbon(fur, [18.0, 19.0, 18.0]), art.palette.light);
            }
            sole(art, 3.0, colour.darker(44));
        }
        Shoes::Loafers | Shoes::Derby => {
            art.blot(&foot.shape(&bare).close(), skin);
            let upper = foot.shape(&[
                &[-10.0, 5.0],
                &[-4.0, 11.0, 7.0, 7.0],
                &[13.0, 11.0, 22.0, 14.0],
                &[30.0, 17.0, 29.0, 24.0],
                &[-11.0, 24.0],
                &[-12.5, 12.0, -10.0, 5.0],
            ]);
            art.blot(&upper.close(), colour);
            if kind == Shoes::Loafers {
                art.stroke(
                    &foot.shape(&[&[4.0, 17.0], &[10.0, 10.0, 18.0, 12.5]]).text,
                    paint.seam,
                    2.2,
                );
            } else {
                laces(art, paint.seam);
            }
            sole(art, 2.6, colour.darker(52));
        }
        Shoes::MaryJane | Shoes::Flats | Shoes::Kkotsin | Shoes::Espadrilles => {
            art.blot(&foot.shape(&bare).close(), skin);
            let upper = foot.shape(&[
                &[-9.5, 11.0],
                &[-2.0, 18.0, 8.0, 17.0],
                &[14.0, 12.0, 22.0, 15.0],
                if kind == Shoes::Kkotsin {
                    &[29.0, 17.0, 33.0, 12.0]
                } else {
                    &[29.0, 18.0, 28.0, 24.0]
                },
                &[31.0, 21.0, 26.0, 25.0],
                &[-10.0, 25.0],
                &[-12.0, 16.0, -9.5, 11.0],
            ]);
            art.blot(&upper.close(), colour);
            match kind {
                Shoes::MaryJane => {
                    art.stroke(
                        &foot.shape(&[&[-8.0, 10.0], &[4.0, 12.0, 12.0, 8.0]]).text,
                        colour,
                        3.2,
                    );
                    sole(art, 3.2, colour.darker(46));
                }
                Shoes::Espadrilles => sole(art, 5.0, Colour(0xD9_BC8C)),
                Shoes::Kkotsin => {
                    art.oval(
                        foot.ankle.plus(20.0 * foot.out, 19.0),
                        3.0,
                        2.4,
                        art.palette.accent,
                    );
                    sole(art, 2.4, white);
                }
                _ => art.oval(foot.ankle.plus(20.0 * foot.out, 16.0), 2.8, 1.9, paint.seam),
            }
        }
        Shoes::Heels | Shoes::Platform => {
            art.blot(&foot.shape(&bare).close(), skin);
            let heel = if kind == Shoes::Heels { 2.2 } else { 7.0 };
            let spike = foot.shape(&[
                &[-10.0, 12.0],
                &[-10.0 + heel, 12.0],
                &[-9.0 + heel, 27.0],
                &[-11.0, 27.0],
            ]);
            art.blot(&spike.close(), colour.darker(16));
            let upper = foot.shape(&[
                &[-10.0, 8.0],
                &[0.0, 18.0, 9.0, 17.0],
                &[16.0, 13.0, 22.0, 16.0],
                &[32.0, 21.0, 31.0, 26.0],
                &[18.0, 27.0, 8.0, 22.0],
                &[-4.0, 16.0, -10.0, 16.0],
            ]);
            art.blot(&upper.close(), colour);
            if kind == Shoes::Platform {
                let block = foot.shape(&[&[6.0, 21.0], &[31.0, 23.0], &[31.0, 30.0], &[8.0, 30.0]]);
                art.blot(&block.close(), colour.darker(12));
                art.stroke(
                    &foot.shape(&[&[-8.0, 3.0], &[2.0, 6.0, 9.0, 1.0]]).text,
                    colour,
                    3.4,
                );
            }
        }
        Shoes::Sandals | Shoes::FlipFlops => {
            art.blot(&foot.shape(&bare).close(), skin);
            let straps: &[&[&[f64]]] = if kind == Shoes::Sandals {
                &[
                    &[&[-8.0, 4.0], &[1.0, 8.0, 8.5, 2.0]],
                    &[&[6.0, 21.0], &[13.0, 12.0, 22.0, 15.0]],
                ]
            } else {
                &[&[&[2.0, 20.0], &[12.0, 9.0, 20.0, 17.0], &[22.0, 21.0]]]
            };
            for strap in straps {
                art.stroke(&foot.shape(strap).text, colour, 3.4);
            }
            sole(art, 3.0, colour.darker(22));
        }
    }
}

/// Socks, stockings and warmers, under shoes and over skin.
pub(super) fn hosiery(art: &mut Art, legs: Legs, paint: &Paint) {
    let limb = art.build.limb;
    for leg in art.pose.legs {
        let shin = |from: f64| {
            let start = leg[1].toward(leg[2], from);
            [start, start.toward(leg[2], 0.5), leg[2].plus(0.0, 12.0)]
        };
        match legs {
            Legs::Tights => art.blot(
                &ribbon(
                    [leg[0], leg[1], leg[2].plus(0.0, 12.0)],
                    [19.0 * limb, 12.0 * limb, 7.0 * limb],
                ),
                Colour(0x2E_2A31).mix(art.skin, 12),
            ),
            Legs::KneeSocks => art.tube(shin(0.1), [12.0 * limb, 10.5 * limb, 7.2 * limb], paint),
            Legs::Socks => art.tube(shin(0.68), [9.6 * limb, 8.6 * limb, 7.8 * limb], paint),
            Legs::Warmers => {
                art.tube(shin(0.3), [13.5 * limb, 14.5 * limb, 17.0 * limb], paint);
                for part in [0.42, 0.58, 0.74, 0.9] {
                    let middle = leg[1].toward(leg[2], part);
                    let fold = Path::from(middle.plus(-12.0, 0.0))
                        .curve(middle.plus(0.0, 5.0), middle.plus(12.0, 0.0));
                    art.stroke(&fold.text, paint.seam, 1.3);
                }
            }
        }
    }
}
