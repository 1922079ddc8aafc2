//! Drawings (SVG), painted: what is kept of one is pixels.
//!
//! A drawing is a small program. Of what it can do, this paints shapes and gradients and nothing
//! that reads files, runs, or multiplies: the number of elements, their depth and their copies are
//! bounded before anything is painted, and what costs far more than it takes to write (filters,
//! patterns, masks, dashes) is refused.

use domain::persona::{MediaKind, Picture, PictureError};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// The longest drawing, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// Elements, texts and comments.
const MAX_NODES: u32 = 4_000;
/// Elements within each other.
const MAX_DEPTH: usize = 40;
/// Copies of other elements: each may hold copies itself.
const MAX_COPIES: usize = 4;
/// Elements that cost far more to paint than to write.
const COSTLY: [&str; 5] = ["filter", "pattern", "mask", "marker", "clipPath"];

/// The text of a drawing, if the file looks like one.
pub(super) fn sniff(file: &[u8]) -> Option<&str> {
    let start = file.get(..file.len().min(4_096))?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let is_markup = start.trim_ascii_start().starts_with(b"<");
    let names_it = start.windows(4).any(|word| word == b"<svg");
    (is_markup && names_it)
        .then(|| std::str::from_utf8(file).ok())
        .flatten()
}

/// Paints a drawing as a PNG whose longest side has so many pixels.
pub(super) fn paint(drawing: &str, side: u32) -> Result<Picture, PictureError> {
    if drawing.len() > MAX_BYTES || drawing.contains("<!ENTITY") {
        return Err(PictureError::TooElaborate);
    }
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(drawing, options).map_err(|error| match error {
        resvg::usvg::roxmltree::Error::NodesLimitReached => PictureError::TooElaborate,
        _ => PictureError::Damaged,
    })?;
    if is_elaborate(&document) {
        return Err(PictureError::TooElaborate);
    }
    let tree = Tree::from_xmltree(&document, &options_without_files())
        .map_err(|_| PictureError::Damaged)?;
    painted(&tree, side).ok_or(PictureError::Damaged)
}

fn painted(tree: &Tree, side: u32) -> Option<Picture> {
    let size = tree.size();
    let longest = size.width().max(size.height());
    let scale = side as f32 / longest;
    if !scale.is_finite() || scale <= 0.0 {
        return None;
    }
    let pixels = |length: f32| ((length * scale).round() as u32).clamp(1, side);
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height()))?;
    let transform = Transform::from_scale(scale, scale);
    resvg::render(tree, transform, &mut pixmap.as_mut());
    Some(Picture {
        kind: MediaKind::Png,
        width: pixmap.width(),
        height: pixmap.height(),
        content: pixmap.encode_png().ok()?.into(),
    })
}

fn is_elaborate(document: &Document<'_>) -> bool {
    let mut copies = 0;
    for node in document.descendants().filter(Node::is_element) {
        let name = node.tag_name().name();
        copies += usize::from(name == "use");
        let dashed = |text: &str| text.contains("stroke-dasharray");
        let is_dashed = node
            .attributes()
            .any(|attribute| dashed(attribute.name()) || dashed(attribute.value()))
            || (name == "style" && node.text().is_some_and(dashed));
        if copies > MAX_COPIES
            || is_dashed
            || COSTLY.contains(&name)
            || node.ancestors().nth(MAX_DEPTH).is_some()
        {
            return true;
        }
    }
    false
}

/// No pictures within the drawing: neither files of ours nor more data.
fn options_without_files() -> Options<'static> {
    Options {
        resources_dir: None,
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(inside: &str) -> String {
        format!("<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'>{inside}</svg>")
    }

    #[test]
    fn a_drawing_becomes_pixels_of_the_asked_size() {
        let picture = paint(&drawing("<rect width='20' height='10' fill='red'/>"), 100);
        let picture = picture.expect("a picture");
        assert_eq!((picture.width, picture.height), (100, 50));
        assert_eq!(MediaKind::sniff(&picture.content), Some(MediaKind::Png));
        let pixels = image::load_from_memory(&picture.content).expect("pixels");
        assert_eq!(pixels.to_rgba8().get_pixel(50, 25).0, [255, 0, 0, 255]);
    }

    #[test]
    fn scripts_files_and_other_pictures_leave_no_trace() {
        let hostile = drawing(
            "<script>alert(1)</script><image href='file:///etc/passwd' width='9' height='9'/>\
             <image href='data:image/png;base64,AAAA' width='9' height='9'/>\
             <a href='javascript:alert(1)'><rect onclick='alert(2)' width='20' height='10'/></a>",
        );
        let picture = paint(&hostile, 64).expect("a picture");
        let text = String::from_utf8_lossy(&picture.content).into_owned();
        assert!(!text.contains("script") && !text.contains("alert"));
    }

    #[test]
    fn what_would_cost_too_much_is_refused() {
        let nested = "<g>".repeat(3_000) + &"</g>".repeat(3_000);
        let many = "<rect/>".repeat(5_000);
        let copies = "<use href='#a'/>".repeat(5);
        for inside in [
            nested.as_str(),
            &many,
            &copies,
            "<filter id='f'/>",
            "<path stroke-dasharray='0.001' d='M0 0h20'/>",
            "<path style='&#115;troke-dasharray:1' d='M0 0h20'/>",
            "<style>path{stroke-dasharray:1}</style>",
        ] {
            let refused = paint(&drawing(inside), 64);
            assert_eq!(refused, Err(PictureError::TooElaborate), "{:.60}", inside);
        }
        let laughing = format!("<!DOCTYPE svg [<!ENTITY a 'ha'>]>{}", drawing("&a;"));
        assert_eq!(paint(&laughing, 64), Err(PictureError::TooElaborate));
    }

    #[test]
    fn what_is_no_drawing_is_damaged() {
        for text in [
            "<svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='0'/>",
            "<svg><</svg>",
        ] {
            assert_eq!(paint(text, 64), Err(PictureError::Damaged), "{text}");
        }
        assert!(sniff(b"<html><body/></html>").is_none());
        assert!(sniff(b"  <?xml version='1.0'?><svg/>").is_some());
    }
}
