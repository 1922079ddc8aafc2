//! What is sewn onto tops: collars, ribs, prints, pockets, bows.

use super::art::Art;
use super::paint::Paint;
use super::top::{Cut, Hem, Neckline};
use crate::garment::Top;

/// The finish of a neckline.
pub(super) fn neck(art: &mut Art, neckline: Neckline, paint: &Paint) {
    let seam = paint.seam;
    match neckline {
        Neckline::Round => {
            art.seam(
                1.0,
                &[&[-13.0, 154.0], &[0.0, 172.0, 13.0, 154.0]],
                seam,
                2.4,
            );
        }
        Neckline::Vee => {
            art.seam(
                1.0,
                &[&[-14.0, 155.0], &[0.0, 193.0], &[14.0, 155.0]],
                seam,
                2.2,
            );
        }
        Neckline::High => {
            let steps: [&[f64]; 2] = [&[11.5, 136.0], &[14.5, 160.0]];
            art.cloth(&steps, 140.0, 168.0, paint);
            art.seam(
                1.0,
                &[&[-12.0, 147.0], &[0.0, 152.0, 12.0, 147.0]],
                seam,
                1.3,
            );
        }
        Neckline::Collar => collar(art, paint),
        Neckline::Hood => {
            let steps: [&[f64]; 3] = [
                &[13.0, 146.0],
                &[30.0, 146.0, 27.0, 162.0],
                &[14.0, 176.0, 3.0, 180.0],
            ];
            art.cloth(&steps, 170.0, 184.0, paint);
            let cord = art.palette.light;
            for side in [1.0, -1.0] {
                art.seam(side, &[&[7.0, 178.0], &[9.0, 192.0, 7.0, 204.0]], cord, 1.9);
            }
        }
        Neckline::Wrap => {
            let white = art.palette.light.lighter(40);
            art.seam(
                -1.0,
                &[&[13.0, 152.0], &[4.0, 176.0, -16.0, 206.0]],
                paint.colour.darker(20),
                7.5,
            );
            art.seam(
                1.0,
                &[&[13.0, 152.0], &[6.0, 172.0, -3.0, 186.0]],
                paint.colour.darker(20),
                7.5,
            );
            art.seam(
                -1.0,
                &[&[12.0, 153.0], &[4.0, 175.0, -12.0, 200.0]],
                white,
                3.0,
            );
            art.seam(
                1.0,
                &[&[12.0, 153.0], &[6.0, 171.0, 0.0, 181.0]],
                white,
                3.0,
            );
        }
        Neckline::Wide | Neckline::Tube | Neckline::Straps => {}
    }
}

/// A shirt collar, open at the throat.
pub(super) fn collar(art: &mut Art, paint: &Paint) {
    for side in [1.0, -1.0] {
        let steps: [&[f64]; 5] = [
            &[11.0, 143.0],
            &[15.5, 153.0],
            &[19.0, 172.0],
            &[2.0, 170.0],
            &[6.0, 158.0, 11.0, 143.0],
        ];
        art.patch(side, &steps, &paint.fill);
        let line = art.pose.frame.trace(side, &steps).close();
        art.stroke(&line, paint.seam, 1.2);
    }
}

