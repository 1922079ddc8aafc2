//! Dresses and jumpsuits: a bodice from one module, a skirt or trousers from another.

use super::art::Art;
use super::bottom;
use super::paint::Paint;
use super::skirt::{self, Fall};
use super::top::{self, Cut, Hem, Neckline, Sleeve};
use crate::garment::{Bottom, Cloth, Dress};

/// Draws a dress.
pub(super) fn dress(art: &mut Art, kind: Dress, cloth: Cloth, paint: &Paint, sleeves: bool) {
    let fall = |hem, wide, round| Fall { hem, wide, round };
    let (fall, neckline, sleeve) = match kind {
        Dress::Mini => (fall(394.0, 70.0, 54.0), Neckline::Round, Sleeve::Short),
        Dress::Midi => (fall(482.0, 78.0, 58.0), Neckline::Vee, Sleeve::Puff),
        Dress::Slip => (fall(506.0, 50.0, 46.0), Neckline::Straps, Sleeve::None),
        Dress::Shirt => (fall(452.0, 62.0, 52.0), Neckline::Collar, Sleeve::Long),
        Dress::Knit => (fall(464.0, 42.0, 44.0), Neckline::High, Sleeve::Long),
        Dress::Maxi => (fall(534.0, 92.0, 60.0), Neckline::Straps, Sleeve::None),
        Dress::Tiered => (fall(498.0, 96.0, 62.0), Neckline::Wide, Sleeve::Puff),
        Dress::Cheollik => (fall(496.0, 96.0, 76.0), Neckline::Wrap, Sleeve::Long),
        Dress::Jumpsuit => (fall(0.0, 0.0, 0.0), Neckline::Collar, Sleeve::Short),
    };
    let fall = fall.held(art.fullness);
    let cut = Cut {
        neckline,
        sleeve,
        ease: 1.0,
        hem: Hem::Waist,
    };
    if kind == Dress::Jumpsuit {
        bottom::bottom(art, Bottom::Straight, cloth, paint, 3.0);
    } else {
        skirt::drape(art, 248.0, fall, paint);
    }
    match kind {
        Dress::Tiered => skirt::tiers(art, fall, paint),
        Dress::Cheollik => skirt::gathers(art, fall, paint, 246.0),
        Dress::Slip => skirt::sheen(art, fall, paint),
        Dress::Mini | Dress::Midi | Dress::Maxi => skirt::gathers(art, fall, paint, 246.0),
        Dress::Shirt | Dress::Knit | Dress::Jumpsuit => {}
    }
    top::bodice(art, &cut, paint);
    if sleeves {
        top::sleeves(art, &cut, paint);
    }
    let waist = art.build.waist;
    let band: [&[f64]; 2] = [&[-waist - 1.5, 252.0], &[0.0, 257.0, waist + 1.5, 252.0]];
    match kind {
        Dress::Shirt | Dress::Jumpsuit => {
            art.seam(1.0, &band, art.palette.deep, 7.0);
            let middle = art.pose.frame.place(0.0, 254.5);
            art.oval(middle, 4.2, 4.8, art.palette.accent);
            if kind == Dress::Shirt {
                art.seam(1.0, &[&[0.0, 262.0], &[0.0, fall.hem]], paint.seam, 1.5);
            }
        }
        Dress::Cheollik => {
            art.seam(1.0, &band, paint.colour.darker(16), 6.0);
            let sash = art.palette.accent;
            art.seam(
                1.0,
                &[&[12.0, 254.0], &[20.0, 290.0, 14.0, 336.0]],
                sash,
                5.0,
            );
            art.seam(
                1.0,
                &[&[12.0, 254.0], &[28.0, 280.0, 27.0, 316.0]],
                sash,
                5.0,
            );
        }
        Dress::Knit | Dress::Slip => {}
        _ => art.seam(1.0, &band, paint.seam, 2.0),
    }
}
