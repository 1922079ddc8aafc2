//! What a bench is told by its environment, and where the program is.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::Outcome;

/// A setting of the bench; an empty one is none.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "a bench is set from its own environment"
)]
pub fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A number that may be set.
///
/// # Errors
/// Where what is set is none.
pub fn number<T>(name: &str, default: T) -> Outcome<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    match setting(name) {
        Some(text) => Ok(text.parse()?),
        None => Ok(default),
    }
}

/// Numbers that may be set, with commas between them.
///
/// # Errors
/// Where what is set, or `default`, holds something else.
pub fn numbers<T>(name: &str, default: &str) -> Outcome<Vec<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text = setting(name).unwrap_or_else(|| default.into());
    let numbers: Result<_, _> = text.split(',').map(|one| one.trim().parse()).collect();
    Ok(numbers?)
}

/// The release build of the program, which stands beside the benches.
#[must_use]
pub fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.ancestors().nth(2);
    folder.unwrap_or(Path::new("")).join("ensemble")
}
