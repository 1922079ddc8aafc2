//! What jackets and coats share: lapels, collars, hoods, zips, ribs, quilting, belts.

use super::art::Art;
use super::outer::Cut;
use super::paint::Paint;

/// Tailored lapels down to `low`.
pub(super) fn notch(art: &mut Art, paint: &Paint, low: f64, gap: f64) {
    for side in [1.0, -1.0] {
        let steps: [&[f64]; 6] = [
            &[13.0, 148.0],
            &[21.0, 160.0],
            &[19.0, 174.0],
            &[29.0, 178.0],
            &[gap, low],
            &[gap * 0.6, 196.0, 13.0, 148.0],
        ];
        let path = art.pose.frame.trace(side, &steps).close();
        art.fill(&path, &paint.fill);
        art.shade(&path, if side > 0.0 { 13 } else { 5 });
        art.stroke(&path, paint.seam, 1.3);
    }
}

/// A plain turned-down collar.
pub(super) fn fold(art: &mut Art, paint: &Paint, low: f64) {
    for side in [1.0, -1.0] {
        let steps: [&[f64]; 5] = [
            &[12.0, 145.0],
            &[21.0, 157.0],
            &[26.0, low - 3.0],
            &[11.0, low],
            &[8.0, 164.0, 12.0, 145.0],
        ];
        let path = art.pose.frame.trace(side, &steps).close();
        art.fill(&path, &paint.fill);
        art.shade(&path, 6);
        art.stroke(&path, paint.seam, 1.3);
    }
}

/// A collar that stands up around the neck.
pub(super) fn stand(art: &mut Art, paint: &Paint) {
    for side in [1.0, -1.0] {
        let steps: [&[f64]; 5] = [
            &[17.0, 137.0],
            &[22.0, 146.0, 20.0, 160.0],
            &[7.0, 176.0],
            &[6.0, 158.0],
            &[12.0, 146.0, 17.0, 137.0],
        ];
        let path = art.pose.frame.trace(side, &steps).close();
        art.fill(&path, &paint.fill);
        art.stroke(&path, paint.seam, 1.3);
    }
}

/// A hood lying on the shoulders.
pub(super) fn hood(art: &mut Art, paint: &Paint) {
    for side in [1.0, -1.0] {
        let steps: [&[f64]; 4] = [
            &[12.0, 142.0],
            &[36.0, 146.0, 30.0, 164.0],
            &[20.0, 178.0, 7.0, 182.0],
            &[10.0, 162.0, 12.0, 142.0],
        ];
        let path = art.pose.frame.trace(side, &steps).close();
        art.fill(&path, &paint.fill);
        art.shade(&path, 7);
        art.stroke(&path, paint.seam, 1.3);
    }
}

/// Both rows of teeth along the front.
pub(super) fn zip(art: &mut Art, cut: &Cut) {
    let metal = art.palette.light.darker(8);
    let [throat, low] = cut.gap;
    art.seam(
        1.0,
        &[&[throat, 178.0], &[throat, 210.0], &[low, cut.hem - 2.0]],
        metal,
        1.8,
    );
    if low > 0.0 {
        art.seam(
            -1.0,
            &[&[throat, 178.0], &[throat, 210.0], &[low, cut.hem - 2.0]],
            metal,
            1.8,
        );
    }
}

/// A knitted band along the hem.
pub(super) fn rib(art: &mut Art, cut: &Cut, paint: &Paint) {
    let wide = (art.build.waist + 4.0 + cut.ease * 1.1) * 0.5 + (art.build.hip + cut.ease) * 0.5;
    for side in [1.0, -1.0] {
        art.seam(
            side,
            &[
                &[cut.gap[1] + 3.0, cut.hem - 4.0],
                &[wide - 4.0, cut.hem - 7.0],
            ],
            paint.colour.darker(10),
            8.0,
        );
    }
}

/// Slits for the hands.
pub(super) fn pockets(art: &mut Art, paint: &Paint, y: f64) {
    for side in [1.0, -1.0] {
        art.seam(side, &[&[21.0, y + 1.0], &[37.0, y - 2.0]], paint.seam, 2.4);
    }
}

/// Seams of a quilted coat, and the light on the down between them.
pub(super) fn quilting(art: &mut Art, cut: &Cut, paint: &Paint) {
    let wide = art.build.chest + cut.ease;
    let rows: Vec<f64> = (0..)
        .map(|row| 190.0 + 24.0 * f64::from(row))
        .take_while(|y| *y < cut.hem - 8.0)
        .collect();
    let edge = |y: f64| wide + 1.0 + cut.flare * ((y - 206.0) / 260.0).clamp(0.0, 1.0);
    for side in [1.0, -1.0] {
        for &y in &rows {
            let edge = edge(y);
            art.seam(
                side,
                &[
                    &[cut.gap[0], y + 2.0],
                    &[edge * 0.6, y + 7.0, edge, y - 1.0],
                ],
                paint.seam,
                1.8,
            );
        }
    }
    let glow = paint.colour.lighter(16);
    for side in [1.0, -1.0] {
        for &y in &rows {
            let edge = edge(y);
            art.seam(
                side,
                &[
                    &[cut.gap[0] + 6.0, y + 8.0],
                    &[edge * 0.5, y + 11.5, edge * 0.7, y + 8.5],
                ],
                glow,
                2.2,
            );
        }
    }
}

/// Little arcs that read as pile.
pub(super) fn curly(art: &mut Art, cut: &Cut, paint: &Paint) {
    let tone = paint.colour.darker(11);
    for (x, y) in [
        (26.0, 236.0),
        (38.0, 252.0),
        (22.0, 262.0),
        (34.0, 276.0),
        (24.0, 288.0),
        (40.0, 228.0),
    ] {
        for side in [1.0, -1.0] {
            if y < cut.hem - 8.0 {
                art.seam(side, &[&[x - 4.0, y], &[x, y - 6.0, x + 4.0, y]], tone, 1.7);
            }
        }
    }
}

/// The tied belt of a trench coat.
pub(super) fn belt(art: &mut Art, cut: &Cut, paint: &Paint) {
    let wide = art.build.waist + 3.0 + cut.ease * 0.95;
    let tone = paint.colour.darker(16);
    for side in [1.0, -1.0] {
        art.seam(
            side,
            &[&[cut.gap[0] + 2.0, 256.0], &[wide, 252.0]],
            tone,
            8.0,
        );
    }
    art.seam(
        1.0,
        &[&[cut.gap[0] + 6.0, 258.0], &[24.0, 280.0, 18.0, 312.0]],
        tone,
        6.0,
    );
    art.seam(
        -1.0,
        &[&[cut.gap[0] + 6.0, 258.0], &[20.0, 272.0, 19.0, 296.0]],
        tone,
        6.0,
    );
}
