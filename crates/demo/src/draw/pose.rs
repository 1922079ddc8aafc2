//! How the figure stands: joints of a straight figure moved into a few poses.

use super::geometry::{Frame, Limb, Point, at};
use crate::outfit::Gender;

/// Half widths of the figure, in picture units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Build {
    pub(super) shoulder: f64,
    pub(super) chest: f64,
    pub(super) waist: f64,
    pub(super) hip: f64,
    /// How thick the limbs are, 1 for hers.
    pub(super) limb: f64,
}

impl Build {
    /// A build; `slim` from -1 to 1.
    pub(super) fn of(wearer: Gender, slim: f64) -> Self {
        match wearer {
            Gender::F => Self {
                shoulder: 38.0 + slim,
                chest: 33.0 + slim,
                waist: 26.5 + 1.5 * slim,
                hip: 38.0 + 2.0 * slim,
                limb: 1.0 + 0.04 * slim,
            },
            Gender::M => Self {
                shoulder: 48.0 + 1.5 * slim,
                chest: 42.0 + 1.5 * slim,
                waist: 36.0 + 1.5 * slim,
                hip: 39.0 + slim,
                limb: 1.16 + 0.04 * slim,
            },
        }
    }
}

/// A pose of a certain build. Of each pair the first is at the left of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pose {
    pub(super) frame: Frame,
    pub(super) arms: [Limb; 2],
    /// Whether that hand is in a pocket, and so not seen.
    pub(super) pocketed: [bool; 2],
    pub(super) legs: [Limb; 2],
    /// Which leg is in front.
    pub(super) front: usize,
    /// Where the face looks, -1 to 1.
    pub(super) gaze: f64,
}

/// Poses in which the left hand hangs free, so that it can carry a bag.
pub(super) const FREE_HANDED: [usize; 5] = [0, 1, 2, 5, 6];
/// All poses.
pub(super) const POSES: usize = 8;

/// hips, feet, shoulder tilt, hip tilt, gaze; elbows; hands; knees; ankles. x from the middle.
type Sketch = ([f64; 5], [[f64; 2]; 8]);

#[rustfmt::skip] // a table: one pose a line
const SKETCHES: [Sketch; POSES] = [
    ([0.0, 0.0, 0.0, 0.0, 0.3], [[-55.0, 240.0], [55.0, 240.0], [-58.0, 310.0], [58.0, 310.0], [-21.0, 436.0], [21.0, 436.0], [-24.0, 552.0], [24.0, 552.0]]),
    ([9.0, -8.0, 0.05, -0.08, -0.6], [[-58.0, 240.0], [86.0, 226.0], [-64.0, 310.0], [44.0, 272.0], [-22.0, 436.0], [24.0, 434.0], [-44.0, 550.0], [14.0, 556.0]]),
    ([3.0, 8.0, 0.03, -0.03, 0.7], [[-60.0, 238.0], [52.0, 240.0], [-78.0, 304.0], [44.0, 308.0], [-12.0, 436.0], [22.0, 430.0], [-6.0, 556.0], [30.0, 538.0]]),
    ([0.0, 0.0, 0.0, 0.0, -0.2], [[-70.0, 238.0], [70.0, 238.0], [-42.0, 298.0], [42.0, 298.0], [-26.0, 436.0], [24.0, 436.0], [-34.0, 551.0], [30.0, 552.0]]),
    ([-8.0, 6.0, -0.06, 0.07, 0.6], [[-70.0, 240.0], [92.0, 130.0], [-48.0, 298.0], [34.0, 96.0], [-26.0, 434.0], [16.0, 438.0], [-16.0, 556.0], [42.0, 550.0]]),
    ([2.0, 0.0, 0.02, -0.02, -0.5], [[-56.0, 240.0], [66.0, 238.0], [-60.0, 310.0], [24.0, 206.0], [-12.0, 436.0], [16.0, 436.0], [10.0, 556.0], [-12.0, 546.0]]),
    ([-6.0, 0.0, -0.04, 0.05, 0.8], [[-60.0, 240.0], [56.0, 240.0], [-72.0, 308.0], [52.0, 310.0], [-30.0, 436.0], [20.0, 436.0], [-38.0, 552.0], [36.0, 550.0]]),
    ([7.0, 0.0, 0.04, -0.06, 0.5], [[-72.0, 238.0], [57.0, 240.0], [-44.0, 298.0], [66.0, 308.0], [-24.0, 434.0], [22.0, 436.0], [-40.0, 548.0], [18.0, 556.0]]),
];

/// Hands in pockets, by pose: left, right.
const POCKETS: [[bool; 2]; POSES] = [
    [false; 2],
    [false; 2],
    [false; 2],
    [true; 2],
    [true, false],
    [false; 2],
    [false; 2],
    [true, false],
];

impl Pose {
    /// The pose of a number, taken round at [`POSES`].
    pub(super) fn of(number: usize, build: &Build) -> Self {
        let number = number % POSES;
        let ([hips, feet, shoulder_tilt, hip_tilt, gaze], joints) = SKETCHES[number];
        let frame = Frame {
            hips,
            feet,
            shoulder_tilt,
            hip_tilt,
        };
        // Wider shoulders carry the arms outwards, wider limbs the feet.
        let wider = build.shoulder - 38.0;
        let arm = |side: usize| {
            let sign = side as f64 * 2.0 - 1.0;
            let joint = |index: usize, part: f64| {
                at(
                    240.0 + joints[index][0] + sign * wider * part,
                    joints[index][1],
                )
            };
            let shoulder = frame.place(sign * (build.shoulder - 5.0), 170.0);
            [shoulder, joint(side, 1.0), joint(side + 2, 0.6)]
        };
        let leg = |side: usize| {
            let sign = side as f64 * 2.0 - 1.0;
            let joint = |index: usize| {
                at(
                    240.0 + joints[index][0] + sign * wider * 0.2,
                    joints[index][1],
                )
            };
            [
                frame.place(sign * (build.hip - 19.0), 312.0),
                joint(side + 4),
                joint(side + 6),
            ]
        };
        let legs = [leg(0), leg(1)];
        Self {
            frame,
            arms: [arm(0), arm(1)],
            pocketed: POCKETS[number],
            legs,
            front: usize::from(legs[1][2].y > legs[0][2].y),
            gaze,
        }
    }

    /// The end of a hand.
    pub(super) fn fingertips(&self, side: usize) -> Point {
        let [_, elbow, hand] = self.arms[side];
        let heading = elbow.heading(hand);
        hand.plus(heading.x * 15.0, heading.y * 15.0)
    }
}
