//! Points, the frame that bends a garment with the pose, and paths written as text.
//!
//! Only `+ - * /` and square roots are used: IEEE 754 gives those one result on every machine.

use std::fmt::Write as _;

/// A place on the picture, 480 wide and 640 high, y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Shorthand for a point.
pub(super) const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The point a part of the way to another.
    pub(super) fn toward(self, other: Self, part: f64) -> Self {
        at(
            self.x + (other.x - self.x) * part,
            self.y + (other.y - self.y) * part,
        )
    }

    pub(super) fn plus(self, x: f64, y: f64) -> Self {
        at(self.x + x, self.y + y)
    }

    /// The direction to another point, of length 1; straight down where both are one.
    pub(super) fn heading(self, other: Self) -> Self {
        let (x, y) = (other.x - self.x, other.y - self.y);
        let length = (x * x + y * y).sqrt();
        if length < 0.001 {
            at(0.0, 1.0)
        } else {
            at(x / length, y / length)
        }
    }
}

/// Appends a number with at most one decimal.
pub(super) fn number(text: &mut String, value: f64) {
    push_tenths(text, tenths(value));
}

fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

fn push_tenths(text: &mut String, value: i64) {
    if value < 0 {
        text.push('-');
    }
    let (whole, rest) = (value.unsigned_abs() / 10, value.unsigned_abs() % 10);
    // Writing to a string cannot fail.
    let _ = match (whole, rest) {
        (_, 0) => write!(text, "{whole}"),
        (0, _) => write!(text, ".{rest}"),
        _ => write!(text, "{whole}.{rest}"),
    };
}

/// The data of an SVG path. Every step is written as the distance from the one before, in whole
/// tenths so that nothing adds up: that is a quarter shorter.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) text: String,
    /// Where it has come to, in tenths.
    place: [i64; 2],
}

impl Path {
    pub(super) fn from(point: Point) -> Self {
        Self::default().command('M', &[point])
    }

    pub(super) fn line(self, point: Point) -> Self {
        self.command('l', &[point])
    }

    pub(super) fn curve(self, control: Point, point: Point) -> Self {
        self.command('q', &[control, point])
    }

    pub(super) fn close(mut self) -> String {
        self.text.push('z');
        self.text
    }

    fn command(mut self, letter: char, points: &[Point]) -> Self {
        self.text.push(letter);
        let [from_x, from_y] = self.place;
        for (index, point) in points.iter().enumerate() {
            let (x, y) = (tenths(point.x), tenths(point.y));
            for (part, value) in [x - from_x, y - from_y].into_iter().enumerate() {
                if index + part > 0 && value >= 0 {
                    self.text.push(' ');
                }
                push_tenths(&mut self.text, value);
            }
            self.place = [x, y];
        }
        self
    }
}

/// One step of an outline: `[x, y]` a straight line, `[cx, cy, x, y]` a curve.
pub(super) type Step<'a> = &'a [f64];

/// Where the middle of the body runs, and how far shoulders and hips are tilted. Garments are
/// designed on a straight figure, x from its middle, and bent by this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) hips: f64,
    pub(super) feet: f64,
    pub(super) shoulder_tilt: f64,
    pub(super) hip_tilt: f64,
}

impl Frame {
    /// The place on the picture of a place on the straight figure.
    pub(super) fn place(&self, x: f64, y: f64) -> Point {
        let part = |from: f64, to: f64| ((y - from) / (to - from)).clamp(0.0, 1.0);
        let (torso, legs) = (part(166.0, 306.0), part(306.0, 560.0));
        let middle = self.hips * torso + (self.feet - self.hips) * legs;
        let tilt = (self.shoulder_tilt + (self.hip_tilt - self.shoulder_tilt) * torso)
            * (1.0 - part(306.0, 520.0));
        at(240.0 + middle + x, y + x * tilt)
    }

