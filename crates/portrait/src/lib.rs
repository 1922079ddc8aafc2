//! Portraits drawn from what people say of themselves.
//!
//! What is said decides what it names (hair, glasses, a hat, a smile), in Korean or English; a hash
//! of all of it decides the rest, so that the same words always give the same bytes, and other
//! words another face. There is no I/O here, no clock, and nothing of the input in the drawing but
//! its title, escaped.
//!
//! ```
//! let said = portrait::Said { name: "유나", gender: "여성", hair: "긴 갈색 머리", ..Default::default() };
//! assert!(portrait::draw(&said).starts_with("<svg"));
//! assert_eq!(portrait::draw(&said), portrait::draw(&said));
//! ```

mod colour;
mod draw;
mod look;
mod said;
mod seed;

pub use said::Said;

/// The portrait as an SVG document, 512 by 512, without scripts, references and text but its title.
#[must_use]
pub fn draw(said: &Said<'_>) -> String {
    let words = said.normalised();
    draw::draw(&look::Look::of(&words), &words.name)
}
