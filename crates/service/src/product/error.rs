//! How the use-cases of products can end badly.

use domain::RepositoryError;
use thiserror::Error;

/// Why a product was not answered or changed.
#[derive(Debug, Error)]
pub enum ProductError {
    /// The owner has no such product.
    #[error("there is no such product")]
    NotFound,
    /// The product has been changed since the caller saw it.
    #[error("the product has changed")]
    Stale,
    /// The cursor is not one of ours, or one of another list.
    #[error("the cursor is not valid")]
    InvalidCursor,
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}

/// Why an import brought in nothing at all.
#[derive(Debug, Error)]
pub enum ImportError {
    /// These required columns are neither in the file nor given a default.
    #[error("columns are missing: {}", .0.join(", "))]
    MissingColumns(Vec<String>),
    /// An option names a column that products do not have.
    #[error("products have no column named {0}")]
    UnknownColumn(String),
    /// A default is not a valid value.
    #[error("the default for {0} is not valid")]
    InvalidDefault(String),
    /// The file is larger than allowed.
    #[error("the file is too large")]
    TooLarge,
    /// The file could not be read to its end.
    #[error("the file could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Storage failed.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
}
