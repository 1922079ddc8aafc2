//! Scarves, ties and jewellery.

use super::art::Art;
use super::paint::Paint;
use crate::garment::Neck;
use crate::palette::Colour;

/// Draws what is worn at the neck, over everything but the head.
pub(super) fn neck(art: &mut Art, kind: Neck, paint: &Paint) {
    let colour = paint.colour;
    match kind {
        Neck::Muffler => {
            art.patch(
                -1.0,
                &[&[4.0, 166.0], &[23.0, 164.0], &[25.0, 258.0], &[7.0, 260.0]],
                &paint.fill,
            );
            art.shade(
                &art.pose
                    .frame
                    .trace(
                        -1.0,
                        &[&[4.0, 166.0], &[11.0, 166.0], &[13.0, 259.0], &[7.0, 260.0]],
                    )
                    .close(),
                12,
            );
            for x in [9.0, 14.0, 19.0, 23.0] {
                art.seam(-1.0, &[&[x, 259.0], &[x + 0.4, 268.0]], colour, 2.2);
            }
            let steps: [&[f64]; 3] = [
                &[18.0, 137.0],
                &[29.0, 148.0, 25.0, 164.0],
                &[14.0, 174.0, 8.0, 175.0],
            ];
            art.cloth(&steps, 148.0, 177.0, paint);
            art.seam(
                1.0,
                &[&[-20.0, 150.0], &[2.0, 164.0, 21.0, 150.0]],
                paint.seam,
                1.6,
            );
            art.seam(
                1.0,
                &[&[-18.0, 163.0], &[2.0, 173.0, 20.0, 161.0]],
                paint.seam,
                1.3,
            );
        }
        Neck::Silk | Neck::Bandana => {
            art.seam(
                1.0,
                &[&[-12.0, 148.0], &[0.0, 160.0, 12.0, 148.0]],
                colour,
                9.0,
            );
            let fill = paint.fill.clone();
            if kind == Neck::Bandana {
                art.patch(
                    1.0,
                    &[&[-15.0, 151.0], &[0.0, 160.0, 15.0, 151.0], &[0.0, 186.0]],
                    &fill,
                );
                let middle = art.pose.frame.place(0.0, 168.0);
                art.oval(middle, 2.6, 2.6, art.palette.light);
            } else {
                for side in [1.0, -1.0] {
                    art.patch(
                        side,
                        &[&[5.0, 157.0], &[18.0, 168.0], &[13.0, 184.0], &[3.0, 162.0]],
                        &fill,
                    );
                }
                let knot = art.pose.frame.place(4.0, 158.0);
                art.oval(knot, 4.6, 4.4, colour.darker(16));
            }
        }
        Neck::Tie => {
            let fill = paint.fill.clone();
            art.patch(
                1.0,
                &[
                    &[-3.0, 172.0],
                    &[3.0, 172.0],
                    &[6.5, 236.0],
                    &[0.0, 246.0],
                    &[-6.5, 236.0],
                ],
                &fill,
            );
            art.patch(
                1.0,
                &[&[-5.5, 162.0], &[5.5, 162.0], &[3.5, 173.0], &[-3.5, 173.0]],
                &fill,
            );
            for y in [188.0, 204.0, 220.0] {
                art.seam(
                    1.0,
                    &[&[-4.0, y + 4.0], &[4.0, y - 3.0]],
                    art.palette.light,
                    2.0,
                );
            }
        }
        Neck::Pearls => {
            for (x, y) in [
                (-14.0, 153.0),
                (-10.5, 160.0),
                (-5.6, 165.0),
                (0.0, 167.0),
                (5.6, 165.0),
                (10.5, 160.0),
                (14.0, 153.0),
            ] {
                let pearl = art.pose.frame.place(x, y);
                art.oval(pearl, 3.0, 3.0, Colour(0xDD_D3C8));
                art.oval(pearl, 2.3, 2.3, Colour(0xFF_FBF4));
            }
        }
        Neck::Chain => {
            art.seam(
                1.0,
                &[&[-14.0, 153.0], &[0.0, 216.0, 14.0, 153.0]],
                Colour(0xC9_CDD2),
                2.2,
            );
            let charm = art.pose.frame.place(0.0, 187.0);
            art.oval(charm, 4.4, 5.4, Colour(0xE3_E5E8));
        }
        Neck::Choker => {
            art.seam(
                1.0,
                &[&[-9.0, 142.0], &[0.0, 147.0, 9.0, 142.0]],
                Colour(0x2A_2430),
                3.6,
            );
            let charm = art.pose.frame.place(0.0, 148.0);
            art.oval(charm, 2.6, 2.6, art.palette.accent);
        }
        Neck::Norigae => {
            let cord = art.palette.accent;
            art.seam(-1.0, &[&[14.0, 212.0], &[14.0, 236.0]], cord, 2.0);
            let jade = art.pose.frame.place(-14.0, 240.0);
            art.oval(jade, 6.4, 6.4, Colour(0x7F_B59A));
            art.oval(jade, 2.2, 2.2, Colour(0xF3_F7EE));
            for x in [11.0, 14.0, 17.0] {
                art.seam(-1.0, &[&[14.0, 247.0], &[x, 262.0, x, 290.0]], cord, 2.6);
            }
        }
    }
}
