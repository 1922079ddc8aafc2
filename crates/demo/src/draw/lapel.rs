//! What makes a jacket the jacket it is.

use super::art::Art;
use super::outer::Cut;
use super::paint::Paint;
use super::tailoring::{belt, curly, fold, hood, notch, pockets, quilting, rib, stand, zip};
use crate::garment::Outer;
use crate::palette::Colour;

/// Draws the front of a jacket or coat.
pub(super) fn finish(art: &mut Art, kind: Outer, cut: &Cut, paint: &Paint) {
    match kind {
        Outer::Blazer | Outer::Coat => {
            notch(
                art,
                paint,
                if kind == Outer::Coat { 250.0 } else { 236.0 },
                cut.gap[0],
            );
            let button = paint.seam;
            for y in [256.0, 276.0] {
                let place = art.pose.frame.place(cut.gap[0] + 7.0, y);
                art.oval(place, 2.3, 2.3, button);
            }
            pockets(art, paint, if kind == Outer::Coat { 320.0 } else { 286.0 });
        }
        Outer::DoubleBlazer | Outer::DoubleCoat | Outer::Trench => {
            notch(art, paint, 226.0, cut.gap[0].max(4.0));
            let button = if kind == Outer::DoubleBlazer {
                Colour(0xC9_A45C)
            } else {
                paint.seam
            };
            for y in [236.0, 262.0, 288.0] {
                for x in [-16.0, 16.0] {
                    if kind == Outer::Trench && y == 262.0 {
                        continue;
                    }
                    let place = art.pose.frame.place(x, y);
                    art.oval(place, 2.7, 2.7, button);
                }
            }
            pockets(
                art,
                paint,
                if kind == Outer::DoubleBlazer {
                    300.0
                } else {
                    330.0
                },
            );
            if kind == Outer::Trench {
                belt(art, cut, paint);
            }
        }
        Outer::Tweed => {
            let trim = art.palette.light;
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[15.0, 153.0], &[cut.gap[0], 210.0], &[cut.gap[1], cut.hem]],
                    trim,
                    3.4,
                );
                art.seam(side, &[&[20.0, 226.0], &[33.0, 225.0]], trim, 2.8);
                art.seam(side, &[&[20.0, 262.0], &[34.0, 261.0]], trim, 2.8);
            }
        }
        Outer::Trucker => {
            fold(art, paint, 178.0);
            let thread = paint.colour.lighter(40);
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[12.0, 196.0], &[art.build.chest + 5.0, 194.0]],
                    thread,
                    1.4,
                );
                art.seam(side, &[&[18.0, 197.0], &[15.0, 268.0]], thread, 1.2);
                art.seam(side, &[&[32.0, 197.0], &[25.0, 268.0]], thread, 1.2);
                art.seam(
                    side,
                    &[&[18.0, 206.0], &[25.0, 210.0], &[32.0, 205.0]],
                    thread,
                    1.4,
                );
            }
            rib(art, cut, paint);
        }
        Outer::Rider => {
            notch(art, paint, 214.0, 8.0);
            let metal = Colour(0xC8_C8CC);
            art.seam(
                1.0,
                &[&[14.0, 204.0], &[cut.gap[1] + 2.0, cut.hem - 4.0]],
                metal,
                2.0,
            );
            art.seam(1.0, &[&[22.0, 236.0], &[36.0, 228.0]], metal, 1.8);
            art.seam(-1.0, &[&[20.0, 248.0], &[34.0, 240.0]], metal, 1.8);
        }
        Outer::Bomber | Outer::Varsity | Outer::TrackTop => {
            let tone = if kind == Outer::Varsity {
                art.palette.light
            } else {
                paint.colour.darker(14)
            };
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[13.0, 148.0], &[17.0, 158.0, 10.0, 172.0]],
                    tone,
                    6.5,
                );
            }
            zip(art, cut);
            rib(art, cut, &Paint::plain(tone));
            if kind == Outer::Varsity {
                let accent = art.palette.accent;
                art.seam(
                    1.0,
                    &[
                        &[20.0, 200.0],
                        &[24.0, 218.0],
                        &[28.0, 206.0],
                        &[32.0, 218.0],
                        &[35.0, 200.0],
                    ],
                    accent,
                    3.6,
                );
            }
        }
        Outer::Windbreaker | Outer::Shell => {
            stand(art, paint);
            zip(art, cut);
            let block = art.palette.accent;
            let chest = art.build.chest + cut.ease;
            art.seam(
                1.0,
                &[&[-chest, 214.0], &[-cut.gap[0] - 2.0, 218.0]],
                block,
                4.0,
            );
            art.seam(
                1.0,
                &[&[cut.gap[0] + 2.0, 218.0], &[chest, 214.0]],
                block,
                4.0,
            );
            pockets(art, paint, 278.0);
        }
        Outer::Fleece | Outer::Shearling => {
            let pile = if kind == Outer::Shearling {
                art.palette.light
            } else {
                paint.colour.lighter(18)
            };
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[11.0, 148.0], &[22.0, 164.0, 12.0, 186.0]],
                    pile,
                    11.0,
                );
            }
            if kind == Outer::Fleece {
                let patch = art.palette.accent;
                art.patch(
                    1.0,
                    &[
                        &[17.0, 200.0],
                        &[36.0, 198.0],
                        &[36.0, 218.0],
                        &[18.0, 220.0],
                    ],
                    &format!("#{:06x}", patch.0),
                );
                curly(art, cut, paint);
            } else {
                for side in [1.0, -1.0] {
                    art.seam(
                        side,
                        &[
                            &[cut.gap[1] + 3.0, cut.hem - 2.0],
                            &[art.build.hip + cut.ease, cut.hem - 5.0],
                        ],
                        pile,
                        8.0,
                    );
                    art.seam(
                        side,
                        &[
                            &[cut.gap[0] + 2.0, 190.0],
                            &[cut.gap[1] + 2.0, cut.hem - 4.0],
                        ],
                        pile,
                        5.0,
                    );
                }
            }
        }
        Outer::Puffer | Outer::LongPuffer => {
            stand(art, paint);
            quilting(art, cut, paint);
            zip(art, cut);
        }
        Outer::Duffle => {
            hood(art, paint);
            for y in [214.0, 246.0, 278.0, 310.0] {
                art.seam(1.0, &[&[-14.0, y], &[14.0, y]], Colour(0xB8_9468), 2.2);
                art.seam(1.0, &[&[-5.0, y], &[6.0, y]], Colour(0xE9_DDC4), 5.0);
            }
            pockets(art, paint, 340.0);
        }
        Outer::ZipHoodie => {
            hood(art, paint);
            zip(art, cut);
            rib(art, cut, paint);
            pockets(art, paint, 270.0);
        }
        Outer::Cardigan | Outer::Bolero => {
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[
                        &[15.0, 154.0],
                        &[cut.gap[0] + 1.0, 210.0],
                        &[cut.gap[1] + 1.0, cut.hem],
                    ],
                    paint.colour.darker(12),
                    5.0,
                );
            }
            let mut y = 222.0;
            while y < cut.hem - 10.0 {
                let place = art.pose.frame.place(cut.gap[0] + 2.0, y);
                art.oval(place, 2.4, 2.4, art.palette.light);
                y += 22.0;
            }
        }
        Outer::Chore | Outer::UtilityVest => {
            fold(art, paint, 176.0);
            for side in [1.0, -1.0] {
                for (top, height) in [(200.0, 24.0), (254.0, 34.0)] {
                    let pocket: [&[f64]; 5] = [
                        &[16.0, top],
                        &[36.0, top - 1.0],
                        &[37.0, top + height],
                        &[17.0, top + height + 1.0],
                        &[16.0, top],
                    ];
                    if top + height > cut.hem - 4.0 {
                        continue;
                    }
                    let path = art.pose.frame.trace(side, &pocket).text;
                    art.shade(&path, 7);
                    art.stroke(&path, paint.seam, 1.5);
                }
            }
            if kind == Outer::UtilityVest {
                zip(art, cut);
            }
        }
        Outer::Robe => {
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[15.0, 153.0], &[cut.gap[0], 210.0], &[cut.gap[1], cut.hem]],
                    art.palette.accent,
                    4.0,
                );
            }
        }
        Outer::Durumagi => {
            let white = art.palette.light.lighter(40);
            art.seam(
                -1.0,
                &[&[13.0, 152.0], &[6.0, 180.0, -18.0, 214.0]],
                paint.colour.darker(22),
                9.0,
            );
            art.seam(
                -1.0,
                &[&[12.0, 153.0], &[5.0, 178.0, -13.0, 204.0]],
                white,
                3.4,
            );
            art.seam(
                1.0,
                &[&[13.0, 152.0], &[8.0, 172.0, 0.0, 186.0]],
                paint.colour.darker(22),
                9.0,
            );
            let sash = art.palette.accent;
            art.seam(
                1.0,
                &[&[17.0, 216.0], &[28.0, 262.0, 18.0, 332.0]],
                sash,
                6.0,
            );
            art.seam(
                1.0,
                &[&[17.0, 216.0], &[36.0, 250.0, 33.0, 306.0]],
                sash.darker(12),
                6.0,
            );
            art.seam(
                1.0,
                &[&[8.0, 216.0], &[17.0, 206.0, 27.0, 217.0]],
                sash,
                5.4,
            );
        }
        Outer::Baeja => {
            let trim = art.palette.light;
            for side in [1.0, -1.0] {
                art.seam(
                    side,
                    &[&[15.0, 153.0], &[cut.gap[0], 210.0], &[cut.gap[1], cut.hem]],
                    trim,
                    4.4,
                );
            }
            let jade = Colour(0x6F_A48E);
            art.seam(
                1.0,
                &[&[-cut.gap[0], 222.0], &[cut.gap[0], 222.0]],
                jade,
                3.4,
            );
        }
    }
}