/// What a kind of top has besides.
pub(super) fn details(art: &mut Art, kind: Top, cut: &Cut, paint: &Paint) {
    let seam = paint.seam;
    let low = match cut.hem {
        Hem::Crop | Hem::Over => 236.0,
        Hem::Waist => 250.0,
        Hem::Hip => 304.0 + cut.ease * 0.9,
    };
    let hip = art.build.hip + cut.ease * 0.8;
    match kind {
        Top::Shirt | Top::ResortShirt => {
            art.seam(1.0, &[&[0.0, 172.0], &[0.0, low]], seam, 1.3);
            let mut y = 184.0;
            while y < low - 6.0 {
                let button = art.pose.frame.place(3.6, y);
                art.oval(button, 1.6, 1.6, seam);
                y += 19.0;
            }
            art.seam(
                1.0,
                &[
                    &[16.0, 200.0],
                    &[31.0, 198.0],
                    &[31.0, 216.0],
                    &[17.0, 217.0],
                    &[16.0, 200.0],
                ],
                seam,
                1.2,
            );
        }
        Top::Polo | Top::Rugby => {
            art.seam(1.0, &[&[0.0, 170.0], &[0.0, 198.0]], seam, 1.6);
            art.seam(
                1.0,
                &[&[6.0, 171.0], &[6.0, 199.0], &[0.0, 199.0]],
                seam,
                1.2,
            );
            if kind == Top::Rugby {
                collar(art, &Paint::plain(art.palette.light.lighter(40)));
            }
        }
        Top::GraphicTee | Top::CropTee => print(art),
        Top::Hoodie => {
            art.seam(
                1.0,
                &[
                    &[-18.0, 262.0],
                    &[18.0, 262.0],
                    &[27.0, 286.0],
                    &[25.0, 300.0],
                    &[-25.0, 300.0],
                    &[-27.0, 286.0],
                    &[-18.0, 262.0],
                ],
                seam,
                1.6,
            );
        }
        Top::Sweatshirt => {
            art.seam(
                1.0,
                &[&[-4.0, 169.0], &[0.0, 178.0], &[4.0, 169.0]],
                seam,
                1.4,
            );
            print_word(art);
        }
        Top::Cable => {
            for x in [-15.0, 0.0, 15.0] {
                let mut y = 182.0;
                while y < low - 18.0 {
                    art.seam(
                        1.0,
                        &[&[x - 3.5, y], &[x + 8.0, y + 8.0, x - 3.5, y + 16.0]],
                        seam,
                        1.3,
                    );
                    art.seam(
                        1.0,
                        &[&[x + 3.5, y], &[x - 8.0, y + 8.0, x + 3.5, y + 16.0]],
                        seam,
                        1.3,
                    );
                    y += 19.0;
                }
            }
        }
        Top::Jersey => {
            let light = art.palette.light;
            art.seam(
                1.0,
                &[&[-13.0, 155.0], &[0.0, 192.0], &[13.0, 155.0]],
                light,
                3.4,
            );
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[
                        &[art.build.chest - 2.0, 212.0],
                        &[hip - 6.0, 260.0, hip - 3.0, low],
                    ],
                    light,
                    3.6,
                );
            }
            art.seam(
                1.0,
                &[&[-3.0, 214.0], &[9.0, 214.0], &[1.0, 240.0]],
                light,
                4.6,
            );
        }
        Top::HalfZip => {
            art.seam(1.0, &[&[0.0, 150.0], &[0.0, 204.0]], art.palette.light, 2.4);
            let tag = art.pose.frame.place(0.0, 207.0);
            art.oval(tag, 2.0, 4.0, art.palette.accent);
        }
        Top::BowBlouse => bow(art, paint),
        Top::Bustier => {
            art.seam(1.0, &[&[0.0, 192.0], &[0.0, 238.0]], seam, 1.4);
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[13.0, 193.0], &[17.0, 214.0, 12.0, 238.0]],
                    seam,
                    1.3,
                );
                art.seam(
                    side,
                    &[&[1.0, 207.0], &[15.0, 216.0, 31.0, 204.0]],
                    seam,
                    1.3,
                );
            }
        }
        Top::Jeogori => {
            let ribbon = art.palette.accent;
            art.seam(
                1.0,
                &[&[12.0, 208.0], &[20.0, 240.0, 13.0, 288.0]],
                ribbon,
                5.4,
            );
            art.seam(
                1.0,
                &[&[12.0, 208.0], &[28.0, 236.0, 25.0, 270.0]],
                ribbon.darker(12),
                5.4,
            );
            art.seam(
                1.0,
                &[&[4.0, 208.0], &[12.0, 200.0, 20.0, 209.0]],
                ribbon,
                5.0,
            );
        }
        _ => {}
    }
    if matches!(
        kind,
        Top::Knit | Top::VKnit | Top::Cable | Top::Hoodie | Top::Sweatshirt | Top::KnitVest
    ) && cut.hem == Hem::Hip
    {
        art.seam(
            1.0,
            &[&[-hip, low - 6.0], &[0.0, low - 2.0, hip, low - 6.0]],
            seam,
            1.5,
        );
    }
}

/// A print on the chest: three geometric ones.
fn print(art: &mut Art) {
    let (accent, light) = (art.palette.accent, art.palette.main.lighter(10));
    let at = |art: &Art, x: f64, y: f64| art.pose.frame.place(x, y);
    match (accent.0 / 7) % 3 {
        0 => {
            let middle = at(art, 0.0, 212.0);
            art.oval(middle, 14.0, 14.0, accent);
            art.seam(
                1.0,
                &[&[-14.0, 214.0], &[0.0, 208.0, 14.0, 214.0]],
                light,
                4.0,
            );
        }
        1 => {
            art.seam(
                1.0,
                &[
                    &[-13.0, 222.0],
                    &[-4.0, 202.0],
                    &[3.0, 214.0],
                    &[8.0, 206.0],
                    &[15.0, 222.0],
                ],
                accent,
                4.4,
            );
        }
        _ => {
            let left = at(art, -6.0, 209.0);
            let right = at(art, 6.0, 209.0);
            art.oval(left, 8.0, 8.0, accent);
            art.oval(right, 8.0, 8.0, accent);
            art.patch(
                1.0,
                &[&[-12.6, 213.0], &[12.6, 213.0], &[0.0, 228.0]],
                &format!("#{:06x}", accent.0),
            );
        }
    }
}

/// Bars that read as a word from afar.
fn print_word(art: &mut Art) {
    let accent = art.palette.accent;
    for (from, to) in [(-19.0, -13.0), (-8.0, -3.0), (2.0, 6.0), (11.0, 19.0)] {
        art.seam(1.0, &[&[from, 208.0], &[to, 208.0]], accent, 6.0);
    }
}

fn bow(art: &mut Art, paint: &Paint) {
    let colour = paint.colour.darker(14);
    let fill = format!("#{:06x}", colour.0);
    for side in [1.0, -1.0] {
        art.patch(
            side,
            &[
                &[0.0, 171.0],
                &[14.0, 158.0, 20.0, 166.0],
                &[22.0, 180.0, 0.0, 173.0],
            ],
            &fill,
        );
        art.seam(
            side,
            &[&[1.0, 174.0], &[8.0, 196.0, 7.0, 218.0]],
            colour,
            5.0,
        );
    }
    let knot = art.pose.frame.place(0.0, 172.0);
    art.oval(knot, 4.0, 4.4, colour.darker(12));
}