    /// An open path through the steps, the first of which is where it starts; `side` is 1 for the
    /// right of the picture and -1 for its mirror image.
    pub(super) fn trace(&self, side: f64, steps: &[Step<'_>]) -> Path {
        let mut path = Path::default();
        for step in steps {
            path = match **step {
                [x, y] if path.text.is_empty() => Path::from(self.place(x * side, y)),
                [x, y] => path.line(self.place(x * side, y)),
                [cx, cy, x, y] => path.curve(self.place(cx * side, cy), self.place(x * side, y)),
                _ => path,
            };
        }
        path
    }

    /// A closed shape with two like sides: `steps` lead down the right one. The lower edge sags
    /// to a control point at `bottom`, the upper one at `top`.
    pub(super) fn symmetric(&self, steps: &[Step<'_>], top: f64, bottom: f64) -> String {
        let mut path = self.trace(1.0, steps);
        for (index, step) in steps.iter().enumerate().rev() {
            let to = |path: Path, point: Point| match steps.get(index + 1).map(|next| &**next) {
                // Back along a curve: its control point belongs to the step just undone.
                Some(&[cx, cy, _, _]) => path.curve(self.place(-cx, cy), point),
                Some(_) => path.line(point),
                None => path.curve(self.place(0.0, bottom), point),
            };
            if let [.., x, y] = **step {
                path = to(path, self.place(-x, y));
            }
        }
        match steps.first() {
            Some([.., x, y]) => path.curve(self.place(0.0, top), self.place(*x, *y)).close(),
            _ => path.close(),
        }
    }

    /// The shaded part of such a shape: its right side, about a third of it.
    pub(super) fn shaded(&self, steps: &[Step<'_>]) -> String {
        let path = self.trace(1.0, steps);
        match (steps.first(), steps.last()) {
            (Some([.., x, y]), Some([.., end_x, end_y])) => path
                .line(self.place(end_x * 0.45, *end_y))
                .curve(
                    self.place(end_x * 0.62, (y + end_y) / 2.0),
                    self.place(*x, *y),
                )
                .close(),
            _ => path.close(),
        }
    }
}

/// Three joints of a limb.
pub(super) type Limb = [Point; 3];

/// A limb or sleeve or trouser leg: a band along three joints, so wide to either side of each.
pub(super) fn ribbon(limb: Limb, widths: [f64; 3]) -> String {
    band(edges(limb, widths)).close()
}

/// The outline between both edges of a limb, from the beginning of the right one to that of the
/// left one.
fn band([right, left]: [[Point; 3]; 2]) -> Path {
    let turn = |edge: [Point; 3]| {
        (
            edge[1].toward(edge[0], 0.3),
            edge[1],
            edge[1].toward(edge[2], 0.3),
        )
    };
    let (before, bend, after) = turn(right);
    let path = Path::from(right[0])
        .line(before)
        .curve(bend, after)
        .line(right[2]);
    let (before, bend, after) = turn(left);
    path.line(left[2])
        .line(after)
        .curve(bend, before)
        .line(left[0])
}

/// Such a band with a round beginning.
pub(super) fn capped(limb: Limb, widths: [f64; 3]) -> String {
    let [right, left] = edges(limb, widths);
    let back = limb[0].heading(limb[1]);
    let reach = widths[0] * 0.5;
    let corner = |point: Point| point.plus(-back.x * reach, -back.y * reach);
    let crown = limb[0].plus(-back.x * reach, -back.y * reach);
    band([right, left])
        .curve(corner(left[0]), crown)
        .curve(corner(right[0]), right[0])
        .close()
}

/// Both edges of such a band, seen along it: right, then left.
pub(super) fn edges(limb: Limb, widths: [f64; 3]) -> [[Point; 3]; 2] {
    let [a, b, c] = limb;
    let (first, second) = (a.heading(b), b.heading(c));
    // At the bend both directions count alike; the length is not corrected, which thins a sharp
    // elbow a little, as a real one is.
    let middle = at((first.x + second.x) / 2.0, (first.y + second.y) / 2.0);
    let offset = |point: Point, heading: Point, width: f64| {
        at(point.x - heading.y * width, point.y + heading.x * width)
    };
    [1.0, -1.0].map(|side| {
        [
            offset(a, first, widths[0] * side),
            offset(b, middle, widths[1] * side),
            offset(c, second, widths[2] * side),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal_at_most() {
        let text = |value| {
            let mut text = String::new();
            number(&mut text, value);
            text
        };
        assert_eq!(text(12.0), "12");
        assert_eq!(text(-0.04), "0");
        assert_eq!(text(-3.26), "-3.3");
        assert_eq!(text(0.5), ".5");
    }

    #[test]
    fn a_straight_limb_becomes_a_box() {
        let limb = [at(0.0, 0.0), at(0.0, 10.0), at(0.0, 20.0)];
        assert_eq!(
            ribbon(limb, [2.0; 3]),
            "M-2 0l0 7q0 3 0 6l0 7l4 0l0-7q0-3 0-6l0-7z"
        );
    }
}
