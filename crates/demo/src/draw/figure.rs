//! Puts a picture together, from the wall behind to the bag in front.

use super::art::Art;
use super::hair::Hair;
use super::pose::{Build, FREE_HANDED, POSES, Pose};
use super::top::Sleeve;
use super::wardrobe::{Dyes, Wardrobe, paint};
use super::{backdrop, bag, body, bottom, dress, hair, hat, neck, outer, shoe, top};
use crate::cluster::Cluster;
use crate::garment::{Bottom, Fit, Hat, Shoes};
use crate::outfit::DemoOutfit;
use crate::palette::{Colour, Palette};
use crate::random::Random;

/// Skin, from light to dark.
const SKINS: [u32; 7] = [
    0xF8_DCC8, 0xF3_CDB0, 0xEA_BC98, 0xDA_A27E, 0xBC_8460, 0x93_6244, 0x6B_4531,
];
/// How often each is met.
const SKIN_WEIGHTS: [u32; 7] = [26, 28, 20, 10, 7, 5, 4];
/// Natural hair, then dyed.
const HAIRS: [u32; 8] = [
    0x26_2022, 0x2F_2524, 0x45_3129, 0x6A_4632, 0x8F_6B4C, 0xCF_A970, 0xB7_A8B6, 0xDB_8FAF,
];

/// Draws an outfit.
pub(super) fn figure(outfit: &DemoOutfit) -> String {
    let mut chance = Random::new(outfit.look, 1);
    let all = Wardrobe::of(outfit);
    let wearer = outfit.wearer();
    let palette = Palette::of(outfit.cluster, outfit.palette);
    let palette = all.tone.map_or(palette, |tone| palette.toned(tone));
    let build = Build::of(wearer, chance.between(-10, 10) as f64 / 10.0);
    let free = all
        .bag
        .as_ref()
        .is_some_and(|piece| bag::in_hand(piece.kind));
    let pose = if free {
        FREE_HANDED[chance.index(FREE_HANDED.len())]
    } else {
        chance.index(POSES)
    };
    let mut art = Art::new(outfit.number, palette, build, Pose::of(pose, &build));
    art.skin = Colour(SKINS[chance.weighted(&SKIN_WEIGHTS)]);
    let natural = [30, 26, 20, 12, 6];
    let dyed = [22, 20, 16, 10, 8, 9, 8, 9];
    let daring = matches!(outfit.cluster, Cluster::Street | Cluster::Y2k);
    art.hair = Colour(HAIRS[chance.weighted(if daring { &dyed } else { &natural })]);
    let hair = chance.pick(Hair::of(wearer)).unwrap_or(Hair::Bob);
    // A bun would stand out of a hat.
    let hatted = all
        .hat
        .as_ref()
        .is_some_and(|piece| !matches!(piece.kind, Hat::Headband | Hat::Ribbon | Hat::Baessi));
    let hair = match hair {
        Hair::Bun if hatted => Hair::Braid,
        Hair::Curls if hatted => Hair::Mullet,
        other => other,
    };
    let (scene, face, locks, way) = (chance.next(), chance.next(), chance.next(), chance.next());
    let dyes = Dyes::of(&palette, way).apart_from(art.skin);

    backdrop::backdrop(&mut art, scene);
    backdrop::shadow(&mut art);
    let mirrored = scene & 64 != 0;
    art.raw(if mirrored {
        r#"<g transform="matrix(-1.1 0 0 1.04 504 -23)">"#
    } else {
        r#"<g transform="matrix(1.1 0 0 1.04 -24 -23)">"#
    });
    hair::back(&mut art, hair);
    dress_up(&mut art, &all, &dyes);
    if let Some(piece) = &all.neck {
        let paint = paint(&mut art, piece, dyes.neck);
        art.begin(piece.name);
        neck::neck(&mut art, piece.kind, &paint);
        art.end();
    }
    body::head(&mut art, face);
    hair::front(&mut art, hair, locks);
    if let Some(piece) = &all.eyes {
        art.begin(piece.name);
        hat::eyes(&mut art, piece.kind);
        art.end();
    }
    if let Some(piece) = &all.hat {
        let paint = paint(&mut art, piece, dyes.hat);
        art.begin(piece.name);
        hat::hat(&mut art, piece.kind, &paint);
        art.end();
    }
    raised_hand(&mut art);
    art.raw("</g>");
    let names: Vec<_> = outfit.tags.iter().map(|tag| tag.name()).collect();
    art.finish(&names.join(", "))
}

