//! What the use-cases' errors look like on the wire.

use service::product::{ImportError, ProductError};

use crate::http::{Code, FieldError, Problem};

impl From<ProductError> for Problem {
    fn from(error: ProductError) -> Self {
        match error {
            ProductError::NotFound => Self::new(Code::ProductNotFound),
            ProductError::Stale => Self::new(Code::PreconditionFailed),
            ProductError::InvalidCursor => Self::new(Code::InvalidCursor),
            ProductError::Repository(error) => error.into(),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::MissingColumns(columns) => {
                let missing = |column: &String| FieldError::at_member(column, "missing_column");
                Self::invalid(columns.iter().map(missing).collect())
            }
            ImportError::UnknownColumn(column) | ImportError::InvalidDefault(column) => {
                Self::invalid(vec![FieldError::at_member(&column, "invalid_value")])
            }
            ImportError::TooLarge => Self::new(Code::PayloadTooLarge),
            ImportError::Unreadable(cause) => Self::new(Code::UnreadableBody).caused_by(cause),
            ImportError::Repository(error) => error.into(),
        }
    }
}
