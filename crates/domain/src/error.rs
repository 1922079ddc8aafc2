//! The two errors the domain knows: a value that is not valid, and storage that did not do
//! what it was asked.

use thiserror::Error;

/// Why a text or number is not the value it was meant to be.
///
/// Holds a stable code for machines and the bounds for people, never the refused value:
/// that may be somebody's password or phone number.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{code}")]
pub struct ValueError {
    /// Stable, snake_case: `length`, `phone_number`, `common_password`, …
    pub code: &'static str,
    /// The smallest allowed length or number, where the code is about one.
    pub min: Option<u64>,
    /// The largest allowed length or number, where the code is about one.
    pub max: Option<u64>,
}

impl ValueError {
    /// An error that its code says all about.
    #[must_use]
    pub const fn new(code: &'static str) -> Self {
        Self {
            code,
            min: None,
            max: None,
        }
    }

    /// Too short or too long, in characters.
    #[must_use]
    pub const fn length(min: u64, max: u64) -> Self {
        Self {
            code: "length",
            min: Some(min),
            max: Some(max),
        }
    }

    /// Too small or too large.
    #[must_use]
    pub const fn range(min: u64, max: u64) -> Self {
        Self {
            code: "range",
            min: Some(min),
            max: Some(max),
        }
    }
}

/// What can go wrong in storage. Absence is not an error: it is `Ok(None)`.
#[derive(Debug, Error)]
pub enum RepositoryError {
    /// A uniqueness rule of the schema refused the write.
    #[error("the write conflicts with what is stored")]
    Conflict,
    /// The engine broke a deadlock or a serialisation conflict by giving up this transaction:
    /// nothing was done, and doing the whole of it again is likely to succeed.
    #[error("the transaction lost a race and has to be tried again")]
    Contention,
    /// The engine cannot be reached, or has no connection to spare: later it may.
    #[error("storage cannot be reached")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The engine failed.
    #[error("storage failed")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl RepositoryError {
    /// Wraps an engine's error.
    pub fn storage(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Storage(source.into())
    }
}
