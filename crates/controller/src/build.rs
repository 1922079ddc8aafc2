//! Which build this is.

/// The version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, where whoever built it said so (`ENSEMBLE_COMMIT`): found out by
/// itself it would make two builds of the same source differ.
pub const COMMIT: &str = match option_env!("ENSEMBLE_COMMIT") {
    Some(commit) if !commit.is_empty() => commit,
    _ => "unknown",
};
