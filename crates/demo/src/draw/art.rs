//! The picture in the making: what has been drawn so far, and the strokes to draw more.

use std::fmt::Write as _;

use super::geometry::{Limb, Path, Point, Step, capped, number, ribbon};
use super::paint::Paint;
use super::pose::{Build, Pose};
use crate::palette::{Colour, Palette};

/// A drawing being made.
pub(super) struct Art {
    body: String,
    defs: String,
    /// Makes ids of patterns unlike those of other drawings on the same page.
    number: u32,
    patterns: u32,
    /// How long `body` was after the last line was drawn.
    stroked: usize,
    pub(super) palette: Palette,
    pub(super) build: Build,
    pub(super) pose: Pose,
    pub(super) skin: Colour,
    pub(super) hair: Colour,
    /// How wide skirts may fall, 1 unless a long coat is worn over them.
    pub(super) fullness: f64,
}

/// The colour of what has none of its own: shadows, laid over with little opacity.
const SHADE: &str = "#241430";

impl Art {
    pub(super) fn new(number: u32, palette: Palette, build: Build, pose: Pose) -> Self {
        Self {
            body: String::with_capacity(8_192),
            defs: String::new(),
            number,
            patterns: 0,
            stroked: 0,
            palette,
            build,
            pose,
            skin: Colour(0),
            hair: Colour(0),
            fullness: 1.0,
        }
    }

    /// Appends markup.
    pub(super) fn raw(&mut self, markup: &str) {
        self.body.push_str(markup);
    }

    /// Adds a pattern and returns the paint that uses it.
    pub(super) fn pattern(&mut self, width: u32, height: u32, slant: i32, markup: &str) -> String {
        self.patterns += 1;
        let id = format!("p{}-{}", self.number, self.patterns);
        let _ = write!(
            self.defs,
            r#"<pattern id="{id}" width="{width}" height="{height}" patternUnits="userSpaceOnUse" patternTransform="rotate({slant})">{markup}</pattern>"#
        );
        format!("url(#{id})")
    }

    /// A closed path.
    pub(super) fn fill(&mut self, path: &str, fill: &str) {
        let _ = write!(self.body, r#"<path d="{path}" fill="{fill}"/>"#);
    }

    /// A closed path in a plain colour.
    pub(super) fn blot(&mut self, path: &str, colour: Colour) {
        let _ = write!(
            self.body,
            r##"<path d="{path}" fill="#{:06x}"/>"##,
            colour.0
        );
    }

    /// A shadow upon what is already there; `percent` of darkness.
    pub(super) fn shade(&mut self, path: &str, percent: u32) {
        let _ = write!(
            self.body,
            r#"<path d="{path}" opacity=".{:02}"/>"#,
            percent.min(99)
        );
    }

    /// An open line with round ends. Lines that follow each other in the same colour and width
    /// become one element, which halves the size of a quilted coat.
    pub(super) fn stroke(&mut self, path: &str, colour: Colour, width: f64) {
        let mut style = format!(
            r##"" fill="none" stroke="#{:06x}" stroke-width=""##,
            colour.0
        );
        number(&mut style, width);
        style.push_str("\"/>");
        if self.stroked == self.body.len() && self.body.ends_with(&style) {
            self.body.truncate(self.body.len() - style.len());
        } else {
            self.body.push_str("<path d=\"");
        }
        self.body.push_str(path);
        self.body.push_str(&style);
        self.stroked = self.body.len();
    }

    /// A line through steps on the straight figure, on one side of it (1 or -1).
    pub(super) fn seam(&mut self, side: f64, steps: &[Step<'_>], colour: Colour, width: f64) {
        let path = self.pose.frame.trace(side, steps).text;
        self.stroke(&path, colour, width);
    }

    /// A shape through steps on the straight figure, on one side of it (1 or -1).
    pub(super) fn patch(&mut self, side: f64, steps: &[Step<'_>], fill: &str) {
        let path = self.pose.frame.trace(side, steps).close();
        self.fill(&path, fill);
    }

    /// An ellipse.
    pub(super) fn oval(&mut self, middle: Point, width: f64, height: f64, colour: Colour) {
        self.body.push_str("<ellipse cx=\"");
        number(&mut self.body, middle.x);
        self.body.push_str("\" cy=\"");
        number(&mut self.body, middle.y);
        self.body.push_str("\" rx=\"");
        number(&mut self.body, width);
        self.body.push_str("\" ry=\"");
        number(&mut self.body, height);
        let _ = write!(self.body, "\" fill=\"#{:06x}\"/>", colour.0);
    }

    /// A garment with two like sides: filled, then shaded on the right.
    pub(super) fn cloth(&mut self, steps: &[Step<'_>], top: f64, bottom: f64, paint: &Paint) {
        let frame = self.pose.frame;
        self.fill(&frame.symmetric(steps, top, bottom), &paint.fill);
        self.shade(&frame.shaded(steps), 9);
    }

    /// A sleeve or trouser leg: filled, then shaded along the inner or right edge.
    pub(super) fn tube(&mut self, limb: Limb, widths: [f64; 3], paint: &Paint) {
        self.fill(&ribbon(limb, widths), &paint.fill);
        self.tube_shade(limb, widths, 9);
    }

    /// A sleeve: a tube that is rounded where it meets the shoulder.
    pub(super) fn sleeve(&mut self, limb: Limb, widths: [f64; 3], paint: &Paint) {
        self.fill(&capped(limb, widths), &paint.fill);
        // The shadow begins below the shoulder, so that sleeve and trunk look like one cloth.
        let start = limb[0].toward(limb[1], 0.3);
        let wide = widths[0] + (widths[1] - widths[0]) * 0.3;
        self.tube_shade([start, limb[1], limb[2]], [wide, widths[1], widths[2]], 9);
    }

    /// The shadow of a tube: its right half or so.
    pub(super) fn tube_shade(&mut self, limb: Limb, widths: [f64; 3], percent: u32) {
        let heading = limb[0].heading(limb[2]);
        let right = if heading.y >= 0.0 { -1.0 } else { 1.0 };
        let inner = [0, 1, 2].map(|joint| {
            let next = limb[joint].heading(limb[if joint == 2 { 2 } else { joint + 1 }]);
            let along = if joint == 2 {
                limb[1].heading(limb[2])
            } else {
                next
            };
            let aside = widths[joint] * 0.68 * right;
            limb[joint].plus(-along.y * aside, along.x * aside)
        });
        self.shade(&ribbon(inner, widths.map(|width| width * 0.32)), percent);
    }

    /// Begins the group of the piece that a tag names.
    pub(super) fn begin(&mut self, piece: &str) {
        let _ = write!(self.body, r#"<g class="{piece}">"#);
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        self.body.push_str("</g>");
    }

    /// The whole picture.
    pub(super) fn finish(self, title: &str) -> String {
        let Self { body, defs, .. } = self;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="480" height="640" viewBox="0 0 480 640" fill="{SHADE}" stroke-linecap="round" stroke-linejoin="round"><title>{title}</title><defs>{defs}</defs>{body}</svg>"#
        )
    }
}

/// A straight line between two points, as a path.
pub(super) fn segment(from: Point, to: Point) -> String {
    Path::from(from).line(to).text
}
