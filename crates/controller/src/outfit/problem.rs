//! What the use-cases' errors look like on the wire.

use service::outfit::OutfitError;

use crate::http::{Code, Problem};

impl From<OutfitError> for Problem {
    fn from(error: OutfitError) -> Self {
        match error {
            OutfitError::NotFound => Self::new(Code::OutfitNotFound),
            OutfitError::LabelNotFound => Self::new(Code::LabelNotFound),
            OutfitError::Stale => Self::new(Code::PreconditionFailed),
            OutfitError::InvalidCursor => Self::new(Code::InvalidCursor),
            OutfitError::Overloaded => Self::new(Code::Overloaded),
            OutfitError::Repository(error) => error.into(),
        }
    }
}