/// From the feet up, everything below the head.
fn dress_up(art: &mut Art, all: &Wardrobe, dyes: &Dyes) {
    let loose = if all.fit == Some(Fit::Over) { 5.0 } else { 0.0 };
    let outer = all.outer.as_ref().map(|piece| {
        let paint = paint(art, piece, dyes.outer);
        (piece, outer::cut(piece.kind, loose), paint)
    });
    let bag = all.bag.as_ref().map(|piece| {
        let paint = paint(art, piece, dyes.bag);
        (piece, paint)
    });
    if let Some((piece, paint)) = &bag {
        bag::behind(art, piece.kind, paint);
    }
    if let Some((_, cut, paint)) = &outer {
        art.fullness = if cut.hem > 360.0 { 0.72 } else { 1.0 };
        outer::lining(art, cut, paint);
    }
    body::trunk(art);
    body::arm(art, 0);
    body::arm(art, 1);
    if let (Some(piece), true) = (&all.legs, all.bare_legged()) {
        let paint = paint(art, piece, dyes.legs);
        art.begin(piece.name);
        shoe::hosiery(art, piece.kind, &paint);
        art.end();
    }
    let boots = all.shoes.as_ref().is_some_and(|piece| {
        matches!(piece.kind, Shoes::LongBoots | Shoes::FurBoots) && !all.bare_legged()
    });
    if !boots {
        shoes(art, all, dyes);
    }
    middle(
        art,
        all,
        dyes,
        outer.as_ref().is_some_and(|(_, cut, _)| cut.sleeves),
    );
    if boots {
        shoes(art, all, dyes);
    }
    if let Some((piece, cut, paint)) = &outer {
        art.begin(piece.name);
        outer::outer(art, piece.kind, cut, paint);
        art.end();
    }
    if let Some((piece, paint)) = &bag {
        art.begin(piece.name);
        bag::bag(art, piece.kind, paint);
        art.end();
    }
}

fn shoes(art: &mut Art, all: &Wardrobe, dyes: &Dyes) {
    if let Some(piece) = &all.shoes {
        let paint = paint(art, piece, dyes.shoes);
        art.begin(piece.name);
        shoe::shoes(art, piece.kind, &paint);
        art.end();
    }
}

/// Dress, or top and bottom in the order in which they are tucked.
fn middle(art: &mut Art, all: &Wardrobe, dyes: &Dyes, covered: bool) {
    if let Some(piece) = &all.dress {
        let paint = paint(art, piece, dyes.dress);
        art.begin(piece.name);
        dress::dress(art, piece.kind, piece.cloth, &paint, !covered);
        art.end();
        return;
    }
    let under = all
        .bottom
        .as_ref()
        .is_some_and(|piece| piece.kind == Bottom::Overall);
    let top_cut = all.top.as_ref().map(|piece| {
        let mut cut = top::cut(piece.kind, all.fit);
        if under {
            cut.hem = top::Hem::Waist;
        }
        cut
    });
    let tucked = top_cut.is_some_and(|cut| cut.hem == top::Hem::Waist);
    if tucked {
        upper(art, all, dyes, top_cut, covered);
    }
    if let Some(piece) = &all.bottom {
        let paint = paint(art, piece, dyes.bottom);
        let loose = if all.fit == Some(Fit::Over) { 3.0 } else { 0.0 };
        art.begin(piece.name);
        bottom::bottom(art, piece.kind, piece.cloth, &paint, loose);
        art.end();
    }
    if !tucked {
        upper(art, all, dyes, top_cut, covered);
    }
}

fn upper(art: &mut Art, all: &Wardrobe, dyes: &Dyes, cut: Option<top::Cut>, covered: bool) {
    if let (Some(piece), Some(cut)) = (&all.top, cut) {
        let paint = paint(art, piece, dyes.top);
        art.begin(piece.name);
        top::top(
            art,
            piece.kind,
            &cut,
            &paint,
            !covered || cut.sleeve == Sleeve::None,
        );
        art.end();
    }
}

/// A hand at the brow or at a strap lies in front of everything.
fn raised_hand(art: &mut Art) {
    let [_, elbow, wrist] = art.pose.arms[1];
    if wrist.y < 230.0 {
        let heading = elbow.heading(wrist);
        let skin = art.skin;
        let from = wrist.plus(-heading.x * 2.0, -heading.y * 2.0);
        let to = wrist.plus(heading.x * 12.0, heading.y * 12.0);
        art.stroke(&super::art::segment(from, to), skin, 10.5 * art.build.limb);
    }
}
