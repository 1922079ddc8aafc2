//! The figure itself: legs, torso, arms, head and face.

use super::art::{Art, segment};
use super::geometry::{Point, at, ribbon};

/// Legs and trunk, on which everything else is laid.
pub(super) fn trunk(art: &mut Art) {
    let skin = art.skin;
    let limb = art.build.limb;
    let front = art.pose.front;
    for side in [1 - front, front] {
        let leg = art.pose.legs[side];
        let widths = [18.5 * limb, 11.5 * limb, 6.5 * limb];
        art.blot(&ribbon(leg, widths), skin);
        art.tube_shade(leg, widths, 7);
    }
    let build = art.build;
    let steps: [&[f64]; 6] = [
        &[9.0, 126.0],
        &[9.0, 150.0, 20.0, 156.0],
        &[build.shoulder - 2.0, 160.0, build.shoulder, 174.0],
        &[build.chest + 3.0, 200.0, build.waist, 252.0],
        &[build.hip + 3.0, 290.0, build.hip, 320.0],
        &[14.0, 336.0],
    ];
    let path = art.pose.frame.symmetric(&steps, 126.0, 344.0);
    art.blot(&path, skin);
    // The head's shadow on the neck.
    let steps: [&[f64]; 2] = [&[8.8, 132.0], &[8.5, 140.0]];
    let path = art.pose.frame.symmetric(&steps, 132.0, 153.0);
    art.shade(&path, 14);
    let line = skin.darker(16);
    for side in [1.0, -1.0] {
        art.seam(
            side,
            &[&[7.0, 161.0], &[16.0, 164.0, 26.0, 161.0]],
            line,
            1.3,
        );
    }
}

/// A bare arm and its hand, to be covered by sleeves.
pub(super) fn arm(art: &mut Art, side: usize) {
    let skin = art.skin;
    let thick = art.build.limb;
    let arm = art.pose.arms[side];
    let widths = [9.5 * thick, 7.2 * thick, 5.2 * thick];
    art.blot(&ribbon(arm, widths), skin);
    art.tube_shade(arm, widths, 7);
    if art.pose.pocketed[side] {
        return;
    }
    let tips = art.pose.fingertips(side);
    let [_, elbow, wrist] = arm;
    let along = elbow.heading(wrist);
    let inward = if side == 0 { 1.0 } else { -1.0 };
    let palm = wrist.plus(-along.x, -along.y);
    art.stroke(&segment(palm, tips), skin, 9.5 * thick);
    let thumb = wrist.plus(along.x * 11.0 + inward * 5.5, along.y * 10.0);
    art.stroke(&segment(palm, thumb), skin, 4.2 * thick);
}

/// Where the middle of the head is.
pub(super) fn head_middle(art: &Art) -> Point {
    at(240.0 + art.pose.gaze * 2.0, 102.0)
}

/// Head and face, without hair.
pub(super) fn head(art: &mut Art, face: u64) {
    let middle = head_middle(art);
    let skin = art.skin;
    let ink = skin.darker(74);
    let point = |x: f64, y: f64| middle.plus(x, y);
    for side in [-1.0, 1.0] {
        art.oval(point(side * 22.0, 6.0), 3.6, 6.4, skin.darker(7));
    }
    let outline = super::geometry::Path::from(point(-22.0, -2.0))
        .curve(point(-23.0, -31.0), point(0.0, -32.0))
        .curve(point(23.0, -31.0), point(22.0, -2.0))
        .curve(point(21.0, 17.0), point(10.0, 28.0))
        .curve(point(0.0, 36.0), point(-10.0, 28.0))
        .curve(point(-21.0, 17.0), point(-22.0, -2.0))
        .close();
    art.blot(&outline, skin);
    let turn = art.pose.gaze * 3.4;
    let blush = skin.mix(crate::palette::Colour(0xE8_5F6A), 26);
    for side in [-1.0, 1.0] {
        art.oval(point(side * 13.0 + turn, 13.0), 4.6, 3.0, blush);
        let eye = point(side * 9.0 + turn, 4.0);
        if face.is_multiple_of(3) {
            let lid = super::geometry::Path::from(eye.plus(-3.2, 0.0))
                .curve(eye.plus(0.0, 3.0), eye.plus(3.2, 0.0));
            art.stroke(&lid.text, ink, 1.6);
        } else {
            art.oval(eye, 1.7, 2.2, ink);
        }
        let brow = super::geometry::Path::from(point(side * 5.4 + turn, -3.4)).curve(
            point(side * 9.0 + turn, -5.6),
            point(side * 13.0 + turn, -3.0),
        );
        art.stroke(&brow.text, art.hair.mix(ink, 50), 1.5);
    }
    let nose = super::geometry::Path::from(point(turn * 1.3, 7.0))
        .curve(point(turn * 1.3 + 2.2, 12.0), point(turn * 1.3 - 0.6, 12.6));
    art.stroke(&nose.text, skin.darker(24), 1.3);
    let smile = 1.2 + (face % 4) as f64 * 0.7;
    let mouth = super::geometry::Path::from(point(turn - 4.0, 19.5))
        .curve(point(turn, 19.5 + smile * 1.6), point(turn + 4.0, 19.5));
    let lips = skin.mix(crate::palette::Colour(0xB0_3A48), 62);
    art.stroke(&mouth.text, lips, 1.9);
}
