//! Jackets and coats, worn open over the top or closed.

use super::art::{Art, segment};
use super::geometry::edges;
use super::lapel;
use super::paint::Paint;
use crate::garment::Outer;

/// How an outer layer is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// Where its hem is.
    pub(super) hem: f64,
    /// How far it stands off the body.
    pub(super) ease: f64,
    /// How much wider its hem is than the hips.
    pub(super) flare: f64,
    /// Half the width of the gap at the throat and at the hem; 0 and 0 where it is closed.
    pub(super) gap: [f64; 2],
    pub(super) sleeves: bool,
}

/// The cut of a kind; `loose` is added for an oversized fit.
pub(super) fn cut(kind: Outer, loose: f64) -> Cut {
    let (hem, ease, flare, gap, sleeves) = match kind {
        Outer::Blazer => (322.0, 6.0, 3.0, [9.0, 15.0], true),
        Outer::DoubleBlazer => (328.0, 7.0, 3.0, [0.0, 0.0], true),
        Outer::Tweed => (284.0, 5.0, 2.0, [10.0, 14.0], true),
        Outer::Trucker => (276.0, 7.0, 0.0, [11.0, 15.0], true),
        Outer::Rider => (274.0, 6.0, -1.0, [10.0, 16.0], true),
        Outer::Bomber | Outer::Varsity => (292.0, 10.0, 0.0, [9.0, 12.0], true),
        Outer::Windbreaker => (312.0, 11.0, 3.0, [6.0, 10.0], true),
        Outer::Shell => (330.0, 10.0, 5.0, [0.0, 0.0], true),
        Outer::Fleece => (306.0, 11.0, 4.0, [7.0, 10.0], true),
        Outer::Puffer => (294.0, 16.0, 7.0, [6.0, 9.0], true),
        Outer::LongPuffer => (466.0, 15.0, 14.0, [0.0, 0.0], true),
        Outer::Trench => (470.0, 8.0, 26.0, [10.0, 15.0], true),
        Outer::Coat => (482.0, 9.0, 13.0, [11.0, 16.0], true),
        Outer::DoubleCoat => (452.0, 9.0, 14.0, [0.0, 0.0], true),
        Outer::Duffle => (402.0, 10.0, 12.0, [3.0, 8.0], true),
        Outer::Shearling => (304.0, 12.0, 4.0, [9.0, 13.0], true),
        Outer::Cardigan => (312.0, 6.0, 2.0, [10.0, 13.0], true),
        Outer::Bolero => (222.0, 3.0, 0.0, [20.0, 26.0], true),
        Outer::Chore => (314.0, 8.0, 4.0, [9.0, 12.0], true),
        Outer::UtilityVest => (290.0, 7.0, 3.0, [9.0, 12.0], false),
        Outer::TrackTop => (296.0, 8.0, 0.0, [6.0, 9.0], true),
        Outer::ZipHoodie => (302.0, 10.0, 2.0, [8.0, 12.0], true),
        Outer::Robe => (468.0, 9.0, 20.0, [17.0, 24.0], true),
        Outer::Durumagi => (490.0, 7.0, 42.0, [0.0, 0.0], true),
        Outer::Baeja => (270.0, 4.0, 2.0, [7.0, 10.0], false),
    };
    // What is short or traditional keeps its line.
    let loose = if hem < 280.0 { loose * 0.4 } else { loose };
    Cut {
        hem,
        ease: ease + loose,
        flare: flare + loose * 0.6,
        gap,
        sleeves,
    }
}

/// The inside of the back of a long coat, seen behind the legs.
pub(super) fn lining(art: &mut Art, cut: &Cut, paint: &Paint) {
    if cut.hem < 360.0 || cut.gap[1] <= 0.0 {
        return;
    }
    let wide = art.build.hip + cut.ease + cut.flare;
    let steps: [&[f64]; 3] = [
        &[30.0, 240.0],
        &[wide - 6.0, 320.0],
        &[wide - 4.0, cut.hem - 8.0],
    ];
    let path = art.pose.frame.symmetric(&steps, 240.0, cut.hem - 4.0);
    art.blot(&path, paint.colour.darker(30));
}

