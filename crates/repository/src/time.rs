//! Instants are stored as microseconds since the Unix epoch.

use chrono::{DateTime, Utc};
use domain::RepositoryError;

/// The stored form.
pub(crate) fn to_micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant.
pub(crate) fn from_micros(micros: i64) -> Result<DateTime<Utc>, RepositoryError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| RepositoryError::storage("a stored time is out of range"))
}
