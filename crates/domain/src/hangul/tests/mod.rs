//! Tests: tables of rules, properties, and an oracle that knows nothing but a keyboard.

mod folding;
mod grams;
mod keyboard;
mod matching;
mod properties;

use super::{Pattern, SearchText};

/// Does the query find the text?
fn finds(query: &str, text: &str) -> bool {
    Pattern::parse(query).is_some_and(|pattern| pattern.matches(&SearchText::new(text)))
}