/// Draws the trunk, then the sleeves.
pub(super) fn outer(art: &mut Art, kind: Outer, cut: &Cut, paint: &Paint) {
    let build = art.build;
    let Cut {
        hem,
        ease,
        flare,
        gap,
        ..
    } = *cut;
    let shoulder = build.shoulder + ease * 0.75;
    let chest = build.chest + 3.0 + ease;
    let hip = build.hip + 1.0 + ease * 0.9;
    let waist = build.waist + 4.0 + ease * 1.1;
    let long = hem > 340.0;
    let end = if hem > 300.0 {
        hip + flare
    } else {
        waist + (hip - waist) * 0.6 + flare
    };
    let mut side: Vec<&[f64]> = Vec::new();
    let (armhole, chest_point) = ([chest + 1.0, 186.0, chest, 206.0], [chest, 206.0]);
    let shoulder_point = [shoulder - 8.0, 157.0, shoulder, 172.0];
    let (short_side, long_side, hip_point) = (
        [waist, 244.0, end, hem - 3.0],
        [hip + flare * 0.45, (312.0 + hem) / 2.0, end, hem - 3.0],
        [waist - 1.0, 250.0, hip + flare * 0.12, 312.0],
    );
    if cut.sleeves {
        side.push(&shoulder_point);
        side.push(&armhole);
    } else {
        side.push(&[27.0, 158.0]);
        side.push(&chest_point);
    }
    if long {
        side.push(&hip_point);
        side.push(&long_side);
    } else {
        side.push(&short_side);
    }
    if gap == [0.0, 0.0] {
        let start = [14.0, 152.0];
        let mut steps: Vec<&[f64]> = vec![&start];
        steps.extend(&side);
        art.cloth(&steps, 172.0, hem + 5.0, paint);
        art.seam(1.0, &[&[1.0, 176.0], &[1.0, hem]], paint.seam, 1.5);
    } else {
        let [throat, low] = gap;
        let (start, bottom, front) = ([15.0, 151.0], [low, hem + 1.0], [throat, 210.0]);
        for mirrored in [1.0, -1.0] {
            let mut steps: Vec<&[f64]> = vec![&start];
            steps.extend(&side);
            steps.push(&bottom);
            steps.push(&front);
            art.patch(mirrored, &steps, &paint.fill);
        }
        let start = [16.0, 151.0];
        let mut steps: Vec<&[f64]> = vec![&start];
        steps.extend(&side);
        let path = art.pose.frame.shaded(&steps);
        art.shade(&path, 9);
        for mirrored in [1.0, -1.0] {
            art.seam(mirrored, &[&start, &front, &bottom], paint.seam, 1.4);
        }
    }
    lapel::finish(art, kind, cut, paint);
    if cut.sleeves {
        for side in [0, 1] {
            sleeve(art, kind, cut, paint, side);
        }
    }
}

fn sleeve(art: &mut Art, kind: Outer, cut: &Cut, paint: &Paint, side: usize) {
    let thick = art.build.limb;
    let ease = cut.ease;
    let [shoulder, elbow, wrist] = art.pose.arms[side];
    let sign = if side == 0 { -1.0 } else { 1.0 };
    let shoulder = shoulder.plus(sign * ease * 0.3, 5.0);
    let round = 12.5 * thick + ease * 0.3;
    let limb = [shoulder, elbow, elbow.toward(wrist, 1.0)];
    let puffed = matches!(kind, Outer::Puffer | Outer::LongPuffer);
    let hand = match kind {
        Outer::Durumagi | Outer::Robe => 16.0,
        _ => 9.2 * thick + ease * 0.32,
    };
    let widths = [round, 11.0 * thick + ease * 0.5, hand];
    let own = if kind == Outer::Varsity {
        Paint::plain(art.palette.light)
    } else {
        paint.clone()
    };
    art.sleeve(limb, widths, &own);
    // Where the sleeve passes the trunk.
    let [left, right] = edges(limb, widths);
    let inner = if side == 0 { right } else { left };
    let inner = if (inner[1].x - 240.0).abs() < (limb[1].x - 240.0).abs() {
        inner
    } else if side == 0 {
        left
    } else {
        right
    };
    art.stroke(
        &segment(inner[0].toward(inner[1], 0.35), inner[1]),
        own.seam,
        1.3,
    );
    let band = |part: f64| {
        segment(
            left[2].toward(left[1], part),
            right[2].toward(right[1], part),
        )
    };
    match kind {
        Outer::Bomber | Outer::Varsity | Outer::Cardigan | Outer::TrackTop | Outer::ZipHoodie => {
            let tone = if kind == Outer::Varsity {
                paint.colour
            } else {
                own.colour.darker(14)
            };
            art.stroke(&band(0.07), tone, 5.0);
        }
        Outer::Trench => art.stroke(&band(0.22), own.seam, 3.0),
        Outer::Shearling => art.stroke(&band(0.04), art.palette.light, 7.0),
        Outer::Tweed => art.stroke(&band(0.04), art.palette.light, 2.8),
        _ => art.stroke(&band(0.08), own.seam, 1.3),
    }
    if kind == Outer::TrackTop {
        let outer = if inner == left { right } else { left };
        let line = [0, 1, 2].map(|joint| outer[joint].toward(limb[joint], 0.3));
        let path = super::geometry::Path::from(line[0])
            .line(line[1])
            .line(line[2])
            .text;
        art.stroke(&path, art.palette.light, 2.8);
    }
    if puffed {
        for (from, to, parts) in [(0, 1, [0.3, 0.68]), (1, 2, [0.12, 0.58])] {
            for part in parts {
                let (a, b) = (
                    left[from].toward(left[to], part),
                    right[from].toward(right[to], part),
                );
                let sag = a.toward(b, 0.5).plus(0.0, 4.0);
                art.stroke(
                    &super::geometry::Path::from(a).curve(sag, b).text,
                    own.seam,
                    1.7,
                );
            }
        }
    }
}
