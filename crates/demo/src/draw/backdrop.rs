//! Behind the figure: a wall, a quiet shape on it, a floor and a shadow.

use super::art::Art;
use super::geometry::at;

/// Draws one of a few scenes.
pub(super) fn backdrop(art: &mut Art, variant: u64) {
    let (ground, shape) = (art.palette.ground, art.palette.shape);
    let floor = ground.mix(shape, 34).darker(5);
    art.blot("M0 0H480V640H0Z", ground);
    let soft = ground.mix(shape, 58);
    let softer = ground.mix(shape, 32);
    match variant % 7 {
        0 => {
            art.oval(at(240.0, 280.0), 178.0, 178.0, soft);
            art.blot("M0 560H480V640H0Z", floor);
        }
        1 => {
            art.blot("M96 640V236Q96 92 240 92T384 236V640Z", soft);
            art.blot("M0 576H480V640H0Z", floor);
        }
        2 => {
            art.blot("M0 0H480V150L0 470Z", softer);
            art.blot("M0 552H480V640H0Z", floor);
        }
        3 => {
            art.blot("M70 60H410V520H70Z", softer);
            art.blot("M92 82H388V498H92Z", soft);
            art.blot("M0 548H480V640H0Z", floor);
        }
        4 => {
            art.oval(at(352.0, 170.0), 112.0, 112.0, soft);
            art.oval(at(96.0, 420.0), 70.0, 70.0, softer);
            art.blot("M0 570Q240 536 480 570V640H0Z", floor);
        }
        5 => {
            art.blot("M0 0H160V640H0Z", softer);
            art.blot("M160 0H320V640H160Z", soft.mix(ground, 20));
            art.blot("M0 566H480V640H0Z", floor);
        }
        _ => {
            art.blot("M60 640Q20 380 130 220T330 110T440 330T420 640Z", soft);
            art.blot("M0 580Q240 560 480 580V640H0Z", floor);
        }
    }
}

/// The shadow on the ground, between the feet and a little beyond.
pub(super) fn shadow(art: &mut Art) {
    let [left, right] = art.pose.legs.map(|leg| leg[2].x);
    let (low, high) = (left.min(right), left.max(right));
    let middle = at((low + high) / 2.0 + 8.0, 581.0);
    let dark = art.palette.ground.mix(art.palette.shape, 50).darker(24);
    art.oval(middle, (high - low) / 2.0 + 58.0, 11.0, dark);
}
