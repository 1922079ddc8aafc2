//! The drawing, from the back to the front.

mod body;
mod extras;
mod eyes;
mod face;
mod hair;

use std::fmt::{Arguments, Write};

use crate::look::Look;

/// The middle of everything.
const MIDDLE: i32 = 256;
/// How far down the eyes are.
const EYES: i32 = 236;

/// Appends to the drawing.
macro_rules! line {
    ($art:expr, $($text:tt)*) => {
        $crate::draw::append(&mut *$art, format_args!($($text)*))
    };
}
use line;

fn append(art: &mut String, text: Arguments<'_>) {
    // Writing to a text cannot fail.
    let _ = art.write_fmt(text);
}

pub(crate) fn draw(look: &Look, name: &str) -> String {
    let mut art = String::with_capacity(6_000);
    line!(
        &mut art,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\" width=\"512\" height=\"512\" role=\"img\"><title>"
    );
    escape(&mut art, name);
    art.push_str("</title>");
    body::backdrop(&mut art, look);
    hair::behind(&mut art, look);
    body::body(&mut art, look);
    face::head(&mut art, look);
    eyes::eyes(&mut art, look);
    face::features(&mut art, look);
    hair::front(&mut art, look);
    extras::extras(&mut art, look);
    art.push_str("</svg>");
    art
}

/// Appends a text so that it stays one, and leaves out what no XML text may hold.
fn escape(art: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            '&' => art.push_str("&amp;"),
            '<' => art.push_str("&lt;"),
            '>' => art.push_str("&gt;"),
            '"' => art.push_str("&quot;"),
            '\'' => art.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            sign if sign.is_control() => art.push(' '),
            sign => art.push(sign),
        }
    }
}

#[cfg(test)]
mod tests;
